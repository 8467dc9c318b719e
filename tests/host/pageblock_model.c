// SPDX-License-Identifier: MIT
/*
 * The model of pageblock_model.h: an array with what is known of each page.
 */
#include "host.h"
#include "pageblock_model.h"
#include <mm/buddy.h>
#include <mm/mm.h>
#include <mm/vmstat.h>

#include <limits.h>
#include <stdlib.h>

/* From half of the largest order on, a block is worth its pageblock. */
#define WORTH_A_CLAIM	5
#define NOT_FREE	(-1)

struct model_page {
	bool exists, reserved, free;
	int order;		/* of the free block that begins here, or NOT_FREE */
	enum migratetype list;
	long rank;
};

static const struct zone *zone;
static enum fallback_policy policy;
static unsigned long base, nr_pages;
static struct model_page *pages;
static enum migratetype *types;		/* of the pageblocks, from the one that @base lies in */
static long lowest_rank, highest_rank;

static struct model_page *at(unsigned long pfn)
{
	return pfn - base < nr_pages ? &pages[pfn - base] : NULL;
}

static unsigned long block_start(unsigned long pfn)
{
	return pfn & ~(pageblock_nr_pages - 1);
}

static enum migratetype *type_of(unsigned long pfn)
{
	return &types[(block_start(pfn) - block_start(base)) / pageblock_nr_pages];
}

/* Without grouping there is one type for what others have four for. */
static enum migratetype allowed(enum migratetype type)
{
	return policy == FALLBACK_NOGROUP && type < MIGRATE_CMA ? MIGRATE_UNMOVABLE : type;
}

/* --- Free blocks --- */

static void put(unsigned long pfn, int order, enum migratetype list, bool in_front)
{
	struct model_page *page = at(pfn);

	page->order = order;
	page->list = list;
	page->rank = in_front ? --lowest_rank : ++highest_rank;
}

static void mark(unsigned long pfn, unsigned int order, bool is_free)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++)
		at(pfn + i)->free = is_free;
}

static bool is_block(unsigned long pfn, int order)
{
	return at(pfn) && at(pfn)->order == order;
}

/* The first block of @order on the list of @list. */
static unsigned long first_of(unsigned int order, enum migratetype list)
{
	unsigned long i, best = NO_PFN;
	long rank = LONG_MAX;

	for (i = 0; i < nr_pages; i++)
		if (pages[i].order == (int)order && pages[i].list == list && pages[i].rank < rank) {
			rank = pages[i].rank;
			best = base + i;
		}
	return best;
}

/* Its smallest block of at least @order. */
static unsigned long smallest_of(unsigned int order, enum migratetype list)
{
	unsigned long pfn = NO_PFN;

	for (; order < MAX_ORDER && pfn == NO_PFN; order++)
		pfn = first_of(order, list);
	return pfn;
}

/*
 * Bring the free blocks of a pageblock to the front of other lists, by address. Return: their
 * pages.
 */
static unsigned long move_block(unsigned long pfn, enum migratetype list)
{
	unsigned long start = block_start(pfn), i, nr_moved = 0;

	for (i = start; i < start + pageblock_nr_pages; i++) {
		if (!at(i) || at(i)->order == NOT_FREE)
			continue;
		put(i, at(i)->order, list, true);
		nr_moved += 1UL << at(i)->order;
	}
	return nr_moved;
}

/* --- Requests --- */

/* Take the front of a block, and put what is left of it on lists of @rest. */
static unsigned long cut(unsigned long pfn, unsigned int order, enum migratetype rest)
{
	int half = at(pfn)->order;

	at(pfn)->order = NOT_FREE;
	while (--half >= (int)order)
		put(pfn + (1UL << half), half, rest, true);
	mark(pfn, order, false);
	return pfn;
}

/* A block of another type: does its pageblock come with it? */
static unsigned long steal(unsigned long pfn, unsigned int order, enum migratetype type)
{
	enum migratetype from = at(pfn)->list;

	if (from == MIGRATE_CMA)
		return cut(pfn, order, MIGRATE_CMA);
	if (at(pfn)->order >= WORTH_A_CLAIM || type == MIGRATE_RECLAIMABLE)
		if (2 * move_block(pfn, type) >= pageblock_nr_pages)
			*type_of(pfn) = type;
	return cut(pfn, order, type);
}

/*
 * Whom @type borrows from, in words: unmovable and reclaimable from each other, then from movable.
 */
