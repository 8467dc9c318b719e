// SPDX-License-Identifier: MIT
/*
 * bootmem's search: first fit in the bitmap that mm/bootmem.c keeps (picture and invariants are
 * there).
 *
 *    alloc_any_node(), alloc_near_node()    which nodes, in which order, with the goal or without
 *      alloc_bootmem_bdata()                one node: where to look, how far
 *        find_block_hinted(), find_block()  pages that are free, by the word
 *        take_block()                       begins in the page before if that has room at its end
 *
 * A request is first given whole pages of its own; only if these happen to follow the page in which
 * the latest allocation ends does it move down into that page (start_in_block()). So small requests
 * one after the other are packed as on a stack, and there are no free lists and nothing to search
 * within a page. What is asked for at boot is never given back, so that is enough.
 */
#include <kernel/bug.h>
#include <lib/bitmap.h>
#include <mm/bootmem.h>
#include <mm/handoff.h>
#include "bootmem_internal.h"

phys_addr_t bootmem_low_limit;

/* A bit's number that stands for "none". */
#define NO_BLOCK	(~0UL)

/*
 * Bits count from the node's first page, alignment from address 0: the sum of both is what is
 * aligned.
 */
static unsigned long align_idx(const bootmem_data_t *bdata, unsigned long idx, unsigned long step)
{
	return ALIGN(bdata->node_min_pfn + idx, step) - bdata->node_min_pfn;
}

/* As align_idx(), in bytes. */
static unsigned long align_off(const bootmem_data_t *bdata, unsigned long off, unsigned long align)
{
	unsigned long base = PFN_PHYS(bdata->node_min_pfn);

	return ALIGN(base + off, align) - base;
}

/*
 * The first @nr_pages free pages from bit @sidx on, the first of them a multiple of @step, below
 * @midx.
 */
static unsigned long find_block(const bootmem_data_t *bdata, unsigned long sidx,
				unsigned long midx, unsigned long nr_pages, unsigned long step)
{
	const unsigned long *map = bdata->node_bootmem_map;
	unsigned long eidx, busy;

	for (;;) {
		sidx = align_idx(bdata, find_next_zero_bit(map, midx, sidx), step);
		eidx = sidx + nr_pages;
		if (eidx > midx)
			return NO_BLOCK;
		busy = find_next_bit(map, eidx, sidx);
		if (busy == eidx)
			return sidx;
		sidx = align_idx(bdata, busy + 1, step);
	}
}

/*
 * As find_block(), beginning at the hint; the pages between @sidx and the hint are tried when there
 * is nothing behind it.
 */
static unsigned long find_block_hinted(const bootmem_data_t *bdata, unsigned long sidx,
				       unsigned long midx, unsigned long nr_pages,
				       unsigned long step)
{
	unsigned long hint = align_idx(bdata, bdata->hint_idx, step), found = NO_BLOCK;

	if (bdata->hint_idx > sidx)
		found = find_block(bdata, hint, midx, nr_pages, step);
	if (found == NO_BLOCK)
		found = find_block(bdata, sidx, midx, nr_pages, step);
	return found;
}

/*
 * Where memory begins for which pages from bit @sidx on are free: in the page before, if the latest
 * allocation ends in there. An alignment of a page or more rounds that up to @sidx again.
 */
static unsigned long start_in_block(const bootmem_data_t *bdata, unsigned long sidx,
				    unsigned long align)
{
	unsigned long off = bdata->last_end_off;

	if (!IS_ALIGNED(off, PAGE_SIZE) && PFN_DOWN(off) + 1 == sidx)
		return align_off(bdata, off, align);
	return PFN_PHYS(sidx);
}

/* Take @size bytes where find_block() found room for them. */
static void *take_block(bootmem_data_t *bdata, unsigned long sidx, unsigned long size,
			unsigned long align)
{
	unsigned long start_off = start_in_block(bdata, sidx, align);
	unsigned long end_off = start_off + size;
	int err;

	bdata->last_end_off = end_off;
	bdata->hint_idx = PFN_UP(end_off);
	err = __reserve(bdata, sidx, PFN_UP(end_off), BOOTMEM_EXCLUSIVE);
	BUG_ON(err, "a page of %lx-%lx was taken after it was found free",
	       sidx + bdata->node_min_pfn, PFN_UP(end_off) + bdata->node_min_pfn);

	return phys_to_virt(PFN_PHYS(bdata->node_min_pfn) + start_off);
}

static bool beyond_limit(unsigned long size, unsigned long goal, unsigned long limit)
{
	return limit && (goal > limit || size > limit - goal);
}

/* What every request has to fulfil, wherever it goes. */
static void check_request(unsigned long size, unsigned long align, unsigned long goal,
			  unsigned long limit)
{
	BUG_ON(!size, "nothing asked for, align %lx goal %lx", align, goal);
	BUG_ON(!is_power_of_2(align), "align %lx", align);
	BUG_ON(beyond_limit(size, goal, limit), "%lx bytes from %lx on end above %lx",
	       size, goal, limit);
}

