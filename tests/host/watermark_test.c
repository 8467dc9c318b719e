// SPDX-License-Identifier: MIT
/*
 * Rules of watermarks and reserves, on machines of buddy_machine.h: what they are computed to be, and
 * how far down each kind of request may empty a zone.
 */
#include "host.h"
#include "buddy_machine.h"
#include <kernel/sched.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/watermark.h>

TEST_SUITE("watermark");

static struct zone *zone_at(enum zone_type idx)
{
	return &NODE_DATA(0)->node_zones[idx];
}

/* Boot 16 MiB: one zone, Normal; with @min pages of reserve. */
static struct zone *boot_small(unsigned long min)
{
	machine_boot(&machines[0]);
	init_per_zone_wmark_min();
	EXPECT_EQ(set_min_free_kbytes(min * 4), 0);
	EXPECT_EQ(min_wmark_pages(zone_at(ZONE_NORMAL)), min);
	return zone_at(ZONE_NORMAL);
}

/* --- What they are computed to be --- */

TEST("int_sqrt() is the integer part of the root")
{
	unsigned long root;
	unsigned int i;

	for (i = 0; i < 1000; i++)
		EXPECT_EQ(int_sqrt(i * i), i);
	for (i = 0; i < 100000; i++) {
		unsigned long x = test_random() >> test_random_below(32);

		root = int_sqrt(x);
		ASSERT((u64)root * root <= x && (u64)(root + 1) * (root + 1) > x);
	}
	EXPECT_EQ(int_sqrt(~0UL), 65535);
}

/* A zone of @managed pages that nobody uses. */
static void pretend(enum zone_type idx, unsigned long managed)
{
	struct zone *zone = zone_at(idx);

	zone->managed_pages = managed;
	zone->present_pages = managed;
	for (int i = 0; i < NR_WMARK; i++)
		zone->watermark[i] = 0;
}

TEST("min_free_kbytes is Linux's table, from 128 KiB to 64 MiB")
{
	static const unsigned long table[][2] = {	/* MiB of lowmem, KiB */
		{ 1, 128 }, { 16, 512 }, { 32, 724 }, { 64, 1024 }, { 128, 1448 }, { 256, 2048 },
		{ 512, 2896 }, { 1024, 4096 }, { 2048, 5792 }, { 4095, 8190 },
	};
	unsigned int i;

	machine_boot(&machines[0]);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		pretend(ZONE_NORMAL, MIB(table[i][0]));
		init_per_zone_wmark_min();
		EXPECT_EQ(min_free_kbytes, table[i][1]);
	}
}

TEST("watermarks and protection are those of Linux 6.1 on the board with 1024 MiB")
{
	static const unsigned long normal[] = { 878, 1097, 1317 }, high[] = { 64, 138, 212 };
	static const unsigned long movable[] = { 32, 32, 32 };
	unsigned int i;

	/* The numbers of its /proc/zoneinfo; but 6.1 halves min by two quarters, and has 1316. */
	machine_boot(&machines[5]);
	pretend(ZONE_DMA, 0);
	pretend(ZONE_NORMAL, 193112);
	pretend(ZONE_HIGHMEM, 65536);
	pretend(ZONE_MOVABLE, 0);
	build_all_zonelists();
	init_per_zone_wmark_min();
	for (i = 0; i < NR_WMARK; i++) {
		EXPECT_EQ(zone_at(ZONE_NORMAL)->watermark[i], normal[i]);
		EXPECT_EQ(zone_at(ZONE_HIGHMEM)->watermark[i], high[i]);
		EXPECT_EQ(zone_at(ZONE_MOVABLE)->watermark[i], movable[i]);
	}
	EXPECT_EQ(zone_at(ZONE_NORMAL)->lowmem_reserve[ZONE_NORMAL], 0);
	EXPECT_EQ(zone_at(ZONE_NORMAL)->lowmem_reserve[ZONE_HIGHMEM], 2048);
	EXPECT_EQ(zone_at(ZONE_NORMAL)->lowmem_reserve[ZONE_MOVABLE], 2048);
	EXPECT_EQ(zone_at(ZONE_HIGHMEM)->lowmem_reserve[ZONE_MOVABLE], 0);
	EXPECT(watermark_check());
}

