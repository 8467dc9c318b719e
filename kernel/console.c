// SPDX-License-Identifier: MIT
/*
 * Text on the console, above the board's single characters.
 *
 *    printk()          messages: shown if their level says so     \
 *                                                                  >  console_write()  >  console_putc()
 *    console_printf()  answers: shown always                      /
 *
 * I1. The console sees CR LF where the text has LF.
 * I2. Lines of different CPUs do not mix: console_lock is held while one is formatted and written,
 *     and a line that a CPU has begun but not ended is ended before another CPU's begins.
 * I3. A report of a fault always gets through. A CPU that faults while it prints goes on with the
 *     lock it has; and if the lock's holder was stopped, or hangs, a report waits for it no longer
 *     than LOCK_TIMEOUT.
 */
#include <asm/irqflags.h>
#include <asm/spinlock.h>
#include <kernel/console.h>
#include <kernel/panic.h>
#include <kernel/smp.h>
#include <kernel/time.h>
#include <lib/string.h>
#include <lib/vsprintf.h>

#define CONSOLE_LINE_MAX	512
#define LOCK_TIMEOUT		(NSEC_PER_SEC / 2)
#define NOBODY			(~0u)

/* Not a spinlock_t, whose checks would want to print. */
static arch_spinlock_t console_lock = __ARCH_SPIN_LOCK_UNLOCKED;
static unsigned int console_holder = NOBODY;	/* a CPU */
static unsigned int open_line = NOBODY;		/* the CPU that has begun a line and not ended it */

/* A report waits for the lock; if it lasts too long, it goes on without. Return: was it taken? */
static bool take_in_oops(void)
{
	u64 start = sched_clock();

	while (!arch_spin_trylock(&console_lock)) {
		if (sched_clock() - start >= LOCK_TIMEOUT)
			return false;
		cpu_relax();
	}
	return true;
}

bool console_lock_irqsave(unsigned long *flags)
{
	*flags = arch_local_irq_save();
	if (READ_ONCE(console_holder) == raw_smp_processor_id())
		return false;		/* I3: this CPU, further up the stack */
	if (!oops_in_progress())
		arch_spin_lock(&console_lock);
	else if (!take_in_oops())
		return false;
	WRITE_ONCE(console_holder, raw_smp_processor_id());
	return true;
}

void console_unlock_irqrestore(bool locked, unsigned long flags)
{
	if (locked) {
		WRITE_ONCE(console_holder, NOBODY);
		arch_spin_unlock(&console_lock);
	}
	arch_local_irq_restore(flags);
}

static void write_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			console_putc('\r');
		console_putc(*text);
	}
}

void console_write(const char *text)
{
	unsigned long flags;
	unsigned int cpu;
	bool locked;

	if (*text == '\0')
		return;
	locked = console_lock_irqsave(&flags);
	cpu = raw_smp_processor_id();
	if (open_line != NOBODY && open_line != cpu)
		write_text("\n");
	write_text(text);
	open_line = text[strlen(text) - 1] == '\n' ? NOBODY : cpu;
	console_unlock_irqrestore(locked, flags);
}

void console_printf(const char *fmt, ...)
{
	static char line[CONSOLE_LINE_MAX];
	unsigned long flags;
	va_list args;
	bool locked;

	locked = console_lock_irqsave(&flags);
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	console_write(line);
	console_unlock_irqrestore(locked, flags);
}
