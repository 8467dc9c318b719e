// SPDX-License-Identifier: MIT
/*
 * Rules of the per-CPU page lists, one by one, with four CPUs that take turns.
 */
#include "host.h"
#include "buddy_machine.h"
#include <kernel/cpumask.h>
#include <lib/errno.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/page_isolation.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>

TEST_SUITE("pcp");

#define GFP_LOWMOVABLE	(GFP_KERNEL | __GFP_MOVABLE)
#define NR_HOLEY	2048	/* pages that make_holes() takes */
#define BATCH		15
#define HIGH		(6 * BATCH)

static const struct machine one_zone = { .name = "32 MiB", .banks = { { 0, MIB(32) } } };
static const struct machine four_zones = {
	.name = "four zones, of which one is large", .banks = { { 0, MIB(160) } },
	.dma = MIB(8), .lowmem = MIB(24), .kernelcore = "120M",
};

/* One zone, with the sizes that it would have on a machine of 256 MiB. */
static struct zone *boot_one_zone(void)
{
	struct zone *zone = &NODE_DATA(0)->node_zones[ZONE_NORMAL];
	unsigned int cpu;

	machine_boot(&one_zone);
	setup_per_cpu_pageset();
	for_each_possible_cpu(cpu) {
		per_cpu_ptr(zone->pageset, cpu)->pcp.batch = BATCH;
		per_cpu_ptr(zone->pageset, cpu)->pcp.high = HIGH;
	}
	return zone;
}

static struct per_cpu_pages *pcp_of(struct zone *zone, unsigned int cpu)
{
	return &per_cpu_ptr(zone->pageset, cpu)->pcp;
}

static unsigned long all_free(void)
{
	return nr_free_pages() + nr_pcp_pages();
}

/* --- Sizes --- */

TEST("before setup_per_cpu_pageset() a freed page goes straight to the free lists")
{
	unsigned long nr_free;
	struct page *page;

	machine_boot(&machines[0]);
	nr_free = nr_free_pages();
	page = alloc_page(GFP_KERNEL);
	EXPECT_EQ(nr_pcp_pages(), 0);
	EXPECT_EQ(nr_free_pages(), nr_free - 1);
	__free_page(page);
	EXPECT_EQ(nr_pcp_pages(), 0);
	EXPECT_EQ(nr_free_pages(), nr_free);
}

TEST("a batch is a thousandth of the zone over four, one less than a power of two, at most 31")
{
	static const struct {
		unsigned long mib;
		int batch;
	} sizes[] = { { 1, 0 }, { 16, 0 }, { 64, 3 }, { 128, 7 }, { 256, 15 }, { 512, 31 },
		      { 1024, 31 } };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct zone zone = { .managed_pages = MIB(sizes[i].mib) - 1 };

		EXPECT_EQ(zone_batchsize(&zone), sizes[i].batch);
	}
}

TEST("a CPU may hold six batches, and every zone and CPU has lists of its own")
{
	struct zone *zone;
	unsigned int cpu;

	machine_boot(&four_zones);
	setup_per_cpu_pageset();
	for_each_populated_zone(zone)
		for_each_possible_cpu(cpu) {
			EXPECT_EQ(pcp_of(zone, cpu)->high, 6 * zone_batchsize(zone));
			EXPECT_EQ(pcp_of(zone, cpu)->batch, max(1, zone_batchsize(zone)));
			EXPECT(list_empty(&pcp_of(zone, cpu)->lists[0]));
			EXPECT(cpu == 0 || pcp_of(zone, cpu) != pcp_of(zone, cpu - 1));
		}
	EXPECT(machine_check());
}