TEST("lowmem zones share min_free_kbytes by their size, high ones have a thousandth of theirs")
{
	machine_boot(&machines[5]);
	pretend(ZONE_DMA, 4096);
	pretend(ZONE_NORMAL, 3 * 4096);
	pretend(ZONE_HIGHMEM, 1000000);
	pretend(ZONE_MOVABLE, 20000);
	EXPECT_EQ(set_min_free_kbytes(4000), 0);
	EXPECT_EQ(min_wmark_pages(zone_at(ZONE_DMA)), 250);
	EXPECT_EQ(min_wmark_pages(zone_at(ZONE_NORMAL)), 750);
	EXPECT_EQ(low_wmark_pages(zone_at(ZONE_NORMAL)), 750 + 187);
	EXPECT_EQ(high_wmark_pages(zone_at(ZONE_NORMAL)), 750 + 375);
	EXPECT_EQ(min_wmark_pages(zone_at(ZONE_HIGHMEM)), 128);
	EXPECT_EQ(min_wmark_pages(zone_at(ZONE_MOVABLE)), 32);
	setup_per_zone_lowmem_reserve();
	EXPECT_EQ(zone_at(ZONE_DMA)->lowmem_reserve[ZONE_NORMAL], 3 * 4096 / 256);
	EXPECT_EQ(zone_at(ZONE_DMA)->lowmem_reserve[ZONE_MOVABLE], (3 * 4096 + 1020000) / 256);
	EXPECT_EQ(zone_at(ZONE_HIGHMEM)->lowmem_reserve[ZONE_MOVABLE], 20000 / 32);
	EXPECT(watermark_check());
}

TEST("each node has reserves of its own, and min_free_kbytes is for all of them")
{
	int nid;

	machine_boot(&machines[10]);
	init_per_zone_wmark_min();
	EXPECT(watermark_check());
	EXPECT(zone_at(ZONE_DMA)->lowmem_reserve[ZONE_NORMAL] > 0);
	/* High memory begins in node 2, so that in others no lowmem need be kept from anybody. */
	for (nid = 0; nid < 2; nid++)
		EXPECT_EQ(NODE_DATA(nid)->node_zones[ZONE_NORMAL].lowmem_reserve[ZONE_HIGHMEM], 0);
	EXPECT_EQ(NODE_DATA(2)->node_zones[ZONE_NORMAL].lowmem_reserve[ZONE_HIGHMEM], MIB(8) / 32);
}

/* --- Settings --- */

TEST("min_free_kbytes= counts as it is given, but at most half of lowmem")
{
	machine_boot(&machines[0]);
	EXPECT_EQ(machine_param("min_free_kbytes=", "1000"), 0);
	init_per_zone_wmark_min();
	EXPECT_EQ(min_free_kbytes, 1000);
	EXPECT_EQ(machine_param("min_free_kbytes=", "0"), 0);
	init_per_zone_wmark_min();
	EXPECT_EQ(min_wmark_pages(zone_at(ZONE_NORMAL)), 0);
	EXPECT(!host_log_has("limiting"));
	EXPECT_EQ(machine_param("min_free_kbytes=", "100000"), 0);
	init_per_zone_wmark_min();
	EXPECT(host_log_has("min_free_kbytes=100000 is more than half of lowmem: limiting to"));
	EXPECT_EQ(min_free_kbytes, zone_at(ZONE_NORMAL)->managed_pages * 4 / 2);
	EXPECT_EQ(machine_param("min_free_kbytes=", "1000x"), -EINVAL);
	EXPECT_EQ(machine_param("min_free_kbytes=", ""), -EINVAL);
	EXPECT_EQ(machine_param("min_free_kbytes=", "-1"), -EINVAL);
}

TEST("settings that cannot be are refused and change nothing")
{
	unsigned long limit;

	machine_boot(&machines[5]);
	init_per_zone_wmark_min();
	limit = (zone_at(ZONE_DMA)->managed_pages + zone_at(ZONE_NORMAL)->managed_pages) * 4 / 2;
	EXPECT_EQ(set_min_free_kbytes(limit), 0);
	EXPECT_EQ(set_min_free_kbytes(limit + 1), -EINVAL);
	EXPECT_EQ(min_free_kbytes, limit);
	EXPECT_EQ(set_lowmem_reserve_ratio(ZONE_NORMAL, 0), -EINVAL);
	EXPECT_EQ(set_lowmem_reserve_ratio(ZONE_NORMAL, -4), -EINVAL);
	EXPECT_EQ(set_lowmem_reserve_ratio(ZONE_MOVABLE, 32), -EINVAL);
	EXPECT(watermark_check());
	EXPECT_EQ(set_lowmem_reserve_ratio(ZONE_NORMAL, 1), 0);
	EXPECT_EQ(zone_at(ZONE_NORMAL)->lowmem_reserve[ZONE_HIGHMEM],
		  zone_at(ZONE_HIGHMEM)->managed_pages);
	EXPECT(watermark_check());
}

