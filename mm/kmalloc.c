// SPDX-License-Identifier: MIT
/*
 * kmalloc() beyond its inline part, where there are size classes: sizes that are not known when
 * compiling, and the rare flags. SLAB=slob has mm/slob/slob_kmalloc.c in place of this file.
 *
 *    __kmalloc(100)      class 11, "kmalloc-112"             an object
 *    __kmalloc(20000)    no class                            kmalloc_large(): a block of order 3
 *    kfree(address)      its page: PG_slab? the cache's      kfree() of the implementation
 *                        PG_large_kmalloc?                   kfree_large()
 */
#include "slab_internal.h"

/* Sizes that no class has: none, and more than the largest. */
static __always_inline bool no_class_fits(size_t size)
{
	return size - 1 >= KMALLOC_MAX_CACHE_SIZE;
}

/* The rare flags. */
static noinline void *kmalloc_special(size_t size, gfp_t flags)
{
	struct kmem_cache *cachep = kmalloc_slab(size, flags);

	return kasan_kmalloc(cachep, kmem_cache_alloc_any(cachep, flags), size);
}

void *__kmalloc(size_t size, gfp_t flags)
{
	struct kmem_cache *cachep;

	if (unlikely(no_class_fits(size)))
		return kmalloc_large(size, flags);
	if (unlikely(flags & (__GFP_ZERO | __GFP_DMA)))
		return kmalloc_special(size, flags);
	cachep = kmalloc_caches[kmalloc_index(size)];
	return kasan_kmalloc(cachep, __kmem_cache_alloc(cachep, flags), size);
}

void *kmalloc_node(size_t size, gfp_t flags, int nid)
{
	struct kmem_cache *cachep;

	if (unlikely(no_class_fits(size)))
		return kmalloc_large_node(size, flags, nid);
	cachep = kmalloc_slab(size, flags);
	return kasan_kmalloc(cachep, kmem_cache_alloc_track(cachep, flags, nid, __builtin_return_address(0)),
			     size);
}

void *__kmalloc_track_caller(size_t size, gfp_t flags, const void *caller)
{
	struct kmem_cache *cachep;

	if (unlikely(no_class_fits(size)))
		return kmalloc_large(size, flags);
	cachep = kmalloc_slab(size, flags);
	return kasan_kmalloc(cachep, kmem_cache_alloc_track(cachep, flags, NUMA_NO_NODE, caller), size);
}
