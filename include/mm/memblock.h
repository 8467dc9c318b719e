/* SPDX-License-Identifier: MIT */
/*
 * memblock: the first allocator. It knows memory as two sorted lists of regions, what there is and
 * what is taken; free is what the first list covers and the second does not.
 *
 *    memory      |========== node 0 ==========|       |====== node 1 ======|
 *    reserved        |===|    |=|                        |=====|         |=|
 *    free        |aaa|   |bbbb| |cccccccccccccc|      |dd|     |eeeeeeeee|
 *
 *    memblock_phys_alloc*()	find free memory, reserve it, return its physical address
 *    memblock_alloc*()		the same; return its lowmem address, zeroed but for the _raw forms
 *
 * It works from the first instruction in C: the lists begin as static arrays. Everything is
 * in bytes; a range is its base and its size. The byte at the very top of the address space
 * (0xffffffff) can be in no region, so that the end of every region is a number.
 *
 * Interface and behaviour are those of Linux 6.1 (mm/memblock.c, include/linux/memblock.h) with
 * CONFIG_NUMA and a 32-bit phys_addr_t: for any sequence of calls the same regions and results.
 *
 * Differs from Linux:
 *  - Who comes after the hand-over to bootmem is refused with a message (mm_refuse()): functions
 *    that return an int return -EPERM, allocators 0 or NULL, the rest change nothing. That goes for
 *    all that changes the lists or gives memory. Questions, iterators and settings (allocation
 *    limit and direction, memblock_allow_resize()) work for ever.
 *  - memblock_free_all(), memblock_free_late() and memblock_discard() do not exist: bootmem takes
 *    over, not the page allocator, and the lists stay for who wants to know what memory there is.
 *  - No "physmem" list; CONFIG_ARCH_KEEP_MEMBLOCK is always on.
 *  - memblock_trim_memory() removes a region whose base would round up to 4 GiB; 6.1's wraps to 0.
 *
 * Context: one CPU, no locks, no interrupts that use it.
 */
#ifndef MM_MEMBLOCK_H
#define MM_MEMBLOCK_H

#include <asm/page.h>
#include <lib/types.h>
#include <mm/numa.h>

#define INIT_MEMBLOCK_REGIONS	128	/* length of each array until it doubles */

/**
 * enum memblock_flags - what is special about a region of memory
 * @MEMBLOCK_NONE: nothing
 * @MEMBLOCK_HOTPLUG: may be taken away; not allocated from while movable_node_enabled
 * @MEMBLOCK_MIRROR: kept twice by the hardware; preferred while mirrored_kernelcore
 * @MEMBLOCK_NOMAP: not to be mapped, hence never allocated from
 * @MEMBLOCK_DRIVER_MANAGED: found by a driver, not by firmware; never allocated from
 */
enum memblock_flags {
	MEMBLOCK_NONE = 0x0,
	MEMBLOCK_HOTPLUG = 0x1,
	MEMBLOCK_MIRROR = 0x2,
	MEMBLOCK_NOMAP = 0x4,
	MEMBLOCK_DRIVER_MANAGED = 0x8,
};

/**
 * struct memblock_region - one range of physical addresses
 * @base: first byte
 * @size: bytes; 0 only in the one entry of an empty list
 * @flags: of memory; MEMBLOCK_NONE on the reserved list
 * @nid: the node; MAX_NUMNODES where none was given
 */
struct memblock_region {
	phys_addr_t base;
	phys_addr_t size;
	enum memblock_flags flags;
	int nid;
};

/**
 * struct memblock_type - a list of regions
 * @cnt: entries in use. An empty list has one, of size 0
 * @max: entries in @regions
 * @total_size: bytes in all regions (but see memblock_trim_memory())
 * @regions: sorted by base
 * @name: "memory" or "reserved"
 */
struct memblock_type {
	unsigned long cnt;
	unsigned long max;
	phys_addr_t total_size;
	struct memblock_region *regions;
	const char *name;
};