/* --- The check --- */

/* What watermark.h says, from the free lists: pages in blocks of order k or more. */
static bool leaves_enough(const struct zone *zone, unsigned int order, long mark, long reserve)
{
	unsigned int k, o;

	for (k = 0; k <= order; k++) {
		long pages = 0;

		for (o = k; o < MAX_ORDER; o++)
			pages += (long)(zone->free_area[o].nr_free << o);
		if (pages - ((1L << order) - 1) <= (mark >> k) + (k ? 0 : reserve))
			return false;
	}
	return true;
}

static void set_free(struct zone *zone, unsigned int order, unsigned long nr_free)
{
	long delta = ((long)nr_free - (long)zone->free_area[order].nr_free) * (1L << order);

	zone->free_area[order].nr_free = nr_free;
	atomic_add((int)delta, &zone->vm_stat[NR_FREE_PAGES]);
}

TEST("zone_watermark_ok() asks for half as many pages with each order, and the fast form agrees")
{
	struct zone *zone = boot_small(100);
	unsigned int round, order, nr_ok = 0;

	for (round = 0; round < 100000; round++) {
		unsigned long mark = test_random_below(3000);
		bool expected, ok;

		for (order = 0; order < MAX_ORDER; order++)
			set_free(zone, order, test_random_below(4) ? 0 : test_random_below(5));
		zone->lowmem_reserve[ZONE_HIGHMEM] = test_random_below(4) * 300;
		order = test_random_below(MAX_ORDER);
		expected = leaves_enough(zone, order, (long)mark,
					 (long)zone->lowmem_reserve[ZONE_HIGHMEM]);
		ok = zone_watermark_ok(zone, order, mark, ZONE_HIGHMEM, 0);
		ASSERT_EQ(ok, expected);
		ASSERT_EQ(zone_watermark_fast(zone, order, mark, ZONE_HIGHMEM, 0), expected);
		nr_ok += ok;
	}
	EXPECT(nr_ok > 10000 && nr_ok < 90000);
}

TEST("__GFP_HIGH halves a mark, and who tries harder takes a quarter off what is left")
{
	struct zone *zone = boot_small(100);
	unsigned int order;

	for (order = 0; order < MAX_ORDER; order++)
		set_free(zone, order, 0);
	set_free(zone, 0, 76);
	EXPECT(!zone_watermark_ok(zone, 0, 100, ZONE_NORMAL, 0));
	EXPECT(zone_watermark_ok(zone, 0, 100, ZONE_NORMAL, ALLOC_HARDER));
	set_free(zone, 0, 75);
	EXPECT(!zone_watermark_ok(zone, 0, 100, ZONE_NORMAL, ALLOC_HARDER));
	EXPECT(zone_watermark_ok(zone, 0, 100, ZONE_NORMAL, ALLOC_HIGH));
	set_free(zone, 0, 50);
	EXPECT(!zone_watermark_ok(zone, 0, 100, ZONE_NORMAL, ALLOC_HIGH));
	EXPECT(zone_watermark_ok(zone, 0, 100, ZONE_NORMAL, ALLOC_HIGH | ALLOC_HARDER));
	set_free(zone, 0, 38);
	EXPECT(!zone_watermark_ok(zone, 0, 100, ZONE_NORMAL, ALLOC_HIGH | ALLOC_HARDER));
}

TEST("pages of the contiguous allocator count only for those who may use them")
{
	struct zone *zone = boot_small(100);
	unsigned long nr_free = zone_page_state(zone, NR_FREE_PAGES);

	atomic_set(&zone->vm_stat[NR_FREE_CMA_PAGES], (int)nr_free - 100);
	EXPECT(!zone_watermark_ok(zone, 0, 100, ZONE_NORMAL, 0));
	EXPECT(!zone_watermark_fast(zone, 0, 100, ZONE_NORMAL, 0));
	EXPECT(zone_watermark_ok(zone, 0, 100, ZONE_NORMAL, ALLOC_CMA));
	EXPECT(zone_watermark_fast(zone, 0, 100, ZONE_NORMAL, ALLOC_CMA));
	atomic_set(&zone->vm_stat[NR_FREE_CMA_PAGES], (int)nr_free - 101);
	EXPECT(zone_watermark_ok(zone, 0, 100, ZONE_NORMAL, 0));
}

/* --- How far each request goes --- */

