// SPDX-License-Identifier: MIT
/*
 * memblock, one rule at a time: each test states a fact of Linux 6.1's memblock and checks regions,
 * results and totals. Here lists, nodes, flags, limits and messages; memblock_alloc_test.c and
 * memblock_range_test.c have the rest, memblock_fuzz_test.c is the random counterpart.
 *
 * Most tests use addresses without memory behind them, as only regions are looked at. Those
 * that allocate memory to use it call host_ram_setup() first.
 */
#include "memblock_lists.h"

#include <asm/cache.h>
#include <kernel/bug.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/vsprintf.h>
#include <mm/handoff.h>

TEST_SUITE("memblock");

/* ---- Adding and reserving -------------------------------------------------------------------- */

TEST("before any call both lists are empty and the allocator answers")
{
	EXPECT_MEMORY(NEVER_USED);
	EXPECT_RESERVED(NEVER_USED);
	EXPECT_EQ(memblock.memory.max, INIT_MEMBLOCK_REGIONS);
	EXPECT_EQ(memblock.reserved.max, INIT_MEMBLOCK_REGIONS);
	EXPECT(!memblock_bottom_up());
	EXPECT_EQ(memblock_get_current_limit(), MEMBLOCK_ALLOC_ANYWHERE);
	EXPECT_EQ(memblock_phys_mem_size(), 0);
	EXPECT_EQ(memblock_reserved_size(), 0);
	EXPECT_EQ(memblock_start_of_DRAM(), 0);
	EXPECT_EQ(memblock_end_of_DRAM(), 0);
	EXPECT(!memblock_is_memory(0));
	EXPECT(!memblock_is_reserved(0));
	EXPECT_EQ(memblock_phys_alloc(1, 1), 0);
}

TEST("adding a range makes one region of no node and no flags")
{
	EXPECT_EQ(memblock_add(1 * M, 2 * M), 0);
	EXPECT_MEMORY({ 1 * M, 2 * M, 0, ANY });
	EXPECT_RESERVED(NEVER_USED);
}

TEST("adding with a node and flags keeps them")
{
	EXPECT_EQ(memblock_add_node(1 * M, 2 * M, 3, MEMBLOCK_HOTPLUG), 0);
	EXPECT_MEMORY({ 1 * M, 2 * M, MEMBLOCK_HOTPLUG, 3 });
}

TEST("ranges added in any order are sorted")
{
	memblock_add(5 * M, M);
	memblock_add(1 * M, M);
	memblock_add(3 * M, M);
	EXPECT_MEMORY({ 1 * M, M, 0, ANY }, { 3 * M, M, 0, ANY }, { 5 * M, M, 0, ANY });
}

TEST("a range that touches another from below or above is merged with it")
{
	memblock_add(3 * M, M);
	memblock_add(2 * M, M);
	memblock_add(4 * M, M);
	EXPECT_MEMORY({ 2 * M, 3 * M, 0, ANY });
}

TEST("neighbours of different nodes or flags are not merged")
{
	memblock_add_node(1 * M, M, 0, 0);
	memblock_add_node(2 * M, M, 1, 0);
	memblock_add_node(3 * M, M, 1, MEMBLOCK_HOTPLUG);
	EXPECT_MEMORY({ 1 * M, M, 0, 0 }, { 2 * M, M, 0, 1 }, { 3 * M, M, MEMBLOCK_HOTPLUG, 1 });
}

TEST("a range that overlaps from below, from above, on both sides or not at all adds what is new")
{
	memblock_reserve(4 * M, 2 * M);
	memblock_reserve(3 * M, 2 * M);
	EXPECT_RESERVED({ 3 * M, 3 * M, 0, ANY });
	memblock_reserve(5 * M, 2 * M);
	EXPECT_RESERVED({ 3 * M, 4 * M, 0, ANY });
	memblock_reserve(4 * M, M);
	EXPECT_RESERVED({ 3 * M, 4 * M, 0, ANY });
	memblock_reserve(2 * M, 6 * M);
	EXPECT_RESERVED({ 2 * M, 6 * M, 0, ANY });
}

