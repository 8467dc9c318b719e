/* SPDX-License-Identifier: MIT */
/*
 * What looks after pages when it is asked to on the command line: page_poison=, page_owner= and
 * fail_nth=. Each enables page_debug_key, so that all three together cost one NOP on the way of an
 * allocated page and one on that of a freed page, while they are off.
 *
 *    alloc_pages()    should_fail_alloc_page()?      then there is no page
 *                     page_debug_alloc()             false: keep the page, take another
 *    __free_pages()   page_debug_free()              false: keep the page
 *
 * For the page allocator and those who report pages.
 */
#ifndef MM_PAGE_DEBUG_H
#define MM_PAGE_DEBUG_H

#include <kernel/jump_label.h>
#include <lib/types.h>
#include <mm/gfp.h>

DECLARE_STATIC_KEY_FALSE(page_debug_key);

/* Is one of them on? For hot paths; not in __init functions, whose text is given back. */
static __always_inline bool page_debugging(void)
{
	return static_branch_unlikely(&page_debug_key);
}

/**
 * page_debug_alloc - a block is about to be given out
 * @page: its first page, as it comes from the free lists: not zeroed, not a compound page
 * @order: its order
 * @gfp_mask: as it was asked for
 * @caller: who asked
 *
 * Return: true. False, after a report, if somebody wrote to it while it was free.
 */
bool page_debug_alloc(struct page *page, unsigned int order, gfp_t gfp_mask, const void *caller);

/**
 * page_debug_free - a block is about to go to the free lists
 * @page: its first page, found clean
 * @order: as it is freed
 * @caller: who frees it
 *
 * Return: true. False, after a report, if it was allocated with another order.
 */
bool page_debug_free(struct page *page, unsigned int order, const void *caller);

/* A block of @order became single pages, by split_page(). */
void page_debug_split(struct page *page, unsigned int order);

/* A block of @order is handed over by bootmem: nobody owned it. Context: boot. */
void __init page_debug_hand_over(struct page *page, unsigned int order);

/* In *@on: @value, "1" or "on" for true, "0" or "off" for false, as parameters say it. Return: 0, or -EINVAL. */
int __init page_debug_param(const char *value, bool *on);

#endif
