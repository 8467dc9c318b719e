/* SPDX-License-Identifier: MIT */
/*
 * The soak: every CPU allocates and frees at random, in threads and in interrupts, and hands what it
 * has to other CPUs, for millions of operations. There are several kinds of things:
 *
 *    blocks    blocks of pages                     soak_blocks.c
 *    objects   of caches, and of kmalloc()         soak_objects.c
 *    areas     vmalloc(), vmap(), ioremap()        soak_areas.c
 *    kmaps     pages that kmap() gave an address   soak_kmaps.c
 *    spaces    mms, with something mapped          soak_spaces.c
 *    pools     elements of mempools                soak_pools.c
 *    cache     pages that a shrinker gives back    soak_cache.c: none is held by a worker
 *    isolation of pageblocks                       soak_isolation.c: just done now and then
 *
 * and mixes of them: one kind, or all (soak_mixes.c).
 *
 *    CPU 0                                   CPU 1
 *    soak/0  soak/0   interrupts             soak/1  soak/1   interrupts     workers
 *    slots   slots    slots                  slots   slots    slots          things that each holds
 *       \       \________\____ mail of CPU 1 ____/_______/                   and passes on
 *        \
 *         +--> kind: take a thing, stamp it; see that it still has its stamp, give it back
 *
 * Everything is done in rounds. Each round has a style: which kinds, which sizes, how many slots. Between
 * rounds all workers stand still with what they hold, so that everything can be walked and counted.
 *
 * I1. A thing has a stamp as long as a worker has it, and not before or after, by which it is seen that
 *     it is given out twice, or that somebody else writes to it. Each kind says where the stamp is.
 * I2. A worker's slots and its random numbers are used by that worker only; a CPU's interrupts are
 *     one worker, since they do not nest. Mail is exchanged by xchg().
 * I3. What a worker does depends on its seed, its round, and the order of events; with one CPU, or in
 *     turns (QEMU's -icount), these are the same in every run.
 * I4. In slots and mail the lowest bits of a thing's address are its kind: things are aligned to 8 bytes.
 * I5. What only threads can give back is in slots of threads, and in the upper half of a CPU's mail, which
 *     interrupts leave alone.
 */
#ifndef SOAK_H
#define SOAK_H

#include <kernel/cpumask.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <kernel/wait.h>
#include <lib/atomic.h>
#include <lib/types.h>
#include <mm/gfp.h>

#define SOAK_SLOTS		256	/* of each worker */
#define SOAK_MAIL		32	/* of each CPU; a half of it is for threads only (I5) */
#define SOAK_THREADS		2	/* of each CPU */
#define SOAK_WORKERS_PER_CPU	(SOAK_THREADS + 1)

/* Operations of a round that only soak_halt() ends. */
#define SOAK_FOREVER		0x7ffffffful

/* Kinds, by number. */
enum soak_kind_nr {
	SOAK_BLOCKS, SOAK_OBJECTS, SOAK_AREAS, SOAK_KMAPS, SOAK_SPACES, SOAK_POOLS, SOAK_CACHE, SOAK_ISOLATION,
	NR_SOAK_KINDS,
};

#define SOAK_KIND_MASK		7ul	/* I4 */

/* How a round is run. */
#define SOAK_SHARES		32
#define SOAK_WEIGHTS		64
struct soak_style {
	const char *name;
	unsigned int share;		/* of all operations, in SOAK_SHARES */
	u8 weight[NR_SOAK_KINDS];	/* of the things taken, in SOAK_WEIGHTS; the rest is the mix's first */
	unsigned int nr_slots;		/* that are filled; a power of two */
	u32 pause_every;		/* steps: a thread sleeps for a tick; a power of two, or 0 */

	/* Of blocks. */
	u32 order_bits;			/* the lowest bit of (random | this) is a block's order... */
	bool large;			/* ... or every order is as likely as any other */
	u32 drain_every;		/* steps: this CPU's lists are drained; a power of two */

	/* Of objects. */
	unsigned int doublings;		/* of 8 bytes: the largest size, each doubling as likely */
	u32 bulk_every;			/* steps: many at once; a power of two, as those below */
	u32 shrink_every;		/* a cache gives back what it can */
	u32 cache_every;		/* a cache is made, used, and destroyed */

	/* Of the other kinds: 0 turns that off. */
	u32 look_every;			/* pages get an address for a moment */
	u32 map_every;			/* vm_map_ram(), set_memory_ro() */
	u32 fill_every;			/* the cache takes pages */
	u32 isolate_every;		/* a pageblock is isolated */
};

