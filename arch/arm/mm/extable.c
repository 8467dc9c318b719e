// SPDX-License-Identifier: MIT
/*
 * The exception table (asm/extable.h says what it is). The linker collects the entries into
 * __ex_table; there are about a dozen, so they are looked through one by one.
 *
 * I1. insn and fixup are addresses in the kernel's text; bit 0 of fixup set means that it is Thumb
 *     code.
 * I2. No instruction has two entries.
 */
#include <asm/extable.h>
#include <kernel/bug.h>
#include <kernel/sections.h>

#define ARM_INSN_SIZE	4

extern const struct exception_table_entry __start___ex_table[], __stop___ex_table[];

const struct exception_table_entry *search_exception_tables(unsigned long addr)
{
	const struct exception_table_entry *e;

	for (e = __start___ex_table; e < __stop___ex_table; e++)
		if (e->insn == addr)
			return e;
	return NULL;
}

static bool in_text(unsigned long addr)
{
	return addr >= (unsigned long)_stext && addr < (unsigned long)_etext;
}

static bool go_to_fixup(struct pt_regs *regs, const struct exception_table_entry *e)
{
	if (!e)
		return false;
	regs->ARM_pc = e->fixup & ~THUMB_CODE;
	regs->ARM_cpsr &= ~PSR_T_BIT;
	if (e->fixup & THUMB_CODE)
		regs->ARM_cpsr |= PSR_T_BIT;
	return true;
}

void extable_check(void)
{
	const struct exception_table_entry *e;

	for (e = __start___ex_table; e < __stop___ex_table; e++) {
		BUG_ON(!in_text(e->insn), "entry %p: instruction at %08lx", e, e->insn);
		BUG_ON(!in_text(e->fixup), "entry %p: fixup at %08lx", e, e->fixup);
		BUG_ON(search_exception_tables(e->insn) != e, "entry %p: a second one for %08lx", e,
		       e->insn);
	}
}

bool fixup_exception(struct pt_regs *regs)
{
	return go_to_fixup(regs, search_exception_tables(regs->ARM_pc));
}

bool fixup_fetch(struct pt_regs *regs)
{
	if (regs->ARM_pc != (regs->ARM_ip & ~THUMB_CODE))
		return false;
	return go_to_fixup(regs, search_exception_tables(regs->ARM_lr - ARM_INSN_SIZE));
}
