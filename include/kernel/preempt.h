/* SPDX-License-Identifier: MIT */
/*
 * May the running thread be taken off its CPU? preempt_count says how many reasons there are not
 * to, by kind, in Linux's places:
 *
 *    31      27 26  25        16 15        8 7         0
 *    +---------+---+------------+-----------+-----------+
 *    |         |NMI|  HARDIRQ   |  SOFTIRQ  |  PREEMPT  |
 *    +---------+---+------------+-----------+-----------+
 *                    irq_enter()              preempt_disable(), spin_lock()
 *
 * I1. What was raised is lowered again, by the same thread or interrupt, on the same CPU.
 * I2. When the CPU is wanted, TIF_NEED_RESCHED says so. It is looked at whenever the count falls to
 *     0, and at the end of each interrupt that comes while it is 0.
 */
#ifndef KERNEL_PREEMPT_H
#define KERNEL_PREEMPT_H

#include <asm/thread_info.h>
#include <kernel/bug.h>
#include <kernel/schedule.h>
#include <lib/compiler.h>

#define PREEMPT_BITS	8
#define SOFTIRQ_BITS	8
#define HARDIRQ_BITS	10

#define PREEMPT_SHIFT	0
#define SOFTIRQ_SHIFT	(PREEMPT_SHIFT + PREEMPT_BITS)
#define HARDIRQ_SHIFT	(SOFTIRQ_SHIFT + SOFTIRQ_BITS)

#define PREEMPT_OFFSET	(1 << PREEMPT_SHIFT)
#define SOFTIRQ_OFFSET	(1 << SOFTIRQ_SHIFT)
#define HARDIRQ_OFFSET	(1 << HARDIRQ_SHIFT)

#define PREEMPT_MASK	(((1 << PREEMPT_BITS) - 1) << PREEMPT_SHIFT)
#define SOFTIRQ_MASK	(((1 << SOFTIRQ_BITS) - 1) << SOFTIRQ_SHIFT)
#define HARDIRQ_MASK	(((1 << HARDIRQ_BITS) - 1) << HARDIRQ_SHIFT)

/* What this thread counts: <kernel/hardirq.h> has the parts. 0: it may be preempted. */
static inline int preempt_count(void)
{
	return READ_ONCE(current_thread_info()->preempt_count);
}

/* Count up by @value. Interrupts come and go in between, but leave the count as it was: no atomics are needed. */
static inline void add_preempt_count(int value)
{
	struct thread_info *ti = current_thread_info();

	WRITE_ONCE(ti->preempt_count, READ_ONCE(ti->preempt_count) + value);
}

/* Count down by @value; BUG in debug builds if there is less. Nobody is scheduled even if that leaves 0. */
static inline void sub_preempt_count(int value)
{
	VM_BUG_ON(preempt_count() < value, "%x - %x", preempt_count(), value);
	add_preempt_count(-value);
}

/* From here to preempt_enable() the thread stays on its CPU. Nests. Context: any. */
static inline void preempt_disable(void)
{
	add_preempt_count(PREEMPT_OFFSET);
	barrier();
}

/* As preempt_enable(), for who calls schedule() next, or is about to. */
static inline void preempt_enable_no_resched(void)
{
	barrier();
	sub_preempt_count(PREEMPT_OFFSET);
}

/* The opposite of preempt_disable(): the thread may leave its CPU, and does if another is to run. Context: any. */
static inline void preempt_enable(void)
{
	preempt_enable_no_resched();
	barrier();
	if (need_resched())
		preempt_schedule();
}

#endif