TEST("percpu_pagelist_fraction=N lets a CPU hold one N-th of each zone, a quarter of it a batch")
{
	struct zone *zone = boot_one_zone();
	struct per_cpu_pages *pcp = pcp_of(zone, 3);

	EXPECT_EQ(set_percpu_pagelist_fraction(7), (unsigned long)-EINVAL);
	EXPECT_EQ(percpu_pagelist_fraction, 0);
	EXPECT_EQ(set_percpu_pagelist_fraction(100), 0);
	EXPECT_EQ(pcp->high, zone->managed_pages / 100);
	EXPECT_EQ(pcp->batch, pcp->high / 4);
	EXPECT_EQ(set_percpu_pagelist_fraction(8), 0);
	EXPECT_EQ(pcp->high, zone->managed_pages / 8);
	EXPECT_EQ(pcp->batch, 96);
	EXPECT_EQ(set_percpu_pagelist_fraction(zone->managed_pages), 0);
	EXPECT_EQ(pcp->high, 1);
	EXPECT_EQ(pcp->batch, 1);
	EXPECT_EQ(set_percpu_pagelist_fraction(0), 0);
	EXPECT_EQ(pcp->high, 6 * zone_batchsize(zone));
}

TEST("percpu_pagelist_fraction= of the command line is checked, and used at boot")
{
	EXPECT_EQ(machine_param("percpu_pagelist_fraction=", "7"), (unsigned long)-EINVAL);
	EXPECT_EQ(machine_param("percpu_pagelist_fraction=", "x"), (unsigned long)-EINVAL);
	EXPECT_EQ(machine_param("percpu_pagelist_fraction=", "100"), 0);
	machine_boot(&one_zone);
	setup_per_cpu_pageset();
	EXPECT_EQ(pcp_of(&NODE_DATA(0)->node_zones[ZONE_NORMAL], 1)->high,
		  NODE_DATA(0)->node_zones[ZONE_NORMAL].managed_pages / 100);
}

/* --- Hot and cold --- */

TEST("the page that was freed last is given out next; who wants a cold one gets another")
{
	struct page *a, *b, *cold;

	boot_one_zone();
	a = alloc_page(GFP_KERNEL);
	b = alloc_page(GFP_KERNEL);
	__free_page(a);
	__free_page(b);
	EXPECT(alloc_page(GFP_KERNEL) == b);
	EXPECT(alloc_page(GFP_KERNEL) == a);
	__free_page(a);
	__free_page(b);
	cold = alloc_page(GFP_KERNEL | __GFP_COLD);
	EXPECT(cold != a && cold != b);
	EXPECT(machine_check());
}

TEST("a page freed as cold is given out last")
{
	struct zone *zone = boot_one_zone();
	struct page *page = alloc_page(GFP_KERNEL), *other = NULL;

	set_page_count(page, 0);
	free_hot_cold_page(page, true);
	EXPECT(list_last_entry(&pcp_of(zone, 0)->lists[MIGRATE_UNMOVABLE], struct page, lru) ==
	       page);
	while (pcp_of(zone, 0)->count)
		other = alloc_page(GFP_KERNEL);
	EXPECT(other == page);
	__free_page(other);
	other = alloc_page(GFP_KERNEL);
	set_page_count(other, 0);
	free_hot_cold_page(other, false);
	EXPECT(alloc_page(GFP_KERNEL) == other);
}

TEST("each migrate type and order has a list of its own")
{
	struct zone *zone = boot_one_zone();
	struct page *page;
	unsigned int order;

	for (order = 0; order < 5; order++) {
		page = alloc_pages(GFP_TEMPORARY, order);
		__free_pages(page, order);
		EXPECT(list_first_entry(&pcp_of(zone, 0)->lists[order * 3 + MIGRATE_RECLAIMABLE],
					struct page, lru) == page);
		EXPECT(alloc_pages(GFP_TEMPORARY, order) == page);
	}
	EXPECT(list_empty(&pcp_of(zone, 0)->lists[MIGRATE_MOVABLE]));
	EXPECT(machine_check());
}

TEST("a block of more than half of high is not kept")
{
	struct zone *zone = boot_one_zone();
	unsigned long nr_free = nr_free_pages();
	unsigned int order;

	EXPECT(zone_has_pcplist(zone, 5) && !zone_has_pcplist(zone, 6));
	for (order = 6; order < MAX_ORDER; order++) {
		__free_pages(alloc_pages(GFP_KERNEL, order), order);
		EXPECT_EQ(nr_free_pages(), nr_free);
		EXPECT_EQ(nr_pcp_pages(), 0);
	}
	__free_pages(alloc_pages(GFP_KERNEL, 5), 5);
	EXPECT_EQ(nr_pcp_pages(), 32);
}

