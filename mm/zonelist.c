// SPDX-License-Identifier: MIT
/*
 * Zonelists: in which order the zones of all nodes are asked for pages. Each node has its own two,
 * made once at boot, so that a request only walks along a list:
 *
 *    two nodes in a row, lowmem and high memory, seen from node 0:
 *
 *    by node    | 0 HighMem | 0 Normal | 0 DMA | 1 HighMem | 1 Normal | end |
 *    by zone    | 0 HighMem | 1 HighMem | 0 Normal | 1 Normal | 0 DMA | end |
 *    own only   | 0 HighMem | 0 Normal | 0 DMA | end |              __GFP_THISNODE
 *                 ^ __GFP_HIGHMEM begins here
 *                             ^ GFP_KERNEL, by node: the first entry whose zone is not too high
 *
 * By node, a request stays near and takes lowmem of its own node rather than high memory of another;
 * by zone, it spares the low zones, that fewer requests can use, and goes far for it.
 *
 * Z1. Each list ends with an entry without a zone, whose index is 0.
 * Z2. The list with fallback has each populated zone of each online node once, that without has
 *     those of its own node; and an entry's index is its zone's.
 * Z3. By node: the own node comes first, the others with growing distance, and within a node the
 *     zones from high to low. By zone: the indices fall, and within one index it is as by node.
 *
 * Z4. first[] has for each combination of zone modifiers the first entry that is not too high.
 *
 * Nodes at the same distance are asked by different nodes in different orders: find_next_best_node()
 * counts how often one was preferred. Names and rules are those of Linux 3.10 (mm/page_alloc.c).
 */
#define pr_fmt(fmt) "zonelist: " fmt
#include <kernel/bug.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/numa.h>
#include <mm/pageblock.h>

/* The highest that node_load[] can become. */
#define MAX_NODE_LOAD	MAX_NUMNODES

enum zone_type lowest_zone;
static bool order_by_zone;

/* How often a node was the first choice within its distance. */
static int node_load[MAX_NUMNODES];

static int __init setup_numa_zonelist_order(char *value)
{
	if (strcmp(value, "default") && strcmp(value, "node") && strcmp(value, "zone")) {
		pr_err("the order '%s' is neither default, node nor zone\n", value);
		return -EINVAL;
	}
	order_by_zone = value[0] == 'z';
	return 0;
}
early_param("numa_zonelist_order=", setup_numa_zonelist_order);

/* --- Which node comes next --- */

/*
 * What speaks against @node as the next one to be asked by @local: before all its distance; then
 * that it comes before @local, so that node 0 is not everybody's second; then the load that it has
 * from other nodes' lists.
 *
 * Differs from Linux, where coming before @local weighs as much as a distance of 1, and so can
 * break Z3.
 */
static int node_cost(int local, int node)
{
	int cost = 2 * node_distance(local, node) + (node < local);

	return cost * (MAX_NODE_LOAD * MAX_NUMNODES) + node_load[node];
}

/* The best of the nodes not in @used, which it is added to; -1 if all are used. */
static int find_next_best_node(int local, unsigned long *used)
{
	int node, best = NUMA_NO_NODE;

	if (!__test_and_set_bit(local, used))
		return local;
	for_each_online_node(node)
		if (!test_bit(node, used) &&
		    (best == NUMA_NO_NODE || node_cost(local, node) < node_cost(local, best)))
			best = node;
	if (best != NUMA_NO_NODE)
		__set_bit(best, used);
	return best;
}

/* All nodes, in the order in which @local asks them. Return: how many. */
static int find_node_order(int local, int *order)
{
	int nr = 0, node, prev = local, load = nr_online_nodes;
	unsigned long used = 0;

	while ((node = find_next_best_node(local, &used)) != NUMA_NO_NODE) {
		if (node_distance(local, node) != node_distance(local, prev))
			node_load[node] = load;
		prev = node;
		load--;
		order[nr++] = node;
	}
	return nr;
}

/* --- The lists --- */

