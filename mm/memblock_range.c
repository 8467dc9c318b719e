// SPDX-License-Identifier: MIT
/*
 * memblock: iterators over ranges, questions, dump and check. Nothing here changes a list, so all
 * of it works after the hand-over, too.
 *
 *    list a        [0   region 0    )      [   region 1   )
 *    list b            [0 )    [1  )     [2  )                   sorted as well
 *    gaps of b     0....1......2.........3..........................  gap i lies before region i
 *    a without b   [1  )   [2 )  [3 )       [4 )                 gap and region move on in step
 *
 * I1. An iterator's u64 holds the index into list a (low word) and that of the gap of b (high
 *     word): where to go on. All ones means there are no more.
 */
#include "memblock_internal.h"

#include <kernel/bug.h>
#include <lib/vsprintf.h>

/* A range of addresses: from @start up to, not including, @end. */
struct span {
	phys_addr_t start, end;
};

static struct span region_span(const struct memblock_region *region)
{
	return (struct span){ region->base, region_end(region) };
}

/* Gap @idx of a list: from the end of the region before to the beginning of region @idx. */
static struct span gap_span(const struct memblock_type *type, int idx)
{
	return (struct span){
		.start = idx ? region_end(&type->regions[idx - 1]) : 0,
		.end = idx < (int)type->cnt ? type->regions[idx].base : PHYS_ADDR_MAX,
	};
}

static u64 iter_pack(int idx_a, int idx_b)
{
	return (u32)idx_a | (u64)(u32)idx_b << 32;
}

/* Only memory has a node and flags to be chosen by. */
static bool should_skip_region(const struct memblock_type *type,
			       const struct memblock_region *region, int nid, unsigned int flags)
{
	if (type != &memblock.memory)
		return false;
	if (nid != NUMA_NO_NODE && nid != memblock_get_region_node(region))
		return true;
	if (movable_node_is_enabled() && memblock_is_hotpluggable(region) &&
	    !(flags & MEMBLOCK_HOTPLUG))
		return true;
	if ((flags & MEMBLOCK_MIRROR) && !memblock_is_mirror(region))
		return true;
	if (memblock_is_nomap(region) && !(flags & MEMBLOCK_NOMAP))
		return true;
	return memblock_is_driver_managed(region) && !(flags & MEMBLOCK_DRIVER_MANAGED);
}

static int settle_nid(int nid)
{
	static bool warned;

	if (nid != MAX_NUMNODES)
		return nid;
	WARN_ON(!warned, "memblock: MAX_NUMNODES as a node; use NUMA_NO_NODE");
	warned = true;
	return NUMA_NO_NODE;
}

static void give_range(const struct memblock_region *region, struct span span,
		       phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid)
{
	if (out_start)
		*out_start = span.start;
	if (out_end)
		*out_end = span.end;
	if (out_nid)
		*out_nid = memblock_get_region_node(region);
}

static struct span span_intersect(struct span a, struct span b)
{
	return (struct span){ max(a.start, b.start), min(a.end, b.end) };
}

/* Upwards from gap *@idx of a list: the first that @span reaches into. Return: false if none. */
static bool next_gap(const struct memblock_type *type, int *idx, struct span span, struct span *gap)
{
	for (; *idx <= (int)type->cnt; (*idx)++) {
		*gap = gap_span(type, *idx);
		if (gap->start >= span.end)
			return false;
		if (span.start < gap->end)
			return true;
	}
	return false;
}

/* The same downwards. */
static bool prev_gap(const struct memblock_type *type, int *idx, struct span span, struct span *gap)
{
	for (; *idx >= 0; (*idx)--) {
		*gap = gap_span(type, *idx);
		if (gap->end <= span.start)
			return false;
		if (span.end > gap->start)
			return true;
	}
	return false;
}

