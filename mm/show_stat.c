// SPDX-License-Identifier: MIT
/*
 * Reports on counters, migrate types and per-CPU lists, on the console:
 *
 *    show_vmstat         /proc/vmstat         zone counters summed up, and events
 *    show_pagetypeinfo   /proc/pagetypeinfo   free blocks by zone, migrate type and order; pageblocks
 *    show_pagesets       /proc/zoneinfo       a zone's part of it on per-CPU lists
 *    show_pcp            (our own)            what is on each CPU's lists
 *    show_pageblocks     (our own)            a letter for each pageblock
 *
 * The first three have Linux's formats. Context: any, but for show_pcp(), which asks other CPUs.
 */
#include <kernel/cpumask.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <mm/buddy.h>
#include <mm/mm.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>

void show_vmstat(void)
{
	unsigned long events[NR_VM_EVENT_ITEMS];
	unsigned int item;

	for (item = 0; item < NR_VM_ZONE_STAT_ITEMS; item++)
		printk(KERN_INFO "%s %lu\n", zone_stat_names[item], global_page_state(item));
	for (item = 0; item < NR_VM_NODE_STAT_ITEMS; item++)
		printk(KERN_INFO "%s %lu\n", node_stat_names[item], global_node_page_state(item));
	all_vm_events(events);
	for (item = 0; item < NR_VM_EVENT_ITEMS; item++)
		printk(KERN_INFO "%s %lu\n", vm_event_names[item], events[item]);
}

void show_pagesets(const struct zone *zone)
{
	unsigned int cpu;

	printk(KERN_INFO "  pagesets\n");
	for_each_online_cpu(cpu) {
		const struct per_cpu_pageset *p = per_cpu_ptr(zone->pageset, cpu);

		printk(KERN_INFO "    cpu: %u\n", cpu);
		printk(KERN_INFO "              count: %d\n", READ_ONCE(p->pcp.count));
		printk(KERN_INFO "              high:  %d\n", READ_ONCE(p->pcp.high));
		printk(KERN_INFO "              batch: %d\n", READ_ONCE(p->pcp.batch));
		printk(KERN_INFO "  vm stats threshold: %d\n",
		       per_cpu_ptr(&nodestats[zone_to_nid(zone)], cpu)->stat_threshold);
	}
}

/* --- Migrate types --- */

/* A zone's free blocks at one moment. */
struct type_snapshot {
	unsigned int nr_blocks[MIGRATE_TYPES][MAX_ORDER];
};

static unsigned int count_blocks(const struct list_head *list)
{
	const struct list_head *link;
	unsigned int nr = 0;

	list_for_each(link, list)
		nr++;
	return nr;
}

static void snapshot_types(struct zone *zone, struct type_snapshot *snap)
{
	unsigned int type, order;
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	for (type = 0; type < MIGRATE_TYPES; type++)
		for (order = 0; order < MAX_ORDER; order++)
			snap->nr_blocks[type][order] =
				count_blocks(&zone->free_area[order].free_list[type]);
	spin_unlock_irqrestore(&zone->lock, flags);
}

static void show_zone_by_type(struct zone *zone)
{
	struct type_snapshot snap;
	unsigned int type, order;

	snapshot_types(zone, &snap);
	for (type = 0; type < MIGRATE_TYPES; type++) {
		printk(KERN_INFO "Node %4d, zone %8s, type %12s ", zone_to_nid(zone), zone_name(zone),
		       migratetype_names[type]);
		for (order = 0; order < MAX_ORDER; order++)
			pr_cont("%6u ", snap.nr_blocks[type][order]);
		pr_cont("\n");
	}
}

static void show_pageblock_counts(const struct zone *zone)
{
	unsigned long counts[MIGRATE_TYPES] = { 0 }, pfn;
	unsigned int type;

	for_each_pageblock(pfn, zone)
		counts[get_pfnblock_migratetype(zone, pfn)]++;
	printk(KERN_INFO "Node %d, zone %8s ", zone_to_nid(zone), zone_name(zone));
	for (type = 0; type < MIGRATE_TYPES; type++)
		pr_cont("%12lu ", counts[type]);
	pr_cont("\n");
}

void show_free_by_type(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		show_zone_by_type(zone);
}

