// SPDX-License-Identifier: MIT
/*
 * Memory changes hands: the stations of Linux's arch/arm/mm/init.c, in the order in which they run.
 *
 *    setup_arch()
 *      arm_memblock_init()      banks -> memblock; image, first page table and initrd reserved
 *      paging_init()            page tables; their memory comes from memblock
 *        bootmem_init()
 *          numa_init()          one node, or as many as `numa=` asks for
 *          arm_bootmem_init()   memblock -> bootmem
 *          arm_bootmem_free()   zones and mem_map; their memory comes from bootmem
 *    mm_init()
 *      mem_init()               bootmem, and high memory -> buddy system
 *    free_initmem()             code and data of booting -> buddy system
 *
 * I1. Every page of RAM is, after mem_init(), either managed by its zone or reserved by somebody whom
 *     struct reserved_pages names.
 */
#include <asm/early_ioremap.h>
#include <asm/lowmem.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/set_memory.h>
#include <boot/initrd.h>
#include <boot/meminfo.h>
#include <kernel/bootmark.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <kernel/sections.h>
#include <kernel/setup.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/bootmem.h>
#include <mm/handoff.h>
#include <mm/init.h>
#include <mm/layout.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/numa.h>
#include <mm/page_owner.h>

/* An undefined instruction of the space that Arm promises to keep so (DDI 0406C A5.4). */
#define POISON_FREE_INITMEM	0xe7fddef0
#define K(pages)		((pages) << (PAGE_SHIFT - 10))

/* Who keeps how many pages out of the page allocator; pages partly used count as used. */
static struct reserved_pages {
	unsigned long image;		/* text, rodata, data, bss; init sections until they are freed */
	unsigned long pgd;		/* swapper_pg_dir */
	unsigned long initrd;
	unsigned long memblock;		/* page tables: early_alloc() */
	unsigned long bootmem;		/* mem_map, pageblock flags, per-CPU areas */
} reserved;

/* Pages that were free when bootmem became their owner. */
static unsigned long bootmem_pages __initdata;

/* The end of ZONE_DMA's part of RAM, as a size from PHYS_OFFSET; `dma_zone=` sets it. */
static phys_addr_t arm_dma_zone_size __initdata;

static int __init early_dma_zone(char *value)
{
	unsigned long long size;
	char *end;

	if (!value)
		return -EINVAL;
	size = memparse(value, &end);
	if (end == value || *end != '\0' || size == 0 || size > PHYS_LIMIT - PHYS_OFFSET)
		return -EINVAL;
	arm_dma_zone_size = ALIGN((phys_addr_t)size, MAX_ORDER_NR_PAGES << PAGE_SHIFT);
	return 0;
}
early_param("dma_zone", early_dma_zone);

/* Pages that any of memblock.reserved's regions touches, below lowmem's end. */
static unsigned long __init memblock_reserved_pages(void)
{
	unsigned long pages = 0, counted = 0;
	struct memblock_region *region;

	for_each_reserved_mem_region(region) {
		unsigned long start = max(PFN_DOWN(region->base), counted);
		unsigned long end = PFN_UP(region->base + region->size);

		if (end > start)
			pages += end - start;
		counted = max(end, counted);
	}
	return pages;
}

/* The lists cannot be full yet: they have room for many times the banks there can be. */
static void __init add_bank(const struct membank *bank)
{
	int error = memblock_add(bank->start, bank->size);

	BUG_ON(error, "bank of %u bytes at %pa: %d", bank->size, &bank->start, error);
}

static void __init reserve(phys_addr_t start, phys_addr_t size)
{
	int error = memblock_reserve(start, size);

	BUG_ON(error, "%u bytes at %pa: %d", size, &start, error);
}

