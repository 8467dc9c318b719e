// SPDX-License-Identifier: MIT
/*
 * The switchboard of the bug museum: part of kernels that are made with BUGS=1.
 */
#include <kernel/bugs.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/string.h>

struct exhibit {
	const char *name, *title;
};

#define EXHIBIT(name, title)	[BUG_##name] = { #name, title },
static const struct exhibit exhibits[] = { FOR_EACH_BUG(EXHIBIT) };

enum planted_bug planted_bug;

static void list_bugs(void)
{
	for (unsigned int i = BUG_NONE + 1; i < ARRAY_SIZE(exhibits); i++)
		pr_info("bug=%-18s %s\n", exhibits[i].name, exhibits[i].title);
}

int plant_bug(const char *name)
{
	if (!name)
		return -EINVAL;
	for (unsigned int i = BUG_NONE + 1; i < ARRAY_SIZE(exhibits); i++) {
		if (strcmp(name, exhibits[i].name) != 0)
			continue;
		planted_bug = (enum planted_bug)i;
		pr_warn("bug=%s: %s\n", name, exhibits[i].title);
		return 0;
	}
	if (strcmp(name, "list") != 0)
		pr_err("bug: there is none called \"%s\"; these exist:\n", name);
	list_bugs();
	return strcmp(name, "list") ? -EINVAL : 0;
}

static int __init bug_setup(char *value)
{
	return plant_bug(value);
}
early_param("bug", bug_setup);
