/* SPDX-License-Identifier: MIT */
/*
 * Single bits and runs of bits in arrays of `unsigned long`, Linux's names and argument order.
 * Bit n is bit n % 32 of word n / 32. The double-underscore forms are not atomic: their callers hold
 * a lock or are alone.
 */
#ifndef LIB_BITOPS_H
#define LIB_BITOPS_H

#include <lib/compiler.h>
#include <lib/types.h>

#define BITS_PER_LONG		32
#define BITS_PER_BYTE		8
#define BIT(nr)			(1UL << (nr))
#define BIT_MASK(nr)		(1UL << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr)		((nr) / BITS_PER_LONG)
#define BITS_TO_LONGS(nr)	(((nr) + BITS_PER_LONG - 1) / BITS_PER_LONG)
/* Bits @lo to @hi, both included. */
#define GENMASK(hi, lo)		((~0UL << (lo)) & (~0UL >> (BITS_PER_LONG - 1 - (hi))))

/*
 * Set or clear bit @nr of the words at @addr, or is it set? __set_bit(), __clear_bit(), test_bit().
 * Nobody else may write the word meanwhile.
 */
static inline void __set_bit(unsigned int nr, unsigned long *addr)
{
	addr[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static inline void __clear_bit(unsigned int nr, unsigned long *addr)
{
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static inline bool test_bit(unsigned int nr, const unsigned long *addr)
{
	return READ_ONCE(addr[BIT_WORD(nr)]) & BIT_MASK(nr);
}

/* The same, and return whether the bit was set: __test_and_set_bit(), __test_and_clear_bit(). */
static inline bool __test_and_set_bit(unsigned int nr, unsigned long *addr)
{
	bool was = test_bit(nr, addr);

	__set_bit(nr, addr);
	return was;
}

static inline bool __test_and_clear_bit(unsigned int nr, unsigned long *addr)
{
	bool was = test_bit(nr, addr);

	__clear_bit(nr, addr);
	return was;
}

/* Number of the lowest set bit of @word; undefined for 0. */
static inline unsigned int __ffs(unsigned long word)
{
	return __builtin_ctzl(word);
}

/* Number of the highest set bit of @word; undefined for 0. */
static inline unsigned int __fls(unsigned long word)
{
	return BITS_PER_LONG - 1 - __builtin_clzl(word);
}

/* Number of the highest set bit of @word counted from 1; 0 for 0. */
static inline unsigned int fls(unsigned int word)
{
	return word ? BITS_PER_LONG - __builtin_clz(word) : 0;
}

/* How many bits of @word are set. */
static inline unsigned int hweight_long(unsigned long word)
{
	word -= (word >> 1) & 0x55555555UL;
	word = (word & 0x33333333UL) + ((word >> 2) & 0x33333333UL);
	word = (word + (word >> 4)) & 0x0f0f0f0fUL;
	return (word * 0x01010101UL) >> 24;
}

/* The base-2 logarithm of @n, rounded down; undefined for 0. */
static inline unsigned int ilog2(unsigned long n)
{
	return __fls(n);
}

#endif
