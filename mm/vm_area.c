// SPDX-License-Identifier: MIT
/*
 * Areas with an owner: struct vm_struct, and those that are there before anything can be allocated.
 *
 *    vm_area_add_early --> early_areas ...  --vmalloc_init()-->  busy areas, and the gaps between them
 *
 * N1. The list of early areas ascends by address; vmalloc_init() makes busy areas of them, with nodes that
 *     are there since boot. Who never asks for an area pays for no cache.
 * N2. vmap_area_cachep is set last: whoever sees it may use both caches.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/mutex.h>
#include <kernel/printk.h>
#include <lib/math.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include "vmalloc_internal.h"

struct kmem_cache *vmap_area_cachep, *vm_struct_cachep;
struct vmap_area early_nodes[NR_EARLY_NODES];

static struct vm_struct *early_areas __initdata;
static unsigned int nr_early_nodes __initdata;
static DEFINE_MUTEX(create_lock);

/* ---- Before vmalloc_init() ---- */

void __init vm_area_add_early(struct vm_struct *vm)
{
	struct vm_struct **p = &early_areas;

	BUG_ON(nr_early_nodes, "vmalloc_init() was already");
	while (*p && (*p)->addr < vm->addr)
		p = &(*p)->next;
	BUG_ON(*p && vm->addr + vm->size > (*p)->addr, "%p, %lu bytes, and %p (V1)", vm->addr,
	       vm->size, (*p)->addr);
	vm->next = *p;
	*p = vm;
}

void __init vm_area_register_early(struct vm_struct *vm, size_t align)
{
	unsigned long addr = ALIGN(VMALLOC_START, align);

	for (const struct vm_struct *next = early_areas; next; next = next->next) {
		if ((unsigned long)next->addr > addr &&
		    (unsigned long)next->addr - addr >= vm->size)
			break;
		addr = ALIGN((unsigned long)next->addr + next->size, align);
	}
	BUG_ON(addr > VMALLOC_END || VMALLOC_END - addr < vm->size, "no room for %lu bytes",
	       vm->size);
	vm->addr = (void *)addr;
	vm_area_add_early(vm);
}

static struct vmap_area *__init early_vmap_area(unsigned long start, unsigned long end)
{
	struct vmap_area *va = &early_nodes[nr_early_nodes++];

	BUG_ON(nr_early_nodes > NR_EARLY_NODES, "too many areas are there since boot");
	va->va_start = start;
	va->va_end = end;
	return va;
}

static void __init add_early_gap(unsigned long start, unsigned long end)
{
	struct vmap_area *unused = NULL;

	if (start < end)
		merge_vmap_area(early_vmap_area(start, end), &unused);
}

void __init vmalloc_init(void)
{
	unsigned long addr = VMALLOC_START, flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	for (struct vm_struct *vm = early_areas; vm; vm = vm->next) {
		struct vmap_area *va = early_vmap_area((unsigned long)vm->addr,
						       (unsigned long)vm->addr + vm->size);

		va->vm = vm;
		insert_vmap_area(va);
		add_early_gap(addr, va->va_start);
		addr = va->va_end;
	}
	add_early_gap(addr, VMALLOC_END);
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	vmap_purge_init();
	pr_info("vmalloc: VMALLOC_START 0x%08lx, VMALLOC_END 0x%08lx, VMALLOC_OFFSET %lu MiB, VMALLOC_RESERVE %lu MiB\n",
		VMALLOC_START, VMALLOC_END, VMALLOC_OFFSET >> 20, VMALLOC_RESERVE >> 20);
}

/* ---- The caches ---- */

static bool is_early_node(const struct vmap_area *va)
{
	return va >= early_nodes && va < early_nodes + NR_EARLY_NODES;
}

/* Give a gap that has an early node @va instead. Return: was there one? */
static bool replace_early_gap(struct vmap_area *va)
{
	struct vmap_area *gap, *unused = NULL;
	struct rb_node *node;
	unsigned long flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	for_each_vmap_area(gap, node, &free_vmap_area_root)
		if (is_early_node(gap))
			break;
	if (node) {
		va->va_start = gap->va_start;
		va->va_end = gap->va_end;
		remove_gap(gap, &unused);
		merge_vmap_area(va, &unused);
	}
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return node;
}

/* From now on gaps come and go: all of them with nodes of the cache, if there is memory. */
static void replace_early_gaps(void)
{
	struct vmap_area *va;

	do {
		va = kmem_cache_alloc(vmap_area_cachep, GFP_KERNEL);
	} while (va && replace_early_gap(va));
	if (va)
		kmem_cache_free(vmap_area_cachep, va);
}

