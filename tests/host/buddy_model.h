/* SPDX-License-Identifier: MIT */
/*
 * What the buddy system should do, without lists, orders of splitting, or merging: for each page
 * frame, is it free?
 *
 * All that is observable follows from that:
 *    a request of order n can be served  <=>  some aligned run of 2^n pages of the zone is all free
 *    free blocks of order n              =    such runs of n that do not lie in one of n + 1
 *
 * So the model counts free pages in each aligned run of each size, and how many runs are full.
 * That holds for watermarks too: pages in blocks of order k or more are the full runs of k.
 *
 * Migrate types are left out: as long as all pageblocks have one of the first three, any request
 * may use any block.
 */
#ifndef BUDDY_MODEL_H
#define BUDDY_MODEL_H

#include <lib/types.h>
#include <mm/gfp.h>
#include <mm/mmzone.h>

/*
 * Read the present state from the memory map: pages that are neither reserved nor referenced are
 * free.
 */
void model_start(void);

/* Are zonelists ordered by zone? Have the zones reserves? To be set before model_start(). */
extern bool model_by_zone, model_watermarks;

/* Is a page free, to the model? */
bool model_is_free(unsigned long pfn);

/*
 * The zone that serves a request which begins at node @nid, by the rules for GFP flags; NULL if
 * none can.
 */
struct zone *model_zone_for(int nid, gfp_t gfp_mask, unsigned int order);

/* Pages become used or free. Return: false if one of them was so already. */
bool model_take(unsigned long pfn, unsigned long nr_pages);
bool model_give(unsigned long pfn, unsigned long nr_pages);

/*
 * Does every zone have as many free pages, and blocks of each order, as the model says? Says what
 * differs.
 */
bool model_agrees(void);

#endif
