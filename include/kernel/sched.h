/* SPDX-License-Identifier: MIT */
/*
 * Threads, as far as there are any: each CPU's idle thread, of which the first also booted the
 * kernel.
 */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H

#include <asm/thread_info.h>
#include <kernel/threads.h>

#define TASK_COMM_LEN	16

struct task_struct {
	void *stack;			/* lowest address; a thread_info lies there */
	int pid;
	char comm[TASK_COMM_LEN];	/* its name */
};

/* The idle threads by CPU: "swapper/0", ... All have pid 0, as in Linux. */
extern struct task_struct idle_tasks[NR_CPUS];
#define init_task	(idle_tasks[0])

static inline struct task_struct *get_current(void)
{
	return current_thread_info()->task;
}

#define current	get_current()

static inline struct thread_info *task_thread_info(const struct task_struct *task)
{
	return (struct thread_info *)task->stack;
}

/**
 * init_idle - make the idle thread of a CPU
 * @cpu: whose
 * @stack: THREAD_SIZE bytes, aligned to that
 *
 * Writes idle_tasks[@cpu] and the thread_info at the bottom of the stack. Context: the thread does
 * not run yet; for CPU 0, it has not called a function that asks who runs.
 */
void init_idle(unsigned int cpu, void *stack);

/* What a CPU does when there is nothing to do: sleep until an interrupt, handle it, sleep again. */
void cpu_idle(void) __noreturn;

#endif
