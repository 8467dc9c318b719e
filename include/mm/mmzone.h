/* SPDX-License-Identifier: MIT */
/*
 * Nodes, zones, their free areas, and the order in which zones are asked.
 *
 *    pg_data_t (node)
 *      node_zonelists[0]         zones of all nodes, in the order of asking; [1]: of this node only
 *      node_zones[ZONE_DMA]      what devices with short address lines reach: `dma_zone=`
 *      node_zones[ZONE_NORMAL]   the rest of lowmem
 *      node_zones[ZONE_HIGHMEM]  RAM that the kernel has no address for
 *      node_zones[ZONE_MOVABLE]  the end of the highest of these: `kernelcore=`, `movablecore=`
 *        |
 *      struct zone
 *        free_area[0..10]
 *          nr_free               free blocks of 2^order pages
 *          free_list[type]       those blocks, through page->lru of their first pages
 *        pageblock_flags         migrate type of each 4 MiB
 *        pageset                 for each CPU, blocks that it has put aside (pcp.h)
 *
 * I1. The zones of a node follow one another in the order above without overlap; an empty one has
 *     spanned_pages == 0.
 * I2. spanned_pages >= present_pages >= managed_pages >= vm_stat[NR_FREE_PAGES]:
 *     spanned from the first to the last page; present without the holes; managed handed
 *     to the page allocator. present = managed + reserved, page by page.
 * I3. A zone has pages of one node; zone_table[] has every zone at the place that page->flags name.
 * I4. Free lists, nr_free, pageblock_flags and the counts of free pages change under zone->lock with
 *     interrupts off.
 *     The borders are fixed when boot is over; managed_pages changes until init memory is freed.
 *
 * Names and meaning are those of Linux 3.10.
 */
#ifndef MM_MMZONE_H
#define MM_MMZONE_H

#include <asm/page.h>
#include <kernel/spinlock.h>
#include <kernel/wait.h>
#include <lib/atomic.h>
#include <lib/list.h>
#include <lib/types.h>
#include <mm/mm_types.h>
#include <mm/numa.h>

/* Blocks have 2^0 .. 2^10 pages: 4 KiB to 4 MiB. */
#define MAX_ORDER		11
#define MAX_ORDER_NR_PAGES	(1UL << (MAX_ORDER - 1))

/* Migrate types are kept by pageblock, and a pageblock is as large as the largest block. */
#define pageblock_order		(MAX_ORDER - 1)
#define pageblock_nr_pages	(1UL << pageblock_order)

/* How the pages in a pageblock can be got rid of; see pageblock.h. */
enum migratetype {
	MIGRATE_UNMOVABLE,	/* stay where they are */
	MIGRATE_RECLAIMABLE,	/* can be freed on demand */
	MIGRATE_MOVABLE,	/* can be copied elsewhere */
	MIGRATE_PCPTYPES,	/* types that have per-CPU lists */
	MIGRATE_RESERVE = MIGRATE_PCPTYPES, /* the last resort of all types */
	MIGRATE_CMA,		/* lent to movable pages by the contiguous allocator */
	MIGRATE_ISOLATE,	/* nothing is allocated from here */
	MIGRATE_TYPES
};

enum zone_type {
	ZONE_DMA,
	ZONE_NORMAL,
	ZONE_HIGHMEM,
	ZONE_MOVABLE,
	__MAX_NR_ZONES
};

/* A macro, as in Linux, because the preprocessor and array bounds use it. */
#define MAX_NR_ZONES	__MAX_NR_ZONES

/* What is counted in each zone; see vmstat.h. Names as in Linux 3.10. */
enum zone_stat_item {
	NR_FREE_PAGES,		/* on the free lists, not isolated; nor on per-CPU lists */
	NR_FREE_CMA_PAGES,	/* of these, in pageblocks of the contiguous allocator */
	NR_VM_ZONE_STAT_ITEMS
};

