// SPDX-License-Identifier: MIT
/*
 * memblock, one rule at a time: each test states a fact of Linux 6.1's memblock and checks regions,
 * results and totals. The random counterpart is memblock_fuzz_test.c.
 *
 * Most tests use addresses without memory behind them, as only regions are looked at. Those
 * that allocate memory to use it call host_ram_setup() first.
 */
#include "host.h"

#include <asm/cache.h>
#include <kernel/bug.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/vsprintf.h>
#include <mm/handoff.h>
#include <mm/memblock.h>

TEST_SUITE("memblock");

#define M		(1u << 20)
#define K		(1u << 10)
#define TOP		0xffffffffu	/* the byte that no region can hold */
#define ANY		MAX_NUMNODES	/* the node of a region that was given none */
#define RAM		PHYS_OFFSET

static void check_list(const struct memblock_type *type, const struct memblock_region *want,
		       unsigned long nr, int line)
{
	phys_addr_t total = 0;
	unsigned long i;

	memblock_check();
	if (!test_check_eq(type->cnt, nr, __FILE__, line, "number of regions"))
		return;
	for (i = 0; i < nr; i++) {
		test_check_eq(type->regions[i].base, want[i].base, __FILE__, line, "base");
		test_check_eq(type->regions[i].size, want[i].size, __FILE__, line, "size");
		test_check_eq(type->regions[i].flags, want[i].flags, __FILE__, line, "flags");
		test_check_eq(type->regions[i].nid, want[i].nid, __FILE__, line, "node");
		total += want[i].size;
	}
	test_check_eq(type->total_size, total, __FILE__, line, "total_size");
}

/* EXPECT_MEMORY({ base, size, flags, node }, ...) */
#define EXPECT_LIST(type, ...)							\
	do {									\
		const struct memblock_region want[] = { __VA_ARGS__ };		\
		check_list(type, want, ARRAY_SIZE(want), __LINE__);		\
	} while (0)
#define EXPECT_MEMORY(...)	EXPECT_LIST(&memblock.memory, __VA_ARGS__)
#define EXPECT_RESERVED(...)	EXPECT_LIST(&memblock.reserved, __VA_ARGS__)
#define EMPTY			{ 0, 0, 0, ANY }
#define NEVER_USED		{ 0, 0, 0, 0 }

/* @nr regions of one page each, with a page between them. */
static void add_pages(int (*add)(phys_addr_t, phys_addr_t), phys_addr_t base, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		EXPECT_EQ(add(base + 2 * i * PAGE_SIZE, PAGE_SIZE), 0);
}

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

/* ---- Allocating ------------------------------------------------------------------------------ */

TEST("top-down takes the highest place, bottom-up the lowest")
{
	memblock_add(1 * M, M);
	memblock_add(3 * M, M);
	EXPECT_EQ(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 4 * M - PAGE_SIZE);
	memblock_set_bottom_up(true);
	EXPECT_EQ(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 1 * M);
	EXPECT_RESERVED({ 1 * M, PAGE_SIZE, 0, ANY }, { 4 * M - PAGE_SIZE, PAGE_SIZE, 0, ANY });
}

TEST("an allocation is aligned down from the top and up from the bottom")
{
	memblock_add(1 * M + 1, M);
	EXPECT_EQ(memblock_phys_alloc(100, 64 * K), 2 * M - 64 * K);
	memblock_set_bottom_up(true);
	EXPECT_EQ(memblock_phys_alloc(100, 64 * K), 1 * M + 64 * K);
}

TEST("allocations pack without gaps and merge into one reservation")
{
	memblock_add(1 * M, M);
	EXPECT_EQ(memblock_phys_alloc(96, 32), 2 * M - 96);
	EXPECT_EQ(memblock_phys_alloc(32, 32), 2 * M - 128);
	EXPECT_EQ(memblock_phys_alloc(64, 64), 2 * M - 192);
	EXPECT_RESERVED({ 2 * M - 192, 192, 0, ANY });
}

