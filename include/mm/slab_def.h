/* SPDX-License-Identifier: MIT */
/*
 * A cache of the slab allocator (SLAB=slab), and what hangs on it. For mm/, reports and tests;
 * everybody else knows a struct kmem_cache by its address.
 *
 *    struct kmem_cache "foo"
 *      cpu_cache --- by CPU ---> struct array_cache      objects put aside, the last one on top
 *      node[nid]                 struct kmem_cache_node
 *                                  shared                objects put aside by all CPUs of the node
 *                                  alien[nid]            objects of another node, on their way back
 *                                  slabs_full     <-> slab <-> slab
 *                                  slabs_partial  <-> slab
 *                                  slabs_free     <-> slab
 *
 *    a slab of 2^gfporder pages:
 *      | colour | object 0 | object 1 | ... | object num - 1 | unused | bufctl, if it is "on" |
 *               ^ s_mem
 *
 * The invariants are in mm/slab/slab.c. Names as in Linux 3.10 (include/linux/slab_def.h,
 * mm/slab.c).
 */
#ifndef MM_SLAB_DEF_H
#define MM_SLAB_DEF_H

#include <asm/cache.h>
#include <kernel/percpu.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include <lib/bitops.h>
#include <lib/list.h>
#include <lib/types.h>
#include <mm/gfp.h>
#include <mm/kasan.h>
#include <mm/mm_types.h>
#include <mm/numa.h>

/* Each size class of kmalloc() is a cache. */
#define KMALLOC_HAS_CLASSES	1

/*
 * Objects put aside, as a stack:
 *
 *    entry[0]   NULL, so that who takes an object sees by it that there is none
 *    entry[1]
 *    *top       is given out next; entry == top: empty
 *    *end       the highest that may be used; top == end: full
 *
 * Differs from Linux, which has a number (avail) where there are addresses here, and a limit: this
 * saves the hot paths an addition each. And @touched is set when the array is refilled or has
 * overflowed, not whenever an object is taken.
 */
struct array_cache {
	void **top;
	void **end;		/* of a CPU on a machine of several nodes: NULL, see slab_numa.c */
	void **entry;
	bool touched;		/* since cache_reap() looked last */
};

/* An array behind its header: the shared and the alien ones. */
struct locked_array {
	spinlock_t lock;	/* of alien arrays; the shared one is under the node's list_lock */
	struct array_cache ac;
	void *entry[];
};

/* Objects in the array. */
static inline unsigned int ac_avail(const struct array_cache *ac)
{
	return (unsigned int)(ac->top - ac->entry);
}

/*
 * Which objects of a slab are free: a bit each. Differs from Linux, where it is a number each, of
 * the next free object: this takes an eighth of a byte in place of one to four, finds every second
 * free, and no damage to it leads astray whoever follows it.
 */
typedef u32 kmem_bufctl_t;
#define BUFCTL_BITS	32u

/* Where they are; see mm/slab/slab_geometry.c. */
enum bufctl_place {
	BUFCTL_PAGE,		/* in the struct page: up to BUFCTL_BITS objects */
	BUFCTL_ON,		/* at the end of the slab */
	BUFCTL_OFF,		/* in an object of a size class */
};

/*
 * A slab is its first page, whose struct page is used like this. The other pages have s_mem,
 * cache and PG_slab as well, so that any object's page will do for the checks.
 */
struct slab {
	unsigned long __page_flags;
	void *s_mem;			/* the first object */
	union {
		kmem_bufctl_t bits;	/* BUFCTL_PAGE */
		kmem_bufctl_t *bufctl;	/* the others */
	};
	unsigned int inuse;		/* objects that are not free: given out, or in an array */
	int __page_count;
	struct list_head list;		/* one of the node's */
	struct kmem_cache *cache;
};

#define SLAB_MATCH(page_field, slab_field)					\
	_Static_assert(offsetof(struct page, page_field) ==			\
		       offsetof(struct slab, slab_field), "a slab is a struct page")
