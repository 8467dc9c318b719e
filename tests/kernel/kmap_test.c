// SPDX-License-Identifier: MIT
/*
 * kmap(): addresses for all CPUs, lent out and taken back. The numbers are those of mm/highmem.c's
 * invariants.
 */
#include <asm/highmem.h>
#include <kernel/cpumask.h>
#include <kernel/probe.h>
#include <kernel/sched.h>
#include <kernel/panic.h>
#include <kernel/smp.h>
#include <kernel/timer.h>
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <test.h>
#include "crew.h"
#include "high_pages.h"

TEST_SUITE("kmap");

#define NR_SLEEPERS	4

static bool in_pkmap(const void *vaddr)
{
	return (unsigned long)vaddr >= PKMAP_ADDR(0) &&
	       (unsigned long)vaddr < PKMAP_ADDR(LAST_PKMAP);
}

static bool faults(const void *vaddr)
{
	u32 word;

	return probe_kernel_read(&word, vaddr, sizeof(word)) != 0;
}

TEST("a page of lowmem is at its own address, whichever way it is mapped, and takes no slot")
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long nr = nr_kmaps();
	void *vaddr;

	ASSERT(page);
	vaddr = page_address(page);
	EXPECT(kmap(page) == vaddr && kmap_local_page(page) == vaddr && kmap_atomic(page) == vaddr);
	EXPECT_EQ(nr_kmaps(), nr);
	EXPECT_EQ(current_thread_info()->kmap.idx, 0);
	kunmap_atomic(vaddr);
	kunmap_local(vaddr);
	kunmap(page);
	EXPECT_EQ(kmap_check(), 0);
	__free_page(page);
}

TEST("a page of high memory has one address while it is mapped, for all who map it")
{
	struct page *page = alloc_high_page();
	void *first, *second;

	if (!page)
		SKIP("no high memory");
	kmap_flush_unused();
	EXPECT(!page_address(page) && !kmap_high_get(page));
	first = kmap(page);
	second = kmap(page);
	EXPECT(in_pkmap(first) && IS_ALIGNED((unsigned long)first, PAGE_SIZE));
	EXPECT(first == second && page_address(page) == first && kmap_high_get(page) == first);
	EXPECT(kmap_to_page(first) == page);
	EXPECT_EQ(nr_kmaps(), 3);
	sign_at(first, page);
	EXPECT_EQ(kmap_check(), 0);
	kunmap(page);
	kunmap(page);
	EXPECT(signed_at(first, page));
	kunmap(page);
	EXPECT_EQ(nr_kmaps(), 0);
	__free_page(page);
}

static void try_to_read(void *info)
{
	u32 word;

	if (probe_kernel_read(&word, *(void **)info, sizeof(word)))
		atomic_inc((atomic_t *)((void **)info + 1));
}

TEST("kunmap() leaves the address as it is until all that are not used are emptied, on every CPU")
{
	struct page *page = alloc_high_page();
	struct { void *vaddr; atomic_t nr_faults; } seen = { .nr_faults = ATOMIC_INIT(0) };

	if (!page)
		SKIP("no high memory");
	seen.vaddr = kmap(page);
	kunmap(page);
	on_each_cpu(try_to_read, &seen, true);
	EXPECT_EQ(atomic_read(&seen.nr_faults), 0);
	EXPECT(page_address(page) == seen.vaddr && kmap(page) == seen.vaddr);
	kmap_flush_unused();
	EXPECT(page_address(page) == seen.vaddr);
	kunmap(page);
	kmap_flush_unused();
	EXPECT(!page_address(page));
	on_each_cpu(try_to_read, &seen, true);
	EXPECT_EQ(atomic_read(&seen.nr_faults), num_online_cpus());
	EXPECT_EQ(kmap_check(), 0);
	__free_page(page);
}

/* ---- All of high memory ---- */

/* Every page of high memory that can be had, on a list. */
static void take_all(struct list_head *list)
{
	struct page *page;

	INIT_LIST_HEAD(list);
	while ((page = alloc_high_page()))
		list_add(&page->lru, list);
}

static void give_back(struct list_head *list)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, list, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
}

