/* SPDX-License-Identifier: MIT */
/*
 * Objects: pieces of memory smaller than a page, or of no power of two. One interface, of which
 * `make SLAB=slab' (the default), `SLAB=slub' and `SLAB=slob' build different implementations:
 *
 *    kmalloc(size)                      a size class: kmalloc.h
 *      kmem_cache_alloc(cache)          objects of one kind
 *        pages from alloc_pages()       gfp.h
 *
 *    struct kmem_cache *foo_cache = kmem_cache_create("foo", sizeof(struct foo), 0, 0, NULL);
 *    struct foo *foo = kmem_cache_alloc(foo_cache, GFP_KERNEL);
 *    kmem_cache_free(foo_cache, foo);
 *
 * O1. An object that was given out overlaps no other, lies in lowmem, and is aligned as its cache
 *     asks, at least to ARCH_SLAB_MINALIGN.
 * O2. What a constructor wrote is there when an object is given out, provided that whoever freed it
 *     left it so. The constructor runs once for each object, when its pages come from the page
 *     allocator, not at each allocation.
 * O3. An object is freed to the cache that it came from, by its address, once. Who does not keep to
 *     this is told so, and the system goes on without harm, as far as the cheap checks see it: the
 *     cache of the page, the place in the slab, and the object that was freed last.
 *
 * Names, arguments and meaning are Linux 3.10's (include/linux/slab.h).
 */
#ifndef MM_SLAB_H
#define MM_SLAB_H

#include <lib/compiler.h>
#include <lib/types.h>
#include <mm/gfp.h>
#include <mm/kasan.h>
#include <mm/numa.h>

/* LDRD and LDREXD want it, and so the procedure call standard of ARM gives it to a u64. */
#define ARCH_SLAB_MINALIGN	8

/* Flags of kmem_cache_create(), with Linux's values. */
#define SLAB_DEBUG_FREE		0x00000100UL	/* check every free thoroughly */
#define SLAB_CHECK_CTOR		0x00000200UL	/* given back as constructed; not Linux's */
#define SLAB_RED_ZONE		0x00000400UL	/* words around each object tell of overruns */
#define SLAB_POISON		0x00000800UL	/* free objects are filled with a pattern */
#define SLAB_HWCACHE_ALIGN	0x00002000UL	/* objects share no cache line without need */
#define SLAB_CACHE_DMA		0x00004000UL	/* from ZONE_DMA */
#define SLAB_STORE_USER		0x00010000UL	/* remember who allocated and who freed */
#define SLAB_RECLAIM_ACCOUNT	0x00020000UL	/* its owner can free objects on demand: a shrinker */
#define SLAB_PANIC		0x00040000UL	/* if it cannot be made, the system cannot go on */
#define SLAB_NO_MERGE		0x01000000UL	/* it is no other cache, however alike (Linux 6.5) */
#define SLAB_FAILSLAB		0x02000000UL	/* `fail_nth=' counts its objects: fail_page_alloc.h */

#define SLAB_DEBUG_FLAGS	(SLAB_DEBUG_FREE | SLAB_CHECK_CTOR | SLAB_RED_ZONE |		\
				 SLAB_POISON | SLAB_STORE_USER | SLAB_FAILSLAB)

/*
 * Not here: SLAB_DESTROY_BY_RCU, which in Linux has pages of the cache freed no earlier than
 * readers who may still look at a freed object are through. There is no RCU to tell when that is.
 */
#define SLAB_CREATE_MASK	(SLAB_DEBUG_FLAGS | SLAB_HWCACHE_ALIGN | SLAB_CACHE_DMA |	\
				 SLAB_RECLAIM_ACCOUNT | SLAB_PANIC | SLAB_NO_MERGE)

/* The largest object of a cache; who wants more wants pages. Linux: 4 MiB, and a slab each. */
#define KMEM_CACHE_MAX_SIZE	32768u

struct kmem_cache;

#ifdef CONFIG_SLAB
#include <mm/slab_def.h>
#endif
#ifdef CONFIG_SLUB
#include <mm/slub_def.h>
#endif
#ifdef CONFIG_SLOB
#include <mm/slob_def.h>
#endif

/* --- Caches --- */

/**
 * kmem_cache_create - make a cache for objects of one kind
 * @name: for reports; no other cache has it. It is copied, unless it is a constant
 * @size: bytes of an object, 1 .. KMEM_CACHE_MAX_SIZE
 * @align: its alignment in bytes, a power of two up to PAGE_SIZE; 0: the smallest
 * @flags: SLAB_...
 * @ctor: writes the first state of an object (O2); or NULL. It must not sleep if objects of this
 *	cache are allocated where nobody may
 *
 * Context: thread that may sleep. Return: the cache, which with SLAB=slub may be one that others have
 * by another name (mm/slub/slub_merge.c). NULL if there is no memory for it, or after a message that
 * says which argument cannot be; with SLAB_PANIC a panic instead.
 */
struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned long flags, void (*ctor)(void *object)) __must_check;

/**
 * kmem_cache_destroy - give a cache and its pages back
 * @cachep: a cache without objects in use, which nobody uses any more; NULL is ignored
 *
 * A cache that still has objects in use is not destroyed, and stays as it is after a message that
 * names them. Context: thread that may sleep; interrupts enabled, since other CPUs are asked for
 * what they have put aside.
 */
