/* SPDX-License-Identifier: MIT */
/*
 * What grouping by mobility should do, to the page: which block is given out, of which type its
 * pageblock is afterwards, and on which list, and where on it, everything else lies.
 *
 * The model has no lists. A free block has an order, the type of its list, and a rank: of the
 * blocks of one order and type, the one with the lowest rank goes first. Whoever comes to the front
 * of a list gets a rank lower than all before, whoever comes to its end a higher one. The rules are
 * said in terms of that, with a search over all pages where mm/ has a list at hand.
 *
 * For one zone, with pagesets that keep nothing.
 */
#ifndef PAGEBLOCK_MODEL_H
#define PAGEBLOCK_MODEL_H

#include <lib/types.h>
#include <mm/mmzone.h>
#include <mm/pageblock.h>

#define NO_PFN	(~0UL)

/* Read the present state from @zone, with the policy in force. */
void pageblock_model_start(const struct zone *zone, enum fallback_policy policy);

/* A request: take the block that should be given out. Return: its first page, or NO_PFN. */
unsigned long pageblock_model_take(unsigned int order, enum migratetype type);

/* A block is freed. */
void pageblock_model_give(unsigned long pfn, unsigned int order);

/* Isolate the pageblock at @pfn. Return: could it be? */
bool pageblock_model_isolate(unsigned long pfn);

/* Make the pageblock at @pfn one of @type, if it is isolated. */
void pageblock_model_release(unsigned long pfn, enum migratetype type);

/* The lowest watermark becomes @min_pages: choose the reserves. */
void pageblock_model_reserve(unsigned long min_pages);

/* Do the zone's counts agree? Says what differs. */
bool pageblock_model_counts_agree(void);

/* And all lists, block by block, and the types of all pageblocks? */
bool pageblock_model_agrees(void);

#endif
