// SPDX-License-Identifier: MIT
/*
 * How far does RAM go? Asked before the MMU is on, because nothing else can be believed: a bare ELF
 * brings no ATAGs at all, and ATAGs or mem= may promise memory that is not there. Where there is no RAM
 * this board reads 0 and drops writes, so the answer is found by writing and reading back.
 *
 *    image     start                                          limit
 *    ....|_end_|x====x===============x===============x=x=x-----|     x a word that is tried
 *                                                        ^ result
 *
 * In strides of 16 MiB while they answer, then MiB by MiB: on a machine of 1 GiB that is 80 words tried, not
 * a thousand.
 *
 * I1. Every word tried gets its old value back.
 * I2. Runs at physical addresses, MMU and caches off: no globals, no constants in memory, no calls.
 */
#include <boot/probe.h>
#include <lib/math.h>

#define PROBE_STEP	SZ_1M
#define PROBE_STRIDE	SZ_16M

/* A pattern that differs from address to address, and from what an empty bus would answer. */
static inline u32 probe_pattern(phys_addr_t addr)
{
	return ~addr ^ 0x55aa0000u;
}

static inline bool answers(phys_addr_t addr)
{
	volatile u32 *word = (volatile u32 *)addr;
	u32 old = *word;
	bool ok;

	*word = probe_pattern(addr);
	ok = *word == probe_pattern(addr);
	*word = ~probe_pattern(addr);
	ok = ok && *word == ~probe_pattern(addr);
	*word = old;
	return ok;
}

phys_addr_t probe_ram_end(phys_addr_t start, phys_addr_t limit)
{
	phys_addr_t end = ALIGN(start, PROBE_STEP);

	/* RAM from one answering word to the next: holes are not looked for. */
	while (end + PROBE_STRIDE <= limit && answers(end + PROBE_STRIDE - PROBE_STEP))
		end += PROBE_STRIDE;
	while (end < limit && answers(end))
		end += PROBE_STEP;
	return end;
}