TEST("a range over several regions fills the holes between them")
{
	memblock_add(2 * M, M);
	memblock_add(4 * M, M);
	memblock_add(6 * M, M);
	memblock_add(1 * M, 7 * M);
	EXPECT_MEMORY({ 1 * M, 7 * M, 0, ANY });
}

TEST("overlapping an existing region does not change its node and flags, and is warned about")
{
	memblock_add_node(2 * M, M, 1, MEMBLOCK_HOTPLUG);
	memblock_add_node(1 * M, 3 * M, 2, MEMBLOCK_NONE);
	EXPECT_MEMORY({ 1 * M, M, 0, 2 }, { 2 * M, M, MEMBLOCK_HOTPLUG, 1 }, { 3 * M, M, 0, 2 });
	EXPECT_EQ(host_take_warnings(), 2);
	EXPECT(host_log_has("node 1, now 2"));
}

TEST("a range of no bytes changes nothing, wherever it is")
{
	EXPECT_EQ(memblock_add(M, 0), 0);
	EXPECT_EQ(memblock_reserve(0, 0), 0);
	EXPECT_EQ(memblock_remove(M, 0), 0);
	EXPECT_EQ(memblock_phys_free(M, 0), 0);
	EXPECT_MEMORY(NEVER_USED);
	memblock_add(1 * M, 2 * M);
	EXPECT_EQ(memblock_remove(2 * M, 0), 0);
	EXPECT_EQ(memblock_mark_nomap(2 * M, 0), 0);
	EXPECT_MEMORY({ 1 * M, 2 * M, 0, ANY });
}

TEST("a range that reaches beyond 4 GiB is cut one byte before")
{
	EXPECT_EQ(memblock_add(TOP - M + 1, 2 * M), 0);
	EXPECT_MEMORY({ TOP - M + 1, M - 1, 0, ANY });
	EXPECT_EQ(memblock_end_of_DRAM(), TOP);
	EXPECT(memblock_is_memory(TOP - 1));
	EXPECT(!memblock_is_memory(TOP));
}

TEST("the last byte of the address space can be in no region")
{
	EXPECT_EQ(memblock_reserve(TOP, 1), 0);
	EXPECT_RESERVED(NEVER_USED);
	EXPECT_EQ(memblock_reserve(0, TOP), 0);
	EXPECT_RESERVED({ 0, TOP, 0, ANY });
	EXPECT_EQ(memblock_reserve(TOP - 1, PAGE_SIZE), 0);
	EXPECT_RESERVED({ 0, TOP, 0, ANY });
}

TEST("what is reserved need not be memory")
{
	EXPECT_EQ(memblock_reserve(7 * M, M), 0);
	EXPECT_RESERVED({ 7 * M, M, 0, ANY });
	EXPECT_MEMORY(NEVER_USED);
}

/* ---- Removing and freeing -------------------------------------------------------------------- */

TEST("removing the middle of a region leaves both sides with node and flags")
{
	memblock_add_node(1 * M, 3 * M, 2, MEMBLOCK_MIRROR);
	EXPECT_EQ(memblock_remove(2 * M, M), 0);
	EXPECT_MEMORY({ 1 * M, M, MEMBLOCK_MIRROR, 2 }, { 3 * M, M, MEMBLOCK_MIRROR, 2 });
}

TEST("removing a range over several regions trims the outer ones and drops the inner ones")
{
	memblock_add(1 * M, 2 * M);
	memblock_add(4 * M, M);
	memblock_add(6 * M, 2 * M);
	memblock_remove(2 * M, 5 * M);
	EXPECT_MEMORY({ 1 * M, M, 0, ANY }, { 7 * M, M, 0, ANY });
}

