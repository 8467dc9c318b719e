// SPDX-License-Identifier: MIT
/*
 * Isolated pageblocks: what leaves the counts and comes back, who gets nothing, what stays where it
 * is, and what cannot be isolated. And pageblocks of the contiguous allocator.
 */
#include "host.h"
#include "buddy_machine.h"
#include <lib/errno.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/page_isolation.h>
#include <mm/pcp.h>
#include <mm/watermark.h>

TEST_SUITE("isolation");

#define GFP_MOVABLE	(GFP_KERNEL | __GFP_MOVABLE)

static struct zone *normal(void)
{
	return &NODE_DATA(0)->node_zones[ZONE_NORMAL];
}

static struct zone *boot(void)
{
	machine_boot(&machines[MACHINE_32M]);
	return normal();
}

static unsigned long nr_free(struct zone *zone)
{
	return zone_page_state(zone, NR_FREE_PAGES);
}

/* The first page of pageblock @n of RAM. */
static unsigned long block_pfn(unsigned long n)
{
	return PHYS_PFN_OFFSET + n * pageblock_nr_pages;
}

/* Take every page that can be had, and forget it. Return: how many lay in @block. */
static unsigned long take_all(gfp_t gfp_mask, unsigned long block)
{
	unsigned long nr_inside = 0;
	struct page *page;

	while ((page = alloc_page(gfp_mask | __GFP_MEMALLOC)))
		nr_inside += page_to_pfn(page) - block < pageblock_nr_pages;
	return nr_inside;
}

/* --- One pageblock --- */

TEST("the free pages of an isolated pageblock leave the counts, and come back to them")
{
	struct zone *zone = boot();
	struct page *page = pfn_to_page(block_pfn(3) + 17);
	unsigned long nr_before = nr_free(zone), nr_largest = zone->free_area[10].nr_free;

	EXPECT_EQ(set_migratetype_isolate(page), 0);
	EXPECT(is_migrate_isolate_page(page));
	EXPECT_EQ(nr_free(zone), nr_before - pageblock_nr_pages);
	EXPECT_EQ(zone->free_area[10].nr_free, nr_largest - 1);
	EXPECT(machine_check());
	unset_migratetype_isolate(page, MIGRATE_MOVABLE);
	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_MOVABLE);
	EXPECT_EQ(nr_free(zone), nr_before);
	EXPECT_EQ(zone->free_area[10].nr_free, nr_largest);
	EXPECT(machine_check());
}

TEST("nobody gets a page of an isolated pageblock, whatever the type and the need")
{
	static const gfp_t gfps[] = { GFP_MOVABLE, GFP_KERNEL, GFP_TEMPORARY };
	unsigned long block;

	boot();
	block = block_pfn(4);
	EXPECT_EQ(set_migratetype_isolate(pfn_to_page(block)), 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(gfps); i++)
		EXPECT_EQ(take_all(gfps[i], block), 0);
	EXPECT_EQ(nr_free(normal()), 0);
	EXPECT_EQ(test_pages_isolated(block, block + pageblock_nr_pages), 0);
	unset_migratetype_isolate(pfn_to_page(block), MIGRATE_MOVABLE);
	EXPECT_EQ(take_all(GFP_KERNEL, block), pageblock_nr_pages);
	EXPECT(machine_check());
}

TEST("pages that are freed into an isolated pageblock stay there, and merge")
{
	struct zone *zone = boot();
	unsigned long block, nr_before;
	struct page *page = alloc_pages(GFP_MOVABLE, pageblock_order);
	unsigned int i;

	block = page_to_pfn(page);
	split_page(page, pageblock_order);
	for (i = 8; i < pageblock_nr_pages; i++)
		__free_page(page + i);
	nr_before = nr_free(zone);
	EXPECT_EQ(set_migratetype_isolate(page), 0);
	EXPECT_EQ(test_pages_isolated(block, block + pageblock_nr_pages), -EBUSY);
	EXPECT_EQ(nr_free(zone), nr_before + 8 - pageblock_nr_pages);
	for (i = 0; i < 8; i++)
		__free_page(page + i);
	EXPECT_EQ(nr_free(zone), nr_before + 8 - pageblock_nr_pages);
	EXPECT(PageBuddy(pfn_to_page(block)));
	EXPECT_EQ(page_order(pfn_to_page(block)), pageblock_order);
	EXPECT_EQ(test_pages_isolated(block, block + pageblock_nr_pages), 0);
	EXPECT(machine_check());
}

