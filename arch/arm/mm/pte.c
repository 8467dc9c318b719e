// SPDX-License-Identifier: MIT
/*
 * Writing page-table entries: set_pte_ext() and its batch forms are the only functions that touch
 * a Linux entry or the hardware entry that belongs to it (I2 of asm/pgtable-2level.h).
 *
 *    ptep      ->  Linux entry       <- @pte
 *    ptep+512  ->  hardware entry    <- pte_to_hw(@pte, @ext)
 *
 * The Linux entry is written first. The walker never looks at it, so between the two stores nobody
 * can see that they differ, but for a debugger.
 */
#include <asm/pgtable.h>
#include <mm/memmap.h>

/* The hardware entry that belongs to a Linux entry. */
static inline pteval_t *hw_entry(pte_t *ptep)
{
	return (pteval_t *)(ptep + PTE_HWTABLE_PTRS);
}

static inline bool in_linux_table(const pte_t *ptep)
{
	return ((unsigned long)ptep & ~PAGE_MASK) < PTE_HWTABLE_OFF;
}

/* Would the kernel be able to write and to execute this (I4)? */
static inline bool hw_is_kernel_wx(pteval_t hw)
{
	return hw != 0 && !(hw & (PTE_EXT_AP1 | PTE_EXT_APX | PTE_EXT_XN));
}

void set_pte_ext(pte_t *ptep, pte_t pte, pteval_t ext)
{
	pteval_t hw = pte_to_hw(pte, ext);

	VM_BUG_ON(!in_linux_table(ptep), "entry at %p is no Linux entry", ptep);
	VM_BUG_ON(hw_is_kernel_wx(hw), "pte %08x at %p: W and X (I4)", pte_val(pte), ptep);
	WRITE_ONCE(*ptep, pte);
	WRITE_ONCE(*hw_entry(ptep), hw);
}

/* What most runs are made of is known to the compiler: device registers. */
static inline pteval_t run_to_hw(pte_t pte, pteval_t ext)
{
	if ((pte_val(pte) & ~PTE_PFN_MASK) == _PAGE_DEVICE && ext == 0)
		return (pte_val(pte) & PTE_PFN_MASK) | pte_to_hw(__pte(_PAGE_DEVICE), 0);
	return pte_to_hw(pte, ext);
}

void set_ptes_ext(pte_t *ptep, pte_t pte, unsigned int nr, pteval_t ext)
{
	pteval_t *hw = hw_entry(ptep);
	pteval_t linux_val = pte_val(pte);
	pteval_t hw_val = run_to_hw(pte, ext);

	VM_BUG_ON(nr == 0 || !in_linux_table(ptep) || !in_linux_table(ptep + nr - 1),
		  "%u entries at %p", nr, ptep);
	VM_BUG_ON(hw_val == 0 || hw_is_kernel_wx(hw_val), "pte %08x at %p: not present, or W and X",
		  linux_val, ptep);
	while (nr--) {
		WRITE_ONCE(ptep++->pte, linux_val);
		WRITE_ONCE(*hw++, hw_val);
		linux_val += PAGE_SIZE;
		hw_val += PAGE_SIZE;
	}
}

/* What nearly all want is known to the compiler. */
static inline pteval_t prot_to_hw(pgprot_t prot)
{
	return pgprot_val(prot) == _PAGE_KERNEL ? pte_to_hw(__pte(_PAGE_KERNEL), 0) :
						  pte_to_hw(__pte(pgprot_val(prot)), 0);
}

void set_ptes_pages(pte_t *ptep, struct page *const *pages, unsigned int nr, pgprot_t prot)
{
	pteval_t *hw = hw_entry(ptep);
	pteval_t hw_prot = prot_to_hw(prot);

	VM_BUG_ON(nr == 0 || !in_linux_table(ptep) || !in_linux_table(ptep + nr - 1),
		  "%u entries at %p", nr, ptep);
	VM_BUG_ON(hw_prot == 0 || hw_is_kernel_wx(hw_prot), "prot %08x at %p: not present, or W and X",
		  pgprot_val(prot), ptep);
	while (nr--) {
		phys_addr_t phys = page_to_phys(*pages++);

		WRITE_ONCE(ptep++->pte, phys | pgprot_val(prot));
		WRITE_ONCE(*hw++, phys | hw_prot);
	}
}

void clear_ptes(pte_t *ptep, unsigned int nr)
{
	pteval_t *hw = hw_entry(ptep);

	VM_BUG_ON(nr == 0 || !in_linux_table(ptep) || !in_linux_table(ptep + nr - 1),
		  "%u entries at %p", nr, ptep);
	while (nr--) {
		WRITE_ONCE(ptep++->pte, 0);
		WRITE_ONCE(*hw++, 0);
	}
}

unsigned int take_ptes(pte_t *ptep, unsigned int nr, struct page **pages)
{
	pteval_t *hw = hw_entry(ptep);
	struct page **page = pages;

	VM_BUG_ON(nr == 0 || !in_linux_table(ptep) || !in_linux_table(ptep + nr - 1),
		  "%u entries at %p", nr, ptep);
	while (nr--) {
		pte_t pte = *ptep;

		WRITE_ONCE(ptep++->pte, 0);
		WRITE_ONCE(*hw++, 0);
		if (pte_present(pte))
			*page++ = pte_page(pte);
	}
	return (unsigned int)(page - pages);
}
