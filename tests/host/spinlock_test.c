// SPDX-License-Identifier: MIT
/*
 * Rules of spinlocks on one CPU: the interrupt mask, and the mistakes that debug builds catch.
 */
#include "host.h"
#include <asm/irqflags.h>
#include <kernel/spinlock.h>

TEST_SUITE("spinlock");

static DEFINE_SPINLOCK(lock);

TEST("spin_lock_irqsave() masks interrupts, and the unlock restores what was before")
{
	unsigned long outer, inner;
	spinlock_t other;

	spin_lock_init(&other);
	spin_lock_irqsave(&lock, outer);
	EXPECT(spin_is_locked(&lock) && irqs_disabled());
	spin_lock_irqsave(&other, inner);
	spin_unlock_irqrestore(&other, inner);
	EXPECT(irqs_disabled());
	spin_unlock_irqrestore(&lock, outer);
	EXPECT(!spin_is_locked(&lock) && !irqs_disabled());
}

TEST("to take a lock twice, or release one that is free, is a BUG")
{
	HOST_EXPECT_BUG(spin_unlock(&lock));
	HOST_EXPECT_BUG(assert_spin_locked(&lock));
	spin_lock(&lock);
	assert_spin_locked(&lock);
	HOST_EXPECT_BUG(spin_lock(&lock));
	spin_unlock(&lock);
}

TEST("to release another CPU's lock is a BUG, and so is to say that one has it")
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	EXPECT(!spin_trylock(&lock));
	host_cpu = 1;		/* what host_set_cpu() would not allow: CPU 0 holds a lock */
	HOST_EXPECT_BUG(assert_spin_locked(&lock));
	HOST_EXPECT_BUG(spin_unlock_irqrestore(&lock, flags));
	EXPECT(!spin_trylock(&lock));
	host_cpu = 0;
	spin_unlock_irqrestore(&lock, flags);
	EXPECT(spin_trylock(&lock));
	spin_unlock(&lock);
}
