// SPDX-License-Identifier: MIT
/*
 * Per-CPU page lists and counters on the board.
 */
#include <test.h>
#include <asm/irqflags.h>
#include <kernel/cpumask.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pcp.h>

TEST_SUITE("pcp");

#define BURST	1024

/* Are the lists of this machine long enough to see something on them? */
static bool lists_are_short(const struct zone *zone)
{
	return per_cpu_ptr(zone->pageset, 0)->pcp.high < 4;
}

static struct zone *normal_zone(void)
{
	return &NODE_DATA(0)->node_zones[ZONE_NORMAL];
}

static bool all_zones_ok(void)
{
	struct zone *zone;
	bool ok = true;

	for_each_zone(zone)
		ok &= buddy_check(zone) && pcp_check(zone);
	return ok;
}

TEST("the per-CPU lists of every zone are sound")
{
	EXPECT(all_zones_ok());
}

TEST("high is six batches of each zone")
{
	struct zone *zone;
	unsigned int cpu;

	for_each_populated_zone(zone)
		for_each_possible_cpu(cpu)
			EXPECT_EQ(per_cpu_ptr(zone->pageset, cpu)->pcp.high,
				  6 * zone_batchsize(zone));
}

TEST("a page that is freed is the next to be given out, and no free list has changed")
{
	unsigned long flags, nr_free;
	struct page *page, *again;

	if (lists_are_short(normal_zone()))
		SKIP("the lists are too short");
	page = alloc_page(GFP_KERNEL);
	ASSERT(page);
	local_irq_save(flags);
	nr_free = nr_free_pages();
	__free_page(page);
	again = alloc_page(GFP_ATOMIC);
	EXPECT(again == page);
	EXPECT_EQ(nr_free_pages(), nr_free);
	local_irq_restore(flags);
	ASSERT(again);
	__free_page(again);
}

TEST("a burst of pages comes and goes, and draining leaves none on the lists")
{
	struct page *page, *next;
	unsigned long nr_free;
	LIST_HEAD(taken);
	unsigned int i;

	drain_all_pages();
	nr_free = nr_free_pages();
	for (i = 0; i < BURST && (page = alloc_page(GFP_KERNEL)); i++)
		list_add_tail(&page->lru, &taken);
	EXPECT(all_zones_ok());
	list_for_each_entry_safe(page, next, &taken, lru)
		__free_page(page);
	EXPECT(all_zones_ok());
	drain_all_pages();
	EXPECT_EQ(nr_pcp_pages(), 0);
	EXPECT_EQ(nr_free_pages(), nr_free);
}

TEST("percpu_pagelist_fraction can be changed while the system runs")
{
	struct zone *zone = normal_zone();
	unsigned int before = percpu_pagelist_fraction, order = PCP_MAX_ORDER;
	struct page *page;

	EXPECT(set_percpu_pagelist_fraction(MIN_PERCPU_PAGELIST_FRACTION - 1) != 0);
	EXPECT_EQ(set_percpu_pagelist_fraction(MIN_PERCPU_PAGELIST_FRACTION), 0);
	EXPECT_EQ(per_cpu_ptr(zone->pageset, 0)->pcp.high,
		  zone->managed_pages / MIN_PERCPU_PAGELIST_FRACTION);
	while (!zone_has_pcplist(zone, order))
		order--;
	page = alloc_pages(GFP_KERNEL, order);
	if (EXPECT(page)) {
		__free_pages(page, order);
		EXPECT(nr_pcp_pages() >= 1UL << order || page_zone(page) != zone);
	}
	EXPECT_EQ(set_percpu_pagelist_fraction(before), 0);
	drain_all_pages();
	EXPECT(all_zones_ok());
}

TEST("pages given out less pages taken back are the pages in use")
{
	unsigned long before[NR_VM_EVENT_ITEMS], after[NR_VM_EVENT_ITEMS];
	struct page *page;
	unsigned int zone;
	long in_use = 0;

	all_vm_events(before);
	page = alloc_pages(GFP_KERNEL, 3);
	all_vm_events(after);
	ASSERT(page);
	__free_pages(page, 3);
	for (zone = ZONE_DMA; zone < MAX_NR_ZONES; zone++)
		in_use += (long)(after[PGALLOC_DMA + zone] - before[PGALLOC_DMA + zone]);
	in_use -= (long)(after[PGFREE] - before[PGFREE]);
	EXPECT_EQ(in_use, 8);
}

TEST("a cleared page is zero, a copied one is the same, and nothing beside them changes")
{
	u32 *pages = (u32 *)__get_free_pages(GFP_KERNEL, 2);
	const unsigned int words = PAGE_SIZE / sizeof(u32);
	unsigned int i;

	ASSERT(pages);
	for (i = 0; i < 4 * words; i++)
		pages[i] = i + 1;
	clear_page(pages + words);
	copy_page(pages + 2 * words, pages);
	for (i = 0; i < words; i++)
		if (!EXPECT_EQ(pages[i], i + 1) || !EXPECT_EQ(pages[words + i], 0) ||
		    !EXPECT_EQ(pages[2 * words + i], i + 1) ||
		    !EXPECT_EQ(pages[3 * words + i], 3 * words + i + 1))
			break;
	free_pages((unsigned long)pages, 2);
}
