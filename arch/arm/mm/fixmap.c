// SPDX-License-Identifier: MIT
/*
 * The fixmap's slots; asm/fixmap.h has the picture and the invariants. Linux has this in
 * arch/arm/mm/mmu.c.
 *
 *    early_fixmap_init()     setup_arch(): the boot stub's level-1 table gets bm_pte at its end
 *    devicemaps_init()       leaves these 2 MiB alone, and adds the vectors
 */
#include <asm/cacheflush.h>
#include <asm/fixmap.h>
#include <asm/map.h>
#include <asm/ptdump.h>
#include <asm/tlbflush.h>
#include <kernel/console.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <lib/vsprintf.h>
#include <mm/memblock.h>

#define NAME_MAX	32

/* In the image, so that it is there before any memory can be had (I1). */
pte_t bm_pte[PTRS_PER_PTE + PTE_HWTABLE_PTRS] __section(".bss..page_aligned") __aligned(PAGE_SIZE);

void __init early_fixmap_init(void)
{
	BUG_ON(pmd_off_k(FIXADDR_TOP) != pmd_off_k(FIXADDR_START), "slots in more than 2 MiB (I1)");
	pmd_populate_kernel(NULL, pmd_off_k(FIXADDR_TOP), bm_pte);
}

/* Would RAM get another memory type than it has in lowmem? */
static bool type_differs_from_lowmem(phys_addr_t phys, pgprot_t prot)
{
	return (pgprot_val(prot) ^ pgprot_val(PAGE_KERNEL)) & L_PTE_MT_MASK &&
	       memblock_is_memory(phys);
}

static void __cold noinline bug_is_set(unsigned int slot, phys_addr_t phys)
{
	char name[NAME_MAX];

	fixmap_slot_name(slot, name, sizeof(name));
	BUG_ON(true, "fixmap: %s is to map %08x, and maps %08lx (I3)", name, phys,
	       pte_pfn(*fixmap_pte(slot)) << PAGE_SHIFT);
}

static void map_slot(unsigned int slot, phys_addr_t phys, pgprot_t prot)
{
	pte_t *pte = fixmap_pte(slot);
	unsigned long addr = __fix_to_virt(slot);

	BUG_ON(!IS_ALIGNED(phys, PAGE_SIZE), "fixmap: slot %u, physical %08x", slot, phys);
	if (unlikely(!pte_none(*pte)))
		bug_is_set(slot, phys);
	BUG_ON(type_differs_from_lowmem(phys, prot),
	       "fixmap: %08x is RAM, of another memory type in lowmem", phys);
	set_pte_ext(pte, pfn_pte(PHYS_PFN(phys), prot), 0);
	flush_cache_vmap(addr, addr + PAGE_SIZE);
}

static void unmap_slot(unsigned int slot)
{
	unsigned long addr = __fix_to_virt(slot);
	pte_t old = *fixmap_pte(slot);

	set_pte_ext(fixmap_pte(slot), __pte(0), 0);
	flush_tlb_kernel_page(addr);
	if (static_branch_unlikely(&tlb_check_key) &&
	    memblock_is_memory(__pfn_to_phys(pte_pfn(old))))
		tlb_check_unmapped(addr, addr + PAGE_SIZE);	/* registers are not to be read */
}

void __set_fixmap_slot(unsigned int slot, phys_addr_t phys, pgprot_t prot)
{
	if (pgprot_val(prot)) {
		map_slot(slot, phys, prot);
	} else {
		unmap_slot(slot);
	}
}

/* ---- Showing and checking ---- */

void fixmap_slot_name(unsigned int slot, char *buf, size_t size)
{
	if (slot <= FIX_KMAP_END)
		snprintf(buf, size, "kmap_local %u of CPU %u", slot % KM_MAX_IDX / KM_INCR,
			 slot / KM_MAX_IDX);
	else if (slot <= FIX_TEXT_POKE1)
		snprintf(buf, size, "text poke %u", slot - FIX_TEXT_POKE0);
	else
		snprintf(buf, size, "early_ioremap %u, page %u",
			 (FIX_BTMAP_BEGIN - slot) / NR_FIX_BTMAPS,
			 (FIX_BTMAP_BEGIN - slot) % NR_FIX_BTMAPS);
}

/* Is it one of the slots between those of kmap_local, which debug builds leave empty? */
static bool is_guard(unsigned int slot)
{
	return slot <= FIX_KMAP_END && slot % KM_MAX_IDX % KM_INCR != KM_INCR - 1;
}

bool fixmap_verdict(char *buf, size_t size, unsigned long addr)
{
	char name[NAME_MAX];

	if (addr < __fix_to_virt(__end_of_fixed_addresses - 1) || addr >= FIXADDR_END)
		return false;
	fixmap_slot_name(__virt_to_fix(addr), name, sizeof(name));
	if (is_guard(__virt_to_fix(addr)))
		scnprintf(
			buf, size,
			"over the end, or before the beginning, of a page that kmap_local_page() has "
			"mapped: slot %lu of the fixmap",
			__virt_to_fix(addr));
	else
		scnprintf(buf, size, "nothing is mapped there: slot %lu of the fixmap, %s%s",
			  __virt_to_fix(addr), name,
			  __virt_to_fix(addr) <= FIX_KMAP_END ? ": unmapped, or another CPU's" :
								"");
	return true;
}

static void show_part(unsigned int first, unsigned int last, const char *what)
{
	console_printf("%3u-%-3u 0x%08lx-0x%08lx %s\n", first, last, __fix_to_virt(last),
		       __fix_to_virt(first) + PAGE_SIZE, what);
}

static void show_slot(unsigned int slot, pte_t pte)
{
	char name[NAME_MAX];

	fixmap_slot_name(slot, name, sizeof(name));
	console_printf("%7u 0x%08lx -> 0x%08lx %s NX %s, %s\n", slot, __fix_to_virt(slot),
		       pte_pfn(pte) << PAGE_SHIFT, pte_write(pte) ? "RW" : "ro",
		       pt_mem_type_name(pte_to_hw(pte, 0)), name);
}

void show_fixmap(void)
{
	unsigned int nr_set = 0;

	console_write("SLOTS   ADDRESSES             FOR\n");
	show_part(FIX_KMAP_BEGIN, FIX_KMAP_END, "kmap_local, as many for each CPU");
	show_part(FIX_TEXT_POKE0, FIX_TEXT_POKE1, "text poke");
	show_part(FIX_BTMAP_END, FIX_BTMAP_BEGIN, "early_ioremap");
	for (unsigned int slot = 0; slot < __end_of_fixed_addresses; slot++) {
		pte_t pte = READ_ONCE(*fixmap_pte(slot));

		if (pte_none(pte))
			continue;
		show_slot(slot, pte);
		nr_set++;
	}
	console_printf("%u of %u slots are set.\n", nr_set, __end_of_fixed_addresses);
}

int fixmap_check(void)
{
	unsigned long addr;
	int bad = 0;

	for (addr = FIXADDR_START & PMD_MASK; addr < CONFIG_VECTORS_BASE; addr += PAGE_SIZE) {
		pte_t pte = bm_pte[pte_index(addr)];
		bool has_slot =
			addr < FIXADDR_END && __virt_to_fix(addr) < __end_of_fixed_addresses;

		if (pte_none(pte) || (has_slot && !pte_exec(pte)))
			continue;
		pr_err("fixmap_check: %08lx: pte %08x%s (I2)\n", addr, pte_val(pte),
		       has_slot ? "" : ", and no slot");
		bad++;
	}
	return bad;
}
