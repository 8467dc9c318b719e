/* SPDX-License-Identifier: MIT */
/*
 * What a page looks like at the border between its owners and the page allocator: A1 and A2 of
 * mm/page_alloc.c. Both sides look at it on their hot paths, the allocating one and the freeing one
 * (mm/page_free.c).
 */
#ifndef MM_PAGE_STATE_H
#define MM_PAGE_STATE_H

#include <lib/types.h>
#include <mm/mm.h>

/* 0 if a page has no mapping, no owner and no state bit. One test for the hot paths. */
static inline unsigned long page_remains(const struct page *page)
{
	return (unsigned long)(atomic_read(&page->_mapcount) + 1) | (unsigned long)page->mapping |
	       (page->flags & PAGE_FLAGS_CHECK_AT_PREP);
}

static inline bool page_is_clean(const struct page *page)
{
	return page_remains(page) == 0;
}

/* And no reference? */
static inline bool page_is_unused(const struct page *page)
{
	return (page_remains(page) | (unsigned long)atomic_read(&page->_count)) == 0;
}

/* How many pages of a block are examined: see the head of the file. */
static inline unsigned int pages_to_check(unsigned int order)
{
	return CONFIG_DEBUG_VM ? 1U << order : 1;
}

#endif
