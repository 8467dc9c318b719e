// SPDX-License-Identifier: MIT
/*
 * bootmem: one bit for each page of lowmem, first fit. It serves from arm_bootmem_init(), which
 * tells it what memblock knows, to free_all_bootmem(), which tells the buddy system what is left.
 * Its callers are free_area_init_node() (mem_map, the largest piece), setup_arch() and whoever
 * initialises itself before mem_init(). It relies on the linear map and on nothing else.
 *
 *     node_min_pfn         hint_idx                       node_low_pfn
 *          v                   v                                v
 *          +---+---+---+---+---+---+---+---+---+---+---+---+---+
 *    bit   | 1 | 1 | 1 | 1 | 0 | 0 | 0 | 1 | 1 | 0 | 0 | 0 | 0 | 1 1 1 1  up to a whole word
 *          +---+---+---+---+---+---+---+---+---+---+---+---+---+
 *    page  |###|###|###|##.|   |   |   |###|###|   |   |   |   |
 *                         ^
 *                    last_end_off: a small allocation that would begin in the next page
 *                    begins here instead, and so the end of a page is not lost
 *
 * I1. bdata_list is sorted by node_min_pfn, and no two nodes overlap.
 * I2. A node has at least one page, and its addresses fit into an unsigned long.
 * I3. A bit is set if and only if the page is reserved, allocated, or no RAM at all.
 * I4. The bits from node_low_pfn to the end of the last word are set.
 * I5. hint_idx and last_end_off lie in the node, its end included.
 * I6. If last_end_off lies inside a page, that page's bit is set.
 * I7. The bitmap lies in its node; its bits are set from the time memory is handed out.
 *
 * I3 cannot be checked from here; bootmem_check() checks the others.
 *
 * Nothing but a parameter's handler is __init: a late caller gets a message and not a fault, and
 * the self-tests run this code after boot on memory of their own. `bootmem_debug` prints every
 * call, in Linux's words.
 *
 * Differs from Linux 3.10 where that has an accident waiting: everything is checked before a bit
 * changes, so a refused BOOTMEM_EXCLUSIVE has nothing to undo and leaves the hint alone; freeing
 * the page of last_end_off resets it (I6), or the next small allocation could begin in a page that
 * is free; a size near 4 GiB is out of memory and not a wrapped page count; an empty range to free
 * is no error wherever it lies; and the limit of __alloc_bootmem_low_node() counts.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/params.h>
#include <lib/bitmap.h>
#include <lib/errno.h>
#include <mm/bootmem.h>
#include <mm/handoff.h>
#include <mm/mm.h>
#include "bootmem_internal.h"

unsigned long max_low_pfn;
unsigned long min_low_pfn;
unsigned long max_pfn;

bootmem_data_t bootmem_node_data[MAX_NUMNODES];
LIST_HEAD(bdata_list);

bool bootmem_debug;

static int __init bootmem_debug_setup(char *value __maybe_unused)
{
	bootmem_debug = true;
	return 0;
}
early_param("bootmem_debug", bootmem_debug_setup);

/* --- Geometry --- */

int bdata_nid(const bootmem_data_t *bdata)
{
	for (int nid = 0; nid < MAX_NUMNODES; nid++)
		if (bdata == &bootmem_node_data[nid])
			return nid;
	return -1;
}

static unsigned long bdata_pages(const bootmem_data_t *bdata)
{
	return bdata->node_low_pfn - bdata->node_min_pfn;
}

/* The part of [@start, @end) that lies in a node; empty if *@lo >= *@hi. */
static void clip_to_node(const bootmem_data_t *bdata, unsigned long start, unsigned long end,
			 unsigned long *lo, unsigned long *hi)
{
	*lo = max(start, bdata->node_min_pfn);
	*hi = min(end, bdata->node_low_pfn);
}

static unsigned long bootmap_bytes(unsigned long pages)
{
	return BITS_TO_LONGS(pages) * sizeof(unsigned long);
}

unsigned long bootmem_bootmap_pages(unsigned long pages)
{
	return PFN_UP(bootmap_bytes(pages));
}

/* The pages of the node's own bitmap; they lie in the node (I7). */
static unsigned long bootmap_pfn(const bootmem_data_t *bdata)
{
	return PHYS_PFN(virt_to_phys(bdata->node_bootmem_map));
}

static unsigned long bootmap_end_pfn(const bootmem_data_t *bdata)
{
	return bootmap_pfn(bdata) + bootmem_bootmap_pages(bdata_pages(bdata));
}

/* So that no sum below can wrap; PAGE_MASK is the address of the last page there is. */
static void check_range(unsigned long addr, unsigned long size)
{
	BUG_ON(addr > PAGE_MASK || size > PAGE_MASK - addr,
	       "%lu bytes at %08lx reach the last page of the address space", size, addr);
}

