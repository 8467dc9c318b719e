// SPDX-License-Identifier: MIT
/*
 * Mistakes in locking are reported without anybody getting stuck: each test makes one, alone.
 */
#include <asm/irqflags.h>
#include <kernel/hardirq.h>
#include <kernel/lockdep.h>
#include <kernel/mutex.h>
#include <kernel/panic.h>
#include <kernel/spinlock.h>
#include <kernel/smp.h>
#include <test.h>
#include "together.h"

TEST_SUITE("lockdep");

static unsigned int reports_before;

/* Nothing is known of the locks of this file yet: a test that runs again finds the same again. */
static bool begin(void)
{
	lockdep_forget(__FILE__);
	reports_before = lockdep_reports;
	return CONFIG_DEBUG_VM;
}

/* So many reports were made since the last look, and were meant: they are no warnings of the test's. */
static void expect_reports(unsigned int nr)
{
	EXPECT_EQ(lockdep_reports - reports_before, nr);
	warn_count -= lockdep_reports - reports_before;
	reports_before = lockdep_reports;
}

static void take_both(spinlock_t *first, spinlock_t *second)
{
	spin_lock(first);
	spin_lock(second);
	spin_unlock(second);
	spin_unlock(first);
}

TEST("locks that are always taken in one order are not reported")
{
	DEFINE_SPINLOCK(outer);
	DEFINE_SPINLOCK(inner);

	begin();
	for (unsigned int i = 0; i < 3; i++)
		take_both(&outer, &inner);
	spin_lock(&outer);
	spin_lock(&inner);
	spin_unlock(&outer);		/* in another order than they were taken */
	spin_unlock(&inner);
	expect_reports(0);
}

TEST("two locks taken in both orders are reported at the first time, and not again")
{
	DEFINE_SPINLOCK(one);
	DEFINE_SPINLOCK(other);

	if (!begin())
		SKIP("built with DEBUG=0");
	take_both(&one, &other);
	expect_reports(0);
	take_both(&other, &one);
	expect_reports(1);
	take_both(&other, &one);
	expect_reports(0);
}

TEST("a circle of three locks is reported, though no two are taken in both orders")
{
	DEFINE_SPINLOCK(a);
	DEFINE_SPINLOCK(b);
	DEFINE_SPINLOCK(c);

	if (!begin())
		SKIP("built with DEBUG=0");
	take_both(&a, &b);
	take_both(&b, &c);
	expect_reports(0);
	take_both(&c, &a);
	expect_reports(1);
}

TEST("a trylock waits for nobody: it may be tried in any order")
{
	DEFINE_SPINLOCK(one);
	DEFINE_SPINLOCK(other);

	begin();
	take_both(&one, &other);
	spin_lock(&other);
	EXPECT(spin_trylock(&one));
	spin_unlock(&one);
	spin_unlock(&other);
	expect_reports(0);
}

TEST("locks of one class, made by one line, are told apart by nobody: to nest them is reported")
{
	spinlock_t locks[2];

	if (!begin())
		SKIP("built with DEBUG=0");
	for (unsigned int i = 0; i < 2; i++)
		spin_lock_init(&locks[i]);
	take_both(&locks[0], &locks[1]);
	expect_reports(1);
}

static DEFINE_SPINLOCK(shared_with_irq);
static DEFINE_SPINLOCK(careful);

static void take_in_irq(spinlock_t *lock)
{
	local_irq_disable();
	irq_enter();
	spin_lock(lock);
	spin_unlock(lock);
	irq_exit();
	local_irq_enable();
}

TEST("a lock taken in an interrupt, and elsewhere with interrupts enabled, is reported")
{
	if (!begin())
		SKIP("built with DEBUG=0");
	take_in_irq(&shared_with_irq);
	expect_reports(0);
	spin_lock(&shared_with_irq);
	spin_unlock(&shared_with_irq);
	expect_reports(1);
}

TEST("a lock taken in an interrupt, and elsewhere with interrupts masked, is not")
{
	unsigned long flags;

	begin();
	take_in_irq(&careful);
	spin_lock_irqsave(&careful, flags);
	spin_unlock_irqrestore(&careful, flags);
	expect_reports(0);
}

