// SPDX-License-Identifier: MIT
/*
 * bootmem, case by case. Which machine it is: bootmem_machine.h; random operations:
 * bootmem_fuzz_test.c.
 */
#include "bootmem_machine.h"

TEST_SUITE("bootmem");

extern bool bootmem_debug;

#define PAGES(n)	((n) * PAGE_SIZE)

/* The address that is @bytes into page @idx of node @nid. */
static phys_addr_t at(int nid, unsigned long idx, unsigned long bytes)
{
	return node_start(nid) + PAGES(idx) + bytes;
}

static unsigned long free_in(int nid)
{
	return bootmem_nr_free(&bdata[nid]);
}

/* Take every page of a node but @idx .. @idx + @nr_pages - 1. */
static void leave_only(int nid, unsigned long idx, unsigned long nr_pages)
{
	reserve_bootmem_node(&nodes[nid], node_start(nid), PAGES(node_pages(nid)), BOOTMEM_DEFAULT);
	if (nr_pages)
		free_bootmem(at(nid, idx, 0), PAGES(nr_pages));
}

static void fill_nodes(void)
{
	for (int nid = 0; nid < NR_NODES; nid++)
		leave_only(nid, 0, 0);
}

#define EXPECT_AT(region, nid, idx, bytes) \
	EXPECT_EQ(__pa(region), at(nid, idx, bytes))

/* --- Registering nodes --- */

TEST("a bitmap has one bit for each page, in whole words and whole pages")
{
	EXPECT_EQ(bootmem_bootmap_pages(1), 1);
	EXPECT_EQ(bootmem_bootmap_pages(PAGE_SIZE * 8), 1);
	EXPECT_EQ(bootmem_bootmap_pages(PAGE_SIZE * 8 + 1), 2);
	machine_reset();
	EXPECT_EQ(init_bootmem_node(&nodes[0], FIRST_PFN, FIRST_PFN, FIRST_PFN + 32), 4);
	EXPECT_EQ(init_bootmem_node(&nodes[1], FIRST_PFN + 32, FIRST_PFN + 32, FIRST_PFN + 65), 8);
}

TEST("a new node has no free page")
{
	machine_reset();
	register_node(0);
	EXPECT_EQ(free_in(0), 0);
	EXPECT(!__alloc_bootmem_nopanic(1, 1, 0));
	bootmem_check_all();
}

TEST("nodes are kept in the order of their addresses, however they are registered")
{
	machine_reset();
	register_node(2);
	register_node(0);
	register_node(3);
	register_node(1);
	bootmem_check_all();
	EXPECT(list_first_entry(&bdata_list, bootmem_data_t, list) == &bdata[0]);
	EXPECT(list_last_entry(&bdata_list, bootmem_data_t, list) == &bdata[3]);
}

TEST("a node that is empty, overlaps another, or has its bitmap elsewhere is a BUG")
{
	machine_reset();
	register_node(1);
	HOST_EXPECT_BUG(init_bootmem_node(&nodes[0], FIRST_PFN, FIRST_PFN, FIRST_PFN));
	HOST_EXPECT_BUG(init_bootmem_node(&nodes[0], FIRST_PFN, FIRST_PFN, FIRST_PFN + 71));
	EXPECT(host_log_has("overlaps"));
	HOST_EXPECT_BUG(init_bootmem_node(&nodes[1], FIRST_PFN + 102, FIRST_PFN + 102,
					  FIRST_PFN + 104));
	HOST_EXPECT_BUG(init_bootmem_node(&nodes[0], FIRST_PFN + 70, FIRST_PFN, FIRST_PFN + 70));
	EXPECT(host_log_has("not in its node"));
}

TEST("init_bootmem() registers node 0 from address 0 on")
{
	machine_reset();
	host_ram_also(0, PAGES(8));
	EXPECT_EQ(init_bootmem(2, 8), 4);
	EXPECT_EQ(min_low_pfn, 2);
	EXPECT_EQ(max_low_pfn, 8);
	EXPECT_EQ(NODE_DATA(0)->bdata->node_min_pfn, 0);
	free_bootmem(PAGES(4), PAGES(2));
	EXPECT_EQ(__pa(__alloc_bootmem(PAGES(2), 1, 0)), PAGES(4));
}

