// SPDX-License-Identifier: MIT
/*
 * bootmem on the board, after boot. What it left behind is looked at; the code itself runs in a
 * sandbox: a block from alloc_pages() is the RAM of a node that nobody else knows, and for as long
 * memory seems to belong to bootmem again.
 *
 *    page   0 ............................................. 63
 *           free, free, ...                          bitmap
 */
#include <asm/page.h>
#include <kernel/sections.h>
#include <lib/bitmap.h>
#include <lib/errno.h>
#include <mm/bootmem.h>
#include <mm/gfp.h>
#include <mm/handoff.h>
#include <mm/mm.h>
#include <test.h>

TEST_SUITE("bootmem");

#define SANDBOX_ORDER	6
#define SANDBOX_PAGES	(1ul << SANDBOX_ORDER)
#define BITMAP_IDX	(SANDBOX_PAGES - 1)
#define NR_FREE		(SANDBOX_PAGES - 1)
#define PAGES(n)	((n) * PAGE_SIZE)

static bootmem_data_t sandbox_bdata;
static pg_data_t sandbox = { .bdata = &sandbox_bdata };
static struct page *sandbox_block;
static phys_addr_t base;		/* physical address of the sandbox */

/* Return: false if there is no memory for it. */
static bool sandbox_begin(void)
{
	unsigned long pfn;

	sandbox_block = alloc_pages(GFP_KERNEL, SANDBOX_ORDER);
	if (!sandbox_block)
		return false;
	pfn = page_to_pfn(sandbox_block);
	base = PFN_PHYS(pfn);
	memset(phys_to_virt(base), 0xa5, PAGES(SANDBOX_PAGES));
	mm_stage = MM_BOOTMEM;
	init_bootmem_node(&sandbox, pfn + BITMAP_IDX, pfn, pfn + SANDBOX_PAGES);
	free_bootmem(base, PAGES(NR_FREE));
	return true;
}

static void sandbox_end(void)
{
	bootmem_check_all();
	list_del(&sandbox_bdata.list);
	sandbox_bdata.node_bootmem_map = NULL;
	mm_stage = MM_BUDDY;
	__free_pages(sandbox_block, SANDBOX_ORDER);
}

#define SANDBOX_BEGIN()					\
	do {						\
		if (!sandbox_begin())			\
			SKIP("no 256 KiB in one piece"); \
	} while (0)

/* --- What boot has left --- */

TEST("bootmem has handed over all it had, and its own bitmap")
{
	EXPECT(list_empty(&bdata_list));
	for (int nid = 0; nid < MAX_NUMNODES; nid++)
		EXPECT(!bootmem_node_data[nid].node_bootmem_map);
}

static bool all_reserved(const void *start, const void *end)
{
	unsigned long addr = (unsigned long)start & PAGE_MASK;

	for (; addr < (unsigned long)end; addr += PAGE_SIZE)
		if (!PageReserved(virt_to_page((void *)addr)))
			return false;
	return true;
}

TEST("the kernel and the memory map were kept from the page allocator")
{
	EXPECT(all_reserved(__start_rodata, __end_rodata));
	EXPECT(all_reserved(__bss_start, __bss_stop));
	EXPECT(all_reserved(mem_map, mem_map + max_mapnr));
}

TEST("a caller that comes after the hand-off gets nothing and is told so")
{
	test_note("six messages \"called too late\" follow");
	EXPECT(!alloc_bootmem_nopanic(100));
	EXPECT(!alloc_bootmem_low_pages_nopanic(100));
	EXPECT_EQ(reserve_bootmem(PHYS_OFFSET, PAGE_SIZE, BOOTMEM_DEFAULT), -EPERM);
	free_bootmem(PHYS_OFFSET, PAGE_SIZE);
	EXPECT_EQ(free_all_bootmem(), 0);
	EXPECT_EQ(init_bootmem_node(NODE_DATA(0), PHYS_PFN_OFFSET, PHYS_PFN_OFFSET,
				    PHYS_PFN_OFFSET + 1), 0);
	EXPECT(list_empty(&bdata_list));
}

/* --- The sandbox --- */