/* --- Batches --- */

TEST("an empty list is refilled with a batch of pages that follow one another")
{
	struct zone *zone = boot_one_zone();
	unsigned long nr_free = nr_free_pages();
	struct page *first = alloc_page(GFP_KERNEL);
	unsigned int i;

	EXPECT_EQ(nr_free_pages(), nr_free - BATCH);
	EXPECT_EQ(pcp_of(zone, 0)->count, BATCH - 1);
	for (i = 1; i < BATCH; i++)
		EXPECT(alloc_page(GFP_KERNEL) == first + i);
	EXPECT_EQ(pcp_of(zone, 0)->count, 0);
	EXPECT_EQ(nr_free_pages(), nr_free - BATCH);
	EXPECT(machine_check());
}

TEST("a batch of blocks is as many pages as a batch of pages, but at least one block")
{
	struct zone *zone = boot_one_zone();
	unsigned long nr_free = nr_free_pages();

	EXPECT(alloc_pages(GFP_KERNEL, 2));
	EXPECT_EQ(nr_free_pages(), nr_free - (BATCH >> 2) * 4);
	EXPECT_EQ(pcp_of(zone, 0)->count, 8);
	nr_free = nr_free_pages();
	EXPECT(alloc_pages(GFP_KERNEL, 5));
	EXPECT_EQ(nr_free_pages(), nr_free - 32);
}

static unsigned long pfns[NR_HOLEY];

/* Fragment memory: take much, give back a random part of it. */
static void make_holes(void)
{
	unsigned int i;

	for (i = 0; i < NR_HOLEY; i++)
		pfns[i] = page_to_pfn(alloc_page(GFP_KERNEL));
	for (i = 0; i < NR_HOLEY; i++)
		if (test_random_below(3) == 0)
			__free_page(pfn_to_page(pfns[i]));
	drain_all_pages();
}

TEST("a refill takes the very pages that halving block after block would give")
{
	struct zone *zone = boot_one_zone();
	unsigned long by_hand[BATCH], flags, free_blocks[MAX_ORDER];
	unsigned int round, i, order;

	make_holes();
	for (round = 0; round < 50; round++) {
		machine_save();
		spin_lock_irqsave(&zone->lock, flags);
		for (i = 0; i < BATCH; i++)
			by_hand[i] = page_to_pfn(__rmqueue(zone, 0, MIGRATE_UNMOVABLE));
		spin_unlock_irqrestore(&zone->lock, flags);
		for (order = 0; order < MAX_ORDER; order++)
			free_blocks[order] = zone->free_area[order].nr_free;
		machine_restore();
		for (i = 0; i < BATCH; i++)
			ASSERT_EQ(page_to_pfn(alloc_page(GFP_KERNEL)), by_hand[i]);
		for (order = 0; order < MAX_ORDER; order++)
			EXPECT_EQ(zone->free_area[order].nr_free, free_blocks[order]);
		EXPECT(machine_check());
	}
}

TEST("when a CPU holds high pages, the coldest batch goes back")
{
	struct zone *zone = boot_one_zone();
	struct page *pages[7 * BATCH];
	unsigned int i;

	for (i = 0; i < 7 * BATCH; i++)
		pages[i] = alloc_page(GFP_KERNEL);
	ASSERT_EQ(pcp_of(zone, 0)->count, 0);
	for (i = 0; i < HIGH - 1; i++)
		__free_page(pages[i]);
	EXPECT_EQ(pcp_of(zone, 0)->count, HIGH - 1);
	__free_page(pages[HIGH - 1]);
	EXPECT_EQ(pcp_of(zone, 0)->count, HIGH - BATCH);
	/* The first batch went back. */
	EXPECT(list_last_entry(&pcp_of(zone, 0)->lists[MIGRATE_UNMOVABLE], struct page, lru) ==
	       pages[BATCH]);
	EXPECT(alloc_page(GFP_KERNEL) == pages[HIGH - 1]);
	EXPECT(machine_check());
}

