/* SPDX-License-Identifier: MIT */
/*
 * Objects that are looked after (slab_debug.c), for the implementations of caches. What they do:
 *
 *    when a cache is made       slab_debug_geometry()      after which its objects are `size' apart,
 *                                                          the first red_left_pad behind something
 *    a new object, constructed  slab_debug_init_object()
 *    before it is given out     slab_debug_alloc()         false: take another one
 *    before it is taken back    slab_debug_free()          false: leave it alone
 *    before its page goes       slab_debug_destroy_object()
 *
 * Where objects are, is asked of nearest_obj() and kmem_cache_for_each_object(): slab_internal.h.
 */
#ifndef MM_SLAB_DEBUG_H
#define MM_SLAB_DEBUG_H

#include <kernel/init.h>
#include <kernel/jump_label.h>
#include <lib/compiler.h>
#include <lib/types.h>
#include <mm/kasan.h>
#include <mm/slab.h>

/* Was there a `slab_debug='? Caches may ask to be looked after without. */
DECLARE_STATIC_KEY_FALSE(slab_debug_key);

/* Make room for the call chains that `slab_debug=U' keeps. Context: boot, the page allocator works. */
void __init slab_debug_init(void);

/* Does every object of the cache go the slow way, and is checked there? */
static inline bool is_debugged(const struct kmem_cache *cachep)
{
	return unlikely(cachep->flags & SLAB_DEBUG_FLAGS);
}

/* What is asked for by `slab_debug=', of some caches or of all; and of a cache of that name. */
extern unsigned long slab_debug_flags;
unsigned long slab_debug_flags_for(const char *name);

unsigned int __slab_debug_geometry(struct kmem_cache *cachep, unsigned int own_bytes);

/**
 * slab_debug_geometry - decide whether a cache is looked after; if so, lay its objects out
 * @cachep: name, object_size, align, flags are set; and size, as it is without all this
 * @own_bytes: what the implementation keeps behind a free object, in which it may not write then:
 *	the pointer of a freelist; 0 if it keeps nothing there
 *
 * A cache that describes caches is not looked after: slab_state is DOWN when it is made. Sets flags,
 * and if the cache is looked after, size, red_left_pad and track_offset. A cache of
 * objects that are too large for that loses its SLAB_DEBUG_FLAGS. Return: the offset of these
 * bytes from an object, a multiple of 8; 0 if the cache is not looked after.
 */
static inline unsigned int slab_debug_geometry(struct kmem_cache *cachep, unsigned int own_bytes)
{
	if (likely(!slab_debug_flags && !is_debugged(cachep)))
		return kasan_cache_geometry(cachep, own_bytes);
	return __slab_debug_geometry(cachep, own_bytes);
}

/* @objp is an object of a new slab, which is free. */
void slab_debug_init_object(const struct kmem_cache *cachep, void *objp);

/**
 * slab_debug_alloc - an object is about to be given out
 * @cachep: its cache, which is looked after
 * @objp: the object; nobody else has it
 * @caller: who wants it
 *
 * Context: any; no lock of the cache held. Return: true; false, after a report, if it is damaged,
 * and isolated: for the implementation it stays given out.
 */
bool slab_debug_alloc(struct kmem_cache *cachep, void *objp, const void *caller);

/**
 * slab_debug_free - an object is about to be taken back
 * @cachep: its cache, which is looked after
 * @objp: the place of an object
 * @caller: who gives it back
 *
 * Context: as slab_debug_alloc(). Return: true; false, after a report, if it cannot be: it is free
 * already, or damaged and now isolated.
 */
bool slab_debug_free(struct kmem_cache *cachep, void *objp, const void *caller);

/*
 * Does somebody have @objp, of a cache that is looked after? Not if it is isolated, whatever the
 * implementation says.
 */
bool slab_debug_in_use(const struct kmem_cache *cachep, const void *objp);

/* Report what is wrong with @objp, which is free, and whose page is about to be given back. */
void slab_debug_destroy_object(const struct kmem_cache *cachep, const void *objp);

/*
 * Look at all objects of a cache. Context: as kmem_cache_for_each_object(). Return: true; false after
 * reports, if objects are damaged.
 */
bool slab_debug_check(struct kmem_cache *cachep);

#endif
