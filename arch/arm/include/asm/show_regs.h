/* SPDX-License-Identifier: MIT */
/*
 * The interrupted code, printed.
 */
#ifndef ASM_SHOW_REGS_H
#define ASM_SHOW_REGS_H

#include <asm/ptrace.h>

/* Print the registers alone, in Linux's format. Context: any. */
void __show_regs(const struct pt_regs *regs);

/* Print registers, top of the stack, call chain and the instructions around pc. Context: any. */
void show_regs(const struct pt_regs *regs);

/**
 * dump_mem - print memory as words, eight to a line, as Linux does
 * @what: goes before the addresses in the heading
 * @bottom: first address, word-aligned
 * @top: address after the last
 *
 * Prints the first 16 lines at most. Words that cannot be read show as question marks. Context:
 * any.
 */
void dump_mem(const char *what, unsigned long bottom, unsigned long top);

#endif