#define NR_SIDE_BY_SIDE	64

static void free_in_order(struct page *block, const u8 *order)
{
	unsigned int i;

	split_page(block, ilog2(NR_SIDE_BY_SIDE));
	for (i = 0; i < NR_SIDE_BY_SIDE; i++)
		__free_page(block + order[i]);
	drain_local_pages(NULL);
	for (i = 1; i < NR_SIDE_BY_SIDE; i++)
		EXPECT(!PageBuddy(block + i));
	EXPECT(machine_check());
}

static void shuffle(u8 *order)
{
	unsigned int i;

	for (i = NR_SIDE_BY_SIDE - 1; i > 0; i--) {
		u32 other = test_random_below(i + 1);

		swap(order[i], order[other]);
	}
}

TEST("pages that lie side by side go back merged, whether freed upwards, downwards or at random")
{
	u8 upwards[NR_SIDE_BY_SIDE], downwards[NR_SIDE_BY_SIDE];
	struct page *block;
	unsigned int i;

	boot_one_zone();
	for (i = 0; i < NR_SIDE_BY_SIDE; i++) {
		upwards[i] = i;
		downwards[i] = NR_SIDE_BY_SIDE - 1 - i;
	}
	block = alloc_pages(GFP_KERNEL, ilog2(NR_SIDE_BY_SIDE));
	free_in_order(block, upwards);
	ASSERT(alloc_pages(GFP_KERNEL, ilog2(NR_SIDE_BY_SIDE)) == block);
	free_in_order(block, downwards);
	for (i = 0; i < 20; i++) {
		ASSERT(alloc_pages(GFP_KERNEL, ilog2(NR_SIDE_BY_SIDE)) == block);
		shuffle(upwards);
		free_in_order(block, upwards);
	}
}

TEST("lists give back in turns, and the only one that has pages gives all")
{
	struct zone *zone = boot_one_zone();
	struct per_cpu_pages *pcp = pcp_of(zone, 0);
	struct page *pages[40], *movable[40];
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < 40; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		movable[i] = alloc_page(GFP_LOWMOVABLE);
	}
	drain_local_pages(NULL);
	for (i = 0; i < 40; i++) {
		__free_page(pages[i]);
		__free_page(movable[i]);
	}
	local_irq_save(flags);
	free_pcppages_bulk(zone, 42, pcp);
	local_irq_restore(flags);
	EXPECT_EQ(pcp->count, 38);
	/* Neither list was emptied: both took part. */
	EXPECT(!list_empty(&pcp->lists[MIGRATE_UNMOVABLE]));
	EXPECT(!list_empty(&pcp->lists[MIGRATE_MOVABLE]));
	EXPECT(list_last_entry(&pcp->lists[MIGRATE_UNMOVABLE], struct page, lru) != pages[0]);
	EXPECT(list_last_entry(&pcp->lists[MIGRATE_MOVABLE], struct page, lru) != movable[0]);
	EXPECT(machine_check());
}

/* --- Types without lists --- */

static void set_type(struct page *page, enum migratetype type)
{
	struct zone *zone = page_zone(page);
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	move_freepages_block(zone, page, type);
	set_pageblock_migratetype(page, type);
	spin_unlock_irqrestore(&zone->lock, flags);
}

TEST("a page of an isolated pageblock goes to the free lists at once")
{
	struct zone *zone = boot_one_zone();
	struct page *page = alloc_page(GFP_KERNEL);
	int count;

	set_type(page, MIGRATE_MOVABLE);
	EXPECT_EQ(set_migratetype_isolate(page), 0);
	count = pcp_of(zone, 0)->count;
	__free_page(page);
	EXPECT_EQ(pcp_of(zone, 0)->count, count);
	EXPECT(machine_check());
}

