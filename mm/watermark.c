// SPDX-License-Identifier: MIT
/*
 * Watermarks and reserves: computing them, and the part of the check that looks at large blocks.
 * See watermark.h for the picture and W1 to W3.
 *
 *    min_free_kbytes = sqrt(lowmem_kbytes * 16)
 *       lowmem   16 MiB    64 MiB   256 MiB   760 MiB
 *       min      512 KiB  1024 KiB  2048 KiB  3528 KiB
 *
 * A square root, because a larger machine does not free memory more slowly in proportion: what is
 * kept free bridges the time until kswapd, or the request itself, has freed some.
 *
 *    one zone, 760 MiB         min  3528 KiB = 882 pages
 *                              low  min + min / 4
 *                              high min + min / 2
 *
 * Station names as in Linux 3.10: init_per_zone_wmark_min() -> setup_per_zone_wmarks(),
 * setup_per_zone_lowmem_reserve() -> calculate_totalreserve_pages(). The first of these also sets
 * pageblocks aside, as large as min: setup_zone_migrate_reserve() in mm/pageblock.c.
 */
#define pr_fmt(fmt) "watermark: " fmt
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/pageblock.h>
#include <mm/vmscan.h>
#include <mm/watermark.h>
#include "check.h"

/* A high zone's min: nobody but reclaim itself needs such pages urgently. */
#define HIGH_MIN_PAGES		SWAP_CLUSTER_MAX
#define HIGH_MAX_PAGES		128ul
#define HIGH_SHARE		1024

#define K(pages)	((pages) << (PAGE_SHIFT - 10))

unsigned long min_free_kbytes;
unsigned long totalreserve_pages;

/* Lowmem has to be kept from requests for high memory more than a DMA zone from those for lowmem. */
int sysctl_lowmem_reserve_ratio[MAX_NR_ZONES - 1] = {
	[ZONE_DMA] = 256,
	[ZONE_NORMAL] = 32,
	[ZONE_HIGHMEM] = 32,
};

/* What `min_free_kbytes=' asks for; NOT_GIVEN without it. */
#define NOT_GIVEN	(~0UL)
static unsigned long user_min_free_kbytes = NOT_GIVEN;

/* Serialises changes; readers see either value. */
static DEFINE_SPINLOCK(watermark_lock);

static int __init min_free_kbytes_setup(char *value)
{
	unsigned long kbytes;

	if (kstrtoul(value, 0, &kbytes) || kbytes == NOT_GIVEN)
		return -EINVAL;
	user_min_free_kbytes = kbytes;
	return 0;
}
__setup("min_free_kbytes=", min_free_kbytes_setup);

/* --- The check --- */

/*
 * Blocks of the orders below the one that is wanted do not count for it; the larger the order, the
 * fewer pages need be in such blocks.
 */
static bool each_order_ok(const struct zone *zone, unsigned int order, long min, long free_pages)
{
	unsigned int o;

	for (o = 0; o < order; o++) {
		free_pages -= (long)(READ_ONCE(zone->free_area[o].nr_free) << o);
		min >>= 1;
		if (free_pages <= min)
			return false;
	}
	return true;
}

bool zone_watermark_ok(const struct zone *zone, unsigned int order, unsigned long mark,
		       enum zone_type classzone_idx, unsigned int alloc_flags)
{
	long min = (long)mark, free_pages;

	VM_BUG_ON(order >= MAX_ORDER || classzone_idx >= MAX_NR_ZONES, "order %u, zone %u", order,
		  classzone_idx);
	free_pages = (long)zone_page_state(zone, NR_FREE_PAGES) - (1L << order) + 1;
	if (alloc_flags & ALLOC_HIGH)
		min -= min / 2;
	if (alloc_flags & ALLOC_HARDER)
		min -= min / 4;
	if (!(alloc_flags & ALLOC_CMA))
		free_pages -= (long)zone_page_state(zone, NR_FREE_CMA_PAGES);
	return free_pages + bug(WATERMARK_ONE) >
		       min + (bug(RESERVE_IGNORED) ? 0 : (long)zone->lowmem_reserve[classzone_idx]) &&
	       each_order_ok(zone, order, min, free_pages);
}

/* --- Watermarks --- */

static unsigned long lowmem_managed_pages(void)
{
	unsigned long nr_pages = 0;
	struct zone *zone;

	for_each_zone(zone)
		if (!is_highmem(zone))
			nr_pages += zone->managed_pages;
	return nr_pages;
}

/* W2: @share is what the zone would have of min_free_kbytes, were it lowmem. */
static unsigned long zone_min_pages(const struct zone *zone, unsigned long share)
{
	if (!is_highmem(zone))
		return share;
	return clamp(zone->managed_pages / HIGH_SHARE, HIGH_MIN_PAGES, HIGH_MAX_PAGES);
}

static unsigned long zone_share(const struct zone *zone, unsigned long lowmem_pages)
{
	u64 pages_min = min_free_kbytes >> (PAGE_SHIFT - 10);

	return lowmem_pages ? (unsigned long)(pages_min * zone->managed_pages / lowmem_pages) : 0;
}

/* Pages that are not to be counted on, of all zones. */
static void calculate_totalreserve_pages(void)
{
	unsigned long reserve = 0;
	struct zone *zone;
	int j;

	for_each_zone(zone) {
		unsigned long max = 0;

		for (j = zone_idx(zone); j < MAX_NR_ZONES; j++)
			max = max(max, zone->lowmem_reserve[j]);
		reserve += min(max + high_wmark_pages(zone), zone->managed_pages);
	}
	totalreserve_pages = reserve;
}

