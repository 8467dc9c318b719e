/* SPDX-License-Identifier: MIT */
/*
 * bootmem in the dumbest way: a byte for each page, absolute addresses, every search page by page.
 * It shares no code, no units and no data structure with mm/bootmem.c.
 */
#ifndef BOOTMEM_MODEL_H
#define BOOTMEM_MODEL_H

#include <lib/types.h>

#define BM_MAX_NODES	4
#define BM_MAX_PAGES	128

struct bm_node {
	unsigned long min, low;		/* pages of the node, from min to low - 1 */
	u8 taken[BM_MAX_PAGES];	/* by page, the first is page min */
	u64 last_end;			/* address behind the latest allocation; 0 if none */
	unsigned long hint;		/* page behind it, or a lower one that was freed since */
};

/* In the order of their addresses. */
extern struct bm_node bm_nodes[BM_MAX_NODES];
extern int bm_nr_nodes;

/* Forget all nodes. */
void bm_reset(void);
/* Add a node, all of its pages taken. */
void bm_add(unsigned long min, unsigned long low);

/* Do all of the pages @start .. @end - 1 lie in nodes? And are all of them, or none, taken? */
bool bm_covered(unsigned long start, unsigned long end);
bool bm_all(unsigned long start, unsigned long end, bool taken);

/* Mark pages as taken or free, which the caller has found to be right. */
void bm_mark(unsigned long start, unsigned long end, bool taken);

/* Return: the address; 0 if there is no room. */
u64 bm_alloc(u64 size, u64 align, u64 goal, u64 limit);
u64 bm_alloc_node(int nid, u64 size, u64 align, u64 goal, u64 limit);

#endif
