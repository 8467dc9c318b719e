/* SPDX-License-Identifier: MIT */
/*
 * Time in ticks of 10 ms, with Linux's names.
 *
 * I1. jiffies is the lower half of jiffies_64, and wraps five minutes after boot, so that who
 *     compares it without time_after() is found out early.
 */
#ifndef KERNEL_JIFFIES_H
#define KERNEL_JIFFIES_H

#include <kernel/time.h>
#include <lib/math.h>
#include <lib/types.h>

#define HZ		100
#define TICK_NSEC	(NSEC_PER_SEC / HZ)

#define INITIAL_JIFFIES	((unsigned long)(-300 * HZ))

/* The linker makes the two overlap. jiffies is read whole; for the other, get_jiffies_64(). */
extern volatile unsigned long jiffies;
u64 get_jiffies_64(void);

/* Is @a later than @b? For times that are less than 248 days apart. */
#define time_after(a, b)	((long)((unsigned long)(b) - (unsigned long)(a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)	(!time_before(a, b))
#define time_before_eq(a, b)	(!time_after(a, b))

/* The ticks for @ms milliseconds, rounded up: who waits so many has waited as long. */
static inline unsigned long msecs_to_jiffies(unsigned int ms)
{
	return DIV_ROUND_UP(ms, MSEC_PER_SEC / HZ);
}

/* The milliseconds of @ticks, without a check for overflow. */
static inline unsigned int jiffies_to_msecs(unsigned long ticks)
{
	return ticks * (MSEC_PER_SEC / HZ);
}

#endif
