// SPDX-License-Identifier: MIT
/*
 * Which locks are taken while which are held, by class; and in which context. After Linux's
 * kernel/locking/lockdep.c, in small.
 *
 *    thread 1:  lock(A) lock(B)                A --> B     "B was taken while A was held": an edge
 *    thread 2:           lock(B) lock(C)             B --> C
 *    thread 3:                    lock(C) lock(A)          C --> A?   A leads to C: reported
 *
 * No two threads need to meet for that: that each of the orders was seen once, by whomever, is
 * enough. Both chains are printed, the new one and, edge by edge, the one that leads back.
 *
 *    taken in an interrupt         --+
 *    taken with interrupts enabled --+--> the interrupt may come while it is held: reported
 *
 *    CPU 0: has U, interrupts enabled      an interrupt comes, and wants S: waits for CPU 1
 *    CPU 1: has S, taken in interrupts     wants U: waits for CPU 0
 *
 * So no way may lead from a class S that interrupts take to a class U that is taken with interrupts
 * enabled, though neither is used wrongly by itself.
 *
 * L1. Classes and edges are only added, under graph_lock; readers without it see a part of them,
 *     which costs no more than a report that comes later. (lockdep_forget() is for tests.)
 * L2. An edge that would close a circle, and a use that contradicts another, are added as well:
 *     each mistake is reported once.
 * L3. While a CPU reports, its interrupts are masked, and it does not watch itself.
 * L4. A trylock waits for nobody, so no edge leads to it, and in an interrupt it does no harm; but
 *     edges lead from it, as it is held.
 * L5. The look for a way back and the new edge are one step under graph_lock. Of two CPUs that are
 *     about to lock each other out, each for the first time, one sees the other's edge.
 */
#include <asm/irqflags.h>
#include <kernel/bug.h>
#include <kernel/hardirq.h>
#include <kernel/lockdep.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/stacktrace.h>
#include <lib/bitops.h>
#include <lib/string.h>

#if CONFIG_DEBUG_VM
#include "lockdep_internals.h"

#define TRACE_SKIP	1		/* lock_acquire() itself */

struct lock_class lock_classes[MAX_CLASSES];
unsigned int nr_lock_classes;
struct lock_edge lock_edges[MAX_EDGES];
unsigned int nr_lock_edges;
static arch_spinlock_t graph_lock = __ARCH_SPIN_LOCK_UNLOCKED;
unsigned long lockdep_reporting;		/* bits: CPUs (L3) */
static unsigned long too_many;		/* classes: bit 0; said once */

_Static_assert(MAX_CLASSES < 1 << 8, "a class fits into a u8");

/* ---- The graph ---- */

static unsigned long lock_graph(void)
{
	unsigned long flags = arch_local_irq_save();

	arch_spin_lock(&graph_lock);
	return flags;
}

static void unlock_graph(unsigned long flags)
{
	arch_spin_unlock(&graph_lock);
	arch_local_irq_restore(flags);
}

/* Return: the class's number; MAX_CLASSES if there is none of that site. */
static unsigned int find_class(const char *site, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		if (lock_classes[i].site == site)
			return i;
	return MAX_CLASSES;
}

/* Return: the class's number; a new one if need be, MAX_CLASSES if there is no room. */
static unsigned int class_of(const char *site)
{
	unsigned int class = find_class(site, smp_load_acquire(&nr_lock_classes));
	unsigned long flags;

	if (likely(class < MAX_CLASSES))
		return class;
	flags = lock_graph();
	class = find_class(site, nr_lock_classes);
	if (class == MAX_CLASSES && nr_lock_classes < MAX_CLASSES) {
		class = nr_lock_classes;
		lock_classes[class].site = site;
		smp_store_release(&nr_lock_classes, nr_lock_classes + 1);
	}
	unlock_graph(flags);
	if (class == MAX_CLASSES && !test_and_set_bit(0, &too_many))
		pr_warn("lockdep: %u classes are all that there is room for, %s is not watched\n",
			MAX_CLASSES, site);
	return class;
}

static void save_trace(struct lock_trace *trace)
{
	trace->nr = stack_trace_save(trace->pc, TRACE_MAX, TRACE_SKIP);
}