TEST("an allocation may fill a hole exactly, and one byte more does not fit")
{
	memblock_add(1 * M, M);
	EXPECT_EQ(memblock_phys_alloc(M + 1, 1), 0);
	EXPECT_EQ(memblock_phys_alloc(M, 1), 1 * M);
	EXPECT_EQ(memblock_phys_alloc(1, 1), 0);
	memblock_phys_free(1 * M + K, K);
	memblock_set_bottom_up(true);
	EXPECT_EQ(memblock_phys_alloc(K + 1, 1), 0);
	EXPECT_EQ(memblock_phys_alloc(K, 1), 1 * M + K);
}

TEST("an allocation does not span two regions, even if they touch")
{
	memblock_add_node(1 * M, M, 0, 0);
	memblock_add_node(2 * M, M, 1, 0);
	EXPECT_EQ(memblock_phys_alloc(M + 1, 1), 0);
}

TEST("the first page of the address space is never given")
{
	memblock_add(0, 2 * PAGE_SIZE);
	memblock_set_bottom_up(true);
	EXPECT_EQ(memblock_phys_alloc(PAGE_SIZE, 1), PAGE_SIZE);
	EXPECT_EQ(memblock_phys_alloc(1, 1), 0);
	memblock_set_bottom_up(false);
	EXPECT_EQ(memblock_phys_alloc(1, 1), 0);
}

TEST("memory at the top of the address space is given, but for its last byte")
{
	memblock_add(TOP - M + 1, M);
	EXPECT_EQ(memblock_phys_alloc(1, 1), TOP - 1);
	EXPECT_EQ(memblock_phys_alloc(K, K), TOP - 2 * K + 1);
	EXPECT_EQ(memblock_phys_alloc(~0u, 1), 0);
	memblock_set_bottom_up(true);
	EXPECT_EQ(memblock_phys_alloc(K, 0x80000000), 0);
}

TEST("an allocation of no bytes finds a place and reserves nothing")
{
	memblock_add(1 * M, M);
	EXPECT_EQ(memblock_phys_alloc(0, PAGE_SIZE), 2 * M);
	memblock_set_current_limit(1 * M + K);
	EXPECT_EQ(memblock_phys_alloc(0, 1), 1 * M + K);
	memblock_set_bottom_up(true);
	EXPECT_EQ(memblock_phys_alloc(0, PAGE_SIZE), 1 * M);
	EXPECT_RESERVED(NEVER_USED);
}

TEST("no alignment is reported and taken as a cache line")
{
	memblock_add(1 * M, M);
	EXPECT_EQ(memblock_phys_alloc(1, 0), 2 * M - SMP_CACHE_BYTES);
	EXPECT_EQ(host_take_warnings(), 1);
}

TEST("an alignment that is no power of two is reported")
{
	memblock_add(1 * M, M);
	memblock_phys_alloc(1, 48);
	EXPECT_EQ(host_take_warnings(), 1);
	EXPECT(host_log_has("alignment 0x30"));
}

TEST("MAX_NUMNODES as a node is reported once and means any node")
{
	memblock_add_node(1 * M, M, 1, 0);
	EXPECT_EQ(memblock_phys_alloc_try_nid(K, K, MAX_NUMNODES), 2 * M - K);
	EXPECT_EQ(memblock_phys_alloc_try_nid(K, K, MAX_NUMNODES), 2 * M - 2 * K);
	EXPECT_EQ(host_take_warnings(), 1);
}

TEST("an allocation stays inside the range it is given")
{
	memblock_add(1 * M, 4 * M);
	EXPECT_EQ(memblock_phys_alloc_range(K, K, 2 * M, 3 * M), 3 * M - K);
	EXPECT_EQ(memblock_phys_alloc_range(K, K, 2 * M, 2 * M + K), 2 * M);
	EXPECT_EQ(memblock_phys_alloc_range(K, 1, 2 * M, 2 * M + K), 0);
	EXPECT_EQ(memblock_phys_alloc_range(K, K, 8 * M, 9 * M), 0);
	EXPECT_EQ(memblock_phys_alloc_range(K, K, 3 * M, 2 * M), 0);
}

