/* SPDX-License-Identifier: MIT */
/*
 * Between mm/mm_init.c, mm/movable_zone.c, mm/numa.c and mm/pageset.c.
 */
#ifndef MM_MM_INIT_H
#define MM_MM_INIT_H

#include <kernel/init.h>
#include <mm/mmzone.h>

/**
 * find_zone_movable_pfns_for_nodes - decide where ZONE_MOVABLE begins in each node
 * @max_zone_pfn: as for free_area_init_nodes()
 *
 * Sets `movable_zone'. Context: boot, once.
 */
void __init find_zone_movable_pfns_for_nodes(const unsigned long *max_zone_pfn);

/* The first page of ZONE_MOVABLE in node @nid; the node's end if it has none. */
unsigned long __init zone_movable_pfn_of(int nid);

/**
 * skip_present_pages - the pfn behind the first @nr_pages present pages of a range
 * @start_pfn: first page of the range
 * @end_pfn: one behind the last
 * @nr_pages: how many to skip, 1 or more
 *
 * Return: @end_pfn if there are not so many.
 */
unsigned long __init skip_present_pages(unsigned long start_pfn, unsigned long end_pfn,
					unsigned long nr_pages);

/* Let a zone use the boot pageset, until setup_per_cpu_pageset(). Context: boot. */
void __init zone_pcp_init(struct zone *zone);

#endif
