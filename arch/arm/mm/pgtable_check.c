// SPDX-License-Identifier: MIT
/*
 * pgtable_check(): the invariants I1-I8 of asm/pgtable-2level.h, checked over all page directories, and
 * what holds for the linear mapping.
 *
 *    check_pairs()   each pgd entry, of init_mm and of each mm's user half:
 *      check_pair()    I1, I3
 *      check_table()   each level-2 table: I2
 *    mm_check()      the kernel's halves are alike (arch/arm/mm/pgd.c)
 *    check_leaf()    each mapping: I4, I6, I7, I8, and by what it maps:
 *                      check_lowmem_leaf()   the linear mapping: RAM only, at its own address
 *                      check_device_alias()  devices, mapped twice: I5
 *    check_frames()  RAM, mapped twice: I5 (pgtable_frames.c)
 */
#include <asm/lowmem.h>
#include <asm/map.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <kernel/console.h>
#include <kernel/printk.h>
#include <kernel/sections.h>
#include <mm/memblock.h>
#include <mm/mm_struct.h>

#define PMDS_PER_SUPERSECTION	(SUPERSECTION_SIZE / SECTION_SIZE)

/* Report a violation; evaluates to the number of them, for adding up. */
#define violation(fmt, ...)	(pr_err("pgtable_check: " fmt "\n", ##__VA_ARGS__), 1)

static struct pgtable_counts counts;	/* of the last pgtable_check() */

static bool same_mem_type(pteval_t a, pteval_t b)
{
	return ((a ^ b) & PTE_EXT_MEM_MASK) == 0;
}

/* ---- Tables ---- */

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

/* A supersection is there whole (ARM DDI 0406C B3.5.1). @pmd: an entry of it, for @base. */
static int check_supersection(unsigned long base, const pmd_t *pmd)
{
	const pmd_t *first = pmd - ((base >> SECTION_SHIFT) & (PMDS_PER_SUPERSECTION - 1));

	for (unsigned int i = 0; i < PMDS_PER_SUPERSECTION; i++)
		if (pmd_val(first[i]) != pmd_val(*pmd))
			return violation("0x%08lx: pmd %08x, and %08x in the same 16 MiB", base,
					 pmd_val(*pmd), pmd_val(first[i]));
	return 0;
}

/* I1 and I3 for the pair of entries of the 2 MiB at @base. */
static int check_pair(unsigned long base, const pmd_t *pmd)
{
	phys_addr_t page = pmd_val(pmd[0]) & PAGE_MASK;

	if (pmd_sect(pmd[0]) && pmd_val(pmd[0]) & PMD_SECT_SUPER)
		return check_supersection(base, pmd);
	if (!pmd_table(pmd[0]) && !pmd_table(pmd[1]))
		return 0;
	if (!pmd_table(pmd[0]) || pmd_val(pmd_second_half(pmd[0])) != pmd_val(pmd[1]))
		return violation("0x%08lx: pmd %08x %08x are no pair (I1)", base, pmd_val(pmd[0]),
				 pmd_val(pmd[1]));
	if (!is_lowmem_phys(page) || pt_translate(__phys_to_virt(page), false) & PAR_F)
		return violation("0x%08lx: page table at 0x%08x is not in lowmem (I3)", base, page);
	return check_table(base, pmd_page_vaddr(pmd[0]));
}

/* All pairs of a page directory below @end; 0 is the top. */
static int check_pairs(const pgd_t *pgd, unsigned long end)
{
	int bad = 0;

	counts.directories++;
	for (unsigned int i = 0; i <= pgd_index(end - 1); i++)
		bad += check_pair((unsigned long)i << PGDIR_SHIFT, (const pmd_t *)&pgd[i]);
	return bad;
}

/* ---- Mappings ---- */

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

/*
 * I5 for what is not RAM: against all mappings of the kernel's above this one. Few, so a second walk is
 * no matter.
 */
static int check_device_alias(const struct pt_walk *w)
{
	unsigned long addr = max(w->start + w->size, TASK_SIZE);
	struct pt_walk other;
	int bad = 0;

	if (w->start + w->size == 0)
		return 0;
	for (; addr != 0; addr = other.start + other.size) {
		pt_walk_in(swapper_pg_dir, addr, &other);
		if (pt_is_mapped(&other) && other.phys < w->phys + w->size &&
		    w->phys < other.phys + other.size && !same_mem_type(other.prot, w->prot))
			bad += violation("0x%08x is %s at 0x%08lx, %s at 0x%08lx (I5)", w->phys,
					 pt_mem_type_name(w->prot), w->start,
					 pt_mem_type_name(other.prot), other.start);
	}
	return bad;
}

