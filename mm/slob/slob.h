/* SPDX-License-Identifier: MIT */
/*
 * Between the files of the simple list of blocks. The invariants are in slob.c.
 */
#ifndef MM_SLOB_SLOB_H
#define MM_SLOB_SLOB_H

#include <asm/barrier.h>
#include <kernel/spinlock.h>
#include <lib/types.h>
#include <mm/mm.h>
#include "../slab_debug.h"
#include "../slab_internal.h"

/* --- From addresses to pages and units --- */

static inline struct page *slob_to_page(const struct slob_page *sp)
{
	return (struct page *)sp;
}

/* The page of an address of lowmem: virt_addr_valid(). */
static inline struct slob_page *virt_to_slob(const void *virt)
{
	return (struct slob_page *)virt_to_page(virt);
}

static inline bool slob_is_slob(const struct slob_page *sp)
{
	return PageSlab(slob_to_page(sp));
}

/* The unit of its page that an address is in. */
static inline unsigned int slob_index(const void *virt)
{
	return (unsigned int)((unsigned long)virt % PAGE_SIZE / SLOB_UNIT);
}

/* --- The blocks of one page: slob_block.c --- */

/* Units that were free, until somebody wrote there. Under slob_lock. */
extern unsigned long slob_lost_units;

/* A page of which all is free. */
void slob_page_init(struct slob_page *sp);

/**
 * slob_page_alloc - take units from the first free block of a page that has so many
 * @sp: the page
 * @units: how many, 1 .. SLOB_PAGE_UNITS
 * @align: in units, a power of two
 * @header: so many units behind the first one is what is aligned
 *
 * Context: slob_lock held. Return: the first of the units; SLOB_NONE if there is no such block.
 */
unsigned int slob_page_alloc(struct slob_page *sp, unsigned int units, unsigned int align,
			     unsigned int header);

/**
 * slob_page_free - give units back, and merge them with the free blocks before and behind
 * @sp: the page
 * @start: the first unit
 * @units: how many, 1 or more
 *
 * Context: slob_lock held. Return: true; false, and nothing has changed, if they do not lie in the
 * page, or if one of them is free already.
 */
bool slob_page_free(struct slob_page *sp, unsigned int start, unsigned int units);

/* Does a unit of the page lie in a free block? Context: slob_lock held. */
bool slob_unit_is_free(struct slob_page *sp, unsigned int unit);

/* Walk the free blocks of a page. Return: true; false after a message, if they are not in order. */
bool slob_page_check(const struct slob_page *sp);

/* --- The lists of pages: slob_list.c --- */

/*
 * The one lock: of the lists, the blocks of all pages, and the counts of caches. It is taken with
 * interrupts off, since objects are freed in interrupts; nobody who holds it allocates pages or
 * frees them, runs a constructor, or takes another lock but that of the console.
 */
extern spinlock_t slob_lock;

/*
 * Whoever comes first when it is free gets it, rather than who has waited longest, as with
 * spin_lock(): all CPUs want this lock, time and again, and under an emulator that has fewer CPUs
 * than the machine the one that has waited longest is often one that does not run.
 */
static inline unsigned long lock_slob(void)
{
	unsigned long flags;

	while (!spin_trylock_irqsave(&slob_lock, flags))
		cpu_relax();
	return flags;
}

static inline void unlock_slob(unsigned long flags)
{
	spin_unlock_irqrestore(&slob_lock, flags);
}

extern struct slob_list free_slob_small, free_slob_medium, free_slob_large;

/* What smaller blocks are there for; Linux's SLOB_BREAK1 and SLOB_BREAK2. */
#define SLOB_BREAK1		256u
#define SLOB_BREAK2		1024u

/* The list whose pages have blocks of @units, 1 .. SLOB_PAGE_UNITS. */
struct slob_list *slob_list_of(unsigned int units);

/* What is to be allocated: see slob_page_alloc(). */
struct slob_request {
	struct kmem_cache *cachep;	/* which counts it */
	unsigned int units, align, header;
	gfp_t flags;
	int nid;			/* or NUMA_NO_NODE: any node */
};

/* A block. Context: any that the flags allow. Return: its address; NULL if there is no memory. */
void *slob_alloc(const struct slob_request *request) __must_check;

/*
 * The opposite, of @units at @block. Context: any. Return: false, and nothing has changed, if the block does not lie
 * in its page, or is free already, or if the cache has no objects that could be freed.
 */
bool slob_free(struct kmem_cache *cachep, void *block, unsigned int units);

/* As slob_unit_is_free(), of @virt, for who does not hold the lock. */
bool slob_is_free(const void *virt);

/*
 * A block of @order from the page allocator, of node @nid, PG_slab and @cachep in each; NULL if there are none. And
 * back. They are counted as those of the cache, shared ones, for which it is NULL, as kmalloc()'s.
 */
struct slob_page *slob_new_pages(struct kmem_cache *cachep, gfp_t flags, int nid,
				 unsigned int order);
void slob_free_pages(struct slob_page *sp, unsigned int order);

/* --- Caches with pages of their own: slob_own.c --- */

/* Lay out its slabs. @cachep: size and red_left_pad are set. */
void slob_own_geometry(struct kmem_cache *cachep);

/* As kmem_cache_alloc_track(), and kmem_cache_free() of @objp in a page of the cache. */
void *slob_own_alloc(struct kmem_cache *cachep, gfp_t flags, int nid, const void *caller) __must_check;
void slob_own_free(struct kmem_cache *cachep, void *objp, const void *caller);

/* Give back all slabs without an object in use, or if @isolated_too, all. Context: any. */
void slob_own_drain(struct kmem_cache *cachep, bool isolated_too);

/* Do W1 to W3 hold? If not, after a message. Context: slob_lock held. */
bool slob_own_check(const struct kmem_cache *cachep);

/* --- kmalloc(): slob_kmalloc.c --- */

/* All that kmalloc() gives, other than pages: what is counted, and found in reports. */
extern struct kmem_cache slob_kmalloc_cache;

/* --- Looking at all of it: slob_check.c --- */

/* Walk the three lists and all their pages. Context: as kmem_cache_check(). */
bool slob_check(void);

#endif
