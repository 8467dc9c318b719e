/* SPDX-License-Identifier: MIT */
/*
 * Boot parameters: NAME or NAME=VALUE on the kernel's command line.
 *
 *    static int __init early_mem(char *value) { ... return 0 or -errno; }
 *    early_param("mem", early_mem);
 *
 *    __setup("test=", test_setup);     // value is what stands behind the '='
 *
 * early_param() handlers run in setup_arch(), before any allocator works; __setup() handlers in
 * start_kernel() after it. @value is the text behind '=', or NULL for a bare name. A handler returns 0,
 * or -EINVAL after which the parser names the parameter and its value and boots on without it.
 * A parameter nobody claims is named as well.
 *
 * Differs from Linux: one return convention (0 or -errno) for both kinds; __setup() in Linux returns 1.
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

/* Run the early_param() handlers over boot_command_line. Context: setup_arch(). */
void parse_early_param(void);

/* Run the __setup() handlers over boot_command_line, and name what nobody knows. */
void parse_params(void);

#endif