/* What is counted for each node. Names as in Linux 6.1; Linux 3.10 counts these by zone. */
enum node_stat_item {
	NR_KERNEL_STACK_KB,	/* stacks of threads and CPUs, in KiB */
	NR_PAGETABLE,		/* page-table pages, but those made before the page allocator worked */
	NR_VM_NODE_STAT_ITEMS
};

/* How few free pages a zone may have before somebody must act; see watermark.h. */
enum zone_watermarks {
	WMARK_MIN,		/* what is below is a reserve */
	WMARK_LOW,		/* kswapd is woken */
	WMARK_HIGH,		/* kswapd has done enough */
	NR_WMARK
};

struct free_area {
	struct list_head free_list[MIGRATE_TYPES];
	unsigned long nr_free;		/* blocks on all of free_list together, but isolated ones */
};

/* Blocks up to this order have per-CPU lists: 256 KiB. */
#define PCP_MAX_ORDER		6
#define NR_PCP_LISTS		(MIGRATE_PCPTYPES * (PCP_MAX_ORDER + 1))

/*
 * Free blocks that one CPU has put aside from one zone; see pcp.h. The lists come first because the
 * hot path has them at hand then without an addition.
 */
struct per_cpu_pages {
	struct list_head lists[NR_PCP_LISTS]; /* by order, and within one by migrate type */
	int count;			/* pages on all lists together */
	int high;			/* so many are too many */
	int batch;			/* pages that go to or come from the free lists at a time */
	unsigned long nr_alloc;		/* pages of the zone that this CPU has given out */
	unsigned long nr_free;		/* and taken back: PGALLOC and PGFREE of vmstat.h */
};

struct per_cpu_pageset {
	struct per_cpu_pages pcp;
};

/* What one CPU has counted for a node, and not yet added to its counters; see vmstat.h. */
struct per_cpu_nodestat {
	s8 stat_threshold;
	s8 vm_node_stat_diff[NR_VM_NODE_STAT_ITEMS];
};

struct pglist_data;

struct zone {
	struct per_cpu_pageset *pageset; /* by CPU: for this_cpu_ptr() and per_cpu_ptr() */
	unsigned long watermark[NR_WMARK];
	unsigned long lowmem_reserve[MAX_NR_ZONES]; /* kept from requests for that zone or higher */
	spinlock_t lock;
	struct free_area free_area[MAX_ORDER];
	u8 *pageblock_flags;		/* for each pageblock of mem_map; see pageblock.h */
	atomic_t vm_stat[NR_VM_ZONE_STAT_ITEMS]; /* see vmstat.h */

	struct pglist_data *zone_pgdat;
	unsigned long zone_start_pfn;
	unsigned long spanned_pages;
	unsigned long present_pages;
	unsigned long managed_pages;
};

#if !CONFIG_DEBUG_VM
_Static_assert(sizeof(struct zone) <= 640, "Linux 6.1 needs 896 bytes");
#endif

/* One entry of a zonelist: a zone, with its index at hand. */
struct zoneref {
	struct zone *zone;
	int zone_idx;		/* zone_idx(zone) */
};

#define MAX_ZONES_PER_ZONELIST	(MAX_NUMNODES * MAX_NR_ZONES)

/* Combinations of the zone modifiers of a request: gfp.h. */
#define NR_GFP_ZONES		16

/*
 * The zones that a request may be served from, best first, ended by an entry without a zone whose
 * index is 0, so that a search by index stops there. See mm/zonelist.c.
 *
 * Differs from Linux: @first has for each combination of zone modifiers the entry where such a
 * request begins, so that the usual request neither computes its zone nor searches.
 */
struct zonelist {
	const struct zoneref *first[NR_GFP_ZONES];
	struct zoneref _zonerefs[MAX_ZONES_PER_ZONELIST + 1];
};

enum {
	ZONELIST_FALLBACK,	/* this node first, then the others */
	ZONELIST_NOFALLBACK,	/* this node only: __GFP_THISNODE */
	MAX_ZONELISTS
};

struct bootmem_data;
struct task_struct;

