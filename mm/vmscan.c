// SPDX-License-Identifier: MIT
/*
 * Reclaim. See vmscan.h for who calls what.
 *
 *    priority   12          11          10     ...     0
 *    due        1/4096      1/2048      1/1024         all
 *
 * Light pressure asks every cache for a little; only if that was not enough, for more. A round
 * ends the turn when SWAP_CLUSTER_MAX pages came of it.
 *
 * R1. While a thread frees memory it has PF_MEMALLOC, and so never comes here from within.
 * R2. Progress is counted in pages that were freed, not in objects: a thousand objects that leave no
 *     page empty are none.
 * R3. What kswapd is asked for, kswapd_max_order and classzone_idx of its node, changes under the
 *     lock of kswapd_wait; requests add to it until kswapd takes it over as a whole.
 *
 * What shrinkers free may first lie on this CPU's lists (pcp.h), where no watermark counts it: they
 * are drained after each turn.
 *
 * Shrinkers do not know zones. So what "is there" is taken to be the managed pages of the zones in
 * question, and kswapd asks once in a round, not for each zone that is out of balance.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/hardirq.h>
#include <kernel/sched.h>
#include <mm/pcp.h>
#include <mm/shrinker.h>
#include <mm/vmscan.h>
#include <mm/vmstat.h>
#include <mm/watermark.h>

struct scan_control {
	gfp_t gfp_mask;
	int priority;
	unsigned long lru_pages;	/* pages of the zones in question */
	unsigned long nr_reclaimed;
};

/* Threads that are in a turn at this moment. */
static atomic_t nr_reclaimers;

void (*kswapd_waker)(pg_data_t *pgdat);

void mm_account_reclaimed_pages(unsigned long nr_pages)
{
	if (current->reclaim_state)
		current->reclaim_state->reclaimed_slab += nr_pages;
}

/* --- A turn --- */

/* One round, at sc->priority. Adds to sc->nr_reclaimed. */
static void shrink_round(struct scan_control *sc)
{
	struct shrink_control shrink = { .gfp_mask = sc->gfp_mask };
	struct reclaim_state *reclaim_state = current->reclaim_state;

	shrink_slab(&shrink, sc->lru_pages >> sc->priority, sc->lru_pages);
	sc->nr_reclaimed += reclaim_state->reclaimed_slab;
	count_vm_events(current_is_kswapd() ? PGSTEAL_KSWAPD : PGSTEAL_DIRECT,
			reclaim_state->reclaimed_slab);
	reclaim_state->reclaimed_slab = 0;
}

/* Rounds of growing priority, until enough is freed. */
static void shrink_by_priority(struct scan_control *sc)
{
	for (sc->priority = DEF_PRIORITY; sc->priority >= 0; sc->priority--) {
		shrink_round(sc);
		if (sc->nr_reclaimed >= SWAP_CLUSTER_MAX)
			break;
	}
}

/* R1: one turn, as one who frees memory. kswapd is that all the time. */
static void shrink_as_memalloc(struct scan_control *sc)
{
	struct reclaim_state reclaim_state = { 0 };
	struct task_struct *task = current;
	unsigned int was_memalloc = task->flags & PF_MEMALLOC;

	BUG_ON(task->reclaim_state, "%s is in reclaim already", task->comm);
	BUG_ON(in_interrupt(), "reclaim in an interrupt");
	task->flags |= PF_MEMALLOC;
	task->reclaim_state = &reclaim_state;
	atomic_inc(&nr_reclaimers);
	shrink_by_priority(sc);
	atomic_dec(&nr_reclaimers);
	task->reclaim_state = NULL;
	task->flags = (task->flags & ~PF_MEMALLOC) | was_memalloc;
}

bool reclaim_is_running(void)
{
	return atomic_read(&nr_reclaimers) > 0;
}

unsigned long nr_reclaimed_ever(void)
{
	unsigned long events[NR_VM_EVENT_ITEMS];

	all_vm_events(events);
	return events[PGSTEAL_KSWAPD] + events[PGSTEAL_DIRECT];
}

/* --- Direct reclaim --- */

unsigned long try_to_free_pages(const struct zonelist *zonelist, unsigned int order,
				gfp_t gfp_mask)
{
	struct scan_control sc = { .gfp_mask = gfp_mask };
	const struct zoneref *z;
	struct zone *zone;

	VM_BUG_ON(order >= MAX_ORDER, "order %u", order);
	VM_BUG_ON(!(gfp_mask & __GFP_WAIT), "gfp 0x%x does not wait", gfp_mask);
	VM_BUG_ON(current->flags & PF_MEMALLOC, "R1: %s frees memory already", current->comm);
	for_each_zone_zonelist(zone, z, zonelist, gfp_high_zoneidx(gfp_mask))
		sc.lru_pages += zone->managed_pages;
	count_vm_event(ALLOCSTALL);
	shrink_as_memalloc(&sc);
	return sc.nr_reclaimed;
}

