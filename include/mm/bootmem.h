/* SPDX-License-Identifier: MIT */
/*
 * bootmem: the allocator between memblock and the buddy system, one bit for each page of lowmem.
 * Interface and behaviour of Linux 3.10 (include/linux/bootmem.h, mm/bootmem.c there).
 *
 * A node's life, in the order in which boot code calls:
 *
 *    init_bootmem_node()    every page of the node is reserved
 *    free_bootmem()         ... except RAM
 *    reserve_bootmem()      ... that nobody has taken yet
 *    alloc_bootmem*()       zeroed memory, never to be given back
 *    free_all_bootmem()     what is still free goes to the buddy system, and the bitmap with it
 *
 * Addresses are physical, in bytes; pages are page frame numbers. Context of every function: boot,
 * one CPU. Each of them refuses, through mm_refuse(), while MM_BOOTMEM is not the owner of memory:
 * then nothing happens and they return what "Refused:" below says.
 */
#ifndef MM_BOOTMEM_H
#define MM_BOOTMEM_H

#include <asm/cache.h>
#include <asm/page.h>
#include <lib/list.h>
#include <lib/types.h>
#include <mm/mmzone.h>

/**
 * struct bootmem_data - what bootmem knows of one node
 * @node_min_pfn: first page of the node
 * @node_low_pfn: end of the node's lowmem: first page that is not in it
 * @node_bootmem_map: the bitmap; bit n is page @node_min_pfn + n, 1 = reserved. NULL before the
 *	node is registered and after it is handed over
 * @last_end_off: end of the latest allocation, in bytes from the start of the node; 0 = none
 * @hint_idx: where the next search begins, in pages from the start of the node
 * @list: place in bdata_list
 */
typedef struct bootmem_data {
	unsigned long node_min_pfn;
	unsigned long node_low_pfn;
	void *node_bootmem_map;
	unsigned long last_end_off;
	unsigned long hint_idx;
	struct list_head list;
} bootmem_data_t;

extern bootmem_data_t bootmem_node_data[MAX_NUMNODES];

/*
 * The registered nodes, sorted by address. Tests put nodes of their own in its place for a while.
 */
extern struct list_head bdata_list;

/* As in Linux on ARM these count from the first page of RAM, not from address 0. */
extern unsigned long max_low_pfn;	/* end of lowmem */
extern unsigned long min_low_pfn;
extern unsigned long max_pfn;		/* end of RAM */

/*
 * The end of ZONE_DMA, a physical address; 0 if there is no such zone. The ordinary allocations
 * spare what lies below as long as there is other memory, the _low ones never leave it. Linux has
 * two constants for this, BOOTMEM_LOW_LIMIT and ARCH_LOW_ADDRESS_LIMIT; here the size of the zone
 * is a boot parameter.
 */
extern phys_addr_t bootmem_low_limit;
#define BOOTMEM_LOW_LIMIT	bootmem_low_limit

/* Flags of reserve_bootmem() */
#define BOOTMEM_DEFAULT		0
#define BOOTMEM_EXCLUSIVE	(1 << 0)	/* -EBUSY if any page is reserved already */

/**
 * bootmem_bootmap_pages - size of the bitmap for a node, in pages
 * @pages: number of pages in the node
 */
unsigned long bootmem_bootmap_pages(unsigned long pages);

/**
 * init_bootmem_node - register a node; all of its pages are reserved
 * @pgdat: the node; its ->bdata is filled in
 * @freepfn: first page of the bitmap, bootmem_bootmap_pages(@endpfn - @startpfn) pages of lowmem
 *	which the caller has reserved, or will
 * @startpfn: first page of the node
 * @endpfn: first page after it
 *
 * BUG if the node is empty or overlaps a registered one.
 *
 * Return: the bytes of the bitmap that are in use. Refused: 0.
 */
unsigned long init_bootmem_node(pg_data_t *pgdat, unsigned long freepfn,
				unsigned long startpfn, unsigned long endpfn);

/**
 * init_bootmem - register node 0 on a machine whose RAM begins at address 0
 * @start: first page of the bitmap, becomes min_low_pfn
 * @pages: number of pages, becomes max_low_pfn
 *
 * Return: the bytes of the bitmap that are in use. Refused: 0.
 */
unsigned long init_bootmem(unsigned long start, unsigned long pages);

