/* SPDX-License-Identifier: MIT */
/*
 * A function for every page-table entry of a range. Names from Linux, where they are in mm/memory.c.
 */
#ifndef MM_APPLY_RANGE_H
#define MM_APPLY_RANGE_H

#include <asm/pgtable.h>

/* Gets an entry, the address that it maps, and what the caller gave for it. Return: 0 to go on. */
typedef int (*pte_fn_t)(pte_t *pte, unsigned long addr, void *data);

/**
 * apply_to_page_range - call a function for each entry of a range, whether it maps anything or not
 * @mm: whose; &init_mm for the kernel's
 * @addr: first address, of a page
 * @size: bytes, pages; not 0
 * @fn: what to call, in the order of addresses; writes entries by set_pte_at()
 * @data: for it
 *
 * Page tables that are missing are made, and stay. Barriers and TLB maintenance are the caller's, as for
 * what @fn does. Context: thread that may sleep; nobody frees page tables of the range meanwhile. For
 * user space @fn is called under the lock of @mm: it must not sleep.
 *
 * Return: 0; what @fn returned, if that was not 0, and it was called no more; -ENOMEM if a table was
 * missing and memory was short: it was called for all entries before. -EINVAL, after a warning, for a range
 * that is empty or wraps, or is not in the half of the address space that is @mm's, or where a section has
 * no entries (split_sections()).
 */
int apply_to_page_range(struct mm_struct *mm, unsigned long addr, unsigned long size, pte_fn_t fn,
			void *data);

/* The same for entries that are not empty; makes no page table. So it does not sleep. As Linux's. */
int apply_to_existing_page_range(struct mm_struct *mm, unsigned long addr, unsigned long size,
				 pte_fn_t fn, void *data);

#endif