TEST("the current limit bounds allocations that name no end, and those only")
{
	memblock_add(1 * M, 4 * M);
	memblock_set_current_limit(2 * M);
	EXPECT_EQ(memblock_get_current_limit(), 2 * M);
	EXPECT_EQ(memblock_phys_alloc(K, K), 2 * M - K);
	EXPECT_EQ(memblock_phys_alloc_range(K, K, 0, MEMBLOCK_ALLOC_NOLEAKTRACE), 2 * M - 2 * K);
	EXPECT_EQ(memblock_phys_alloc_range(K, K, 0, MEMBLOCK_ALLOC_ANYWHERE), 5 * M - K);
}

TEST("the preferred node is tried first, then any, unless it must be exact")
{
	memblock_add_node(1 * M, M, 0, 0);
	memblock_add_node(3 * M, M, 1, 0);
	EXPECT_EQ(memblock_phys_alloc_try_nid(M, 1, 0), 1 * M);
	EXPECT_EQ(memblock_alloc_range_nid(K, K, 0, 0, 0, true), 0);
	EXPECT_EQ(memblock_alloc_range_nid(K, K, 0, 0, 0, false), 4 * M - K);
	EXPECT_EQ(memblock_phys_alloc_try_nid(K, K, 2), 4 * M - 2 * K);
}

TEST("unmapped, driver-managed and, if asked for, hotpluggable memory is not allocated from")
{
	memblock_add(1 * M, M);
	memblock_add_node(2 * M, M, 0, MEMBLOCK_HOTPLUG);
	memblock_add_node(3 * M, M, 0, MEMBLOCK_NOMAP);
	memblock_add_node(4 * M, M, 0, MEMBLOCK_DRIVER_MANAGED);
	EXPECT_EQ(memblock_phys_alloc(K, K), 3 * M - K);
	movable_node_enabled = true;
	EXPECT_EQ(memblock_phys_alloc(K, K), 2 * M - K);
}

TEST("mirrored memory is preferred, and other memory taken with a message when it runs out")
{
	mirrored_kernelcore = true;
	memblock_add(1 * M, 2 * M);
	memblock_mark_mirror(1 * M, M);
	EXPECT_EQ(memblock_phys_alloc(M, 1), 1 * M);
	EXPECT(!host_log_has("mirrored"));
	EXPECT_EQ(memblock_phys_alloc(K, K), 3 * M - K);
	EXPECT(host_log_has("Could not allocate 0x00000400 bytes of mirrored memory"));
}

TEST("an allocation fails when there is memory but no room on the reserved list")
{
	memblock_add(1 * M, 16 * M);
	add_pages(memblock_reserve, 2 * M, INIT_MEMBLOCK_REGIONS);
	EXPECT_EQ(memblock_phys_alloc(K, PAGE_SIZE), 0);
	EXPECT_EQ(memblock.reserved.cnt, INIT_MEMBLOCK_REGIONS);
	/* Freeing a whole region needs no new entry, but Linux asks for two before it looks. */
	EXPECT_EQ(memblock_phys_free(2 * M, PAGE_SIZE), -ENOMEM);
}

TEST("memblock_alloc gives zeroed memory and the raw forms leave the junk")
{
	u8 *zeroed, *raw;
	unsigned int i, junk = 0;

	host_ram_setup(M);
	memblock_add(RAM, M);
	zeroed = memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	raw = memblock_alloc_raw(PAGE_SIZE, PAGE_SIZE);
	ASSERT(zeroed && raw);
	EXPECT_EQ(__pa(zeroed), RAM + M - PAGE_SIZE);
	EXPECT_EQ(__pa(raw), RAM + M - 2 * PAGE_SIZE);
	for (i = 0; i < PAGE_SIZE; i++) {
		EXPECT_EQ(zeroed[i], 0);
		junk += raw[i] != 0;
	}
	EXPECT(junk > PAGE_SIZE / 2);
}

