// SPDX-License-Identifier: MIT
/*
 * What a worker of the soak does, one operation after the other:
 *
 *    a slot at random   empty    and filling, mostly      allocate
 *                       full     and emptying, mostly     free, or mail it to some CPU, or change it
 *    own mail                                             free what is there
 *    now and then                                         what the kind of soak has beside that
 *
 * Filling and emptying take turns, so that what CPUs put aside runs empty and over. An operation is
 * an allocation, also one that fails, or a free.
 */
#include <kernel/printk.h>
#include <kernel/smp.h>
#include "soak.h"

#define OPS_A_CALL	2	/* that a CPU is asked to do in an interrupt */
#define SLOT_TRIES	8	/* to find a slot that is full, or empty */
#define CHANGE_EVERY	8	/* things that would be given away; unless they cannot be changed */

/* One in so many steps, each a power of two. */
#define CALL_EVERY	16
#define TURN_EVERY	512

#define FAULTS_TO_REPORT	5

void soak_fault(struct soak_worker *w, const char *what, unsigned long where, unsigned long number)
{
	if (atomic_inc_return(&w->soak->nr_faults) > FAULTS_TO_REPORT)
		return;
	pr_err("soak: CPU %u, worker %u%s: %s %lx: %s: 0x%lx\n", w->cpu, w->id,
	       w->in_interrupt ? " (interrupts)" : "", w->soak->kind->unit, where, what, number);
}

bool soak_is_patient(const struct soak_worker *w, u32 dice)
{
	const struct soak *soak = w->soak;

	return dice % 32 == 0 && atomic_read(&soak->nr_running) == (int)soak->nr_threads;
}

/* ---- Operations ---- */

static void *take(struct soak_worker *w)
{
	w->nr_ops++;
	return w->soak->kind->take(w);
}

static void give(struct soak_worker *w, void *thing)
{
	w->nr_ops++;
	w->soak->kind->give(w, thing);
}

static void *change(struct soak_worker *w, void *thing)
{
	w->nr_ops++;
	return w->soak->kind->change(w, thing);
}

/* Put something into the mail of some CPU; and free what lay there, which nobody had taken. */
static void mail_thing(struct soak_worker *w, void *thing)
{
	u32 dice = soak_random(w);
	void **mail = &w->soak->mail[soak_below(dice, num_online_cpus())][dice % SOAK_MAIL];
	void *other = xchg(mail, thing);

	if (other)
		give(w, other);
}

static void take_mail(struct soak_worker *w, u32 dice)
{
	void **mail = &w->soak->mail[w->cpu][dice % SOAK_MAIL], *thing;

	if (!READ_ONCE(*mail))
		return;
	thing = xchg(mail, NULL);
	if (thing)
		give(w, thing);
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
	unsigned int cpu = soak_below(soak_random(w), num_online_cpus());

	atomic_inc(&w->soak->nr_calls);
	if (smp_call_function_single(cpu, work_when_called, w->soak, false))
		atomic_dec(&w->soak->nr_calls);
}

/* ---- Working ---- */

/* What only threads may do: they may sleep, and wait for others. */
static void do_as_thread(struct soak_worker *w, u32 dice)
{
	if (one_in(dice, CALL_EVERY))
		call_some_cpu(w);
	if (one_in(dice, w->soak->style->pause_every))
		schedule_timeout_uninterruptible(1);
	w->soak->kind->do_as_thread(w, dice);
}

static void do_now_and_then(struct soak_worker *w, u32 dice)
{
	if (one_in(dice, TURN_EVERY))
		w->filling = !w->filling;
	w->soak->kind->do_now_and_then(w, dice);
	if (!w->in_interrupt)
		do_as_thread(w, dice);
}

/* Look at a few slots for one that is full, or empty. Return: one that is, or the last. */
static void **find_slot(struct soak_worker *w, u32 dice, bool full)
{
	unsigned int limit = full ? SOAK_SLOTS : w->soak->style->nr_slots, tries = SLOT_TRIES;
	void **slot;

	do
		slot = &w->slots[dice++ & (limit - 1)];
	while (!*slot == full && --tries);
	return slot;
}

/* Something else than taking what is not held, which comes first. Return: what is held then. */
static void *use_thing(struct soak_worker *w, u32 dice, void *thing)
{
	if (w->soak->kind->change && (dice >> 12) % CHANGE_EVERY == 0)
		return change(w, thing);
	if ((dice >> 10) % 4)
		give(w, thing);
	else
		mail_thing(w, thing);
	return NULL;
}

/* One operation. When there is hardly a slot for what is in turn, it is the other's turn. */
static void use_slot(struct soak_worker *w, u32 dice)
{
	bool against_the_trend = (dice >> 8) % 4 == 0;
	bool free = w->filling == against_the_trend;
	void **slot = find_slot(w, dice, free), *thing = *slot;

	if (!thing == free)
		w->filling = !w->filling;
	else
		*slot = thing ? use_thing(w, dice, thing) : take(w);
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

void soak_for_each_held(struct soak *soak, void (*func)(struct soak_worker *w, void **at))
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

static void give_back(struct soak_worker *w, void **at)
{
	give(w, *at);
	*at = NULL;
}

void soak_give_all(struct soak *soak)
{
	soak_for_each_held(soak, give_back);
}

static void count_thing(struct soak_worker *w, void **at)
{
	(void)at;
	w->soak->nr_held++;
}

static void count_pages(struct soak_worker *w, void **at)
{
	w->soak->nr_held += w->soak->kind->pages_of(w->soak, *at);
}

unsigned long soak_held(struct soak *soak)
{
	soak->nr_held = 0;
	soak_for_each_held(soak, count_thing);
	return soak->nr_held;
}

unsigned long soak_held_pages(struct soak *soak)
{
	soak->nr_held = 0;
	soak_for_each_held(soak, count_pages);
	return soak->nr_held;
}
