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
	unsigned long done[NR_SOAK_KINDS];	/* of ops */
	u32 digest;
};

struct soak_sums soak_add_up(const struct soak *soak);

/**
 * run_soak - the body of a test: as many operations as `soak=' asks for, or as many minutes as `soak_minutes='
 * @mix: of what
 *
 * `turns=' shortens the turns of CPUs meanwhile, see short_turns.c, to so many microseconds and twice, four
 * and eight times as many. Reports like a test, and what was done in one line; of a soak of minutes, each
 * minute. A key ends it, with the same account.
 */
void run_soak(const struct soak_mix *mix);

#endif