void setup_per_zone_wmarks(void)
{
	unsigned long lowmem_pages = lowmem_managed_pages();
	struct zone *zone;

	for_each_zone(zone) {
		unsigned long share = zone_share(zone, lowmem_pages);
		unsigned long min = zone_min_pages(zone, share);

		WRITE_ONCE(zone->watermark[WMARK_MIN], min);
		WRITE_ONCE(zone->watermark[WMARK_LOW], min + share / 4);
		WRITE_ONCE(zone->watermark[WMARK_HIGH], min + share / 2);
		setup_zone_migrate_reserve(zone);
	}
	calculate_totalreserve_pages();
}

/* --- Reserves --- */

/* W3, for the zones of a node below @j. */
static void set_reserves_below(pg_data_t *pgdat, int j)
{
	unsigned long managed = pgdat->node_zones[j].managed_pages;
	int idx;

	for (idx = MAX_NR_ZONES - 1; idx >= j; idx--)
		pgdat->node_zones[idx].lowmem_reserve[j] = 0;
	for (idx = j - 1; idx >= 0; idx--) {
		struct zone *lower = &pgdat->node_zones[idx];

		WRITE_ONCE(lower->lowmem_reserve[j],
			   managed / (unsigned int)sysctl_lowmem_reserve_ratio[idx]);
		managed += lower->managed_pages;
	}
}

void setup_per_zone_lowmem_reserve(void)
{
	pg_data_t *pgdat;
	int j;

	for_each_online_pgdat(pgdat)
		for (j = 0; j < MAX_NR_ZONES; j++)
			set_reserves_below(pgdat, j);
	calculate_totalreserve_pages();
}

/* --- Settings --- */

/* The first call comes before there are watermarks. */
unsigned long nr_free_buffer_pages(void)
{
	const struct zoneref *z;
	unsigned long sum = 0;
	struct zone *zone;

	for_each_zone_zonelist(zone, z, node_zonelist(numa_node_id(), GFP_KERNEL), gfp_zone(GFP_USER))
		if (zone->managed_pages > high_wmark_pages(zone))
			sum += zone->managed_pages - high_wmark_pages(zone);
	return sum;
}

unsigned long max_min_free_kbytes(void)
{
	return K(lowmem_managed_pages()) / 2;
}

static unsigned long user_setting(void)
{
	unsigned long limit = max_min_free_kbytes();

	if (user_min_free_kbytes <= limit)
		return user_min_free_kbytes;
	pr_err("min_free_kbytes=%lu is more than half of lowmem: limiting to %lu\n",
	       user_min_free_kbytes, limit);
	return limit;
}

void init_per_zone_wmark_min(void)
{
	unsigned long lowmem_kbytes = K(nr_free_buffer_pages());

	if (user_min_free_kbytes == NOT_GIVEN)
		min_free_kbytes = clamp(int_sqrt(lowmem_kbytes * 16), MIN_FREE_KBYTES_MIN,
					MIN_FREE_KBYTES_MAX);
	else
		min_free_kbytes = user_setting();
	setup_per_zone_wmarks();
	setup_per_zone_lowmem_reserve();
	pr_info("min_free_kbytes %lu, %lu pages kept from ordinary requests\n", min_free_kbytes,
		totalreserve_pages);
}

int set_min_free_kbytes(unsigned long kbytes)
{
	if (kbytes > max_min_free_kbytes())
		return -EINVAL;
	spin_lock(&watermark_lock);
	min_free_kbytes = kbytes;
	setup_per_zone_wmarks();
	spin_unlock(&watermark_lock);
	return 0;
}

int set_lowmem_reserve_ratio(enum zone_type idx, int ratio)
{
	if (idx >= MAX_NR_ZONES - 1 || ratio < 1 || ratio > LOWMEM_RESERVE_RATIO_MAX)
		return -EINVAL;
	spin_lock(&watermark_lock);
	sysctl_lowmem_reserve_ratio[idx] = ratio;
	setup_per_zone_lowmem_reserve();
	spin_unlock(&watermark_lock);
	return 0;
}

/* --- Looking --- */

static bool check_wmarks(const struct zone *zone, unsigned long lowmem_pages)
{
	unsigned long share = zone_share(zone, lowmem_pages), min = min_wmark_pages(zone);

	return zone_ok(min <= low_wmark_pages(zone) && low_wmark_pages(zone) <= high_wmark_pages(zone),
		       zone, "W1: min %lu, low %lu, high %lu", min, low_wmark_pages(zone),
		       high_wmark_pages(zone)) &&
	       zone_ok(min == zone_min_pages(zone, share), zone, "W2: min %lu, not %lu", min,
		       zone_min_pages(zone, share));
}

/* W3, written the other way round: what zones @zone + 1 to j manage, for each j. */
static bool check_reserves(const struct zone *zone)
{
	unsigned long above = 0;
	int idx = zone_idx(zone), j;

	for (j = 0; j < MAX_NR_ZONES; j++) {
		unsigned long expected = 0;

		if (j > idx) {
			above += zone->zone_pgdat->node_zones[j].managed_pages;
			expected = above / (unsigned int)sysctl_lowmem_reserve_ratio[idx];
		}
		if (!zone_ok(zone->lowmem_reserve[j] == expected, zone,
			     "W3: lowmem_reserve[%d] is %lu, not %lu", j, zone->lowmem_reserve[j],
			     expected))
			return false;
	}
	return true;
}

bool watermark_check(void)
{
	unsigned long lowmem_pages = lowmem_managed_pages();
	struct zone *zone;
	bool ok = true;

	for_each_zone(zone)
		ok &= check_wmarks(zone, lowmem_pages) && check_reserves(zone);
	return ok;
}