/* --- Reserving and freeing --- */

TEST("freeing takes only pages that lie in the range as a whole")
{
	machine_boot();
	fill_nodes();
	free_bootmem(at(0, 10, 1), PAGES(3));
	EXPECT_EQ(free_in(0), 2);
	EXPECT(page_taken(FIRST_PFN + 10) && !page_taken(FIRST_PFN + 11));
	EXPECT(!page_taken(FIRST_PFN + 12) && page_taken(FIRST_PFN + 13));
	free_bootmem(at(0, 20, 1), PAGE_SIZE - 1);
	free_bootmem(at(0, 20, 0), PAGE_SIZE - 1);
	free_bootmem(at(0, 20, 100), 200);
	EXPECT_EQ(free_in(0), 2);
}

TEST("reserving takes every page that the range touches")
{
	machine_boot();
	EXPECT_EQ(reserve_bootmem(at(0, 10, PAGE_SIZE - 1), 2, BOOTMEM_DEFAULT), 0);
	EXPECT(page_taken(FIRST_PFN + 10) && page_taken(FIRST_PFN + 11));
	EXPECT_EQ(free_in(0), 70 - 3);
	EXPECT_EQ(reserve_bootmem_node(&nodes[2], at(2, 5, 0), 1, BOOTMEM_DEFAULT), 0);
	EXPECT(page_taken(borders[2].min + 5));
	EXPECT_EQ(free_in(2), 64 - 2);
	EXPECT_EQ(reserve_bootmem(at(0, 30, 0), 0, BOOTMEM_DEFAULT), 0);
	EXPECT_EQ(free_in(0), 70 - 3);
}

TEST("an empty range to free is no error, wherever it lies")
{
	machine_boot();
	free_bootmem(at(0, 5, 0), 0);
	free_bootmem(at(1, 33, 0) - 100, 100);
	free_bootmem(at(1, 40, 5), 10);
	free_bootmem_node(&nodes[0], at(1, 40, 5), 10);
	EXPECT_EQ(free_in(0), 69);
}

TEST("a range may cross from one node into the next")
{
	machine_boot();
	EXPECT_EQ(reserve_bootmem(at(0, 60, 0), PAGES(11), BOOTMEM_EXCLUSIVE), 0);
	EXPECT(page_taken(FIRST_PFN + 60) && page_taken(FIRST_PFN + 70));
	EXPECT_EQ(free_in(0), 69 - 10);
	EXPECT_EQ(free_in(1), 32 - 1);
	free_bootmem(at(0, 60, 0), PAGES(11));
	EXPECT_EQ(free_in(0), 69);
	EXPECT_EQ(free_in(1), 32);
}

TEST("a range that leaves the nodes is a BUG that names it, and changes nothing")
{
	machine_boot();
	HOST_EXPECT_BUG(reserve_bootmem(at(1, 30, 0), PAGES(10), BOOTMEM_DEFAULT));
	EXPECT(host_log_has("7 of the pages 60064-6006e lie outside every node"));
	HOST_EXPECT_BUG(free_bootmem(at(0, 0, 0) - PAGE_SIZE, PAGE_SIZE));
	HOST_EXPECT_BUG(free_bootmem_node(&nodes[0], at(1, 0, 0), PAGE_SIZE));
	EXPECT(host_log_has("pages 60046-60047 are not in node 60000-60046"));
	HOST_EXPECT_BUG(reserve_bootmem_node(&nodes[2], at(2, 63, 0), PAGES(2), BOOTMEM_DEFAULT));
	HOST_EXPECT_BUG(reserve_bootmem(~0ul - 10, 5, BOOTMEM_DEFAULT));
	HOST_EXPECT_BUG(free_bootmem(at(0, 0, 0), ~0ul));
	EXPECT_EQ(free_in(1), 32);
	bootmem_check_all();
}

