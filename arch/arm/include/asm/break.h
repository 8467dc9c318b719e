/* SPDX-License-Identifier: MIT */
/*
 * Breakpoints in the kernel's own code, which say that they were hit, and let it go on: a small
 * part of what Linux's kprobes are.
 */
#ifndef ASM_BREAK_H
#define ASM_BREAK_H

#include <asm/ptrace.h>
#include <lib/types.h>

#define NR_BREAKS	8

/**
 * set_break - have the kernel say when an instruction is executed
 * @addr: its address; in Thumb code with bit 0 set, and the first of a function
 * @lines: how many hits are printed, a line each; all are counted
 *
 * Context: thread that may sleep. Return: the breakpoint's number; or after a message -EINVAL, if
 * there can be none: not in the kernel's text, in what handles exceptions, an instruction about the
 * PC; -EEXIST, if there is one; -ENOSPC, if NR_BREAKS are set.
 */
int set_break(const void *addr, unsigned int lines);

/*
 * Take breakpoint @nr away. Return: 0; -ENOENT if there is no such. Context: thread that may sleep.
 */
int clear_break(unsigned int nr);

/* How often breakpoint @nr was hit. */
unsigned int break_hits(unsigned int nr);

/* Print a line for each. */
void show_breaks(void);

/*
 * An undefined instruction: is it a breakpoint's? Return: true, and @regs say where to go on.
 * Context: do_undefinstr(), PC at the instruction.
 */
bool break_exception(struct pt_regs *regs);

#endif
