// SPDX-License-Identifier: MIT
/*
 * Memory nodes on a machine that has none: `numa=fake=N' divides RAM as if it were N memories.
 *
 *    numa=fake=2         RAM                                         a hole
 *                        |###############|#########|               |######################|
 *    nr_present / 2      |<------------------------|-------------->|                      |
 *    border                                        ^ rounded up: a multiple of 4 MiB      |
 *    nodes               |<--- node 0 ------------------------------>|<--- node 1 ------->|
 *
 * Who comes after: arm_bootmem_init() makes a bitmap for each node that has lowmem,
 * free_area_init_nodes() its zones, build_all_zonelists() the order in which nodes help each other.
 *
 * N1. Nodes are numbered without gaps, ascend and touch; together they are all of RAM.
 * N2. A border between two nodes is a multiple of MAX_ORDER_NR_PAGES.
 * N3. Each node has RAM. One that begins below the end of lowmem has room there for its bitmap and
 *     its pg_data_t.
 * N4. The distance from a node to itself is LOCAL_DISTANCE, to any other more.
 *
 * numa_check() looks at these. With one node nothing of this takes memory or time: node 0 is
 * contig_page_data, and memblock's regions stay without a number.
 *
 * Differs from Linux: numa=fake is x86's there (arch/x86/mm/numa_emulation.c); its nodes are all
 * equally far from each other, ours stand in a row.
 */
#define pr_fmt(fmt) "numa: " fmt
#include <asm/page.h>
#include <kernel/bug.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/bootmem.h>
#include <mm/handoff.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <mm/numa.h>
#include "mm_init.h"

#define MAX_DISTANCE	255

struct pfn_range {
	unsigned long start_pfn, end_pfn;
};

static struct pfn_range nodes[MAX_NUMNODES];

/* Further away by REMOTE_DISTANCE - LOCAL_DISTANCE for each node in between. */
static u8 distances[MAX_NUMNODES][MAX_NUMNODES] = {
	{ 10, 20, 30, 40 },
	{ 20, 10, 20, 30 },
	{ 30, 20, 10, 20 },
	{ 40, 30, 20, 10 },
};

/* How many nodes `numa=' asks for. */
static int nr_wanted __initdata = 1;

static int __init numa_setup(char *value)
{
	unsigned long nr;

	if (strcmp(value, "off") == 0) {
		nr_wanted = 1;
		return 0;
	}
	if (strncmp(value, "fake=", 5) || kstrtoul(value + 5, 10, &nr) || nr < 1 ||
	    nr > MAX_NUMNODES) {
		pr_err("'%s' is neither off nor fake=1 to fake=%d\n", value, MAX_NUMNODES);
		return -EINVAL;
	}
	nr_wanted = (int)nr;
	return 0;
}
early_param("numa=", numa_setup);

/* --- Distances --- */

int node_distance(int from, int to)
{
	BUG_ON(!node_online(from) || !node_online(to), "from node %d to %d of %d", from, to,
	       nr_online_nodes);
	return distances[from][to];
}

int numa_set_distance(int from, int to, int distance)
{
	bool local = from == to;

	if (from < 0 || from >= MAX_NUMNODES || to < 0 || to >= MAX_NUMNODES ||
	    distance > MAX_DISTANCE || (local ? distance != LOCAL_DISTANCE :
					distance <= LOCAL_DISTANCE)) {
		pr_err("node %d cannot be %d away from node %d\n", to, distance, from);
		return -EINVAL;
	}
	distances[from][to] = (u8)distance;
	return 0;
}

/* --- Dividing RAM --- */

void get_pfn_range_for_nid(int nid, unsigned long *start_pfn, unsigned long *end_pfn)
{
	BUG_ON(!node_online(nid), "node %d of %d", nid, nr_online_nodes);
	*start_pfn = nodes[nid].start_pfn;
	*end_pfn = nodes[nid].end_pfn;
}

/* Where node @nid of @nr begins, if all have the same share of the pages in @ram (N2). */
static unsigned long __init node_border(const struct pfn_range *ram, int nid, int nr)
{
	unsigned long nr_present = ram->end_pfn - ram->start_pfn -
				   absent_pages_in_range(ram->start_pfn, ram->end_pfn);
	unsigned long pfn;

	if (nid == 0)
		return ram->start_pfn;
	if (nid == nr)
		return ram->end_pfn;
	pfn = skip_present_pages(ram->start_pfn, ram->end_pfn, nr_present * nid / nr);
	return min(roundup(pfn, MAX_ORDER_NR_PAGES), ram->end_pfn);
}

