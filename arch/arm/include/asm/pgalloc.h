/* SPDX-License-Identifier: MIT */
/*
 * Page-table pages, once the page allocator gives them: how one comes into the kernel's page table,
 * or an mm's, and how it leaves. Part of the contract with mm/.
 *
 *    pte = pte_alloc_kernel(pmd, addr)		the entry for @addr; its table is made if there is none
 *    ...
 *    table = pmd_clear_kernel_all(addr)	nobody's walk finds the table any more ...
 *    flush_tlb_kernel_range(...)		... nor remembers it
 *    pte_free_kernel(NULL, table)
 *
 * Before that, page tables come from early_alloc() (asm/map.h), and are never given back.
 */
#ifndef ASM_PGALLOC_H
#define ASM_PGALLOC_H

#include <asm/pgtable.h>
#include <mm/mm_struct.h>

/**
 * pte_alloc_one_kernel - a page-table page, clear
 * @mm: not used; Linux's argument
 *
 * Of lowmem (I3 of asm/pgtable-2level.h); counted as NR_PAGETABLE. Context: thread that may sleep.
 * Return: its Linux entries; NULL if there is no memory.
 */
pte_t *pte_alloc_one_kernel(struct mm_struct *mm);

/* Give one back. No page table, and no TLB, refers to it any more. Context: any. */
void pte_free_kernel(struct mm_struct *mm, pte_t *pte);

/* Give @pmd a table, unless it has one by now. Return: 0 or -ENOMEM. */
int __pte_alloc_kernel(pmd_t *pmd);

/**
 * pte_alloc_kernel - the entry for an address of the kernel's page table
 * @pmd: the first of its pair of level-1 entries: pmd_off_k(@addr)
 * @addr: the address
 *
 * Several CPUs may ask for entries of the same table. Context: thread that may sleep. Return: the
 * Linux entry; NULL if there is no table and no memory for one.
 */
static inline pte_t *pte_alloc_kernel(pmd_t *pmd, unsigned long addr)
{
	if (unlikely(pmd_none(*pmd)) && __pte_alloc_kernel(pmd))
		return NULL;
	return pte_offset_kernel(pmd, addr);
}

/**
 * pmd_clear_kernel_all - take a page-table page out of the kernel's page table
 * @addr: the 2 MiB that it maps begin here
 *
 * Out of every page directory that has the entry. TLBs may still hold translations, and the address
 * of the table itself: the caller flushes the range before it frees the page, and before it lets
 * anybody map there again. Context: any; all entries of the table are empty, and nobody fills any.
 * Return: the table; NULL if there was none.
 */
pte_t *pmd_clear_kernel_all(unsigned long addr);

/**
 * pmd_clear_kernel_sections - take sections out of the kernel's page table
 * @addr: the 2 MiB that two of them map, or nothing does, begin here
 *
 * Out of every page directory that has them; a supersection as a whole, so @addr is one of its 16 MiB, all of
 * which go. TLBs may still hold translations: the caller flushes before anybody maps there again. Context: any.
 */
void pmd_clear_kernel_sections(unsigned long addr);

/* ---- User space: tables of one mm ---- */

/* The first of the two entries for @addr in the page directory of @mm. */
static inline pmd_t *pmd_off(const struct mm_struct *mm, unsigned long addr)
{
	return (pmd_t *)&mm->pgd[pgd_index(addr)];
}

/* Give @pmd, an entry of the page directory of @mm, a table, unless it has one by now. Return: 0, -ENOMEM. */
int __pte_alloc(struct mm_struct *mm, pmd_t *pmd);

/**
 * pte_alloc_map - the entry for an address of user space
 * @mm: in which mm
 * @pmd: pmd_off(@mm, @addr)
 * @addr: the address
 *
 * As pte_alloc_kernel(). Named after Linux's, with tables that are never in high memory.
 */
static inline pte_t *pte_alloc_map(struct mm_struct *mm, pmd_t *pmd, unsigned long addr)
{
	if (unlikely(pmd_none(*pmd)) && __pte_alloc(mm, pmd))
		return NULL;
	return pte_offset_kernel(pmd, addr);
}

#endif
