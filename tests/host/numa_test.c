// SPDX-License-Identifier: MIT
/*
 * Rules of nodes and zonelists, on machines of buddy_machine.h: how RAM is divided, which node helps
 * which, and who gets pages from where.
 */
#include "host.h"
#include "buddy_machine.h"
#include <lib/errno.h>
#include <mm/bootmem.h>
#include <mm/gfp.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <mm/numa.h>

#include <sys/wait.h>
#include <unistd.h>

TEST_SUITE("numa");

/* Boot 64 MiB in four nodes of lowmem. */
static void boot_four_nodes(void)
{
	const struct machine m = { .banks = { { 0, MIB(64) } }, .numa = "fake=4" };

	machine_boot(&m);
}

/* --- numa= --- */

TEST("numa= takes off and fake=1 to fake=4, and names what it does not take")
{
	static const char *const bad[] = { "", "fake", "fake=", "fake=0", "fake=5", "fake=-1",
					   "fake=2x", "on", "fake=4294967297", "off2" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		host_log_clear();
		EXPECT_EQ(machine_param("numa=", bad[i]), -EINVAL);
		EXPECT(host_log_has(bad[i]) && host_log_has("is neither off nor fake=1 to fake=4"));
	}
	EXPECT_EQ(machine_param("numa=", "fake=4"), 0);
	EXPECT_EQ(machine_param("numa=", "fake=1"), 0);
	EXPECT_EQ(machine_param("numa=", "off"), 0);
	EXPECT_EQ(machine_param("numa_zonelist_order=", "distance"), -EINVAL);
	EXPECT(host_log_has("'distance' is neither default, node nor zone"));
	EXPECT_EQ(machine_param("numa_zonelist_order=", "default"), 0);
}

TEST("without numa= there is one node, which is all of RAM, and memblock's regions have no number")
{
	machine_boot(&machines[3]);
	EXPECT_EQ(nr_online_nodes, 1);
	EXPECT(NODE_DATA(0) == &contig_page_data);
	EXPECT_EQ(memblock.memory.regions[0].nid, MAX_NUMNODES);
	EXPECT_EQ(NODE_DATA(0)->node_spanned_pages, max_mapnr);
}

/* --- Dividing RAM --- */

