/* SPDX-License-Identifier: MIT */
/*
 * Where pages of high memory are seen. Part of the contract with mm/highmem.c and mm/kmap_local.c.
 *
 *    kmap()           PKMAP_BASE, one page table: 512 slots for all, kept until all have been used
 *    kmap_local_page  FIX_KMAP_BEGIN (<asm/fixmap.h>): a few slots for each CPU, for a moment
 *
 * The caches hold physical addresses (CTR, Cortex-A9 TRM DDI 0388 4.3.2: the instruction cache
 * apart, and nothing is executed here), so a page that is seen at two addresses, one after the
 * other or at once, needs no maintenance: flush_cache_kmaps() is empty.
 */
#ifndef ASM_HIGHMEM_H
#define ASM_HIGHMEM_H

#include <asm/barrier.h>
#include <asm/fixmap.h>
#include <asm/tlbflush.h>

#define LAST_PKMAP		PTRS_PER_PTE
#define LAST_PKMAP_MASK		(LAST_PKMAP - 1)
#define PKMAP_NR(virt)		(((unsigned long)(virt) - PKMAP_BASE) >> PAGE_SHIFT)
#define PKMAP_ADDR(nr)		(PKMAP_BASE + ((unsigned long)(nr) << PAGE_SHIFT))

_Static_assert(PKMAP_BASE + LAST_PKMAP * PAGE_SIZE == PAGE_OFFSET && PKMAP_BASE % PMD_SIZE == 0,
	       "one page table maps the area, up to lowmem");

/* The entries of the area, which are there from boot on; NULL on a machine without high memory. */
extern pte_t *pkmap_page_table;

/* Make the page table of the area, if there is high memory. Context: paging_init(). As Linux's. */
void kmap_init(void);

/*
 * set_pte_ext() of the page of data at @phys, and of nothing, with the attributes translated when compiling: what a
 * mapping for a moment mostly consists of.
 */
static __always_inline void kmap_set_pte(pte_t *ptep, phys_addr_t phys)
{
	WRITE_ONCE(*ptep, __pte(phys | _PAGE_KERNEL));
	WRITE_ONCE(*(pteval_t *)(ptep + PTE_HWTABLE_PTRS), phys | pte_to_hw(__pte(_PAGE_KERNEL), 0));
}

/* The opposite. The TLB may still have the mapping: the caller flushes it. */
static __always_inline void kmap_clear_pte(pte_t *ptep)
{
	WRITE_ONCE(*ptep, __pte(0));
	WRITE_ONCE(*(pteval_t *)(ptep + PTE_HWTABLE_PTRS), 0);
}

/* Nothing: see above. Linux's, before addresses of kmap() are taken for other pages. */
static inline void flush_cache_kmaps(void)
{
}

/*
 * The entry of a slot of kmap()'s that was empty is written, and whatever was stored before: all
 * CPUs and their walkers see it before what is stored next. No ISB, since only data is accessed
 * there (ARM DDI 0406C B3.10.1).
 */
static inline void arch_kmap_post_map(void)
{
	dsb(ishst);
}

/* The entry of a slot that was empty is written: before this CPU, and only it, uses the address. */
static inline void arch_kmap_local_post_map(void)
{
	dsb(nshst);
}

/* The entry of the slot of @vaddr is empty again, and so is this CPU's TLB. */
static inline void arch_kmap_local_post_unmap(unsigned long vaddr)
{
	local_flush_tlb_kernel_page(vaddr);
}

#endif
