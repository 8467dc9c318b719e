// SPDX-License-Identifier: MIT
/*
 * How the allocator comes to be. A cache is described by objects of other caches, so the first ones
 * are static, in part, until the others exist:
 *
 *    kmem_cache_init()                          described by             lists of its slabs in
 *      "kmem_cache"                             kmem_cache_boot          init_nodes[CACHE_CACHE]
 *      the class that kmem_cache_node fits in   an object of kmem_cache  init_nodes[SIZE_NODE]
 *                                                                        slab_state = PARTIAL
 *      the other classes                        objects of kmem_cache    objects of that class
 *                                                                        slab_state = UP
 *      init_nodes[] and the boot arrays are replaced by objects
 *    kmem_cache_init_late()                     a shrinker               slab_state = FULL
 *    cpucache_init()                            cache_reap() on each CPU
 *
 * The two caches that all others are made from have arrays from the beginning, boot_array[], or each
 * of the 70 objects would be taken out of its slab one by one.
 *
 * Stations as in Linux 3.10's kmem_cache_init(). Differs from it: the class of arrays is not special,
 * since nobody has an array before all classes exist.
 */
#include <kernel/bug.h>
#include <kernel/bootmark.h>
#include <kernel/cpumask.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/memmap.h>
#include <mm/shrinker.h>
#include "slab.h"

enum { CACHE_CACHE, SIZE_NODE, NR_INIT_CACHES };

/* Objects in a boot array: as many as there are size classes. */
#define BOOT_CPUCACHE_ENTRIES	NR_KMALLOC_CLASSES

static struct kmem_cache kmem_cache_boot;
static struct kmem_cache_node init_nodes[NR_INIT_CACHES][MAX_NUMNODES];
static void *boot_array[NR_INIT_CACHES][BOOT_CPUCACHE_ENTRIES + 1];

/* --- One cache --- */

/*
 * How much a CPU puts aside of what size; Linux's numbers. @limit: objects, a batch is half of it.
 * All CPUs of a node together put up to eight batches aside, of what is no larger than a page.
 */
static void enable_cpucache(struct kmem_cache *cachep)
{
	unsigned int size = cachep->size;

	cachep->limit = size > PAGE_SIZE ? 8 : size > 1024 ? 24 : size > 256 ? 54 : 120;
	cachep->batchcount = (cachep->limit + 1) / 2;
	cachep->shared = size > PAGE_SIZE ? 0 : 8;
}

static gfp_t allocflags_of(const struct kmem_cache *cachep)
{
	gfp_t flags = 0;

	if (cachep->flags & SLAB_CACHE_DMA)
		flags |= GFP_DMA;
	if (cachep->flags & SLAB_RECLAIM_ACCOUNT)
		flags |= __GFP_RECLAIMABLE;
	return flags;
}

/* Everything of a cache but its nodes. Return: success. */
static bool setup_cache(struct kmem_cache *cachep)
{
	cachep->page_origin = slab_page_origin;
	cachep->allocflags = allocflags_of(cachep);
	calculate_slab_geometry(cachep);
	enable_cpucache(cachep);
	return take_cpu_slot(cachep);
}

static void free_nodes(struct kmem_cache *cachep)
{
	int nid;

	for_each_online_node(nid) {
		kfree(cachep->node[nid]);
		cachep->node[nid] = NULL;
	}
}

/* Return: success; otherwise some nodes may exist. */
static bool alloc_nodes(struct kmem_cache *cachep)
{
	int nid;

	for_each_online_node(nid) {
		struct kmem_cache_node *node = kzalloc_node(sizeof(*node), GFP_KERNEL, nid);

		if (!node)
			return false;
		kmem_cache_node_init(cachep, node);
		cachep->node[nid] = node;
	}
	return true;
}

/* The caches that exist before there are objects to describe them. */
static void __init setup_static(struct kmem_cache *cachep, unsigned int which)
{
	int nid;

	for_each_online_node(nid) {
		cachep->node[nid] = &init_nodes[which][nid];
		kmem_cache_node_init(cachep, cachep->node[nid]);
	}
	cachep->batchcount = cachep->limit = BOOT_CPUCACHE_ENTRIES;
	array_init(this_cpu_ptr(cachep->cpu_cache), boot_array[which], BOOT_CPUCACHE_ENTRIES);
	this_cpu_ptr(cachep->cpu_cache)->touched = true;
}

int __kmem_cache_create(struct kmem_cache *cachep)
{
	if (!setup_cache(cachep))
		return -ENOMEM;
	if (slab_state == DOWN) {
		setup_static(cachep, cachep == kmem_cache ? CACHE_CACHE : SIZE_NODE);
		return 0;
	}
	if (alloc_nodes(cachep))
		return 0;
	free_nodes(cachep);
	put_cpu_slot(cachep);
	return -ENOMEM;
}