TEST("a pageblock that is isolated is busy for the next who wants to isolate it")
{
	struct zone *zone = boot();
	unsigned long nr_left;

	EXPECT_EQ(set_migratetype_isolate(pfn_to_page(block_pfn(4))), 0);
	nr_left = nr_free(zone);
	EXPECT_EQ(set_migratetype_isolate(pfn_to_page(block_pfn(4) + 1)), -EBUSY);
	EXPECT_EQ(nr_free(zone), nr_left);
	unset_migratetype_isolate(pfn_to_page(block_pfn(5)), MIGRATE_RECLAIMABLE);
	EXPECT_EQ(get_pageblock_migratetype(pfn_to_page(block_pfn(5))), MIGRATE_MOVABLE);
	EXPECT(machine_check());
}

TEST("unmovable pages in use and reserved pages keep their pageblock, movable ones do not")
{
	struct page *unmovable, *movable;

	boot();
	unmovable = alloc_page(GFP_KERNEL);
	movable = alloc_page(GFP_MOVABLE);
	EXPECT_EQ(set_migratetype_isolate(unmovable), -EBUSY);
	EXPECT_EQ(set_migratetype_isolate(pfn_to_page(PHYS_PFN_OFFSET)), -EBUSY);
	SetPageLRU(unmovable);
	EXPECT_EQ(set_migratetype_isolate(unmovable), 0);
	ClearPageLRU(unmovable);
	while (round_down(page_to_pfn(movable), pageblock_nr_pages) == PHYS_PFN_OFFSET)
		movable = alloc_page(GFP_MOVABLE);
	EXPECT_EQ(set_migratetype_isolate(movable), 0);
	EXPECT(machine_check());
}

TEST("without grouping a pageblock can be isolated, and comes back to the one type")
{
	struct zone *zone;
	unsigned long nr_before;
	struct page *page;

	machine_boot(&machines[0]);
	zone = normal();
	page = pfn_to_page(block_pfn(2));
	nr_before = nr_free(zone);
	EXPECT_EQ(set_migratetype_isolate(page), 0);
	EXPECT_EQ(nr_free(zone), nr_before - pageblock_nr_pages);
	unset_migratetype_isolate(page, MIGRATE_MOVABLE);
	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_UNMOVABLE);
	EXPECT_EQ(nr_free(zone), nr_before);
	EXPECT(machine_check());
}

/* --- Per-CPU lists --- */

TEST("per-CPU lists are drained of an isolated pageblock, and get none of its pages")
{
	struct zone *zone;
	struct page *page, *other;
	unsigned long block, nr_before;

	machine_boot(&machines[8]);
	setup_per_cpu_pageset();
	zone = normal();
	host_set_cpu(1);
	do {
		page = alloc_page(GFP_MOVABLE);
		block = round_down(page_to_pfn(page), pageblock_nr_pages);
	} while (block < block_pfn(4));
	other = alloc_page(GFP_MOVABLE);
	ASSERT_EQ(round_down(page_to_pfn(other), pageblock_nr_pages), block);
	host_set_cpu(0);
	nr_before = nr_free(zone) + nr_pcp_pages();
	EXPECT(nr_pcp_pages() > 0);
	EXPECT_EQ(set_migratetype_isolate(page), 0);
	EXPECT_EQ(nr_pcp_pages(), 0);
	host_set_cpu(1);
	__free_page(other);
	host_set_cpu(2);
	__free_page(page);
	EXPECT_EQ(nr_pcp_pages(), 0);
	EXPECT_EQ(test_pages_isolated(block, block + pageblock_nr_pages), 0);
	EXPECT_EQ(nr_free(zone), nr_before + 2 - pageblock_nr_pages);
	EXPECT(machine_check());
	host_set_cpu(0);
}

/* --- Watermarks --- */

