/* SPDX-License-Identifier: MIT */
/*
 * The state bits of a page, and their accessors, which are made here and nowhere else:
 *
 *    PageDirty(page)		is it set?
 *    SetPageDirty(page)	set it; others may change other bits at the same time
 *    __SetPageDirty(page)	set it; nobody else can reach the page
 *    TestSetPageDirty(page)	set it; was it set before? Of all who try, one hears "no"
 *
 * and Clear likewise. Every bit has all of them but those of compound pages, which only
 * mm/compound.c writes. Numbers and names are Linux 3.10's, as far as they go.
 *
 * Differs from Linux: which leaves out the accessors that nobody uses there.
 */
#ifndef MM_PAGE_FLAGS_H
#define MM_PAGE_FLAGS_H

#include <lib/atomic.h>
#include <lib/bitops.h>
#include <mm/mm_types.h>

enum pageflags {
	PG_locked,		/* somebody changes the page: keep out */
	PG_error,		/* reading or writing it failed */
	PG_referenced,		/* used lately */
	PG_uptodate,		/* holds what its backing store holds */
	PG_dirty,		/* holds something newer than its backing store */
	PG_lru,			/* on one of the reclaim lists */
	PG_active,		/* on an active one */
	PG_slab,		/* belongs to the slab allocator */
	PG_owner_priv_1,	/* its owner's, whoever that is */
	PG_arch_1,		/* the architecture's */
	PG_reserved,		/* never in the page allocator's hands */
	PG_private,		/* ->private has a meaning */
	PG_private_2,
	PG_writeback,		/* being written to its backing store */
	PG_head,		/* compound page: the first page */
	PG_tail,		/* compound page: another one */
	PG_swapcache,		/* in the swap cache; ->private is the swap entry */
	PG_mappedtodisk,	/* has blocks on disk */
	PG_reclaim,		/* to be freed as soon as it is written */
	PG_swapbacked,		/* its backing store is swap */
	PG_unevictable,		/* not to be reclaimed */
	PG_mlocked,		/* mlock()ed by a process */
	__NR_PAGEFLAGS,
};

/* PG_compound of Linux's older versions: either mark. */
#define PG_COMPOUND_MASK	(BIT(PG_head) | BIT(PG_tail))

/*
 * A page that is freed with one of these set is still somebody's. The marks of a compound page are
 * among them so that the test that every page passes also finds what needs to be taken apart.
 */
#define PAGE_FLAGS_CHECK_AT_FREE						\
	(BIT(PG_lru) | BIT(PG_locked) | BIT(PG_private) | BIT(PG_private_2) |	\
	 BIT(PG_writeback) | BIT(PG_reserved) | BIT(PG_slab) | PG_COMPOUND_MASK | \
	 BIT(PG_swapcache) | BIT(PG_active) | BIT(PG_unevictable) | BIT(PG_mlocked))

/* None of the state bits is set in a page that is given out. */
#define PAGE_FLAGS_CHECK_AT_PREP	(BIT(__NR_PAGEFLAGS) - 1)

#define TESTPAGEFLAG(name, bit)					\
static inline bool Page##name(const struct page *page)		\
{								\
	return test_bit(bit, &page->flags);			\
}

#define __PAGEFLAG_WRITERS(name, bit)				\
static inline void __SetPage##name(struct page *page)		\
{								\
	__set_bit(bit, &page->flags);				\
}								\
static inline void __ClearPage##name(struct page *page)		\
{								\
	__clear_bit(bit, &page->flags);				\
}

#define PAGEFLAG(name, bit)					\
TESTPAGEFLAG(name, bit)						\
__PAGEFLAG_WRITERS(name, bit)					\
static inline void SetPage##name(struct page *page)		\
{								\
	set_bit(bit, &page->flags);				\
}								\
static inline void ClearPage##name(struct page *page)		\
{								\
	clear_bit(bit, &page->flags);				\
}								\
static inline bool TestSetPage##name(struct page *page)		\
{								\
	return test_and_set_bit(bit, &page->flags);		\
}								\
static inline bool TestClearPage##name(struct page *page)	\
{								\
	return test_and_clear_bit(bit, &page->flags);		\
}

PAGEFLAG(Locked, PG_locked)
PAGEFLAG(Error, PG_error)
PAGEFLAG(Referenced, PG_referenced)
PAGEFLAG(Uptodate, PG_uptodate)
PAGEFLAG(Dirty, PG_dirty)
PAGEFLAG(LRU, PG_lru)
PAGEFLAG(Active, PG_active)
PAGEFLAG(Slab, PG_slab)
PAGEFLAG(Checked, PG_owner_priv_1)
PAGEFLAG(LargeKmalloc, PG_owner_priv_1)
PAGEFLAG(Arch1, PG_arch_1)
PAGEFLAG(Reserved, PG_reserved)
PAGEFLAG(Private, PG_private)
PAGEFLAG(Private2, PG_private_2)
PAGEFLAG(Writeback, PG_writeback)
PAGEFLAG(SwapCache, PG_swapcache)
PAGEFLAG(MappedToDisk, PG_mappedtodisk)
PAGEFLAG(Reclaim, PG_reclaim)
PAGEFLAG(SwapBacked, PG_swapbacked)
PAGEFLAG(Unevictable, PG_unevictable)
PAGEFLAG(Mlocked, PG_mlocked)

TESTPAGEFLAG(Head, PG_head)
__PAGEFLAG_WRITERS(Head, PG_head)
TESTPAGEFLAG(Tail, PG_tail)
__PAGEFLAG_WRITERS(Tail, PG_tail)

/* Does it belong to a compound page, as its head or as a tail? */
static inline bool PageCompound(const struct page *page)
{
	return page->flags & PG_COMPOUND_MASK;
}

/*
 * The head of a free block has no flag of its own but this value in _mapcount, which is
 * far from any count of mappings.
 */
#define PAGE_BUDDY_MAPCOUNT_VALUE	(-128)

/*
 * Is the page the first of a free block on the buddy's lists? Kept in _mapcount: PageBuddy(),
 * __SetPageBuddy(), __ClearPageBuddy(). Context: zone->lock, to change it.
 */
static inline bool PageBuddy(const struct page *page)
{
	return atomic_read(&page->_mapcount) == PAGE_BUDDY_MAPCOUNT_VALUE;
}

static inline void __SetPageBuddy(struct page *page)
{
	atomic_set(&page->_mapcount, PAGE_BUDDY_MAPCOUNT_VALUE);
}

static inline void __ClearPageBuddy(struct page *page)
{
	atomic_set(&page->_mapcount, -1);
}

#endif
