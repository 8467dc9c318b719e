// SPDX-License-Identifier: MIT
/*
 * Grouping pages by mobility, rule by rule: whose list a request is served from, what happens to
 * pageblocks, and which policy does what.
 */
#include "host.h"
#include "buddy_machine.h"
#include <lib/errno.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pageblock.h>
#include <mm/vmstat.h>
#include <mm/watermark.h>

TEST_SUITE("pageblock");

#define GFP_MOVABLE	(GFP_KERNEL | __GFP_MOVABLE)

static struct zone *normal(void)
{
	return &NODE_DATA(0)->node_zones[ZONE_NORMAL];
}

static struct zone *boot_with(const char *fallback)
{
	struct machine machine = machines[MACHINE_32M];

	machine.fallback = fallback;
	machine_boot(&machine);
	return normal();
}

static struct zone *boot(void)
{
	return boot_with(NULL);
}

static struct list_head *list_of(struct zone *zone, unsigned int order, enum migratetype type)
{
	return &zone->free_area[order].free_list[type];
}

static struct page *first_of(struct zone *zone, unsigned int order, enum migratetype type)
{
	return list_first_entry(list_of(zone, order, type), struct page, lru);
}

static unsigned long event(enum vm_event_item item)
{
	unsigned long events[NR_VM_EVENT_ITEMS];

	all_vm_events(events);
	return events[item];
}

static unsigned int count_pageblocks(struct zone *zone, enum migratetype type)
{
	unsigned long pfn;
	unsigned int nr = 0;

	for_each_pageblock(pfn, zone)
		nr += get_pfnblock_migratetype(zone, pfn) == type;
	return nr;
}

/* Take every page there is, linked through ->lru. Return: how many. */
static unsigned long take_all(gfp_t gfp_mask, struct list_head *taken)
{
	unsigned long nr_pages = 0;
	struct page *page;

	for (page = alloc_page(gfp_mask); page; page = alloc_page(gfp_mask)) {
		list_add(&page->lru, taken);
		nr_pages++;
	}
	return nr_pages;
}

/* Make the whole free memory of @zone belong to @type. */
static void set_all_types(struct zone *zone, enum migratetype type)
{
	unsigned long pfn, flags;

	spin_lock_irqsave(&zone->lock, flags);
	for_each_pageblock(pfn, zone) {
		unsigned int nr_pages = move_freepages_block(zone, pfn_to_page(pfn), type);

		if (type == MIGRATE_CMA)
			atomic_add((int)nr_pages, &zone->vm_stat[NR_FREE_CMA_PAGES]);
		set_pageblock_migratetype(pfn_to_page(pfn), type);
	}
	spin_unlock_irqrestore(&zone->lock, flags);
}

/* --- Borrowing and claiming --- */

TEST("the first unmovable request claims the largest movable block and its pageblock")
{
	struct zone *zone = boot();
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int order;

	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_UNMOVABLE);
	for (order = 0; order < MAX_ORDER - 1; order++)
		EXPECT(!list_empty(&zone->free_area[order].free_list[MIGRATE_UNMOVABLE]));
	EXPECT_EQ(get_pageblock_migratetype(alloc_page(GFP_KERNEL)), MIGRATE_UNMOVABLE);
	EXPECT_EQ(get_pageblock_migratetype(alloc_page(GFP_MOVABLE)),
		  MIGRATE_MOVABLE);
	EXPECT_EQ(get_pageblock_migratetype(alloc_page(GFP_TEMPORARY)), MIGRATE_RECLAIMABLE);
}

TEST("a small block is borrowed alone, and its pageblock keeps its type")
{
	struct zone *zone = boot();
	struct page *page, *next, *first = NULL;
	LIST_HEAD(taken);

	take_all(GFP_MOVABLE, &taken);
	list_for_each_entry(page, &taken, lru)
		if (get_pageblock_migratetype(page) == MIGRATE_MOVABLE)
			first = page;
	ASSERT(first);
	/* Two pages of a movable pageblock that are not buddies. */
	next = pfn_to_page(page_to_pfn(first) ^ 2);
	list_del(&first->lru);
	list_del(&next->lru);
	__free_page(next);
	__free_page(first);
	EXPECT(alloc_page(GFP_KERNEL) == first);
	EXPECT_EQ(get_pageblock_migratetype(first), MIGRATE_MOVABLE);
	EXPECT(list_first_entry(&zone->free_area[0].free_list[MIGRATE_MOVABLE], struct page,
				lru) == next);
}

