// SPDX-License-Identifier: MIT
/*
 * The soak's rounds: threads, calls and the timer that make workers work, and what is looked at
 * while all of them stand still. See soak.h for the picture.
 *
 *    soak_begin_round   round + 1, wake ----> threads: soak_work(), calls to other CPUs
 *                       timer -------------> CPU that counts jiffies: soak_work()
 *    soak_end_round     wait <-------------- the last thread; then for calls on their way
 *    soak_check         walk, count
 */
#include <asm/fixmap.h>
#include <asm/mmu_context.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/lockdep.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <kernel/time.h>
#include <kernel/workqueue.h>
#include <lib/string.h>
#include <mm/highmem.h>
#include <mm/mm.h>
#include <mm/mm_struct.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <mm/vmscan.h>
#include <mm/vmstat.h>
#include <test.h>
#include "soak.h"

#define OPS_A_TICK	32

/* ---- Workers ---- */

static struct soak_worker *worker_of(struct soak *soak, unsigned int cpu, unsigned int nr)
{
	return &soak->workers[cpu * SOAK_WORKERS_PER_CPU + nr];
}

static void init_workers(struct soak *soak, u32 seed)
{
	unsigned int cpu, nr;

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		for (nr = 0; nr < SOAK_WORKERS_PER_CPU; nr++) {
			struct soak_worker *w = worker_of(soak, cpu, nr);

			w->soak = soak;
			w->id = 1 + cpu * SOAK_WORKERS_PER_CPU + nr;
			w->cpu = cpu;
			w->in_interrupt = nr == SOAK_THREADS;
			w->filling = true;
			w->random = (seed ^ w->id * 0x9e3779b9u) | 1;
		}
}

static int soak_thread(void *data)
{
	struct soak_worker *w = data;
	struct soak *soak = w->soak;
	unsigned int round = 0;

	for (;;) {
		wait_event(soak->begin, READ_ONCE(soak->round) != round || kthread_should_stop());
		if (kthread_should_stop())
			return 0;
		round++;
		soak_work(w, soak->ops_each);
		if (atomic_dec_return(&soak->nr_running) == 0)
			wake_up_all(&soak->end);
	}
}

/* Work may take longer than a tick, where pages are poisoned: threads then have twice as long until the next. */
static void work_at_tick(unsigned long data)
{
	struct soak *soak = (struct soak *)data;
	u64 begin = sched_clock();
	unsigned long ticks;

	soak_work(worker_of(soak, smp_processor_id(), SOAK_THREADS), OPS_A_TICK);
	ticks = (u32)(sched_clock() - begin) / TICK_NSEC;
	if (READ_ONCE(soak->ticking))
		mod_timer(&soak->timer, jiffies + 1 + 2 * ticks);
}

/* ---- Rounds ---- */

void soak_begin_round(struct soak *soak, const struct soak_style *style, unsigned long ops)
{
	const struct soak_kind *kind;
	unsigned int nr;

	BUG_ON(atomic_read(&soak->nr_running), "round %u is not over", soak->round);
	soak->style = style;
	for_each_soak_kind(kind, nr, soak->mix)
		if (kind->begin_round)
			kind->begin_round(soak);
	soak->ops_each = DIV_ROUND_UP(ops, soak->nr_threads);
	soak->halt = false;
	soak->ticking = true;
	atomic_set(&soak->nr_running, soak->nr_threads);
	mod_timer(&soak->timer, jiffies + 1);
	smp_mb();
	WRITE_ONCE(soak->round, soak->round + 1);
	wake_up_all(&soak->begin);
}

/* If the timer's function runs just now, del_timer_sync() waits for it, and undoes that it set it again. */
static void stop_ticking(struct soak *soak)
{
	WRITE_ONCE(soak->ticking, false);
	smp_mb();
	del_timer_sync(&soak->timer);
}

bool soak_round_ends(struct soak *soak, long ticks)
{
	return wait_event_timeout(soak->end, atomic_read(&soak->nr_running) == 0, ticks) != 0;
}

void soak_end_round(struct soak *soak)
{
	wait_event(soak->end, atomic_read(&soak->nr_running) == 0);
	stop_ticking(soak);
	while (atomic_read(&soak->nr_calls))
		cpu_relax();
	smp_mb();
}

void soak_halt(struct soak *soak)
{
	WRITE_ONCE(soak->halt, true);
	soak_end_round(soak);
}

/* ---- Checks ---- */

/* What others do for the soak meanwhile, kswapd and works, comes to its end. */
static void wait_for_others(void)
{
	pg_data_t *pgdat;

	for_each_online_pgdat(pgdat)
		while (!kswapd_is_idle(pgdat))
			schedule_timeout_uninterruptible(1);
	vm_unmap_aliases();
}

