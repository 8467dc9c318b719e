// SPDX-License-Identifier: MIT
/*
 * Rules of nodes, zones and the memory map, on all machines of buddy_machine.h: borders, holes, the
 * hand-off, which zone serves whom, and the reports.
 */
#include "host.h"
#include "buddy_machine.h"
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/bootmem.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <mm/pageblock.h>
#include <mm/watermark.h>

#include <sys/wait.h>
#include <unistd.h>

TEST_SUITE("zones");

static struct zone *zone_at(enum zone_type idx)
{
	return &NODE_DATA(0)->node_zones[idx];
}

/* Run @check on every machine, each in a process of its own, since a machine boots once. */
static void on_all_machines(void (*check)(const struct machine *))
{
	unsigned int i;

	for (i = 0; i < nr_machines; i++) {
		pid_t child = fork();
		int status = 0;

		if (child == 0) {
			machine_boot(&machines[i]);
			check(&machines[i]);
			_exit(host_failures() || host_take_warnings());
		}
		waitpid(child, &status, 0);
		if (!EXPECT_EQ(status, 0))
			host_print("on the machine \"%s\"", machines[i].name);
	}
}

static bool is_ram(const struct machine *m, unsigned long pfn)
{
	unsigned int i;

	for (i = 0; i < MAX_BANKS; i++)
		if (pfn - PHYS_PFN_OFFSET - m->banks[i].first < m->banks[i].nr_pages)
			return true;
	return false;
}

static unsigned long nr_present_pages(void)
{
	unsigned long nr_present = 0;
	int nid;

	for_each_online_node(nid)
		nr_present += NODE_DATA(nid)->node_present_pages;
	return nr_present;
}

/* --- Borders and holes --- */

static void check_borders(const struct machine *m)
{
	unsigned long pfn, nr_present = 0, nr_reserved = 0, nr_managed = 0;
	struct zone *zone;

	for_each_zone(zone) {
		for (pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone); pfn++) {
			struct page *page = pfn_to_page(pfn);

			ASSERT(page_zone(page) == zone);
			ASSERT_EQ(page_to_nid(page), zone_to_nid(zone));
			ASSERT_EQ(page_to_pfn(page), pfn);
			ASSERT_EQ(pfn_valid(pfn), is_ram(m, pfn));
			ASSERT(pfn_valid(pfn) || PageReserved(page));
			nr_present += pfn_valid(pfn);
			nr_reserved += pfn_valid(pfn) && PageReserved(page);
		}
		nr_managed += zone->managed_pages;
	}
	EXPECT_EQ(nr_present_pages(), nr_present);
	EXPECT_EQ(nr_present, nr_managed + nr_reserved);
	EXPECT_EQ(nr_managed, totalram_pages);
	EXPECT_EQ(nr_managed, nr_free_pages());
	EXPECT(!pfn_valid(PHYS_PFN_OFFSET - 1) && !pfn_valid(PHYS_PFN_OFFSET + max_mapnr));
	EXPECT(!pfn_valid(0) && !pfn_valid(~0UL));
}

TEST("present = managed + reserved, page by page, and holes are neither valid nor free")
{
	on_all_machines(check_borders);
}

static void check_exhaustion(const struct machine *m)
{
	static const gfp_t gfps[] = { GFP_HIGHUSER_MOVABLE, GFP_HIGHUSER, GFP_KERNEL, GFP_DMA };
	unsigned long nr_pages = 0;
	struct page *page;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gfps); i++)
		while ((page = alloc_page(gfps[i]))) {
			ASSERT(is_ram(m, page_to_pfn(page)));
			nr_pages++;
		}
	EXPECT_EQ(nr_pages, totalram_pages);
	EXPECT_EQ(nr_free_pages(), 0);
	EXPECT(machine_check());
}

static unsigned long ram_pages(const struct machine *m)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < MAX_BANKS; i++)
		sum += m->banks[i].nr_pages;
	return sum;
}

static void check_pageblocks(const struct machine *m)
{
	bool small = ram_pages(m) < MIB(24);
	struct zone *zone;
	unsigned long pfn;

	EXPECT_EQ(page_group_by_mobility_disabled, small);
	for_each_populated_zone(zone)
		for (pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone); pfn++)
			ASSERT_EQ(get_pfnblock_migratetype(zone, pfn),
				  small ? MIGRATE_UNMOVABLE : MIGRATE_MOVABLE);
}

