// SPDX-License-Identifier: MIT
/*
 * Boots a machine of buddy_machine.h: what arch/arm/mm/init.c does on the board, in the same order,
 * with a layout that the board cannot have.
 */
#include "buddy_machine.h"
#include <kernel/params.h>
#include <mm/bad_page.h>
#include <mm/bootmem.h>
#include <mm/buddy.h>
#include <mm/handoff.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <mm/page_owner.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>

#include <stdlib.h>
#include <string.h>

#define IMAGE_PAGES	MIB(1)

const struct machine machines[] = {
	{ .name = "16 MiB", .banks = { { 0, MIB(16) } } },
	{ .name = "64 MiB with a DMA zone", .banks = { { 0, MIB(64) } }, .dma = MIB(16),
	  .reserved = { { MIB(20), 3 }, { MIB(33) + 1, 700 } } },
	{ .name = "odd sizes, and holes in the middle of pageblocks",
	  .banks = { { 0, MIB(5) + 3 }, { MIB(5) + 18, 1 }, { MIB(6) + 77, MIB(9) + 500 },
		     { MIB(18) + 1, 1801 } },
	  .dma = MIB(5) + 100 },
	{ .name = "high memory, odd borders, and a hole on either side",
	  .banks = { { 0, MIB(10) }, { MIB(11), MIB(13) + 129 }, { MIB(26) + 5, MIB(30) } },
	  .reserved = { { MIB(12), 40 } }, .lowmem = MIB(18) + 21 },
	{ .name = "a movable zone in lowmem", .banks = { { 0, MIB(32) } }, .movablecore = "13M" },
	{ .name = "a movable zone in high memory, and a DMA zone",
	  .banks = { { 0, MIB(48) } }, .lowmem = MIB(24), .dma = MIB(8), .kernelcore = "29M" },
	{ .name = "zones of one page", .banks = { { 0, MIB(8) + 1 } }, .lowmem = MIB(8),
	  .dma = MIB(8) - 1 },
	{ .name = "zones that begin and end inside a pageblock", .banks = { { 0, MIB(34) } },
	  .dma = MIB(2) + 5 },
	{ .name = "256 MiB", .banks = { { 0, MIB(256) } } },
	{ .name = "two nodes", .banks = { { 0, MIB(32) } }, .numa = "fake=2" },
	{ .name = "four nodes, with high memory and a DMA zone",
	  .banks = { { 0, MIB(64) } }, .lowmem = MIB(40), .dma = MIB(6), .numa = "fake=4" },
	{ .name = "three nodes, holes, and a zonelist by zone",
	  .banks = { { 0, MIB(11) + 7 }, { MIB(14) + 1, MIB(14) }, { MIB(40), MIB(20) + 100 } },
	  .lowmem = MIB(30), .dma = MIB(5) + 1, .movablecore = "10M", .numa = "fake=3",
	  .numa_zonelist_order = "zone" },
	{ .name = "32 MiB", .banks = { { 0, MIB(32) } } },
	{ .name = "two nodes, one of which has high memory only",
	  .banks = { { 0, MIB(9) + 1 }, { MIB(24), MIB(20) } }, .lowmem = MIB(12),
	  .numa = "fake=2" },
};

const unsigned int nr_machines = ARRAY_SIZE(machines);

/* The table that early_param() fills, collected by tests.lds. */
extern const struct obs_kernel_param __setup_start[], __setup_end[];

int machine_param(const char *name, const char *value)
{
	const struct obs_kernel_param *p;
	char *copy;

	for (p = __setup_start; p < __setup_end; p++) {
		if (strcmp(p->str, name))
			continue;
		/* A handler may keep it. */
		copy = value ? strdup(value) : NULL;
		return p->setup_func(copy);
	}
	test_check(false, __FILE__, __LINE__, name);
	return 0;
}

static unsigned long ram_end(const struct machine *m)
{
	unsigned long end = 0;
	unsigned int i;

	for (i = 0; i < MAX_BANKS; i++)
		end = max(end, m->banks[i].first + m->banks[i].nr_pages);
	return end;
}

static unsigned long lowmem_end(const struct machine *m)
{
	return m->lowmem ? min(m->lowmem, ram_end(m)) : ram_end(m);
}

