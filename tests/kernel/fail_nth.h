/* SPDX-License-Identifier: MIT */
/*
 * Tests whose allocations fail, one after the other. For test.c.
 */
#ifndef TEST_FAIL_NTH_H
#define TEST_FAIL_NTH_H

#include <lib/types.h>

/* Make room for what is to be known in the end. Nothing is done without `fail_nth='. */
void fail_nth_begin(void);

/**
 * run_with_failures - run something again and again, with another allocation failing each time
 * @run: what, from the same beginning each time
 * @intact: is everything as it was before? Reports what is not
 *
 * As `fail_nth=' asks: with the N-th allocation failing; or N = 1, 2, 3, ... until there are fewer
 * allocations than that; nothing without it. Past FAIL_NTH_STEPS, N is doubled each time. An allocation
 * where nothing has failed yet does not wait for its N. Ends early when @intact says no: a leak.
 */
void run_with_failures(void (*run)(void), bool (*intact)(void));

/*
 * Say what was made to fail: how many allocations, at which of all the places that were reached, and
 * whether something was not given back. Context: what fail_nth_begin() made room for is there no more.
 */
void fail_nth_summary(void);

#endif
