/* SPDX-License-Identifier: MIT */
/*
 * Pages as objects: references, zone, node, address. And the stations of boot that make them.
 */
#ifndef MM_MM_H
#define MM_MM_H

#include <kernel/init.h>
#include <lib/types.h>
#include <mm/compound.h>
#include <mm/memmap.h>
#include <mm/mmzone.h>
#include <mm/page-flags.h>
#include <mm/vmstat.h>

/* Where node and zone are in page->flags; see mm_types.h. */
#define NODES_WIDTH	2
#define ZONES_WIDTH	2
#define NODES_PGSHIFT	(BITS_PER_LONG - NODES_WIDTH)
#define ZONES_PGSHIFT	(NODES_PGSHIFT - ZONES_WIDTH)
#define NODES_MASK	((1UL << NODES_WIDTH) - 1)
#define ZONES_MASK	((1UL << ZONES_WIDTH) - 1)

/* Below them, in debug builds, the order of an allocated block: see page_alloc_order(). */
#define ORDERS_WIDTH	4
#define ORDERS_PGSHIFT	(ZONES_PGSHIFT - ORDERS_WIDTH)
#define ORDERS_MASK	((1UL << ORDERS_WIDTH) - 1)

_Static_assert(MAX_NUMNODES <= 1 << NODES_WIDTH, "a node has a number in page->flags");
_Static_assert(MAX_NR_ZONES <= 1 << ZONES_WIDTH, "a zone has a number in page->flags");
_Static_assert(MAX_ORDER <= 1 << ORDERS_WIDTH, "an order has a number in page->flags");
_Static_assert(__NR_PAGEFLAGS <= ORDERS_PGSHIFT, "state bits end below the order");

/* The zone and the node that a page belongs to, from its flags: page_zonenum(), page_to_nid(). */
static inline enum zone_type page_zonenum(const struct page *page)
{
	return (enum zone_type)((page->flags >> ZONES_PGSHIFT) & ZONES_MASK);
}

static inline int page_to_nid(const struct page *page)
{
	return (page->flags >> NODES_PGSHIFT) & NODES_MASK;
}

/* Every zone, by the number that its pages carry above ZONES_PGSHIFT; NULL where there is none. */
extern struct zone *zone_table[1 << (NODES_WIDTH + ZONES_WIDTH)];

/* Return: its zone, by one load, however many nodes there are. */
static inline struct zone *page_zone(const struct page *page)
{
	return zone_table[page->flags >> ZONES_PGSHIFT];
}

/* The place of a zone of node @nid in zone_table[]. */
static inline unsigned int zone_table_idx(int nid, enum zone_type zone)
{
	return (unsigned int)nid << ZONES_WIDTH | zone;
}

/* Write zone and node, @nid, of a page, at the time its map is built. */
static inline void set_page_links(struct page *page, enum zone_type zone, int nid)
{
	page->flags &= ~((ZONES_MASK << ZONES_PGSHIFT) | (NODES_MASK << NODES_PGSHIFT));
	page->flags |= (unsigned long)zone << ZONES_PGSHIFT;
	page->flags |= (unsigned long)nid << NODES_PGSHIFT;
}

/* Has the page no address in lowmem? */
static inline bool PageHighMem(const struct page *page)
{
	return is_highmem_idx(page_zonenum(page));
}

/*
 * The order that the block which begins at @page was allocated with. Only debug builds know: it is
 * how they find blocks that are freed with another order. 0 for a single page.
 */
static inline unsigned int page_alloc_order(const struct page *page)
{
	return (page->flags >> ORDERS_PGSHIFT) & ORDERS_MASK;
}

/* The page is the first of a block of @order. Context: the block's only owner. */
static inline void set_page_alloc_order(struct page *page, unsigned int order)
{
	page->flags &= ~(ORDERS_MASK << ORDERS_PGSHIFT);
	page->flags |= (unsigned long)order << ORDERS_PGSHIFT;
}

