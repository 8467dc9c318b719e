/* SPDX-License-Identifier: MIT */
/*
 * Nodes, zones and their free areas.
 *
 *    pg_data_t (node)
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
 *
 * I1. The zones of a node follow one another in the order above without overlap; an empty one has
 *     spanned_pages == 0.
 * I2. spanned_pages >= present_pages >= managed_pages >= vm_stat[NR_FREE_PAGES]:
 *     spanned from the first to the last page; present without the holes; managed handed
 *     to the page allocator. present = managed + reserved, page by page.
 * I3. Free lists, nr_free, pageblock_flags and vm_stat change under zone->lock with interrupts off.
 *     The borders are fixed when boot is over; managed_pages changes until init memory is freed.
 *
 * Names and meaning are those of Linux 3.10.
 */
#ifndef MM_MMZONE_H
#define MM_MMZONE_H

#include <asm/page.h>
#include <kernel/spinlock.h>
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

enum zone_stat_item {
	NR_FREE_PAGES,
	NR_VM_ZONE_STAT_ITEMS
};

struct free_area {
	struct list_head free_list[MIGRATE_TYPES];
	unsigned long nr_free;		/* blocks on all of free_list together */
};

struct pglist_data;

struct zone {
	spinlock_t lock;
	struct free_area free_area[MAX_ORDER];
	unsigned long *pageblock_flags;	/* NR_PAGEBLOCK_BITS for each pageblock */
	unsigned long vm_stat[NR_VM_ZONE_STAT_ITEMS];

	struct pglist_data *zone_pgdat;
	unsigned long zone_start_pfn;
	unsigned long spanned_pages;
	unsigned long present_pages;
	unsigned long managed_pages;
	const char *name;		/* "DMA", "Normal", "HighMem", "Movable" */
};

_Static_assert(sizeof(struct zone) <= 640, "Linux 6.1 needs 896 bytes");

struct bootmem_data;

typedef struct pglist_data {
	struct zone node_zones[MAX_NR_ZONES];
	int nr_zones;				/* index of the highest populated zone, plus 1 */
	struct page *node_mem_map;		/* the struct page of node_start_pfn */
	struct bootmem_data *bdata;		/* until the hand-off */
	unsigned long node_start_pfn;
	unsigned long node_present_pages;
	unsigned long node_spanned_pages;
	int node_id;
} pg_data_t;

/* The one node of a machine with uniform memory. Defined in mm/bootmem.c, with its bdata. */
extern struct pglist_data contig_page_data;

/* The node numbered @nid: for now 0, the only one. */
static inline pg_data_t *NODE_DATA(int nid)
{
	VM_BUG_ON(nid != 0, "node %d", nid);
	(void)nid;
	return &contig_page_data;
}

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

static inline bool populated_zone(const struct zone *zone)
{
	return zone->present_pages != 0;
}

static inline enum zone_type zone_idx(const struct zone *zone)
{
	return (enum zone_type)(zone - zone->zone_pgdat->node_zones);
}

static inline int zone_to_nid(const struct zone *zone)
{
	return zone->zone_pgdat->node_id;
}

static inline unsigned long zone_page_state(const struct zone *zone, enum zone_stat_item item)
{
	return READ_ONCE(zone->vm_stat[item]);
}

/* Context: zone->lock held. */
static inline void __mod_zone_page_state(struct zone *zone, enum zone_stat_item item, long delta)
{
	zone->vm_stat[item] += delta;
}

/* The sum of a counter over all zones. */
unsigned long global_page_state(enum zone_stat_item item);

/* The zone that ZONE_MOVABLE takes its pages from; MAX_NR_ZONES while nothing is known. */
extern int movable_zone;

/* Is a zone with index @idx high memory, which the kernel has no address for? */
static inline bool is_highmem_idx(enum zone_type idx)
{
	return idx == ZONE_HIGHMEM || (idx == ZONE_MOVABLE && movable_zone == ZONE_HIGHMEM);
}

static inline bool is_highmem(const struct zone *zone)
{
	return is_highmem_idx(zone_idx(zone));
}

/* The zone behind @zone in the order of nodes and indices, NULL at the end. */
struct zone *next_zone(struct zone *zone);

/* Linux's names of the zones, as zone->name has them. */
extern const char *const zone_names[MAX_NR_ZONES];

/* Every zone of every node, the empty ones too. */
#define for_each_zone(zone) \
	for (zone = NODE_DATA(0)->node_zones; zone; zone = next_zone(zone))

#define for_each_populated_zone(zone)		\
	for_each_zone(zone)			\
		if (!populated_zone(zone))	\
			continue;		\
		else

#endif
