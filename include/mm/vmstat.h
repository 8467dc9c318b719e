/* SPDX-License-Identifier: MIT */
/*
 * Counters: what is in a zone, and what happened on a CPU.
 *
 *    zone counters                          events
 *    zone->vm_stat[item]                    per CPU: vm_event_states.event[item]
 *      ^ what exceeds the threshold           only ever grow
 *    per CPU and zone: vm_stat_diff[item]
 *
 * A zone counter that many CPUs change would drag its cache line from one to the next. So a CPU
 * adds to a difference of its own, and to the zone's counter only when that has become larger than
 * stat_threshold. The zone's counter is then wrong by at most the threshold for each CPU;
 * zone_page_state_snapshot() adds the differences up, and refresh_cpu_vm_stats() folds them in.
 *
 * C1. A counter's true value is vm_stat[item] and the vm_stat_diff[item] of all CPUs together.
 * C2. |vm_stat_diff[item]| <= stat_threshold.
 * C3. A CPU's differences and events are changed by this CPU only, with interrupts off.
 * C4. NR_FREE_PAGES and NR_FREE_CMA_PAGES have no differences: they are exact at any moment.
 *
 * Differs from Linux in C4: there free pages are counted with differences too, although they only
 * change under zone->lock, and a zone near its watermarks must be summed up over all CPUs
 * (percpu_drift_mark, zone_watermark_ok_safe). Names and meaning otherwise as in Linux 3.10.
 */
#ifndef MM_VMSTAT_H
#define MM_VMSTAT_H

#include <kernel/percpu.h>
#include <lib/types.h>
#include <mm/mmzone.h>

/* --- Zone counters --- */

/* A counter of @zone, up to the differences of C1. */
static inline unsigned long zone_page_state(const struct zone *zone, enum zone_stat_item item)
{
	int value = atomic_read(&zone->vm_stat[item]);

	return value < 0 ? 0 : (unsigned long)value;
}

/* The same of all zones together. */
unsigned long global_page_state(enum zone_stat_item item);

/* With the differences of all CPUs added. Exact if nobody changes the counter meanwhile. */
unsigned long zone_page_state_snapshot(struct zone *zone, enum zone_stat_item item);
unsigned long global_page_state_snapshot(enum zone_stat_item item);

/**
 * __mod_zone_freepage_state - count blocks that go to or leave a zone's free lists
 * @zone: the zone
 * @nr_pages: how many pages; negative if they leave
 * @migratetype: the type of the pageblock that they lie in
 *
 * Context: zone->lock held.
 */
static inline void __mod_zone_freepage_state(struct zone *zone, int nr_pages,
					     enum migratetype migratetype)
{
	atomic_t *free = &zone->vm_stat[NR_FREE_PAGES];
	atomic_t *free_cma = &zone->vm_stat[NR_FREE_CMA_PAGES];

	assert_spin_locked(&zone->lock);
	atomic_set(free, atomic_read(free) + nr_pages);
	if (unlikely(migratetype == MIGRATE_CMA))
		atomic_set(free_cma, atomic_read(free_cma) + nr_pages);
}

/**
 * __mod_zone_page_state - change a counter
 * @zone: whose
 * @item: which; none of C4's
 * @delta: by how much
 *
 * The forms __inc and __dec change it by one, and move half of the threshold beyond zero when they
 * fold, so that a counter which goes on in the same direction is folded less often. Context:
 * interrupts off. Those without underscores: any.
 */
void __mod_zone_page_state(struct zone *zone, enum zone_stat_item item, int delta);
void __inc_zone_state(struct zone *zone, enum zone_stat_item item);
void __dec_zone_state(struct zone *zone, enum zone_stat_item item);
void mod_zone_page_state(struct zone *zone, enum zone_stat_item item, int delta);
void inc_zone_page_state(struct page *page, enum zone_stat_item item);
void dec_zone_page_state(struct page *page, enum zone_stat_item item);

/* Fold the differences of @cpu into the zones. Context: @cpu is this one, or does not run. */
void refresh_cpu_vm_stats(unsigned int cpu);

/**
 * calculate_normal_threshold - the threshold for a zone, from its size and the number of CPUs
 * @zone: a populated zone
 *
 * 2 * log2(CPUs) * (1 + log2(size in 128 MiB)), both logarithms counted from 1, but at most 125.
 */
int calculate_normal_threshold(const struct zone *zone);

/* Give every zone's pagesets their thresholds. Context: boot; again when CPUs come online. */
void refresh_zone_stat_thresholds(void);

/* --- Events --- */

/*
 * One for each zone, in the order of enum zone_type.
 *
 * Differs from Linux: PGALLOC and PGFREE are counted in per_cpu_pages, which the hot paths have at
 * hand, from setup_per_cpu_pageset() on; all_vm_events() adds them up.
 */
#define FOR_ALL_ZONES(event)	event##_DMA, event##_NORMAL, event##_HIGH, event##_MOVABLE

enum vm_event_item {
	FOR_ALL_ZONES(PGALLOC),	/* pages given out, by zone */
	PGFREE,			/* pages that came back */
	PCPREFILL,		/* a per-CPU list was empty, and was filled from the free lists */
	PCPSPILL,		/* a pageset had too many pages, and gave some to the free lists */
	PCPDRAIN,		/* a pageset was emptied, since the pages were wanted elsewhere */
	PAGEOUTRUN,		/* kswapd was at work */
	ALLOCSTALL,		/* a request had to free memory itself */
	SLABS_SCANNED,		/* objects that shrinkers were asked to drop */
	PGSTEAL_KSWAPD,		/* pages that were freed by kswapd */
	PGSTEAL_DIRECT,		/* and by requests */
	NR_VM_EVENT_ITEMS
};

struct vm_event_state {
	unsigned long event[NR_VM_EVENT_ITEMS];
};

DECLARE_PER_CPU(struct vm_event_state, vm_event_states);

/* Context: interrupts off, or nobody who interrupts counts the same event. */
static inline void __count_vm_events(enum vm_event_item item, unsigned long delta)
{
	__this_cpu_add(vm_event_states.event[item], delta);
}

static inline void __count_vm_event(enum vm_event_item item)
{
	__count_vm_events(item, 1);
}

/* Context: any. */
static inline void count_vm_events(enum vm_event_item item, unsigned long delta)
{
	this_cpu_add(vm_event_states.event[item], delta);
}

static inline void count_vm_event(enum vm_event_item item)
{
	count_vm_events(item, 1);
}

/* The events of all CPUs together, NR_VM_EVENT_ITEMS of them. */
void all_vm_events(unsigned long *events);

/* Names in the order of the enums, as /proc/vmstat has them: "nr_free_pages", "pgalloc_dma". */
extern const char *const zone_stat_names[NR_VM_ZONE_STAT_ITEMS];
extern const char *const vm_event_names[NR_VM_EVENT_ITEMS];

#endif
