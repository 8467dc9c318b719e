/* SPDX-License-Identifier: MIT */
/*
 * What the files of memblock share, and nobody else uses:
 *
 *    memblock.c         the lists: add, remove, cut, merge, double
 *    memblock_alloc.c   finding free memory and reserving it
 *    memblock_range.c   iterators, questions, dump and check
 *    memblock_limit.c   trimming and capping
 */
#ifndef MM_MEMBLOCK_INTERNAL_H
#define MM_MEMBLOCK_INTERNAL_H

#include <kernel/printk.h>
#include <lib/math.h>
#include <mm/handoff.h>
#include <mm/memblock.h>

/* A message if memblock=debug. */
#define memblock_dbg(fmt, ...)						\
	do {								\
		if (unlikely(memblock_debug))				\
			pr_info(fmt, ##__VA_ARGS__);			\
	} while (0)

/* Is the calling function, which changes lists or gives memory, too late? */
#define memblock_refuse() \
	mm_refuse(MM_MEMBLOCK, __func__, __builtin_return_address(0))

static inline phys_addr_t region_end(const struct memblock_region *region)
{
	return region->base + region->size;
}

/* Cut *@size so that @base + *@size does not overflow, and return it. */
static inline phys_addr_t memblock_cap_size(phys_addr_t base, phys_addr_t *size)
{
	return *size = min(*size, PHYS_ADDR_MAX - base);
}

/* Do two neighbours differ in nothing but their addresses? */
static inline bool regions_alike(const struct memblock_region *a, const struct memblock_region *b)
{
	return a->nid == b->nid && a->flags == b->flags;
}

/* Bytes that memblock_trim_memory() cut off and that total_size still counts. */
extern phys_addr_t memblock_trimmed;

int memblock_add_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size, int nid,
		       enum memblock_flags flags);
int memblock_remove_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size);
void memblock_remove_region(struct memblock_type *type, unsigned long idx);
int memblock_isolate_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size,
			   unsigned long *first, unsigned long *end);

/* The mirrored memory that allocations prefer, or MEMBLOCK_NONE. */
enum memblock_flags choose_memblock_flags(void);
phys_addr_t memblock_find_in_range(phys_addr_t start, phys_addr_t end, phys_addr_t size,
				   phys_addr_t align);

#endif
