// SPDX-License-Identifier: MIT
/*
 * Going through nodes and zones. The order is by node, and within one by zone index, so from low
 * addresses to high ones.
 *
 *    node_data[]    0 -> contig_page_data    1 -> ...    2 -> ...    3 -> NULL
 *    zone_table[]   node 0: DMA Normal HighMem Movable | node 1: DMA ... | ...
 *                   the number that stands in page->flags is the place in here
 */
#include <mm/bootmem.h>
#include <mm/mm.h>
#include <mm/mmzone.h>

const char *const zone_names[MAX_NR_ZONES] = {
	[ZONE_DMA] = "DMA",
	[ZONE_NORMAL] = "Normal",
	[ZONE_HIGHMEM] = "HighMem",
	[ZONE_MOVABLE] = "Movable",
};

int movable_zone = MAX_NR_ZONES;
int nr_online_nodes = 1;

#define NO_ZONE	(&contig_page_data.node_zonelists[ZONELIST_FALLBACK]._zonerefs[0])

/* From the first instruction on, its zones can be gone through and asked: they are empty. */
struct pglist_data contig_page_data = {
	.node_zonelists = { [0 ... MAX_ZONELISTS - 1] = {
		.first = { [0 ... NR_GFP_ZONES - 1] = NO_ZONE },
	} },
	.node_zones = { [0 ... MAX_NR_ZONES - 1] = { .zone_pgdat = &contig_page_data } },
	.bdata = &bootmem_node_data[0],
};

struct pglist_data *node_data[MAX_NUMNODES] = { &contig_page_data };
struct zone *zone_table[1 << (NODES_WIDTH + ZONES_WIDTH)];

struct pglist_data *next_online_pgdat(struct pglist_data *pgdat)
{
	int next = pgdat->node_id + 1;

	return node_online(next) ? NODE_DATA(next) : NULL;
}

struct zone *next_zone(struct zone *zone)
{
	struct pglist_data *pgdat = zone->zone_pgdat;

	if (zone < &pgdat->node_zones[MAX_NR_ZONES - 1])
		return zone + 1;
	pgdat = next_online_pgdat(pgdat);
	return pgdat ? pgdat->node_zones : NULL;
}
