// SPDX-License-Identifier: MIT
/*
 * Pagesets: where they are, and how many pages each may hold.
 *
 *    zone_pcp_init()           zone->pageset = &boot_pageset           setup_arch()
 *    boot_pageset_init()       batch 1, high 0: keeps nothing          mm_init()
 *    setup_per_cpu_pageset()   zone->pageset = &pagesets[zone]         start_kernel()
 *        batch  a thousandth of the zone, at most 31 pages       or, with percpu_pagelist_fraction=N,
 *        high   6 * batch                                        high = zone / N, batch = high / 4
 *
 * All zones may share the boot pageset, since it is empty whenever nobody is inside the allocator: a
 * page that is put on it makes count reach high, and one that is taken came alone.
 *
 * A batch of one less than a power of two keeps processes that allocate the same number of pages
 * from getting pages of the same cache colours (Linux's experience; see zone_batchsize() there).
 * Station names and formulas as in mm/page_alloc.c of Linux 3.10.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/pcp.h>
#include "mm_init.h"

#define BATCH_BYTES_MAX		(512 * 1024)	/* Linux's: a quarter of it is a batch at most */
#define FRACTION_BATCH_MAX	(PAGE_SHIFT * 8)

/* Every zone's, by the number that its pages carry. */
static DEFINE_PER_CPU(struct per_cpu_pageset, pagesets[MAX_NUMNODES << ZONES_WIDTH]);
static DEFINE_PER_CPU(struct per_cpu_pageset, boot_pageset);

/* Always empty: the hot path finds nothing here. It only knows order 0. */
static struct per_cpu_pages no_pages = {
	.lists = {
		[MIGRATE_UNMOVABLE] = LIST_HEAD_INIT(no_pages.lists[MIGRATE_UNMOVABLE]),
		[MIGRATE_RECLAIMABLE] = LIST_HEAD_INIT(no_pages.lists[MIGRATE_RECLAIMABLE]),
		[MIGRATE_MOVABLE] = LIST_HEAD_INIT(no_pages.lists[MIGRATE_MOVABLE]),
	},
};

DEFINE_PER_CPU(struct per_cpu_pages *, preferred_pcp[NR_GFP_ZONES]) = {
	[0 ... NR_GFP_ZONES - 1] = &no_pages,
};

unsigned int percpu_pagelist_fraction;

/* --- Sizes --- */

int zone_batchsize(const struct zone *zone)
{
	unsigned long batch = min(zone->managed_pages / 1024, BATCH_BYTES_MAX / PAGE_SIZE) / 4;

	if (batch < 1)
		batch = 1;
	return (int)(1UL << __fls(batch + batch / 2)) - 1;
}

/*
 * Context: any CPU; @pcp may be in use on its own. A batch of 1 is right with either high.
 */
static void pageset_update(struct per_cpu_pages *pcp, int high, int batch)
{
	WRITE_ONCE(pcp->batch, 1);
	smp_wmb();
	WRITE_ONCE(pcp->high, high);
	smp_wmb();
	WRITE_ONCE(pcp->batch, batch);
}

static void pageset_set_batch(struct per_cpu_pageset *p, int batch)
{
	pageset_update(&p->pcp, 6 * batch, max(1, batch));
}

static void pageset_set_high(struct per_cpu_pageset *p, int high)
{
	pageset_update(&p->pcp, high, clamp(high / 4, 1, FRACTION_BATCH_MAX));
}

static void pageset_set_high_and_batch(const struct zone *zone, struct per_cpu_pageset *p)
{
	if (percpu_pagelist_fraction)
		pageset_set_high(p, zone->managed_pages / percpu_pagelist_fraction);
	else
		pageset_set_batch(p, zone_batchsize(zone));
}

int set_percpu_pagelist_fraction(unsigned int fraction)
{
	struct zone *zone;
	unsigned int cpu;

	if (fraction && fraction < MIN_PERCPU_PAGELIST_FRACTION)
		return -EINVAL;
	percpu_pagelist_fraction = fraction;
	for_each_populated_zone(zone)
		for_each_possible_cpu(cpu)
			pageset_set_high_and_batch(zone, per_cpu_ptr(zone->pageset, cpu));
	return 0;
}

static int __init percpu_pagelist_fraction_setup(char *value)
{
	unsigned long fraction;

	if (!value || kstrtoul(value, 0, &fraction) ||
	    (fraction && fraction < MIN_PERCPU_PAGELIST_FRACTION))
		return -EINVAL;
	percpu_pagelist_fraction = fraction;
	return 0;
}
__setup("percpu_pagelist_fraction=", percpu_pagelist_fraction_setup);

/* --- Boot --- */

static void pageset_init(struct per_cpu_pageset *p)
{
	unsigned int pindex;

	*p = (struct per_cpu_pageset){ 0 };
	for (pindex = 0; pindex < NR_PCP_LISTS; pindex++)
		INIT_LIST_HEAD(&p->pcp.lists[pindex]);
}

void __init zone_pcp_init(struct zone *zone)
{
	zone->pageset = &boot_pageset;
}

void __init boot_pageset_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct per_cpu_pageset *p = per_cpu_ptr(&boot_pageset, cpu);

		pageset_init(p);
		pageset_set_batch(p, 0);
	}
}

static void __init setup_zone_pageset(struct zone *zone)
{
	unsigned int cpu;

	zone->pageset = &pagesets[zone_table_idx(zone_to_nid(zone), zone_idx(zone))];
	for_each_possible_cpu(cpu) {
		struct per_cpu_pageset *p = per_cpu_ptr(zone->pageset, cpu);

		pageset_init(p);
		pageset_set_high_and_batch(zone, p);
	}
}

/*
 * The zone that is asked first for a request from @cpu with zone @modifiers, with or without
 * __GFP_THISNODE; NULL if these differ, and the hot path cannot know.
 */
static struct zone *__init preferred_zone(unsigned int cpu, gfp_t modifiers)
{
	const pg_data_t *pgdat = NODE_DATA(cpu_to_node(cpu));
	struct zone *zone = zonelist_zone(pgdat->node_zonelists[ZONELIST_FALLBACK].first[modifiers]);

	return zone && zone->zone_pgdat == pgdat ? zone : NULL;
}

static void __init setup_preferred_pcps(unsigned int cpu)
{
	gfp_t modifiers;

	for (modifiers = 0; modifiers < NR_GFP_ZONES; modifiers++) {
		struct zone *zone = preferred_zone(cpu, modifiers);

		if (zone)
			per_cpu(preferred_pcp[modifiers], cpu) =
				&per_cpu_ptr(zone->pageset, cpu)->pcp;
	}
}

void __init setup_per_cpu_pageset(void)
{
	struct zone *zone;
	unsigned int cpu;

	for_each_populated_zone(zone)
		setup_zone_pageset(zone);
	for_each_possible_cpu(cpu)
		setup_preferred_pcps(cpu);
	refresh_zone_stat_thresholds();
}