/* Is it a memory type that the kernel gives to anything (asm/map.h)? */
static bool is_known_type(pteval_t prot)
{
	for (unsigned int type = 0; type < NR_MEM_TYPES; type++)
		if (same_mem_type(pte_to_hw(__pte(get_mem_type(type)->prot_pte), 0), prot))
			return true;
	return false;
}

/* Is all of it kernel text, or the vectors? Init text is none: it is gone when anybody looks. */
static bool is_code(const struct pt_walk *w)
{
	unsigned long last = w->start + w->size - 1;

	if (w->start == CONFIG_VECTORS_BASE)
		return w->size == PAGE_SIZE;
	return w->start >= (unsigned long)_stext && last < (unsigned long)_etext &&
	       (last < (unsigned long)__inittext_begin || w->start >= (unsigned long)__inittext_end);
}

/* I7, I8, and what is counted. */
static int check_attributes(const struct pt_walk *w)
{
	unsigned int rights = pt_rights(w->prot);
	int bad = 0;

	counts.mappings++;
	if (w->start >= TASK_SIZE && rights & PT_EXEC && !is_code(w))
		counts.code_elsewhere += w->size >> PAGE_SHIFT;
	if (w->start >= TASK_SIZE && rights & (PT_USER_READ | PT_USER_WRITE))
		bad += violation("0x%08lx, %lu KiB: user space may touch it (I7)", w->start, w->size >> 10);
	if (!is_known_type(w->prot))
		bad += violation("0x%08lx, %lu KiB: nothing has this memory type, %08x (I8)", w->start,
				 w->size >> 10, (pteval_t)(w->prot & PTE_EXT_MEM_MASK));
	return bad;
}

static int check_leaf(const struct pt_walk *w, struct frame_map *unused)
{
	int bad = check_attributes(w);

	(void)unused;
	if ((pt_rights(w->prot) & PT_KERNEL_WX) == PT_KERNEL_WX)
		bad += violation("0x%08lx, %lu KiB: writable and executable (I4)", w->start,
				 w->size >> 10);
	if (w->start < PAGE_SIZE)
		bad += violation("page 0 is mapped, to 0x%08x (I6)", w->phys);
	if (is_lowmem_addr(w->start))
		return bad + check_lowmem_leaf(w);
	return memblock_is_memory(w->phys) ? bad : bad + check_device_alias(w);
}

/* ---- All of them ---- */

typedef int leaf_fn(const struct pt_walk *w, struct frame_map *map);

/* Every mapping of a page directory below @end; 0 is the top. */
static int for_each_leaf_in(const pgd_t *pgd, unsigned long end, leaf_fn *leaf, struct frame_map *map)
{
	unsigned long addr = 0;
	struct pt_walk w;
	int bad = 0;

	do {
		pt_walk_in(pgd, addr, &w);
		counts.entries += leaf == check_leaf;
		if (w.end == PT_UNREADABLE && leaf == check_leaf)
			bad += violation("0x%08lx: pmd %08x leads nowhere (I3)", w.start, w.l1);
		if (pt_is_mapped(&w))
			bad += leaf(&w, map);
		addr = w.start + w.size;
	} while (addr - 1 < end - 1);
	return bad;
}

/* Every mapping that there is: the kernel's once, and each mm's own. */
static int for_each_leaf(leaf_fn *leaf, struct frame_map *map)
{
	int bad = for_each_leaf_in(swapper_pg_dir, 0, leaf, map);
	struct mm_struct *mm;

	for_each_mm(mm)
		bad += for_each_leaf_in(mm->pgd, TASK_SIZE, leaf, map);
	return bad;
}

int pgtable_check(void)
{
	struct mm_struct *mm;
	int bad;

	counts = (struct pgtable_counts){ 0 };
	bad = check_pairs(swapper_pg_dir, 0);
	for_each_mm(mm)
		bad += check_pairs(mm->pgd, TASK_SIZE);
	return bad + mm_check() + for_each_leaf(check_leaf, NULL) + check_frames(for_each_leaf);
}

struct pgtable_counts pgtable_counts(void)
{
	return counts;
}

void show_pgtable_check(void)
{
	int bad = pgtable_check();

	console_printf("%u page directories, %u entries, %u of them map something; executable beside the "
		       "kernel's text and the vectors: %u pages; violations: %d\n", counts.directories,
		       counts.entries, counts.mappings, counts.code_elsewhere, bad);
}
