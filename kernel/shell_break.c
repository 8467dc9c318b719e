// SPDX-License-Identifier: MIT
/*
 * Breakpoints at the prompt, with gdb's words:
 *
 *    pagewalk> break show_meminfo 2        prints the first two hits, and counts all
 *    pagewalk> break                       lists
 *    pagewalk> delete 0
 */
#include <asm/break.h>
#include <kernel/console.h>
#include <kernel/kallsyms.h>
#include <kernel/shell.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>

#define LINES	10

static int break_at(int argc, char **argv)
{
	unsigned long addr, lines = LINES;
	int nr;

	if (argc == 1) {
		show_breaks();
		return 0;
	}
	if (argc > 3 || (argc == 3 && kstrtoul(argv[2], 0, &lines)))
		return -EINVAL;
	if (kstrtoul(argv[1], 0, &addr))
		addr = kallsyms_lookup_name(argv[1]);
	if (!addr) {
		console_printf("break: no function \"%s\"\n", argv[1]);
		return -ENOENT;
	}
	nr = set_break(kallsyms_code(addr), (unsigned int)lines);
	if (nr < 0)
		return nr == -EINVAL ? -EFAULT : nr;
	console_printf("break %d is set\n", nr);
	return 0;
}
SHELL_COMMAND("break", "[FUNCTION|ADDR [LINES]]", "say when code is executed, so many times; or list what is set",
	      break_at);

static int delete_break(int argc, char **argv)
{
	unsigned long nr;

	if (argc != 2 || kstrtoul(argv[1], 0, &nr))
		return -EINVAL;
	if (clear_break((unsigned int)nr)) {
		console_printf("delete: there is no break %s\n", argv[1]);
		return -ENOENT;
	}
	return 0;
}
SHELL_COMMAND("delete", "NR", "take a breakpoint away", delete_break);
