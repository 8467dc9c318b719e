/* SPDX-License-Identifier: MIT */
/*
 * How broken up the free memory of a zone is: two numbers, in thousandths, for blocks of an order.
 *
 *    100 pages free, a block of 16 (order 4) is wanted:
 *
 *    in blocks of    64 32 4            unusable 0.040    fragmentation -1.000   it would succeed
 *                    8 8 8 8 ... 4      unusable 1.000    fragmentation  0.443   it fails
 *                    1 1 1 1 ... 1      unusable 1.000    fragmentation  0.928   it fails
 *
 * The unusable free space index says how much of what is free is of no use for such a request. The
 * fragmentation index is asked when a request has failed: near 0 because there was too little
 * memory, so that some must be freed; near 1 because it lies in small pieces, so that moving pages
 * would help.
 *
 * Formulas, names and formats are Linux's (mm/vmstat.c; /sys/kernel/debug/extfrag/unusable_index
 * and extfrag_index).
 */
#ifndef MM_FRAGMENTATION_H
#define MM_FRAGMENTATION_H

#include <mm/mmzone.h>

#define FRAGMENTATION_INDEX_SCALE	1000

/* fragmentation_index() of a request that need not fail. */
#define FRAGMENTATION_INDEX_FITS	(-1000)

/* What the free blocks of a zone are, to a request of some order. */
struct contig_page_info {
	unsigned long free_pages;
	unsigned long free_blocks_total;
	unsigned long free_blocks_suitable;	/* blocks of that order that could be cut out */
};

/* Count the free blocks of @zone, for a request of @suitable_order. Takes zone->lock. */
void fill_contig_page_info(struct zone *zone, unsigned int suitable_order,
			   struct contig_page_info *info);

/* The free pages that are in blocks smaller than @order, in thousandths of all; 1000 if none is free. */
int unusable_free_index(unsigned int order, const struct contig_page_info *info);

/**
 * fragmentation_index - why would a request fail?
 * @zone: which is asked
 * @order: of the request
 *
 * Context: any. Return: 0 (too little memory) to 1000 (too small pieces); FRAGMENTATION_INDEX_FITS
 * if there is a block. Differs from Linux, where one block that is too small makes it negative, to
 * be taken for a success.
 */
int fragmentation_index(struct zone *zone, unsigned int order);

/*
 * Print one of the indices for all populated zones and orders, in the format of Linux's debugfs
 * files. Context: any.
 */
void show_unusable_index(void);
void show_extfrag_index(void);

/* Print both, with a word on each. */
void show_fragmentation(void);

#endif
