/* SPDX-License-Identifier: MIT */
/*
 * Counters that several CPUs change at once, with Linux's names. <lib/atomic.h> adds what can be
 * made of these.
 *
 * LDREX reads a word and notes that this CPU looked; STREX writes it only if nobody else wrote it
 * since, and says whether it did (ARM DDI 0406C A3.4):
 *
 *    again:  ldrex   value, [v]
 *            add     value, value, i
 *            strex   failed, value, [v]
 *            teq     failed, #0
 *            bne     again
 *
 * I1. Between the two is nothing but arithmetic on registers: a memory access there could make
 *     every STREX fail (A3.4.5).
 * I2. Each way back from an exception does CLREX (entry.S, svc_exit), so a STREX fails if it was
 *     cut off from its LDREX, whatever the handler did. That is why atomic_set() may be a plain
 *     store: against other CPUs the exclusive monitor sees it, against this one's handlers CLREX.
 * I3. What returns a value is a full barrier: a DMB before it and another behind it. What returns
 *     nothing, and atomic_read() and atomic_set(), order nothing (A3.8.3; Linux's
 *     Documentation/atomic_t.txt).
 */
#ifndef ASM_ATOMIC_H
#define ASM_ATOMIC_H

#include <asm/barrier.h>
#include <lib/compiler.h>
#include <lib/types.h>

typedef struct {
	int counter;
} atomic_t;

#define ATOMIC_INIT(value)	{ (value) }

static inline int atomic_read(const atomic_t *v)
{
	return READ_ONCE(v->counter);
}

static inline void atomic_set(atomic_t *v, int value)
{
	WRITE_ONCE(v->counter, value);
}

/* Defines __atomic_NAME(): v->counter = v->counter INSN i, unordered. Returns the new value. */
#define __ATOMIC_RMW(name, insn)						\
static inline int __atomic_##name(int i, atomic_t *v)				\
{										\
	unsigned int failed;							\
	int value;								\
										\
	__asm__ volatile(							\
	"1:	ldrex	%0, %2		\n"					\
	"	" insn "	%0, %0, %3	\n"				\
	"	strex	%1, %0, %2	\n"					\
	"	teq	%1, #0		\n"					\
	"	bne	1b		\n"					\
	: "=&r"(value), "=&r"(failed), "+Q"(v->counter)				\
	: "Ir"(i)								\
	: "cc");								\
	return value;								\
}

__ATOMIC_RMW(add, "add")
__ATOMIC_RMW(sub, "sub")
#undef __ATOMIC_RMW

/*
 * Add @i if the value is above @floor. Return: the value before. Orders nothing, though it returns a value.
 * Linux has special cases of it, atomic_dec_if_positive() and others.
 */
static inline int __atomic_add_above(int i, atomic_t *v, int floor)
{
	int old, value;
	unsigned int failed;

	__asm__ volatile(
	"1:	ldrex	%0, %3		\n"
	"	cmp	%0, %5		\n"
	"	ble	2f		\n"
	"	add	%1, %0, %4	\n"
	"	strex	%2, %1, %3	\n"
	"	teq	%2, #0		\n"
	"	bne	1b		\n"
	"2:				\n"
	: "=&r"(old), "=&r"(value), "=&r"(failed), "+Q"(v->counter)
	: "Ir"(i), "Ir"(floor)
	: "cc");
	return old;
}

/* Add @i to the value, or subtract it, in one step: atomic_add(), atomic_sub(). Neither orders other accesses. */
static inline void atomic_add(int i, atomic_t *v)
{
	(void)__atomic_add(i, v);
}

static inline void atomic_sub(int i, atomic_t *v)
{
	(void)__atomic_sub(i, v);
}

/* The same as full barriers: atomic_add_return(), atomic_sub_return(). Return: the new value, @i added. */
static inline int atomic_add_return(int i, atomic_t *v)
{
	int value;

	smp_mb();
	value = __atomic_add(i, v);
	smp_mb();
	return value;
}

static inline int atomic_sub_return(int i, atomic_t *v)
{
	int value;

	smp_mb();
	value = __atomic_sub(i, v);
	smp_mb();
	return value;
}

/*
 * 8 bytes that are read and written as one. LDRD and STRD are not, on a CPU without LPAE; LDREXD is,
 * and a STREXD that follows it (ARM DDI 0406C A3.5.3).
 */
typedef struct {
	u64 counter;
} __aligned(8) atomic64_t;

#define ATOMIC64_INIT(value)	{ (value) }

/*
 * Read, set and swap 8 bytes in one step: atomic64_read() and atomic64_set() order nothing,
 * atomic64_xchg() is a full barrier. Return: what was there.
 */
static inline u64 atomic64_read(const atomic64_t *v)
{
	u64 value;

	__asm__ volatile("ldrexd %0, %H0, %1" : "=&r"(value) : "Q"(v->counter));
	return value;
}

/* For atomic64_set() and atomic64_xchg(): store @value, unordered. Return: what was there. */
static inline u64 __atomic64_swap(atomic64_t *v, u64 value)
{
	u32 failed;
	u64 old;

	__asm__ volatile(
	"1:	ldrexd	%0, %H0, %2	\n"
	"	strexd	%1, %3, %H3, %2	\n"
	"	teq	%1, #0		\n"
	"	bne	1b		\n"
	: "=&r"(old), "=&r"(failed), "+Q"(v->counter)
	: "r"(value)
	: "cc");
	return old;
}

static inline void atomic64_set(atomic64_t *v, u64 value)
{
	(void)__atomic64_swap(v, value);
}

static inline u64 atomic64_xchg(atomic64_t *v, u64 value)
{
	u64 old;

	smp_mb();
	old = __atomic64_swap(v, value);
	smp_mb();
	return old;
}

#endif
