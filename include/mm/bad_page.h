/* SPDX-License-Identifier: MIT */
/*
 * Reports of pages that were misused. They name the page, what is wrong with it and who was about
 * to free or get it, and the system goes on without the page. For the page allocator.
 */
#ifndef MM_BAD_PAGE_H
#define MM_BAD_PAGE_H

#include <lib/compiler.h>
#include <lib/types.h>

struct page;

/* How many reports there were: a test that provokes one counts. */
extern unsigned int nr_bad_pages;

/**
 * bad_page - report a page that was misused
 * @page: the page
 * @what: what is wrong with it, "page is ..."
 * @did: what @caller was about to do: "freed", "allocated"
 * @caller: who
 *
 * Context: any.
 */
void bad_page(const struct page *page, const char *what, const char *did, const void *caller) __cold;

/*
 * @page was freed by @caller, but is reserved, mapped, owned or referenced: not clean. It stays as
 * it is.
 */
void report_bad_free(struct page *page, const void *caller) __cold;

/*
 * @page came from a free list, for @caller, but is not clean: somebody wrote to it while it was
 * free.
 */
void report_bad_alloc(struct page *page, const void *caller) __cold;

/*
 * @page was freed by @caller, and had no reference to give up. Its count, now negative, is set back
 * to 0.
 */
void report_not_allocated(struct page *page, const void *caller) __cold;

/* A block of order @allocated, which begins at @page, was freed by @caller with order @freed. */
void report_wrong_order(const struct page *page, unsigned int allocated, unsigned int freed,
			const void *caller) __cold;

/* @caller frees the compound page at @head, but somebody has changed its @tail. */
void report_bad_tail(const struct page *tail, const struct page *head, const void *caller) __cold;

/*
 * The head of the free block that @page lies in; NULL if it lies in none. Context: zone->lock held, or
 * nobody else runs.
 */
struct page *find_free_block(struct page *page);

/* Print a page's fields: "page:... count:... mapcount:...", then its flags by name. */
void dump_page(const struct page *page) __cold;

#endif
