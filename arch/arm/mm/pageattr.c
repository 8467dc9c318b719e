// SPDX-License-Identifier: MIT
/*
 * set_memory_*(): change permissions of memory that is mapped. After Linux's arch/arm/mm/pageattr.c.
 *
 *    check_range()    every page can be changed                       nothing is changed yet
 *    split_range()    sections that only partly change get a table    nothing is changed but the size
 *    change_range()   entries of pages, and sections as a whole
 *    flush            all CPUs
 *    merge_range()    2 MiB that have become uniform, and writable: sections again
 *
 * Only permission bits change, of entries that stay valid with the same memory and memory type: the
 * new entry may be stored over the old one, with TLB maintenance after it (ARM DDI 0406C B3.10.1).
 * Where the size changes, split_section.c does it.
 *
 * I1. Either all pages of the range change, or none.
 * I2. Who splits, changes and merges holds set_memory_mutex: no two do it to the same 2 MiB, of which
 *     they may want different pages.
 */
#include <asm/mmu.h>
#include <asm/pgd.h>
#include <asm/set_memory.h>
#include <asm/tlbflush.h>
#include <kernel/bugs.h>
#include <kernel/mutex.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <mm/handoff.h>
#include <mm/mm_struct.h>

static DEFINE_MUTEX(set_memory_mutex);

/* Bits to set and to clear in a range of Linux entries. */
struct page_change {
	const char *name;
	pteval_t set;
	pteval_t clear;
};

static pte_t changed(pte_t pte, const struct page_change *change)
{
	return __pte((pte_val(pte) & ~change->clear) | change->set);
}

static bool is_wx(pte_t pte)
{
	return pte_write(pte) && pte_exec(pte);
}

/* The level-1 entry for @addr itself. */
static pmd_t *pmd_for(unsigned long addr)
{
	return pmd_off_k(addr) + ((addr >> SECTION_SHIFT) & 1);
}

/*
 * What maps @addr: the Linux entry of its page, or one that means the same as its section; not present
 * if nothing does. @size: bytes up to the next entry.
 */
static pte_t mapped_by(unsigned long addr, unsigned long *size)
{
	pmd_t *pmd = pmd_off_k(addr);

	if (pmd_table(*pmd)) {
		*size = PAGE_SIZE;
		return *pte_offset_kernel(pmd, addr);
	}
	*size = SECTION_SIZE - (addr & ~SECTION_MASK);
	return pmd_sect(*pmd_for(addr)) ? sect_to_pte(*pmd_for(addr)) : __pte(0);
}

/* The end of the piece of @addr..@end, not empty, that one MiB has; @end may be 0. */
static unsigned long section_addr_end(unsigned long addr, unsigned long end)
{
	unsigned long boundary = (addr + SECTION_SIZE) & SECTION_MASK;

	return boundary - 1 < end - 1 ? boundary : end;
}

static int refuse(unsigned long addr, const struct page_change *change, const char *why, int error)
{
	pr_err("%s: 0x%08lx: %s\n", change->name, addr, why);
	return error;
}

/* 0 or -errno; nothing is changed yet (I1). */
static int check_range(unsigned long addr, unsigned long end, const struct page_change *change)
{
	unsigned long size;

	for (; addr - 1 < end - 1; addr += size) {
		pte_t pte = mapped_by(addr, &size);

		if (!pte_present(pte))
			return refuse(addr, change, "not mapped", -EINVAL);
		if (is_wx(changed(pte, change)) && !bug(WRITE_EXECUTE))
			return refuse(addr, change, "would be writable and executable", -EPERM);
	}
	return 0;
}

/* Must the section that maps @addr become pages? Not if it changes as a whole, or not at all. */
static bool must_split(unsigned long addr, unsigned long end, const struct page_change *change)
{
	pmd_t pmd = *pmd_for(addr);

	if (!pmd_sect(pmd) || pte_val(changed(sect_to_pte(pmd), change)) == pte_val(sect_to_pte(pmd)))
		return false;
	return end - addr != SECTION_SIZE || pmd_val(pmd) & PMD_SECT_SUPER;
}

static void merge_range(unsigned long addr, unsigned long end)
{
	for (; addr != end; addr = pgd_addr_end(addr, end))
		merge_sections(addr);
}