TEST("a page of a reserved or CMA pageblock is put with the movable ones, and goes back to its type")
{
	static const enum migratetype types[] = { MIGRATE_RESERVE, MIGRATE_CMA };
	struct zone *zone = boot_one_zone();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct page *page = alloc_page(GFP_KERNEL);
		unsigned long nr_cma = zone_page_state(zone, NR_FREE_CMA_PAGES);

		drain_local_pages(NULL);
		set_type(page, types[i]);
		__free_page(page);
		EXPECT(alloc_page(GFP_LOWMOVABLE) == page);
		__free_page(page);
		drain_local_pages(NULL);
		EXPECT_EQ(zone_page_state(zone, NR_FREE_CMA_PAGES),
			  nr_cma + (types[i] == MIGRATE_CMA));
		EXPECT(machine_check());
	}
}

/* --- CPUs --- */

TEST("a page that another CPU frees goes to that CPU's lists")
{
	struct zone *zone = boot_one_zone();
	struct page *page = alloc_page(GFP_KERNEL);
	int count = pcp_of(zone, 0)->count;

	host_set_cpu(2);
	__free_page(page);
	EXPECT_EQ(pcp_of(zone, 0)->count, count);
	EXPECT_EQ(pcp_of(zone, 2)->count, 1);
	EXPECT(alloc_page(GFP_KERNEL) == page);
	EXPECT(machine_check());
}

TEST("drain_pages() empties one CPU's lists of all zones, drain_all_pages() those of all CPUs")
{
	unsigned long nr_free, nr_pages;
	unsigned int cpu;

	machine_boot(&four_zones);
	setup_per_cpu_pageset();
	nr_free = nr_free_pages();
	for_each_possible_cpu(cpu) {
		host_set_cpu(cpu);
		__free_page(alloc_page(GFP_KERNEL));
		__free_page(alloc_page(GFP_HIGHUSER));
	}
	nr_pages = nr_pcp_pages();
	drain_pages(3);
	EXPECT_EQ(nr_pcp_pages(), nr_pages * 3 / 4);
	drain_all_pages();
	EXPECT_EQ(nr_pcp_pages(), 0);
	EXPECT_EQ(nr_free_pages(), nr_free);
	EXPECT(machine_check());
}

/* CPU 1 puts a page aside, CPU 0 takes all others. */
static struct page *last_page_on_cpu_1(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	while (alloc_page(GFP_ATOMIC))
		;
	host_set_cpu(1);
	__free_page(page);
	host_set_cpu(0);
	return page;
}

TEST("before a request fails, all CPUs give back what they hold, if the caller may wait")
{
	struct page *page;

	boot_one_zone();
	page = last_page_on_cpu_1();
	EXPECT(!alloc_page(GFP_ATOMIC));
	EXPECT_EQ(nr_pcp_pages(), 1);
	EXPECT(alloc_page(GFP_KERNEL) == page);
	EXPECT(!alloc_page(GFP_KERNEL));
	EXPECT_EQ(all_free(), 0);
	EXPECT(machine_check());
}

TEST("pages held for one type are given back when another type needs them")
{
	struct zone *zone = boot_one_zone();
	struct page *page;

	page = alloc_page(GFP_LOWMOVABLE);
	while (alloc_page(GFP_KERNEL))
		;
	set_type(page, MIGRATE_MOVABLE);
	__free_page(page);
	EXPECT(!list_empty(&pcp_of(zone, 0)->lists[MIGRATE_MOVABLE]));
	EXPECT(alloc_page(GFP_ATOMIC) == page);
	EXPECT(machine_check());
}

/* --- Misuse --- */

TEST("a page freed twice is reported while it is on any CPU's list")
{
	struct page *page;
	unsigned long before;

	boot_one_zone();
	page = alloc_page(GFP_KERNEL);
	__free_page(page);
	before = all_free();
	__free_page(page);
	EXPECT(host_log_has("page is free: freed twice"));
	EXPECT(host_log_has("it is on a per-CPU list"));
	EXPECT_EQ(nr_bad_pages, 1);
	host_set_cpu(1);
	__free_page(page);
	EXPECT_EQ(nr_bad_pages, 2);
	EXPECT_EQ(all_free(), before);
	EXPECT(machine_check());
}

