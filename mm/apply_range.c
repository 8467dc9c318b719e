// SPDX-License-Identifier: MIT
/*
 * apply_to_page_range(): through a range of addresses, one page table after the other.
 *
 *    addr         2 MiB border            2 MiB border        end
 *    |---------------|-----------------------|-----------------|
 *      table: fn, fn   no table: make one,      section: -EINVAL
 *                      or leave it out
 */
#include <asm/pgalloc.h>
#include <kernel/bug.h>
#include <lib/errno.h>
#include <mm/apply_range.h>
#include <mm/mm_struct.h>

/* What is the same for all of the range. */
struct walk {
	struct mm_struct *mm;
	pte_fn_t fn;
	void *data;
	bool create;
};

/* From @addr up to @end, which one table has. */
static int apply_to_table(const struct walk *walk, pte_t *pte, unsigned long addr, unsigned long end)
{
	int error = 0;

	for (; addr != end && !error; addr += PAGE_SIZE, pte++)
		if (walk->create || !pte_none(*pte))
			error = walk->fn(pte, addr, walk->data);
	return error;
}

/* The same, under the lock that user space has. */
static int apply_locked(const struct walk *walk, pte_t *pte, unsigned long addr, unsigned long end)
{
	unsigned long flags;
	int error;

	if (walk->mm == &init_mm)
		return apply_to_table(walk, pte, addr, end);
	spin_lock_irqsave(&walk->mm->page_table_lock, flags);
	error = apply_to_table(walk, pte, addr, end);
	spin_unlock_irqrestore(&walk->mm->page_table_lock, flags);
	return error;
}

static pte_t *alloc_pte(struct mm_struct *mm, pmd_t *pmd, unsigned long addr)
{
	return mm == &init_mm ? pte_alloc_kernel(pmd, addr) : pte_alloc_map(mm, pmd, addr);
}

/* The piece of 2 MiB that one entry of the page directory maps. */
static int apply_to_pmd(const struct walk *walk, unsigned long addr, unsigned long end)
{
	pmd_t *pmd = pmd_off(walk->mm, addr);
	pte_t *pte;

	if (pmd_none(*pmd) && !walk->create)
		return 0;
	if (WARN_ON(!pmd_none(*pmd) && !pmd_table(*pmd), "%08lx: a section, pmd %08x", addr, pmd_val(*pmd)))
		return -EINVAL;
	pte = alloc_pte(walk->mm, pmd, addr);
	return pte ? apply_locked(walk, pte, addr, end) : -ENOMEM;
}

/*
 * The kernel's half is init_mm's, and the others' is a copy: a table that one of them made there would be
 * nobody's (I1 of <mm/mm_struct.h>).
 */
static bool in_other_half(const struct walk *walk, unsigned long addr, unsigned long end)
{
	return walk->mm == &init_mm ? addr < TASK_SIZE : end - 1 >= TASK_SIZE;
}

static int apply(const struct walk *walk, unsigned long addr, unsigned long size)
{
	unsigned long end = addr + size, next;
	int error = 0;

	if (WARN_ON(!IS_ALIGNED(addr | size, PAGE_SIZE) || size == 0 || end - 1 < addr, "%08lx, %lu bytes",
		    addr, size))
		return -EINVAL;
	if (WARN_ON(in_other_half(walk, addr, end), "%08lx, %lu bytes: not in the half of mm %p", addr, size,
		    (void *)walk->mm))
		return -EINVAL;
	for (; addr != end && !error; addr = next) {
		next = pgd_addr_end(addr, end);
		error = apply_to_pmd(walk, addr, next);
	}
	return error;
}

int apply_to_page_range(struct mm_struct *mm, unsigned long addr, unsigned long size, pte_fn_t fn,
			void *data)
{
	const struct walk walk = { mm, fn, data, .create = true };

	return apply(&walk, addr, size);
}

int apply_to_existing_page_range(struct mm_struct *mm, unsigned long addr, unsigned long size,
				 pte_fn_t fn, void *data)
{
	const struct walk walk = { mm, fn, data, .create = false };

	return apply(&walk, addr, size);
}
