/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads, with Linux's interface.
 *
 *    static int worker(void *data)
 *    {
 *            while (!kthread_should_stop()) {
 *                    ... a piece of work ...
 *                    wait_event(queue, work || kthread_should_stop());
 *            }
 *            return 0;
 *    }
 *
 *    task = kthread_run(worker, NULL, "worker/%u", cpu);
 *    ...
 *    result = kthread_stop(task);
 *
 * I1. A thread that was not told to stop, and returns from its function, is gone: its task_struct
 *     too, unless somebody holds a reference. Who will call kthread_stop() on a thread that may end
 *     by itself takes one first, by get_task_struct(), and gives it back after.
 */
#ifndef KERNEL_KTHREAD_H
#define KERNEL_KTHREAD_H

#include <kernel/sched.h>
#include <lib/compiler.h>
#include <lib/err.h>

/**
 * kthread_create - make a thread that does not run yet
 * @threadfn: what it will do; what it returns is kthread_stop()'s result
 * @data: its argument
 * @namefmt: its name, as printf(); cut off at TASK_COMM_LEN - 1
 *
 * wake_up_process() starts it. Context: thread that may sleep. Return: the thread;
 * ERR_PTR(-ENOMEM) if memory or the table of tasks is short.
 */
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt,
				   ...) __printf(3, 4);

/* The same, and start it. */
#define kthread_run(threadfn, data, namefmt, ...) ({					\
	struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__);	\
	if (!IS_ERR(__k))								\
		wake_up_process(__k);							\
	__k; })

/* The same, bound to @cpu; @cpu stands for the %u in @namefmt. As Linux's. */
struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data,
					  unsigned int cpu, const char *namefmt);

/* Let a thread that has not been started yet run on @cpu only. */
void kthread_bind(struct task_struct *task, unsigned int cpu);

/**
 * kthread_stop - tell a thread to stop, wait until it has, and let go of it
 * @task: it has not ended; or the caller holds a reference (I1)
 *
 * Sets what kthread_should_stop() returns there, and wakes it. On return its stack has been freed.
 * Return: what its function returned; -EINTR if it was never started. Context: thread that may
 * sleep, another than @task.
 */
int kthread_stop(struct task_struct *task);

/* Has somebody called kthread_stop() for the running thread? */
bool kthread_should_stop(void);

#endif