/* The references to a page; those to the whole if it belongs to a compound page. */
static inline int page_count(const struct page *page)
{
	return atomic_read(&compound_head(page)->_count);
}

/* Set the references to @count, where nobody else can see the page. */
static inline void set_page_count(struct page *page, int count)
{
	atomic_set(&page->_count, count);
}

/* For a page that nobody refers to: its first reference. */
static inline void set_page_refcounted(struct page *page)
{
	VM_BUG_ON(page_count(page) != 0, "pfn %lx has %d references", page_to_pfn(page),
		  page_count(page));
	set_page_count(page, 1);
}

/*
 * How many page table entries map the page; 0 for one on a free list as well. Each page of a
 * compound page counts for itself.
 */
static inline int page_mapcount(const struct page *page)
{
	return PageBuddy(page) ? 0 : atomic_read(&page->_mapcount) + 1;
}

/* A word, @private, for the owner of a page, which others leave alone: page_private(), set_page_private(). */
static inline unsigned long page_private(const struct page *page)
{
	return page->private;
}

static inline void set_page_private(struct page *page, unsigned long private)
{
	page->private = private;
}

/*
 * One reference more, for somebody who has one already; on the whole if the page belongs to a
 * compound page. Context: any.
 */
static inline void get_page(struct page *page)
{
	page = compound_head(page);
	VM_BUG_ON(page_count(page) <= 0, "pfn %lx has %d references", page_to_pfn(page),
		  page_count(page));
	atomic_inc(&page->_count);
}

/*
 * One reference less; the last one frees the page, or hands the compound page that it belongs to to
 * its destructor. Blocks that are no compound pages take __free_pages(). Context: any.
 */
void put_page(struct page *page);

/* The end of lowmem: the first address behind the linear map. Set by the architecture. */
extern void *high_memory;

/* Is @virt an address of lowmem? */
static inline bool virt_addr_valid(const void *virt)
{
	unsigned long addr = (unsigned long)virt;

	return addr >= PAGE_OFFSET && addr < (unsigned long)high_memory &&
	       pfn_valid(PHYS_PFN(__pa(virt)));
}

/* The kernel's address of a page of lowmem. As Linux's. */
static __always_inline void *lowmem_page_address(const struct page *page)
{
	return __va(page_to_phys(page));
}

/* The address that kmap() has given a page of high memory; NULL if none. */
void *highmem_page_address(const struct page *page);

/* The kernel's address of a page; of high memory one that kmap() has given it, or NULL. */
static inline void *page_address(const struct page *page)
{
	return PageHighMem(page) ? highmem_page_address(page) : lowmem_page_address(page);
}

/* Pages that the page allocator manages, and those of them that are high memory. */
extern unsigned long totalram_pages;
extern unsigned long totalhigh_pages;

/* How many pages are free, of all zones; of high memory. */
unsigned long nr_free_pages(void);
unsigned long nr_free_highpages(void);

/**
 * free_area_init_nodes - make the zones of all nodes
 * @max_zone_pfn: for each zone one behind its last page in any node, ascending; a zone begins where
 *                the one below it ends. ZONE_MOVABLE's entry is not looked at
 *
 * Divides each node at these borders, gives ZONE_MOVABLE what `kernelcore=' or `movablecore=' asks
 * for, and calls free_area_init_node() for each.
 *
 * Context: boot, from arm_bootmem_free(), after numa_init().
 */
void __init free_area_init_nodes(const unsigned long *max_zone_pfn);

/**
 * free_area_init_node - make the zones of a node, its memory map and its empty free areas
 * @nid: the node's number; nodes are made in the order of their numbers
 * @zones_size: pages that each zone spans, holes included, MAX_NR_ZONES entries
 * @node_start_pfn: the first page of the first zone
 * @zholes_size: pages of each zone that are holes; NULL if there are none
 *
 * All struct pages are written in the state "inside a free block", those of holes as reserved;
 * nothing is free yet. Memory for map and bitmaps comes from bootmem. The map is one array for all
 * nodes, and is made with the first.
 *
 * Context: boot, from free_area_init_nodes(). BUG if the sizes contradict memblock, panic if the
 * map has no room.
 */
