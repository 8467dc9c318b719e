// SPDX-License-Identifier: MIT
/*
 * Allocating from memblock: where memory is taken, from which node, with which flags, below which limit;
 * and arrays of regions that double when they are full.
 */
#include "memblock_lists.h"
#include "../../mm/memblock_internal.h"

#include <asm/cache.h>
#include <kernel/bug.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/vsprintf.h>
#include <mm/handoff.h>

TEST_SUITE("memblock");

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
	host_log_clear();
	EXPECT_EQ(memblock_find_in_range(0, 4 * M, K, K), 3 * M - 2 * K);
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