/**
 * struct memblock - all that memblock knows
 * @bottom_up: allocate from low addresses upwards; false at first
 * @current_limit: allocations without a limit of their own end below this address
 * @memory: what there is
 * @reserved: what is taken
 */
struct memblock {
	bool bottom_up;
	phys_addr_t current_limit;
	struct memblock_type memory;
	struct memblock_type reserved;
};

extern struct memblock memblock;

/* Messages about every change: `memblock=debug`. */
extern bool memblock_debug;

/* Keep off hotpluggable memory: `movable_node`. In Linux it is mm/memory_hotplug.c's. */
extern bool movable_node_enabled;

/* Heed memblock_mark_mirror(). In Linux `kernelcore=mirror` sets it, in mm/page_alloc.c. */
extern bool mirrored_kernelcore;

/* ---- The lists ------------------------------------------------------------------------------- */

/**
 * memblock_add_node - there is memory
 * @base: first byte
 * @size: bytes; cut so that @base + @size is at most 0xffffffff
 * @nid: its node
 * @flags: what is special about it
 *
 * Where the range overlaps memory that is known already, the known regions stay as they are and
 * only the rest is added. Neighbours of the same node and flags become one region.
 *
 * Return: 0; -ENOMEM if the list is full and cannot be doubled, then nothing is added; -EPERM after
 * the hand-over.
 */
int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags);

/**
 * memblock_add - there is memory, of no particular node
 * @base: first byte
 * @size: bytes
 *
 * memblock_add_node() with MAX_NUMNODES and MEMBLOCK_NONE. Return: as there.
 */
int memblock_add(phys_addr_t base, phys_addr_t size);

/**
 * memblock_remove - there is no memory
 * @base: first byte
 * @size: bytes; cut as in memblock_add_node()
 *
 * Regions that lie across a border of the range are cut there. What is reserved stays so.
 *
 * Return: 0, also where there was none; -ENOMEM if a cut finds no room in the list; -EPERM.
 */
int memblock_remove(phys_addr_t base, phys_addr_t size);

/**
 * memblock_reserve - take a range out of the reach of the allocator
 * @base: first byte
 * @size: bytes; cut as in memblock_add_node()
 *
 * There need not be memory. What is reserved already may be reserved again.
 *
 * Return: as memblock_add_node().
 */
int memblock_reserve(phys_addr_t base, phys_addr_t size);

/**
 * memblock_phys_free - the opposite of memblock_reserve() and memblock_phys_alloc()
 * @base: first byte
 * @size: bytes; cut as in memblock_add_node()
 *
 * Frees exactly that range, whoever reserved it and in how many pieces. Return: as
 * memblock_remove().
 */
int memblock_phys_free(phys_addr_t base, phys_addr_t size);

/**
 * memblock_free - the opposite of memblock_alloc()
 * @ptr: what it returned; NULL is ignored
 * @size: bytes
 */
void memblock_free(void *ptr, size_t size);

/**
 * memblock_set_node - say which node a range belongs to
 * @base: first byte
 * @size: bytes
 * @type: &memblock.memory or &memblock.reserved
 * @nid: the node
 *
 * Return: 0; -ENOMEM if a cut finds no room in the list; -EPERM.
 */
int memblock_set_node(phys_addr_t base, phys_addr_t size, struct memblock_type *type, int nid);

/*
 * Set or clear a flag of the @size bytes of memory from @base on, cutting regions at the borders. Return: as
 * memblock_set_node(). memblock_mark_mirror() does nothing and returns 0 unless mirrored_kernelcore.
 */
int memblock_mark_hotplug(phys_addr_t base, phys_addr_t size);
int memblock_clear_hotplug(phys_addr_t base, phys_addr_t size);
int memblock_mark_mirror(phys_addr_t base, phys_addr_t size);
int memblock_mark_nomap(phys_addr_t base, phys_addr_t size);
int memblock_clear_nomap(phys_addr_t base, phys_addr_t size);