TEST("every page of high memory is mapped in turn, by kmap() and by kmap_atomic(), and is no other")
{
	unsigned long nr = 0, nr_wrong = 0;
	struct list_head list;
	struct page *page;

	take_all(&list);
	list_for_each_entry(page, &list, lru) {
		sign_at(kmap(page), page);
		kunmap(page);
	}
	list_for_each_entry(page, &list, lru) {
		void *vaddr = kmap_atomic(page);

		nr_wrong += !signed_at(vaddr, page);
		((u32 *)vaddr)[1] = ~page_sign(page);
		kunmap_atomic(vaddr);
		nr++;
	}
	list_for_each_entry(page, &list, lru) {
		nr_wrong += ((u32 *)kmap(page))[1] != ~page_sign(page);
		kunmap(page);
	}
	give_back(&list);
	if (!nr)
		SKIP("no high memory");
	EXPECT_EQ(nr_wrong, 0);
	EXPECT_EQ(kmap_check(), 0);
	test_note("%lu pages", nr);
}

/* ---- No slot is left ---- */

/* The pages that hold the slots; and one of each sleeper. */
static struct page *holders[LAST_PKMAP], *wanted[NR_SLEEPERS];

static int kmap_one(void *data)
{
	struct page *page = *(struct page **)data;
	void *vaddr = kmap(page);
	bool ok = in_pkmap(vaddr) && page_address(page) == vaddr;

	sign_at(vaddr, page);
	kunmap(page);
	return ok;
}

static void map_all(void)
{
	for (unsigned int i = 0; i < LAST_PKMAP; i++)
		sign_at(kmap(holders[i]), holders[i]);
}

/* Return: was each what was written to it? */
static bool unmap_holders(unsigned int first, unsigned int end)
{
	bool intact = true;

	for (unsigned int i = first; i < end; i++) {
		intact &= signed_at(page_address(holders[i]), holders[i]);
		kunmap(holders[i]);
	}
	return intact;
}

static bool all_sleep(struct task_struct **tasks, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (!thread_sleeps(tasks[i]))
			return false;
	return true;
}

TEST("with all 512 slots in use kmap() sleeps, and each kunmap() of a last user lets somebody go on")
{
	struct task_struct *tasks[NR_SLEEPERS];

	if (!alloc_high_pages(holders, LAST_PKMAP))
		SKIP("too little high memory");
	if (!alloc_high_pages(wanted, NR_SLEEPERS))
		goto free_holders;
	if (!make_threads(tasks, NR_SLEEPERS, kmap_one, wanted, sizeof(wanted[0]), ANY_CPU))
		goto free_wanted;
	kmap_flush_unused();
	map_all();
	EXPECT_EQ(nr_kmaps(), LAST_PKMAP);
	EXPECT(kmap(holders[7]) == page_address(holders[7]));
	start_threads(tasks, NR_SLEEPERS);
	EXPECT(eventually(all_sleep(tasks, NR_SLEEPERS)));
	kunmap(holders[7]);
	EXPECT(eventually(all_sleep(tasks, NR_SLEEPERS)));
	EXPECT(unmap_holders(0, 1));
	for (unsigned int i = 0; i < NR_SLEEPERS; i++)
		EXPECT(join_thread(tasks[i]));
	EXPECT(unmap_holders(1, LAST_PKMAP));
	EXPECT_EQ(nr_kmaps(), 0);
	EXPECT_EQ(kmap_check(), 0);
free_wanted:
	free_high_pages(wanted, NR_SLEEPERS);
free_holders:
	free_high_pages(holders, LAST_PKMAP);
}

TEST("who waits for a slot takes the address that another gave its page meanwhile")
{
	struct task_struct *tasks[2];

	if (!alloc_high_pages(holders, LAST_PKMAP))
		SKIP("too little high memory");
	if (!alloc_high_pages(wanted, 1))
		goto free_holders;
	wanted[1] = wanted[0];
	if (!make_threads(tasks, 2, kmap_one, wanted, sizeof(wanted[0]), ANY_CPU))
		goto free_wanted;
	kmap_flush_unused();
	map_all();
	start_threads(tasks, 2);
	EXPECT(eventually(all_sleep(tasks, 2)));
	EXPECT(unmap_holders(0, 1));
	EXPECT(join_thread(tasks[0]));
	EXPECT(join_thread(tasks[1]));
	EXPECT(unmap_holders(1, LAST_PKMAP));
	EXPECT_EQ(kmap_check(), 0);
free_wanted:
	free_high_pages(wanted, 1);
free_holders:
	free_high_pages(holders, LAST_PKMAP);
}

/* ---- All CPUs at once ---- */