/* The pages that a range touches; empty for an empty range that begins a page. */
static void pages_touched(unsigned long addr, unsigned long size,
			  unsigned long *start, unsigned long *end)
{
	check_range(addr, size);
	*start = PFN_DOWN(addr);
	*end = PFN_UP(addr + size);
}

/* The pages that lie in a range; none if *@start >= *@end. */
static void pages_within(unsigned long addr, unsigned long size,
			 unsigned long *start, unsigned long *end)
{
	check_range(addr, size);
	*start = PFN_UP(addr);
	*end = PFN_DOWN(addr + size);
}

/* --- Registering a node --- */

static void link_bootmem(bootmem_data_t *bdata)
{
	struct list_head *next = &bdata_list;
	bootmem_data_t *ent;

	list_for_each_entry(ent, &bdata_list, list) {
		unsigned long lo, hi;

		clip_to_node(ent, bdata->node_min_pfn, bdata->node_low_pfn, &lo, &hi);
		BUG_ON(lo < hi, "node %lx-%lx overlaps node %lx-%lx",
		       bdata->node_min_pfn, bdata->node_low_pfn,
		       ent->node_min_pfn, ent->node_low_pfn);
		if (next == &bdata_list && bdata->node_min_pfn < ent->node_min_pfn)
			next = &ent->list;
	}
	list_add_tail(&bdata->list, next);
}

static unsigned long init_bootmem_core(bootmem_data_t *bdata, unsigned long mapstart,
				       unsigned long start, unsigned long end)
{
	unsigned long mapsize;

	BUG_ON(start >= end || end > PFN_DOWN(~0UL), "node of pages %lx-%lx", start, end);
	BUG_ON(mapstart < start || mapstart + bootmem_bootmap_pages(end - start) > end,
	       "the bitmap at page %lx is not in its node %lx-%lx", mapstart, start, end);

	bdata->node_min_pfn = start;
	bdata->node_low_pfn = end;
	bdata->last_end_off = 0;
	bdata->hint_idx = 0;
	link_bootmem(bdata);

	mapsize = bootmap_bytes(end - start);
	bdata->node_bootmem_map = phys_to_virt(PFN_PHYS(mapstart));
	memset(bdata->node_bootmem_map, 0xff, mapsize);

	bdebug("nid=%d start=%lx map=%lx end=%lx mapsize=%lx\n",
	       bdata_nid(bdata), start, mapstart, end, mapsize);
	return mapsize;
}

unsigned long init_bootmem_node(pg_data_t *pgdat, unsigned long freepfn,
				unsigned long startpfn, unsigned long endpfn)
{
	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return 0;
	return init_bootmem_core(pgdat->bdata, freepfn, startpfn, endpfn);
}

unsigned long init_bootmem(unsigned long start, unsigned long pages)
{
	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return 0;
	max_low_pfn = pages;
	min_low_pfn = start;
	return init_bootmem_core(NODE_DATA(0)->bdata, start, 0, pages);
}

/* --- Marking pages as reserved or free --- */

static void ___free(bootmem_data_t *bdata, unsigned long sidx, unsigned long eidx)
{
	unsigned long idx = find_next_zero_bit(bdata->node_bootmem_map, eidx, sidx);
	unsigned long last_page = PFN_DOWN(bdata->last_end_off);

	bdebug("nid=%d start=%lx end=%lx\n", bdata_nid(bdata),
	       sidx + bdata->node_min_pfn, eidx + bdata->node_min_pfn);
	BUG_ON(idx < eidx, "PFN %lx is freed with %lx-%lx, and was free", idx + bdata->node_min_pfn,
	       sidx + bdata->node_min_pfn, eidx + bdata->node_min_pfn);

	if (bdata->hint_idx > sidx)
		bdata->hint_idx = sidx;
	if (last_page >= sidx && last_page < eidx)
		bdata->last_end_off = 0;
	bitmap_clear(bdata->node_bootmem_map, sidx, eidx - sidx);
}

int __reserve(bootmem_data_t *bdata, unsigned long sidx, unsigned long eidx, int flags)
{
	unsigned long idx = find_next_bit(bdata->node_bootmem_map, eidx, sidx);

	bdebug("nid=%d start=%lx end=%lx flags=%x\n", bdata_nid(bdata),
	       sidx + bdata->node_min_pfn, eidx + bdata->node_min_pfn, flags);
	if (idx < eidx) {
		if (flags & BOOTMEM_EXCLUSIVE)
			return -EBUSY;
		bdebug("silent double reserve of PFN %lx\n", idx + bdata->node_min_pfn);
	}
	bitmap_set(bdata->node_bootmem_map, sidx, eidx - sidx);
	return 0;
}

