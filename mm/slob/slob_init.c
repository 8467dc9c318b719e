// SPDX-License-Identifier: MIT
/*
 * How slob comes to be, and how a cache does: by writing down what its objects need. There is
 * nothing to be made beforehand, nor to be put aside, and so nothing to be given back later: pages
 * go back when they are empty.
 *
 *    kmem_cache_init()       "kmem_cache", static      whose objects describe the others
 *                            "kmalloc", static         which counts what kmalloc() gives
 *                            the size classes          with `slab_debug=' only
 */
#include <kernel/bug.h>
#include <kernel/init.h>
#include <lib/errno.h>
#include <lib/math.h>
#include "slob.h"

static struct kmem_cache kmem_cache_boot;

/* --- One cache --- */

/* Shared pages hold objects of all kinds, so they cannot be reclaimed by one of these. */
static gfp_t allocflags_of(const struct kmem_cache *cachep)
{
	return calculate_allocflags(cachep->units ? cachep->flags & ~SLAB_RECLAIM_ACCOUNT :
				    cachep->flags);
}

int __kmem_cache_create(struct kmem_cache *cachep)
{
	BUG_ON(cachep->object_size == 0 || cachep->object_size > KMEM_CACHE_MAX_SIZE,
	       "%s: %u bytes", cachep->name, cachep->object_size);
	BUG_ON(!is_power_of_2(cachep->align) || cachep->align < ARCH_SLAB_MINALIGN ||
	       cachep->align > PAGE_SIZE, "%s: aligned to %u", cachep->name, cachep->align);

	cachep->size = ALIGN(cachep->object_size, SLOB_UNIT);
	cachep->align_units = cachep->align / SLOB_UNIT;
	slab_debug_geometry(cachep, 0);
	if (cachep->size < PAGE_SIZE && !is_debugged(cachep))
		cachep->units = slob_units(cachep->size);
	else
		slob_own_geometry(cachep);
	cachep->allocflags = allocflags_of(cachep);
	return 0;
}

int __kmem_cache_shutdown(struct kmem_cache *cachep)
{
	unsigned long nr_objects = kmem_cache_objects_in_use(cachep);

	if (nr_objects) {
		report_live_objects(cachep, nr_objects);
		return -EBUSY;
	}
	if (!cachep->units)
		slob_own_drain(cachep, true);
	return 0;
}

int kmem_cache_shrink(struct kmem_cache *cachep)
{
	if (!cachep->units)
		slob_own_drain(cachep, false);
	return READ_ONCE(cachep->nr_objects) != 0;
}

/* --- Booting --- */

void __init kmem_cache_init(void)
{
	BUG_ON(slab_state != DOWN, "state %d", slab_state);
	kmem_cache = &kmem_cache_boot;
	create_boot_cache(kmem_cache, "kmem_cache", sizeof(struct kmem_cache), 0);
	list_add_tail(&slob_kmalloc_cache.list, &slab_caches);
	slab_state = PARTIAL;
	if (static_branch_unlikely(&slab_debug_key))
		create_kmalloc_caches();
	slab_state = UP;
}

void __init kmem_cache_init_late(void)
{
	BUG_ON(slab_state != UP, "state %d", slab_state);
	slab_state = FULL;
}

/* Nothing is put aside. */
void cpucache_init(void)
{
}

void cpucache_stop(void)
{
}

unsigned long kmem_internal_objects(void)
{
	return 0;
}
