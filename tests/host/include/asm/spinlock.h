/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: spinlocks. One CPU at a time runs the test, so a lock that is
 * held will never be released by waiting: to take it is a mistake, whoever holds it.
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

static inline bool arch_spin_is_contended(const arch_spinlock_t *lock)
{
	(void)lock;
	return false;
}

static inline bool arch_spin_trylock(arch_spinlock_t *lock)
{
	if (arch_spin_is_locked(lock))
		return false;
	WRITE_ONCE(lock->slock, 1);
	barrier();
	return true;
}

static inline void arch_spin_lock(arch_spinlock_t *lock)
{
	VM_BUG_ON(!arch_spin_trylock(lock), "nobody will ever release lock %p", (void *)lock);
}

static inline void arch_spin_unlock(arch_spinlock_t *lock)
{
	barrier();
	WRITE_ONCE(lock->slock, 0);
}

#endif
