// SPDX-License-Identifier: MIT
/*
 * Limiting the rate of messages; after Linux's lib/ratelimit.c.
 *
 *    burst 2     | begin                | over         | begin of the next
 *    asked         x  x  x   x  x                        x
 *    printed       x  x                                  "3 callbacks suppressed", x
 */
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/ratelimit.h>

/* Say how many were kept back in the interval that is over, and begin another. */
static void begin_interval(struct ratelimit_state *rs, const char *func)
{
	if (rs->missed)
		pr_warn("%s: %d callbacks suppressed\n", func, rs->missed);
	rs->begin = jiffies;
	rs->printed = 0;
	rs->missed = 0;
}

bool ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	unsigned long flags;
	bool ok;

	BUG_ON(rs->interval < 0 || rs->burst < 0, "%s: %d in %d jiffies", func, rs->burst,
	       rs->interval);
	if (!rs->interval)
		return true;
	if (!spin_trylock_irqsave(&rs->lock, flags))
		return false;
	if (!rs->begin || time_after(jiffies, rs->begin + (unsigned long)rs->interval))
		begin_interval(rs, func);
	ok = rs->printed < rs->burst;
	if (ok)
		rs->printed++;
	else
		rs->missed++;
	spin_unlock_irqrestore(&rs->lock, flags);
	return ok;
}
