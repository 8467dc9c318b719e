/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: page-table pages.
 */
#ifndef ASM_PGALLOC_H
#define ASM_PGALLOC_H

#include <asm/pgtable.h>

pte_t *pte_alloc_one_kernel(struct mm_struct *mm);
void pte_free_kernel(struct mm_struct *mm, pte_t *pte);
int __pte_alloc_kernel(pmd_t *pmd);
pte_t *pmd_clear_kernel_all(unsigned long addr);

/* There are none. */
static inline void pmd_clear_kernel_sections(unsigned long addr)
{
	(void)addr;
}

static inline pte_t *pte_alloc_kernel(pmd_t *pmd, unsigned long addr)
{
	if (pmd_none(*pmd) && __pte_alloc_kernel(pmd))
		return NULL;
	return pte_offset_kernel(pmd, addr);
}

/* One page directory is all there is: the kernel's. */
static inline pmd_t *pmd_off(const struct mm_struct *mm, unsigned long addr)
{
	(void)mm;
	return pmd_off_k(addr);
}

static inline pte_t *pte_alloc_map(struct mm_struct *mm, pmd_t *pmd, unsigned long addr)
{
	(void)mm;
	return pte_alloc_kernel(pmd, addr);
}

#endif