/* Page tables take longest: it is their turn after the last style, and when there was no round. */
static bool check_all(const struct soak *soak)
{
	bool tables = !soak->style || soak->style == &soak->mix->styles[soak->mix->nr_styles - 1];

	return page_allocator_ok() & kmem_caches_check() & vmalloc_check() &
	       (sched_check() + timers_check() + workqueues_check() + lockdep_check() + smp_call_check() +
		kmap_check() + fixmap_check() + mm_check() + asid_check() +
		(tables ? pgtable_check() : 0) == 0);
}

/* Free or on lists, of caches, or page tables. */
static unsigned long count_pages(void)
{
	return test_free_pages() + global_node_page_state_snapshot(NR_PAGETABLE);
}

struct soak_use soak_all_use(struct soak *soak)
{
	struct soak_use use = soak_held(soak, NULL);
	const struct soak_kind *kind;
	unsigned int nr;

	for_each_soak_kind(kind, nr, soak->mix)
		if (kind->add_own_use)
			kind->add_own_use(soak, &use);
	return use;
}

void soak_count_objects_anew(struct soak *soak)
{
	wait_for_others();
	soak->nr_objects = kmem_objects_in_use() - soak_all_use(soak).objects;
}

/* Every page is free, on a list, a page table, or held. Those of caches count as free; of them objects count. */
static bool count_all(struct soak *soak)
{
	long pages = (long)(soak->nr_pages - count_pages());
	long objects = (long)(kmem_objects_in_use() - soak->nr_objects);
	struct soak_use use = soak_all_use(soak);

	if (pages == use.pages && objects == use.objects)
		return true;
	pr_err("soak: %ld pages and %ld objects are held, of %ld and %ld in use\n", use.pages,
	       use.objects, pages, objects);
	return false;
}

bool soak_check(struct soak *soak)
{
	const struct soak_kind *kind;
	unsigned int nr;
	bool ok;

	wait_for_others();
	ok = check_all(soak) & count_all(soak);
	for_each_soak_kind(kind, nr, soak->mix)
		if (kind->check)
			ok &= kind->check(soak);
	return ok && atomic_read(&soak->nr_faults) == 0;
}

/* ---- Making and ending it ---- */

static bool create_threads(struct soak *soak)
{
	unsigned int cpu, nr;

	for_each_online_cpu(cpu)
		for (nr = 0; nr < SOAK_THREADS; nr++) {
			struct task_struct *task = kthread_create_on_cpu(
				soak_thread, worker_of(soak, cpu, nr), cpu, "soak/%u");

			if (IS_ERR(task))
				return false;
			soak->threads[soak->nr_threads++] = task;
			wake_up_process(task);
		}
	return true;
}

static void finish_kinds(struct soak *soak)
{
	const struct soak_kind *kind;
	unsigned int nr;

	for_each_soak_kind(kind, nr, soak->mix)
		if (kind->finish)
			kind->finish(soak);
}

static bool prepare_kinds(struct soak *soak)
{
	const struct soak_kind *kind;
	unsigned int nr;

	for_each_soak_kind(kind, nr, soak->mix)
		if (kind->prepare && !kind->prepare(soak))
			return false;
	return true;
}

static struct soak *alloc_soak(const struct soak_mix *mix)
{
	struct soak *soak = alloc_pages_exact(sizeof(*soak), GFP_KERNEL);

	if (!soak)
		return NULL;
	memset(soak, 0, sizeof(*soak));
	soak->mix = mix;
	if (prepare_kinds(soak))
		return soak;
	finish_kinds(soak);
	free_pages_exact(soak, sizeof(*soak));
	return NULL;
}

struct soak *soak_create(const struct soak_mix *mix, u32 seed)
{
	unsigned long free = test_free_pages();
	struct soak *soak = alloc_soak(mix);

	if (!soak)
		return NULL;
	soak->nr_own_pages = free - test_free_pages();
	init_waitqueue_head(&soak->begin);
	init_waitqueue_head(&soak->end);
	setup_timer(&soak->timer, work_at_tick, (unsigned long)soak);
	init_workers(soak, seed);
	if (!create_threads(soak)) {
		soak_destroy(soak);
		return NULL;
	}
	wait_for_others();
	soak->nr_pages = count_pages();
	soak_count_objects_anew(soak);
	return soak;
}

void soak_destroy(struct soak *soak)
{
	BUG_ON(atomic_read(&soak->nr_running), "round %u is not over", soak->round);
	soak_give_all(soak);
	while (soak->nr_threads)
		kthread_stop(soak->threads[--soak->nr_threads]);
	finish_kinds(soak);
	free_pages_exact(soak, sizeof(*soak));
}
