/* SPDX-License-Identifier: MIT */
/*
 * The machine that the bootmem tests run on: nodes with odd borders, and a buddy system that only
 * takes notes.
 *
 *    node 0            node 1     hole        node 2        hole  node 3
 *    |<--- 70 pages -->|<-- 33 -->|  17 pages |<-- 64 ----->|  1  |<- 50 ->|
 *    pfn 0x60000       bitmap: the second page of each node
 *
 * Defines what mm/bootmem.c calls in the page allocator, so that the real one is not linked: to be
 * included by one file of a program.
 */
#ifndef BOOTMEM_MACHINE_H
#define BOOTMEM_MACHINE_H

#include "host.h"
#include <lib/bitmap.h>
#include <lib/errno.h>
#include <mm/bootmem.h>
#include <mm/handoff.h>
#include <mm/mm.h>

#define NR_NODES	4
#define FIRST_PFN	PHYS_PFN_OFFSET
#define NR_PFNS		235		/* of all nodes and the holes between them */
#define BITMAP_IDX	1

static const struct {
	unsigned long min, low;
} borders[NR_NODES] = {
	{ FIRST_PFN, FIRST_PFN + 70 },
	{ FIRST_PFN + 70, FIRST_PFN + 103 },
	{ FIRST_PFN + 120, FIRST_PFN + 184 },
	{ FIRST_PFN + 185, FIRST_PFN + NR_PFNS },
};

static bootmem_data_t bdata[NR_NODES];
static pg_data_t nodes[NR_NODES];

/* What the buddy system was told about a page. */
enum note { UNTOLD, FREED, FREED_AGAIN, KEPT, HOLE };

static struct page pages[NR_PFNS];
static enum note notes[NR_PFNS];
static unsigned int nr_ranges;		/* calls of free_pages_range() that had something to free */
static unsigned long last_freed;	/* first page of the latest one */

struct page *mem_map = pages;
unsigned long max_mapnr = NR_PFNS;

unsigned long free_pages_range(unsigned long start_pfn, unsigned long end_pfn)
{
	for (unsigned long pfn = start_pfn; pfn < end_pfn; pfn++) {
		enum note *note = &notes[pfn - FIRST_PFN];

		*note = *note == UNTOLD ? FREED : FREED_AGAIN;
		memset(__va(PFN_PHYS(pfn)), 0xcc, PAGE_SIZE);
	}
	if (start_pfn < end_pfn) {
		nr_ranges++;
		last_freed = start_pfn;
	}
	return end_pfn - start_pfn;
}

void mark_pages_reserved(unsigned long start_pfn, unsigned long nr_pages)
{
	for (unsigned long pfn = start_pfn; pfn < start_pfn + nr_pages; pfn++) {
		test_check(notes[pfn - FIRST_PFN] == UNTOLD, __FILE__, __LINE__,
			   "a page that is kept is neither free nor in a hole");
		notes[pfn - FIRST_PFN] = KEPT;
		__SetPageReserved(pfn_to_page(pfn));
	}
}

unsigned long free_reserved_area(void *start, void *end, int poison, const char *name)
{
	unsigned long pfn = PFN_UP(__pa(start)), end_pfn = PFN_DOWN(__pa(end));

	(void)poison;
	(void)name;
	for (; pfn < end_pfn; pfn++)
		notes[pfn - FIRST_PFN] = FREED;
	return 0;
}

static inline bool in_node(int nid, unsigned long pfn)
{
	return pfn >= borders[nid].min && pfn < borders[nid].low;
}

/* The node that a page is in; -1 for a hole. */
static inline int node_of(unsigned long pfn)
{
	for (int nid = 0; nid < NR_NODES; nid++)
		if (in_node(nid, pfn))
			return nid;
	return -1;
}

static inline unsigned long node_pages(int nid)
{
	return borders[nid].low - borders[nid].min;
}

static inline phys_addr_t node_start(int nid)
{
	return PFN_PHYS(borders[nid].min);
}

/*
 * No node is registered, RAM is junk, be it that of the round before, and bootmem is the owner of
 * memory.
 */
static inline void machine_reset(void)
{
	static bool has_ram;

	if (!has_ram)
		host_ram_setup(NR_PFNS * PAGE_SIZE);
	has_ram = true;
	INIT_LIST_HEAD(&bdata_list);
	memset(bdata, 0, sizeof(bdata));
	memset(pages, 0, sizeof(pages));
	for (unsigned long idx = 0; idx < NR_PFNS; idx++) {
		notes[idx] = node_of(FIRST_PFN + idx) < 0 ? HOLE : UNTOLD;
		if (notes[idx] == HOLE)
			__SetPageReserved(&pages[idx]);
	}
	for (int nid = 0; nid < NR_NODES; nid++) {
		nodes[nid].bdata = &bdata[nid];
		nodes[nid].node_id = nid;
	}
	nr_ranges = 0;
	bootmem_low_limit = 0;
	mm_stage = MM_BOOTMEM;
}

static inline unsigned long register_node(int nid)
{
	return init_bootmem_node(&nodes[nid], borders[nid].min + BITMAP_IDX, borders[nid].min,
				 borders[nid].low);
}

/* As after arm_bootmem_init(): every page is free but those of the bitmaps. */
static inline void machine_boot(void)
{
	machine_reset();
	for (int nid = 0; nid < NR_NODES; nid++) {
		register_node(nid);
		free_bootmem_node(&nodes[nid], node_start(nid), node_pages(nid) * PAGE_SIZE);
		reserve_bootmem(node_start(nid) + BITMAP_IDX * PAGE_SIZE, PAGE_SIZE,
				BOOTMEM_EXCLUSIVE);
	}
}

/* Is a page marked as reserved? @pfn lies in a node. */
static inline bool page_taken(unsigned long pfn)
{
	int nid = node_of(pfn);

	return test_bit(pfn - borders[nid].min, bdata[nid].node_bootmem_map);
}

#endif