void kmem_cache_destroy(struct kmem_cache *cachep);

/**
 * kmem_cache_shrink - give back pages of a cache that hold no object in use
 * @cachep: the cache
 *
 * Context: as kmem_cache_destroy(). Return: 0 if the cache has no pages left, 1 if it has.
 */
int kmem_cache_shrink(struct kmem_cache *cachep);

/* The same for all size classes. */
void kmalloc_shrink(void);

/* What kmem_cache_create() was called with. */
unsigned int kmem_cache_size(const struct kmem_cache *cachep);
const char *kmem_cache_name(const struct kmem_cache *cachep);

/* --- Objects --- */

/*
 * Each implementation has, in its header, __kmem_cache_alloc(): as kmem_cache_alloc(), for masks
 * without __GFP_ZERO. And the same for any mask, from node @nid or any, on behalf of @caller:
 */
void *kmem_cache_alloc_track(struct kmem_cache *cachep, gfp_t flags, int nid,
			     const void *caller) __must_check;

/* As kmem_cache_alloc(), for a mask that is not known when compiling. */
void *kmem_cache_alloc_any(struct kmem_cache *cachep, gfp_t flags) __must_check;

/**
 * kmem_cache_alloc - an object of a cache
 * @cachep: the cache
 * @flags: GFP_KERNEL and so on, for the pages that may have to be asked for; with __GFP_ZERO the
 *	object is filled with zeros
 *
 * Context: any that @flags allow. Return: the object, with what its constructor wrote, or else with
 * junk in it; NULL if there is no memory.
 */
static __always_inline __must_check void *kmem_cache_alloc(struct kmem_cache *cachep, gfp_t flags)
{
	if (__builtin_constant_p(flags) && !(flags & __GFP_ZERO))
		return __kmem_cache_alloc(cachep, flags);
	return kmem_cache_alloc_any(cachep, flags);
}

/* The same, filled with zeros. The cache has no constructor. */
static __always_inline __must_check void *kmem_cache_zalloc(struct kmem_cache *cachep, gfp_t flags)
{
	return kmem_cache_alloc_any(cachep, flags | __GFP_ZERO);
}

/**
 * kmem_cache_alloc_node - an object in memory of a certain node, if that has any
 * @cachep: the cache
 * @flags: with __GFP_THISNODE no other node is asked
 * @nid: an online node, or NUMA_NO_NODE: that of this CPU
 *
 * As kmem_cache_alloc() otherwise.
 */
void *kmem_cache_alloc_node(struct kmem_cache *cachep, gfp_t flags, int nid) __must_check;

/**
 * kmem_cache_free - give an object back
 * @cachep: the cache that it came from
 * @objp: what kmem_cache_alloc() returned; not NULL
 *
 * Context: any. An address that is no object of the cache, or an object that was freed already, is
 * reported, with the caller, and left alone (O3).
 */
void kmem_cache_free(struct kmem_cache *cachep, void *objp);

/**
 * kmem_cache_alloc_bulk - several objects at once, all or none
 * @cachep: the cache
 * @flags: as for kmem_cache_alloc()
 * @nr: how many
 * @objs: receives them
 *
 * Return: @nr; 0 if there is no memory for all of them, and then none is given out. As Linux 6.1's.
 */
int kmem_cache_alloc_bulk(struct kmem_cache *cachep, gfp_t flags, size_t nr,
			  void **objs) __must_check;

/* As @nr calls of kmem_cache_free(), for those at @objs. */
void kmem_cache_free_bulk(struct kmem_cache *cachep, size_t nr, void **objs);

/* --- The system --- */

/**
 * kmem_cache_init - make the size classes, so that caches can be made and kmalloc() works
 *
 * Context: boot, one CPU, the page allocator works; mm_init().
 */
void kmem_cache_init(void);

/*
 * The rest of it: what must not happen before interrupts and threads do. Context:
 * start_kernel().
 */
void kmem_cache_init_late(void);

/*
 * Begin to give back, every other second, what CPUs have put aside; and end it, until the next
 * cpucache_init(). Context: thread that may sleep, after init_workqueues().
 */
void cpucache_init(void);
void cpucache_stop(void);

/* The pages of caches: of those with SLAB_RECLAIM_ACCOUNT, which are @reclaimable, or of the others. */
unsigned long nr_slab_pages(bool reclaimable);

/*
 * Objects that somebody has, of all caches; those that the allocator itself uses are not
 * counted.
 */
unsigned long kmem_objects_in_use(void);

/* Objects of one cache that somebody has. */
unsigned long kmem_cache_objects_in_use(struct kmem_cache *cachep);

/* Reports about misuse so far: a test that provokes one counts. */
extern unsigned int nr_slab_errors;

/**
 * kmem_cache_check, kmem_caches_check - walk a cache; all of them
 * @cachep: the cache
 *
 * Context: nobody allocates from it or frees to it meanwhile. Return: true if its invariants hold;
 * false after a message that says what is wrong.
 */
bool kmem_cache_check(struct kmem_cache *cachep);
bool kmem_caches_check(void);

/* /proc/slabinfo, version 2.1; and in order of size, with what is lost, for a person. */
void show_slabinfo(void);
void show_slabtop(void);

#include <mm/kmalloc.h>

#endif
