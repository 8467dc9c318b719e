// SPDX-License-Identifier: MIT
/*
 * kswapd on the board: who wakes it, what it does then, and when it sleeps again. Each test is about
 * the lowest zone of each node in turn, since requests for that can fall back to nothing.
 */
#include <kernel/cpumask.h>
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/timer.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/vmscan.h>
#include <mm/vmstat.h>
#include <mm/watermark.h>
#include <test.h>
#include "scarce.h"
#include "together.h"

TEST_SUITE("kswapd");

#define SPARE_PAGES	256	/* in the cache, beyond what kswapd must free */
#define NR_WAKE_UPS	200

static struct test_cache cache;

static bool all_idle(void)
{
	pg_data_t *pgdat;

	for_each_online_pgdat(pgdat)
		if (!kswapd_is_idle(pgdat))
			return false;
	return true;
}

static unsigned long nr_free_in(const struct zone *zone)
{
	return zone_page_state(zone, NR_FREE_PAGES);
}

/* What brings @zone from low to high, and more. */
static unsigned int cache_pages(const struct zone *zone)
{
	return high_wmark_pages(zone) - low_wmark_pages(zone) + SPARE_PAGES;
}

/* Are its lines so low, or so high, that there is nothing in between to show? */
static bool has_no_room(const struct zone *zone)
{
	return low_wmark_pages(zone) < 16 ||
	       zone->managed_pages < high_wmark_pages(zone) + 2 * cache_pages(zone);
}

/* Run @check on the lowest zone of each node that has pages enough. */
static void for_each_node_zone(void (*check)(struct zone *zone))
{
	pg_data_t *pgdat;

	for_each_online_pgdat(pgdat) {
		struct zone *zone = lowest_zone_of(pgdat);

		if (has_no_room(zone))
			test_note("node %d: %lu pages, low is %lu", pgdat->node_id,
				  zone->managed_pages, low_wmark_pages(zone));
		else
			check(zone);
		EXPECT(eventually(all_idle()));
	}
}

TEST("each node has a kswapd, which sleeps while there is nothing to do")
{
	char name[TASK_COMM_LEN];
	pg_data_t *pgdat;

	for_each_online_pgdat(pgdat) {
		ASSERT(pgdat->kswapd);
		snprintf(name, sizeof(name), "kswapd%d", pgdat->node_id);
		EXPECT_EQ(strcmp(pgdat->kswapd->comm, name), 0);
		EXPECT(eventually(kswapd_is_idle(pgdat) && !pgdat->kswapd->on_rq));
		EXPECT_EQ(pgdat->kswapd->state, TASK_INTERRUPTIBLE);
		EXPECT_EQ(pgdat->kswapd->flags & (PF_KSWAPD | PF_MEMALLOC), PF_KSWAPD | PF_MEMALLOC);
	}
}

/* --- Balance --- */

/* Run @body while @zone has @leave free pages, and there is a cache: the only one that has anything to give back. */
static void while_scarce(struct zone *zone, unsigned long leave, void (*body)(struct zone *zone))
{
	HOG(hog);

	empty_all_caches();
	if (EXPECT(cache_fill(&cache, zone, cache_pages(zone))) && EXPECT(hog_zone(&hog, zone, leave)))
		body(zone);
	cache_release(&cache);
	hog_release(&hog);
}

static void while_at_low(struct zone *zone, void (*body)(struct zone *zone))
{
	while_scarce(zone, low_wmark_pages(zone), body);
}

/* A request that finds @zone at its low watermark. */
static struct page *ask_below_low(struct zone *zone)
{
	return alloc_pages_node(zone_to_nid(zone), zone_gfp(zone), 0);
}

/*
 * The node is balanced, as kswapd left it. The request that woke it may have taken its page, and others for its
 * CPU's list, only after that.
 */
static void give_back_and_check(struct zone *zone, struct page *page)
{
	__free_page(page);
	drain_all_pages();
	EXPECT(pgdat_balanced(zone->zone_pgdat, 0, zone_idx(zone)));
	EXPECT(nr_free_in(zone) > high_wmark_pages(zone));
}

