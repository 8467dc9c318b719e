/* SPDX-License-Identifier: MIT */
/*
 * The prompt, and how to give it a command:
 *
 *    static int show_uptime(int argc, char **argv) { ... }
 *    SHELL_COMMAND("uptime", "", "seconds since reset", show_uptime);
 *
 * The linker collects the commands; nothing else is to be registered. A name may be of two words,
 * "mm zones": such a command is told from its siblings by the second one.
 */
#ifndef KERNEL_SHELL_H
#define KERNEL_SHELL_H

#include <lib/compiler.h>

#define SHELL_ARGS_MAX	8

struct shell_command {
	const char *name;
	const char *args;	/* what may stand behind the name, for `help`: "[suite]", "ADDR|PFN" */
	const char *help;	/* one line */
	/*
	 * @argv[0] is the name's last word, @argv[1] .. @argv[@argc - 1] the arguments.
	 * Return: 0; -EINVAL, upon which the prompt prints the usage; or another -errno, after a message.
	 */
	int (*run)(int argc, char **argv);
};

#define SHELL_COMMAND(name_, args_, help_, run_)				\
	static const struct shell_command __concat(shell_command_, run_)	\
		__used __no_reorder __section(".shell_commands") __aligned(4) = { \
		.name = name_, .args = args_, .help = help_, .run = run_,	\
	}

/**
 * shell_execute - carry out one line
 * @line: words separated by blanks; written to. An empty line and one that begins with # do nothing
 *
 * Context: after boot. Return: what the command returned; -ENOENT, -EINVAL or -E2BIG, after a
 * message, for a line that names no command, is misused, or has too many words.
 */
int shell_execute(char *line);

/* Prompt and execute, forever. Context: after boot. */
void shell(void) __noreturn;

#endif
