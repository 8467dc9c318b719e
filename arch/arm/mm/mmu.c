// SPDX-License-Identifier: MIT
/*
 * paging_init(): from the boot stub's page table to the kernel's, in the order of Linux's
 * arch/arm/mm/mmu.c.
 *
 *    build_mem_type_table()    what each kind of memory is     mem_types.c
 *    prepare_page_table()      clear what the boot stub mapped, and need not have been
 *    map_lowmem()              RAM, with its final permissions map_lowmem.c
 *    devicemaps_init()         vectors, device windows         create_mapping.c, static_vm.c
 *    kmap_init()               where high memory will be seen  highmem.c
 *    bootmem_init()            memory to bootmem; zones        init.c
 *
 * The level-1 table stays the same one, at swapper_pg_dir. There is never a moment without console:
 * the boot stub's mapping of the motherboard is what iotable_init() makes again, so it is left
 * alone.
 */
#include <asm/cp15.h>
#include <asm/fixmap.h>
#include <asm/highmem.h>
#include <asm/irqflags.h>
#include <asm/kasan.h>
#include <asm/lowmem.h>
#include <asm/map.h>
#include <asm/mmu.h>
#include <asm/pgtable.h>
#include <asm/set_memory.h>
#include <asm/thread_stack.h>
#include <asm/tlbflush.h>
#include <asm/traps.h>
#include <asm/vexpress.h>
#include <kernel/bootmark.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/sections.h>
#include <mm/init.h>
#include <mm/memblock.h>

pmd_t *top_pmd;

/* In rodata: nobody can write to it by mistake. */
const unsigned long empty_zero_page[PAGE_SIZE / sizeof(unsigned long)] __aligned(PAGE_SIZE);

/*
 * Lies in the image, so that it is mapped by a page of its own and can be made read-only there,
 * too.
 */
static u8 vectors_page[PAGE_SIZE] __section(".bss..page_aligned") __aligned(PAGE_SIZE);

/*
 * Empty the level-1 entries from @start to @end, multiples of 2 MiB; 0 is the top of the address
 * space.
 */
static void __init clear_pmds(unsigned long start, unsigned long end)
{
	BUG_ON(!IS_ALIGNED(start | end, PMD_SIZE), "%08lx-%08lx", start, end);
	memset(pmd_off_k(start), 0, ((end - start) >> PGDIR_SHIFT) * sizeof(pgd_t));
}

/* Empty the entries of a hole in lowmem, as far as it covers whole MiBs. */
static void __init clear_hole(phys_addr_t start, phys_addr_t end)
{
	pmd_t *entry;

	start = ALIGN(start, SECTION_SIZE);
	end = ALIGN_DOWN(end, SECTION_SIZE);
	entry = (pmd_t *)swapper_pg_dir + (__phys_to_virt(start) >> SECTION_SHIFT);
	for (; start < end; start += SECTION_SIZE)
		*entry++ = __pmd(0);
}

/*
 * Below the kernel nothing is mapped; in lowmem, only RAM. A MiB that is partly RAM keeps its
 * section until map_lowmem() gives it pages.
 */
static void __init prepare_page_table(void)
{
	phys_addr_t start, end, hole = PHYS_OFFSET;
	u64 i;

	clear_pmds(0, TASK_SIZE);
	clear_pmds(MODULES_VADDR, PAGE_OFFSET);	/* between them is nothing, or the shadow */
	for_each_mem_range(i, &start, &end) {
		if (start >= arm_lowmem_limit)
			break;
		clear_hole(hole, start);
		hole = min(end, arm_lowmem_limit);
	}
	clear_hole(hole, __virt_to_phys(ALIGN((unsigned long)high_memory, PMD_SIZE)));
	clear_pmds(ALIGN((unsigned long)high_memory, PMD_SIZE), VMALLOC_START);
	flush_tlb_all();
}

/*
 * The page at 0xffff0000, read-only and executable. Its other address, in the image, becomes
 * read-only as well: nothing executable is writable anywhere (I4, I5 of asm/pgtable-2level.h).
 */
static void __init map_vectors(void)
{
	struct map_desc map = {
		.virtual = CONFIG_VECTORS_BASE,
		.pfn = PHYS_PFN(__pa(vectors_page)),
		.length = PAGE_SIZE,
		.type = MT_HIGH_VECTORS,
	};
	int error;

	early_trap_init(vectors_page);
	error = set_memory_ro((unsigned long)vectors_page, 1);
	BUG_ON(error, "set_memory_ro of the vectors page: %d", error);
	error = create_mapping(&map);
	BUG_ON(error, "mapping of the vectors: %d", error);
}

/* Everything above lowmem; the topmost 2 MiB are early_fixmap_init()'s already. */
static void __init devicemaps_init(void)
{
	clear_pmds(VMALLOC_START, IO_PERIPH_BASE & PMD_MASK);
	clear_pmds((IO_PERIPH_BASE & PMD_MASK) + PMD_SIZE, FIXADDR_START & PMD_MASK);
	flush_tlb_all();
	map_vectors();
	thread_stacks_init();
	vexpress_map_io();
}

void __init paging_init(void)
{
	BUG_ON(!irqs_disabled());
	BUG_ON((read_ttbr0() & ~(SWAPPER_PG_DIR_SIZE - 1)) != __pa(swapper_pg_dir), "TTBR0 %08x",
	       read_ttbr0());
	BUG_ON(read_ttbcr() != 0, "TTBCR %08x", read_ttbcr());

	build_mem_type_table();
	prepare_page_table();
	map_lowmem();
	memblock_set_current_limit(arm_lowmem_limit);
	devicemaps_init();
	kmap_init();
	top_pmd = pmd_off_k(CONFIG_VECTORS_BASE);
	kasan_init();
	boot_mark(BOOT_PAGING);
	bootmem_init();
	boot_mark(BOOT_ZONES);
}