TEST("every pageblock begins as movable, those across a border of a zone too; in small memory as unmovable")
{
	on_all_machines(check_pageblocks);
}

TEST("a pageblock is 4 MiB aligned to 4 MiB, wherever its zone begins")
{
	unsigned long block = PHYS_PFN_OFFSET + pageblock_nr_pages, pfn;
	struct zone *zone;

	machine_boot(&machines[7]);
	zone = page_zone(pfn_to_page(block));
	ASSERT(!IS_ALIGNED(zone->zone_start_pfn, pageblock_nr_pages));
	set_pageblock_migratetype(pfn_to_page(block + 1), MIGRATE_RECLAIMABLE);
	for (pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone); pfn++)
		ASSERT_EQ(get_pageblock_migratetype(pfn_to_page(pfn)) == MIGRATE_RECLAIMABLE,
			  pfn - block < pageblock_nr_pages);
}

TEST("every managed page of every zone can be had, and no other")
{
	on_all_machines(check_exhaustion);
}

static void check_cost(const struct machine *m)
{
	unsigned long nr_kept = nr_present_pages() - totalram_pages;
	unsigned long expected = MIB(1) + PFN_UP(max_mapnr * sizeof(struct page));
	unsigned long for_nodes = (unsigned long)(nr_online_nodes - 1) *
				  (PFN_UP(sizeof(pg_data_t)) + 2);
	unsigned int i;

	for (i = 0; i < MAX_BANKS; i++)
		expected += m->reserved[i].nr_pages;
	EXPECT(nr_kept >= expected && nr_kept <= expected + 1 + for_nodes);
	EXPECT_EQ(totalhigh_pages, nr_free_highpages());
}

TEST("booting costs the image, what was reserved, 32 bytes a page, and a page; more only for nodes")
{
	on_all_machines(check_cost);
}

TEST("zone sizes that contradict memblock are refused")
{
	unsigned long zones_size[MAX_NR_ZONES], zholes_size[MAX_NR_ZONES];

	machine_boot_to_bootmem(&machines[2], zones_size, zholes_size);
	zholes_size[ZONE_NORMAL]++;
	HOST_EXPECT_BUG(free_area_init_node(0, zones_size, PHYS_PFN_OFFSET, zholes_size));
}

TEST("a node may end in a hole, whose pages are reserved")
{
	unsigned long zones_size[MAX_NR_ZONES], zholes_size[MAX_NR_ZONES], pfn;

	machine_boot_to_bootmem(&machines[0], zones_size, zholes_size);
	zones_size[ZONE_NORMAL] += 100;
	zholes_size[ZONE_NORMAL] += 100;
	free_area_init_node(0, zones_size, PHYS_PFN_OFFSET, zholes_size);
	for (pfn = PHYS_PFN_OFFSET + MIB(16); pfn < pgdat_end_pfn(NODE_DATA(0)); pfn++)
		ASSERT(!pfn_valid(pfn) && PageReserved(pfn_to_page(pfn)));
}

TEST("a node that has its zones is not made again")
{
	unsigned long zones_size[MAX_NR_ZONES] = { 0 };

	machine_boot(&machines[0]);
	HOST_EXPECT_BUG(free_area_init_node(0, zones_size, PHYS_PFN_OFFSET, NULL));
}

TEST("the map's memory is not cleared before it is written, other boot memory is")
{
	unsigned long zones_size[MAX_NR_ZONES], zholes_size[MAX_NR_ZONES];
	const u32 *raw, *clear;
	unsigned int i, nr_zero = 0;

	machine_boot_to_bootmem(&machines[0], zones_size, zholes_size);
	raw = __alloc_bootmem_node_raw(NODE_DATA(0), PAGE_SIZE, PAGE_SIZE, 0);
	clear = alloc_bootmem_pages_node_nopanic(NODE_DATA(0), PAGE_SIZE);
	ASSERT(raw && clear);
	for (i = 0; i < PAGE_SIZE / sizeof(u32); i++) {
		nr_zero += raw[i] == 0;
		ASSERT_EQ(clear[i], 0);
	}
	/* RAM is full of junk at first (host_ram_setup()), of which one word in 2^32 is 0. */
	EXPECT(nr_zero < 8);
}

