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
#include <test.h>

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
