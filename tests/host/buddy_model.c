// SPDX-License-Identifier: MIT
/*
 * The model of buddy_model.h: for each zone, a pyramid of counters.
 *
 *    level 2   |       3       |       4       |     a run of 4 pages with 4 free ones is full
 *    level 1   |   2   |   1   |   2   |   2   |
 *    level 0   | 1 | 1 | 0 | 1 | 1 | 1 | 1 | 1 |     1: the page is free
 *
 * Runs are aligned to their size by page frame number. Those that stick out of the zone are never
 * full.
 */
#include "host.h"
#include "buddy_model.h"
#include <kernel/sched.h>
#include <mm/mm.h>

#include <stdlib.h>

struct pyramid {
	unsigned long base_pfn;			/* the zone's start, or before: aligned */
	u16 *nr_free[MAX_ORDER];		/* for each run of a level: its free pages */
	unsigned long nr_full[MAX_ORDER];	/* runs of a level whose pages are all free */
};

static struct pyramid pyramids[ARRAY_SIZE(zone_table)];

static struct pyramid *pyramid_of(const struct zone *zone)
{
	return &pyramids[zone_table_idx(zone_to_nid(zone), zone_idx(zone))];
}

static struct zone *zone_of(unsigned long pfn)
{
	struct zone *zone;

	for_each_zone(zone)
		if (zone_spans_pfn(zone, pfn))
			return zone;
	return NULL;
}

/* One more free page, or one less, in the run of each level that @pfn lies in. */
static void count_page(struct pyramid *p, unsigned long pfn, int delta)
{
	unsigned int level;

	for (level = 0; level < MAX_ORDER; level++) {
		u16 *nr_free = &p->nr_free[level][(pfn - p->base_pfn) >> level];

		p->nr_full[level] -= *nr_free == 1u << level;
		*nr_free += delta;
		p->nr_full[level] += *nr_free == 1u << level;
	}
}

static void start_zone(struct zone *zone)
{
	struct pyramid *p = pyramid_of(zone);
	unsigned long nr_runs, pfn;
	unsigned int level;

	p->base_pfn = round_down(zone->zone_start_pfn, MAX_ORDER_NR_PAGES);
	nr_runs = DIV_ROUND_UP(zone_end_pfn(zone) - p->base_pfn, MAX_ORDER_NR_PAGES);
	for (level = 0; level < MAX_ORDER; level++) {
		free(p->nr_free[level]);
		p->nr_free[level] = calloc(nr_runs << (MAX_ORDER - 1 - level), sizeof(u16));
		p->nr_full[level] = 0;
	}
	for (pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone); pfn++)
		if (!PageReserved(pfn_to_page(pfn)) && !page_count(pfn_to_page(pfn)))
			count_page(p, pfn, 1);
}

void model_start(void)
{
	struct zone *zone;

	for_each_zone(zone)
		start_zone(zone);
}

bool model_is_free(unsigned long pfn)
{
	struct zone *zone = zone_of(pfn);
	struct pyramid *p = zone ? pyramid_of(zone) : NULL;

	return p && p->nr_free[0][pfn - p->base_pfn] == 1;
}

bool model_by_zone;
bool model_watermarks;

static bool any_dma_zone(void)
{
	struct zone *zone;

	for_each_zone(zone)
		if (zone_idx(zone) == ZONE_DMA && zone->spanned_pages)
			return true;
	return false;
}

/* The highest zone that a request may use, said in words where gfp.h has a table. */
static int highest_zone(gfp_t gfp_mask)
{
	bool high = gfp_mask & __GFP_HIGHMEM;

	if (gfp_mask & __GFP_DMA)
		return any_dma_zone() ? ZONE_DMA : ZONE_NORMAL;
	if (gfp_mask & __GFP_DMA32)
		return ZONE_NORMAL;
	if (high && (gfp_mask & __GFP_MOVABLE))
		return ZONE_MOVABLE;
	return high ? ZONE_HIGHMEM : ZONE_NORMAL;
}

/*
 * How late node @nid asks a zone: a number for each rule, the weightiest first. Nearer nodes before
 * those that are further away, of two equally far ones the one behind @nid; higher zones before
 * lower ones. "zone" turns the two rules round.
 */
static unsigned long lateness(int nid, const struct zone *zone)
{
	int node = zone_to_nid(zone);
	unsigned long by_node = (unsigned long)abs(node - nid) * 2 + (node < nid);
	unsigned long by_zone = MAX_NR_ZONES - zone_idx(zone);

	return model_by_zone ? by_zone * 100 + by_node : by_node * 100 + by_zone;
}

static bool may_ask(int nid, gfp_t gfp_mask, const struct zone *zone)
{
	return (int)zone_idx(zone) <= highest_zone(gfp_mask) && zone->present_pages &&
	       (!(gfp_mask & __GFP_THISNODE) || zone_to_nid(zone) == nid);
}

/* The zone that is asked before all others, whether or not it has anything. */
static struct zone *class_zone(int nid, gfp_t gfp_mask)
{
	struct zone *zone, *best = NULL;

