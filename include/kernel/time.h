/* SPDX-License-Identifier: MIT */
/*
 * Time. sched_clock() is what everything else is made of.
 */
#ifndef KERNEL_TIME_H
#define KERNEL_TIME_H

#include <lib/types.h>

#define MSEC_PER_SEC	1000
#define USEC_PER_SEC	1000000
#define NSEC_PER_USEC	1000
#define NSEC_PER_MSEC	1000000
#define NSEC_PER_SEC	1000000000

/* Return: nanoseconds since boot, the same on all CPUs, never going back; 0 until time_init(). Context: any. */
u64 sched_clock(void);

/* Spin for @usecs microseconds at least. Context: any, after time_init(). */
void udelay(unsigned long usecs);

/* Measure the clocks, and start the boot CPU's tick. Context: start_kernel(), interrupts masked. */
void time_init(void);

/* A tick has come. Context: each CPU's timer interrupt. */
void tick_periodic(void);

#endif
