// SPDX-License-Identifier: MIT
/*
 * Nodes and zonelists on the board, with one node or with those that `numa=fake=N` makes.
 */
#include <test.h>
#include <mm/gfp.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <mm/numa.h>
#include <mm/watermark.h>
#include "scarce.h"

TEST_SUITE("numa");

TEST("nodes touch, are in the memory map, and are as far from themselves as can be")
{
	test_note("nodes %d", nr_online_nodes);
	EXPECT(numa_check());
}

TEST("every node's zonelists have each zone once, in order")
{
	EXPECT(zonelist_check());
}

TEST("memblock's regions know their nodes if there are several")
{
	struct memblock_region *region;

	for_each_mem_region(region) {
		struct page *page = phys_to_page(region->base);

		EXPECT_EQ(region->nid, nr_online_nodes > 1 ? page_to_nid(page) : MAX_NUMNODES);
	}
}

/* The first zone that may give a page: a zone of a few pages keeps them all in reserve. */
static const struct zone *first_with_room(const struct zonelist *zonelist, gfp_t gfp_mask)
{
	const struct zoneref *z = zonelist->first[gfp_mask & GFP_ZONEMASK];
	int classzone_idx = zonelist_zone_idx(z);
	struct zone *zone;

	for_each_zone_zonelist(zone, z, zonelist, gfp_high_zoneidx(gfp_mask))
		if (zone_watermark_ok(zone, 0, low_wmark_pages(zone),
				      (enum zone_type)classzone_idx, 0))
			return zone;
	return NULL;
}

TEST("a request at a node is served by the first zone of its list, with __GFP_THISNODE by its own")
{
	int nid;

	for_each_online_node(nid) {
		const struct zone *first = first_with_room(node_zonelist(nid, 0), GFP_HIGHUSER);
		struct page *page = alloc_pages_node(nid, GFP_HIGHUSER, 0);
		struct page *own = alloc_pages_node(nid, GFP_HIGHUSER | __GFP_THISNODE, 0);

		EXPECT(page && page_zone(page) == first);
		EXPECT(own && page_to_nid(own) == nid);
		EXPECT(own && page_zone(own)->zone_pgdat == NODE_DATA(nid));
		if (page)
			__free_page(page);
		if (own)
			__free_page(own);
	}
}

/* A page of GFP_KERNEL from @nid and no other node. */
static struct page *take_here(int nid)
{
	return alloc_pages_node(nid, GFP_KERNEL | GFP_THISNODE, 0);
}

/* The nearest other node with memory for the kernel, by the distances; -1 if there is none. */
static int nearest_node(int nid)
{
	int other, nearest = NUMA_NO_NODE;

	for_each_online_node(other) {
		if (other == nid || !NODE_DATA(other)->node_zonelists[ZONELIST_NOFALLBACK].first[0]->zone)
			continue;
		if (nearest == NUMA_NO_NODE || node_distance(nid, other) <= node_distance(nid, nearest))
			nearest = other;
	}
	return nearest;
}

TEST("a node without pages is helped by the nearest, unless __GFP_THISNODE forbids it")
{
	struct page *page, *next;
	LIST_HEAD(taken);
	int nid = nr_online_nodes / 2;

	empty_all_caches();	/* a request without __GFP_THISNODE would get what others hold */
	while ((page = take_here(nid))) {
		ASSERT_EQ(page_to_nid(page), nid);
		list_add(&page->lru, &taken);
	}
	page = alloc_pages_node(nid, GFP_KERNEL | __GFP_NOWARN, 0);
	EXPECT_EQ(page ? page_to_nid(page) : NUMA_NO_NODE, nearest_node(nid));
	if (page)
		__free_page(page);
	page = take_here(nid);
	EXPECT(!page);
	if (page)
		__free_page(page);
	list_for_each_entry_safe(page, next, &taken, lru)
		__free_page(page);
}