TEST("removing what is not there succeeds and changes nothing")
{
	EXPECT_EQ(memblock_remove(0, TOP), 0);
	memblock_add(2 * M, M);
	EXPECT_EQ(memblock_remove(1 * M, M), 0);
	EXPECT_EQ(memblock_remove(3 * M, 10 * M), 0);
	EXPECT_MEMORY({ 2 * M, M, 0, ANY });
}

TEST("removing everything leaves an empty list that can be filled again")
{
	memblock_add_node(1 * M, M, 1, MEMBLOCK_HOTPLUG);
	memblock_add(3 * M, M);
	EXPECT_EQ(memblock_remove(0, ~0u), 0);
	EXPECT_MEMORY(EMPTY);
	memblock_add(5 * M, M);
	EXPECT_MEMORY({ 5 * M, M, 0, ANY });
}

TEST("freeing gives back exactly the range, however it was reserved")
{
	memblock_reserve(1 * M, M);
	memblock_reserve(2 * M, M);
	EXPECT_EQ(memblock_phys_free(1 * M + M / 2, M), 0);
	EXPECT_RESERVED({ 1 * M, M / 2, 0, ANY }, { 2 * M + M / 2, M / 2, 0, ANY });
}

TEST("freeing by pointer frees the physical range, and NULL is ignored")
{
	void *ptr;

	host_ram_setup(M);
	memblock_add(RAM, M);
	ptr = memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	EXPECT_RESERVED({ RAM + M - PAGE_SIZE, PAGE_SIZE, 0, ANY });
	memblock_free(NULL, PAGE_SIZE);
	EXPECT_RESERVED({ RAM + M - PAGE_SIZE, PAGE_SIZE, 0, ANY });
	memblock_free(ptr, PAGE_SIZE);
	EXPECT_RESERVED(EMPTY);
}

/* ---- Nodes and flags ------------------------------------------------------------------------- */

TEST("setting a node cuts regions at the borders and merges equals again")
{
	memblock_add(1 * M, 4 * M);
	EXPECT_EQ(memblock_set_node(2 * M, M, &memblock.memory, 1), 0);
	EXPECT_MEMORY({ 1 * M, M, 0, ANY }, { 2 * M, M, 0, 1 }, { 3 * M, 2 * M, 0, ANY });
	memblock_set_node(0, ~0u, &memblock.memory, 1);
	EXPECT_MEMORY({ 1 * M, 4 * M, 0, 1 });
	memblock_reserve(1 * M, 2 * M);
	memblock_set_node(1 * M, M, &memblock.reserved, 2);
	EXPECT_RESERVED({ 1 * M, M, 0, 2 }, { 2 * M, M, 0, ANY });
}

TEST("a node is set in a list of memblock's only")
{
	struct memblock_type other = memblock.memory;

	HOST_EXPECT_BUG(memblock_set_node(0, M, &other, 0));
}

TEST("flags are set and cleared in a range, one bit each")
{
	memblock_add(1 * M, 3 * M);
	EXPECT_EQ(memblock_mark_hotplug(2 * M, M), 0);
	EXPECT_EQ(memblock_mark_nomap(2 * M, 2 * M), 0);
	EXPECT_MEMORY({ 1 * M, M, 0, ANY }, { 2 * M, M, MEMBLOCK_HOTPLUG | MEMBLOCK_NOMAP, ANY },
		      { 3 * M, M, MEMBLOCK_NOMAP, ANY });
	EXPECT_EQ(memblock_clear_hotplug(0, ~0u), 0);
	EXPECT_EQ(memblock_clear_nomap(0, ~0u), 0);
	EXPECT_MEMORY({ 1 * M, 3 * M, 0, ANY });
}

