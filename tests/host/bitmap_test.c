// SPDX-License-Identifier: MIT
/*
 * Runs of bits: lib/bitmap.c against a loop over single bits, for every range of a small bitmap.
 */
#include "host.h"
#include <asm/page.h>
#include <lib/bitmap.h>

TEST_SUITE("bitmap");

#define NR_WORDS	4
#define NR_BITS		(NR_WORDS * BITS_PER_LONG)
#define CANARY		0x5a5aa5a5ul

static unsigned long guarded[NR_WORDS + 2], before[NR_WORDS + 2];
static unsigned long *const map = guarded + 1;

static void junk_map(void)
{
	for (int i = 0; i < NR_WORDS; i++)
		map[i] = test_random();
	guarded[0] = guarded[NR_WORDS + 1] = CANARY;
	memcpy(before, guarded, sizeof(before));
}

/* Did exactly the bits of the range become @value? */
static bool only_range_became(unsigned long start, unsigned long nr_bits, bool value)
{
	for (unsigned long bit = 0; bit < NR_BITS; bit++) {
		bool in_range = bit >= start && bit < start + nr_bits;

		if (test_bit(bit, map) != (in_range ? value : test_bit(bit, before + 1)))
			return false;
	}
	return guarded[0] == CANARY && guarded[NR_WORDS + 1] == CANARY;
}

TEST("setting and clearing a run changes its bits and no others, for every run")
{
	for (unsigned long start = 0; start < NR_BITS; start++)
		for (unsigned long nr = 0; nr <= NR_BITS - start; nr++) {
			junk_map();
			bitmap_set(map, start, nr);
			ASSERT(only_range_became(start, nr, true));
			memcpy(before, guarded, sizeof(before));
			bitmap_clear(map, start, nr);
			ASSERT(only_range_became(start, nr, false));
		}
}

static unsigned long first_that_is(bool value, unsigned long size, unsigned long offset)
{
	while (offset < size && test_bit(offset, map) != value)
		offset++;
	return offset < size ? offset : size;
}

TEST("the next set or clear bit is the one a loop finds, for every range")
{
	for (int density = 0; density < 4; density++) {
		junk_map();
		if (density == 0)
			bitmap_clear(map, 0, NR_BITS);
		else if (density == 1)
			bitmap_set(map, 0, NR_BITS);
		else if (density == 2)
			bitmap_set(map, test_random_below(NR_BITS / 2), NR_BITS / 2);
		for (unsigned long size = 0; size <= NR_BITS; size++)
			for (unsigned long at = 0; at <= size + 1; at++) {
				ASSERT_EQ(find_next_bit(map, size, at),
					  first_that_is(true, size, at));
				ASSERT_EQ(find_next_zero_bit(map, size, at),
					  first_that_is(false, size, at));
			}
	}
}

TEST("no word beyond the range is read")
{
	unsigned long *end;

	host_ram_setup(PAGE_SIZE);
	end = (unsigned long *)((u8 *)__va(PHYS_OFFSET) + PAGE_SIZE);
	bitmap_set(end - 1, 0, BITS_PER_LONG);
	EXPECT_EQ(find_next_zero_bit(end - 1, BITS_PER_LONG, 3), BITS_PER_LONG);
	bitmap_clear(end - 1, 0, BITS_PER_LONG);
	EXPECT_EQ(find_next_bit(end - 1, BITS_PER_LONG, 0), BITS_PER_LONG);
	EXPECT_EQ(find_next_bit(end, 0, 0), 0);
	EXPECT_EQ(bitmap_weight(end - 1, BITS_PER_LONG), 0);
}

TEST("the weight is the number of set bits below the end, for every end")
{
	unsigned long weight = 0;

	junk_map();
	for (unsigned long end = 0; end <= NR_BITS; end++) {
		ASSERT_EQ(bitmap_weight(map, end), weight);
		if (end < NR_BITS)
			weight += test_bit(end, map);
	}
}
