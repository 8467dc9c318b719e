// SPDX-License-Identifier: MIT
/*
 * Nodes, zones and memory map on the board: do the numbers of booting add up?
 */
#include <test.h>
#include <kernel/sections.h>
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <mm/watermark.h>

TEST_SUITE("zones");

TEST("zones touch, their pages name them, and present = managed + reserved in each")
{
	struct zone *zone;

	for_each_zone(zone)
		EXPECT(zone_check(zone));
}

TEST("the zones of a node are the node, and the nodes together are memblock's memory")
{
	unsigned long nr_present = 0;
	pg_data_t *pgdat;
	int zone;

	for_each_online_pgdat(pgdat) {
		unsigned long zones_spanned = 0, zones_present = 0;

		for (zone = 0; zone < MAX_NR_ZONES; zone++) {
			zones_spanned += pgdat->node_zones[zone].spanned_pages;
			zones_present += pgdat->node_zones[zone].present_pages;
		}
		EXPECT_EQ(zones_spanned, pgdat->node_spanned_pages);
		EXPECT_EQ(zones_present, pgdat->node_present_pages);
		nr_present += zones_present;
	}
	EXPECT_EQ(nr_present, memblock_phys_mem_size() >> PAGE_SHIFT);
	EXPECT_EQ(PFN_PHYS(NODE_DATA(0)->node_start_pfn), memblock_start_of_DRAM());
	EXPECT_EQ(PFN_PHYS(pgdat_end_pfn(NODE_DATA(nr_online_nodes - 1))), memblock_end_of_DRAM());
}

TEST("totalram_pages is what the zones manage, and high memory is counted apart")
{
	unsigned long nr_managed = 0, nr_high = 0;
	struct zone *zone;

	for_each_populated_zone(zone) {
		nr_managed += zone->managed_pages;
		nr_high += is_highmem(zone) ? zone->managed_pages : 0;
	}
	EXPECT_EQ(totalram_pages, nr_managed);
	EXPECT_EQ(totalhigh_pages, nr_high);
	EXPECT(nr_free_highpages() <= totalhigh_pages);
	EXPECT(nr_free_pages() <= totalram_pages);
}

TEST("lowmem zones end at high_memory")
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		phys_addr_t end = PFN_PHYS(zone_end_pfn(zone));

		if (is_highmem(zone))
			EXPECT(PFN_PHYS(zone->zone_start_pfn) >= __pa(high_memory));
		else
			EXPECT(end <= __pa(high_memory));
	}
}

TEST("pfn_valid() holds in RAM and nowhere else")
{
	unsigned long start_pfn = NODE_DATA(0)->node_start_pfn, nr_valid = 0, pfn;
	unsigned long end_pfn = pgdat_end_pfn(NODE_DATA(nr_online_nodes - 1));

	for (pfn = start_pfn; pfn < end_pfn; pfn++)
		nr_valid += pfn_valid(pfn);
	EXPECT_EQ(nr_valid, memblock_phys_mem_size() >> PAGE_SHIFT);
	EXPECT(!pfn_valid(start_pfn - 1));
	EXPECT(!pfn_valid(end_pfn));
	EXPECT(!pfn_valid(0) && !pfn_valid(~0UL));
}

static void expect_reserved(const void *from, const void *to)
{
	unsigned long addr;

	for (addr = PAGE_ALIGN((unsigned long)from); addr < (unsigned long)to; addr += PAGE_SIZE)
		ASSERT(PageReserved(virt_to_page((const void *)addr)));
}

TEST("the kernel's constants and data, and the memory map, are reserved")
{
	expect_reserved(__start_rodata, __end_rodata);
	expect_reserved(__bss_start, __bss_stop);
	expect_reserved(mem_map, mem_map + max_mapnr);
}

TEST("page, pfn, physical and virtual address lead to each other")
{
	struct page *page = alloc_page(GFP_KERNEL);
	char *virt;

	ASSERT(page);
	virt = page_address(page);
	EXPECT(pfn_to_page(page_to_pfn(page)) == page);
	EXPECT(phys_to_page(page_to_phys(page)) == page);
	EXPECT(virt_to_page(virt) == page && virt_to_page(virt + PAGE_SIZE - 1) == page);
	EXPECT_EQ(virt_to_phys(virt), page_to_phys(page));
	EXPECT(virt_addr_valid(virt) && !virt_addr_valid(high_memory));
	__free_page(page);
}

TEST("high memory is served first to those who can use it, and has no address")
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	pg_data_t *pgdat = NODE_DATA(numa_node_id());
	struct zone *highest = &pgdat->node_zones[pgdat->nr_zones - 1];

	ASSERT(page);
	/* A zone of a few pages keeps them all in reserve. */
	EXPECT_EQ(PageHighMem(page), is_highmem(highest) &&
		  zone_watermark_ok(highest, 0, low_wmark_pages(highest), zone_idx(highest), 0));
	kmap_flush_unused();
	EXPECT(!PageHighMem(page) || !page_address(page));
	__free_page(page);
	page = alloc_page(GFP_KERNEL);
	ASSERT(page);
	EXPECT(!PageHighMem(page));
	__free_page(page);
}

TEST("struct page has 32 bytes, struct zone at most 640")
{
	test_note("struct page %zu bytes, struct zone %zu, map %lu KiB", sizeof(struct page),
		  sizeof(struct zone), max_mapnr * sizeof(struct page) >> 10);
	EXPECT_EQ(sizeof(struct page), 32);
	EXPECT(sizeof(struct zone) - (sizeof(spinlock_t) - sizeof(arch_spinlock_t)) <= 640);
}