static unsigned int add_zone(struct zonelist *list, unsigned int nr, struct zone *zone)
{
	if (!populated_zone(zone))
		return nr;
	BUG_ON(nr >= MAX_ZONES_PER_ZONELIST, "%u zones", nr);
	list->_zonerefs[nr] = (struct zoneref){ .zone = zone, .zone_idx = zone_idx(zone) };
	return nr + 1;
}

/* Append the zones of a node, high ones first. Return: the new length. */
static unsigned int build_zonelists_node(struct zonelist *list, unsigned int nr, pg_data_t *pgdat)
{
	int zone;

	for (zone = pgdat->nr_zones - 1; zone >= 0; zone--)
		nr = add_zone(list, nr, &pgdat->node_zones[zone]);
	return nr;
}

/* Z1 and Z4. */
static void end_list(struct zonelist *list, unsigned int nr)
{
	struct zone *zone;
	gfp_t gfp_mask;

	list->_zonerefs[nr] = (struct zoneref){ .zone = NULL, .zone_idx = 0 };
	for (gfp_mask = 0; gfp_mask < NR_GFP_ZONES; gfp_mask++)
		list->first[gfp_mask] = first_zones_zonelist(list, gfp_high_zoneidx(gfp_mask),
							     &zone);
}

static void build_zonelists_in_node_order(struct zonelist *list, const int *order, int nr_nodes)
{
	unsigned int nr = 0;

	for (int i = 0; i < nr_nodes; i++)
		nr = build_zonelists_node(list, nr, NODE_DATA(order[i]));
	end_list(list, nr);
}

static void build_zonelists_in_zone_order(struct zonelist *list, const int *order, int nr_nodes)
{
	unsigned int nr = 0;

	for (int zone = MAX_NR_ZONES - 1; zone >= 0; zone--)
		for (int i = 0; i < nr_nodes; i++)
			nr = add_zone(list, nr, &NODE_DATA(order[i])->node_zones[zone]);
	end_list(list, nr);
}

static void build_thisnode_zonelists(pg_data_t *pgdat)
{
	struct zonelist *list = &pgdat->node_zonelists[ZONELIST_NOFALLBACK];

	end_list(list, build_zonelists_node(list, 0, pgdat));
}

static void build_zonelists(pg_data_t *pgdat)
{
	struct zonelist *list = &pgdat->node_zonelists[ZONELIST_FALLBACK];
	int order[MAX_NUMNODES];
	int nr_nodes = find_node_order(pgdat->node_id, order);

	if (order_by_zone)
		build_zonelists_in_zone_order(list, order, nr_nodes);
	else
		build_zonelists_in_node_order(list, order, nr_nodes);
	build_thisnode_zonelists(pgdat);
}

static enum zone_type find_lowest_zone(void)
{
	enum zone_type lowest = ZONE_MOVABLE;
	struct zone *zone;

	for_each_populated_zone(zone)
		lowest = min(lowest, zone_idx(zone));
	return lowest;
}

void __init build_all_zonelists(void)
{
	unsigned long nr_present = 0;
	int nid;

	memset(node_load, 0, sizeof(node_load));
	lowest_zone = find_lowest_zone();
	for_each_online_node(nid) {
		BUG_ON(!NODE_DATA(nid)->nr_zones, "node %d has no zones yet", nid);
		build_zonelists(NODE_DATA(nid));
		nr_present += NODE_DATA(nid)->node_present_pages;
	}
	set_mobility_grouping(nr_present);
	printk(KERN_INFO "Built %d zonelists in %s order, mobility grouping %s.  Total pages: %lu\n",
	       nr_online_nodes, order_by_zone ? "Zone" : "Node",
	       page_group_by_mobility_disabled ? "off" : "on", nr_present);
}

/* --- Looking --- */

/* A macro for the format's sake. Evaluates to @ok. */
#define list_ok(ok, nid, fmt, ...) ({							\
	bool __ok = (ok);								\
	if (!__ok)									\
		pr_err("node %d: " fmt "\n", nid, ##__VA_ARGS__);			\
	__ok; })