TEST("isolated pages do not help a zone over its watermark, not even as its largest blocks")
{
	struct zone *zone = boot();

	EXPECT_EQ(set_min_free_kbytes(4096), 0);
	EXPECT(zone_watermark_fast(zone, 3, 5000, ZONE_NORMAL, 0));
	EXPECT_EQ(start_isolate_page_range(block_pfn(3), block_pfn(7), MIGRATE_MOVABLE), 0);
	EXPECT(!zone_watermark_fast(zone, 3, 5000, ZONE_NORMAL, 0));
	EXPECT(zone_watermark_fast(zone, 3, 2500, ZONE_NORMAL, 0));
}

/* --- Ranges --- */

TEST("a range is isolated as a whole or not at all")
{
	struct zone *zone = boot();
	unsigned long nr_before;
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long busy = round_down(page_to_pfn(page), pageblock_nr_pages), pfn;

	nr_before = nr_free(zone);
	EXPECT_EQ(start_isolate_page_range(busy, busy + pageblock_nr_pages, MIGRATE_MOVABLE), -EBUSY);
	EXPECT(busy >= block_pfn(3));
	EXPECT_EQ(start_isolate_page_range(busy - 2 * pageblock_nr_pages, busy + pageblock_nr_pages,
					   MIGRATE_MOVABLE), -EBUSY);
	EXPECT_EQ(nr_free(zone), nr_before);
	for (pfn = busy - 2 * pageblock_nr_pages; pfn < busy; pfn += pageblock_nr_pages)
		EXPECT_EQ(get_pageblock_migratetype(pfn_to_page(pfn)), MIGRATE_MOVABLE);
	EXPECT_EQ(start_isolate_page_range(block_pfn(1), block_pfn(3), MIGRATE_MOVABLE), 0);
	EXPECT_EQ(nr_free(zone), nr_before - 2 * pageblock_nr_pages);
	EXPECT_EQ(test_pages_isolated(block_pfn(1) + 5, block_pfn(3) - 5), 0);
	EXPECT_EQ(test_pages_isolated(block_pfn(1) + 5, block_pfn(3) + 1), -EBUSY);
	undo_isolate_page_range(block_pfn(0), block_pfn(4), MIGRATE_MOVABLE);
	EXPECT_EQ(nr_free(zone), nr_before);
	EXPECT(machine_check());
}

TEST("a range that is not in one zone is refused, and one that is not aligned is a BUG")
{
	machine_boot(&machines[7]);	/* ZONE_DMA ends 2 MiB + 5 pages into RAM, of 34 MiB */
	EXPECT_EQ(start_isolate_page_range(block_pfn(0), block_pfn(1), MIGRATE_MOVABLE), -EINVAL);
	EXPECT_EQ(start_isolate_page_range(block_pfn(8), block_pfn(9), MIGRATE_MOVABLE), -EINVAL);
	EXPECT_EQ(start_isolate_page_range(block_pfn(40), block_pfn(41), MIGRATE_MOVABLE), -EINVAL);
	EXPECT_EQ(test_pages_isolated(block_pfn(40), block_pfn(41)), -EBUSY);
	HOST_EXPECT_BUG(start_isolate_page_range(block_pfn(1) + 1, block_pfn(3), MIGRATE_MOVABLE));
	HOST_EXPECT_BUG(undo_isolate_page_range(block_pfn(1), block_pfn(3) - 1, MIGRATE_MOVABLE));
}

TEST("a pageblock across a zone's border is isolated in the page's own zone only")
{
	struct zone *dma, *zone;
	unsigned long nr_dma, nr_normal, border;

	machine_boot(&machines[7]);
	zone = normal();
	dma = zone - 1;
	border = zone->zone_start_pfn;
	nr_dma = nr_free(dma);
	nr_normal = nr_free(zone);
	EXPECT_EQ(set_migratetype_isolate(pfn_to_page(border)), 0);
	EXPECT_EQ(nr_free(dma), nr_dma);
	EXPECT_EQ(nr_free(zone), nr_normal - (block_pfn(1) - border));
	EXPECT_EQ(get_pageblock_migratetype(pfn_to_page(border - 1)), MIGRATE_MOVABLE);
	EXPECT(machine_check());
}