/**
 * memblock_trim_memory - make every region of memory begin and end at a multiple
 * @align: bytes, a power of two
 *
 * Regions shrink; one that holds no multiple goes away. As in Linux 6.1 the total size keeps
 * counting what was cut off regions that remain.
 */
void memblock_trim_memory(phys_addr_t align);

/**
 * memblock_enforce_memory_limit - forget memory above a total
 * @limit: bytes of memory to keep, counted from the lowest; 0, or more than there is: no limit
 *
 * Cuts both lists.
 */
void memblock_enforce_memory_limit(phys_addr_t limit);

/**
 * memblock_cap_memory_range - forget memory outside of a range
 * @base: first byte
 * @size: bytes; 0 is ignored
 *
 * Regions with MEMBLOCK_NOMAP are kept wherever they lie. The reserved list is cut to the range.
 * As in Linux 6.1, @base + @size must not pass 4 GiB: reservations above the wrapped sum are lost.
 */
void memblock_cap_memory_range(phys_addr_t base, phys_addr_t size);

/* As memblock_enforce_memory_limit(), but keeps regions with MEMBLOCK_NOMAP. */
void memblock_mem_limit_remove_map(phys_addr_t limit);

/**
 * memblock_allow_resize - from now on an array that is full may double
 *
 * The new array is allocated from free memory. So everything that must not be overwritten, and that
 * nobody gave a reservation yet, must have one before this is called.
 */
void memblock_allow_resize(void);

/* ---- Allocating ------------------------------------------------------------------------------ */

#define MEMBLOCK_ALLOC_ANYWHERE		(~(phys_addr_t)0)
#define MEMBLOCK_ALLOC_ACCESSIBLE	0	/* as an end: current_limit */
#define MEMBLOCK_ALLOC_NOLEAKTRACE	1	/* the same; tells Linux's kmemleak something */
#define MEMBLOCK_LOW_LIMIT		0
#define ARCH_LOW_ADDRESS_LIMIT		0xffffffffUL

/**
 * memblock_alloc_range_nid - find free memory and reserve it
 * @size: bytes. Of 0 bytes the place is found, and nothing is reserved
 * @align: a power of two; 0 is reported and taken as SMP_CACHE_BYTES
 * @start: lowest address; the first page of the address space is never given
 * @end: address above the last byte; MEMBLOCK_ALLOC_ACCESSIBLE means memblock.current_limit
 * @nid: the node, or NUMA_NO_NODE
 * @exact_nid: false: if the node has no room, take any
 *
 * Takes the highest place, or the lowest if memblock_bottom_up(). If there is mirrored memory it is
 * tried first, and any memory after a message.
 *
 * Return: the physical address; 0 if there is no room, or memblock is not the owner any more.
 */
phys_addr_t memblock_alloc_range_nid(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				     phys_addr_t end, int nid, bool exact_nid);

/* As memblock_alloc_range_nid(), on any node. */
phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start,
				      phys_addr_t end);

/* As memblock_alloc_range_nid(), below the current limit, preferably on node @nid. */
phys_addr_t memblock_phys_alloc_try_nid(phys_addr_t size, phys_addr_t align, int nid);

/* The same, on any node. */
static inline phys_addr_t memblock_phys_alloc(phys_addr_t size, phys_addr_t align)
{
	return memblock_phys_alloc_range(size, align, 0, MEMBLOCK_ALLOC_ACCESSIBLE);
}

/**
 * memblock_alloc_try_nid - allocate memory that the kernel can use at once
 * @size: bytes
 * @align: as in memblock_alloc_range_nid()
 * @min_addr: lowest physical address, if there is room above it; otherwise below it
 * @max_addr: physical address above the last byte; cut to the current limit
 * @nid: preferred node, or NUMA_NO_NODE
 *
 * memblock.current_limit must end at or below the end of lowmem, or the result may not be mapped.
 *
 * Return: the virtual address of zeroed memory; NULL if there is no room, or memblock is not the
 * owner any more. (Linux's returns memory from the slab allocator then.)
 */