TEST("mirrored memory is marked only while the user asked for it")
{
	memblock_add(1 * M, 2 * M);
	EXPECT_EQ(memblock_mark_mirror(1 * M, M), 0);
	EXPECT_MEMORY({ 1 * M, 2 * M, 0, ANY });
	mirrored_kernelcore = true;
	EXPECT_EQ(memblock_mark_mirror(1 * M, M), 0);
	EXPECT_MEMORY({ 1 * M, M, MEMBLOCK_MIRROR, ANY }, { 2 * M, M, 0, ANY });
}

/* ---- Trimming and capping -------------------------------------------------------------------- */

TEST("trimming aligns every region and drops those without a whole unit")
{
	memblock_add(1 * M + 1, M);
	memblock_add(4 * M - 100, 200);
	memblock_add(5 * M + K, K);
	memblock_add(7 * M, M);
	memblock_trim_memory(PAGE_SIZE);
	EXPECT_EQ(memblock.memory.cnt, 2);
	EXPECT_EQ(memblock.memory.regions[0].base, 1 * M + PAGE_SIZE);
	EXPECT_EQ(memblock.memory.regions[0].size, M - PAGE_SIZE);
	EXPECT_EQ(memblock.memory.regions[1].base, 7 * M);
	memblock_check();
}

TEST("the total keeps counting what trimming cut off, as in Linux 6.1")
{
	memblock_add(1 * M + 1, M);
	memblock_trim_memory(PAGE_SIZE);
	EXPECT_EQ(memblock.memory.regions[0].size, M - PAGE_SIZE);
	EXPECT_EQ(memblock_phys_mem_size(), M);
	memblock_remove(0, ~0u);
	EXPECT_EQ(memblock_phys_mem_size(), PAGE_SIZE);
	memblock_check();
	memblock_add(M, M);
	EXPECT_EQ(memblock_phys_mem_size(), M);
	memblock_check();
}

TEST("trimming at the top of the address space does not wrap")
{
	memblock_add(TOP - 100, 100);
	memblock_add(TOP - 3 * PAGE_SIZE, PAGE_SIZE);
	memblock_trim_memory(PAGE_SIZE);
	EXPECT_MEMORY(EMPTY);
	HOST_EXPECT_BUG(memblock_trim_memory(3));
}

TEST("a limit keeps the first bytes of memory and cuts reservations above")
{
	memblock_add(1 * M, 2 * M);
	memblock_add(5 * M, 2 * M);
	memblock_reserve(6 * M - K, 2 * K);
	memblock_enforce_memory_limit(3 * M);
	EXPECT_MEMORY({ 1 * M, 2 * M, 0, ANY }, { 5 * M, M, 0, ANY });
	EXPECT_RESERVED({ 6 * M - K, K, 0, ANY });
}

TEST("a limit of 0, or above what there is, changes nothing")
{
	memblock_add(1 * M, 2 * M);
	memblock_enforce_memory_limit(0);
	memblock_enforce_memory_limit(3 * M);
	memblock_mem_limit_remove_map(0);
	memblock_mem_limit_remove_map(3 * M);
	memblock_enforce_memory_limit(2 * M);
	EXPECT_MEMORY({ 1 * M, 2 * M, 0, ANY });
}

TEST("what is kept of no memory is nothing, and a message says so")
{
	memblock_cap_memory_range(M, M);
	EXPECT(host_log_has("memblock_cap_memory_range: No memory registered yet"));
	EXPECT_EQ(memblock_phys_mem_size(), 0);
}

TEST("capping keeps a range and all memory that is not mapped")
{
	memblock_add(1 * M, 6 * M);
	memblock_mark_nomap(1 * M, M);
	memblock_mark_nomap(6 * M, M);
	memblock_reserve(2 * M, 4 * M);
	memblock_cap_memory_range(3 * M, M);
	EXPECT_MEMORY({ 1 * M, M, MEMBLOCK_NOMAP, ANY }, { 3 * M, M, 0, ANY },
		      { 6 * M, M, MEMBLOCK_NOMAP, ANY });
	EXPECT_RESERVED({ 3 * M, M, 0, ANY });
}