static void ask_and_be_served(struct zone *zone)
{
	pg_data_t *pgdat = zone->zone_pgdat;
	struct page *page;

	EXPECT(all_idle());
	EXPECT_EQ(cache.nr_asked, 0);
	page = ask_below_low(zone);
	ASSERT(page);
	EXPECT(eventually(cache.nr_by_kswapd && kswapd_is_idle(pgdat)));
	EXPECT(cache.last == pgdat->kswapd);
	EXPECT_EQ(cache.nr_by_others, 0);
	give_back_and_check(zone, page);
}

static void check_balances(struct zone *zone)
{
	while_at_low(zone, ask_and_be_served);
}

TEST("below low a node's own kswapd is woken, and frees until the node is above high")
{
	for_each_node_zone(check_balances);
}

static void ask_and_wake_nobody(struct zone *zone)
{
	struct page *page = ask_below_low(zone);

	ASSERT(page);
	EXPECT(all_idle());
	EXPECT_EQ(cache.nr_asked, 0);
	__free_page(page);
}

static void check_no_need(struct zone *zone)
{
	while_scarce(zone, low_wmark_pages(zone) + zone_batchsize(zone) + 2, ask_and_wake_nobody);
}

TEST("above low kswapd sleeps on, though the zone is below high")
{
	for_each_node_zone(check_no_need);
}

static void ask_in_vain(struct zone *zone)
{
	pg_data_t *pgdat = zone->zone_pgdat;
	unsigned long nr_asked;

	cache.stingy = true;
	wakeup_kswapd(zone, 0, zone_idx(zone));
	EXPECT(eventually(cache.nr_asked && kswapd_is_idle(pgdat)));
	EXPECT(!pgdat_balanced(pgdat, 0, zone_idx(zone)));
	nr_asked = cache.nr_asked;
	schedule_timeout_uninterruptible(3);
	EXPECT_EQ(cache.nr_asked, nr_asked);
	/* Q2: and there is something to be had the next time. */
	cache.stingy = false;
	wakeup_kswapd(zone, 0, zone_idx(zone));
	EXPECT(eventually(kswapd_is_idle(pgdat)));
	EXPECT(pgdat_balanced(pgdat, 0, zone_idx(zone)));
}

static void check_gives_up(struct zone *zone)
{
	while_at_low(zone, ask_in_vain);
}

TEST("kswapd gives up and sleeps when no cache gives anything, and tries again when it is asked again")
{
	for_each_node_zone(check_gives_up);
}

static void ask_for_order(struct zone *zone)
{
	cache.stingy = true;
	preempt_disable();
	wakeup_kswapd(zone, 3, zone_idx(zone));
	wakeup_kswapd(zone, 1, zone_idx(zone));
	preempt_enable();
	EXPECT(eventually(cache.nr_drops && kswapd_is_idle(zone->zone_pgdat)));
	EXPECT_EQ(cache.last_gfp, GFP_KERNEL);
	/* In vain for order 3, then for order 0: at least two turns of all priorities. */
	EXPECT(cache.nr_asked >= 2 * (DEF_PRIORITY + 1));
}

static void check_order(struct zone *zone)
{
	while_at_low(zone, ask_for_order);
}

TEST("what cannot be had in large blocks, kswapd tries to have in single pages")
{
	for_each_node_zone(check_order);
}

/* --- Waking --- */

static void spin_for(unsigned int rounds)
{
	for (unsigned int i = 0; i < rounds; i++)
		barrier();
}

/* How often kswapd has begun to work. */
static unsigned long nr_attempts(void)
{
	unsigned long events[NR_VM_EVENT_ITEMS];

	all_vm_events(events);
	return events[PAGEOUTRUN];
}

/* Q1: at whatever point of its work for the first request kswapd is, the second makes it begin again. */
static void wake_again_and_again(struct zone *zone)
{
	cache.stingy = true;
	for (unsigned int i = 0; i < test_repeats(NR_WAKE_UPS); i++) {
		unsigned long before;

		wakeup_kswapd(zone, 0, zone_idx(zone));
		spin_for(test_random_below(20000));
		before = nr_attempts();
		wakeup_kswapd(zone, 0, zone_idx(zone));
		ASSERT(eventually(nr_attempts() != before && kswapd_is_idle(zone->zone_pgdat)));
	}
}

