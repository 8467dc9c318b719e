/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: 8 KiB, aligned so that one bit of the stack pointer shows an overrun, and the
 * little stacks of the other modes. arch/arm/kernel/stack.c has the picture.
 */
#ifndef ASM_STACK_H
#define ASM_STACK_H

#include <asm/page.h>

#define THREAD_SHIFT	13
#define THREAD_SIZE	(UL(1) << THREAD_SHIFT)

/* Set in every stack pointer that is inside a stack, clear in one that ran over. */
#define STACK_BIT	THREAD_SIZE

/* An exception stub keeps r0, the return address and the SPSR there until it is in SVC mode. */
#define NR_MODE_STACKS		4	/* IRQ, abort, undefined, FIQ */
#define MODE_STACK_SIZE		16

/* The first page of struct boot_stack, but for the mode stacks at its end. */
#define OVERFLOW_STACK_SIZE	(PAGE_SIZE - NR_MODE_STACKS * MODE_STACK_SIZE)

#ifndef __ASSEMBLER__
#include <lib/types.h>

struct boot_stack {
	u8 overflow[OVERFLOW_STACK_SIZE];
	u8 mode[NR_MODE_STACKS][MODE_STACK_SIZE];
	u8 guard[PAGE_SIZE];
	u8 stack[THREAD_SIZE];
} __aligned(2 * THREAD_SIZE);

extern struct boot_stack boot_stack;

/**
 * stack_bounds - which stack does an address belong to?
 * @sp: a stack pointer
 * @low: receives the stack's first address
 * @high: receives the address after its last
 *
 * A stack pointer equal to @high is that of an empty stack, and one in the guard page belongs to
 * the stack above it, which it ran over. Return: false if @sp is in no stack; then nothing is
 * written.
 */
bool stack_bounds(unsigned long sp, unsigned long *low, unsigned long *high);
#endif

#endif