SLAB_MATCH(flags, __page_flags);
SLAB_MATCH(mapping, s_mem);
SLAB_MATCH(freelist, bufctl);
SLAB_MATCH(inuse, inuse);
SLAB_MATCH(_count, __page_count);
SLAB_MATCH(lru, list);
SLAB_MATCH(slab_cache, cache);
_Static_assert(sizeof(struct slab) == sizeof(struct page), "a slab is a struct page");

struct kmem_cache_node {
	spinlock_t list_lock;		/* of everything here */
	struct list_head slabs_partial;	/* 0 < inuse < num */
	struct list_head slabs_full;
	struct list_head slabs_free;
	unsigned long free_objects;	/* in the slabs */
	unsigned int nr_slabs;
	unsigned int free_limit;	/* more free objects than that are too many */
	unsigned int colour_next;	/* of the next slab */
	bool free_touched;		/* an empty slab was needed since cache_reap() looked last */
	struct locked_array *shared;	/* NULL: none (yet) */
	struct locked_array *alien[MAX_NUMNODES];
};

struct kmem_cache {
	/* What the hot paths read. */
	struct array_cache *cpu_cache;	/* by CPU: for this_cpu_ptr() and per_cpu_ptr() */
	unsigned long page_origin;	/* slab_page_origin, at hand */
	u32 reciprocal_buffer_size;	/* see mm/object_place.h */
	unsigned int size;		/* bytes from one object to the next */

	/* The slabs. */
	unsigned int num;		/* objects in each */
	unsigned int gfporder;		/* pages of each, as an order */
	gfp_t allocflags;		/* for these pages, beside those of the request */
	unsigned int colour;		/* how many different colours there are */
	unsigned int colour_off;	/* bytes from one to the next */
	enum bufctl_place bufctl_place;
	struct kmem_cache *bufctl_cache; /* BUFCTL_OFF: where it comes from */

	/* The arrays. */
	unsigned int limit;		/* objects that a CPU puts aside; 0: none, it has no array */
	unsigned int batchcount;	/* that go to or come from the slabs at a time */
	unsigned int shared;		/* batches that all CPUs of a node put aside together */

	/* What kmem_cache_create() was asked for; the same for all implementations. */
	const char *name;
	unsigned int object_size;
	unsigned int align;
	unsigned long flags;
	void (*ctor)(void *object);
	struct list_head list;		/* all caches: slab_caches */

	/* With SLAB_DEBUG_FLAGS, see mm/slab_debug.c; the same for all implementations. */
	unsigned int red_left_pad;	/* bytes in front of an object, the first one's included */
	unsigned int track_offset;	/* from an object to what is known of its users */
	atomic_t nr_isolated;		/* objects that were damaged, and stay out of use */

	struct kmem_cache_node node[];	/* of the nodes that are online */
};

/* --- The hot path of allocation --- */

/*
 * The object on top of this CPU's array; NULL if there is none. With entry[0] no test is needed of
 * whether there is an array, or whether it is empty.
 */
static __always_inline void *array_pop(struct kmem_cache *cachep)
{
	struct array_cache *ac;
	unsigned long flags;
	void **top, *objp;

	local_irq_save(flags);
	ac = this_cpu_ptr(cachep->cpu_cache);
	top = ac->top;
	objp = *top;
	if (likely(objp))
		ac->top = top - 1;
	local_irq_restore(flags);
	return objp;
}

/* The array was empty. */
void *kmem_cache_alloc_miss(struct kmem_cache *cachep, gfp_t flags) __must_check;

/* With SAN=kasan there is no way in line: see <mm/slab.h>. */
void *kmem_cache_alloc_any(struct kmem_cache *cachep, gfp_t flags) __must_check;

/* As kmem_cache_alloc(), see <mm/slab.h>. In line: the call would cost two thirds as much as what it calls. */
static __always_inline __must_check void *__kmem_cache_alloc(struct kmem_cache *cachep, gfp_t flags)
{
	void *objp;

	if (KASAN_ON)
		return kmem_cache_alloc_any(cachep, flags);
	objp = array_pop(cachep);
	return likely(objp) ? objp : kmem_cache_alloc_miss(cachep, flags);
}

#endif
