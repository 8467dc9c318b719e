// SPDX-License-Identifier: MIT
/*
 * memblock: finding free memory and reserving it.
 *
 *            start                                   end (or current_limit)
 *              |                                      |
 *    free   |bbbb|  |cccccccccccccc|      |dd|     |eeeeeeeee|
 *              bottom-up takes the first that fits -->
 *                              <-- top-down takes the last that fits
 *
 * A request that cannot be met is met less strictly, in this order, as in Linux 6.1: on another
 * node, without mirroring, and (memblock_alloc*() only) below the lower limit.
 *
 * I1. The address given is a multiple of the alignment, and never lies in the first page: 0 means
 *     failure.
 * I2. It comes from memory that is neither reserved, nor NOMAP, nor driver-managed.
 *
 * Relies on memblock.c's lists and memblock_range.c's iterators. Called by boot code; and by
 * memblock.c, for a larger array.
 */
#include "memblock_internal.h"

#include <asm/cache.h>
#include <kernel/bug.h>
#include <lib/string.h>

/* What is asked for; the arguments of memblock_alloc_range_nid(). */
struct request {
	phys_addr_t size, align, start, end;
	int nid;
	bool exact_nid;
};

static phys_addr_t find_bottom_up(const struct request *rq, int nid, enum memblock_flags flags)
{
	phys_addr_t start, end, place;
	u64 i;

	for_each_free_mem_range(i, nid, flags, &start, &end, NULL) {
		start = clamp(start, rq->start, rq->end);
		end = clamp(end, rq->start, rq->end);
		place = round_up(start, rq->align);
		if (place < end && end - place >= rq->size)
			return place;
	}
	return 0;
}

static phys_addr_t find_top_down(const struct request *rq, int nid, enum memblock_flags flags)
{
	phys_addr_t start, end, place;
	u64 i;

	for_each_free_mem_range_reverse(i, nid, flags, &start, &end, NULL) {
		start = clamp(start, rq->start, rq->end);
		end = clamp(end, rq->start, rq->end);
		if (end < rq->size)
			continue;
		place = round_down(end - rq->size, rq->align);
		if (place >= start)
			return place;
	}
	return 0;
}

static phys_addr_t find_place(const struct request *rq, int nid, enum memblock_flags flags)
{
	return memblock_bottom_up() ? find_bottom_up(rq, nid, flags) :
				      find_top_down(rq, nid, flags);
}

/* Make a request that means the same, in plain numbers. */
static void settle(struct request *rq)
{
	static bool warned;

	if (rq->nid == MAX_NUMNODES) {
		WARN_ON(!warned, "memblock: MAX_NUMNODES as a node; use NUMA_NO_NODE");
		warned = true;
		rq->nid = NUMA_NO_NODE;
	}
	WARN_ON(rq->align & (rq->align - 1), "memblock: alignment 0x%x", rq->align);
	if (WARN_ON(rq->align == 0, "memblock: no alignment given for 0x%x bytes", rq->size))
		rq->align = SMP_CACHE_BYTES;
	if (rq->end == MEMBLOCK_ALLOC_ACCESSIBLE || rq->end == MEMBLOCK_ALLOC_NOLEAKTRACE)
		rq->end = memblock.current_limit;
	rq->start = max(rq->start, (phys_addr_t)PAGE_SIZE);
	rq->end = max(rq->start, rq->end);
}

static void warn_no_mirror(phys_addr_t size)
{
	pr_warn("Could not allocate 0x%08x bytes of mirrored memory\n", size);
}

/**
 * memblock_find_in_range - find free memory without reserving it
 * @start: lowest address
 * @end: address above the last byte, or MEMBLOCK_ALLOC_ACCESSIBLE
 * @size: bytes
 * @align: a power of two
 *
 * Return: the physical address, 0 if there is no room.
 */
phys_addr_t memblock_find_in_range(phys_addr_t start, phys_addr_t end, phys_addr_t size,
				   phys_addr_t align)
{
	struct request rq = { size, align, start, end, NUMA_NO_NODE, false };
	enum memblock_flags flags = choose_memblock_flags();
	phys_addr_t found;

	settle(&rq);
	found = find_place(&rq, rq.nid, flags);
	if (!found && (flags & MEMBLOCK_MIRROR)) {
		warn_no_mirror(size);
		found = find_place(&rq, rq.nid, MEMBLOCK_NONE);
	}
	return found;
}