void __init free_area_init_node(int nid, unsigned long *zones_size, unsigned long node_start_pfn,
				unsigned long *zholes_size);

/* How many of the pages @start_pfn .. @end_pfn - 1 are holes: no RAM, by memblock's knowledge. */
unsigned long __init absent_pages_in_range(unsigned long start_pfn, unsigned long end_pfn);

/**
 * mark_pages_reserved - keep pages out of the page allocator
 * @start_pfn: the first
 * @nr_pages: how many; none of them a hole, none handed over yet
 *
 * Sets PG_reserved and one reference. At the hand-off, whoever gives free pages to the page
 * allocator calls this for those that are not free, so that every present page is either managed or
 * reserved.
 *
 * Differs from Linux, which writes all pages as reserved first and most of them again later.
 */
void mark_pages_reserved(unsigned long start_pfn, unsigned long nr_pages);

/**
 * __free_pages_bootmem - hand a free block over to the page allocator
 * @page: its first page, aligned to the block's size
 * @order: 0 .. MAX_ORDER - 1
 *
 * Counts the pages as managed by their zone. Touches the first page only, whatever the order.
 * Does not count totalram_pages, which is the caller's, as in Linux. Context: boot.
 */
void __init __free_pages_bootmem(struct page *page, unsigned int order);

/**
 * free_pages_range - hand over a range of free pages in the largest blocks that fit
 * @start_pfn: the first
 * @end_pfn: one behind the last
 *
 * For high memory, which bootmem does not know. Context: boot. Return: the number of pages; the
 * caller adds it to totalram_pages (and totalhigh_pages).
 */
unsigned long __init free_pages_range(unsigned long start_pfn, unsigned long end_pfn);

/**
 * free_reserved_area - give reserved lowmem to the page allocator after all
 * @start: kernel address of the first byte
 * @end: kernel address behind the last byte; only whole pages between the two are freed
 * @poison: byte to fill the pages with, or -1
 * @name: what they were, for the message; NULL for none
 *
 * Counts the pages as managed and in totalram_pages. Context: after the hand-off. Return: the
 * number of pages.
 */
unsigned long free_reserved_area(void *start, void *end, int poison, const char *name);

/**
 * init_cma_reserved_pageblock - lend a pageblock of the contiguous allocator to movable pages
 * @page: its first page; all of them reserved, in one zone
 *
 * Makes it MIGRATE_CMA, and counts its pages as managed and in totalram_pages. Context: boot, after
 * the hand-off.
 */
void __init init_cma_reserved_pageblock(struct page *page);

/**
 * zone_check - walk a zone and all of its struct pages
 * @zone: a populated zone
 *
 * Checks mmzone.h's I1 and I2, and each page's zone, node and state. Return: true if all is well;
 * false after a message that says what is not. Context: any; takes time.
 */
bool zone_check(struct zone *zone);

/*
 * Reports in Linux's formats, to the console: /proc/buddyinfo, zoneinfo, meminfo, vmstat,
 * pagetypeinfo; and SysRq-m.
 */
void show_buddyinfo(void);
void show_zoneinfo(void);
void show_meminfo(void);
void show_vmstat(void);
void show_pagetypeinfo(void);
void show_mem(void);

/* The part of pagetypeinfo on free blocks: a line for each zone and migrate type. */
void show_free_by_type(void);

/* The part of zoneinfo on a zone's per-CPU lists. */
void show_pagesets(const struct zone *zone);

/* Reports of our own: blocks on the per-CPU lists; the type of each pageblock. */
void show_pcp(void);
void show_pageblocks(void);

#endif
