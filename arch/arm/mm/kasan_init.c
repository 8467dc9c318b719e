// SPDX-License-Identifier: MIT
/*
 * The shadow of memory comes into being, in two steps. asm/kasan.h has its place.
 *
 *    kasan_early_init()     __mmap_switched, before any other C code: there is no memory to be had yet.
 *
 *        0xb6e00000 |--------------------- all of the shadow ---------------------| 0xbf000000
 *                    \_______________ one page table, for each 2 MiB ____________/
 *                                     one page of zeros, for each entry
 *
 *    kasan_init()           paging_init(), when lowmem is mapped:
 *
 *        | page of zeros | modules, pkmap | lowmem, but for holes | vmalloc, a part | zeros | stacks | zeros |
 *                          zeros            memory of its own       memory of its own         its own
 *
 * I1. Nothing here is checked, nor do checks happen between the moment in which a piece of the shadow is unmapped and
 *     that in which it is mapped anew: code and stack that they would be about lie in lowmem.
 * I2. The page of zeros is written to by functions that poison their stack frames, as long as it is the shadow of the
 *     boot stack: so nothing is reported before kasan_init() has cleared it. From then on it is read-only.
 * I3. The vmalloc area is as large as the address space allows, but more of it than half as much as there is lowmem is
 *     hardly ever used at once: from VMALLOC_START on so much has a shadow of its own.
 *
 * After Linux's arch/arm/mm/kasan_init.c. Differs from it: a piece is replaced where it is, and not in a copy of the
 * level-1 table; the vmalloc area's shadow is there from the beginning, and not allocated with each area.
 */
#include <asm/kasan.h>
#include <asm/lowmem.h>
#include <asm/map.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <mm/kasan.h>
#include <mm/memblock.h>

#define SHADOW_L1	(PMD_TYPE_TABLE | PMD_DOMAIN(DOMAIN_KERNEL))

static u8 zero_page[PAGE_SIZE] __section(".bss..page_aligned") __aligned(PAGE_SIZE);
static pte_t zero_table[PAGE_SIZE / sizeof(pte_t)] __section(".bss..page_aligned") __aligned(PAGE_SIZE);

static unsigned long vmalloc_shadowed_end;	/* I3 */
static unsigned long shadow_bytes __initdata;

static void __init set_entry(pte_t *table, unsigned int index, phys_addr_t phys, pteval_t prot)
{
	pte_t pte = __pte(phys | prot);

	table[index] = pte;
	table[PTE_HWTABLE_PTRS + index] = __pte(pte_to_hw(pte, 0));
}

/* All of a table leads to the page of zeros. */
static void __init fill_with_zeros(pte_t *table, pteval_t prot)
{
	for (unsigned int i = 0; i < PTRS_PER_PTE; i++)
		set_entry(table, i, __pa(zero_page), prot);
}

static void __init set_shadow_pmd(unsigned long shadow, const pte_t *table)
{
	pmd_t *pmd = pmd_off_k(shadow);

	pmd[0] = pmd_of_table(__pa(table), SHADOW_L1);
	pmd[1] = pmd_second_half(pmd[0]);
}

void __init kasan_early_init(void)
{
	fill_with_zeros(zero_table, _PAGE_KERNEL);
	for (unsigned long shadow = KASAN_SHADOW_START; shadow < KASAN_SHADOW_END; shadow += PMD_SIZE)
		set_shadow_pmd(shadow, zero_table);
	dsb(ishst);
	isb();
}

/* Other memory for 2 MiB of the shadow: unmapped in between, since a TLB may know the old one (I1). */
static void __init replace_shadow_pmd(unsigned long shadow, const pte_t *table)
{
	pmd_t *pmd = pmd_off_k(shadow);

	pmd[0] = __pmd(0);
	pmd[1] = __pmd(0);
	local_flush_tlb_all();
	set_shadow_pmd(shadow, table);
	dsb(ishst);
	isb();
}

/* Shadow from @start to @end, page borders of the same 2 MiB. What has memory already, its neighbour's, keeps it. */
static void __init populate_pmd(unsigned long start, unsigned long end)
{
	const pte_t *old = pmd_page_vaddr(*pmd_off_k(start));
	pte_t *table;
	phys_addr_t phys;

	while (start < end && pte_pfn(old[pte_index(start)]) != PHYS_PFN(__pa(zero_page)))
		start += PAGE_SIZE;
	if (start == end)
		return;
	table = early_alloc(PTE_HWTABLE_OFF + PTE_HWTABLE_SIZE);
	if (old == zero_table)
		fill_with_zeros(table, _PAGE_KERNEL_RO);
	else
		__memcpy(table, old, PAGE_SIZE);
	phys = __pa(early_alloc_aligned(end - start, PAGE_SIZE));
	shadow_bytes += end - start;
	for (; start < end; start += PAGE_SIZE, phys += PAGE_SIZE)
		set_entry(table, pte_index(start), phys, _PAGE_KERNEL);
	replace_shadow_pmd(start - PAGE_SIZE, table);
}

/* The shadow of memory from @start to @end. */
static void __init populate(unsigned long start, unsigned long end)
{
	unsigned long shadow = ALIGN_DOWN((unsigned long)kasan_mem_to_shadow(start), PAGE_SIZE), next;
	unsigned long last = PAGE_ALIGN((unsigned long)kasan_mem_to_shadow(end - 1) + 1);

	for (; shadow < last; shadow = next) {
		next = min(last, ALIGN_DOWN(shadow, PMD_SIZE) + PMD_SIZE);
		populate_pmd(shadow, next);
	}
}

static void __init populate_lowmem(void)
{
	phys_addr_t start, end;
	u64 i;

	for_each_mem_range(i, &start, &end) {
		end = min(end, arm_lowmem_limit);
		if (start < end)
			populate(__phys_to_virt(start), __phys_to_virt(end));
	}
}

/* I2. */
static void __init seal_zero_page(void)
{
	fill_with_zeros(zero_table, _PAGE_KERNEL_RO);
	local_flush_tlb_all();
	__memset(zero_page, 0, PAGE_SIZE);
}

void __init kasan_init(void)
{
	unsigned long lowmem = (unsigned long)high_memory - PAGE_OFFSET;

	populate_lowmem();
	vmalloc_shadowed_end = VMALLOC_START + min(VMALLOC_END - VMALLOC_START, ALIGN(lowmem / 2, PMD_SIZE));
	populate(VMALLOC_START, vmalloc_shadowed_end);
	populate(THREAD_STACKS_START, THREAD_STACKS_END);
	seal_zero_page();
	kasan_begin();
	pr_info("kasan: %lu KiB of shadow at 0x%08lx, for lowmem, stacks, and %lu MiB of the vmalloc area\n",
		shadow_bytes >> 10, KASAN_SHADOW_START, (vmalloc_shadowed_end - VMALLOC_START) >> 20);
}

bool kasan_has_own_shadow(unsigned long addr)
{
	return (addr >= PAGE_OFFSET && addr < (unsigned long)high_memory) ||
	       (addr >= VMALLOC_START && addr < vmalloc_shadowed_end) ||
	       (addr >= THREAD_STACKS_START && addr < THREAD_STACKS_END);
}
