// SPDX-License-Identifier: MIT
/*
 * The model of memblock_model.h.
 *
 * I1. piece[0].start is 0, starts ascend, and the last piece ends at TOP: memblock's regions cannot
 *     hold the last byte of the address space.
 * I2. Whoever changes a piece calls note_change() first, directly or through cut().
 * I3. Pieces may be cut at any address without changing what the model says, except for `seam`: a
 *     cut in memory that memblock is known not to merge until the next merge.
 */
#include "memblock_model.h"

#include <asm/cache.h>
#include <lib/container_of.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>

#define TOP		0xffffffffu
#define MAX_PIECES	16384
#define ANY		NUMA_NO_NODE

struct piece {
	phys_addr_t start;
	bool is[2];		/* memory, reserved */
	int nid[2];
	unsigned int flags[2];
	bool seam;
};

struct mbmodel mbmodel;
static struct piece piece[MAX_PIECES];
static unsigned int nr_pieces;
static bool changed[2];		/* since mbmodel_regions() last looked at the pieces */

static void note_change(void)
{
	changed[MODEL_MEMORY] = changed[MODEL_RESERVED] = true;
}

void mbmodel_reset(void)
{
	note_change();
	memset(piece, 0, sizeof(piece[0]));
	nr_pieces = 1;
	mbmodel = (struct mbmodel){
		.current_limit = MEMBLOCK_ALLOC_ANYWHERE,
		.max = { INIT_MEMBLOCK_REGIONS, INIT_MEMBLOCK_REGIONS },
	};
}

static phys_addr_t piece_end(unsigned int i)
{
	return i + 1 < nr_pieces ? piece[i + 1].start : TOP;
}

/* Make a piece begin at @addr. Return: its index. */
static unsigned int cut(phys_addr_t addr)
{
	unsigned int i = 0;

	note_change();
	while (i < nr_pieces && piece[i].start < addr)
		i++;
	if (addr == TOP || (i < nr_pieces && piece[i].start == addr))
		return i;
	memmove(&piece[i + 1], &piece[i], (nr_pieces - i) * sizeof(piece[0]));
	piece[i] = piece[i - 1];
	piece[i].start = addr;
	piece[i].seam = false;
	nr_pieces++;
	return i;
}

static bool same_in(enum mbmodel_list list, const struct piece *a, const struct piece *b)
{
	return a->is[list] == b->is[list] &&
	       (!a->is[list] || (a->nid[list] == b->nid[list] && a->flags[list] == b->flags[list]));
}

/* Forget cuts that say nothing, so that the array does not fill up. */
static void tidy(void)
{
	unsigned int i, kept = 1;

	note_change();
	for (i = 1; i < nr_pieces; i++)
		if (piece[i].seam || !same_in(MODEL_MEMORY, &piece[kept - 1], &piece[i]) ||
		    !same_in(MODEL_RESERVED, &piece[kept - 1], &piece[i]))
			piece[kept++] = piece[i];
	nr_pieces = kept;
}

static void forget_seams(void)
{
	unsigned int i;

	note_change();
	for (i = 0; i < nr_pieces; i++)
		piece[i].seam = false;
}

const struct mbmodel_regions *mbmodel_regions(enum mbmodel_list list)
{
	static struct mbmodel_regions lists[2];
	struct mbmodel_regions *out = &lists[list];
	unsigned int i;

	if (!changed[list])
		return out;
	changed[list] = false;
	out->cnt = 0;
	out->total_size = list == MODEL_MEMORY ? mbmodel.trimmed : 0;
	for (i = 0; i < nr_pieces; i++) {
		struct memblock_region *last = &out->region[out->cnt];

		if (!piece[i].is[list])
			continue;
		out->total_size += piece_end(i) - piece[i].start;
		if (i && same_in(list, &piece[i - 1], &piece[i]) &&
		    !(list == MODEL_MEMORY && piece[i].seam)) {
			last[-1].size += piece_end(i) - piece[i].start;
			continue;
		}
		*last = (struct memblock_region){ piece[i].start, piece_end(i) - piece[i].start,
						  piece[i].flags[list], piece[i].nid[list] };
		out->cnt++;
	}
	if (out->cnt == 0) {
		out->cnt = 1;
		out->region[0] = (struct memblock_region){
			.nid = mbmodel.used[list] ? MAX_NUMNODES : 0,
		};
	}
	return out;
}

