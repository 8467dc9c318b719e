/* SPDX-License-Identifier: MIT */
/*
 * Rounding, comparing and powers of two: arithmetic on integers of any one type.
 *
 * ALIGN() and its kin take a power of two; roundup() and DIV_ROUND_UP() take any divisor. All
 * evaluate to the type of their first argument, so a result that does not fit wraps as that type does:
 * callers near the top of the address space check first.
 */
#ifndef LIB_MATH_H
#define LIB_MATH_H

#include <lib/types.h>

#define __ALIGN_MASK(x, mask)	(((x) + (mask)) & ~(mask))
#define ALIGN(x, a)		__ALIGN_MASK(x, (__typeof__(x))(a) - 1)
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)
#define PTR_ALIGN(p, a)		((__typeof__(p))ALIGN((unsigned long)(p), (a)))

#define round_up(x, y)		((((x) - 1) | ((__typeof__(x))(y) - 1)) + 1)
#define round_down(x, y)	((x) & ~((__typeof__(x))(y) - 1))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define roundup(x, y)		((((x) + (y) - 1) / (y)) * (y))

#define __min_max(x, y, op, ux, uy) ({		\
	__typeof__(x) ux = (x);			\
	__typeof__(y) uy = (y);			\
	(void)(&ux == &uy);			\
	ux op uy ? ux : uy; })
#define min(x, y)		__min_max(x, y, <, __UNIQUE_ID(__x), __UNIQUE_ID(__y))
#define max(x, y)		__min_max(x, y, >, __UNIQUE_ID(__x), __UNIQUE_ID(__y))
#define min_t(type, x, y)	min((type)(x), (type)(y))
#define max_t(type, x, y)	max((type)(x), (type)(y))
#define clamp(x, lo, hi)	min((__typeof__(x))max(x, lo), hi)

#define swap(a, b) \
	do { __typeof__(a) __swap = (a); (a) = (b); (b) = __swap; } while (0)

#define is_power_of_2(n)	((n) != 0 && (((n) & ((n) - 1)) == 0))

/**
 * int_sqrt - the integer part of a square root
 * @x: any number
 */
unsigned long int_sqrt(unsigned long x);

#define SZ_1K			0x00000400
#define SZ_4K			0x00001000
#define SZ_8K			0x00002000
#define SZ_16K			0x00004000
#define SZ_64K			0x00010000
#define SZ_1M			0x00100000
#define SZ_2M			0x00200000
#define SZ_16M			0x01000000
#define SZ_1G			0x40000000

#endif
