// SPDX-License-Identifier: MIT
/*
 * The soak of the page allocator: requests of every kind, and stamps by which a page that is given out
 * twice, or written to by somebody else, is found out.
 *
 *    stamps:  | 0 | 0 | 71 | 71 | 0 | 93 | ...   a word for each page of the map: whose it is
 *
 *    stamp   31                     8 7    4 3       0
 *           +------------------------+------+---------+
 *           |  serial of allocation  | order| worker  |      never 0, since workers count from 1
 *           +------------------------+------+---------+
 *
 * B1. The stamp of a page is 0 unless a worker has been given the page, and then says by which
 *     allocation. It is written by xchg(), by whoever gets or gives back the page: a page that is
 *     given out twice is seen at the moment when that happens.
 * B2. The first word of a block in lowmem, too, is its stamp as long as the block is held.
 */
#include <kernel/printk.h>
#include <lib/atomic.h>
#include <lib/string.h>
#include <mm/bad_page.h>
#include <mm/compound.h>
#include <mm/highmem.h>
#include <mm/mm.h>
#include <mm/numa.h>
#include <mm/pcp.h>
#include <mm/vmstat.h>
#include "soak.h"

#define STAMP_WORKER_BITS	4
#define STAMP_ORDER_BITS	4
#define STAMP_SERIAL_SHIFT	(STAMP_WORKER_BITS + STAMP_ORDER_BITS)

/* One in so many steps, each a power of two. */
#define LOOK_EVERY		1024
#define FRACTION_EVERY		16384
#define DRAIN_ALL_EVERY		32768

_Static_assert(NR_CPUS * SOAK_WORKERS_PER_CPU < 1 << STAMP_WORKER_BITS, "a stamp names each worker");
_Static_assert(MAX_ORDER <= 1 << STAMP_ORDER_BITS, "... and each order");

static unsigned int stamp_order(u32 stamp)
{
	return stamp >> STAMP_WORKER_BITS & ((1 << STAMP_ORDER_BITS) - 1);
}

static u32 *stamp_of(const struct soak *soak, const struct page *page)
{
	return &soak->stamps[page - mem_map];
}

/* ---- Requests ---- */

static unsigned int random_order(struct soak_worker *w)
{
	const struct soak_style *style = w->soak->style;

	if (style->large)
		return soak_below(soak_random(w), MAX_ORDER);
	return __ffs(soak_random(w) | style->order_bits);
}

/* Every zone, every mobility, every way to wait; and now and then something special. */
static gfp_t random_gfp(struct soak_worker *w, unsigned int order)
{
	static const gfp_t zones[] = { 0, 0, __GFP_HIGHMEM, __GFP_DMA };
	static const gfp_t mobilities[] = { 0, __GFP_RECLAIMABLE, __GFP_MOVABLE, __GFP_MOVABLE };
	static const gfp_t patience[] = { GFP_KERNEL | __GFP_NORETRY, GFP_ATOMIC, GFP_NOWAIT,
					  GFP_KERNEL | __GFP_NORETRY };
	u32 dice = soak_random(w);
	gfp_t gfp = zones[dice % 4] | mobilities[dice >> 2 & 3] | __GFP_NOWARN;

	gfp |= w->in_interrupt ? GFP_ATOMIC : patience[dice >> 4 & 3];
	if (!w->in_interrupt && soak_is_patient(w, dice >> 20))
		gfp = (gfp | GFP_KERNEL) & ~__GFP_NORETRY;
	if ((dice >> 8) % 8 == 0)
		gfp |= __GFP_COLD;
	if ((dice >> 12) % 16 == 0 && order <= 1)
		gfp |= __GFP_ZERO;
	if ((dice >> 16) % 4 == 0 && order)
		gfp |= __GFP_COMP;
	return gfp;
}

/* From this node, or from a certain one, or from that one and no other. */
static struct page *request(struct soak_worker *w, unsigned int order, gfp_t *gfp)
{
	u32 dice;

	if (nr_online_nodes == 1)
		return alloc_pages(*gfp, order);
	dice = soak_random(w);
	if (dice % 4 == 0)
		*gfp |= __GFP_THISNODE;
	return alloc_pages_node((int)soak_below(dice, (u32)nr_online_nodes), *gfp, order);
}

/* ---- What a block must look like ---- */

static u32 read_word(struct page *page, unsigned int index)
{
	u32 word;

	memcpy_from_page((char *)&word, page, index * sizeof(word), sizeof(word));
	return word;
}

static void check_block(struct soak_worker *w, struct page *page, unsigned int order, gfp_t gfp)
{
	unsigned long pfn = page_to_pfn(page);

	if (!IS_ALIGNED(pfn, 1UL << order))
		soak_fault(w, "not aligned to its order", pfn, order);
	if (page_count(page) != 1)
		soak_fault(w, "given out with so many references", pfn, page_count(page));
	if (page_zonenum(page) > gfp_high_zoneidx(gfp))
		soak_fault(w, "lies in a zone above what was asked for", pfn, gfp);
	if (compound_order(page) != (gfp & __GFP_COMP ? order : 0))
		soak_fault(w, "has the wrong compound order", pfn, compound_order(page));
	if (gfp & __GFP_ZERO && (read_word(page, 0) ||
				 read_word(page + (1UL << order) - 1, PAGE_SIZE / sizeof(u32) - 1)))
		soak_fault(w, "should be zero", pfn, gfp);
}

