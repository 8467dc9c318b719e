// SPDX-License-Identifier: MIT
/*
 * Page-table pages: see asm/pgalloc.h.
 *
 * I1. page_table_lock of the mm, init_mm's for the kernel, is held while a level-1 entry changes
 *     between empty and a table. Lookups need no lock: an entry that was filled stays until its owner,
 *     who has the addresses to itself, clears it.
 */
#include <asm/pgalloc.h>
#include <asm/pgd.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <mm/gfp.h>
#include <mm/mm.h>

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

int __pte_alloc(struct mm_struct *mm, pmd_t *pmd)
{
	pte_t *table = pte_alloc_one_kernel(mm);
	unsigned long flags;
	bool used = false;

	if (!table)
		return -ENOMEM;
	spin_lock_irqsave(&mm->page_table_lock, flags);
	if (pmd_none(*pmd)) {
		pmd_populate_kernel(mm, pmd, table);
		used = true;
	}
	spin_unlock_irqrestore(&mm->page_table_lock, flags);
	if (!used)
		pte_free_kernel(mm, table);	/* another CPU was first */
	return 0;
}

int __pte_alloc_kernel(pmd_t *pmd)
{
	return __pte_alloc(&init_mm, pmd);
}

pte_t *pmd_clear_kernel_all(unsigned long addr)
{
	static const pmd_t empty[2];
	pmd_t *pmd = pmd_off_k(addr);
	pte_t *table = NULL;
	unsigned long flags;

	VM_BUG_ON(!IS_ALIGNED(addr, PMD_SIZE), "%08lx", addr);
	spin_lock_irqsave(&init_mm.page_table_lock, flags);
	if (pmd_table(*pmd)) {
		table = pmd_page_vaddr(*pmd);
		set_kernel_pmds(addr, empty, ARRAY_SIZE(empty));
	}
	spin_unlock_irqrestore(&init_mm.page_table_lock, flags);
	return table;
}
