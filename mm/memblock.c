// SPDX-License-Identifier: MIT
/*
 * memblock's two lists of regions: adding, removing, cutting, merging, doubling.
 * include/mm/memblock.h says what memblock is; finding free memory is in memblock_alloc.c.
 *
 *    regions[]   0          1      2            cnt            max
 *                | base     | base | base       |              |
 *                | size     | size | size       |  (unused)    |
 *                +----------+------+------------+--------------+
 *
 *    Every change comes down to one of two walks:
 *
 *    add      |-----|   |====|      |==|            lay the new range over the list; what is
 *                 |++++++++++++++++++|    new       not covered becomes new regions; merge
 *             |-----|+++|====|++++++|==|
 *
 *    isolate  |=================|   |=======|       cut where the range begins and ends; then whole
 *                   |..................|            regions are removed, flagged or given a node
 *             |=====|===========|   |==|====|
 *
 * I1. The regions of a list are sorted and do not overlap; none is empty and none ends above
 *     0xffffffff. A list without regions has one entry: base 0, size 0, no flags (and node
 *     MAX_NUMNODES once it had regions, as in Linux).
 * I2. total_size is the sum of all sizes, and on the memory list of what trimming cut off
 *     (memblock_trimmed).
 * I3. Two neighbours that touch differ in flags or node. (Only memblock_cap_memory_range() leaves
 *     a cut behind, in MEMBLOCK_NOMAP memory, until the next merge.)
 * I4. 1 <= cnt <= max.
 *
 * Relies on printk, and on lowmem being mapped once memblock_allow_resize() was called. Called by
 * the architecture's boot code.
 */
#include "memblock_internal.h"

#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/string.h>

static struct memblock_region memblock_memory_init_regions[INIT_MEMBLOCK_REGIONS];
static struct memblock_region memblock_reserved_init_regions[INIT_MEMBLOCK_REGIONS];

struct memblock memblock = {
	.current_limit = MEMBLOCK_ALLOC_ANYWHERE,
	.memory = {
		.cnt = 1,	/* the empty entry (I1) */
		.max = INIT_MEMBLOCK_REGIONS,
		.regions = memblock_memory_init_regions,
		.name = "memory",
	},
	.reserved = {
		.cnt = 1,
		.max = INIT_MEMBLOCK_REGIONS,
		.regions = memblock_reserved_init_regions,
		.name = "reserved",
	},
};

bool memblock_debug;
bool movable_node_enabled;
bool mirrored_kernelcore;
phys_addr_t memblock_trimmed;

static bool memblock_can_resize;
static bool system_has_some_mirror;

enum memblock_flags choose_memblock_flags(void)
{
	return system_has_some_mirror ? MEMBLOCK_MIRROR : MEMBLOCK_NONE;
}

void memblock_allow_resize(void)
{
	memblock_can_resize = true;
}

/* Make room at @idx and put a region there. */
static void memblock_insert_region(struct memblock_type *type, unsigned long idx,
				   const struct memblock_region *new)
{
	struct memblock_region *slot = &type->regions[idx];

	BUG_ON(type->cnt >= type->max, "I4: %s %lu of %lu", type->name, type->cnt, type->max);
	VM_BUG_ON(idx > type->cnt, "%s[%lu] of %lu", type->name, idx, type->cnt);
	VM_BUG_ON(new->size == 0, "I1: %s 0x%08x", type->name, new->base);
	memmove(slot + 1, slot, (type->cnt - idx) * sizeof(*slot));
	*slot = *new;
	type->cnt++;
	type->total_size += new->size;
}

/* The state of a list without regions (I1). Trimmings are counted by the memory list alone (I2). */
static void memblock_set_empty(struct memblock_type *type)
{
	VM_BUG_ON(type->total_size != (type == &memblock.memory ? memblock_trimmed : 0),
		  "I2: %s 0x%08x", type->name, type->total_size);
	type->cnt = 1;
	type->regions[0] = (struct memblock_region){ .nid = MAX_NUMNODES };
}

