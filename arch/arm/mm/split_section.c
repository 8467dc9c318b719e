// SPDX-License-Identifier: MIT
/*
 * From sections to a page table and back, while the machine runs. set_memory_*() wants it, when one page
 * of a MiB is to have permissions of its own.
 *
 *    split_sections()                                          merge_sections()
 *    | section | section |  -->  | table, 512 equal pages |  -->  | section | section |
 *
 * What replace_pmd() does at boot, with one CPU, takes the others' standing still here: they may be
 * using that very MiB. ARM DDI 0406C B3.10.1 wants break-before-make, since the size of the mapping
 * changes:
 *
 *    this CPU                                      the others (stop_machine())
 *    table made, filled                            run
 *    stopped, on swapper_pg_dir                    stopped, interrupts off, on swapper_pg_dir
 *      other page directories: new entries         nobody walks these
 *      swapper_pg_dir: fault entries; TLBIALLIS    nobody remembers the sections, nobody finds pages
 *      swapper_pg_dir: new entries                 everybody finds pages
 *    go                                            run, on the page directories of their mms
 *
 * S1. Between break and make nothing is touched that the MiBs in question hold, by no CPU. What is
 *     needed then lies elsewhere: code, swapper_pg_dir and boot_stack in the image, whose 2 MiBs have
 *     had page tables since boot; stacks in an area of their own; level-2 tables are read by physical
 *     address. Not so the page directories of mms, per-CPU areas, or objects: so these come before.
 * S2. A page maps what the section mapped, with the same memory type, S, AP, XN, nG and domain.
 * S3. A page table is made before anything is changed. If there is no memory nothing is.
 *
 * S4. Who made a page read-only makes it writable again without memory: read-only pages stay pages, though all of
 *     a MiB be so.
 *
 * A table goes again when each of its two MiBs is uniform: a writable section, or nothing. It need not; but TLB
 * entries for 1 MiB are worth 256 others, and a kernel in which permissions come and go (modules,
 * breakpoints) would end up with none. Only in lowmem, and only tables that split_sections() made: those
 * of boot stay, others' belong to who unmaps.
 */
#include <asm/lowmem.h>
#include <asm/mmu.h>
#include <asm/pgalloc.h>
#include <asm/pgd.h>
#include <asm/tlbflush.h>
#include <kernel/bugs.h>
#include <kernel/stop_machine.h>
#include <lib/errno.h>
#include <mm/handoff.h>
#include <mm/mm.h>

#define PMDS_PER_SUPERSECTION	(SUPERSECTION_SIZE / SECTION_SIZE)

/* Level-1 entries that are to be replaced. */
struct replacement {
	unsigned long addr;
	unsigned int nr;
	pmd_t pmds[PMDS_PER_SUPERSECTION];
};

/* ---- Break, make ---- */

unsigned int broken_spins;

/* S1: between the stores of both kinds it uses registers, its stack, the image and swapper_pg_dir. */
static noinline void break_and_make(const struct replacement *r)
{
	pmd_t *pmd = pmd_off_k(r->addr);

	for (unsigned int i = 0; i < r->nr; i++)
		WRITE_ONCE(pmd[i].pmd, 0);
	dsb(ishst);
	tlbiallis();
	bpiallis();
	dsb(ish);
	isb();
	for (unsigned int i = 0; CONFIG_DEBUG_VM && i < READ_ONCE(broken_spins); i++)
		barrier();
	for (unsigned int i = 0; i < r->nr; i++)
		WRITE_ONCE(pmd[i].pmd, r->pmds[i].pmd);
	dsb(ish);
	isb();
}

/* Context: all other CPUs stand still, and all walk swapper_pg_dir. */
static int replace_stopped(void *data)
{
	const struct replacement *r = data;
	struct mm_struct *mm;

	for_each_mm(mm)
		set_pmds_if_known(mm, r->addr, r->pmds, r->nr);
	break_and_make(r);
	return 0;
}

/* Is @what in the MiBs that are to be broken? */
static bool is_in(const struct replacement *r, unsigned long what)
{
	return what - r->addr < r->nr * SECTION_SIZE;
}

static void replace_pmds(struct replacement *r)
{
	BUG_ON(is_in(r, current_stack_pointer) || is_in(r, (unsigned long)swapper_pg_dir) ||
	       is_in(r, (unsigned long)replace_pmds), "%08lx, %u MiB: needed meanwhile (S1)", r->addr,
	       r->nr);
	stop_machine(replace_stopped, r);
}

/* ---- Attributes (S2) ---- */

pte_t sect_to_pte(pmd_t sect)
{
	pteval_t hw = sect_to_hw_pte(pmd_val(sect));
	pteval_t val = L_PTE_PRESENT | L_PTE_YOUNG | L_PTE_DIRTY |
		       (hw & (L_PTE_MT_B | L_PTE_MT_C | L_PTE_SHARED));

	if (hw & PTE_EXT_TEX(1))
		val |= L_PTE_MT_TEX0;
	if (hw & PTE_EXT_APX)
		val |= L_PTE_RDONLY;
	if (hw & PTE_EXT_AP1)
		val |= L_PTE_USER;
	if (hw & PTE_EXT_XN)
		val |= L_PTE_XN;
	return __pte((pmd_val(sect) & SECTION_MASK) | val);
}