TEST("holes amid a pageblock do not keep it from being isolated, and are no pages in use")
{
	const struct machine machine = {
		.name = "a hole amid a pageblock",
		.banks = { { 0, MIB(13) + 77 }, { MIB(13) + 300, MIB(30) } },
	};
	unsigned long nr_before;

	machine_boot(&machine);
	nr_before = nr_free(normal());
	EXPECT_EQ(start_isolate_page_range(block_pfn(3), block_pfn(4), MIGRATE_MOVABLE), 0);
	EXPECT_EQ(nr_free(normal()), nr_before - pageblock_nr_pages + (300 - 77));
	EXPECT_EQ(test_pages_isolated(block_pfn(3), block_pfn(4)), 0);
	EXPECT(machine_check());
	undo_isolate_page_range(block_pfn(3), block_pfn(4), MIGRATE_MOVABLE);
	EXPECT_EQ(nr_free(normal()), nr_before);
}

/* --- The contiguous allocator's pageblocks --- */

TEST("a reserved pageblock that becomes CMA is lent to movable requests, and can be had back")
{
	struct machine machine = machines[MACHINE_32M];
	struct zone *zone;
	unsigned long block, nr_managed, nr_ram;

	machine.reserved[0] = (struct range){ MIB(16), MIB(4) };
	machine_boot(&machine);
	zone = normal();
	block = PHYS_PFN_OFFSET + MIB(16);
	nr_managed = zone->managed_pages;
	nr_ram = totalram_pages;
	init_cma_reserved_pageblock(pfn_to_page(block));
	EXPECT_EQ(zone->managed_pages, nr_managed + pageblock_nr_pages);
	EXPECT_EQ(totalram_pages, nr_ram + pageblock_nr_pages);
	EXPECT_EQ(zone_page_state(zone, NR_FREE_CMA_PAGES), pageblock_nr_pages);
	EXPECT(machine_check());
	EXPECT_EQ(take_all(GFP_KERNEL, block), 0);
	EXPECT_EQ(take_all(GFP_TEMPORARY, block), 0);
	EXPECT_EQ(nr_free(zone), pageblock_nr_pages);
	EXPECT_EQ(take_all(GFP_MOVABLE, block), pageblock_nr_pages);
	EXPECT_EQ(zone_page_state(zone, NR_FREE_CMA_PAGES), 0);
	EXPECT_EQ(get_pageblock_migratetype(pfn_to_page(block)), MIGRATE_CMA);
	for (unsigned int i = 0; i < pageblock_nr_pages; i++)
		__free_page(pfn_to_page(block + i));
	EXPECT_EQ(start_isolate_page_range(block, block + pageblock_nr_pages, MIGRATE_CMA), 0);
	EXPECT_EQ(zone_page_state(zone, NR_FREE_CMA_PAGES), 0);
	EXPECT_EQ(nr_free(zone), 0);
	EXPECT_EQ(test_pages_isolated(block, block + pageblock_nr_pages), 0);
	undo_isolate_page_range(block, block + pageblock_nr_pages, MIGRATE_CMA);
	EXPECT_EQ(zone_page_state(zone, NR_FREE_CMA_PAGES), pageblock_nr_pages);
	EXPECT_EQ(nr_free(zone), pageblock_nr_pages);
	EXPECT(machine_check());
}

TEST("a pageblock that is not reserved, whole and aligned is no CMA pageblock")
{
	struct machine machine = machines[MACHINE_32M];

	machine.reserved[0] = (struct range){ MIB(16), MIB(4) - 1 };
	machine_boot(&machine);
	HOST_EXPECT_BUG(init_cma_reserved_pageblock(pfn_to_page(PHYS_PFN_OFFSET + MIB(16))));
	HOST_EXPECT_BUG(init_cma_reserved_pageblock(pfn_to_page(PHYS_PFN_OFFSET + MIB(16) + 1)));
}

/* --- The walker --- */

TEST("buddy_check() sees a block on the wrong side of isolation")
{
	struct zone *zone = boot();
	struct page *page = pfn_to_page(block_pfn(3));

	zone->pageblock_flags[pfn_to_pageblock(block_pfn(3))] = MIGRATE_ISOLATE;
	EXPECT(!buddy_check(zone));
	zone->pageblock_flags[pfn_to_pageblock(block_pfn(3))] = MIGRATE_MOVABLE;
	EXPECT(buddy_check(zone));
	list_move(&page->lru, &zone->free_area[10].free_list[MIGRATE_ISOLATE]);
	EXPECT(!buddy_check(zone));
}
