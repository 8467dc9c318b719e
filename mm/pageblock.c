// SPDX-License-Identifier: MIT
/*
 * Grouping pages by mobility: which free list a request is served from, and what happens when that
 * list is empty.
 *
 * All memory begins as MOVABLE. A request of another type finds its own lists empty and takes a
 * block from another type (__rmqueue_fallback): the largest there is, so that the next ones of its
 * kind come from the same place and the damage stays small. When most of that pageblock is free,
 * the pageblock itself changes its type with it, and pages freed there later come back to the new
 * type's lists:
 *
 *    wanted:  UNMOVABLE, order 0                    free lists, before       after
 *                                                   MOVABLE      10          -
 *    pageblock 7 of MOVABLE, all free               UNMOVABLE    -           0 1 2 ... 9
 *             |
 *             +-> becomes UNMOVABLE
 *
 * M1. Every pageblock has one type, one of those in enum migratetype.
 * M2. A free block's list need not be that of its pageblock: a type borrows what is too little to
 *     claim.
 * M3. CMA pageblocks keep their type, and serve MOVABLE requests only; RESERVE serves all when
 *     nothing else does; ISOLATE serves none.
 * M4. Without grouping (page_group_by_mobility_disabled) no pageblock is RECLAIMABLE, MOVABLE or
 *     RESERVE, and nothing is on these lists: the UNMOVABLE lists serve all.
 *
 * What a request does whose own lists have no exact fit is a policy, `fallback=':
 *
 *    split         halve a larger block of its own type; of another type only if there is none
 *    steal-exact   take an exact fit from another type, if one has it; else as split
 *    nogroup       no types: M4
 *
 * The first is Linux's, and what the hot path is built for: the second is a NOP there while it is
 * not chosen, and the third nothing at all, because it begins where own lists are found empty.
 * docs/fragmentation.md compares the three.
 *
 * Called by mm/page_alloc.c and mm/pcp.c with zone->lock held. As mm/page_alloc.c of Linux 3.10 has
 * it. Differs from Linux in M4: there every request is given the type UNMOVABLE when it comes in,
 * and pageblocks follow one by one.
 */
#define pr_fmt(fmt) "pageblock: " fmt
#include <kernel/bug.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/buddy.h>
#include <mm/pageblock.h>
#include <mm/vmstat.h>

/* More reserves than this would be kept for nobody: each serves any short-lived request. */
#define MAX_RESERVE_BLOCKS	2ul

const char *const migratetype_names[MIGRATE_TYPES] = {
	[MIGRATE_UNMOVABLE] = "Unmovable",
	[MIGRATE_RECLAIMABLE] = "Reclaimable",
	[MIGRATE_MOVABLE] = "Movable",
	[MIGRATE_RESERVE] = "Reserve",
	[MIGRATE_CMA] = "CMA",
	[MIGRATE_ISOLATE] = "Isolate",
};

const char migratetype_letters[MIGRATE_TYPES] = {
	[MIGRATE_UNMOVABLE] = 'U',
	[MIGRATE_RECLAIMABLE] = 'E',
	[MIGRATE_MOVABLE] = 'M',
	[MIGRATE_RESERVE] = 'R',
	[MIGRATE_CMA] = 'C',
	[MIGRATE_ISOLATE] = 'I',
};

/*
 * Whom a type borrows from, in this order, up to MIGRATE_RESERVE, which __rmqueue_other() asks
 * itself.
 */
static const u8 fallbacks[MIGRATE_TYPES][4] = {
	[MIGRATE_UNMOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE, MIGRATE_RESERVE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, MIGRATE_RESERVE },
	[MIGRATE_MOVABLE] = { MIGRATE_CMA, MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE,
			      MIGRATE_RESERVE },
	[MIGRATE_RESERVE] = { MIGRATE_RESERVE },
	[MIGRATE_CMA] = { MIGRATE_RESERVE },
	[MIGRATE_ISOLATE] = { MIGRATE_RESERVE },
};

/* --- Policies --- */

bool page_group_by_mobility_disabled;
enum fallback_policy fallback_policy = FALLBACK_SPLIT;
DEFINE_STATIC_KEY_FALSE(steal_exact_key);

const char *const fallback_policy_names[NR_FALLBACK_POLICIES] = {
	[FALLBACK_SPLIT] = "split",
	[FALLBACK_STEAL_EXACT] = "steal-exact",
	[FALLBACK_NOGROUP] = "nogroup",
};

static int __init setup_fallback_policy(char *value)
{
	unsigned int policy;

	for (policy = 0; policy < NR_FALLBACK_POLICIES; policy++)
		if (strcmp(value, fallback_policy_names[policy]) == 0)
			break;
	if (policy == NR_FALLBACK_POLICIES) {
		pr_err("the policy '%s' is neither split, steal-exact nor nogroup\n", value);
		return -EINVAL;
	}
	fallback_policy = policy;
	if (policy == FALLBACK_STEAL_EXACT)
		static_branch_enable(&steal_exact_key);
	return 0;
}
early_param("fallback=", setup_fallback_policy);

