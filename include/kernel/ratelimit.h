/* SPDX-License-Identifier: MIT */
/*
 * Messages that may come in masses, and are printed only now and then:
 *
 *    static DEFINE_RATELIMIT_STATE(rs, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
 *
 *    if (__ratelimit(&rs))
 *            pr_warn(...);
 *
 * Interface and numbers are Linux's (include/linux/ratelimit.h).
 */
#ifndef KERNEL_RATELIMIT_H
#define KERNEL_RATELIMIT_H

#include <kernel/jiffies.h>
#include <kernel/spinlock.h>
#include <lib/types.h>

#define DEFAULT_RATELIMIT_INTERVAL	(5 * HZ)
#define DEFAULT_RATELIMIT_BURST		10

struct ratelimit_state {
	spinlock_t lock;
	int interval;		/* in jiffies; 0: no limit */
	int burst;		/* messages in an interval */

	int printed;
	int missed;
	unsigned long begin;	/* when the interval began; 0: none has */
};

#define DEFINE_RATELIMIT_STATE(name, interval_, burst_)				\
	struct ratelimit_state name = {						\
		.lock = __SPIN_LOCK_UNLOCKED, .interval = interval_, .burst = burst_, \
	}

/**
 * ___ratelimit - may a message be printed?
 * @rs: what it belongs to
 * @func: who prints it, for the line that says how many were kept back
 *
 * Context: any. Return: true for @rs->burst calls in each interval; false for others, and if another
 * CPU is asking at the same time.
 */
bool ___ratelimit(struct ratelimit_state *rs, const char *func);

#define __ratelimit(state)	___ratelimit(state, __func__)

#endif