/* Take page by page what @gfp_mask gets. Return: how many are left. */
static unsigned long left_by(gfp_t gfp_mask)
{
	while (alloc_page(gfp_mask | __GFP_NOWARN))
		;
	return nr_free_pages();
}

TEST("requests stop at min, 3/4, 1/2, 3/8 of it, or at the last page, each after the other")
{
	boot_small(200);
	EXPECT_EQ(left_by(GFP_KERNEL), 200);
	EXPECT_EQ(left_by(GFP_NOWAIT | __GFP_NOMEMALLOC), 200);
	EXPECT_EQ(left_by(GFP_NOWAIT), 150);
	EXPECT_EQ(left_by(GFP_KERNEL | __GFP_HIGH), 100);
	EXPECT_EQ(left_by(GFP_ATOMIC | __GFP_NOMEMALLOC), 100);
	EXPECT_EQ(left_by(GFP_ATOMIC), 75);
	EXPECT_EQ(left_by(GFP_KERNEL | __GFP_MEMALLOC | __GFP_NOMEMALLOC), 75);
	EXPECT_EQ(left_by(GFP_KERNEL | __GFP_MEMALLOC), 0);
	EXPECT(!alloc_page(GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN));
	EXPECT(machine_check());
}

TEST("PF_MEMALLOC takes the last page, unless the request says no or an interrupt asks")
{
	boot_small(200);
	left_by(GFP_ATOMIC);
	current->flags |= PF_MEMALLOC;
	EXPECT(!alloc_page(GFP_KERNEL | __GFP_NOMEMALLOC | __GFP_NOWARN));
	current_thread_info()->preempt_count += HARDIRQ_OFFSET;
	EXPECT(!alloc_page(GFP_ATOMIC | __GFP_NOWARN));
	current_thread_info()->preempt_count -= HARDIRQ_OFFSET;
	EXPECT_EQ(left_by(GFP_KERNEL), 0);
	current->flags &= ~PF_MEMALLOC;
}

TEST("a large block is refused while there are enough pages, if too few of them are in large blocks")
{
	struct page *page, *next, *spare = NULL;
	unsigned long taken = 0;
	LIST_HEAD(pages);

	boot_small(200);
	while ((page = alloc_page(GFP_KERNEL | __GFP_MEMALLOC | __GFP_NOWARN)))
		list_add(&page->lru, &pages);
	/* Every second page is free, and one block of order 4. */
	list_for_each_entry_safe(page, next, &pages, lru)
		if (page_to_pfn(page) % 2 && taken++ < 1000)
			__free_page(page);
		else if (!spare && IS_ALIGNED(page_to_pfn(page), 16))
			spare = page;
	EXPECT(spare && nr_free_pages() >= 1000);
	EXPECT(!alloc_pages(GFP_KERNEL | __GFP_NOWARN, 1));
	EXPECT(alloc_page(GFP_KERNEL | __GFP_NOWARN));
}

TEST("a request that falls back to lowmem leaves there what is kept from it")
{
	struct zone *normal, *dma;

	machine_boot(&machines[5]);
	init_per_zone_wmark_min();
	normal = zone_at(ZONE_NORMAL);
	dma = zone_at(ZONE_DMA);
	EXPECT(normal->lowmem_reserve[ZONE_HIGHMEM] > 0 && dma->lowmem_reserve[ZONE_NORMAL] > 0);
	left_by(GFP_HIGHUSER_MOVABLE);
	EXPECT_EQ(zone_page_state(normal, NR_FREE_PAGES),
		  min_wmark_pages(normal) + normal->lowmem_reserve[ZONE_MOVABLE]);
	left_by(GFP_HIGHUSER);
	EXPECT_EQ(zone_page_state(normal, NR_FREE_PAGES),
		  min_wmark_pages(normal) + normal->lowmem_reserve[ZONE_HIGHMEM]);
	left_by(GFP_KERNEL);
	EXPECT_EQ(zone_page_state(normal, NR_FREE_PAGES), min_wmark_pages(normal));
	EXPECT_EQ(zone_page_state(dma, NR_FREE_PAGES),
		  min_wmark_pages(dma) + dma->lowmem_reserve[ZONE_NORMAL]);
	left_by(GFP_DMA | GFP_KERNEL);
	EXPECT_EQ(zone_page_state(dma, NR_FREE_PAGES), min_wmark_pages(dma));
	EXPECT_EQ(left_by(GFP_HIGHUSER_MOVABLE | __GFP_MEMALLOC), 0);
}

