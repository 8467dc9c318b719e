// SPDX-License-Identifier: MIT
/*
 * Requests to kmalloc() that are too large for an object of any class: pages, whose first one knows
 * how many they are.
 *
 *    kmalloc_large(20000)     a block of order 3: PG_large_kmalloc, private = 3
 *    kfree_large(address)     its first page, marked so? back to the page allocator
 */
#include <asm/stack.h>
#include <kernel/bug.h>
#include <kernel/sections.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include "slab_internal.h"

/*
 * Pages of a large request are marked as such, and their first has the order. Differs from Linux,
 * where they are a compound page: to make one and take it apart costs more than the pages do.
 */
static void set_large_order(struct page *page, unsigned int order)
{
	__SetPageLargeKmalloc(page);
	set_page_private(page, order);
}

void *kmalloc_large_node(size_t size, gfp_t flags, int nid)
{
	struct page *page;
	unsigned int order;

	if (size == 0)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	order = get_order(size);
	flags &= ~__GFP_COMP;
	page = nid == NUMA_NO_NODE ? alloc_pages(flags, order) : alloc_pages_node(nid, flags, order);
	if (!page)
		return NULL;
	set_large_order(page, order);
	return kasan_kmalloc_large(page_address(page), size, PAGE_SIZE << order);
}

void *kmalloc_large(size_t size, gfp_t flags)
{
	return kmalloc_large_node(size, flags, NUMA_NO_NODE);
}

/* The page of what kmalloc_large() returned; NULL for any other address. */
static struct page *large_page(const void *objp)
{
	struct page *page;

	if ((unsigned long)objp < PAGE_OFFSET || objp >= high_memory ||
	    !IS_ALIGNED((unsigned long)objp, PAGE_SIZE))
		return NULL;
	page = virt_to_page(objp);
	return PageLargeKmalloc(page) && page_count(page) ? page : NULL;
}

/* What is known of an address that kmalloc() did not return. */
static const char *foreign_address(const void *objp, char *text, size_t size)
{
	unsigned long addr = (unsigned long)objp, low, high;
	const char *where = "";

	if (stack_bounds(addr, &low, &high))
		where = ": it is on a stack";
	else if (addr >= (unsigned long)_text && addr < (unsigned long)_end)
		where = ": it is in the kernel's image";
	else if (!virt_addr_valid(objp))
		where = ": it is no address of lowmem";
	else if (PageLargeKmalloc(virt_to_page(objp)))
		where = ": it is inside of what kmalloc() returned";
	else if (!page_count(virt_to_page(objp)))
		where = ": its page is free";
	snprintf(text, size, "is not what kmalloc() returned%s", where);
	return text;
}

void kfree_large(const void *objp, const void *caller)
{
	struct page *page = large_page(objp);
	unsigned int order;
	char text[80];

	if (unlikely(!page)) {
		slab_error(NULL, objp, foreign_address(objp, text, sizeof(text)), caller);
		return;
	}
	order = page_private(page);
	__ClearPageLargeKmalloc(page);
	set_page_private(page, 0);
	__free_pages(page, order);
}

size_t ksize_large(const void *objp)
{
	struct page *page = large_page(objp);

	BUG_ON(!page, "%p is not what kmalloc() returned", objp);
	return PAGE_SIZE << page_private(page);
}
