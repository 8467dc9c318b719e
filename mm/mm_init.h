/* SPDX-License-Identifier: MIT */
/*
 * Between mm/mm_init.c, mm/movable_zone.c and mm/pageset.c.
 */
#ifndef MM_MM_INIT_H
#define MM_MM_INIT_H

#include <kernel/init.h>
#include <mm/mmzone.h>

/**
 * find_zone_movable_pfns_for_nodes - make room for ZONE_MOVABLE
 * @node_start_pfn: the first page of the node
 * @zones_size: pages that each of its zones spans; what ZONE_MOVABLE gets, the highest one loses
 *
 * Sets `movable_zone`. Context: boot.
 *
 * Differs from Linux: works on one node and on the caller's table of sizes.
 */
void __init find_zone_movable_pfns_for_nodes(unsigned long node_start_pfn,
					     unsigned long *zones_size);

/* Let a zone use the boot pageset, until setup_per_cpu_pageset(). Context: boot. */
void __init zone_pcp_init(struct zone *zone);

#endif
