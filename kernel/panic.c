// SPDX-License-Identifier: MIT
/*
 * When something is wrong: say what, with the values, who called, and stop; or, for WARN(), go on.
 *
 *    panic()   the system cannot go on      reason, call chain                  status 1
 *    __bug()   an invariant is broken       condition, values, registers, ...   status 1
 *    __warn()  something odd                condition, values, call chain       counted
 *
 * Differs from Linux: BUG() is a call, not an undefined instruction, so that it can take values.
 *
 * I1. A report that begins while another goes on, on the same CPU, is one line long, and ends the
 *     kernel: what is broken may be what reports rely on.
 * I2. oops_cpu is the CPU whose report it is, from the first one's oops_enter() on. Others that
 *     fault meanwhile leave one line, and stop.
 */
#include <stdarg.h>
#include <asm/irqflags.h>
#include <asm/smp.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/reboot.h>
#include <kernel/smp.h>
#include <kernel/stacktrace.h>
#include <lib/atomic.h>
#include <lib/vsprintf.h>

#define CONSOLE_LOGLEVEL_MOTORMOUTH	15	/* everything */
#define REASON_MAX			256
#define EXIT_FAILURE			1
#define NO_CPU				(-1)

unsigned int warn_count;

static atomic_t oops_cpu = ATOMIC_INIT(NO_CPU);
static unsigned int oops_depth;		/* of that CPU's reports */

bool oops_in_progress(void)
{
	return atomic_read(&oops_cpu) != NO_CPU;
}

/* I2 */
static void take_part(const char *what, unsigned long pc)
{
	int cpu = raw_smp_processor_id();
	int reporter = atomic_cmpxchg(&oops_cpu, NO_CPU, cpu);

	if (reporter == NO_CPU || reporter == cpu)
		return;
	pr_emerg("CPU %d too: %s at pc %08lx\n", cpu, what, pc);
	smp_stop_self();
}

void oops_enter(const char *what, unsigned long pc)
{
	local_irq_disable();
	take_part(what, pc);
	console_loglevel = CONSOLE_LOGLEVEL_MOTORMOUTH;
	switch (oops_depth++) {
	case 0:
		smp_send_stop();
		return;
	case 1:
		pr_emerg("Fault while reporting a fault: %s at pc %08lx. Stopped.\n", what, pc);
		kernel_exit(EXIT_FAILURE);
	default:			/* not even that line */
		machine_halt();
	}
}

void oops_exit(const char *reason)
{
	BUG_ON(oops_depth == 0, "no report to end: %s", reason);
	pr_emerg("---[ end Kernel panic - not syncing: %s ]---\n", reason);
	kernel_exit(EXIT_FAILURE);
}

void panic(const char *fmt, ...)
{
	static char reason[REASON_MAX];
	va_list args;

	oops_enter("panic", (unsigned long)__builtin_return_address(0));
	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	pr_emerg("Kernel panic - not syncing: %s\n", reason);
	dump_stack();
	oops_exit(reason);
}

void __bug(const struct bug_entry *entry, ...)
{
	static char values[REASON_MAX];
	va_list args;

	oops_enter(entry->cond, (unsigned long)__builtin_return_address(0));
	va_start(args, entry);
	vsnprintf(values, sizeof(values), entry->fmt, args);
	va_end(args);
	pr_emerg("------------[ cut here ]------------\n");
	pr_emerg("kernel BUG at %s:%d!\n", entry->file, entry->line);
	pr_emerg("%s(): %s:%s\n", entry->func, entry->cond, values);
	dump_caller(1);
	oops_exit("BUG");
}

void __warn(const struct bug_entry *entry, ...)
{
	char values[REASON_MAX];
	va_list args;

	warn_count++;
	va_start(args, entry);
	vsnprintf(values, sizeof(values), entry->fmt, args);
	va_end(args);
	pr_warn("------------[ cut here ]------------\n");
	pr_warn("WARNING: at %s:%d %s()\n", entry->file, entry->line, entry->func);
	pr_warn("%s:%s\n", entry->cond, values);
	dump_stack();
	pr_warn("---[ end trace ]---\n");
}
