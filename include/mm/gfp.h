/* SPDX-License-Identifier: MIT */
/*
 * Asking for pages: the flags of a request, and the allocator's public functions.
 *
 * A request says where the pages may lie (zone modifiers), what for (mobility) and what the caller
 * puts up with (sleeping, reclaim, failing). Bits and combinations have Linux 3.10's values.
 * What a request is given when memory is scarce, by these flags, is in mm/alloc_slowpath.c.
 *
 * __GFP_IO, __GFP_FS and __GFP_WRITE are passed on to shrinkers; __GFP_HARDWALL, __GFP_KMEMCG,
 * __GFP_NOTRACK and __GFP_OTHER_NODE are accepted, and mean nothing here.
 */
#ifndef MM_GFP_H
#define MM_GFP_H

#include <lib/bitops.h>
#include <lib/types.h>
#include <mm/mmzone.h>

typedef unsigned int gfp_t;

/* Zone modifiers: which zones may serve the request. */
#define __GFP_DMA		((gfp_t)0x01u)
#define __GFP_HIGHMEM		((gfp_t)0x02u)
#define __GFP_DMA32		((gfp_t)0x04u)	/* no such zone here: as if not given */
#define __GFP_MOVABLE		((gfp_t)0x08u)	/* also a mobility bit */
#define GFP_ZONEMASK		(__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32 | __GFP_MOVABLE)

#define __GFP_WAIT		((gfp_t)0x10u)	/* may sleep */
#define __GFP_HIGH		((gfp_t)0x20u)	/* may use the emergency reserve */
#define __GFP_IO		((gfp_t)0x40u)	/* may start I/O */
#define __GFP_FS		((gfp_t)0x80u)	/* may call into file systems */
#define __GFP_COLD		((gfp_t)0x100u)	/* rather not in the cache */
#define __GFP_NOWARN		((gfp_t)0x200u)	/* fail in silence */
#define __GFP_REPEAT		((gfp_t)0x400u)	/* try hard */
#define __GFP_NOFAIL		((gfp_t)0x800u)	/* try until it succeeds */
#define __GFP_NORETRY		((gfp_t)0x1000u) /* try once */
#define __GFP_MEMALLOC		((gfp_t)0x2000u) /* may use all reserves */
#define __GFP_COMP		((gfp_t)0x4000u) /* make it a compound page */
#define __GFP_ZERO		((gfp_t)0x8000u) /* filled with zeros */
#define __GFP_NOMEMALLOC	((gfp_t)0x10000u) /* no reserves, whoever asks */
#define __GFP_HARDWALL		((gfp_t)0x20000u)
#define __GFP_THISNODE		((gfp_t)0x40000u) /* no other node */
#define __GFP_RECLAIMABLE	((gfp_t)0x80000u) /* mobility: can be freed on demand */
#define __GFP_KMEMCG		((gfp_t)0x100000u)
#define __GFP_NOTRACK		((gfp_t)0x200000u)
#define __GFP_NO_KSWAPD		((gfp_t)0x400000u)
#define __GFP_OTHER_NODE	((gfp_t)0x800000u)
#define __GFP_WRITE		((gfp_t)0x1000000u) /* will be dirtied */
#define __GFP_BITS_SHIFT	25
#define __GFP_BITS_MASK		((gfp_t)((1u << __GFP_BITS_SHIFT) - 1))

#define GFP_NOWAIT		(GFP_ATOMIC & ~__GFP_HIGH)
#define GFP_ATOMIC		(__GFP_HIGH)
#define GFP_NOIO		(__GFP_WAIT)
#define GFP_NOFS		(__GFP_WAIT | __GFP_IO)
#define GFP_KERNEL		(__GFP_WAIT | __GFP_IO | __GFP_FS)
#define GFP_TEMPORARY		(__GFP_WAIT | __GFP_IO | __GFP_FS | __GFP_RECLAIMABLE)
#define GFP_USER		(__GFP_WAIT | __GFP_IO | __GFP_FS | __GFP_HARDWALL)
#define GFP_HIGHUSER		(GFP_USER | __GFP_HIGHMEM)
#define GFP_HIGHUSER_MOVABLE	(GFP_HIGHUSER | __GFP_MOVABLE)
#define GFP_DMA			__GFP_DMA
#define GFP_THISNODE		(__GFP_THISNODE | __GFP_NOWARN | __GFP_NORETRY)

#define GFP_MOVABLE_MASK	(__GFP_RECLAIMABLE | __GFP_MOVABLE)

/*
 * The zone that each combination of zone modifiers names, two bits each. DMA and HIGHMEM exclude
 * each other; such a request gets the lower zone. __GFP_MOVABLE alone does not ask for
 * ZONE_MOVABLE: it may be high memory, so __GFP_HIGHMEM must come with it (Linux: GFP_ZONE_TABLE).
 */
