// SPDX-License-Identifier: MIT
/*
 * Walking the per-CPU lists of a zone: do they have what pcp.h says (P2, P3)?
 */
#define pr_fmt(fmt) "pcp_check: " fmt
#include <kernel/cpumask.h>
#include <mm/buddy.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>
#include "check.h"

/* P2, for every page of a block. */
static bool check_block(const struct zone *zone, const struct page *page, unsigned int order)
{
	const struct page *end = page + (1UL << order);

	if (!page_ok(IS_ALIGNED(page_to_pfn(page), 1UL << order), page, "not aligned to order %u",
		     order))
		return false;
	for (; page < end; page++)
		if (!page_ok(page_zone(page) == zone, page, "on a list of zone %s", zone_name(zone)) ||
		    !page_ok(!PageBuddy(page), page, "begins a free block") ||
		    !page_ok(page_mapcount(page) == 0, page, "is mapped") ||
		    !page_ok(!PageReserved(page), page, "is reserved") ||
		    !page_ok(page_count(page) == 0, page, "has %d references", page_count(page)))
			return false;
	return true;
}

/* One list of @cpu. Adds its pages to *@nr_pages; more than @limit, and it runs in a circle. */
static bool check_list(const struct zone *zone, unsigned int cpu, unsigned int pindex, int limit,
		       int *nr_pages)
{
	const struct per_cpu_pages *pcp = &per_cpu_ptr(zone->pageset, cpu)->pcp;
	const struct list_head *head = &pcp->lists[pindex], *prev = head, *link;
	unsigned int order = pindex_to_order(pindex);

	for (link = head->next; link != head; prev = link, link = link->next) {
		const struct page *page = page_of_link(link);

		if (!zone_ok(page_in_map(page), zone, "CPU %u's list %u leads to %p", cpu,
			     pindex, (const void *)link) ||
		    !zone_ok(link->prev == prev, zone, "CPU %u's list %u is not linked back at %p",
			     cpu, pindex, (const void *)link) ||
		    !check_block(zone, page, order))
			return false;
		*nr_pages += 1 << order;
		if (!zone_ok(*nr_pages <= limit, zone, "CPU %u's lists have more than %d pages",
			     cpu, limit))
			return false;
	}
	return zone_ok(head->prev == prev, zone, "CPU %u's list %u does not end where it should",
		       cpu, pindex);
}

static bool check_cpu(const struct zone *zone, unsigned int cpu)
{
	const struct per_cpu_pages *pcp = &per_cpu_ptr(zone->pageset, cpu)->pcp;
	unsigned int pindex;
	int nr_pages = 0;

	for (pindex = 0; pindex < NR_PCP_LISTS; pindex++)
		if (!check_list(zone, cpu, pindex, pcp->count, &nr_pages))
			return false;
	return zone_ok(nr_pages == pcp->count, zone, "CPU %u's lists have %d pages, count is %d",
		       cpu, nr_pages, pcp->count) &&
	       zone_ok(pcp->batch >= 1 && pcp->high >= 0, zone, "CPU %u has batch %d, high %d",
		       cpu, pcp->batch, pcp->high);
}

bool pcp_check(struct zone *zone)
{
	unsigned long flags;
	unsigned int cpu;
	bool ok = true;

	if (!populated_zone(zone))
		return true;
	local_irq_save(flags);
	for_each_possible_cpu(cpu)
		ok = ok && check_cpu(zone, cpu);
	local_irq_restore(flags);
	return ok;
}
