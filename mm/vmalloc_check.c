// SPDX-License-Identifier: MIT
/*
 * vmalloc_check(): the vmalloc area, walked whole. Gaps, busy and lazy areas must cover it (V4), and the
 * page table must say what they do.
 */
#define pr_fmt(fmt) "vmalloc_check: " fmt
#include <asm/pgalloc.h>
#include <kernel/printk.h>
#include <mm/mm.h>
#include "vmalloc_internal.h"

#define va_ok(ok, va, fmt, ...) ({								\
	bool __ok = (ok);									\
	if (!__ok)										\
		pr_err("0x%08lx-0x%08lx: " fmt "\n", (va)->va_start, (va)->va_end, ##__VA_ARGS__); \
	__ok; })

static unsigned int nr_mapped(unsigned long addr, unsigned long end)
{
	unsigned long next;
	unsigned int nr = 0;

	for (; addr < end; addr = next) {
		pmd_t *pmd = pmd_off_k(addr);

		next = pgd_addr_end(addr, end);
		if (!pmd_table(*pmd))
			continue;
		for (unsigned long page = addr; page != next; page += PAGE_SIZE)
			nr += !pte_none(*pte_offset_kernel(pmd, page));
	}
	return nr;
}

/* V2; and 2 MiB of gap have no page table (W2 of vmap_purge.c). */
static bool check_gap(const struct vmap_area *gap, unsigned long last_end)
{
	unsigned long addr = ALIGN(gap->va_start, PMD_SIZE);
	bool ok = va_ok(gap->va_start != last_end || !last_end, gap, "touches the gap below (V5)") &
		  va_ok(!nr_mapped(gap->va_start, gap->va_end), gap, "a gap, and mapped");

	for (; addr < gap->va_end && gap->va_end - addr >= PMD_SIZE; addr += PMD_SIZE)
		ok &= va_ok(pmd_none(*pmd_off_k(addr)), gap, "a page table is left at 0x%08lx", addr);
	return ok;
}

static bool check_busy(const struct vmap_area *va)
{
	const struct vm_struct *vm = va->vm;
	unsigned long end;

	if (!vm)
		return !va->vb || va_ok(vmap_block_check(va), va, "a block, and its pages are wrong");
	end = (unsigned long)vm->addr + get_vm_area_size(vm);
	return va_ok((unsigned long)vm->addr == va->va_start && vm->size == va_size(va), va,
		     "owned by %p, %lu bytes", vm->addr, vm->size) &&
	       va_ok(!nr_mapped(end, va->va_end), va, "its guard page is mapped (V1)") &
	       va_ok(!(vm->flags & VM_ALLOC) || nr_mapped(va->va_start, end) == vm->nr_pages, va,
		     "%u pages are mapped of %u", nr_mapped(va->va_start, end), vm->nr_pages);
}

/* Bytes of all gaps, busy and lazy areas. Context: vmap_area_lock held. */
static unsigned long check_areas(bool *ok)
{
	unsigned long bytes = 0, last_end = 0;
	const struct vmap_area *va;
	struct rb_node *node;

	for_each_vmap_area(va, node, &free_vmap_area_root) {
		*ok &= check_gap(va, last_end);
		last_end = va->va_end;
		bytes += va_size(va);
	}
	last_end = 0;
	for_each_vmap_area(va, node, &vmap_area_root) {
		*ok &= va_ok(va->va_start >= last_end, va, "overlaps the area below (V1)") &
		       check_busy(va);
		last_end = va->va_end;
		bytes += va_size(va);
	}
	for (va = vmap_purge_list; va; va = va->next) {
		*ok &= va_ok(!nr_mapped(va->va_start, va->va_end), va, "freed, and mapped (V2)");
		bytes += va_size(va);
	}
	return bytes;
}

/* Does each gap know the largest below it? */
static bool check_gap_sizes(const struct rb_node *node, unsigned long *most)
{
	unsigned long below[2] = { 0, 0 };
	const struct vmap_area *gap;
	bool ok = true;

	*most = 0;
	if (!node)
		return true;
	gap = to_vmap_area(node);
	for (unsigned int side = 0; side < 2; side++)
		ok &= check_gap_sizes(node->rb_child[side], &below[side]);
	*most = max(va_size(gap), max(below[0], below[1]));
	return ok & va_ok(gap->subtree_max_size == *most, gap, "largest below is %lu, and it says %lu",
			  *most, gap->subtree_max_size);
}

bool vmalloc_check(void)
{
	unsigned long flags, bytes, most;
	bool ok = true;

	spin_lock_irqsave(&vmap_area_lock, flags);
	if (rb_check(&vmap_area_root) < 0 || rb_check(&free_vmap_area_root) < 0) {
		pr_err("a tree is out of balance\n");
		ok = false;
	}
	ok &= check_gap_sizes(free_vmap_area_root.rb_node, &most);
	bytes = check_areas(&ok);
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	if (bytes != VMALLOC_END - VMALLOC_START) {
		pr_err("%lu bytes in areas and gaps, of %lu (V4)\n", bytes, VMALLOC_END - VMALLOC_START);
		ok = false;
	}
	return ok;
}
