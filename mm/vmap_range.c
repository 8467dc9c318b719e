// SPDX-License-Identifier: MIT
/*
 * Ranges of kernel addresses, mapped and unmapped a page table at a time:
 *
 *    addr      2 MiB border        2 MiB border      end
 *    |------------|---------------------|-------------|
 *      one call      one call: 512 pages   one call      of set_ptes_pages(), clear_ptes(), ...
 *
 * So what is done for a page is two stores, and the way through the page directory is gone once for
 * many. What is mapped here is mapped by pages; a driver's window may use sections as well, which it
 * makes itself; they are unmapped here, with all that an area has.
 *
 * R1. An entry that is filled was empty, and no TLB has anything of it.
 */
#include <asm/cacheflush.h>
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include <kernel/bug.h>
#include <lib/errno.h>
#include <mm/memmap.h>
#include "vmalloc_internal.h"

static inline unsigned int nr_ptes(unsigned long addr, unsigned long next)
{
	return (next - addr) >> PAGE_SHIFT;
}

static inline void check_range(unsigned long addr, unsigned long end)
{
	VM_BUG_ON(!IS_ALIGNED(addr | end, PAGE_SIZE) || addr >= end, "%08lx-%08lx", addr, end);
}

int vmap_pages_range_noflush(unsigned long addr, unsigned long end, pgprot_t prot,
			     struct page *const *pages)
{
	unsigned int nr = (end - addr) >> PAGE_SHIFT, here;

	check_range(addr, end);
	tlb_check_unmapped(addr, end);		/* R1 */
	for (; nr; nr -= here, pages += here, addr += here * PAGE_SIZE) {
		pte_t *pte = pte_alloc_kernel(pmd_off_k(addr), addr);

		if (unlikely(!pte))
			return -ENOMEM;
		here = min(nr, ptes_left(addr));
		VM_BUG_ON(!pte_none(*pte), "%08lx: pte %08x (R1)", addr, pte_val(*pte));
		set_ptes_pages(pte, pages, here, prot);
	}
	return 0;
}

int vmap_range_noflush(unsigned long addr, unsigned long end, phys_addr_t phys, pgprot_t prot)
{
	unsigned long next;

	check_range(addr, end);
	VM_BUG_ON(!IS_ALIGNED(phys, PAGE_SIZE), "%08x", phys);
	for (; addr != end; addr = next) {
		pte_t *pte = pte_alloc_kernel(pmd_off_k(addr), addr);

		if (!pte)
			return -ENOMEM;
		next = pgd_addr_end(addr, end);
		VM_BUG_ON(!pte_none(*pte), "%08lx: pte %08x (R1)", addr, pte_val(*pte));
		set_ptes_ext(pte, pfn_pte(PHYS_PFN(phys), prot), nr_ptes(addr, next), 0);
		phys += next - addr;
	}
	return 0;
}

int ioremap_page_range(unsigned long addr, unsigned long end, phys_addr_t phys, pgprot_t prot)
{
	int error = vmap_range_noflush(addr, end, phys, prot);

	flush_cache_vmap(addr, end);
	return error;
}

void vunmap_range_noflush(unsigned long addr, unsigned long end)
{
	unsigned int nr = (end - addr) >> PAGE_SHIFT, here;

	check_range(addr, end);
	for (; nr; nr -= here, addr += here * PAGE_SIZE) {
		pmd_t *pmd = pmd_off_k(addr);

		here = min(nr, ptes_left(addr));
		if (pmd_table(*pmd))
			clear_ptes(pte_offset_kernel(pmd, addr), here);
		else if (here == PTRS_PER_PTE)
			pmd_clear_kernel_sections(addr);
	}
}

void vunmap_range(unsigned long addr, unsigned long end)
{
	vunmap_range_noflush(addr, end);
	flush_tlb_kernel_range(addr, end);
}

struct page *vmalloc_to_page(const void *addr)
{
	pmd_t *pmd = pmd_off_k((unsigned long)addr);
	pte_t pte;

	if (!pmd_table(*pmd))
		return NULL;
	pte = *pte_offset_kernel(pmd, (unsigned long)addr);
	return pte_present(pte) && pfn_valid(pte_pfn(pte)) ? pte_page(pte) : NULL;
}

unsigned long vmalloc_to_pfn(const void *addr)
{
	return page_to_pfn(vmalloc_to_page(addr));
}
