// SPDX-License-Identifier: MIT
/*
 * From a section to a page table, under the feet of the code that does it.
 *
 * paging_init() must cut the sections that hold the kernel into pages, to give code and data
 * different permissions. The entry could be overwritten in one store, but between that store and
 * the TLB maintenance behind it a TLB may hold the old section and a new page for the same address.
 * ARM DDI 0406C B3.10.1 wants a change of the mapping's size done as break-before-make: write a
 * fault entry, invalidate, write the new entry. Where two TLB entries match one address the result
 * is UNPREDICTABLE, even if both lead to the same place. Linux has long taken the risk on this
 * architecture; we need not.
 *
 * While it is broken nothing may be fetched or read through the mapping: no code, no stack, and not
 * swapper_pg_dir, which lies in it too. So for that moment the MiBs concerned are also mapped at
 * their physical addresses, as at boot, and __replace_pmd (replace_pmd_asm.S) runs there:
 *
 *     0xc0000000  image, stack, swapper_pg_dir   section -> (nothing) -> page table
 *     0x60000000  the same memory, identity      section, writable and executable
 *
 * I1. The identity sections exist only inside replace_pmd(), with interrupts off. They have the
 *     memory type that lowmem has. They are the one exception to "never writable and executable".
 * I2. No virtual address is ever valid with two sizes at once.
 */
#include <asm/irqflags.h>
#include <asm/mmu.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <kernel/bug.h>
#include <kernel/init.h>

#define IDENTITY_SECT	(PMD_TYPE_SECT | PMD_DOMAIN(DOMAIN_KERNEL) | PMD_SECT_WBWA | PMD_SECT_S | \
			 PMD_SECT_AP_WRITE)

/* In replace_pmd_asm.S. */
void __replace_pmd(phys_addr_t pmdp, pmdval_t first, pmdval_t second);

static pmd_t *identity_entry(phys_addr_t phys)
{
	return (pmd_t *)swapper_pg_dir + (phys >> SECTION_SHIFT);
}

/* Map the MiB of @phys at its physical address, or take the mapping away. */
static void __init set_identity(phys_addr_t phys, pmdval_t sect)
{
	*identity_entry(phys) = __pmd(sect ? (phys & SECTION_MASK) | sect : 0);
}

void __init replace_pmd(pmd_t *pmdp, pmd_t first)
{
	phys_addr_t code = __pa(__replace_pmd);
	phys_addr_t table = __pa(pmdp);
	void (*replace)(phys_addr_t, pmdval_t, pmdval_t) = (void *)code;

	BUG_ON(!irqs_disabled());
	BUG_ON((unsigned long)pmdp % sizeof(pgd_t), "pmdp %p is no first of a pair", pmdp);
	BUG_ON(!pmd_table(first), "pmd %08x is no table", pmd_val(first));
	BUG_ON(!pmd_none(*identity_entry(code)) || !pmd_none(*identity_entry(table)),
	       "user space is mapped at %08x or %08x", code, table);

	set_identity(code, IDENTITY_SECT);
	set_identity(table, IDENTITY_SECT);
	dsb(ishst);
	isb();
	replace(table, pmd_val(first), pmd_val(pmd_second_half(first)));
	set_identity(code, 0);
	set_identity(table, 0);
	flush_tlb_all();
}
