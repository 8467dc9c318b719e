/* SPDX-License-Identifier: MIT */
/*
 * Context switch: arch/arm/kernel/switch.S. Part of the contract with kernel/sched.c.
 */
#ifndef ASM_SWITCH_TO_H
#define ASM_SWITCH_TO_H

#include <asm/thread_info.h>

/*
 * Go on in the thread of @next_ti. Return, when this thread's turn has come again: the thread that
 * ran before. Context: interrupts masked.
 */
struct task_struct *__switch_to(struct task_struct *prev, struct thread_info *prev_ti,
				struct thread_info *next_ti);

/* Where a new thread begins. Assembly. */
void ret_from_fork(void);

/* Have the thread of @ti, at the bottom of its stack, begin in ret_from_fork(). Context: it has not run. */
static inline void copy_thread(struct thread_info *ti)
{
	ti->cpu_context = (struct cpu_context_save){
		.sp = (u32)ti + THREAD_SIZE,
		.pc = (u32)ret_from_fork,
	};
}

#endif
