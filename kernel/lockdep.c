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
 * L1. Classes and edges are only added, under graph_lock; readers without it see a part of them,
 *     which costs no more than a report that comes later. (lockdep_forget() is for tests.)
 * L2. An edge that would close a circle, and a use that contradicts another, are added as well:
 *     each mistake is reported once.
 * L3. While a CPU reports, its interrupts are masked, and it does not watch itself.
 * L4. A trylock waits for nobody, so no edge leads to it; but edges lead from it, as it is held.
 */
#include <asm/irqflags.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/hardirq.h>
#include <kernel/lockdep.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <kernel/stacktrace.h>
#include <lib/string.h>

unsigned int lockdep_reports;

#if CONFIG_DEBUG_VM

#define MAX_CLASSES	64
#define MAX_EDGES	256
#define TRACE_MAX	6
#define TRACE_SKIP	1		/* lock_acquire() itself */

struct trace {
	unsigned long pc[TRACE_MAX];
	unsigned int nr;
};

enum usage { USED_IN_IRQ, USED_WITH_IRQS_ON, NR_USAGES };

static const char *const usage_names[NR_USAGES] = {
	"in an interrupt", "with interrupts enabled"
};

struct lock_class {
	const char *site;
	unsigned int used;		/* bits: enum usage */
	struct trace trace[NR_USAGES];	/* the first of each */
	u64 after;			/* bits: classes that were taken while this was held */
};

/* An edge, for reports. */
struct lock_edge {
	u8 from, to;
	struct trace trace;
};

static struct lock_class classes[MAX_CLASSES];
static unsigned int nr_classes;
static struct lock_edge edges[MAX_EDGES];
static unsigned int nr_edges;
static arch_spinlock_t graph_lock = __ARCH_SPIN_LOCK_UNLOCKED;
static unsigned long reporting;		/* bits: CPUs (L3) */

_Static_assert(MAX_CLASSES <= 64, "a set of classes is a u64");

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
		if (classes[i].site == site)
			return i;
	return MAX_CLASSES;
}

/* Return: the class's number; a new one if need be, MAX_CLASSES if there is no room. */
static unsigned int class_of(const char *site)
{
	unsigned int class = find_class(site, smp_load_acquire(&nr_classes));
	unsigned long flags;

	if (likely(class < MAX_CLASSES))
		return class;
	flags = lock_graph();
	class = find_class(site, nr_classes);
	if (class == MAX_CLASSES && nr_classes < MAX_CLASSES) {
		class = nr_classes;
		classes[class].site = site;
		smp_store_release(&nr_classes, nr_classes + 1);
	}
	unlock_graph(flags);
	return class;
}

static void save_trace(struct trace *trace)
{
	trace->nr = stack_trace_save(trace->pc, TRACE_MAX, TRACE_SKIP);
}

static bool edge_exists(unsigned int from, unsigned int to)
{
	return classes[from].after & (1ull << to);
}

static void add_edge(unsigned int from, unsigned int to, const struct trace *trace)
{
	unsigned long flags = lock_graph();

	if (!edge_exists(from, to)) {
		if (nr_edges < MAX_EDGES)
			edges[nr_edges++] = (struct lock_edge){ from, to, *trace };
		classes[from].after |= 1ull << to;
	}
	unlock_graph(flags);
}

/*
 * The way from one class to another, breadth first. Return: is there one? @came_from[] receives
 * for each class on it the one before.
 */
static bool find_path(unsigned int from, unsigned int to, u8 came_from[MAX_CLASSES])
{
	u8 queue[MAX_CLASSES];
	unsigned int head = 0, tail = 0;
	u64 seen = 1ull << from;

	queue[tail++] = from;
	while (head < tail) {
		unsigned int class = queue[head++];

		if (class == to)
			return true;
		for (unsigned int next = 0; next < nr_classes; next++) {
			if (!edge_exists(class, next) || (seen & (1ull << next)))
				continue;
			seen |= 1ull << next;
			came_from[next] = class;
			queue[tail++] = next;
		}
	}
	return false;
}

/* ---- Reports ---- */

static void print_trace(const struct trace *trace)
{
	for (unsigned int i = 0; i < trace->nr; i++)
		pr_warn("    %pS\n", (void *)trace->pc[i]);
}

void lockdep_print_held_locks(const struct task_struct *task)
{
	const struct held_locks *held = &task->held;

	pr_warn("%u locks held by %s (%d):\n", held->depth, task->comm, task->pid);
	for (unsigned int i = 0; i < held->depth; i++)
		pr_warn(" #%u: %s, %p, taken at %pS\n", i, classes[held->lock[i].class].site,
			held->lock[i].lock, (void *)held->lock[i].ip);
}

/* From here to report_end() this CPU is not watched (L3). Return: flags for report_end(). */
static unsigned long report_begin(const char *what)
{
	unsigned long flags = arch_local_irq_save();

	set_bit(raw_smp_processor_id(), &reporting);
	lockdep_reports++;
	pr_warn("[ %s ]\n", what);
	return flags;
}

static void report_end(unsigned long flags, const char *what)
{
	lockdep_print_held_locks(current);
	WARN_ON(true, "%s", what);
	clear_bit(raw_smp_processor_id(), &reporting);
	arch_local_irq_restore(flags);
}

