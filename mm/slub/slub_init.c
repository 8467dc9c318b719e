// SPDX-License-Identifier: MIT
/*
 * How the allocator comes to be, and how a cache is made and ends. A cache is described by an object
 * of a cache, and what a node has of it by an object of another; so the first two are static, and
 * the first object of all is taken from its slab by hand:
 *
 *    kmem_cache_init()               described by              its nodes
 *      "kmem_cache_node"             boot_kmem_cache_node      early_kmem_cache_node_alloc(): the
 *                                                              first objects of its own slab
 *      "kmem_cache"                  boot_kmem_cache           objects of kmem_cache_node
 *                                                              slab_state = PARTIAL
 *      the size classes, ascending   objects of kmem_cache     objects of kmem_cache_node
 *                                                              slab_state = UP
 *    kmem_cache_init_late()          a shrinker                slab_state = FULL
 *
 * Stations as in Linux 3.10's kmem_cache_init(). Differs from it: the first two stay where they are,
 * where Linux moves them into objects; and no cache has its place in the CPUs' tables from the
 * per-CPU allocator, since there is none: slub_cpu.c.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <lib/errno.h>
#include "slub.h"

struct kmem_cache *kmem_cache_node;

static union {
	struct kmem_cache cache;
	char room[sizeof(struct kmem_cache) + MAX_NUMNODES * sizeof(struct kmem_cache_node *)];
} boot_kmem_cache, boot_kmem_cache_node;

/* --- Nodes --- */

/* What this node has of the cache of such things: the first object of its first slab. */
static void __init early_kmem_cache_node_alloc(int nid)
{
	struct kmem_cache_node first, *n;
	struct slab *slab;

	init_kmem_cache_node(&first);
	kmem_cache_node->node[nid] = &first;
	slab = new_slab(kmem_cache_node, GFP_NOWAIT, nid);
	if (!slab)
		panic("kmem_cache_init: no memory for node %d", nid);
	n = slab->state.freelist;
	slab->state.freelist = get_freepointer(kmem_cache_node, n);
	slab->state.inuse = 1;
	init_kmem_cache_node(n);
	atomic_set(&n->nr_slabs, 1);
	kmem_cache_node->node[nid] = n;
	add_new_slab(kmem_cache_node, slab);
}

/* And what the others have: from that slab too, since a node may have no lowmem. */
static void __init early_kmem_cache_nodes(void)
{
	struct kmem_cache_node *n;
	int nid;

	early_kmem_cache_node_alloc(numa_node_id());
	for_each_online_node(nid) {
		if (kmem_cache_node->node[nid])
			continue;
		n = kmem_cache_alloc(kmem_cache_node, GFP_NOWAIT);
		if (!n)
			panic("kmem_cache_init: no memory for node %d", nid);
		init_kmem_cache_node(n);
		kmem_cache_node->node[nid] = n;
	}
}

static void free_kmem_cache_nodes(struct kmem_cache *s)
{
	int nid;

	for_each_online_node(nid) {
		if (s->node[nid])
			kmem_cache_free(kmem_cache_node, s->node[nid]);
		s->node[nid] = NULL;
	}
}

/* What a node has of a cache lies on that node: on this one, most often, which is the shorter way. */
static struct kmem_cache_node *alloc_kmem_cache_node(gfp_t flags, int nid)
{
	return nid == numa_node_id() ? kmem_cache_alloc(kmem_cache_node, flags) :
	       kmem_cache_alloc_node(kmem_cache_node, flags, nid);
}

/* Return: success; if not, nothing is left. */
static bool init_kmem_cache_nodes(struct kmem_cache *s)
{
	gfp_t flags = slab_state < UP ? GFP_NOWAIT : GFP_KERNEL;
	struct kmem_cache_node *n;
	int nid;

	for_each_online_node(nid) {
		n = alloc_kmem_cache_node(flags, nid);
		if (!n) {
			free_kmem_cache_nodes(s);
			return false;
		}
		init_kmem_cache_node(n);
		s->node[nid] = n;
	}
	return true;
}

/* --- One cache --- */

static void kmem_cache_open(struct kmem_cache *s)
{
	s->allocflags = calculate_allocflags(s->flags);
	s->refcount = 1;
	calculate_sizes(s);
}

int __kmem_cache_create(struct kmem_cache *s)
{
	kmem_cache_open(s);
	if (!take_cpu_slot(s))
		return -ENOMEM;
	if (s == kmem_cache_node || init_kmem_cache_nodes(s))
		return 0;
	put_cpu_slot(s);
	return -ENOMEM;
}

/* Slabs that only have objects which are isolated, or that are so themselves. */
static bool discard_isolated(struct kmem_cache *s, struct slab *slab, void *unused)
{
	struct kmem_cache_node *n = get_node(s, slab_nid(slab));
	union freelist_state state = freelist_state(slab);
	unsigned long flags;

	(void)unused;
	if (state.freelist) {
		spin_lock_irqsave(&n->list_lock, flags);
		remove_partial(n, slab);
		spin_unlock_irqrestore(&n->list_lock, flags);
	}
	discard_slab(s, slab);
	return true;
}

int __kmem_cache_shutdown(struct kmem_cache *s)
{
	unsigned long nr_objects, nr_left = 0;
	int nid;

	flush_all(s);
	nr_objects = kmem_cache_objects_in_use(s);
	if (nr_objects) {
		report_live_objects(s, nr_objects);
		return -EBUSY;
	}
	for_each_online_node(nid) {
		discard_empty_slabs(s, nid, ~0u);
		nr_left += (unsigned long)atomic_read(&get_node(s, nid)->nr_slabs);
	}
	if (nr_left)
		for_each_slab(s, discard_isolated, NULL);
	free_kmem_cache_nodes(s);
	put_cpu_slot(s);
	return 0;
}

/* --- Booting --- */

/* Nobody else shares these. */
static void __init create_first_cache(struct kmem_cache *s, const char *name, size_t size)
{
	create_boot_cache(s, name, size, SLAB_HWCACHE_ALIGN);
	s->refcount = -1;
}

void __init kmem_cache_init(void)
{
	BUG_ON(slab_state != DOWN, "state %d", slab_state);
	slab_page_origin_init();
	kmem_cache_node = &boot_kmem_cache_node.cache;
	create_first_cache(kmem_cache_node, "kmem_cache_node", sizeof(struct kmem_cache_node));
	early_kmem_cache_nodes();
	kmem_cache = &boot_kmem_cache.cache;
	create_first_cache(kmem_cache, "kmem_cache", sizeof(struct kmem_cache) +
			   (unsigned int)nr_online_nodes * sizeof(struct kmem_cache_node *));
	slab_state = PARTIAL;
	create_kmalloc_caches();
	slab_state = UP;
}

void __init kmem_cache_init_late(void)
{
	BUG_ON(slab_state != UP, "state %d", slab_state);
	slub_shrinker_init();
	kasan_quarantine_init();
	slab_state = FULL;
}

/* What CPUs have put aside is whole slabs, and few: nobody comes by for it. */
void cpucache_init(void)
{
	BUG_ON(slab_state != FULL, "state %d", slab_state);
}

void cpucache_stop(void)
{
}
