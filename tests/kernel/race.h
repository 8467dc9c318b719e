/* SPDX-License-Identifier: MIT */
/*
 * What something costs when all CPUs do it at once, for benches. See race.c.
 *
 *    static bool before_foo(void) { prepare_race(foo, 512); return true; }
 *    RACE("suite", "foo", 512, before_foo, end_race);
 */
#ifndef RACE_H
#define RACE_H

#include "bench.h"

/* A race takes long, and is the same each time but for the first. */
#define RACE(suite, name, ops, before, after)	BENCH_SAMPLES(suite, name, ops, 5, before, run_race, after)

/**
 * prepare_race - have the other CPUs wait for the beginning
 * @work: what each of them does: some operations, in a loop
 * @ops: how many
 *
 * @work is called once by this CPU before, so that lists are not empty when it begins.
 */
void prepare_race(void (*work)(unsigned long ops), unsigned long ops);

/* What is measured: all begin, and all are done. @ops is that of prepare_race(). */
void run_race(unsigned long ops);

/* Afterwards: turns of CPUs are as long as they were. */
void end_race(void);

#endif