static void *alloc_bootmem_bdata(bootmem_data_t *bdata, unsigned long size, unsigned long align,
				 unsigned long goal, unsigned long limit)
{
	unsigned long first = bdata->node_min_pfn, end = bdata->node_low_pfn;
	unsigned long step = max(PFN_DOWN(align), 1UL), nr_pages = PFN_DOWN(size - 1) + 1, sidx;

	bdebug("nid=%d size=%lx [%lu pages] align=%lx goal=%lx limit=%lx\n",
	       bdata_nid(bdata), size, nr_pages, align, goal, limit);
	if (!bdata->node_bootmem_map)
		return NULL;
	if (limit)
		end = min(end, PFN_DOWN(limit));
	if (end <= first)
		return NULL;
	if (first < PFN_DOWN(goal) && PFN_DOWN(goal) < end)
		first = PFN_DOWN(goal);

	sidx = find_block_hinted(bdata, ALIGN(first, step) - bdata->node_min_pfn,
				 end - bdata->node_min_pfn, nr_pages, step);
	return sidx == NO_BLOCK ? NULL : take_block(bdata, sidx, size, align);
}

/*
 * From the nodes that reach above the goal and begin below the limit, in the order of their
 * addresses.
 */
static void *alloc_bootmem_core(unsigned long size, unsigned long align,
				unsigned long goal, unsigned long limit)
{
	bootmem_data_t *bdata;
	void *region;

	list_for_each_entry(bdata, &bdata_list, list) {
		if (goal && bdata->node_low_pfn <= PFN_DOWN(goal))
			continue;
		if (limit && bdata->node_min_pfn >= PFN_DOWN(limit))
			break;
		region = alloc_bootmem_bdata(bdata, size, align, goal, limit);
		if (region)
			return region;
	}
	return NULL;
}

static void *zeroed(void *region, unsigned long size)
{
	return region ? memset(region, 0, size) : NULL;
}

static void *alloc_any_node(unsigned long size, unsigned long align,
			    unsigned long goal, unsigned long limit)
{
	void *region;

	check_request(size, align, goal, limit);
	region = alloc_bootmem_core(size, align, goal, limit);
	if (!region && goal)
		region = alloc_bootmem_core(size, align, 0, limit);
	return zeroed(region, size);
}

/* From the node, or from any; once the limit is dropped it stays so. The memory is as it was. */
static void *alloc_near_node_raw(bootmem_data_t *bdata, unsigned long size, unsigned long align,
				 unsigned long goal, unsigned long limit)
{
	void *region;

	if (beyond_limit(size, goal, limit))
		limit = 0;
	check_request(size, align, goal, limit);
	region = alloc_bootmem_bdata(bdata, size, align, goal, limit);
	if (!region)
		region = alloc_bootmem_core(size, align, goal, limit);
	if (!region && goal)
		region = alloc_near_node_raw(bdata, size, align, 0, limit);
	return region;
}

static void *alloc_near_node(bootmem_data_t *bdata, unsigned long size, unsigned long align,
			     unsigned long goal, unsigned long limit)
{
	return zeroed(alloc_near_node_raw(bdata, size, align, goal, limit), size);
}

/* What the functions do that never return NULL: in front of the search, and behind it. */
static void own_or_panic(const char *func, const void *caller)
{
	if (mm_refuse(MM_BOOTMEM, func, caller))
		panic("%s: no boot memory at this time", func);
}

static void *region_or_panic(void *region, unsigned long size)
{
	if (region)
		return region;
	pr_alert("bootmem alloc of %lu bytes failed!\n", size);
	panic("Out of memory");
}

void *__alloc_bootmem_nopanic(unsigned long size, unsigned long align, unsigned long goal)
{
	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return NULL;
	return alloc_any_node(size, align, goal, 0);
}

void *__alloc_bootmem(unsigned long size, unsigned long align, unsigned long goal)
{
	own_or_panic(__func__, __builtin_return_address(0));
	return region_or_panic(alloc_any_node(size, align, goal, 0), size);
}

void *__alloc_bootmem_low_nopanic(unsigned long size, unsigned long align, unsigned long goal)
{
	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return NULL;
	return alloc_any_node(size, align, goal, bootmem_low_limit);
}

void *__alloc_bootmem_low(unsigned long size, unsigned long align, unsigned long goal)
{
	own_or_panic(__func__, __builtin_return_address(0));
	return region_or_panic(alloc_any_node(size, align, goal, bootmem_low_limit), size);
}

void *___alloc_bootmem_node_nopanic(pg_data_t *pgdat, unsigned long size, unsigned long align,
				    unsigned long goal, unsigned long limit)
{
	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return NULL;
	return alloc_near_node(pgdat->bdata, size, align, goal, limit);
}

void *__alloc_bootmem_node_nopanic(pg_data_t *pgdat, unsigned long size, unsigned long align,
				   unsigned long goal)
{
	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return NULL;
	return alloc_near_node(pgdat->bdata, size, align, goal, 0);
}

void *__alloc_bootmem_node_raw(pg_data_t *pgdat, unsigned long size, unsigned long align,
			       unsigned long goal)
{
	if (mm_refuse(MM_BOOTMEM, __func__, __builtin_return_address(0)))
		return NULL;
	return alloc_near_node_raw(pgdat->bdata, size, align, goal, 0);
}

void *__alloc_bootmem_node(pg_data_t *pgdat, unsigned long size, unsigned long align,
			   unsigned long goal)
{
	own_or_panic(__func__, __builtin_return_address(0));
	return region_or_panic(alloc_near_node(pgdat->bdata, size, align, goal, 0), size);
}

void *__alloc_bootmem_low_node(pg_data_t *pgdat, unsigned long size, unsigned long align,
			       unsigned long goal)
{
	own_or_panic(__func__, __builtin_return_address(0));
	return region_or_panic(alloc_near_node(pgdat->bdata, size, align, goal,
					       bootmem_low_limit), size);
}
