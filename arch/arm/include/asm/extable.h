/* SPDX-License-Identifier: MIT */
/*
 * The exception table: instructions that may fault, each with the place to go on at if it does. A
 * fault is any exception the instruction makes: an abort, undefined, SVC.
 *
 *    1:  ldr r2, [r1]                     struct exception_table_entry { insn = 1b, fixup = 2f }
 *        ...
 *    2:  mov r0, #-EFAULT                 in Thumb code 2f + 1
 *
 * An entry at a BLX ip stands for the fetch of the called function's first instruction: if that
 * faults, lr points behind the call and pc is still ip.
 */
#ifndef ASM_EXTABLE_H
#define ASM_EXTABLE_H

#ifdef __ASSEMBLER__
	/* Instruction at @insn may fault; then go on at @fixup. */
	.macro	ex_entry, insn, fixup
	.pushsection __ex_table, "a"
	.balign	4
	.long	\insn, \fixup
	.popsection
	.endm
#else
#include <asm/ptrace.h>
#include <lib/types.h>

struct exception_table_entry {
	unsigned long insn, fixup;
};

/* Return: the entry for the instruction at @addr, NULL if it has none. Context: any. */
const struct exception_table_entry *search_exception_tables(unsigned long addr);

/**
 * fixup_exception - was this fault allowed for?
 * @regs: registers at the fault
 *
 * Return: true, and @regs->ARM_pc is the place to go on at; false if nobody expected the fault at
 * this instruction. As Linux's fixup_exception(). Context: exception handlers.
 */
bool fixup_exception(struct pt_regs *regs);

/* The same for the fetch of an instruction: did the call that led there allow for it? */
bool fixup_fetch(struct pt_regs *regs);

/* Walk the table; BUG if an entry is not about kernel text, or an instruction has two. */
void extable_check(void);
#endif

#endif