typedef struct pglist_data {
	struct zonelist node_zonelists[MAX_ZONELISTS];
	struct zone node_zones[MAX_NR_ZONES];
	int nr_zones;				/* index of the highest populated zone, plus 1 */
	struct page *node_mem_map;		/* the struct page of node_start_pfn */
	struct bootmem_data *bdata;		/* until the hand-off */
	unsigned long node_start_pfn;
	unsigned long node_present_pages;
	unsigned long node_spanned_pages;
	int node_id;
	wait_queue_head_t kswapd_wait;		/* where kswapd sleeps; vmscan.h. Its lock protects: */
	int kswapd_max_order;			/* the largest request that found too little */
	enum zone_type classzone_idx;		/* and the zone that was asked for; none: MAX_NR_ZONES */
	struct task_struct *kswapd;		/* NULL while there is none */
	atomic_t vm_stat[NR_VM_NODE_STAT_ITEMS]; /* see vmstat.h */
} pg_data_t;

/* Node 0, the only one of a machine with uniform memory. */
extern struct pglist_data contig_page_data;

/* The nodes by number; NULL for those that are not online. */
extern struct pglist_data *node_data[MAX_NUMNODES];

/* The node numbered @nid, which is online. */
static inline pg_data_t *NODE_DATA(int nid)
{
	VM_BUG_ON(!node_online(nid), "node %d of %d", nid, nr_online_nodes);
	return node_data[nid];
}

/* The page behind the last one of a node. */
static inline unsigned long pgdat_end_pfn(const pg_data_t *pgdat)
{
	return pgdat->node_start_pfn + pgdat->node_spanned_pages;
}

/* The first pfn behind @zone; its start if it is empty. */
static inline unsigned long zone_end_pfn(const struct zone *zone)
{
	return zone->zone_start_pfn + zone->spanned_pages;
}

/* Is @pfn between the zone's borders (if perhaps in a hole)? One comparison, by unsigned wrap. */
static inline bool zone_spans_pfn(const struct zone *zone, unsigned long pfn)
{
	return pfn - zone->zone_start_pfn < zone->spanned_pages;
}

/* Does the block of 2^@order pages at @pfn lie between the zone's borders, and is it aligned? */
static inline bool zone_holds_block(const struct zone *zone, unsigned long pfn, unsigned int order)
{
	return IS_ALIGNED(pfn, 1UL << order) && zone_spans_pfn(zone, pfn) &&
	       zone_spans_pfn(zone, pfn + (1UL << order) - 1);
}

/* Are there pages in the zone? */
static inline bool populated_zone(const struct zone *zone)
{
	return zone->present_pages != 0;
}

/* A zone's watermarks, in pages: min_wmark_pages(), low_wmark_pages(), high_wmark_pages(). */
static inline unsigned long min_wmark_pages(const struct zone *zone)
{
	return zone->watermark[WMARK_MIN];
}

static inline unsigned long low_wmark_pages(const struct zone *zone)
{
	return zone->watermark[WMARK_LOW];
}

static inline unsigned long high_wmark_pages(const struct zone *zone)
{
	return zone->watermark[WMARK_HIGH];
}

/* Which of the zones of its node it is. */
static inline enum zone_type zone_idx(const struct zone *zone)
{
	return (enum zone_type)(zone - zone->zone_pgdat->node_zones);
}

/* Linux's names of the zones. */
extern const char *const zone_names[MAX_NR_ZONES];

/* Return: "DMA", "Normal", "HighMem" or "Movable". Differs from Linux: zone->name, the same in every node. */
static inline const char *zone_name(const struct zone *zone)
{
	return zone_names[zone_idx(zone)];
}

/* The node of a zone. */
static inline int zone_to_nid(const struct zone *zone)
{
	return zone->zone_pgdat->node_id;
}

/* The zone that ZONE_MOVABLE takes its pages from; MAX_NR_ZONES while nothing is known. */
extern int movable_zone;

