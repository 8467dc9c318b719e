// SPDX-License-Identifier: MIT
/*
 * Counters of zones, nodes and CPUs: folding differences, summing up. See vmstat.h for the picture
 * and C1 to C4.
 *
 *    threshold 4            this CPU's difference      pgdat->vm_stat
 *    inc, inc, inc, inc       1, 2, 3, 4                 10
 *    inc                      5 > 4: fold 5 + 2         17
 *                            -2
 *    inc, ...                -1, 0, 1, ...              17
 *
 * After mm/vmstat.c of Linux 6.1, without the counters of NUMA and the periodic folding, which the
 * caller of refresh_cpu_vm_stats() decides.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/cpumask.h>
#include <mm/mm.h>
#include <mm/vmstat.h>

/* vm_node_stat_diff is 8 bits wide. */
#define MAX_THRESHOLD	125

#define PAGES_128M_SHIFT	(27 - PAGE_SHIFT)

DEFINE_PER_CPU(struct vm_event_state, vm_event_states);
DEFINE_PER_CPU(struct per_cpu_nodestat, nodestats[MAX_NUMNODES]);

const char *const zone_stat_names[NR_VM_ZONE_STAT_ITEMS] = {
	[NR_FREE_PAGES] = "nr_free_pages",
	[NR_FREE_CMA_PAGES] = "nr_free_cma",
};

const char *const node_stat_names[NR_VM_NODE_STAT_ITEMS] = {
	[NR_KERNEL_STACK_KB] = "nr_kernel_stack",
	[NR_PAGETABLE] = "nr_page_table_pages",
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
	[FALLBACK] = "fallback",
	[FALLBACK_CLAIM] = "fallback_claim",
	[PAGEOUTRUN] = "pageoutrun",
	[ALLOCSTALL] = "allocstall",
	[SLABS_SCANNED] = "slabs_scanned",
	[PGSTEAL_KSWAPD] = "pgsteal_kswapd",
	[PGSTEAL_DIRECT] = "pgsteal_direct",
};

_Static_assert(PGALLOC_MOVABLE == PGALLOC_DMA + ZONE_MOVABLE, "an event for each zone, in order");

/* --- Zone counters --- */

