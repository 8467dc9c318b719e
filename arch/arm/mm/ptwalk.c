// SPDX-License-Identifier: MIT
/*
 * pt_walk(): what the hardware does with an address, done in software (ARM DDI 0406C B3.5.5).
 *
 *    TTBCR, TTBRn --> level-1 entry --> section
 *                                  \--> level-2 entry --> page        Linux entry beside it
 *
 * It starts from the registers, not from swapper_pg_dir, so that it tells the truth also when they
 * have gone astray. The tables are physical; they are read through the linear mapping.
 *
 * I1. Nothing is read before the MMU was asked whether it can be read (an address translation
 *     operation): a fault handler that prints a walk must not fault on it.
 */
#include <asm/cp15.h>
#include <asm/irqflags.h>
#include <asm/lowmem.h>
#include <asm/ptdump.h>

#define PTES_PER_SECTION_MASK	(HW_PTRS_PER_PTE - 1)

u32 pt_translate(unsigned long addr, bool write)
{
	unsigned long flags;
	u32 par;

	local_irq_save(flags);		/* PAR belongs to nobody for long */
	if (write)
		CP15_WRITE(0, c7, c8, 1, addr);
	else
		CP15_WRITE(0, c7, c8, 0, addr);
	isb();
	par = CP15_READ(0, c7, c4, 0);
	local_irq_restore(flags);
	return par;
}

/* Read a word of a table. Return: false if there is no memory that we could read it from. */
static bool read_entry(phys_addr_t phys, u32 *entry)
{
	unsigned long addr = __phys_to_virt(phys);

	if (!is_lowmem_phys(phys) || pt_translate(addr, false) & PAR_F)
		return false;
	*entry = READ_ONCE(*(const u32 *)addr);
	return true;
}

/* The attributes of a large page: XN and TEX lie elsewhere than in a small one. */
static pteval_t large_to_small(pteval_t hw)
{
	pteval_t tex = ((hw >> PTE_LARGE_TEX_SHIFT) << PTE_EXT_TEX_SHIFT) & PTE_EXT_TEX_MASK;

	return (hw & ~(PTE_PFN_MASK | PTE_EXT_TEX_MASK | PTE_TYPE_MASK)) | tex | PTE_TYPE_SMALL |
	       (hw & PTE_LARGE_XN ? PTE_EXT_XN : 0);
}

static void walk_ends_in_section(struct pt_walk *w)
{
	w->end = w->l1 & PMD_SECT_SUPER ? PT_SUPERSECTION : PT_SECTION;
	w->size = w->l1 & PMD_SECT_SUPER ? SUPERSECTION_SIZE : SECTION_SIZE;
	w->start = w->addr & ~(w->size - 1);
	w->phys = w->l1 & ~(w->size - 1);
	w->prot = sect_to_hw_pte(w->l1);
	w->domain = w->l1 & PMD_SECT_SUPER ? 0 : (w->l1 & PMD_DOMAIN_MASK) >> PMD_DOMAIN_SHIFT;
}

static void walk_ends_in_page(struct pt_walk *w)
{
	bool large = (w->l2 & PTE_TYPE_MASK) == PTE_TYPE_LARGE;

	w->end = large ? PT_LARGE : PT_SMALL;
	w->size = large ? PTE_LARGE_SIZE : PAGE_SIZE;
	w->start = w->addr & ~(w->size - 1);
	w->phys = w->l2 & ~(w->size - 1);
	w->prot = large ? large_to_small(w->l2) : w->l2 & ~PTE_PFN_MASK;
}

static void walk_level_2(struct pt_walk *w)
{
	phys_addr_t table = w->l1 & PMD_TABLE_MASK;

	w->domain = (w->l1 & PMD_DOMAIN_MASK) >> PMD_DOMAIN_SHIFT;
	w->l2_addr = table + ((w->addr >> PAGE_SHIFT) & PTES_PER_SECTION_MASK) * sizeof(pteval_t);
	if (!read_entry(w->l2_addr, &w->l2)) {
		w->end = PT_UNREADABLE;
		return;
	}
	if (w->l2_addr & PTE_HWTABLE_OFF)
		read_entry(w->l2_addr - PTE_HWTABLE_OFF, &w->linux_pte);
	w->end = PT_FAULT_L2;
	w->start = w->addr & PAGE_MASK;
	w->size = PAGE_SIZE;
	if ((w->l2 & PTE_TYPE_MASK) != PTE_TYPE_FAULT)
		walk_ends_in_page(w);
}

