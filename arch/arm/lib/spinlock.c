// SPDX-License-Identifier: MIT
/*
 * Spinlocks as functions, for code that is built for size.
 */
#include <asm/spinlock.h>

void arch_spin_lock_called(arch_spinlock_t *lock)
{
	__arch_spin_lock(lock);
}

void arch_spin_unlock_called(arch_spinlock_t *lock)
{
	__arch_spin_unlock(lock);
}