void __next_mem_range(u64 *idx, int nid, enum memblock_flags flags, struct memblock_type *type_a,
		      struct memblock_type *type_b, phys_addr_t *out_start, phys_addr_t *out_end,
		      int *out_nid)
{
	int a = (int)(u32)*idx, b = (int)(*idx >> 32);

	nid = settle_nid(nid);
	for (; a < (int)type_a->cnt; a++) {
		const struct memblock_region *region = &type_a->regions[a];
		struct span span = region_span(region), gap = { 0, PHYS_ADDR_MAX };

		if (should_skip_region(type_a, region, nid, flags))
			continue;
		if (type_b && !next_gap(type_b, &b, span, &gap))
			continue;
		give_range(region, span_intersect(span, gap), out_start, out_end, out_nid);
		*idx = span.end <= gap.end ? iter_pack(a + 1, b) : iter_pack(a, b + 1);
		return;
	}
	*idx = MEMBLOCK_ITER_END;
}

void __next_mem_range_rev(u64 *idx, int nid, enum memblock_flags flags,
			  struct memblock_type *type_a, struct memblock_type *type_b,
			  phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid)
{
	int a = (int)(u32)*idx, b = (int)(*idx >> 32);

	nid = settle_nid(nid);
	if (*idx == MEMBLOCK_ITER_END) {
		a = (int)type_a->cnt - 1;
		b = type_b ? (int)type_b->cnt : 0;
	}
	for (; a >= 0; a--) {
		const struct memblock_region *region = &type_a->regions[a];
		struct span span = region_span(region), gap = { 0, PHYS_ADDR_MAX };

		if (should_skip_region(type_a, region, nid, flags))
			continue;
		if (type_b && !prev_gap(type_b, &b, span, &gap))
			continue;
		give_range(region, span_intersect(span, gap), out_start, out_end, out_nid);
		*idx = span.start >= gap.start ? iter_pack(a - 1, b) : iter_pack(a, b - 1);
		return;
	}
	*idx = MEMBLOCK_ITER_END;
}

void __next_mem_pfn_range(int *idx, int nid, unsigned long *out_start_pfn,
			  unsigned long *out_end_pfn, int *out_nid)
{
	while (++*idx < (int)memblock.memory.cnt) {
		const struct memblock_region *region = &memblock.memory.regions[*idx];
		unsigned long start = memblock_region_memory_base_pfn(region);
		unsigned long end = memblock_region_memory_end_pfn(region);

		if (start >= end)
			continue;
		if (nid != MAX_NUMNODES && nid != memblock_get_region_node(region))
			continue;
		if (out_start_pfn)
			*out_start_pfn = start;
		if (out_end_pfn)
			*out_end_pfn = end;
		if (out_nid)
			*out_nid = memblock_get_region_node(region);
		return;
	}
	*idx = -1;
}

/* Return: the region that holds @addr, or NULL. By bisection, as the list is sorted. */
static const struct memblock_region *memblock_search(const struct memblock_type *type,
						     phys_addr_t addr)
{
	unsigned long left = 0, right = type->cnt;

	while (left < right) {
		unsigned long mid = (left + right) / 2;
		const struct memblock_region *region = &type->regions[mid];

		if (addr < region->base)
			right = mid;
		else if (addr >= region_end(region))
			left = mid + 1;
		else
			return region;
	}
	return NULL;
}

bool memblock_is_memory(phys_addr_t addr)
{
	return memblock_search(&memblock.memory, addr);
}

bool memblock_is_map_memory(phys_addr_t addr)
{
	const struct memblock_region *region = memblock_search(&memblock.memory, addr);

	return region && !memblock_is_nomap(region);
}

bool memblock_is_reserved(phys_addr_t addr)
{
	return memblock_search(&memblock.reserved, addr);
}

bool memblock_is_region_memory(phys_addr_t base, phys_addr_t size)
{
	const struct memblock_region *region = memblock_search(&memblock.memory, base);
	phys_addr_t end = base + memblock_cap_size(base, &size);

	return region && region_end(region) >= end;
}

bool memblock_overlaps_region(struct memblock_type *type, phys_addr_t base, phys_addr_t size)
{
	unsigned long i;

	memblock_cap_size(base, &size);
	for (i = 0; i < type->cnt; i++)
		if (memblock_addrs_overlap(base, size, type->regions[i].base,
					   type->regions[i].size))
			return true;
	return false;
}

