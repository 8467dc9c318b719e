// SPDX-License-Identifier: MIT
/*
 * When an invariant is broken: say which, with the values, and stop.
 */
#include <stdarg.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/reboot.h>

void panic(const char *fmt, ...)
{
	va_list args;

	pr_emerg("Kernel panic - not syncing: ");
	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
	pr_cont("\n");
	kernel_exit(1);
}

void __bug(const char *file, int line, const char *func, const char *cond, const char *fmt, ...)
{
	va_list args;

	pr_emerg("kernel BUG at %s:%d in %s(): %s:", file, line, func, cond);
	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
	pr_cont("\n");
	panic("BUG");
}

void __warn(const char *file, int line, const char *func, const char *cond, const char *fmt, ...)
{
	va_list args;

	pr_warn("WARNING: at %s:%d in %s(): %s:", file, line, func, cond);
	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
	pr_cont("\n");
}
