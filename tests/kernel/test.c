// SPDX-License-Identifier: MIT
/*
 * Runs the self-tests and reports in TAP on the serial line:
 *
 *    TAP version 13
 *    # seed 0x2c8a41f7
 *    # suite: buddy
 *    ok 1 - buddy: freeing the buddy of a free block merges to order + 1
 *    # tests/kernel/buddy_test.c:41: not so: nr_free == 3: 0x2 and 0x3
 *    # repeat with: make run SUITE=buddy CMDLINE='seed=0x2c8a41f7'
 *    not ok 2 - buddy: ...
 *    1..2
 *    # passed 1 of 2
 *
 * I1. A test's random sequence depends on the seed and its sentence only, so it is the same whatever
 *     ran before.
 * I2. The last line appears if and only if the runner came to its end: who reads the report asks for it
 *     and for the exit status, so that neither a crash nor a lost line reads as success.
 * I3. A test leaves the machine as it found it; struct machine_state says in which respects.
 *
 * The order is that of the file names, and within a file that of writing.
 */
#include <asm/fixmap.h>
#include <asm/irqflags.h>
#include <asm/timex.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/panic.h>
#include <kernel/params.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <kernel/workqueue.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/fail_page_alloc.h>
#include <mm/highmem.h>
#include <mm/mm.h>
#include <mm/numa.h>
#include <mm/page_owner.h>
#include <mm/pcp.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <mm/vmscan.h>
#include <mm/watermark.h>
#include <test.h>
#include "fail_nth.h"

#define NOTE_MAX	256
#define REPEATS_FAILING	32	/* of so many repeats one is done: see test_repeats() */

/* The cases, collected by the linker script. */
extern const struct test_case __start_test_cases[], __stop_test_cases[];

#define for_each_test(test) \
	for ((test) = __start_test_cases; (test) < __stop_test_cases; (test)++)

/* What a test must leave behind as it was. */
struct machine_state {
	unsigned long free_pages;
	unsigned long objects;		/* of caches */
	unsigned long irqs_disabled;
	unsigned int warnings;
	unsigned int bad_pages;		/* reported ones */
	unsigned int threads;
	int preempt_count;
	unsigned long kmaps;		/* by kmap(), and by kmap_local_page() */
	unsigned int areas;		/* of the vmalloc area, with an owner */
	unsigned int timers;		/* that are set */
};

/* Suites that misuse pages on purpose, and count the reports themselves. */
#define MISUSING_SUITES	"buddy,compound,misuse,page_debug"

struct tally {
	unsigned int run, passed, skipped;
};

unsigned long free_pages_before_tests;
static const struct test_case *current_test;	/* NULL between tests */
static unsigned int check_failures;		/* of the current test */
static const char *skip_reason;			/* of the current test, or NULL */
static struct machine_state state_before;	/* the current test */
static bool forgiving;				/* checks may fail: an allocation does */
static u64 random_state;
static u32 seed;				/* 0: not chosen yet */

static int __init seed_setup(char *value)
{
	unsigned long number;
	int err = value ? kstrtoul(value, 0, &number) : -EINVAL;

	if (err || number == 0)
		return -EINVAL;
	seed = number;
	return 0;
}
__setup("seed=", seed_setup);

static void print_repeat(void)
{
	console_printf("# repeat with: make run SUITE=%s CMDLINE='seed=0x%08x'\n",
		       current_test->suite, seed);
}

static bool note_failure(void)
{
	BUG_ON(!current_test, "a check outside of a test");
	check_failures++;
	return false;
}

bool test_check(bool ok, const char *file, int line, const char *what)
{
	if (ok || forgiving)
		return ok;
	console_printf("# %s:%d: not so: %s\n", file, line, what);
	return note_failure();
}

bool test_check_eq(unsigned long a, unsigned long b, const char *file, int line, const char *what)
{
	if (a == b || forgiving)
		return a == b;
	console_printf("# %s:%d: not so: %s: 0x%lx and 0x%lx\n", file, line, what, a, b);
	return note_failure();
}