/* Return: the address, now reserved; 0 if there is no room in memory or on the reserved list. */
static phys_addr_t take_place(const struct request *rq, int nid, enum memblock_flags flags)
{
	phys_addr_t found = find_place(rq, nid, flags);

	VM_BUG_ON(found && found < PAGE_SIZE, "I1: 0x%08x", found);
	if (found && memblock_add_range(&memblock.reserved, found, rq->size, MAX_NUMNODES,
					MEMBLOCK_NONE))
		return 0;
	return found;
}

/* On the node that is asked for, or else on any. */
static phys_addr_t take_on_nodes(const struct request *rq, enum memblock_flags flags)
{
	phys_addr_t found = take_place(rq, rq->nid, flags);

	if (!found && rq->nid != NUMA_NO_NODE && !rq->exact_nid)
		found = take_place(rq, NUMA_NO_NODE, flags);
	return found;
}

static phys_addr_t alloc_phys(struct request rq)
{
	enum memblock_flags flags = choose_memblock_flags();
	phys_addr_t found;

	settle(&rq);
	found = take_on_nodes(&rq, flags);
	if (!found && (flags & MEMBLOCK_MIRROR)) {
		warn_no_mirror(rq.size);
		found = take_on_nodes(&rq, MEMBLOCK_NONE);
	}
	return found;
}

phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				     phys_addr_t end, int nid, bool exact_nid)
{
	if (memblock_refuse())
		return 0;
	return alloc_phys((struct request){ size, align, start, end, nid, exact_nid });
}

phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				      phys_addr_t end)
{
	if (memblock_refuse())
		return 0;
	memblock_dbg("%s: %u bytes align=0x%x from=0x%08x max_addr=0x%08x %pS\n", __func__, size,
		     align, start, end, __builtin_return_address(0));
	return alloc_phys((struct request){ size, align, start, end, NUMA_NO_NODE, false });
}

phys_addr_t memblock_phys_alloc_try_nid(phys_addr_t size, phys_addr_t align, int nid)
{
	if (memblock_refuse())
		return 0;
	return alloc_phys((struct request){ size, align, 0, MEMBLOCK_ALLOC_ACCESSIBLE, nid, false });
}

/* From @rq.start on, or else from anywhere; always below the current limit. */
static void *alloc_virt(struct request rq, const char *func, const void *caller)
{
	phys_addr_t found;

	memblock_dbg("%s: %u bytes align=0x%x nid=%d from=0x%08x max_addr=0x%08x %pS\n", func,
		     rq.size, rq.align, rq.nid, rq.start, rq.end, caller);
	rq.end = min(rq.end, memblock.current_limit);
	found = alloc_phys(rq);
	if (!found && rq.start) {
		rq.start = 0;
		found = alloc_phys(rq);
	}
	return found ? phys_to_virt(found) : NULL;
}

void *memblock_alloc_exact_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				   phys_addr_t max_addr, int nid)
{
	if (memblock_refuse())
		return NULL;
	return alloc_virt((struct request){ size, align, min_addr, max_addr, nid, true },
			  __func__, __builtin_return_address(0));
}

void *memblock_alloc_try_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				 phys_addr_t max_addr, int nid)
{
	if (memblock_refuse())
		return NULL;
	return alloc_virt((struct request){ size, align, min_addr, max_addr, nid, false },
			  __func__, __builtin_return_address(0));
}

void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
			     phys_addr_t max_addr, int nid)
{
	void *ptr;

	if (memblock_refuse())
		return NULL;
	ptr = alloc_virt((struct request){ size, align, min_addr, max_addr, nid, false },
			 __func__, __builtin_return_address(0));
	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

void memblock_set_current_limit(phys_addr_t limit)
{
	memblock.current_limit = limit;
}

phys_addr_t memblock_get_current_limit(void)
{
	return memblock.current_limit;
}