TEST("an exclusive reservation of a page that is taken fails and changes nothing")
{
	unsigned long hint;

	machine_boot();
	__alloc_bootmem(PAGES(20), 1, 0);
	hint = bdata[0].hint_idx;
	EXPECT_EQ(reserve_bootmem(at(1, 4, 0), 1, BOOTMEM_EXCLUSIVE), 0);
	EXPECT_EQ(reserve_bootmem(at(0, 50, 0), PAGES(25), BOOTMEM_EXCLUSIVE), -EBUSY);
	EXPECT_EQ(reserve_bootmem_node(&nodes[1], at(1, 2, 0), PAGES(5), BOOTMEM_EXCLUSIVE),
		  -EBUSY);
	EXPECT_EQ(free_in(0), 69 - 20);
	EXPECT_EQ(free_in(1), 32 - 1);
	EXPECT_EQ(bdata[0].hint_idx, hint);
}

TEST("an ordinary reservation of pages that are taken succeeds")
{
	machine_boot();
	EXPECT_EQ(reserve_bootmem(at(0, 10, 0), PAGES(4), BOOTMEM_DEFAULT), 0);
	EXPECT_EQ(reserve_bootmem(at(0, 8, 0), PAGES(8), BOOTMEM_DEFAULT), 0);
	EXPECT_EQ(free_in(0), 69 - 8);
}

TEST("freeing a page twice is a BUG that names the page, and changes nothing")
{
	machine_boot();
	reserve_bootmem(at(0, 10, 0), PAGES(4), BOOTMEM_DEFAULT);
	HOST_EXPECT_BUG(free_bootmem(at(0, 10, 0), PAGES(5)));
	EXPECT(host_log_has("PFN 6000e is freed with 6000a-6000f, and was free"));
	EXPECT_EQ(free_in(0), 69 - 4);
}

/* --- Allocating --- */

TEST("memory is zeroed and aligned as asked")
{
	machine_boot();
	for (unsigned long align = 1; align <= PAGES(16); align *= 2) {
		u8 *region = __alloc_bootmem(100, align, 0);

		ASSERT(IS_ALIGNED(__pa(region), align));
		for (int i = 0; i < 100; i++)
			ASSERT(region[i] == 0);
		memset(region, 0xff, 100);
	}
	bootmem_check_all();
}

TEST("small allocations are packed one behind the other, across the border of pages")
{
	machine_boot();
	reserve_bootmem(at(0, 0, 0), PAGES(10), BOOTMEM_DEFAULT);
	EXPECT_AT(__alloc_bootmem(100, 4, 0), 0, 10, 0);
	EXPECT_EQ(bdata[0].last_end_off, PAGES(10) + 100);
	EXPECT_AT(__alloc_bootmem(10, 64, 0), 0, 10, 128);
	EXPECT_AT(__alloc_bootmem(1, 1, 0), 0, 10, 138);
	EXPECT_AT(__alloc_bootmem(PAGE_SIZE, 32, 0), 0, 10, 160);
	EXPECT(page_taken(FIRST_PFN + 11) && !page_taken(FIRST_PFN + 12));
	EXPECT_AT(__alloc_bootmem(PAGE_SIZE - 160, 32, 0), 0, 11, 160);
	EXPECT(!page_taken(FIRST_PFN + 12));
	EXPECT_EQ(bdata[0].last_end_off, PAGES(12));
	EXPECT_AT(__alloc_bootmem(1, 1, 0), 0, 12, 0);
}

TEST("an allocation that fits into the last page takes no other")
{
	unsigned long left;

	machine_boot();
	leave_only(0, 30, 5);
	__alloc_bootmem(100, 4, 0);
	left = free_in(0);
	EXPECT_AT(__alloc_bootmem(PAGE_SIZE - 128, 64, 0), 0, 30, 128);
	EXPECT_EQ(free_in(0), left);
	EXPECT_EQ(bdata[0].hint_idx, 31);
}

TEST("an alignment of a page or more begins a page of its own")
{
	machine_boot();
	leave_only(0, 30, 20);
	__alloc_bootmem(100, 4, 0);
	EXPECT_AT(__alloc_bootmem(100, PAGE_SIZE, 0), 0, 31, 0);
	EXPECT_AT(__alloc_bootmem(100, PAGES(4), 0), 0, 32, 0);
	EXPECT_AT(__alloc_bootmem(100, PAGES(4), 0), 0, 36, 0);
	EXPECT_AT(__alloc_bootmem(100, 64, 0), 0, 36, 128);
}

