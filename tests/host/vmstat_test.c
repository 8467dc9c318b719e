// SPDX-License-Identifier: MIT
/*
 * Counters of zones, nodes and CPUs, with four CPUs that take turns.
 */
#include "host.h"
#include "buddy_machine.h"
#include <kernel/cpumask.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/vmstat.h>

TEST_SUITE("vmstat");

#define ITEM	NR_KERNEL_STACK_KB	/* one that has differences */

static struct zone *boot(void)
{
	machine_boot(&machines[0]);
	setup_per_cpu_pageset();
	return &NODE_DATA(0)->node_zones[ZONE_NORMAL];
}

static pg_data_t *boot_node(void)
{
	return boot()->zone_pgdat;
}

static int diff_of(unsigned int cpu)
{
	return per_cpu_ptr(&nodestats[0], cpu)->vm_node_stat_diff[ITEM];
}

static void set_thresholds(int threshold)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		per_cpu_ptr(&nodestats[0], cpu)->stat_threshold = threshold;
}

/* --- Node counters --- */

TEST("the threshold grows with the number of CPUs and the size of the zone")
{
	static const struct {
		unsigned long mib;
		int threshold;		/* for the four CPUs of the host */
	} sizes[] = { { 16, 6 }, { 128, 12 }, { 256, 18 }, { 768, 24 }, { 1024, 30 } };
	struct zone zone = { .managed_pages = ~0UL };
	unsigned int i;

	EXPECT_EQ(calculate_normal_threshold(&zone), 6 * (1 + 17));
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		zone.managed_pages = MIB(sizes[i].mib);
		EXPECT_EQ(calculate_normal_threshold(&zone), sizes[i].threshold);
	}
	boot();
	EXPECT_EQ(per_cpu_ptr(&nodestats[0], 3)->stat_threshold, 6);
	NODE_DATA(0)->node_zones[ZONE_NORMAL].managed_pages = MIB(256);
	refresh_zone_stat_thresholds();
	EXPECT_EQ(per_cpu_ptr(&nodestats[0], 3)->stat_threshold, 18);
}

TEST("a CPU keeps a difference up to the threshold, and folds all of it beyond")
{
	pg_data_t *pgdat = boot_node();

	set_thresholds(4);
	mod_node_page_state(pgdat, ITEM, 4);
	EXPECT_EQ(node_page_state(pgdat, ITEM), 0);
	EXPECT_EQ(diff_of(0), 4);
	mod_node_page_state(pgdat, ITEM, 1);
	EXPECT_EQ(node_page_state(pgdat, ITEM), 5);
	EXPECT_EQ(diff_of(0), 0);
	mod_node_page_state(pgdat, ITEM, -4);
	EXPECT_EQ(node_page_state(pgdat, ITEM), 5);
	mod_node_page_state(pgdat, ITEM, -100);
	EXPECT_EQ(node_page_state(pgdat, ITEM), 0);
	EXPECT_EQ(atomic_read(&pgdat->vm_stat[ITEM]), (unsigned long)-99);
	mod_node_page_state(pgdat, ITEM, 200);
	EXPECT_EQ(node_page_state(pgdat, ITEM), 101);
}

TEST("steps of one fold half of the threshold beyond, so that the next fold is further away")
{
	pg_data_t *pgdat = boot_node();
	struct page *page = pfn_to_page(pgdat->node_start_pfn);
	unsigned int i;

	set_thresholds(4);
	for (i = 0; i < 5; i++)
		inc_node_page_state(page, ITEM);
	EXPECT_EQ(node_page_state(pgdat, ITEM), 7);
	EXPECT_EQ(diff_of(0), -2);
	EXPECT_EQ(node_page_state_snapshot(pgdat, ITEM), 5);
	for (i = 0; i < 3; i++)
		dec_node_page_state(page, ITEM);
	EXPECT_EQ(node_page_state(pgdat, ITEM), 0);
	EXPECT_EQ(diff_of(0), 2);
	EXPECT_EQ(node_page_state_snapshot(pgdat, ITEM), 2);
}