static pteval_t sect_ext(pmd_t sect)
{
	return sect_to_hw_pte(pmd_val(sect)) & PTE_EXT_NG;
}

/* The section that begins with the page of @pte. */
static pmd_t pte_to_sect(pte_t pte, pteval_t ext, pmdval_t domain)
{
	pteval_t hw = pte_to_hw(pte, ext);

	return __pmd((hw & SECTION_MASK) | hw_pte_to_sect(hw & ~PTE_PFN_MASK) | domain);
}

pmd_t change_sect(pmd_t sect, pte_t pte)
{
	return pte_to_sect(pte, sect_ext(sect), pmd_val(sect) & PMD_DOMAIN_MASK);
}

/* Is there a Linux entry that means just that? Of those the kernel makes there is. */
static bool can_be_pages(pmd_t sect)
{
	return pmd_none(sect) ||
	       (pmd_sect(sect) && pmd_val(change_sect(sect, sect_to_pte(sect))) == pmd_val(sect));
}

/* ---- Splitting ---- */

/* A supersection becomes 16 sections, which takes no memory. Its domain is 0, whatever the bits say. */
static void split_supersection(unsigned long addr)
{
	struct replacement r = { .addr = addr & SUPERSECTION_MASK, .nr = PMDS_PER_SUPERSECTION };
	pmdval_t super = pmd_val(*pmd_off_k(r.addr));
	pmdval_t attributes = super & ~(SECTION_MASK | PMD_SECT_SUPER | PMD_DOMAIN_MASK);

	for (unsigned int i = 0; i < r.nr; i++)
		r.pmds[i] = __pmd(((super & SUPERSECTION_MASK) + i * SECTION_SIZE) | attributes |
				  PMD_DOMAIN(DOMAIN_KERNEL));
	replace_pmds(&r);
}

static void fill_half(pte_t *table, pmd_t sect)
{
	if (!pmd_none(sect))
		set_ptes_ext(table,
			     bug(SPLIT_FORGETS) ? pfn_pte(PFN_DOWN(pmd_val(sect) & SECTION_MASK), PAGE_KERNEL) :
			     sect_to_pte(sect), HW_PTRS_PER_PTE, sect_ext(sect));
}

int split_sections(unsigned long addr)
{
	struct replacement r = { .addr = addr & PMD_MASK, .nr = 2 };
	pmd_t *pmd = pmd_off_k(r.addr);
	pmdval_t domain;
	pte_t *table;

	if (pmd_table(*pmd))
		return 0;
	for (unsigned int i = 0; i < r.nr; i++)
		if (pmd_sect(pmd[i]) && pmd_val(pmd[i]) & PMD_SECT_SUPER)
			split_supersection(r.addr);
	domain = (pmd_val(pmd[0]) | pmd_val(pmd[1])) & PMD_DOMAIN_MASK;
	if (!can_be_pages(pmd[0]) || !can_be_pages(pmd[1]) || domain != PMD_DOMAIN(DOMAIN_KERNEL))
		return -EINVAL;
	table = pte_alloc_one_kernel(&init_mm);
	if (!table)
		return -ENOMEM;
	fill_half(table, pmd[0]);
	fill_half(table + HW_PTRS_PER_PTE, pmd[1]);
	r.pmds[0] = pmd_of_table(__pa(table), PMD_TYPE_TABLE | domain);
	r.pmds[1] = pmd_second_half(r.pmds[0]);
	replace_pmds(&r);
	return 0;
}

/* ---- Merging ---- */

/* What a MiB of a page table could be instead. Return: false if it is not uniform, or S4 keeps it. */
static bool uniform(const pte_t *table, pmdval_t domain, pmd_t *sect)
{
	const pteval_t *hw = (const pteval_t *)(table + PTE_HWTABLE_PTRS);
	pteval_t step = pte_none(table[0]) ? 0 : PAGE_SIZE;

	if (!IS_ALIGNED(pte_val(table[0]) & PTE_PFN_MASK, SECTION_SIZE) || !hw[0] != !step)
		return false;
	if (step && !pte_write(table[0]))
		return false;
	for (unsigned int i = 1; i < HW_PTRS_PER_PTE; i++)
		if (pte_val(table[i]) != pte_val(table[0]) + i * step || hw[i] != hw[0] + i * step)
			return false;
	*sect = step ? pte_to_sect(table[0], hw[0] & PTE_EXT_NG, domain) : __pmd(0);
	return true;
}

bool merge_sections(unsigned long addr)
{
	struct replacement r = { .addr = addr & PMD_MASK, .nr = 2 };
	pmd_t *pmd = pmd_off_k(r.addr);
	pmdval_t domain = pmd_val(*pmd) & PMD_DOMAIN_MASK;
	pte_t *table;

	if (!is_lowmem_addr(r.addr) || !pmd_table(*pmd))
		return false;
	table = pmd_page_vaddr(*pmd);
	if (mm_stage != MM_BUDDY || PageReserved(virt_to_page(table)))
		return false;		/* a table of boot */
	if (!uniform(table, domain, &r.pmds[0]) ||
	    !uniform(table + HW_PTRS_PER_PTE, domain, &r.pmds[1]))
		return false;
	replace_pmds(&r);
	pte_free_kernel(&init_mm, table);
	return true;
}