TEST("move_freepages_block() moves every free page of the pageblock and no other")
{
	struct zone *zone = boot();
	struct page *block = pfn_to_page(zone->zone_start_pfn + pageblock_nr_pages);
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	EXPECT_EQ(move_freepages_block(zone, block + 7, MIGRATE_RECLAIMABLE), pageblock_nr_pages);
	spin_unlock_irqrestore(&zone->lock, flags);
	EXPECT(list_first_entry(&zone->free_area[10].free_list[MIGRATE_RECLAIMABLE], struct page,
				lru) == block);
	EXPECT_EQ(zone->free_area[10].free_list[MIGRATE_RECLAIMABLE].next->next,
		  &zone->free_area[10].free_list[MIGRATE_RECLAIMABLE]);
	EXPECT(machine_check());
}

TEST("CMA pageblocks serve only movable requests")
{
	struct zone *zone = boot();
	struct page *page;

	set_all_types(zone, MIGRATE_CMA);
	EXPECT(!alloc_page(GFP_KERNEL));
	page = alloc_page(GFP_MOVABLE);
	ASSERT(page);
	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_CMA);
	EXPECT(machine_check());
}

TEST("reserve pageblocks serve every type when nothing else does")
{
	struct zone *zone = boot();

	set_all_types(zone, MIGRATE_RESERVE);
	EXPECT(alloc_page(GFP_KERNEL));
	EXPECT(alloc_page(GFP_TEMPORARY));
	EXPECT(alloc_page(GFP_MOVABLE));
	EXPECT_EQ(get_pageblock_migratetype(alloc_page(GFP_KERNEL)), MIGRATE_RESERVE);
	EXPECT(machine_check());
}

TEST("a fallback takes the largest block there is, of the first type in its order")
{
	struct zone *zone = boot();
	struct page *small = alloc_page(GFP_TEMPORARY), *large;

	/*
	 * Reclaimable memory comes before movable in an unmovable request's order, but is smaller.
	 */
	large = first_of(zone, 10, MIGRATE_MOVABLE);
	EXPECT(alloc_page(GFP_KERNEL) == large);
	EXPECT_EQ(event(FALLBACK), 2);
	EXPECT_EQ(event(FALLBACK_CLAIM), 2);
	EXPECT_EQ(get_pageblock_migratetype(small), MIGRATE_RECLAIMABLE);
}

TEST("a reclaimable request claims even for a small block, but not a pageblock that is mostly in use")
{
	struct zone *zone = boot();
	struct page *page, *first = NULL;
	LIST_HEAD(taken);

	take_all(GFP_MOVABLE, &taken);
	list_for_each_entry(page, &taken, lru)
		if (!(page_to_pfn(page) & 7) &&
		    get_pageblock_migratetype(page) == MIGRATE_MOVABLE)
			first = page;
	ASSERT(first);
	__free_page(first);
	__free_page(first + 2);
	EXPECT(alloc_page(GFP_TEMPORARY));
	EXPECT(!list_empty(list_of(zone, 0, MIGRATE_RECLAIMABLE)));
	EXPECT_EQ(get_pageblock_migratetype(first), MIGRATE_MOVABLE);
	EXPECT_EQ(event(FALLBACK), 1);
	EXPECT_EQ(event(FALLBACK_CLAIM), 0);
	EXPECT(machine_check());
}

/* --- Borders --- */

TEST("move_freepages_block() stops at a zone's borders amid a pageblock, on both sides")
{
	struct zone *dma, *zone;
	struct page *page;
	unsigned long flags, border;

	machine_boot(&machines[7]);	/* ZONE_DMA ends 2 MiB + 5 pages into RAM */
	dma = &NODE_DATA(0)->node_zones[ZONE_DMA];
	zone = normal();
	border = zone->zone_start_pfn;
	ASSERT(!IS_ALIGNED(border, pageblock_nr_pages));
	spin_lock_irqsave(&zone->lock, flags);
	EXPECT_EQ(move_freepages_block(zone, pfn_to_page(border), MIGRATE_RECLAIMABLE),
		  pageblock_nr_pages - border % pageblock_nr_pages);
	spin_unlock_irqrestore(&zone->lock, flags);
	spin_lock_irqsave(&dma->lock, flags);
	EXPECT_EQ(move_freepages_block(dma, pfn_to_page(border - 1), MIGRATE_UNMOVABLE),
		  zone_page_state(dma, NR_FREE_PAGES));
	spin_unlock_irqrestore(&dma->lock, flags);
	page = first_of(zone, 0, MIGRATE_RECLAIMABLE);
	EXPECT_EQ(page_to_pfn(page), border);
	set_pageblock_migratetype(page, MIGRATE_RECLAIMABLE);
	EXPECT_EQ(get_pageblock_migratetype(page - 1), MIGRATE_MOVABLE);
	EXPECT(machine_check());
}