/* The objects that keep a cache from being destroyed. Context: nobody uses it. */
#define NR_NAMED	8

static void name_objects(struct kmem_cache *cachep, struct slab *slab, unsigned int *nr_named)
{
	unsigned int i;

	for (i = 0; i < cachep->num; i++)
		if (!object_is_free(cachep, slab, i) && (*nr_named)++ < NR_NAMED)
			pr_err("  %p, object %u of slab %p\n", index_to_obj(cachep, slab, i), i,
			       slab_address(slab));
}

static void name_objects_of_node(struct kmem_cache *cachep, struct kmem_cache_node *node,
				 unsigned int *nr_named)
{
	struct slab *slab;

	list_for_each_entry(slab, &node->slabs_partial, list)
		name_objects(cachep, slab, nr_named);
	list_for_each_entry(slab, &node->slabs_full, list)
		name_objects(cachep, slab, nr_named);
}

static void refuse_shutdown(struct kmem_cache *cachep, unsigned long nr_objects)
{
	unsigned int nr_named = 0;
	int nid;

	pr_err("kmem_cache_destroy: %s still has %lu objects in use:\n", cachep->name, nr_objects);
	for_each_online_node(nid)
		name_objects_of_node(cachep, cachep->node[nid], &nr_named);
	if (nr_named > NR_NAMED)
		pr_err("  and %u more\n", nr_named - NR_NAMED);
}

int __kmem_cache_shutdown(struct kmem_cache *cachep)
{
	unsigned long nr_objects;
	int nid;

	free_cpu_arrays(cachep);
	nr_objects = kmem_cache_objects_in_use(cachep);
	if (nr_objects) {
		refuse_shutdown(cachep, nr_objects);
		return -EBUSY;
	}
	for_each_online_node(nid)
		drain_freelist(cachep, cachep->node[nid], ~0u);
	free_nodes(cachep);
	put_cpu_slot(cachep);
	return 0;
}

/* --- Booting --- */

/* Move the slabs of a list to another head. */
static void __init move_list(struct list_head *to, struct list_head *from)
{
	INIT_LIST_HEAD(to);
	list_splice_init(from, to);
}

/* An object in place of a static node. */
static void __init replace_node(struct kmem_cache *cachep, int nid)
{
	struct kmem_cache_node *old = cachep->node[nid];
	struct kmem_cache_node *node = kmalloc_node(sizeof(*node), GFP_NOWAIT, nid);

	if (!node)
		panic("kmem_cache_init: no memory for the node of %s", cachep->name);
	*node = *old;
	spin_lock_init(&node->list_lock);
	move_list(&node->slabs_partial, &old->slabs_partial);
	move_list(&node->slabs_full, &old->slabs_full);
	move_list(&node->slabs_free, &old->slabs_free);
	cachep->node[nid] = node;
}

/* The array that the CPU gets from now on is an object, of the usual size. */
static void __init replace_array(struct kmem_cache *cachep)
{
	struct array_cache *ac = this_cpu_ptr(cachep->cpu_cache);

	array_free_oldest(cachep, ac, ac_avail(ac), 0);
	array_forget(ac);
	enable_cpucache(cachep);
}

static void __init replace_static(struct kmem_cache *cachep)
{
	int nid;

	replace_array(cachep);
	for_each_online_node(nid)
		replace_node(cachep, nid);
}

/* Where the map has the page of an address with none of the LOWMEM_PFN_MASK bits. */
static unsigned long __init find_page_origin(void)
{
	const void *start = __va(PFN_PHYS(ARCH_PFN_OFFSET));
	unsigned long pfn = (unsigned long)start >> PAGE_SHIFT & LOWMEM_PFN_MASK;

	return (unsigned long)mem_map - pfn * sizeof(struct page);
}

void __init kmem_cache_init(void)
{
	unsigned long flags;

	BUG_ON(slab_state != DOWN, "state %d", slab_state);
	local_irq_save(flags);
	slab_page_origin = find_page_origin();
	kmem_cache = &kmem_cache_boot;
	create_boot_cache(kmem_cache, "kmem_cache", sizeof(struct kmem_cache), SLAB_HWCACHE_ALIGN);
	create_kmalloc_class(INDEX_NODE);
	slab_state = PARTIAL;
	create_kmalloc_caches();
	slab_state = UP;
	replace_static(kmem_cache);
	replace_static(kmalloc_caches[INDEX_NODE]);
	local_irq_restore(flags);
}

void __init kmem_cache_init_late(void)
{
	BUG_ON(slab_state != UP, "state %d", slab_state);
	slab_shrinker_init();
	slab_state = FULL;
}
