/* SPDX-License-Identifier: MIT */
/*
 * Pages of high memory for tests, with something in them to know them by.
 */
#ifndef HIGH_PAGES_H
#define HIGH_PAGES_H

#include <lib/types.h>

struct page;

/* A page of high memory; NULL if there is none. */
struct page *alloc_high_page(void);

/*
 * Fill @pages with @nr of them. Return: true; false if there are not so many: then there is none.
 */
bool alloc_high_pages(struct page **pages, unsigned int nr);
void free_high_pages(struct page **pages, unsigned int nr);

/* A word that is different for each page; write it to three places at @vaddr; is it there? */
u32 page_sign(const struct page *page);
void sign_at(void *vaddr, const struct page *page);
bool signed_at(const void *vaddr, const struct page *page);

#endif