struct soak;
struct soak_worker;

/* What things take, or what a kind has beside them. */
struct soak_use {
	long things, pages, objects;
};

/* What is taken and given back. */
struct soak_kind {
	enum soak_kind_nr nr;
	const char *name;		/* "blocks" */
	const char *unit;		/* of places, in messages: "pfn" */
	bool for_threads;		/* interrupts do not take it */
	bool kept_by_threads;		/* ... nor can they give it back */

	/* Make what workers need beyond struct soak. NULL: nothing. Return: is there memory for it? */
	bool (*prepare)(struct soak *soak);

	/* The opposite; nothing is held any more. Called also if prepare() failed. NULL: nothing. */
	void (*finish)(struct soak *soak);

	/* A round of soak->style is to begin; NULL: nothing is done. Context: nobody works. */
	void (*begin_round)(struct soak *soak);

	/* Ask for something at random, and stamp it. Return: NULL if there is none. NULL: a kind without things. */
	void *(*take)(struct soak_worker *w);

	/* See that all its stamps are as they were, remove them, and free it. */
	void (*give)(struct soak_worker *w, void *thing);

	/* Change what is held; NULL: never done. Return: what is held now. */
	void *(*change)(struct soak_worker *w, void *thing);

	/* Other things to do, each now and then: by any worker, and by threads, which may sleep. Or NULL. */
	void (*do_now_and_then)(struct soak_worker *w, u32 dice);
	void (*do_as_thread)(struct soak_worker *w, u32 dice);

	/* Add the pages that @thing takes, unless they are those of a cache, and its objects of caches. */
	void (*add_use)(const struct soak *soak, const void *thing, struct soak_use *use);

	/* Add what there is beside things, more than when the soak began; or NULL. Context: nobody works. */
	void (*add_own_use)(const struct soak *soak, struct soak_use *use);

	/* Is everything in order that this kind knows of? NULL: it knows nothing. Context: nobody works. */
	bool (*check)(struct soak *soak);
};

extern const struct soak_kind soak_kind_blocks, soak_kind_objects, soak_kind_areas, soak_kind_kmaps,
	soak_kind_spaces, soak_kind_pools, soak_kind_cache, soak_kind_isolation;

/* Which kinds together, and how. */
struct soak_mix {
	const char *name;		/* of what is held */
	const struct soak_style *styles;	/* in turn */
	unsigned int nr_styles;
	u32 kinds;			/* a bit for each */
	enum soak_kind_nr first;	/* what is taken if no weight says otherwise; by interrupts, too */
};

extern const struct soak_mix soak_mix_blocks, soak_mix_objects, soak_mix_all;

/* Those that there are: of a name ("pages", "objects", "all"); NULL if it has no such name. */
const struct soak_mix *soak_find_mix(const char *name);

/* The kind with number @nr. */
const struct soak_kind *soak_kind(unsigned int nr);

#define for_each_soak_kind(kind, nr, mix)						\
	for ((nr) = 0; (nr) < NR_SOAK_KINDS; (nr)++)					\
		if ((mix)->kinds >> (nr) & 1 && ((kind) = soak_kind(nr)))

/* Who allocates and frees: a thread, or the interrupts of a CPU. */
struct soak_worker {
	struct soak *soak;
	const struct soak_kind *kind;	/* whose turn it is */
	unsigned int id;		/* 1 .. 15, in each stamp */
	unsigned int cpu;
	bool in_interrupt;
	bool filling;			/* rather allocates than frees; in turns */
	u32 random;			/* never 0 */
	u32 serial;
	u32 digest;			/* of all that it was given */
	unsigned long nr_ops, nr_failed;
	unsigned long nr_done[NR_SOAK_KINDS];	/* of nr_ops */
	unsigned long last_events;	/* pages given out by all CPUs, as seen last */
	void *slots[SOAK_SLOTS];
};

struct soak_caches;
struct soak_areas;
struct soak_pools;
struct soak_cached;

struct soak {
	const struct soak_mix *mix;
	struct soak_worker workers[NR_CPUS * SOAK_WORKERS_PER_CPU];
	void *mail[NR_CPUS][SOAK_MAIL];
	struct task_struct *threads[NR_CPUS * SOAK_THREADS];
	unsigned int nr_threads;
	const struct soak_style *style;	/* of this round */
	unsigned long ops_each;		/* of each thread in this round */
	unsigned int round;
	bool halt;			/* end the round early */
	bool ticking;			/* the timer is set again */
	atomic_t nr_running;		/* threads that have not ended the round */
	atomic_t nr_calls;		/* calls of other CPUs on their way */
	wait_queue_head_t begin, end;	/* of a round */
	struct timer_list timer;
	atomic_t nr_faults;
	unsigned long nr_own_pages;	/* of the soak, but for its threads' stacks */

