/* SPDX-License-Identifier: MIT */
/*
 * Between what all implementations of caches share (mm/slab_common.c, mm/kmalloc.c) and the one
 * that was built in: mm/slab/, mm/slub/ or mm/slob/. Each has a struct kmem_cache of its own, in
 * which these fields are:
 *
 *    name object_size align flags ctor      what kmem_cache_create() was asked for
 *    list                                   slab_common.c's
 *    size                                   bytes from an object to the next; the implementation's
 *    red_left_pad track_offset nr_isolated  slab_debug.c's
 */
#ifndef MM_SLAB_INTERNAL_H
#define MM_SLAB_INTERNAL_H

#include <kernel/init.h>
#include <kernel/spinlock.h>
#include <lib/list.h>
#include <lib/types.h>
#include <mm/slab.h>

/* How far the allocator is made. Linux's names. */
enum slab_state {
	DOWN,			/* nothing works */
	PARTIAL,		/* a cache of caches works, some size classes do */
	UP,			/* all of kmalloc() does */
	FULL,			/* everything does */
};

extern enum slab_state slab_state;

/*
 * All caches, and the lock of that list. Who holds it does not sleep, and has interrupts
 * enabled.
 */
extern struct list_head slab_caches;
extern spinlock_t slab_lock;

/* The cache of struct kmem_cache. */
extern struct kmem_cache *kmem_cache;

/* --- What an implementation has --- */

/**
 * __kmem_cache_create - make a cache work
 * @cachep: name, object_size, align, flags and ctor are set, all else is zero
 *
 * Return: 0; -ENOMEM, and nothing is left of it.
 */
int __kmem_cache_create(struct kmem_cache *cachep);

/**
 * __kmem_cache_shutdown - the opposite
 * @cachep: nobody uses it any more
 *
 * Return: 0; -EBUSY after a message that names its objects, if some are in use, and then it works
 * as before.
 */
int __kmem_cache_shutdown(struct kmem_cache *cachep);

#ifdef CONFIG_SLUB
/**
 * __kmem_cache_alias - use a cache that exists, in place of one that would be like it
 * @name, @size, @align, @flags, @ctor: as for kmem_cache_create()
 *
 * Return: that cache, which one more name is for; NULL if there is none.
 */
struct kmem_cache *__kmem_cache_alias(const char *name, size_t size, size_t align,
				      unsigned long flags, void (*ctor)(void *object));

/* A cache is to be destroyed. Return: is it still there by another name, so that it must stay? */
bool __kmem_cache_unalias(struct kmem_cache *cachep);
#else
static inline struct kmem_cache *__kmem_cache_alias(const char *name, size_t size, size_t align,
						    unsigned long flags, void (*ctor)(void *object))
{
	(void)name, (void)size, (void)align, (void)flags, (void)ctor;
	return NULL;
}

static inline bool __kmem_cache_unalias(struct kmem_cache *cachep)
{
	(void)cachep;
	return false;
}
#endif

/* One line of /proc/slabinfo. */
struct slabinfo {
	unsigned long active_objs, num_objs;
	unsigned long active_slabs, num_slabs;
	unsigned long shared_avail;
	unsigned int limit, batchcount, shared;
	unsigned int objects_per_slab, cache_order;
};

void get_slabinfo(struct kmem_cache *cachep, struct slabinfo *info);

/*
 * Objects that the allocator itself has in use, and that come and go as it likes: arrays,
 * bufctls.
 */
unsigned long kmem_internal_objects(void);

/**
 * nearest_obj - the object that an address points into
 * @cachep: the cache that it may be of
 * @addr: any address
 *
 * What lies between two objects, red zones and all, belongs to the first of them. Return: where the
 * object begins, given out or not; NULL if no object of the cache is there, or if the
 * implementation cannot tell.
 */
void *nearest_obj(const struct kmem_cache *cachep, const void *addr);

