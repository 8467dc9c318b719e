/* SPDX-License-Identifier: MIT */
/*
 * Ticket locks, as in Linux since 3.6: who comes first is served first.
 *
 *    31          16 15           0
 *    +-------------+-------------+
 *    |    next     |    owner    |      free: next == owner
 *    +-------------+-------------+
 *
 *    lock      takes the ticket `next', leaving next + 1, and waits until `owner' is its number
 *    unlock    owner + 1: the next in the line is served
 *
 * I1. Only who holds the lock writes `owner', by a half-word store that needs no LDREX: what a
 *     comer does to `next' at the same moment fails, and is tried again.
 * I2. A DMB behind the taking and one before the release keep what the lock protects inside (ARM
 *     DDI 0406C D7.3). The DSB before SEV has the waiters see the release when they wake.
 * I3. Who waits sleeps in WFE between two looks. No wake-up is lost: an event that comes between
 *     look and WFE is remembered, and WFE returns at once (B1.8.13).
 *
 * Numbers wrap at 65,536, which is harmless while no more than that many CPUs wait.
 */
#ifndef ASM_SPINLOCK_H
#define ASM_SPINLOCK_H

#include <asm/barrier.h>
#include <lib/compiler.h>
#include <lib/types.h>

#define TICKET_SHIFT	16

typedef struct {
	union {
		u32 slock;
		struct {
			u16 owner;
			u16 next;
		} tickets;
	};
} arch_spinlock_t;

#define __ARCH_SPIN_LOCK_UNLOCKED	{ { 0 } }

_Static_assert(sizeof(arch_spinlock_t) == sizeof(u32), "LDREX takes a word");

/* Do both halves of @slock hold the same number? */
static inline bool __tickets_equal(u32 slock)
{
	return slock == (slock >> TICKET_SHIFT | slock << TICKET_SHIFT);
}

/* Does anybody hold it? */
static inline bool arch_spin_is_locked(const arch_spinlock_t *lock)
{
	return !__tickets_equal(READ_ONCE(lock->slock));
}

/* Does anybody wait for it? */
static inline bool arch_spin_is_contended(const arch_spinlock_t *lock)
{
	u32 slock = READ_ONCE(lock->slock);

	return (u16)((slock >> TICKET_SHIFT) - slock) > 1;
}

/* Wait for the turn of the ticket in the upper half of @seen. */
static inline void __wait_for_ticket(arch_spinlock_t *lock, u32 seen)
{
	while (READ_ONCE(lock->tickets.owner) != (u16)(seen >> TICKET_SHIFT))
		wfe();
}

/*
 * Take the lock, inline. Spins until it is ours. Context: preemption is off, and so are interrupts whose handlers
 * take it.
 */
static __always_inline void __arch_spin_lock(arch_spinlock_t *lock)
{
	u32 seen, taken, failed;

	__asm__ volatile(
	"1:	ldrex	%0, %3		\n"
	"	add	%1, %0, %4	\n"
	"	strex	%2, %1, %3	\n"
	"	teq	%2, #0		\n"
	"	bne	1b		\n"
	: "=&r"(seen), "=&r"(taken), "=&r"(failed), "+Q"(lock->slock)
	: "I"(1 << TICKET_SHIFT)
	: "cc");
	if (unlikely(!__tickets_equal(seen)))
		__wait_for_ticket(lock, seen);
	smp_mb();
}

/* Return: whether the lock was free, and is the caller's now. */
static inline bool arch_spin_trylock(arch_spinlock_t *lock)
{
	u32 seen, taken, failed;

	__asm__ volatile(
	"1:	ldrex	%0, %3		\n"
	"	mov	%2, #0		\n"
	"	teq	%0, %0, ror #16	\n"
	"	itt	eq		\n"
	"	addeq	%1, %0, %4	\n"
	"	strexeq	%2, %1, %3	\n"
	"	teq	%2, #0		\n"
	"	bne	1b		\n"
	: "=&r"(seen), "=&r"(taken), "=&r"(failed), "+Q"(lock->slock)
	: "I"(1 << TICKET_SHIFT)
	: "cc");
	if (!__tickets_equal(seen))
		return false;
	smp_mb();
	return true;
}

/* Give it to the next one. Context: this CPU holds it. */
static __always_inline void __arch_spin_unlock(arch_spinlock_t *lock)
{
	smp_mb();			/* I2 */
	lock->tickets.owner++;		/* I1: a plain half-word, which nobody else writes */
	sev();
}

/*
 * As __arch_spin_lock() and __arch_spin_unlock(), by calls in code that is built for size, arch/arm/lib/spinlock.c:
 * arch_spin_lock(), arch_spin_unlock().
 */
void arch_spin_lock_called(arch_spinlock_t *lock);
void arch_spin_unlock_called(arch_spinlock_t *lock);

#ifdef __OPTIMIZE_SIZE__
#define CALL_FOR_SPIN_LOCKS	true
#else
#define CALL_FOR_SPIN_LOCKS	false
#endif

static __always_inline void arch_spin_lock(arch_spinlock_t *lock)
{
	if (CALL_FOR_SPIN_LOCKS)
		arch_spin_lock_called(lock);
	else
		__arch_spin_lock(lock);
}

static __always_inline void arch_spin_unlock(arch_spinlock_t *lock)
{
	if (CALL_FOR_SPIN_LOCKS)
		arch_spin_unlock_called(lock);
	else
		__arch_spin_unlock(lock);
}

#endif
