/* SPDX-License-Identifier: MIT */
/*
 * Ranges of the kernel's addresses that are mapped by page tables.
 */
#ifndef MM_VMALLOC_H
#define MM_VMALLOC_H

#include <asm/pgtable.h>
#include <lib/types.h>

struct page;

/* --- Ranges of addresses: mm/vmap_range.c --- */

/**
 * vmap_pages_range_noflush - map pages one after another
 * @addr: where, page-aligned; nothing is mapped from there to @end
 * @end: behind the last address
 * @prot: PAGE_KERNEL and so on
 * @pages: a page for each PAGE_SIZE
 *
 * Before the first access, and once for many: flush_cache_vmap(). Context: thread that may sleep;
 * nobody else changes the range. Return: 0; -ENOMEM if a page table lacks memory, and then a part is
 * mapped, which the caller unmaps.
 */
int vmap_pages_range_noflush(unsigned long addr, unsigned long end, pgprot_t prot,
			     struct page *const *pages) __must_check;

/* The same for one run of physical addresses, from @phys on. */
int vmap_range_noflush(unsigned long addr, unsigned long end, phys_addr_t phys,
		       pgprot_t prot) __must_check;

/* And with flush_cache_vmap(): what is mapped may be used. As Linux's. */
int ioremap_page_range(unsigned long addr, unsigned long end, phys_addr_t phys,
		       pgprot_t prot) __must_check;

/**
 * vunmap_range_noflush - unmap what pages are mapped in a range
 * @addr: first address
 * @end: behind the last
 *
 * TLBs still hold it; flush_tlb_kernel_range() before the addresses, or the pages, get another use
 * that matters. Page tables stay. Sections, which map without pages, are left alone. Context: any.
 */
void vunmap_range_noflush(unsigned long addr, unsigned long end);

/* With the flush. */
void vunmap_range(unsigned long addr, unsigned long end);

/**
 * vunmap_pages_noflush - unmap a few pages, and say which
 * @addr: first address
 * @nr: how many addresses, a page apart
 * @pages: receives the pages, @nr of them at most
 *
 * Otherwise as vunmap_range_noflush(). Return: how many pages there were.
 */
unsigned int vunmap_pages_noflush(unsigned long addr, unsigned int nr, struct page **pages);

/* The page that is mapped at an address of the kernel's page table; NULL if none is. Context: any. */
struct page *vmalloc_to_page(const void *addr);

/* Its number; the page is there. */
unsigned long vmalloc_to_pfn(const void *addr);

#endif
