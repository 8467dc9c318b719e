// SPDX-License-Identifier: MIT
/*
 * memblock on the board, after boot. What it knows of the machine is looked at; the code itself
 * runs in a sandbox: fresh lists in place of the real ones, a block from alloc_pages() as all the
 * memory there is, and for as long memory seems to belong to memblock again.
 *
 *    page   0 ............................................. 15
 *           free, junk-filled; allocations come from the top
 */
#include <asm/cache.h>
#include <asm/page.h>
#include <kernel/sections.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/gfp.h>
#include <mm/handoff.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <test.h>

TEST_SUITE("memblock");

#define SANDBOX_ORDER	4
#define SANDBOX_BYTES	(PAGE_SIZE << SANDBOX_ORDER)
#define SANDBOX_REGIONS	8	/* per list: few, so that it is soon full */
#define JUNK		0xa5

static struct memblock real;
static struct memblock_region sandbox_memory[SANDBOX_REGIONS], sandbox_reserved[SANDBOX_REGIONS];
static unsigned long sandbox_virt;
static phys_addr_t base, end;		/* of the sandbox */

/* Empty lists, as they are before the first call. */
static void install_lists(void)
{
	real = memblock;
	sandbox_memory[0] = sandbox_reserved[0] = (struct memblock_region){ 0 };
	memblock = (struct memblock){
		.current_limit = MEMBLOCK_ALLOC_ANYWHERE,
		.memory = { 1, SANDBOX_REGIONS, 0, sandbox_memory, "memory" },
		.reserved = { 1, SANDBOX_REGIONS, 0, sandbox_reserved, "reserved" },
	};
}

/* Return: false if there is no memory for it. */
static bool sandbox_begin(void)
{
	sandbox_virt = __get_free_pages(GFP_KERNEL, SANDBOX_ORDER);
	if (!sandbox_virt)
		return false;
	memset((void *)sandbox_virt, JUNK, SANDBOX_BYTES);
	base = __pa(sandbox_virt);
	end = base + SANDBOX_BYTES;
	install_lists();
	mm_stage = MM_MEMBLOCK;
	memblock_add(base, SANDBOX_BYTES);
	return true;
}

static void sandbox_end(void)
{
	memblock_check();
	memblock = real;
	mm_stage = MM_BUDDY;
	free_pages(sandbox_virt, SANDBOX_ORDER);
}

#define SANDBOX_BEGIN()					\
	do {						\
		if (!sandbox_begin())			\
			SKIP("no memory for a sandbox");	\
	} while (0)

TEST("what memblock knows of this machine holds its invariants")
{
	memblock_check();
	EXPECT(memblock_phys_mem_size() > 0);
	EXPECT(memblock_start_of_DRAM() >= PHYS_OFFSET);
	EXPECT(memblock_end_of_DRAM() <= PHYS_LIMIT);
	EXPECT(memblock_phys_mem_size() <= memblock_end_of_DRAM() - memblock_start_of_DRAM());
}

TEST("the kernel image is memory, and reserved")
{
	phys_addr_t image = __pa(_text), bytes = _end - _text, start, stop;
	phys_addr_t free_in_image = 0;
	u64 i;

	EXPECT(memblock_is_region_memory(image, bytes));
	EXPECT(memblock_is_region_reserved(image, bytes));
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &stop, NULL)
		free_in_image += start < image + bytes && stop > image;
	EXPECT_EQ(free_in_image, 0);
}

TEST("ranges are sorted, merged and cut")
{
	SANDBOX_BEGIN();
	memblock_reserve(base + 4 * PAGE_SIZE, PAGE_SIZE);
	memblock_reserve(base, PAGE_SIZE);
	EXPECT_EQ(memblock.reserved.cnt, 2);
	EXPECT_EQ(memblock.reserved.regions[0].base, base);
	memblock_reserve(base + PAGE_SIZE, 3 * PAGE_SIZE);
	EXPECT_EQ(memblock.reserved.cnt, 1);
	EXPECT_EQ(memblock_reserved_size(), 5 * PAGE_SIZE);
	memblock_phys_free(base + 2 * PAGE_SIZE, PAGE_SIZE);
	EXPECT_EQ(memblock.reserved.cnt, 2);
	EXPECT(!memblock_is_reserved(base + 2 * PAGE_SIZE));
	EXPECT(memblock_is_reserved(base + 3 * PAGE_SIZE));
	sandbox_end();
}

