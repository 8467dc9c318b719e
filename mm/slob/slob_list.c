// SPDX-License-Identifier: MIT
/*
 * The three lists of pages, and how a block is found in them.
 *
 *    slob_alloc: 24 bytes, from any node
 *      free_slob_small.partial    page    page    page
 *                                 no gap  gap: taken; the next search begins at this page
 *      no page has room?          a new page, in front
 *
 * To search by size of the object keeps small ones, of which there are many, from filling the gaps
 * in which large ones might go. To begin where the last search ended spreads what is searched: with
 * a fixed beginning the first pages would be full of small gaps, and each search go past them.
 *
 * P1. A shared page is on one list, its home: full if fewer than min_units are free, else partial.
 * P2. A page of which all is free is given back at once.
 *
 * After Linux 3.10's mm/slob.c. Differs from it: full pages are on a list too, so that all pages can
 * be found; and a page whose gaps nothing of its list fits in counts as full, so that no search
 * passes it.
 */
#include <kernel/bug.h>
#include <mm/gfp.h>
#include "slob.h"

DEFINE_SPINLOCK(slob_lock);

#define SLOB_LIST(list, min_bytes) struct slob_list list = {			\
	.name = #list, .min_units = (min_bytes) / SLOB_UNIT,			\
	.partial = LIST_HEAD_INIT(list.partial), .full = LIST_HEAD_INIT(list.full) }

/* Of small blocks hardly any fits into 15 bytes: kmalloc(8) takes 16. */
SLOB_LIST(free_slob_small, 16);
SLOB_LIST(free_slob_medium, SLOB_BREAK1);
SLOB_LIST(free_slob_large, SLOB_BREAK2);

struct slob_list *slob_list_of(unsigned int units)
{
	if (units < SLOB_BREAK1 / SLOB_UNIT)
		return &free_slob_small;
	return units < SLOB_BREAK2 / SLOB_UNIT ? &free_slob_medium : &free_slob_large;
}

/* --- Pages --- */

static struct page *ask_for_pages(gfp_t flags, int nid, unsigned int order)
{
	if (likely(nr_online_nodes == 1) || nid == NUMA_NO_NODE)
		return alloc_pages(flags, order);
	return alloc_pages_node(nid, flags, order);
}

struct slob_page *slob_new_pages(struct kmem_cache *cachep, gfp_t flags, int nid,
				 unsigned int order)
{
	struct slob_page *sp;
	unsigned int i;

	BUG_ON(flags & GFP_SLAB_BUG_MASK, "gfp 0x%x", flags);
	sp = (struct slob_page *)ask_for_pages(flags & ~GFP_SLAB_STRIP_MASK, nid, order);
	if (!sp)
		return NULL;
	for (i = 0; i < 1U << order; i++) {
		__SetPageSlab(slob_to_page(sp) + i);
		sp[i].cache = cachep;
		sp[i].home = NULL;
	}
	count_slab_pages(cachep ? cachep : &slob_kmalloc_cache, 1 << order);
	return sp;
}

void slob_free_pages(struct slob_page *sp, unsigned int order)
{
	unsigned int i;

	count_slab_pages(sp->cache ? sp->cache : &slob_kmalloc_cache, -(1 << order));
	atomic_set(&slob_to_page(sp)->_mapcount, -1);
	sp->first = 0;
	for (i = 0; i < 1U << order; i++) {
		__ClearPageSlab(slob_to_page(sp) + i);
		sp[i].cache = NULL;
		sp[i].home = NULL;
	}
	__free_pages(slob_to_page(sp), order);
}

/* --- Blocks --- */

/* P1. Context: slob_lock held; so for all of these. */
static bool is_full(const struct slob_page *sp)
{
	return sp->units < sp->home->min_units;
}

/* Is it memory of the kind that is asked for? */
static bool page_suits(const struct slob_page *sp, const struct slob_request *request)
{
	const struct page *page = (const struct page *)sp;

	if (unlikely(request->flags & __GFP_DMA) && lowest_zone == ZONE_DMA &&
	    page_zonenum(page) != ZONE_DMA)
		return false;
	return request->nid == NUMA_NO_NODE || page_to_nid(page) == request->nid;
}

