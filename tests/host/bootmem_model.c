// SPDX-License-Identifier: MIT
/*
 * See bootmem_model.h. Addresses have 64 bits here, so that no sum can wrap.
 */
#include "bootmem_model.h"

#define PAGE	4096ull

struct bm_node bm_nodes[BM_MAX_NODES];
int bm_nr_nodes;

void bm_reset(void)
{
	bm_nr_nodes = 0;
}

void bm_add(unsigned long min, unsigned long low)
{
	struct bm_node *node = &bm_nodes[bm_nr_nodes++];

	node->min = min;
	node->low = low;
	for (unsigned long i = 0; i < low - min; i++)
		node->taken[i] = 1;
	node->last_end = 0;
	node->hint = min;
}

static struct bm_node *bm_node_of(unsigned long pfn)
{
	for (int nid = 0; nid < bm_nr_nodes; nid++)
		if (pfn >= bm_nodes[nid].min && pfn < bm_nodes[nid].low)
			return &bm_nodes[nid];
	return NULL;
}

bool bm_covered(unsigned long start, unsigned long end)
{
	for (; start < end; start++)
		if (!bm_node_of(start))
			return false;
	return true;
}

bool bm_all(unsigned long start, unsigned long end, bool taken)
{
	for (; start < end; start++) {
		struct bm_node *node = bm_node_of(start);

		if (node->taken[start - node->min] != taken)
			return false;
	}
	return true;
}

void bm_mark(unsigned long start, unsigned long end, bool taken)
{
	for (unsigned long pfn = start; pfn < end; pfn++) {
		struct bm_node *node = bm_node_of(pfn);

		node->taken[pfn - node->min] = taken;
		if (taken)
			continue;
		if (pfn < node->hint)
			node->hint = pfn;
		if (node->last_end / PAGE == pfn)
			node->last_end = 0;
	}
}

/* Would @nr pages at @pfn do? */
static bool bm_fits(const struct bm_node *node, u64 pfn, u64 nr, u64 end, u64 align)
{
	if (align > PAGE && pfn * PAGE % align)
		return false;
	for (u64 i = pfn; i < pfn + nr; i++)
		if (i >= end || node->taken[i - node->min])
			return false;
	return true;
}

/* The first page from @pfn on that would do; 0 if there is none. */
static u64 bm_search(const struct bm_node *node, u64 pfn, u64 nr, u64 end, u64 align)
{
	for (; pfn < end; pfn++)
		if (bm_fits(node, pfn, nr, end, align))
			return pfn;
	return 0;
}

/* Take the bytes, in the page before if the latest allocation ends in there. */
static u64 bm_take(struct bm_node *node, u64 pfn, u64 size, u64 align)
{
	u64 addr = pfn * PAGE;

	if (node->last_end % PAGE && node->last_end / PAGE + 1 == pfn) {
		addr = node->last_end;
		while (addr % align)
			addr++;
	}
	for (; pfn * PAGE < addr + size; pfn++)
		node->taken[pfn - node->min] = 1;
	node->last_end = addr + size;
	node->hint = pfn;
	return addr;
}

static u64 bm_from(struct bm_node *node, u64 size, u64 align, u64 goal, u64 limit)
{
	u64 first = node->min, end = node->low, nr = (size + PAGE - 1) / PAGE, found = 0;

	if (limit && limit / PAGE < end)
		end = limit / PAGE;
	if (goal / PAGE > first && goal / PAGE < end)
		first = goal / PAGE;
	if (align > PAGE)
		first = (first * PAGE + align - 1) / align * align / PAGE;
	if (node->hint > first)
		found = bm_search(node, node->hint, nr, end, align);
	if (!found)
		found = bm_search(node, first, nr, end, align);
	return found ? bm_take(node, found, size, align) : 0;
}

static u64 bm_alloc_once(u64 size, u64 align, u64 goal, u64 limit)
{
	for (int nid = 0; nid < bm_nr_nodes; nid++) {
		u64 addr;

		if (goal && bm_nodes[nid].low <= goal / PAGE)
			continue;
		addr = bm_from(&bm_nodes[nid], size, align, goal, limit);
		if (addr)
			return addr;
	}
	return 0;
}

u64 bm_alloc(u64 size, u64 align, u64 goal, u64 limit)
{
	u64 addr = bm_alloc_once(size, align, goal, limit);

	return addr ? addr : bm_alloc_once(size, align, 0, limit);
}

u64 bm_alloc_node(int nid, u64 size, u64 align, u64 goal, u64 limit)
{
	u64 addr;

	if (goal + size > limit)
		limit = 0;
	addr = bm_from(&bm_nodes[nid], size, align, goal, limit);
	if (!addr)
		addr = bm_alloc_once(size, align, goal, limit);
	if (!addr)
		addr = bm_from(&bm_nodes[nid], size, align, 0, limit);
	if (!addr)
		addr = bm_alloc_once(size, align, 0, limit);
	return addr;
}