/* Is a zone with index @idx high memory, which the kernel has no address for? */
static inline bool is_highmem_idx(enum zone_type idx)
{
	return idx == ZONE_HIGHMEM || (idx == ZONE_MOVABLE && movable_zone == ZONE_HIGHMEM);
}

/* Is it the zone of high memory, or the movable one made of that? */
static inline bool is_highmem(const struct zone *zone)
{
	return is_highmem_idx(zone_idx(zone));
}

/* The zone behind @zone in the order of nodes and indices, NULL at the end. */
struct zone *next_zone(struct zone *zone);

/* --- Zonelists --- */

/*
 * The zone of an entry of a zonelist, its index and its node: zonelist_zone(), NULL at the end;
 * zonelist_zone_idx(); zonelist_node_idx().
 */
static inline struct zone *zonelist_zone(const struct zoneref *zoneref)
{
	return zoneref->zone;
}

static inline int zonelist_zone_idx(const struct zoneref *zoneref)
{
	return zoneref->zone_idx;
}

static inline int zonelist_node_idx(const struct zoneref *zoneref)
{
	return zone_to_nid(zoneref->zone);
}

/*
 * The first entry from @z on whose zone is @highest_zoneidx or lower, and that zone; the entry
 * behind the last, and NULL, if there is none.
 *
 * Differs from Linux: no mask of nodes, since nothing restricts a request to some of them.
 */
static inline const struct zoneref *next_zones_zonelist(const struct zoneref *z,
							enum zone_type highest_zoneidx,
							struct zone **zone)
{
	while (unlikely(zonelist_zone_idx(z) > (int)highest_zoneidx))
		z++;
	*zone = zonelist_zone(z);
	return z;
}

/* The best zone for a request: see next_zones_zonelist(). */
static inline const struct zoneref *first_zones_zonelist(const struct zonelist *zonelist,
							 enum zone_type highest_zoneidx,
							 struct zone **zone)
{
	return next_zones_zonelist(zonelist->_zonerefs, highest_zoneidx, zone);
}

/* The zones up to index @highidx, best first. @z is a const struct zoneref *. */
#define for_each_zone_zonelist(zone, z, zlist, highidx)				\
	for ((z) = first_zones_zonelist(zlist, highidx, &(zone)); (zone);	\
	     (z) = next_zones_zonelist((z) + 1, highidx, &(zone)))

/* The lowest zone that any node has, and so the lowest that a request can mean. */
extern enum zone_type lowest_zone;

/**
 * build_all_zonelists - decide for each node in which order zones are asked
 *
 * By node: the zones of the own node from the highest to the lowest, then those of the nearest
 * node, and so on. With `numa_zonelist_order=zone' by zone: the highest zone of every node, nearest
 * first, then the next lower zone of every node.
 *
 * Context: boot, when zones have their pages; start_kernel(). Differs from Linux: a zonelist never
 * changes afterwards, and the order by node is the default everywhere.
 */
void build_all_zonelists(void);

/**
 * zonelist_check - are the zonelists of all nodes as they should be?
 *
 * Checks the invariants of mm/zonelist.c. Return: true, or false after a message that says what is
 * wrong. Context: after build_all_zonelists().
 */
bool zonelist_check(void);

/* Print the zones that a request @gfp_mask asks from node @nid, in order, with the free pages of each. */
void show_zonelist(int nid, unsigned int gfp_mask);

#define for_each_online_pgdat(pgdat)					\
	for (pgdat = NODE_DATA(0); pgdat; pgdat = next_online_pgdat(pgdat))

/* The node behind @pgdat, NULL at the end. */
struct pglist_data *next_online_pgdat(struct pglist_data *pgdat);

/* Every zone of every node, the empty ones too. */
#define for_each_zone(zone) \
	for (zone = NODE_DATA(0)->node_zones; zone; zone = next_zone(zone))

#define for_each_populated_zone(zone)		\
	for_each_zone(zone)			\
		if (!populated_zone(zone))	\
			continue;		\
		else

#endif