static bool is_empty(enum mbmodel_list list)
{
	return mbmodel_regions(list)->region[0].size == 0;
}

static phys_addr_t range_end(phys_addr_t base, phys_addr_t size)
{
	return size > TOP - base ? TOP : base + size;
}

static bool covered(enum mbmodel_list list, phys_addr_t base, phys_addr_t end)
{
	unsigned int i;

	for (i = 0; i < nr_pieces; i++)
		if (piece[i].start < end && piece_end(i) > base && !piece[i].is[list])
			return false;
	return true;
}

static bool wanted(enum mbmodel_list list, const struct memblock_region *r, int nid,
		   unsigned int flags)
{
	if (list != MODEL_MEMORY)
		return true;
	return (nid == ANY || nid == r->nid) &&
	       !(mbmodel.movable_node && (r->flags & MEMBLOCK_HOTPLUG) && !(flags & MEMBLOCK_HOTPLUG)) &&
	       !((flags & MEMBLOCK_MIRROR) && !(r->flags & MEMBLOCK_MIRROR)) &&
	       !((r->flags & MEMBLOCK_NOMAP) && !(flags & MEMBLOCK_NOMAP)) &&
	       !((r->flags & MEMBLOCK_DRIVER_MANAGED) && !(flags & MEMBLOCK_DRIVER_MANAGED));
}

/* All gaps. One of no bytes (between reserved neighbours of two nodes) counts, as in Linux. */
static unsigned int without_reserved(const struct memblock_region *r, struct mbmodel_range *out)
{
	const struct mbmodel_regions *res = mbmodel_regions(MODEL_RESERVED);
	phys_addr_t end = r->base + r->size;
	unsigned int gap, nr = 0;

	for (gap = 0; gap <= res->cnt; gap++) {
		phys_addr_t from = gap ? res->region[gap - 1].base + res->region[gap - 1].size : 0;
		phys_addr_t to = gap < res->cnt ? res->region[gap].base : TOP;

		if (from >= end)
			break;
		if (r->base < to)
			out[nr++] = (struct mbmodel_range){ max(r->base, from), min(end, to), r->nid };
	}
	return nr;
}

unsigned int mbmodel_ranges(enum mbmodel_list list, bool only_free, int nid, unsigned int flags,
			  struct mbmodel_range *out)
{
	const struct mbmodel_regions *all = mbmodel_regions(list);
	unsigned int i, nr = 0;

	for (i = 0; i < all->cnt; i++) {
		const struct memblock_region *r = &all->region[i];

		if (!wanted(list, r, nid, flags))
			continue;
		if (only_free)
			nr += without_reserved(r, out + nr);
		else
			out[nr++] = (struct mbmodel_range){ r->base, r->base + r->size, r->nid };
	}
	return nr;
}

static phys_addr_t place_in(struct mbmodel_range r, phys_addr_t size, phys_addr_t align,
			    phys_addr_t start, phys_addr_t end)
{
	phys_addr_t from = min(max(r.start, start), end), to = min(max(r.end, start), end);
	u64 place;

	if (mbmodel.bottom_up) {
		place = ((u64)from + align - 1) / align * align;
		return place < to && to - place >= size ? place : 0;
	}
	if (to < size)
		return 0;
	place = (to - size) / align * align;
	return place >= from ? place : 0;
}