TEST("each zone of each node can be emptied to the last page, and filled again")
{
	static const gfp_t gfps[] = { GFP_DMA, GFP_KERNEL, GFP_HIGHUSER, GFP_HIGHUSER_MOVABLE };
	unsigned long nr_free;
	struct page *page, *next;
	LIST_HEAD(taken);
	unsigned int i;
	int nid;

	machine_boot(&machines[11]);
	init_per_zone_wmark_min();
	nr_free = nr_free_pages();
	for_each_online_node(nid)
		for (i = 0; i < ARRAY_SIZE(gfps); i++)
			while ((page = alloc_pages_node(nid, gfps[i] | __GFP_THISNODE |
							__GFP_MEMALLOC | __GFP_NOWARN, 0))) {
				ASSERT_EQ(page_to_nid(page), nid);
				list_add(&page->lru, &taken);
			}
	EXPECT_EQ(nr_free_pages(), 0);
	EXPECT(machine_check());
	list_for_each_entry_safe(page, next, &taken, lru)
		__free_page(page);
	EXPECT_EQ(nr_free_pages(), nr_free);
	EXPECT(machine_check() && watermark_check());
}

/* --- Looking --- */

TEST("show_watermarks() says how many pages each kind of request gets")
{
	static const gfp_t takers[] = {
		GFP_KERNEL, GFP_KERNEL | __GFP_HIGH, GFP_NOWAIT, GFP_ATOMIC, GFP_KERNEL | __GFP_MEMALLOC,
	};
	struct zone *zone = boot_small(201);
	struct page *page, *next;
	char line[128];
	size_t length;
	unsigned int i;

	host_log_clear();
	show_watermarks();
	length = snprintf(line, sizeof(line), "     Normal        0 %11lu",
			  zone_page_state(zone, NR_FREE_PAGES) - low_wmark_pages(zone));
	for (i = 0; i < ARRAY_SIZE(takers); i++) {
		unsigned long nr_taken = 0;
		LIST_HEAD(taken);

		while ((page = alloc_page(takers[i] | __GFP_NOWARN))) {
			list_add(&page->lru, &taken);
			nr_taken++;
		}
		length += snprintf(line + length, sizeof(line) - length, " %11lu", nr_taken);
		list_for_each_entry_safe(page, next, &taken, lru)
			__free_page(page);
	}
	EXPECT(host_log_has("Node 0, zone   Normal: free ") && host_log_has(" min 201 low 251 high 301\n"));
	EXPECT(host_log_has(line));
}

TEST("show_watermarks() has a line for each zone that can fall back, with what is kept from it")
{
	struct zone *normal;
	char line[64];

	machine_boot(&machines[5]);
	init_per_zone_wmark_min();
	normal = zone_at(ZONE_NORMAL);
	host_log_clear();
	show_watermarks();
	snprintf(line, sizeof(line), "\n    HighMem %8lu ", normal->lowmem_reserve[ZONE_HIGHMEM]);
	EXPECT(normal->lowmem_reserve[ZONE_HIGHMEM] && host_log_has(line));
	snprintf(line, sizeof(line), "\n    Movable %8lu ", normal->lowmem_reserve[ZONE_MOVABLE]);
	EXPECT(host_log_has(line));
	EXPECT(!strstr(strstr(host_log(), "zone  Movable"), "HighMem"));
}

#define EXPECT_SEEN(breakage, repair)			\
	do {						\
		breakage;				\
		EXPECT(!watermark_check());		\
		repair;					\
		ASSERT(watermark_check());		\
	} while (0)

TEST("watermark_check() sees each invariant broken")
{
	struct zone *zone;

	machine_boot(&machines[5]);
	init_per_zone_wmark_min();
	zone = zone_at(ZONE_NORMAL);
	EXPECT_SEEN(zone->watermark[WMARK_MIN]++, zone->watermark[WMARK_MIN]--);
	EXPECT_SEEN(swap(zone->watermark[WMARK_LOW], zone->watermark[WMARK_HIGH]),
		    swap(zone->watermark[WMARK_LOW], zone->watermark[WMARK_HIGH]));
	EXPECT_SEEN(zone->lowmem_reserve[ZONE_HIGHMEM]--, zone->lowmem_reserve[ZONE_HIGHMEM]++);
	EXPECT_SEEN(zone->lowmem_reserve[ZONE_DMA] = 1, zone->lowmem_reserve[ZONE_DMA] = 0);
	EXPECT_SEEN(min_free_kbytes += 4000, min_free_kbytes -= 4000);
	EXPECT_SEEN(zone_at(ZONE_HIGHMEM)->managed_pages += 32, zone_at(ZONE_HIGHMEM)->managed_pages -= 32);
}
