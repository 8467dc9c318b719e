// SPDX-License-Identifier: MIT
/*
 * Real deadlocks, for `crash=': CPUs that will never come out again. lockdep is to say why before the
 * silence; tests/boot/lockdep.t reads it.
 *
 *    deadlock-order   CPU 0: first, second      CPU 1: second, first
 *    deadlock-irq     CPU 0: first, and an interrupt that wants it
 *    deadlock-self    CPU 0: first, first
 *    deadlock-cross   CPU 0: first, and an interrupt that wants second      CPU 1: second, first
 */
#include <asm/barrier.h>
#include <kernel/bug.h>
#include <kernel/hardirq.h>
#include <kernel/kthread.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>
#include <lib/atomic.h>
#include "crash.h"

#define OTHER_CPU	1

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);
static atomic_t nr_ready;

/* Until both CPUs hold their first lock. */
static void meet(void)
{
	atomic_inc(&nr_ready);
	while (atomic_read(&nr_ready) < 2)
		cpu_relax();
}

static void run_on_other_cpu(int (*threadfn)(void *))
{
	struct task_struct *task = kthread_create_on_cpu(threadfn, NULL, OTHER_CPU, "deadlock/%u");

	BUG_ON(IS_ERR(task), "no thread: %ld", PTR_ERR(task));
	wake_up_process(task);
}

static int take_second_then_first(void *unused)
{
	(void)unused;
	spin_lock(&second);
	meet();
	spin_lock(&first);
	return 0;
}

void deadlock_order(void)
{
	run_on_other_cpu(take_second_then_first);
	spin_lock(&first);
	meet();
	spin_lock(&second);
}

void deadlock_irq(void)
{
	spin_lock(&first);
	irq_enter();			/* as if an interrupt came now */
	spin_lock(&first);
}

void deadlock_self(void)
{
	spin_lock(&first);
	spin_lock(&first);
}

static void take_second_and_release(void *unused)
{
	(void)unused;
	spin_lock(&second);
	spin_unlock(&second);
}

static int take_second_masked_then_first(void *unused)
{
	(void)unused;
	spin_lock_irq(&second);
	meet();
	spin_lock(&first);
	return 0;
}

void deadlock_cross(void)
{
	smp_call_function_single(OTHER_CPU, take_second_and_release, NULL, true);
	run_on_other_cpu(take_second_masked_then_first);
	spin_lock(&first);
	meet();
	while (!spin_is_contended(&first))
		cpu_relax();
	irq_enter();			/* as above */
	spin_lock(&second);
}
