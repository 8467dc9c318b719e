// SPDX-License-Identifier: MIT
/*
 * vmalloc_exec(): memory that becomes code. Who could write to code by another address would make nothing
 * of its being read-only, and lowmem's pages have one, in the linear mapping:
 *
 *                      the area                    the linear mapping, if it is a page of lowmem
 *    vmalloc_exec      writable, not executable    read-only
 *    the user          filled, set_memory_ro(), set_memory_x()
 *    vfree             unmapped, flushed           writable again; then the page is free
 *
 * X1. From vmalloc_exec() to vfree() no page of the area is writable by its linear mapping.
 *
 * As Linux's VM_FLUSH_RESET_PERMS.
 */
#include <asm/set_memory.h>
#include <asm/tlbflush.h>
#include <kernel/bug.h>
#include <mm/mm.h>
#include "vmalloc_internal.h"

/* 0 or -errno (X1). */
static int protect_linear_mapping(const char *addr, unsigned int nr_pages)
{
	int error = 0;

	for (; nr_pages && !error; nr_pages--, addr += PAGE_SIZE) {
		void *linear = page_address(vmalloc_to_page(addr));

		if (linear)
			error = set_memory_ro((unsigned long)linear, 1);
	}
	return error;
}

void release_exec_pages(unsigned long addr, struct page *const *pages, unsigned int nr)
{
	flush_tlb_kernel_range(addr, addr + nr * PAGE_SIZE);
	for (; nr; nr--, pages++) {
		void *linear = page_address(*pages);
		int error = linear ? set_memory_rw((unsigned long)linear, 1) : 0;

		BUG_ON(error, "%p cannot be made writable again: %d (X1)", linear, error);
	}
}

void *vmalloc_exec(unsigned long size)
{
	char *p = __vmalloc_node_range(size, PAGE_SIZE, 0, ~0UL, GFP_KERNEL | __GFP_HIGHMEM,
				       PAGE_KERNEL, VM_FLUSH_RESET_PERMS, NUMA_NO_NODE,
				       __builtin_return_address(0));

	if (p && protect_linear_mapping(p, find_vm_area(p)->nr_pages)) {
		vfree(p);
		return NULL;
	}
	return p;
}