static enum migratetype lender(enum migratetype type, unsigned int i)
{
	static const enum migratetype of_movable[] = { MIGRATE_CMA, MIGRATE_RECLAIMABLE,
						       MIGRATE_UNMOVABLE, MIGRATE_TYPES };

	if (type == MIGRATE_MOVABLE)
		return of_movable[i];
	if (i == 0)
		return type == MIGRATE_UNMOVABLE ? MIGRATE_RECLAIMABLE : MIGRATE_UNMOVABLE;
	return i == 1 ? MIGRATE_MOVABLE : MIGRATE_TYPES;
}

static unsigned long lent(unsigned int order, enum migratetype type)
{
	unsigned long pfn = NO_PFN;
	unsigned int i;

	for (i = 0; lender(type, i) != MIGRATE_TYPES && pfn == NO_PFN; i++)
		pfn = first_of(order, lender(type, i));
	return pfn;
}

unsigned long pageblock_model_take(unsigned int order, enum migratetype type)
{
	unsigned long pfn;
	unsigned int larger;

	if (policy == FALLBACK_STEAL_EXACT && first_of(order, type) == NO_PFN) {
		pfn = lent(order, type);
		if (pfn != NO_PFN)
			return steal(pfn, order, type);
	}
	pfn = smallest_of(order, type);
	if (pfn != NO_PFN)
		return cut(pfn, order, type);
	pfn = policy == FALLBACK_NOGROUP ? smallest_of(order, MIGRATE_UNMOVABLE) : NO_PFN;
	if (pfn != NO_PFN)
		return cut(pfn, order, MIGRATE_UNMOVABLE);
	for (larger = MAX_ORDER; larger-- > order;) {
		pfn = lent(larger, type);
		if (pfn != NO_PFN)
			return steal(pfn, order, type);
	}
	pfn = smallest_of(order, MIGRATE_RESERVE);
	return pfn == NO_PFN ? NO_PFN : cut(pfn, order, MIGRATE_RESERVE);
}

/* --- Freeing --- */

/* Has the block a free uncle, so that it would merge twice if its buddy came back? */
static bool will_merge_twice(unsigned long pfn, unsigned int order)
{
	unsigned long uncle = (pfn ^ (2UL << order)) & ~(1UL << order);

	return order < MAX_ORDER - 2 && at(pfn ^ (1UL << order)) && is_block(uncle, order + 1);
}

void pageblock_model_give(unsigned long pfn, unsigned int order)
{
	enum migratetype list = *type_of(pfn);

	mark(pfn, order, true);
	while (order < MAX_ORDER - 1 && is_block(pfn ^ (1UL << order), order)) {
		at(pfn ^ (1UL << order))->order = NOT_FREE;
		pfn &= ~(1UL << order);
		order++;
	}
	put(pfn, order, list, !will_merge_twice(pfn, order));
}

/* --- Pageblocks --- */

static bool can_be_emptied(unsigned long pfn)
{
	bool movable = *type_of(pfn) == MIGRATE_MOVABLE || *type_of(pfn) == MIGRATE_CMA;
	unsigned long i, start = block_start(pfn);

	for (i = start; i < start + pageblock_nr_pages; i++)
		if (at(i) && at(i)->exists &&
		    (at(i)->reserved || (!at(i)->free && !movable)))
			return false;
	return true;
}

bool pageblock_model_isolate(unsigned long pfn)
{
	if (*type_of(pfn) == MIGRATE_ISOLATE || !can_be_emptied(pfn))
		return false;
	move_block(pfn, MIGRATE_ISOLATE);
	*type_of(pfn) = MIGRATE_ISOLATE;
	return true;
}

void pageblock_model_release(unsigned long pfn, enum migratetype type)
{
	if (*type_of(pfn) != MIGRATE_ISOLATE)
		return;
	move_block(pfn, allowed(type));
	*type_of(pfn) = allowed(type);
}

static bool can_be_reserve(unsigned long pfn)
{
	unsigned long i;

	for (i = pfn; i < pfn + pageblock_nr_pages; i++)
		if (at(i) && at(i)->reserved)
			return false;
	return true;
}

