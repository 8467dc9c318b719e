// SPDX-License-Identifier: MIT
/*
 * Going through nodes and zones. For now there is one node, NODE_DATA(0); the order is by node, and
 * within one by zone index, so from low addresses to high ones.
 */
#include <mm/mm.h>
#include <mm/mmzone.h>

const char *const zone_names[MAX_NR_ZONES] = {
	[ZONE_DMA] = "DMA",
	[ZONE_NORMAL] = "Normal",
	[ZONE_HIGHMEM] = "HighMem",
	[ZONE_MOVABLE] = "Movable",
};

int movable_zone = MAX_NR_ZONES;

struct zone *next_zone(struct zone *zone)
{
	const struct zone *last = &NODE_DATA(0)->node_zones[MAX_NR_ZONES - 1];

	return zone < last ? zone + 1 : NULL;
}