TEST("a counter and the differences of all CPUs are what was counted, also after folding")
{
	pg_data_t *pgdat = boot_node();
	long sum = 0;
	unsigned int i, cpu;

	for (i = 0; i < 5000; i++) {
		long delta = (long)test_random_below(41) - 20;

		/* As every counter of Linux, this one never goes below 0 in truth. */
		delta = sum + delta < 0 ? 1 : delta;
		host_set_cpu(test_random_below(NR_CPUS));
		sum += delta;
		if (delta == 1)
			inc_node_page_state(pfn_to_page(pgdat->node_start_pfn), ITEM);
		else
			mod_node_page_state(pgdat, ITEM, delta);
		ASSERT_EQ(node_page_state_snapshot(pgdat, ITEM), sum);
		if (i % 100 == 0)
			refresh_cpu_vm_stats(test_random_below(NR_CPUS));
		for_each_possible_cpu(cpu)
			ASSERT(diff_of(cpu) <= 6 && diff_of(cpu) >= -6);
	}
	for_each_possible_cpu(cpu)
		refresh_cpu_vm_stats(cpu);
	EXPECT_EQ(node_page_state(pgdat, ITEM), sum);
	EXPECT_EQ(global_node_page_state(ITEM), sum);
	EXPECT_EQ(global_node_page_state_snapshot(ITEM), sum);
}

TEST("NR_FREE_PAGES is exact at any moment")
{
	struct zone *zone = boot();
	unsigned long nr_free = nr_free_pages();

	EXPECT(alloc_pages(GFP_KERNEL, 1));
	EXPECT_EQ(zone_page_state(zone, NR_FREE_PAGES), nr_free - 2);
	EXPECT_EQ(global_page_state(NR_FREE_PAGES), nr_free - 2);
	EXPECT(machine_check());
}

TEST("what is not counted for nodes is refused")
{
	pg_data_t *pgdat = boot_node();

	HOST_EXPECT_BUG(mod_node_page_state(pgdat, NR_VM_NODE_STAT_ITEMS, 1));
	local_irq_enable();
}

/* --- Events --- */

TEST("pages given out less pages taken back are the pages in use, zone by zone")
{
	unsigned long before[NR_VM_EVENT_ITEMS], after[NR_VM_EVENT_ITEMS], nr_free;
	struct page *pages[3];

	machine_boot(&machines[5]);
	setup_per_cpu_pageset();
	nr_free = nr_free_pages();
	all_vm_events(before);
	host_set_cpu(1);
	pages[0] = alloc_page(GFP_DMA);
	pages[1] = alloc_pages(GFP_KERNEL, 4);
	pages[2] = alloc_pages(GFP_HIGHUSER_MOVABLE, 10);
	host_set_cpu(2);
	EXPECT(alloc_page(GFP_HIGHUSER));
	__free_page(pages[0]);
	all_vm_events(after);
	EXPECT_EQ(after[PGALLOC_DMA] - before[PGALLOC_DMA], 1);
	EXPECT_EQ(after[PGALLOC_NORMAL] - before[PGALLOC_NORMAL], 16);
	EXPECT_EQ(after[PGALLOC_HIGH] - before[PGALLOC_HIGH], 1);
	EXPECT_EQ(after[PGALLOC_MOVABLE] - before[PGALLOC_MOVABLE], 1024);
	EXPECT_EQ(after[PGFREE] - before[PGFREE], 1);
	EXPECT_EQ(nr_free - nr_free_pages() - nr_pcp_pages(), 16 + 1 + 1024);
}

TEST("refills, spills and drains are counted")
{
	unsigned long events[NR_VM_EVENT_ITEMS];
	struct page *page;

	boot();
	page = alloc_page(GFP_KERNEL);
	all_vm_events(events);
	EXPECT_EQ(events[PCPREFILL], 1);
	EXPECT_EQ(events[PCPSPILL], 0);
	__free_page(page);	/* 16 MiB: high is 0 */
	all_vm_events(events);
	EXPECT_EQ(events[PCPSPILL], 1);
	set_percpu_pagelist_fraction(8);
	__free_page(alloc_page(GFP_KERNEL));
	drain_all_pages();
	drain_all_pages();
	all_vm_events(events);
	EXPECT_EQ(events[PCPDRAIN], 1);
}

TEST("events of all CPUs are summed up")
{
	unsigned long events[NR_VM_EVENT_ITEMS];
	unsigned int cpu;

	boot();
	for_each_possible_cpu(cpu) {
		host_set_cpu(cpu);
		count_vm_events(PCPDRAIN, cpu + 1);
		count_vm_event(PCPDRAIN);
	}
	all_vm_events(events);
	EXPECT_EQ(events[PCPDRAIN], 1 + 2 + 3 + 4 + 4);
}
