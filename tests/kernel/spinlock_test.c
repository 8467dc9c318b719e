// SPDX-License-Identifier: MIT
/*
 * Spinlocks and sequence counts on one CPU: states, tickets, what they do to interrupts and
 * preemption. CPUs that compete are suite "smp"'s.
 */
#include <asm/irqflags.h>
#include <kernel/hardirq.h>
#include <kernel/seqlock.h>
#include <kernel/spinlock.h>
#include <test.h>

TEST_SUITE("spinlock");

TEST("a lock is locked from spin_lock to spin_unlock, and preemption is off in between")
{
	DEFINE_SPINLOCK(lock);
	int count = preempt_count();

	EXPECT(!spin_is_locked(&lock));
	spin_lock(&lock);
	EXPECT(spin_is_locked(&lock));
	EXPECT(!spin_is_contended(&lock));
	EXPECT_EQ(preempt_count(), count + PREEMPT_OFFSET);
	assert_spin_locked(&lock);
	spin_unlock(&lock);
	EXPECT(!spin_is_locked(&lock));
	EXPECT_EQ(preempt_count(), count);
}

TEST("spin_trylock takes a free lock and refuses one that is held")
{
	DEFINE_SPINLOCK(lock);
	int count = preempt_count();
	unsigned long flags;

	EXPECT(spin_trylock(&lock));
	EXPECT(!arch_spin_trylock(&lock.raw_lock));
	EXPECT(!spin_trylock_irqsave(&lock, flags));
	EXPECT(!irqs_disabled());
	spin_unlock(&lock);
	EXPECT(spin_trylock_irqsave(&lock, flags));
	EXPECT(irqs_disabled());
	spin_unlock_irqrestore(&lock, flags);
	EXPECT_EQ(preempt_count(), count);
}

TEST("the irqsave forms mask interrupts, nest, and put the mask back as it was")
{
	DEFINE_SPINLOCK(outer);
	DEFINE_SPINLOCK(inner);
	unsigned long flags, inner_flags;

	EXPECT(!irqs_disabled());
	spin_lock_irqsave(&outer, flags);
	EXPECT(irqs_disabled());
	spin_lock_irqsave(&inner, inner_flags);
	spin_unlock_irqrestore(&inner, inner_flags);
	EXPECT(irqs_disabled());
	spin_unlock_irqrestore(&outer, flags);
	EXPECT(!irqs_disabled());
	spin_lock_irq(&outer);
	EXPECT(irqs_disabled());
	spin_unlock_irq(&outer);
	EXPECT(!irqs_disabled());
}

TEST("tickets are given and served in order, also where their numbers wrap")
{
	arch_spinlock_t lock = { .tickets = { .owner = 0xfffe, .next = 0xfffe } };

	for (unsigned int i = 0; i < 4; i++) {
		u16 ticket = 0xfffe + i;

		EXPECT(!arch_spin_is_locked(&lock));
		EXPECT_EQ(lock.tickets.owner, ticket);
		arch_spin_lock(&lock);
		EXPECT(arch_spin_is_locked(&lock));
		EXPECT_EQ(lock.tickets.next, (u16)(ticket + 1));
		lock.tickets.next++;		/* somebody comes ... */
		EXPECT(arch_spin_is_contended(&lock));
		lock.tickets.next--;		/* ... and goes, which only a test can do */
		EXPECT(!arch_spin_is_contended(&lock));
		arch_spin_unlock(&lock);
	}
	EXPECT_EQ(lock.slock, 0x00020002);
}

TEST("a reader of a sequence count retries if something was written, and only then")
{
	seqcount_t seq = SEQCNT_ZERO;
	unsigned int start = read_seqcount_begin(&seq);

	EXPECT(!read_seqcount_retry(&seq, start));
	write_seqcount_begin(&seq);
	EXPECT(read_seqcount_retry(&seq, start));
	write_seqcount_end(&seq);
	EXPECT(read_seqcount_retry(&seq, start));
	start = read_seqcount_begin(&seq);
	EXPECT(!read_seqcount_retry(&seq, start));
}

TEST("preemption nests, and interrupts are told from it")
{
	int count = preempt_count();

	preempt_disable();
	preempt_disable();
	EXPECT_EQ(preempt_count(), count + 2 * PREEMPT_OFFSET);
	EXPECT(in_atomic() && !in_interrupt());
	irq_enter();
	EXPECT(in_irq() && in_interrupt());
	irq_exit();
	EXPECT(!in_irq());
	preempt_enable();
	preempt_enable();
	EXPECT_EQ(preempt_count(), count);
}