void pageblock_model_reserve(unsigned long min_pages)
{
	unsigned long pfn = block_start(base + pageblock_nr_pages - 1);
	unsigned long wanted = (min_pages + pageblock_nr_pages - 1) / pageblock_nr_pages;

	if (wanted > 2)
		wanted = 2;
	for (; at(pfn); pfn += pageblock_nr_pages) {
		bool was = *type_of(pfn) == MIGRATE_RESERVE, is;

		if (!was && *type_of(pfn) != MIGRATE_MOVABLE)
			continue;
		is = wanted && can_be_reserve(pfn);
		wanted -= is;
		if (is == was)
			continue;
		*type_of(pfn) = is ? MIGRATE_RESERVE : MIGRATE_MOVABLE;
		move_block(pfn, *type_of(pfn));
	}
}

/* --- Reading and comparing --- */

static void read_pages(void)
{
	unsigned long i;

	for (i = 0; i < nr_pages; i++) {
		const struct page *page = pfn_to_page(base + i);

		pages[i] = (struct model_page){ .exists = pfn_valid(base + i),
						.reserved = PageReserved(page),
						.free = !page_count(page), .order = NOT_FREE };
	}
}

static void read_lists(void)
{
	const struct list_head *link;
	unsigned int order, type;

	for (order = 0; order < MAX_ORDER; order++)
		for (type = 0; type < MIGRATE_TYPES; type++)
			list_for_each(link, &zone->free_area[order].free_list[type])
				put(page_to_pfn(list_entry(link, struct page, lru)), order, type,
				    false);
}

void pageblock_model_start(const struct zone *the_zone, enum fallback_policy the_policy)
{
	unsigned long nr_blocks, pfn;

	zone = the_zone;
	policy = the_policy;
	base = zone->zone_start_pfn;
	nr_pages = zone->spanned_pages;
	nr_blocks = (zone_end_pfn(zone) - block_start(base)) / pageblock_nr_pages + 1;
	lowest_rank = highest_rank = 0;
	free(pages);
	free(types);
	pages = calloc(nr_pages, sizeof(*pages));
	types = calloc(nr_blocks, sizeof(*types));
	for_each_pageblock(pfn, zone)
		*type_of(pfn) = get_pfnblock_migratetype(zone, pfn);
	read_pages();
	read_lists();
}

static bool same(const char *what, unsigned long where, unsigned long real, unsigned long model)
{
	if (real != model)
		host_print("%s %lx: %lx, the model has %lx", what, where, real, model);
	return real == model;
}

bool pageblock_model_counts_agree(void)
{
	unsigned long nr_free[MAX_ORDER] = { 0 }, sum = 0, sum_cma = 0, i;
	unsigned int order;
	bool ok = true;

	for (i = 0; i < nr_pages; i++) {
		if (pages[i].order == NOT_FREE || pages[i].list == MIGRATE_ISOLATE)
			continue;
		nr_free[pages[i].order]++;
		sum += 1UL << pages[i].order;
		if (*type_of(base + i) == MIGRATE_CMA)
			sum_cma += 1UL << pages[i].order;
	}
	for (order = 0; order < MAX_ORDER; order++)
		ok &= same("nr_free of order", order, zone->free_area[order].nr_free,
			   nr_free[order]);
	return same("NR_FREE_PAGES", 0, zone_page_state(zone, NR_FREE_PAGES), sum) &
	       same("NR_FREE_CMA_PAGES", 0, zone_page_state(zone, NR_FREE_CMA_PAGES), sum_cma) & ok;
}

/* One list, in its order. */
static bool list_agrees(unsigned int order, enum migratetype type)
{
	const struct list_head *link;
	unsigned long nr = 0, i;
	long last = LONG_MIN;

	for (i = 0; i < nr_pages; i++)
		nr += pages[i].order == (int)order && pages[i].list == type;
	list_for_each(link, &zone->free_area[order].free_list[type]) {
		unsigned long pfn = page_to_pfn(list_entry(link, struct page, lru));
		const struct model_page *page = at(pfn);

		if (!same("order of block", pfn, order, (unsigned long)page->order) ||
		    !same("list of block", pfn, type, page->list) ||
		    !same("place of block", pfn, page->rank > last, true))
			return false;
		last = page->rank;
		nr--;
	}
	return same("blocks missing on list", order * MIGRATE_TYPES + type, 0, nr);
}

bool pageblock_model_agrees(void)
{
	unsigned int order, type;
	unsigned long pfn;
	bool ok = true;

	for_each_pageblock(pfn, zone)
		ok &= same("type of pageblock", pfn, get_pfnblock_migratetype(zone, pfn),
			   *type_of(pfn));
	for (order = 0; order < MAX_ORDER; order++)
		for (type = 0; type < MIGRATE_TYPES; type++)
			ok &= list_agrees(order, type);
	return ok;
}
