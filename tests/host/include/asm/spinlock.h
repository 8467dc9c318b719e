/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: spinlocks. A test program has one CPU and one thread, so taking
 * a lock that is held can only be the mistake of taking it twice.
 */
#ifndef ASM_SPINLOCK_H
#define ASM_SPINLOCK_H

#include <kernel/bug.h>
#include <lib/compiler.h>
#include <lib/types.h>

typedef struct {
	u32 slock;	/* 1 while held */
} arch_spinlock_t;

#define __ARCH_SPIN_LOCK_UNLOCKED	{ 0 }

static inline bool arch_spin_is_locked(const arch_spinlock_t *lock)
{
	return READ_ONCE(lock->slock) != 0;
}

static inline void arch_spin_lock(arch_spinlock_t *lock)
{
	VM_BUG_ON(arch_spin_is_locked(lock), "this CPU holds lock %p already", (void *)lock);
	WRITE_ONCE(lock->slock, 1);
	barrier();
}

static inline void arch_spin_unlock(arch_spinlock_t *lock)
{
	barrier();
	WRITE_ONCE(lock->slock, 0);
}

#endif
