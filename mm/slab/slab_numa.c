// SPDX-License-Identifier: MIT
/*
 * Several nodes: objects of a certain node, of any node when this one has none, and the way back to
 * the node that an object came from.
 *
 *    node 0                                      node 1
 *    CPU 0 frees an object of node 1:
 *      node[0]->alien[1]  | obj | obj | ...      full, or cache_reap():
 *                             +----------------> node[1]->shared, or else node[1]'s slabs
 *
 * A CPU's array holds objects of its own node only (S4), so a free has to look where its object is
 * from: on a machine of several nodes the arrays have no end that the hot path sees, which sends
 * every free to the slow path, and one node pays nothing.
 *
 * N1. alien[nid] of a node holds objects of node @nid.
 * N2. alien[nid] has a lock of its own, since all CPUs of the node use it.
 *
 * After Linux 3.10's cache_free_alien(), fallback_alloc(), ____cache_alloc_node().
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include "slab.h"

/* Objects in an alien array. Linux's number. */
#define ALIEN_LIMIT	12u

/* --- Allocating --- */

/* An object of a node's slabs; NULL if none is free there. Context: any. */
static void *take_from_node(struct kmem_cache *cachep, int nid)
{
	struct kmem_cache_node *node = &cachep->node[nid];
	void *objp = NULL;
	unsigned long flags;

	spin_lock_irqsave(&node->list_lock, flags);
	take_objects(cachep, node, &objp, 1);
	spin_unlock_irqrestore(&node->list_lock, flags);
	return objp;
}

void *____cache_alloc_node(struct kmem_cache *cachep, gfp_t flags, int nid)
{
	void *objp;

	while (!(objp = take_from_node(cachep, nid)))
		if (cache_grow(cachep, flags, nid) < 0)
			return flags & __GFP_THISNODE ? NULL : fallback_alloc(cachep, flags);
	return objp;
}

/* An object that is free already, of the nearest node that the request may be served from. */
static void *take_from_any_node(struct kmem_cache *cachep, gfp_t flags)
{
	const struct zonelist *zonelist = node_zonelist(numa_node_id(), flags);
	const struct zoneref *z;
	struct zone *zone;
	void *objp;

	for_each_zone_zonelist(zone, z, zonelist, gfp_high_zoneidx(flags)) {
		objp = take_from_node(cachep, zone_to_nid(zone));
		if (objp)
			return objp;
	}
	return NULL;
}

void *fallback_alloc(struct kmem_cache *cachep, gfp_t flags)
{
	void *objp;
	int nid;

	if (flags & __GFP_THISNODE)
		return NULL;
	objp = take_from_any_node(cachep, flags);
	while (!objp) {
		nid = cache_grow(cachep, flags, NUMA_NO_NODE);
		if (nid < 0)
			return NULL;
		objp = take_from_node(cachep, nid);
	}
	return objp;
}

/* --- Freeing --- */

/* Move all objects of an alien array to their node. Context: interrupts off, array locked. */
static void __drain_alien_cache(struct kmem_cache *cachep, struct array_cache *ac, int nid,
				struct list_head *doomed)
{
	struct kmem_cache_node *node = &cachep->node[nid];
	struct array_cache *shared;

	spin_lock(&node->list_lock);
	if (node->shared) {
		shared = &node->shared->ac;
		transfer_objects(shared, shared_limit(cachep) - ac_avail(shared), ac, ALIEN_LIMIT);
	}
	free_block(cachep, node, ac->entry + 1, ac_avail(ac), doomed);
	ac->top = ac->entry;
	spin_unlock(&node->list_lock);
}

static void drain_alien_cache(struct kmem_cache *cachep, struct locked_array *alien, int nid)
{
	unsigned long flags;
	LIST_HEAD(doomed);

	spin_lock_irqsave(&alien->lock, flags);
	if (ac_avail(&alien->ac))
		__drain_alien_cache(cachep, &alien->ac, nid, &doomed);
	spin_unlock_irqrestore(&alien->lock, flags);
	slabs_destroy(cachep, &doomed);
}

void drain_alien_caches(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	int nid;

	for_each_online_node(nid)
		if (node->alien[nid])
			drain_alien_cache(cachep, node->alien[nid], nid);
}

/* Each CPU turns to another node each time. */
static DEFINE_PER_CPU(int, reap_nid);

void reap_alien(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	int nid = __this_cpu_read(reap_nid);

	if (node->alien[nid])
		drain_alien_cache(cachep, node->alien[nid], nid);
}

void next_reap_node(void)
{
	int next = __this_cpu_read(reap_nid) + 1;

	__this_cpu_write(reap_nid, next < nr_online_nodes ? next : 0);
}

/* The array for objects of @nid, made if need be; NULL if there is no memory for it. */
static struct locked_array *alien_cache(struct kmem_cache *cachep, struct kmem_cache_node *node,
					int nid)
{
	struct locked_array *alien;

	if (likely(node->alien[nid]) || !cachep->limit)
		return node->alien[nid];
	alien = alloc_locked_array(ALIEN_LIMIT);
	spin_lock(&node->list_lock);
	if (!node->alien[nid])
		swap(node->alien[nid], alien);
	spin_unlock(&node->list_lock);
	free_array_memory(alien);
	return node->alien[nid];
}

/* Context: interrupts off. */
static void free_to_alien(struct kmem_cache *cachep, struct locked_array *alien, int nid, void *objp)
{
	LIST_HEAD(doomed);

	spin_lock(&alien->lock);
	if (ac_avail(&alien->ac) == ALIEN_LIMIT)
		__drain_alien_cache(cachep, &alien->ac, nid, &doomed);
	*++alien->ac.top = objp;
	spin_unlock(&alien->lock);
	slabs_destroy(cachep, &doomed);
}

bool cache_free_alien(struct kmem_cache *cachep, void *objp)
{
	int nid = slab_nid(virt_to_slab(cachep, objp)), here = numa_node_id();
	struct locked_array *alien;

	if (likely(nid == here))
		return false;
	alien = alien_cache(cachep, &cachep->node[here], nid);
	if (alien)
		free_to_alien(cachep, alien, nid, objp);
	else
		free_one(cachep, objp);
	return true;
}
