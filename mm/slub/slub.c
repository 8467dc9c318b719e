// SPDX-License-Identifier: MIT
/*
 * The unqueued slab allocator: how an object is given out and taken back. After Christoph
 * Lameter's, in the form that Linux 3.10 has in mm/slub.c.
 *
 * Where slab (SLAB=slab) keeps addresses of free objects in arrays, in several places, here each
 * CPU has whole slabs, and free objects are linked to each other: no memory is needed to keep
 * memory.
 *
 *    kmem_cache_alloc                             kmem_cache_free, kfree
 *      first of this CPU's freelist                 an object of the slab that this CPU has?
 *      none? alloc_slow                               to the front of its freelist
 *        what was freed to the slab: get_freelist   of the one that it freed to last?
 *        c->partial, the next slab                    to the front of that list
 *        n->partial: get_partial                    neither? cache_free_slow
 *        new_slab                                     what is wrong with it?
 *        other nodes: fallback_alloc                  the list to its slab: __slab_free
 *                                                     a new list begins
 *
 * What is above runs with interrupts off and takes no lock. A cache whose objects are looked after
 * (slab_debug.c) has no CPU slabs: each object comes from its slab and goes there by itself.
 *
 * U1. Every page of a slab has PG_slab and the slab's cache; slabs have the order of their cache.
 * U2. Objects on a slab's freelist are its num - inuse. What a CPU has on c->freelist or c->freed
 *     counts as in use.
 * U3. An object is in one place: given out; or on one freelist, once.
 * U4. A slab that is frozen is some CPU's, c->page or on c->partial; or it is isolated. One that is
 *     not is on its node's list if it has free objects, and nowhere if it has none.
 * U5. What a CPU has is changed by this CPU only, with interrupts off. Its slabs are of its node.
 * U6. list_lock is held with interrupts off, and no two at a time.
 *
 * A freelist leads through memory that others had, and may write to: so where it leads is checked
 * before it is followed. If it leads astray the slab is isolated: nobody gets objects of it any more,
 * and those that are given out stay good.
 *
 * kmem_cache_check() walks all of this. The other files: slub_cpu.c, slub_node.c, slub_page.c,
 * slub_order.c; and slub_init.c, slub_merge.c, slub_shrink.c, slub_walk.c, slub_check.c.
 */
#include <kernel/bug.h>
#include <lib/string.h>
#include <mm/fail_page_alloc.h>
#include <mm/mm.h>
#include "slub.h"

/* --- Allocating --- */

/* Does this CPU's freelist begin with an object? If not, it has none any more. */
static bool freelist_is_good(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	struct slab *slab = c->page;
	void *objp = c->freelist;

	if (likely(is_object_of(s, c->base, objp)))
		return true;
	c->freelist = NULL;
	set_cpu_slab(c, NULL);
	isolate_slab(s, slab, objp);
	return false;
}

/*
 * The free objects of a slab, which is then c->page: what this CPU has at hand, or its node. NULL if
 * there are none. Context: interrupts off; c->freelist is empty.
 */
static void *refill(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	void *freelist = NULL;

	flush_detached(s, c);
	if (c->page)
		freelist = get_freelist(s, c->page);
	if (!freelist && c->partial) {
		set_cpu_slab(c, c->partial);
		c->partial = c->partial->next;
		freelist = get_freelist(s, c->page);
	}
	if (freelist)
		return freelist;
	set_cpu_slab(c, NULL);
	return get_partial(s, c);
}

/* An object of what is there already; NULL if there is none. */
static void *alloc_from_cpu(struct kmem_cache *s)
{
	struct kmem_cache_cpu *c;
	unsigned long flags;
	void *objp;

	local_irq_save(flags);
	c = this_cpu_ptr(s->cpu_slab);
	do {
		if (!c->freelist)
			c->freelist = refill(s, c);
		objp = c->freelist;
	} while (objp && !freelist_is_good(s, c));
	if (objp)
		c->freelist = get_freepointer(s, objp);
	local_irq_restore(flags);
	return objp;
}

/* A new slab becomes this CPU's, unless it has one by now, or is of another node. */
static void adopt_slab(struct kmem_cache *s, struct slab *slab)
{
	struct kmem_cache_cpu *c;
	unsigned long flags;

	local_irq_save(flags);
	c = this_cpu_ptr(s->cpu_slab);
	if (likely(!c->page && slab_nid(slab) == numa_node_id())) {
		c->freelist = slab->state.freelist;
		set_cpu_slab(c, slab);
		slab->state = (union freelist_state){ { .inuse = s->num, .frozen = 1 } };
	} else {
		add_new_slab(s, slab);
	}
	local_irq_restore(flags);
}

