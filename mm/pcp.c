// SPDX-License-Identifier: MIT
/*
 * Per-CPU page lists: how blocks come to them from the free lists in batches, and go back. See pcp.h
 * for the picture and P1 to P4.
 *
 * A refill would be so many calls of __rmqueue(), each of which takes the smallest block there is
 * and halves it, down to the order that is wanted. What the halves of one block are used up for,
 * one after the other, is the same run of pages that the block was. So a refill takes whole blocks,
 * as large as what is still missing, and puts the pages of each on the list in one go:
 *
 *    batch 31, smallest free block of order 7     | 16   | 8 | 4 |2|1|.|   32 |      64      |
 *    by halving to order 0: 31 requests             taken: 5 requests  left over, as by halving
 *
 * The way back is the same in reverse: blocks on a list that lie side by side, as they do when
 * many were freed in the order in which they were allocated, go back as the large blocks that they
 * would merge to one by one.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <mm/buddy.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>

/* --- From the free lists --- */

/*
 * Link the 2^@run_order pages from @page, in blocks of 2^@order, behind @last. Return: the last.
 */
static struct list_head *link_run(struct list_head *last, struct page *page, unsigned int run_order,
				  unsigned int order)
{
	struct page *end = page + (1UL << run_order);

	for (; page < end; page += 1UL << order) {
		last->next = &page->lru;
		page->lru.prev = last;
		last = &page->lru;
	}
	return last;
}

/*
 * Take a block of at least @order, and at most 2^@count_order times that. Return: its first page,
 * and its order in *@run_order; NULL if there is none.
 */
static struct page *rmqueue_run(struct zone *zone, unsigned int order, unsigned int count_order,
				enum migratetype migratetype, unsigned int *run_order)
{
	struct page *page;

	if (static_branch_unlikely(&steal_exact_key)) {
		*run_order = order;
		page = __rmqueue_exact(zone, order, migratetype);
		if (page)
			return page;
	}
	page = __rmqueue_at_most(zone, order, order + count_order, migratetype, run_order);
	if (likely(page))
		return page;
	*run_order = order;
	return __rmqueue_other(zone, order, migratetype);
}

/**
 * rmqueue_bulk - move blocks from the free lists to the end of a list
 * @zone: from where
 * @order: the blocks' order
 * @count: how many
 * @list: the list, empty
 * @migratetype: the type to begin with
 *
 * Context: interrupts off. Return: how many blocks were moved; fewer if the zone has no more.
 *
 * Differs from Linux 3.10: see the head of the file; and hot and cold pages are not told apart,
 * since those on the free lists are all cold.
 */
static unsigned int rmqueue_bulk(struct zone *zone, unsigned int order, unsigned int count,
				 struct list_head *list, enum migratetype migratetype)
{
	struct list_head *last = list;
	unsigned int missing = count, run_order;
	struct page *page;

	spin_lock(&zone->lock);
	while (missing) {
		page = rmqueue_run(zone, order, __fls(missing), migratetype, &run_order);
		if (unlikely(!page))
			break;
		__mod_zone_freepage_state(zone, -(1 << run_order),
					  get_pfnblock_migratetype(zone, page_to_pfn(page)));
		last = link_run(last, page, run_order, order);
		missing -= 1U << (run_order - order);
	}
	spin_unlock(&zone->lock);
	last->next = list;
	list->prev = last;
	return count - missing;
}

/* How many blocks of @order are as many pages as a batch; one if it is larger. */
static inline unsigned int batch_of_blocks(const struct per_cpu_pages *pcp, unsigned int order)
{
	return max((unsigned int)READ_ONCE(pcp->batch) >> order, 1u);
}

/* Context: interrupts off; the list is empty. Return: is it not any more? */
static noinline bool refill(struct zone *zone, struct per_cpu_pages *pcp, unsigned int pindex)
{
	unsigned int order = pindex_to_order(pindex);
	unsigned int nr = rmqueue_bulk(zone, order, batch_of_blocks(pcp, order),
				       &pcp->lists[pindex],
				       (enum migratetype)(pindex % MIGRATE_PCPTYPES));

	pcp->count += nr << order;
	__count_vm_event(PCPREFILL);
	return nr;
}

