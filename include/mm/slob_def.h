/* SPDX-License-Identifier: MIT */
/*
 * A cache of SLAB=slob, the simple list of blocks, and the pages that its objects lie in. For mm/,
 * reports and tests; everybody else knows a struct kmem_cache by its address.
 *
 *    free_slob_small   partial <-> page <-> page       what is smaller than 256 bytes
 *                      full    <-> page
 *    free_slob_medium  ...                             than 1024
 *    free_slob_large   ...                             than a page
 *
 *    a page, in units of SLOB_UNIT bytes:
 *      | object of foo | header, kmalloc()ed | 3, next 90 ... | object of bar | ... | 7, none ... |
 *                                             ^ first: a free block          90 ... a free block
 *
 * A cache is hardly more than a name, a size and a count: objects of all caches lie in the pages
 * of the same three lists. The invariants are in mm/slob/slob.c. Names as in Linux 3.10
 * (mm/slob.c).
 */
#ifndef MM_SLOB_DEF_H
#define MM_SLOB_DEF_H

#include <asm/page.h>
#include <lib/atomic.h>
#include <lib/list.h>
#include <lib/types.h>
#include <mm/gfp.h>
#include <mm/mm_types.h>

/* kmalloc() has no size classes: a block is as large as the request, and begins with its size. */
#define KMALLOC_HAS_CLASSES	0

/*
 * The head of a free block, in the block. A page has its free blocks in the order of their
 * addresses, no two of them adjacent.
 *
 * Differs from Linux: whose units are 2 bytes, so that a block of one unit has room for one number
 * only, and tells by its sign which one it is. Here objects begin at multiples of 8 bytes, and
 * headers of kmalloc() 4 bytes before: smaller pieces than 4 are of no use to anybody.
 */
typedef u16 slobidx_t;

struct slob_block {
	slobidx_t units;	/* its size, this head included */
	slobidx_t next;		/* where in the page the next one begins; SLOB_NONE: nowhere */
};

#define SLOB_UNIT		4u
#define SLOB_PAGE_UNITS		(PAGE_SIZE / SLOB_UNIT)
#define SLOB_NONE		SLOB_PAGE_UNITS

_Static_assert(sizeof(struct slob_block) == SLOB_UNIT, "the smallest block is its head");

/* Units that so many bytes take. */
static inline unsigned int slob_units(size_t bytes)
{
	return (unsigned int)((bytes + SLOB_UNIT - 1) / SLOB_UNIT);
}

/* Pages with room for objects of similar sizes, and those without. */
struct slob_list {
	const char *name;
	unsigned int min_units;		/* a page with fewer free ones is full: nothing fits */
	unsigned int nr_pages;
	struct list_head partial;
	struct list_head full;
};

/*
 * A struct page as slob uses it. Shared pages, on one of the lists above, have no cache; others are
 * a cache's own: see mm/slob/slob_own.c.
 */
struct slob_page {
	unsigned long __page_flags;
	struct slob_list *home;		/* shared: the list */
	union {
		unsigned int first;	/* shared: the first free block; SLOB_NONE */
		u32 bits;		/* own: which objects are free */
	};
	union {
		unsigned int units;	/* shared: free ones */
		unsigned int inuse;	/* own: objects that are not free */
	};
	int __page_count;
	struct list_head list;
	struct kmem_cache *cache;	/* shared: NULL */
};

#define SLOB_MATCH(page_field, slob_field)					\
	_Static_assert(offsetof(struct page, page_field) ==			\
		       offsetof(struct slob_page, slob_field), "it is a struct page")
SLOB_MATCH(flags, __page_flags);
SLOB_MATCH(mapping, home);
SLOB_MATCH(freelist, first);
SLOB_MATCH(inuse, units);
SLOB_MATCH(_count, __page_count);
SLOB_MATCH(lru, list);
SLOB_MATCH(slab_cache, cache);
_Static_assert(sizeof(struct slob_page) == sizeof(struct page), "it is a struct page");

struct kmem_cache {
	unsigned int units;		/* of an object in a shared page; 0: its pages are its own */
	unsigned int align_units;
	unsigned int size;		/* bytes that an object takes */
	gfp_t allocflags;		/* for its pages, beside those of the request */

	/* Under slob_lock. */
	unsigned long nr_objects;	/* that are not free */
	unsigned long nr_units;		/* that these take in shared pages */
	struct list_head slabs;		/* if its pages are its own; so for the rest of these */
	unsigned long nr_slabs;
	unsigned int nr_empty;		/* of these */

	unsigned int gfporder;		/* pages of a slab, as an order */
	unsigned int num;		/* objects in it */

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
};

/* As kmem_cache_alloc(), for masks without __GFP_ZERO: see <mm/slab.h>. */
void *__kmem_cache_alloc(struct kmem_cache *cachep, gfp_t flags) __must_check;

#endif