void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
			     phys_addr_t max_addr, int nid);

/* The same without zeroing. */
void *memblock_alloc_try_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				 phys_addr_t max_addr, int nid);

/* The same without zeroing, and from node @nid only. */
void *memblock_alloc_exact_nid_raw(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr,
				   phys_addr_t max_addr, int nid);

/* As memblock_alloc_try_nid(), below the current limit, on any node. */
static inline void *memblock_alloc(phys_addr_t size, phys_addr_t align)
{
	return memblock_alloc_try_nid(size, align, MEMBLOCK_LOW_LIMIT, MEMBLOCK_ALLOC_ACCESSIBLE,
				      NUMA_NO_NODE);
}

/*
 * As memblock_alloc(), but: not zeroed, memblock_alloc_raw(); rather above @min_addr,
 * memblock_alloc_from(); below ARCH_LOW_ADDRESS_LIMIT, memblock_alloc_low(); from node @nid first,
 * memblock_alloc_node().
 */
static inline void *memblock_alloc_raw(phys_addr_t size, phys_addr_t align)
{
	return memblock_alloc_try_nid_raw(size, align, MEMBLOCK_LOW_LIMIT,
					  MEMBLOCK_ALLOC_ACCESSIBLE, NUMA_NO_NODE);
}

static inline void *memblock_alloc_from(phys_addr_t size, phys_addr_t align, phys_addr_t min_addr)
{
	return memblock_alloc_try_nid(size, align, min_addr, MEMBLOCK_ALLOC_ACCESSIBLE,
				      NUMA_NO_NODE);
}

static inline void *memblock_alloc_low(phys_addr_t size, phys_addr_t align)
{
	return memblock_alloc_try_nid(size, align, MEMBLOCK_LOW_LIMIT, ARCH_LOW_ADDRESS_LIMIT,
				      NUMA_NO_NODE);
}

static inline void *memblock_alloc_node(phys_addr_t size, phys_addr_t align, int nid)
{
	return memblock_alloc_try_nid(size, align, MEMBLOCK_LOW_LIMIT, MEMBLOCK_ALLOC_ACCESSIBLE,
				      nid);
}

/* To @enable: give memory from below, instead of from above. Is it so? memblock_bottom_up(). */
static inline void memblock_set_bottom_up(bool enable)
{
	memblock.bottom_up = enable;
}

static inline bool memblock_bottom_up(void)
{
	return memblock.bottom_up;
}

/* The address that allocations without a limit of their own end below. */
void memblock_set_current_limit(phys_addr_t limit);
phys_addr_t memblock_get_current_limit(void);

/* ---- Questions ------------------------------------------------------------------------------- */

/* Bytes of memory, and bytes reserved. */
phys_addr_t memblock_phys_mem_size(void);
phys_addr_t memblock_reserved_size(void);

/* The lowest address of memory, and the address above the highest; 0 and 0 if there is none. */
phys_addr_t memblock_start_of_DRAM(void);
phys_addr_t memblock_end_of_DRAM(void);

/* Is the byte at @addr memory? Memory that is mapped, that is, without MEMBLOCK_NOMAP? Reserved? */
bool memblock_is_memory(phys_addr_t addr);
bool memblock_is_map_memory(phys_addr_t addr);
bool memblock_is_reserved(phys_addr_t addr);

/**
 * memblock_is_region_memory - does one region of memory hold a whole range?
 * @base: first byte
 * @size: bytes; cut as in memblock_add_node()
 */
bool memblock_is_region_memory(phys_addr_t base, phys_addr_t size);

/* Is any of the @size bytes at @base reserved? */
bool memblock_is_region_reserved(phys_addr_t base, phys_addr_t size);

/* Have @size1 bytes at @base1 and @size2 at @base2, neither of which pass 4 GiB, one in common? */
static inline bool memblock_addrs_overlap(phys_addr_t base1, phys_addr_t size1,
					  phys_addr_t base2, phys_addr_t size2)
{
	return base1 < base2 + size2 && base2 < base1 + size1;
}

