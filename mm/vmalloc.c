// SPDX-License-Identifier: MIT
/*
 * vmalloc(): an area, pages for it, and page tables. The entrance to the vmalloc area.
 *
 *    __vmalloc_node_range
 *      __get_vm_area_node       addresses: vm_area.c; alloc_vmap_area: vmap_area.c
 *      populate_area            a few pages at a time, until there are enough:
 *        alloc_some_pages         of high memory first
 *        vmap_pages_range_noflush vmap_range.c, where page tables come from, too
 *    vfree                      vfree.c: pages go back at once, ...
 *      free_vmap_area_lazy      ... addresses later: vmap_purge.c
 *
 *    vmap.c: addresses for pages that one has     vmap_block.c: for a few pages and a short time
 *    vread.c: looking in from outside             vmalloc_report.c, vmalloc_check.c
 *
 * M1. The pages of an area are those that its entries name: there is no other list of them. nr_pages
 *     says how many there are, from the first address on.
 */
#include <asm/cacheflush.h>
#include <kernel/printk.h>
#include <kernel/ratelimit.h>
#include <mm/kasan.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include "vmalloc_internal.h"

/* PAGES_AT_ONCE pages in one block, which costs no more than two pages. Return: was there one? */
static noinline bool alloc_run(struct page **pages, gfp_t gfp_mask)
{
	struct page *run = alloc_page_run(gfp_mask, PAGES_AT_ONCE_ORDER);

	if (unlikely(!run))
		return false;
	for (unsigned int i = 0; i < PAGES_AT_ONCE; i++)
		pages[i] = run + i;
	return true;
}

/* Return: how many pages there were of the @nr that are wanted. *@runs: are there any left? */
static inline unsigned int alloc_some_pages(struct page **pages, unsigned int nr, gfp_t gfp_mask,
					    int node, bool *runs)
{
	unsigned int i;

	if (nr == PAGES_AT_ONCE && *runs) {
		*runs = alloc_run(pages, gfp_mask);
		if (likely(*runs))
			return PAGES_AT_ONCE;
	}
	for (i = 0; i < nr; i++) {
		pages[i] = alloc_pages_node(node, gfp_mask, 0);
		if (unlikely(!pages[i]))
			break;
	}
	return i;
}

static void free_some_pages(struct page *const *pages, unsigned int nr)
{
	while (nr--)
		__free_page(*pages++);
}

/* Return: has the area all of its pages? If not, it has those that vm->nr_pages says. */
static bool populate_area(struct vm_struct *vm, gfp_t gfp_mask, pgprot_t prot, int node)
{
	unsigned long addr = (unsigned long)vm->addr, end = addr + get_vm_area_size(vm);
	struct page *pages[PAGES_AT_ONCE];
	bool runs = node == NUMA_NO_NODE;

	do {
		unsigned int wanted = min_t(unsigned int, (end - addr) >> PAGE_SHIFT, PAGES_AT_ONCE);
		unsigned int nr = alloc_some_pages(pages, wanted, gfp_mask, node, &runs);
		unsigned long next = addr + nr * PAGE_SIZE;

		if (nr && unlikely(vmap_pages_range_noflush(addr, next, prot, pages))) {
			vunmap_range(addr, next);
			free_some_pages(pages, nr);
			return false;
		}
		vm->nr_pages += nr;
		if (unlikely(nr < wanted))
			return false;
		addr = next;
	} while (addr != end);
	flush_cache_vmap((unsigned long)vm->addr, end);
	return true;
}

static void clear_area(const struct vm_struct *vm)
{
	unsigned long addr = (unsigned long)vm->addr;

	for (unsigned int i = 0; i < vm->nr_pages; i++, addr += PAGE_SIZE)
		clear_page(mapped_ptr(addr));
}

static __cold void *report_failure(unsigned long size, gfp_t gfp_mask, const void *caller,
				   const char *what)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);

	if (!(gfp_mask & __GFP_NOWARN) && __ratelimit(&limit))
		pr_warn("vmalloc: %lu bytes for %pS: %s\n", size, caller, what);
	return NULL;
}

