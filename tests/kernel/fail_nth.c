// SPDX-License-Identifier: MIT
/*
 * Tests whose allocations fail: each test is run with its first allocation failing, then with its
 * second, and so on until a run has no allocation left to fail:
 *
 *    N = 1    alloc: NULL ...................... intact?
 *    N = 2    alloc, alloc: NULL ............... intact?
 *    N = 3    alloc, alloc, free, free ......... nothing failed: done
 *
 * What such a run expects need not come true. But it comes to its end, and gives back what it took.
 *
 * A test that allocates thousands of times, in a loop, is not run as often: N goes up by one as far
 * as FAIL_NTH_STEPS, and is doubled from there on (16, 32, 64, ...). So a test with n allocations
 * runs 16 + log2(n / 16) times at most.
 */
#include <kernel/bug.h>
#include <mm/fail_page_alloc.h>
#include <mm/page_owner.h>
#include "fail_nth.h"

#define FAIL_NTH_STEPS	16	/* so many one by one, then twice as many each time */

/* Return: did an allocation fail? */
static bool run_failing(unsigned int nth, void (*run)(void))
{
	fail_nth_arm(nth, false);
	run();
	return fail_nth_disarm();
}

unsigned int run_with_failures(void (*run)(void), bool (*intact)(void))
{
	unsigned int nth = fail_nth == FAIL_NTH_EACH ? 1 : fail_nth, nr_failed = 0;
	u32 mark = page_owner_mark();

	BUG_ON(!run || !intact, "nothing to do");
	if (!fail_nth)
		return 0;
	while (run_failing(nth, run)) {
		nr_failed++;
		if (!intact()) {
			page_owner_leaks(mark);
			break;
		}
		if (fail_nth != FAIL_NTH_EACH)
			break;
		nth += nth < FAIL_NTH_STEPS ? 1 : nth;
	}
	return nr_failed;
}
