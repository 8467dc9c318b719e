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
 * V1. ZONE_MOVABLE is the end of the highest other zone, `movable_zone`, or empty.
 * V2. It begins at a multiple of MAX_ORDER_NR_PAGES (the dots), so that no block lies across the
 *     border.
 *
 * Called by free_area_init_node(). Follows find_zone_movable_pfns_for_nodes() of Linux 3.10 for one
 * node.
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

/* The highest zone that has pages; the caller knows nothing of ZONE_MOVABLE yet. */
static int __init find_usable_zone_for_movable(const unsigned long *zones_size)
{
	int zone;

	for (zone = ZONE_MOVABLE - 1; zone > 0; zone--)
		if (zones_size[zone])
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
 * The pfn behind the first @nr_pages present pages from @start_pfn; @end_pfn if there are not so
 * many.
 */
static unsigned long __init skip_present_pages(unsigned long start_pfn, unsigned long end_pfn,
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

/*
 * Where ZONE_MOVABLE begins: behind the kernel's share of pages, but not below the zone that it is
 * cut from (V1).
 */
static unsigned long __init find_zone_movable_pfn(unsigned long node_start_pfn,
						  unsigned long usable_start_pfn,
						  unsigned long end_pfn)
{
	unsigned long nr_present, core, pfn;

	nr_present = end_pfn - node_start_pfn - absent_pages_in_range(node_start_pfn, end_pfn);
	core = kernelcore_pages(nr_present);
	if (core >= nr_present)
		return end_pfn;
	pfn = skip_present_pages(node_start_pfn, end_pfn, core);
	return min(roundup(max(pfn, usable_start_pfn), MAX_ORDER_NR_PAGES), end_pfn);
}

void __init find_zone_movable_pfns_for_nodes(unsigned long node_start_pfn,
					     unsigned long *zones_size)
{
	unsigned long usable_start_pfn = node_start_pfn, end_pfn, movable_pfn;
	int zone;

	BUG_ON(zones_size[ZONE_MOVABLE], "%lu pages", zones_size[ZONE_MOVABLE]);
	movable_zone = find_usable_zone_for_movable(zones_size);
	for (zone = 0; zone < movable_zone; zone++)
		usable_start_pfn += zones_size[zone];
	end_pfn = usable_start_pfn + zones_size[movable_zone];

	movable_pfn = find_zone_movable_pfn(node_start_pfn, usable_start_pfn, end_pfn);
	BUG_ON(movable_pfn < usable_start_pfn || movable_pfn > end_pfn,
	       "ZONE_MOVABLE at pfn %lx, its zone at %lx to %lx", movable_pfn, usable_start_pfn,
	       end_pfn);
	zones_size[ZONE_MOVABLE] = end_pfn - movable_pfn;
	zones_size[movable_zone] = movable_pfn - usable_start_pfn;
}
