// SPDX-License-Identifier: MIT
/*
 * Making nodes, zones and the memory map, once, at boot.
 *
 *    arm_bootmem_free()                       knows from memblock where lowmem ends
 *      free_area_init_nodes()
 *        find_zone_movable_pfns_for_nodes()   takes ZONE_MOVABLE's share       (mm/movable_zone.c)
 *        free_area_init_node()                for each node:
 *          calculate_node_totalpages()          borders of zones, spanned and present pages
 *          alloc_node_mem_map()                 mem_map, from bootmem, not cleared: it is written once
 *          free_area_init_core()                for each zone:
 *            setup_usemap()                       pageblock flags, from bootmem
 *            init_currently_empty_zone()          empty free lists
 *              memmap_init_zone()                 every struct page
 *
 * The map is the one structure here whose size goes with the RAM, so its pages are written once and
 * in their final state: "inside a free block", or "in a hole" (mm_types.h). A quarter of a million
 * pages in a GiB differ in nothing but that and the zone, so they are copies of a template. Nothing
 * is free yet: that begins when bootmem hands over, and what it keeps is marked then
 * (mm/managed_pages.c).
 *
 * N1. mem_map is one array that covers all nodes from the first page to the last; node_mem_map
 *     points into it.
 * N2. A zone's borders are those of the sizes it was given; zones touch, the first begins with the
 *     node.
 * N3. Present pages are those that memblock has in memory; a page of the span that is not present
 *     is reserved for ever.
 *
 * Differs from Linux 3.10: the map is not rounded out to MAX_ORDER_NR_PAGES, since the buddy system
 * never looks beyond a zone's borders; and it is one array, whatever the number of nodes.
 */
#include <asm/cache.h>
#include <asm/page.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include <mm/bootmem.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <mm/numa.h>
#include <mm/pageblock.h>
#include "mm_init.h"

/* 4 KiB of map: see write_pages(). */
#define PAGES_COPIED_AT_ONCE	128ul

struct page *mem_map;
unsigned long max_mapnr;
void *high_memory;

bool pfn_valid(unsigned long pfn)
{
	return pfn - ARCH_PFN_OFFSET < max_mapnr && memblock_is_map_memory(PFN_PHYS(pfn));
}

unsigned long __init absent_pages_in_range(unsigned long start_pfn, unsigned long end_pfn)
{
	unsigned long nr_absent = end_pfn - start_pfn, start, end;
	int i;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, NULL)
		nr_absent -= clamp(end, start_pfn, end_pfn) - clamp(start, start_pfn, end_pfn);
	return nr_absent;
}

unsigned long __init skip_present_pages(unsigned long start_pfn, unsigned long end_pfn,
					unsigned long nr_pages)
{
	unsigned long start, end;
	int i;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, NULL) {
		start = clamp(start, start_pfn, end_pfn);
		end = clamp(end, start_pfn, end_pfn);
		if (nr_pages <= end - start)
			return start + nr_pages;
		nr_pages -= end - start;
	}
	return end_pfn;
}

/* --- Sizes --- */

static void __init calculate_node_totalpages(pg_data_t *pgdat, const unsigned long *zones_size)
{
	unsigned long pfn = pgdat->node_start_pfn;
	struct zone *zone;

	for (zone = pgdat->node_zones; zone < pgdat->node_zones + MAX_NR_ZONES; zone++) {
		unsigned long size = zones_size[zone - pgdat->node_zones];

		BUG_ON(size > PHYS_PFN(PHYS_ADDR_MAX) - pfn,
		       "%lu pages from pfn %lx reach beyond the address space", size, pfn);
		zone->zone_start_pfn = pfn;
		zone->spanned_pages = size;
		zone->present_pages = size - absent_pages_in_range(pfn, pfn + size);
		zone->managed_pages = 0;
		pgdat->node_spanned_pages += size;
		pgdat->node_present_pages += zone->present_pages;
		pfn += size;
	}
}

/* The caller counted holes as well: the sum must be memblock's. */
static void __init check_holes(const pg_data_t *pgdat, const unsigned long *zholes_size)
{
	unsigned long nr_holes = pgdat->node_spanned_pages - pgdat->node_present_pages, sum = 0;
	int zone;

	for (zone = 0; zholes_size && zone < MAX_NR_ZONES; zone++)
		sum += zholes_size[zone];
	BUG_ON(sum != nr_holes, "node %d has %lu pages of holes, memblock knows %lu",
	       pgdat->node_id, sum, nr_holes);
}

/* --- The memory map --- */

