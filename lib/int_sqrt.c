// SPDX-License-Identifier: MIT
/*
 * The integer square root, bit by bit from the highest down, as one would with pencil and paper: the
 * next bit b belongs to the root y if (y + b)^2 <= x, which is y^2 + b (2y + b) <= x. Kept are the
 * rest x - y^2 and twice the root at the place of b, so that no multiplication is needed.
 */
#include <lib/bitops.h>
#include <lib/math.h>

unsigned long int_sqrt(unsigned long x)
{
	unsigned long bit, root = 0;

	if (x <= 1)
		return x;
	for (bit = 1UL << (__fls(x) & ~1U); bit; bit >>= 2) {
		unsigned long with_bit = root + bit;

		root >>= 1;
		if (x >= with_bit) {
			x -= with_bit;
			root += bit;
		}
	}
	return root;
}