TEST("the lower bound of memblock_alloc_from is a wish, its upper bound is not")
{
	host_ram_setup(4 * M);
	memblock_add(RAM, 4 * M);
	EXPECT_EQ(__pa(memblock_alloc_from(K, K, RAM + 2 * M)), RAM + 4 * M - K);
	EXPECT_EQ(__pa(memblock_alloc_from(K, K, RAM + 8 * M)), RAM + 4 * M - 2 * K);
	EXPECT_EQ(__pa(memblock_alloc_try_nid(K, K, RAM + 2 * M, RAM + M, NUMA_NO_NODE)), RAM + M - K);
	EXPECT(!memblock_alloc_try_nid(K, K, 0, RAM, NUMA_NO_NODE));
	memblock_set_current_limit(RAM + 2 * M);
	EXPECT_EQ(__pa(memblock_alloc_try_nid(K, K, 0, RAM + 3 * M, NUMA_NO_NODE)), RAM + 2 * M - K);
	EXPECT_EQ(__pa(memblock_alloc_low(K, K)), RAM + 2 * M - 2 * K);
}

TEST("the node forms of memblock_alloc prefer or insist as their names say")
{
	host_ram_setup(4 * M);
	memblock_add_node(RAM, M, 0, 0);
	memblock_add_node(RAM + M, 3 * M, 1, 0);
	EXPECT_EQ(__pa(memblock_alloc_node(K, K, 0)), RAM + M - K);
	EXPECT_EQ(__pa(memblock_alloc_try_nid_raw(2 * M, K, 0, 0, 0)), RAM + 2 * M);
	EXPECT(!memblock_alloc_exact_nid_raw(2 * M, K, 0, 0, 0));
	EXPECT_EQ(__pa(memblock_alloc_exact_nid_raw(K, K, 0, 0, 0)), RAM + M - 2 * K);
	EXPECT_EQ(__pa(memblock_alloc_exact_nid_raw(K, K, RAM + 2 * M, 0, 0)), RAM + M - 3 * K);
}

/* ---- Arrays that double ---------------------------------------------------------------------- */

TEST("a full list refuses until doubling is allowed, and nothing is added halfway")
{
	add_pages(memblock_add, 1 * M, INIT_MEMBLOCK_REGIONS);
	EXPECT_EQ(memblock_add(256 * M, M), -ENOMEM);
	EXPECT_EQ(memblock_add(1 * M, 8 * M), -ENOMEM);
	EXPECT_EQ(memblock_remove(1 * M, M), -ENOMEM);
	EXPECT_EQ(memblock_mark_nomap(1 * M, M), -ENOMEM);
	EXPECT_EQ(memblock_set_node(1 * M, M, &memblock.memory, 0), -ENOMEM);
	EXPECT_EQ(memblock.memory.cnt, INIT_MEMBLOCK_REGIONS);
	EXPECT_EQ(memblock_phys_mem_size(), INIT_MEMBLOCK_REGIONS * PAGE_SIZE);
	EXPECT_EQ(memblock_add(1 * M, PAGE_SIZE), 0);
	memblock_check();
}

