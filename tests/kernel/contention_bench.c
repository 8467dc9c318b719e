// SPDX-License-Identifier: MIT
/*
 * What pages cost when all CPUs want them at once: each CPU does the same number of operations, all
 * begin together, and the time until the last is done is measured.
 *
 *    CPU 0   before: call the others     run: come, work, wait for the others
 *    CPU 1   called, waits ............. work, done
 *    CPU 2   called, waits ............. work, done
 *
 * The emulator runs the CPUs one after the other, so the time is the sum of all instructions, those
 * included that a CPU spends waiting for a lock. Turns are a few instructions long (short_turns.h),
 * and so everything meets that would meet if the CPUs ran in parallel. scripts/bench.pl makes a
 * table of it, and docs/pcp.md explains what that tells, and what not.
 *
 * Also counted is how often zone locks were taken: each time, a lock hands out a ticket.
 */
#include <asm/barrier.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/percpu.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include "bench.h"
#include "short_turns.h"

#define TURN_US		1	/* with QEMU's -icount shift=6, 15 or 16 instructions */
#define NR_PAIRS	512	/* of each CPU */
#define NR_LARGE_PAIRS	128
#define BURST		512

static struct {
	void (*work)(unsigned long ops);
	unsigned long ops;
	int cpus;
	atomic_t come, done;
	unsigned int tickets;	/* of all zones, before */
} race;

/* The pages of a burst, by CPU; in memory of its own. */
static struct page *(*bursts)[BURST];

/* ---- All CPUs at once ---- */

static void count_and_wait(atomic_t *counter)
{
	atomic_inc_return(counter);
	sev();
	while (atomic_read(counter) < race.cpus)
		wfe();
	smp_mb();
}

static void take_part(void *unused)
{
	(void)unused;
	count_and_wait(&race.come);
	race.work(race.ops);
	atomic_inc_return(&race.done);
	sev();
}

static void run_race(unsigned long ops)
{
	BUG_ON(ops != race.ops, "%lu operations, the others do %lu", ops, race.ops);
	take_part(NULL);
	while (atomic_read(&race.done) < race.cpus)
		wfe();
}

/* Tickets that zone locks have given out, 16 bits of the number. */
static unsigned int zone_tickets(void)
{
	unsigned int sum = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		sum += zone->lock.raw_lock.tickets.next;
	return sum & 0xffff;
}

static void prepare_race(void (*work)(unsigned long ops), unsigned long ops)
{
	race.work = work;
	race.ops = ops;
	race.cpus = num_online_cpus();
	atomic_set(&race.come, 0);
	atomic_set(&race.done, 0);
	work(1);			/* lists are not empty when it begins */
	smp_call_function(take_part, NULL, false);
	race.tickets = zone_tickets();
	short_turns(TURN_US);
}

static void after_race(void)
{
	unsigned int taken = (zone_tickets() - race.tickets) & 0xffff;

	short_turns(0);
	console_printf("# contention: zone locks were taken %u times\n", taken);
}

/* ---- What they do ---- */

static __always_inline void run_pairs(gfp_t gfp_mask, unsigned int order, unsigned long ops)
{
	do
		__free_pages(alloc_pages(gfp_mask, order), order);
	while (--ops);
}

#define RACE_BENCH(id, name, gfp_mask, order, ops)					\
	static void pairs_##id(unsigned long nr) { run_pairs(gfp_mask, order, nr); }	\
	static bool before_##id(void) { prepare_race(pairs_##id, ops); return true; }	\
	BENCH("contention", name, ops, before_##id, run_race, after_race)

RACE_BENCH(kernel, "GFP_KERNEL pairs", GFP_KERNEL, 0, NR_PAIRS);
RACE_BENCH(order_3, "order 3 pairs", GFP_KERNEL, 3, NR_PAIRS);
RACE_BENCH(order_9, "order 9 pairs", GFP_KERNEL, 9, NR_LARGE_PAIRS);

/* Take @ops pages, then give them back. */
static void burst_of_own(unsigned long ops)
{
	struct page **pages = bursts[smp_processor_id()];
	unsigned long i;

	for (i = 0; i < ops; i++)
		pages[i] = alloc_pages(GFP_KERNEL, 0);
	for (i = 0; i < ops; i++)
		__free_pages(pages[i], 0);
}

static bool before_burst(void)
{
	if (!bursts)
		bursts = alloc_pages_exact(NR_CPUS * sizeof(*bursts), GFP_KERNEL);
	if (!bursts)
		return false;
	prepare_race(burst_of_own, BURST);
	return true;
}
BENCH("contention", "bursts of 512", BURST, before_burst, run_race, after_race);