/* Z3, for two entries of which @b follows @a. */
static bool check_order(int nid, const struct zoneref *a, const struct zoneref *b)
{
	int node_a = zonelist_node_idx(a), node_b = zonelist_node_idx(b);
	bool nearer = node_distance(nid, node_a) < node_distance(nid, node_b);
	bool as_near = node_a != node_b &&
		       node_distance(nid, node_a) == node_distance(nid, node_b);
	bool ok;

	if (order_by_zone)
		ok = a->zone_idx > b->zone_idx ||
		     (a->zone_idx == b->zone_idx && (nearer || as_near));
	else
		ok = nearer || as_near || (node_a == node_b && a->zone_idx > b->zone_idx);
	return list_ok(ok, nid, "Z3: node %d's %s is asked before node %d's %s", node_a,
		       zone_name(a->zone), node_b, zone_name(b->zone));
}

/* The zones that a list should have, as bits by their place in zone_table[]. */
static unsigned long expected_zones(int nid, bool fallback)
{
	unsigned long set = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		if (fallback || zone_to_nid(zone) == nid)
			set |= BIT(zone_table_idx(zone_to_nid(zone), zone_idx(zone)));
	return set;
}

/* Z1 and Z2; with it Z3 for each pair of neighbours. */
static bool check_list(int nid, bool fallback)
{
	int which = fallback ? ZONELIST_FALLBACK : ZONELIST_NOFALLBACK;
	const struct zoneref *first = NODE_DATA(nid)->node_zonelists[which]._zonerefs, *z;
	unsigned long seen = 0, expected = expected_zones(nid, fallback);

	for (z = first; z < first + MAX_ZONES_PER_ZONELIST && z->zone; z++) {
		unsigned int idx = zone_table_idx(zone_to_nid(z->zone), zone_idx(z->zone));

		if (!list_ok(z->zone_idx == (int)zone_idx(z->zone), nid,
			     "Z2: %s with index %d", zone_name(z->zone), z->zone_idx) ||
		    !list_ok(!__test_and_set_bit(idx, &seen), nid, "Z2: %s twice", zone_name(z->zone)) ||
		    (z > first && !check_order(nid, z - 1, z)))
			return false;
	}
	return list_ok(!z->zone && z->zone_idx == 0, nid, "Z1: the list does not end") &&
	       list_ok(seen == expected, nid, "Z2: zones %lx, not %lx", seen, expected);
}

/* Z4, by going along the list. */
static bool check_first(int nid, const struct zonelist *list, gfp_t gfp_mask)
{
	const struct zoneref *z = list->_zonerefs;

	while (z->zone && z->zone_idx > (int)gfp_high_zoneidx(gfp_mask))
		z++;
	return list_ok(list->first[gfp_mask] == z, nid, "Z4: zone modifiers 0x%x begin at entry %d",
		       gfp_mask, (int)(list->first[gfp_mask] - list->_zonerefs));
}

bool zonelist_check(void)
{
	bool ok = true;
	int nid;

	for_each_online_node(nid) {
		ok &= check_list(nid, true) && check_list(nid, false);
		for (int which = 0; which < MAX_ZONELISTS && ok; which++)
			for (gfp_t gfp_mask = 0; gfp_mask < NR_GFP_ZONES; gfp_mask++)
				ok &= check_first(nid, &NODE_DATA(nid)->node_zonelists[which],
						  gfp_mask);
	}
	return ok;
}

void show_zonelist(int nid, gfp_t gfp_mask)
{
	enum zone_type highest_zoneidx = gfp_high_zoneidx(gfp_mask);
	const struct zoneref *z;
	struct zone *zone;

	printk(KERN_INFO "From node %d, gfp 0x%x, zones up to %s%s:\n", nid, gfp_mask,
	       zone_names[highest_zoneidx], gfp_mask & __GFP_THISNODE ? ", this node only" : "");
	for_each_zone_zonelist(zone, z, node_zonelist(nid, gfp_mask), highest_zoneidx)
		printk(KERN_INFO "  Node %d, zone %8s  distance %d  free %lu\n",
		       zone_to_nid(zone), zone_name(zone), node_distance(nid, zone_to_nid(zone)),
		       zone_page_state(zone, NR_FREE_PAGES));
}
