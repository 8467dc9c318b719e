// SPDX-License-Identifier: MIT
/*
 * Reports on the vmalloc area: /proc/vmallocinfo in Linux's format, numbers for meminfo, misuse, and
 * what an address was when a fault asks.
 *
 *    0xf0000000-0xf0003000   12288 careless_probe+0x8/0xc pages=2 vmalloc
 *                            bytes, the guard page included
 */
#include <kernel/printk.h>
#include <kernel/stacktrace.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include "vmalloc_internal.h"

unsigned int nr_vmalloc_errors;
struct freed_area freed_areas[NR_FREED_AREAS];
unsigned int freed_area_next;

const char *vm_area_kind(unsigned long flags)
{
	if (flags & VM_ALLOC)
		return "vmalloc area";
	if (flags & VM_MAP)
		return "vmap area";
	return flags & VM_IOREMAP ? "ioremap area" : "vm_area";
}

/* ---- /proc/vmallocinfo ---- */

static void show_vm_struct(const struct vm_struct *vm)
{
	if (vm->caller)
		pr_cont(" %pS", vm->caller);
	if (vm->nr_pages)
		pr_cont(" pages=%u", vm->nr_pages);
	if (vm->phys_addr)
		pr_cont(" phys=0x%08x", vm->phys_addr);
	pr_cont("%s%s%s%s\n", vm->flags & VM_IOREMAP ? " ioremap" : "",
		vm->flags & VM_ALLOC ? " vmalloc" : "", vm->flags & VM_MAP ? " vmap" : "",
		vm->flags & VM_USERMAP ? " user" : "");
}

/* The lowest busy area from @addr on, copied. Return: was there one? */
static bool next_area(unsigned long addr, struct vmap_area *copy, struct vm_struct *vm)
{
	struct rb_node *node;
	const struct vmap_area *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	for (node = vmap_area_root.rb_node; node; ) {
		const struct vmap_area *va = to_vmap_area(node);

		if (va->va_start >= addr)
			found = va;
		node = va->va_start >= addr ? node->rb_left : node->rb_right;
	}
	if (found) {
		*copy = *found;
		if (found->vm)
			*vm = *found->vm;
	}
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return found;
}

static void show_range(unsigned long start, unsigned long end)
{
	printk(KERN_INFO "0x%08lx-0x%08lx %7lu", start, end, end - start);
}

/*
 * What waits to be purged. Numbers only, as nobody keeps these areas from going meanwhile.
 */
static void show_lazy_areas(void)
{
	unsigned long nr_pages = nr_lazy_pages();

	if (nr_pages)
		printk(KERN_INFO "%lu pages in unpurged vm_areas\n", nr_pages);
}

void show_vmallocinfo(void)
{
	struct vmap_area va;
	struct vm_struct vm;

	for (unsigned long addr = 0; next_area(addr, &va, &vm); addr = va.va_end) {
		show_range(va.va_start, va.va_end);
		if (va.vm)
			show_vm_struct(&vm);
		else
			pr_cont(" vm_map_ram\n");
	}
	show_lazy_areas();
}

void vmalloc_usage(struct vmalloc_usage *usage)
{
	const struct vmap_area *va;
	struct rb_node *node;
	unsigned long flags;

	*usage = (struct vmalloc_usage){ 0 };
	spin_lock_irqsave(&vmap_area_lock, flags);
	for_each_vmap_area(va, node, &vmap_area_root)
		if (va->vm)
			usage->used += (unsigned long)va->vm->nr_pages << PAGE_SHIFT;
	usage->largest_chunk = largest_gap();
	spin_unlock_irqrestore(&vmap_area_lock, flags);
}

void for_each_vmalloc(void (*found)(void *arg, unsigned long start, unsigned long size), void *arg)
{
	const struct vmap_area *va;
	struct rb_node *node;

	for_each_vmap_area(va, node, &vmap_area_root)
		if (va->vm && va->vm->nr_pages)
			found(arg, va->va_start, (unsigned long)va->vm->nr_pages << PAGE_SHIFT);
}

unsigned int nr_vmalloc_areas(void)
{
	struct rb_node *node;
	unsigned int nr = 0;
	unsigned long flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	for (node = rb_first(&vmap_area_root); node; node = rb_next(node))
		nr++;
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return nr;
}

/* ---- What is known of an address ---- */

/* The last that was freed there. Context: vmap_area_lock held. */
static const struct freed_area *find_freed(unsigned long addr)
{
	for (unsigned int i = 1; i <= NR_FREED_AREAS; i++) {
		const struct freed_area *freed = &freed_areas[(freed_area_next - i) % NR_FREED_AREAS];

		if (freed->size && addr - ~freed->not_start < freed->size)
			return freed;
	}
	return NULL;
}

