/* SPDX-License-Identifier: MIT */
/*
 * Spinlocks, with Linux's interface.
 *
 *    static DEFINE_SPINLOCK(lock);
 *    unsigned long flags;
 *
 *    spin_lock(&lock);				no interrupt handler takes it
 *    spin_lock_irqsave(&lock, flags);		one does; whether interrupts are masked is not known
 *    spin_lock_irq(&lock);			one does; they are not
 *    ...
 *    spin_unlock...(&lock...);			the same form as it was taken by
 *
 * I1. A CPU that holds a lock which an interrupt handler also takes has interrupts masked.
 * I2. Nobody takes a lock that this CPU holds already, nor releases one that it does not hold.
 * I3. Who holds a lock is not preempted, or others would wait for the whole time until it runs
 *     again.
 *
 * How a CPU waits for another is the machine's business: <asm/spinlock.h>. Debug builds check I2,
 * say where the lock was taken, and watch the order (<kernel/lockdep.h>).
 *
 * Differs from Linux: the forms that mask interrupts leave preempt_count alone. Preemption comes by
 * an interrupt only, so I3 holds, and the hot path is shorter.
 */
#ifndef KERNEL_SPINLOCK_H
#define KERNEL_SPINLOCK_H

#include <asm/irqflags.h>
#include <asm/spinlock.h>
#include <kernel/bug.h>
#include <kernel/lockdep.h>
#include <kernel/preempt.h>
#include <kernel/smp.h>
#include <lib/types.h>

typedef struct spinlock {
	arch_spinlock_t raw_lock;
#if CONFIG_DEBUG_VM
	u32 holder;		/* 0, or the CPU that holds it, + 1 */
	const void *taken_at;	/* code address */
	const char *site;	/* its class: <kernel/lockdep.h> */
#endif
} spinlock_t;

/* A macro, as is all that initialises a lock: the line that it is used in is the lock's class. */
#if CONFIG_DEBUG_VM
#define __SPIN_LOCK_UNLOCKED	{ .raw_lock = __ARCH_SPIN_LOCK_UNLOCKED, .site = LOCK_SITE }
#else
#define __SPIN_LOCK_UNLOCKED	{ .raw_lock = __ARCH_SPIN_LOCK_UNLOCKED }
#endif
#define DEFINE_SPINLOCK(name)	spinlock_t name = __SPIN_LOCK_UNLOCKED
#define spin_lock_init(lock)	((void)(*(lock) = (spinlock_t)__SPIN_LOCK_UNLOCKED))

/*
 * Does anybody hold it; does anybody wait for it? spin_is_locked(), spin_is_contended(). True at
 * the moment of asking.
 */
static inline bool spin_is_locked(const spinlock_t *lock)
{
	return arch_spin_is_locked(&lock->raw_lock);
}

static inline bool spin_is_contended(const spinlock_t *lock)
{
	return arch_spin_is_contended(&lock->raw_lock);
}

/* ---- I2, in debug builds ---- */

#if CONFIG_DEBUG_VM
/* Does this CPU hold it? Other builds only know whether anybody does. */
static inline bool __spin_held_here(const spinlock_t *lock)
{
	return READ_ONCE(lock->holder) == raw_smp_processor_id() + 1;
}

/* For lockdep: the lock is about to be taken here; or, with @trylock, has been. */
static __always_inline void __spin_watch(spinlock_t *lock, bool trylock)
{
	lock_acquire(lock, lock->site, trylock, _THIS_IP_);
}

/* Remember who took it, and where. */
static __always_inline void __spin_note_taken(spinlock_t *lock)
{
	lock->taken_at = _THIS_IP_;
	WRITE_ONCE(lock->holder, raw_smp_processor_id() + 1);
}

/* BUG if this CPU would wait for itself. */
static inline void __spin_check_not_held(const spinlock_t *lock)
{
	BUG_ON(__spin_held_here(lock), "CPU %u holds lock %p already, since it was taken in %pS",
	       raw_smp_processor_id(), (const void *)lock, lock->taken_at);
}