/* Context: graph locked. */
static void add_edge(unsigned int from, unsigned int to, const struct lock_trace *trace)
{
	if (nr_lock_edges < MAX_EDGES)	/* beyond, reports lack the trace */
		lock_edges[nr_lock_edges++] = (struct lock_edge){ from, to, *trace };
	__set_bit(to, lock_classes[from].after);
}

/*
 * The way from one class to another, breadth first. Return: is there one? @came_from[] receives
 * for each class on it the one before.
 */
static bool find_path(unsigned int from, unsigned int to, u8 came_from[MAX_CLASSES])
{
	u8 queue[MAX_CLASSES];
	unsigned int head = 0, tail = 0;
	unsigned long seen[CLASS_WORDS] = { 0 };

	__set_bit(from, seen);
	queue[tail++] = from;
	while (head < tail) {
		unsigned int class = queue[head++];

		if (class == to)
			return true;
		for (unsigned int next = 0; next < nr_lock_classes; next++) {
			if (!lock_edge_exists(class, next) || __test_and_set_bit(next, seen))
				continue;
			came_from[next] = class;
			queue[tail++] = next;
		}
	}
	return false;
}

/* ---- Watching ---- */

static bool watched(const char *site)
{
	return site && !(READ_ONCE(lockdep_reporting) & BIT(raw_smp_processor_id()));
}

/*
 * Find a way from a class that interrupts take to one that is taken with interrupts enabled, which
 * was not reported yet. Return: is there one? Context: graph locked.
 */
static bool find_irq_order(unsigned int *safe, unsigned int *unsafe, u8 came_from[MAX_CLASSES])
{
	for (unsigned int s = 0; s < nr_lock_classes; s++) {
		if (!(lock_classes[s].used & BIT(USED_IN_IRQ)))
			continue;
		for (unsigned int u = 0; u < nr_lock_classes; u++) {
			if (u == s || !(lock_classes[u].used & BIT(USED_WITH_IRQS_ON)) ||
			    test_bit(u, lock_classes[s].reported) || !find_path(s, u, came_from))
				continue;
			__set_bit(u, lock_classes[s].reported);
			*safe = s;
			*unsafe = u;
			return true;
		}
	}
	return false;
}

/* A class is used in a new way, or there is a new edge: rare, so the whole graph may be looked at. */
static void check_irq_order(void)
{
	unsigned int safe, unsafe;
	u8 came_from[MAX_CLASSES];
	unsigned long flags = lock_graph();
	bool found = find_irq_order(&safe, &unsafe, came_from);

	unlock_graph(flags);
	if (found)
		report_irq_order(safe, unsafe, came_from);
}

/* The first use of a class in a context; both contexts together are a mistake. */
static void note_usage(unsigned int class, bool trylock)
{
	enum lock_usage usage = in_irq() ? USED_IN_IRQ : USED_WITH_IRQS_ON;
	struct lock_class *c = &lock_classes[class];
	unsigned long flags;

	if ((c->used & BIT(usage)) || (usage == USED_WITH_IRQS_ON && irqs_disabled()) ||
	    (usage == USED_IN_IRQ && trylock))		/* L4 */
		return;
	flags = lock_graph();
	save_trace(&c->trace[usage]);
	c->used |= BIT(usage);
	unlock_graph(flags);
	if (c->used == (BIT(USED_IN_IRQ) | BIT(USED_WITH_IRQS_ON)))
		report_usage(class);
	else
		check_irq_order();
}

/* The class is taken while @held is held. */
static void note_order(unsigned int held, unsigned int class)
{
	u8 came_from[MAX_CLASSES];
	struct lock_trace trace;
	unsigned long flags;
	bool fresh, circle;

	if (likely(lock_edge_exists(held, class)))
		return;
	save_trace(&trace);
	flags = lock_graph();			/* L5 */
	fresh = !lock_edge_exists(held, class);
	circle = fresh && held != class && find_path(class, held, came_from);
	if (fresh)
		add_edge(held, class, &trace);	/* L2 */
	unlock_graph(flags);
	if (!fresh)
		return;
	if (held == class)
		report_recursion(class);
	else if (circle)
		report_inversion(held, class, &trace, came_from);
	else
		check_irq_order();
}