static phys_addr_t find(phys_addr_t size, phys_addr_t align, phys_addr_t start, phys_addr_t end,
			int nid, unsigned int flags)
{
	static struct mbmodel_range range[2 * MODEL_LIST_MAX];
	unsigned int nr = mbmodel_ranges(MODEL_MEMORY, true, nid, flags, range), i;
	phys_addr_t place;

	if (end == MEMBLOCK_ALLOC_ACCESSIBLE || end == MEMBLOCK_ALLOC_NOLEAKTRACE)
		end = mbmodel.current_limit;
	start = max(start, (phys_addr_t)PAGE_SIZE);
	end = max(start, end);
	for (i = 0; i < nr; i++) {
		place = place_in(range[mbmodel.bottom_up ? i : nr - 1 - i], size, align, start, end);
		if (place)
			return place;
	}
	return 0;
}

static unsigned int preferred(void)
{
	return mbmodel.some_mirror ? MEMBLOCK_MIRROR : MEMBLOCK_NONE;
}

static phys_addr_t find_for_array(phys_addr_t bytes, phys_addr_t start, phys_addr_t end)
{
	phys_addr_t place = find(bytes, PAGE_SIZE, start, end, ANY, preferred());

	return place || !mbmodel.some_mirror ? place : find(bytes, PAGE_SIZE, start, end, ANY, 0);
}

static phys_addr_t array_bytes(enum mbmodel_list list)
{
	return PAGE_ALIGN(mbmodel.max[list] * sizeof(struct memblock_region));
}

bool mbmodel_hits_array(phys_addr_t base, phys_addr_t bytes)
{
	unsigned int list;

	for (list = 0; list < 2; list++)
		if (mbmodel.array[list] && base < mbmodel.array[list] + array_bytes(list) &&
		    mbmodel.array[list] < base + bytes)
			return true;
	return false;
}

bool mbmodel_array_lost(void)
{
	unsigned int list;

	for (list = 0; list < 2; list++)
		if (mbmodel.array[list] && !covered(MODEL_RESERVED, mbmodel.array[list],
						  mbmodel.array[list] + array_bytes(list)))
			return true;
	return false;
}

static bool double_array(enum mbmodel_list list, phys_addr_t avoid, phys_addr_t avoid_size)
{
	phys_addr_t old = mbmodel.array[list], old_bytes = array_bytes(list), bytes, room;

	if (!mbmodel.can_resize)
		return false;
	bytes = PAGE_ALIGN(2 * mbmodel.max[list] * sizeof(struct memblock_region));
	if (list == MODEL_MEMORY)
		avoid = avoid_size = 0;
	room = find_for_array(bytes, avoid + avoid_size, mbmodel.current_limit);
	if (!room && avoid_size)
		room = find_for_array(bytes, 0, min(avoid, mbmodel.current_limit));
	if (!room)
		return false;
	mbmodel.unpredictable |= mbmodel_hits_array(room, bytes);
	mbmodel.max[list] *= 2;
	mbmodel.array[list] = room;
	if (old)
		mbmodel_remove(MODEL_RESERVED, old, old_bytes);
	if (mbmodel_add(MODEL_RESERVED, room, bytes, MAX_NUMNODES, 0))
		mbmodel.bug = true;
	return true;
}

static int make_room(enum mbmodel_list list, unsigned long nr, phys_addr_t base, phys_addr_t size)
{
	while (!mbmodel.bug && mbmodel_regions(list)->cnt + nr > mbmodel.max[list])
		if (!double_array(list, base, size))
			return -ENOMEM;
	return 0;
}

/* How many pieces does the range have that are not in the list, counting neighbours as one? */
static unsigned long missing_parts(enum mbmodel_list list, phys_addr_t base, phys_addr_t end)
{
	bool missing = false;
	unsigned long nr = 0;
	unsigned int i;

	for (i = 0; i < nr_pieces; i++) {
		if (piece_end(i) <= base || piece[i].start >= end)
			continue;
		nr += !piece[i].is[list] && !missing;
		missing = !piece[i].is[list];
	}
	return nr;
}

