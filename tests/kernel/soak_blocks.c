// SPDX-License-Identifier: MIT
/*
 * The soak's blocks: requests of every kind, and stamps by which a page that is given out twice, or
 * written to by somebody else, is found out. See soak.h for I1 and I2.
 *
 *    stamp   31                     8 7    4 3       0
 *           +------------------------+------+---------+
 *           |  serial of allocation  | order| worker  |      never 0, since workers count from 1
 *           +------------------------+------+---------+
 */
#include <kernel/printk.h>
#include <lib/atomic.h>
#include <mm/bad_page.h>
#include <mm/compound.h>
#include <mm/mm.h>
#include <mm/numa.h>
#include "soak.h"

#define STAMP_WORKER_BITS	4
#define STAMP_ORDER_BITS	4
#define STAMP_SERIAL_SHIFT	(STAMP_WORKER_BITS + STAMP_ORDER_BITS)
#define FAULTS_TO_REPORT	5

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

void soak_fault(struct soak_worker *w, const char *what, unsigned long pfn, unsigned long number)
{
	if (atomic_inc_return(&w->soak->nr_faults) > FAULTS_TO_REPORT)
		return;
	pr_err("soak: CPU %u, worker %u%s: pfn %lx: %s: 0x%lx\n", w->cpu, w->id,
	       w->in_interrupt ? " (interrupts)" : "", pfn, what, number);
}

/* ---- Requests ---- */

static unsigned int random_order(struct soak_worker *w)
{
	const struct soak_style *style = w->soak->style;

	if (style->large)
		return soak_random(w) % MAX_ORDER;
	return __ffs(soak_random(w) | style->order_bits);
}

/*
 * May this request wait until others free memory? Not when a thread has ended the round: who works
 * on alone would wait for what only interrupts free. And seldom: it waits a tick at a time, which
 * is thousands of events where turns are short.
 */
static bool is_patient(const struct soak_worker *w, u32 dice)
{
	const struct soak *soak = w->soak;

	return dice % 32 == 0 && atomic_read(&soak->nr_running) == (int)soak->nr_threads;
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
	if (!w->in_interrupt && is_patient(w, dice >> 20))
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
	return alloc_pages_node((dice >> 2) % nr_online_nodes, *gfp, order);
}

/* ---- What a block must look like ---- */

static void check_block(struct soak_worker *w, const struct page *page, unsigned int order,
			gfp_t gfp)
{
	unsigned long pfn = page_to_pfn(page);
	const u32 *word = page_address(page);

	if (!IS_ALIGNED(pfn, 1UL << order))
		soak_fault(w, "not aligned to its order", pfn, order);
	if (page_count(page) != 1)
		soak_fault(w, "given out with so many references", pfn, page_count(page));
	if (page_zonenum(page) > gfp_high_zoneidx(gfp))
		soak_fault(w, "lies in a zone above what was asked for", pfn, gfp);
	if (compound_order(page) != (gfp & __GFP_COMP ? order : 0))
		soak_fault(w, "has the wrong compound order", pfn, compound_order(page));
	if (gfp & __GFP_ZERO && (!word || word[0] || word[(PAGE_SIZE << order) / sizeof(u32) - 1]))
		soak_fault(w, "should be zero", pfn, gfp);
}

/* I1: whoever is given a page finds no stamp on it. */
static void put_stamps(struct soak_worker *w, struct page *page, u32 stamp)
{
	u32 *at = stamp_of(w->soak, page), *end = at + (1UL << stamp_order(stamp));
	u32 *word = page_address(page), found;

	if (word)
		*word = stamp;
	for (; at < end; at++) {
		found = xchg(at, stamp);
		if (found)
			soak_fault(w, "given out twice; its stamp",
				   page_to_pfn(mem_map + (at - w->soak->stamps)), found);
	}
}

/* I1, I2: they are all still there. */
static void remove_stamps(struct soak_worker *w, struct page *page, u32 stamp)
{
	u32 *at = stamp_of(w->soak, page), *end = at + (1UL << stamp_order(stamp));
	const u32 *word = page_address(page);
	u32 found;

	if (word && *word != stamp)
		soak_fault(w, "overwritten; its first word", page_to_pfn(page), *word);
	for (; at < end; at++) {
		found = xchg(at, 0);
		if (found != stamp)
			soak_fault(w, "has another's stamp",
				   page_to_pfn(mem_map + (at - w->soak->stamps)), found);
	}
}

struct page *soak_take(struct soak_worker *w)
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

void soak_give(struct soak_worker *w, struct page *page)
{
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

unsigned int soak_block_order(const struct soak *soak, const struct page *page)
{
	return stamp_order(*stamp_of(soak, page));
}

unsigned long soak_stamped_pages(const struct soak *soak)
{
	unsigned long i, nr = 0;

	for (i = 0; i < max_mapnr; i++)
		nr += soak->stamps[i] != 0;
	return nr;
}