TEST("a memory map that does not fit is a panic that says how much it needs")
{
	unsigned long zones_size[MAX_NR_ZONES], zholes_size[MAX_NR_ZONES];

	machine_boot_to_bootmem(&machines[0], zones_size, zholes_size);
	while (alloc_bootmem_pages_nopanic(16 * PAGE_SIZE))
		;
	HOST_EXPECT_BUG(free_area_init_node(0, zones_size, PHYS_PFN_OFFSET, zholes_size));
	EXPECT(host_log_has("no room for the memory map: 128 KiB"));
}

/* --- ZONE_MOVABLE --- */

/*
 * Boot @machines[0] or [3] with parameters. Return: pages of ZONE_MOVABLE, by way of a child's exit
 * status.
 */
static void check_movable(const struct machine *like, const char *kernelcore,
			  const char *movablecore, unsigned long expected)
{
	struct machine m = *like;
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		m.kernelcore = kernelcore;
		m.movablecore = movablecore;
		machine_boot(&m);
		EXPECT_EQ(zone_at(ZONE_MOVABLE)->spanned_pages, expected);
		_exit(host_failures());
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(status, 0);
}

TEST("kernelcore= and movablecore= divide the highest zone at a multiple of the largest block")
{
	const struct machine lowmem = { .banks = { { 0, MIB(32) } } };
	const struct machine high = { .banks = { { 0, MIB(48) } }, .lowmem = MIB(24) };
	const struct machine hole = { .banks = { { 0, MIB(8) }, { MIB(16), MIB(16) } } };

	check_movable(&lowmem, NULL, NULL, 0);
	check_movable(&lowmem, "8M", NULL, MIB(24));
	check_movable(&lowmem, "9M", NULL, MIB(20));
	check_movable(&lowmem, "32M", NULL, 0);
	check_movable(&lowmem, "4G", NULL, 0);
	check_movable(&lowmem, "0", NULL, 0);
	check_movable(&lowmem, NULL, "8M", MIB(8));
	check_movable(&lowmem, NULL, "9M", MIB(12));
	check_movable(&lowmem, "28M", "8M", MIB(4));
	check_movable(&lowmem, "8M", "4M", MIB(4));
	check_movable(&lowmem, NULL, "1G", 0);
	/* Never below the highest zone: lowmem stays the kernel's. */
	check_movable(&high, "8M", NULL, MIB(24));
	check_movable(&high, "25M", NULL, MIB(20));
	check_movable(&high, NULL, "8M", MIB(8));
	check_movable(&high, NULL, "40M", MIB(24));
	/* The kernel's share is counted in present pages. */
	check_movable(&hole, "12M", NULL, MIB(12));
}

TEST("kernelcore= and movablecore= refuse what is not a size")
{
	static const char *const bad[] = { "", "abc", "12x", "M", "-5", "8M8" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(machine_param("kernelcore", bad[i]), -EINVAL);
		EXPECT_EQ(machine_param("movablecore", bad[i]), -EINVAL);
	}
	EXPECT_EQ(machine_param("kernelcore", NULL), -EINVAL);
	EXPECT_EQ(machine_param("kernelcore", "64M"), 0);
}

/* --- Which zone serves whom --- */

/* The zone of a page that @gfp_mask gets; the page stays taken. */
static int zone_for(gfp_t gfp_mask)
{
	struct page *page = alloc_page(gfp_mask);

	return page ? (int)page_zonenum(page) : -1;
}

