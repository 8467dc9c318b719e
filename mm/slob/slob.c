// SPDX-License-Identifier: MIT
/*
 * The simple list of blocks: objects of all caches side by side, wherever there is a gap. For the
 * smallest machines: it wastes least, has the least code, and is slow. After Matt Mackall's of
 * Linux 2.6.16, in the form that Linux 3.10 has in mm/slob.c.
 *
 *    kmem_cache_alloc                     kmem_cache_free, kfree
 *      smaller than a page?                 a shared page? as many units as the cache's objects
 *        slob_alloc: first fit                have, or as is written before the object: slob_free
 *        a new page
 *        the constructor
 *      slob_own_alloc: pages of its own     a page of the cache's own? slob_own_free
 *      kmalloc_large()                      neither? kfree_large()
 *
 * C1. Every page that slob has has PG_slab. A shared page has no cache.
 * C2. A cache counts its objects, nr_objects, and the units that they take in shared pages. All
 *     units of shared pages are free, counted, or lost (slob_block.c).
 *
 * Blocks and lists have B1, B2 (slob_block.c), P1 and P2 (slob_list.c); caches with pages of their
 * own, W1 to W3 (slob_own.c). slob_check() walks all of this.
 *
 * Whose a block is, or where in it one object ends and the next begins, is written nowhere. So an
 * object that is freed to another cache than its own is not noticed, unless the count of that one
 * is zero; a cache that is destroyed cannot name its objects; and a constructor runs at each
 * allocation, since what it wrote is gone once a block is merged with others: differs from O2 of
 * slab.h. Objects that are looked after (`slab_debug=') have pages of their own, where all that is
 * known.
 *
 * The other files, from objects down to blocks: slob_kmalloc.c, slob_own.c, slob_list.c,
 * slob_block.c; and slob_init.c, slob_check.c.
 */
#include <kernel/bug.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include "slob.h"

/* --- Allocating --- */

static void *alloc_shared(struct kmem_cache *cachep, gfp_t flags, int nid)
{
	const struct slob_request request = {
		.cachep = cachep, .units = cachep->units, .align = cachep->align_units,
		.flags = flags | cachep->allocflags, .nid = nid,
	};
	void *objp = slob_alloc(&request);

	if (cachep->ctor && likely(objp))
		cachep->ctor(objp);
	return objp;
}

static void *alloc_object(struct kmem_cache *cachep, gfp_t flags, int nid, const void *caller)
{
	return likely(cachep->units) ? alloc_shared(cachep, flags, nid) :
	       slob_own_alloc(cachep, flags, nid, caller);
}

void *__kmem_cache_alloc(struct kmem_cache *cachep, gfp_t flags)
{
	return alloc_object(cachep, flags, NUMA_NO_NODE, __builtin_return_address(0));
}

void *kmem_cache_alloc_track(struct kmem_cache *cachep, gfp_t flags, int nid, const void *caller)
{
	void *objp;

	BUG_ON(nid != NUMA_NO_NODE && !node_online(nid), "node %d of %d", nid, nr_online_nodes);
	VM_BUG_ON(flags & __GFP_ZERO && cachep->ctor, "%s has a constructor", cachep->name);
	objp = alloc_object(cachep, flags, nid, caller);
	if (flags & __GFP_ZERO && likely(objp))
		memset(objp, 0, cachep->object_size);
	return objp;
}

void *kmem_cache_alloc_any(struct kmem_cache *cachep, gfp_t flags)
{
	return kmem_cache_alloc_track(cachep, flags, NUMA_NO_NODE, __builtin_return_address(0));
}

/* --- Freeing --- */

/* What is wrong with an address that is to be freed to @cachep; NULL as far as one can see here. */
static const char *bad_object(struct kmem_cache *cachep, const void *objp, char *text, size_t size)
{
	const struct kmem_cache *owner;

	if (!virt_addr_valid(objp))
		return "is no address of lowmem";
	if (!slob_is_slob(virt_to_slob(objp)))
		return "lies in no slab";
	owner = virt_to_slob(objp)->cache;
	if (owner && owner != cachep) {
		snprintf(text, size, "is of cache %s", owner->name);
		return text;
	}
	if (!owner && !cachep->units)
		return "lies in a page that caches share";
	if (!IS_ALIGNED((unsigned long)objp, cachep->align))
		return "is not aligned as its cache's objects are";
	return NULL;
}

/* Context: bad_object() has found nothing wrong. */
static void free_shared(struct kmem_cache *cachep, void *objp, const void *caller)
{
	if (likely(slob_free(cachep, objp, cachep->units)))
		return;
	if (slob_is_free(objp))
		slab_error(cachep, objp, "is free already", caller);
	else if (!READ_ONCE(cachep->nr_objects))
		slab_error(cachep, objp, "is of another cache: nobody has objects of this one", caller);
	else
		slab_error(cachep, objp, "lies in no block of its size", caller);
}

void kmem_cache_free(struct kmem_cache *cachep, void *objp)
{
	const void *caller = __builtin_return_address(0);
	char text[80];
	const char *what = bad_object(cachep, objp, text, sizeof(text));

	if (unlikely(what))
		slab_error(cachep, objp, what, caller);
	else if (likely(cachep->units))
		free_shared(cachep, objp, caller);
	else
		slob_own_free(cachep, objp, caller);
}
