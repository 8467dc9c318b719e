// SPDX-License-Identifier: MIT
/*
 * All CPUs allocate and free at once, at random, and hand blocks to each other; between rounds they
 * stand still, and everything is walked.
 *
 *    round    each CPU, called by IPI and so with interrupts off: NR_OPS operations
 *             on its own blocks, or on a slot that all share
 *    then     the lists of all zones and CPUs are walked, and the counters must add up
 */
#include <test.h>
#include <kernel/cpumask.h>
#include <kernel/percpu.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <mm/mm.h>
#include <mm/pcp.h>

TEST_SUITE("pcpsmp");

#define NR_ROUNDS	20
#define NR_OPS		2000
#define NR_OWN		64
#define NR_SHARED	16
#define ORDERS		8
#define STAMP		0x5ab10c00u

struct block {
	struct page *page;
	unsigned int order;
};

struct worker {
	u32 random;
	struct block own[NR_OWN];
	unsigned long nr_done;
	unsigned long nr_wrong;		/* a stamp was overwritten */
};

static DEFINE_PER_CPU(struct worker, workers);

/* Blocks on their way from one CPU to another: a page, and its order in ->private. */
static struct page *shared[NR_SHARED];

static u32 next_random(struct worker *w)
{
	/* Marsaglia's xorshift; the seed is not 0. */
	w->random ^= w->random << 13;
	w->random ^= w->random >> 17;
	w->random ^= w->random << 5;
	return w->random;
}

/* Write who owns a block into its first word. */
static void stamp(struct block *block)
{
	u32 *word = kmap_atomic(block->page);

	set_page_private(block->page, block->order);
	*word = STAMP ^ (u32)page_to_pfn(block->page);
	kunmap_atomic(word);
}

static bool stamp_is_there(struct page *page)
{
	const u32 *word = kmap_atomic(page);
	u32 found = *word;

	kunmap_atomic(word);
	return found == (STAMP ^ (u32)page_to_pfn(page));
}

static void take(struct worker *w, struct block *block)
{
	static const gfp_t gfps[] = {
		GFP_ATOMIC, GFP_ATOMIC | __GFP_MOVABLE, GFP_ATOMIC | __GFP_RECLAIMABLE,
		GFP_ATOMIC | __GFP_HIGHMEM, GFP_ATOMIC | __GFP_HIGHMEM | __GFP_MOVABLE,
		GFP_ATOMIC | __GFP_COLD,
	};
	u32 dice = next_random(w);

	block->order = dice % 4 ? 0 : dice / 4 % ORDERS;
	block->page = alloc_pages(gfps[dice / 32 % ARRAY_SIZE(gfps)] | __GFP_NOWARN, block->order);
	if (block->page)
		stamp(block);
}

static void give(struct worker *w, struct page *page)
{
	unsigned int order = page_private(page);

	w->nr_wrong += !stamp_is_there(page);
	set_page_private(page, 0);
	__free_pages(page, order);
}

/* Swap a block with whoever left one in a shared slot, and free what was there. */
static void hand_over(struct worker *w, struct block *block)
{
	struct page *other = xchg(&shared[next_random(w) % NR_SHARED], block->page);

	block->page = NULL;
	if (other)
		give(w, other);
}

static void work(void *unused)
{
	struct worker *w = this_cpu_ptr(&workers);
	unsigned int i;

	(void)unused;
	for (i = 0; i < NR_OPS; i++) {
		struct block *block = &w->own[next_random(w) % NR_OWN];

		if (!block->page) {
			take(w, block);
		} else if (next_random(w) % 4) {
			give(w, block->page);
			block->page = NULL;
		} else {
			hand_over(w, block);
		}
		w->nr_done++;
	}
}

static void give_all(void)
{
	struct worker *w;
	unsigned int cpu, i;

	for_each_possible_cpu(cpu) {
		w = per_cpu_ptr(&workers, cpu);
		for (i = 0; i < NR_OWN; i++)
			if (w->own[i].page) {
				give(w, w->own[i].page);
				w->own[i].page = NULL;
			}
	}
	w = this_cpu_ptr(&workers);
	for (i = 0; i < NR_SHARED; i++)
		if (shared[i]) {
			give(w, shared[i]);
			shared[i] = NULL;
		}
}

