// SPDX-License-Identifier: MIT
/*
 * Page-table pages of the kernel: see asm/pgalloc.h.
 *
 * I1. kernel_pgd_lock is held while an entry of the kernel's page directory changes between empty
 *     and a table. Lookups need no lock: an entry that was filled stays until its owner, who has the
 *     addresses to itself, clears it.
 */
#include <asm/pgalloc.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>
#include <mm/gfp.h>
#include <mm/mm.h>

static DEFINE_SPINLOCK(kernel_pgd_lock);

static void count_table(pte_t *table, int nr)
{
	mod_node_page_state(page_zone(virt_to_page(table))->zone_pgdat, NR_PAGETABLE, nr);
}

pte_t *pte_alloc_one_kernel(struct mm_struct *mm)
{
	pte_t *table = (pte_t *)__get_free_page(GFP_KERNEL | __GFP_ZERO);

	(void)mm;
	if (table)
		count_table(table, 1);
	return table;
}

void pte_free_kernel(struct mm_struct *mm, pte_t *pte)
{
	(void)mm;
	VM_BUG_ON(!IS_ALIGNED((unsigned long)pte, PAGE_SIZE), "%p is no page table", (void *)pte);
	count_table(pte, -1);
	free_page((unsigned long)pte);
}

int __pte_alloc_kernel(pmd_t *pmd)
{
	pte_t *table = pte_alloc_one_kernel(NULL);
	unsigned long flags;
	bool used = false;

	if (!table)
		return -ENOMEM;
	spin_lock_irqsave(&kernel_pgd_lock, flags);
	if (pmd_none(*pmd)) {
		pmd_populate_kernel(NULL, pmd, table);
		used = true;
	}
	spin_unlock_irqrestore(&kernel_pgd_lock, flags);
	if (!used)
		pte_free_kernel(NULL, table);	/* another CPU was first */
	return 0;
}

pte_t *pmd_clear_kernel_all(unsigned long addr)
{
	pmd_t *pmd = pmd_off_k(addr);
	pte_t *table = NULL;
	unsigned long flags;

	VM_BUG_ON(!IS_ALIGNED(addr, PMD_SIZE), "%08lx", addr);
	spin_lock_irqsave(&kernel_pgd_lock, flags);
	if (pmd_table(*pmd)) {
		table = pmd_page_vaddr(*pmd);
		pmd_clear(pmd);
	}
	spin_unlock_irqrestore(&kernel_pgd_lock, flags);
	return table;
}