/* --- What kswapd is asked for --- */

/* R3: a request of @order that means zone @classzone_idx first. */
static void ask_kswapd(pg_data_t *pgdat, int order, enum zone_type classzone_idx)
{
	unsigned long flags;

	spin_lock_irqsave(&pgdat->kswapd_wait.lock, flags);
	pgdat->kswapd_max_order = max(pgdat->kswapd_max_order, order);
	pgdat->classzone_idx = min(pgdat->classzone_idx, classzone_idx);
	spin_unlock_irqrestore(&pgdat->kswapd_wait.lock, flags);
}

void wakeup_kswapd(struct zone *zone, unsigned int order, enum zone_type classzone_idx)
{
	VM_BUG_ON(order >= MAX_ORDER || classzone_idx >= MAX_NR_ZONES, "order %u, zone %d", order,
		  classzone_idx);
	if (!zone->managed_pages || zone_watermark_ok(zone, order, low_wmark_pages(zone), ZONE_DMA, 0))
		return;
	ask_kswapd(zone->zone_pgdat, (int)order, classzone_idx);
	if (kswapd_waker && !bug(KSWAPD_ASLEEP))
		kswapd_waker(zone->zone_pgdat);
}

unsigned int kswapd_take_request(pg_data_t *pgdat, enum zone_type *classzone_idx)
{
	enum zone_type highest = (enum zone_type)(pgdat->nr_zones - 1);
	unsigned long flags;
	unsigned int order;

	spin_lock_irqsave(&pgdat->kswapd_wait.lock, flags);
	order = (unsigned int)pgdat->kswapd_max_order;
	*classzone_idx = min(pgdat->classzone_idx, highest);
	pgdat->kswapd_max_order = 0;
	WRITE_ONCE(pgdat->classzone_idx, MAX_NR_ZONES);
	spin_unlock_irqrestore(&pgdat->kswapd_wait.lock, flags);
	return order;
}

/* --- Balance --- */

static bool zone_balanced(const struct zone *zone, unsigned int order, enum zone_type classzone_idx)
{
	return zone_watermark_ok(zone, order, high_wmark_pages(zone), classzone_idx, 0);
}

bool pgdat_balanced(pg_data_t *pgdat, unsigned int order, enum zone_type classzone_idx)
{
	unsigned long managed = 0, balanced = 0;
	enum zone_type idx;

	VM_BUG_ON(order >= MAX_ORDER || classzone_idx >= MAX_NR_ZONES, "order %u, zone %d", order,
		  classzone_idx);
	for (idx = 0; idx <= classzone_idx; idx++) {
		const struct zone *zone = &pgdat->node_zones[idx];

		if (!zone->managed_pages)
			continue;
		managed += zone->managed_pages;
		if (zone_balanced(zone, order, idx))
			balanced += zone->managed_pages;
		else if (order == 0)
			return false;
	}
	return order == 0 || balanced >= managed / 4;
}

/* The highest zone that is out of balance; -1 if all are balanced. */
static int find_end_zone(pg_data_t *pgdat, unsigned int order)
{
	int idx;

	for (idx = pgdat->nr_zones - 1; idx >= 0; idx--)
		if (pgdat->node_zones[idx].managed_pages &&
		    !zone_balanced(&pgdat->node_zones[idx], order, ZONE_DMA))
			break;
	return idx;
}

static unsigned long managed_up_to(const pg_data_t *pgdat, int end_zone)
{
	unsigned long nr_pages = 0;

	for (; end_zone >= 0; end_zone--)
		nr_pages += pgdat->node_zones[end_zone].managed_pages;
	return nr_pages;
}

/* One turn for the zones up to @end_zone. Return: was anything worth while freed? */
static bool kswapd_shrink(pg_data_t *pgdat, int end_zone)
{
	struct scan_control sc = {
		.gfp_mask = GFP_KERNEL,
		.lru_pages = managed_up_to(pgdat, end_zone),
	};

	shrink_as_memalloc(&sc);
	drain_local_pages(NULL);
	return sc.nr_reclaimed >= SWAP_CLUSTER_MAX;
}

unsigned int balance_pgdat(pg_data_t *pgdat, unsigned int order, enum zone_type *classzone_idx)
{
	enum zone_type wanted = *classzone_idx;
	int end_zone;

	BUG_ON(wanted >= MAX_NR_ZONES || order >= MAX_ORDER, "zone %d, order %u", wanted, order);
	count_vm_event(PAGEOUTRUN);
	while (!pgdat_balanced(pgdat, order, wanted)) {
		end_zone = max(find_end_zone(pgdat, order), 0);
		*classzone_idx = (enum zone_type)end_zone;
		if (kswapd_shrink(pgdat, end_zone))
			continue;
		if (order == 0)
			break;
		order = 0;
	}
	return order;
}