TEST("memory is zeroed, aligned, and inside the node")
{
	SANDBOX_BEGIN();
	for (unsigned long align = 1; align <= PAGES(8); align *= 2) {
		u8 *region = __alloc_bootmem_nopanic(200, align, 0);
		unsigned int sum = 0;

		if (!EXPECT(region))
			break;
		for (int i = 0; i < 200; i++)
			sum |= region[i];
		EXPECT_EQ(sum, 0);
		EXPECT(IS_ALIGNED(__pa(region), align));
		EXPECT(__pa(region) >= base && __pa(region) + 200 <= base + PAGES(NR_FREE));
		memset(region, 0xff, 200);
	}
	sandbox_end();
}

TEST("small allocations share pages, and large ones begin their own")
{
	SANDBOX_BEGIN();
	EXPECT_EQ(__pa(__alloc_bootmem(100, 32, 0)), base);
	EXPECT_EQ(__pa(__alloc_bootmem(100, 32, 0)), base + 128);
	EXPECT_EQ(__pa(__alloc_bootmem(PAGE_SIZE, 32, 0)), base + 256);
	EXPECT_EQ(bootmem_nr_free(&sandbox_bdata), NR_FREE - 2);
	EXPECT_EQ(__pa(alloc_bootmem_pages(1)), base + PAGES(2));
	EXPECT_EQ(bootmem_nr_free(&sandbox_bdata), NR_FREE - 3);
	sandbox_end();
}

TEST("the search begins behind the latest allocation, and comes back to the front")
{
	SANDBOX_BEGIN();
	EXPECT_EQ(__pa(__alloc_bootmem(PAGES(4), 1, base + PAGES(50))), base + PAGES(50));
	EXPECT_EQ(__pa(__alloc_bootmem(PAGES(4), 1, 0)), base + PAGES(54));
	EXPECT_EQ(__pa(__alloc_bootmem(PAGES(8), 1, 0)), base);
	EXPECT_EQ(__pa(__alloc_bootmem(PAGES(42), 1, 0)), base + PAGES(8));
	EXPECT(!__alloc_bootmem_nopanic(PAGES(6), 1, 0));
	EXPECT_EQ(__pa(__alloc_bootmem(PAGES(5), 1, 0)), base + PAGES(58));
	EXPECT_EQ(bootmem_nr_free(&sandbox_bdata), 0);
	sandbox_end();
}

TEST("reserving rounds outwards, freeing inwards, and exclusive means so")
{
	SANDBOX_BEGIN();
	EXPECT_EQ(reserve_bootmem(base + PAGES(10) - 1, 2, BOOTMEM_EXCLUSIVE), 0);
	EXPECT_EQ(bootmem_nr_free(&sandbox_bdata), NR_FREE - 2);
	EXPECT_EQ(reserve_bootmem(base + PAGES(8), PAGES(2), BOOTMEM_EXCLUSIVE), -EBUSY);
	EXPECT_EQ(reserve_bootmem_node(&sandbox, base + PAGES(8), PAGES(2), BOOTMEM_DEFAULT), 0);
	EXPECT_EQ(bootmem_nr_free(&sandbox_bdata), NR_FREE - 3);
	free_bootmem_node(&sandbox, base + PAGES(8) + 1, PAGES(3) - 1);
	EXPECT_EQ(bootmem_nr_free(&sandbox_bdata), NR_FREE - 1);
	EXPECT(test_bit(8, sandbox_bdata.node_bootmem_map));
	sandbox_end();
}

/* Do the regions, each filled with its number, still hold it? */
static void check_filled(u32 **regions, unsigned int nr_regions, const u32 *nr_words)
{
	for (unsigned int i = 0; i < nr_regions; i++)
		for (u32 word = 0; word < nr_words[i]; word++)
			if (!EXPECT_EQ(regions[i][word], i + 1))
				return;
}

TEST("random regions until nothing is left do not overlap")
{
	static u32 *regions[SANDBOX_PAGES * 4];
	static u32 nr_words[SANDBOX_PAGES * 4];
	unsigned int nr = 0;

	SANDBOX_BEGIN();
	while (nr < SANDBOX_PAGES * 4) {
		nr_words[nr] = 1 + test_random_below(PAGE_SIZE);
		regions[nr] = __alloc_bootmem_nopanic(nr_words[nr] * sizeof(u32),
						      4ul << test_random_below(10),
						      base + test_random_below(PAGES(NR_FREE)));
		if (!regions[nr])
			break;
		for (u32 word = 0; word < nr_words[nr]; word++)
			regions[nr][word] = nr + 1;
		nr++;
	}
	EXPECT(nr > 0);
	check_filled(regions, nr, nr_words);
	sandbox_end();
}
