// SPDX-License-Identifier: MIT
/*
 * The page table of kmap()'s area. It is there from boot on, in the kernel's page directory, and
 * never goes: whoever copies the directory has the area in it, and kmap() needs no memory.
 */
#include <asm/highmem.h>
#include <asm/lowmem.h>
#include <asm/map.h>
#include <kernel/init.h>
#include <mm/memblock.h>

pte_t *pkmap_page_table;

void __init kmap_init(void)
{
	pmd_t *pmd = pmd_off_k(PKMAP_BASE);

	if (memblock_end_of_DRAM() <= arm_lowmem_limit)
		return;
	pkmap_page_table = early_alloc(PTE_HWTABLE_OFF + PTE_HWTABLE_SIZE);
	pmd_populate_kernel(NULL, pmd, pkmap_page_table);
	BUG_ON(pte_offset_kernel(pmd, PKMAP_BASE) != pkmap_page_table, "pmd %08x", pmd_val(*pmd));
}