/* An object that is free already, of the nearest node that the request may be served from. */
static void *alloc_from_any_node(struct kmem_cache *s, gfp_t flags)
{
	const struct zonelist *zonelist = node_zonelist(numa_node_id(), flags);
	const struct zoneref *z;
	struct zone *zone;
	void *objp;

	for_each_zone_zonelist(zone, z, zonelist, gfp_high_zoneidx(flags)) {
		objp = alloc_single_from_partial(s, zone_to_nid(zone));
		if (objp)
			return objp;
	}
	return NULL;
}

/* The node that was asked has no memory. */
static void *fallback_alloc(struct kmem_cache *s, gfp_t flags)
{
	struct slab *slab;
	void *objp;

	if (flags & __GFP_THISNODE || nr_online_nodes == 1)
		return NULL;
	while (!(objp = alloc_from_any_node(s, flags))) {
		slab = new_slab(s, flags, NUMA_NO_NODE);
		if (!slab)
			return NULL;
		add_new_slab(s, slab);
	}
	return objp;
}

static void *alloc_local(struct kmem_cache *s, gfp_t flags)
{
	struct slab *slab;
	void *objp;

	while (!(objp = alloc_from_cpu(s))) {
		slab = new_slab(s, flags, numa_node_id());
		if (!slab)
			return fallback_alloc(s, flags);
		adopt_slab(s, slab);
	}
	return objp;
}

/* By itself, without a slab for this CPU: of another node, or one that is looked after. */
static void *alloc_single(struct kmem_cache *s, gfp_t flags, int nid)
{
	struct slab *slab;
	void *objp;

	while (!(objp = alloc_single_from_partial(s, nid))) {
		slab = new_slab(s, flags, nid);
		if (!slab)
			return fallback_alloc(s, flags);
		add_new_slab(s, slab);
	}
	return objp;
}

static void *alloc_slow(struct kmem_cache *s, gfp_t flags, int nid, const void *caller)
{
	bool local = nid == NUMA_NO_NODE || nid == numa_node_id();
	void *objp;

	BUG_ON(nid != NUMA_NO_NODE && !node_online(nid), "node %d of %d", nid, nr_online_nodes);
	if (likely(local && !is_debugged(s)))
		return alloc_local(s, flags);
	if (is_debugged(s) && should_failslab(s, flags, caller))
		return NULL;
	do
		objp = alloc_single(s, flags, local ? numa_node_id() : nid);
	while (objp && is_debugged(s) && !slab_debug_alloc(s, objp, caller));
	return objp;
}

void *kmem_cache_alloc_miss(struct kmem_cache *s, gfp_t flags)
{
	return alloc_slow(s, flags, NUMA_NO_NODE, __builtin_return_address(0));
}

/* Context: the object is out, or there is none. */
static __always_inline void *zero_if_asked(const struct kmem_cache *s, void *objp, gfp_t flags,
					   const void *caller)
{
	objp = kasan_slab_alloc(s, objp, caller);
	VM_BUG_ON(flags & __GFP_ZERO && s->ctor, "%s has a constructor", s->name);
	return flags & __GFP_ZERO && likely(objp) ? memset(objp, 0, s->object_size) : objp;
}

void *kmem_cache_alloc_track(struct kmem_cache *s, gfp_t flags, int nid, const void *caller)
{
	bool local = nid == NUMA_NO_NODE || nid == numa_node_id();
	void *objp;

	if (unlikely(!local || !freelist_pop(s, &objp)))
		objp = alloc_slow(s, flags, nid, caller);
	return zero_if_asked(s, objp, flags, caller);
}

void *kmem_cache_alloc_any(struct kmem_cache *s, gfp_t flags)
{
	void *objp;

	if (unlikely(!freelist_pop(s, &objp)))
		objp = alloc_slow(s, flags, NUMA_NO_NODE, __builtin_return_address(0));
	return zero_if_asked(s, objp, flags, __builtin_return_address(0));
}

/* --- Freeing --- */

/*
 * Is @objp an object of the slab at @base, of a cache whose first objects begin there? NO_SLAB has none,
 * but an odd address behind NULL looks like one: the MMU knows that nothing may be stored there.
 */
static __always_inline bool is_object_at(const struct kmem_cache *s, const void *base, const void *objp)
{
	u32 distance = (u32)objp - (u32)base;
	union start_test test;

	if (unlikely(distance > s->slab_mask))
		return false;
	test.both = READ_ONCE(s->start_test.both);
	return likely(distance * test.reciprocal_size < test.start_limit);
}