/* Do @size bytes from @base on (cut as in memblock_add_node()) overlap a region of the list? */
bool memblock_overlaps_region(struct memblock_type *type, phys_addr_t base, phys_addr_t size);

/**
 * memblock_search_pfn_nid - the region of memory that a page frame lies in
 * @pfn: page frame number
 * @start_pfn: receives the region's first page frame
 * @end_pfn: receives the page frame after its last
 *
 * Return: the region's node; -1 if there is no memory, and nothing is written then.
 */
int memblock_search_pfn_nid(unsigned long pfn, unsigned long *start_pfn, unsigned long *end_pfn);

/* Print both lists, in Linux's format, if memblock_debug. */
void memblock_dump_all(void);

/* Walk both lists and BUG if an invariant does not hold; they are listed in mm/memblock.c. */
void memblock_check(void);

/*
 * Has the region the flag? memblock_is_hotpluggable(), memblock_is_mirror(), memblock_is_nomap(),
 * memblock_is_driver_managed().
 */
static inline bool memblock_is_hotpluggable(const struct memblock_region *region)
{
	return region->flags & MEMBLOCK_HOTPLUG;
}

static inline bool memblock_is_mirror(const struct memblock_region *region)
{
	return region->flags & MEMBLOCK_MIRROR;
}

static inline bool memblock_is_nomap(const struct memblock_region *region)
{
	return region->flags & MEMBLOCK_NOMAP;
}

static inline bool memblock_is_driver_managed(const struct memblock_region *region)
{
	return region->flags & MEMBLOCK_DRIVER_MANAGED;
}

/* Was movable_node on the command line? */
static inline bool movable_node_is_enabled(void)
{
	return movable_node_enabled;
}

/* The node of a region, @nid: memblock_set_region_node(), memblock_get_region_node(). */
static inline void memblock_set_region_node(struct memblock_region *region, int nid)
{
	region->nid = nid;
}

static inline int memblock_get_region_node(const struct memblock_region *region)
{
	return region->nid;
}

/* The whole page frames of a region of memory: first, and the one after the last. */
static inline unsigned long memblock_region_memory_base_pfn(const struct memblock_region *region)
{
	return PFN_UP(region->base);
}

/* The page behind the last whole one. */
static inline unsigned long memblock_region_memory_end_pfn(const struct memblock_region *region)
{
	return PFN_DOWN(region->base + region->size);
}

/* The page frames that a reserved region touches. */
static inline unsigned long memblock_region_reserved_base_pfn(const struct memblock_region *region)
{
	return PFN_DOWN(region->base);
}

/* The page behind the last one that a byte of is reserved. */
static inline unsigned long memblock_region_reserved_end_pfn(const struct memblock_region *region)
{
	return PFN_UP(region->base + region->size);
}

/* ---- Iterators ------------------------------------------------------------------------------- */

/* The loop variable of the range iterators when there is no further range. */
#define MEMBLOCK_ITER_END	(~(u64)0)

/**
 * __next_mem_range - the next range of list @type_a that is not in list @type_b
 * @idx: the iterator: position in @type_a in the low word, in the gaps of @type_b in the high one.
 *       0 at first; MEMBLOCK_ITER_END when there are no more
 * @nid: only of this node; NUMA_NO_NODE: any
 * @flags: what to include (HOTPLUG, NOMAP, DRIVER_MANAGED) or insist on (MIRROR) in memory
 * @type_a: list to walk
 * @type_b: list to leave out, or NULL
 * @out_start: receives the first byte; may be NULL
 * @out_end: receives the address above the last byte; may be NULL
 * @out_nid: receives the node; may be NULL
 *
 * @nid and @flags choose among regions of memory only. The lists must not change between two calls.
 */
void __next_mem_range(u64 *idx, int nid, enum memblock_flags flags, struct memblock_type *type_a,
		      struct memblock_type *type_b, phys_addr_t *out_start, phys_addr_t *out_end,
		      int *out_nid);

