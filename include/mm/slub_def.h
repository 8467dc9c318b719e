/* SPDX-License-Identifier: MIT */
/*
 * A cache of the unqueued slab allocator (SLAB=slub), and what hangs on it. For mm/, reports and
 * tests; everybody else knows a struct kmem_cache by its address.
 *
 *    struct kmem_cache "foo"
 *      cpu_slab --- by CPU ---> struct kmem_cache_cpu
 *                                 freelist    objects of page, which it gives out next
 *                                 page        the slab that it gives out objects of
 *                                 partial --> slab --> slab     more of them
 *                                 freed       objects of one other slab, on their way back to it
 *      node[nid] -------------> struct kmem_cache_node
 *                                 partial <-> slab <-> slab     with free objects
 *
 *    a slab of 2^gfporder pages; free objects are linked through themselves:
 *      | object 0 | object 1 | object 2 | ... | object num - 1 | unused |
 *                   ^  `----------------------> NULL
 *                   freelist of its struct page
 *
 * The invariants are in mm/slub/slub.c. Names as in Linux 3.10 (include/linux/slub_def.h,
 * mm/slub.c).
 */
#ifndef MM_SLUB_DEF_H
#define MM_SLUB_DEF_H

#include <kernel/percpu.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include <lib/bitops.h>
#include <lib/list.h>
#include <lib/types.h>
#include <mm/kasan.h>
#include <mm/gfp.h>
#include <mm/mm_types.h>
#include <mm/numa.h>

/* Each size class of kmalloc() is a cache. */
#define KMALLOC_HAS_CLASSES	1

/* What changes together, by cmpxchg64(): see mm/slub/slub.h. */
union freelist_state {
	struct {
		void *freelist;			/* free objects; NULL: none */
		union {
			unsigned int counters;
			struct {
				unsigned int inuse : 16;	/* objects that are not on it */
				unsigned int unused : 14;
				unsigned int isolated : 1; /* its freelist was damaged */
				unsigned int frozen : 1;	/* some CPU has the slab */
			};
		};
	};
	u64 both;
};

/*
 * A slab is its first page, whose struct page is used like this. The other pages have cache and
 * PG_slab as well, so that any object's page leads to its cache.
 */
struct slab {
	unsigned long __page_flags;
	void *__page_mapping;
	union freelist_state state;
	int __page_count;
	union {
		struct list_head list;		/* on the partial list of its node */
		struct {			/* on that of a CPU */
			struct slab *next;
			unsigned int pobjects;	/* free objects from here to the end, at that time */
		};
	};
	struct kmem_cache *cache;
};

#define SLAB_MATCH(page_field, slab_field)					\
	_Static_assert(offsetof(struct page, page_field) ==			\
		       offsetof(struct slab, slab_field), "a slab is a struct page")
SLAB_MATCH(flags, __page_flags);
SLAB_MATCH(mapping, __page_mapping);
SLAB_MATCH(freelist, state.freelist);
SLAB_MATCH(inuse, state.counters);
SLAB_MATCH(_count, __page_count);
SLAB_MATCH(lru, list);
SLAB_MATCH(slab_cache, cache);
_Static_assert(sizeof(struct slab) == sizeof(struct page), "a slab is a struct page");
_Static_assert(offsetof(struct slab, state) % sizeof(u64) == 0, "LDREXD wants its 8 bytes aligned");

/* An address that is not that of a slab, whose objects begin at multiples of 8. */
#define NO_SLAB		((void *)1)

/* A freelist and the address of its slab, which the hot paths read at once: LDRD is one instruction. */
union slab_freelist {
	struct {
		void *freelist;		/* NULL: empty */
		void *base;		/* NO_SLAB: none */
	};
	u64 both;
};

/* Objects that were freed one after the other, all of one slab. */
struct detached_freelist {
	union slab_freelist list;
	void *tail;			/* the first that was freed */
	unsigned int cnt;
};

