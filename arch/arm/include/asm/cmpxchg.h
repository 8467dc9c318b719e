/* SPDX-License-Identifier: MIT */
/*
 * Exchange, and compare and exchange, of words and pointers, with Linux's names.
 *
 *    old = xchg(&p, new)		store @new, get what was there
 *    old = cmpxchg(&p, from, to)	store @to if @from is there; the result is what was there, so
 *					it succeeded if old == from
 *    old = cmpxchg64(&d, from, to)	the same for 8 bytes, aligned to 8: a pointer and a counter
 *					beside it, for instance, that must change together
 *
 * All are full barriers, cmpxchg() also when it stores nothing. asm/atomic.h has the rules for
 * LDREX and STREX; LDREXD and STREXD do the same for two words (ARM DDI 0406C A3.4.1, A8.8.77).
 * Differs from Linux: xchg() and cmpxchg() take objects of 4 bytes only.
 */
#ifndef ASM_CMPXCHG_H
#define ASM_CMPXCHG_H

#include <asm/barrier.h>
#include <lib/types.h>

/* For xchg(), of a word: store @value at @ptr. A full barrier. Return: what was there. */
static inline u32 __xchg(volatile u32 *ptr, u32 value)
{
	u32 old, failed;

	smp_mb();
	__asm__ volatile(
	"1:	ldrex	%0, %2		\n"
	"	strex	%1, %3, %2	\n"
	"	teq	%1, #0		\n"
	"	bne	1b		\n"
	: "=&r"(old), "=&r"(failed), "+Q"(*ptr)
	: "r"(value)
	: "memory", "cc");
	smp_mb();
	return old;
}

/*
 * For cmpxchg(), of a word: store @to at @ptr in one step if @from is there. A full barrier. Return: what was there.
 * A mismatch leaves with the monitor still set; the next STREX of this CPU has an LDREX before it.
 */
static inline u32 __cmpxchg(volatile u32 *ptr, u32 from, u32 to)
{
	u32 old, failed;

	smp_mb();
	__asm__ volatile(
	"1:	ldrex	%0, %2		\n"
	"	mov	%1, #0		\n"
	"	teq	%0, %3		\n"
	"	it	eq		\n"
	"	strexeq	%1, %4, %2	\n"
	"	teq	%1, #0		\n"
	"	bne	1b		\n"
	: "=&r"(old), "=&r"(failed), "+Q"(*ptr)
	: "r"(from), "r"(to)
	: "memory", "cc");
	smp_mb();
	return old;
}

/* For cmpxchg64(): store @to at @ptr in one step if @from is there. A full barrier. Return: what was there. */
static inline u64 __cmpxchg64(volatile u64 *ptr, u64 from, u64 to)
{
	u32 failed;
	u64 old;

	smp_mb();
	__asm__ volatile(
	"1:	ldrexd	%0, %H0, %2		\n"
	"	mov	%1, #0			\n"
	"	teq	%0, %3			\n"
	"	itt	eq			\n"
	"	teqeq	%H0, %H3		\n"
	"	strexdeq %1, %4, %H4, %2	\n"
	"	teq	%1, #0			\n"
	"	bne	1b			\n"
	: "=&r"(old), "=&r"(failed), "+Q"(*ptr)
	: "r"(from), "r"(to)
	: "memory", "cc");
	smp_mb();
	return old;
}

#define xchg(ptr, value) ({								\
	_Static_assert(sizeof(*(ptr)) == sizeof(u32), "xchg() exchanges words");	\
	(__typeof__(*(ptr)))__xchg((volatile u32 *)(ptr), (u32)(value)); })

#define cmpxchg(ptr, from, to) ({							\
	_Static_assert(sizeof(*(ptr)) == sizeof(u32), "cmpxchg() exchanges words");	\
	(__typeof__(*(ptr)))__cmpxchg((volatile u32 *)(ptr), (u32)(from), (u32)(to)); })

#define cmpxchg64(ptr, from, to) ({							\
	_Static_assert(sizeof(*(ptr)) == sizeof(u64), "cmpxchg64() exchanges 8 bytes");	\
	(__typeof__(*(ptr)))__cmpxchg64((volatile u64 *)(ptr), from, to); })

#endif