static void print_edge(unsigned int from, unsigned int to)
{
	pr_warn("  %s was taken while %s was held, in\n", classes[to].site, classes[from].site);
	for (unsigned int i = 0; i < nr_edges; i++)
		if (edges[i].from == from && edges[i].to == to)
			print_trace(&edges[i].trace);
}

static void report_inversion(unsigned int held, unsigned int class, const struct trace *trace,
			     const u8 came_from[MAX_CLASSES])
{
	unsigned long flags = report_begin("possible circular locking dependency detected");
	unsigned int to;

	pr_warn("%s (%d) takes %s while it holds %s, in\n", current->comm, current->pid,
		classes[class].site, classes[held].site);
	print_trace(trace);
	pr_warn("but the other way round, last step first:\n");
	for (to = held; to != class; to = came_from[to])
		print_edge(came_from[to], to);
	report_end(flags, "lock order inversion");
}

static void report_recursion(unsigned int class)
{
	unsigned long flags = report_begin("possible recursive locking detected");

	pr_warn("%s (%d) takes %s while it holds one of the same class\n", current->comm,
		current->pid, classes[class].site);
	report_end(flags, "recursive locking");
}

static void report_usage(unsigned int class)
{
	unsigned long flags = report_begin("inconsistent lock state");

	for (unsigned int usage = 0; usage < NR_USAGES; usage++) {
		pr_warn("%s was taken %s, in\n", classes[class].site, usage_names[usage]);
		print_trace(&classes[class].trace[usage]);
	}
	report_end(flags, "a lock taken in an interrupt, and elsewhere with interrupts enabled");
}

/* ---- Watching ---- */

static bool watched(const char *site)
{
	return site && !(READ_ONCE(reporting) & BIT(raw_smp_processor_id()));
}

/* The first use of a class in a context; both contexts together are a mistake. */
static void note_usage(unsigned int class)
{
	enum usage usage = in_irq() ? USED_IN_IRQ : USED_WITH_IRQS_ON;
	struct lock_class *c = &classes[class];
	unsigned long flags;

	if ((c->used & BIT(usage)) || (usage == USED_WITH_IRQS_ON && irqs_disabled()))
		return;
	save_trace(&c->trace[usage]);
	flags = lock_graph();
	c->used |= BIT(usage);
	unlock_graph(flags);
	if (c->used == (BIT(USED_IN_IRQ) | BIT(USED_WITH_IRQS_ON)))
		report_usage(class);
}

/* The class is taken while @held is held. */
static void note_order(unsigned int held, unsigned int class)
{
	u8 came_from[MAX_CLASSES];
	struct trace trace;
	bool circle;

	if (likely(edge_exists(held, class)))
		return;
	save_trace(&trace);
	circle = held != class && find_path(class, held, came_from);
	add_edge(held, class, &trace);		/* L2 */
	if (held == class)
		report_recursion(class);
	else if (circle)
		report_inversion(held, class, &trace, came_from);
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
	note_usage(class);
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
	if (take_out(&from->held, lock, &entry))
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

static u64 classes_of_file(const char *file)
{
	u64 set = 0;

	for (unsigned int i = 0; i < nr_classes; i++)
		if (class_in_file(&classes[i], file))
			set |= 1ull << i;
	return set;
}

/* Drop the edges from and to a set of classes. Context: graph locked. */
static void drop_edges(u64 set)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < nr_edges; i++)
		if (!(set & (1ull << edges[i].from | 1ull << edges[i].to)))
			edges[kept++] = edges[i];
	nr_edges = kept;
	for (unsigned int i = 0; i < nr_classes; i++)
		classes[i].after &= set & (1ull << i) ? 0 : ~set;
}

void lockdep_forget(const char *file)
{
	unsigned long flags = lock_graph();
	u64 set = classes_of_file(file);

	drop_edges(set);
	for (unsigned int i = 0; i < nr_classes; i++)
		if (set & (1ull << i))
			classes[i].used = 0;
	unlock_graph(flags);
}

/* ---- Showing, checking ---- */

void show_locks(void)
{
	for (unsigned int i = 0; i < nr_classes; i++) {
		console_printf("%s:%s%s\n", classes[i].site,
			       classes[i].used & BIT(USED_IN_IRQ) ? " in-irq" : "",
			       classes[i].used & BIT(USED_WITH_IRQS_ON) ? " irqs-on" : "");
		for (unsigned int j = 0; j < nr_classes; j++)
			if (edge_exists(i, j))
				console_printf("  -> %s\n", classes[j].site);
	}
}

/* Without reports there is no way from a class back to itself. */
int lockdep_check(void)
{
	u8 came_from[MAX_CLASSES];
	unsigned int circles = 0;

	for (unsigned int i = 0; i < nr_edges; i++)
		if (find_path(edges[i].to, edges[i].from, came_from))
			circles++;
	if (!circles || lockdep_reports)
		return 0;
	pr_err("lockdep_check: %u edges are on circles that were not reported\n", circles);
	return circles;
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

void lockdep_forget(const char *file)
{
	(void)file;
}

int lockdep_check(void)
{
	return 0;
}
#endif
