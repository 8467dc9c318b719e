/* SPDX-License-Identifier: MIT */
/*
 * A soak as a test. See soak_run.c.
 */
#ifndef SOAK_RUN_H
#define SOAK_RUN_H

#include "soak.h"

/* What all workers together have done. */
struct soak_sums {
	unsigned long ops, interrupt_ops, failed;
	u32 digest;
};

struct soak_sums soak_add_up(const struct soak *soak);

/**
 * run_soak - the body of a test: as many operations as `soak=' asks for
 * @kind: of what
 *
 * `turns=' shortens the turns of CPUs meanwhile, see short_turns.c, to so many microseconds and twice, four
 * and eight times as many. Reports like a test, and what was done in one line.
 */
void run_soak(const struct soak_kind *kind);

#endif
