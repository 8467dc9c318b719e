/* SPDX-License-Identifier: MIT */
/*
 * The memory map: one array with the struct page of every page frame ("flat memory"), and
 * the ways between page, page frame number, physical and virtual address.
 *
 *    pfn     PHYS_PFN_OFFSET  + 1     + 2
 *            +--------+--------+--------+-----
 *    mem_map | page   | page   | page   | ...     32 bytes each
 *            +--------+--------+--------+-----
 *
 * The array reaches from the first page of the node to the last. Holes have their pages in it,
 * reserved for ever: pfn_to_page() of a hole is a page that nobody gets, and pfn_valid() of it is
 * false.
 */
#ifndef MM_MEMMAP_H
#define MM_MEMMAP_H

#include <asm/page.h>
#include <lib/types.h>
#include <mm/mm_types.h>

#define ARCH_PFN_OFFSET	PHYS_PFN_OFFSET

/*
 * Entry 0 belongs to pfn ARCH_PFN_OFFSET, whether or not there is RAM. Set by alloc_node_mem_map().
 */
extern struct page *mem_map;
/* Entries of mem_map: pfns from ARCH_PFN_OFFSET to ARCH_PFN_OFFSET + max_mapnr - 1 have one. */
extern unsigned long max_mapnr;

/* The struct page of @pfn. No check: the caller knows that it lies in a node. */
static inline struct page *pfn_to_page(unsigned long pfn)
{
	return mem_map + (pfn - ARCH_PFN_OFFSET);
}

/* The number of a page frame, from its struct page. */
static inline unsigned long page_to_pfn(const struct page *page)
{
	return (unsigned long)(page - mem_map) + ARCH_PFN_OFFSET;
}

/* Does @page point into the map? For assertions: a wild pointer is one that does not. */
static inline bool page_in_map(const struct page *page)
{
	unsigned long offset = (unsigned long)page - (unsigned long)mem_map;

	return offset < max_mapnr * sizeof(struct page) && offset % sizeof(struct page) == 0;
}

/*
 * The address of its first byte. From bytes to bytes, one shift for the compiler; by way of the pfn it would be two.
 */
static inline phys_addr_t page_to_phys(const struct page *page)
{
	unsigned long offset = (unsigned long)page - (unsigned long)mem_map;

	return PFN_PHYS(ARCH_PFN_OFFSET) + offset * (PAGE_SIZE / sizeof(struct page));
}

/* The struct page of the frame that the byte at @phys is in. */
static inline struct page *phys_to_page(phys_addr_t phys)
{
	return pfn_to_page(PHYS_PFN(phys));
}

/**
 * pfn_valid - is there RAM behind a page frame number, with a struct page?
 * @pfn: any number
 *
 * False in holes, and for memory that is kept out of the kernel's map. Takes the logarithm of the
 * number of memory regions. Return: as ARM's in Linux 3.10 (arch/arm/mm/init.c).
 */
bool pfn_valid(unsigned long pfn);

/* The page of @virt, in lowmem. No check: see virt_addr_valid(). */
static inline struct page *virt_to_page(const void *virt)
{
	return pfn_to_page(PHYS_PFN(__pa(virt)));
}

#endif
