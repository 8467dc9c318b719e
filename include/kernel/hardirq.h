/* SPDX-License-Identifier: MIT */
/*
 * In what context does this code run? Answers from preempt_count (<kernel/preempt.h>), with Linux's
 * names.
 *
 *    in_irq()		a hardware interrupt is being handled
 *    in_interrupt()	that, or a softirq
 *    in_atomic()	the thread must not sleep; masked interrupts do not show here
 */
#ifndef KERNEL_HARDIRQ_H
#define KERNEL_HARDIRQ_H

#include <kernel/bug.h>
#include <kernel/preempt.h>

#define hardirq_count()	(preempt_count() & HARDIRQ_MASK)
#define softirq_count()	(preempt_count() & SOFTIRQ_MASK)

static inline bool in_irq(void)
{
	return hardirq_count() != 0;
}

static inline bool in_interrupt(void)
{
	return (hardirq_count() | softirq_count()) != 0;
}

static inline bool in_atomic(void)
{
	return preempt_count() != 0;
}

/* Around the handling of an interrupt. Context: its entry and exit, interrupts masked. */
static inline void irq_enter(void)
{
	VM_BUG_ON(hardirq_count() == HARDIRQ_MASK, "interrupts nest without end");
	add_preempt_count(HARDIRQ_OFFSET);
}

/* The opposite. */
static inline void irq_exit(void)
{
	sub_preempt_count(HARDIRQ_OFFSET);
}

#endif
