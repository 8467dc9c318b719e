/* SPDX-License-Identifier: MIT */
/*
 * struct page: what the kernel knows about one page frame. There is one for each frame from the
 * first of a node to its last, holes included, in one array (see memmap.h).
 *
 *    bit 31   30 29   28 27  22 21                    0
 *       +-------+-------+------+-----------------------+
 * flags | node  | zone  | order| PG_* (page-flags.h)   |
 *       +-------+-------+------+-----------------------+
 *
 *    a page that is         _count  _mapcount                   private   lru             reserved
 *    head of a free block   0       PAGE_BUDDY_MAPCOUNT_VALUE   order     on a free list  no
 *    inside a free block    0       -1                          0         -               no
 *    on a per-CPU list      0       -1                          0         head: the list  no
 *    allocated, head        >= 1    -1, or how often mapped     owner's   owner's         no
 *    allocated, the rest    0       -1                          owner's   owner's         no
 *    compound page's tail   0       -1, or how often mapped     the head  see struct page no
 *    kept since boot        1       -1                          0         -               yes
 *    in a hole              1       -1                          0         -               yes
 *
 * I1. A page is in exactly one of these states; only the page allocator moves it from one to
 *     another.
 * I2. Node and zone never change once the map is built.
 *
 * Fields and unions are those of Linux 3.10 for 32-bit machines, in its order.
 */
#ifndef MM_MM_TYPES_H
#define MM_MM_TYPES_H

#include <lib/atomic.h>
#include <lib/list.h>
#include <lib/types.h>

struct address_space;
struct kmem_cache;
struct slab;

struct page {
	unsigned long flags;

	struct address_space *mapping;	/* NULL unless some cache or mapping owns the page */

	union {
		unsigned long index;	/* offset within the mapping, in pages */
		void *freelist;		/* slab: first free object */
	};
	union {
		atomic_t _mapcount;	/* page table entries that map it, - 1; or the buddy mark */
		unsigned int inuse;	/* slab: objects in use */
	};
	atomic_t _count;		/* references */

	union {
		struct list_head lru;	/* on a list of its owner's; while free, a free list */
		struct {		/* first tail of a compound page */
			void (*compound_dtor)(struct page *head);
			unsigned long compound_order;
		};
		struct slab *slab_page;
	};
	union {
		unsigned long private;		/* the owner's; while free, the block's order */
		struct kmem_cache *slab_cache;
		struct page *first_page;	/* tail of a compound page: its head */
	};
};

_Static_assert(sizeof(struct page) == 32, "the map costs 32 bytes a page, one cache line");

#endif