TEST("a full memory list doubles into memory that is reserved for it")
{
	phys_addr_t array;

	host_ram_setup(2 * M);
	memblock_allow_resize();
	add_pages(memblock_add, RAM, INIT_MEMBLOCK_REGIONS - 1);
	memblock_add(RAM + M, M);
	EXPECT_EQ(memblock.memory.cnt, INIT_MEMBLOCK_REGIONS);
	EXPECT_EQ(memblock_add(RAM + 4 * M, M), 0);
	EXPECT_EQ(memblock.memory.cnt, INIT_MEMBLOCK_REGIONS + 1);
	EXPECT_EQ(memblock.memory.max, 2 * INIT_MEMBLOCK_REGIONS);
	/* There is no such memory in the test's process above the first 2 MiB: the new one came after. */
	array = RAM + 2 * M - PAGE_ALIGN(2 * INIT_MEMBLOCK_REGIONS * sizeof(struct memblock_region));
	EXPECT_EQ(__pa(memblock.memory.regions), array);
	EXPECT_RESERVED({ array, RAM + 2 * M - array, 0, ANY });
	memblock_check();
}

TEST("a reserved list that doubles avoids the range that is being reserved")
{
	phys_addr_t want = RAM + 2 * M - PAGE_SIZE;

	host_ram_setup(2 * M);
	memblock_allow_resize();
	memblock_add(RAM, 2 * M);
	add_pages(memblock_reserve, RAM, INIT_MEMBLOCK_REGIONS);
	EXPECT_EQ(memblock_reserve(want, PAGE_SIZE), 0);
	EXPECT_EQ(memblock.reserved.max, 2 * INIT_MEMBLOCK_REGIONS);
	EXPECT_EQ(__pa(memblock.reserved.regions), want - PAGE_SIZE);
	EXPECT(memblock_is_region_reserved(want - PAGE_SIZE, 1));
	memblock_check();
}

TEST("a list that doubles again gives its former array back")
{
	phys_addr_t first;

	host_ram_setup(4 * M);
	memblock_allow_resize();
	memblock_add(RAM, 4 * M);
	add_pages(memblock_reserve, RAM, INIT_MEMBLOCK_REGIONS + 1);
	first = __pa(memblock.reserved.regions);
	EXPECT(memblock_is_reserved(first));
	add_pages(memblock_reserve, RAM + M, INIT_MEMBLOCK_REGIONS);
	EXPECT_EQ(memblock.reserved.max, 4 * INIT_MEMBLOCK_REGIONS);
	EXPECT(__pa(memblock.reserved.regions) != first);
	EXPECT(!memblock_is_reserved(first));
	memblock_check();
}

TEST("a list with no memory for a larger array says so and stays as it is")
{
	memblock_allow_resize();
	add_pages(memblock_reserve, 1 * M, INIT_MEMBLOCK_REGIONS);
	EXPECT_EQ(memblock_reserve(256 * M, M), -ENOMEM);
	EXPECT(host_log_has("Failed to double reserved array from 128 to 256 entries"));
	EXPECT_EQ(memblock.reserved.cnt, INIT_MEMBLOCK_REGIONS);
	EXPECT_EQ(memblock.reserved.max, INIT_MEMBLOCK_REGIONS);
}

TEST("the larger array comes from below the current limit")
{
	host_ram_setup(2 * M);
	memblock_allow_resize();
	memblock_add(RAM, M);
	memblock_add(RAM + 64 * M, M);
	memblock_set_current_limit(RAM + M);
	add_pages(memblock_reserve, RAM + 128 * M, INIT_MEMBLOCK_REGIONS + 1);
	EXPECT_EQ(__pa(memblock.reserved.regions), RAM + M - PAGE_SIZE);
}

/* ---- Questions ------------------------------------------------------------------------------- */

TEST("questions about one byte are exact at the borders")
{
	memblock_add(1 * M, M);
	memblock_add_node(3 * M, M, 0, MEMBLOCK_NOMAP);
	memblock_reserve(5 * M, M);
	EXPECT(!memblock_is_memory(1 * M - 1));
	EXPECT(memblock_is_memory(1 * M));
	EXPECT(memblock_is_memory(2 * M - 1));
	EXPECT(!memblock_is_memory(2 * M));
	EXPECT(memblock_is_map_memory(1 * M));
	EXPECT(memblock_is_memory(3 * M) && !memblock_is_map_memory(3 * M));
	EXPECT(!memblock_is_map_memory(2 * M));
	EXPECT(memblock_is_reserved(5 * M) && memblock_is_reserved(6 * M - 1));
	EXPECT(!memblock_is_reserved(5 * M - 1) && !memblock_is_reserved(6 * M));
}