void __init arm_memblock_init(void)
{
	phys_addr_t image = __pa(_text), image_size = _end - _text;

	BUG_ON(mm_stage != MM_MEMBLOCK, "stage %d", mm_stage);
	BUG_ON(meminfo.nr_banks == 0);
	for (unsigned int i = 0; i < meminfo.nr_banks; i++)
		add_bank(&meminfo.bank[i]);

	reserve(image, image_size);
	reserve(__pa(swapper_pg_dir), SWAPPER_PG_DIR_SIZE);
	arm_memblock_reserve_initrd();

	reserved.image = PFN_UP(image_size);
	reserved.pgd = PFN_UP(SWAPPER_PG_DIR_SIZE);
	reserved.initrd = PFN_UP(initrd_end) - PFN_DOWN(initrd_start);
	BUG_ON(memblock_reserved_pages() != reserved.image + reserved.pgd + reserved.initrd,
	       "%lu pages reserved, not %lu image, %lu pgd, %lu initrd", memblock_reserved_pages(),
	       reserved.image, reserved.pgd, reserved.initrd);

	memblock_allow_resize();
	memblock_dump_all();
	boot_mark(BOOT_MEMBLOCK);
	pr_info("memblock: %luK of RAM in %lu regions, %luK of it reserved in %lu regions\n",
		memblock_phys_mem_size() / SZ_1K + 0UL, memblock.memory.cnt,
		memblock_reserved_size() / SZ_1K + 0UL, memblock.reserved.cnt);
}

/* The first page of RAM, the end of lowmem and the end of RAM, as pfns. */
static void __init find_limits(unsigned long *min, unsigned long *max_low, unsigned long *max_high)
{
	*min = PFN_UP(memblock_start_of_DRAM());
	*max_low = PFN_DOWN(memblock_get_current_limit());
	*max_high = PFN_DOWN(memblock_end_of_DRAM());
	*max_low = min(*max_low, *max_high);
}

/* The lowmem of a node that ends at lowmem's end @end_pfn or before. Return: has it any? */
static bool __init lowmem_of_node(int nid, unsigned long max_low, unsigned long *start_pfn,
				  unsigned long *end_pfn)
{
	get_pfn_range_for_nid(nid, start_pfn, end_pfn);
	*end_pfn = min(*end_pfn, max_low);
	return *start_pfn < *end_pfn;
}

/* Room for a bitmap, in the memory that it is for. The last that memblock is asked for. */
static phys_addr_t __init alloc_bootmap(int nid, unsigned long start_pfn, unsigned long end_pfn)
{
	unsigned long boot_pages = bootmem_bootmap_pages(end_pfn - start_pfn);
	phys_addr_t bitmap = memblock_phys_alloc_range(boot_pages << PAGE_SHIFT, PAGE_SIZE,
						       __pfn_to_phys(start_pfn),
						       __pfn_to_phys(end_pfn));

	if (!bitmap)
		panic("arm_bootmem_init: no room for a bitmap of %lu pages on node %d", boot_pages,
		      nid);
	return bitmap;
}

/* Registers the nodes that have lowmem, all of it reserved. Return: the pages of their bitmaps. */
static unsigned long __init init_bootmem_nodes(unsigned long max_low)
{
	unsigned long start_pfn, end_pfn, boot_pages = 0;
	phys_addr_t bitmap[MAX_NUMNODES];
	int nid;

	for_each_online_node(nid)
		if (lowmem_of_node(nid, max_low, &start_pfn, &end_pfn))
			bitmap[nid] = alloc_bootmap(nid, start_pfn, end_pfn);

	mm_hand_over(MM_BOOTMEM);
	for_each_online_node(nid) {
		if (!lowmem_of_node(nid, max_low, &start_pfn, &end_pfn))
			continue;
		init_bootmem_node(NODE_DATA(nid), __phys_to_pfn(bitmap[nid]), start_pfn, end_pfn);
		boot_pages += bootmem_bootmap_pages(end_pfn - start_pfn);
	}
	return boot_pages;
}