TEST("move_freepages_block() passes over a hole amid a pageblock, and what is reserved")
{
	const struct machine machine = {
		.name = "a hole amid a pageblock",
		.banks = { { 0, MIB(13) + 77 }, { MIB(13) + 300, MIB(30) } },
		.reserved = { { MIB(14), 5 } },
	};
	unsigned long flags, hole = PHYS_PFN_OFFSET + MIB(13), nr_moved, nr_free = 0, pfn;
	struct zone *zone;

	machine_boot(&machine);
	zone = normal();
	hole = round_down(hole, pageblock_nr_pages);
	for (pfn = hole; pfn < hole + pageblock_nr_pages; pfn++)
		nr_free += !page_count(pfn_to_page(pfn));
	ASSERT(nr_free && nr_free < pageblock_nr_pages);
	spin_lock_irqsave(&zone->lock, flags);
	nr_moved = move_freepages_block(zone, pfn_to_page(hole + pageblock_nr_pages - 1),
					MIGRATE_RECLAIMABLE);
	spin_unlock_irqrestore(&zone->lock, flags);
	EXPECT_EQ(nr_moved, nr_free);
	EXPECT(machine_check());
}

/* --- Small memory --- */

TEST("with less than a pageblock for each type, nothing is grouped, and the boot log says so")
{
	struct machine machine = { .name = "23 MiB", .banks = { { 0, MIB(24) - 1 } } };

	machine_boot(&machine);
	EXPECT(page_group_by_mobility_disabled);
	EXPECT(host_log_has("Built 1 zonelists in Node order, mobility grouping off.  Total pages: 6143"));
	EXPECT_EQ(get_pageblock_migratetype(alloc_page(GFP_MOVABLE)), MIGRATE_UNMOVABLE);
	EXPECT_EQ(get_pageblock_migratetype(alloc_page(GFP_TEMPORARY)), MIGRATE_UNMOVABLE);
}

TEST("with a pageblock for each type, pages are grouped")
{
	struct machine machine = { .name = "24 MiB", .banks = { { 0, MIB(24) } } };

	machine_boot(&machine);
	EXPECT(!page_group_by_mobility_disabled);
	EXPECT(host_log_has("mobility grouping on.  Total pages: 6144"));
	EXPECT_EQ(get_pageblock_migratetype(alloc_page(GFP_MOVABLE)), MIGRATE_MOVABLE);
}

TEST("without grouping all types use the same lists, no pageblock changes, and there is no reserve")
{
	struct zone *zone = boot_with("nogroup");
	unsigned long nr_pages = nr_free_pages();
	unsigned int order, type;
	LIST_HEAD(taken);

	init_per_zone_wmark_min();
	EXPECT(alloc_page(GFP_TEMPORARY) + 1 == alloc_page(GFP_MOVABLE));
	EXPECT(alloc_page(GFP_KERNEL) + 1 == alloc_page(GFP_TEMPORARY));
	for (order = 0; order < MAX_ORDER; order++)
		for (type = MIGRATE_RECLAIMABLE; type < MIGRATE_TYPES; type++)
			EXPECT(list_empty(list_of(zone, order, type)));
	EXPECT_EQ(set_min_free_kbytes(0), 0);
	EXPECT_EQ(take_all(GFP_MOVABLE | __GFP_MEMALLOC, &taken), nr_pages - 4);
	EXPECT_EQ(count_pageblocks(zone, MIGRATE_UNMOVABLE), MIB(32) / pageblock_nr_pages);
	EXPECT_EQ(event(FALLBACK), 0);
	EXPECT(machine_check());
}