/* B1: whoever is given a page finds no stamp on it. */
static void put_stamps(struct soak_worker *w, struct page *page, u32 stamp)
{
	u32 *at = stamp_of(w->soak, page), *end = at + (1UL << stamp_order(stamp));
	u32 found;

	memcpy_to_page(page, 0, (char *)&stamp, sizeof(stamp));
	for (; at < end; at++) {
		found = xchg(at, stamp);
		if (found)
			soak_fault(w, "given out twice; its stamp",
				   page_to_pfn(mem_map + (at - w->soak->stamps)), found);
	}
}

/* B1, B2: they are all still there. */
static void remove_stamps(struct soak_worker *w, struct page *page, u32 stamp)
{
	u32 *at = stamp_of(w->soak, page), *end = at + (1UL << stamp_order(stamp));
	u32 found = read_word(page, 0);

	if (found != stamp)
		soak_fault(w, "overwritten; its first word", page_to_pfn(page), found);
	for (; at < end; at++) {
		found = xchg(at, 0);
		if (found != stamp)
			soak_fault(w, "has another's stamp",
				   page_to_pfn(mem_map + (at - w->soak->stamps)), found);
	}
}

static void *take_block(struct soak_worker *w)
{
	unsigned int order = random_order(w);
	gfp_t gfp = random_gfp(w, order);
	struct page *page = request(w, order, &gfp);
	u32 stamp;

	if (!page) {
		w->nr_failed++;
		return NULL;
	}
	stamp = w->serial++ << STAMP_SERIAL_SHIFT | order << STAMP_WORKER_BITS | w->id;
	check_block(w, page, order, gfp);
	put_stamps(w, page, stamp);
	w->digest = w->digest * 31 + (page_to_pfn(page) ^ order);
	return page;
}

static void give_block(struct soak_worker *w, void *thing)
{
	struct page *page = thing;
	u32 stamp = *stamp_of(w->soak, page);
	unsigned int order = stamp_order(stamp);

	if (!stamp) {
		soak_fault(w, "held, but without a stamp", page_to_pfn(page), 0);
		return;
	}
	remove_stamps(w, page, stamp);
	if (PageCompound(page) && soak_random(w) % 2)
		put_page(page);
	else
		__free_pages(page, order);
}

/* ---- Looking on while others work ---- */

/* Counters are never out of bounds, and events never fewer than before. */
static void look_at_statistics(struct soak_worker *w)
{
	unsigned long events[NR_VM_EVENT_ITEMS], nr_given = 0, nr_free;
	unsigned int idx;
	struct zone *zone;

	all_vm_events(events);
	for (idx = 0; idx < MAX_NR_ZONES; idx++)
		nr_given += events[PGALLOC_DMA + idx];
	if ((long)(nr_given - w->last_events) < 0)
		soak_fault(w, "fewer pages were given out than before", 0, nr_given);
	w->last_events = nr_given;
	for_each_populated_zone(zone) {
		nr_free = zone_page_state(zone, NR_FREE_PAGES);
		if (nr_free > zone->managed_pages)
			soak_fault(w, "more free pages than there are", zone->zone_start_pfn,
				   nr_free);
	}
}

/* Other sizes of all lists, while they are in use. */
static void change_fraction(struct soak_worker *w)
{
	static const unsigned int fractions[] = { 0, MIN_PERCPU_PAGELIST_FRACTION, 100, 1000 };

	if (set_percpu_pagelist_fraction(fractions[soak_random(w) % ARRAY_SIZE(fractions)]))
		soak_fault(w, "a fraction was refused", 0, percpu_pagelist_fraction);
}

static void do_now_and_then(struct soak_worker *w, u32 dice)
{
	if (one_in(dice, LOOK_EVERY))
		look_at_statistics(w);
	if (one_in(dice, w->soak->style->drain_every))
		drain_local_pages(NULL);
}

static void do_as_thread(struct soak_worker *w, u32 dice)
{
	if (one_in(dice, FRACTION_EVERY))
		change_fraction(w);
	if (one_in(dice, DRAIN_ALL_EVERY))
		drain_all_pages();
}

/* ---- What is held ---- */

static void add_block(const struct soak *soak, const void *thing, struct soak_use *use)
{
	use->pages += 1L << stamp_order(*stamp_of(soak, thing));
}

/* As many pages have stamps as there are in slots and mail. */
static bool check_stamps(struct soak *soak)
{
	long stamped = 0, held = soak_held(soak, &soak_kind_blocks).pages;
	unsigned long i;

	for (i = 0; i < max_mapnr; i++)
		stamped += soak->stamps[i] != 0;
	if (stamped == held)
		return true;
	pr_err("soak: %ld pages are held, %ld stamped\n", held, stamped);
	return false;
}

/* ---- The kind ---- */

static size_t bytes_of_stamps(void)
{
	return max_mapnr * sizeof(u32);
}

static bool prepare(struct soak *soak)
{
	soak->fraction = percpu_pagelist_fraction;
	soak->stamps = alloc_pages_exact(bytes_of_stamps(), GFP_KERNEL);
	if (soak->stamps)
		memset(soak->stamps, 0, bytes_of_stamps());
	return soak->stamps;
}

static void finish(struct soak *soak)
{
	set_percpu_pagelist_fraction(soak->fraction);
	if (soak->stamps)
		free_pages_exact(soak->stamps, bytes_of_stamps());
}

const struct soak_kind soak_kind_blocks = {
	.nr = SOAK_BLOCKS,
	.name = "blocks",
	.unit = "pfn",
	.prepare = prepare,
	.finish = finish,
	.take = take_block,
	.give = give_block,
	.do_now_and_then = do_now_and_then,
	.do_as_thread = do_as_thread,
	.add_use = add_block,
	.check = check_stamps,
};