/* As pcp_take(), from the other end. */
static struct page *pcp_take_cold(struct per_cpu_pages *pcp, unsigned int pindex,
				  unsigned int order)
{
	struct list_head *list = &pcp->lists[pindex], *last = list->prev;

	VM_BUG_ON(last == list, "list %u is empty", pindex);
	__list_del(last->prev, list);
	pcp->count -= 1 << order;
	pcp->nr_alloc += 1UL << order;
	return list_entry(last, struct page, lru);
}

struct page *rmqueue_pcplist(struct zone *zone, unsigned int order, enum migratetype migratetype,
			     bool cold)
{
	unsigned int pindex = order_to_pindex(migratetype, order);
	struct per_cpu_pages *pcp;
	struct page *page = NULL;
	unsigned long flags;

	local_irq_save(flags);
	pcp = &this_cpu_ptr(zone->pageset)->pcp;
	if (!list_empty(&pcp->lists[pindex]) || refill(zone, pcp, pindex))
		page = cold ? pcp_take_cold(pcp, pindex, order) : pcp_take(pcp, pindex, order);
	local_irq_restore(flags);
	return page;
}

/* --- Back to the free lists --- */

/*
 * The next list behind @pindex that is not empty, of those that there are. Adds to *@turn how many
 * steps that took: the fewer lists have blocks, the more each gives in its turn; and the only one
 * gives all.
 */
static unsigned int next_list(const struct per_cpu_pages *pcp, unsigned int pindex,
			      unsigned int *turn)
{
	unsigned int steps = 0;

	do {
		pindex = pindex + 1 < NR_PCP_LISTS ? pindex + 1 : 0;
		steps++;
		VM_BUG_ON(steps > NR_PCP_LISTS, "P3: %d pages, and all lists are empty", pcp->count);
	} while (list_empty(&pcp->lists[pindex]));
	*turn += steps < NR_PCP_LISTS ? steps : (unsigned int)pcp->count;
	return pindex;
}

/*
 * Take the coldest blocks off a list, @max of them at most, as long as each lies beside those before
 * it, above or below. Return: how many pages; *@first is the lowest.
 */
static unsigned int take_run(struct list_head *list, unsigned int order, unsigned int max,
			     struct page **first)
{
	struct page *low = list_last_entry(list, struct page, lru), *high = low;
	struct list_head *link = low->lru.prev;
	const unsigned long step = 1UL << order;

	for (; link != list && --max; link = link->prev) {
		struct page *page = list_entry(link, struct page, lru);

		if (page == high + step)
			high = page;
		else if (page == low - step)
			low = page;
		else
			break;
	}
	list->prev = link;
	link->next = list;
	*first = low;
	return (unsigned int)(high - low) + step;
}

/* Put @nr_pages that lie side by side on the free lists. Context: zone->lock held. */
static void free_run(struct zone *zone, struct page *page, unsigned int nr_pages)
{
	unsigned long pfn = page_to_pfn(page), end_pfn = pfn + nr_pages;

	while (pfn < end_pfn) {
		unsigned int order = largest_order(pfn, end_pfn);
		enum migratetype migratetype = get_zone_migratetype(zone, page);

		__free_one_page(page, pfn, zone, order, migratetype);
		__mod_zone_freepage_state(zone, 1 << order, migratetype);
		page += 1UL << order;
		pfn += 1UL << order;
	}
}

/* Free the coldest blocks of a list, @turn of them or @count pages. Return: how many pages. */
static unsigned int free_coldest(struct zone *zone, struct per_cpu_pages *pcp, unsigned int pindex,
				 unsigned int turn, unsigned int count)
{
	unsigned int order = pindex_to_order(pindex), nr_pages;
	struct page *first;

	nr_pages = take_run(&pcp->lists[pindex], order,
			    min(turn, DIV_ROUND_UP(count, 1U << order)), &first);
	pcp->count -= (int)nr_pages;
	free_run(zone, first, nr_pages);
	return nr_pages;
}

