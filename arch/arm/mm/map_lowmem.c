// SPDX-License-Identifier: MIT
/*
 * map_lowmem(): the linear mapping of RAM, with the permissions it keeps.
 *
 * The boot stub mapped lowmem in sections that allow everything. While the kernel runs in them they
 * become:
 *
 *    0xc0000000  +---------------------------+ \
 *                | vectors of boot, ATAGs    |  | pages, RW
 *                | swapper_pg_dir            |  | pages, RW
 *                | text, init text           |  | pages, R X        the 2 MiB or more that hold
 *                | rodata                    |  | pages, R          the image
 *                | data, bss                 |  | pages, RW
 *                |   guard of the boot stack |  | not mapped
 *                | free memory               |  | pages, RW
 *                +---------------------------+ /
 *                | ...                       |    sections, RW      whole MiBs of RAM
 *                +---------------------------+
 *                | a bank that ends amid     |    pages, RW         what of the 2 MiB is RAM
 *                | a MiB                     |
 *    high_memory +---------------------------+
 *
 * In this order, so that early_alloc() always finds memory that is mapped: sections first (step 1),
 * which takes no memory; then the page tables of ragged ends (2) and of the image (3).
 *
 * I1. A section of RAM only ever changes to another section of the same RAM, memory type and size,
 *     with XN set: a store, and TLB maintenance after it, are enough (ARM DDI 0406C B3.10.1).
 * I2. Where pages replace a section, replace_pmd() does it.
 * I3. What a mapping of lowmem covers is RAM; holes between banks are not mapped.
 */
#include <asm/lowmem.h>
#include <asm/map.h>
#include <asm/mmu.h>
#include <asm/pgtable.h>
#include <asm/stack.h>
#include <asm/tlbflush.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/sections.h>
#include <mm/memblock.h>

/* A run of the image with one permission; a kind of NR_MEM_TYPES is not mapped. */
struct image_part {
	const void *start;
	const void *end;
	unsigned int type;
};

static const struct image_part image_parts[] __initconst = {
	{ _stext, _etext, MT_MEMORY_RX },
	{ __start_rodata, __end_rodata, MT_MEMORY_RO },
	{ boot_stack.guard, boot_stack.stack, NR_MEM_TYPES },
};

/* Is any of the range lowmem? Cuts it to lowmem. */
static bool __init cut_to_lowmem(phys_addr_t *start, phys_addr_t *end)
{
	*end = min(*end, arm_lowmem_limit);
	return *start < *end;
}

/* The pages between two addresses that lie in the 2 MiB of @base, filled into @table. */
static void __init fill_part(pte_t *table, unsigned long base, unsigned long start,
			     unsigned long end, unsigned int type)
{
	const struct mem_type *t = get_mem_type(type);
	pte_t pte;

	BUG_ON(!IS_ALIGNED(start | end, PAGE_SIZE), "image part %08lx-%08lx", start, end);
	start = max(start, base);
	end = min(end, base + PMD_SIZE);
	if (start >= end)
		return;
	if (t) {
		pte = pfn_pte(PHYS_PFN(__pa(start)), __pgprot(t->prot_pte));
		set_ptes_ext(table + pte_index(start), pte, (end - start) >> PAGE_SHIFT, 0);
	} else {
		for (; start < end; start += PAGE_SIZE)
			set_pte_ext(table + pte_index(start), __pte(0), 0);
	}
}

/* A new page table for the 2 MiB at @base: RAM is RW, parts of the image what they are to be. */
static pte_t * __init make_lowmem_table(unsigned long base)
{
	pte_t *table = early_alloc(PTE_HWTABLE_OFF + PTE_HWTABLE_SIZE);
	phys_addr_t start, end;
	u64 i;

	for_each_mem_range(i, &start, &end)
		if (cut_to_lowmem(&start, &end))
			fill_part(table, base, __phys_to_virt(start), __phys_to_virt(end),
				  MT_MEMORY_RW);
	for (unsigned int part = 0; part < ARRAY_SIZE(image_parts); part++)
		fill_part(table, base, (unsigned long)image_parts[part].start,
			  (unsigned long)image_parts[part].end, image_parts[part].type);
	return table;
}

/* Map the 2 MiB that @addr lies in by pages, if they are not yet (I2). */
static void __init map_by_pages(unsigned long addr)
{
	pmd_t *pmd = pmd_off_k(addr);
	pte_t *table;

	if (pmd_table(*pmd))
		return;
	table = make_lowmem_table(addr & PMD_MASK);
	replace_pmd(pmd, pmd_of_table(__pa(table), get_mem_type(MT_MEMORY_RW)->prot_l1));
}

/* Step 1: the whole MiBs from @start to @end, but not those of the image (I1). */
static void __init map_sections(phys_addr_t start, phys_addr_t end)
{
	phys_addr_t image_end = ALIGN(__pa(_end), PMD_SIZE);
	pmd_t *entry;
	pmdval_t val;

	start = ALIGN(max(start, image_end), SECTION_SIZE);
	end = ALIGN_DOWN(end, SECTION_SIZE);
	entry = (pmd_t *)swapper_pg_dir + (__phys_to_virt(start) >> SECTION_SHIFT);
	val = start | get_mem_type(MT_MEMORY_RW)->prot_sect;
	for (; start < end; start += SECTION_SIZE, val += SECTION_SIZE)
		*entry++ = __pmd(val);
}

void __init map_lowmem(void)
{
	phys_addr_t start, end;
	u64 i;

	BUG_ON(!high_memory || __pa(high_memory) != arm_lowmem_limit, "high_memory %p, limit %08x",
	       high_memory, arm_lowmem_limit);

	for_each_mem_range(i, &start, &end)
		if (cut_to_lowmem(&start, &end))
			map_sections(start, end);
	flush_tlb_all();

	for_each_mem_range(i, &start, &end) {
		if (!cut_to_lowmem(&start, &end))
			continue;
		if (!IS_ALIGNED(start, SECTION_SIZE))
			map_by_pages(__phys_to_virt(start));
		if (!IS_ALIGNED(end, SECTION_SIZE))
			map_by_pages(__phys_to_virt(end));
	}
	for (unsigned long addr = PAGE_OFFSET; addr < (unsigned long)_end; addr += PMD_SIZE)
		map_by_pages(addr);
}
