// SPDX-License-Identifier: MIT
/*
 * vmap(): addresses for pages that one has. They stay whose they are.
 */
#include <asm/cacheflush.h>
#include <mm/mm.h>
#include "vmalloc_internal.h"

void *vmap(struct page *const *pages, unsigned int count, unsigned long flags, pgprot_t prot)
{
	struct vm_struct *vm;
	unsigned long addr;

	if (unlikely(!count || count > totalram_pages))
		return NULL;
	vm = get_vm_area_caller((unsigned long)count << PAGE_SHIFT, VM_MAP | flags, _RET_IP_);
	if (unlikely(!vm))
		return NULL;
	addr = (unsigned long)vm->addr;
	if (unlikely(vmap_pages_range_noflush(addr, addr + (count << PAGE_SHIFT), prot, pages))) {
		vunmap(vm->addr);
		return NULL;
	}
	flush_cache_vmap(addr, addr + (count << PAGE_SHIFT));
	return vm->addr;
}

void vunmap(const void *addr)
{
	vunmap_kind(addr, VM_MAP, _RET_IP_);
}