TEST("addresses are given from the top, or from the bottom if asked for")
{
	SANDBOX_BEGIN();
	EXPECT_EQ(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), end - PAGE_SIZE);
	EXPECT_EQ(memblock_phys_alloc(1, SMP_CACHE_BYTES), end - PAGE_SIZE - SMP_CACHE_BYTES);
	memblock_set_bottom_up(true);
	EXPECT_EQ(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), base);
	EXPECT_EQ(memblock_phys_alloc(SANDBOX_BYTES, 1), 0);
	sandbox_end();
}

TEST("memblock_alloc gives zeroed memory that the kernel can use, and takes it back")
{
	u8 *zeroed, *raw;
	unsigned long i, zeroes = 0, junk = 0;

	SANDBOX_BEGIN();
	zeroed = memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	raw = memblock_alloc_raw(PAGE_SIZE, PAGE_SIZE);
	EXPECT_EQ(zeroed, sandbox_virt + SANDBOX_BYTES - PAGE_SIZE);
	EXPECT_EQ(raw, sandbox_virt + SANDBOX_BYTES - 2 * PAGE_SIZE);
	for (i = 0; zeroed && raw && i < PAGE_SIZE; i++) {
		zeroes += zeroed[i] == 0;
		junk += raw[i] == JUNK;
	}
	EXPECT_EQ(zeroes, PAGE_SIZE);
	EXPECT_EQ(junk, PAGE_SIZE);
	memblock_free(raw, PAGE_SIZE);
	memblock_free(zeroed, PAGE_SIZE);
	EXPECT_EQ(memblock_reserved_size(), 0);
	sandbox_end();
}

TEST("a list that is full doubles into memory of its own, and works on")
{
	unsigned int i;

	SANDBOX_BEGIN();
	memblock_allow_resize();
	for (i = 0; i < SANDBOX_REGIONS + 1; i++)
		EXPECT_EQ(memblock_reserve(base + 2 * i * SMP_CACHE_BYTES, SMP_CACHE_BYTES), 0);
	EXPECT_EQ(memblock.reserved.max, 2 * SANDBOX_REGIONS);
	EXPECT_EQ(memblock.reserved.cnt, SANDBOX_REGIONS + 2);
	EXPECT_EQ(__pa(memblock.reserved.regions), end - PAGE_SIZE);
	EXPECT(memblock_is_region_reserved(end - PAGE_SIZE, PAGE_SIZE));
	sandbox_end();
}

TEST("random allocations do not overlap, and freeing them all empties the list")
{
	static phys_addr_t given[SANDBOX_REGIONS * 2], size[SANDBOX_REGIONS * 2];
	unsigned int i, nr = 0;

	SANDBOX_BEGIN();
	memblock_allow_resize();
	for (i = 0; i < ARRAY_SIZE(given); i++) {
		phys_addr_t before = memblock_reserved_size(), bytes = 1 + test_random_below(PAGE_SIZE);

		memblock_set_bottom_up(test_random_below(2));
		given[nr] = memblock_phys_alloc(bytes, 1ul << test_random_below(PAGE_SHIFT));
		if (!given[nr])
			continue;
		EXPECT(memblock_is_region_memory(given[nr], bytes));
		EXPECT(memblock_reserved_size() >= before + bytes);
		size[nr++] = bytes;
		memblock_check();
	}
	EXPECT(nr > 0);
	while (nr-- > 0)
		EXPECT_EQ(memblock_phys_free(given[nr], size[nr]), 0);
	if (memblock.reserved.regions == sandbox_reserved)
		EXPECT_EQ(memblock_reserved_size(), 0);
	sandbox_end();
}

TEST("a caller that is too late is refused, and changes nothing")
{
	phys_addr_t memory = memblock_phys_mem_size(), reserved = memblock_reserved_size();

	test_note("four messages \"called too late\" follow");
	EXPECT_EQ(memblock_reserve(PHYS_OFFSET, PAGE_SIZE), -EPERM);
	EXPECT_EQ(memblock_remove(PHYS_OFFSET, PAGE_SIZE), -EPERM);
	EXPECT_EQ(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 0);
	EXPECT(!memblock_alloc(PAGE_SIZE, PAGE_SIZE));
	EXPECT_EQ(memblock_phys_mem_size(), memory);
	EXPECT_EQ(memblock_reserved_size(), reserved);
	EXPECT(memblock_is_memory(__pa(_text)));
}
