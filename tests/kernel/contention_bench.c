// SPDX-License-Identifier: MIT
/*
 * What pages cost when all CPUs want them at once: see race.c.
 *
 * Also counted is how often zone locks were taken: each time, a lock hands out a ticket.
 */
#include <kernel/console.h>
#include <kernel/smp.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include "bench.h"
#include "race.h"

#define NR_PAIRS	512	/* of each CPU */
#define NR_LARGE_PAIRS	128
#define BURST		512

/* Tickets that all zones' locks had given out before. */
static unsigned int tickets_before;

/* The pages of a burst, by CPU; in memory of its own. */
static struct page *(*bursts)[BURST];

/* Tickets that zone locks have given out, 16 bits of the number. */
static unsigned int zone_tickets(void)
{
	unsigned int sum = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		sum += zone->lock.raw_lock.tickets.next;
	return sum & 0xffff;
}

static void before_race(void (*work)(unsigned long ops), unsigned long ops)
{
	prepare_race(work, ops);
	tickets_before = zone_tickets();
}

static void after_race(void)
{
	unsigned int taken = (zone_tickets() - tickets_before) & 0xffff;

	end_race();
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
	static bool before_##id(void) { before_race(pairs_##id, ops); return true; }	\
	RACE("contention", name, ops, before_##id, after_race)

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
	before_race(burst_of_own, BURST);
	return true;
}
RACE("contention", "bursts of 512", BURST, before_burst, after_race);