TEST("a page inside an allocated block is not taken for one on a list")
{
	struct page *block;

	boot_one_zone();
	block = alloc_pages(GFP_KERNEL, 1);
	split_page(block, 1);
	__free_page(block + 1);
	ASSERT(alloc_page(GFP_KERNEL) == block + 1);
	/* Its lru is still what the list left there. */
	set_page_count(block + 1, 0);
	__free_page(block + 1);
	EXPECT(host_log_has("not the first of an allocated block"));
	EXPECT(!host_log_has("per-CPU list"));
}

TEST("a page on a list that somebody wrote to is not given out")
{
	struct page *page;

	boot_one_zone();
	page = alloc_page(GFP_KERNEL);
	__free_page(page);
	page->mapping = (struct address_space *)0x1000;
	EXPECT(alloc_page(GFP_KERNEL) != page);
	EXPECT_EQ(nr_bad_pages, 1);
	EXPECT(host_log_has("page has an owner in ->mapping"));
	EXPECT(host_log_has("allocated by"));
}

TEST("state bits that mean nothing any more are wiped off a page that is freed")
{
	struct page *page;

	boot_one_zone();
	page = alloc_page(GFP_KERNEL);
	page->flags |= BIT(PG_referenced) | BIT(PG_uptodate) | BIT(PG_arch_1);
	__free_page(page);
	EXPECT(alloc_page(GFP_KERNEL) == page);
	EXPECT_EQ(page->flags & PAGE_FLAGS_CHECK_AT_PREP, 0);
	EXPECT_EQ(nr_bad_pages, 0);
	page->flags |= BIT(PG_referenced) | BIT(PG_lru);
	__free_page(page);
	EXPECT_EQ(nr_bad_pages, 1);
}

/* --- The walker sees what is wrong --- */

#define EXPECT_SEEN(breakage, repair)			\
	do {						\
		breakage;				\
		EXPECT(!pcp_check(zone));		\
		repair;					\
		ASSERT(pcp_check(zone));		\
	} while (0)

TEST("pcp_check() sees each invariant broken")
{
	struct zone *zone = boot_one_zone();
	struct per_cpu_pages *pcp = pcp_of(zone, 0);
	struct page *page = alloc_page(GFP_KERNEL), *block = alloc_pages(GFP_KERNEL, 2);
	struct list_head *next, *prev, *blocks;

	__free_page(page);
	__free_pages(block, 2);
	EXPECT_SEEN(pcp->count++, pcp->count--);
	EXPECT_SEEN(pcp->count--, pcp->count++);
	EXPECT_SEEN(set_page_count(page, 1), set_page_count(page, 0));
	EXPECT_SEEN(set_page_count(block + 3, 1), set_page_count(block + 3, 0));
	EXPECT_SEEN(__SetPageBuddy(page), __ClearPageBuddy(page));
	EXPECT_SEEN(__SetPageReserved(page), __ClearPageReserved(page));
	EXPECT_SEEN(atomic_set(&page->_mapcount, 0), atomic_set(&page->_mapcount, -1));
	EXPECT_SEEN(set_page_links(page, ZONE_DMA, 0), set_page_links(page, ZONE_NORMAL, 0));
	EXPECT_SEEN(list_move(&page->lru, &pcp->lists[order_to_pindex(MIGRATE_UNMOVABLE, 1)]),
		    list_move(&page->lru, &pcp->lists[MIGRATE_UNMOVABLE]));
	blocks = &pcp->lists[order_to_pindex(MIGRATE_UNMOVABLE, 2)];
	EXPECT_SEEN((list_del(&block->lru), list_add(&block[1].lru, blocks)),
		    (list_del(&block[1].lru), list_add(&block->lru, blocks)));
	next = page->lru.next;
	EXPECT_SEEN(page->lru.next = NULL, page->lru.next = next);
	EXPECT_SEEN(page->lru.next = &page->lru, page->lru.next = next);
	prev = pcp->lists[MIGRATE_UNMOVABLE].prev;
	EXPECT_SEEN(pcp->lists[MIGRATE_UNMOVABLE].prev = &page->lru,
		    pcp->lists[MIGRATE_UNMOVABLE].prev = prev);
	EXPECT_SEEN(pcp->batch = 0, pcp->batch = BATCH);
}