TEST("capping through unmapped memory leaves the cut until the next merge")
{
	memblock_add(1 * M, 4 * M);
	memblock_mark_nomap(1 * M, 4 * M);
	memblock_cap_memory_range(2 * M, M);
	EXPECT_MEMORY({ 1 * M, M, MEMBLOCK_NOMAP, ANY }, { 2 * M, M, MEMBLOCK_NOMAP, ANY },
		      { 3 * M, 2 * M, MEMBLOCK_NOMAP, ANY });
	memblock_add(8 * M, M);
	EXPECT_MEMORY({ 1 * M, 4 * M, MEMBLOCK_NOMAP, ANY }, { 8 * M, M, 0, ANY });
}

TEST("capping to nothing or without memory is refused")
{
	memblock_cap_memory_range(M, M);
	EXPECT(host_log_has("No memory registered yet"));
	memblock_add(1 * M, M);
	memblock_cap_memory_range(M, 0);
	EXPECT_MEMORY({ 1 * M, M, 0, ANY });
	memblock_cap_memory_range(8 * M, M);
	EXPECT_MEMORY(EMPTY);
}

TEST("a limit on mapped memory keeps unmapped memory")
{
	memblock_add(1 * M, 4 * M);
	memblock_mark_nomap(4 * M, M);
	memblock_mem_limit_remove_map(2 * M);
	EXPECT_MEMORY({ 1 * M, 2 * M, 0, ANY }, { 4 * M, M, MEMBLOCK_NOMAP, ANY });
}

/* ---- Messages, check and hand-over ----------------------------------------------------------- */

TEST("a dump is in Linux's format, and only made when debugging")
{
	memblock_add_node(1 * M, M, 1, MEMBLOCK_HOTPLUG);
	memblock_reserve(1 * M, K);
	memblock_dump_all();
	EXPECT(host_log()[0] == '\0');
	memblock_debug = true;
	memblock_dump_all();
	EXPECT(host_log_has("MEMBLOCK configuration:\n"
			    " memory size = 0x00100000 reserved size = 0x00000400\n"));
	EXPECT(host_log_has(" memory.cnt  = 0x1\n"
			    " memory[0x0]\t[0x00100000-0x001fffff], 0x00100000 bytes on node 1 flags: 0x1\n"));
	EXPECT(host_log_has(" reserved[0x0]\t[0x00100000-0x001003ff], 0x00000400 bytes flags: 0x0\n"));
}

TEST("with debugging every change and every doubling is told")
{
	host_ram_setup(2 * M);
	memblock_debug = true;
	memblock_add(RAM, M);
	EXPECT(host_log_has("memblock_add: [0x60000000-0x600fffff]"));
	memblock_reserve(RAM, K);
	EXPECT(host_log_has("memblock_reserve: [0x60000000-0x600003ff]"));
	memblock_phys_alloc(K, K);
	EXPECT(host_log_has("memblock_phys_alloc_range: 1024 bytes align=0x400"));
	memblock_alloc(K, K);
	EXPECT(host_log_has("memblock_alloc_try_nid: 1024 bytes align=0x400 nid=-1"));
	memblock_allow_resize();
	add_pages(memblock_reserve, 1 * M, INIT_MEMBLOCK_REGIONS);
	EXPECT(host_log_has("reserved is doubled to 256"));
}

TEST("the check finds each broken invariant and names it")
{
	struct memblock good;

	memblock_add(1 * M, M);
	memblock_add(3 * M, M);
	memblock_check();
	good = memblock;

	memblock.memory.regions[1].base = 1 * M;
	HOST_EXPECT_BUG(memblock_check());
	EXPECT(host_log_has("I1: memory[1]"));
	memblock.memory.regions[1].base = 2 * M;
	HOST_EXPECT_BUG(memblock_check());
	EXPECT(host_log_has("I3: memory[1]"));
	memblock.memory.regions[1].base = 3 * M;

	memblock.memory.total_size++;
	HOST_EXPECT_BUG(memblock_check());
	EXPECT(host_log_has("I2: memory"));
	memblock = good;

	memblock.reserved.cnt = INIT_MEMBLOCK_REGIONS + 1;
	HOST_EXPECT_BUG(memblock_check());
	EXPECT(host_log_has("I4: reserved"));
	memblock = good;

	memblock.reserved.regions[0].base = 1;
	HOST_EXPECT_BUG(memblock_check());
	EXPECT(host_log_has("I1: reserved is empty with base"));
}