/* The same with kswapd in the middle of it, for certain. */
static void wake_while_it_works(struct zone *zone)
{
	unsigned long before;

	cache.stingy = true;
	cache.closed = true;
	wakeup_kswapd(zone, 0, zone_idx(zone));
	EXPECT(eventually(READ_ONCE(cache.nr_drops)));
	before = nr_attempts();
	EXPECT(!kswapd_is_idle(zone->zone_pgdat));
	wakeup_kswapd(zone, 0, zone_idx(zone));
	cache.closed = false;
	EXPECT(eventually(nr_attempts() != before && kswapd_is_idle(zone->zone_pgdat)));
}

static void check_no_loss(struct zone *zone)
{
	while_at_low(zone, wake_again_and_again);
	while_at_low(zone, wake_while_it_works);
}

TEST("no wake-up is lost, whether kswapd sleeps, works, or is about to sleep")
{
	for_each_node_zone(check_no_loss);
}

static void wake_often(void *info)
{
	struct zone *zone = info;

	for (unsigned int i = 0; i < 50; i++)
		wakeup_kswapd(zone, 0, zone_idx(zone));
}

static void wake_from_all_cpus(struct zone *zone)
{
	run_together(wake_often, zone);
	EXPECT(eventually(cache.nr_by_kswapd && all_idle()));
	EXPECT(pgdat_balanced(zone->zone_pgdat, 0, zone_idx(zone)));
}

static void check_from_everywhere(struct zone *zone)
{
	while_at_low(zone, wake_from_all_cpus);
}

TEST("all CPUs at once wake it, with interrupts masked")
{
	for_each_node_zone(check_from_everywhere);
}

static struct page *page_from_timer;
static bool timer_is_done;

static void ask_from_timer(unsigned long data)
{
	page_from_timer = ask_below_low((struct zone *)data);
	WRITE_ONCE(timer_is_done, true);
}

static void wake_from_timer(struct zone *zone)
{
	struct timer_list timer;

	timer_is_done = false;
	setup_timer(&timer, ask_from_timer, (unsigned long)zone);
	mod_timer(&timer, jiffies + 1);
	EXPECT(eventually(READ_ONCE(timer_is_done)));
	del_timer_sync(&timer);
	ASSERT(page_from_timer);
	EXPECT(eventually(cache.nr_by_kswapd && all_idle()));
	give_back_and_check(zone, page_from_timer);
}

static void check_from_interrupt(struct zone *zone)
{
	while_at_low(zone, wake_from_timer);
}

TEST("a request from an interrupt wakes it")
{
	for_each_node_zone(check_from_interrupt);
}

/* --- Start and end --- */

static void ask_nobody(struct zone *zone)
{
	int nid = zone_to_nid(zone);

	kswapd_stop(nid);
	kswapd_stop(nid);	/* there is none any more */
	EXPECT(!NODE_DATA(nid)->kswapd && kswapd_is_idle(NODE_DATA(nid)));
	wakeup_kswapd(zone, 0, zone_idx(zone));
	schedule_timeout_uninterruptible(1);
	EXPECT_EQ(cache.nr_asked, 0);
	/* What was asked for is still noted. To make a thread may need pages, too. */
	if (kswapd_run(nid))
		EXPECT_EQ(kswapd_run(nid), 0);	/* fail_nth= fails one of them */
	EXPECT(eventually(kswapd_is_idle(NODE_DATA(nid))));
	EXPECT(cache.nr_by_kswapd + cache.nr_by_others > 0);
	EXPECT(pgdat_balanced(NODE_DATA(nid), 0, zone_idx(zone)));
	EXPECT_EQ(kswapd_run(nid), 0);
}

/* The stack of the thread that ends is free, too. */
static void check_restart(struct zone *zone)
{
	while_scarce(zone, low_wmark_pages(zone) - 2 * THREAD_SIZE / PAGE_SIZE, ask_nobody);
}

TEST("a node whose kswapd is stopped does without, and one that is started finds what was asked for")
{
	for_each_node_zone(check_restart);
}
