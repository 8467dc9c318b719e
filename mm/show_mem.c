// SPDX-License-Identifier: MIT
/*
 * Reports on zones and free pages, on the console, in Linux's formats: what parses Linux's /proc
 * parses these.
 *
 *    show_buddyinfo    /proc/buddyinfo    free blocks by zone and order
 *    show_zoneinfo     /proc/zoneinfo     each zone's pages
 *    show_meminfo      /proc/meminfo      the system's pages, in kB
 *    show_mem          SysRq-m            all of this for a person in trouble
 *
 * Lines that Linux has for things that do not exist here yet are left out. Context: any. While
 * other CPUs allocate, what a line says of a zone's blocks is of one moment, as is what is said of
 * its free pages in several places of a report; from one line to the next time passes.
 */
#include <kernel/cpumask.h>
#include <kernel/printk.h>
#include <mm/buddy.h>
#include <mm/mm.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>

#define K(pages)	((pages) << (PAGE_SHIFT - 10))

/* What is in a zone's free areas at one moment. */
struct area_snapshot {
	unsigned long nr_free[MAX_ORDER];
	u8 types[MAX_ORDER];		/* one bit for each migrate type that has a block */
};

static void snapshot_areas(struct zone *zone, struct area_snapshot *snap)
{
	unsigned int order, type;
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	for (order = 0; order < MAX_ORDER; order++) {
		struct free_area *area = &zone->free_area[order];

		snap->nr_free[order] = area->nr_free;
		snap->types[order] = 0;
		for (type = 0; type < MIGRATE_TYPES; type++)
			if (!list_empty(&area->free_list[type]))
				snap->types[order] |= BIT(type);
	}
	spin_unlock_irqrestore(&zone->lock, flags);
}

void show_buddyinfo(void)
{
	struct area_snapshot snap;
	struct zone *zone;
	unsigned int order;

	for_each_populated_zone(zone) {
		snapshot_areas(zone, &snap);
		printk(KERN_INFO "Node %d, zone %8s ", zone_to_nid(zone), zone_name(zone));
		for (order = 0; order < MAX_ORDER; order++)
			pr_cont("%6lu ", snap.nr_free[order]);
		pr_cont("\n");
	}
}

/* @nr_free: what was said above to be free. */
static void show_zone_counters(const struct zone *zone, unsigned long nr_free)
{
	unsigned int item;

	for (item = 0; item < NR_VM_ZONE_STAT_ITEMS; item++)
		printk(KERN_INFO "      %-12s %lu\n", zone_stat_names[item],
		       item == NR_FREE_PAGES ? nr_free : zone_page_state(zone, item));
}

/* With the first zone of a node that has pages come the node's own counters. */
static void show_node_counters(const struct zone *zone)
{
	const pg_data_t *pgdat = zone->zone_pgdat;
	unsigned int item;

	for (const struct zone *lower = pgdat->node_zones; lower < zone; lower++)
		if (populated_zone(lower))
			return;
	printk(KERN_INFO "  per-node stats\n");
	for (item = 0; item < NR_VM_NODE_STAT_ITEMS; item++)
		printk(KERN_INFO "      %-12s %lu\n", node_stat_names[item],
		       node_page_state(pgdat, item));
}

/* What is kept from requests for each zone, as "@before0@between0@between0@behind". */
static void show_reserves(const struct zone *zone, const char *before, const char *between,
			  const char *behind)
{
	unsigned int j;

	printk(KERN_INFO "%s%lu", before, zone->lowmem_reserve[0]);
	for (j = 1; j < MAX_NR_ZONES; j++)
		pr_cont("%s%lu", between, zone->lowmem_reserve[j]);
	pr_cont("%s\n", behind);
}

void show_zoneinfo(void)
{
	struct zone *zone;

	for_each_zone(zone) {
		unsigned long nr_free = zone_page_state(zone, NR_FREE_PAGES);

		printk(KERN_INFO "Node %d, zone %8s\n", zone_to_nid(zone), zone_name(zone));
		if (populated_zone(zone))
			show_node_counters(zone);
		printk(KERN_INFO "  pages free     %lu\n", nr_free);
		printk(KERN_INFO "        min      %lu\n", min_wmark_pages(zone));
		printk(KERN_INFO "        low      %lu\n", low_wmark_pages(zone));
		printk(KERN_INFO "        high     %lu\n", high_wmark_pages(zone));
		printk(KERN_INFO "        spanned  %lu\n", zone->spanned_pages);
		printk(KERN_INFO "        present  %lu\n", zone->present_pages);
		printk(KERN_INFO "        managed  %lu\n", zone->managed_pages);
		show_reserves(zone, "        protection: (", ", ", ")");
		if (!populated_zone(zone))
			continue;
		show_zone_counters(zone, nr_free);
		show_pagesets(zone);
		printk(KERN_INFO "  start_pfn:           %lu\n", zone->zone_start_pfn);
	}
}