TEST("a request begins at its own zone and falls back to those below, never above")
{
	machine_boot(&machines[5]);
	EXPECT_EQ(zone_for(GFP_HIGHUSER_MOVABLE), ZONE_MOVABLE);
	EXPECT_EQ(zone_for(GFP_HIGHUSER), ZONE_HIGHMEM);
	EXPECT_EQ(zone_for(GFP_KERNEL), ZONE_NORMAL);
	EXPECT_EQ(zone_for(GFP_KERNEL | __GFP_MOVABLE), ZONE_NORMAL);
	EXPECT_EQ(zone_for(GFP_KERNEL | GFP_DMA), ZONE_DMA);
	while (zone_for(GFP_HIGHUSER) == ZONE_HIGHMEM)
		;
	EXPECT_EQ(zone_for(GFP_HIGHUSER), ZONE_NORMAL);
	while (zone_for(GFP_KERNEL) == ZONE_NORMAL)
		;
	EXPECT_EQ(zone_for(GFP_HIGHUSER), ZONE_DMA);
	while (zone_for(GFP_DMA) == ZONE_DMA)
		;
	EXPECT_EQ(zone_for(GFP_HIGHUSER), -1);
	EXPECT_EQ(zone_for(GFP_HIGHUSER_MOVABLE), ZONE_MOVABLE);
}

TEST("where no DMA zone is, GFP_DMA is served from lowmem")
{
	machine_boot(&machines[3]);
	EXPECT_EQ(zone_for(GFP_DMA), ZONE_NORMAL);
	EXPECT_EQ(zone_for(GFP_DMA | __GFP_HIGHMEM), ZONE_NORMAL);
}

TEST("a zeroed page is high memory if that is asked for, and is zero")
{
	struct page *page;
	u8 *virt;

	machine_boot(&machines[5]);
	page = alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_ZERO);
	EXPECT(PageHighMem(page) && !page_address(page));
	virt = kmap_local_page(page);
	for (unsigned int i = 0; i < PAGE_SIZE; i++)
		ASSERT_EQ(virt[i], 0);
	kunmap_local(virt);
}

TEST("high memory has no address, lowmem has the one that leads back to its page")
{
	struct page *page;

	machine_boot(&machines[5]);
	page = alloc_page(GFP_HIGHUSER);
	EXPECT(PageHighMem(page) && !page_address(page));
	page = alloc_page(GFP_HIGHUSER_MOVABLE);
	EXPECT(PageHighMem(page) && !page_address(page));
	page = alloc_page(GFP_KERNEL);
	EXPECT(!PageHighMem(page));
	EXPECT(virt_to_page(page_address(page)) == page);
	EXPECT_EQ(virt_to_phys(page_address(page)), page_to_phys(page));
	EXPECT(virt_addr_valid(page_address(page)));
	EXPECT(!virt_addr_valid(high_memory) && !virt_addr_valid(NULL));
}

TEST("a movable zone in lowmem is lowmem")
{
	struct page *page;

	machine_boot(&machines[4]);
	EXPECT_EQ(movable_zone, ZONE_NORMAL);
	page = alloc_page(GFP_HIGHUSER_MOVABLE);
	EXPECT_EQ(page_zonenum(page), ZONE_MOVABLE);
	EXPECT(!PageHighMem(page) && page_address(page));
	EXPECT_EQ(totalhigh_pages, 0);
}

/* --- What is kept, and given later --- */

TEST("freed init memory is managed, counted and given out")
{
	unsigned long managed, nr_free;
	char *start;

	machine_boot(&machines[0]);
	managed = zone_at(ZONE_NORMAL)->managed_pages;
	nr_free = nr_free_pages();
	start = __va(PHYS_OFFSET + 0x4000);
	/* A page that is only partly inside stays. */
	EXPECT_EQ(free_reserved_area(start + 1, start + 0x5fff, 0xcc, "test"), 4);
	EXPECT(host_log_has("Freeing test memory: 16K"));
	EXPECT_EQ(zone_at(ZONE_NORMAL)->managed_pages, managed + 4);
	EXPECT_EQ(totalram_pages, managed + 4);
	EXPECT_EQ(nr_free_pages(), nr_free + 4);
	EXPECT_EQ(((u8 *)start)[0x1000], 0xcc);
	EXPECT(PageReserved(virt_to_page(start)));
	EXPECT_EQ(free_reserved_area(start + 1, start + 2, -1, NULL), 0);
	EXPECT(machine_check());
}

