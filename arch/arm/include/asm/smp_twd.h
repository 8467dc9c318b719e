/* SPDX-License-Identifier: MIT */
/*
 * The private timer that each Cortex-A9 CPU has ("timer and watchdog"; MPCore TRM, DDI 0407, 4.1
 * and 4.2). Every CPU sees its own at the same address.
 */
#ifndef ASM_SMP_TWD_H
#define ASM_SMP_TWD_H

#define TWD_TIMER_LOAD		0x00
#define TWD_TIMER_COUNTER	0x04
#define TWD_TIMER_CONTROL	0x08
#define TWD_TIMER_CONTROL_ENABLE	(1 << 0)
#define TWD_TIMER_CONTROL_PERIODIC	(1 << 1)
#define TWD_TIMER_CONTROL_IT_ENABLE	(1 << 2)
#define TWD_TIMER_INTSTAT	0x0c		/* 1: the counter reached 0; write 1 to clear */

/* The interrupt's handler. Context: time_init(), once. */
void twd_init(void);

/* HZ interrupts a second for this CPU, from here on. Context: each CPU, after twd_init(). */
void twd_start(void);

/* No more of them. Context: the CPU that is to be quiet. */
void twd_stop(void);

#endif