/* Has memblock @nr_pages free pages in a row in @range? */
static bool __init has_room(const struct pfn_range *range, unsigned long nr_pages)
{
	phys_addr_t start, end;
	u64 i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL) {
		unsigned long start_pfn = max(PFN_UP(start), range->start_pfn);
		unsigned long end_pfn = min(PFN_DOWN(end), range->end_pfn);

		if (start_pfn < end_pfn && end_pfn - start_pfn >= nr_pages)
			return true;
	}
	return false;
}

/* N3. */
static bool __init node_can_be(const struct pfn_range *node, unsigned long low_end_pfn)
{
	struct pfn_range low = { node->start_pfn, min(node->end_pfn, low_end_pfn) };
	unsigned long nr_pages = node->end_pfn - node->start_pfn;

	if (node->start_pfn >= node->end_pfn ||
	    absent_pages_in_range(node->start_pfn, node->end_pfn) == nr_pages)
		return false;
	if (low.start_pfn >= low.end_pfn)
		return true;
	return has_room(&low, bootmem_bootmap_pages(low.end_pfn - low.start_pfn) +
			      PFN_UP(sizeof(pg_data_t)) + 1);
}

/* Return: can RAM be @nr nodes? Leaves their borders in nodes[]. */
static bool __init divide(const struct pfn_range *ram, unsigned long low_end_pfn, int nr)
{
	for (int nid = 0; nid < nr; nid++) {
		nodes[nid].start_pfn = node_border(ram, nid, nr);
		nodes[nid].end_pfn = node_border(ram, nid + 1, nr);
		if (nr > 1 && !node_can_be(&nodes[nid], low_end_pfn))
			return false;
	}
	return true;
}

/* A node's regions get its number; a node beside the first its pg_data_t, from its own memory. */
static void __init setup_node(int nid)
{
	phys_addr_t start = PFN_PHYS(nodes[nid].start_pfn), end = PFN_PHYS(nodes[nid].end_pfn);

	memblock_set_node(start, end - start, &memblock.memory, nid);
	if (nid > 0)
		node_data[nid] = memblock_alloc_node(sizeof(pg_data_t), SMP_CACHE_BYTES, nid);
	if (!node_data[nid])
		panic("no room for the %zu bytes of node %d's pg_data_t", sizeof(pg_data_t), nid);
	node_data[nid]->node_id = nid;
	node_data[nid]->bdata = &bootmem_node_data[nid];
	pr_info("Faking node %d at [mem %#010x-%#010x] (%uMB)\n", nid, start, end - 1,
		(end - start) / SZ_1M);
}

void __init numa_init(unsigned long start_pfn, unsigned long low_end_pfn, unsigned long end_pfn)
{
	const struct pfn_range ram = { start_pfn, end_pfn };
	int nr = nr_wanted, nid;

	BUG_ON(start_pfn >= low_end_pfn || low_end_pfn > end_pfn, "pfn %lx, %lx, %lx", start_pfn,
	       low_end_pfn, end_pfn);
	BUG_ON(mm_stage != MM_MEMBLOCK, "stage %d", mm_stage);

	while (!divide(&ram, low_end_pfn, nr))
		nr--;
	if (nr < nr_wanted)
		pr_err("fake=%d: RAM makes %d nodes at most\n", nr_wanted, nr);
	nr_online_nodes = nr;
	if (nr > 1)
		for_each_online_node(nid)
			setup_node(nid);
}

/* --- Looking --- */

static bool check_node(int nid)
{
	const pg_data_t *pgdat = NODE_DATA(nid);
	unsigned long start_pfn = nodes[nid].start_pfn, end_pfn = nodes[nid].end_pfn;
	bool ok = pgdat->node_id == nid && pgdat->node_start_pfn == start_pfn &&
		  pgdat_end_pfn(pgdat) == end_pfn && start_pfn < end_pfn &&
		  (nid == 0 || (start_pfn == nodes[nid - 1].end_pfn &&
				IS_ALIGNED(start_pfn, MAX_ORDER_NR_PAGES))) &&
		  pgdat->node_mem_map == pfn_to_page(start_pfn) && pgdat->node_present_pages;

	if (!ok)
		pr_err("node %d is %lx-%lx, its pg_data_t says number %d, %lx-%lx\n", nid,
		       start_pfn, end_pfn, pgdat->node_id, pgdat->node_start_pfn,
		       pgdat_end_pfn(pgdat));
	return ok;
}

bool numa_check(void)
{
	bool ok = true;
	int nid, other;

	for_each_online_node(nid) {
		ok &= check_node(nid);
		for_each_online_node(other) {
			if ((nid == other) == (node_distance(nid, other) == LOCAL_DISTANCE))
				continue;
			pr_err("N4: node %d is %d away from node %d\n", other,
			       node_distance(nid, other), nid);
			ok = false;
		}
	}
	return ok;
}