TEST("without grouping a pageblock cannot be made movable, but isolated or CMA it can be")
{
	struct zone *zone = boot_with("nogroup");
	struct page *page = pfn_to_page(zone->zone_start_pfn + pageblock_nr_pages);

	set_pageblock_migratetype(page, MIGRATE_MOVABLE);
	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_UNMOVABLE);
	set_pageblock_migratetype(page, MIGRATE_RESERVE);
	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_UNMOVABLE);
	set_pageblock_migratetype(page, MIGRATE_CMA);
	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_CMA);
}

/* --- Policies --- */

/* A movable page alone on its list of order 0; unmovable memory has only larger blocks. */
static struct page *leave_one_movable_page(struct zone *zone)
{
	struct page *page = alloc_pages(GFP_MOVABLE, 1);

	while (!list_empty(list_of(zone, 0, MIGRATE_MOVABLE)))
		EXPECT(alloc_page(GFP_MOVABLE));
	EXPECT(alloc_page(GFP_KERNEL));
	while (!list_empty(list_of(zone, 0, MIGRATE_UNMOVABLE)))
		EXPECT(alloc_page(GFP_KERNEL));
	split_page(page, 1);
	__free_page(page);
	EXPECT(first_of(zone, 0, MIGRATE_MOVABLE) == page);
	EXPECT(!list_empty(list_of(zone, 9, MIGRATE_UNMOVABLE)));
	return page;
}

TEST("fallback=split halves a block of its own type before it takes an exact fit of another")
{
	struct zone *zone = boot_with("split");
	struct page *exact = leave_one_movable_page(zone);
	unsigned long nr_fallbacks = event(FALLBACK);

	EXPECT_EQ(get_pageblock_migratetype(alloc_page(GFP_KERNEL)), MIGRATE_UNMOVABLE);
	EXPECT(first_of(zone, 0, MIGRATE_MOVABLE) == exact);
	EXPECT_EQ(event(FALLBACK), nr_fallbacks);
}

TEST("fallback=steal-exact takes an exact fit of another type before it halves a block of its own")
{
	struct zone *zone = boot_with("steal-exact");
	struct page *exact = leave_one_movable_page(zone), *split;
	unsigned long nr_fallbacks = event(FALLBACK);

	EXPECT(alloc_page(GFP_KERNEL) == exact);
	EXPECT_EQ(get_pageblock_migratetype(exact), MIGRATE_MOVABLE);
	EXPECT_EQ(event(FALLBACK), nr_fallbacks + 1);
	split = alloc_page(GFP_KERNEL);
	EXPECT_EQ(get_pageblock_migratetype(split), MIGRATE_UNMOVABLE);
	EXPECT(first_of(zone, 0, MIGRATE_UNMOVABLE) == split + 1);
	EXPECT(alloc_page(GFP_KERNEL) == split + 1);
	EXPECT_EQ(event(FALLBACK), nr_fallbacks + 1);
	EXPECT(machine_check());
}

TEST("fallback=steal-exact claims a large exact fit with its pageblock, and spares CMA's")
{
	struct zone *zone = boot_with("steal-exact");
	struct page *page = alloc_pages(GFP_KERNEL, 10);

	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_UNMOVABLE);
	EXPECT_EQ(event(FALLBACK_CLAIM), 1);
	set_all_types(zone, MIGRATE_CMA);
	page = alloc_pages(GFP_MOVABLE, 10);
	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_CMA);
	EXPECT(machine_check());
}

TEST("a policy that does not exist is refused in words, and the default stays")
{
	EXPECT_EQ(machine_param("fallback=", "best"), -EINVAL);
	EXPECT(host_log_has("'best' is neither split, steal-exact nor nogroup"));
	EXPECT_EQ(fallback_policy, FALLBACK_SPLIT);
	boot();
	EXPECT(!page_group_by_mobility_disabled);
}

/* --- Reserves --- */

