/* SPDX-License-Identifier: MIT */
/*
 * Pageblocks: pages of one mobility are kept together, 4 MiB by 4 MiB, so that a pageblock whose
 * pages can be moved or freed can become one large block again.
 *
 *    zone    | pageblock 0 | pageblock 1 | pageblock 2 | ...   1024 pages each, aligned
 *    flags   |   4 bits    |   4 bits    |   4 bits    | ...   the migrate type; a bit to spare
 *
 * The first and the last pageblock of a zone may stick out over its border.
 */
#ifndef MM_PAGEBLOCK_H
#define MM_PAGEBLOCK_H

#include <lib/bitops.h>
#include <lib/types.h>
#include <mm/mm.h>
#include <mm/mmzone.h>

#define NR_PAGEBLOCK_BITS	4
#define PAGEBLOCK_MASK		((1UL << NR_PAGEBLOCK_BITS) - 1)

_Static_assert(MIGRATE_TYPES <= PAGEBLOCK_MASK, "a pageblock's bits hold its type");
_Static_assert(BITS_PER_LONG % NR_PAGEBLOCK_BITS == 0, "a pageblock's bits lie in one word");

/* The number of the bit in zone->pageblock_flags where the bits of @pfn's pageblock begin. */
static inline unsigned long pfn_to_bitidx(const struct zone *zone, unsigned long pfn)
{
	unsigned long first = round_down(zone->zone_start_pfn, pageblock_nr_pages);

	return ((pfn - first) >> pageblock_order) * NR_PAGEBLOCK_BITS;
}

static inline enum migratetype get_pfnblock_migratetype(const struct zone *zone, unsigned long pfn)
{
	unsigned long bit = pfn_to_bitidx(zone, pfn);

	return (enum migratetype)((zone->pageblock_flags[BIT_WORD(bit)] >> (bit % BITS_PER_LONG)) &
				  PAGEBLOCK_MASK);
}

/* The migrate type of the pageblock that @page lies in. */
static inline enum migratetype get_pageblock_migratetype(const struct page *page)
{
	return get_pfnblock_migratetype(page_zone(page), page_to_pfn(page));
}

/* Context: zone->lock held, or boot. */
void set_pageblock_migratetype(struct page *page, enum migratetype migratetype);

/* Names in Linux's reports: "Unmovable", "Reclaimable", "Movable", "Reserve", "CMA", "Isolate". */
extern const char *const migratetype_names[MIGRATE_TYPES];

static inline bool is_migrate_cma(enum migratetype migratetype)
{
	return migratetype == MIGRATE_CMA;
}

/**
 * __rmqueue - take a block from a zone, of one type if possible, else of another
 * @zone: where
 * @order: 0 .. MAX_ORDER - 1
 * @migratetype: the type to begin with
 *
 * Context: zone->lock held. Does not count NR_FREE_PAGES. Return: its first page, or NULL if the
 * zone has no block of that size that may be used for @migratetype.
 */
struct page *__rmqueue(struct zone *zone, unsigned int order, enum migratetype migratetype);

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