void free_pcppages_bulk(struct zone *zone, int count, struct per_cpu_pages *pcp)
{
	unsigned int pindex = 0, turn = 0, nr_pages;

	VM_BUG_ON(!irqs_disabled(), "P1");
	VM_BUG_ON(pcp->count < 0, "%d pages", pcp->count);
	count = min(count, pcp->count);
	spin_lock(&zone->lock);
	while (count > 0) {
		if (!turn || list_empty(&pcp->lists[pindex]))
			pindex = next_list(pcp, pindex, &turn);
		nr_pages = free_coldest(zone, pcp, pindex, turn, count);
		turn -= nr_pages >> pindex_to_order(pindex);
		count -= (int)nr_pages;
	}
	spin_unlock(&zone->lock);
}

void pcp_spill(struct zone *zone, struct per_cpu_pages *pcp)
{
	free_pcppages_bulk(zone, READ_ONCE(pcp->batch), pcp);
	__count_vm_event(PCPSPILL);
}

void free_pcplist(struct zone *zone, struct page *page, unsigned int order, bool cold)
{
	enum migratetype migratetype;
	struct per_cpu_pages *pcp;
	unsigned int pindex;
	unsigned long flags;

	local_irq_save(flags);
	migratetype = get_zone_migratetype(zone, page);
	if (unlikely(is_migrate_isolate(migratetype))) {
		free_one_page(zone, page, order);
		local_irq_restore(flags);
		return;
	}
	pindex = order_to_pindex(min_t(enum migratetype, migratetype, MIGRATE_MOVABLE), order);
	pcp = &this_cpu_ptr(zone->pageset)->pcp;
	if (pcp_put(pcp, page, pindex, order))
		pcp_spill(zone, pcp);
	else if (cold)
		list_move_tail(&page->lru, &pcp->lists[pindex]);
	local_irq_restore(flags);
}

/* --- Draining --- */

void drain_pages(unsigned int cpu)
{
	unsigned long flags;
	struct zone *zone;

	for_each_populated_zone(zone) {
		struct per_cpu_pages *pcp = &per_cpu_ptr(zone->pageset, cpu)->pcp;

		local_irq_save(flags);
		if (pcp->count) {
			free_pcppages_bulk(zone, pcp->count, pcp);
			__count_vm_event(PCPDRAIN);
		}
		local_irq_restore(flags);
	}
}

void drain_local_pages(void *unused)
{
	unsigned long flags;

	(void)unused;
	local_irq_save(flags);
	drain_pages(smp_processor_id());
	local_irq_restore(flags);
}

static bool cpu_has_pages(unsigned int cpu)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		if (READ_ONCE(per_cpu_ptr(zone->pageset, cpu)->pcp.count))
			return true;
	return false;
}

void drain_all_pages(void)
{
	struct cpumask cpus_with_pages = { 0 };
	unsigned int cpu;

	VM_BUG_ON(irqs_disabled() && num_online_cpus() > 1, "another CPU may wait for this one");
	for_each_online_cpu(cpu)
		if (cpu_has_pages(cpu))
			cpumask_set_cpu(cpu, &cpus_with_pages);
	on_each_cpu_mask(&cpus_with_pages, drain_local_pages, NULL, true);
}

/* --- Looking --- */

unsigned long nr_pcp_pages(void)
{
	unsigned long sum = 0;
	struct zone *zone;
	unsigned int cpu;

	for_each_populated_zone(zone)
		for_each_possible_cpu(cpu)
			sum += READ_ONCE(per_cpu_ptr(zone->pageset, cpu)->pcp.count);
	return sum;
}

bool is_pcp_list_head(const struct zone *zone, const struct list_head *link)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		const struct per_cpu_pages *pcp = &per_cpu_ptr(zone->pageset, cpu)->pcp;

		if (link >= pcp->lists && link < pcp->lists + NR_PCP_LISTS)
			return true;
	}
	return false;
}
