// SPDX-License-Identifier: MIT
/*
 * Isolating pageblocks on the board, while other CPUs free pages into them.
 */
#include <test.h>
#include <kernel/cpumask.h>
#include <kernel/kthread.h>
#include <kernel/schedule.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/page_isolation.h>
#include <mm/pcp.h>

TEST_SUITE("isolation");

#define NR_ROUNDS	10

/* A movable pageblock, all of it ours; NULL if there is none. */
static struct page *take_pageblock(void)
{
	struct page *page = alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN, pageblock_order);

	if (page && get_pageblock_migratetype(page) != MIGRATE_MOVABLE) {
		__free_pages(page, pageblock_order);
		return NULL;
	}
	return page;
}

TEST("what is freed into an isolated pageblock is not given out before it is movable again")
{
	struct page *page = take_pageblock(), *other;
	unsigned long nr_free, pfn;

	if (!page)
		SKIP("no pageblock to spare for movable pages");
	pfn = page_to_pfn(page);
	nr_free = test_free_pages();
	EXPECT_EQ(set_migratetype_isolate(page), 0);
	EXPECT_EQ(set_migratetype_isolate(page), -EBUSY);
	__free_pages(page, pageblock_order);
	EXPECT_EQ(test_free_pages(), nr_free);
	EXPECT_EQ(test_pages_isolated(pfn, pfn + pageblock_nr_pages), 0);
	other = alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN, pageblock_order);
	EXPECT(other != page);
	if (other)
		__free_pages(other, pageblock_order);
	EXPECT(buddy_check(page_zone(page)));
	unset_migratetype_isolate(page, MIGRATE_MOVABLE);
	EXPECT_EQ(test_free_pages(), nr_free + pageblock_nr_pages);
	EXPECT(buddy_check(page_zone(page)));
}

/* --- All CPUs --- */

static struct page *block;
static atomic_t nr_freed;

/* Free the next page of the block. Return: was there one? */
static bool free_next(void)
{
	int i = atomic_inc_return(&nr_freed) - 1;

	if (i >= (int)pageblock_nr_pages)
		return false;
	__free_page(block + i);
	return true;
}

static int free_pages_of_block(void *unused)
{
	(void)unused;
	while (!kthread_should_stop())
		if (!free_next()) {
			cpu_relax();
			schedule();
		}
	return 0;
}

/* Isolate the block when some of its pages are free, some on per-CPU lists and some in use. */
static void isolate_amid_frees(void)
{
	while (free_next() && atomic_read(&nr_freed) < (int)pageblock_nr_pages / 4)
		;
	EXPECT_EQ(set_migratetype_isolate(block), 0);
	while (free_next())
		;
}

static void stop_all(struct task_struct **tasks)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (tasks[cpu])
			kthread_stop(tasks[cpu]);
}

static void isolate_on_all_cpus(void)
{
	struct task_struct *tasks[NR_CPUS] = { NULL };
	unsigned long pfn = page_to_pfn(block);
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		tasks[cpu] = kthread_create_on_cpu(free_pages_of_block, NULL, cpu, "free/%u");
		if (EXPECT(!IS_ERR(tasks[cpu])))
			wake_up_process(tasks[cpu]);
		else
			tasks[cpu] = NULL;
	}
	isolate_amid_frees();
	stop_all(tasks);
	EXPECT_EQ(test_pages_isolated(pfn, pfn + pageblock_nr_pages), 0);
	EXPECT(buddy_check(page_zone(block)) && pcp_check(page_zone(block)));
	unset_migratetype_isolate(block, MIGRATE_MOVABLE);
}

TEST("no CPU hides a page of a pageblock that is isolated while all CPUs free pages into it")
{
	unsigned int round;

	for (round = 0; round < NR_ROUNDS; round++) {
		block = take_pageblock();
		if (!block)
			SKIP("no pageblock to spare for movable pages");
		split_page(block, pageblock_order);
		atomic_set(&nr_freed, 0);
		isolate_on_all_cpus();
	}
}
