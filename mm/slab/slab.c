// SPDX-License-Identifier: MIT
/*
 * The slab allocator: how an object is given out and taken back. After Jeff Bonwick's of SunOS
 * 5.4, in the form that Linux 3.10 has in mm/slab.c.
 *
 *    kmem_cache_alloc                          kmem_cache_free, kfree
 *      top of this CPU's array                   is the address a place for an object of the cache?
 *      empty? cache_alloc_slow                     no? cache_free_slow says what is wrong
 *        cache_alloc_refill                      onto this CPU's array
 *          from the node's shared array            last freed, or array full? cache_free_miss
 *          from slabs: partial, then free            another node's? cache_free_alien
 *        cache_grow: a new slab                      cache_flusharray
 *        other nodes: fallback_alloc                   to the node's shared array
 *                                                      to the slabs: free_block
 *
 * What is above runs with interrupts off and takes no lock as long as the array has objects, or
 * room. A CPU without an array, because nobody has used the cache there yet, has an empty one
 * without room, and so comes to the slow path, which makes one.
 *
 * S1. Every page of a slab has PG_slab, the slab's cache and the address of its first object.
 * S2. A slab is on the list of its node that its inuse says: free 0, full num, partial between.
 * S3. An object is in one place: given out; or in one array, once; or free, with its bit set. inuse
 *     counts those that are not free; free_objects of a node those that are.
 * S4. A CPU's array is changed by this CPU only, with interrupts off; the slot of one that
 *     does not run, by nobody. It holds objects of the CPU's node only.
 * S5. A lock of a node or of an alien array is held with interrupts off, no two nodes' at a time,
 *     and nobody allocates or frees meanwhile; an alien array's is taken before a node's.
 *
 * kmem_cache_check() walks all of this. The other files, from arrays down to pages: slab_array.c,
 * slab_drain.c, slab_numa.c, slab_node.c, slab_grow.c, slab_geometry.c; and slab_init.c,
 * slab_reap.c, slab_walk.c, slab_check.c. Objects that are looked after: mm/slab_debug.c.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <lib/string.h>
#include <mm/fail_page_alloc.h>
#include <mm/mm.h>
#include "slab.h"

/* With little to do lately a cache takes so many objects from its slabs only. Linux's number. */
#define BATCHREFILL_LIMIT	16u

/* --- Allocating --- */

/* Is there anything to be had without a new slab? What others do meanwhile is not seen. */
static bool node_has_objects(const struct kmem_cache_node *node)
{
	return READ_ONCE(node->free_objects) || (node->shared && ac_avail(&node->shared->ac));
}

/*
 * Fill this CPU's array. Context: interrupts off; the array is empty. Return: how many objects
 * came.
 */
static unsigned int cache_alloc_refill(struct kmem_cache *cachep, struct array_cache *ac,
				       struct kmem_cache_node *node)
{
	unsigned int batch = min(cachep->batchcount, cachep->limit), taken = 0;

	if (!ac->touched)
		batch = min(batch, BATCHREFILL_LIMIT);
	ac->touched = true;
	spin_lock(&node->list_lock);
	if (node->shared)
		taken = transfer_objects(ac, batch, &node->shared->ac, batch);
	if (!taken) {
		taken = take_objects(cachep, node, ac->entry + 1, batch);
		ac->top = ac->entry + taken;
	}
	spin_unlock(&node->list_lock);
	return taken;
}

/* Without an array: one object. Context: interrupts off. */
static void *cache_alloc_one(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	void *objp = NULL;

	spin_lock(&node->list_lock);
	take_objects(cachep, node, &objp, 1);
	spin_unlock(&node->list_lock);
	return objp;
}

