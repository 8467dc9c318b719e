/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: exchange of words and pointers, by the compiler's builtins.
 */
#ifndef ASM_CMPXCHG_H
#define ASM_CMPXCHG_H

#include <lib/types.h>

#define xchg(ptr, value) ({								\
	_Static_assert(sizeof(*(ptr)) == sizeof(u32), "xchg() exchanges words");	\
	__atomic_exchange_n(ptr, value, __ATOMIC_SEQ_CST); })

#define cmpxchg(ptr, from, to) ({							\
	_Static_assert(sizeof(*(ptr)) == sizeof(u32), "cmpxchg() exchanges words");	\
	__typeof__(*(ptr)) __seen = (from);						\
	(void)__atomic_compare_exchange_n(ptr, &__seen, to, false, __ATOMIC_SEQ_CST,	\
					  __ATOMIC_SEQ_CST);				\
	__seen; })

#define cmpxchg64(ptr, from, to) ({							\
	_Static_assert(sizeof(*(ptr)) == sizeof(u64), "cmpxchg64() exchanges 8 bytes");	\
	__sync_val_compare_and_swap(ptr, from, to); })

#endif