/**
 * reserve_bootmem - mark every page that a range touches as taken
 * @addr: first byte
 * @size: bytes
 * @flags: BOOTMEM_DEFAULT or BOOTMEM_EXCLUSIVE
 *
 * The range may cross from one node into the next. BUG if part of it lies in no node.
 *
 * Return: 0; -EBUSY if BOOTMEM_EXCLUSIVE was asked for and a page is taken already, and then
 * nothing has changed. Refused: -EPERM.
 */
int reserve_bootmem(unsigned long addr, unsigned long size, int flags);

/* As reserve_bootmem(), for a range at @physaddr that lies in @pgdat; BUG if it does not. */
int reserve_bootmem_node(pg_data_t *pgdat, unsigned long physaddr, unsigned long size, int flags);

/**
 * free_bootmem - mark every page that lies in a range as free
 * @physaddr: first byte
 * @size: bytes
 *
 * A page that is only partly in the range stays as it is. The range may cross from one node into
 * the next.
 * BUG if one of the pages is free already, or lies in no node.
 */
void free_bootmem(unsigned long physaddr, unsigned long size);

/* As free_bootmem(), for a range that lies in @pgdat; BUG if it does not. */
void free_bootmem_node(pg_data_t *pgdat, unsigned long physaddr, unsigned long size);

/**
 * __alloc_bootmem_nopanic - take memory from any node
 * @size: bytes, at least 1
 * @align: a power of two, in bytes
 * @goal: take it at this physical address or above if there is room, else below; 0 = anywhere
 *
 * BUG if @size is 0 or @align is not a power of two.
 *
 * Return: zeroed memory; NULL if no node has room. Refused: NULL.
 */
void *__alloc_bootmem_nopanic(unsigned long size, unsigned long align, unsigned long goal);

/* As __alloc_bootmem_nopanic(), but panics instead of returning NULL. */
void *__alloc_bootmem(unsigned long size, unsigned long align, unsigned long goal);

/* The same below bootmem_low_limit. BUG if @goal + @size lies above it. */
void *__alloc_bootmem_low_nopanic(unsigned long size, unsigned long align, unsigned long goal);
void *__alloc_bootmem_low(unsigned long size, unsigned long align, unsigned long goal);

/**
 * ___alloc_bootmem_node_nopanic - take memory from one node, or else from any
 * @pgdat: the preferred node
 * @size: bytes, at least 1
 * @align: a power of two, in bytes
 * @goal: as in __alloc_bootmem_nopanic()
 * @limit: the memory ends at this physical address or below; 0 = no limit. Dropped when @goal +
 *	@size lies above it
 *
 * The node comes before the goal on that node, this before the other nodes, and these before a
 * second round without the goal.
 *
 * Return: zeroed memory, or NULL. Refused: NULL.
 */
void *___alloc_bootmem_node_nopanic(pg_data_t *pgdat, unsigned long size, unsigned long align,
				    unsigned long goal, unsigned long limit);

/* The same without a limit; the second one panics instead of returning NULL. */
void *__alloc_bootmem_node_nopanic(pg_data_t *pgdat, unsigned long size, unsigned long align,
				   unsigned long goal);
void *__alloc_bootmem_node(pg_data_t *pgdat, unsigned long size, unsigned long align,
			   unsigned long goal);

/*
 * As __alloc_bootmem_node_nopanic(), but the memory is as it was: for the memory map, which is
 * large and written whole anyway. Linux 3.10 has no such form; it is that of
 * memblock_alloc_try_nid_raw().
 */
void *__alloc_bootmem_node_raw(pg_data_t *pgdat, unsigned long size, unsigned long align,
			       unsigned long goal);

/*
 * The same below bootmem_low_limit, or panic.
 * Differs from Linux: 3.10 loses the limit on the way, so that there "low" memory may lie anywhere.
 */
void *__alloc_bootmem_low_node(pg_data_t *pgdat, unsigned long size, unsigned long align,
			       unsigned long goal);

/**
 * free_all_bootmem - hand every free page of every node to the buddy system
 *
 * Free pages go in the largest naturally aligned blocks; the reserved ones are marked PG_reserved;
 * last go the pages of the bitmaps, so that bootmem leaves nothing behind. The caller follows up
 * with mm_hand_over(MM_BUDDY).
 *
 * Return: the number of pages handed over. Refused: 0.
 */
unsigned long free_all_bootmem(void);

/* As free_all_bootmem(), for one node. */
unsigned long free_all_bootmem_node(pg_data_t *pgdat);

