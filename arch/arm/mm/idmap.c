// SPDX-License-Identifier: MIT
/*
 * A page table for the moment in which a CPU turns its MMU on: the kernel's own, and besides the
 * MiB with the start-up code at its physical address. After Linux's arch/arm/mm/idmap.c.
 *
 *    idmap_pgd            0x60000000 --> RAM 0x60000000      read-only, executable
 *                         PAGE_OFFSET and up: as swapper_pg_dir, whose level-2 tables it shares
 *    swapper_pg_dir       PAGE_OFFSET and up
 *
 * The boot CPU needed such a mapping in swapper_pg_dir itself, and dropped it. With a table of its
 * own it is never seen by the CPUs that run already, and is gone when its table is: a CPU leaves it
 * by writing TTBR0 and invalidating its own TLB (head-smp.S).
 *
 * I1. No mapping of it is writable and executable, as everywhere (I4 of asm/pgtable-2level.h).
 * I2. While it exists nobody changes a level-1 entry of the kernel's.
 */
#include <asm/pgtable.h>
#include <asm/smp.h>
#include <asm/smp_data.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <lib/string.h>
#include <mm/gfp.h>

/* head.S's __enable_mmu: the last instructions that run there. */
extern const char __enable_mmu[];

#define IDMAP_SECT	(PMD_TYPE_SECT | PMD_DOMAIN(DOMAIN_KERNEL) | PMD_SECT_WBWA | PMD_SECT_S | \
			 PMD_SECT_AP_WRITE | PMD_SECT_APX)

phys_addr_t __init idmap_create(void)
{
	phys_addr_t code = __pa(secondary_startup) & SECTION_MASK;
	unsigned long table = __get_free_pages(GFP_KERNEL, get_order(SWAPPER_PG_DIR_SIZE));
	pmd_t *entry;

	BUG_ON((__pa(__enable_mmu) & SECTION_MASK) != code, "start-up code at %08x and %08x",
	       __pa(secondary_startup), __pa(__enable_mmu));
	if (!table)
		return 0;
	BUG_ON(!IS_ALIGNED(table, SWAPPER_PG_DIR_SIZE), "TTBR0 cannot hold %08lx", table);
	memcpy((void *)table, swapper_pg_dir, SWAPPER_PG_DIR_SIZE);
	entry = (pmd_t *)table + (code >> SECTION_SHIFT);
	BUG_ON(!pmd_none(*entry), "%08x is mapped at %08x", pmd_val(*entry), code);
	*entry = __pmd(code | IDMAP_SECT);
	dsb(ishst);		/* the walkers see it before the CPU is let go */
	return __pa(table);
}

void __init idmap_free(phys_addr_t pgd)
{
	free_pages((unsigned long)__va(pgd), get_order(SWAPPER_PG_DIR_SIZE));
}
