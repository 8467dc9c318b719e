/* SPDX-License-Identifier: MIT */
/*
 * Tests that need all CPUs at once.
 */
#ifndef TOGETHER_H
#define TOGETHER_H

/**
 * run_together - have all CPUs that run call a function at the same time
 * @func: is called once on each, no earlier than all have come, interrupts masked
 * @info: its argument
 *
 * Returns when the last of them has returned. Context: a test.
 */
void run_together(void (*func)(void *info), void *info);

#endif