/* Return: is the object now on the list of those of another slab? */
static __always_inline bool push_detached(struct kmem_cache *s, struct kmem_cache_cpu *c, void *objp)
{
	const union slab_freelist list = { .both = READ_ONCE(c->freed.list.both) };

	if (unlikely(!is_object_at(s, list.base, objp) || list.freelist == objp))
		return false;
	set_freepointer(s, objp, list.freelist);
	c->freed.list.freelist = objp;
	c->freed.cnt++;
	return true;
}

/*
 * Put an object where it costs little: onto this CPU's freelist, or onto that of the slab freed to
 * last. Return: false if it is of another slab, or is no object; or if it was freed just before.
 */
static __always_inline bool free_fast(struct kmem_cache *s, void *objp)
{
	union slab_freelist list;
	struct kmem_cache_cpu *c;
	unsigned long flags;
	bool freed = true;

	local_irq_save(flags);
	c = this_cpu_ptr(s->cpu_slab);
	list.both = READ_ONCE(c->list.both);
	if (likely(is_object_at(s, list.base, objp) && list.freelist != objp)) {
		set_freepointer(s, objp, list.freelist);
		c->freelist = objp;
	} else {
		freed = push_detached(s, c, objp);
	}
	local_irq_restore(flags);
	return freed;
}

/* To a slab that is neither this CPU's nor the one freed to last. Return: what is wrong, or NULL. */
static const char *free_elsewhere(struct kmem_cache *s, const struct slab *slab, void *objp)
{
	const char *what = NULL;
	struct kmem_cache_cpu *c;
	unsigned long flags;

	local_irq_save(flags);
	c = this_cpu_ptr(s->cpu_slab);
	if (unlikely(objp == c->freelist || objp == c->freed.list.freelist))
		what = "was freed just before";
	else if (unlikely(objp == freelist_state(slab).freelist))
		what = "is free already";
	else
		start_detached(s, c, objp);
	local_irq_restore(flags);
	return what;
}

/* Of a cache that is looked after, straight to its slab. */
static void free_debugged(struct kmem_cache *s, struct slab *slab, void *objp, const void *caller)
{
	unsigned long flags;

	local_irq_save(flags);
	if (slab_debug_free(s, objp, caller))
		__slab_free(s, slab, objp, objp, 1);
	local_irq_restore(flags);
}

/* At first sight. @slab: where the slab must begin then. */
static bool is_object(const struct kmem_cache *s, const struct slab *slab, const void *objp)
{
	return has_page(objp) && likely(slab->cache == s) && likely(slab_is_slab(slab)) &&
	       is_object_start(s, objp);
}

static noinline void report_bad_free(struct kmem_cache *s, void *objp, const void *caller)
{
	char text[80];

	slab_error(s, objp, bad_free(s, objp, text, sizeof(text)), caller);
}

static noinline void cache_free_slow(struct kmem_cache *s, void *objp, const void *caller)
{
	struct slab *slab = virt_to_slab(s, objp);
	const char *what;

	if (unlikely(!is_object(s, slab, objp))) {
		report_bad_free(s, objp, caller);
	} else if (unlikely(is_debugged(s))) {
		free_debugged(s, slab, objp, caller);
	} else {
		what = free_elsewhere(s, slab, objp);
		if (unlikely(what))
			slab_error(s, objp, what, caller);
	}
}

void kmem_cache_free(struct kmem_cache *s, void *objp)
{
	if (kasan_slab_free(s, objp, __builtin_return_address(0)))
		return;
	if (unlikely(!free_fast(s, objp)))
		cache_free_slow(s, objp, __builtin_return_address(0));
}

#ifdef CONFIG_KASAN
void kmem_cache_free_quarantined(struct kmem_cache *s, void *objp)
{
	if (!free_fast(s, objp))
		cache_free_slow(s, objp, __builtin_return_address(0));
}
#endif

void kfree(const void *const_objp)
{
	const struct slab *slab = slab_of_page(slab_page_origin, const_objp);
	void *objp = (void *)const_objp;

	if (unlikely(ZERO_OR_NULL_PTR(objp)))
		return;
	if (unlikely(!has_page(objp) || !slab_is_slab(slab))) {
		kfree_large(objp, __builtin_return_address(0));
		return;
	}
	if (kasan_slab_free(slab->cache, objp, __builtin_return_address(0)))
		return;
	if (unlikely(!free_fast(slab->cache, objp)))
		cache_free_slow(slab->cache, objp, __builtin_return_address(0));
}

/* --- Sizes --- */

size_t ksize(const void *objp)
{
	const struct slab *slab = slab_of_page(slab_page_origin, objp);

	if (ZERO_OR_NULL_PTR(objp))
		return 0;
	BUG_ON(!virt_addr_valid(objp), "%p is no address of lowmem", objp);
	return kasan_ksize(objp, slab_is_slab(slab) ? slab->cache->object_size : ksize_large(objp));
}