#define NR_PAGES	540	/* more than slots, so that all is emptied now and then */
#define NR_WORKERS	4
#define NR_ROUNDS	200
#define HELD_AT_ONCE	8

static struct page *many[NR_PAGES];

static u32 next_random(u32 *state)
{
	/* Marsaglia's xorshift; the seed is not 0. */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/*
 * Maps pages that others map as well, a few at a time, and looks whether each is what it should be.
 */
static int map_at_random(void *data)
{
	u32 random = (u32)(unsigned long)data * 2654435769u | 1;
	unsigned int nr_wrong = 0;
	struct page *held[HELD_AT_ONCE] = { NULL };

	for (unsigned int i = 0; i < test_repeats(NR_ROUNDS); i++) {
		struct page **slot = &held[next_random(&random) % HELD_AT_ONCE];

		if (*slot) {
			nr_wrong += !signed_at(page_address(*slot), *slot);
			kunmap(*slot);
		}
		*slot = many[next_random(&random) % NR_PAGES];
		nr_wrong += !signed_at(kmap(*slot), *slot);
	}
	for (unsigned int i = 0; i < HELD_AT_ONCE; i++)
		if (held[i])
			kunmap(held[i]);
	return nr_wrong;
}

TEST("threads on all CPUs map the same pages at once, and each finds what it mapped")
{
	struct task_struct *tasks[NR_WORKERS];
	unsigned int i;

	if (!alloc_high_pages(many, NR_PAGES))
		SKIP("too little high memory");
	for (i = 0; i < NR_PAGES; i++) {
		sign_at(kmap(many[i]), many[i]);
		kunmap(many[i]);
	}
	if (make_threads(tasks, NR_WORKERS, map_at_random,
			 (void *)(unsigned long)test_random_below(1000), 1, ANY_CPU)) {
		start_threads(tasks, NR_WORKERS);
		for (i = 0; i < NR_WORKERS; i++)
			EXPECT_EQ(join_thread(tasks[i]), 0);
	}
	EXPECT_EQ(nr_kmaps(), 0);
	EXPECT_EQ(kmap_check(), 0);
	free_high_pages(many, NR_PAGES);
}

/* ---- Misuse ---- */

TEST("kunmap() of a page that nobody mapped, or once too often, is reported, and changes nothing")
{
	struct page *pair[2], *page, *other;
	unsigned int bad = nr_bad_kmaps;
	void *vaddr;

	if (!alloc_high_pages(pair, 2))
		SKIP("no high memory");
	page = pair[0];
	other = pair[1];
	kmap_flush_unused();
	vaddr = kmap(other);
	kunmap(page);
	EXPECT_EQ(nr_bad_kmaps, bad + 1);
	kmap(page);
	kunmap(page);
	kunmap(page);
	EXPECT_EQ(nr_bad_kmaps, bad + 2);
	EXPECT(page_address(other) == vaddr);
	EXPECT_EQ(nr_kmaps(), 1);
	kunmap(other);
	EXPECT_EQ(kmap_check(), 0);
	EXPECT(faults((void *)PKMAP_ADDR(LAST_PKMAP - 1)) || pte_present(pkmap_page_table[LAST_PKMAP - 1]));
	free_high_pages(pair, 2);
}

static atomic_t irq_done;

static void kmap_in_irq(unsigned long page)
{
	kmap((struct page *)page);
	kunmap((struct page *)page);
	atomic_inc(&irq_done);
}

/* Of lowmem, so that nothing else goes wrong. */
TEST("kmap() in an interrupt is reported, even if this time it would not sleep")
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int warnings = warn_count;
	struct timer_list timer;

	ASSERT(page);
	if (!CONFIG_DEBUG_VM) {
		__free_page(page);
		SKIP("built without DEBUG");
	}
	atomic_set(&irq_done, 0);
	setup_timer(&timer, kmap_in_irq, (unsigned long)page);
	mod_timer(&timer, jiffies + 1);
	EXPECT(eventually(atomic_read(&irq_done)));
	del_timer_sync(&timer);
	EXPECT_EQ(warn_count, warnings + 1);
	warn_count = warnings;
	__free_page(page);
}

TEST("a page that stays mapped is found by who looks, with whoever mapped it")
{
	struct page *page = alloc_high_page();

	if (!page)
		SKIP("no high memory");
	kmap(page);
	EXPECT_EQ(nr_kmaps(), 1);
	report_kmaps();
	kunmap(page);
	__free_page(page);
}