/* In a child, since a machine boots once. */
static void expect_nodes(const struct machine *like, const char *numa, const unsigned long *starts,
			 int nr_nodes)
{
	struct machine m = *like;
	pid_t child = fork();
	int status = 0, nid;

	if (child == 0) {
		m.numa = numa;
		machine_boot(&m);
		EXPECT_EQ(nr_online_nodes, nr_nodes);
		for_each_online_node(nid)
			EXPECT_EQ(NODE_DATA(nid)->node_start_pfn - PHYS_PFN_OFFSET, starts[nid]);
		EXPECT(host_log_has("nodes at most") == (nr_nodes != numa[5] - '0'));
		_exit(host_failures());
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(status, 0);
}

TEST("nodes have the same share of present pages, rounded to the largest block")
{
	const struct machine plain = { .banks = { { 0, MIB(64) } } };
	const struct machine odd = { .banks = { { 0, MIB(17) } } };
	const struct machine hole = { .banks = { { 0, MIB(16) }, { MIB(40), MIB(16) } },
				      .lowmem = MIB(48) };

	expect_nodes(&plain, "fake=1", (unsigned long[]){ 0 }, 1);
	expect_nodes(&plain, "fake=2", (unsigned long[]){ 0, MIB(32) }, 2);
	expect_nodes(&plain, "fake=3", (unsigned long[]){ 0, MIB(24), MIB(44) }, 3);
	expect_nodes(&plain, "fake=4", (unsigned long[]){ 0, MIB(16), MIB(32), MIB(48) }, 4);
	expect_nodes(&odd, "fake=4", (unsigned long[]){ 0, MIB(8), MIB(12), MIB(16) }, 4);
	/* The hole belongs to the node below it. */
	expect_nodes(&hole, "fake=2", (unsigned long[]){ 0, MIB(16) }, 2);
	expect_nodes(&hole, "fake=4", (unsigned long[]){ 0, MIB(8), MIB(16), MIB(48) }, 4);
}

TEST("there are fewer nodes where there is too little RAM, or none of it is free")
{
	const struct machine small = { .banks = { { 0, MIB(7) } } };
	const struct machine one_block = { .banks = { { 0, MIB(4) } } };
	const struct machine taken = { .banks = { { 0, MIB(16) } },
				       .reserved = { { MIB(8), MIB(4) } } };
	const struct machine almost = { .banks = { { 0, MIB(16) } },
					.reserved = { { MIB(8), MIB(4) - 3 } } };
	const struct machine high = { .banks = { { 0, MIB(16) } }, .lowmem = MIB(4) };

	expect_nodes(&small, "fake=4", (unsigned long[]){ 0, MIB(4) }, 2);
	expect_nodes(&one_block, "fake=2", (unsigned long[]){ 0 }, 1);
	/* A node whose lowmem is all taken has no place for its bitmap; one of high memory has none. */
	expect_nodes(&taken, "fake=4", (unsigned long[]){ 0, MIB(8), MIB(12) }, 3 - 1);
	expect_nodes(&almost, "fake=4", (unsigned long[]){ 0, MIB(4), MIB(8), MIB(12) }, 4);
	expect_nodes(&high, "fake=4", (unsigned long[]){ 0, MIB(4), MIB(8), MIB(12) }, 4);
}

TEST("each node has bootmem for its lowmem, and a part of one memory map")
{
	unsigned long start_pfn, end_pfn;
	int nid;

	machine_boot(&machines[10]);
	for_each_online_node(nid) {
		const pg_data_t *pgdat = NODE_DATA(nid);

		get_pfn_range_for_nid(nid, &start_pfn, &end_pfn);
		EXPECT(pgdat->bdata == &bootmem_node_data[nid]);
		EXPECT_EQ(pgdat->bdata->node_min_pfn, nid < 3 ? start_pfn : 0);
		EXPECT(pgdat->node_mem_map == mem_map + (start_pfn - PHYS_PFN_OFFSET));
		EXPECT_EQ(page_to_nid(pfn_to_page(start_pfn)), nid);
		EXPECT_EQ(page_to_nid(pfn_to_page(end_pfn - 1)), nid);
	}
	/* Lowmem ends in node 2. */
	EXPECT(populated_zone(&NODE_DATA(2)->node_zones[ZONE_NORMAL]));
	EXPECT(populated_zone(&NODE_DATA(2)->node_zones[ZONE_HIGHMEM]));
	EXPECT(!populated_zone(&NODE_DATA(3)->node_zones[ZONE_NORMAL]));
}

/* Pages of ZONE_MOVABLE in each of two or four nodes of 16 MiB. */
static void expect_movable(struct machine m, const unsigned long *pages)
{
	pid_t child = fork();
	int status = 0, nid;

	if (child == 0) {
		machine_boot(&m);
		for_each_online_node(nid)
			EXPECT_EQ(NODE_DATA(nid)->node_zones[ZONE_MOVABLE].spanned_pages,
				  pages[nid]);
		_exit(host_failures());
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(status, 0);
}

TEST("kernelcore= is spread over the nodes, and where one is too small the others give more")
{
	struct machine m = { .banks = { { 0, MIB(64) } }, .numa = "fake=4" };

	m.kernelcore = "32M";
	expect_movable(m, (unsigned long[]){ MIB(8), MIB(8), MIB(8), MIB(8) });
	m.kernelcore = "63M";
	expect_movable(m, (unsigned long[]){ 0, 0, 0, 0 });
	m.kernelcore = NULL;
	m.movablecore = "16M";
	expect_movable(m, (unsigned long[]){ MIB(4), MIB(4), MIB(4), MIB(4) });
	/* High memory from 40 MiB on: only nodes 2 and 3 have some. */
	m.lowmem = MIB(40);
	m.movablecore = "8M";
	expect_movable(m, (unsigned long[]){ 0, 0, 0, MIB(8) });
	m.movablecore = "24M";
	expect_movable(m, (unsigned long[]){ 0, 0, MIB(8), MIB(16) });
	/* What is counted is present pages: node 0 ends at 24 MiB, and 12 MiB of it are a hole. */
	m = (struct machine){ .banks = { { 0, MIB(4) }, { MIB(16), MIB(20) } }, .numa = "fake=2",
			      .kernelcore = "12M" };
	expect_movable(m, (unsigned long[]){ MIB(4), MIB(4) });
}

/* --- Distances and the order of asking --- */

/* Is the list of node @nid for GFP_HIGHUSER_MOVABLE these nodes' Normal zones? */
static bool asks_in_order(int nid, const int *nodes)
{
	const struct zoneref *z;
	struct zone *zone;
	int i = 0;

	for_each_zone_zonelist(zone, z, node_zonelist(nid, GFP_HIGHUSER_MOVABLE), ZONE_MOVABLE)
		if (i == nr_online_nodes || zone_to_nid(zone) != nodes[i++])
			return false;
	return i == nr_online_nodes;
}

TEST("nodes stand in a row, and the nearest is asked first")
{
	boot_four_nodes();
	EXPECT_EQ(node_distance(1, 1), LOCAL_DISTANCE);
	EXPECT_EQ(node_distance(1, 2), REMOTE_DISTANCE);
	EXPECT_EQ(node_distance(0, 3), 40);
	EXPECT(asks_in_order(0, (int[]){ 0, 1, 2, 3 }));
	EXPECT(asks_in_order(1, (int[]){ 1, 2, 0, 3 }));
	EXPECT(asks_in_order(2, (int[]){ 2, 3, 1, 0 }));
	EXPECT(asks_in_order(3, (int[]){ 3, 2, 1, 0 }));
	EXPECT_EQ(zonelist_node_idx(node_zonelist(2, GFP_KERNEL)->first[0]), 2);
}

static void set_all_distances(int distance)
{
	int from, to;

	for (from = 0; from < MAX_NUMNODES; from++)
		for (to = 0; to < MAX_NUMNODES; to++)
			if (from != to)
				EXPECT_EQ(numa_set_distance(from, to, distance), 0);
}

TEST("of nodes that are equally far, each node asks another first")
{
	boot_four_nodes();
	set_all_distances(50);
	build_all_zonelists();
	EXPECT(zonelist_check());
	EXPECT(asks_in_order(0, (int[]){ 0, 1, 2, 3 }));
	EXPECT(asks_in_order(1, (int[]){ 1, 2, 3, 0 }));
	EXPECT(asks_in_order(2, (int[]){ 2, 3, 0, 1 }));
	EXPECT(asks_in_order(3, (int[]){ 3, 0, 1, 2 }));
}

TEST("any distances give lists that have every zone once, and grow in distance")
{
	unsigned int round;

	machine_boot(&machines[10]);
	for (round = 0; round < 2000; round++) {
		int from = (int)test_random_below(4), to = (int)test_random_below(4);

		if (from != to)
			numa_set_distance(from, to, (int)test_random_below(12) + 11);
		machine_param("numa_zonelist_order=", test_random() % 2 ? "zone" : "node");
		build_all_zonelists();
		ASSERT(zonelist_check());
	}
}

TEST("a distance that cannot be is refused and named")
{
	static const int bad[][3] = { { 0, 0, 20 }, { 0, 0, 9 }, { 0, 1, 10 }, { 1, 0, 0 },
				      { 0, 1, 256 }, { 4, 0, 20 }, { 0, -1, 20 }, { 2, 3, -5 } };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		host_log_clear();
		EXPECT_EQ(numa_set_distance(bad[i][0], bad[i][1], bad[i][2]), -EINVAL);
		EXPECT(host_log_has("cannot be"));
	}
	EXPECT_EQ(numa_set_distance(0, 1, 255), 0);
	EXPECT_EQ(numa_set_distance(3, 3, LOCAL_DISTANCE), 0);
	HOST_EXPECT_BUG(node_distance(0, 1));
}

/* --- Who gets pages from where --- */

static int nid_of(struct page *page)
{
	return page ? page_to_nid(page) : -1;
}

TEST("a request is served by the node it begins at, then by the nearest that has room")
{
	boot_four_nodes();
	EXPECT_EQ(nid_of(alloc_page(GFP_KERNEL)), 0);
	EXPECT_EQ(nid_of(alloc_pages_node(2, GFP_KERNEL, 0)), 2);
	EXPECT_EQ(nid_of(alloc_pages_node(NUMA_NO_NODE, GFP_KERNEL, 0)), 0);
	EXPECT_EQ(nid_of(alloc_pages_exact_node(3, GFP_KERNEL, 3)), 3);
	while (nid_of(alloc_pages_node(1, GFP_KERNEL, 0)) == 1)
		;
	EXPECT_EQ(nid_of(alloc_pages_node(1, GFP_KERNEL, 0)), 2);
	while (nid_of(alloc_pages_node(2, GFP_KERNEL, 0)) == 2)
		;
	EXPECT_EQ(nid_of(alloc_pages_node(1, GFP_KERNEL, 0)), 0);
	EXPECT_EQ(nid_of(alloc_pages_node(2, GFP_KERNEL, 0)), 3);
}

TEST("__GFP_THISNODE takes from its node or not at all")
{
	boot_four_nodes();
	while (nid_of(alloc_pages_node(1, GFP_KERNEL | __GFP_THISNODE, 0)) == 1)
		;
	EXPECT(!alloc_pages_node(1, GFP_KERNEL | __GFP_THISNODE, 0));
	EXPECT_EQ(nid_of(alloc_pages_node(0, GFP_KERNEL | __GFP_THISNODE, 0)), 0);
	EXPECT_EQ(nid_of(alloc_pages_node(1, GFP_KERNEL, 0)), 2);
	machine_check();
}

TEST("__GFP_THISNODE on a node without the zone gets nothing, without it another node's")
{
	machine_boot(&machines[10]);
	EXPECT(!alloc_pages_node(3, GFP_KERNEL | __GFP_THISNODE, 0));
	EXPECT(!alloc_pages_node(2, GFP_DMA | __GFP_THISNODE, 0));
	EXPECT_EQ(nid_of(alloc_pages_node(3, GFP_KERNEL, 0)), 2);
	EXPECT_EQ(nid_of(alloc_pages_node(3, GFP_DMA, 0)), 0);
	EXPECT_EQ(nid_of(alloc_pages_node(3, GFP_HIGHUSER, 0)), 3);
}

TEST("by zone, high memory of the furthest node is taken before lowmem of the own one")
{
	struct machine m = machines[10];
	struct page *page;

	m.numa_zonelist_order = "zone";
	machine_boot(&m);
	page = alloc_pages_node(0, GFP_HIGHUSER, 0);
	EXPECT(page_to_nid(page) == 2 && page_zonenum(page) == ZONE_HIGHMEM);
	EXPECT_EQ(nid_of(alloc_pages_node(0, GFP_KERNEL, 0)), 0);
	machine_param("numa_zonelist_order=", "node");
	build_all_zonelists();
	page = alloc_pages_node(0, GFP_HIGHUSER, 0);
	EXPECT(page_to_nid(page) == 0 && page_zonenum(page) == ZONE_NORMAL);
}

TEST("asking a node that is not there is a BUG that names it")
{
	boot_four_nodes();
	HOST_EXPECT_BUG(nid_of(alloc_pages_node(4, GFP_KERNEL, 0)));
	EXPECT(host_log_has("node 4 of 4"));
	HOST_EXPECT_BUG(nid_of(alloc_pages_exact_node(NUMA_NO_NODE, GFP_KERNEL, 0)));
	HOST_EXPECT_BUG(NODE_DATA(-1));
}

/* --- The walkers see what is wrong --- */

#define EXPECT_SEEN(check, breakage, repair)	\
	do {					\
		breakage;			\
		EXPECT(!check());		\
		repair;				\
		ASSERT(check());		\
	} while (0)

TEST("zonelist_check() sees each invariant broken")
{
	struct zonelist *list;
	struct zoneref saved;
	const struct zoneref *first;

	machine_boot(&machines[10]);
	list = &NODE_DATA(2)->node_zonelists[ZONELIST_FALLBACK];
	saved = list->_zonerefs[1];
	first = list->first[__GFP_HIGHMEM];
	EXPECT_SEEN(zonelist_check, list->_zonerefs[1].zone_idx = ZONE_DMA,
		    list->_zonerefs[1] = saved);
	EXPECT_SEEN(zonelist_check, list->_zonerefs[1] = list->_zonerefs[0],
		    list->_zonerefs[1] = saved);
	EXPECT_SEEN(zonelist_check, swap(list->_zonerefs[1], list->_zonerefs[0]),
		    swap(list->_zonerefs[1], list->_zonerefs[0]));
	EXPECT_SEEN(zonelist_check, list->_zonerefs[1].zone = NULL, list->_zonerefs[1] = saved);
	EXPECT_SEEN(zonelist_check, list->first[__GFP_HIGHMEM]++,
		    list->first[__GFP_HIGHMEM] = first);
	EXPECT_SEEN(zonelist_check, machine_param("numa_zonelist_order=", "zone"),
		    machine_param("numa_zonelist_order=", "node"));
}

TEST("numa_check() sees a node that is not where it should be")
{
	pg_data_t *pgdat;

	machine_boot(&machines[9]);
	pgdat = NODE_DATA(1);
	EXPECT_SEEN(numa_check, pgdat->node_start_pfn++, pgdat->node_start_pfn--);
	EXPECT_SEEN(numa_check, pgdat->node_spanned_pages--, pgdat->node_spanned_pages++);
	EXPECT_SEEN(numa_check, pgdat->node_mem_map--, pgdat->node_mem_map++);
	EXPECT_SEEN(numa_check, pgdat->node_id = 0, pgdat->node_id = 1);
}
