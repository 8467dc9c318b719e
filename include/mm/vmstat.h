/* SPDX-License-Identifier: MIT */
/*
 * Counters: what is in a zone, what a node has, and what happened on a CPU.
 *
 *    zone->vm_stat[item]     pgdat->vm_stat[item]                   vm_event_states.event[item]
 *      exact                   ^ what exceeds the threshold           per CPU, only ever grow
 *                            per CPU and node: vm_node_stat_diff[item]
 *
 * A counter that many CPUs change would drag its cache line from one to the next. So a CPU adds to a
 * difference of its own, and to the node's counter only when that has become larger than
 * stat_threshold. The node's counter is then wrong by at most the threshold for each CPU;
 * node_page_state_snapshot() adds the differences up, and refresh_cpu_vm_stats() folds them in.
 *
 * C1. A node counter's true value is vm_stat[item] and the vm_node_stat_diff[item] of all CPUs.
 * C2. |vm_node_stat_diff[item]| <= stat_threshold.
 * C3. A CPU's differences and events are changed by this CPU only, with interrupts off.
 * C4. A zone's counters are exact at any moment: they have no differences.
 *
 * Differs from Linux in C4: there free pages are counted with differences too, although they only
 * change under zone->lock, and a zone near its watermarks must be summed up over all CPUs
 * (percpu_drift_mark, zone_watermark_ok_safe). What is counted by zone and by node is as in Linux
 * 6.1; Linux 3.10 counts all by zone.
 */
#ifndef MM_VMSTAT_H
#define MM_VMSTAT_H

#include <kernel/percpu.h>
#include <lib/types.h>
#include <mm/mmzone.h>

/* --- Zone counters --- */

/* A counter of @zone. */
static inline unsigned long zone_page_state(const struct zone *zone, enum zone_stat_item item)
{
	return (unsigned long)atomic_read(&zone->vm_stat[item]);
}

/* The same of all zones together. */
unsigned long global_page_state(enum zone_stat_item item);

/**
 * __mod_zone_freepage_state - count blocks that go to or leave a zone's free lists
 * @zone: the zone
 * @nr_pages: how many pages; negative if they leave
 * @migratetype: the type of the pageblock that they lie in; isolated ones do not count
 *
 * Context: zone->lock held.
 */
static inline void __mod_zone_freepage_state(struct zone *zone, int nr_pages,
					     enum migratetype migratetype)
{
	atomic_t *free = &zone->vm_stat[NR_FREE_PAGES];
	atomic_t *free_cma = &zone->vm_stat[NR_FREE_CMA_PAGES];

	assert_spin_locked(&zone->lock);
	if (unlikely(migratetype >= MIGRATE_CMA)) {
		if (migratetype == MIGRATE_ISOLATE)
			return;
		atomic_set(free_cma, atomic_read(free_cma) + nr_pages);
	}
	atomic_set(free, atomic_read(free) + nr_pages);
}

/* --- Node counters --- */

/* By CPU and node; pgdat->per_cpu_nodestats in Linux. */
DECLARE_PER_CPU(struct per_cpu_nodestat, nodestats[MAX_NUMNODES]);

/* A counter of a node, up to the differences of C1; never below 0. */
unsigned long node_page_state(const struct pglist_data *pgdat, enum node_stat_item item);

/* The same of all nodes together. */
unsigned long global_node_page_state(enum node_stat_item item);

/* Return: the same with the differences of all CPUs added; exact if nobody changes the counter meanwhile. */
unsigned long node_page_state_snapshot(const struct pglist_data *pgdat, enum node_stat_item item);
unsigned long global_node_page_state_snapshot(enum node_stat_item item);

/**
 * __mod_node_page_state, __inc_node_state, __dec_node_state, mod_node_page_state, inc_node_page_state,
 * dec_node_page_state - change a counter
 * @pgdat: whose
 * @page: of whose node
 * @item: which
 * @delta: by how much
 *
 * The forms __inc and __dec change it by one, and move half of the threshold beyond zero when they fold, so that a
 * counter which goes on in the same direction is folded less often. Context: interrupts off. Those without
 * underscores: any.
 */
void __mod_node_page_state(struct pglist_data *pgdat, enum node_stat_item item, int delta);
void __inc_node_state(struct pglist_data *pgdat, enum node_stat_item item);
void __dec_node_state(struct pglist_data *pgdat, enum node_stat_item item);
void mod_node_page_state(struct pglist_data *pgdat, enum node_stat_item item, int delta);
void inc_node_page_state(struct page *page, enum node_stat_item item);
void dec_node_page_state(struct page *page, enum node_stat_item item);

/* Begin to count: all counters of the node are 0. Context: boot, when the node is made. */
void node_stats_init(struct pglist_data *pgdat);

/* Fold the differences of @cpu into the nodes. Context: @cpu is this one, or does not run. */
void refresh_cpu_vm_stats(unsigned int cpu);

/**
 * calculate_normal_threshold - the threshold for a zone, from its size and the number of CPUs
 * @zone: a populated zone
 *
 * 2 * log2(CPUs) * (1 + log2(size in 128 MiB)), both logarithms counted from 1, but at most 125. A
 * node has that of its zone with the highest.
 */
int calculate_normal_threshold(const struct zone *zone);

/* Give every node its thresholds. Context: boot; again when CPUs come online. */
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
	FALLBACK,		/* a block came from another migrate type's lists */
	FALLBACK_CLAIM,		/* and the type of its pageblock changed with it */
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

/* @delta more. Context: interrupts off, or nobody who interrupts counts the same event. */
static inline void __count_vm_events(enum vm_event_item item, unsigned long delta)
{
	__this_cpu_add(vm_event_states.event[item], delta);
}

/* As __count_vm_events(), one. */
static inline void __count_vm_event(enum vm_event_item item)
{
	__count_vm_events(item, 1);
}

/* @delta more. Context: any. */
static inline void count_vm_events(enum vm_event_item item, unsigned long delta)
{
	this_cpu_add(vm_event_states.event[item], delta);
}

/* As count_vm_events(), one. */
static inline void count_vm_event(enum vm_event_item item)
{
	count_vm_events(item, 1);
}

/* The events of all CPUs together, NR_VM_EVENT_ITEMS of them. */
void all_vm_events(unsigned long *events);

/* Names in the order of the enums, as /proc/vmstat has them: "nr_free_pages", "pgalloc_dma". */
extern const char *const zone_stat_names[NR_VM_ZONE_STAT_ITEMS];
extern const char *const node_stat_names[NR_VM_NODE_STAT_ITEMS];
extern const char *const vm_event_names[NR_VM_EVENT_ITEMS];

#endif
