// SPDX-License-Identifier: MIT
/*
 * `tlb_check=1': missing flushes are found, at the unmapping that forgot one.
 *
 *    page table    TLB of CPU 0    TLB of CPU 1
 *    empty         -               page X           CPU 1 could still write to X, which may be another's
 *                                                   by now
 *
 * What a TLB holds cannot be read; ATS1CPR, the address translation operation, may answer from it or walk
 * the table. So each CPU makes the access: if it does not fault, it went by a translation that is gone
 * from the table.
 *
 * C1. An access is a read of one word whose fault is expected (__probe_copy_word()), with interrupts
 *     masked. It changes no memory; registers of devices it could, so those are left out by the caller.
 * C2. That nothing is found proves nothing: a TLB may have dropped the entry already. QEMU's drops all
 *     of them at many occasions (see "Missing flushes" in docs/pagetables.md).
 */
#include <asm/irqflags.h>
#include <asm/pgtable.h>
#include <asm/probe.h>
#include <asm/tlbflush.h>
#include <kernel/hardirq.h>
#include <kernel/jump_label.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>

#define MAX_REPORTS	4	/* by one CPU in one range */

DEFINE_STATIC_KEY_FALSE(tlb_check_key);

/* A range to look at, and how many pages were found. */
struct tlb_range {
	unsigned long start, end;
	atomic_t found;
};

/* tlb_check=1 */
static int __init tlb_check_setup(char *value)
{
	unsigned long number;
	int error = value ? kstrtoul(value, 0, &number) : -EINVAL;

	if (error || number > 1)
		return -EINVAL;
	if (number)
		static_branch_enable(&tlb_check_key);
	return 0;
}
early_param("tlb_check", tlb_check_setup);

/* Context: interrupts masked (C1). */
static void look_here(void *info)
{
	struct tlb_range *range = info;
	unsigned int found = 0;
	u32 word;

	for (unsigned long addr = range->start; addr != range->end; addr += PAGE_SIZE) {
		if (__probe_copy_word(&word, (const void *)addr))
			continue;
		if (found++ < MAX_REPORTS)
			pr_err("tlb_check: CPU %u reads 0x%08lx, where nothing is mapped: %08x\n",
			       smp_processor_id(), addr, word);
	}
	atomic_add(found, &range->found);
}

/* A page that is mapped is no finding: whoever says that it is not is mistaken. */
static void check_nothing_is_mapped(unsigned long start, unsigned long end)
{
	for (unsigned long addr = start; addr != end; addr += PAGE_SIZE) {
		pmd_t *pmd = pmd_off_k(addr) + ((addr >> SECTION_SHIFT) & 1);

		BUG_ON(pmd_sect(*pmd) || (pmd_table(*pmd) && !pte_none(*pte_offset_kernel(pmd_off_k(addr), addr))),
		       "%08lx is mapped", addr);
	}
}

unsigned int __tlb_check_unmapped(unsigned long start, unsigned long end)
{
	struct tlb_range range = { .start = start, .end = end };
	unsigned long flags;

	VM_BUG_ON(!IS_ALIGNED(start | end, PAGE_SIZE) || start < TASK_SIZE, "%08lx-%08lx", start, end);
	check_nothing_is_mapped(start, end);
	if (irqs_disabled() || in_interrupt()) {
		local_irq_save(flags);
		look_here(&range);
		local_irq_restore(flags);
	} else {
		on_each_cpu(look_here, &range, true);
	}
	if (atomic_read(&range.found))
		flush_tlb_kernel_range(start, end);
	return atomic_read(&range.found);
}
