/* SPDX-License-Identifier: MIT */
/*
 * Watermarks: how far down a zone may be emptied, and by whom.
 *
 *    free pages of a zone, for a request that means this zone
 *
 *    |//////////////////////////////  everybody
 *    |------------------------------  high   kswapd stops
 *    |//////////////////////////////  everybody
 *    |------------------------------  low    kswapd is woken
 *    |//////////////////////////////  who waits, or has been here before
 *    |------------------------------  min    who waits must free something itself from here on
 *    |                                min/2  __GFP_HIGH
 *    |                                3/8    GFP_ATOMIC: __GFP_HIGH, and does not wait
 *    +------------------------------  0      PF_MEMALLOC, __GFP_MEMALLOC: those who free memory
 *
 * A request that means a higher zone and falls back to this one finds all lines raised by
 * lowmem_reserve[]: lowmem is kept for those who can use nothing else.
 *
 * W1. min <= low <= high in each zone.
 * W2. The min of all lowmem zones together is min_free_kbytes, each zone's in proportion to its
 *     managed pages; that of a high zone a thousandth of it, but 32 to 128 pages.
 * W3. lowmem_reserve[j] of a zone is what the zones above it up to j manage, divided by the zone's
 *     sysctl_lowmem_reserve_ratio; 0 for j at or below the zone itself.
 *
 * watermark_check() looks at these. Names, formulas and constants are those of Linux 3.10
 * (mm/page_alloc.c, mm/internal.h). Everybody but the allocator and reclaim asks for pages in gfp.h.
 */
#ifndef MM_WATERMARK_H
#define MM_WATERMARK_H

#include <mm/gfp.h>
#include <mm/mmzone.h>
#include <mm/vmstat.h>

/* What an attempt to allocate may do. The lowest bits are the watermark that it respects. */
#define ALLOC_WMARK_MIN		WMARK_MIN
#define ALLOC_WMARK_LOW		WMARK_LOW
#define ALLOC_WMARK_HIGH	WMARK_HIGH
#define ALLOC_NO_WATERMARKS	0x04u	/* respects none */
#define ALLOC_WMARK_MASK	(ALLOC_NO_WATERMARKS - 1)
#define ALLOC_HARDER		0x10u	/* goes a quarter further */
#define ALLOC_HIGH		0x20u	/* goes half as far again: __GFP_HIGH */
#define ALLOC_CMA		0x80u	/* may use pageblocks of the contiguous allocator */

_Static_assert(NR_WMARK <= ALLOC_NO_WATERMARKS, "a watermark is named by the lowest bits");
_Static_assert(ALLOC_HIGH == __GFP_HIGH, "the bit is taken over as it is");

/* The lowest and the highest min_free_kbytes that is computed. A setting may be lower, or 0. */
#define MIN_FREE_KBYTES_MIN	128ul
#define MIN_FREE_KBYTES_MAX	65536ul

/* What all lowmem zones together keep free, in KiB; `min_free_kbytes='. */
extern unsigned long min_free_kbytes;

/* For each zone but the highest: see W3. From 1 on; at the largest there is nothing to reserve. */
#define LOWMEM_RESERVE_RATIO_MAX	(1 << 20)
extern int sysctl_lowmem_reserve_ratio[MAX_NR_ZONES - 1];

/* Pages that no ordinary request gets: the high watermarks and the largest reserves of all zones. */
extern unsigned long totalreserve_pages;

/**
 * zone_watermark_ok - would a block leave enough free pages in a zone?
 * @zone: the zone
 * @order: of the block
 * @mark: the watermark to respect, in pages
 * @classzone_idx: the zone that the request means first
 * @alloc_flags: ALLOC_HIGH and ALLOC_HARDER lower @mark, without ALLOC_CMA such pages do not count
 *
 * After the block more than @mark pages and the zone's lowmem_reserve[@classzone_idx] must be left;
 * and for each order from 1 to @order, half as many as for the one before, in blocks of that order
 * or larger. Context: any; the answer may be old when it comes.
 */
bool zone_watermark_ok(const struct zone *zone, unsigned int order, unsigned long mark,
		       enum zone_type classzone_idx, unsigned int alloc_flags);

/*
 * The same for the usual case: if the largest blocks alone are more than the request and all that is
 * to be left, so is the whole, and so are the blocks of each order, because these are among them.
 */
static __always_inline bool zone_watermark_fast(const struct zone *zone, unsigned int order,
						unsigned long mark, enum zone_type classzone_idx,
						unsigned int alloc_flags)
{
	unsigned long nr_largest = READ_ONCE(zone->free_area[MAX_ORDER - 1].nr_free);
	unsigned long wanted = mark + zone->lowmem_reserve[classzone_idx] + (1UL << order) +
			       (unsigned int)atomic_read(&zone->vm_stat[NR_FREE_CMA_PAGES]);

	return likely(nr_largest << (MAX_ORDER - 1) > wanted) ||
	       zone_watermark_ok(zone, order, mark, classzone_idx, alloc_flags);
}

/**
 * init_per_zone_wmark_min - set all watermarks and reserves from the amount of lowmem
 *
 * min_free_kbytes becomes 4 * sqrt(KiB of lowmem), from MIN_FREE_KBYTES_MIN to MIN_FREE_KBYTES_MAX,
 * unless `min_free_kbytes=' says otherwise. Context: boot, when memory is managed.
 */
void init_per_zone_wmark_min(void);

/* Set the watermarks of all zones from min_free_kbytes. Context: any, nobody else sets them. */
void setup_per_zone_wmarks(void);

/* Set the reserves of all zones from sysctl_lowmem_reserve_ratio. Context: as above. */
void setup_per_zone_lowmem_reserve(void);

/* The highest setting of min_free_kbytes: half of lowmem. What is kept is not to be more than the rest. */
unsigned long max_min_free_kbytes(void);

/**
 * set_min_free_kbytes - change min_free_kbytes and with it all watermarks
 * @kbytes: at most max_min_free_kbytes(), which is half of lowmem
 *
 * Return: 0; -EINVAL if it is too much. Differs from Linux, which takes any number.
 */
int set_min_free_kbytes(unsigned long kbytes);

/**
 * set_lowmem_reserve_ratio - change how much of a zone is kept from requests for higher ones
 * @idx: the zone; not the highest
 * @ratio: 1 to LOWMEM_RESERVE_RATIO_MAX: the reserve is that part of the higher zones' pages
 *
 * Return: 0; -EINVAL if one of them cannot be.
 */
int set_lowmem_reserve_ratio(enum zone_type idx, int ratio);

/* Pages above the high watermarks that GFP_USER can have on the node of this CPU. */
unsigned long nr_free_buffer_pages(void);

/**
 * watermark_check - do watermarks and reserves fit the zones' sizes?
 *
 * Checks W1 to W3. Return: true, or false after a message. Context: after init_per_zone_wmark_min();
 * false too if memory has become managed since then.
 */
bool watermark_check(void);

/*
 * Print each zone's free pages and lines, and how many single pages each kind of request may still
 * take from it, by the zone that the request means first. mm/show_watermarks.c. Context: any.
 */
void show_watermarks(void);

#endif