TEST("zone_check() sees borders, links and states that are wrong")
{
	struct zone *zone;
	struct page *page;

	machine_boot(&machines[5]);
	zone = zone_at(ZONE_NORMAL);
	page = alloc_page(GFP_KERNEL);
#define EXPECT_SEEN(breakage, repair)		\
	do {					\
		breakage;			\
		EXPECT(!zone_check(zone));	\
		repair;				\
		ASSERT(zone_check(zone));	\
	} while (0)
	EXPECT_SEEN(zone->zone_start_pfn++, zone->zone_start_pfn--);
	EXPECT_SEEN(zone->spanned_pages += MIB(64), zone->spanned_pages -= MIB(64));
	EXPECT_SEEN(zone->present_pages--, zone->present_pages++);
	EXPECT_SEEN(zone->managed_pages--, zone->managed_pages++);
	EXPECT_SEEN(set_page_links(page, ZONE_DMA, 0), set_page_links(page, ZONE_NORMAL, 0));
	EXPECT_SEEN(set_page_count(page, -1), set_page_count(page, 1));
	EXPECT_SEEN(__SetPageReserved(page), __ClearPageReserved(page));
}

/* --- Reports --- */

TEST("buddyinfo has Linux's format and the free areas' numbers")
{
	char expected[256];
	struct zone *zone;
	size_t length;
	unsigned int order;

	machine_boot(&machines[5]);
	host_log_clear();
	show_buddyinfo();
	for_each_populated_zone(zone) {
		length = snprintf(expected, sizeof(expected), "Node 0, zone %8s ", zone_name(zone));
		for (order = 0; order < MAX_ORDER; order++)
			length += snprintf(expected + length, sizeof(expected) - length, "%6lu ",
					   zone->free_area[order].nr_free);
		EXPECT(host_log_has(expected));
	}
	EXPECT(host_log_has("Node 0, zone      DMA "));
	EXPECT(host_log_has("Node 0, zone  Movable      0      0      0      0      0      0      "
			    "0      0      0      0      4 \n"));
}

TEST("zoneinfo and meminfo have Linux's lines, and their numbers add up")
{
	unsigned long lowmem, share;
	char line[256];

	machine_boot(&machines[5]);
	init_per_zone_wmark_min();
	host_log_clear();
	show_zoneinfo();
	/* A high zone's min is 32 pages; the way to low and high is in proportion to lowmem's. */
	lowmem = zone_at(ZONE_DMA)->managed_pages + zone_at(ZONE_NORMAL)->managed_pages;
	share = min_free_kbytes / 4 * MIB(8) / lowmem;
	snprintf(line, sizeof(line), "Node 0, zone  HighMem\n  pages free     %lu\n"
		 "        min      32\n        low      %lu\n        high     %lu\n"
		 "        spanned  %lu\n        present  %lu\n        managed  %lu\n"
		 "        protection: (0, 0, 0, %lu)\n      nr_free_pages %lu\n",
		 MIB(8), 32 + share / 4, 32 + share / 2, MIB(8), MIB(8), MIB(8), MIB(16) / 32,
		 MIB(8));
	EXPECT(host_log_has(line));
	EXPECT(host_log_has("  start_pfn:           399360\n"));
	show_meminfo();
	snprintf(line, sizeof(line), "MemTotal:       %8lu kB\nMemFree:        %8lu kB\n",
		 totalram_pages * 4, totalram_pages * 4);
	EXPECT(host_log_has(line));
	EXPECT(host_log_has("HighTotal:         24576 kB\nHighFree:          24576 kB\n"));
	snprintf(line, sizeof(line), "LowTotal:       %8lu kB\nLowFree:        %8lu kB\n",
		 totalram_pages * 4 - 24576, totalram_pages * 4 - 24576);
	EXPECT(host_log_has(line));
}

TEST("show_mem() names each zone's blocks with their types, and the sum")
{
	machine_boot(&machines[5]);
	host_log_clear();
	show_mem();
	EXPECT(host_log_has("Mem-Info:\n"));
	EXPECT(host_log_has("Node 0 Movable free:16384kB min:0kB low:0kB high:0kB present:16384kB "
			    "managed:16384kB\nlowmem_reserve[]: 0 0 0 0\n"));
	EXPECT(host_log_has("512kB 0*1024kB 0*2048kB 4*4096kB (M) = 16384kB\n"));
	EXPECT(host_log_has("12288 pages RAM\n"));
	EXPECT(host_log_has("6144 pages HighMem/MovableOnly\n"));
}
