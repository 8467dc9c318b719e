/* SPDX-License-Identifier: MIT */
/*
 * Tests whose allocations fail, one after the other. For test.c.
 */
#ifndef TEST_FAIL_NTH_H
#define TEST_FAIL_NTH_H

#include <lib/types.h>

/**
 * run_with_failures - run something again and again, with another allocation failing each time
 * @run: what, from the same beginning each time
 * @intact: is everything as it was before? Reports what is not
 *
 * As `fail_nth=' asks: with the N-th allocation failing; or N = 1, 2, 3, ... until there are fewer
 * allocations than that; nothing without it. Past FAIL_NTH_STEPS, N grows in steps, by half of
 * itself. Ends early when @intact says no. Return: how many allocations failed.
 */
unsigned int run_with_failures(void (*run)(void), bool (*intact)(void));

#endif