/* All that it took goes back; and so do, memory being short, areas and page tables that can. */
static __cold void *undo_vmalloc(const struct vm_struct *vm, unsigned long size, gfp_t gfp_mask)
{
	const void *caller = vm->caller;

	vfree(vm->addr);
	vm_unmap_aliases();
	return report_failure(size, gfp_mask, caller, "out of memory");
}

/* Pages are zeroed by way of their new addresses, unless these cannot be written to. */
static bool zero_as_mapped(gfp_t *gfp_mask, pgprot_t prot)
{
	if (!(*gfp_mask & __GFP_ZERO) || !pte_write(__pte(pgprot_val(prot))))
		return false;
	*gfp_mask &= ~__GFP_ZERO;
	return true;
}

void *__vmalloc_node_range(unsigned long size, unsigned long align, unsigned long start,
			   unsigned long end, gfp_t gfp_mask, pgprot_t prot, unsigned long vm_flags,
			   int node, const void *caller)
{
	bool zero = zero_as_mapped(&gfp_mask, prot);
	struct vm_struct *vm;

	if (unlikely(!size || size >> PAGE_SHIFT > totalram_pages))
		return report_failure(size, gfp_mask, caller, "no size that can be");
	vm = __get_vm_area_node(size, align, VM_ALLOC | vm_flags, start, end, node, gfp_mask,
				caller);
	if (unlikely(!vm))
		return report_failure(size, gfp_mask, caller, "no room in the vmalloc area");
	if (unlikely(!populate_area(vm, gfp_mask | __GFP_NOWARN, prot, node)))
		return undo_vmalloc(vm, size, gfp_mask);
	if (zero)
		clear_area(vm);
	kasan_unpoison_vmalloc((unsigned long)vm->addr, size);
	return vm->addr;
}

/* Anywhere: there are no gaps but those of the vmalloc area. */
static inline void *vmalloc_prot(unsigned long size, gfp_t gfp_mask, pgprot_t prot,
				 unsigned long vm_flags, int node, const void *caller)
{
	return __vmalloc_node_range(size, PAGE_SIZE, 0, ~0UL, gfp_mask, prot, vm_flags, node,
				    caller);
}

#define CALLER	__builtin_return_address(0)

void *__vmalloc(unsigned long size, gfp_t gfp_mask, pgprot_t prot)
{
	return vmalloc_prot(size, gfp_mask, prot, 0, NUMA_NO_NODE, CALLER);
}

void *vmalloc(unsigned long size)
{
	return vmalloc_prot(size, GFP_KERNEL | __GFP_HIGHMEM, PAGE_KERNEL, 0, NUMA_NO_NODE, CALLER);
}

void *vzalloc(unsigned long size)
{
	return vmalloc_prot(size, GFP_KERNEL | __GFP_HIGHMEM | __GFP_ZERO, PAGE_KERNEL, 0,
			    NUMA_NO_NODE, CALLER);
}

void *vmalloc_user(unsigned long size)
{
	return vmalloc_prot(size, GFP_KERNEL | __GFP_HIGHMEM | __GFP_ZERO, PAGE_KERNEL, VM_USERMAP,
			    NUMA_NO_NODE, CALLER);
}

void *vmalloc_node(unsigned long size, int node)
{
	return vmalloc_prot(size, GFP_KERNEL | __GFP_HIGHMEM, PAGE_KERNEL, 0, node, CALLER);
}

void *vzalloc_node(unsigned long size, int node)
{
	return vmalloc_prot(size, GFP_KERNEL | __GFP_HIGHMEM | __GFP_ZERO, PAGE_KERNEL, 0, node,
			    CALLER);
}

void *vmalloc_32(unsigned long size)
{
	return vmalloc_prot(size, GFP_KERNEL | __GFP_DMA32, PAGE_KERNEL, 0, NUMA_NO_NODE, CALLER);
}

void *vmalloc_dma(unsigned long size)
{
	return vmalloc_prot(size, GFP_KERNEL | __GFP_DMA, PAGE_KERNEL, 0, NUMA_NO_NODE, CALLER);
}
