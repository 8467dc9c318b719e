/* SPDX-License-Identifier: MIT */
/*
 * The soak: every CPU allocates and frees pages at random, in threads and in interrupts, and hands
 * what it has to other CPUs, for millions of operations.
 *
 *    CPU 0                                   CPU 1
 *    soak/0  soak/0   interrupts             soak/1  soak/1   interrupts     workers
 *    slots   slots    slots                  slots   slots    slots          blocks that each holds
 *       \       \________\____ mail of CPU 1 ____/_______/                   and passes on
 *        \
 *         +--> stamps:  | 0 | 0 | 71 | 71 | 0 | 93 | ...   a word for each page: whose it is
 *
 * Everything is done in rounds. Each round has a style: which orders, how many slots. Between rounds all
 * workers stand still with what they hold, so that everything can be walked and counted.
 *
 * I1. The stamp of a page is 0 unless a worker has been given the page, and then says by which
 *     allocation. It is written by xchg(), by whoever gets or gives back the page: a page that is
 *     given out twice is seen at the moment when that happens.
 * I2. The first word of a block in lowmem, too, is its stamp as long as the block is held.
 * I3. A worker's slots and its random numbers are used by that worker only; a CPU's interrupts are
 *     one worker, since they do not nest. Mail is exchanged by xchg().
 * I4. What a worker does depends on its seed, its round, and the order of events; with one CPU and
 *     QEMU's -icount these are the same in every run.
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
#define SOAK_MAIL		16	/* of each CPU */
#define SOAK_THREADS		2	/* of each CPU */
#define SOAK_WORKERS_PER_CPU	(SOAK_THREADS + 1)

/* Operations of a round that only soak_halt() ends. */
#define SOAK_FOREVER		0x7ffffffful

/* How a round is run. */
#define SOAK_SHARES		32
struct soak_style {
	const char *name;
	unsigned int share;		/* of all operations, in SOAK_SHARES */
	unsigned int nr_slots;		/* that are filled */
	u32 order_bits;			/* the lowest bit of (random | this) is a block's order... */
	bool large;			/* ... or every order is as likely as any other */
	u32 drain_every;		/* steps: this CPU's lists are drained; a power of two */
};

/* Who allocates and frees: a thread, or the interrupts of a CPU. */
struct soak_worker {
	struct soak *soak;
	unsigned int id;		/* 1 .. 15, in each stamp */
	unsigned int cpu;
	bool in_interrupt;
	bool filling;			/* rather allocates than frees; in turns */
	u32 random;			/* never 0 */
	u32 serial;
	u32 digest;			/* of all that it was given */
	unsigned long nr_ops, nr_failed;
	unsigned long last_events;	/* pages given out by all CPUs, as seen last */
	struct page *slots[SOAK_SLOTS];
};

struct soak {
	struct soak_worker workers[NR_CPUS * SOAK_WORKERS_PER_CPU];
	struct page *mail[NR_CPUS][SOAK_MAIL];
	struct task_struct *threads[NR_CPUS * SOAK_THREADS];
	unsigned int nr_threads;
	u32 *stamps;			/* by page of the map (I1) */
	const struct soak_style *style;	/* of this round */
	unsigned long ops_each;		/* of each thread in this round */
	unsigned int round;
	bool halt;			/* end the round early */
	bool ticking;			/* the timer is set again */
	atomic_t nr_running;		/* threads that have not ended the round */
	atomic_t nr_calls;		/* calls of other CPUs on their way */
	wait_queue_head_t begin, end;	/* of a round */
	struct timer_list timer;
	unsigned int fraction;		/* percpu_pagelist_fraction before */
	atomic_t nr_faults;
	unsigned long nr_pages;		/* free ones when the soak began */
	unsigned long nr_held;		/* soak_held_pages() counts here */
};

/* ---- soak_blocks.c ---- */

/* Marsaglia's xorshift. */
static inline u32 soak_random(struct soak_worker *w)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 17;
	w->random ^= w->random << 5;
	return w->random;
}

/* Something is not so: report it, the first few times in full, and count it. Context: any. */
void soak_fault(struct soak_worker *w, const char *what, unsigned long pfn, unsigned long number);

/* Ask for a block at random, and stamp it. Return: NULL if there is none. */
struct page *soak_take(struct soak_worker *w);

/* See that all stamps of a block are as they were, remove them, and free it. */
void soak_give(struct soak_worker *w, struct page *page);

/* The order of a block that some worker holds. */
unsigned int soak_block_order(const struct soak *soak, const struct page *page);

/* Pages that have stamps. Context: nobody works. */
unsigned long soak_stamped_pages(const struct soak *soak);

/* ---- soak_work.c ---- */

/* Do @nr operations, or fewer when the round is halted. Context: @w's (I3). */
void soak_work(struct soak_worker *w, unsigned long nr);

/* Free all that workers hold or have mailed. Context: nobody works. */
void soak_give_all(struct soak *soak);

/* Pages of the blocks in slots and mail. Context: nobody works. */
unsigned long soak_held_pages(struct soak *soak);

/* ---- soak.c ---- */

/**
 * soak_create - make workers for each CPU that runs, who wait for their first round
 * @seed: of all random numbers
 *
 * Return: the soak; NULL for want of memory or threads. Context: thread.
 */
struct soak *soak_create(u32 seed);

/* Begin a round of @ops operations of all threads together. Context: thread; all is still. */
void soak_begin_round(struct soak *soak, const struct soak_style *style, unsigned long ops);

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

/* Free what is held, end the threads, and let go of @soak. Context: it stands still. */
void soak_destroy(struct soak *soak);

/* The styles of rounds, in turn. */
extern const struct soak_style soak_styles[];
extern const unsigned int nr_soak_styles;

#endif
