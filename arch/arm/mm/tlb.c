// SPDX-License-Identifier: MIT
/*
 * TLB maintenance by range, and of address spaces. The rest is inline in asm/tlbflush.h, with the
 * reasons.
 */
#include <asm/mmu_context.h>
#include <asm/tlbflush.h>
#include <kernel/bug.h>

/* Pages from @start on, in a range that ends at @end; 0 is the top of the address space. */
static unsigned long pages_between(unsigned long start, unsigned long end)
{
	VM_BUG_ON(end != 0 && end < start, "%08lx-%08lx", start, end);
	return (PAGE_ALIGN(end) - (start & PAGE_MASK)) >> PAGE_SHIFT;
}

/* Each page by itself: @mva is the first one's address, with the ASID in its low bits. */
static void invalidate_pages(unsigned long mva, unsigned long nr_pages)
{
	dsb(ishst);
	for (; nr_pages; nr_pages--, mva += PAGE_SIZE)
		tlbimvais(mva);
	dsb(ish);
	isb();
}

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	unsigned long nr_pages = pages_between(start, end);

	if (nr_pages >= TLB_FLUSH_ALL_PAGES)
		flush_tlb_all();
	else
		invalidate_pages(start & PAGE_MASK, nr_pages);
}

void flush_tlb_mm(struct mm_struct *mm)
{
	unsigned int asid = mm_asid(mm);

	if (asid == 0)
		return;
	dsb(ishst);
	tlbiasidis(asid);
	bpiallis();
	dsb(ish);
	isb();
}

void flush_tlb_range(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	unsigned long nr_pages = pages_between(start, end);
	unsigned int asid = mm_asid(mm);

	VM_BUG_ON(end > TASK_SIZE, "%08lx-%08lx is not user space", start, end);
	if (nr_pages >= TLB_FLUSH_ALL_PAGES)
		flush_tlb_mm(mm);
	else if (asid != 0)
		invalidate_pages((start & PAGE_MASK) | asid, nr_pages);
}

void flush_tlb_page(struct mm_struct *mm, unsigned long addr)
{
	addr &= PAGE_MASK;
	flush_tlb_range(mm, addr, addr + PAGE_SIZE);
}