unsigned long global_page_state(enum zone_stat_item item)
{
	unsigned long sum = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		sum += zone_page_state(zone, item);
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

/* --- Node counters --- */

static struct per_cpu_nodestat *nodestat_of(const pg_data_t *pgdat, unsigned int cpu)
{
	return per_cpu_ptr(&nodestats[pgdat->node_id], cpu);
}

static inline struct per_cpu_nodestat *this_nodestat(const pg_data_t *pgdat)
{
	return this_cpu_ptr(&nodestats[pgdat->node_id]);
}

void node_stats_init(pg_data_t *pgdat)
{
	unsigned int cpu, item;

	BUG_ON(pgdat->node_id < 0 || pgdat->node_id >= MAX_NUMNODES, "node %d", pgdat->node_id);
	for (item = 0; item < NR_VM_NODE_STAT_ITEMS; item++)
		atomic_set(&pgdat->vm_stat[item], 0);
	for_each_possible_cpu(cpu)
		*nodestat_of(pgdat, cpu) = (struct per_cpu_nodestat){ 0 };
}

static inline void node_page_state_add(int delta, pg_data_t *pgdat, enum node_stat_item item)
{
	atomic_add(delta, &pgdat->vm_stat[item]);
}

void __mod_node_page_state(pg_data_t *pgdat, enum node_stat_item item, int delta)
{
	struct per_cpu_nodestat *p = this_nodestat(pgdat);
	int diff = p->vm_node_stat_diff[item] + delta;

	VM_BUG_ON(!irqs_disabled() || item >= NR_VM_NODE_STAT_ITEMS, "item %u", item);
	if (diff > p->stat_threshold || diff < -p->stat_threshold) {
		node_page_state_add(diff, pgdat, item);
		diff = 0;
	}
	p->vm_node_stat_diff[item] = diff;
}

/* One step in the direction of @sign, 1 or -1. */
static inline void step_node_state(pg_data_t *pgdat, enum node_stat_item item, int sign)
{
	struct per_cpu_nodestat *p = this_nodestat(pgdat);
	int diff = p->vm_node_stat_diff[item] + sign;

	VM_BUG_ON(!irqs_disabled() || item >= NR_VM_NODE_STAT_ITEMS, "item %u", item);
	if (unlikely(diff * sign > p->stat_threshold)) {
		int overstep = sign * (p->stat_threshold >> 1);

		node_page_state_add(diff + overstep, pgdat, item);
		diff = -overstep;
	}
	p->vm_node_stat_diff[item] = diff;
}

void __inc_node_state(pg_data_t *pgdat, enum node_stat_item item)
{
	step_node_state(pgdat, item, 1);
}

void __dec_node_state(pg_data_t *pgdat, enum node_stat_item item)
{
	step_node_state(pgdat, item, -1);
}

void mod_node_page_state(pg_data_t *pgdat, enum node_stat_item item, int delta)
{
	unsigned long flags;

	local_irq_save(flags);
	__mod_node_page_state(pgdat, item, delta);
	local_irq_restore(flags);
}

void inc_node_page_state(struct page *page, enum node_stat_item item)
{
	unsigned long flags;

	local_irq_save(flags);
	__inc_node_state(page_zone(page)->zone_pgdat, item);
	local_irq_restore(flags);
}

void dec_node_page_state(struct page *page, enum node_stat_item item)
{
	unsigned long flags;

	local_irq_save(flags);
	__dec_node_state(page_zone(page)->zone_pgdat, item);
	local_irq_restore(flags);
}

static void fold_diff(pg_data_t *pgdat, unsigned int cpu, enum node_stat_item item)
{
	struct per_cpu_nodestat *p = nodestat_of(pgdat, cpu);
	unsigned long flags;
	int diff;

	local_irq_save(flags);
	diff = p->vm_node_stat_diff[item];
	p->vm_node_stat_diff[item] = 0;
	local_irq_restore(flags);
	if (diff)
		node_page_state_add(diff, pgdat, item);
}

void refresh_cpu_vm_stats(unsigned int cpu)
{
	unsigned int item;
	int nid;

	for_each_online_node(nid)
		for (item = 0; item < NR_VM_NODE_STAT_ITEMS; item++)
			fold_diff(NODE_DATA(nid), cpu, item);
}

/* --- Sums --- */

static unsigned long never_below_0(int value)
{
	return value < 0 ? 0 : (unsigned long)value;
}

unsigned long node_page_state(const pg_data_t *pgdat, enum node_stat_item item)
{
	return never_below_0(atomic_read(&pgdat->vm_stat[item]));
}

unsigned long global_node_page_state(enum node_stat_item item)
{
	unsigned long sum = 0;
	int nid;

	for_each_online_node(nid)
		sum += node_page_state(NODE_DATA(nid), item);
	return sum;
}

unsigned long node_page_state_snapshot(const pg_data_t *pgdat, enum node_stat_item item)
{
	int value = atomic_read(&pgdat->vm_stat[item]);
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		value += READ_ONCE(nodestat_of(pgdat, cpu)->vm_node_stat_diff[item]);
	return never_below_0(value);
}

unsigned long global_node_page_state_snapshot(enum node_stat_item item)
{
	unsigned long sum = 0;
	int nid;

	for_each_online_node(nid)
		sum += node_page_state_snapshot(NODE_DATA(nid), item);
	return sum;
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

	for (item = 0; item < NR_VM_EVENT_ITEMS + bug(ARRAY_END); item++)
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

/* The highest threshold of the node's zones; 0 if it has no pages. */
static int node_threshold(const pg_data_t *pgdat)
{
	int threshold = 0;

	for (unsigned int i = 0; i < MAX_NR_ZONES; i++)
		if (populated_zone(&pgdat->node_zones[i]))
			threshold = max(threshold, calculate_normal_threshold(&pgdat->node_zones[i]));
	return threshold;
}

void refresh_zone_stat_thresholds(void)
{
	unsigned int cpu;
	int nid;

	for_each_online_node(nid)
		for_each_possible_cpu(cpu)
			nodestat_of(NODE_DATA(nid), cpu)->stat_threshold = node_threshold(NODE_DATA(nid));
}
