/* SPDX-License-Identifier: MIT */
/*
 * Counters and flag words that several CPUs change at once, with Linux's names: the machine's
 * operations (<asm/atomic.h>, <asm/bitops.h>, <asm/cmpxchg.h>), and what is made of them.
 *
 * As in Linux, what returns a value is a full barrier; what returns nothing, and atomic_read() and
 * atomic_set(), order nothing.
 */
#ifndef LIB_ATOMIC_H
#define LIB_ATOMIC_H

#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/bitops.h>
#include <asm/cmpxchg.h>
#include <lib/types.h>

/* Add or subtract 1: atomic_inc(), atomic_dec(). They order nothing. */
static inline void atomic_inc(atomic_t *v)
{
	atomic_add(1, v);
}

static inline void atomic_dec(atomic_t *v)
{
	atomic_sub(1, v);
}

/* The same as full barriers: atomic_inc_return(), atomic_dec_return(). Return: the new value. */
static inline int atomic_inc_return(atomic_t *v)
{
	return atomic_add_return(1, v);
}

static inline int atomic_dec_return(atomic_t *v)
{
	return atomic_sub_return(1, v);
}

/* Add, subtract; is the new value 0? */
static inline bool atomic_inc_and_test(atomic_t *v)
{
	return atomic_inc_return(v) == 0;
}

/* Subtract 1. A full barrier. Return: is the value 0 now? */
static inline bool atomic_dec_and_test(atomic_t *v)
{
	return atomic_dec_return(v) == 0;
}

/* As atomic_dec_and_test(), with @i. */
static inline bool atomic_sub_and_test(int i, atomic_t *v)
{
	return atomic_sub_return(i, v) == 0;
}

/* Store @value. Return: what was there. */
static inline int atomic_xchg(atomic_t *v, int value)
{
	return xchg(&v->counter, value);
}

/* Store @to if @from is there. Return: what was there. */
static inline int atomic_cmpxchg(atomic_t *v, int from, int to)
{
	return cmpxchg(&v->counter, from, to);
}

/* Add @i unless the value is @unless. Return: was it added? */
static inline bool atomic_add_unless(atomic_t *v, int i, int unless)
{
	int seen = atomic_read(v);

	while (seen != unless) {
		int old = atomic_cmpxchg(v, seen, seen + i);

		if (old == seen)
			return true;
		seen = old;
	}
	return false;
}

/* One reference more, unless there is none any more. Return: was there one? */
static inline bool atomic_inc_not_zero(atomic_t *v)
{
	return atomic_add_unless(v, 1, 0);
}

/* Bit @nr at @addr as a lock: what follows stays behind it. Return: was it taken already? */
static inline bool test_and_set_bit_lock(unsigned int nr, unsigned long *addr)
{
	return test_and_set_bit(nr, addr);
}

/* Clear bit @nr at @addr, which is a lock: what was done before is seen before it. */
static inline void clear_bit_unlock(unsigned int nr, unsigned long *addr)
{
	smp_mb__before_atomic();
	clear_bit(nr, addr);
}

#endif