static int mark_bootmem_node(bootmem_data_t *bdata, unsigned long start, unsigned long end,
			     bool reserve, int flags)
{
	unsigned long sidx, eidx;

	bdebug("nid=%d start=%lx end=%lx reserve=%d flags=%x\n",
	       bdata_nid(bdata), start, end, reserve, flags);
	BUG_ON(!bdata->node_bootmem_map, "node %d is not registered", bdata_nid(bdata));
	BUG_ON(start < bdata->node_min_pfn || end > bdata->node_low_pfn,
	       "pages %lx-%lx are not in node %lx-%lx", start, end,
	       bdata->node_min_pfn, bdata->node_low_pfn);

	sidx = start - bdata->node_min_pfn;
	eidx = end - bdata->node_min_pfn;
	if (reserve)
		return __reserve(bdata, sidx, eidx, flags);
	___free(bdata, sidx, eidx);
	return 0;
}

/* Is a page of the range reserved? BUG if one lies in no node: nodes do not overlap (I1). */
static bool range_is_busy(unsigned long start, unsigned long end)
{
	unsigned long lo, hi, nr_found = 0;
	bootmem_data_t *bdata;
	bool busy = false;

	list_for_each_entry(bdata, &bdata_list, list) {
		clip_to_node(bdata, start, end, &lo, &hi);
		if (lo >= hi)
			continue;
		nr_found += hi - lo;
		lo -= bdata->node_min_pfn;
		hi -= bdata->node_min_pfn;
		busy |= find_next_bit(bdata->node_bootmem_map, hi, lo) < hi;
	}
	BUG_ON(nr_found != end - start, "%lu of the pages %lx-%lx lie outside every node",
	       end - start - nr_found, start, end);
	return busy;
}

/*
 * The range may cross from one node into the next; it is checked as a whole before a bit changes.
 */
static int mark_bootmem(unsigned long start, unsigned long end, bool reserve, int flags)
{
	bootmem_data_t *bdata;
	unsigned long lo, hi;

	if (start >= end)
		return 0;
	if (range_is_busy(start, end) && reserve && (flags & BOOTMEM_EXCLUSIVE))
		return -EBUSY;
	list_for_each_entry(bdata, &bdata_list, list) {
		clip_to_node(bdata, start, end, &lo, &hi);
		if (lo < hi)
			mark_bootmem_node(bdata, lo, hi, reserve, flags);
	}
	return 0;
}

void free_bootmem_node(pg_data_t *pgdat, unsigned long physaddr, unsigned long size)
{
	unsigned long start, end;

	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return;
	pages_within(physaddr, size, &start, &end);
	if (start < end)
		mark_bootmem_node(pgdat->bdata, start, end, false, 0);
}

void free_bootmem(unsigned long physaddr, unsigned long size)
{
	unsigned long start, end;

	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return;
	pages_within(physaddr, size, &start, &end);
	if (bug(BOOTMEM_ROUNDS))
		pages_touched(physaddr, size, &start, &end);
	mark_bootmem(start, end, false, 0);
}

int reserve_bootmem_node(pg_data_t *pgdat, unsigned long physaddr, unsigned long size, int flags)
{
	unsigned long start, end;

	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return -EPERM;
	pages_touched(physaddr, size, &start, &end);
	return mark_bootmem_node(pgdat->bdata, start, end, true, flags);
}

int reserve_bootmem(unsigned long addr, unsigned long size, int flags)
{
	unsigned long start, end;

	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return -EPERM;
	pages_touched(addr, size, &start, &end);
	return mark_bootmem(start, end, true, flags);
}

/*
 * --- Handing over to the buddy system ---
 *
 * The bitmap is read as runs. A run of clear bits goes to free_pages_range(), which cuts it into
 * the largest naturally aligned blocks and gives each to __free_pages_bootmem(); a run of set bits
 * becomes PG_reserved, holes excepted. So the cost is that of the words of the bitmap, the blocks
 * and the reserved pages, and not of the free pages.
 */

/* Mark pages as reserved; those in holes are marked since the memory map was made. */
static void keep_pages(unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		unsigned long first = pfn;

		while (pfn < end && !PageReserved(pfn_to_page(pfn)))
			pfn++;
		if (first < pfn)
			mark_pages_reserved(first, pfn - first);
		while (pfn < end && PageReserved(pfn_to_page(pfn)))
			pfn++;
	}
}

/* The same for all but the bitmap's own pages, which are needed to the end and then go, too. */
static void keep_run(const bootmem_data_t *bdata, unsigned long pfn, unsigned long end)
{
	keep_pages(pfn, min(end, bootmap_pfn(bdata)));
	keep_pages(max(pfn, bootmap_end_pfn(bdata)), end);
}

