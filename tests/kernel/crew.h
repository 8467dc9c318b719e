/* SPDX-License-Identifier: MIT */
/*
 * Threads for tests. None of them is lost when a later one cannot be had: all are made before the
 * first one runs, and if one is missing the others are taken back.
 *
 *    struct task_struct *tasks[NR];
 *
 *    ASSERT(make_threads(tasks, NR, func, data, sizeof(data[0]), ANY_CPU));
 *    start_threads(tasks, NR);
 *    ...
 *    EXPECT_EQ(join_thread(tasks[i]), result);      it ends by itself
 *    EXPECT_EQ(stop_thread(tasks[i]), result);      it ends when kthread_should_stop()
 *
 * The test holds a reference to each from make_...() to join_thread() or stop_thread().
 */
#ifndef CREW_H
#define CREW_H

#include <asm/barrier.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <test.h>

#define ANY_CPU		(~0u)
#define PATIENCE	(60 * HZ)	/* ticks: it hangs; the host may be busy */

/* Waits until @condition, with the CPU given to others meanwhile. Evaluates to whether it came. */
#define eventually(condition) ({						\
	unsigned long __end = jiffies + PATIENCE;				\
	while (!(condition) && time_before(jiffies, __end)) {			\
		yield();							\
		cpu_relax();							\
	}									\
	(condition); })

/**
 * make_thread - a thread that does not run yet
 * @threadfn: what it will do
 * @data: its argument
 * @cpu: where alone it may run, or ANY_CPU
 *
 * Return: the thread, with a reference of the caller's; NULL, and a failed check, if memory is short.
 */
struct task_struct *make_thread(int (*threadfn)(void *), void *data, unsigned int cpu);

/**
 * make_threads - several threads that do not run yet
 * @tasks: receives them
 * @nr: how many
 * @threadfn: what each will do
 * @data: argument of the first
 * @step: how far, in bytes, the argument of each is behind the one before
 * @cpu: where alone they may run, or ANY_CPU
 *
 * Return: true; false, and a failed check, if one could not be had: then there is none.
 */
bool make_threads(struct task_struct **tasks, unsigned int nr, int (*threadfn)(void *), void *data,
		  size_t step, unsigned int cpu);

/* Let them run. */
void start_threads(struct task_struct **tasks, unsigned int nr);

/* Wait until it has ended by itself. Return: its result. */
int join_thread(struct task_struct *task);

/* Tell it to stop, and wait until it has. Return: its result; -EINTR if it was not started. */
int stop_thread(struct task_struct *task);

/* Does it sleep, off the CPU? */
bool thread_sleeps(const struct task_struct *task);

#endif
