// SPDX-License-Identifier: MIT
/*
 * Aborts: a data access or an instruction fetch that the MMU refused.
 *
 *    __dabt_svc -> do_DataAbort()     ----+--> do_translation_fault(): init_mm maps it: try again
 *    __pabt_svc -> do_PrefetchAbort() ----+--> in the exception table: go on at its fixup
 *                                         +--> else: report, stop
 *
 * A report says what was tried and where, the CPU's reason, ours, the walk of the page tables, and
 * then all that die() shows. The vector says which registers to believe: a prefetch abort leaves
 * DFSR and DFAR at what they were, a data abort IFSR and IFAR (ARM DDI 0406C B3.13.4).
 */
#include <asm/extable.h>
#include <asm/fault.h>
#include <asm/page.h>
#include <asm/pgd.h>
#include <asm/ptdump.h>
#include <asm/traps.h>
#include <kernel/panic.h>
#include <kernel/printk.h>

#define VERDICT_MAX	160

static const char *const access_names[] = {
	[ACCESS_READ] = "read", [ACCESS_WRITE] = "write", [ACCESS_EXECUTE] = "execute",
};

static void show_fault_status(unsigned int fsr, enum fault_access access)
{
	const char *name = fsr_lookup(fsr)->name;

	if (access == ACCESS_EXECUTE)
		pr_alert("IFSR = 0x%03x: %s\n", fsr, name);
	else
		pr_alert("DFSR = 0x%03x: %s, domain %u, on a %s\n", fsr, name,
			 fsr >> FSR_DOMAIN_SHIFT & FSR_DOMAIN_MASK, access_names[access]);
}

/* Linux's __do_kernel_fault(): nobody can make this access good. */
static void __noreturn do_kernel_fault(unsigned long addr, unsigned int fsr,
				       enum fault_access access, struct pt_regs *regs)
{
	const struct fault fault = {
		.addr = addr, .access = access, .kind = fsr_lookup(fsr)->kind, .regs = regs,
	};
	char verdict[VERDICT_MAX];

	oops_enter("abort", regs->ARM_pc);
	fault_verdict(verdict, sizeof(verdict), &fault);
	pr_alert("Unable to handle kernel %s at virtual address %08lx when %s\n",
		 addr < PAGE_SIZE ? "NULL pointer dereference" : "paging request", addr,
		 access_names[access]);
	pr_alert("Verdict: %s\n", verdict);
	show_fault_status(fsr, access);
	show_pte_walk(addr);
	die("Oops", regs, fsr);
}

/*
 * The kernel's address, and no level-1 entry: this page directory may not know yet what init_mm's does
 * (arch/arm/mm/pgd.c). As Linux's. Return: the access is to be made again.
 */
static bool do_translation_fault(unsigned long addr, unsigned int fsr)
{
	return fsr_fs(fsr) == FS_TRANSLATION_L1 && copy_kernel_pmd(addr);
}

void do_DataAbort(unsigned long addr, unsigned int fsr, struct pt_regs *regs)
{
	if (do_translation_fault(addr, fsr) || fixup_exception(regs))
		return;
	do_kernel_fault(addr, fsr, fsr & FSR_WRITE ? ACCESS_WRITE : ACCESS_READ, regs);
}

void do_PrefetchAbort(unsigned long addr, unsigned int ifsr, struct pt_regs *regs)
{
	if (do_translation_fault(addr, ifsr) || fixup_fetch(regs))
		return;
	do_kernel_fault(addr, ifsr, ACCESS_EXECUTE, regs);
}
