// SPDX-License-Identifier: MIT
/*
 * The vmalloc area from outside: for who wants to read, write or show what is there, and owns none of
 * it.
 *
 *    vread    | area ......| guard |   gap   | device | area ....
 *    gives      its bytes    0       0         0        its bytes
 *
 * The area of a page is looked for anew for each page, and vmap_area_lock is held while its bytes are
 * copied: so an area that has an owner is not given up meanwhile. It may still be being filled, by another
 * CPU, so the page is reached by an address that is sure to be there. What vm_map_ram() has mapped goes
 * without that lock, and reads as nothing; as in Linux before 6.3.
 */
#include <kernel/bug.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/highmem.h>
#include <mm/mm.h>
#include "vmalloc_internal.h"

/* The page at @addr, if it may be read, or written; NULL. Context: vmap_area_lock held. */
static struct page *find_page(unsigned long addr, bool write, bool *in_area)
{
	const struct vmap_area *va = __find_vmap_area(addr);
	struct page *page;

	if (!va)
		return NULL;
	*in_area = true;
	if (!va->vm || va->vm->flags & VM_IOREMAP)
		return NULL;
	page = vmalloc_to_page((void *)addr);
	return page && write && !pte_write(*pte_offset_kernel(pmd_off_k(addr), addr)) ? NULL : page;
}

static void copy_page_bytes(struct page *page, unsigned long offset, char *buf, unsigned long bytes,
			    bool write)
{
	char *p = kmap_atomic(page);

	if (write)
		memcpy(p + offset, buf, bytes);
	else
		memcpy(buf, p + offset, bytes);
	kunmap_atomic(p);
}

/* Copy to or from the area, a page at a time. Return: as vread(). */
static long copy_area(char *buf, unsigned long addr, unsigned long count, bool write)
{
	unsigned long flags, bytes;
	bool in_area = false;

	for (unsigned long done = 0; done < count; done += bytes, addr += bytes) {
		struct page *page;

		bytes = min(PAGE_SIZE - (addr & ~PAGE_MASK), count - done);
		spin_lock_irqsave(&vmap_area_lock, flags);
		page = find_page(addr, write, &in_area);
		if (page)
			copy_page_bytes(page, addr & ~PAGE_MASK, buf + done, bytes, write);
		else if (!write)
			memset(buf + done, 0, bytes);
		spin_unlock_irqrestore(&vmap_area_lock, flags);
	}
	return in_area ? (long)count : 0;
}

/* Does any byte of a range lie in an area? */
static bool touches_area(unsigned long addr, unsigned long count)
{
	unsigned long flags;
	bool touches = false;

	for (unsigned long off = 0; off < count && !touches; off += PAGE_SIZE - ((addr + off) & ~PAGE_MASK)) {
		spin_lock_irqsave(&vmap_area_lock, flags);
		touches = __find_vmap_area(addr + off);
		spin_unlock_irqrestore(&vmap_area_lock, flags);
	}
	return touches;
}

/* Of a range that goes beyond the end of the address space, what lies before it. */
static unsigned long up_to_end(const char *addr, unsigned long count)
{
	return min(count, 0 - (unsigned long)addr);
}

long vread(char *buf, const char *addr, unsigned long count)
{
	count = up_to_end(addr, count);
	if (!touches_area((unsigned long)addr, count))
		return 0;
	return copy_area(buf, (unsigned long)addr, count, false);
}

long vwrite(const char *buf, char *addr, unsigned long count)
{
	return copy_area((char *)buf, (unsigned long)addr, up_to_end(addr, count), true);
}

/* ---- To be shown elsewhere ---- */

int remap_vmalloc_range_partial(unsigned long uaddr, const void *kaddr, unsigned long pgoff,
				unsigned long size,
				int (*insert)(void *arg, unsigned long uaddr, struct page *page),
				void *arg)
{
	const struct vm_struct *area = find_vm_area(kaddr);
	unsigned long offset, end;

	if (!IS_ALIGNED(uaddr, PAGE_SIZE) || !IS_ALIGNED((unsigned long)kaddr, PAGE_SIZE))
		return -EINVAL;
	if (!area || !(area->flags & VM_USERMAP) || pgoff > ~0UL >> PAGE_SHIFT || !size)
		return -EINVAL;
	offset = pgoff << PAGE_SHIFT;
	size = PAGE_ALIGN(size);
	if (!size || __builtin_add_overflow(size, offset, &end) ||
	    __builtin_add_overflow(end, (unsigned long)(kaddr - area->addr), &end) ||
	    end > get_vm_area_size(area))
		return -EINVAL;
	for (kaddr += offset; size; size -= PAGE_SIZE, kaddr += PAGE_SIZE, uaddr += PAGE_SIZE) {
		int error = insert(arg, uaddr, vmalloc_to_page(kaddr));

		if (error)
			return error;
	}
	return 0;
}
