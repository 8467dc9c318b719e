// SPDX-License-Identifier: MIT
/*
 * ZONE_MOVABLE: memory that only movable pages may use, so that it can always be emptied again. It
 * has no place of its own in the address space; two boot parameters say how much there is to be:
 *
 *    kernelcore=SIZE    at least this much for everybody; what is more becomes movable
 *    movablecore=SIZE   this much movable; if both are given, what leaves the kernel more counts
 *
 *    lowmem only        | Normal: kernelcore        |....| Movable              |
 *    with high memory   | Normal                    | HighMem      |....| Movable |
 *                                                   ^ the border never lies below the highest zone
 *
 * V1. In each node ZONE_MOVABLE is empty, or the end of its part of the highest other zone of the
 *     machine, `movable_zone`.
 * V2. It begins at a multiple of MAX_ORDER_NR_PAGES (the dots), so that no block lies across the
 *     border.
 *
 * With several nodes the kernel's share is spread over them as evenly as their sizes allow. Called
 * by free_area_init_nodes(). Follows find_zone_movable_pfns_for_nodes() of Linux 3.10.
 */
#include <asm/page.h>
#include <kernel/bug.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include "mm_init.h"

/* What the parameters ask for, in pages; 0 if they are not given. */
static unsigned long required_kernelcore __initdata;
static unsigned long required_movablecore __initdata;

/* Return: 0, or -EINVAL if @value is not a size. A size beyond 4 GiB is as good as all memory. */
static int __init cmdline_parse_core(const char *value, unsigned long *nr_pages)
{
	unsigned long long bytes;
	char *end;

	if (!value)
		return -EINVAL;
	bytes = memparse(value, &end);
	if (end == value || *end)
		return -EINVAL;
	*nr_pages = min(bytes, (unsigned long long)PHYS_ADDR_MAX) >> PAGE_SHIFT;
	return 0;
}

static int __init cmdline_parse_kernelcore(char *value)
{
	return cmdline_parse_core(value, &required_kernelcore);
}
early_param("kernelcore", cmdline_parse_kernelcore);

static int __init cmdline_parse_movablecore(char *value)
{
	return cmdline_parse_core(value, &required_movablecore);
}
early_param("movablecore", cmdline_parse_movablecore);

/* Where ZONE_MOVABLE begins in each node; see zone_movable_pfn_of(). */
static unsigned long zone_movable_pfn[MAX_NUMNODES] __initdata;

unsigned long __init zone_movable_pfn_of(int nid)
{
	return zone_movable_pfn[nid];
}

static unsigned long __init lowest_pfn(const unsigned long *max_zone_pfn, int zone)
{
	unsigned long start_pfn, end_pfn;

	get_pfn_range_for_nid(0, &start_pfn, &end_pfn);
	return zone ? max_zone_pfn[zone - 1] : start_pfn;
}

/* The highest zone that has pages in any node. */
static int __init find_usable_zone_for_movable(const unsigned long *max_zone_pfn)
{
	int zone;

	for (zone = ZONE_MOVABLE - 1; zone > 0; zone--)
		if (max_zone_pfn[zone] > lowest_pfn(max_zone_pfn, zone))
			break;
	return zone;
}

/*
 * How many of @nr_present pages must be left to the kernel: all of them if no parameter says
 * otherwise.
 */
static unsigned long __init kernelcore_pages(unsigned long nr_present)
{
	unsigned long movable, core = required_kernelcore;

	if (required_movablecore) {
		movable = roundup(required_movablecore, MAX_ORDER_NR_PAGES);
		core = max(core, nr_present - min(movable, nr_present));
	}
	return core ? core : nr_present;
}

/*
 * Leave @nr_pages more of a node to the kernel, and at least what lies below @usable_pfn (V1).
 * Return: how many that were.
 */
static unsigned long __init extend_kernelcore(int nid, unsigned long nr_pages,
					      unsigned long usable_pfn)
{
	unsigned long start_pfn, end_pfn, from = zone_movable_pfn[nid], to;

	get_pfn_range_for_nid(nid, &start_pfn, &end_pfn);
	to = nr_pages ? skip_present_pages(from, end_pfn, nr_pages) : from;
	to = max(to, min(usable_pfn, end_pfn));
	zone_movable_pfn[nid] = to;
	return to - from - absent_pages_in_range(from, to);
}

/*
 * Spread the kernel's pages over the nodes. What a node is too small for goes to the others: in the
 * next round, by equal shares again.
 */
static void __init spread_kernelcore(unsigned long nr_pages, unsigned long usable_pfn)
{
	int usable_nodes = nr_online_nodes, nid;

	do {
		unsigned long share = nr_pages / usable_nodes;

		for_each_online_node(nid) {
			if (nr_pages < share)
				share = nr_pages / usable_nodes;
			nr_pages -= min(extend_kernelcore(nid, share, usable_pfn), nr_pages);
		}
	} while (--usable_nodes && nr_pages > (unsigned long)usable_nodes);
}

void __init find_zone_movable_pfns_for_nodes(const unsigned long *max_zone_pfn)
{
	unsigned long start_pfn, end_pfn, nr_present = 0, core;
	int nid;

	movable_zone = find_usable_zone_for_movable(max_zone_pfn);
	for_each_online_node(nid) {
		get_pfn_range_for_nid(nid, &start_pfn, &end_pfn);
		nr_present += end_pfn - start_pfn - absent_pages_in_range(start_pfn, end_pfn);
		zone_movable_pfn[nid] = start_pfn;
	}
	core = kernelcore_pages(nr_present);
	if (core < nr_present)
		spread_kernelcore(core, lowest_pfn(max_zone_pfn, movable_zone));

	for_each_online_node(nid) {
		get_pfn_range_for_nid(nid, &start_pfn, &end_pfn);
		zone_movable_pfn[nid] = core < nr_present ?
			min(roundup(zone_movable_pfn[nid], MAX_ORDER_NR_PAGES), end_pfn) : end_pfn;
	}
}
