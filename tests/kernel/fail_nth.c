// SPDX-License-Identifier: MIT
/*
 * Tests whose allocations fail: each test is run with its first allocation failing, then with its
 * second, and so on until a run has no allocation left to fail:
 *
 *    N = 1    alloc: NULL ...................... intact?
 *    N = 2    alloc, alloc: NULL ............... intact?
 *    N = 3    alloc, alloc, free, free ......... nothing failed: done
 *
 * What such a run expects need not come true. But it comes to its end, and gives back what it took.
 *
 * A test that allocates thousands of times, in a loop, is not run as often: N goes up by one as far
 * as FAIL_NTH_STEPS, and is doubled from there on (16, 32, 64, ...). What is lost that way is won back
 * by places: a place is the address behind a call of an allocator.
 *
 *    N = 32   16 x alloc at A, alloc at B: NULL  B is new: it fails now, not the 32nd; once more
 *    N = 32   ... 32nd alloc, at A: NULL ....... next: N = 64
 *
 * I1. An allocation at a place where nothing has failed yet, in this test or in another, fails as soon
 *     as it is reached. A later run need not come there again: it may be a matter of time or chance.
 * I2. In each run one allocation fails at most: the first new one, or the N-th.
 *
 * So a test with n allocations runs 16 + log2(n / 16) times at most, and once for each place that is
 * new. In the end there is a list of all places, and how often each was made to fail.
 */
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/kallsyms.h>
#include <kernel/spinlock.h>
#include <lib/string.h>
#include <mm/fail_page_alloc.h>
#include <mm/mm.h>
#include <mm/page_owner.h>
#include "fail_nth.h"

#define FAIL_NTH_STEPS	16	/* so many one by one, then twice as many each time */
#define PLACES_MAX	1024	/* a power of two */
#define NAME_BYTES	(KSYM_NAME_LEN + 32)

/* Who allocates. */
struct place {
	const void *caller;		/* NULL: there is none here */
	bool object;			/* or pages */
	unsigned int nr_reached;	/* while something was to fail */
	unsigned int nr_failed;
};

static struct place *places;		/* by their address, or behind it */
static DEFINE_SPINLOCK(places_lock);
static bool has_failed, nth_has_failed;	/* in this run */
static unsigned int nr_runs, nr_leaks;

/* ---- Places ---- */

/* Its entry, or an empty one for it; NULL if there are too many. */
static struct place *find_place(const void *caller, bool object)
{
	u32 start = (u32)caller * 0x9e3779b9u >> 16, i;

	for (i = 0; i < PLACES_MAX; i++) {
		struct place *place = &places[(start + i) % PLACES_MAX];

		if (!place->caller || (place->caller == caller && place->object == object))
			return place;
	}
	return NULL;
}

/* Note who allocates. Return: does it fail? */
static bool choose(const void *caller, bool object, bool nth)
{
	struct place *place;
	unsigned long flags;
	bool fails;

	spin_lock_irqsave(&places_lock, flags);
	place = find_place(caller, object);
	BUG_ON(!place, "more than %u places", PLACES_MAX);
	place->caller = caller;
	place->object = object;
	place->nr_reached++;
	fails = !has_failed &&	/* I2, I1 */
		(nth || (fail_nth == FAIL_NTH_EACH && !place->nr_failed));
	if (fails) {
		has_failed = true;
		nth_has_failed = nth;
		place->nr_failed++;
	}
	spin_unlock_irqrestore(&places_lock, flags);
	return fails;
}

void fail_nth_begin(void)
{
	size_t bytes = PLACES_MAX * sizeof(*places);

	if (!fail_nth)
		return;
	places = alloc_pages_exact(bytes, GFP_KERNEL | __GFP_ZERO);
	BUG_ON(!places, "no memory for a list of who allocates");
	fail_nth_choose = choose;
}

/* ---- Runs ---- */

/* Return: did an allocation fail, and was everything given back? If not, there is no use in going on. */
static bool run_failing(unsigned int nth, void (*run)(void), bool (*intact)(void))
{
	u32 mark = page_owner_mark();

	has_failed = nth_has_failed = false;
	fail_nth_arm(nth, false);
	run();
	if (!fail_nth_disarm())
		return false;
	nr_runs++;
	if (intact())
		return true;
	nr_leaks++;
	page_owner_leaks(mark);
	return false;
}

static void run_at_steps(void (*run)(void), bool (*intact)(void))
{
	unsigned int nth = 1;

	while (run_failing(nth, run, intact))
		if (nth_has_failed)
			nth += nth < FAIL_NTH_STEPS ? 1 : nth;
}

void run_with_failures(void (*run)(void), bool (*intact)(void))
{
	BUG_ON(!run || !intact, "nothing to do");
	if (fail_nth == FAIL_NTH_EACH)
		run_at_steps(run, intact);
	else if (fail_nth)
		run_failing(fail_nth, run, intact);
}

/* ---- What came of it ---- */

/* The one with the lowest address above @above. */
static const struct place *next_place(const struct place *above)
{
	const struct place *place, *next = NULL;

	for (place = places; place < places + PLACES_MAX; place++)
		if (place->caller && (!above || place->caller > above->caller ||
				      (place->caller == above->caller && place > above)) &&
		    (!next || place->caller < next->caller))
			next = place;
	return next;
}

static void count_places(unsigned int *nr_pages, unsigned int *nr_objects, unsigned int *nr_failed)
{
	const struct place *place;

	*nr_pages = *nr_objects = *nr_failed = 0;
	for (place = places; place < places + PLACES_MAX; place++) {
		if (!place->caller)
			continue;
		*nr_pages += !place->object;
		*nr_objects += place->object;
		*nr_failed += place->nr_failed != 0;
	}
}

void fail_nth_summary(void)
{
	unsigned int nr_pages, nr_objects, nr_failed;
	const struct place *place = NULL;
	char name[NAME_BYTES];

	fail_nth_choose = NULL;
	count_places(&nr_pages, &nr_objects, &nr_failed);
	while ((place = next_place(place))) {
		sprint_backtrace(name, sizeof(name), (unsigned long)place->caller);
		console_printf("# fail_nth: %s for %s: reached %u, failed %u\n", name,
			       place->object ? "objects" : "pages", place->nr_reached,
			       place->nr_failed);
	}
	console_printf("# %u allocations were made to fail\n", nr_runs);
	console_printf("# fail_nth: %u places: %u for pages, %u for objects; %u made to fail; leaks: ",
		       nr_pages + nr_objects, nr_pages, nr_objects, nr_failed);
	console_printf(nr_leaks ? "%u\n" : "none\n", nr_leaks);
	free_pages_exact(places, PLACES_MAX * sizeof(*places));
	places = NULL;
}