TEST("a range is memory if one region holds it all, and reserved if any byte is")
{
	memblock_add_node(1 * M, M, 0, 0);
	memblock_add_node(2 * M, M, 1, 0);
	EXPECT(memblock_is_region_memory(1 * M, M));
	EXPECT(!memblock_is_region_memory(1 * M, M + 1));
	EXPECT(!memblock_is_region_memory(1 * M - 1, M));
	EXPECT(memblock_is_region_memory(1 * M, 0));
	memblock_reserve(4 * M, M);
	EXPECT(memblock_is_region_reserved(3 * M, M + 1));
	EXPECT(!memblock_is_region_reserved(3 * M, M));
	EXPECT(memblock_is_region_reserved(5 * M - 1, ~0u));
	EXPECT(!memblock_is_region_reserved(5 * M, ~0u));
	EXPECT(memblock_addrs_overlap(1, 2, 2, 1) && !memblock_addrs_overlap(1, 2, 3, 1));
	EXPECT(memblock_overlaps_region(&memblock.memory, 0, 1 * M + 1));
	EXPECT(!memblock_overlaps_region(&memblock.memory, 0, 1 * M));
}

TEST("a page frame's region is found with its node and borders")
{
	unsigned long start = 7, end = 7;

	memblock_add_node(1 * M, M, 2, 0);
	EXPECT_EQ(memblock_search_pfn_nid(PFN_DOWN(1 * M) + 3, &start, &end), 2);
	EXPECT_EQ(start, PFN_DOWN(1 * M));
	EXPECT_EQ(end, PFN_DOWN(2 * M));
	start = end = 7;
	EXPECT_EQ(memblock_search_pfn_nid(PFN_DOWN(2 * M), &start, &end), -1);
	EXPECT_EQ(start, 7);
	EXPECT_EQ(end, 7);
}

TEST("start, end and sizes of memory count regions, not holes")
{
	memblock_add(1 * M, M);
	memblock_add(7 * M, 2 * M);
	memblock_reserve(0, 3 * M);
	EXPECT_EQ(memblock_start_of_DRAM(), 1 * M);
	EXPECT_EQ(memblock_end_of_DRAM(), 9 * M);
	EXPECT_EQ(memblock_phys_mem_size(), 3 * M);
	EXPECT_EQ(memblock_reserved_size(), 3 * M);
}

TEST("a region's page frames round inwards for memory and outwards for reservations")
{
	struct memblock_region region = { .base = PAGE_SIZE + 1, .size = 2 * PAGE_SIZE };

	EXPECT_EQ(memblock_region_memory_base_pfn(&region), 2);
	EXPECT_EQ(memblock_region_memory_end_pfn(&region), 3);
	EXPECT_EQ(memblock_region_reserved_base_pfn(&region), 1);
	EXPECT_EQ(memblock_region_reserved_end_pfn(&region), 4);
}

/* ---- Iterators ------------------------------------------------------------------------------- */

TEST("free memory is visited in order, both ways, with its node")
{
	static const phys_addr_t want[][2] = {
		{ 1 * M, 2 * M }, { 3 * M, 4 * M }, { 4 * M, 5 * M }, { 6 * M, 7 * M },
	};
	static const int node[] = { 0, 0, 1, 1 };
	phys_addr_t start, end;
	int nid, at = 0;
	u64 i;

	memblock_add_node(1 * M, 3 * M, 0, 0);
	memblock_add_node(4 * M, 4 * M, 1, 0);
	memblock_reserve(2 * M, M);
	memblock_reserve(5 * M, M);
	memblock_reserve(7 * M, 9 * M);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, &nid) {
		EXPECT_EQ(start, want[at][0]);
		EXPECT_EQ(end, want[at][1]);
		EXPECT_EQ(nid, node[at++]);
	}
	EXPECT_EQ(at, 4);
	for_each_free_mem_range_reverse(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, &nid) {
		EXPECT_EQ(start, want[--at][0]);
		EXPECT_EQ(end, want[at][1]);
		EXPECT_EQ(nid, node[at]);
	}
	EXPECT_EQ(at, 0);
	for_each_free_mem_range(i, 1, MEMBLOCK_NONE, NULL, NULL, NULL)
		at++;
	EXPECT_EQ(at, 2);
}

