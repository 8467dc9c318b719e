// SPDX-License-Identifier: MIT
/*
 * See <lib/bitmap.h> for the picture and the invariants.
 *
 * A range is cut into the word that holds its first bit, whole words, and the word that holds its
 * last bit. mask_from() and mask_below() describe the two partial words; both may fall on the same
 * word.
 */
#include <lib/bitmap.h>
#include <lib/math.h>

/* The bits of a word from bit @nr's place upwards. */
static inline unsigned long mask_from(unsigned long nr)
{
	return ~0UL << (nr % BITS_PER_LONG);
}

/* The bits of a word below bit @nr's place; all of them if @nr begins a new word. */
static inline unsigned long mask_below(unsigned long nr)
{
	return ~0UL >> (-nr % BITS_PER_LONG);
}

/* @flip is 0 to look for a set bit, ~0 for a clear one. */
static inline unsigned long find_next(const unsigned long *map, unsigned long size,
				      unsigned long offset, unsigned long flip)
{
	unsigned long word, idx;

	if (offset >= size)
		return size;
	idx = BIT_WORD(offset);
	word = (map[idx] ^ flip) & mask_from(offset);
	while (!word) {
		if (++idx >= BITS_TO_LONGS(size))
			return size;
		word = map[idx] ^ flip;
	}
	return min(idx * BITS_PER_LONG + __ffs(word), size);
}

unsigned long find_next_bit(const unsigned long *map, unsigned long size, unsigned long offset)
{
	return find_next(map, size, offset, 0);
}

unsigned long find_next_zero_bit(const unsigned long *map, unsigned long size,
				 unsigned long offset)
{
	return find_next(map, size, offset, ~0UL);
}

static inline void assign_masked(unsigned long *word, unsigned long mask, unsigned long value)
{
	*word = (*word & ~mask) | (value & mask);
}

/* @value is 0 or ~0: what every word of the run becomes. */
static inline void fill(unsigned long *map, unsigned long start, unsigned long nr_bits,
			unsigned long value)
{
	unsigned long first = BIT_WORD(start), last, end = start + nr_bits;

	if (!nr_bits)
		return;
	last = BIT_WORD(end - 1);
	if (first == last) {
		assign_masked(&map[first], mask_from(start) & mask_below(end), value);
		return;
	}
	assign_masked(&map[first], mask_from(start), value);
	for (unsigned long idx = first + 1; idx < last; idx++)
		map[idx] = value;
	assign_masked(&map[last], mask_below(end), value);
}

void bitmap_set(unsigned long *map, unsigned long start, unsigned long nr_bits)
{
	fill(map, start, nr_bits, ~0UL);
}

void bitmap_clear(unsigned long *map, unsigned long start, unsigned long nr_bits)
{
	fill(map, start, nr_bits, 0);
}

unsigned long bitmap_weight(const unsigned long *map, unsigned long nr_bits)
{
	unsigned long idx, whole = nr_bits / BITS_PER_LONG, weight = 0;

	for (idx = 0; idx < whole; idx++)
		weight += hweight_long(map[idx]);
	if (nr_bits % BITS_PER_LONG)
		weight += hweight_long(map[whole] & mask_below(nr_bits));
	return weight;
}
