// SPDX-License-Identifier: MIT
/*
 * Failure on demand of allocations: of pages, and of objects of caches with SLAB_FAILSLAB.
 *
 *    fail_nth_arm(3)      alloc     alloc     alloc: NULL     alloc     fail_nth_disarm(): true
 *    countdown        3         2         1               0
 *
 * F1. countdown is positive while an allocation is still to fail, and says how many there are up to
 *     it; 0 otherwise.
 * F2. Every arming makes at most one allocation fail, however many CPUs allocate.
 *
 * Pages come here through page_debug_key only, and objects if their cache is looked after (slab_debug.c),
 * so it costs nothing when it is off.
 */
#include <kernel/bug.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/fail_page_alloc.h>
#include <mm/page_debug.h>
#include <mm/slab.h>

unsigned int fail_nth;
bool (*fail_nth_choose)(const void *caller, bool object, bool nth);

static atomic_t countdown;
static bool nofail_is_counted;

/* A number from 1 on, or "each". */
static int __init early_fail_nth(char *value)
{
	unsigned long number = FAIL_NTH_EACH;
	int err = -EINVAL;

	if (value)
		err = strcmp(value, "each") == 0 ? 0 : kstrtoul(value, 0, &number);
	if (err || number == 0 || (number > FAIL_NTH_MAX && number != FAIL_NTH_EACH))
		return -EINVAL;
	fail_nth = number;
	static_branch_enable(&page_debug_key);
	return 0;
}
early_param("fail_nth", early_fail_nth);

void fail_nth_arm(unsigned int nth, bool nofail_too)
{
	BUG_ON(!static_key_enabled(&page_debug_key), "allocations do not come by here");
	BUG_ON(nth == 0 || nth > FAIL_NTH_MAX, "number %u", nth);
	BUG_ON(atomic_read(&countdown), "the %dth from now is to fail already",
	       atomic_read(&countdown));
	nofail_is_counted = nofail_too;
	atomic_set(&countdown, nth);
}

bool fail_nth_disarm(void)
{
	return atomic_xchg(&countdown, 0) == 0;
}

/* One less, unless none is to fail. Return: how many there were. */
static int count_down(void)
{
	int left = atomic_read(&countdown);

	while (left > 0) {
		int seen = atomic_cmpxchg(&countdown, left, left - 1);

		if (seen == left)
			break;
		left = seen;
	}
	return left;
}

/* Is it the one that is to fail? */
static bool should_fail(gfp_t gfp_mask, const void *caller, bool object)
{
	int left;

	if (gfp_mask & __GFP_NOFAIL && !nofail_is_counted)
		return false;
	left = count_down();
	if (left <= 0 || likely(!fail_nth_choose))
		return left == 1;
	if (!fail_nth_choose(caller, object, left == 1))
		return false;
	atomic_set(&countdown, 0);	/* F2 */
	return true;
}

bool should_fail_alloc_page(gfp_t gfp_mask, unsigned int order, const void *caller)
{
	if (!should_fail(gfp_mask, caller, false))
		return false;
	if (!(gfp_mask & __GFP_NOWARN))
		pr_debug("fail_nth: no pages of order %u, gfp 0x%x, for %pS\n", order, gfp_mask,
			 caller);
	return true;
}

bool should_failslab(const struct kmem_cache *cachep, gfp_t gfp_mask, const void *caller)
{
	if (!(cachep->flags & SLAB_FAILSLAB) || !should_fail(gfp_mask, caller, true))
		return false;
	if (!(gfp_mask & __GFP_NOWARN))
		pr_debug("fail_nth: no object of %s, gfp 0x%x, for %pS\n", kmem_cache_name(cachep),
			 gfp_mask, caller);
	return true;
}