void show_pagetypeinfo(void)
{
	unsigned int order, type;
	struct zone *zone;

	printk(KERN_INFO "Page block order: %d\n", pageblock_order);
	printk(KERN_INFO "Pages per block:  %lu\n", pageblock_nr_pages);
	printk(KERN_INFO "\n");
	printk(KERN_INFO "%-43s ", "Free pages count per migrate type at order");
	for (order = 0; order < MAX_ORDER; order++)
		pr_cont("%6u ", order);
	pr_cont("\n");
	show_free_by_type();
	printk(KERN_INFO "\n");
	printk(KERN_INFO "%-23s", "Number of blocks type ");
	for (type = 0; type < MIGRATE_TYPES; type++)
		pr_cont("%12s ", migratetype_names[type]);
	pr_cont("\n");
	for_each_populated_zone(zone)
		show_pageblock_counts(zone);
}

/* --- Pageblocks --- */

#define PAGEBLOCKS_A_LINE	64

/* Is the whole pageblock one free block? */
static bool pageblock_is_free(unsigned long pfn)
{
	const struct page *page = pfn_to_page(pfn);

	return IS_ALIGNED(pfn, pageblock_nr_pages) && PageBuddy(page) &&
	       page_private(page) == pageblock_order;
}

/* The letter of its type; a small one if all of it is free. */
static char pageblock_letter(const struct zone *zone, unsigned long pfn)
{
	char letter = migratetype_letters[get_pfnblock_migratetype(zone, pfn)];

	return pageblock_is_free(pfn) ? letter - 'A' + 'a' : letter;
}

static void show_zone_pageblocks(struct zone *zone)
{
	unsigned int column = 0;
	unsigned long pfn;

	printk(KERN_INFO "Node %d, zone %8s\n", zone_to_nid(zone), zone_name(zone));
	for_each_pageblock(pfn, zone) {
		if (column == 0)
			printk(KERN_INFO "  %#010lx ", (unsigned long)PFN_PHYS(pfn));
		pr_cont("%c", pageblock_letter(zone, pfn));
		column = (column + 1) % PAGEBLOCKS_A_LINE;
		if (column == 0)
			pr_cont("\n");
	}
	if (column)
		pr_cont("\n");
}

void show_pageblocks(void)
{
	struct zone *zone;

	printk(KERN_INFO "Each letter is %lu KiB: Unmovable, rEclaimable, Movable, Reserve, CMA, Isolate; small if all of it is free\n",
	       (pageblock_nr_pages << PAGE_SHIFT) >> 10);
	for_each_populated_zone(zone)
		show_zone_pageblocks(zone);
}

/* --- Per-CPU lists --- */

struct pcp_snapshot {
	const struct zone *zone;
	int count, high, batch;
	unsigned long nr_blocks[NR_PCP_LISTS];
};

/* Called on the CPU whose lists are to be counted: nobody else may walk them. */
static void snapshot_pcp(void *info)
{
	struct pcp_snapshot *snap = info;
	const struct per_cpu_pages *pcp = &this_cpu_ptr(snap->zone->pageset)->pcp;
	const struct list_head *link;
	unsigned int pindex;

	snap->count = pcp->count;
	snap->high = pcp->high;
	snap->batch = pcp->batch;
	for (pindex = 0; pindex < NR_PCP_LISTS; pindex++) {
		snap->nr_blocks[pindex] = 0;
		list_for_each(link, &pcp->lists[pindex])
			snap->nr_blocks[pindex]++;
	}
}

static void show_pcp_lists(const struct pcp_snapshot *snap)
{
	unsigned int order, type;

	for (type = 0; type < MIGRATE_PCPTYPES; type++) {
		printk(KERN_INFO "%12s ", migratetype_names[type]);
		for (order = 0; order <= PCP_MAX_ORDER; order++)
			pr_cont("%6lu ", snap->nr_blocks[order_to_pindex(type, order)]);
		pr_cont("\n");
	}
}

static void show_zone_pcp(const struct zone *zone, unsigned int cpu)
{
	const struct cpumask mask = cpumask_of(cpu);
	struct pcp_snapshot snap = { .zone = zone };

	on_each_cpu_mask(&mask, snapshot_pcp, &snap, true);
	printk(KERN_INFO "Node %d, zone %8s, cpu %u: count %d high %d batch %d\n",
	       zone_to_nid(zone), zone_name(zone), cpu, snap.count, snap.high, snap.batch);
	if (snap.count)
		show_pcp_lists(&snap);
}

void show_pcp(void)
{
	unsigned int cpu, order;
	struct zone *zone;

	printk(KERN_INFO "%12s ", "order");
	for (order = 0; order <= PCP_MAX_ORDER; order++)
		pr_cont("%6u ", order);
	pr_cont("\n");
	for_each_populated_zone(zone)
		for_each_online_cpu(cpu)
			show_zone_pcp(zone, cpu);
}
