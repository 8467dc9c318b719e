/* SPDX-License-Identifier: MIT */
/*
 * Pageblocks: pages of one mobility are kept together, 4 MiB by 4 MiB, so that a pageblock whose
 * pages can be moved or freed can become one large block again.
 *
 *    mem_map | pageblock 0 | pageblock 1 | pageblock 2 | ...   1024 pages each, aligned
 *    zone's  |   a byte    |   a byte    |   a byte    | ...   the migrate type
 *
 * A zone has a byte for each pageblock from the first of the map to the last of its own: the few
 * bytes that this wastes save the hot path from subtracting where the zone begins. The first and
 * the last pageblock of a zone may stick out over its border.
 *
 * Differs from Linux 3.10, which has a group of bits for each pageblock.
 */
#ifndef MM_PAGEBLOCK_H
#define MM_PAGEBLOCK_H

#include <kernel/init.h>
#include <kernel/jump_label.h>
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

/* The type of the pageblock that page @pfn of the zone is in. */
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

/* The first page of @pfn's pageblock that lies in @zone. */
static inline unsigned long pageblock_start(const struct zone *zone, unsigned long pfn)
{
	return max(round_down(pfn, pageblock_nr_pages), zone->zone_start_pfn);
}

/* The pageblocks of a zone, by @pfn, the first page of each that lies in it. */
#define for_each_pageblock(pfn, zone)						\
	for ((pfn) = (zone)->zone_start_pfn; (pfn) < zone_end_pfn(zone);	\
	     (pfn) = pageblock_start(zone, (pfn) + pageblock_nr_pages))

/* --- Policies --- */

/* What a request does whose own lists have no exact fit: see mm/pageblock.c. */
enum fallback_policy {
	FALLBACK_SPLIT,
	FALLBACK_STEAL_EXACT,
	FALLBACK_NOGROUP,
	NR_FALLBACK_POLICIES
};

extern enum fallback_policy fallback_policy;

/* As `fallback=' has them. */
extern const char *const fallback_policy_names[NR_FALLBACK_POLICIES];

/* Is it FALLBACK_STEAL_EXACT? */
DECLARE_STATIC_KEY_FALSE(steal_exact_key);

/* Do all requests share one type's lists? Decided once, by set_mobility_grouping(). */
extern bool page_group_by_mobility_disabled;

/**
 * set_mobility_grouping - decide whether pages are grouped by mobility
 * @vm_total_pages: pages of all zones together
 *
 * They are not where there is less than a pageblock for each type, or by `fallback=nogroup'.
 * Context: boot, when zones have their borders and no pages yet; build_all_zonelists().
 */
void __init set_mobility_grouping(unsigned long vm_total_pages);

/* The type that a pageblock gets which is to have @migratetype: another one without grouping. */
static inline enum migratetype grouped_type(enum migratetype migratetype)
{
	return page_group_by_mobility_disabled && migratetype <= MIGRATE_RESERVE ?
	       MIGRATE_UNMOVABLE : migratetype;
}

/* Without grouping, see grouped_type(). Context: zone->lock held, or boot. */
void set_pageblock_migratetype(struct page *page, enum migratetype migratetype);

/* Names in Linux's reports: "Unmovable", "Reclaimable", "Movable", "Reserve", "CMA", "Isolate". */
extern const char *const migratetype_names[MIGRATE_TYPES];
/* And a letter for each. */
extern const char migratetype_letters[MIGRATE_TYPES];

/* Is it the type? is_migrate_cma(), is_migrate_isolate(). */
static inline bool is_migrate_cma(enum migratetype migratetype)
{
	return migratetype == MIGRATE_CMA;
}

static inline bool is_migrate_isolate(enum migratetype migratetype)
{
	return migratetype == MIGRATE_ISOLATE;
}

/* The second half of __rmqueue(): the type's own lists have no block of @order or more. */
struct page *__rmqueue_other(struct zone *zone, unsigned int order, enum migratetype migratetype)
	__cold;

/*
 * The first half, if the policy is FALLBACK_STEAL_EXACT: a block of just @order, of the type or of
 * one that it borrows from; NULL if there is none. Context and counting: as __rmqueue().
 */
struct page *__rmqueue_exact(struct zone *zone, unsigned int order, enum migratetype migratetype)
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
	struct page *page;

	if (static_branch_unlikely(&steal_exact_key)) {
		page = __rmqueue_exact(zone, order, migratetype);
		if (page)
			return page;
	}
	page = __rmqueue_smallest(zone, order, migratetype);
	return likely(page) ? page : __rmqueue_other(zone, order, migratetype);
}

/**
 * move_freepages_block - move the free blocks of a pageblock to another type's lists
 * @zone: its zone
 * @page: any page in the pageblock
 * @migratetype: the type; without grouping see grouped_type()
 *
 * The type of the pageblock itself stays; the caller changes it afterwards, not before, because
 * what it was tells where isolated blocks come from. Of a pageblock that sticks out of the zone,
 * the part inside is meant (Linux leaves one at the zone's end alone). Context: zone->lock held.
 * Return: the number of free pages that moved.
 */
unsigned int move_freepages_block(struct zone *zone, struct page *page,
				  enum migratetype migratetype);

/**
 * setup_zone_migrate_reserve - keep whole pageblocks as the last resort of all types
 * @zone: any zone, its watermarks set
 *
 * As many as the zone's lowest watermark fills, but two at most, become MIGRATE_RESERVE: those of
 * MOVABLE that have no reserved page and no hole, lowest first. What is too much, or has become
 * unfit, becomes MOVABLE again. Without grouping there are none. Context: any; takes zone->lock.
 * See setup_per_zone_wmarks().
 */
void setup_zone_migrate_reserve(struct zone *zone);

#endif
