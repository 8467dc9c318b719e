// SPDX-License-Identifier: MIT
/*
 * Reports on counters, migrate types and per-CPU lists: Linux's formats, and the right numbers.
 */
#include "host.h"
#include "buddy_machine.h"
#include <lib/vsprintf.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>

TEST_SUITE("show_stat");

static const struct machine one_zone = { .name = "32 MiB", .banks = { { 0, MIB(32) } } };

static struct zone *boot(void)
{
	machine_boot(&one_zone);
	setup_per_cpu_pageset();
	set_percpu_pagelist_fraction(100);
	host_log_clear();
	return &NODE_DATA(0)->node_zones[ZONE_NORMAL];
}

/* Is the line that printf() would print in the log? */
static bool said(const char *fmt, ...)
{
	char line[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	if (!host_log_has(line))
		host_print("missing: %s", line);
	return host_log_has(line);
}

TEST("vmstat has a line for each counter and event, in Linux's words")
{
	boot();
	EXPECT(alloc_pages(GFP_KERNEL, 2));
	show_vmstat();
	EXPECT(said("nr_free_pages %lu\nnr_free_cma 0\nnr_kernel_stack 0\nnr_page_table_pages 0\n", nr_free_pages()));
	EXPECT(said("pgalloc_dma 0\npgalloc_normal 4\npgalloc_high 0\npgalloc_movable 0\npgfree 0\n"));
	EXPECT(said("pcp_refill 1\npcp_spill 0\npcp_drain 0\n"));
}

TEST("zoneinfo shows each CPU's count, high and batch")
{
	struct zone *zone = boot();

	host_set_cpu(1);
	__free_page(alloc_page(GFP_KERNEL));
	show_zoneinfo();
	EXPECT(said("Node 0, zone   Normal\n  per-node stats\n      nr_kernel_stack 0\n      nr_page_table_pages 0\n  pages free"));
	EXPECT(said("      nr_free_pages %lu\n      nr_free_cma  0\n"
		    "  pagesets\n    cpu: 0\n              count: 0\n",
		    zone_page_state(zone, NR_FREE_PAGES)));
	EXPECT(said("    cpu: 1\n              count: %d\n              high:  %d\n"
		    "              batch: %d\n  vm stats threshold: 6\n",
		    per_cpu_ptr(zone->pageset, 1)->pcp.count,
		    (int)(zone->managed_pages / 100), (int)(zone->managed_pages / 100 / 4)));
}

TEST("show_mem() shows each CPU's lists as hi, btch and usd")
{
	struct zone *zone = boot();

	__free_page(alloc_page(GFP_KERNEL));
	show_mem();
	EXPECT(said("Node 0 Normal per-cpu:\nCPU    0: hi:%5d, btch:%4d usd:%4d\nCPU    1: hi:",
		    per_cpu_ptr(zone->pageset, 0)->pcp.high,
		    per_cpu_ptr(zone->pageset, 0)->pcp.batch,
		    per_cpu_ptr(zone->pageset, 0)->pcp.count));
}

TEST("pagetypeinfo has Linux's format, and every free block in its type's line")
{
	struct zone *zone = boot();
	struct page *page = alloc_page(GFP_KERNEL);
	char blocks[MAX_ORDER * 7 + 1];
	size_t length = 0;
	unsigned int order;

	__free_page(page);
	drain_all_pages();
	show_pagetypeinfo();
	EXPECT(said("Page block order: 10\nPages per block:  1024\n\n"
		    "Free pages count per migrate type at order       0      1      2      3      4"
		    "      5      6      7      8      9     10 \n"));
	/* One pageblock was claimed, and is whole again; the others are movable. */
	EXPECT(said("Node    0, zone   Normal, type    Unmovable      0      0      0      0      0"
		    "      0      0      0      0      0      1 \n"));
	for (order = 0; order < MAX_ORDER; order++)
		length += snprintf(blocks + length, sizeof(blocks) - length, "%6lu ",
				   zone->free_area[order].nr_free - (order == MAX_ORDER - 1));
	EXPECT(said("Node    0, zone   Normal, type      Movable %s\n", blocks));
	EXPECT(said("Node    0, zone   Normal, type      Isolate      0      0"));
	EXPECT(said("Number of blocks type     Unmovable  Reclaimable      Movable      Reserve"
		    "          CMA      Isolate \n"
		    "Node 0, zone   Normal            1            0            7            0"
		    "            0            0 \n"));
}

TEST("show_pcp() counts the blocks on each CPU's lists")
{
	struct zone *zone = boot();
	struct page *page;

	host_set_cpu(2);
	page = alloc_pages(GFP_TEMPORARY, 3);
	__free_pages(page, 3);
	show_pcp();
	EXPECT(said("       order      0      1      2      3      4      5      6 \n"));
	EXPECT(said("Node 0, zone   Normal, cpu 1: count 0 high %d batch %d\nNode 0, zone   Normal, "
		    "cpu 2: count 16 high %d batch %d\n", (int)(zone->managed_pages / 100),
		    (int)(zone->managed_pages / 400), (int)(zone->managed_pages / 100),
		    (int)(zone->managed_pages / 400)));
	EXPECT(said("   Unmovable      0      0      0      0      0      0      0 \n"
		    " Reclaimable      0      0      0      2      0      0      0 \n"
		    "     Movable      0      0      0      0      0      0      0 \n"));
}

TEST("show_pageblocks() has a letter for each pageblock, small if it is free")
{
	boot();
	EXPECT(alloc_page(GFP_KERNEL));
	set_pageblock_migratetype(pfn_to_page(PHYS_PFN_OFFSET), MIGRATE_RESERVE);
	set_pageblock_migratetype(pfn_to_page(PHYS_PFN_OFFSET + MIB(4)), MIGRATE_ISOLATE);
	show_pageblocks();
	EXPECT(said("Node 0, zone   Normal\n  0x60000000 RimmmmmU\n"));
}

TEST("show_pageblocks() begins with the zone, though that be inside a pageblock")
{
	machine_boot(&machines[7]);	/* ZONE_DMA ends 2 MiB + 5 pages into RAM, of 34 MiB */
	setup_per_cpu_pageset();
	host_log_clear();
	show_pageblocks();
	EXPECT(said("Node 0, zone      DMA\n  0x60000000 M\nNode 0, zone   Normal\n"
		    "  0x60205000 M"));
}