static unsigned long __init bootmem_free_pages(void)
{
	unsigned long nr_free = 0;
	bootmem_data_t *bdata;

	list_for_each_entry(bdata, &bdata_list, list)
		nr_free += bootmem_nr_free(bdata);
	return nr_free;
}

/* memblock tells bootmem what there is and what is taken, and is not asked for memory again. */
static void __init arm_bootmem_init(unsigned long start_pfn, unsigned long end_pfn)
{
	struct memblock_region *region;
	unsigned long boot_pages;
	phys_addr_t first_bitmap;

	BUG_ON(start_pfn >= end_pfn, "lowmem from pfn %lx to %lx", start_pfn, end_pfn);
	reserved.memblock = memblock_reserved_pages() - reserved.image - reserved.pgd - reserved.initrd;
	boot_pages = init_bootmem_nodes(end_pfn);

	for_each_mem_region(region) {
		unsigned long start = PFN_UP(region->base);
		unsigned long end = min(PFN_DOWN(region->base + region->size), end_pfn);

		if (start < end)
			free_bootmem(__pfn_to_phys(start), (end - start) << PAGE_SHIFT);
	}
	for_each_reserved_mem_region(region) {
		unsigned long start = PFN_DOWN(region->base);
		unsigned long end = min(PFN_UP(region->base + region->size), end_pfn);

		if (start < end)
			reserve_bootmem(__pfn_to_phys(start), (end - start) << PAGE_SHIFT,
					BOOTMEM_DEFAULT);
	}
	boot_mark(BOOT_BOOTMEM);
	first_bitmap = __pa(NODE_DATA(0)->bdata->node_bootmem_map);
	bootmem_pages = bootmem_free_pages();
	pr_info("bootmem: owner of memory after memblock: %lu of %lu pages of lowmem free, bitmap of %luK at %pa\n",
		bootmem_pages, end_pfn - start_pfn, K(boot_pages), &first_bitmap);
}

/* Where ZONE_DMA ends, if `dma_zone=` asks for one; the first page of RAM if not. */
static unsigned long __init arm_dma_zone_end(unsigned long min, unsigned long max_low)
{
	unsigned long dma_pages = arm_dma_zone_size >> PAGE_SHIFT;

	if (dma_pages == 0)
		return min;
	dma_pages = min(dma_pages, max_low - min);
	bootmem_low_limit = __pfn_to_phys(min + dma_pages);
	return min + dma_pages;
}

static void __init arm_bootmem_free(unsigned long min, unsigned long max_low, unsigned long max_high)
{
	const unsigned long max_zone_pfn[MAX_NR_ZONES] = {
		[ZONE_DMA] = arm_dma_zone_end(min, max_low),
		[ZONE_NORMAL] = max_low,
		[ZONE_HIGHMEM] = max_high,
	};

	free_area_init_nodes(max_zone_pfn);
	page_owner_init();
}

void __init bootmem_init(void)
{
	unsigned long min, max_low, max_high;

	BUG_ON(mm_stage != MM_MEMBLOCK, "stage %d", mm_stage);
	find_limits(&min, &max_low, &max_high);
	BUG_ON((void *)__phys_to_virt(__pfn_to_phys(max_low)) != high_memory,
	       "lowmem ends at pfn %lx, its mapping at %p", max_low, high_memory);
	numa_init(min, max_low, max_high);
	arm_bootmem_init(min, max_low);
	arm_bootmem_free(min, max_low, max_high);

	/* As in Linux on ARM, these count from the first page of RAM. */
	max_low_pfn = max_low - PHYS_PFN_OFFSET;
	max_pfn = max_high - PHYS_PFN_OFFSET;
}

/* High memory has no early allocator: what memblock knows of it is free, unless reserved. */
static unsigned long __init free_highpages(void)
{
	unsigned long max_low = max_low_pfn + PHYS_PFN_OFFSET;
	unsigned long pages = 0;
	phys_addr_t start, end;
	u64 i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL) {
		unsigned long start_pfn = max(PFN_UP(start), max_low);
		unsigned long end_pfn = PFN_DOWN(end);

		if (start_pfn < end_pfn)
			pages += free_pages_range(start_pfn, end_pfn);
	}
	return pages;
}

