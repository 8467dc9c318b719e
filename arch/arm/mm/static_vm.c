// SPDX-License-Identifier: MIT
/*
 * Device windows that are mapped for good, and the list of them that ioremap() looks into before it
 * makes a new mapping. After Linux's iotable_init() and struct static_vm (arch/arm/mm/mmu.c,
 * ioremap.c).
 *
 *    static_vmlist -> 0xfec00000, 8 KiB -> 0xfef00000, 1 MiB -> (head)
 *
 * I1. The list ascends by addr, and no two windows overlap (create_mapping() refuses the second).
 * I2. A window lies in the vmalloc area, and stays mapped for ever: it is an area that is taken.
 */
#include <asm/lowmem.h>
#include <asm/map.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <mm/vmalloc.h>

LIST_HEAD(static_vmlist);
struct static_vms static_vms = { .start = VMALLOC_END, .first_phys = PHYS_ADDR_MAX };

/* Insert before the first window above it (I1). */
static void __init add_static_vm_early(struct static_vm *svm)
{
	struct static_vm *curr;

	list_for_each_entry(curr, &static_vmlist, list)
		if (curr->addr > svm->addr)
			break;
	list_add_tail(&svm->list, &curr->list);
}

static bool __init in_vmalloc_area(const struct map_desc *md)
{
	return md->virtual >= VMALLOC_START && md->virtual < VMALLOC_END &&
	       md->length <= VMALLOC_END - md->virtual;
}

static void __init init_window(const struct map_desc *md, struct static_vm *svm)
{
	if (!in_vmalloc_area(md)) {
		pr_err("iotable_init: 0x%lx bytes at 0x%08lx: not in the vmalloc area\n",
		       md->length, md->virtual);
		return;
	}
	if (create_mapping(md))
		return;
	svm->addr = md->virtual;
	svm->size = md->length;
	svm->phys_addr = __pfn_to_phys(md->pfn);
	svm->type = md->type;
	add_static_vm_early(svm);
	static_vms.start = min(static_vms.start, svm->addr);
	static_vms.first_phys = min(static_vms.first_phys, svm->phys_addr);
	static_vms.last_phys = max(static_vms.last_phys, svm->phys_addr + (phys_addr_t)(svm->size - 1));
	svm->vm = (struct vm_struct){
		.addr = (void *)md->virtual, .size = md->length, .phys_addr = svm->phys_addr,
		.flags = VM_IOREMAP | VM_NO_GUARD, .caller = iotable_init,
	};
	vm_area_add_early(&svm->vm);
}

void __init iotable_init(const struct map_desc *io_desc, int nr)
{
	struct static_vm *svm;

	BUG_ON(nr <= 0, "%d windows", nr);
	svm = early_alloc_aligned(nr * sizeof(*svm), sizeof(svm->addr));
	for (int i = 0; i < nr; i++)
		init_window(&io_desc[i], &svm[i]);
}

struct static_vm *find_static_vm_vaddr(const void *vaddr)
{
	unsigned long addr = (unsigned long)vaddr;
	struct static_vm *svm;

	list_for_each_entry(svm, &static_vmlist, list)
		if (addr >= svm->addr && addr - svm->addr < svm->size)
			return svm;
	return NULL;
}

struct static_vm *find_static_vm_paddr(phys_addr_t paddr, size_t size, unsigned int type)
{
	struct static_vm *svm;

	list_for_each_entry(svm, &static_vmlist, list)
		if (svm->type == type && paddr >= svm->phys_addr && size <= svm->size &&
		    paddr - svm->phys_addr <= svm->size - size)
			return svm;
	return NULL;
}