TEST("iterating free memory of no memory, or all of it reserved, visits nothing")
{
	unsigned int visits = 0;
	u64 i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, NULL, NULL, NULL)
		visits++;
	memblock_add(1 * M, M);
	memblock_reserve(0, 8 * M);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, NULL, NULL, NULL)
		visits++;
	for_each_free_mem_range_reverse(i, NUMA_NO_NODE, MEMBLOCK_NONE, NULL, NULL, NULL)
		visits++;
	EXPECT_EQ(visits, 0);
}

TEST("iterating memory includes hotpluggable and driver-managed, but not unmapped memory")
{
	phys_addr_t start, end, sum = 0;
	u64 i;

	movable_node_enabled = true;
	memblock_add(1 * M, M);
	memblock_add_node(4 * M, 2 * M, 0, MEMBLOCK_HOTPLUG);
	memblock_add_node(8 * M, 4 * M, 0, MEMBLOCK_DRIVER_MANAGED);
	memblock_add_node(16 * M, 8 * M, 0, MEMBLOCK_NOMAP);
	for_each_mem_range(i, &start, &end)
		sum += end - start;
	EXPECT_EQ(sum, 7 * M);
	for_each_mem_range_rev(i, &start, &end)
		sum -= end - start;
	EXPECT_EQ(sum, 0);
	EXPECT_EQ(start, 1 * M);
}

TEST("iterating an empty list visits one range of no bytes, as in Linux")
{
	unsigned int visits = 0;
	phys_addr_t start = 1, end = 1;
	u64 i;

	for_each_mem_range(i, &start, &end)
		visits++;
	EXPECT_EQ(visits, 1);
	EXPECT(start == 0 && end == 0);
	for_each_reserved_mem_range(i, &start, &end)
		visits++;
	EXPECT_EQ(visits, 2);
}

TEST("regions and reserved ranges are visited one by one")
{
	const struct memblock_region *region;
	phys_addr_t start, end, sum = 0;
	u64 i;

	memblock_add(1 * M, M);
	memblock_add(3 * M, M);
	memblock_reserve(5 * M, M);
	memblock_reserve(7 * M, 2 * M);
	for_each_mem_region(region)
		sum += region->base;
	EXPECT_EQ(sum, 4 * M);
	for_each_reserved_mem_region(region)
		sum += region->base;
	EXPECT_EQ(sum, 16 * M);
	for_each_reserved_mem_range(i, &start, &end)
		sum += end - start;
	EXPECT_EQ(sum, 19 * M);
}

TEST("page frame ranges leave out partial pages and regions without a whole one")
{
	unsigned long start, end, visits = 0;
	int i, nid;

	memblock_add_node(1 * M + 1, 2 * PAGE_SIZE, 0, 0);
	memblock_add_node(2 * M + 1, PAGE_SIZE, 0, 0);
	memblock_add_node(3 * M, M, 1, 0);
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		visits++;
		if (nid == 0) {
			EXPECT_EQ(start, PFN_DOWN(1 * M) + 1);
			EXPECT_EQ(end, start + 1);
		}
	}
	EXPECT_EQ(visits, 2);
	for_each_mem_pfn_range(i, 1, &start, &end, NULL)
		visits++;
	EXPECT_EQ(visits, 3);
	EXPECT_EQ(start, PFN_DOWN(3 * M));
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
