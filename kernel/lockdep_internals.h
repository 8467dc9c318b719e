/* SPDX-License-Identifier: MIT */
/*
 * What lockdep.c writes and lockdep_report.c prints: classes of locks, and the edges between them.
 */
#ifndef KERNEL_LOCKDEP_INTERNALS_H
#define KERNEL_LOCKDEP_INTERNALS_H

#include <kernel/lockdep.h>
#include <lib/bitops.h>
#include <lib/types.h>

#define MAX_CLASSES	128
#define CLASS_WORDS	BITS_TO_LONGS(MAX_CLASSES)
#define MAX_EDGES	256
#define TRACE_MAX	6

struct lock_trace {
	unsigned long pc[TRACE_MAX];
	unsigned int nr;
};

enum lock_usage { USED_IN_IRQ, USED_WITH_IRQS_ON, NR_USAGES };

struct lock_class {
	const char *site;
	unsigned int used;		/* bits: enum lock_usage */
	struct lock_trace trace[NR_USAGES];	/* the first of each */
	unsigned long after[CLASS_WORDS];	/* bits: classes that were taken while this was held */
	unsigned long reported[CLASS_WORDS];	/* bits: ways to them from this one, taken in interrupts */
};

/* An edge, for reports. */
struct lock_edge {
	u8 from, to;
	struct lock_trace trace;
};

extern struct lock_class lock_classes[MAX_CLASSES];
extern unsigned int nr_lock_classes;
extern struct lock_edge lock_edges[MAX_EDGES];
extern unsigned int nr_lock_edges;

/* Bits: CPUs that report, and are not watched meanwhile. */
extern unsigned long lockdep_reporting;

static inline bool lock_edge_exists(unsigned int from, unsigned int to)
{
	return test_bit(to, lock_classes[from].after);
}

/*
 * The reports. @came_from[] holds for each class on a way the class before. Each is a warning, and
 * ends with what the thread holds.
 */

/* The class is taken while @held is held; the way, in @came_from, leads from the class to @held. */
void report_inversion(unsigned int held, unsigned int class, const struct lock_trace *trace,
		      const u8 came_from[MAX_CLASSES]);

/* The class is taken while one of the same class is held. */
void report_recursion(unsigned int class);

/* The way, in @came_from, leads from @safe, which is taken in interrupts, to @unsafe. */
void report_irq_order(unsigned int safe, unsigned int unsafe, const u8 came_from[MAX_CLASSES]);

/* The class was taken in an interrupt, and with interrupts enabled. */
void report_usage(unsigned int class);

#endif