/* M4, for memory that is not handed over yet. */
static void __init ungroup_zone(struct zone *zone)
{
	unsigned long pfn;

	for_each_pageblock(pfn, zone)
		set_pageblock_migratetype(pfn_to_page(pfn), MIGRATE_UNMOVABLE);
}

void __init set_mobility_grouping(unsigned long vm_total_pages)
{
	struct zone *zone;

	page_group_by_mobility_disabled = fallback_policy == FALLBACK_NOGROUP ||
					  vm_total_pages < pageblock_nr_pages * MIGRATE_TYPES;
	if (!page_group_by_mobility_disabled)
		return;
	for_each_populated_zone(zone) {
		VM_BUG_ON(zone->managed_pages, "zone %s has %lu pages", zone_name(zone),
			  zone->managed_pages);
		ungroup_zone(zone);
	}
}

/* --- Types of pageblocks --- */

static void set_pfnblock_migratetype(struct zone *zone, unsigned long pfn,
				     enum migratetype migratetype)
{
	VM_BUG_ON(migratetype >= MIGRATE_TYPES, "type %u", migratetype);
	VM_BUG_ON(!zone_spans_pfn(zone, pfn), "pfn %lx, zone %s", pfn, zone_name(zone));
	zone->pageblock_flags[pfn_to_pageblock(pfn)] = grouped_type(migratetype);
}

void set_pageblock_migratetype(struct page *page, enum migratetype migratetype)
{
	set_pfnblock_migratetype(page_zone(page), page_to_pfn(page), migratetype);
}

/*
 * Move the free blocks that begin in @start_pfn .. @end_pfn - 1, pages of one pageblock. Return:
 * how many pages that were. Blocks count in nr_free unless they are isolated (B5 of mm/buddy.c).
 */
static unsigned int move_freepages(struct zone *zone, unsigned long start_pfn,
				   unsigned long end_pfn, enum migratetype migratetype)
{
	bool were_isolated = is_migrate_isolate(get_pfnblock_migratetype(zone, start_pfn));
	unsigned long gained = were_isolated - is_migrate_isolate(migratetype);
	unsigned int nr_moved = 0;
	unsigned long pfn = start_pfn;

	while (pfn < end_pfn) {
		struct page *page = pfn_to_page(pfn);
		unsigned int order;

		if (!PageBuddy(page)) {
			pfn++;
			continue;
		}
		order = page_order(page);
		list_move(&page->lru, &zone->free_area[order].free_list[migratetype]);
		zone->free_area[order].nr_free += gained;
		nr_moved += 1U << order;
		pfn += 1UL << order;
	}
	return nr_moved;
}

unsigned int move_freepages_block(struct zone *zone, struct page *page,
				  enum migratetype migratetype)
{
	unsigned long first = round_down(page_to_pfn(page), pageblock_nr_pages);
	unsigned long start_pfn = max(first, zone->zone_start_pfn);
	unsigned long end_pfn = min(first + pageblock_nr_pages, zone_end_pfn(zone));

	VM_BUG_ON(migratetype >= MIGRATE_TYPES, "type %u", migratetype);
	assert_spin_locked(&zone->lock);
	VM_BUG_ON(page_zone(page) != zone, "pfn %lx, zone %s", page_to_pfn(page), zone_name(zone));
	return move_freepages(zone, start_pfn, end_pfn, grouped_type(migratetype));
}

/* --- Claiming --- */

/*
 * Is a block of @order worth its whole pageblock? A large one is; and reclaimable pages are freed
 * in such numbers that they had better be together.
 */
static bool should_claim(unsigned int order, enum migratetype start_type)
{
	return order >= pageblock_order / 2 || start_type == MIGRATE_RECLAIMABLE;
}

/*
 * @start_type wants the free block (@page, @order), which is on a list of type @from. If it is
 * worth it, the rest of its pageblock's free pages comes along; and if those are half of the
 * pageblock, so does the pageblock. Return: the type whose list gets what is left of the block.
 */
static enum migratetype try_to_steal_freepages(struct zone *zone, struct page *page,
					       unsigned int order, enum migratetype start_type,
					       enum migratetype from)
{
	if (is_migrate_cma(from))
		return from;
	if (!should_claim(order, start_type))
		return start_type;
	if (move_freepages_block(zone, page, start_type) >= pageblock_nr_pages / 2) {
		set_pfnblock_migratetype(zone, page_to_pfn(page), start_type);
		__count_vm_event(FALLBACK_CLAIM);
	}
	return start_type;
}

/* --- Other types' blocks --- */

