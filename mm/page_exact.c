// SPDX-License-Identifier: MIT
/*
 * Sizes that are no power of two: a block is cut into its pages, and those behind the end go back.
 *
 *    alloc_pages_exact(5 pages)   | used | used | used | used | used | free | free | free |
 *                                 +------------------- a block of order 3 ----------------+
 *
 * Every page of a block that was split has a reference of its own, and is freed by itself.
 */
#include <kernel/bug.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/page_debug.h>

void split_page(struct page *page, unsigned int order)
{
	unsigned int i;

	BUG_ON(order >= MAX_ORDER, "order %u", order);
	VM_BUG_ON(!page_in_map(page), "%p is no struct page", (void *)page);
	VM_BUG_ON(page_count(page) != 1, "pfn %lx has %d references", page_to_pfn(page),
		  page_count(page));
	BUG_ON(PageCompound(page), "pfn %lx belongs to a compound page", page_to_pfn(page));
	VM_BUG_ON(page_alloc_order(page) != order, "pfn %lx has order %u, not %u",
		  page_to_pfn(page), page_alloc_order(page), order);
	if (CONFIG_DEBUG_VM)
		set_page_alloc_order(page, 0);
	if (page_debugging())
		page_debug_split(page, order);
	for (i = 1; i < 1U << order; i++)
		set_page_refcounted(page + i);
}

static inline bool node_has_highmem(int nid)
{
	return populated_zone(&NODE_DATA(nid)->node_zones[ZONE_HIGHMEM]);
}

struct page *alloc_page_run(gfp_t gfp_mask, unsigned int order)
{
	struct page *page;

	gfp_mask &= ~(__GFP_WAIT | __GFP_HIGH | __GFP_MEMALLOC | __GFP_NOFAIL | __GFP_REPEAT);
	page = alloc_pages(gfp_mask | __GFP_NOWARN | __GFP_NO_KSWAPD | __GFP_NOMEMALLOC, order);
	if (unlikely(!page))
		return NULL;
	if (unlikely(gfp_mask & __GFP_HIGHMEM && !PageHighMem(page) &&
		     node_has_highmem(page_to_nid(page)))) {
		__free_pages(page, order);
		return NULL;
	}
	split_page(page, order);
	return page;
}

void *alloc_pages_exact(size_t bytes, gfp_t gfp_mask)
{
	unsigned int order = get_order(bytes);
	unsigned long addr, used, end;

	if (WARN_ON(gfp_mask & __GFP_COMP, "%pS asks for a compound page of %zu bytes",
		    __builtin_return_address(0), bytes))
		return NULL;
	addr = __get_free_pages(gfp_mask, order);
	if (!addr)
		return NULL;
	used = addr + PAGE_ALIGN(bytes);
	end = addr + (PAGE_SIZE << order);
	split_page(virt_to_page((void *)addr), order);
	for (; used < end; used += PAGE_SIZE)
		free_page(used);
	return (void *)addr;
}

void free_pages_exact(void *virt, size_t bytes)
{
	unsigned long addr = (unsigned long)virt, end = addr + PAGE_ALIGN(bytes);

	BUG_ON(!IS_ALIGNED(addr, PAGE_SIZE), "%p is not what alloc_pages_exact() returned", virt);
	for (; addr < end; addr += PAGE_SIZE)
		free_page(addr);
}