/**
 * free_bootmem_late - give the pages in a range, reserved so far, to the buddy system
 * @addr: first byte; a page that is only partly in the range stays reserved
 * @size: bytes
 *
 * For memory from bootmem that is not needed any more once the buddy system is the owner;
 * it refuses before.
 */
void free_bootmem_late(unsigned long addr, unsigned long size);

/**
 * bootmem_nr_free - number of free pages of a node
 * @bdata: a registered node
 */
unsigned long bootmem_nr_free(const bootmem_data_t *bdata);

/**
 * bootmem_check - BUG unless the invariants I2 to I7 hold for a node (see mm/bootmem.c)
 * @bdata: a registered node
 */
void bootmem_check(const bootmem_data_t *bdata);

/* bootmem_check() for every registered node, and I1 for the list. */
void bootmem_check_all(void);

/*
 * What boot code calls, for @size bytes: their alignment is a cache line, a page for the _pages kind, or @align; and
 * memory is preferred that lies above ZONE_DMA. All but the _nopanic kind panic rather than return NULL.
 *
 * alloc_bootmem(), alloc_bootmem_align(), alloc_bootmem_nopanic(), alloc_bootmem_pages(),
 * alloc_bootmem_pages_nopanic(), alloc_bootmem_node(), alloc_bootmem_node_nopanic(), alloc_bootmem_pages_node(),
 * alloc_bootmem_pages_node_nopanic(), alloc_bootmem_low(), alloc_bootmem_low_pages(),
 * alloc_bootmem_low_pages_nopanic(), alloc_bootmem_low_pages_node().
 */
static __always_inline void *alloc_bootmem(unsigned long size)
{
	return __alloc_bootmem(size, SMP_CACHE_BYTES, BOOTMEM_LOW_LIMIT);
}

static __always_inline void *alloc_bootmem_align(unsigned long size, unsigned long align)
{
	return __alloc_bootmem(size, align, BOOTMEM_LOW_LIMIT);
}

static __always_inline void *alloc_bootmem_nopanic(unsigned long size)
{
	return __alloc_bootmem_nopanic(size, SMP_CACHE_BYTES, BOOTMEM_LOW_LIMIT);
}

static __always_inline void *alloc_bootmem_pages(unsigned long size)
{
	return __alloc_bootmem(size, PAGE_SIZE, BOOTMEM_LOW_LIMIT);
}

static __always_inline void *alloc_bootmem_pages_nopanic(unsigned long size)
{
	return __alloc_bootmem_nopanic(size, PAGE_SIZE, BOOTMEM_LOW_LIMIT);
}

static __always_inline void *alloc_bootmem_node(pg_data_t *pgdat, unsigned long size)
{
	return __alloc_bootmem_node(pgdat, size, SMP_CACHE_BYTES, BOOTMEM_LOW_LIMIT);
}

static __always_inline void *alloc_bootmem_node_nopanic(pg_data_t *pgdat, unsigned long size)
{
	return __alloc_bootmem_node_nopanic(pgdat, size, SMP_CACHE_BYTES, BOOTMEM_LOW_LIMIT);
}

static __always_inline void *alloc_bootmem_pages_node(pg_data_t *pgdat, unsigned long size)
{
	return __alloc_bootmem_node(pgdat, size, PAGE_SIZE, BOOTMEM_LOW_LIMIT);
}

static __always_inline void *alloc_bootmem_pages_node_nopanic(pg_data_t *pgdat, unsigned long size)
{
	return __alloc_bootmem_node_nopanic(pgdat, size, PAGE_SIZE, BOOTMEM_LOW_LIMIT);
}

static __always_inline void *alloc_bootmem_low(unsigned long size)
{
	return __alloc_bootmem_low(size, SMP_CACHE_BYTES, 0);
}

static __always_inline void *alloc_bootmem_low_pages(unsigned long size)
{
	return __alloc_bootmem_low(size, PAGE_SIZE, 0);
}

static __always_inline void *alloc_bootmem_low_pages_nopanic(unsigned long size)
{
	return __alloc_bootmem_low_nopanic(size, PAGE_SIZE, 0);
}

static __always_inline void *alloc_bootmem_low_pages_node(pg_data_t *pgdat, unsigned long size)
{
	return __alloc_bootmem_low_node(pgdat, size, PAGE_SIZE, 0);
}

#endif
