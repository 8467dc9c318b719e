// SPDX-License-Identifier: MIT
/*
 * A soak from its beginning to its end, as a test: rounds of all styles in turn, and in between
 * everything is walked and counted.
 *
 *    round   1          2          3          4          5          6 ...
 *    style   first      second     third      fourth     last       first ...
 *    check          *          *          *          *          *
 */
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/bad_page.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <test.h>
#include "short_turns.h"
#include "soak_run.h"

#define OPS_DEFAULT	20000
#define OPS_A_CYCLE	1000000	/* through all styles, at most */
#define CYCLES_MIN	2
#define TURN_LENGTHS	4	/* each twice as long as the one before, cycle by cycle */

static unsigned long soak_ops = OPS_DEFAULT;

static int __init soak_setup(char *value)
{
	unsigned long ops;

	if (kstrtoul(value, 0, &ops) || ops == 0)
		return -EINVAL;
	soak_ops = ops;
	return 0;
}
__setup("soak=", soak_setup);

struct soak_sums soak_add_up(const struct soak *soak)
{
	const struct soak_worker *w;
	struct soak_sums sums = { 0 };

	for (w = soak->workers; w < soak->workers + ARRAY_SIZE(soak->workers); w++) {
		sums.ops += w->nr_ops;
		sums.interrupt_ops += w->in_interrupt ? w->nr_ops : 0;
		sums.failed += w->nr_failed;
		sums.digest ^= w->digest * w->id;
	}
	return sums;
}

/* Short turns are where CPUs meet, long ones are done with sooner: both, with each style. */
static void choose_turns(const struct soak *soak, unsigned int round)
{
	short_turns(turns_wanted << round / soak->kind->nr_styles % TURN_LENGTHS);
}

/* Rounds in all styles until enough is done. Return: how many; 0 if one did not end well. */
static unsigned int run_rounds(struct soak *soak, unsigned long ops)
{
	unsigned long a_cycle = min(DIV_ROUND_UP(ops, CYCLES_MIN), OPS_A_CYCLE + 0ul);
	unsigned int round = 0;

	while (soak_add_up(soak).ops < ops) {
		const struct soak_style *style = &soak->kind->styles[round % soak->kind->nr_styles];

		choose_turns(soak, round++);
		soak_begin_round(soak, style, DIV_ROUND_UP(a_cycle * style->share, SOAK_SHARES));
		soak_end_round(soak);
		if (!EXPECT(soak_check(soak))) {
			test_note("in round %u, %s", round, style->name);
			return 0;
		}
	}
	return round;
}

static void note(const struct soak_sums *sums, unsigned int rounds)
{
	test_note("%lu operations in %u rounds on %u CPUs, %lu of them in interrupts; %lu requests failed; digest 0x%08x",
		  sums->ops, rounds, num_online_cpus(), sums->interrupt_ops, sums->failed,
		  sums->digest);
}

void run_soak(const struct soak_kind *kind)
{
	unsigned int bad_pages = nr_bad_pages, slab_errors = nr_slab_errors, rounds;
	struct soak *soak = soak_create(kind, test_random());
	struct soak_sums sums;

	ASSERT(soak);
	rounds = run_rounds(soak, test_repeats(soak_ops));
	short_turns(0);
	soak_give_all(soak);
	EXPECT(soak_check(soak));
	EXPECT_EQ(soak_held(soak), 0);
	EXPECT_EQ(nr_bad_pages, bad_pages);
	EXPECT_EQ(nr_slab_errors, slab_errors);
	sums = soak_add_up(soak);
	soak_destroy(soak);
	if (rounds)
		note(&sums, rounds);
}
