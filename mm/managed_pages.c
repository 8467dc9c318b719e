// SPDX-License-Identifier: MIT
/*
 * The hand-off: how pages come into the page allocator's hands, and what becomes of the others.
 *
 *    a present page is           who says so                            how
 *    managed, free               bootmem: its bit is clear              __free_pages_bootmem()
 *                                arch: free high memory                 free_pages_range()
 *    reserved                    bootmem: its bit is set; arch          mark_pages_reserved()
 *    managed later               arch: the kernel's init sections       free_reserved_area()
 *                                contiguous allocator: its pageblocks   init_cma_reserved_pageblock()
 *
 * H1. At the end, every present page was named once: present = managed + reserved in each zone.
 * H2. managed_pages, totalram_pages and totalhigh_pages only grow, and only here and in mem_init().
 *
 * A block is handed over by its first page alone. The rest were written as they must be inside a
 * free block when the map was made (mm/mm_init.c), which is why this costs the same for a page as
 * for 4 MiB.
 */
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/kasan.h>
#include <mm/mm.h>
#include <mm/page_debug.h>
#include <mm/pageblock.h>
#include <mm/vmstat.h>

unsigned long totalram_pages;
unsigned long totalhigh_pages;

void mark_pages_reserved(unsigned long start_pfn, unsigned long nr_pages)
{
	struct page *page = pfn_to_page(start_pfn), *end = page + nr_pages;

	BUG_ON(start_pfn - ARCH_PFN_OFFSET > max_mapnr ||
	       nr_pages > max_mapnr - (start_pfn - ARCH_PFN_OFFSET),
	       "%lu pages from pfn %lx are not in the map", nr_pages, start_pfn);
	for (; page < end; page++) {
		VM_BUG_ON(PageBuddy(page), "pfn %lx was handed over", page_to_pfn(page));
		VM_BUG_ON(PageReserved(page), "pfn %lx is a hole or reserved already",
			  page_to_pfn(page));
		__SetPageReserved(page);
		set_page_count(page, 1);
	}
}

void __init __free_pages_bootmem(struct page *page, unsigned int order)
{
	struct zone *zone = page_zone(page);
	unsigned long flags, pfn = page_to_pfn(page);
	enum migratetype migratetype = get_pfnblock_migratetype(zone, pfn);

	VM_BUG_ON(!page_in_map(page), "%p is no struct page", (void *)page);
	if (unlikely(static_key_enabled(&page_debug_key)))
		page_debug_hand_over(page, order);
	kasan_poison_pages(page, order);

	spin_lock_irqsave(&zone->lock, flags);
	__free_one_page(page, pfn, zone, order, migratetype);
	__mod_zone_freepage_state(zone, 1 << order, migratetype);
	zone->managed_pages += 1UL << order;
	spin_unlock_irqrestore(&zone->lock, flags);
}

unsigned long __init free_pages_range(unsigned long start_pfn, unsigned long end_pfn)
{
	unsigned long pfn = start_pfn;

	BUG_ON(start_pfn > end_pfn, "pfn %lx to %lx", start_pfn, end_pfn);
	while (pfn < end_pfn) {
		struct page *page = pfn_to_page(pfn);
		unsigned long limit = min(end_pfn, zone_end_pfn(page_zone(page)));
		unsigned int order = largest_order(pfn, limit);

		__free_pages_bootmem(page, order);
		pfn += 1UL << order;
	}
	return end_pfn - start_pfn;
}

/* A reserved page becomes managed, as one that is allocated, and is freed. */
static void free_reserved_page(struct page *page)
{
	struct zone *zone = page_zone(page);
	unsigned long flags;

	BUG_ON(!PageReserved(page), "pfn %lx", page_to_pfn(page));
	spin_lock_irqsave(&zone->lock, flags);
	zone->managed_pages++;
	spin_unlock_irqrestore(&zone->lock, flags);
	totalram_pages++;
	__ClearPageReserved(page);
	__free_page(page);
}

unsigned long free_reserved_area(void *start, void *end, int poison, const char *name)
{
	unsigned long first = PAGE_ALIGN((unsigned long)start);
	unsigned long limit = (unsigned long)end & PAGE_MASK, addr;

	if (first >= limit)
		return 0;
	for (addr = first; addr < limit; addr += PAGE_SIZE) {
		if (poison >= 0)
			memset((void *)addr, poison, PAGE_SIZE);
		free_reserved_page(virt_to_page((void *)addr));
	}
	if (name)
		pr_info("Freeing %s memory: %luK (%p - %p)\n", name, (limit - first) >> 10,
			(void *)first, (void *)limit);
	return (limit - first) >> PAGE_SHIFT;
}

void __init init_cma_reserved_pageblock(struct page *page)
{
	unsigned long i;

	BUG_ON(!IS_ALIGNED(page_to_pfn(page), pageblock_nr_pages), "pfn %lx", page_to_pfn(page));
	for (i = 0; i < pageblock_nr_pages; i++) {
		BUG_ON(!PageReserved(page + i) || page_zone(page + i) != page_zone(page),
		       "pfn %lx: flags %lx", page_to_pfn(page + i), page[i].flags);
		__ClearPageReserved(page + i);
		set_page_count(page + i, 0);
	}
	set_pageblock_migratetype(page, MIGRATE_CMA);
	__free_pages_bootmem(page, pageblock_order);
	totalram_pages += pageblock_nr_pages;
	if (is_highmem(page_zone(page)))
		totalhigh_pages += pageblock_nr_pages;
}
