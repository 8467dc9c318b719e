/* SPDX-License-Identifier: MIT */
/*
 * Who called whom: the call chain, printed or stored. The architecture implements it.
 */
#ifndef KERNEL_STACKTRACE_H
#define KERNEL_STACKTRACE_H

/* Print the call chain that leads here. Context: any. */
void dump_stack(void);

/**
 * dump_caller - print the registers and the call chain of a function further up
 * @skip: how far: 0 is the caller of dump_caller(), 1 the caller of that
 *
 * Of the registers those are right that a function keeps for its caller (r4-r11, sp, pc); the
 * others hold what they hold now. Context: any.
 */
void dump_caller(unsigned int skip);

/**
 * stack_trace_save - store the call chain that leads here
 * @store: receives code addresses, innermost first; the first is in the caller, unless skipped. They
 *	are those of instructions, without the mark of Thumb code that a return address may have
 * @size: entries at @store
 * @skipnr: how many of the innermost entries to leave out
 *
 * Return: the number of entries stored. As Linux's stack_trace_save(). Context: any.
 */
unsigned int stack_trace_save(unsigned long *store, unsigned int size, unsigned int skipnr);

/* What stack_trace_save() stores for @return_address, __builtin_return_address() say. */
unsigned long stack_trace_address(const void *return_address);

#endif
