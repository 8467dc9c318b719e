/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: 8 KiB, placed so that one bit of the stack pointer shows an overrun, and the
 * little that a CPU has beside its idle thread's stack.
 *
 *    16 KiB-aligned  +--------------------+ 0x0000
 *                    |  overflow stack    |   where an overflow is reported from
 *                    +--------------------+ 0x0fc0
 *                    |  mode stacks       |   of IRQ, abort, undefined and FIQ mode
 *                    +--------------------+ 0x1000
 *                    |  guard page        |   not mapped
 *                    +--------------------+ 0x2000
 *                    |  thread_info,      |
 *                    |  stack             |   grows down from 0x4000
 *                    +--------------------+ 0x4000
 *
 * A CPU has all of this: struct cpu_stack. A thread has the same 16 KiB of addresses, but nothing
 * is mapped in the first page of it.
 *
 *    CPU 0        boot_stack, in the image; the guard page is unmapped by paging_init()
 *    the others   made of single pages in the area of stacks, THREAD_STACKS_START (asm/memory.h);
 *    and threads  lowmem is mapped by sections, out of which no page can be taken
 *
 * I1. A stack pointer inside a stack has bit 13 set; one that ran over has it clear. The exception
 *     entry relies on it: it tests the bit before it pushes (entry.S).
 * I2. An overflow stack is used by nothing but a report of a fault, which never returns. It begins
 *     with a thread_info, so that the report knows its CPU, though the thread's own may be lost.
 * I3. No physical address can be made from that of something on a stack: __pa() is for lowmem.
 */
#ifndef ASM_STACK_H
#define ASM_STACK_H

#include <asm/page.h>
#include <asm/thread_info.h>

/* Set in every stack pointer that is inside a stack, clear in one that ran over. */
#define STACK_BIT	THREAD_SIZE

/* Has the function that this stands in store its caller's registers, r4 - r11, on the stack. */
#ifdef __clang__	/* its builtin stores those of an FPU, too; the frame pointer is stored anyway */
#define save_callers_registers() \
	__asm__ volatile("" : : : "r4", "r5", "r6", "r8", "r9", "r10", "r11")
#else
#define save_callers_registers()	__builtin_unwind_init()
#endif

/* A stack and what lies below it. */
#define STACK_SLOT_SIZE	(2 * THREAD_SIZE)

/* An exception stub keeps r0, the return address and the SPSR there until it is in SVC mode. */
#define NR_MODE_STACKS		4	/* IRQ, abort, undefined, FIQ */
#define MODE_STACK_SIZE		16

/* The first page of struct cpu_stack, but for the mode stacks at its end. */
#define OVERFLOW_STACK_SIZE	(PAGE_SIZE - NR_MODE_STACKS * MODE_STACK_SIZE)

#ifndef __ASSEMBLER__
#include <lib/types.h>

struct cpu_stack {
	union {
		struct thread_info overflow_info;
		u8 overflow[OVERFLOW_STACK_SIZE];
	};
	u8 mode[NR_MODE_STACKS][MODE_STACK_SIZE];
	u8 unused[THREAD_SIZE - 2 * PAGE_SIZE];	/* nothing, but for SAN=kasan, whose stacks are larger */
	u8 guard[PAGE_SIZE];
	union {
		struct thread_info info;
		u8 stack[THREAD_SIZE];
	};
} __aligned(STACK_SLOT_SIZE);

_Static_assert(sizeof(struct cpu_stack) == STACK_SLOT_SIZE, "one bit tells (I1)");
_Static_assert(offsetof(struct cpu_stack, stack) == THREAD_SIZE, "one bit tells (I1)");
_Static_assert(offsetof(struct cpu_stack, guard) % PAGE_SIZE == 0, "the guard is a page of its own");

/* The boot CPU's. */
extern struct cpu_stack boot_stack;

/**
 * cpu_stack_init - make the idle thread of a CPU, and what its exceptions need
 * @stack: mapped, but for the guard page
 * @cpu: whose
 *
 * Context: the CPU does not run yet; or it is the boot CPU, and has called no function that asks
 * who runs. That CPU itself must then call cpu_init().
 */
void cpu_stack_init(struct cpu_stack *stack, unsigned int cpu);

/**
 * alloc_thread_stack - a stack with a guard page, for a thread
 *
 * Return: its lowest address, where the thread_info belongs; NULL if memory or addresses are short.
 * THREAD_SIZE bytes, not cleared. Context: after mm_init(); may take a spinlock.
 */
void *alloc_thread_stack(void);

/* The whole of the picture above, for a CPU; NULL as above. It is never freed. */
struct cpu_stack *alloc_cpu_stack(void);

/* Give a thread's stack back. Context: no CPU runs on it, or has anything on it any more. */
void free_thread_stack(void *stack);

/**
 * stack_bounds - which stack does an address belong to?
 * @sp: a stack pointer
 * @low: receives the stack's first address
 * @high: receives the address after its last
 *
 * A stack pointer equal to @high is that of an empty stack, and one in the guard page belongs to
 * the stack above it, which it ran over. Return: false if @sp is in no stack; then nothing is
 * written. Context: any.
 */
bool stack_bounds(unsigned long sp, unsigned long *low, unsigned long *high);

/* Is @addr in the guard page of a stack? Context: any. */
bool in_guard_page(unsigned long addr);

/* Walk the area of stacks: is mapped what is in use, and nothing else? Return: mistakes found. */
int thread_stacks_check(void);
#endif

#endif