	for_each_zone(zone)
		if (may_ask(nid, gfp_mask, zone) &&
		    (!best || lateness(nid, zone) < lateness(nid, best)))
			best = zone;
	return best;
}

/* What @zone keeps from requests that mean a zone with index @class: a part of what those have. */
static long kept_from(const struct zone *zone, int class)
{
	static const unsigned int ratio[] = { 256, 32, 32 };
	unsigned long above = 0;
	int idx;

	if (!model_watermarks || class <= (int)zone_idx(zone))
		return 0;
	for (idx = zone_idx(zone) + 1; idx <= class; idx++)
		above += zone->zone_pgdat->node_zones[idx].managed_pages;
	return (long)(above / ratio[zone_idx(zone)]);
}

/* After the block, are there more than @mark pages, half as many from order 1 on, and so on? */
static bool leaves_enough(const struct zone *zone, unsigned int order, long mark, int class)
{
	const struct pyramid *p = pyramid_of(zone);
	unsigned int k;

	for (k = 0; k <= order; k++) {
		long left = (long)(p->nr_full[k] << k) - ((1L << order) - 1);

		if (left <= (mark >> k) + (k ? 0 : kept_from(zone, class)))
			return false;
	}
	return true;
}

/* The mark that a request respects when it has found nothing above low. */
static long lowest_mark(const struct zone *zone, gfp_t gfp_mask)
{
	long mark = (long)zone->watermark[WMARK_MIN];

	if (gfp_mask & __GFP_HIGH)
		mark -= mark / 2;
	if (!(gfp_mask & __GFP_WAIT) && !(gfp_mask & __GFP_NOMEMALLOC))
		mark -= mark / 4;
	return mark;
}

static bool uses_reserves(gfp_t gfp_mask)
{
	return (gfp_mask & __GFP_MEMALLOC || current->flags & PF_MEMALLOC) &&
	       !(gfp_mask & __GFP_NOMEMALLOC) && (gfp_mask & GFP_THISNODE) != GFP_THISNODE;
}

/* Does the zone give the block at the first, second, third attempt? */
static bool gives(const struct zone *zone, unsigned int order, gfp_t gfp_mask, int class, int attempt)
{
	switch (attempt) {
	case 0:
		return leaves_enough(zone, order, (long)zone->watermark[WMARK_LOW], class);
	case 1:
		return leaves_enough(zone, order, lowest_mark(zone, gfp_mask), class);
	default:
		return uses_reserves(gfp_mask) && pyramid_of(zone)->nr_full[order];
	}
}

struct zone *model_zone_for(int nid, gfp_t gfp_mask, unsigned int order)
{
	struct zone *zone, *best = NULL, *class = class_zone(nid, gfp_mask);
	int attempt;

	if (order >= MAX_ORDER || !class)
		return NULL;
	for (attempt = 0; attempt < 3 && !best; attempt++)
		for_each_zone(zone)
			if (may_ask(nid, gfp_mask, zone) &&
			    gives(zone, order, gfp_mask, zone_idx(class), attempt) &&
			    (!best || lateness(nid, zone) < lateness(nid, best)))
				best = zone;
	return best;
}

static bool mark_pages(unsigned long pfn, unsigned long nr_pages, bool to_free)
{
	unsigned long end = pfn + nr_pages;

	for (; pfn < end; pfn++) {
		struct zone *zone = zone_of(pfn);

		if (!zone || model_is_free(pfn) == to_free) {
			host_print("model: pfn %lx was %s already", pfn,
				   to_free ? "free" : "in use");
			return false;
		}
		count_page(pyramid_of(zone), pfn, to_free ? 1 : -1);
	}
	return true;
}

bool model_take(unsigned long pfn, unsigned long nr_pages)
{
	return mark_pages(pfn, nr_pages, false);
}

bool model_give(unsigned long pfn, unsigned long nr_pages)
{
	return mark_pages(pfn, nr_pages, true);
}

static bool same(const struct zone *zone, const char *what, unsigned long real, unsigned long model)
{
	if (real != model)
		host_print("zone %s: %s: %lu, the model has %lu", zone_name(zone), what, real, model);
	return real == model;
}

static bool zone_agrees(const struct zone *zone)
{
	const struct pyramid *p = pyramid_of(zone);
	unsigned int order;
	bool ok = same(zone, "NR_FREE_PAGES", zone_page_state(zone, NR_FREE_PAGES), p->nr_full[0]);

	for (order = 0; order < MAX_ORDER; order++) {
		unsigned long in_larger = order + 1 < MAX_ORDER ? 2 * p->nr_full[order + 1] : 0;

		ok &= same(zone, "blocks of an order", zone->free_area[order].nr_free,
			   p->nr_full[order] - in_larger);
	}
	return ok;
}

bool model_agrees(void)
{
	struct zone *zone;
	bool ok = true;

	for_each_zone(zone)
		ok &= zone_agrees(zone);
	return ok;
}
