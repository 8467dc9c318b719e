// SPDX-License-Identifier: MIT
/*
 * See bootmem_model.h. Addresses have 64 bits here, so that no sum can wrap.
 */
#include "bootmem_model.h"

#define PAGE	4096ull

struct model_node model[MODEL_MAX_NODES];
int model_nr_nodes;

void model_reset(void)
{
	model_nr_nodes = 0;
}

void model_add(unsigned long min, unsigned long low)
{
	struct model_node *node = &model[model_nr_nodes++];

	node->min = min;
	node->low = low;
	for (unsigned long i = 0; i < low - min; i++)
		node->taken[i] = 1;
	node->last_end = 0;
	node->hint = min;
}

static struct model_node *model_node_of(unsigned long pfn)
{
	for (int nid = 0; nid < model_nr_nodes; nid++)
		if (pfn >= model[nid].min && pfn < model[nid].low)
			return &model[nid];
	return NULL;
}

bool model_covered(unsigned long start, unsigned long end)
{
	for (; start < end; start++)
		if (!model_node_of(start))
			return false;
	return true;
}

bool model_all(unsigned long start, unsigned long end, bool taken)
{
	for (; start < end; start++) {
		struct model_node *node = model_node_of(start);

		if (node->taken[start - node->min] != taken)
			return false;
	}
	return true;
}

void model_mark(unsigned long start, unsigned long end, bool taken)
{
	for (unsigned long pfn = start; pfn < end; pfn++) {
		struct model_node *node = model_node_of(pfn);

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
static bool model_fits(const struct model_node *node, u64 pfn, u64 nr, u64 end, u64 align)
{
	if (align > PAGE && pfn * PAGE % align)
		return false;
	for (u64 i = pfn; i < pfn + nr; i++)
		if (i >= end || node->taken[i - node->min])
			return false;
	return true;
}

/* The first page from @pfn on that would do; 0 if there is none. */
static u64 model_search(const struct model_node *node, u64 pfn, u64 nr, u64 end, u64 align)
{
	for (; pfn < end; pfn++)
		if (model_fits(node, pfn, nr, end, align))
			return pfn;
	return 0;
}

/* Take the bytes, in the page before if the latest allocation ends in there. */
static u64 model_take(struct model_node *node, u64 pfn, u64 size, u64 align)
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

static u64 model_from(struct model_node *node, u64 size, u64 align, u64 goal, u64 limit)
{
	u64 first = node->min, end = node->low, nr = (size + PAGE - 1) / PAGE, found = 0;

	if (limit && limit / PAGE < end)
		end = limit / PAGE;
	if (goal / PAGE > first && goal / PAGE < end)
		first = goal / PAGE;
	if (align > PAGE)
		first = (first * PAGE + align - 1) / align * align / PAGE;
	if (node->hint > first)
		found = model_search(node, node->hint, nr, end, align);
	if (!found)
		found = model_search(node, first, nr, end, align);
	return found ? model_take(node, found, size, align) : 0;
}

static u64 model_alloc_once(u64 size, u64 align, u64 goal, u64 limit)
{
	for (int nid = 0; nid < model_nr_nodes; nid++) {
		u64 addr;

		if (goal && model[nid].low <= goal / PAGE)
			continue;
		addr = model_from(&model[nid], size, align, goal, limit);
		if (addr)
			return addr;
	}
	return 0;
}

u64 model_alloc(u64 size, u64 align, u64 goal, u64 limit)
{
	u64 addr = model_alloc_once(size, align, goal, limit);

	return addr ? addr : model_alloc_once(size, align, 0, limit);
}

u64 model_alloc_node(int nid, u64 size, u64 align, u64 goal, u64 limit)
{
	u64 addr;

	if (goal + size > limit)
		limit = 0;
	addr = model_from(&model[nid], size, align, goal, limit);
	if (!addr)
		addr = model_alloc_once(size, align, goal, limit);
	if (!addr)
		addr = model_from(&model[nid], size, align, 0, limit);
	if (!addr)
		addr = model_alloc_once(size, align, 0, limit);
	return addr;
}
