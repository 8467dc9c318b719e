/* SPDX-License-Identifier: MIT */
/*
 * Spinlocks, with Linux's interface.
 *
 *    static DEFINE_SPINLOCK(lock);
 *    unsigned long flags;
 *
 *    spin_lock_irqsave(&lock, flags);
 *    ...
 *    spin_unlock_irqrestore(&lock, flags);
 *
 * I1. A CPU that holds a lock which an interrupt handler also takes has interrupts masked.
 * I2. Nobody takes a lock that it holds already, nor releases one that is not held.
 *
 * How a CPU waits for another is the machine's business: <asm/spinlock.h>. Debug builds check I2.
 */
#ifndef KERNEL_SPINLOCK_H
#define KERNEL_SPINLOCK_H

#include <asm/irqflags.h>
#include <asm/spinlock.h>
#include <kernel/bug.h>
#include <lib/types.h>

typedef struct spinlock {
	arch_spinlock_t raw_lock;
} spinlock_t;

#define __SPIN_LOCK_UNLOCKED	{ .raw_lock = __ARCH_SPIN_LOCK_UNLOCKED }
#define DEFINE_SPINLOCK(name)	spinlock_t name = __SPIN_LOCK_UNLOCKED

static inline void spin_lock_init(spinlock_t *lock)
{
	*lock = (spinlock_t)__SPIN_LOCK_UNLOCKED;
}

static inline bool spin_is_locked(const spinlock_t *lock)
{
	return arch_spin_is_locked(&lock->raw_lock);
}

/* A function's precondition, in debug builds: the caller holds the lock. */
static inline void assert_spin_locked(const spinlock_t *lock)
{
	VM_BUG_ON(!spin_is_locked(lock), "lock %p is not held", (const void *)lock);
}

static inline void spin_lock(spinlock_t *lock)
{
	arch_spin_lock(&lock->raw_lock);
}

static inline void spin_unlock(spinlock_t *lock)
{
	assert_spin_locked(lock);
	arch_spin_unlock(&lock->raw_lock);
}

static inline unsigned long __spin_lock_irqsave(spinlock_t *lock)
{
	unsigned long flags = arch_local_irq_save();

	spin_lock(lock);
	return flags;
}

/* Masks this CPU's interrupts, leaving their state before in @flags, then takes the lock. */
#define spin_lock_irqsave(lock, flags)	((flags) = __spin_lock_irqsave(lock))

static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	spin_unlock(lock);
	arch_local_irq_restore(flags);
}

#endif
