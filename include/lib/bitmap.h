/* SPDX-License-Identifier: MIT */
/*
 * Runs of bits in an array of words, found and changed a word at a time. Linux's names and argument
 * order; bit numbering as in <lib/bitops.h>.
 *
 *    bit      0                             31 32                            63
 *           +---------------------------------+---------------------------------+--
 *           | map[0]                          | map[1]                          |
 *           +---------------------------------+---------------------------------+--
 *                     |<------------ start, nr_bits ----------->|
 *                      head: part of a word    tail: part of a word
 *
 * I1. No word is read or written that holds no bit of the range asked for.
 * I2. Bits outside the range keep their value.
 *
 * Nothing here is atomic: the owner of the bitmap brings its own lock, or is alone.
 */
#ifndef LIB_BITMAP_H
#define LIB_BITMAP_H

#include <lib/bitops.h>
#include <lib/types.h>

/**
 * find_next_bit - the lowest set bit of a range
 * @map: bitmap
 * @size: end of the range, first bit not to look at
 * @offset: first bit to look at
 *
 * Return: the bit's number; @size if every bit from @offset on is clear, or if @offset >= @size.
 */
unsigned long find_next_bit(const unsigned long *map, unsigned long size, unsigned long offset);

/* As find_next_bit(), but the lowest clear bit. */
unsigned long find_next_zero_bit(const unsigned long *map, unsigned long size,
				 unsigned long offset);

/**
 * bitmap_set - set a run of bits
 * @map: bitmap
 * @start: first bit
 * @nr_bits: length of the run; may be 0
 */
void bitmap_set(unsigned long *map, unsigned long start, unsigned long nr_bits);

/* As bitmap_set(), but clears them. */
void bitmap_clear(unsigned long *map, unsigned long start, unsigned long nr_bits);

/**
 * bitmap_weight - how many bits are set
 * @map: bitmap
 * @nr_bits: bits 0 .. @nr_bits - 1 are counted
 */
unsigned long bitmap_weight(const unsigned long *map, unsigned long nr_bits);

#endif