TEST("the rest of a page is left alone when the page behind it is taken")
{
	machine_boot();
	leave_only(0, 30, 1);
	EXPECT_AT(__alloc_bootmem(100, 4, 0), 0, 30, 0);
	free_bootmem(at(0, 40, 0), PAGE_SIZE);
	EXPECT_AT(__alloc_bootmem(100, 4, 0), 0, 40, 0);
}

TEST("the rest of a page is forgotten when the page is freed")
{
	machine_boot();
	leave_only(0, 30, 3);
	EXPECT_AT(__alloc_bootmem(100, 4, 0), 0, 30, 0);
	free_bootmem(at(0, 30, 0), PAGE_SIZE);
	EXPECT_EQ(bdata[0].last_end_off, 0);
	EXPECT_AT(__alloc_bootmem(100, 4, at(0, 31, 0)), 0, 31, 0);
	EXPECT(page_taken(FIRST_PFN + 31) && !page_taken(FIRST_PFN + 30));
}

TEST("a search begins at the hint, and freeing below it moves it down")
{
	machine_boot();
	reserve_bootmem(at(0, 0, 0), PAGES(20), BOOTMEM_DEFAULT);
	EXPECT_AT(__alloc_bootmem(PAGE_SIZE, 1, at(0, 40, 0)), 0, 40, 0);
	EXPECT_EQ(bdata[0].hint_idx, 41);
	EXPECT_AT(__alloc_bootmem(PAGE_SIZE, 1, 0), 0, 41, 0);
	free_bootmem(at(0, 5, 0), PAGE_SIZE);
	EXPECT_EQ(bdata[0].hint_idx, 5);
	EXPECT_AT(__alloc_bootmem(PAGE_SIZE, 1, 0), 0, 5, 0);
}

TEST("what lies in front of the hint is found when there is nothing behind it")
{
	machine_boot();
	EXPECT_AT(__alloc_bootmem(PAGE_SIZE, 1, at(0, 69, 0)), 0, 69, 0);
	EXPECT_EQ(bdata[0].hint_idx, 70);
	EXPECT_AT(__alloc_bootmem(PAGE_SIZE, 1, 0), 0, 0, 0);
	EXPECT_AT(__alloc_bootmem(PAGES(67), 1, 0), 0, 2, 0);
	EXPECT_EQ(free_in(0), 0);
}

TEST("a run with taken pages in it is passed over")
{
	machine_boot();
	leave_only(0, 10, 3);
	free_bootmem(at(0, 14, 0), PAGES(3));
	free_bootmem(at(0, 40, 0), PAGES(4));
	EXPECT_AT(__alloc_bootmem(PAGES(4), PAGES(2), 0), 0, 40, 0);
	EXPECT_AT(__alloc_bootmem(PAGES(3), 1, 0), 0, 10, 0);
	EXPECT_AT(__alloc_bootmem(PAGES(2), PAGES(2), 0), 0, 14, 0);
}

TEST("alignment counts from address 0, not from the node's first page")
{
	machine_boot();
	fill_nodes();
	leave_only(1, 2, 31);
	EXPECT_AT(__alloc_bootmem(PAGE_SIZE, PAGES(16), 0), 1, 10, 0);
	EXPECT_AT(__alloc_bootmem(100, PAGES(8), 0), 1, 18, 0);
	EXPECT_AT(__alloc_bootmem(100, 2048, 0), 1, 18, 2048);
}

TEST("a goal is honoured across nodes, and dropped when there is nothing above it")
{
	machine_boot();
	EXPECT_AT(__alloc_bootmem(100, 4, at(0, 20, 0)), 0, 20, 0);
	EXPECT_AT(__alloc_bootmem(100, 4, at(2, 3, 0)), 2, 3, 0);
	EXPECT_AT(__alloc_bootmem(100, 4, at(1, 33, 0)), 2, 3, 128 - 28);
	leave_only(3, 0, 0);
	EXPECT_AT(__alloc_bootmem(100, PAGE_SIZE, at(3, 0, 0)), 0, 21, 0);
	EXPECT_AT(__alloc_bootmem(100, PAGE_SIZE, PFN_PHYS(PHYS_PFN(PHYS_LIMIT))), 0, 22, 0);
}

