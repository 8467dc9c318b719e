/* SPDX-License-Identifier: MIT */
/*
 * Pageblocks: pages of one mobility are kept together, 4 MiB by 4 MiB, so that a pageblock whose
 * pages can be moved or freed can become one large block again.
 *
 *    mem_map | pageblock 0 | pageblock 1 | pageblock 2 | ...   1024 pages each, aligned
 *    zone's  |   a byte    |   a byte    |   a byte    | ...   the migrate type
 *
 * A zone has a byte for each pageblock from the first of the map to the last of its own: the few
 * bytes that this wastes save the hot path from subtracting where the zone begins. The first and the
 * last pageblock of a zone may stick out over its border.
 *
 * Differs from Linux 3.10, which has a group of bits for each pageblock.
 */
#ifndef MM_PAGEBLOCK_H
#define MM_PAGEBLOCK_H

#include <lib/types.h>
#include <mm/buddy.h>
#include <mm/mm.h>
#include <mm/mmzone.h>

_Static_assert(MIGRATE_TYPES <= 256, "a byte holds a type");
_Static_assert(ARCH_PFN_OFFSET % pageblock_nr_pages == 0, "the map begins with a pageblock");

/* The number of @pfn's pageblock. */
static inline unsigned long pfn_to_pageblock(unsigned long pfn)
{
	return (pfn - ARCH_PFN_OFFSET) >> pageblock_order;
}

static inline enum migratetype get_pfnblock_migratetype(const struct zone *zone, unsigned long pfn)
{
	return (enum migratetype)zone->pageblock_flags[pfn_to_pageblock(pfn)];
}

/* The same by a page in the map, which saves the way over its number. */
static inline enum migratetype get_zone_migratetype(const struct zone *zone,
						    const struct page *page)
{
	unsigned long offset = (unsigned long)page - (unsigned long)mem_map;

	return (enum migratetype)zone->pageblock_flags[offset / (sizeof(*page) * pageblock_nr_pages)];
}

/* The migrate type of the pageblock that @page lies in. */
static inline enum migratetype get_pageblock_migratetype(const struct page *page)
{
	return get_zone_migratetype(page_zone(page), page);
}

/* Context: zone->lock held, or boot. */
void set_pageblock_migratetype(struct page *page, enum migratetype migratetype);

/* Names in Linux's reports: "Unmovable", "Reclaimable", "Movable", "Reserve", "CMA", "Isolate". */
extern const char *const migratetype_names[MIGRATE_TYPES];

static inline bool is_migrate_cma(enum migratetype migratetype)
{
	return migratetype == MIGRATE_CMA;
}

/* The second half of __rmqueue(): the type's own lists have no such block. */
struct page *__rmqueue_other(struct zone *zone, unsigned int order, enum migratetype migratetype)
	__cold;

/**
 * __rmqueue - take a block from a zone, of one type if possible, else of another
 * @zone: where
 * @order: 0 .. MAX_ORDER - 1
 * @migratetype: the type to begin with
 *
 * Context: zone->lock held. Does not count NR_FREE_PAGES. Return: its first page, or NULL if the
 * zone has no block of that size that may be used for @migratetype.
 */
static inline struct page *__rmqueue(struct zone *zone, unsigned int order,
				     enum migratetype migratetype)
{
	struct page *page = __rmqueue_smallest(zone, order, migratetype);

	return likely(page) ? page : __rmqueue_other(zone, order, migratetype);
}

/**
 * move_freepages_block - move the free blocks of a pageblock to another type's lists
 * @zone: its zone
 * @page: any page in the pageblock
 * @migratetype: the type
 *
 * The type of the pageblock itself stays. Of a pageblock that sticks out of the zone, the part
 * inside is meant (Linux leaves one at the zone's end alone). Context: zone->lock held. Return: the
 * number of free pages that moved.
 */
unsigned int move_freepages_block(struct zone *zone, struct page *page,
				  enum migratetype migratetype);

#endif
