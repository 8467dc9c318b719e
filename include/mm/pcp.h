/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU page lists: free blocks of order 0 to PCP_MAX_ORDER that a CPU has put aside from a
 * zone, so that most requests are served, and most blocks taken back, without a lock.
 *
 *    zone->pageset on CPU n                     head: hot                   tail: cold
 *      pcp.count   pages, all lists together
 *      pcp.lists   order 0, Unmovable    <-> page 71 <-> page 12 <-> page 40
 *                  order 0, Reclaimable
 *                  order 0, Movable      <-> page 1031
 *                  order 1, Unmovable    <-> page 6
 *                  ...
 *         |  ^
 *         |  +--- list empty: rmqueue_bulk() takes a batch from the free lists
 *         +------ count reaches high: free_pcppages_bulk() gives a batch back, the coldest
 *
 * A page that was freed a moment ago is likely to be in the cache still: it is hot, and is given
 * out next. Whoever overwrites a page without reading it, a device say, asks for a cold one.
 *
 * P1. A CPU's lists are changed by this CPU only, with interrupts off.
 * P2. Each block on them is in the state "on a per-CPU list" (mm_types.h) and on the list of its
 *     order.
 * P3. count is the number of pages on all lists.
 * P4. Pages on these lists are not counted in NR_FREE_PAGES.
 * P5. A block of an order above 0 is put on them only if it is at most half of high.
 * P6. A CPU asks for the type of a block's pageblock after it has switched interrupts off to put it
 *     on a list. So whoever isolates a pageblock, and then has all CPUs drain their lists, finds no
 *     block of it on any: it was put there before, or goes elsewhere.
 *
 * pcp_check() walks all of this. Linux 3.10 has such lists for single pages (free_hot_cold_page and
 * buffered_rmqueue in mm/page_alloc.c there), 6.1 up to order 3. Here they go on as far as P5 lets
 * them: to take a block without a list is to halve a larger one, to free it is to merge it again,
 * and each order in between costs what a whole request costs here.
 *
 * Implemented in mm/pcp.c; sizes are decided in mm/pageset.c. For mm/page_alloc.c, reports and
 * tests; everybody else asks for pages in gfp.h.
 */
#ifndef MM_PCP_H
#define MM_PCP_H

#include <kernel/percpu.h>
#include <lib/list.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/mmzone.h>
#include <mm/vmstat.h>

/* Which list blocks of @order and @migratetype are on. */
static inline unsigned int order_to_pindex(enum migratetype migratetype, unsigned int order)
{
	VM_BUG_ON(migratetype >= MIGRATE_PCPTYPES || order > PCP_MAX_ORDER,
		  "type %u, order %u", migratetype, order);
	return MIGRATE_PCPTYPES * order + migratetype;
}

/* The order of the blocks on list @pindex. */
static inline unsigned int pindex_to_order(unsigned int pindex)
{
	return pindex / MIGRATE_PCPTYPES;
}

/* P5: are blocks of @order put aside from @zone? The answer is the same on all CPUs. */
static inline bool zone_has_pcplist(const struct zone *zone, unsigned int order)
{
	return order == 0 || (order <= PCP_MAX_ORDER &&
			      2 << order <= READ_ONCE(this_cpu_ptr(zone->pageset)->pcp.high));
}

/*
 * This CPU's lists of the zone that is asked first for a request with zone modifiers @zonemask: what
 * zonelists say, at hand for the hot path. Lists that are always empty stand in for a zone that does
 * not exist, and for all before setup_per_cpu_pageset(). Context: interrupts off.
 */
DECLARE_PER_CPU(struct per_cpu_pages *, preferred_pcp[NR_GFP_ZONES]);

/* Return: this CPU's lists of the zone that a request asks first. Context: interrupts off. */
static inline struct per_cpu_pages *this_cpu_preferred_pcp(gfp_t gfp_mask)
{
	return __this_cpu_read(preferred_pcp[gfp_mask & GFP_ZONEMASK]);
}

/*
 * Give out the hottest block of list @pindex, of blocks of @order. Return: NULL if there is none. Context: interrupts
 * off, on @pcp's CPU.
 */
static __always_inline struct page *pcp_take(struct per_cpu_pages *pcp, unsigned int pindex,
					     unsigned int order)
{
	struct list_head *list = &pcp->lists[pindex], *first = list->next;

	VM_BUG_ON(!irqs_disabled(), "P1");
	if (unlikely(first == list))
		return NULL;
	__list_del(list, first->next);
	pcp->count -= 1 << order;
	pcp->nr_alloc += 1UL << order;
	return list_entry(first, struct page, lru);
}