struct kmem_cache_cpu {
	union {
		struct {
			void *freelist;
			void *base;	/* the address of page; NO_SLAB if that is NULL */
		};
		union slab_freelist list;
	};
	struct slab *page;
	struct slab *partial;
	struct detached_freelist freed;
} __aligned(32);

struct kmem_cache_node {
	spinlock_t list_lock;		/* of nr_partial and partial */
	unsigned int nr_partial;
	struct list_head partial;
	atomic_t nr_slabs;		/* on this list or anywhere else */
};

/* Numbers that are read at once, too. */
union start_test {
	struct {
		u32 reciprocal_size, start_limit;
	};
	u64 both;
};

struct kmem_cache {
	/* What the hot paths read. */
	struct kmem_cache_cpu *cpu_slab; /* by CPU: for this_cpu_ptr() and per_cpu_ptr() */
	unsigned long slab_mask;	/* bytes of a slab, less 1 */
	union {
		struct {
			u32 reciprocal_size;	/* see mm/object_place.h */
			u32 start_limit;	/* the same: num * e */
		};
		union start_test start_test;
	};
	u32 slab_words;			/* bytes of a slab, over 8 */
	unsigned int offset;		/* from a free object to its pointer to the next */
	unsigned int size;		/* bytes from one object to the next */

	/* The slabs. */
	unsigned int num;		/* objects in each; oo in Linux, which says the order, too */
	unsigned int gfporder;		/* pages of each, as an order */
	gfp_t allocflags;		/* for these pages, beside those of the request */
	unsigned int min_partial;	/* slabs that a node keeps, though they be empty */
	unsigned int cpu_partial;	/* free objects in slabs that a CPU keeps; 0: it has none */
	atomic_t nr_isolated_slabs;	/* that were damaged, and stay out of use */

	int refcount;			/* names that it has, under slab_lock; < 0: for this one only */

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

	struct kmem_cache_node *node[];	/* of the nodes that are online */
};

/* --- The hot path of allocation --- */

/* Where in @objp, which is free, the next one is written. */
static __always_inline void **freepointer_of(const struct kmem_cache *s, void *objp)
{
	return (void **)((char *)objp + s->offset);
}

/*
 * Does the freelist of the slab at @base lead to @objp rightly, as far as can be told at once: into a slab of @words
 * double words, to the beginning of one of them? The distance, rotated by 3 bits, is a small number only then; it is
 * a large one also for NULL, the end of the list, and for NO_SLAB. So this is the test for an empty list, too, and
 * costs two instructions more than that alone.
 */
static __always_inline bool is_in_slab(const void *base, u32 words, const void *objp)
{
	u32 distance = (u32)objp - (u32)base;

	return (distance >> 3 | distance << 29) < words;
}

/* Take the first object of this CPU's freelist, as *@objp. Return: false if there is none, or it is damaged. */
static __always_inline bool freelist_pop(struct kmem_cache *s, void **objp)
{
	union slab_freelist list;
	struct kmem_cache_cpu *c;
	unsigned long flags;

	local_irq_save(flags);
	c = this_cpu_ptr(s->cpu_slab);
	list.both = READ_ONCE(c->list.both);
	if (unlikely(!is_in_slab(list.base, s->slab_words, list.freelist))) {
		local_irq_restore(flags);
		return false;
	}
	c->freelist = *freepointer_of(s, list.freelist);
	local_irq_restore(flags);
	*objp = list.freelist;
	return true;
}

/* There was none. */
void *kmem_cache_alloc_miss(struct kmem_cache *s, gfp_t flags) __must_check;

/* With SAN=kasan there is no way in line: see <mm/slab.h>. */
void *kmem_cache_alloc_any(struct kmem_cache *s, gfp_t flags) __must_check;

/* In line, since it is no longer than a call with its preparations. See <mm/slab.h>. */
static __always_inline __must_check void *__kmem_cache_alloc(struct kmem_cache *s, gfp_t flags)
{
	void *objp;

	if (KASAN_ON)
		return kmem_cache_alloc_any(s, flags);
	return likely(freelist_pop(s, &objp)) ? objp : kmem_cache_alloc_miss(s, flags);
}

#endif