int mbmodel_add(enum mbmodel_list list, phys_addr_t base, phys_addr_t size, int nid,
		unsigned int flags)
{
	phys_addr_t end = range_end(base, size);
	unsigned int i, last;

	if (base == end)
		return 0;
	if (is_empty(list) && list == MODEL_MEMORY)
		mbmodel.trimmed = 0;
	if (!is_empty(list) && make_room(list, missing_parts(list, base, end), base, end - base))
		return -ENOMEM;
	if (!missing_parts(list, base, end))
		return 0;
	mbmodel.used[list] = true;
	i = cut(base);
	last = cut(end);
	for (; i < last; i++) {
		if (piece[i].is[list])
			continue;
		piece[i].is[list] = true;
		piece[i].nid[list] = nid;
		piece[i].flags[list] = flags;
	}
	if (list == MODEL_MEMORY)
		forget_seams();
	tidy();
	return 0;
}

/* As memblock_isolate_range(), whose failure changes nothing. */
static int isolate(enum mbmodel_list list, phys_addr_t base, phys_addr_t size, unsigned int *first,
		   unsigned int *last)
{
	phys_addr_t end = range_end(base, size);

	*first = *last = 0;
	if (base == end)
		return 0;
	if (make_room(list, 2, base, end - base))
		return -ENOMEM;
	*first = cut(base);
	*last = cut(end);
	return 0;
}

int mbmodel_remove(enum mbmodel_list list, phys_addr_t base, phys_addr_t size)
{
	unsigned int i, last;

	if (isolate(list, base, size, &i, &last))
		return -ENOMEM;
	for (; i < last; i++)
		piece[i].is[list] = false;
	tidy();
	return 0;
}

int mbmodel_set_node(enum mbmodel_list list, phys_addr_t base, phys_addr_t size, int nid)
{
	unsigned int i, last;

	if (isolate(list, base, size, &i, &last))
		return -ENOMEM;
	for (; i < last; i++)
		piece[i].nid[list] = nid;
	if (list == MODEL_MEMORY)
		forget_seams();
	tidy();
	return 0;
}

int mbmodel_change_flags(phys_addr_t base, phys_addr_t size, unsigned int set, unsigned int clear)
{
	unsigned int i, last;

	if (isolate(MODEL_MEMORY, base, size, &i, &last))
		return -ENOMEM;
	for (; i < last; i++)
		piece[i].flags[MODEL_MEMORY] = (piece[i].flags[MODEL_MEMORY] | set) & ~clear;
	forget_seams();
	tidy();
	return 0;
}

int mbmodel_mark_mirror(phys_addr_t base, phys_addr_t size)
{
	if (!mbmodel.mirrored_kernelcore)
		return 0;
	mbmodel.some_mirror = true;
	return mbmodel_change_flags(base, size, MEMBLOCK_MIRROR, 0);
}

/* Take [@base, @end) off the memory list; what is trimmed stays in the total. */
static void lose(phys_addr_t base, phys_addr_t end, bool trimmed)
{
	unsigned int i, last;

	if (base >= end)
		return;
	i = cut(base);
	last = cut(end);
	for (; i < last; i++)
		piece[i].is[MODEL_MEMORY] = false;
	if (trimmed)
		mbmodel.trimmed += end - base;
}

void mbmodel_trim(phys_addr_t align)
{
	static struct mbmodel_regions before;
	unsigned long i;

	if (is_empty(MODEL_MEMORY))
		return;
	before = *mbmodel_regions(MODEL_MEMORY);
	for (i = 0; i < before.cnt; i++) {
		const struct memblock_region *r = &before.region[i];
		u64 start = ((u64)r->base + align - 1) / align * align;
		u64 end = ((u64)r->base + r->size) / align * align;
		bool stays = start < end;

		lose(r->base, stays ? start : r->base + r->size, stays);
		if (stays)
			lose(end, r->base + r->size, true);
	}
	tidy();
}

