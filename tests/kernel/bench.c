// SPDX-License-Identifier: MIT
/*
 * Runs the cases of bench.h.
 *
 * I1. A case is measured an odd number of times, so its median is one of the times measured.
 * I2. Nothing else runs on the CPU while a sample is taken: interrupts are off.
 */
#include <asm/irqflags.h>
#include <asm/timex.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/init.h>
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include "bench.h"

#define SUITE_MAX	32
#define ROW_MAX		48
#define NR_SAMPLES	15
#define LOOP_OPS	1000

_Static_assert(NR_SAMPLES % 2, "I1");

/* The cases, collected by the linker script. */
extern const struct bench_case __start_bench_cases[], __stop_bench_cases[];

static char bench_suite[SUITE_MAX];
static char bench_row[ROW_MAX];		/* "": all of the suite */

static int __init keep(char *name, size_t size, const char *value)
{
	return value && strscpy(name, value, size) >= 0 ? 0 : -EINVAL;
}

static int __init bench_setup(char *value)
{
	return keep(bench_suite, sizeof(bench_suite), value);
}
__setup("bench=", bench_setup);

static int __init bench_row_setup(char *value)
{
	return keep(bench_row, sizeof(bench_row), value);
}
__setup("bench_row=", bench_row_setup);

/* What every case's loop costs beside its operation. */
static void run_empty(unsigned long ops)
{
	do
		barrier();
	while (--ops);
}
BENCH("loop", "loop", LOOP_OPS, NULL, run_empty, NULL);

static void run_100(unsigned long ops)
{
	do
		__asm__ volatile(".rept 100\n\tnop\n\t.endr" : : : "memory");
	while (--ops);
}
BENCH("loop", "loop of 100", LOOP_OPS, NULL, run_100, NULL);

/* Return: the ticks that one sample took. */
static cycles_t sample(const struct bench_case *bench)
{
	cycles_t start, end;
	unsigned long flags;

	local_irq_save(flags);
	start = get_cycles();
	bench->run(bench->ops);
	end = get_cycles();
	local_irq_restore(flags);
	if (bench->after)
		bench->after();
	return end - start;
}

static void sort(cycles_t *values, unsigned int nr)
{
	unsigned int i, j;

	for (i = 1; i < nr; i++)
		for (j = i; j > 0 && values[j] < values[j - 1]; j--)
			swap(values[j], values[j - 1]);
}

static void measure(const struct bench_case *bench)
{
	unsigned int samples = bench->samples ?: NR_SAMPLES, i;
	cycles_t ticks[NR_SAMPLES];

	BUG_ON(!bench->ops || !bench->run, "bench %s", bench->name);
	BUG_ON(samples > NR_SAMPLES || samples % 2 == 0, "bench %s: %u samples", bench->name, samples);
	for (i = 0; i < samples; i++) {
		if (bench->before && !bench->before()) {
			console_printf("# bench %s %s: not on this machine\n", bench->suite,
				       bench->name);
			return;
		}
		ticks[i] = sample(bench);
	}
	sort(ticks, samples);
	console_printf("# bench %s %s: %lu in %lu ticks\n", bench->suite, bench->name, bench->ops,
		       ticks[samples / 2]);
}

/* Return: how many cases the suite has, or of them by the name of @row. */
static unsigned int measure_suite(const char *suite, const char *row)
{
	const struct bench_case *bench;
	unsigned int nr_cases = 0;

	for (bench = __start_bench_cases; bench < __stop_bench_cases; bench++) {
		if (strcmp(bench->suite, suite) || (row[0] && strcmp(bench->name, row)))
			continue;
		if (bench->report)
			bench->report();
		else
			measure(bench);
		nr_cases++;
	}
	return nr_cases;
}

void bench_if_asked(void)
{
	if (!bench_suite[0])
		return;
	measure_suite("loop", "");
	if (!measure_suite(bench_suite, bench_row))
		console_printf("bench: no suite \"%s\", or no row \"%s\" in it\n", bench_suite, bench_row);
}
