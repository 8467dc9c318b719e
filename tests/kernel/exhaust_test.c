// SPDX-License-Identifier: MIT
/*
 * Every zone of every node emptied to the last page, and filled again. A thread that frees memory
 * (PF_MEMALLOC) may do that: no watermark and no reserve holds it.
 *
 *    zone   |####################################|   blocks of all orders, each page stamped
 *           |##.##..#.####.#..##.#.#.##...#.#.###|   given back at random
 *           |....................................|   free blocks by order as they were
 *
 * Zones of a node are emptied from the lowest to the highest, so that a request cannot fall back.
 */
#include <kernel/sched.h>
#include <mm/buddy.h>
#include <mm/highmem.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/watermark.h>
#include <test.h>
#include "scarce.h"

TEST_SUITE("exhaust");

#define NR_STAMPS	8	/* words that are written in each page */
#define STAMP_STEP	(PAGE_SIZE / sizeof(u32) / NR_STAMPS)
#define NR_HEAPS	16	/* blocks are thrown on heaps at random, and freed heap by heap */

struct taken {
	struct list_head heaps[NR_HEAPS];	/* through page->lru; the order is in ->private */
	unsigned long nr_pages;
};

static struct taken taken;

/* --- Contents --- */

/* Different in each word of each page. */
static u32 stamp_of(const struct page *page, unsigned int word)
{
	return (u32)page_to_pfn(page) * 2654435761u + word;
}

static void stamp_page(struct page *page)
{
	u32 *words = kmap_local_page(page);

	for (unsigned int i = 0; i < PAGE_SIZE / sizeof(u32); i += STAMP_STEP)
		words[i] = stamp_of(page, i);
	kunmap_local(words);
}

static bool page_has_stamp(struct page *page)
{
	const u32 *words = kmap_local_page(page);
	unsigned int i = 0;

	while (i < PAGE_SIZE / sizeof(u32) && words[i] == stamp_of(page, i))
		i += STAMP_STEP;
	kunmap_local(words);
	return i == PAGE_SIZE / sizeof(u32);
}

/* --- Taking and giving back --- */

static void keep(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1UL << order; i++)
		stamp_page(page + i);
	set_page_private(page, order);
	list_add(&page->lru, &taken.heaps[test_random_below(NR_HEAPS)]);
	taken.nr_pages += 1UL << order;
}

/* Blocks of all orders as long as there are large ones, then single pages until there is none. */
static bool take_all_of(struct zone *zone)
{
	gfp_t gfp_mask = GFP_KERNEL | zone_gfp(zone);
	struct page *page;
	bool own = true;

	for (unsigned int order = MAX_ORDER; order-- > 0;)
		for (unsigned int nr = order ? zone->managed_pages >> (order + 2) : ~0u; nr; nr--) {
			page = alloc_pages_node(zone_to_nid(zone), gfp_mask, order);
			if (!page)
				break;
			own &= page_zone(page) == zone;
			keep(page, order);
		}
	return own;
}

/* Return: does each page have what was written to it? */
static bool give_back(struct list_head *heap)
{
	struct page *page, *next;
	bool intact = true;

	list_for_each_entry_safe(page, next, heap, lru) {
		unsigned int order = page_private(page);

		for (unsigned long i = 0; i < 1UL << order; i++)
			intact &= page_has_stamp(page + i);
		list_del(&page->lru);
		set_page_private(page, 0);
		__free_pages(page, order);
	}
	return intact;
}

static bool give_all_back(void)
{
	bool intact = true;

	for (unsigned int i = 0; i < NR_HEAPS; i++)
		intact &= give_back(&taken.heaps[i]);
	drain_all_pages();
	return intact;
}

/* --- The same after as before --- */

/* Free blocks of each order, of each zone. */
struct shape {
	unsigned long nr_free[MAX_NUMNODES][MAX_NR_ZONES][MAX_ORDER];
};

static void note_shape(struct shape *shape)
{
	struct zone *zone;

	for_each_zone(zone)
		for (unsigned int order = 0; order < MAX_ORDER; order++)
			shape->nr_free[zone_to_nid(zone)][zone_idx(zone)][order] =
				zone->free_area[order].nr_free;
}

static bool shapes_are_equal(const struct shape *a, const struct shape *b)
{
	const unsigned long *x = a->nr_free[0][0], *y = b->nr_free[0][0];

	for (size_t i = 0; i < sizeof(*a) / sizeof(*x); i++)
		if (x[i] != y[i])
			return false;
	return true;
}

static struct shape before, after;

static void begin(void)
{
	taken.nr_pages = 0;
	for (unsigned int i = 0; i < NR_HEAPS; i++)
		INIT_LIST_HEAD(&taken.heaps[i]);
	empty_all_caches();
	note_shape(&before);
}

static void end(void)
{
	EXPECT(give_all_back());
	note_shape(&after);
	EXPECT(shapes_are_equal(&before, &after));
	EXPECT(page_allocator_ok());
}

/* --- Tests --- */

static unsigned long nr_free_before(const struct zone *zone)
{
	unsigned long nr_pages = 0;

	for (unsigned int order = 0; order < MAX_ORDER; order++)
		nr_pages += before.nr_free[zone_to_nid(zone)][zone_idx(zone)][order] << order;
	return nr_pages;
}

/* The zone that a request for movable high memory means first, on this CPU's node. */
static enum zone_type movable_classzone(void)
{
	const struct zonelist *list = node_zonelist(numa_node_id(), GFP_HIGHUSER_MOVABLE);
	struct zone *zone;

	first_zones_zonelist(list, gfp_high_zoneidx(GFP_HIGHUSER_MOVABLE), &zone);
	return zone_idx(zone);
}

TEST("each zone gives its last page, none twice, and has the same free blocks when all are back")
{
	unsigned long total;
	struct zone *zone;

	begin();
	total = nr_free_pages();
	current->flags |= PF_MEMALLOC;
	for_each_populated_zone(zone) {
		unsigned long nr_free, nr_before = taken.nr_pages;

		drain_all_pages();
		nr_free = zone_page_state(zone, NR_FREE_PAGES);
		EXPECT(take_all_of(zone));
		EXPECT_EQ(taken.nr_pages - nr_before, nr_free);
		EXPECT_EQ(zone_page_state(zone, NR_FREE_PAGES), 0);
	}
	EXPECT_EQ(taken.nr_pages, total);
	EXPECT_EQ(nr_free_pages() + nr_pcp_pages(), 0);
	EXPECT(!alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN));
	current->flags &= ~PF_MEMALLOC;
	EXPECT(!alloc_page(GFP_ATOMIC | __GFP_NOWARN));
	EXPECT(page_allocator_ok());
	end();
}

TEST("an ordinary request empties all zones, the highest first, down to what is kept from it")
{
	struct page *page;
	struct zone *zone;

	begin();
	while ((page = alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_NO_KSWAPD | __GFP_NOWARN)))
		keep(page, 0);
	drain_all_pages();
	for_each_populated_zone(zone) {
		unsigned long kept = min_wmark_pages(zone) +
				     zone->lowmem_reserve[movable_classzone()];

		EXPECT_EQ(zone_page_state(zone, NR_FREE_PAGES), min(kept, nr_free_before(zone)));
	}
	end();
}