void mbmodel_cap(phys_addr_t base, phys_addr_t size)
{
	unsigned int i, first, last;

	if (size == 0 || mbmodel_regions(MODEL_MEMORY)->total_size == 0)
		return;
	if (isolate(MODEL_MEMORY, base, size, &first, &last))
		return;
	note_change();
	for (i = 0; i < nr_pieces; i++)
		if ((i < first || i >= last) && !(piece[i].flags[MODEL_MEMORY] & MEMBLOCK_NOMAP))
			piece[i].is[MODEL_MEMORY] = false;
	if (first < last)
		piece[first].seam = true;
	if (last < nr_pieces)
		piece[last].seam = true;
	mbmodel_remove(MODEL_RESERVED, 0, base);
	mbmodel_remove(MODEL_RESERVED, base + size, TOP);
}

void mbmodel_limit(phys_addr_t limit, bool keep_nomap)
{
	const struct mbmodel_regions *all = mbmodel_regions(MODEL_MEMORY);
	phys_addr_t left = limit, max_addr = TOP;
	unsigned long i;

	for (i = 0; i < all->cnt && left > all->region[i].size; i++)
		left -= all->region[i].size;
	if (i < all->cnt)
		max_addr = all->region[i].base + left;
	if (limit == 0 || max_addr == TOP)
		return;
	if (keep_nomap) {
		mbmodel_cap(0, max_addr);
		return;
	}
	mbmodel_remove(MODEL_MEMORY, max_addr, TOP);
	mbmodel_remove(MODEL_RESERVED, max_addr, TOP);
}

static phys_addr_t take(phys_addr_t size, phys_addr_t align, phys_addr_t start, phys_addr_t end,
			int nid, unsigned int flags)
{
	phys_addr_t place = find(size, align, start, end, nid, flags);

	return place && !mbmodel_add(MODEL_RESERVED, place, size, MAX_NUMNODES, 0) ? place : 0;
}

/* All that is tried, in order. */
phys_addr_t mbmodel_alloc(phys_addr_t size, phys_addr_t align, phys_addr_t start, phys_addr_t end,
			int nid, bool exact_nid)
{
	bool any_node = nid != ANY && !exact_nid;
	phys_addr_t place;

	align = align ? align : SMP_CACHE_BYTES;
	place = take(size, align, start, end, nid, preferred());
	if (!place && any_node)
		place = take(size, align, start, end, ANY, preferred());
	if (!place && mbmodel.some_mirror)
		place = take(size, align, start, end, nid, 0);
	if (!place && mbmodel.some_mirror && any_node)
		place = take(size, align, start, end, ANY, 0);
	return place;
}

phys_addr_t mbmodel_alloc_virt(phys_addr_t size, phys_addr_t align, phys_addr_t min,
			     phys_addr_t max, int nid, bool exact_nid)
{
	phys_addr_t end = max < mbmodel.current_limit ? max : mbmodel.current_limit, place;

	place = mbmodel_alloc(size, align, min, end, nid, exact_nid);
	return place || !min ? place : mbmodel_alloc(size, align, 0, end, nid, exact_nid);
}

static const struct piece *piece_at(phys_addr_t addr)
{
	unsigned int i = nr_pieces;

	while (i-- > 0)
		if (piece[i].start <= addr)
			return &piece[i];
	return NULL;
}

bool mbmodel_is_memory(phys_addr_t addr, unsigned int *flags)
{
	*flags = piece_at(addr)->flags[MODEL_MEMORY];
	return addr < TOP && piece_at(addr)->is[MODEL_MEMORY];
}

bool mbmodel_is_reserved(phys_addr_t addr)
{
	return addr < TOP && piece_at(addr)->is[MODEL_RESERVED];
}
