/* SPDX-License-Identifier: MIT */
/*
 * Compound pages: blocks of 2^n pages, n > 0, that are one thing. Who asks with __GFP_COMP gets
 * one, and any of its pages leads to the first, which has the references. See mm/compound.c.
 */
#ifndef MM_COMPOUND_H
#define MM_COMPOUND_H

#include <kernel/bug.h>
#include <lib/types.h>
#include <mm/mm_types.h>
#include <mm/page-flags.h>

/* What is done with a compound page, by its head, when nobody refers to it any more. */
typedef void compound_page_dtor(struct page *head);

/* The page that stands for the whole: the head of a compound page; any other page itself. */
static inline struct page *compound_head(const struct page *page)
{
	return unlikely(PageTail(page)) ? page->first_page : (struct page *)page;
}

/* The order of the compound page that @page is the head of; 0 for a page that is no head. */
static inline unsigned int compound_order(const struct page *page)
{
	return PageHead(page) ? page[1].compound_order : 0;
}

/*
 * What frees a compound page when its last reference goes: get_compound_page_dtor(),
 * set_compound_page_dtor() to @dtor. BUG in debug builds if @head is none.
 */
static inline compound_page_dtor *get_compound_page_dtor(const struct page *head)
{
	VM_BUG_ON(!PageHead(head), "%p is not the head of a compound page", (const void *)head);
	return head[1].compound_dtor;
}

static inline void set_compound_page_dtor(struct page *head, compound_page_dtor *dtor)
{
	VM_BUG_ON(!PageHead(head), "%p is not the head of a compound page", (void *)head);
	VM_BUG_ON(!dtor, "nobody would free it");
	head[1].compound_dtor = dtor;
}

/**
 * prep_compound_page - make one thing of a block
 * @page: its first page; none of them is in use in another way
 * @order: 1 .. MAX_ORDER - 1
 *
 * Its destructor is free_compound_page(). Context: the block's only owner.
 */
void prep_compound_page(struct page *page, unsigned int order);

/**
 * destroy_compound_page - make single pages of a compound page again, before it is freed
 * @page: its head, without references
 * @order: the order that it is freed with
 * @caller: who frees it, for messages
 *
 * Context: the last owner. Return: true. False if the order is not that of the page, or if one of
 * its tails was changed: then that is reported, and everything is as before.
 */
bool destroy_compound_page(struct page *page, unsigned int order, const void *caller);

/* The destructor of those that come from alloc_pages(): they go back there. */
void free_compound_page(struct page *head);

/**
 * compound_check - see that a compound page is whole (C1 to C3 of mm/compound.c)
 * @head: its first page
 *
 * Return: true; false after a message that says what is wrong.
 */
bool compound_check(const struct page *head);

#endif