/* The map of all nodes, from the first page of the first to the last of the last. */
static void __init alloc_mem_map(pg_data_t *first)
{
	unsigned long start_pfn = first->node_start_pfn;
	unsigned long end_pfn = max(pgdat_end_pfn(first), PFN_DOWN(memblock_end_of_DRAM()));
	unsigned long bytes = (end_pfn - start_pfn) * sizeof(struct page);
	struct page *map;

	BUG_ON(start_pfn < ARCH_PFN_OFFSET, "node %d begins at pfn %lx, RAM at %lx",
	       first->node_id, start_pfn, ARCH_PFN_OFFSET);
	BUG_ON(bytes / sizeof(struct page) != end_pfn - start_pfn || !bytes,
	       "the nodes span %lu pages", end_pfn - start_pfn);
	map = __alloc_bootmem_node_raw(first, bytes, SMP_CACHE_BYTES, BOOTMEM_LOW_LIMIT);
	if (!map)
		panic("no room for the memory map: %lu KiB", bytes >> 10);
	BUG_ON(!IS_ALIGNED((unsigned long)map, sizeof(struct page)),
	       "the map at %p: a page would share cache lines", (void *)map);
	mem_map = map - (start_pfn - ARCH_PFN_OFFSET);
	max_mapnr = end_pfn - ARCH_PFN_OFFSET;
	pr_info("mem_map: %lu KiB at %p, %zu bytes for each of %lu pages\n", bytes >> 10,
		(void *)map, sizeof(struct page), end_pfn - start_pfn);
}

/* Flat memory: a node's map is the part of the one map that begins with its first page (N1). */
static void __init alloc_node_mem_map(pg_data_t *pgdat)
{
	if (!mem_map)
		alloc_mem_map(pgdat);
	BUG_ON(pgdat_end_pfn(pgdat) > ARCH_PFN_OFFSET + max_mapnr,
	       "node %d ends at pfn %lx, the map at %lx", pgdat->node_id, pgdat_end_pfn(pgdat),
	       ARCH_PFN_OFFSET + max_mapnr);
	pgdat->node_mem_map = pfn_to_page(pgdat->node_start_pfn);
}

static struct page __init page_template(int nid, enum zone_type zone, bool hole)
{
	struct page page = { .flags = 0 };

	atomic_set(&page._mapcount, -1);
	set_page_count(&page, hole ? 1 : 0);
	if (hole)
		__SetPageReserved(&page);
	set_page_links(&page, zone, nid);
	return page;
}

/*
 * The hot loop of boot: 262,144 pages in a GiB. What is written is copied, twice as much each time
 * up to a piece that stays in the first-level cache, so that the work is done by memcpy()'s widest
 * instructions.
 */
static void __init write_pages(struct page *page, unsigned long nr_pages,
			       const struct page *template)
{
	unsigned long done, nr_copied;

	if (!nr_pages)
		return;
	*page = *template;
	for (done = 1; done < nr_pages; done += nr_copied) {
		nr_copied = min(min(done, nr_pages - done), PAGES_COPIED_AT_ONCE);
		memcpy(page + done, page, nr_copied * sizeof(*page));
	}
}

/*
 * Write the struct pages of a zone, region by region, and those of the holes between the regions.
 */
static void __init memmap_init_zone(unsigned long size, int nid, enum zone_type zone,
				    unsigned long start_pfn)
{
	const struct page ram = page_template(nid, zone, false);
	const struct page hole = page_template(nid, zone, true);
	unsigned long end_pfn = start_pfn + size, pfn = start_pfn, start, end;
	int i;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, NULL) {
		start = clamp(start, pfn, end_pfn);
		end = clamp(end, pfn, end_pfn);
		write_pages(pfn_to_page(pfn), start - pfn, &hole);
		write_pages(pfn_to_page(start), end - start, &ram);
		pfn = end;
	}
	write_pages(pfn_to_page(pfn), end_pfn - pfn, &hole);
}

/* --- Zones --- */

/* Bytes of a zone's pageblock flags. */
static unsigned long __init usemap_size(unsigned long zone_start_pfn, unsigned long zone_size)
{
	return pfn_to_pageblock(zone_start_pfn + zone_size - 1) + 1;
}

/* Every pageblock begins as movable. */
static void __init setup_usemap(pg_data_t *pgdat, struct zone *zone, unsigned long zone_start_pfn,
				unsigned long zone_size)
{
	unsigned long bytes = usemap_size(zone_start_pfn, zone_size);

	zone->pageblock_flags = alloc_bootmem_node_nopanic(pgdat, bytes);
	if (!zone->pageblock_flags)
		panic("no room for the pageblock flags of zone %s: %lu bytes", zone_name(zone), bytes);
	memset(zone->pageblock_flags, MIGRATE_MOVABLE, bytes);
}