void lock_acquire(const void *lock, const char *site, bool trylock, const void *ip)
{
	struct held_locks *held;
	unsigned long flags;
	unsigned int class;

	if (!watched(site))
		return;
	class = class_of(site);
	if (class == MAX_CLASSES)
		return;
	held = &current->held;
	note_usage(class, trylock);
	for (unsigned int i = 0; i < held->depth && !trylock; i++)	/* L4 */
		note_order(held->lock[i].class, class);
	flags = arch_local_irq_save();
	BUG_ON(held->depth == MAX_LOCK_DEPTH, "%s (%d) holds %u locks", current->comm, current->pid,
	       held->depth);
	held->lock[held->depth++] = (struct held_lock){ lock, (unsigned long)ip, class };
	arch_local_irq_restore(flags);
}

/* Take the entry of a lock out; one that is not watched has none. Return: it was there, in *@entry. */
static bool take_out(struct held_locks *held, const void *lock, struct held_lock *entry)
{
	for (unsigned int i = held->depth; i-- > 0;) {
		if (held->lock[i].lock != lock)
			continue;
		*entry = held->lock[i];
		held->depth--;
		for (; i < held->depth; i++)
			held->lock[i] = held->lock[i + 1];
		return true;
	}
	return false;
}

void lock_release(const void *lock)
{
	unsigned long flags = arch_local_irq_save();
	struct held_lock entry;

	take_out(&current->held, lock, &entry);
	arch_local_irq_restore(flags);
}

void lock_hand_over(const void *lock, struct task_struct *from, struct task_struct *to)
{
	struct held_lock entry;

	VM_BUG_ON(!irqs_disabled());
	if (!take_out(&from->held, lock, &entry))
		return;
	BUG_ON(to->held.depth == MAX_LOCK_DEPTH, "%s (%d) holds %u locks", to->comm, to->pid,
	       to->held.depth);
	to->held.lock[to->held.depth++] = entry;
}

/* ---- Forgetting ---- */

/* Are the locks of the class initialised in @file? Its site may have a word in front: "mutex ". */
static bool class_in_file(const struct lock_class *class, const char *file)
{
	const char *blank = strchr(class->site, ' ');
	const char *name = blank ? blank + 1 : class->site;
	size_t len = strlen(file);

	return strncmp(name, file, len) == 0 && name[len] == ':';
}

/* Drop the edges from and to a class. Context: graph locked. */
static void drop_edges(unsigned int class)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < nr_lock_edges; i++)
		if (lock_edges[i].from != class && lock_edges[i].to != class)
			lock_edges[kept++] = lock_edges[i];
	nr_lock_edges = kept;
	memset(lock_classes[class].after, 0, sizeof(lock_classes[class].after));
	memset(lock_classes[class].reported, 0, sizeof(lock_classes[class].reported));
	for (unsigned int i = 0; i < nr_lock_classes; i++) {
		__clear_bit(class, lock_classes[i].after);
		__clear_bit(class, lock_classes[i].reported);
	}
}

void lockdep_forget(const char *file)
{
	unsigned long flags = lock_graph();

	for (unsigned int i = 0; i < nr_lock_classes; i++) {
		if (!class_in_file(&lock_classes[i], file))
			continue;
		drop_edges(i);
		lock_classes[i].used = 0;
	}
	unlock_graph(flags);
}

/* ---- Checking ---- */

/* Without reports there is no way from a class back to itself. */
int lockdep_check(void)
{
	u8 came_from[MAX_CLASSES];
	unsigned int circles = 0;

	for (unsigned int i = 0; i < nr_lock_edges; i++)
		if (find_path(lock_edges[i].to, lock_edges[i].from, came_from))
			circles++;
	if (!circles || lockdep_reports)
		return 0;
	pr_err("lockdep_check: %u edges are on circles that were not reported\n", circles);
	return circles;
}

#else

void lockdep_forget(const char *file)
{
	(void)file;
}

int lockdep_check(void)
{
	return 0;
}
#endif
