// SPDX-License-Identifier: MIT
/*
 * The soak as a test, and at the prompt. See soak.h.
 *
 *    make run SUITE=soak CPUS=4 CMDLINE='soak=10000000'       ten million operations
 *    make run SUITE=soak CMDLINE='soak=100000 seed=7' QEMUFLAGS='-icount shift=0,sleep=off'
 *                                                             the same run each time
 */
#include <kernel/console.h>
#include <kernel/params.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/bad_page.h>
#include <mm/fail_page_alloc.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <test.h>
#include "short_turns.h"
#include "soak.h"

TEST_SUITE("soak");

#define OPS_DEFAULT	20000
#define OPS_FAILING	1000	/* while each allocation fails in turn, again and again */
#define OPS_A_TURN	1000000	/* through all styles, at most */
#define TURNS_MIN	2

static unsigned long soak_ops = OPS_DEFAULT;
static unsigned long turn_us;	/* short_turns() during the soak */

static int __init soak_setup(char *value)
{
	unsigned long ops;

	if (kstrtoul(value, 0, &ops) || ops == 0)
		return -EINVAL;
	soak_ops = ops;
	return 0;
}
__setup("soak=", soak_setup);

static int __init turns_setup(char *value)
{
	return kstrtoul(value, 0, &turn_us) ? -EINVAL : 0;
}
__setup("turns=", turns_setup);

struct sums {
	unsigned long ops, interrupt_ops, failed;
	u32 digest;
};

static struct sums add_up(const struct soak *soak)
{
	const struct soak_worker *w;
	struct sums sums = { 0 };

	for (w = soak->workers; w < soak->workers + ARRAY_SIZE(soak->workers); w++) {
		sums.ops += w->nr_ops;
		sums.interrupt_ops += w->in_interrupt ? w->nr_ops : 0;
		sums.failed += w->nr_failed;
		sums.digest ^= w->digest * w->id;
	}
	return sums;
}

/* Rounds in all styles until enough is done. Return: how many; 0 if one did not end well. */
static unsigned int run_rounds(struct soak *soak, unsigned long ops)
{
	unsigned long a_turn = min(DIV_ROUND_UP(ops, TURNS_MIN), OPS_A_TURN + 0ul);
	unsigned int round = 0;

	while (add_up(soak).ops < ops) {
		const struct soak_style *style = &soak_styles[round++ % nr_soak_styles];

		soak_begin_round(soak, style, DIV_ROUND_UP(a_turn * style->share, SOAK_SHARES));
		soak_end_round(soak);
		if (!EXPECT(soak_check(soak))) {
			test_note("in round %u, %s", round, style->name);
			return 0;
		}
	}
	return round;
}

TEST("all CPUs allocate and free at random, in threads and interrupts, and every page is accounted for")
{
	unsigned long ops = fail_nth ? OPS_FAILING : soak_ops;
	unsigned int bad_pages = nr_bad_pages, rounds;
	struct soak *soak = soak_create(test_random());
	struct sums sums;

	ASSERT(soak);
	short_turns(turn_us);
	rounds = run_rounds(soak, ops);
	short_turns(0);
	soak_give_all(soak);
	EXPECT(soak_check(soak));
	EXPECT_EQ(soak_held_pages(soak), 0);
	EXPECT_EQ(nr_bad_pages, bad_pages);
	sums = add_up(soak);
	soak_destroy(soak);
	if (rounds)
		test_note("%lu operations in %u rounds on %u CPUs, %lu of them in interrupts; %lu requests failed; digest 0x%08x",
			  sums.ops, rounds, num_online_cpus(), sums.interrupt_ops, sums.failed,
			  sums.digest);
}

/* ---- At the prompt: something that keeps the allocator busy while one looks ---- */

static struct soak *background;

static int begin(void)
{
	if (!background)
		background = soak_create(1);
	if (!background) {
		console_write("soak: no memory\n");
		return -ENOMEM;
	}
	soak_begin_round(background, &soak_styles[0], SOAK_FOREVER);
	return 0;
}

/* What the soak itself lives on, but for its threads' stacks. */
static unsigned long pages_of_soak(const struct soak *soak)
{
	return PFN_UP(sizeof(*soak)) + PFN_UP(max_mapnr * sizeof(*soak->stamps));
}

static int halt(void)
{
	soak_halt(background);
	console_printf("soak: %lu operations; %lu pages are held, and %lu used for that; %s\n",
		       add_up(background).ops, soak_held_pages(background),
		       pages_of_soak(background), soak_check(background) ? "all is well" : "see above");
	return 0;
}

static int end(void)
{
	soak_destroy(background);
	background = NULL;
	return 0;
}

static bool is_running(void)
{
	return background && atomic_read(&background->nr_running);
}

static int soak_command(int argc, char **argv)
{
	if (argc != 2)
		return -EINVAL;
	if (strcmp(argv[1], "begin") == 0 && !is_running())
		return begin();
	if (strcmp(argv[1], "halt") == 0 && is_running())
		return halt();
	if (strcmp(argv[1], "end") == 0 && background && !is_running())
		return end();
	console_write("soak: begin it, then halt it, then begin again or end\n");
	return -EFAULT;
}
SHELL_COMMAND("soak", "begin|halt|end", "all CPUs allocate and free, behind the prompt", soak_command);
