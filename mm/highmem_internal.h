/* SPDX-License-Identifier: MIT */
/*
 * What mm/highmem.c and mm/highmem_check.c share: kmap()'s books. mm/highmem.c has the picture.
 */
#ifndef MM_HIGHMEM_INTERNAL_H
#define MM_HIGHMEM_INTERNAL_H

#include <asm/highmem.h>
#include <kernel/spinlock.h>
#include <mm/mm.h>

#define PKMAP_HASH_BITS	7
#define NO_SLOT		LAST_PKMAP

struct pkmap {
	int count[LAST_PKMAP];
	u16 next[LAST_PKMAP];			/* in the chain: a slot + 1, or 0 */
	u16 head[1 << PKMAP_HASH_BITS];
	unsigned int last;			/* where an empty slot was found last */
#if CONFIG_DEBUG_VM
	const void *mapped_by[LAST_PKMAP];	/* who called kmap() last */
#endif
};

extern struct pkmap *pkmap;			/* NULL without high memory */
extern spinlock_t kmap_lock;

/* Neighbours are far apart, and pages at even distances not together: Knuth's multiplicative hash. */
static inline unsigned int pkmap_hash(const struct page *page)
{
	return (u32)page_to_pfn(page) * 2654435769u >> (32 - PKMAP_HASH_BITS);
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
static inline void note_kmap(unsigned int slot, const void *caller)	{ (void)slot, (void)caller; }
static inline const void *kmap_caller(unsigned int slot)		{ (void)slot; return NULL; }
#endif

/* @caller called kunmap() of a page that has @slot, unused, or NO_SLOT. */
void bad_kunmap(const struct page *page, unsigned int slot, const void *caller) __cold;

#endif