static void __init zone_init_free_lists(struct zone *zone)
{
	unsigned int order, type;

	for (order = 0; order < MAX_ORDER; order++) {
		for (type = 0; type < MIGRATE_TYPES; type++)
			INIT_LIST_HEAD(&zone->free_area[order].free_list[type]);
		zone->free_area[order].nr_free = 0;
	}
}

static void __init init_currently_empty_zone(struct zone *zone, unsigned long zone_start_pfn,
					     unsigned long size)
{
	pg_data_t *pgdat = zone->zone_pgdat;

	pgdat->nr_zones = zone_idx(zone) + 1;
	memmap_init_zone(size, pgdat->node_id, zone_idx(zone), zone_start_pfn);
}

static void __init report_zone(const struct zone *zone)
{
	pr_info("  %-8s [mem %#010lx-%#010lx] %lu pages, %lu of them holes\n", zone_name(zone),
		(unsigned long)PFN_PHYS(zone->zone_start_pfn),
		(unsigned long)PFN_PHYS(zone_end_pfn(zone)) - 1, zone->spanned_pages,
		zone->spanned_pages - zone->present_pages);
}

static void __init free_area_init_core(pg_data_t *pgdat)
{
	int idx;

	node_stats_init(pgdat);
	pr_info("Zone ranges of node %d:\n", pgdat->node_id);
	for (idx = 0; idx < MAX_NR_ZONES; idx++) {
		struct zone *zone = &pgdat->node_zones[idx];

		zone->zone_pgdat = pgdat;
		zone_table[zone_table_idx(pgdat->node_id, idx)] = zone;
		spin_lock_init(&zone->lock);
		zone_init_free_lists(zone);
		zone_pcp_init(zone);
		if (!zone->spanned_pages)
			continue;
		report_zone(zone);
		setup_usemap(pgdat, zone, zone->zone_start_pfn, zone->spanned_pages);
		init_currently_empty_zone(zone, zone->zone_start_pfn, zone->spanned_pages);
	}
}

void __init free_area_init_node(int nid, unsigned long *zones_size, unsigned long node_start_pfn,
				unsigned long *zholes_size)
{
	pg_data_t *pgdat = NODE_DATA(nid);

	BUG_ON(pgdat->node_spanned_pages, "node %d has its zones already", nid);
	BUG_ON(node_start_pfn < ARCH_PFN_OFFSET, "node %d begins at pfn %lx, RAM at %lx", nid,
	       node_start_pfn, ARCH_PFN_OFFSET);
	pgdat->node_id = nid;
	pgdat->node_start_pfn = node_start_pfn;
	init_waitqueue_head(&pgdat->kswapd_wait);
	pgdat->classzone_idx = MAX_NR_ZONES;

	calculate_node_totalpages(pgdat, zones_size);
	check_holes(pgdat, zholes_size);
	alloc_node_mem_map(pgdat);
	free_area_init_core(pgdat);
}

/* --- All nodes --- */

/* Where @zone ends in a node that ends at @end_pfn and has ZONE_MOVABLE from @movable_pfn on. */
static unsigned long __init zone_end_in_node(int zone, const unsigned long *max_zone_pfn,
					     unsigned long movable_pfn, unsigned long end_pfn)
{
	return zone == ZONE_MOVABLE ? end_pfn : min(max_zone_pfn[zone], movable_pfn);
}

static void __init init_node(int nid, const unsigned long *max_zone_pfn)
{
	unsigned long zones_size[MAX_NR_ZONES], zholes_size[MAX_NR_ZONES];
	unsigned long start_pfn, end_pfn, pfn;
	int zone;

	get_pfn_range_for_nid(nid, &start_pfn, &end_pfn);
	for (zone = 0, pfn = start_pfn; zone < MAX_NR_ZONES; zone++) {
		unsigned long zone_end = zone_end_in_node(zone, max_zone_pfn,
							  zone_movable_pfn_of(nid), end_pfn);

		zone_end = max(zone_end, pfn);
		zones_size[zone] = zone_end - pfn;
		zholes_size[zone] = absent_pages_in_range(pfn, zone_end);
		pfn = zone_end;
	}
	free_area_init_node(nid, zones_size, start_pfn, zholes_size);
}

void __init free_area_init_nodes(const unsigned long *max_zone_pfn)
{
	int nid;

	find_zone_movable_pfns_for_nodes(max_zone_pfn);
	for_each_online_node(nid)
		init_node(nid, max_zone_pfn);
}
