/* SPDX-License-Identifier: MIT */
/*
 * The area of stacks, for those who look into it: arch/arm/mm/thread_stack.c.
 */
#ifndef ASM_THREAD_STACK_H
#define ASM_THREAD_STACK_H

#include <asm/stack.h>

/* Is @slot, a multiple of STACK_SLOT_SIZE, one of the area that has a stack? Context: any. */
bool thread_stack_exists(const struct cpu_stack *slot);

/* Is it, besides, a CPU's, with an overflow stack? */
bool is_cpu_stack(const struct cpu_stack *slot);

/* Make the page tables of the area. Context: devicemaps_init(), memory is memblock's. */
void thread_stacks_init(void);

#endif
