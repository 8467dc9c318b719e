// SPDX-License-Identifier: MIT
/*
 * The prompt, whatever is typed: the real kernel/shell*.c, with the real memory management of a small
 * machine behind them, and a board that checks what it is asked (shell_board.h).
 */
#include "fuzz.h"
#include "shell_board.h"
#include "slab_machine.h"

TEST_SUITE("shell_fuzz");

static void reset(void)
{
	slab_machine_boot(&machines[MACHINE_32M]);
}

static unsigned int count(const char *text, size_t nr, char c)
{
	unsigned int found = 0;

	while (nr--)
		found += *text++ == c;
	return found;
}

/* Each line ends in a prompt, and none of them breaks anything. */
static bool take(const char *keys, size_t nr)
{
	unsigned int ends = count(keys, nr, '\n') + count(keys, nr, '\r') + count(keys, nr, 3);
	unsigned long pages = slab_machine_pages();

	host_log_clear();
	shell_type(keys, nr);
	return EXPECT(shell_prompts >= 1 && shell_prompts <= ends + 1) && EXPECT(slab_machine_check()) &&
	       EXPECT(slab_machine_pages() <= pages);
}

static const char *const words[] = {
	" ", " ", " ", "\n", "\n", "\r", "\t", "\b", "\x15", "\x03", "\x7f", "\x1b[", "\x1bO", ";", "A", "0x",
	"0", "1", "8", "16", "32", "b", "w", "60000", "10000000", "ffffffff", "4294967296", "-1", "#", "|",
	"help", "mm", "mm ", "page", "owner", "zonelist", "GFP_KERNEL", "__GFP_THISNODE", "GFP_HIGHUSER_MOVABLE",
	"pt", "dump", "whatis", "zones", "buddy", "slab", "vmalloc", "pcp", "watermarks", "memblock", "mem",
	"sysctl ", "vm.min_free_kbytes ", "vm.lowmem_reserve_ratio ", "vm.percpu_pagelist_fraction ",
	"devmem ", "iomem", "break ", "alloc_pages", "delete ", "meminfo", "vmstat", "slabtop", "kmemleak scan",
	NULL,
};

TEST("whatever is typed is answered, and all of memory management is right afterwards")
{
	static const struct fuzz_text lines = {
		.texts = 300, .most = 400, .words = words, .reset = reset, .take = take,
	};

	EXPECT(fuzz_text_run(&lines));
}