static void call_all_that_change(void)
{
	EXPECT_EQ(memblock_add(9 * M, M), -EPERM);
	EXPECT_EQ(memblock_add_node(9 * M, M, 0, 0), -EPERM);
	EXPECT_EQ(memblock_remove(1 * M, M), -EPERM);
	EXPECT_EQ(memblock_reserve(1 * M, M), -EPERM);
	EXPECT_EQ(memblock_phys_free(3 * M, M), -EPERM);
	EXPECT_EQ(memblock_set_node(1 * M, M, &memblock.memory, 0), -EPERM);
	EXPECT_EQ(memblock_mark_hotplug(1 * M, M), -EPERM);
	EXPECT_EQ(memblock_clear_hotplug(1 * M, M), -EPERM);
	EXPECT_EQ(memblock_mark_mirror(1 * M, M), -EPERM);
	EXPECT_EQ(memblock_mark_nomap(1 * M, M), -EPERM);
	EXPECT_EQ(memblock_clear_nomap(1 * M, M), -EPERM);
	memblock_free(__va(3 * M), M);
	memblock_trim_memory(4 * M);
	memblock_enforce_memory_limit(K);
	memblock_cap_memory_range(0, K);
	memblock_mem_limit_remove_map(K);
}

static void call_all_that_allocate(void)
{
	EXPECT_EQ(memblock_phys_alloc(K, K), 0);
	EXPECT_EQ(memblock_phys_alloc_range(K, K, 0, 0), 0);
	EXPECT_EQ(memblock_phys_alloc_try_nid(K, K, 0), 0);
	EXPECT_EQ(memblock_alloc_range_nid(K, K, 0, 0, 0, false), 0);
	EXPECT(!memblock_alloc(K, K));
	EXPECT(!memblock_alloc_raw(K, K));
	EXPECT(!memblock_alloc_exact_nid_raw(K, K, 0, 0, 0));
}

static unsigned int count_in_log(const char *part)
{
	const char *at = host_log();
	unsigned int count = 0;

	while ((at = strstr(at, part))) {
		count++;
		at++;
	}
	return count;
}

TEST("after the hand-over every change and allocation is refused with a message")
{
	memblock_add(1 * M, M);
	memblock_reserve(3 * M, M);
	mm_hand_over(MM_BOOTMEM);
	call_all_that_change();
	call_all_that_allocate();
	EXPECT_MEMORY({ 1 * M, M, 0, ANY });
	EXPECT_RESERVED({ 3 * M, M, 0, ANY });
	EXPECT_EQ(count_in_log("too late"), 23);
	EXPECT(host_log_has("memblock_reserve() called too late"));
	EXPECT(host_log_has("memory belongs to bootmem now, use alloc_bootmem()"));
}

TEST("after the hand-over questions and settings still work")
{
	phys_addr_t start, end;
	u64 i;

	memblock_add(1 * M, M);
	mm_hand_over(MM_BOOTMEM);
	mm_hand_over(MM_BUDDY);
	EXPECT(memblock_is_memory(1 * M));
	EXPECT_EQ(memblock_end_of_DRAM(), 2 * M);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL)
		EXPECT_EQ(start, 1 * M);
	memblock_set_current_limit(5 * M);
	EXPECT_EQ(memblock_get_current_limit(), 5 * M);
	EXPECT(host_log()[0] == '\0');
}