/* BUG if this CPU has not got it. */
static inline void __spin_note_released(spinlock_t *lock)
{
	BUG_ON(!__spin_held_here(lock), "CPU %u releases lock %p, held by %d (CPU + 1, or nobody)",
	       raw_smp_processor_id(), (void *)lock, (int)lock->holder);
	WRITE_ONCE(lock->holder, 0);
	lock_release(lock);
}
#else
static inline bool __spin_held_here(const spinlock_t *lock)
{
	return spin_is_locked(lock);
}

static inline void __spin_watch(spinlock_t *lock, bool trylock)	{ (void)lock, (void)trylock; }
static inline void __spin_note_taken(spinlock_t *lock)		{ (void)lock; }
static inline void __spin_check_not_held(const spinlock_t *lock) { (void)lock; }
static inline void __spin_note_released(spinlock_t *lock)	{ (void)lock; }
#endif

/* A function's precondition, in debug builds: the caller holds the lock. */
static inline void assert_spin_locked(const spinlock_t *lock)
{
	VM_BUG_ON(!__spin_held_here(lock), "CPU %u does not hold lock %p", raw_smp_processor_id(),
		  (const void *)lock);
}

/* ---- Taking and releasing ---- */

/* What all forms share: interrupts or preemption are off already. */
static __always_inline void __spin_acquire(spinlock_t *lock)
{
	__spin_watch(lock, false);	/* first, since its report has both call chains */
	__spin_check_not_held(lock);
	arch_spin_lock(&lock->raw_lock);
	__spin_note_taken(lock);
}

/* The opposite. */
static inline void __spin_release(spinlock_t *lock)
{
	__spin_note_released(lock);
	arch_spin_unlock(&lock->raw_lock);
}

/*
 * Take the lock, and give it back, with preemption off meanwhile: spin_lock(), spin_unlock().
 * Context: no interrupt handler takes it, or interrupts are off.
 */
static __always_inline void spin_lock(spinlock_t *lock)
{
	preempt_disable();
	__spin_acquire(lock);
}

static inline void spin_unlock(spinlock_t *lock)
{
	__spin_release(lock);
	preempt_enable();
}

/* Return: was it free, and is it ours now? */
static __always_inline bool spin_trylock(spinlock_t *lock)
{
	preempt_disable();
	if (!arch_spin_trylock(&lock->raw_lock)) {
		preempt_enable();
		return false;
	}
	__spin_watch(lock, true);
	__spin_note_taken(lock);
	return true;
}

/* For spin_lock_irqsave(). Return: the interrupt mask before. */
static __always_inline unsigned long __spin_lock_irqsave(spinlock_t *lock)
{
	unsigned long flags = arch_local_irq_save();

	__spin_acquire(lock);
	return flags;
}

/* Masks this CPU's interrupts, leaving their state before in @flags, then takes the lock. */
#define spin_lock_irqsave(lock, flags)	((flags) = __spin_lock_irqsave(lock))

/* The opposite of spin_lock_irqsave(), with its @flags. */
static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	__spin_release(lock);
	arch_local_irq_restore(flags);
}

/* For spin_trylock_irqsave(). Return: is it ours? Then @flags are the mask as it was; if not, it is as before. */
static __always_inline bool __spin_trylock_irqsave(spinlock_t *lock, unsigned long *flags)
{
	*flags = arch_local_irq_save();
	if (!arch_spin_trylock(&lock->raw_lock)) {
		arch_local_irq_restore(*flags);
		return false;
	}
	__spin_watch(lock, true);
	__spin_note_taken(lock);
	return true;
}

/* Evaluates to whether the lock was taken; if not, interrupts are as they were. */
#define spin_trylock_irqsave(lock, flags)	__spin_trylock_irqsave(lock, &(flags))

/*
 * As spin_lock() and spin_unlock(), where interrupts are known to be on, and are off meanwhile:
 * spin_lock_irq(), spin_unlock_irq().
 */
static __always_inline void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	__spin_acquire(lock);
}

static inline void spin_unlock_irq(spinlock_t *lock)
{
	__spin_release(lock);
	local_irq_enable();
}

#endif
