/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: atomic bit operations, by the compiler's builtins.
 */
#ifndef ASM_BITOPS_H
#define ASM_BITOPS_H

#include <lib/bitops.h>
#include <lib/types.h>

#define __BITOP(name, builtin, operand)						\
static inline void name(unsigned int nr, unsigned long *addr)			\
{										\
	(void)builtin(addr + BIT_WORD(nr), operand, __ATOMIC_RELAXED);		\
}										\
static inline bool test_and_##name(unsigned int nr, unsigned long *addr)	\
{										\
	return builtin(addr + BIT_WORD(nr), operand, __ATOMIC_SEQ_CST) & BIT_MASK(nr); \
}

__BITOP(set_bit, __atomic_fetch_or, BIT_MASK(nr))
__BITOP(clear_bit, __atomic_fetch_and, ~BIT_MASK(nr))
__BITOP(change_bit, __atomic_fetch_xor, BIT_MASK(nr))
#undef __BITOP

#endif