bool memblock_is_region_reserved(phys_addr_t base, phys_addr_t size)
{
	return memblock_overlaps_region(&memblock.reserved, base, size);
}

int memblock_search_pfn_nid(unsigned long pfn, unsigned long *start_pfn, unsigned long *end_pfn)
{
	const struct memblock_region *region = memblock_search(&memblock.memory, PFN_PHYS(pfn));

	if (!region)
		return -1;
	*start_pfn = PFN_DOWN(region->base);
	*end_pfn = PFN_DOWN(region_end(region));
	return memblock_get_region_node(region);
}

phys_addr_t memblock_phys_mem_size(void)
{
	return memblock.memory.total_size;
}

phys_addr_t memblock_reserved_size(void)
{
	return memblock.reserved.total_size;
}

phys_addr_t memblock_start_of_DRAM(void)
{
	return memblock.memory.regions[0].base;
}

phys_addr_t memblock_end_of_DRAM(void)
{
	return region_end(&memblock.memory.regions[memblock.memory.cnt - 1]);
}

static void memblock_dump(const struct memblock_type *type)
{
	unsigned long i;

	pr_info(" %s.cnt  = 0x%lx\n", type->name, type->cnt);
	for (i = 0; i < type->cnt; i++) {
		const struct memblock_region *region = &type->regions[i];
		char node[16] = "";

		if (region->nid != MAX_NUMNODES)
			snprintf(node, sizeof(node), " on node %d", region->nid);
		pr_info(" %s[0x%lx]\t[0x%08x-0x%08x], 0x%08x bytes%s flags: 0x%x\n", type->name, i,
			region->base, region_end(region) - 1, region->size, node, region->flags);
	}
}

void memblock_dump_all(void)
{
	if (!memblock_debug)
		return;
	pr_info("MEMBLOCK configuration:\n");
	pr_info(" memory size = 0x%08x reserved size = 0x%08x\n", memblock.memory.total_size,
		memblock.reserved.total_size);
	memblock_dump(&memblock.memory);
	memblock_dump(&memblock.reserved);
}

/* I1 and I3 for a region and the one before it; @end is where that one ends. */
static void check_neighbours(const struct memblock_type *type, unsigned long i)
{
	const struct memblock_region *region = &type->regions[i], *prev = region - 1;

	BUG_ON(region->base < region_end(prev), "I1: %s[%lu] at 0x%08x, the one before ends at 0x%08x",
	       type->name, i, region->base, region_end(prev));
	BUG_ON(region->base == region_end(prev) && regions_alike(prev, region) &&
	       !memblock_is_nomap(region), "I3: %s[%lu] at 0x%08x is not merged", type->name, i,
	       region->base);
}

static void check_empty(const struct memblock_type *type)
{
	const struct memblock_region *entry = &type->regions[0];

	BUG_ON(entry->base != 0 || entry->flags != MEMBLOCK_NONE,
	       "I1: %s is empty with base 0x%08x flags 0x%x", type->name, entry->base,
	       entry->flags);
}

static void check_type(const struct memblock_type *type, phys_addr_t trimmed)
{
	phys_addr_t sum = trimmed;
	unsigned long i;

	BUG_ON(type->cnt < 1 || type->cnt > type->max, "I4: %s has %lu of %lu", type->name,
	       type->cnt, type->max);
	if (type->cnt == 1 && type->regions[0].size == 0)
		check_empty(type);
	for (i = 0; i < type->cnt; i++) {
		const struct memblock_region *region = &type->regions[i];

		BUG_ON(region->size == 0 && type->cnt > 1, "I1: %s[%lu] at 0x%08x is empty",
		       type->name, i, region->base);
		BUG_ON(region_end(region) < region->base, "I1: %s[%lu] 0x%08x+0x%x", type->name, i,
		       region->base, region->size);
		if (i > 0)
			check_neighbours(type, i);
		sum += region->size;
	}
	BUG_ON(sum != type->total_size, "I2: %s has 0x%x, not 0x%x bytes", type->name, sum,
	       type->total_size);
}

void memblock_check(void)
{
	check_type(&memblock.memory, memblock_trimmed);
	check_type(&memblock.reserved, 0);
}
