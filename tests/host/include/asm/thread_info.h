/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: the running thread. The machine has NR_CPUS CPUs, of which one
 * at a time runs the test: host_cpu says which, and host_set_cpu() of host.h turns to another.
 */
#ifndef ASM_THREAD_INFO_H
#define ASM_THREAD_INFO_H

#include <kernel/threads.h>
#include <lib/types.h>

struct task_struct;

#define TIF_NEED_RESCHED	1
#define _TIF_NEED_RESCHED	(1 << TIF_NEED_RESCHED)

struct thread_info {
	unsigned long flags;
	int preempt_count;
	struct task_struct *task;
	u32 cpu;
};

extern unsigned int host_cpu;
extern struct thread_info host_thread_info[NR_CPUS];

static inline struct thread_info *current_thread_info(void)
{
	return &host_thread_info[host_cpu];
}

#endif
