// SPDX-License-Identifier: MIT
/*
 * Counters of zones and CPUs: folding differences, summing up. See vmstat.h for the picture and
 * C1 to C4.
 *
 *    threshold 4            this CPU's difference      zone->vm_stat
 *    inc, inc, inc, inc       1, 2, 3, 4                 10
 *    inc                      5 > 4: fold 5 + 2         17
 *                            -2
 *    inc, ...                -1, 0, 1, ...              17
 *
 * After mm/vmstat.c of Linux 3.10, without the counters of NUMA and the periodic folding, which the
 * caller of refresh_cpu_vm_stats() decides.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <mm/mm.h>
#include <mm/vmstat.h>

/* vm_stat_diff is 8 bits wide. */
#define MAX_THRESHOLD	125

#define PAGES_128M_SHIFT	(27 - PAGE_SHIFT)

DEFINE_PER_CPU(struct vm_event_state, vm_event_states);

const char *const zone_stat_names[NR_VM_ZONE_STAT_ITEMS] = {
	[NR_FREE_PAGES] = "nr_free_pages",
	[NR_FREE_CMA_PAGES] = "nr_free_cma",
	[NR_KERNEL_STACK_KB] = "nr_kernel_stack",
};

const char *const vm_event_names[NR_VM_EVENT_ITEMS] = {
	[PGALLOC_DMA] = "pgalloc_dma",
	[PGALLOC_NORMAL] = "pgalloc_normal",
	[PGALLOC_HIGH] = "pgalloc_high",
	[PGALLOC_MOVABLE] = "pgalloc_movable",
	[PGFREE] = "pgfree",
	[PCPREFILL] = "pcp_refill",
	[PCPSPILL] = "pcp_spill",
	[PCPDRAIN] = "pcp_drain",
	[PAGEOUTRUN] = "pageoutrun",
	[ALLOCSTALL] = "allocstall",
	[SLABS_SCANNED] = "slabs_scanned",
	[PGSTEAL_KSWAPD] = "pgsteal_kswapd",
	[PGSTEAL_DIRECT] = "pgsteal_direct",
};

_Static_assert(PGALLOC_MOVABLE == PGALLOC_DMA + ZONE_MOVABLE, "an event for each zone, in order");

/* --- Zone counters --- */

static inline bool has_differences(enum zone_stat_item item)
{
	return item != NR_FREE_PAGES && item != NR_FREE_CMA_PAGES;
}

static inline void zone_page_state_add(int delta, struct zone *zone, enum zone_stat_item item)
{
	atomic_add(delta, &zone->vm_stat[item]);
}

void __mod_zone_page_state(struct zone *zone, enum zone_stat_item item, int delta)
{
	struct per_cpu_pageset *p = this_cpu_ptr(zone->pageset);
	int diff = p->vm_stat_diff[item] + delta;

	VM_BUG_ON(!irqs_disabled() || !has_differences(item), "item %u", item);
	if (diff > p->stat_threshold || diff < -p->stat_threshold) {
		zone_page_state_add(diff, zone, item);
		diff = 0;
	}
	p->vm_stat_diff[item] = diff;
}

/* One step in the direction of @sign, 1 or -1. */
static inline void step_zone_state(struct zone *zone, enum zone_stat_item item, int sign)
{
	struct per_cpu_pageset *p = this_cpu_ptr(zone->pageset);
	int diff = p->vm_stat_diff[item] + sign;

	VM_BUG_ON(!irqs_disabled() || !has_differences(item), "item %u", item);
	if (unlikely(diff * sign > p->stat_threshold)) {
		int overstep = sign * (p->stat_threshold >> 1);

		zone_page_state_add(diff + overstep, zone, item);
		diff = -overstep;
	}
	p->vm_stat_diff[item] = diff;
}

void __inc_zone_state(struct zone *zone, enum zone_stat_item item)
{
	step_zone_state(zone, item, 1);
}

void __dec_zone_state(struct zone *zone, enum zone_stat_item item)
{
	step_zone_state(zone, item, -1);
}