/*
 * The first free block of just @order on the lists that @start_type may borrow from, in its order;
 * and whose list that is.
 */
static struct page *find_fallback(struct zone *zone, unsigned int order,
				  enum migratetype start_type, enum migratetype *from)
{
	const struct free_area *area = &zone->free_area[order];
	unsigned int i;

	for (i = 0; fallbacks[start_type][i] != MIGRATE_RESERVE; i++) {
		*from = fallbacks[start_type][i];
		if (!list_empty(&area->free_list[*from]))
			return list_first_entry(&area->free_list[*from], struct page, lru);
	}
	return NULL;
}

/* Take a block of @order from the one that find_fallback() has found. */
static struct page *steal_block(struct zone *zone, struct page *page, unsigned int order,
				enum migratetype start_type, enum migratetype from)
{
	from = try_to_steal_freepages(zone, page, page_order(page), start_type, from);
	__count_vm_event(FALLBACK);
	return __rmqueue_block(zone, page, order, from);
}

/* From the largest block there is, of @order or more. */
static struct page *__rmqueue_fallback(struct zone *zone, unsigned int order,
				       enum migratetype start_type)
{
	unsigned int current_order;
	enum migratetype from;

	for (current_order = MAX_ORDER; current_order-- > order;) {
		struct page *page = find_fallback(zone, current_order, start_type, &from);

		if (page)
			return steal_block(zone, page, order, start_type, from);
	}
	return NULL;
}

struct page *__rmqueue_other(struct zone *zone, unsigned int order, enum migratetype migratetype)
{
	struct page *page = NULL;

	assert_spin_locked(&zone->lock);
	if (page_group_by_mobility_disabled)
		page = __rmqueue_smallest(zone, order, MIGRATE_UNMOVABLE);
	if (!page)
		page = __rmqueue_fallback(zone, order, migratetype);
	if (!page && migratetype != MIGRATE_RESERVE)
		page = __rmqueue_smallest(zone, order, MIGRATE_RESERVE);
	return page;
}

struct page *__rmqueue_exact(struct zone *zone, unsigned int order, enum migratetype migratetype)
{
	struct list_head *own = &zone->free_area[order].free_list[migratetype];
	enum migratetype from;
	struct page *page;

	assert_spin_locked(&zone->lock);
	if (page_group_by_mobility_disabled)
		return NULL;
	if (!list_empty(own))
		return __rmqueue_block(zone, list_first_entry(own, struct page, lru), order,
				       migratetype);
	page = find_fallback(zone, order, migratetype, &from);
	return page ? steal_block(zone, page, order, migratetype, from) : NULL;
}

/* --- Reserves --- */

/*
 * Is a page of the zone's pageblock at @pfn reserved for good, or a hole? Then it never is one
 * block.
 */
static bool pageblock_is_reserved(const struct zone *zone, unsigned long pfn)
{
	unsigned long end_pfn = min(pfn + pageblock_nr_pages, zone_end_pfn(zone));

	while (pfn < end_pfn) {
		const struct page *page = pfn_to_page(pfn);

		if (PageReserved(page))
			return true;
		pfn += PageBuddy(page) ? 1UL << page_order(page) : 1;
	}
	return false;
}

static void retype_pageblock(struct zone *zone, struct page *page, enum migratetype migratetype)
{
	move_freepages_block(zone, page, migratetype);
	set_pageblock_migratetype(page, migratetype);
}

/*
 * Make a reserve of the pageblock at @pfn, if one is wanted, or of a reserve none. Return: is it
 * one?
 */
static bool decide_reserve(struct zone *zone, unsigned long pfn, bool wanted)
{
	enum migratetype migratetype = get_pfnblock_migratetype(zone, pfn);
	bool is_reserve = migratetype == MIGRATE_RESERVE;

	if (!is_reserve && !(wanted && migratetype == MIGRATE_MOVABLE))
		return false;
	wanted = wanted && !pageblock_is_reserved(zone, pfn);
	if (wanted != is_reserve)
		retype_pageblock(zone, pfn_to_page(pfn),
				 wanted ? MIGRATE_RESERVE : MIGRATE_MOVABLE);
	return wanted;
}

void setup_zone_migrate_reserve(struct zone *zone)
{
	unsigned long wanted = min(DIV_ROUND_UP(min_wmark_pages(zone), pageblock_nr_pages),
				   MAX_RESERVE_BLOCKS);
	unsigned long flags, pfn;

	spin_lock_irqsave(&zone->lock, flags);
	for (pfn = round_up(zone->zone_start_pfn, pageblock_nr_pages); pfn < zone_end_pfn(zone);
	     pfn += pageblock_nr_pages)
		wanted -= decide_reserve(zone, pfn, wanted > 0);
	spin_unlock_irqrestore(&zone->lock, flags);
}
