/* SPDX-License-Identifier: MIT */
/*
 * Between the two halves of allocating: mm/page_alloc.c, where requests end that find what they want,
 * and mm/alloc_slowpath.c for the others.
 */
#ifndef MM_INTERNAL_H
#define MM_INTERNAL_H

#include <mm/gfp.h>
#include <mm/mmzone.h>
#include <mm/watermark.h>

/**
 * struct alloc_context - a request
 * @gfp_mask: as it came
 * @order: as it came
 * @zonelist: the zones that may serve it
 * @caller: who asked, for messages
 */
struct alloc_context {
	gfp_t gfp_mask;
	unsigned int order;
	const struct zonelist *zonelist;
	const void *caller;
};

/* Where in the zonelist a request begins; the zone there is its class zone. */
static inline const struct zoneref *first_zoneref(const struct alloc_context *ac)
{
	return ac->zonelist->first[ac->gfp_mask & GFP_ZONEMASK];
}

/* Pageblocks of the contiguous allocator are for movable pages only. */
static inline unsigned int gfp_to_cma_flag(gfp_t gfp_mask)
{
	return gfp_mask & __GFP_MOVABLE ? ALLOC_CMA : 0;
}

/**
 * get_page_from_freelist - a block from the best zone that may give it
 * @ac: the request
 * @alloc_flags: how far down zones may be emptied: ALLOC_...
 *
 * Attempts that stop at the low watermark refill this CPU's lists by the way; others take one block
 * from the free lists, so that none of the reserve ends on lists from which anybody takes. Return: its
 * first page, or NULL.
 */
struct page *get_page_from_freelist(const struct alloc_context *ac, unsigned int alloc_flags);

/**
 * __alloc_pages_slowpath - no zone had the block above its low watermark
 * @ac: the request
 *
 * Return: the block; NULL after a report, if there is none to be had.
 */
struct page *__alloc_pages_slowpath(const struct alloc_context *ac) __cold;

#endif
