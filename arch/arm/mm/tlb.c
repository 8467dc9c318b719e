// SPDX-License-Identifier: MIT
/*
 * TLB maintenance by range. The rest is inline in asm/tlbflush.h, with the reasons.
 */
#include <asm/tlbflush.h>
#include <kernel/bug.h>

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	unsigned long addr = start & PAGE_MASK;
	unsigned long nr_pages = (PAGE_ALIGN(end) - addr) >> PAGE_SHIFT;

	VM_BUG_ON(end != 0 && end < start, "%08lx-%08lx", start, end);
	if (nr_pages >= TLB_FLUSH_ALL_PAGES) {
		flush_tlb_all();
		return;
	}
	dsb(ishst);
	for (; nr_pages; nr_pages--, addr += PAGE_SIZE)
		tlbimvais(addr);
	dsb(ish);
	isb();
}
