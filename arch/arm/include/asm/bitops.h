/* SPDX-License-Identifier: MIT */
/*
 * Bits of flag words that several CPUs change at once, with Linux's names. Compare __set_bit() and
 * its kin in <lib/bitops.h>, whose callers hold a lock.
 *
 *    set_bit  clear_bit  change_bit		order nothing
 *    test_and_set_bit  test_and_clear_bit  test_and_change_bit
 *						return the old bit; full barriers
 *
 * asm/atomic.h has the rules for LDREX and STREX.
 */
#ifndef ASM_BITOPS_H
#define ASM_BITOPS_H

#include <asm/barrier.h>
#include <lib/bitops.h>
#include <lib/types.h>

/* Defines __atomic_NAME(): *word = *word INSN mask, unordered. Returns the old word. */
#define __BITOP_RMW(name, insn)							\
static inline unsigned long __atomic_##name(unsigned long mask, unsigned long *word) \
{										\
	unsigned long old, new;							\
	unsigned int failed;							\
										\
	__asm__ volatile(							\
	"1:	ldrex	%0, %3		\n"					\
	"	" insn "	%1, %0, %4	\n"				\
	"	strex	%2, %1, %3	\n"					\
	"	teq	%2, #0		\n"					\
	"	bne	1b		\n"					\
	: "=&r"(old), "=&r"(new), "=&r"(failed), "+Q"(*word)			\
	: "Ir"(mask)								\
	: "cc");								\
	return old;								\
}

__BITOP_RMW(or, "orr")
__BITOP_RMW(bic, "bic")
__BITOP_RMW(xor, "eor")
#undef __BITOP_RMW

/* Defines NAME() and test_and_NAME() for the bit @nr of the array of words at @addr. */
#define __BITOP(name, op)							\
static inline void name(unsigned int nr, unsigned long *addr)			\
{										\
	(void)__atomic_##op(BIT_MASK(nr), addr + BIT_WORD(nr));			\
}										\
static inline bool test_and_##name(unsigned int nr, unsigned long *addr)	\
{										\
	unsigned long old;							\
										\
	smp_mb();								\
	old = __atomic_##op(BIT_MASK(nr), addr + BIT_WORD(nr));			\
	smp_mb();								\
	return old & BIT_MASK(nr);						\
}

__BITOP(set_bit, or)
__BITOP(clear_bit, bic)
__BITOP(change_bit, xor)
#undef __BITOP

#endif
