/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: 8 KiB, aligned so that one bit of the stack pointer shows an overrun.
 */
#ifndef ASM_STACK_H
#define ASM_STACK_H

#include <asm/page.h>

#define THREAD_SHIFT	13
#define THREAD_SIZE	(UL(1) << THREAD_SHIFT)

#ifndef __ASSEMBLER__
struct boot_stack {
	u8 spare[PAGE_SIZE];		/* mode stacks and overflow stack */
	u8 guard[PAGE_SIZE];
	u8 stack[THREAD_SIZE];
} __aligned(2 * THREAD_SIZE);

extern struct boot_stack boot_stack;
#endif

#endif