	/* When the soak began: free pages, those of caches and page tables; objects in use. */
	unsigned long nr_pages, nr_objects;

	/* Of blocks. */
	u32 *stamps;			/* by page of the map */
	unsigned int fraction;		/* percpu_pagelist_fraction before */

	/* Of objects. */
	struct soak_caches *caches;

	/* Of areas. */
	struct soak_areas *areas;

	/* Of kmaps. */
	atomic_t nr_kmapped;

	/* Of pools. */
	struct soak_pools *pools;

	/* Of the cache. */
	struct soak_cached *cached;

	/* Of isolation. */
	atomic_t nr_isolating;
};

/* ---- soak_work.c ---- */

/* Marsaglia's xorshift. @state is never 0. */
static inline u32 soak_xorshift(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static inline u32 soak_random(struct soak_worker *w)
{
	return soak_xorshift(&w->random);
}

/* 0 .. @limit - 1, out of the highest 16 bits of @dice; without a division, which the CPU lacks. */
static inline u32 soak_below(u32 dice, u32 limit)
{
	return (dice >> 16) * limit >> 16;
}

/* Is it the turn of what is done once in @every times? A power of two; 0: never. */
static inline bool one_in(u32 dice, u32 every)
{
	return every && (dice & (every - 1)) == 0;
}

/*
 * Something is not so: report it, the first few times in full, and count it. @where: in the kind's unit.
 * Context: any.
 */
void soak_fault(struct soak_worker *w, const char *what, unsigned long where, unsigned long number);

/*
 * May this request wait until others free memory? Not when a thread has ended the round: who works
 * on alone would wait for what only interrupts free. And seldom: it waits a tick at a time, which
 * is thousands of events where turns are short.
 */
bool soak_is_patient(const struct soak_worker *w, u32 dice);

/* Is there memory enough for a request that cannot say that it does not want to wait? */
bool soak_has_memory(const struct soak_worker *w);

/* Do @nr operations, or fewer when the round is halted. Context: @w's (I2). */
void soak_work(struct soak_worker *w, unsigned long nr);

/* @nr operations more of the kind whose turn it is. */
static inline void soak_did(struct soak_worker *w, unsigned long nr)
{
	w->nr_ops += nr;
	w->nr_done[w->kind->nr] += nr;
}

/* Free all that workers hold or have mailed. Context: nobody works. */
void soak_give_all(struct soak *soak);

/* Add up what things in slots and mail take, those of kind @kind, or of all if that is NULL. Context: nobody works. */
struct soak_use soak_held(struct soak *soak, const struct soak_kind *kind);

/* ---- soak.c ---- */

/**
 * soak_create - make workers for each CPU that runs, who wait for their first round
 * @mix: what they take and give
 * @seed: of all random numbers
 *
 * Return: the soak; NULL for want of memory or threads. Context: thread.
 */
struct soak *soak_create(const struct soak_mix *mix, u32 seed);

/* What is in use by it: things, and what kinds have beside them. Context: it stands still. */
struct soak_use soak_all_use(struct soak *soak);

/* Begin a round of @ops operations of all threads together. Context: thread; all is still. */
void soak_begin_round(struct soak *soak, const struct soak_style *style, unsigned long ops);

/* Wait, for @ticks at most. Return: have all threads ended the round? */
bool soak_round_ends(struct soak *soak, long ticks);

/* Wait until the round is over and all is still. */
void soak_end_round(struct soak *soak);

/* Stop at the next operation, whatever is left of the round; then as soak_end_round(). */
void soak_halt(struct soak *soak);

/**
 * soak_check - walk everything, and count every page
 * @soak: stands still
 *
 * Return: true if every walker is content, each page is free, on a list or held, and nothing was
 * found during the round; false after messages.
 */
bool soak_check(struct soak *soak);

/* Caches of the soak's own have come and gone: they are objects. Context: nobody works, nothing is held. */
void soak_count_objects_anew(struct soak *soak);

/* Free what is held, end the threads, and let go of @soak. Context: it stands still. */
void soak_destroy(struct soak *soak);

#endif