static void say_busy(char *buf, size_t size, const struct vm_struct *vm, unsigned long addr)
{
	unsigned long start = (unsigned long)vm->addr, end = start + get_vm_area_size(vm);
	const char *kind = vm_area_kind(vm->flags);

	if (addr >= end)
		scnprintf(buf, size, "overran %s 0x%08lx-0x%08lx by %lu bytes, allocated by %pS", kind,
			  start, end, addr - end + 1, vm->caller);
	else
		scnprintf(buf, size, "nothing is mapped there yet: %s 0x%08lx-0x%08lx, allocated by %pS",
			  kind, start, end, vm->caller);
}

static void say_freed(char *buf, size_t size, const struct freed_area *freed)
{
	scnprintf(buf, size, "use after vfree: area 0x%08lx-0x%08lx, allocated by %pS, was freed by %pS",
		  ~freed->not_start, ~freed->not_start + freed->size - PAGE_SIZE, freed->allocated_by,
		  freed->freed_by);
}

/* Somebody who holds the lock may be who faulted: it is tried for a while only. */
static bool try_lock(unsigned long *flags)
{
	for (unsigned int i = 0; i < 1000; i++)
		if (spin_trylock_irqsave(&vmap_area_lock, *flags))
			return true;
	return false;
}

bool vmalloc_verdict(char *buf, size_t size, unsigned long addr)
{
	const struct freed_area *freed;
	const struct vmap_area *va;
	unsigned long flags;
	bool known = true;

	if (!is_vmalloc_addr((void *)addr) || !try_lock(&flags))
		return false;
	va = __find_vmap_area(addr);
	freed = va ? NULL : find_freed(addr);
	if (va && va->vm)
		say_busy(buf, size, va->vm, addr);
	else if (va)
		scnprintf(buf, size, "vm_map_ram() has mapped nothing there");
	else if (freed)
		say_freed(buf, size, freed);
	else
		known = false;
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return known;
}

/* "vmalloc area 0xf0000000-0xf0001fff, offset 0x10, of foo+0x8/0x40" */
static void say_place(char *buf, size_t size, const struct vmap_area *va, unsigned long addr)
{
	const struct vm_struct *vm = va->vm;
	unsigned long start = va->va_start, end;

	if (!vm) {
		scnprintf(buf, size, "vm_map_ram() area 0x%08lx-0x%08lx, offset 0x%lx", start,
			  va->va_end - 1, addr - start);
		return;
	}
	end = start + get_vm_area_size(vm);
	if (addr >= end)
		scnprintf(buf, size, "guard page of %s 0x%08lx-0x%08lx, of %pS",
			  vm_area_kind(vm->flags), start, end - 1, vm->caller);
	else
		scnprintf(buf, size, "%s 0x%08lx-0x%08lx, offset 0x%lx, of %pS",
			  vm_area_kind(vm->flags), start, end - 1, addr - start, vm->caller);
}

bool vmalloc_whatis(char *buf, size_t size, unsigned long addr)
{
	const struct vmap_area *va;
	unsigned long flags;

	spin_lock_irqsave(&vmap_area_lock, flags);
	va = __find_vmap_area(addr);
	if (va)
		say_place(buf, size, va, addr);
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	return va;
}

/* ---- Misuse ---- */

/* The function that frees areas of a kind. */
static const char *freer_of(unsigned long kind)
{
	if (kind == VM_ALLOC)
		return "vfree";
	if (kind == VM_MAP)
		return "vunmap";
	if (kind == VM_IOREMAP)
		return "iounmap";
	return kind ? "remove_vm_area" : "vm_unmap_ram";
}

/* What is wrong with @addr in a busy area. */
static void say_wrong(char *buf, size_t size, const struct vmap_area *va, unsigned long addr,
		      unsigned long kind)
{
	const struct vm_struct *vm = va->vm;

	if (!vm)
		scnprintf(buf, size, "vm_map_ram() mapped it");
	else if (!(vm->flags & kind))
		scnprintf(buf, size, "it is in a %s of %pS, which %s() is for",
			  vm_area_kind(vm->flags), vm->caller, freer_of(vm->flags & VM_KINDS));
	else
		scnprintf(buf, size, "it is %lu bytes behind the beginning of the %s of %pS",
			  addr - va->va_start, vm_area_kind(vm->flags), vm->caller);
}

void report_bad_vfree(const void *addr, unsigned long kind, const void *caller)
{
	const struct freed_area *freed;
	const struct vmap_area *va;
	unsigned long flags;
	char text[128];

	spin_lock_irqsave(&vmap_area_lock, flags);
	va = __find_vmap_area((unsigned long)addr);
	freed = find_freed((unsigned long)addr);
	if (va)
		say_wrong(text, sizeof(text), va, (unsigned long)addr, kind);
	else if (freed)
		scnprintf(text, sizeof(text), "it was freed by %pS, allocated by %pS",
			  freed->freed_by, freed->allocated_by);
	else
		scnprintf(text, sizeof(text), is_vmalloc_addr(addr) ? "no area is there" :
			  "it is no address of the vmalloc area");
	nr_vmalloc_errors++;
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	pr_err("BUG: %s(0x%08lx) by %pS: %s\n", freer_of(kind), (unsigned long)addr, caller, text);
	dump_stack();
}