/*
 * Where the level-1 entry of w->addr is (B3.5.4). With TTBCR.N = n, TTBR0's table is for the
 * addresses whose top n bits are 0, and is shorter by as many bits. Return: false if TTBCR forbids
 * the walk.
 */
static bool find_level_1(struct pt_walk *w)
{
	u32 ttbcr = read_ttbcr();
	unsigned int n = ttbcr & TTBCR_N_MASK;
	bool upper = n != 0 && w->addr >> (32 - n) != 0;
	u32 table_bytes = upper ? SWAPPER_PG_DIR_SIZE : SWAPPER_PG_DIR_SIZE >> n;

	w->ttbr = upper ? read_ttbr1() : read_ttbr0();
	w->l1_addr = (w->ttbr & ~(table_bytes - 1)) + (w->addr >> SECTION_SHIFT) * sizeof(pmdval_t);
	return !(ttbcr & (upper ? TTBCR_PD1 : TTBCR_PD0));
}

static void begin_walk(unsigned long addr, struct pt_walk *w)
{
	*w = (struct pt_walk){
		.addr = addr,
		.end = PT_FORBIDDEN,
		.start = addr & SECTION_MASK,
		.size = SECTION_SIZE,
	};
}

/* From the level-1 entry at w->l1_addr. */
static void walk_level_1(struct pt_walk *w)
{
	w->end = PT_FAULT_L1;
	if (!read_entry(w->l1_addr, &w->l1)) {
		w->end = PT_UNREADABLE;
		return;
	}
	/* Type 3 is a section with PXN, which this CPU does not have: it faults like type 0. */
	if ((w->l1 & PMD_TYPE_MASK) == PMD_TYPE_SECT)
		walk_ends_in_section(w);
	else if ((w->l1 & PMD_TYPE_MASK) == PMD_TYPE_TABLE)
		walk_level_2(w);
}

void pt_walk(unsigned long addr, struct pt_walk *w)
{
	begin_walk(addr, w);
	if (find_level_1(w))
		walk_level_1(w);
}

void pt_walk_in(const pgd_t *pgd, unsigned long addr, struct pt_walk *w)
{
	begin_walk(addr, w);
	w->ttbr = __pa(pgd);
	w->l1_addr = w->ttbr + (addr >> SECTION_SHIFT) * sizeof(pmdval_t);
	walk_level_1(w);
}

unsigned int pt_rights(pteval_t prot)
{
	/* By AP[2:0]: DDI 0406C table B3-8. 0 and 4 allow nothing. */
	static const u8 ap_rights[8] = {
		[1] = PT_KERNEL_READ | PT_KERNEL_WRITE,
		[2] = PT_KERNEL_READ | PT_KERNEL_WRITE | PT_USER_READ,
		[3] = PT_KERNEL_READ | PT_KERNEL_WRITE | PT_USER_READ | PT_USER_WRITE,
		[5] = PT_KERNEL_READ,
		[6] = PT_KERNEL_READ | PT_USER_READ,
		[7] = PT_KERNEL_READ | PT_USER_READ,
	};
	unsigned int ap = (prot & PTE_EXT_APX ? 4 : 0) | (prot & PTE_EXT_AP1 ? 2 : 0) |
			  (prot & PTE_EXT_AP0 ? 1 : 0);

	return ap_rights[ap] | (ap_rights[ap] && !(prot & PTE_EXT_XN) ? PT_EXEC : 0);
}

const char *pt_mem_type_name(pteval_t prot)
{
	static const char *const normal[] = {
		[NMRR_UNCACHED] = "MEM/BUFFERABLE/WC",
		[NMRR_WBWA] = "MEM/CACHED/WBWA",
		[NMRR_WT] = "MEM/CACHED/WT",
		[NMRR_WB] = "MEM/CACHED/WBRA",
	};
	unsigned int index = (prot & PTE_EXT_TEX(1) ? 4 : 0) | (prot & PTE_CACHEABLE ? 2 : 0) |
			     (prot & PTE_BUFFERABLE ? 1 : 0);

	if (!(get_cr() & CR_TRE))
		return "by TEX, C, B without remap";
	switch ((read_prrr() >> (2 * index)) & PRRR_TR_MASK) {
	case PRRR_TR_SO:
		return "SO/UNCACHED";
	case PRRR_TR_DEVICE:
		return "DEV/SHARED";
	case PRRR_TR_NORMAL:
		return normal[(read_nmrr() >> (2 * index)) & 3];
	default:
		return "reserved type";
	}
}