/**
 * kmem_cache_for_each_object - call a function for every object of a cache
 * @cachep: the cache
 * @func: gets each object, and whether somebody has it: neither free, nor put aside, nor isolated.
 *	It does not allocate, free, or sleep; interrupts may be off
 * @arg: is passed on to it
 *
 * Besides, the allocator's own memory says nothing of objects that somebody has afterwards: places
 * where they were put aside once are cleared, so that a scan for leaks does not find them there.
 * Context: nobody allocates from the cache or frees to it meanwhile: it is being destroyed, or
 * other CPUs are stopped. Return: true; false if the implementation does not know its objects, and
 * @func was not called.
 */
bool kmem_cache_for_each_object(struct kmem_cache *cachep,
				void (*func)(struct kmem_cache *cachep, void *objp, bool in_use, void *arg),
				void *arg);

/* For reports: print what is known of the object that @objp points into. */
void slab_debug_describe(const struct kmem_cache *cachep, const void *objp);

#ifdef CONFIG_KASAN
/* @objp, which was given back, and has been in KASAN's quarantine since, is free at last. Context: any. */
void kmem_cache_free_quarantined(struct kmem_cache *cachep, void *objp);
#endif

/* --- What they share --- */

/*
 * Zones without an address cannot be; and what is the object's business, or the cache's, is not
 * the pages'.
 */
#define GFP_SLAB_BUG_MASK	(__GFP_HIGHMEM | __GFP_DMA32 | ~__GFP_BITS_MASK)
#define GFP_SLAB_STRIP_MASK	(__GFP_ZERO | __GFP_COMP | GFP_MOVABLE_MASK | __GFP_COLD)

/* What @flags of a cache add to those of a request for its pages. */
static inline gfp_t calculate_allocflags(unsigned long flags)
{
	return (flags & SLAB_CACHE_DMA ? GFP_DMA : 0) |
	       (flags & SLAB_RECLAIM_ACCOUNT ? __GFP_RECLAIMABLE : 0);
}

/* The alignment of a cache's objects of @size bytes: @align, and what @flags and the CPU need. */
unsigned int calculate_alignment(unsigned long flags, unsigned int align, unsigned int size);

/* As kmem_cache_create() while booting, in a struct kmem_cache that exists; panics if there is no memory. */
void __init create_boot_cache(struct kmem_cache *cachep, const char *name, size_t size,
			      unsigned long flags);

/* Make the size classes, ascending, those for __GFP_DMA too if there is such a zone. */
void __init create_kmalloc_caches(void);

/*
 * The cache of a size, 1 .. KMALLOC_MAX_CACHE_SIZE. A request for ZONE_DMA, where there is none,
 * is one for any memory: devices reach everything.
 */
struct kmem_cache *kmalloc_slab(size_t size, gfp_t flags);

/* As kmalloc_node(), from pages whatever the size. */
void *kmalloc_large_node(size_t size, gfp_t flags, int nid) __must_check;

/* As kfree(), by @caller, and ksize(), of @objp that lies in no slab. */
void kfree_large(const void *objp, const void *caller);
size_t ksize_large(const void *objp);

/**
 * slab_error - report misuse of an object
 * @cachep: its cache, as far as anybody knows; or NULL
 * @objp: the address
 * @what: what is wrong with it, "... was freed twice"
 * @caller: who did it
 */
void slab_error(const struct kmem_cache *cachep, const void *objp, const char *what,
		const void *caller) __cold;

/* For __kmem_cache_shutdown(): name the @nr objects because of which it cannot be. */
void report_live_objects(struct kmem_cache *cachep, unsigned long nr) __cold;

/*
 * Change what nr_slab_pages() counts by @nr. Pages that a thread gives back while it frees memory, be it that a
 * shrinker frees objects, are its merit. Context: any.
 */
void count_slab_pages(const struct kmem_cache *cachep, int nr);

#endif
