// SPDX-License-Identifier: MIT
/*
 * How the allocator comes to be. Caches are described by objects of a cache, so the first one is
 * static:
 *
 *    kmem_cache_init()                 described by                 array of CPU 0
 *      "kmem_cache"                    kmem_cache_boot, static      boot_array, static
 *                                                                   slab_state = PARTIAL
 *      the size classes, ascending     objects of kmem_cache        none yet
 *                                                                   slab_state = UP
 *      boot_array is given up          an array is an object of a class from now on
 *    kmem_cache_init_late()            a shrinker                   slab_state = FULL
 *    cpucache_init()                   cache_reap() on each CPU
 *
 * The boot array is there so that the descriptors of the classes are not taken out of their slab
 * one by one. Stations as in Linux 3.10's kmem_cache_init(). Differs from it: the lists of the
 * nodes are part of the descriptor, which is as long as the machine has nodes, and nobody has an
 * array before all classes exist; so there are no classes that must be made before the others.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/string.h>
#include "slab.h"

/* Objects in the boot array: as many as there are size classes. */
#define BOOT_CPUCACHE_ENTRIES	NR_KMALLOC_CLASSES

static union {
	struct kmem_cache cache;
	char room[sizeof(struct kmem_cache) + MAX_NUMNODES * sizeof(struct kmem_cache_node)];
} kmem_cache_boot;

static void *boot_array[BOOT_CPUCACHE_ENTRIES + 1];

/* --- One cache --- */

/*
 * How many objects a CPU puts aside of what size. Linux's numbers on a machine with little
 * memory, and about twice as many of what is smaller than a quarter of a page on others: bursts
 * of a thousand then reach the slabs with the largest of these only.
 */
static unsigned int limit_for(unsigned int size)
{
	bool plenty = totalram_pages > SLAB_BREAK_GFP_PAGES;

	if (size > PAGE_SIZE)
		return 8;
	if (size > PAGE_SIZE / 4)
		return 24;
	if (size > PAGE_SIZE / 16)
		return plenty ? 120 : 54;
	return plenty ? 252 : 120;
}

/*
 * A batch is half of the limit. All CPUs of a node together put up to eight batches aside, of
 * what is no larger than a page.
 */
static void enable_cpucache(struct kmem_cache *cachep)
{
	cachep->limit = is_debugged(cachep) ? 0 : limit_for(cachep->size);
	cachep->batchcount = (cachep->limit + 1) / 2;
	cachep->shared = cachep->size > PAGE_SIZE || !cachep->limit ? 0 : 8;
}

int __kmem_cache_create(struct kmem_cache *cachep)
{
	int nid;

	cachep->page_origin = slab_page_origin;
	cachep->allocflags = calculate_allocflags(cachep->flags);
	calculate_slab_geometry(cachep);
	enable_cpucache(cachep);
	for_each_online_node(nid)
		kmem_cache_node_init(cachep, &cachep->node[nid]);
	return take_cpu_slot(cachep) ? 0 : -ENOMEM;
}

int __kmem_cache_shutdown(struct kmem_cache *cachep)
{
	unsigned long nr_objects = kmem_cache_objects_in_use(cachep);
	int nid;

	if (nr_objects) {
		drain_cpu_caches(cachep);	/* what is put aside is not named */
		report_live_objects(cachep, nr_objects);
		return -EBUSY;
	}
	free_cpu_arrays(cachep);
	for_each_online_node(nid)
		drain_isolated(cachep, &cachep->node[nid]);
	for_each_online_node(nid)
		drain_freelist(cachep, &cachep->node[nid], ~0u);
	put_cpu_slot(cachep);
	return 0;
}

/* --- Booting --- */

/* Until there are classes, CPU 0 has this array for descriptors. */
static void __init use_boot_array(struct kmem_cache *cachep)
{
	struct array_cache *ac = this_cpu_ptr(cachep->cpu_cache);

	cachep->limit = cachep->batchcount = BOOT_CPUCACHE_ENTRIES;
	array_init(ac, boot_array, BOOT_CPUCACHE_ENTRIES);
	ac->touched = true;		/* so that it is filled at once */
}

/* The next object that is asked for brings an array of the usual kind. */
static void __init give_up_boot_array(struct kmem_cache *cachep)
{
	struct array_cache *ac = this_cpu_ptr(cachep->cpu_cache);

	array_free_oldest(cachep, ac, ac_avail(ac), numa_node_id());
	array_forget(ac);
	enable_cpucache(cachep);
}

static size_t __init descriptor_size(void)
{
	return sizeof(struct kmem_cache) +
	       (unsigned int)nr_online_nodes * sizeof(struct kmem_cache_node);
}

void __init kmem_cache_init(void)
{
	unsigned long flags;

	BUG_ON(slab_state != DOWN, "state %d", slab_state);
	local_irq_save(flags);
	slab_page_origin_init();
	slab_cpus_per_node = DIV_ROUND_UP(num_possible_cpus(), (unsigned int)nr_online_nodes);
	kmem_cache = &kmem_cache_boot.cache;
	create_boot_cache(kmem_cache, "kmem_cache", descriptor_size(), SLAB_HWCACHE_ALIGN);
	use_boot_array(kmem_cache);
	slab_state = PARTIAL;
	create_kmalloc_caches();
	slab_state = UP;
	give_up_boot_array(kmem_cache);
	local_irq_restore(flags);
}

void __init kmem_cache_init_late(void)
{
	BUG_ON(slab_state != UP, "state %d", slab_state);
	slab_shrinker_init();
	kasan_quarantine_init();
	slab_state = FULL;
}
