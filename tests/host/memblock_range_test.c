// SPDX-License-Identifier: MIT
/*
 * Asking memblock: what is memory, what is reserved, and the iterators over both and over what is free.
 */
#include "memblock_lists.h"

#include <asm/cache.h>
#include <kernel/bug.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/vsprintf.h>
#include <mm/handoff.h>

TEST_SUITE("memblock");

/* ---- Questions ------------------------------------------------------------------------------- */

TEST("questions about one byte are exact at the borders")
{
	memblock_add(1 * M, M);
	memblock_add_node(3 * M, M, 0, MEMBLOCK_NOMAP);
	memblock_reserve(5 * M, M);
	EXPECT(!memblock_is_memory(1 * M - 1));
	EXPECT(memblock_is_memory(1 * M));
	EXPECT(memblock_is_memory(2 * M - 1));
	EXPECT(!memblock_is_memory(2 * M));
	EXPECT(memblock_is_map_memory(1 * M));
	EXPECT(memblock_is_memory(3 * M) && !memblock_is_map_memory(3 * M));
	EXPECT(!memblock_is_map_memory(2 * M));
	EXPECT(memblock_is_reserved(5 * M) && memblock_is_reserved(6 * M - 1));
	EXPECT(!memblock_is_reserved(5 * M - 1) && !memblock_is_reserved(6 * M));
}

TEST("a range is memory if one region holds it all, and reserved if any byte is")
{
	memblock_add_node(1 * M, M, 0, 0);
	memblock_add_node(2 * M, M, 1, 0);
	EXPECT(memblock_is_region_memory(1 * M, M));
	EXPECT(!memblock_is_region_memory(1 * M, M + 1));
	EXPECT(!memblock_is_region_memory(1 * M - 1, M));
	EXPECT(memblock_is_region_memory(1 * M, 0));
	memblock_reserve(4 * M, M);
	EXPECT(memblock_is_region_reserved(3 * M, M + 1));
	EXPECT(!memblock_is_region_reserved(3 * M, M));
	EXPECT(memblock_is_region_reserved(5 * M - 1, ~0u));
	EXPECT(!memblock_is_region_reserved(5 * M, ~0u));
	EXPECT(memblock_addrs_overlap(1, 2, 2, 1) && !memblock_addrs_overlap(1, 2, 3, 1));
	EXPECT(memblock_overlaps_region(&memblock.memory, 0, 1 * M + 1));
	EXPECT(!memblock_overlaps_region(&memblock.memory, 0, 1 * M));
}

TEST("a page frame's region is found with its node and borders")
{
	unsigned long start = 7, end = 7;

	memblock_add_node(1 * M, M, 2, 0);
	EXPECT_EQ(memblock_search_pfn_nid(PFN_DOWN(1 * M) + 3, &start, &end), 2);
	EXPECT_EQ(start, PFN_DOWN(1 * M));
	EXPECT_EQ(end, PFN_DOWN(2 * M));
	start = end = 7;
	EXPECT_EQ(memblock_search_pfn_nid(PFN_DOWN(2 * M), &start, &end), -1);
	EXPECT_EQ(start, 7);
	EXPECT_EQ(end, 7);
}

TEST("start, end and sizes of memory count regions, not holes")
{
	memblock_add(1 * M, M);
	memblock_add(7 * M, 2 * M);
	memblock_reserve(0, 3 * M);
	EXPECT_EQ(memblock_start_of_DRAM(), 1 * M);
	EXPECT_EQ(memblock_end_of_DRAM(), 9 * M);
	EXPECT_EQ(memblock_phys_mem_size(), 3 * M);
	EXPECT_EQ(memblock_reserved_size(), 3 * M);
}

TEST("a region's page frames round inwards for memory and outwards for reservations")
{
	struct memblock_region region = { .base = PAGE_SIZE + 1, .size = 2 * PAGE_SIZE };

	EXPECT_EQ(memblock_region_memory_base_pfn(&region), 2);
	EXPECT_EQ(memblock_region_memory_end_pfn(&region), 3);
	EXPECT_EQ(memblock_region_reserved_base_pfn(&region), 1);
	EXPECT_EQ(memblock_region_reserved_end_pfn(&region), 4);
}

/* ---- Iterators ------------------------------------------------------------------------------- */