TEST("low memory ends at the limit")
{
	machine_boot();
	bootmem_low_limit = at(0, 8, 100);
	EXPECT_AT(__alloc_bootmem_low(PAGES(6), 1, 0), 0, 2, 0);
	EXPECT_AT(__alloc_bootmem_low(PAGES(1), 1, 0), 0, 0, 0);
	EXPECT(!__alloc_bootmem_low_nopanic(1, 1, 0));
	EXPECT_AT(alloc_bootmem(1), 0, 8, 0);
	HOST_EXPECT_BUG(__alloc_bootmem_low(200, 1, at(0, 8, 0)));
	HOST_EXPECT_BUG(__alloc_bootmem_low_nopanic(200, 1, ~0ul - 100));
	HOST_EXPECT_BUG(__alloc_bootmem_low_node(&nodes[2], 1, 1, 0));
	EXPECT(host_log_has("bootmem alloc of 1 bytes failed"));
}

TEST("a node is preferred to its neighbours, and they to nothing")
{
	machine_boot();
	EXPECT_AT(__alloc_bootmem_node(&nodes[2], 100, 4, 0), 2, 0, 0);
	EXPECT_AT(__alloc_bootmem_node(&nodes[2], 100, 4, at(2, 50, 0)), 2, 50, 0);
	EXPECT_AT(__alloc_bootmem_node(&nodes[2], 100, PAGE_SIZE, at(0, 50, 0)), 2, 51, 0);
	leave_only(2, 0, 0);
	EXPECT_AT(__alloc_bootmem_node(&nodes[2], 100, PAGE_SIZE, at(1, 5, 0)), 1, 5, 0);
	EXPECT_AT(__alloc_bootmem_node_nopanic(&nodes[2], PAGES(68), 1, at(1, 0, 0)), 0, 2, 0);
	EXPECT(!__alloc_bootmem_node_nopanic(&nodes[2], PAGES(68), 1, 0));
}

TEST("a node's limit is kept, and dropped when the goal lies above it")
{
	machine_boot();
	EXPECT_AT(___alloc_bootmem_node_nopanic(&nodes[2], PAGES(2), 1, 0, at(2, 10, 0)), 2, 2, 0);
	EXPECT_AT(___alloc_bootmem_node_nopanic(&nodes[2], PAGES(7), 1, 0, at(2, 10, 0)), 0, 2, 0);
	EXPECT_AT(___alloc_bootmem_node_nopanic(&nodes[2], PAGES(2), 1, at(2, 20, 0),
						at(2, 10, 0)), 2, 20, 0);
	EXPECT(!___alloc_bootmem_node_nopanic(&nodes[2], 1, 1, 0, at(0, 0, 1)));
	bootmem_low_limit = at(2, 32, 0);
	EXPECT_AT(__alloc_bootmem_low_node(&nodes[2], PAGES(8), 1, 0), 2, 22, 0);
	EXPECT_AT(__alloc_bootmem_low_node(&nodes[2], PAGES(8), 1, 0), 2, 4, 0);
	EXPECT_AT(__alloc_bootmem_low_node(&nodes[3], 100, 4, 0), 0, 9, 0);
}

TEST("a node that is not registered has no memory, but the others have")
{
	machine_reset();
	register_node(0);
	free_bootmem(at(0, 2, 0), PAGES(10));
	EXPECT_AT(__alloc_bootmem_node(&nodes[3], 100, 4, 0), 0, 2, 0);
	HOST_EXPECT_BUG(free_bootmem_node(&nodes[3], at(3, 0, 0), PAGE_SIZE));
}

TEST("a size of 0 and an alignment that is no power of two are BUGs")
{
	machine_boot();
	HOST_EXPECT_BUG(__alloc_bootmem_nopanic(0, 4, 0));
	HOST_EXPECT_BUG(__alloc_bootmem_nopanic(4, 0, 0));
	HOST_EXPECT_BUG(__alloc_bootmem_nopanic(4, 24, 0));
	EXPECT(host_log_has("align 18"));
}