/* What is at hand on this node; NULL if it has no object. */
static void *____cache_alloc(struct kmem_cache *cachep)
{
	struct kmem_cache_node *node;
	struct array_cache *ac;
	unsigned long flags;
	void *objp;

	local_irq_save(flags);
	if (bug(IRQS_ON))
		local_irq_enable();
	ac = this_cpu_ptr(cachep->cpu_cache);
	node = &cachep->node[numa_node_id()];
	if (unlikely(!ac_exists(ac)))
		setup_cpu_array(cachep, ac);
	if (ac_avail(ac) || (ac_exists(ac) && node_has_objects(node) &&
			     cache_alloc_refill(cachep, ac, node)))
		objp = *ac->top--;
	else if (!ac_exists(ac))
		objp = cache_alloc_one(cachep, node);
	else
		objp = NULL;
	local_irq_restore(flags);
	return objp;
}

/* From this node, or from another if there is nothing to be had. */
static void *__do_cache_alloc(struct kmem_cache *cachep, gfp_t flags)
{
	void *objp;

	while (!(objp = ____cache_alloc(cachep)))
		if (cache_grow(cachep, flags, numa_node_id()) < 0)
			return nr_online_nodes > 1 ? fallback_alloc(cachep, flags) : NULL;
	return objp;
}

/* From where @nid says, unchecked. */
static void *cache_alloc_from(struct kmem_cache *cachep, gfp_t flags, int nid)
{
	if (likely(nid == NUMA_NO_NODE || nid == numa_node_id()))
		return __do_cache_alloc(cachep, flags);
	return ____cache_alloc_node(cachep, flags, nid);
}

/*
 * What kmem_cache_alloc() does where the hot path does not: the array of this CPU has nothing, a
 * node is asked for, or the cache is debugged. Return: an object, or NULL.
 */
void *cache_alloc_slow(struct kmem_cache *cachep, gfp_t flags, int nid, const void *caller)
{
	void *objp;

	BUG_ON(nid != NUMA_NO_NODE && !node_online(nid), "node %d of %d", nid, nr_online_nodes);
	if (is_debugged(cachep) && should_failslab(cachep, flags, caller))
		return NULL;
	do
		objp = cache_alloc_from(cachep, flags, nid);
	while (objp && is_debugged(cachep) && !slab_debug_alloc(cachep, objp, caller));
	return objp;
}

void *kmem_cache_alloc_miss(struct kmem_cache *cachep, gfp_t flags)
{
	return cache_alloc_slow(cachep, flags, NUMA_NO_NODE, __builtin_return_address(0));
}

void *kmem_cache_alloc_track(struct kmem_cache *cachep, gfp_t flags, int nid, const void *caller)
{
	bool local = nid == NUMA_NO_NODE || nid == numa_node_id();
	void *objp = local ? array_pop(cachep) : NULL;

	if (unlikely(!objp))
		objp = cache_alloc_slow(cachep, flags, nid, caller);
	objp = kasan_slab_alloc(cachep, objp, caller);
	VM_BUG_ON(flags & __GFP_ZERO && cachep->ctor, "%s has a constructor", cachep->name);
	if (flags & __GFP_ZERO && likely(objp))
		memset(objp, 0, cachep->object_size);
	return objp;
}

void *kmem_cache_alloc_any(struct kmem_cache *cachep, gfp_t flags)
{
	void *objp = array_pop(cachep);

	if (unlikely(!objp))
		return kmem_cache_alloc_track(cachep, flags, NUMA_NO_NODE,
					      __builtin_return_address(0));
	objp = kasan_slab_alloc(cachep, objp, __builtin_return_address(0));
	VM_BUG_ON(flags & __GFP_ZERO && cachep->ctor, "%s has a constructor", cachep->name);
	return flags & __GFP_ZERO ? memset(objp, 0, cachep->object_size) : objp;
}

/* --- Freeing --- */

/*
 * Put an object, found to be one of the cache, onto this CPU's array. Return: false if there is
 * no room, or if it is on top already.
 */
