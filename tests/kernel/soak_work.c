// SPDX-License-Identifier: MIT
/*
 * What a worker of the soak does, one operation after the other:
 *
 *    a slot at random   empty    and filling, mostly      allocate
 *                       full     and emptying, mostly     free, or mail it to some CPU
 *    own mail                                             free what is there
 *    now and then                                         drain, look at statistics, change high
 *
 * Filling and emptying take turns, so that per-CPU lists run empty and over. An operation is an
 * allocation, also one that fails, or a free.
 */
#include <kernel/smp.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/vmstat.h>
#include "soak.h"

#define OPS_A_CALL	4	/* that a CPU is asked to do in an interrupt */
#define SLOT_TRIES	8	/* to find a slot that is full, or empty */

/* One in so many steps, each a power of two. */
#define CALL_EVERY	64
#define TURN_EVERY	512
#define LOOK_EVERY	1024
#define FRACTION_EVERY	16384
#define DRAIN_ALL_EVERY	32768

static bool one_in(u32 dice, u32 every)
{
	return (dice & (every - 1)) == 0;
}

/* ---- Operations ---- */

static struct page *take(struct soak_worker *w)
{
	w->nr_ops++;
	return soak_take(w);
}

static void give(struct soak_worker *w, struct page *page)
{
	w->nr_ops++;
	soak_give(w, page);
}

/* Put a block into the mail of some CPU; and free what lay there, which nobody had taken. */
static void mail_block(struct soak_worker *w, struct page *page)
{
	u32 dice = soak_random(w);
	struct page **mail = &w->soak->mail[dice % num_online_cpus()][(dice >> 8) % SOAK_MAIL];
	struct page *other = xchg(mail, page);

	if (other)
		give(w, other);
}

static void take_mail(struct soak_worker *w, u32 dice)
{
	struct page **mail = &w->soak->mail[w->cpu][dice % SOAK_MAIL], *page;

	if (!READ_ONCE(*mail))
		return;
	page = xchg(mail, NULL);
	if (page)
		give(w, page);
}

/* ---- Looking on while others work ---- */

/* Counters are never out of bounds, and events never fewer than before. */
static void look_at_statistics(struct soak_worker *w)
{
	unsigned long events[NR_VM_EVENT_ITEMS], nr_given = 0, nr_free;
	unsigned int idx;
	struct zone *zone;

	all_vm_events(events);
	for (idx = 0; idx < MAX_NR_ZONES; idx++)
		nr_given += events[PGALLOC_DMA + idx];
	if ((long)(nr_given - w->last_events) < 0)
		soak_fault(w, "fewer pages were given out than before", 0, nr_given);
	w->last_events = nr_given;
	for_each_populated_zone(zone) {
		nr_free = zone_page_state(zone, NR_FREE_PAGES);
		if (nr_free > zone->managed_pages)
			soak_fault(w, "more free pages than there are", zone->zone_start_pfn,
				   nr_free);
	}
}

/* Other sizes of all lists, while they are in use. */
static void change_fraction(struct soak_worker *w)
{
	static const unsigned int fractions[] = { 0, MIN_PERCPU_PAGELIST_FRACTION, 100, 1000 };

	if (set_percpu_pagelist_fraction(fractions[soak_random(w) % ARRAY_SIZE(fractions)]))
		soak_fault(w, "a fraction was refused", 0, percpu_pagelist_fraction);
}

/* ---- Interrupts ---- */

static struct soak_worker *interrupt_worker(struct soak *soak)
{
	return &soak->workers[smp_processor_id() * SOAK_WORKERS_PER_CPU + SOAK_THREADS];
}

static void work_when_called(void *info)
{
	struct soak *soak = info;

	soak_work(interrupt_worker(soak), OPS_A_CALL);
	atomic_dec(&soak->nr_calls);
}

/* Ask some CPU to work in its interrupt; this one may be asked too. */
static void call_some_cpu(struct soak_worker *w)
{
	unsigned int cpu = soak_random(w) % num_online_cpus();

	atomic_inc(&w->soak->nr_calls);
	if (smp_call_function_single(cpu, work_when_called, w->soak, false))
		atomic_dec(&w->soak->nr_calls);
}

/* ---- Working ---- */

/* What only threads may do, since others are waited for. */
static void do_as_thread(struct soak_worker *w, u32 dice)
{
	if (one_in(dice, CALL_EVERY))
		call_some_cpu(w);
	if (one_in(dice, FRACTION_EVERY))
		change_fraction(w);
	if (one_in(dice, DRAIN_ALL_EVERY))
		drain_all_pages();
}

static void do_now_and_then(struct soak_worker *w, u32 dice)
{
	if (one_in(dice, TURN_EVERY))
		w->filling = !w->filling;
	if (one_in(dice, LOOK_EVERY))
		look_at_statistics(w);
	if (one_in(dice, w->soak->style->drain_every))
		drain_local_pages(NULL);
	if (!w->in_interrupt)
		do_as_thread(w, dice);
}

/* Look at a few slots for one that is full, or empty. Return: one that is, or the last. */
static struct page **find_slot(struct soak_worker *w, u32 dice, bool full)
{
	unsigned int limit = full ? SOAK_SLOTS : w->soak->style->nr_slots, tries = SLOT_TRIES;
	struct page **slot;

	do
		slot = &w->slots[dice++ % limit];
	while (!*slot == full && --tries);
	return slot;
}

/* One operation. When there is hardly a slot for what is in turn, it is the other's turn. */
static void use_slot(struct soak_worker *w, u32 dice)
{
	bool against_the_trend = (dice >> 8) % 4 == 0;
	bool free = w->filling == against_the_trend;
	struct page **slot = find_slot(w, dice, free), *page = *slot;

	if (!page == free) {
		w->filling = !w->filling;
		return;
	}
	*slot = page ? NULL : take(w);
	if (page && (dice >> 10) % 4)
		give(w, page);
	else if (page)
		mail_block(w, page);
}

void soak_work(struct soak_worker *w, unsigned long nr)
{
	unsigned long until = w->nr_ops + nr;

	while ((long)(until - w->nr_ops) > 0 && !READ_ONCE(w->soak->halt)) {
		use_slot(w, soak_random(w));
		take_mail(w, soak_random(w));
		do_now_and_then(w, soak_random(w));
	}
}

/* ---- Everything that is held ---- */

/* Call @func for each place in slots and mail that holds a block, with whose it is. */
static void for_each_held(struct soak *soak, void (*func)(struct soak_worker *w, struct page **at))
{
	struct soak_worker *w;
	unsigned int cpu, i;

	for (w = soak->workers; w < soak->workers + ARRAY_SIZE(soak->workers); w++)
		for (i = 0; i < SOAK_SLOTS; i++)
			if (w->slots[i])
				func(w, &w->slots[i]);
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		for (i = 0; i < SOAK_MAIL; i++)
			if (soak->mail[cpu][i])
				func(soak->workers, &soak->mail[cpu][i]);
}

static void give_back(struct soak_worker *w, struct page **at)
{
	give(w, *at);
	*at = NULL;
}

void soak_give_all(struct soak *soak)
{
	for_each_held(soak, give_back);
}

static void count_held(struct soak_worker *w, struct page **at)
{
	w->soak->nr_held += 1UL << soak_block_order(w->soak, *at);
}

unsigned long soak_held_pages(struct soak *soak)
{
	soak->nr_held = 0;
	for_each_held(soak, count_held);
	return soak->nr_held;
}