/* The same downwards; @idx is MEMBLOCK_ITER_END at first, too. */
void __next_mem_range_rev(u64 *idx, int nid, enum memblock_flags flags,
			  struct memblock_type *type_a, struct memblock_type *type_b,
			  phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid);

/*
 * The next region of memory on node @nid, from *@idx + 1 on, that has a whole page: its pages, from *@out_start_pfn
 * to before *@out_end_pfn, and its node, *@out_nid. *@idx is -1 if none has.
 */
void __next_mem_pfn_range(int *idx, int nid, unsigned long *out_start_pfn,
			  unsigned long *out_end_pfn, int *out_nid);

#define __for_each_mem_range(i, type_a, type_b, nid, flags, p_start, p_end, p_nid)		\
	for (i = 0, __next_mem_range(&i, nid, flags, type_a, type_b, p_start, p_end, p_nid);	\
	     i != MEMBLOCK_ITER_END;								\
	     __next_mem_range(&i, nid, flags, type_a, type_b, p_start, p_end, p_nid))

#define __for_each_mem_range_rev(i, type_a, type_b, nid, flags, p_start, p_end, p_nid)		\
	for (i = MEMBLOCK_ITER_END,								\
	     __next_mem_range_rev(&i, nid, flags, type_a, type_b, p_start, p_end, p_nid);	\
	     i != MEMBLOCK_ITER_END;								\
	     __next_mem_range_rev(&i, nid, flags, type_a, type_b, p_start, p_end, p_nid))

/*
 * Walk over memory, upwards and downwards. @i is a u64; the pointers to phys_addr_t may be NULL.
 * Without MEMBLOCK_NOMAP regions. An empty list gives one range of no bytes, as in Linux.
 */
#define for_each_mem_range(i, p_start, p_end)						\
	__for_each_mem_range(i, &memblock.memory, NULL, NUMA_NO_NODE,			\
			     MEMBLOCK_HOTPLUG | MEMBLOCK_DRIVER_MANAGED, p_start, p_end, NULL)
#define for_each_mem_range_rev(i, p_start, p_end)					\
	__for_each_mem_range_rev(i, &memblock.memory, NULL, NUMA_NO_NODE,		\
				 MEMBLOCK_HOTPLUG | MEMBLOCK_DRIVER_MANAGED, p_start, p_end, NULL)

/* Walk over what is reserved. */
#define for_each_reserved_mem_range(i, p_start, p_end)					\
	__for_each_mem_range(i, &memblock.reserved, NULL, NUMA_NO_NODE, MEMBLOCK_NONE,	\
			     p_start, p_end, NULL)

/* Walk over free memory of node @nid, or of all with NUMA_NO_NODE. */
#define for_each_free_mem_range(i, nid, flags, p_start, p_end, p_nid)			\
	__for_each_mem_range(i, &memblock.memory, &memblock.reserved, nid, flags,	\
			     p_start, p_end, p_nid)
#define for_each_free_mem_range_reverse(i, nid, flags, p_start, p_end, p_nid)		\
	__for_each_mem_range_rev(i, &memblock.memory, &memblock.reserved, nid, flags,	\
				 p_start, p_end, p_nid)

/* Walk over the whole page frames of node @nid's memory, or MAX_NUMNODES: of all. @i is an int. */
#define for_each_mem_pfn_range(i, nid, p_start, p_end, p_nid)				\
	for (i = -1, __next_mem_pfn_range(&i, nid, p_start, p_end, p_nid); i >= 0;	\
	     __next_mem_pfn_range(&i, nid, p_start, p_end, p_nid))

/* Walk over the entries of a list; an empty one has one entry, of size 0. */
#define for_each_mem_region(region)							\
	for (region = memblock.memory.regions;						\
	     region < memblock.memory.regions + memblock.memory.cnt; region++)
#define for_each_reserved_mem_region(region)						\
	for (region = memblock.reserved.regions;					\
	     region < memblock.reserved.regions + memblock.reserved.cnt; region++)

#endif
