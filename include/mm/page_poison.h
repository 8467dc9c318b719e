/* SPDX-License-Identifier: MIT */
/*
 * Poisoning: `page_poison=1` fills free pages with a byte, and sees at the next allocation whether
 * it is still there. Finds those who write to a page that they have given back.
 */
#ifndef MM_PAGE_POISON_H
#define MM_PAGE_POISON_H

#include <lib/types.h>

struct page;

#define PAGE_POISON	0xaa	/* Linux's: no pointer, no small number, and bits alternate */

/* Written by the parameter only. */
extern bool page_poison_on;

/* Fill the pages of a block of @order that becomes free. */
void poison_pages(struct page *page, unsigned int order);

/**
 * check_poison - is the poison of a block that is allocated as it was?
 * @page: its first page
 * @order: its order
 * @caller: who gets it, for the report
 *
 * Return: true. False after the report of the first page that somebody wrote to: where, what, and
 * who freed it if that is known.
 */
bool check_poison(struct page *page, unsigned int order, const void *caller);

#endif
