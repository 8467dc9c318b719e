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
#include <mm/mm.h>
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
	       w->in_interrupt ? " (interrupts)" : "", w->kind->unit, where, what, number);
}

bool soak_is_patient(const struct soak_worker *w, u32 dice)
{
	const struct soak *soak = w->soak;

	return dice % 32 == 0 && atomic_read(&soak->nr_running) == (int)soak->nr_threads;
}

bool soak_has_memory(const struct soak_worker *w)
{
	return nr_free_pages() > w->soak->nr_pages / 8;
}

/* ---- Operations ---- */

static const struct soak_kind *kind_of(const void *thing)
{
	return soak_kind((unsigned long)thing & SOAK_KIND_MASK);
}

/* I4, and back. */
static void *with_kind(void *thing, const struct soak_kind *kind)
{
	BUG_ON((unsigned long)thing & SOAK_KIND_MASK, "%s: %p is not aligned", kind->name, thing);
	return thing ? (void *)((unsigned long)thing | kind->nr) : NULL;
}

static void *without_kind(const void *thing)
{
	return (void *)((unsigned long)thing & ~SOAK_KIND_MASK);
}

/* By the weights of the style. */
static const struct soak_kind *choose_kind(struct soak_worker *w)
{
	const struct soak_mix *mix = w->soak->mix;
	const u8 *weight = w->soak->style->weight;
	u32 dice = soak_random(w) % SOAK_WEIGHTS;
	unsigned int nr;

	for (nr = 0; nr < NR_SOAK_KINDS; dice -= weight[nr++])
		if (dice < weight[nr])
			break;
	if (nr == NR_SOAK_KINDS || (w->in_interrupt && soak_kind(nr)->for_threads))
		nr = mix->first;
	return soak_kind(nr);
}

static void *take(struct soak_worker *w)
{
	w->kind = choose_kind(w);
	soak_did(w, 1);
	return with_kind(w->kind->take(w), w->kind);
}

static void give(struct soak_worker *w, void *thing)
{
	w->kind = kind_of(thing);
	soak_did(w, 1);
	w->kind->give(w, without_kind(thing));
}

static void *change(struct soak_worker *w, void *thing)
{
	w->kind = kind_of(thing);
	soak_did(w, 1);
	return with_kind(w->kind->change(w, without_kind(thing)), w->kind);
}

/* Put something into the mail of some CPU; and free what lay there, which nobody had taken. */
static void mail_thing(struct soak_worker *w, void *thing)
{
	u32 dice = soak_random(w), at = dice % (SOAK_MAIL / 2);
	void **mail = w->soak->mail[soak_below(dice, num_online_cpus())], *other;

	if (kind_of(thing)->kept_by_threads)
		at += SOAK_MAIL / 2;		/* I5 */
	other = xchg(&mail[at], thing);
	if (other)
		give(w, other);
}

static void take_mail(struct soak_worker *w, u32 dice)
{
	unsigned int nr = w->in_interrupt ? SOAK_MAIL / 2 : SOAK_MAIL;
	void **mail = &w->soak->mail[w->cpu][dice % nr], *thing;

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

/* Of each kind, with other dice: what happens now and then is not to happen at once. */
static void do_of_each_kind(struct soak_worker *w, u32 dice)
{
	const struct soak_kind *kind;
	unsigned int nr;

	for_each_soak_kind(kind, nr, w->soak->mix) {
		w->kind = kind;
		if (kind->do_now_and_then)
			kind->do_now_and_then(w, dice);
		if (kind->do_as_thread && !w->in_interrupt)
			kind->do_as_thread(w, dice);
		dice = dice << 5 | dice >> 27;
	}
}

static void do_now_and_then(struct soak_worker *w, u32 dice)
{
	if (one_in(dice, TURN_EVERY))
		w->filling = !w->filling;
	if (!w->in_interrupt && one_in(dice, CALL_EVERY))
		call_some_cpu(w);
	if (!w->in_interrupt && one_in(dice, w->soak->style->pause_every))
		schedule_timeout_uninterruptible(1);
	do_of_each_kind(w, dice);
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
	if (kind_of(thing)->change && (dice >> 12) % CHANGE_EVERY == 0)
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

static void for_each_held(struct soak *soak, void (*func)(struct soak *soak, void **at, void *arg), void *arg)
{
	struct soak_worker *w;
	unsigned int cpu, i;

	for (w = soak->workers; w < soak->workers + ARRAY_SIZE(soak->workers); w++)
		for (i = 0; i < SOAK_SLOTS; i++)
			if (w->slots[i])
				func(soak, &w->slots[i], arg);
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		for (i = 0; i < SOAK_MAIL; i++)
			if (soak->mail[cpu][i])
				func(soak, &soak->mail[cpu][i], arg);
}

static void give_back(struct soak *soak, void **at, void *unused)
{
	(void)unused;
	give(soak->workers, *at);
	*at = NULL;
}

void soak_give_all(struct soak *soak)
{
	for_each_held(soak, give_back, NULL);
}

struct held {
	const struct soak_kind *kind;
	struct soak_use use;
};

static void add_up(struct soak *soak, void **at, void *arg)
{
	struct held *held = arg;

	if (held->kind && held->kind != kind_of(*at))
		return;
	held->use.things++;
	kind_of(*at)->add_use(soak, without_kind(*at), &held->use);
}

struct soak_use soak_held(struct soak *soak, const struct soak_kind *kind)
{
	struct held held = { .kind = kind };

	for_each_held(soak, add_up, &held);
	return held.use;
}