/* Take entry @idx off a list; a list that is empty then is left as I1 says. */
void memblock_remove_region(struct memblock_type *type, unsigned long idx)
{
	struct memblock_region *gone = &type->regions[idx];

	BUG_ON(idx >= type->cnt, "%s[%lu] of %lu", type->name, idx, type->cnt);
	type->total_size -= gone->size;
	memmove(gone, gone + 1, (type->cnt - (idx + 1)) * sizeof(*gone));
	type->cnt--;
	if (type->cnt == 0)
		memblock_set_empty(type);
}

/* Restore I3, in one pass over the list. */
static void memblock_merge_regions(struct memblock_type *type)
{
	struct memblock_region *last = type->regions;
	struct memblock_region *next = last + 1, *end = last + type->cnt;

	for (; next < end; next++) {
		BUG_ON(region_end(last) > next->base, "I1: %s 0x%08x+0x%x, 0x%08x", type->name,
		       last->base, last->size, next->base);
		if (region_end(last) == next->base && (regions_alike(last, next) || bug(MEMBLOCK_FLAGS)))
			last->size += next->size;
		else if (++last != next)
			*last = *next;
	}
	type->cnt = last + 1 - type->regions;
}

/*
 * A place for a larger array. A reserved list that grows for the sake of [@avoid, +@avoid_size)
 * must not be put there: that memory is about to be reserved. (6.1: above it, or else below it.)
 */
static phys_addr_t find_array_room(const struct memblock_type *type, phys_addr_t avoid,
				   phys_addr_t avoid_size, phys_addr_t bytes)
{
	phys_addr_t limit = memblock.current_limit, room;

	if (type != &memblock.reserved)
		avoid = avoid_size = 0;
	room = memblock_find_in_range(avoid + avoid_size, limit, bytes, PAGE_SIZE);
	if (!room && avoid_size)
		room = memblock_find_in_range(0, min(avoid, limit), bytes, PAGE_SIZE);
	return room;
}

static bool is_static_array(const struct memblock_region *regions)
{
	return regions == memblock_memory_init_regions || regions == memblock_reserved_init_regions;
}

/*
 * Move a list to an array of twice the length, in memory found by memblock itself. The list is
 * moved before the new array is reserved, because it may be the reserved list that is full.
 *
 * Return: false, after a message, if no memory is free for it or resizing is not allowed yet.
 */
static bool memblock_double_array(struct memblock_type *type, phys_addr_t avoid,
				  phys_addr_t avoid_size)
{
	struct memblock_region *old = type->regions, *new;
	phys_addr_t old_bytes = type->max * sizeof(*old), new_bytes = 2 * old_bytes, room;

	if (!memblock_can_resize)
		return false;
	room = find_array_room(type, avoid, avoid_size, PAGE_ALIGN(new_bytes));
	if (!room) {
		pr_err("memblock: Failed to double %s array from %lu to %lu entries !\n",
		       type->name, type->max, type->max * 2);
		return false;
	}
	memblock_dbg("memblock: %s is doubled to %lu at 0x%08x\n", type->name, type->max * 2, room);

	new = __va(room);
	memcpy(new, old, old_bytes);
	memset(new + type->max, 0, old_bytes);
	type->regions = new;
	type->max *= 2;
	if (!is_static_array(old))
		memblock_remove_range(&memblock.reserved, __pa(old), PAGE_ALIGN(old_bytes));
	BUG_ON(memblock_add_range(&memblock.reserved, room, PAGE_ALIGN(new_bytes), MAX_NUMNODES,
				  MEMBLOCK_NONE), "room for %s at 0x%08x", type->name, room);
	return true;
}

/*
 * The walk of add: visit each piece of [@base, @end) that no region covers, count it, and if
 * @insert make it a region with the node and flags of @like.
 */
static unsigned long uncovered_pieces(struct memblock_type *type, phys_addr_t base, phys_addr_t end,
				      const struct memblock_region *like, bool insert)
{
	struct memblock_region piece = *like;
	unsigned long idx, nr = 0;

	for (idx = 0; idx < type->cnt && type->regions[idx].base < end; idx++) {
		struct memblock_region *region = &type->regions[idx];
		phys_addr_t covered_to = min(region_end(region), end);

		if (region_end(region) <= base)
			continue;
		if (region->base > base) {
			WARN_ON(region->nid != like->nid, "%s 0x%08x: node %d, now %d", type->name,
				region->base, region->nid, like->nid);
			WARN_ON(region->flags != like->flags, "%s 0x%08x: flags 0x%x, now 0x%x",
				type->name, region->base, region->flags, like->flags);
			piece.base = base;
			piece.size = region->base - base;
			if (insert)
				memblock_insert_region(type, idx++, &piece);
			nr++;
		}
		base = covered_to;
	}
	if (base < end) {
		piece.base = base;
		piece.size = end - base;
		if (insert)
			memblock_insert_region(type, idx, &piece);
		nr++;
	}
	return nr;
}

