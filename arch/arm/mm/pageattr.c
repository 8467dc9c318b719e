// SPDX-License-Identifier: MIT
/*
 * set_memory_*(): change permissions of pages that are mapped. After Linux's
 * arch/arm/mm/pageattr.c.
 *
 * Only permission bits change, of entries that stay valid with the same page and memory type: the
 * new entry may be stored over the old one, with TLB maintenance after it (ARM DDI 0406C B3.10.1).
 *
 * I1. Either all pages of the range change, or none.
 */
#include <asm/pgtable.h>
#include <asm/set_memory.h>
#include <asm/tlbflush.h>
#include <kernel/printk.h>
#include <lib/errno.h>

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

/* The Linux entry of a page, or NULL if no page table maps it. */
static pte_t *mapped_pte(unsigned long addr)
{
	pmd_t *pmd = pmd_off_k(addr);
	pte_t *pte;

	if (!pmd_table(*pmd))
		return NULL;
	pte = pte_offset_kernel(pmd, addr);
	return pte_present(*pte) ? pte : NULL;
}

static int refuse(unsigned long addr, const struct page_change *change, const char *why, int error)
{
	pr_err("%s: 0x%08lx: %s\n", change->name, addr, why);
	return error;
}

/* 0 or -errno; nothing is changed yet (I1). */
static int check_pages(unsigned long addr, unsigned long end, const struct page_change *change)
{
	for (; addr != end; addr += PAGE_SIZE) {
		pte_t *pte = mapped_pte(addr);

		if (!pte)
			return refuse(addr, change, "not mapped by a page", -EINVAL);
		if (is_wx(changed(*pte, change)))
			return refuse(addr, change, "would be writable and executable", -EPERM);
	}
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
	error = check_pages(addr, end, change);
	if (error)
		return error;

	for (unsigned long page = addr; page != end; page += PAGE_SIZE) {
		pte_t *pte = mapped_pte(page);

		set_pte_ext(pte, changed(*pte, change), 0);
	}
	flush_tlb_kernel_range(addr, end);
	flush_bp_all();
	return 0;
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
