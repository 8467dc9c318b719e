// SPDX-License-Identifier: MIT
/*
 * memblock: forgetting memory, because it lies badly or because the user wants less (`mem=`).
 *
 *    trim       |  |====|====|==  |        regions begin and end at a multiple
 *    limit      |====|   |===|===|         the first so many bytes, holes not counted
 *    cap        |==[=]   |===|====]==|     what lies in one range
 *
 * Relies on memblock.c's lists and keeps their invariants.
 */
#include "memblock_internal.h"

#include <kernel/bug.h>

/* Return: false if the region has no multiple of @align in it, and has to go. */
static bool trim_region(struct memblock_region *region, phys_addr_t align)
{
	phys_addr_t start = round_up(region->base, align);
	phys_addr_t end = round_down(region_end(region), align);

	if (start < region->base || start >= end)
		return false;
	memblock_trimmed += region->size - (end - start);
	region->base = start;
	region->size = end - start;
	return true;
}

void memblock_trim_memory(phys_addr_t align)
{
	struct memblock_type *type = &memblock.memory;
	unsigned long i = type->cnt;

	BUG_ON(!is_power_of_2(align), "alignment 0x%x", align);
	if (memblock_refuse() || type->regions[0].size == 0)
		return;
	while (i-- > 0)
		if (!trim_region(&type->regions[i], align))
			memblock_remove_region(type, i);
}

/* Where the first @limit bytes of memory end; PHYS_ADDR_MAX if there is less memory than that. */
static phys_addr_t find_max_addr(phys_addr_t limit)
{
	const struct memblock_region *region;

	for_each_mem_region(region) {
		if (limit <= region->size)
			return region->base + limit;
		limit -= region->size;
	}
	return PHYS_ADDR_MAX;
}

void memblock_enforce_memory_limit(phys_addr_t limit)
{
	phys_addr_t max_addr = find_max_addr(limit);

	if (memblock_refuse() || limit == 0 || max_addr == PHYS_ADDR_MAX)
		return;
	memblock_remove_range(&memblock.memory, max_addr, PHYS_ADDR_MAX);
	memblock_remove_range(&memblock.reserved, max_addr, PHYS_ADDR_MAX);
}

/* Remove the entries [@first, @end) of the memory list, but for MEMBLOCK_NOMAP ones. */
static void remove_mapped(unsigned long first, unsigned long end)
{
	struct memblock_type *type = &memblock.memory;

	while (end-- > first)
		if (!memblock_is_nomap(&type->regions[end]))
			memblock_remove_region(type, end);
}

static void cap_range(phys_addr_t base, phys_addr_t size)
{
	unsigned long first, end;

	if (memblock.memory.total_size == 0) {
		pr_warn("memblock_cap_memory_range: No memory registered yet\n");
		return;
	}
	if (memblock_isolate_range(&memblock.memory, base, size, &first, &end))
		return;
	remove_mapped(end, memblock.memory.cnt);
	remove_mapped(0, first);

	memblock_remove_range(&memblock.reserved, 0, base);
	memblock_remove_range(&memblock.reserved, base + size, PHYS_ADDR_MAX);
}

void memblock_cap_memory_range(phys_addr_t base, phys_addr_t size)
{
	if (!memblock_refuse() && size)
		cap_range(base, size);
}

void memblock_mem_limit_remove_map(phys_addr_t limit)
{
	phys_addr_t max_addr = find_max_addr(limit);

	if (memblock_refuse() || limit == 0 || max_addr == PHYS_ADDR_MAX)
		return;
	cap_range(0, max_addr);
}
