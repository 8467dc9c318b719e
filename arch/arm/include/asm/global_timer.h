/* SPDX-License-Identifier: MIT */
/*
 * The Cortex-A9 MPCore's global timer: a 64-bit counter that all CPUs share (MPCore TRM, DDI 0407,
 * 4.3 and 4.4). It runs at the speed that the private timers have, PERIPHCLK.
 */
#ifndef ASM_GLOBAL_TIMER_H
#define ASM_GLOBAL_TIMER_H

#include <lib/types.h>

#define GT_COUNTER_LO		0x00
#define GT_COUNTER_HI		0x04
#define GT_CONTROL		0x08
#define GT_CONTROL_ENABLE	(1 << 0)

/* PERIPHCLK in Hz, as global_timer_init() found it out. */
extern unsigned int periphclk_rate;

/**
 * global_timer_init - start the counter, and measure how fast it is
 *
 * Takes 2 ms, by the motherboard's 24 MHz clock. sched_clock() (<kernel/time.h>) works from here
 * on. Context: time_init(), interrupts masked.
 */
void global_timer_init(void);

#endif