TEST("the lowest watermark decides how many pageblocks are kept as reserve, up to two")
{
	struct zone *zone = boot();
	struct page *page;

	init_per_zone_wmark_min();
	EXPECT(min_wmark_pages(zone) < pageblock_nr_pages);
	EXPECT_EQ(count_pageblocks(zone, MIGRATE_RESERVE), 1);
	page = first_of(zone, 10, MIGRATE_RESERVE);
	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_RESERVE);
	EXPECT_EQ(set_min_free_kbytes(4097), 0);
	EXPECT_EQ(count_pageblocks(zone, MIGRATE_RESERVE), 1);
	EXPECT_EQ(set_min_free_kbytes(4100), 0);
	EXPECT_EQ(count_pageblocks(zone, MIGRATE_RESERVE), 2);
	EXPECT_EQ(set_min_free_kbytes(13000), 0);
	EXPECT_EQ(count_pageblocks(zone, MIGRATE_RESERVE), 2);
	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_RESERVE);
	EXPECT_EQ(set_min_free_kbytes(0), 0);
	EXPECT_EQ(count_pageblocks(zone, MIGRATE_RESERVE), 0);
	for (unsigned int order = 0; order < MAX_ORDER; order++)
		EXPECT(list_empty(list_of(zone, order, MIGRATE_RESERVE)));
	EXPECT(machine_check());
}

/* Return: how many reserves there are; each is whole. */
static unsigned int check_reserves(void)
{
	unsigned long pfn, page_pfn;
	unsigned int nr = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		for_each_pageblock(pfn, zone) {
			if (get_pfnblock_migratetype(zone, pfn) != MIGRATE_RESERVE)
				continue;
			nr++;
			EXPECT(IS_ALIGNED(pfn, pageblock_nr_pages));
			for (page_pfn = pfn; page_pfn < pfn + pageblock_nr_pages; page_pfn++)
				if (zone_spans_pfn(zone, page_pfn))
					EXPECT(!PageReserved(pfn_to_page(page_pfn)));
		}
	return nr;
}

TEST("each zone has a reserve, and none with a reserved page in it")
{
	machine_boot(&machines[1]);
	EXPECT_EQ(set_min_free_kbytes(16384), 0);
	EXPECT_EQ(check_reserves(), 2 + 1);
	EXPECT(machine_check());
}

TEST("each zone has a reserve, and none with a hole in it or across the zone's beginning")
{
	machine_boot(&machines[3]);
	init_per_zone_wmark_min();
	EXPECT_EQ(check_reserves(), 2);
	EXPECT(machine_check());
}

TEST("a pageblock that becomes reserved in part is no reserve any more")
{
	struct zone *zone = boot();
	struct page *page;

	init_per_zone_wmark_min();
	page = first_of(zone, 10, MIGRATE_RESERVE);
	while (get_pageblock_migratetype(page) != MIGRATE_RESERVE || page_count(page) != 1)
		page = alloc_page(GFP_KERNEL | __GFP_MEMALLOC);
	__SetPageReserved(page);
	setup_zone_migrate_reserve(zone);
	EXPECT(get_pageblock_migratetype(page) != MIGRATE_RESERVE);
}

TEST("the reserve is touched when nothing else is left, by every type")
{
	struct zone *zone = boot();
	LIST_HEAD(taken);
	struct page *page;
	unsigned long nr_ordinary = nr_free_pages() - pageblock_nr_pages;

	init_per_zone_wmark_min();
	while (nr_ordinary--)
		EXPECT(get_pageblock_migratetype(alloc_page(GFP_KERNEL | __GFP_MEMALLOC)) !=
		       MIGRATE_RESERVE);
	EXPECT_EQ(zone_page_state(zone, NR_FREE_PAGES), pageblock_nr_pages);
	page = alloc_page(GFP_TEMPORARY | __GFP_MEMALLOC);
	EXPECT_EQ(get_pageblock_migratetype(page), MIGRATE_RESERVE);
	EXPECT_EQ(take_all(GFP_MOVABLE | __GFP_MEMALLOC, &taken), pageblock_nr_pages - 1);
	__free_page(page);
	EXPECT(first_of(zone, 0, MIGRATE_RESERVE) == page);
	EXPECT(machine_check());
}

TEST("a movable pageblock that is in use can become a reserve, its free pages at once, the others when they come")
{
	struct zone *zone = boot();
	LIST_HEAD(taken);
	struct page *page;

	take_all(GFP_MOVABLE, &taken);
	init_per_zone_wmark_min();
	ASSERT_EQ(count_pageblocks(zone, MIGRATE_RESERVE), 1);
	list_for_each_entry(page, &taken, lru)
		if (get_pageblock_migratetype(page) == MIGRATE_RESERVE)
			break;
	list_del(&page->lru);
	__free_page(page);
	EXPECT(first_of(zone, 0, MIGRATE_RESERVE) == page);
	EXPECT(machine_check());
}
