// SPDX-License-Identifier: MIT
/*
 * Giving areas up: vfree(), and what vunmap() shares with it.
 *
 *    vfree ------------> take_vm_area --> release_area: pages, vm_struct, free_vmap_area_lazy
 *    vfree in an irq --> take_vm_area --> deferred ... a worker: release_area
 *
 * The address is looked at where the mistake is made, whoever frees the memory later.
 *
 * F1. An area that was taken is in no tree, and belongs to who took it: of two who free the same
 *     address one gets it, and the other one's mistake is named.
 * F2. deferred_lock is held while areas that were put aside are released: who has waited for it finds
 *     all of them released that were put aside before.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/hardirq.h>
#include <kernel/mutex.h>
#include <kernel/workqueue.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include "vmalloc_internal.h"

static struct vmap_area *deferred;	/* a chain: pushed to without a lock */
static DEFINE_MUTEX(deferred_lock);

struct vmap_area *take_vm_area(const void *addr, unsigned long kind, const void *caller)
{
	struct vmap_area *va;
	unsigned long flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	va = __find_vmap_area((unsigned long)addr);
	if (likely(va && va->vm && va->va_start == (unsigned long)addr && va->vm->flags & kind)) {
		unlink_vmap_area(va);
		note_freed_area(va->vm, caller);
	} else {
		va = NULL;
	}
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	if (unlikely(!va))
		report_bad_vfree(addr, kind, caller);
	return va;
}

/* They lie side by side, if they are as they came from alloc_page_run(). */
static bool is_run(struct page *const *pages)
{
	if (page_to_pfn(pages[0]) % PAGES_AT_ONCE)
		return false;
	for (unsigned int i = 1; i < PAGES_AT_ONCE; i++)
		if (pages[i] != pages[0] + i)
			return false;
	return true;
}

static void free_some_pages(struct page *const *pages, unsigned int nr)
{
	if (nr == PAGES_AT_ONCE && is_run(pages)) {
		free_page_run(pages[0], PAGES_AT_ONCE_ORDER);
		return;
	}
	while (nr--)
		__free_page(*pages++);
}

/* Unmap @nr addresses. Return: how many pages were mapped there, which are in @pages. */
static inline unsigned int unmap_pages(unsigned long addr, unsigned int nr, struct page **pages)
{
	unsigned int found = 0, here;

	do {
		pmd_t *pmd = pmd_off_k(addr);

		here = min(nr, ptes_left(addr));
		if (likely(pmd_table(*pmd)))
			found += take_ptes(pte_offset_kernel(pmd, addr), here, pages + found);
		addr += here * PAGE_SIZE;
	} while (nr -= here);
	return found;
}

/* Unmap the pages of an area, and free them. Debug builds see that no TLB knows them then. */
static void free_area_pages(const struct vmap_area *va, const struct vm_struct *vm)
{
	unsigned int nr_pages = vm->nr_pages;
	unsigned long addr = va->va_start;
	struct page *pages[PAGES_AT_ONCE];

	do {
		unsigned int nr = min(nr_pages, PAGES_AT_ONCE);
		unsigned int found = unmap_pages(addr, nr, pages);

		WARN_ON(found != nr, "%u of %u pages of the area at %08lx (M1)", found, nr,
			va->va_start);
		flush_unmapped(addr, addr + nr * PAGE_SIZE);
		if (unlikely(vm->flags & VM_FLUSH_RESET_PERMS))
			release_exec_pages(addr, pages, found);
		free_some_pages(pages, found);
		if (bug(PCP_TWICE))
			__free_page(pages[0]);
		addr += nr * PAGE_SIZE;
		nr_pages -= nr;
	} while (nr_pages);
}

static void release_area(struct vmap_area *va)
{
	struct vm_struct *vm = va->vm;

	if (vm->nr_pages)
		free_area_pages(va, vm);
	kmem_cache_free(vm_struct_cachep, vm);
	free_vmap_area_lazy(va);
}

/* ---- Later ---- */

void vfree_deferred(void)
{
	struct vmap_area *va;

	mutex_lock(&deferred_lock);
	va = xchg(&deferred, NULL);
	while (va) {
		struct vmap_area *next = va->next;

		release_area(va);
		va = next;
	}
	mutex_unlock(&deferred_lock);
}

static void vfree_work_fn(struct work_struct *work)
{
	(void)work;
	vfree_deferred();
}

static DECLARE_WORK(vfree_work, vfree_work_fn);

static void vfree_later(struct vmap_area *va)
{
	struct vmap_area *first;

	do {
		first = READ_ONCE(deferred);
		va->next = first;
	} while (cmpxchg(&deferred, first, va) != first);
	schedule_work(&vfree_work);
}

/* ---- Now ---- */

void vfree_atomic(const void *addr)
{
	struct vmap_area *va = addr ? take_vm_area(addr, VM_ALLOC, _RET_IP_) : NULL;

	if (va)
		vfree_later(va);
}

void vfree(const void *addr)
{
	struct vmap_area *va;

	if (!addr)
		return;
	va = take_vm_area(addr, VM_ALLOC, _RET_IP_);
	if (unlikely(!va))
		return;
	if (unlikely(in_atomic() || irqs_disabled()))
		vfree_later(va);
	else
		release_area(va);
}

void vunmap_kind(const void *addr, unsigned long kind, const void *caller)
{
	struct vmap_area *va = addr ? take_vm_area(addr, kind, caller) : NULL;

	if (!va)
		return;
	kmem_cache_free(vm_struct_cachep, va->vm);
	free_unmap_vmap_area(va);
}