/* Pages of the blocks that are in somebody's hands. */
static unsigned long nr_in_use(void)
{
	unsigned long sum = 0;
	unsigned int cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < NR_OWN; i++) {
			const struct block *block = &per_cpu(workers, cpu).own[i];

			sum += block->page ? 1UL << block->order : 0;
		}
	for (i = 0; i < NR_SHARED; i++)
		sum += shared[i] ? 1UL << page_private(shared[i]) : 0;
	return sum;
}

static bool everything_ok(void)
{
	struct zone *zone;
	bool ok = true;

	for_each_zone(zone)
		ok &= buddy_check(zone) && pcp_check(zone);
	return ok;
}

static void seed_workers(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct worker *w = per_cpu_ptr(&workers, cpu);

		*w = (struct worker){ .random = test_random() | 1 };
	}
}

/* Events between two moments: pages given out, less those taken back. */
static long nr_given(const unsigned long *before, const unsigned long *after)
{
	long nr = (long)(before[PGFREE] - after[PGFREE]);
	unsigned int zone;

	for (zone = ZONE_DMA; zone < MAX_NR_ZONES; zone++)
		nr += (long)(after[PGALLOC_DMA + zone] - before[PGALLOC_DMA + zone]);
	return nr;
}

TEST("CPUs that allocate and free at once lose no page, and their counters add up")
{
	unsigned long before[NR_VM_EVENT_ITEMS], after[NR_VM_EVENT_ITEMS], nr_free, nr_done = 0;
	unsigned int bad = nr_bad_pages, round, cpu;

	seed_workers();
	drain_all_pages();
	nr_free = nr_free_pages();
	all_vm_events(before);
	for (round = 0; round < test_repeats(NR_ROUNDS); round++) {
		on_each_cpu(work, NULL, true);
		all_vm_events(after);
		if (!EXPECT(everything_ok()) ||
		    !EXPECT_EQ(nr_free_pages() + nr_pcp_pages() + nr_in_use(), nr_free) ||
		    !EXPECT_EQ(nr_given(before, after), nr_in_use()))
			break;
	}
	give_all();
	drain_all_pages();
	for_each_online_cpu(cpu) {
		nr_done += per_cpu(workers, cpu).nr_done;
		EXPECT_EQ(per_cpu(workers, cpu).nr_wrong, 0);
	}
	test_note("%lu operations on %u CPUs", nr_done, num_online_cpus());
	EXPECT_EQ(nr_pcp_pages(), 0);
	EXPECT_EQ(nr_free_pages(), nr_free);
	EXPECT_EQ(nr_bad_pages, bad);
	EXPECT(everything_ok());
}

static void leave_a_page(void *unused)
{
	struct page *page = alloc_page(GFP_ATOMIC);

	(void)unused;
	if (page)
		__free_page(page);
}

TEST("drain_all_pages() reaches the lists of every CPU")
{
	unsigned long nr_free;

	drain_all_pages();
	nr_free = nr_free_pages();
	on_each_cpu(leave_a_page, NULL, true);
	EXPECT_EQ(nr_free_pages() + nr_pcp_pages(), nr_free);
	drain_all_pages();
	EXPECT_EQ(nr_pcp_pages(), 0);
	EXPECT_EQ(nr_free_pages(), nr_free);
}

/* How far each CPU moves a counter, and back. */
#define NR_STEPS	1000

static void count_steps(void *unused)
{
	unsigned int i;

	(void)unused;
	for (i = 0; i < NR_STEPS; i++)
		__inc_node_state(NODE_DATA(0), NR_KERNEL_STACK_KB);
}

static void uncount_steps(void *unused)
{
	unsigned int i;

	(void)unused;
	for (i = 0; i < NR_STEPS; i++)
		__dec_node_state(NODE_DATA(0), NR_KERNEL_STACK_KB);
}

TEST("a node's counter and the differences of all CPUs are what the CPUs counted")
{
	unsigned long before = node_page_state_snapshot(NODE_DATA(0), NR_KERNEL_STACK_KB);

	on_each_cpu(count_steps, NULL, true);
	EXPECT_EQ(node_page_state_snapshot(NODE_DATA(0), NR_KERNEL_STACK_KB),
		  before + NR_STEPS * num_online_cpus());
	on_each_cpu(uncount_steps, NULL, true);
	EXPECT_EQ(node_page_state_snapshot(NODE_DATA(0), NR_KERNEL_STACK_KB), before);
}