/* 0 or -errno; then all is as it was (I1), but that a section that was read-only may be pages now. */
static int split_range(unsigned long start, unsigned long end, const struct page_change *change)
{
	for (unsigned long addr = start, next; addr != end; addr = next) {
		int error = 0;

		next = section_addr_end(addr, end);
		if (must_split(addr, next, change))
			error = split_sections(addr);
		if (!error)
			continue;
		merge_range(start, addr);
		return refuse(addr, change, error == -ENOMEM ? "no memory for a page table" :
			      "a section that pages cannot stand for", error);
	}
	return 0;
}

/* A whole section: in every page directory that has it. */
static void change_section(unsigned long addr, const struct page_change *change)
{
	pmd_t pmds[2] = { pmd_off_k(addr)[0], pmd_off_k(addr)[1] };
	pmd_t *pmd = &pmds[(addr >> SECTION_SHIFT) & 1];
	unsigned long flags;

	spin_lock_irqsave(&init_mm.page_table_lock, flags);
	*pmd = change_sect(*pmd, changed(sect_to_pte(*pmd), change));
	set_kernel_pmds(addr & PMD_MASK, pmds, ARRAY_SIZE(pmds));
	spin_unlock_irqrestore(&init_mm.page_table_lock, flags);
}

static void change_pages(unsigned long addr, unsigned long end, const struct page_change *change)
{
	for (; addr != end; addr += PAGE_SIZE) {
		pte_t *pte = pte_offset_kernel(pmd_off_k(addr), addr);

		set_pte_ext(pte, changed(*pte, change), pte_val(pte[PTE_HWTABLE_PTRS]) & PTE_EXT_NG);
	}
}

static void change_range(unsigned long addr, unsigned long end, const struct page_change *change)
{
	for (unsigned long next; addr != end; addr = next) {
		next = section_addr_end(addr, end);
		if (pmd_table(*pmd_off_k(addr)))
			change_pages(addr, next, change);
		else if (next - addr == SECTION_SIZE)
			change_section(addr, change);	/* the rest has what it is to have already */
	}
}

/* Context: I2, or one CPU, and memory is memblock's. */
static int change_memory(unsigned long addr, unsigned long end, const struct page_change *change)
{
	int error = check_range(addr, end, change);

	if (!error)
		error = split_range(addr, end, change);
	if (error)
		return error;
	change_range(addr, end, change);
	flush_tlb_kernel_range(addr, end);
	flush_bp_all();
	merge_range(addr, end);
	return 0;
}

static int change_memory_common(unsigned long addr, int numpages, const struct page_change *change)
{
	unsigned long end = addr + (unsigned long)numpages * PAGE_SIZE;
	int error;

	if (!IS_ALIGNED(addr, PAGE_SIZE) || addr < TASK_SIZE)
		return refuse(addr, change, "no page of the kernel's", -EINVAL);
	if (numpages < 0 || (unsigned long)numpages > -addr >> PAGE_SHIFT)
		return refuse(addr, change, "beyond the end of the address space", -EINVAL);
	if (numpages == 0)
		return 0;
	if (mm_stage != MM_BUDDY)
		return change_memory(addr, end, change);
	mutex_lock(&set_memory_mutex);
	error = change_memory(addr, end, change);
	mutex_unlock(&set_memory_mutex);
	return error;
}

int set_memory_ro(unsigned long addr, int numpages)
{
	static const struct page_change change = { .name = __func__, .set = L_PTE_RDONLY };

	return change_memory_common(addr, numpages, &change);
}

int set_memory_rw(unsigned long addr, int numpages)
{
	static const struct page_change change = { .name = __func__, .clear = L_PTE_RDONLY };

	return change_memory_common(addr, numpages, &change);
}

int set_memory_nx(unsigned long addr, int numpages)
{
	static const struct page_change change = { .name = __func__, .set = L_PTE_XN };

	return change_memory_common(addr, numpages, &change);
}

int set_memory_x(unsigned long addr, int numpages)
{
	static const struct page_change change = { .name = __func__, .clear = L_PTE_XN };

	return change_memory_common(addr, numpages, &change);
}