void test_skip(const char *why)
{
	BUG_ON(!current_test, "%s skipped outside of a test", why);
	skip_reason = why;
}

void test_note(const char *fmt, ...)
{
	char text[NOTE_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	console_printf("# %s\n", text);
}

/* Steele, Lea and Flood's splitmix64: any seed is a good one. */
u32 test_random(void)
{
	u64 z = (random_state += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z >> 32;
}

u32 test_random_below(u32 limit)
{
	BUG_ON(limit == 0, "nothing lies below 0");
	return ((u64)test_random() * limit) >> 32;
}

unsigned int test_repeats(unsigned int nr)
{
	return fail_nth ? DIV_ROUND_UP(nr, REPEATS_FAILING) : nr;
}

/* Fowler, Noll and Vo's FNV-1a. */
static u32 hash_text(const char *text)
{
	u32 hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (u8)*text) * 16777619u;
	return hash;
}

/* Is @name among the names in @list, which commas separate? */
static bool name_in_list(const char *name, const char *list)
{
	size_t len = strlen(name);

	while (list) {
		if (strncmp(list, name, len) == 0 && (list[len] == ',' || list[len] == '\0'))
			return true;
		list = strchr(list, ',');
		if (list)
			list++;
	}
	return false;
}

static bool suite_exists(const char *name, size_t len)
{
	const struct test_case *test;

	for_each_test(test) {
		if (strlen(test->suite) == len && strncmp(test->suite, name, len) == 0)
			return true;
	}
	return false;
}

static bool first_of_suite(const struct test_case *test)
{
	return test == __start_test_cases || strcmp(test[-1].suite, test->suite) != 0;
}

static void list_suites(void)
{
	const struct test_case *test;

	console_write("suites:");
	for_each_test(test) {
		if (first_of_suite(test))
			console_printf(" %s", test->suite);
	}
	console_write("\n");
}

/* Names each part of @list that is not a suite. Return: 0, or -ENOENT if there was one. */
static int check_suites(const char *list)
{
	int err = 0;

	while (list) {
		const char *comma = strchr(list, ',');
		size_t len = comma ? (size_t)(comma - list) : strlen(list);

		if (!suite_exists(list, len)) {
			console_printf("test: no suite \"%.*s\"\n", (int)len, list);
			err = -ENOENT;
		}
		list = comma ? comma + 1 : NULL;
	}
	return err;
}

bool page_allocator_ok(void)
{
	bool ok = zonelist_check() & watermark_check() & numa_check() & page_owner_check();
	struct zone *zone;

	for_each_zone(zone)
		ok &= zone_check(zone) & buddy_check(zone) & pcp_check(zone);
	return ok;
}

unsigned long test_free_pages(void)
{
	return nr_free_pages() + nr_pcp_pages() + nr_slab_pages(true) + nr_slab_pages(false);
}

/* kswapd may still be putting pages in order that the test made scarce; it does not need long. */
static void wait_for_kswapd(void)
{
	pg_data_t *pgdat;

	if (irqs_disabled() || preempt_count())
		return;
	for_each_online_pgdat(pgdat)
		while (!kswapd_is_idle(pgdat))
			schedule_timeout_uninterruptible(1);
}

/* What unmapping keeps is given back, unless the test left a state in which nobody may sleep. */
static void purge_vmalloc_areas(void)
{
	if (!irqs_disabled() && !preempt_count())
		vm_unmap_aliases();
}

static struct machine_state machine_state(void)
{
	wait_for_kswapd();
	purge_vmalloc_areas();
	return (struct machine_state){
		.free_pages = test_free_pages(),
		.objects = kmem_objects_in_use(),
		.irqs_disabled = irqs_disabled(),
		.warnings = warn_count,
		.bad_pages = nr_bad_pages,
		.threads = nr_threads(),
		.preempt_count = preempt_count(),
		.kmaps = nr_kmaps() + current_thread_info()->kmap.idx,
		.areas = nr_vmalloc_areas(),
		.timers = nr_timers(),
	};
}

/* I3. Return: is all as it was? */
static bool check_machine_state(void)
{
	const struct machine_state *before = &state_before;
	struct machine_state after = machine_state();
	const char *file = current_test->file;

	if (after.kmaps != before->kmaps)
		report_kmaps();
	if (name_in_list(current_test->suite, MISUSING_SUITES))
		after.bad_pages = before->bad_pages;
	return test_check_eq(after.free_pages, before->free_pages, file, 0,
			     "as many pages are free after the test as before it") &
	       test_check_eq(after.objects, before->objects, file, 0,
			     "as many objects are in use after the test as before it") &
	       test_check_eq(after.irqs_disabled, before->irqs_disabled, file, 0,
			     "interrupts are masked after the test as before it") &
	       test_check_eq(after.warnings, before->warnings, file, 0,
			     "as many warnings after the test as before it") &
	       test_check_eq(after.bad_pages, before->bad_pages, file, 0,
			     "as many bad pages after the test as before it") &
	       test_check_eq(after.threads, before->threads, file, 0,
			     "as many threads after the test as before it") &
	       test_check_eq(after.preempt_count, before->preempt_count, file, 0,
			     "preemption is off after the test as before it") &
	       test_check_eq(after.kmaps, before->kmaps, file, 0,
			     "as many pages are kmapped after the test as before it") &
	       test_check_eq(after.areas, before->areas, file, 0,
			     "as many areas of the vmalloc area are taken after the test as before it") &
	       test_check_eq(after.timers, before->timers, file, 0,
			     "as many timers are set after the test as before it") &
	       test_check_eq(sched_check() + timers_check() + workqueues_check() + lockdep_check() +
			     kmap_check() + fixmap_check(), 0,
			     file, 0, "run queues, timers, works, locks and kmaps are in order");
}

static void run_current(void)
{
	random_state = seed ^ hash_text(current_test->sentence);	/* I1 */
	current_test->run();
}

static void run_forgiving(void)
{
	forgiving = true;
	run_current();
	forgiving = false;
}

static void run_one(const struct test_case *test, struct tally *tally)
{
	state_before = machine_state();
	check_failures = 0;
	current_test = test;
	run_with_failures(run_forgiving, check_machine_state);
	skip_reason = NULL;
	run_current();
	check_machine_state();

	tally->run++;
	if (check_failures)
		print_repeat();
	else if (skip_reason)
		tally->skipped++;
	else
		tally->passed++;
	console_printf("%sok %u - %s: %s%s%s\n", check_failures ? "not " : "", tally->run,
		       test->suite, test->sentence, skip_reason ? " # SKIP " : "",
		       skip_reason ? skip_reason : "");
	current_test = NULL;
}

static void print_end(const struct tally *tally)
{
	if (fail_nth)
		fail_nth_summary();
	console_printf("1..%u\n# passed %u of %u", tally->run, tally->passed, tally->run);
	if (tally->skipped)
		console_printf(", skipped %u", tally->skipped);
	console_write("\n");
}

int run_tests(const char *suites)
{
	bool all = strcmp(suites, "all") == 0;
	const struct test_case *test;
	struct tally tally = { 0 };

	BUG_ON(current_test, "a test runs tests");
	if (strcmp(suites, "none") == 0) {
		console_write("1..0 # SKIP no suite was asked for\n");
		return 0;
	}
	if (!all && check_suites(suites)) {
		list_suites();
		return -ENOENT;
	}
	if (!seed)
		seed = get_cycles() | 1;
	console_printf("TAP version 13\n# seed 0x%08x\n", seed);
	fail_nth_begin();
	free_pages_before_tests = nr_free_pages();
	vfree(vmalloc(1));		/* what the vmalloc area keeps for good is there now */
	cpucache_stop();		/* I3 is easier to see when nobody else gives memory back */
	for_each_test(test) {
		if (!all && !name_in_list(test->suite, suites))
			continue;
		if (first_of_suite(test))
			console_printf("# suite: %s\n", test->suite);
		run_one(test, &tally);
	}
	cpucache_init();
	print_end(&tally);
	return tally.run - tally.passed - tally.skipped;
}
