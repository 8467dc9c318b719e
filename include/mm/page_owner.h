/* SPDX-License-Identifier: MIT */
/*
 * Page owners: `page_owner=1` remembers of each page who allocated it and who freed it last, with
 * order, gfp mask, CPU and call chain. Finds pages that are never given back, and tells of a misused
 * page whose it is.
 */
#ifndef MM_PAGE_OWNER_H
#define MM_PAGE_OWNER_H

#include <kernel/init.h>
#include <lib/types.h>
#include <mm/gfp.h>
#include <mm/stack_depot.h>

/*
 * What is known of one page. A block's pages all have the same record.
 */
struct page_owner {
	u32 serial;			/* of the allocation; 0: it was never allocated */
	gfp_t gfp_mask;
	depot_stack_handle_t alloc_stack;
	depot_stack_handle_t free_stack; /* 0: never freed */
	u8 order;
	u8 alloc_cpu;
	u8 free_cpu;
	bool allocated;			/* now */
};

_Static_assert(sizeof(struct page_owner) == 16, "beside the 32 bytes of struct page");

/* Written by the parameter only. */
extern bool page_owner_on;

/*
 * Make room for the records, if page_owner_on. Context: boot, mem_map stands and bootmem is the
 * owner of memory.
 */
void __init page_owner_init(void);

/* A block of @order is given to @caller. Context: its only owner. */
void set_page_owner(struct page *page, unsigned int order, gfp_t gfp_mask, const void *caller);

/*
 * A block is freed by @caller. Return: true; false, after a report, if it was allocated with another
 * order. Context: its last owner.
 */
bool reset_page_owner(struct page *page, unsigned int order, const void *caller);

/* A block of @order became single pages. */
void split_page_owner(struct page *page, unsigned int order);

/* What is known of a page; NULL if page owners are off. */
const struct page_owner *lookup_page_owner(const struct page *page);

/* Print what is known of a page; nothing if page owners are off. */
void dump_page_owner(const struct page *page);

/**
 * show_page_owner - who has how much memory: pages by the call chain that allocated them
 *
 * The largest sum first. Context: one report at a time. Others may go on allocating meanwhile, so
 * that the sums are of no single moment.
 */
void show_page_owner(void);

/**
 * page_owner_mark - begin to look for pages that are not given back
 *
 * Return: a mark for page_owner_leaks(); 0 if page owners are off.
 */
u32 page_owner_mark(void);

/**
 * page_owner_leaks - which pages were allocated since a mark, and are allocated now?
 * @mark: from page_owner_mark()
 *
 * Prints them by call chain. Context: as show_page_owner(). Return: how many pages there are.
 */
unsigned long page_owner_leaks(u32 mark);

/*
 * Walk the records: every free page's says so, and a block's are all the same. Return: true; false
 * after a message that says what is wrong. Context: nobody else allocates or frees.
 */
bool page_owner_check(void);

#endif