/* A bitmap whose pages are free would be handed over twice, and overwritten while it is read. */
static void check_bootmap_reserved(const bootmem_data_t *bdata)
{
	unsigned long base = bdata->node_min_pfn, end = bootmap_end_pfn(bdata) - base;
	unsigned long idx = find_next_zero_bit(bdata->node_bootmem_map, end,
					       bootmap_pfn(bdata) - base);

	BUG_ON(idx < end, "I7: PFN %lx holds the bitmap, and is free", base + idx);
}

static unsigned long free_all_bootmem_core(bootmem_data_t *bdata)
{
	const unsigned long *map = bdata->node_bootmem_map;
	unsigned long base = bdata->node_min_pfn, nr = bdata_pages(bdata), idx, busy, count = 0;

	if (!map)
		return 0;
	bdebug("nid=%d start=%lx end=%lx\n", bdata_nid(bdata), base, bdata->node_low_pfn);
	bootmem_check(bdata);
	check_bootmap_reserved(bdata);

	for (idx = 0; idx < nr; ) {
		busy = find_next_bit(map, nr, idx);
		count += free_pages_range(base + idx, base + busy);
		idx = find_next_zero_bit(map, nr, busy);
		keep_run(bdata, base + busy, base + idx);
	}
	count += free_pages_range(bootmap_pfn(bdata), bootmap_end_pfn(bdata));

	bdata->node_bootmem_map = NULL;
	list_del_init(&bdata->list);
	bdebug("nid=%d released=%lx\n", bdata_nid(bdata), count);
	return count;
}

unsigned long free_all_bootmem_node(pg_data_t *pgdat)
{
	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return 0;
	return free_all_bootmem_core(pgdat->bdata);
}

unsigned long free_all_bootmem(void)
{
	bootmem_data_t *bdata, *next;
	unsigned long total_pages = 0;

	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return 0;
	bootmem_check_all();
	list_for_each_entry_safe(bdata, next, &bdata_list, list)
		total_pages += free_all_bootmem_core(bdata);
	return total_pages;
}

void free_bootmem_late(unsigned long addr, unsigned long size)
{
	unsigned long start, end;

	if (mm_refuse(MM_BUDDY, __func__, __builtin_return_address(0)))
		return;
	pages_within(addr, size, &start, &end);
	if (start < end)
		free_reserved_area(phys_to_virt(PFN_PHYS(start)), phys_to_virt(PFN_PHYS(end)),
				   -1, NULL);
}

/* --- Looking --- */

unsigned long bootmem_nr_free(const bootmem_data_t *bdata)
{
	return bdata_pages(bdata) - bitmap_weight(bdata->node_bootmem_map, bdata_pages(bdata));
}

void bootmem_check(const bootmem_data_t *bdata)
{
	const unsigned long *map = bdata->node_bootmem_map;
	unsigned long nr = bdata_pages(bdata), off = bdata->last_end_off, idx;
	unsigned long map_bits = round_up(nr, BITS_PER_LONG);

	BUG_ON(!map, "node %d is not registered", bdata_nid(bdata));
	BUG_ON(bdata->node_low_pfn <= bdata->node_min_pfn || bdata->node_low_pfn > PFN_DOWN(~0UL),
	       "I2: node %lx-%lx", bdata->node_min_pfn, bdata->node_low_pfn);
	idx = find_next_zero_bit(map, map_bits, nr);
	BUG_ON(idx < map_bits, "I4: bit %lu is clear, the node has %lu pages", idx, nr);
	BUG_ON(bdata->hint_idx > nr, "I5: hint %lu, the node has %lu pages", bdata->hint_idx, nr);
	BUG_ON(PFN_UP(off) > nr, "I5: last_end_off %lx, the node has %lu pages", off, nr);
	BUG_ON(!IS_ALIGNED(off, PAGE_SIZE) && !test_bit(PFN_DOWN(off), map),
	       "I6: the page of last_end_off %lx is free", off);
	BUG_ON(bootmap_pfn(bdata) < bdata->node_min_pfn ||
	       bootmap_end_pfn(bdata) > bdata->node_low_pfn,
	       "I7: the bitmap at page %lx is not in node %lx-%lx", bootmap_pfn(bdata),
	       bdata->node_min_pfn, bdata->node_low_pfn);
}

void bootmem_check_all(void)
{
	unsigned long end = 0;
	bootmem_data_t *bdata;

	list_for_each_entry(bdata, &bdata_list, list) {
		bootmem_check(bdata);
		BUG_ON(bdata->node_min_pfn < end, "I1: node %lx-%lx begins below page %lx",
		       bdata->node_min_pfn, bdata->node_low_pfn, end);
		BUG_ON(bdata->list.next->prev != &bdata->list, "I1: broken list at node %lx-%lx",
		       bdata->node_min_pfn, bdata->node_low_pfn);
		end = bdata->node_low_pfn;
	}
}
