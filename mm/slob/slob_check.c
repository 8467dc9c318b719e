// SPDX-License-Identifier: MIT
/*
 * Walks the three lists and counts: C1 and C2 of slob.c, P1 and P2 of slob_list.c; and, by
 * slob_page_check(), B1 and B2.
 */
#define pr_fmt(fmt) "slob_check: " fmt
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <mm/memmap.h>
#include "slob.h"

#define slob_ok(ok, fmt, ...) ({							\
	bool __ok = (ok);								\
	if (!__ok)									\
		pr_err(fmt "\n", ##__VA_ARGS__);					\
	__ok; })

/* What a walk has seen. */
struct slob_sum {
	unsigned int nr_pages;
	unsigned long free_units;
};

/* --- Pages --- */

static bool check_page(const struct slob_list *home, const struct slob_page *sp)
{
	const struct page *page = (const struct page *)sp;

	return slob_ok(page_in_map(page), "%p on list %s is no page", (const void *)sp, home->name) &&
	       slob_ok(slob_is_slob(sp) && sp->home == home && !sp->cache,
		       "C1, P1: page %p on list %s", page_address(page), home->name) &&
	       slob_ok(sp->units < SLOB_PAGE_UNITS, "P2: page %p on list %s is empty",
		       page_address(page), home->name) &&
	       slob_page_check(sp);
}

static bool check_pages(const struct slob_list *home, const struct list_head *list, bool full,
			struct slob_sum *sum)
{
	const struct slob_page *sp;

	list_for_each_entry(sp, list, list) {
		if (!slob_ok(sp->list.next->prev == &sp->list, "list %s is torn at %p", home->name,
			     (const void *)sp) || !check_page(home, sp) ||
		    !slob_ok((sp->units < home->min_units) == full, "P1: page %p with %u free units, list %s",
			     page_address((const struct page *)sp), sp->units, home->name))
			return false;
		sum->nr_pages++;
		sum->free_units += sp->units;
	}
	return true;
}

static bool check_list(const struct slob_list *home, struct slob_sum *sum)
{
	struct slob_sum here = { 0 };

	if (!check_pages(home, &home->partial, false, &here) ||
	    !check_pages(home, &home->full, true, &here) ||
	    !slob_ok(here.nr_pages == home->nr_pages, "list %s has %u pages, and counts %u",
		     home->name, here.nr_pages, home->nr_pages))
		return false;
	sum->nr_pages += here.nr_pages;
	sum->free_units += here.free_units;
	return true;
}

/* --- Counts --- */

/*
 * C2. Context: nobody makes a cache or destroys one. Those that are not on the list, because they
 * are being made, have no objects.
 */
static unsigned long units_in_use(void)
{
	struct kmem_cache *cachep;
	unsigned long sum = 0;

	list_for_each_entry(cachep, &slab_caches, list)
		sum += cachep->nr_units;
	return sum;
}

bool slob_check(void)
{
	struct slob_sum sum = { 0 };
	unsigned long flags, in_use;
	bool ok;

	spin_lock_irqsave(&slob_lock, flags);
	in_use = units_in_use();
	ok = check_list(&free_slob_small, &sum) && check_list(&free_slob_medium, &sum) &&
	     check_list(&free_slob_large, &sum) &&
	     slob_ok(sum.free_units + in_use + slob_lost_units ==
		     (unsigned long)sum.nr_pages * SLOB_PAGE_UNITS,
		     "C2: %u pages have %lu free units, caches have %lu, lost %lu", sum.nr_pages,
		     sum.free_units, in_use, slob_lost_units);
	spin_unlock_irqrestore(&slob_lock, flags);
	return ok;
}

bool kmem_cache_check(struct kmem_cache *cachep)
{
	unsigned long flags;
	bool ok;

	if (cachep->units)
		return slob_check();
	spin_lock_irqsave(&slob_lock, flags);
	ok = slob_own_check(cachep);
	spin_unlock_irqrestore(&slob_lock, flags);
	return ok;
}

unsigned long kmem_cache_objects_in_use(struct kmem_cache *cachep)
{
	return READ_ONCE(cachep->nr_objects) - (unsigned long)atomic_read(&cachep->nr_isolated);
}

static unsigned int objects_per_slab(const struct kmem_cache *cachep)
{
	if (!cachep->units)
		return cachep->num;
	return cachep->size ? (unsigned int)PAGE_SIZE / cachep->size : 0;
}

/*
 * Nothing is put aside, and no page is a cache's: what counts as its slabs are as many pages as its
 * objects would fill.
 */
void get_slabinfo(struct kmem_cache *cachep, struct slabinfo *info)
{
	unsigned long nr_slabs = cachep->nr_slabs + DIV_ROUND_UP(cachep->nr_units, SLOB_PAGE_UNITS);

	*info = (struct slabinfo){
		.active_objs = cachep->nr_objects, .num_objs = cachep->nr_objects,
		.active_slabs = nr_slabs, .num_slabs = nr_slabs,
		.objects_per_slab = objects_per_slab(cachep),
		.cache_order = cachep->gfporder,
	};
}