/* The next search begins at this page. */
static void *take_from_page(const struct slob_request *request, struct slob_page *sp)
{
	unsigned int start = slob_page_alloc(sp, request->units, request->align, request->header);

	if (start != SLOB_NONE)
		list_move_tail(&sp->home->partial, &sp->list);	/* the head, to before this page */
	if (is_full(sp))
		list_move(&sp->list, &sp->home->full);
	if (start == SLOB_NONE)
		return NULL;
	request->cachep->nr_objects++;
	request->cachep->nr_units += request->units;
	return (char *)page_address(slob_to_page(sp)) + start * SLOB_UNIT;
}

static void *take_from_list(const struct slob_request *request, struct slob_list *home)
{
	struct slob_page *sp, *next;
	void *block;

	list_for_each_entry_safe(sp, next, &home->partial, list) {
		if (sp->units < request->units || !page_suits(sp, request))
			continue;
		block = take_from_page(request, sp);
		if (block)
			return block;
	}
	return NULL;
}

static void *search(const struct slob_request *request, struct slob_list *home)
{
	unsigned long flags;
	void *block;

	spin_lock_irqsave(&slob_lock, flags);
	block = take_from_list(request, home);
	spin_unlock_irqrestore(&slob_lock, flags);
	return block;
}

/* From a new page, which is nobody else's until it is on its list. */
static void *take_from_new_page(const struct slob_request *request, struct slob_list *home)
{
	struct slob_page *sp = slob_new_pages(NULL, request->flags, request->nid, 0);
	unsigned long flags;
	void *block;

	if (!sp)
		return NULL;
	slob_page_init(sp);
	sp->home = home;
	spin_lock_irqsave(&slob_lock, flags);
	list_add(&sp->list, &home->partial);
	home->nr_pages++;
	block = take_from_page(request, sp);
	spin_unlock_irqrestore(&slob_lock, flags);
	BUG_ON(!block, "an empty page has no %u units", request->units);
	return block;
}

/* No node has a page to spare, but those that are used already may have a gap. */
static void *take_from_any_node(struct slob_request request, struct slob_list *home)
{
	if (request.nid == NUMA_NO_NODE || request.flags & __GFP_THISNODE)
		return NULL;
	request.nid = NUMA_NO_NODE;
	return search(&request, home);
}

void *slob_alloc(const struct slob_request *request)
{
	struct slob_list *home = slob_list_of(request->units);
	void *block = search(request, home);

	if (likely(block))
		return block;
	block = take_from_new_page(request, home);
	return likely(block) ? block : take_from_any_node(*request, home);
}

/* P1, P2. Return: the page is nobody's any more. */
static bool put_to_page(struct slob_page *sp, bool was_full)
{
	if (sp->units == SLOB_PAGE_UNITS) {
		list_del(&sp->list);
		sp->home->nr_pages--;
		return true;
	}
	if (was_full && !is_full(sp))
		list_move(&sp->list, &sp->home->partial);
	else if (!was_full && is_full(sp))	/* blocks were lost: see slob_block.c */
		list_move(&sp->list, &sp->home->full);
	return false;
}

bool slob_free(struct kmem_cache *cachep, void *block, unsigned int units)
{
	struct slob_page *sp = virt_to_slob(block);
	bool was_full, ok, is_empty = false;
	unsigned long flags;

	spin_lock_irqsave(&slob_lock, flags);
	was_full = is_full(sp);
	ok = slob_page_free(sp, slob_index(block), units);
	if (likely(ok)) {
		cachep->nr_objects--;
		cachep->nr_units -= units;
	}
	is_empty = put_to_page(sp, was_full);
	spin_unlock_irqrestore(&slob_lock, flags);
	if (is_empty)
		slob_free_pages(sp, 0);
	return ok;
}

bool slob_is_free(const void *virt)
{
	struct slob_page *sp = virt_to_slob(virt);
	unsigned long flags;
	bool is_free;

	spin_lock_irqsave(&slob_lock, flags);
	is_free = slob_unit_is_free(sp, slob_index(virt));
	spin_unlock_irqrestore(&slob_lock, flags);
	return is_free;
}
