// SPDX-License-Identifier: MIT
/*
 * What lockdep says: each report has both call chains, the one that is new and the one that it
 * contradicts, and the locks that the thread holds.
 *
 *    [ possible circular locking dependency detected ]
 *    init (1) takes A while it holds B, in            the new chain
 *        ...
 *    but the other way round, last step first:
 *      B was taken while A was held, in               the old one, edge by edge
 *        ...
 *    1 locks held by init (1):
 *     #0: B, c0012345, taken at ...
 *    ------------[ cut here ]------------             a warning
 *
 * The words in brackets are Linux's.
 */
#include <asm/irqflags.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <lib/bitops.h>

unsigned int lockdep_reports;

#if CONFIG_DEBUG_VM
#include "lockdep_internals.h"

static const char *const usage_names[NR_USAGES] = {
	"in an interrupt", "with interrupts enabled"
};

static void print_trace(const struct lock_trace *trace)
{
	for (unsigned int i = 0; i < trace->nr; i++)
		pr_warn("    %pS\n", (void *)trace->pc[i]);
}

void lockdep_print_held_locks(const struct task_struct *task)
{
	const struct held_locks *held = &task->held;

	pr_warn("%u locks held by %s (%d):\n", held->depth, task->comm, task->pid);
	for (unsigned int i = 0; i < held->depth; i++)
		pr_warn(" #%u: %s, %p, taken at %pS\n", i, lock_classes[held->lock[i].class].site,
			held->lock[i].lock, (void *)held->lock[i].ip);
}

/* From here to report_end() this CPU is not watched (L3). Return: flags for report_end(). */
static unsigned long report_begin(const char *what)
{
	unsigned long flags = arch_local_irq_save();

	set_bit(raw_smp_processor_id(), &lockdep_reporting);
	lockdep_reports++;
	pr_warn("[ %s ]\n", what);
	return flags;
}

static void report_end(unsigned long flags, const char *what)
{
	lockdep_print_held_locks(current);
	WARN_ON(true, "%s", what);
	clear_bit(raw_smp_processor_id(), &lockdep_reporting);
	arch_local_irq_restore(flags);
}

static void print_edge(unsigned int from, unsigned int to)
{
	pr_warn("  %s was taken while %s was held, in\n", lock_classes[to].site, lock_classes[from].site);
	for (unsigned int i = 0; i < nr_lock_edges; i++)
		if (lock_edges[i].from == from && lock_edges[i].to == to)
			print_trace(&lock_edges[i].trace);
}

void report_inversion(unsigned int held, unsigned int class, const struct lock_trace *trace,
		      const u8 came_from[MAX_CLASSES])
{
	unsigned long flags = report_begin("possible circular locking dependency detected");
	unsigned int to;

	pr_warn("%s (%d) takes %s while it holds %s, in\n", current->comm, current->pid,
		lock_classes[class].site, lock_classes[held].site);
	print_trace(trace);
	pr_warn("but the other way round, last step first:\n");
	for (to = held; to != class; to = came_from[to])
		print_edge(came_from[to], to);
	report_end(flags, "lock order inversion");
}

void report_recursion(unsigned int class)
{
	unsigned long flags = report_begin("possible recursive locking detected");

	pr_warn("%s (%d) takes %s while it holds one of the same class\n", current->comm,
		current->pid, lock_classes[class].site);
	report_end(flags, "recursive locking");
}

void report_irq_order(unsigned int safe, unsigned int unsafe, const u8 came_from[MAX_CLASSES])
{
	unsigned long flags = report_begin("HARDIRQ-safe -> HARDIRQ-unsafe lock order detected");
	unsigned int to;

	pr_warn("%s was taken in an interrupt, in\n", lock_classes[safe].site);
	print_trace(&lock_classes[safe].trace[USED_IN_IRQ]);
	pr_warn("%s was taken with interrupts enabled, in\n", lock_classes[unsafe].site);
	print_trace(&lock_classes[unsafe].trace[USED_WITH_IRQS_ON]);
	pr_warn("and the first is held when the second is taken, last step first:\n");
	for (to = unsafe; to != safe; to = came_from[to])
		print_edge(came_from[to], to);
	report_end(flags, "an interrupt may wait for who waits for what it interrupted");
}

void report_usage(unsigned int class)
{
	unsigned long flags = report_begin("inconsistent lock state");

	for (unsigned int usage = 0; usage < NR_USAGES; usage++) {
		pr_warn("%s was taken %s, in\n", lock_classes[class].site, usage_names[usage]);
		print_trace(&lock_classes[class].trace[usage]);
	}
	report_end(flags, "a lock taken in an interrupt, and elsewhere with interrupts enabled");
}

/* ---- Showing ---- */

void show_locks(void)
{
	for (unsigned int i = 0; i < nr_lock_classes; i++) {
		console_printf("%s:%s%s\n", lock_classes[i].site,
			       lock_classes[i].used & BIT(USED_IN_IRQ) ? " in-irq" : "",
			       lock_classes[i].used & BIT(USED_WITH_IRQS_ON) ? " irqs-on" : "");
		for (unsigned int j = 0; j < nr_lock_classes; j++)
			if (lock_edge_exists(i, j))
				console_printf("  -> %s\n", lock_classes[j].site);
	}
}

#else

void lockdep_print_held_locks(const struct task_struct *task)
{
	(void)task;
}

void show_locks(void)
{
	console_write("This kernel was built with DEBUG=0 and does not watch its locks.\n");
}
#endif
