/* SPDX-License-Identifier: MIT */
/*
 * A clock that runs from reset on, for measuring and for seeds: the motherboard's 24 MHz counter.
 */
#ifndef ASM_TIMEX_H
#define ASM_TIMEX_H

#include <asm/io.h>
#include <asm/vexpress.h>

#define CLOCK_TICK_RATE		24000000

typedef unsigned long cycles_t;

/* Ticks since reset; 32 bits, so differences are right up to 178 s. Context: any, MMU on. */
static inline cycles_t get_cycles(void)
{
	return readl_relaxed((void __iomem *)(IO_PERIPH_BASE + SYSREGS_OFFSET + SYS_24MHZ));
}

#endif