static __always_inline bool array_push(struct kmem_cache *cachep, void *objp)
{
	struct array_cache *ac;
	unsigned long flags;
	bool pushed = false;
	void **top;

	local_irq_save(flags);
	ac = bug(OTHER_ARRAY) ? per_cpu_ptr(cachep->cpu_cache, 0) : this_cpu_ptr(cachep->cpu_cache);
	top = ac->top;
	if (likely(*top != objp && top < ac->end)) {
		top[1] = objp;
		ac->top = top + 1;
		pushed = true;
	}
	local_irq_restore(flags);
	return pushed;
}

void free_one(struct kmem_cache *cachep, void *objp)
{
	struct kmem_cache_node *node = &cachep->node[slab_nid(virt_to_slab(cachep, objp))];
	LIST_HEAD(doomed);

	spin_lock(&node->list_lock);
	free_block(cachep, node, &objp, 1, &doomed);
	spin_unlock(&node->list_lock);
	slabs_destroy(cachep, &doomed);
}

/* Context: interrupts off; the object is of this CPU's node. Return: what is wrong, or NULL. */
static const char *cache_free_local(struct kmem_cache *cachep, void *objp)
{
	struct array_cache *ac = this_cpu_ptr(cachep->cpu_cache);

	if (*ac->top == objp)
		return "was freed just before";
	if (!ac_exists(ac))
		setup_cpu_array(cachep, ac);
	if (!ac_exists(ac)) {
		free_one(cachep, objp);
		return NULL;
	}
	if (ac_avail(ac) >= cachep->limit)
		cache_flusharray(cachep, ac);
	*++ac->top = objp;
	return NULL;
}

/*
 * An object of some cache, which the array did not take. Finds the cache again, so that the hot
 * path need not keep it.
 */
static noinline void cache_free_miss(void *objp, const void *caller)
{
	struct kmem_cache *cachep = slab_of_page(slab_page_origin, objp)->cache;
	const char *what = NULL;
	unsigned long flags;

	if (is_debugged(cachep) && !slab_debug_free(cachep, objp, caller))
		return;
	local_irq_save(flags);
	if (likely(nr_online_nodes == 1) || !cache_free_alien(cachep, objp))
		what = cache_free_local(cachep, objp);
	local_irq_restore(flags);
	if (unlikely(what))
		slab_error(cachep, objp, what, caller);
}

/* What kmem_cache_free() does where the hot path does not: a mistake is reported, and nothing freed. */
void cache_free_slow(struct kmem_cache *cachep, void *objp, const void *caller)
{
	char text[80];
	const char *what = bad_free(cachep, objp, text, sizeof(text));

	BUG_ON(!what, "%p is an object of %s", objp, cachep->name);
	slab_error(cachep, objp, what, caller);
}

void kmem_cache_free(struct kmem_cache *cachep, void *objp)
{
	const struct slab *slab = slab_of_page(cachep->page_origin, objp);

	if (unlikely(!has_page(objp) || slab->cache != cachep ||
		     !is_object_start(cachep, slab, objp))) {
		cache_free_slow(cachep, objp, __builtin_return_address(0));
		return;
	}
	if (kasan_slab_free(cachep, objp, __builtin_return_address(0)))
		return;
	if (unlikely(!array_push(cachep, objp)))
		cache_free_miss(objp, __builtin_return_address(0));
}

#ifdef CONFIG_KASAN
void kmem_cache_free_quarantined(struct kmem_cache *cachep, void *objp)
{
	if (!array_push(cachep, objp))
		cache_free_miss(objp, __builtin_return_address(0));
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
	if (unlikely(!is_object_start(slab->cache, slab, objp))) {
		cache_free_slow(slab->cache, objp, __builtin_return_address(0));
		return;
	}
	if (kasan_slab_free(slab->cache, objp, __builtin_return_address(0)))
		return;
	if (unlikely(!array_push(slab->cache, objp)))
		cache_free_miss(objp, __builtin_return_address(0));
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
