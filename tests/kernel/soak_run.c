// SPDX-License-Identifier: MIT
/*
 * A soak from its beginning to its end, as a test: rounds of all styles in turn, and in between
 * everything is walked and counted.
 *
 *    round   1          2          3          4          5          6 ...
 *    style   first      second     third      fourth     last       first ...
 *    check          *          *          *          *          *
 *
 * It is over when enough was done, or after so many minutes of the machine's time, or when somebody has
 * pressed a key.
 */
#include <kernel/console.h>
#include <kernel/jiffies.h>
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
#define OPS_OF_MINUTES	100000	/* the same, when minutes are counted */
#define CYCLES_MIN	2
#define MINUTES_MAX	(7 * 24 * 60ul)
#define LINE_BYTES	240u
#define TURN_LENGTHS	4	/* each twice as long as the one before, cycle by cycle */

static unsigned long soak_ops = OPS_DEFAULT, soak_minutes;

static int __init soak_setup(char *value)
{
	unsigned long ops;

	if (kstrtoul(value, 0, &ops) || ops == 0)
		return -EINVAL;
	soak_ops = ops;
	return 0;
}
__setup("soak=", soak_setup);

static int __init soak_minutes_setup(char *value)
{
	unsigned long minutes;

	if (!value || kstrtoul(value, 0, &minutes) || minutes == 0 || minutes > MINUTES_MAX)
		return -EINVAL;
	soak_minutes = minutes;
	return 0;
}
__setup("soak_minutes=", soak_minutes_setup);

struct soak_sums soak_add_up(const struct soak *soak)
{
	const struct soak_worker *w;
	struct soak_sums sums = { 0 };
	unsigned int nr;

	for (w = soak->workers; w < soak->workers + ARRAY_SIZE(soak->workers); w++) {
		sums.ops += w->nr_ops;
		sums.interrupt_ops += w->in_interrupt ? w->nr_ops : 0;
		sums.failed += w->nr_failed;
		for (nr = 0; nr < NR_SOAK_KINDS; nr++)
			sums.done[nr] += w->nr_done[nr];
		sums.digest ^= w->digest * w->id;
	}
	return sums;
}

/* Short turns are where CPUs meet, long ones are done with sooner: both, with each style. */
static void choose_turns(const struct soak *soak, unsigned int round)
{
	short_turns(turns_wanted << round / soak->mix->nr_styles % TURN_LENGTHS);
}

/* ---- When it is over ---- */

static unsigned long begun;		/* by jiffies */
static unsigned long minutes_noted;

static unsigned long minutes_since(void)
{
	return (jiffies - begun) / (60 * HZ);
}

/* Somebody at the serial line wants to see the account now: the round is halted, and is the last. */
static bool key_pressed;

static void wait_for_round(struct soak *soak)
{
	while (!key_pressed && !soak_round_ends(soak, HZ))
		key_pressed = console_getc() >= 0;
	if (key_pressed)
		soak_halt(soak);
	else
		soak_end_round(soak);
}

static bool is_over(const struct soak *soak, unsigned long ops)
{
	if (key_pressed) {
		test_note("a key was pressed: the end");
		return true;
	}
	return soak_minutes ? minutes_since() >= soak_minutes : soak_add_up(soak).ops >= ops;
}

/* ---- What was done ---- */

static void note(const struct soak_sums *sums, unsigned int rounds)
{
	test_note("%lu operations in %u rounds on %u CPUs, %lu of them in interrupts; %lu requests failed; digest 0x%08x",
		  sums->ops, rounds, num_online_cpus(), sums->interrupt_ops, sums->failed,
		  sums->digest);
}

/* "# blocks 123, objects 456" */
static void note_kinds(const struct soak *soak, const struct soak_sums *sums)
{
	char text[LINE_BYTES] = "";
	const struct soak_kind *kind;
	unsigned int nr, len = 0;

	for_each_soak_kind(kind, nr, soak->mix)
		len += scnprintf(text + len, sizeof(text) - len, "%s%s %lu", len ? ", " : "", kind->name,
				 sums->done[nr]);
	test_note("%s", text);
}

static void note_minute(const struct soak *soak, unsigned int rounds)
{
	unsigned long minutes = minutes_since();
	struct soak_sums sums;

	if (!soak_minutes || minutes == minutes_noted)
		return;
	minutes_noted = minutes;
	sums = soak_add_up(soak);
	test_note("minute %lu, round %u: %lu operations, %lu of them in interrupts; %lu requests failed; digest 0x%08x",
		  minutes, rounds, sums.ops, sums.interrupt_ops, sums.failed, sums.digest);
}

/* ---- Rounds ---- */

/* In all styles until it is over. Return: how many; 0 if one did not end well. */
static unsigned int run_rounds(struct soak *soak, unsigned long ops)
{
	unsigned long a_cycle = min(DIV_ROUND_UP(ops, CYCLES_MIN), OPS_A_CYCLE + 0ul);
	unsigned int round = 0;

	if (soak_minutes)
		a_cycle = OPS_OF_MINUTES;
	begun = jiffies;
	key_pressed = false;
	minutes_noted = 0;
	while (!is_over(soak, ops)) {
		const struct soak_style *style = &soak->mix->styles[round % soak->mix->nr_styles];

		choose_turns(soak, round++);
		soak_begin_round(soak, style, DIV_ROUND_UP(a_cycle * style->share, SOAK_SHARES));
		wait_for_round(soak);
		if (!EXPECT(soak_check(soak))) {
			test_note("in round %u, %s", round, style->name);
			return 0;
		}
		note_minute(soak, round);
	}
	return round;
}

void run_soak(const struct soak_mix *mix)
{
	unsigned int bad_pages = nr_bad_pages, slab_errors = nr_slab_errors, rounds;
	struct soak *soak = soak_create(mix, test_random());
	struct soak_sums sums;

	ASSERT(soak);
	rounds = run_rounds(soak, test_repeats(soak_ops));
	short_turns(0);
	soak_give_all(soak);
	soak->style = NULL;
	EXPECT(soak_check(soak));
	EXPECT_EQ(soak_held(soak, NULL).things, 0);
	EXPECT_EQ(nr_bad_pages, bad_pages);
	EXPECT_EQ(nr_slab_errors, slab_errors);
	sums = soak_add_up(soak);
	if (rounds) {
		note(&sums, rounds);
		note_kinds(soak, &sums);
	}
	soak_destroy(soak);
}
