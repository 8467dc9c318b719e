// SPDX-License-Identifier: MIT
/*
 * pgtable_check(): the invariants I1-I5 of asm/pgtable-2level.h, checked over the kernel's whole
 * page table, and what holds for the linear mapping.
 *
 *    check_pair()    each pgd entry: I1, I3
 *    check_table()   each level-2 table: I2
 *    check_leaf()    each mapping: I4, and by what it maps:
 *                      check_lowmem_leaf()   the linear mapping: RAM only, at its own address
 *                      check_alias()         RAM mapped elsewhere too: I5
 *                      check_device_alias()  devices, mapped twice: I5
 */
#include <asm/lowmem.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <kernel/printk.h>
#include <mm/memblock.h>

/* Report a violation; evaluates to the number of them, for adding up. */
#define violation(fmt, ...)	(pr_err("pgtable_check: " fmt "\n", ##__VA_ARGS__), 1)

static bool same_mem_type(pteval_t a, pteval_t b)
{
	return ((a ^ b) & PTE_EXT_MEM_MASK) == 0;
}

/* I2 for the two tables of a page, which map the 2 MiB at @base. */
static int check_table(unsigned long base, const pte_t *table)
{
	const pteval_t *hw = (const pteval_t *)(table + PTE_HWTABLE_PTRS);
	pteval_t ext = base < TASK_SIZE ? PTE_EXT_NG : 0;
	int bad = 0;

	for (unsigned int i = 0; i < PTRS_PER_PTE; i++)
		if (hw[i] != pte_to_hw(table[i], ext))
			bad += violation("0x%08lx: Linux entry %08x, hardware entry %08x (I2)",
					 base + i * PAGE_SIZE, pte_val(table[i]), hw[i]);
	return bad;
}

/* I1 and I3 for the pair of entries of the 2 MiB at @base. */
static int check_pair(unsigned long base, const pmd_t *pmd)
{
	phys_addr_t page = pmd_val(pmd[0]) & PAGE_MASK;

	if (!pmd_table(pmd[0]) && !pmd_table(pmd[1]))
		return 0;
	if (!pmd_table(pmd[0]) || pmd_val(pmd_second_half(pmd[0])) != pmd_val(pmd[1]))
		return violation("0x%08lx: pmd %08x %08x are no pair (I1)", base, pmd_val(pmd[0]),
				 pmd_val(pmd[1]));
	if (!is_lowmem_phys(page) || pt_translate(__phys_to_virt(page), false) & PAR_F)
		return violation("0x%08lx: page table at 0x%08x is not in lowmem (I3)", base, page);
	return check_table(base, pmd_page_vaddr(pmd[0]));
}

/* A piece of the linear mapping: at its own address, and all of it RAM. */
static int check_lowmem_leaf(const struct pt_walk *w)
{
	if (w->phys != __virt_to_phys(w->start))
		return violation("lowmem 0x%08lx maps 0x%08x", w->start, w->phys);
	if (!memblock_is_region_memory(w->phys, w->size))
		return violation("lowmem 0x%08lx, %lu KiB: not all of it is RAM", w->start,
				 w->size >> 10);
	return 0;
}

/* I5 for lowmem's memory that @w maps at another address: each page against its linear mapping. */
static int check_alias(const struct pt_walk *w)
{
	unsigned int both;
	struct pt_walk low;
	int bad = 0;

	for (phys_addr_t off = 0; off < w->size; off += PAGE_SIZE) {
		pt_walk(__phys_to_virt(w->phys + off), &low);
		if (!is_lowmem_phys(w->phys + off) || !pt_is_mapped(&low))
			continue;
		both = pt_rights(low.prot) | pt_rights(w->prot);
		if (!same_mem_type(low.prot, w->prot))
			bad += violation("0x%08x is %s at 0x%08lx, %s in lowmem (I5)",
					 w->phys + off, pt_mem_type_name(w->prot), w->start,
					 pt_mem_type_name(low.prot));
		if ((both & PT_KERNEL_WX) == PT_KERNEL_WX)
			bad += violation("0x%08x: W and X, by 0x%08lx and by lowmem (I5)",
					 w->phys + off, w->start);
	}
	return bad;
}

/*
 * I5 for what is not RAM: against all mappings above this one. Few, so a second walk is no matter.
 */
static int check_device_alias(const struct pt_walk *w)
{
	unsigned long addr = w->start + w->size;
	struct pt_walk other;
	int bad = 0;

	for (; addr != 0; addr = other.start + other.size) {
		pt_walk(addr, &other);
		if (pt_is_mapped(&other) && other.phys < w->phys + w->size &&
		    w->phys < other.phys + other.size && !same_mem_type(other.prot, w->prot))
			bad += violation("0x%08x is %s at 0x%08lx, %s at 0x%08lx (I5)", w->phys,
					 pt_mem_type_name(w->prot), w->start,
					 pt_mem_type_name(other.prot), other.start);
	}
	return bad;
}

static int check_leaf(const struct pt_walk *w)
{
	int bad = 0;

	if ((pt_rights(w->prot) & PT_KERNEL_WX) == PT_KERNEL_WX)
		bad += violation("0x%08lx, %lu KiB: writable and executable (I4)", w->start,
				 w->size >> 10);
	if (is_lowmem_addr(w->start))
		return bad + check_lowmem_leaf(w);
	if (is_lowmem_phys(w->phys))
		return bad + check_alias(w);
	return memblock_is_memory(w->phys) ? bad : bad + check_device_alias(w);
}

int pgtable_check(void)
{
	unsigned long addr = 0;
	struct pt_walk w;
	int bad = 0;

	for (unsigned int i = 0; i < PTRS_PER_PGD; i++)
		bad += check_pair((unsigned long)i << PGDIR_SHIFT,
				  (const pmd_t *)&swapper_pg_dir[i]);
	do {
		pt_walk(addr, &w);
		if (w.end == PT_UNREADABLE)
			bad += violation("0x%08lx: pmd %08x leads nowhere (I3)", w.start, w.l1);
		if (pt_is_mapped(&w))
			bad += check_leaf(&w);
		addr = w.start + w.size;
	} while (addr != 0);
	return bad;
}
