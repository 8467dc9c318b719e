/* SPDX-License-Identifier: MIT */
/*
 * Measurements on the board. A file NAME_bench.c in this folder has cases like
 *
 *    BENCH("page", "order0 pair", 100, pair_possible, order0_pairs, NULL);
 *
 * which `bench=page` on the command line runs. Each case is measured several times:
 *
 *    before()    make what is needed, untimed; false: this machine cannot do it
 *    run(ops)    the operation, @ops times, at least once, in a loop, timed
 *    after()     undo it, untimed
 *
 * and `bench_row="order0 pair"` beside it measures that case alone (scripts/bench_profile.pl). Reported is the median of the times, in ticks of the board's 24 MHz counter. What a tick means in
 * instructions is known to whoever started the emulator (scripts/bench.pl). Two cases come first,
 * whatever is asked for: "loop" is an empty loop, to be taken off the others, and "loop of 100" one
 * of known length, to tell whether the rest can be believed. Loops are `do ... while (--ops)`, which
 * costs the same everywhere.
 */
#ifndef BENCH_H
#define BENCH_H

#include <lib/compiler.h>
#include <lib/types.h>

struct bench_case {
	const char *suite;
	const char *name;
	unsigned long ops;
	unsigned int samples;		/* how often it is measured: an odd number, or 0 for the usual one */
	bool (*before)(void);		/* or NULL */
	void (*run)(unsigned long ops);
	void (*after)(void);		/* or NULL */
	void (*report)(void);		/* instead of the three: prints its own lines */
};

#define BENCH(suite_, name_, ops_, before_, run_, after_)			\
	BENCH_SAMPLES(suite_, name_, ops_, 0, before_, run_, after_)

#define BENCH_SAMPLES(suite_, name_, ops_, samples_, before_, run_, after_)	\
	static const struct bench_case __UNIQUE_ID(bench_case_)			\
		__used __no_reorder __section(".bench_cases") __aligned(4) = {	\
		.suite = suite_, .name = name_, .ops = ops_, .samples = samples_, \
		.before = before_, .run = run_, .after = after_,		\
	}

/* A suite that measures something else than time: @report_ is called once, and prints lines. */
#define BENCH_REPORT(suite_, report_)						\
	static const struct bench_case __UNIQUE_ID(bench_case_)			\
		__used __no_reorder __section(".bench_cases") __aligned(4) = {	\
		.suite = suite_, .name = suite_, .report = report_,		\
	}

/*
 * If the command line has bench=SUITE, measure its cases, one line each:
 *
 *    # bench page order0 pair: 100 in 12345 ticks
 *
 * Context: after boot, before the self-tests.
 */
void bench_if_asked(void);

#endif