static DEFINE_SPINLOCK(taken_by_irq);
static DEFINE_SPINLOCK(interruptible);

TEST("a lock that interrupts want must not be held while one is taken that they may come under")
{
	unsigned long flags;

	if (!begin())
		SKIP("built with DEBUG=0");
	take_in_irq(&taken_by_irq);
	spin_lock(&interruptible);
	spin_unlock(&interruptible);
	expect_reports(0);
	spin_lock_irqsave(&taken_by_irq, flags);
	spin_lock(&interruptible);
	spin_unlock(&interruptible);
	expect_reports(1);
	spin_lock(&interruptible);
	spin_unlock(&interruptible);
	spin_unlock_irqrestore(&taken_by_irq, flags);
	expect_reports(0);
}

TEST("... whichever of the three uses is the last")
{
	unsigned long flags;

	if (!begin())
		SKIP("built with DEBUG=0");
	spin_lock_irqsave(&taken_by_irq, flags);
	spin_lock(&interruptible);
	spin_unlock(&interruptible);
	spin_unlock_irqrestore(&taken_by_irq, flags);
	spin_lock(&interruptible);
	spin_unlock(&interruptible);
	expect_reports(0);
	take_in_irq(&taken_by_irq);
	expect_reports(1);
}

/* ---- Several CPUs ---- */

static DEFINE_SPINLOCK(left);
static DEFINE_SPINLOCK(right);

static void left_and_right(void *unused)
{
	(void)unused;
	take_both(&left, &right);
}

static void right_and_left(void *unused)
{
	(void)unused;
	take_both(&right, &left);
}

TEST("two CPUs that take two locks in different orders need not meet to be reported")
{
	unsigned int last = 0, cpu;

	if (!begin())
		SKIP("built with DEBUG=0");
	for_each_online_cpu(cpu)
		last = cpu;
	EXPECT_EQ(smp_call_function_single(0, left_and_right, NULL, true), 0);
	expect_reports(0);
	EXPECT_EQ(smp_call_function_single(last, right_and_left, NULL, true), 0);
	expect_reports(1);
}

/* To really take them would be the end: lock_acquire() is what comes before. */
static void announce_crosswise(void *unused)
{
	bool first = raw_smp_processor_id() & 1;
	spinlock_t *mine = first ? &left : &right, *other = first ? &right : &left;

	(void)unused;
	__spin_watch(mine, false);
	__spin_watch(other, false);
	lock_release(other);
	lock_release(mine);
}

TEST("of CPUs that take two locks crosswise at the same moment, one is told, each time")
{
	if (!begin())
		SKIP("built with DEBUG=0");
	if (num_online_cpus() < 2)
		SKIP("one CPU");
	for (unsigned int i = 0; i < 20; i++) {
		begin();
		run_together(announce_crosswise, NULL);
		expect_reports(1);
	}
}

static DEFINE_MUTEX(first_mutex);
static DEFINE_MUTEX(second_mutex);

TEST("mutexes have an order, too")
{
	if (!begin())
		SKIP("built with DEBUG=0");
	mutex_lock(&first_mutex);
	mutex_lock(&second_mutex);
	mutex_unlock(&second_mutex);
	mutex_unlock(&first_mutex);
	expect_reports(0);
	mutex_lock(&second_mutex);
	mutex_lock(&first_mutex);
	mutex_unlock(&first_mutex);
	mutex_unlock(&second_mutex);
	expect_reports(1);
}

TEST("sleeping under a spinlock is reported where it might happen, though it does not")
{
	DEFINE_SPINLOCK(lock);
	unsigned int warnings = warn_count;

	if (!CONFIG_DEBUG_VM)
		SKIP("built with DEBUG=0");
	spin_lock(&lock);
	might_sleep();
	spin_unlock(&lock);
	EXPECT_EQ(warn_count, warnings + 1);
	warn_count = warnings;
	might_sleep();
	EXPECT_EQ(warn_count, warnings);
}
