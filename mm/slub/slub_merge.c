// SPDX-License-Identifier: MIT
/*
 * Caches that are like each other are one: who asks for a cache gets another one with a name more,
 * if its objects are as far apart as those of the other would be, and come from the same kind of
 * pages. So slabs are used to the full, and lines of the cache (the CPU's) as well. As far apart is as
 * well aligned: the distance is a multiple of the alignment, and slabs begin with an object.
 *
 *    kmem_cache_create("foo", 56)  ---> kmalloc-56, refcount 2
 *    kmem_cache_create("bar", 53)  ---> kmalloc-56, refcount 3
 *    kmem_cache_destroy(foo)            refcount 2: nothing else happens
 *
 * M1. Never merged: any cache with SAN=kasan, which lays objects out by cache;
 *     a cache with a constructor, one that is looked after, or that would be if it
 *     were made; with SLAB_NO_MERGE; and none at all with `slab_nomerge'.
 * M2. refcount counts a cache's names. It changes under slab_lock.
 *
 * What is lost by that: reports have the name of the first; objects that were never freed are not
 * missed when a name is given up; and a free to the other of two caches that are one is no mistake.
 *
 * After find_mergeable() of Linux 3.10, where the parameter is slub_nomerge. Differs from it: which
 * takes a cache of up to three bytes more, too, since its sizes are multiples of 4.
 */
#include <kernel/bug.h>
#include <kernel/params.h>
#include "slub.h"

/* Flags that keep a cache from being merged, and those that both must have or not. */
#define SLUB_NEVER_MERGE	(SLAB_DEBUG_FLAGS | SLAB_NO_MERGE)
#define SLUB_MERGE_SAME		(SLAB_RECLAIM_ACCOUNT | SLAB_CACHE_DMA)

static bool slab_nomerge;

static int __init early_slab_nomerge(char *value)
{
	(void)value;
	slab_nomerge = true;
	return 0;
}
early_param("slab_nomerge", early_slab_nomerge);

/* M1. */
static bool slab_unmergeable(const struct kmem_cache *s)
{
	return s->flags & SLUB_NEVER_MERGE || s->ctor || s->refcount < 0;
}

/* A cache of objects that are @size bytes apart. Context: slab_lock held. */
static struct kmem_cache *find_mergeable(unsigned int size, unsigned long flags)
{
	struct kmem_cache *s;

	list_for_each_entry(s, &slab_caches, list)
		if (s->size == size && !slab_unmergeable(s) &&
		    !((s->flags ^ flags) & SLUB_MERGE_SAME))
			return s;
	return NULL;
}

struct kmem_cache *__kmem_cache_alias(const char *name, size_t size, size_t align,
				      unsigned long flags, void (*ctor)(void *object))
{
	unsigned int whole_align = calculate_alignment(flags, (unsigned int)align, (unsigned int)size);
	struct kmem_cache *s;

	if (KASAN_ON || slab_nomerge || ctor || (flags | slab_debug_flags_for(name)) & SLUB_NEVER_MERGE)
		return NULL;
	spin_lock(&slab_lock);
	s = find_mergeable((unsigned int)ALIGN(size, whole_align), flags);
	if (s) {
		s->refcount++;
		s->object_size = max(s->object_size, (unsigned int)size);
	}
	spin_unlock(&slab_lock);
	return s;
}

bool __kmem_cache_unalias(struct kmem_cache *s)
{
	bool others;

	spin_lock(&slab_lock);
	BUG_ON(s->refcount == 0, "%s has no name", s->name);
	others = s->refcount > 1;
	if (others)
		s->refcount--;
	spin_unlock(&slab_lock);
	return others;
}