/* Pages of RAM in [@start, @end). */
static unsigned long ram_in(const struct machine *m, unsigned long start, unsigned long end)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < MAX_BANKS; i++) {
		unsigned long lo = max(m->banks[i].first, start);
		unsigned long hi = min(m->banks[i].first + m->banks[i].nr_pages, end);

		sum += lo < hi ? hi - lo : 0;
	}
	return sum;
}

static void fill_memblock(const struct machine *m)
{
	unsigned int i;

	for (i = 0; i < MAX_BANKS && m->banks[i].nr_pages; i++)
		memblock_add(PFN_PHYS(PHYS_PFN_OFFSET + m->banks[i].first),
			     PFN_PHYS(m->banks[i].nr_pages));
	memblock_reserve(PHYS_OFFSET, PFN_PHYS(IMAGE_PAGES));
	for (i = 0; i < MAX_BANKS && m->reserved[i].nr_pages; i++)
		memblock_reserve(PFN_PHYS(PHYS_PFN_OFFSET + m->reserved[i].first),
				 PFN_PHYS(m->reserved[i].nr_pages));
	memblock_set_current_limit(PFN_PHYS(PHYS_PFN_OFFSET + lowmem_end(m)));
}

/* The lowmem of a node, as pfns. Return: is there any? */
static bool lowmem_of_node(const struct machine *m, int nid, unsigned long *start_pfn,
			   unsigned long *end_pfn)
{
	get_pfn_range_for_nid(nid, start_pfn, end_pfn);
	*end_pfn = min(*end_pfn, PHYS_PFN_OFFSET + lowmem_end(m));
	return *start_pfn < *end_pfn;
}

static void init_bootmem_nodes(const struct machine *m)
{
	unsigned long start_pfn, end_pfn;
	phys_addr_t map[MAX_NUMNODES];
	int nid;

	for_each_online_node(nid)
		if (lowmem_of_node(m, nid, &start_pfn, &end_pfn))
			map[nid] = memblock_phys_alloc_range(
				PFN_PHYS(bootmem_bootmap_pages(end_pfn - start_pfn)), PAGE_SIZE,
				PFN_PHYS(start_pfn), PFN_PHYS(end_pfn));
	mm_hand_over(MM_BOOTMEM);
	for_each_online_node(nid)
		if (lowmem_of_node(m, nid, &start_pfn, &end_pfn))
			init_bootmem_node(NODE_DATA(nid), PFN_DOWN(map[nid]), start_pfn, end_pfn);
}

/* arm_bootmem_init(): memblock's lowmem, less what it has given away, is bootmem's. */
static void fill_bootmem(const struct machine *m)
{
	phys_addr_t low_end = PFN_PHYS(PHYS_PFN_OFFSET + lowmem_end(m)), start, end;
	u64 i;

	init_bootmem_nodes(m);
	for_each_mem_range(i, &start, &end) {
		end = min(end, low_end);
		if (start < end)
			free_bootmem(start, end - start);
	}
	for_each_reserved_mem_range(i, &start, &end)
		reserve_bootmem(start, end - start, BOOTMEM_DEFAULT);
}

static void set_params(const struct machine *m)
{
	const char *const params[][2] = {
		{ "kernelcore", m->kernelcore },
		{ "movablecore", m->movablecore },
		{ "numa=", m->numa },
		{ "numa_zonelist_order=", m->numa_zonelist_order },
		{ "fallback=", m->fallback },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(params); i++)
		if (params[i][1])
			machine_param(params[i][0], params[i][1]);
}

static void boot_to_bootmem(const struct machine *m)
{
	host_ram_setup(lowmem_end(m) * PAGE_SIZE);
	high_memory = (char *)__va(PHYS_OFFSET) + lowmem_end(m) * PAGE_SIZE;
	set_params(m);
	fill_memblock(m);
	numa_init(PHYS_PFN_OFFSET, PHYS_PFN_OFFSET + lowmem_end(m), PHYS_PFN_OFFSET + ram_end(m));
	fill_bootmem(m);
}

