/* SPDX-License-Identifier: MIT */
/*
 * What mm/highmem.c and mm/highmem_check.c share: kmap()'s books. mm/highmem.c has the picture.
 */
#ifndef MM_HIGHMEM_INTERNAL_H
#define MM_HIGHMEM_INTERNAL_H

#include <asm/highmem.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include <mm/mm.h>

#define PKMAP_HASH_BITS	7
#define PKMAP_HEADS	(1 << PKMAP_HASH_BITS)

struct pkmap {
	/*
	 * The chains: first the heads, then a node for each slot. The number of the next node, 0 at
	 * the end, and the mark of a page: 0 in a head, and in the node of an empty slot.
	 */
	u32 node[PKMAP_HEADS + LAST_PKMAP];
	atomic_t count[LAST_PKMAP];
	unsigned int last;			/* the slot that was empty last */
#if CONFIG_DEBUG_VM
	const void *mapped_by[LAST_PKMAP];	/* who called kmap() last */
#endif
};

extern struct pkmap *pkmap;			/* NULL without high memory */
extern spinlock_t kmap_lock;

/*
 * A node is one word, so that it is read and written whole. The mark is what tells a struct page
 * from all others: they lie in one array of 32 MiB at most, each at a multiple of 32 bytes.
 *
 *    page   | 7 bits, the same for all | 20 bits | 00000 |
 *    node               | the same 20 bits | 12 bits: next |
 */
#define NODE_NEXT_BITS	12
#define NODE_MARK_SHIFT	7

_Static_assert(PKMAP_HEADS + LAST_PKMAP <= 1 << NODE_NEXT_BITS, "a number of a node fits");
_Static_assert((PHYS_LIMIT - PHYS_OFFSET) / PAGE_SIZE * sizeof(struct page) <=
			       1ul << (32 - NODE_MARK_SHIFT) &&
		       sizeof(struct page) == 1 << (NODE_NEXT_BITS - NODE_MARK_SHIFT),
	       "a mark tells a page");

static inline u32 page_mark(const struct page *page)
{
	return (u32)(unsigned long)page << NODE_MARK_SHIFT;
}

static inline u32 node_next(u32 node)
{
	return node & ((1u << NODE_NEXT_BITS) - 1);
}

static inline u32 node_mark(u32 node)
{
	return node - node_next(node);
}

static inline bool node_has_mark(u32 node, u32 mark)
{
	return (node ^ mark) < 1u << NODE_NEXT_BITS;
}

static inline unsigned int node_slot(u32 number)
{
	return number - PKMAP_HEADS;
}

static inline void *node_address(u32 number)
{
	return (void *)PKMAP_ADDR(node_slot(number));
}

/*
 * The head of the chain of a mark, or of a node with it: neighbours have different ones, and so
 * have the first pages of large blocks.
 */
static inline u32 mark_head(u32 mark)
{
	return (mark ^ mark >> PKMAP_HASH_BITS) >> NODE_NEXT_BITS & (PKMAP_HEADS - 1);
}

/* The page in a slot that is not empty. */
static inline struct page *pkmap_page(unsigned int slot)
{
	return pte_page(pkmap_page_table[slot]);
}

#if CONFIG_DEBUG_VM
static inline void note_kmap(unsigned int slot, const void *caller)
{
	pkmap->mapped_by[slot] = caller;
}

static inline const void *kmap_caller(unsigned int slot)
{
	return pkmap->mapped_by[slot];
}
#else
static inline void note_kmap(unsigned int slot, const void *caller)
{
	(void)slot, (void)caller;
}
static inline const void *kmap_caller(unsigned int slot)		{ (void)slot; return NULL; }
#endif

/*
 * @caller called kunmap() of a page that has a slot, unused, with node @number; or none, and
 * @number is 0.
 */
void bad_kunmap(const struct page *page, u32 number, const void *caller) __cold;

#endif