TEST("free memory is visited in order, both ways, with its node")
{
	static const phys_addr_t want[][2] = {
		{ 1 * M, 2 * M }, { 3 * M, 4 * M }, { 4 * M, 5 * M }, { 6 * M, 7 * M },
	};
	static const int node[] = { 0, 0, 1, 1 };
	phys_addr_t start, end;
	int nid, at = 0;
	u64 i;

	memblock_add_node(1 * M, 3 * M, 0, 0);
	memblock_add_node(4 * M, 4 * M, 1, 0);
	memblock_reserve(2 * M, M);
	memblock_reserve(5 * M, M);
	memblock_reserve(7 * M, 9 * M);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, &nid) {
		EXPECT_EQ(start, want[at][0]);
		EXPECT_EQ(end, want[at][1]);
		EXPECT_EQ(nid, node[at++]);
	}
	EXPECT_EQ(at, 4);
	for_each_free_mem_range_reverse(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, &nid) {
		EXPECT_EQ(start, want[--at][0]);
		EXPECT_EQ(end, want[at][1]);
		EXPECT_EQ(nid, node[at]);
	}
	EXPECT_EQ(at, 0);
	for_each_free_mem_range(i, 1, MEMBLOCK_NONE, NULL, NULL, NULL)
		at++;
	EXPECT_EQ(at, 2);
}

TEST("MAX_NUMNODES as a node to iterate is reported once, and means any node")
{
	phys_addr_t start, end;
	unsigned int nr = 0;
	u64 i;

	memblock_add_node(1 * M, M, 1, 0);
	for_each_free_mem_range(i, MAX_NUMNODES, MEMBLOCK_NONE, &start, &end, NULL)
		nr++;
	for_each_free_mem_range(i, MAX_NUMNODES, MEMBLOCK_NONE, &start, &end, NULL)
		nr++;
	EXPECT_EQ(nr, 2);
	EXPECT_EQ(host_take_warnings(), 1);
}

TEST("iterating free memory of no memory, or all of it reserved, visits nothing")
{
	unsigned int visits = 0;
	u64 i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, NULL, NULL, NULL)
		visits++;
	memblock_add(1 * M, M);
	memblock_reserve(0, 8 * M);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, NULL, NULL, NULL)
		visits++;
	for_each_free_mem_range_reverse(i, NUMA_NO_NODE, MEMBLOCK_NONE, NULL, NULL, NULL)
		visits++;
	EXPECT_EQ(visits, 0);
}

TEST("iterating memory includes hotpluggable and driver-managed, but not unmapped memory")
{
	phys_addr_t start, end, sum = 0;
	u64 i;

	movable_node_enabled = true;
	memblock_add(1 * M, M);
	memblock_add_node(4 * M, 2 * M, 0, MEMBLOCK_HOTPLUG);
	memblock_add_node(8 * M, 4 * M, 0, MEMBLOCK_DRIVER_MANAGED);
	memblock_add_node(16 * M, 8 * M, 0, MEMBLOCK_NOMAP);
	for_each_mem_range(i, &start, &end)
		sum += end - start;
	EXPECT_EQ(sum, 7 * M);
	for_each_mem_range_rev(i, &start, &end)
		sum -= end - start;
	EXPECT_EQ(sum, 0);
	EXPECT_EQ(start, 1 * M);
}

TEST("iterating an empty list visits one range of no bytes, as in Linux")
{
	unsigned int visits = 0;
	phys_addr_t start = 1, end = 1;
	u64 i;

	for_each_mem_range(i, &start, &end)
		visits++;
	EXPECT_EQ(visits, 1);
	EXPECT(start == 0 && end == 0);
	for_each_reserved_mem_range(i, &start, &end)
		visits++;
	EXPECT_EQ(visits, 2);
}

TEST("regions and reserved ranges are visited one by one")
{
	const struct memblock_region *region;
	phys_addr_t start, end, sum = 0;
	u64 i;

	memblock_add(1 * M, M);
	memblock_add(3 * M, M);
	memblock_reserve(5 * M, M);
	memblock_reserve(7 * M, 2 * M);
	for_each_mem_region(region)
		sum += region->base;
	EXPECT_EQ(sum, 4 * M);
	for_each_reserved_mem_region(region)
		sum += region->base;
	EXPECT_EQ(sum, 16 * M);
	for_each_reserved_mem_range(i, &start, &end)
		sum += end - start;
	EXPECT_EQ(sum, 19 * M);
}

TEST("page frame ranges leave out partial pages and regions without a whole one")
{
	unsigned long start, end, visits = 0;
	int i, nid;

	memblock_add_node(1 * M + 1, 2 * PAGE_SIZE, 0, 0);
	memblock_add_node(2 * M + 1, PAGE_SIZE, 0, 0);
	memblock_add_node(3 * M, M, 1, 0);
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		visits++;
		if (nid == 0) {
			EXPECT_EQ(start, PFN_DOWN(1 * M) + 1);
			EXPECT_EQ(end, start + 1);
		}
	}
	EXPECT_EQ(visits, 2);
	for_each_mem_pfn_range(i, 1, &start, &end, NULL)
		visits++;
	EXPECT_EQ(visits, 3);
	EXPECT_EQ(start, PFN_DOWN(3 * M));
}
