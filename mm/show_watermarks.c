// SPDX-License-Identifier: MIT
/*
 * A report on watermarks: who may take how much from each zone at this moment.
 *
 *    Node 0, zone   Normal: free 192391 min 878 low 1097 high 1317
 *      asked for     kept  unhindered  GFP_KERNEL  __GFP_HIGH  GFP_NOWAIT  GFP_ATOMIC    MEMALLOC
 *         Normal        0      191294      191513      191952      191733      192061      192391
 *        HighMem     2048      189246    ...
 *
 * A line for each zone that a request can mean first and fall back from to this one: kept is the
 * zone's lowmem_reserve[] for it, and the rest how many single pages such a request may take until
 * the zone refuses: at the low watermark, where kswapd is woken and the slow path begins (unhindered),
 * and in the slow path by kind of request (the table in mm/alloc_slowpath.c).
 *
 * Numbers are read without a lock: they are those of one moment only if nobody allocates.
 */
#include <kernel/printk.h>
#include <lib/math.h>
#include <mm/mm.h>
#include <mm/watermark.h>

enum taker { UNHINDERED, WAITING, HIGH, NOWAIT, ATOMIC, MEMALLOC, NR_TAKERS };

static const char *const taker_names[NR_TAKERS] = {
	[UNHINDERED] = "unhindered", [WAITING] = "GFP_KERNEL", [HIGH] = "__GFP_HIGH",
	[NOWAIT] = "GFP_NOWAIT", [ATOMIC] = "GFP_ATOMIC", [MEMALLOC] = "MEMALLOC",
};

/* Where zone_watermark_ok() ends for a kind of request, without the reserve. */
static unsigned long mark_of(const struct zone *zone, enum taker taker)
{
	unsigned long min = min_wmark_pages(zone), half = min - min / 2;

	switch (taker) {
	case UNHINDERED:
		return low_wmark_pages(zone);
	case WAITING:
		return min;
	case HIGH:
		return half;
	case NOWAIT:
		return min - min / 4;
	case ATOMIC:
		return half - half / 4;
	default:
		return 0;
	}
}

/* Does any node have a zone with this index, so that a request can mean it? */
static bool zone_is_asked_for(int idx)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		if ((int)zone_idx(zone) == idx)
			return true;
	return false;
}

static void show_takers(const struct zone *zone, unsigned long nr_free, int classzone_idx)
{
	unsigned long kept = zone->lowmem_reserve[classzone_idx];
	int taker;

	printk(KERN_INFO "  %9s %8lu", zone_names[classzone_idx], kept);
	for (taker = 0; taker < NR_TAKERS; taker++) {
		unsigned long left = taker == MEMALLOC ? 0 : mark_of(zone, taker) + kept;

		pr_cont(" %11lu", nr_free > left ? nr_free - left : 0);
	}
	pr_cont("\n");
}

static void show_zone_watermarks(const struct zone *zone)
{
	unsigned long nr_free = zone_page_state(zone, NR_FREE_PAGES);
	int idx;

	printk(KERN_INFO "Node %d, zone %8s: free %lu min %lu low %lu high %lu\n",
	       zone_to_nid(zone), zone_name(zone), nr_free, min_wmark_pages(zone), low_wmark_pages(zone),
	       high_wmark_pages(zone));
	printk(KERN_INFO "  %9s %8s", "asked for", "kept");
	for (idx = 0; idx < NR_TAKERS; idx++)
		pr_cont(" %11s", taker_names[idx]);
	pr_cont("\n");
	for (idx = (int)zone_idx(zone); idx < MAX_NR_ZONES; idx++)
		if (zone_is_asked_for(idx))
			show_takers(zone, nr_free, idx);
}

void show_watermarks(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		show_zone_watermarks(zone);
}
