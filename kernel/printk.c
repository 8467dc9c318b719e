// SPDX-License-Identifier: MIT
/*
 * printk(): one line, formatted into a buffer, sent to the console.
 *
 *    "\0016present %u\n"  ->  level 6, "present 42\n"  ->  console, if 6 < console_loglevel
 *
 * I1. A message without a level is KERN_NOTICE; KERN_CONT takes the level of the message before it.
 * I2. A message that is cut ends with "..." and a newline, so that the next one begins a line.
 * I3. The buffer and the last level belong to whoever has the console (kernel/console.c).
 */
#include <kernel/console.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include <lib/types.h>
#include <lib/vsprintf.h>

#define LOG_LINE_MAX	512
#define CUT_MARK	"...\n"
#define LOGLEVEL_NOTICE	5

int console_loglevel = CONSOLE_LOGLEVEL_DEFAULT;

/* The level @fmt begins with; moves *@fmt behind it. */
static int take_level(const char **fmt)
{
	static int last_level = LOGLEVEL_NOTICE;

	if ((*fmt)[0] == KERN_SOH[0] && (*fmt)[1] != '\0') {
		if ((*fmt)[1] != 'c')
			last_level = (*fmt)[1] - '0';
		*fmt += 2;
	} else {
		last_level = LOGLEVEL_NOTICE;
	}
	return last_level;
}

int vprintk(const char *fmt, va_list args)
{
	static char line[LOG_LINE_MAX];
	unsigned long flags;
	bool locked = console_lock_irqsave(&flags);
	int level = take_level(&fmt);
	int len = vsnprintf(line, sizeof(line), fmt, args);

	if (len >= LOG_LINE_MAX)
		memcpy(line + LOG_LINE_MAX - sizeof(CUT_MARK), CUT_MARK, sizeof(CUT_MARK));
	if (level < console_loglevel)
		console_write(line);
	console_unlock_irqrestore(locked, flags);
	return len;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}