/* A cache for pieces, and one for their owners, of the same size. Return: are both there? */
bool create_vmap_caches(void)
{
	mutex_lock(&create_lock);
	if (!vm_struct_cachep)
		vm_struct_cachep = kmem_cache_create("vm_struct", sizeof(struct vm_struct), 0,
						     SLAB_NO_MERGE, NULL);
	if (vm_struct_cachep && !vmap_area_cachep)
		smp_store_release(&vmap_area_cachep,
				  kmem_cache_create("vmap_area", sizeof(struct vmap_area), 0,
						    SLAB_NO_MERGE, NULL));
	if (vmap_area_cachep)
		replace_early_gaps();
	mutex_unlock(&create_lock);
	return vmap_area_cachep;
}

/* ---- Areas ---- */

/* As __get_vm_area_node(), for a room whose size leaves out the guard page. */
static __always_inline struct vm_struct *get_room(struct vmap_room *room, unsigned long flags,
						  gfp_t gfp_mask, const void *caller)
{
	struct vm_struct *vm;

	might_sleep();
	if (unlikely(!room->size || room->size > VMALLOC_END - VMALLOC_START))
		return NULL;
	if (flags & VM_IOREMAP && room->size > PAGE_SIZE)
		room->align = 1UL << clamp(ilog2(2 * room->size - 1), PAGE_SHIFT + 0u,
					   IOREMAP_MAX_ORDER + 0u);
	if (bug(GUARD_PAGE))
		flags |= VM_NO_GUARD;
	if (!(flags & VM_NO_GUARD))
		room->size += PAGE_SIZE;

	if (unlikely(!READ_ONCE(vmap_area_cachep)) && !create_vmap_caches())
		return NULL;
	vm = __kmem_cache_alloc(vm_struct_cachep, gfp_mask & GFP_RECLAIM_MASK);
	if (unlikely(!vm))
		return NULL;
	vm->size = room->size;
	vm->flags = flags;
	vm->nr_pages = 0;
	vm->phys_addr = 0;
	vm->caller = caller;
	if (likely(alloc_vmap_area(room, vm, gfp_mask)))
		return vm;
	kmem_cache_free(vm_struct_cachep, vm);
	return NULL;
}

struct vm_struct *__get_vm_area_node(unsigned long size, unsigned long align, unsigned long flags,
				     unsigned long start, unsigned long end, int node,
				     gfp_t gfp_mask, const void *caller)
{
	struct vmap_room room = { PAGE_ALIGN(size), align, start, end };

	(void)node;
	return get_room(&room, flags, gfp_mask, caller);
}

struct vm_struct *get_vm_area_caller(unsigned long size, unsigned long flags, const void *caller)
{
	struct vmap_room room = { PAGE_ALIGN(size), PAGE_SIZE, VMALLOC_START, VMALLOC_END };

	return get_room(&room, flags, GFP_KERNEL, caller);
}

struct vm_struct *get_vm_area(unsigned long size, unsigned long flags)
{
	return get_vm_area_caller(size, flags, __builtin_return_address(0));
}

struct vm_struct *find_vm_area(const void *addr)
{
	struct vm_struct *vm;
	struct vmap_area *va;
	unsigned long flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	va = __find_vmap_area((unsigned long)addr);
	vm = va ? va->vm : NULL;
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return vm;
}

static bool conflicts(const struct vm_struct *vm, phys_addr_t first, phys_addr_t last,
		      unsigned long mtype)
{
	return vm->flags & VM_IOREMAP && (vm->flags & VM_ARM_MTYPE_MASK) != mtype &&
	       vm->phys_addr <= last && first <= vm->phys_addr + (get_vm_area_size(vm) - 1);
}

bool find_ioremap_conflict(phys_addr_t first, phys_addr_t last, unsigned long mtype,
			   struct vm_struct *found)
{
	const struct vmap_area *va;
	struct rb_node *node;
	unsigned long flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	for_each_vmap_area(va, node, &vmap_area_root)
		if (va->vm && conflicts(va->vm, first, last, mtype)) {
			*found = *va->vm;
			break;
		}
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return node;
}

struct vm_struct *remove_vm_area(const void *addr)
{
	struct vmap_area *va = take_vm_area(addr, VM_KINDS, __builtin_return_address(0));
	struct vm_struct *vm;

	if (!va)
		return NULL;
	vm = va->vm;
	free_unmap_vmap_area(va);
	return vm;
}

void free_vm_area(struct vm_struct *area)
{
	struct vm_struct *vm = remove_vm_area(area->addr);

	BUG_ON(vm != area, "%p is not the area at %p", (void *)area, area->addr);
	kmem_cache_free(vm_struct_cachep, area);
}
