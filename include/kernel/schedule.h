/* SPDX-License-Identifier: MIT */
/*
 * Giving up the CPU, and getting it back: what locks, wait queues and timeouts are made of, with
 * Linux's names. struct task_struct itself is in <kernel/sched.h>.
 *
 *    for (;;) {
 *            set_current_state(TASK_UNINTERRUPTIBLE);       waker:  condition = true;
 *            if (condition)                                         wake_up_process(task);
 *                    break;
 *            schedule();
 *    }
 *    __set_current_state(TASK_RUNNING);
 *
 * I1. A thread announces that it will sleep before it looks at what it waits for, with a full
 *     barrier in between; a waker changes that before it looks at the thread's state, likewise.
 *     So one of the two sees the other, and no wake-up is lost.
 */
#ifndef KERNEL_SCHEDULE_H
#define KERNEL_SCHEDULE_H

#include <asm/thread_info.h>
#include <kernel/bug.h>
#include <lib/compiler.h>
#include <lib/types.h>

struct task_struct;

/* Linux's values. */
#define TASK_RUNNING		0	/* runs, or waits for a CPU */
#define TASK_INTERRUPTIBLE	1	/* sleeps; kthread_stop() wakes it */
#define TASK_UNINTERRUPTIBLE	2	/* sleeps until what it waits for has come */
#define TASK_DEAD		64	/* has run for the last time */
#define TASK_WAKING		256	/* is on its way to a run queue */
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

#define MAX_SCHEDULE_TIMEOUT	__LONG_MAX__	/* for ever */

/**
 * schedule - let others run
 *
 * Returns when it is this thread's turn again: for a thread in TASK_RUNNING after those that wait
 * already, for one that sleeps after it has been woken. Context: thread, preemption enabled,
 * interrupts enabled; on return they are.
 */
void schedule(void);

/* Let others run, and stay runnable. Context: as schedule(). */
void yield(void);

/* Let others run if the CPU is wanted. Return: did they? Context: as schedule(). */
bool cond_resched(void);

/* preempt_enable() found that the CPU is wanted. Returns at once where nobody may be preempted. */
void preempt_schedule(void);

/* An interrupt is over, and the CPU is wanted. Context: entry.S; interrupts masked, also after it. */
void preempt_schedule_irq(void);

/**
 * wake_up_process - make a sleeping thread run
 * @task: it exists
 *
 * What the caller wrote before, @task sees when it runs. Return: did it sleep? Context: any.
 */
bool wake_up_process(struct task_struct *task);

/* Wake @task if its state is one of @state. Return: was it? As Linux's. Context: any. */
bool try_to_wake_up(struct task_struct *task, unsigned int state);

/* ---- Timeouts; times in ticks of 10 ms ---- */

/**
 * schedule_timeout, schedule_timeout_interruptible, schedule_timeout_uninterruptible - sleep until woken, not for ever
 * @timeout: ticks; MAX_SCHEDULE_TIMEOUT is for ever
 *
 * The caller of schedule_timeout() has set its state; if to TASK_RUNNING, it is yield(). The others set it
 * themselves. Return: ticks left, 0 if the time has passed. Context: as schedule().
 */
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_uninterruptible(long timeout);

/* Sleep for @msecs milliseconds at least. Context: as schedule(). */
void msleep(unsigned int msecs);

/* ---- Is the CPU wanted? ---- */

/*
 * Should another thread run: on the CPU of that thread, or on this one? test_ti_need_resched(),
 * need_resched().
 */
static inline bool test_ti_need_resched(const struct thread_info *ti)
{
	return READ_ONCE(ti->flags) & _TIF_NEED_RESCHED;
}

static inline bool need_resched(void)
{
	return unlikely(test_ti_need_resched(current_thread_info()));
}

/* ---- Sleeping is not allowed everywhere ---- */

/* Reports if the caller, at @line of @file, is where it must not sleep. Use might_sleep(). */
void __might_sleep(const char *file, int line);

/* For functions that may sleep, whether this time they will or not. Costs nothing with DEBUG=0. */
#define might_sleep()					\
	do {						\
		if (CONFIG_DEBUG_VM)			\
			__might_sleep(__FILE__, __LINE__);	\
	} while (0)

#endif