/* The sum of I1, by zone and by holder. */
static void __init mem_init_print_info(void)
{
	unsigned long present = 0, managed = 0, held;
	struct zone *zone;

	pr_info("buddy: owner of memory after bootmem: %lu pages free\n", nr_free_pages());
	for_each_populated_zone(zone) {
		present += zone->present_pages;
		managed += zone->managed_pages;
		pr_info("  %-8s [mem %#010lx-%#010lx] spanned %lu present %lu managed %lu reserved %lu\n",
			zone_name(zone), zone->zone_start_pfn << PAGE_SHIFT,
			(zone_end_pfn(zone) << PAGE_SHIFT) - 1, zone->spanned_pages,
			zone->present_pages, zone->managed_pages,
			zone->present_pages - zone->managed_pages);
	}
	held = reserved.image + reserved.pgd + reserved.initrd + reserved.memblock + reserved.bootmem;
	pr_info("Reserved: %lu pages = %lu image + %lu pgd + %lu initrd + %lu memblock (page tables) + %lu bootmem (mem_map, pageblock flags, per-CPU areas)\n",
		present - managed, reserved.image, reserved.pgd, reserved.initrd, reserved.memblock,
		reserved.bootmem);
	BUG_ON(held != present - managed, "%lu pages reserved, %lu accounted for", present - managed, held);

	pr_info("Memory: %luK/%luK available (%uK kernel code, %uK rodata, %uK rwdata, %uK init, %uK bss, %luK reserved, %luK highmem)\n",
		K(nr_free_pages()), K(present), (__inittext_begin - _text) >> 10,
		(__end_rodata - __start_rodata) >> 10, (_edata - __initdata_end) >> 10,
		((__inittext_end - __inittext_begin) + (__initdata_end - __initdata_begin)) >> 10,
		(__bss_stop - __bss_start) >> 10, K(present - managed), K(totalhigh_pages));
	show_layout();
}

void __init mem_init(void)
{
	boot_mark(BOOT_MM_INIT);
	BUG_ON(mm_stage != MM_BOOTMEM, "stage %d", mm_stage);
	BUG_ON(!mem_map);
	reserved.bootmem = bootmem_pages - bootmem_free_pages();
	totalram_pages += free_all_bootmem();
	totalhigh_pages = free_highpages();
	totalram_pages += totalhigh_pages;
	mm_hand_over(MM_BUDDY);
	boot_mark(BOOT_BUDDY);
	mem_init_print_info();
}

static void fill_with_undefined(void *start, void *end)
{
	for (u32 *word = start; word < (u32 *)end; word++)
		*word = POISON_FREE_INITMEM;
}

/*
 * The init sections become ordinary free memory: writable, never executable, filled with undefined
 * instructions and poison, so that a late call of an __init function cannot go unnoticed.
 */
void free_initmem(void)
{
	unsigned long text = (unsigned long)__inittext_begin;
	unsigned long text_pages = (__inittext_end - __inittext_begin) >> PAGE_SHIFT;
	int error;

	BUG_ON(mm_stage != MM_BUDDY, "stage %d", mm_stage);
	error = set_memory_nx(text, text_pages);
	BUG_ON(error, "set_memory_nx: %d", error);
	error = set_memory_rw(text, text_pages);		/* in this order: never both W and X */
	BUG_ON(error, "set_memory_rw: %d", error);
	fill_with_undefined(__inittext_begin, __inittext_end);
	fill_with_undefined(__initdata_begin, __initdata_end);
	free_reserved_area(__inittext_begin, __inittext_end, -1, "init text");
	free_reserved_area(__initdata_begin, __initdata_end, -1, "init data");
	drain_local_pages(NULL);	/* they lie side by side, and merge, on the free lists */
	check_early_ioremap_leak();
}
