/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: kmap()'s area. It is a table like others (asm/pgtable.h), which
 * a test makes by kmap_init(); what is mapped there can only be reached by pfn.
 */
#ifndef ASM_HIGHMEM_H
#define ASM_HIGHMEM_H

#include <asm/pgtable.h>
#include <asm/tlbflush.h>

#define PKMAP_BASE		0xbfe00000ul
#define LAST_PKMAP		PTRS_PER_PTE
#define LAST_PKMAP_MASK		(LAST_PKMAP - 1)
#define PKMAP_NR(virt)		(((unsigned long)(virt) - PKMAP_BASE) >> PAGE_SHIFT)
#define PKMAP_ADDR(nr)		(PKMAP_BASE + ((unsigned long)(nr) << PAGE_SHIFT))

extern pte_t *pkmap_page_table;

/* Context: a test, on a machine with high memory, after the hand-over. */
void kmap_init(void);

static inline void kmap_set_pte(pte_t *ptep, phys_addr_t phys)
{
	set_pte_ext(ptep, pfn_pte(PHYS_PFN(phys), PAGE_KERNEL), 0);
}

static inline void kmap_clear_pte(pte_t *ptep)
{
	set_pte_ext(ptep, __pte(0), 0);
}

static inline void flush_cache_kmaps(void)
{
}

/* Before the new entry is used: nobody does. */
static inline void arch_kmap_post_map(void)
{
}

#endif