/* Have @nr free entries. Return: 0 or -ENOMEM. */
static int make_room(struct memblock_type *type, unsigned long nr, phys_addr_t avoid,
		     phys_addr_t avoid_size)
{
	while (type->cnt + nr > type->max)
		if (!memblock_double_array(type, avoid, avoid_size))
			return -ENOMEM;
	return 0;
}

/* As memblock_add_node(), for either list. */
int memblock_add_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size, int nid,
		       enum memblock_flags flags)
{
	struct memblock_region new = { .base = base, .flags = flags, .nid = nid };
	phys_addr_t end = base + memblock_cap_size(base, &size);

	if (size == 0)
		return 0;
	new.size = size;
	if (type->regions[0].size == 0) {
		BUG_ON(type->cnt != 1, "I1: %s has %lu", type->name, type->cnt);
		type->regions[0] = new;
		type->total_size = size;
		if (type == &memblock.memory)
			memblock_trimmed = 0;
		return 0;
	}
	/* At most one piece before each region and one after the last: mostly there is room for all. */
	if (type->cnt * 2 + 1 > type->max) {
		unsigned long nr = uncovered_pieces(type, base, end, &new, false);

		if (make_room(type, nr, base, size))
			return -ENOMEM;
	}
	if (uncovered_pieces(type, base, end, &new, true))
		memblock_merge_regions(type);
	return 0;
}

int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags)
{
	if (memblock_refuse())
		return -EPERM;
	memblock_dbg("%s: [0x%08x-0x%08x] nid=%d flags=%x %pS\n", __func__, base, base + size - 1,
		     nid, flags, __builtin_return_address(0));
	return memblock_add_range(&memblock.memory, base, size, nid, flags);
}

int memblock_add(phys_addr_t base, phys_addr_t size)
{
	if (memblock_refuse())
		return -EPERM;
	memblock_dbg("%s: [0x%08x-0x%08x] %pS\n", __func__, base, base + size - 1,
		     __builtin_return_address(0));
	return memblock_add_range(&memblock.memory, base, size, MAX_NUMNODES, MEMBLOCK_NONE);
}

int memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	if (memblock_refuse())
		return -EPERM;
	memblock_dbg("%s: [0x%08x-0x%08x] %pS\n", __func__, base, base + size - 1,
		     __builtin_return_address(0));
	return memblock_add_range(&memblock.reserved, base, size, MAX_NUMNODES, MEMBLOCK_NONE);
}

/* If @addr lies inside of a region, make two of it. There must be a free entry. */
static void cut_at(struct memblock_type *type, phys_addr_t addr)
{
	unsigned long idx = 0;
	struct memblock_region lower;

	while (idx < type->cnt && region_end(&type->regions[idx]) <= addr)
		idx++;
	if (idx == type->cnt || type->regions[idx].base >= addr)
		return;
	lower = type->regions[idx];
	lower.size = addr - lower.base;
	type->regions[idx].base = addr;
	type->regions[idx].size -= lower.size;
	type->total_size -= lower.size;
	memblock_insert_region(type, idx, &lower);
}

/*
 * The walk of isolate: cut regions at the borders of @size bytes from @base on, so that each lies inside or outside
 * of it. [*@first, *@end) receives the entries inside; it is empty if there are none.
 *
 * Return: 0; -ENOMEM if there are no two free entries for the cuts, and nothing is cut then.
 */