void mod_zone_page_state(struct zone *zone, enum zone_stat_item item, int delta)
{
	unsigned long flags;

	local_irq_save(flags);
	__mod_zone_page_state(zone, item, delta);
	local_irq_restore(flags);
}

void inc_zone_page_state(struct page *page, enum zone_stat_item item)
{
	unsigned long flags;

	local_irq_save(flags);
	__inc_zone_state(page_zone(page), item);
	local_irq_restore(flags);
}

void dec_zone_page_state(struct page *page, enum zone_stat_item item)
{
	unsigned long flags;

	local_irq_save(flags);
	__dec_zone_state(page_zone(page), item);
	local_irq_restore(flags);
}

static void fold_diff(struct zone *zone, struct per_cpu_pageset *p, enum zone_stat_item item)
{
	unsigned long flags;
	int diff;

	local_irq_save(flags);
	diff = p->vm_stat_diff[item];
	p->vm_stat_diff[item] = 0;
	local_irq_restore(flags);
	if (diff)
		zone_page_state_add(diff, zone, item);
}

void refresh_cpu_vm_stats(unsigned int cpu)
{
	unsigned int item;
	struct zone *zone;

	for_each_populated_zone(zone)
		for (item = 0; item < NR_VM_ZONE_STAT_ITEMS; item++)
			fold_diff(zone, per_cpu_ptr(zone->pageset, cpu), item);
}

/* --- Sums --- */

unsigned long global_page_state(enum zone_stat_item item)
{
	unsigned long sum = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		sum += zone_page_state(zone, item);
	return sum;
}

unsigned long zone_page_state_snapshot(struct zone *zone, enum zone_stat_item item)
{
	int value = atomic_read(&zone->vm_stat[item]);
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		value += READ_ONCE(per_cpu_ptr(zone->pageset, cpu)->vm_stat_diff[item]);
	return value < 0 ? 0 : (unsigned long)value;
}

unsigned long global_page_state_snapshot(enum zone_stat_item item)
{
	unsigned long sum = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		sum += zone_page_state_snapshot(zone, item);
	return sum;
}

unsigned long nr_free_pages(void)
{
	return global_page_state(NR_FREE_PAGES);
}

unsigned long nr_free_highpages(void)
{
	unsigned long nr_free = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		if (is_highmem(zone))
			nr_free += zone_page_state(zone, NR_FREE_PAGES);
	return nr_free;
}

/* What the hot paths count in pagesets. */
static void add_pageset_events(unsigned long *events)
{
	struct zone *zone;
	unsigned int cpu;

	for_each_populated_zone(zone)
		for_each_possible_cpu(cpu) {
			const struct per_cpu_pages *pcp = &per_cpu_ptr(zone->pageset, cpu)->pcp;

			events[PGALLOC_DMA + zone_idx(zone)] += READ_ONCE(pcp->nr_alloc);
			events[PGFREE] += READ_ONCE(pcp->nr_free);
		}
}

void all_vm_events(unsigned long *events)
{
	unsigned int cpu, item;

	for (item = 0; item < NR_VM_EVENT_ITEMS; item++)
		events[item] = 0;
	for_each_possible_cpu(cpu)
		for (item = 0; item < NR_VM_EVENT_ITEMS; item++)
			events[item] += READ_ONCE(per_cpu(vm_event_states, cpu).event[item]);
	add_pageset_events(events);
}

/* --- Thresholds --- */

int calculate_normal_threshold(const struct zone *zone)
{
	unsigned int threshold = 2 * fls(num_online_cpus()) *
				 (1 + fls(zone->managed_pages >> PAGES_128M_SHIFT));

	return min(threshold, MAX_THRESHOLD + 0u);
}

void refresh_zone_stat_thresholds(void)
{
	struct zone *zone;
	unsigned int cpu;

	for_each_populated_zone(zone)
		for_each_possible_cpu(cpu)
			per_cpu_ptr(zone->pageset, cpu)->stat_threshold =
				calculate_normal_threshold(zone);
}