/* Each zone is looked at once, so the second is part of the first whatever happens meanwhile. */
static void count_free_pages(unsigned long *free, unsigned long *free_high)
{
	struct zone *zone;

	*free = *free_high = 0;
	for_each_populated_zone(zone) {
		unsigned long nr_free = zone_page_state(zone, NR_FREE_PAGES);

		*free += nr_free;
		*free_high += is_highmem(zone) ? nr_free : 0;
	}
}

void show_meminfo(void)
{
	unsigned long total = totalram_pages, high = totalhigh_pages, free, free_high;
	struct vmalloc_usage vmalloc;

	count_free_pages(&free, &free_high);
	printk(KERN_INFO "MemTotal:       %8lu kB\n", K(total));
	printk(KERN_INFO "MemFree:        %8lu kB\n", K(free));
	printk(KERN_INFO "HighTotal:      %8lu kB\n", K(high));
	printk(KERN_INFO "HighFree:       %8lu kB\n", K(free_high));
	printk(KERN_INFO "LowTotal:       %8lu kB\n", K(total - high));
	printk(KERN_INFO "LowFree:        %8lu kB\n", K(free - free_high));
	printk(KERN_INFO "Slab:           %8lu kB\n", K(nr_slab_pages(true) + nr_slab_pages(false)));
	printk(KERN_INFO "SReclaimable:   %8lu kB\n", K(nr_slab_pages(true)));
	printk(KERN_INFO "SUnreclaim:     %8lu kB\n", K(nr_slab_pages(false)));
	printk(KERN_INFO "KernelStack:    %8lu kB\n",
	       global_node_page_state_snapshot(NR_KERNEL_STACK_KB));
	vmalloc_usage(&vmalloc);
	printk(KERN_INFO "PageTables:     %8lu kB\n", K(global_node_page_state_snapshot(NR_PAGETABLE)));
	printk(KERN_INFO "VmallocTotal:   %8lu kB\n", (VMALLOC_END - VMALLOC_START) >> 10);
	printk(KERN_INFO "VmallocUsed:    %8lu kB\n", vmalloc.used >> 10);
	printk(KERN_INFO "VmallocChunk:   %8lu kB\n", vmalloc.largest_chunk >> 10);
}

/* " (UMR)": which migrate types have blocks, a letter each, as Linux's. */
static void show_migration_types(u8 types)
{
	char text[MIGRATE_TYPES + 1], *end = text;
	unsigned int type;

	for (type = 0; type < MIGRATE_TYPES; type++)
		if (types & BIT(type))
			*end++ = migratetype_letters[type];
	*end = '\0';
	pr_cont("(%s) ", text);
}

static void show_zone_blocks(struct zone *zone)
{
	struct area_snapshot snap;
	unsigned long total = 0;
	unsigned int order;

	snapshot_areas(zone, &snap);
	printk(KERN_INFO "Node %d %s: ", zone_to_nid(zone), zone_name(zone));
	for (order = 0; order < MAX_ORDER; order++) {
		pr_cont("%lu*%lukB ", snap.nr_free[order], K(1UL) << order);
		if (snap.nr_free[order])
			show_migration_types(snap.types[order]);
		total += snap.nr_free[order] << order;
	}
	pr_cont("= %lukB\n", K(total));
}

/* hi, btch, usd: high, batch and count, in Linux's words. */
static void show_zone_per_cpu(const struct zone *zone)
{
	unsigned int cpu;

	printk(KERN_INFO "Node %d %s per-cpu:\n", zone_to_nid(zone), zone_name(zone));
	for_each_online_cpu(cpu) {
		const struct per_cpu_pages *pcp = &per_cpu_ptr(zone->pageset, cpu)->pcp;

		printk(KERN_INFO "CPU %4u: hi:%5d, btch:%4d usd:%4d\n", cpu, READ_ONCE(pcp->high),
		       READ_ONCE(pcp->batch), READ_ONCE(pcp->count));
	}
}

void show_mem(void)
{
	unsigned long nr_present = 0, nr_reserved = 0, nr_high = 0;
	struct zone *zone;

	printk(KERN_INFO "Mem-Info:\n");
	for_each_populated_zone(zone)
		show_zone_per_cpu(zone);
	for_each_populated_zone(zone) {
		printk(KERN_INFO "Node %d %s free:%lukB min:%lukB low:%lukB high:%lukB present:%lukB managed:%lukB\n",
		       zone_to_nid(zone), zone_name(zone), K(zone_page_state(zone, NR_FREE_PAGES)),
		       K(min_wmark_pages(zone)), K(low_wmark_pages(zone)), K(high_wmark_pages(zone)),
		       K(zone->present_pages), K(zone->managed_pages));
		show_reserves(zone, "lowmem_reserve[]: ", " ", "");
		nr_present += zone->present_pages;
		nr_reserved += zone->present_pages - zone->managed_pages;
		if (is_highmem(zone))
			nr_high += zone->present_pages;
	}
	for_each_populated_zone(zone)
		show_zone_blocks(zone);
	printk(KERN_INFO "%lu pages RAM\n", nr_present);
	printk(KERN_INFO "%lu pages HighMem/MovableOnly\n", nr_high);
	printk(KERN_INFO "%lu pages reserved\n", nr_reserved);
}
