// SPDX-License-Identifier: MIT
/*
 * Indices of fragmentation, with free blocks of known sizes.
 */
#include "host.h"
#include "buddy_machine.h"
#include <mm/fragmentation.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/page_isolation.h>

TEST_SUITE("fragmentation");

static struct zone *boot(void)
{
	machine_boot(&machines[MACHINE_32M]);
	return &NODE_DATA(0)->node_zones[ZONE_NORMAL];
}

static struct contig_page_info info_of(struct zone *zone, unsigned int order)
{
	struct contig_page_info info;

	fill_contig_page_info(zone, order, &info);
	return info;
}

/* 3 single pages, a block of 2, two of 8, one of 16: the picture in mm/fragmentation.c. */
static struct zone *boot_picture(void)
{
	struct zone *zone = boot();

	for (unsigned int order = 0; order < MAX_ORDER; order++)
		zone->free_area[order].nr_free = 0;
	zone->free_area[0].nr_free = 3;
	zone->free_area[1].nr_free = 1;
	zone->free_area[3].nr_free = 2;
	zone->free_area[4].nr_free = 1;
	return zone;
}

TEST("the sums are those of the free areas, in blocks of the order that is wanted")
{
	struct zone *zone = boot_picture();
	struct contig_page_info info = info_of(zone, 3);

	EXPECT_EQ(info.free_pages, 37);
	EXPECT_EQ(info.free_blocks_total, 7);
	EXPECT_EQ(info.free_blocks_suitable, 4);
	EXPECT_EQ(info_of(zone, 0).free_blocks_suitable, 37);
	EXPECT_EQ(info_of(zone, 4).free_blocks_suitable, 1);
	EXPECT_EQ(info_of(zone, 5).free_blocks_suitable, 0);
	HOST_EXPECT_BUG(info_of(zone, MAX_ORDER));
}

TEST("unusable is what lies in smaller blocks, of all that is free")
{
	struct zone *zone = boot_picture();
	static const int expected[MAX_ORDER] = { 0, 81, 135, 135, 567, 1000, 1000, 1000, 1000, 1000,
						 1000 };

	for (unsigned int order = 0; order < MAX_ORDER; order++) {
		struct contig_page_info info = info_of(zone, order);

		EXPECT_EQ(unusable_free_index(order, &info), expected[order]);
	}
	zone->free_area[0].nr_free = zone->free_area[1].nr_free = 0;
	zone->free_area[3].nr_free = zone->free_area[4].nr_free = 0;
	for (unsigned int order = 0; order < MAX_ORDER; order++) {
		struct contig_page_info info = info_of(zone, order);

		EXPECT_EQ(unusable_free_index(order, &info), 1000);
	}
}

TEST("the fragmentation index tells too little memory from too small pieces")
{
	struct zone *zone = boot_picture();

	EXPECT_EQ(fragmentation_index(zone, 4), FRAGMENTATION_INDEX_FITS);
	EXPECT_EQ(fragmentation_index(zone, 5), 1000 - (1000 + 1156) / 7);
	EXPECT_EQ(fragmentation_index(zone, 10), 1000 - (1000 + 36) / 7);
	for (unsigned int order = 0; order < MAX_ORDER; order++)
		zone->free_area[order].nr_free = 0;
	EXPECT_EQ(fragmentation_index(zone, 0), 0);
	zone->free_area[0].nr_free = 100;
	EXPECT_EQ(fragmentation_index(zone, 4), 928);
	zone->free_area[0].nr_free = 0;
	zone->free_area[9].nr_free = 1;
	EXPECT_EQ(fragmentation_index(zone, 10), 0);
}

TEST("the reports have the format of Linux's debugfs files")
{
	boot_picture();
	host_log_clear();
	show_unusable_index();
	EXPECT(host_log_has("Node 0, zone   Normal 0.000 0.081 0.135 0.135 0.567 1.000 1.000 1.000 1.000 1.000 1.000 \n"));
	host_log_clear();
	show_extfrag_index();
	EXPECT(host_log_has("Node 0, zone   Normal -1.000 -1.000 -1.000 -1.000 -1.000 0.692 "));
	EXPECT(host_log_has("0.852 \n"));
	host_log_clear();
	show_fragmentation();
	EXPECT(host_log_has("block of order 0 to 10:\nNode 0, zone   Normal 0.000 "));
}

TEST("whole memory is usable, every second page is not, and isolated blocks are left out")
{
	struct zone *zone = boot();
	unsigned long pfn = PHYS_PFN_OFFSET + MIB(8);
	struct contig_page_info info;
	struct page *page;

	while ((page = alloc_page(GFP_KERNEL | __GFP_MOVABLE)))
		set_page_private(page, 1);
	for (; pfn < PHYS_PFN_OFFSET + MIB(16); pfn += 2) {
		set_page_private(pfn_to_page(pfn), 0);
		__free_page(pfn_to_page(pfn));
	}
	info = info_of(zone, 1);
	EXPECT_EQ(unusable_free_index(1, &info), 1000);
	EXPECT_EQ(fragmentation_index(zone, 9), 1000 - (1000 + 2000) / 1024);
	EXPECT_EQ(set_migratetype_isolate(pfn_to_page(pfn - 1)), 0);
	EXPECT_EQ(info_of(zone, 0).free_pages, MIB(8) / 2 - pageblock_nr_pages / 2);
}