TEST("more than there is gives NULL, however much it is")
{
	machine_boot();
	EXPECT(!__alloc_bootmem_nopanic(PAGES(71), 1, 0));
	EXPECT(!__alloc_bootmem_nopanic(~0ul, 1, 0));
	EXPECT(!__alloc_bootmem_nopanic(~0ul, PAGE_SIZE, ~0ul));
	EXPECT(!__alloc_bootmem_nopanic(1, 1ul << 31, 0));
	EXPECT(!__alloc_bootmem_node_nopanic(&nodes[1], ~0ul - 1, 1, 5));
	HOST_EXPECT_BUG(__alloc_bootmem(PAGES(71), 1, 0));
	EXPECT(host_log_has("bootmem alloc of 290816 bytes failed!\n"));
	EXPECT(host_log_has("Out of memory"));
	HOST_EXPECT_BUG(__alloc_bootmem_node(&nodes[0], PAGES(71), 1, 0));
	bootmem_check_all();
}

TEST("the short forms align to a cache line or a page, and spare ZONE_DMA")
{
	machine_boot();
	bootmem_low_limit = at(2, 2, 0);
	EXPECT_AT(alloc_bootmem(5), 2, 2, 0);
	EXPECT_AT(alloc_bootmem(5), 2, 2, SMP_CACHE_BYTES);
	EXPECT_AT(alloc_bootmem_nopanic(5), 2, 2, 2 * SMP_CACHE_BYTES);
	EXPECT_AT(alloc_bootmem_align(5, 1024), 2, 2, 1024);
	EXPECT_AT(alloc_bootmem_pages(5), 2, 3, 0);
	EXPECT_AT(alloc_bootmem_pages_nopanic(5), 2, 4, 0);
	EXPECT_AT(alloc_bootmem_node(&nodes[3], 5), 3, 0, 0);
	EXPECT_AT(alloc_bootmem_node_nopanic(&nodes[3], 5), 3, 2, 0);
	EXPECT_AT(alloc_bootmem_node(&nodes[3], 5), 3, 2, SMP_CACHE_BYTES);
	EXPECT_AT(alloc_bootmem_pages_node(&nodes[3], 5), 3, 3, 0);
	EXPECT_AT(alloc_bootmem_pages_node_nopanic(&nodes[3], 5), 3, 4, 0);
	EXPECT_AT(alloc_bootmem_low(5), 0, 0, 0);
	EXPECT_AT(alloc_bootmem_low_pages(5), 0, 2, 0);
	EXPECT_AT(alloc_bootmem_low_pages_nopanic(5), 0, 3, 0);
	EXPECT_AT(alloc_bootmem_low_pages_node(&nodes[1], 5), 1, 0, 0);
}

/* --- The time before and after --- */

static void expect_refusal(const char *func)
{
	EXPECT(host_log_has(func));
	EXPECT(host_log_has(mm_stage == MM_BUDDY ? "too late" : "too early"));
	host_log_clear();
}

/* Every function that takes or gives memory, at a time when that is not bootmem's to do. */
static void expect_all_refused(void)
{
	EXPECT_EQ(init_bootmem_node(&nodes[0], FIRST_PFN, FIRST_PFN, FIRST_PFN + 1), 0);
	expect_refusal("init_bootmem_node()");
	EXPECT_EQ(init_bootmem(0, 1), 0);
	expect_refusal("init_bootmem()");
	EXPECT_EQ(reserve_bootmem(at(0, 5, 0), 1, BOOTMEM_DEFAULT), -EPERM);
	expect_refusal("reserve_bootmem()");
	EXPECT_EQ(reserve_bootmem_node(&nodes[0], at(0, 5, 0), 1, BOOTMEM_DEFAULT), -EPERM);
	expect_refusal("reserve_bootmem_node()");
	free_bootmem(at(0, 1, 0), PAGE_SIZE);
	expect_refusal("free_bootmem()");
	free_bootmem_node(&nodes[0], at(0, 1, 0), PAGE_SIZE);
	expect_refusal("free_bootmem_node()");
	EXPECT(!alloc_bootmem_nopanic(1));
	expect_refusal("__alloc_bootmem_nopanic()");
	EXPECT(!alloc_bootmem_low_pages_nopanic(1));
	expect_refusal("__alloc_bootmem_low_nopanic()");
	EXPECT(!alloc_bootmem_node_nopanic(&nodes[0], 1));
	expect_refusal("__alloc_bootmem_node_nopanic()");
	EXPECT(!___alloc_bootmem_node_nopanic(&nodes[0], 1, 1, 0, 0));
	expect_refusal("___alloc_bootmem_node_nopanic()");
	EXPECT(!__alloc_bootmem_node_raw(&nodes[0], 1, 1, 0));
	expect_refusal("__alloc_bootmem_node_raw()");
	EXPECT_EQ(free_all_bootmem(), 0);
	expect_refusal("free_all_bootmem()");
	EXPECT_EQ(free_all_bootmem_node(&nodes[0]), 0);
	expect_refusal("free_all_bootmem_node()");
}