/* Take a block back, to the hot end. Context: as pcp_take(). Return: are there too many pages now? */
static __always_inline bool pcp_put(struct per_cpu_pages *pcp, struct page *page,
				    unsigned int pindex, unsigned int order)
{
	VM_BUG_ON(!irqs_disabled(), "P1");
	list_add(&page->lru, &pcp->lists[pindex]);
	pcp->nr_free += 1UL << order;
	pcp->count += 1 << order;
	return unlikely(pcp->count >= pcp->high);
}

/**
 * rmqueue_pcplist - take a block from this CPU's lists, which are refilled if need be
 * @zone: from where
 * @order: one of which zone_has_pcplist()
 * @migratetype: one of those that have per-CPU lists
 * @cold: prefer a block that is not in the cache
 *
 * Context: any. Return: the block's first page; NULL if the zone has no block for this type.
 */
struct page *rmqueue_pcplist(struct zone *zone, unsigned int order, enum migratetype migratetype,
			     bool cold);

/**
 * free_pcplist - put a free block on this CPU's lists
 * @zone: its zone
 * @page: its first page
 * @order: one of which zone_has_pcplist()
 * @cold: put it where it is given out last
 *
 * The list is that of the block's pageblock. A type that has no list of its own is put with the
 * movable pages, which may use all of them. A block of an isolated pageblock goes to the free lists
 * at once. Context: any.
 */
void free_pcplist(struct zone *zone, struct page *page, unsigned int order, bool cold);

/**
 * free_pcppages_bulk - give blocks back to the free lists
 * @zone: whose
 * @count: pages, at least; all if there are not so many
 * @pcp: lists of @zone
 *
 * Takes the coldest blocks, from the lists in turn. Context: interrupts off; @pcp is this CPU's, or
 * its CPU does not run.
 */
void free_pcppages_bulk(struct zone *zone, int count, struct per_cpu_pages *pcp);

/* Give the coldest batch back, when pcp_put() says so. Context: as free_pcppages_bulk(). */
void pcp_spill(struct zone *zone, struct per_cpu_pages *pcp) __cold;

/**
 * drain_pages, drain_local_pages - give all blocks of a CPU's lists back
 * @cpu: this one, or one that does not run
 * @unused: nothing
 *
 * drain_local_pages() does so for the calling CPU, in the form that other CPUs are asked to do it.
 * Context: any.
 */
void drain_pages(unsigned int cpu);
void drain_local_pages(void *unused);

/**
 * drain_all_pages - have every CPU that has put pages aside give them back
 *
 * Context: interrupts on if other CPUs are online, since this waits for them. What they free meanwhile may be put aside
 * again.
 */
void drain_all_pages(void);

/* Pages on all per-CPU lists. Exact if no CPU allocates or frees meanwhile. */
unsigned long nr_pcp_pages(void);

/* The list heads of a zone's per-CPU lists; is @link one of them? For messages. */
bool is_pcp_list_head(const struct zone *zone, const struct list_head *link);

/* --- Sizes: mm/pageset.c --- */

/**
 * boot_pageset_init - make the pageset that zones use until they have their own
 *
 * It never keeps a page: high is 0. Context: boot, after setup_per_cpu_areas(), before pages are
 * allocated or freed.
 */
void boot_pageset_init(void);

/**
 * setup_per_cpu_pageset - give every zone pagesets of its own, sized for the zone
 *
 * Context: boot, once all memory is managed. Tests call it again, when all lists are empty.
 */
void setup_per_cpu_pageset(void);

/* How many pages a zone's lists are refilled with; Linux's formula. */
int zone_batchsize(const struct zone *zone);

/*
 * 0, or the fraction of each zone that a CPU may put aside at most. Zones then have high = managed /
 * fraction, and batch a quarter of that.
 */
extern unsigned int percpu_pagelist_fraction;
#define MIN_PERCPU_PAGELIST_FRACTION	8

/**
 * set_percpu_pagelist_fraction - change percpu_pagelist_fraction, now or as a boot parameter
 * @fraction: 0, or at least MIN_PERCPU_PAGELIST_FRACTION
 *
 * Context: any CPU; the others follow at their next free. Return: 0; -EINVAL if it is too small.
 */
int set_percpu_pagelist_fraction(unsigned int fraction);

/**
 * pcp_check - walk the per-CPU lists of a zone
 * @zone: any zone
 *
 * Checks P2 and P3 for all CPUs. Context: no other CPU allocates or frees. Return: true if all is
 * well; false after a message that says what is not.
 */
bool pcp_check(struct zone *zone);

#endif
