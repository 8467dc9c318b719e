// SPDX-License-Identifier: MIT
/*
 * The soak of the page allocator as a test; and all soaks at the prompt. See soak.h.
 *
 *    make run SUITE=soak CPUS=4 CMDLINE='soak=10000000'       ten million operations
 *    make run SUITE=soak CMDLINE='soak=100000 seed=7' QEMUFLAGS='-icount shift=0,sleep=off'
 *                                                             the same run each time
 */
#include <kernel/console.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/slab.h>
#include <test.h>
#include "soak_run.h"

TEST_SUITE("soak");

TEST("all CPUs allocate and free at random, in threads and interrupts, and every page is accounted for")
{
	run_soak(&soak_mix_blocks);
}

/* ---- At the prompt: something that keeps the allocator busy while one looks ---- */

static struct soak *background;

static int begin(const struct soak_mix *mix)
{
	if (!background)
		background = soak_create(mix, 1);
	if (!background) {
		console_write("soak: no memory\n");
		return -ENOMEM;
	}
	soak_begin_round(background, background->mix->styles, SOAK_FOREVER);
	return 0;
}

/* Works that give objects back stand still, too, while caches are walked. */
static bool check_background(void)
{
	bool ok;

	cpucache_stop();
	ok = soak_check(background);
	cpucache_init();
	return ok;
}

static int halt(void)
{
	struct soak_use use;

	soak_halt(background);
	use = soak_held(background, NULL);
	console_printf("soak: %lu operations; %ld %s, %ld pages are held, and %lu used for that; %s\n",
		       soak_add_up(background).ops, use.things, background->mix->name, use.pages,
		       background->nr_own_pages, check_background() ? "all is well" : "see above");
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

/* What is to be soaked; NULL if there is no such thing, or another is soaked already. */
static const struct soak_mix *find_mix(int argc, char **argv)
{
	const struct soak_mix *mix = soak_find_mix(argc == 3 ? argv[2] : "pages");

	return background && background->mix != mix ? NULL : mix;
}

static int soak_command(int argc, char **argv)
{
	const struct soak_mix *mix = find_mix(argc, argv);

	if (argc < 2 || argc > 3)
		return -EINVAL;
	if (strcmp(argv[1], "begin") == 0 && !is_running() && mix)
		return begin(mix);
	if (strcmp(argv[1], "halt") == 0 && is_running())
		return halt();
	if (strcmp(argv[1], "end") == 0 && background && !is_running())
		return end();
	console_write("soak: begin it, then halt it, then begin again or end\n");
	return -EFAULT;
}
SHELL_COMMAND("soak", "begin [pages|objects|all]|halt|end", "all CPUs allocate and free, behind the prompt",
	      soak_command);