/* Those that never return NULL. */
static void expect_panics(void)
{
	HOST_EXPECT_BUG(alloc_bootmem(1));
	expect_refusal("__alloc_bootmem()");
	HOST_EXPECT_BUG(alloc_bootmem_low(1));
	expect_refusal("__alloc_bootmem_low()");
	HOST_EXPECT_BUG(alloc_bootmem_node(&nodes[0], 1));
	expect_refusal("__alloc_bootmem_node()");
	HOST_EXPECT_BUG(alloc_bootmem_low_pages_node(&nodes[0], 1));
	expect_refusal("__alloc_bootmem_low_node()");
}

TEST("nobody is served before memblock has handed over, and each is told so")
{
	machine_boot();
	mm_stage = MM_MEMBLOCK;
	expect_all_refused();
	expect_panics();
	free_bootmem_late(at(0, 1, 0), PAGE_SIZE);
	expect_refusal("free_bootmem_late()");
	EXPECT_EQ(free_in(0), 69);
}

TEST("nobody is served after the buddy system has taken over, and each is told so")
{
	machine_boot();
	mm_stage = MM_BUDDY;
	expect_all_refused();
	expect_panics();
	EXPECT_EQ(free_in(0), 69);
}

/* --- The hand-off --- */

static unsigned int count_notes(enum note note)
{
	unsigned int count = 0;

	for (int idx = 0; idx < NR_PFNS; idx++)
		count += notes[idx] == note;
	return count;
}

TEST("at the hand-off every free page is freed once, and every other page is kept, but holes")
{
	machine_boot();
	__alloc_bootmem(PAGES(3), 1, 0);
	__alloc_bootmem(1, 1, at(2, 31, 0));
	reserve_bootmem(at(3, 48, 0), PAGES(2), BOOTMEM_DEFAULT);
	EXPECT_EQ(free_all_bootmem(), 217 - 6);
	EXPECT_EQ(count_notes(FREED), 217 - 6);
	EXPECT_EQ(count_notes(KEPT), 6);
	EXPECT_EQ(count_notes(HOLE), 18);
	EXPECT_EQ(notes[BITMAP_IDX], FREED);
	EXPECT_EQ(notes[2], KEPT);
	EXPECT_EQ(notes[borders[3].low - 1 - FIRST_PFN], KEPT);
}

TEST("free pages are handed over in whole runs, and the bitmap last of its node")
{
	machine_boot();
	EXPECT_EQ(free_all_bootmem_node(&nodes[2]), 64);
	EXPECT_EQ(nr_ranges, 3);
	EXPECT_EQ(last_freed, borders[2].min + BITMAP_IDX);
	EXPECT_EQ(count_notes(FREED), 64);
	EXPECT_EQ(free_all_bootmem_node(&nodes[2]), 0);
}

TEST("after the hand-off there is no bitmap and no node")
{
	machine_boot();
	free_all_bootmem();
	EXPECT(list_empty(&bdata_list));
	for (int nid = 0; nid < NR_NODES; nid++)
		EXPECT(!bdata[nid].node_bootmem_map);
	EXPECT(!__alloc_bootmem_nopanic(1, 1, 0));
	EXPECT_EQ(free_all_bootmem(), 0);
}

