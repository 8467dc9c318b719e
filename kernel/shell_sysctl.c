// SPDX-License-Identifier: MIT
/*
 * The prompt's `sysctl': settings of memory management, with Linux's names and meaning.
 *
 *    sysctl                                      all of them
 *    sysctl vm.min_free_kbytes                   one
 *    sysctl vm.lowmem_reserve_ratio 256 32 32    set it; takes effect at once
 *
 * A setting is a line of the table: its name, how many numbers it has, how they are read and set. A
 * value that it cannot have is answered with what it can have, and changes nothing.
 */
#include <kernel/console.h>
#include <kernel/shell.h>
#include <lib/bitops.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/pcp.h>
#include <mm/watermark.h>

#define VALUES_MAX	(MAX_NR_ZONES - 1)

struct setting {
	const char *name;
	int nr_values;
	void (*get)(unsigned long *values);
	int (*set)(const unsigned long *values);	/* 0 or -EINVAL */
	void (*say_range)(void);
};

/* --- vm.min_free_kbytes --- */

static void get_min_free(unsigned long *values)
{
	values[0] = min_free_kbytes;
}

static int set_min_free(const unsigned long *values)
{
	return set_min_free_kbytes(values[0]);
}

static void say_min_free_range(void)
{
	console_printf("0 to %lu, which is half of lowmem\n", max_min_free_kbytes());
}

/* --- vm.lowmem_reserve_ratio --- */

static void get_ratios(unsigned long *values)
{
	for (int i = 0; i < VALUES_MAX; i++)
		values[i] = (unsigned long)sysctl_lowmem_reserve_ratio[i];
}

static int set_ratios(const unsigned long *values)
{
	for (int i = 0; i < VALUES_MAX; i++)
		if (values[i] < 1 || values[i] > LOWMEM_RESERVE_RATIO_MAX)
			return -EINVAL;
	for (int i = 0; i < VALUES_MAX; i++)
		set_lowmem_reserve_ratio((enum zone_type)i, (int)values[i]);
	return 0;
}

static void say_ratio_range(void)
{
	console_printf("for DMA, Normal and HighMem, 1 to %d each\n", LOWMEM_RESERVE_RATIO_MAX);
}

/* --- vm.percpu_pagelist_fraction --- */

static void get_fraction(unsigned long *values)
{
	values[0] = percpu_pagelist_fraction;
}

static int set_fraction(const unsigned long *values)
{
	return set_percpu_pagelist_fraction((unsigned int)values[0]);
}

static void say_fraction_range(void)
{
	console_printf("0, or at least %d\n", MIN_PERCPU_PAGELIST_FRACTION);
}

/* --- The table, and the command --- */

static const struct setting settings[] = {
	{ "vm.lowmem_reserve_ratio", VALUES_MAX, get_ratios, set_ratios, say_ratio_range },
	{ "vm.min_free_kbytes", 1, get_min_free, set_min_free, say_min_free_range },
	{ "vm.percpu_pagelist_fraction", 1, get_fraction, set_fraction, say_fraction_range },
};

static void show_setting(const struct setting *setting)
{
	unsigned long values[VALUES_MAX];

	setting->get(values);
	console_printf("%s =", setting->name);
	for (int i = 0; i < setting->nr_values; i++)
		console_printf(" %lu", values[i]);
	console_write("\n");
}

static void show_all_settings(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		show_setting(&settings[i]);
}

static const struct setting *find_setting(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (strcmp(settings[i].name, name) == 0)
			return &settings[i];
	console_printf("sysctl: no setting \"%s\"; there are\n", name);
	show_all_settings();
	return NULL;
}

/* Writes the numbers of @words to @values. Return: are they numbers, and as many as it has? */
static bool parse_values(const struct setting *setting, int nr_words, char **words,
			 unsigned long *values)
{
	if (nr_words != setting->nr_values) {
		console_printf("sysctl: %s has %d values, not %d: ", setting->name,
			       setting->nr_values, nr_words);
		return false;
	}
	for (int i = 0; i < nr_words; i++)
		if (kstrtoul(words[i], 0, &values[i])) {
			console_printf("sysctl: %s: \"%s\" is no number that it can have: ",
				       setting->name, words[i]);
			return false;
		}
	return true;
}

static int change_setting(const struct setting *setting, int nr_words, char **words)
{
	unsigned long values[VALUES_MAX];

	if (parse_values(setting, nr_words, words, values)) {
		if (setting->set(values) == 0) {
			show_setting(setting);
			return 0;
		}
		console_printf("sysctl: %s cannot be that: ", setting->name);
	}
	setting->say_range();
	return -ERANGE;
}

static int sysctl(int argc, char **argv)
{
	const struct setting *setting;

	if (argc == 1) {
		show_all_settings();
		return 0;
	}
	setting = find_setting(argv[1]);
	if (!setting)
		return -ENOENT;
	if (argc > 2)
		return change_setting(setting, argc - 2, argv + 2);
	show_setting(setting);
	return 0;
}
SHELL_COMMAND("sysctl", "[NAME [VALUE...]]", "settings of memory management, by Linux's names",
	      sysctl);