int memblock_isolate_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size,
			   unsigned long *first, unsigned long *end)
{
	phys_addr_t top = base + memblock_cap_size(base, &size);
	unsigned long idx = 0;

	*first = *end = 0;
	if (size == 0)
		return 0;
	if (make_room(type, 2, base, size))
		return -ENOMEM;
	cut_at(type, base);
	cut_at(type, top);

	while (idx < type->cnt && region_end(&type->regions[idx]) <= base)
		idx++;
	*first = idx;
	while (idx < type->cnt && type->regions[idx].base < top)
		idx++;
	*end = idx;
	return 0;
}

/* As memblock_remove(), for either list. */
int memblock_remove_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size)
{
	unsigned long first, end;
	int err = memblock_isolate_range(type, base, size, &first, &end);

	if (err)
		return err;
	while (end > first)
		memblock_remove_region(type, --end);
	return 0;
}

int memblock_remove(phys_addr_t base, phys_addr_t size)
{
	if (memblock_refuse())
		return -EPERM;
	memblock_dbg("%s: [0x%08x-0x%08x] %pS\n", __func__, base, base + size - 1,
		     __builtin_return_address(0));
	return memblock_remove_range(&memblock.memory, base, size);
}

int memblock_phys_free(phys_addr_t base, phys_addr_t size)
{
	if (memblock_refuse())
		return -EPERM;
	memblock_dbg("%s: [0x%08x-0x%08x] %pS\n", __func__, base, base + size - 1,
		     __builtin_return_address(0));
	return memblock_remove_range(&memblock.reserved, base, size);
}

void memblock_free(void *ptr, size_t size)
{
	if (!ptr || memblock_refuse())
		return;
	memblock_dbg("%s: [0x%08x-0x%08x] %pS\n", __func__, __pa(ptr), __pa(ptr) + size - 1,
		     __builtin_return_address(0));
	memblock_remove_range(&memblock.reserved, __pa(ptr), size);
}

int memblock_set_node(phys_addr_t base, phys_addr_t size, struct memblock_type *type, int nid)
{
	unsigned long first, end;
	int err;

	BUG_ON(type != &memblock.memory && type != &memblock.reserved, "list %p", type);
	if (memblock_refuse())
		return -EPERM;
	err = memblock_isolate_range(type, base, size, &first, &end);
	if (err)
		return err;
	for (; first < end; first++)
		memblock_set_region_node(&type->regions[first], nid);
	memblock_merge_regions(type);
	return 0;
}

/* Give the memory in a range the flags @set, and take the flags @clear from it. */
static int change_flags(phys_addr_t base, phys_addr_t size, unsigned int set, unsigned int clear)
{
	struct memblock_type *type = &memblock.memory;
	unsigned long first, end;
	int err = memblock_isolate_range(type, base, size, &first, &end);

	if (err)
		return err;
	for (; first < end; first++)
		type->regions[first].flags = (type->regions[first].flags | set) & ~clear;
	memblock_merge_regions(type);
	return 0;
}

int memblock_mark_hotplug(phys_addr_t base, phys_addr_t size)
{
	return memblock_refuse() ? -EPERM : change_flags(base, size, MEMBLOCK_HOTPLUG, 0);
}

int memblock_clear_hotplug(phys_addr_t base, phys_addr_t size)
{
	return memblock_refuse() ? -EPERM : change_flags(base, size, 0, MEMBLOCK_HOTPLUG);
}

int memblock_mark_mirror(phys_addr_t base, phys_addr_t size)
{
	if (memblock_refuse())
		return -EPERM;
	if (!mirrored_kernelcore)
		return 0;
	system_has_some_mirror = true;
	return change_flags(base, size, MEMBLOCK_MIRROR, 0);
}

int memblock_mark_nomap(phys_addr_t base, phys_addr_t size)
{
	return memblock_refuse() ? -EPERM : change_flags(base, size, MEMBLOCK_NOMAP, 0);
}

int memblock_clear_nomap(phys_addr_t base, phys_addr_t size)
{
	return memblock_refuse() ? -EPERM : change_flags(base, size, 0, MEMBLOCK_NOMAP);
}

static int __init early_memblock(char *value)
{
	if (!value || !strstr(value, "debug"))
		return -EINVAL;
	memblock_debug = true;
	return 0;
}
early_param("memblock", early_memblock);

static int __init early_movable_node(char *value)
{
	if (value)
		return -EINVAL;
	movable_node_enabled = true;
	return 0;
}
early_param("movable_node", early_movable_node);