#define GFP_ZONE(flags, zone)	((u32)(zone) << (2 * (flags)))
#define GFP_ZONE_TABLE (							\
	GFP_ZONE(0, ZONE_NORMAL) |						\
	GFP_ZONE(__GFP_DMA, ZONE_DMA) |						\
	GFP_ZONE(__GFP_HIGHMEM, ZONE_HIGHMEM) |					\
	GFP_ZONE(__GFP_HIGHMEM | __GFP_DMA, ZONE_DMA) |				\
	GFP_ZONE(__GFP_DMA32, ZONE_NORMAL) |					\
	GFP_ZONE(__GFP_DMA32 | __GFP_DMA, ZONE_DMA) |				\
	GFP_ZONE(__GFP_DMA32 | __GFP_HIGHMEM, ZONE_NORMAL) |			\
	GFP_ZONE(__GFP_DMA32 | __GFP_HIGHMEM | __GFP_DMA, ZONE_DMA) |		\
	GFP_ZONE(__GFP_MOVABLE, ZONE_NORMAL) |					\
	GFP_ZONE(__GFP_MOVABLE | __GFP_DMA, ZONE_DMA) |				\
	GFP_ZONE(__GFP_MOVABLE | __GFP_HIGHMEM, ZONE_MOVABLE) |			\
	GFP_ZONE(__GFP_MOVABLE | __GFP_HIGHMEM | __GFP_DMA, ZONE_DMA) |		\
	GFP_ZONE(__GFP_MOVABLE | __GFP_DMA32, ZONE_NORMAL) |			\
	GFP_ZONE(__GFP_MOVABLE | __GFP_DMA32 | __GFP_DMA, ZONE_DMA) |		\
	GFP_ZONE(__GFP_MOVABLE | __GFP_DMA32 | __GFP_HIGHMEM, ZONE_NORMAL) |	\
	GFP_ZONE(GFP_ZONEMASK, ZONE_DMA))

_Static_assert(MAX_NR_ZONES <= 4, "GFP_ZONE_TABLE has two bits for a zone");
_Static_assert(NR_GFP_ZONES == GFP_ZONEMASK + 1, "a zonelist has an entry for each combination");

/* The highest zone that may serve a request; lower ones may, too. */
static inline enum zone_type gfp_zone(gfp_t gfp_mask)
{
	return (enum zone_type)((GFP_ZONE_TABLE >> (2 * (gfp_mask & GFP_ZONEMASK))) & 3);
}

/* Which of a node's zonelists a request walks along. */
static inline int gfp_zonelist(gfp_t gfp_mask)
{
	return unlikely(gfp_mask & __GFP_THISNODE) ? ZONELIST_NOFALLBACK : ZONELIST_FALLBACK;
}

/* The zones that may serve a request that begins at node @nid, best first. */
static inline const struct zonelist *node_zonelist(int nid, gfp_t gfp_mask)
{
	return &NODE_DATA(nid)->node_zonelists[gfp_zonelist(gfp_mask)];
}

/*
 * As gfp_zone(), on this machine: where no node has ZONE_DMA, devices reach all of lowmem, and
 * __GFP_DMA asks for ZONE_NORMAL.
 */
static inline enum zone_type gfp_high_zoneidx(gfp_t gfp_mask)
{
	return max(gfp_zone(gfp_mask), lowest_zone);
}

/* The migrate type of the pageblocks that a request is served from first. */
static inline enum migratetype allocflags_to_migratetype(gfp_t gfp_mask)
{
	VM_BUG_ON((gfp_mask & GFP_MOVABLE_MASK) == GFP_MOVABLE_MASK,
		  "gfp 0x%x is movable and reclaimable", gfp_mask);
	/* Movable is twice reclaimable, and its bit in the mask lies where a shift makes it so. */
	return (enum migratetype)((gfp_mask & __GFP_MOVABLE) / (__GFP_MOVABLE / MIGRATE_MOVABLE) |
				  (gfp_mask & __GFP_RECLAIMABLE) / __GFP_RECLAIMABLE);
}

/**
 * alloc_pages - allocate 2^@order pages that follow one another
 * @gfp_mask: GFP_KERNEL and so on
 * @order: 0 .. MAX_ORDER - 1
 *
 * The block is aligned to its size. Its first page has one reference, the others none. The zones
 * that @gfp_mask allows are asked in the order of this CPU's node: see mm/zonelist.c.
 *
 * Differs from Linux: an empty ZONE_DMA means that devices reach all of lowmem, so GFP_DMA
 * is served from ZONE_NORMAL then.
 *
 * Context: any, after the hand-off. Return: the first page; NULL if no zone has such a block, or,
 * with a warning that names the caller, if @order is too large.
 */
