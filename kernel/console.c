// SPDX-License-Identifier: MIT
/*
 * Text on the console, above the board's single characters.
 *
 *    printk()          messages: shown if their level says so     \
 *                                                                  >  console_write()  >  console_putc()
 *    console_printf()  answers: shown always                      /
 *
 * I1. The console sees CR LF where the text has LF.
 */
#include <kernel/console.h>
#include <lib/vsprintf.h>

#define CONSOLE_LINE_MAX	512

void console_write(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			console_putc('\r');
		console_putc(*text);
	}
}

void console_printf(const char *fmt, ...)
{
	static char line[CONSOLE_LINE_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	console_write(line);
}
