/* SPDX-License-Identifier: MIT */
/*
 * Spinlocks for one CPU. With nobody to wait for, a lock is a word that says whether it is held: to
 * take one that is held would be to wait for oneself, and debug builds stop instead.
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
