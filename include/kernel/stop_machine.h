/* SPDX-License-Identifier: MIT */
/*
 * The whole machine holds still while one CPU looks around; and what it may look at: everything in
 * which the kernel keeps pointers, without what was allocated.
 */
#ifndef KERNEL_STOP_MACHINE_H
#define KERNEL_STOP_MACHINE_H

#include <lib/types.h>

struct task_struct;

/**
 * stop_machine - call a function while all other CPUs stand still
 * @fn: gets @data, on this CPU, with interrupts off; must be short. It can take no lock that is ever
 *	held with interrupts enabled, unless the caller holds that already
 * @data: its argument
 *
 * The others stop in an interrupt, so none of them is amid something that is done with interrupts
 * off. Context: as smp_call_function(). Return: what @fn did. Differs from Linux: @fn runs where it is
 * called, and there is no choice of CPUs.
 */
int stop_machine(int (*fn)(void *data), void *data);

/*
 * The stack pointer of a thread that runs, on this CPU or on one that is stopped, below which its stack holds
 * nothing, registers included; 0 for a thread that does not run. Context: in stop_machine().
 */
unsigned long stopped_stack_pointer(const struct task_struct *task);

/**
 * for_each_root - call a function for every piece of memory that may hold pointers
 * @func: gets its first address, the one behind its last, both multiples of 4, and @data
 * @data: for @func
 *
 * They are: data and bss, without the stack that lies there; the per-CPU areas; of each thread, what its stack holds,
 * and its saved registers. Context: in stop_machine().
 */
void for_each_root(void (*func)(const void *start, const void *end, void *data), void *data);

#endif