struct page *alloc_pages(gfp_t gfp_mask, unsigned int order) __must_check;

/* One page, as alloc_pages(). */
static inline __must_check struct page *alloc_page(gfp_t gfp_mask)
{
	return alloc_pages(gfp_mask, 0);
}

/**
 * alloc_pages_node - allocate pages, of one node if it has any
 * @nid: an online node, or NUMA_NO_NODE: that of this CPU
 * @gfp_mask: with __GFP_THISNODE no other node is asked
 * @order: 0 .. MAX_ORDER - 1
 *
 * As alloc_pages() otherwise.
 */
struct page *alloc_pages_node(int nid, gfp_t gfp_mask, unsigned int order) __must_check;

/* As alloc_pages_node(), for a caller who knows that @nid is online; not NUMA_NO_NODE. */
struct page *alloc_pages_exact_node(int nid, gfp_t gfp_mask, unsigned int order) __must_check;

/**
 * __free_pages - give up a reference to a block, and free it if it was the last
 * @page: what alloc_pages() returned
 * @order: as it was allocated
 *
 * A block that is not allocated, is reserved, or is still in use is reported as a bad page, with
 * what is wrong and who freed it, and stays out of the allocator's hands. Context: any. @page may
 * not be NULL.
 */
void __free_pages(struct page *page, unsigned int order);

/* One page, as __free_pages(). */
static inline void __free_page(struct page *page)
{
	__free_pages(page, 0);
}

/**
 * free_hot_cold_page - free a page that has no reference any more
 * @page: the page; its owner has taken the last reference away
 * @cold: it is not in the cache, so give it out late
 *
 * Context: any.
 */
void free_hot_cold_page(struct page *page, bool cold);

/**
 * __get_free_pages - allocate 2^@order pages and return the address of the first
 * @gfp_mask: without __GFP_HIGHMEM, because such pages have no address
 * @order: 0 .. MAX_ORDER - 1
 *
 * Return: a lowmem address, or 0. As alloc_pages() otherwise.
 */
unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order) __must_check;

/* One page, as __get_free_pages(). */
static inline __must_check unsigned long __get_free_page(gfp_t gfp_mask)
{
	return __get_free_pages(gfp_mask, 0);
}

/* Return: the address of one page of zeros; 0 if there is none. */
unsigned long get_zeroed_page(gfp_t gfp_mask) __must_check;

/* Free what __get_free_pages() returned, @addr, with the same @order; 0 is ignored. */
void free_pages(unsigned long addr, unsigned int order);

/* One page, at @addr, as free_pages(). */
static inline void free_page(unsigned long addr)
{
	free_pages(addr, 0);
}

/* The order of the smallest block with @bytes bytes; @bytes >= 1. */
static inline unsigned int get_order(unsigned long bytes)
{
	return bytes <= PAGE_SIZE ? 0 : fls((bytes - 1) >> PAGE_SHIFT);
}

/**
 * alloc_page_run - pages that lie side by side, if they can be had without effort
 * @gfp_mask: of the request; nobody waits, and no reserve is touched, whatever it says
 * @order: how many: 2^@order
 *
 * For who wants many single pages: one block is cheaper. If the mask asks for high memory and the node has
 * any, the block is of high memory. Each page has a reference of its own, and is freed by itself, or all
 * by free_page_run(). Context: any. Return: the first; NULL.
 */
struct page *alloc_page_run(gfp_t gfp_mask, unsigned int order) __must_check;

/*
 * Give up a reference to each of 2^@order pages that lie side by side, the first one's number a multiple
 * of that. If nobody else has one, they are freed as a block. Context: any.
 */
void free_page_run(struct page *page, unsigned int order);

/**
 * alloc_pages_exact, free_pages_exact - allocate as many pages as @bytes need, not a power of two; free them
 * @bytes: 1 or more
 * @virt: what alloc_pages_exact() returned
 * @gfp_mask: as for __get_free_pages(), without __GFP_COMP: a compound page cannot be cut
 *
 * Return: the address of the first byte, page-aligned; NULL if there is no room, or, with a warning that names the
 * caller, for __GFP_COMP. Each page is on its own then. To be freed by free_pages_exact() with the same @bytes.
 */
void *alloc_pages_exact(size_t bytes, gfp_t gfp_mask) __must_check;
void free_pages_exact(void *virt, size_t bytes);

/**
 * split_page - make single pages of a block
 * @page: first page of a block with one reference, not a compound page
 * @order: its order
 *
 * Each page has a reference of its own afterwards, and is freed by itself.
 */
void split_page(struct page *page, unsigned int order);

#endif
