/* SPDX-License-Identifier: MIT */
/*
 * What the kernel must know of the running thread without looking anything up. It lies at the
 * bottom of the thread's stack, so that the stack pointer leads to it:
 *
 *    8 KiB-aligned  +-----------------+  <- sp & ~(THREAD_SIZE - 1)
 *                   | thread_info     |
 *                   +-----------------+  <- end_of_stack(): STACK_END_MAGIC
 *                   |        ^        |
 *                   |        |        |
 *                   | stack           |
 *                   +-----------------+  <- an empty stack's sp
 *
 * I1. In SVC mode sp is always inside such a stack, or inside a CPU's overflow stack, which begins
 *     with a thread_info of its own (asm/stack.h).
 * I2. ->cpu is the CPU that the thread runs on, and changes only while it does not run.
 * I3. Only the thread itself, and interrupts on top of it, change ->preempt_count. ->flags others
 *     change, too: atomically.
 * I4. ->cpu_context is up to date while the thread does not run: __switch_to() saves there what a
 *     function keeps for its caller, and nothing else needs to be.
 *
 * Differs from Linux 3.10: without the fields for system calls and coprocessors.
 */
#ifndef ASM_THREAD_INFO_H
#define ASM_THREAD_INFO_H

#include <asm/const.h>

#ifdef CONFIG_KASAN
#define THREAD_SHIFT	14		/* red zones take room, too */
#else
#define THREAD_SHIFT	13
#endif
#define THREAD_SIZE	(UL(1) << THREAD_SHIFT)

#define TIF_NEED_RESCHED	1	/* the CPU is wanted; Linux's number */
#define _TIF_NEED_RESCHED	(1 << TIF_NEED_RESCHED)

/* For assembly: offsets in struct thread_info. */
#define TI_FLAGS		0
#define TI_PREEMPT		4
#define TI_CPU_SAVE		16

#ifndef __ASSEMBLER__
#include <lib/compiler.h>
#include <lib/types.h>
#include <mm/kmap_ctrl.h>

#define STACK_END_MAGIC	0x57ac6e9du	/* Linux's */

struct task_struct;

/* r4-r11, sp, and the address to go on at, in the order of STMIA. */
struct cpu_context_save {
	u32 r4, r5, r6, r7, r8, r9, sl, fp, sp, pc;
};

struct thread_info {
	unsigned long flags;		/* bits TIF_... */
	int preempt_count;		/* <kernel/preempt.h> */
	struct task_struct *task;
	u32 cpu;
	struct cpu_context_save cpu_context;
	struct kmap_ctrl kmap;		/* <mm/highmem.h> */
};

_Static_assert(offsetof(struct thread_info, flags) == TI_FLAGS, "entry.S looks there");
_Static_assert(offsetof(struct thread_info, preempt_count) == TI_PREEMPT, "entry.S looks there");
_Static_assert(offsetof(struct thread_info, cpu_context) == TI_CPU_SAVE, "switch.S saves there");

register unsigned long current_stack_pointer __asm__("sp");

/* The running thread's. Context: SVC mode, which is any C code. */
static inline struct thread_info *current_thread_info(void)
{
	return (struct thread_info *)(current_stack_pointer & ~(THREAD_SIZE - 1));
}

/* The last word that a stack may grow to: behind it comes the thread_info. */
static inline u32 *end_of_stack(struct thread_info *ti)
{
	return (u32 *)(ti + 1);
}

/* Write a thread_info, for a thread on @cpu, at the bottom of a stack that nobody uses yet. */
static inline void init_thread_info(struct thread_info *ti, struct task_struct *task,
				    unsigned int cpu)
{
	*ti = (struct thread_info){ .task = task, .cpu = cpu };
	*end_of_stack(ti) = STACK_END_MAGIC;
}

/* Has the stack never grown into its thread_info? */
static inline bool stack_end_intact(struct thread_info *ti)
{
	return *end_of_stack(ti) == STACK_END_MAGIC;
}
#endif /* __ASSEMBLER__ */

#endif
