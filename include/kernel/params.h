/* SPDX-License-Identifier: MIT */
/*
 * Boot parameters: NAME or NAME=VALUE on the kernel's command line.
 *
 *    static int __init early_mem(char *value) { ... return 0 or -errno; }
 *    early_param("mem", early_mem);
 *
 *    __setup("test=", test_setup);     // the '=' says that a value must come with it
 *
 * early_param() handlers run in setup_arch(), before any allocator works; __setup() handlers in
 * start_kernel() after it; each in the order of the command line, and once for each time that the
 * parameter is given. @value is the text behind '=', or NULL for a bare name, which only a handler
 * whose name is registered without '=' gets to see. The text stays where it is for good; a handler
 * may keep the pointer, and does not write to it.
 *
 * A handler returns 0, or -errno, after which the parser names the parameter and its value and
 * boots on. A parameter nobody claims is named as well. In names '-' and '_' are the same.
 *
 * Differs from Linux: one return convention (0 or -errno) for both kinds, where Linux's __setup()
 * handlers return 1; and __setup() claims whole names, not every word that begins so.
 */
#ifndef KERNEL_PARAMS_H
#define KERNEL_PARAMS_H

#include <kernel/init.h>
#include <lib/types.h>

#define COMMAND_LINE_SIZE	1024

struct obs_kernel_param {
	const char *str;
	int (*setup_func)(char *value);
	bool early;
};

#define __setup_param(name, func, is_early)					\
	static const struct obs_kernel_param __concat(__setup_, func)		\
		__used __section(".init.setup") __aligned(4) = {		\
		.str = name, .setup_func = func, .early = is_early,		\
	}
#define early_param(name, func)	__setup_param(name, func, true)
#define __setup(name, func)	__setup_param(name, func, false)

/* As the boot loader passed it, cut to size; parameters are parsed from copies. */
extern char boot_command_line[COMMAND_LINE_SIZE];

/**
 * set_boot_command_line - take in a command line
 * @text: characters; need not be terminated
 * @bytes: that may be read at @text; a 0 among them ends the text
 *
 * Replaces boot_command_line. A text of COMMAND_LINE_SIZE or more characters is cut between two
 * parameters, control characters become blanks or '?', and a quote that is never closed is
 * reported; each with a message that names what and where. Context: setup_arch(), before
 * parse_early_param().
 */
void set_boot_command_line(const char *text, size_t bytes);

/**
 * parse_args - cut a command line into parameters
 * @doing: for messages of @handle, which gets it
 * @args: terminated text; is cut into pieces in place
 * @handle: called for each parameter with its name and its value, NULL for a bare name
 *
 * White space separates parameters. Double quotes keep it: around a value (a="b c") or a whole
 * parameter ("a=b c"), and are taken off there. The first '=' ends the name, unless it is the first
 * character.
 *
 * Return: what follows the parameter "--", or NULL if there is none.
 * Differs from Linux: which hands in a table of module parameters too; here @handle knows them all.
 */
char *parse_args(const char *doing, char *args,
		 void (*handle)(const char *doing, char *param, char *val));

/* Run the early_param() handlers. Context: setup_arch(). */
void parse_early_param(void);

/* Run the __setup() handlers, and name what nobody knows. Context: start_kernel(). */
void parse_params(void);

#endif