TEST("holes that a node spans stay as they are")
{
	machine_reset();
	for (int idx = 40; idx < 60; idx++) {
		notes[idx] = HOLE;
		__SetPageReserved(&pages[idx]);
	}
	register_node(0);
	free_bootmem(at(0, 0, 0), PAGES(30));
	free_bootmem(at(0, 60, 0), PAGES(10));
	reserve_bootmem(at(0, BITMAP_IDX, 0), 1, BOOTMEM_DEFAULT);
	EXPECT_EQ(free_all_bootmem(), 40);
	EXPECT_EQ(count_notes(KEPT), 10);
	EXPECT_EQ(count_notes(FREED), 40);
}

TEST("a bitmap that nobody has reserved is a BUG at the hand-off")
{
	machine_boot();
	free_bootmem(at(1, BITMAP_IDX, 0), PAGE_SIZE);
	HOST_EXPECT_BUG(free_all_bootmem());
	EXPECT(host_log_has("PFN 60047 holds the bitmap, and is free"));
}

TEST("boot memory can be given up late, whole pages of it")
{
	machine_boot();
	__alloc_bootmem(PAGES(4), 1, 0);
	free_all_bootmem();
	mm_stage = MM_BUDDY;
	free_bootmem_late(at(0, 2, 1), PAGES(3));
	EXPECT_EQ(notes[2], KEPT);
	EXPECT_EQ(notes[3], FREED);
	EXPECT_EQ(notes[4], FREED);
	EXPECT_EQ(notes[5], KEPT);
}

/* --- Looking --- */

/* Break one field, see that it is found, and mend it. */
#define EXPECT_FOUND(field, value)						\
	do {									\
		__typeof__(field) was = (field);				\
		(field) = (value);						\
		HOST_EXPECT_BUG(bootmem_check_all());				\
		(field) = was;							\
		bootmem_check_all();						\
	} while (0)

TEST("bootmem_check_all() finds each broken invariant")
{
	unsigned long *map;

	machine_boot();
	map = bdata[0].node_bootmem_map;
	EXPECT_FOUND(bdata[1].node_min_pfn, borders[0].low - 1);
	EXPECT_FOUND(bdata[0].node_low_pfn, bdata[0].node_min_pfn);
	EXPECT_FOUND(map[2], map[2] & ~BIT(31));
	EXPECT_FOUND(bdata[0].hint_idx, 71);
	EXPECT_FOUND(bdata[0].last_end_off, PAGES(70) + 1);
	EXPECT_FOUND(bdata[0].last_end_off, PAGES(5) + 100);
	EXPECT_FOUND(bdata[0].node_bootmem_map, bdata[1].node_bootmem_map);
	EXPECT_FOUND(bdata[2].node_bootmem_map, NULL);
}

TEST("bootmem_debug tells every call, in Linux's words")
{
	machine_boot();
	bootmem_debug = true;
	__alloc_bootmem(100, 32, 0);
	EXPECT(host_log_has("bootmem::alloc_bootmem_bdata nid=-1 size=64 [1 pages] align=20 "
			    "goal=0 limit=0\n"));
	EXPECT(host_log_has("bootmem::__reserve nid=-1 start=60000 end=60001 flags=1\n"));
	reserve_bootmem(at(0, 0, 0), PAGES(3), BOOTMEM_DEFAULT);
	EXPECT(host_log_has("bootmem::mark_bootmem_node nid=-1 start=60000 end=60003 reserve=1 "
			    "flags=0\n"));
	EXPECT(host_log_has("bootmem::__reserve silent double reserve of PFN 60000\n"));
	free_bootmem(at(0, 2, 0), PAGE_SIZE);
	EXPECT(host_log_has("bootmem::___free nid=-1 start=60002 end=60003\n"));
	free_all_bootmem_node(&nodes[0]);
	EXPECT(host_log_has("bootmem::free_all_bootmem_core nid=-1 released=45\n"));
	host_log_clear();
	NODE_DATA(0)->bdata->node_low_pfn = 0;
	init_bootmem_node(NODE_DATA(0), FIRST_PFN, FIRST_PFN, FIRST_PFN + 70);
	EXPECT(host_log_has("bootmem::init_bootmem_core nid=0 start=60000 map=60000 end=60046 "
			    "mapsize=c\n"));
}