void machine_boot_to_bootmem(const struct machine *m, unsigned long *zones_size,
			     unsigned long *zholes_size)
{
	unsigned long borders[] = { 0, m->dma, lowmem_end(m), ram_end(m) };
	unsigned int zone;

	boot_to_bootmem(m);
	for (zone = ZONE_DMA; zone <= ZONE_HIGHMEM; zone++) {
		zones_size[zone] = borders[zone + 1] - borders[zone];
		zholes_size[zone] = zones_size[zone] - ram_in(m, borders[zone], borders[zone + 1]);
	}
	zones_size[ZONE_MOVABLE] = zholes_size[ZONE_MOVABLE] = 0;
}

/* mem_init()'s part for high memory. */
static void free_highpages(const struct machine *m)
{
	unsigned int i;

	for (i = 0; i < MAX_BANKS; i++) {
		unsigned long start = max(m->banks[i].first, lowmem_end(m));
		unsigned long end = m->banks[i].first + m->banks[i].nr_pages;

		if (start < end)
			totalhigh_pages += free_pages_range(PHYS_PFN_OFFSET + start,
							    PHYS_PFN_OFFSET + end);
	}
	totalram_pages += totalhigh_pages;
}

void machine_boot(const struct machine *m)
{
	const unsigned long max_zone_pfn[MAX_NR_ZONES] = {
		[ZONE_DMA] = PHYS_PFN_OFFSET + m->dma,
		[ZONE_NORMAL] = PHYS_PFN_OFFSET + lowmem_end(m),
		[ZONE_HIGHMEM] = PHYS_PFN_OFFSET + ram_end(m),
	};

	boot_to_bootmem(m);
	free_area_init_nodes(max_zone_pfn);
	page_owner_init();
	build_all_zonelists();
	boot_pageset_init();
	totalram_pages += free_all_bootmem();
	free_highpages(m);
	mm_hand_over(MM_BUDDY);
	test_check(machine_check(), __FILE__, __LINE__, "all is right after boot");
}

bool machine_check(void)
{
	bool ok = numa_check() && zonelist_check();
	struct zone *zone;

	for_each_zone(zone)
		ok &= buddy_check(zone) && zone_check(zone) && pcp_check(zone);
	return ok & page_owner_check();
}

/* --- Saving and restoring --- */

static struct page *saved_map;
static pg_data_t saved_nodes[MAX_NUMNODES];
static unsigned long *saved_flags[ARRAY_SIZE(zone_table)];
static unsigned int saved_bad_pages;

static unsigned long flags_bytes(const struct zone *zone)
{
	return pfn_to_pageblock(zone_end_pfn(zone) - 1) + 1;
}

static unsigned long **saved_flags_of(const struct zone *zone)
{
	return &saved_flags[zone_table_idx(zone_to_nid(zone), zone_idx(zone))];
}

void machine_save(void)
{
	struct zone *zone;
	int nid;

	for_each_online_node(nid)
		saved_nodes[nid] = *NODE_DATA(nid);
	saved_bad_pages = nr_bad_pages;
	saved_map = malloc(max_mapnr * sizeof(struct page));
	memcpy(saved_map, mem_map, max_mapnr * sizeof(struct page));
	for_each_populated_zone(zone) {
		*saved_flags_of(zone) = malloc(flags_bytes(zone));
		memcpy(*saved_flags_of(zone), zone->pageblock_flags, flags_bytes(zone));
	}
}

void machine_restore(void)
{
	struct zone *zone;
	int nid;

	for_each_online_node(nid)
		*NODE_DATA(nid) = saved_nodes[nid];
	nr_bad_pages = saved_bad_pages;
	memcpy(mem_map, saved_map, max_mapnr * sizeof(struct page));
	for_each_populated_zone(zone)
		memcpy(zone->pageblock_flags, *saved_flags_of(zone), flags_bytes(zone));
}

unsigned long machine_take_all(gfp_t gfp_mask, struct list_head *taken)
{
	unsigned long nr_pages = 0;
	struct page *page;

	for (page = alloc_page(gfp_mask); page; page = alloc_page(gfp_mask)) {
		list_add(&page->lru, taken);
		nr_pages++;
	}
	return nr_pages;
}

bool bad_page_reported(const char *words, unsigned long nr_free)
{
	static unsigned int before;
	bool ok = EXPECT_EQ(nr_bad_pages, before + 1) && EXPECT(host_log_has(words)) &&
		  EXPECT_EQ(nr_free_pages(), nr_free);

	before = nr_bad_pages;
	host_log_clear();
	return ok;
}
