// SPDX-License-Identifier: MIT
/*
 * What happens when memory is scarce: the steps of the slow path, direct reclaim, what kswapd does, and
 * the report when all was in vain. On machines of buddy_machine.h, with a cache that the tests fill.
 */
#include "host.h"
#include "buddy_machine.h"
#include <asm/irqflags.h>
#include <kernel/jiffies.h>
#include <kernel/ratelimit.h>
#include <kernel/sched.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/shrinker.h>
#include <mm/vmscan.h>
#include <mm/vmstat.h>
#include <mm/watermark.h>

TEST_SUITE("slowpath");

#define GFP_QUIET	(GFP_KERNEL | __GFP_NOWARN)

static struct zone *normal(void)
{
	return &NODE_DATA(0)->node_zones[ZONE_NORMAL];
}

/* --- A cache: pages that can be given back --- */

static LIST_HEAD(cached);
static int nr_cached, nr_cached_first;
static unsigned int nr_calls;		/* of the shrinker, to drop something */
static unsigned long nr_asked;		/* objects that it was asked to drop, in all */
static gfp_t last_gfp;

static int drop_pages(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long nr = sc->nr_to_scan;

	(void)shrinker;
	if (!nr)
		return nr_cached;
	nr_calls++;
	nr_asked += nr;
	last_gfp = sc->gfp_mask;
	for (; nr && nr_cached; nr--, nr_cached--) {
		struct page *page = list_first_entry(&cached, struct page, lru);

		list_del(&page->lru);
		__free_page(page);
		mm_account_reclaimed_pages(1);
	}
	return nr_cached;
}

static struct shrinker cache = { .shrink = drop_pages, .seeks = DEFAULT_SEEKS };

/* Boot 16 MiB with @min pages of reserve; all but the reserve is in the cache, if @with_cache. */
static void boot_full(unsigned long min, bool with_cache)
{
	struct page *page;

	machine_boot(&machines[0]);
	init_per_zone_wmark_min();
	EXPECT_EQ(set_min_free_kbytes(min * 4), 0);
	while ((page = alloc_page(GFP_QUIET))) {
		list_add(&page->lru, &cached);
		nr_cached++;
	}
	EXPECT_EQ(nr_free_pages(), min);
	nr_cached_first = nr_cached;
	if (with_cache)
		register_shrinker(&cache);
	host_log_clear();
}

static unsigned long nr_freed_by_cache(void)
{
	return (unsigned long)(nr_cached_first - nr_cached);
}

/* --- Who frees, and who does not --- */

TEST("a request that waits frees what it needs, and a cluster more")
{
	boot_full(100, true);
	ASSERT(alloc_page(GFP_KERNEL));
	EXPECT(nr_calls > 0);
	EXPECT(nr_free_pages() >= 100 + SWAP_CLUSTER_MAX - 1);
	EXPECT(nr_free_pages() < 100 + 2 * SHRINK_BATCH);
	EXPECT_EQ(last_gfp, GFP_KERNEL);
	EXPECT_EQ(current->flags & PF_MEMALLOC, 0);
	EXPECT(!current->reclaim_state);
	EXPECT(!host_log_has("allocation failure"));
	EXPECT(machine_check());
}

TEST("a request that does not wait frees nothing; nor does one that says so in vain, which is reported")
{
	boot_full(100, true);
	while (alloc_page(GFP_ATOMIC | __GFP_NOWARN))
		;
	local_irq_disable();
	EXPECT(!alloc_page(GFP_QUIET));
	local_irq_enable();
	current_thread_info()->preempt_count += HARDIRQ_OFFSET;
	EXPECT(!alloc_page(GFP_QUIET));
	current_thread_info()->preempt_count -= HARDIRQ_OFFSET;
	EXPECT_EQ(host_take_warnings(), 2);	/* "invalid context" */
	current->flags |= PF_MEMALLOC;
	EXPECT(!alloc_page(GFP_QUIET | __GFP_NOMEMALLOC));
	current->flags &= ~PF_MEMALLOC;
	EXPECT_EQ(nr_calls, 0);
	EXPECT(alloc_page(GFP_QUIET));
	EXPECT(nr_calls > 0);
}

TEST("GFP_THISNODE and GFP_THISNODE alone gives up without freeing, or taking from the reserves")
{
	boot_full(100, true);
	EXPECT(!alloc_page(GFP_KERNEL | GFP_THISNODE | __GFP_MEMALLOC));
	EXPECT_EQ(nr_calls, 0);
	EXPECT_EQ(nr_free_pages(), 100);
	EXPECT(alloc_page(GFP_KERNEL | __GFP_THISNODE));
	EXPECT(nr_calls > 0);
}

/* A shrinker that needs memory to free memory. */
static struct page *got_inside;
static bool was_memalloc;

static int drop_with_help(struct shrinker *shrinker, struct shrink_control *sc)
{
	if (sc->nr_to_scan && !got_inside) {
		was_memalloc = current->flags & PF_MEMALLOC;
		got_inside = alloc_page(GFP_KERNEL);
	}
	return drop_pages(shrinker, sc);
}

TEST("who frees memory may take from the reserves, and does not free from within")
{
	struct shrinker needy = { .shrink = drop_with_help, .seeks = DEFAULT_SEEKS };

	boot_full(100, false);
	register_shrinker(&needy);
	EXPECT(alloc_page(GFP_KERNEL));
	EXPECT(was_memalloc && got_inside);
	EXPECT_EQ(nr_calls, 1);
	unregister_shrinker(&needy);
}

/* Are all pages of the block of @order at @pfn in the cache? */
static bool block_is_cached(unsigned long pfn, unsigned int order)
{
	unsigned int nr = 0;
	struct page *page;

	list_for_each_entry(page, &cached, lru)
		nr += page_to_pfn(page) - pfn < 1UL << order;
	return nr == 1U << order;
}

/* Have the cache give a whole block of @order next, page by page. */
static void give_block_next(unsigned int order)
{
	unsigned long pfn = normal()->zone_start_pfn;
	struct page *page, *next;

	while (!block_is_cached(pfn, order))
		pfn += 1UL << order;
	list_for_each_entry_safe(page, next, &cached, lru)
		if (page_to_pfn(page) - pfn < 1UL << order)
			list_move(&page->lru, &cached);
}

TEST("of a cache that gives little, a small request takes again and again, a large one only with __GFP_REPEAT")
{
	boot_full(100, true);
	cache.batch = 1;
	EXPECT(alloc_pages(GFP_QUIET, 3));
	nr_calls = 0;
	nr_cached_first = nr_cached;
	EXPECT(!alloc_pages(GFP_QUIET, 9));
	EXPECT(nr_calls > 0 && nr_freed_by_cache() < 1 << 8);	/* one round */
	/* As many pages as the block has will be freed: it must be these. */
	give_block_next(9);
	EXPECT(alloc_pages(GFP_QUIET | __GFP_REPEAT, 9));
}

/* Have the cache give @nr pages first that make no block of two. */
static void give_odd_pages_next(unsigned int nr)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &cached, lru)
		if (nr && page_to_pfn(page) % 2) {
			list_move(&page->lru, &cached);
			nr--;
		}
}

TEST("__GFP_NORETRY ends after one round, where others go on until they have what they want")
{
	boot_full(4, true);	/* of which no block of order 3 can be made */
	cache.batch = 1;
	give_block_next(3);
	give_odd_pages_next(200);
	EXPECT(!alloc_pages(GFP_QUIET | __GFP_NORETRY, 3));
	EXPECT(nr_freed_by_cache() > 0 && nr_freed_by_cache() < 200);
	EXPECT(alloc_pages(GFP_QUIET, 3));
	EXPECT(nr_freed_by_cache() >= 208);
}

TEST("reclaim is counted: who had to do it, how many pages came of it, how many objects were asked for")
{
	unsigned long events[NR_VM_EVENT_ITEMS], nr_stalls;
	enum zone_type idx = ZONE_NORMAL;

	boot_full(400, true);
	all_vm_events(events);
	nr_stalls = events[ALLOCSTALL];
	EXPECT(alloc_page(GFP_KERNEL));
	all_vm_events(events);
	EXPECT_EQ(events[ALLOCSTALL], nr_stalls + 1);
	EXPECT_EQ(events[PGSTEAL_DIRECT], nr_freed_by_cache());
	EXPECT_EQ(events[SLABS_SCANNED], nr_asked);
	EXPECT_EQ(nr_reclaimed_ever(), nr_freed_by_cache());
	EXPECT(!reclaim_is_running());
	current->flags |= PF_KSWAPD | PF_MEMALLOC;
	balance_pgdat(NODE_DATA(0), 0, &idx);
	current->flags = 0;
	all_vm_events(events);
	EXPECT_EQ(events[PAGEOUTRUN], 1);
	EXPECT_EQ(events[ALLOCSTALL], nr_stalls + 1);
	EXPECT(events[PGSTEAL_KSWAPD] > 0);
	EXPECT_EQ(events[PGSTEAL_KSWAPD] + events[PGSTEAL_DIRECT], nr_freed_by_cache());
}

/* --- Not failing --- */

static unsigned int nr_waits;

static bool wait_and_give(void)
{
	if (++nr_waits == 3)
		register_shrinker(&cache);
	return true;
}

TEST("__GFP_NOFAIL waits as often as it takes")
{
	boot_full(100, false);
	wait_for_memory = wait_and_give;
	EXPECT(alloc_page(GFP_KERNEL | __GFP_NOFAIL));
	EXPECT_EQ(nr_waits, 3);
}

static bool nobody(void)
{
	return false;
}

TEST("__GFP_NOFAIL is a panic that says who and what, if there is nothing to wait for")
{
	boot_full(100, false);
	HOST_EXPECT_BUG(EXPECT(alloc_page(GFP_KERNEL | __GFP_NOFAIL)));
	EXPECT(host_log_has("Out of memory: ") && host_log_has("must have order 0, mode 0x8d0"));
	EXPECT(host_log_has("Node 0 Normal free:400kB min:400kB"));
	wait_for_memory = nobody;
	HOST_EXPECT_BUG(EXPECT(alloc_page(GFP_KERNEL | __GFP_NOFAIL)));
	wait_for_memory = wait_and_give;
	HOST_EXPECT_BUG(EXPECT(alloc_page(GFP_NOWAIT | __GFP_NOFAIL | __GFP_NOMEMALLOC)));
	EXPECT_EQ(nr_waits, 0);
}

/* --- kswapd --- */

static pg_data_t *woken;
static unsigned int nr_wakes;

static void note_waking(pg_data_t *pgdat)
{
	woken = pgdat;
	nr_wakes++;
}

TEST("kswapd is woken below low, is told the largest order and the lowest zone, and not without need")
{
	pg_data_t *pgdat;
	enum zone_type idx;

	machine_boot(&machines[5]);
	init_per_zone_wmark_min();
	pgdat = NODE_DATA(0);
	kswapd_waker = note_waking;
	EXPECT_EQ(kswapd_take_request(pgdat, &idx), 0);
	EXPECT_EQ(idx, ZONE_MOVABLE);
	while (zone_page_state(normal(), NR_FREE_PAGES) > low_wmark_pages(normal()))
		ASSERT(alloc_page(GFP_KERNEL));
	EXPECT_EQ(nr_wakes, 0);
	while (!nr_wakes)
		ASSERT(alloc_page(GFP_KERNEL));
	EXPECT(woken == pgdat);
	EXPECT(alloc_pages(GFP_DMA | GFP_ATOMIC, 2));
	EXPECT(!alloc_pages(GFP_KERNEL | __GFP_NOWARN, 8));
	EXPECT_EQ(kswapd_take_request(pgdat, &idx), 8);
	EXPECT_EQ(idx, ZONE_NORMAL);
	EXPECT_EQ(kswapd_take_request(pgdat, &idx), 0);
	EXPECT_EQ(idx, ZONE_MOVABLE);
	nr_wakes = 0;
	while (alloc_page(GFP_QUIET | __GFP_NO_KSWAPD))
		;
	EXPECT_EQ(nr_wakes, 0);
	EXPECT(!alloc_page(GFP_QUIET) && nr_wakes > 0);
}

TEST("balance_pgdat() frees until the zones are above high, and no more than it must")
{
	enum zone_type idx = ZONE_NORMAL;

	boot_full(200, true);
	EXPECT(!pgdat_balanced(NODE_DATA(0), 0, ZONE_NORMAL));
	EXPECT_EQ(balance_pgdat(NODE_DATA(0), 0, &idx), 0);
	EXPECT(pgdat_balanced(NODE_DATA(0), 0, ZONE_NORMAL));
	EXPECT(nr_free_pages() > high_wmark_pages(normal()));
	EXPECT(nr_free_pages() <= high_wmark_pages(normal()) + 2 * SHRINK_BATCH);
	nr_calls = 0;
	EXPECT_EQ(balance_pgdat(NODE_DATA(0), 0, &idx), 0);
	EXPECT_EQ(nr_calls, 0);
	EXPECT_EQ(current->flags & PF_MEMALLOC, 0);
}

TEST("balance_pgdat() goes on for large blocks, and ends when nothing more can be freed")
{
	enum zone_type idx = ZONE_NORMAL;

	boot_full(200, true);
	EXPECT_EQ(balance_pgdat(NODE_DATA(0), 7, &idx), 7);
	EXPECT(pgdat_balanced(NODE_DATA(0), 7, ZONE_NORMAL));
	/* With half of the pages gone for good there are no blocks of order 10. */
	while (nr_cached && alloc_page(GFP_QUIET | __GFP_NO_KSWAPD))
		;
	EXPECT_EQ(nr_cached, 0);
	EXPECT_EQ(balance_pgdat(NODE_DATA(0), 10, &idx), 0);
	EXPECT(!pgdat_balanced(NODE_DATA(0), 10, ZONE_NORMAL));
}

TEST("kswapd keeps PF_MEMALLOC, and a fourth of a node in balance is enough for large orders")
{
	enum zone_type idx = ZONE_NORMAL;

	boot_full(200, true);
	current->flags |= PF_MEMALLOC;
	balance_pgdat(NODE_DATA(0), 0, &idx);
	EXPECT(current->flags & PF_MEMALLOC);
	current->flags = 0;
}

TEST("of two zones one in balance is enough for an order above 0, if it is a fourth")
{
	struct zone *dma;

	machine_boot(&machines[5]);
	init_per_zone_wmark_min();
	dma = &NODE_DATA(0)->node_zones[ZONE_DMA];
	normal()->watermark[WMARK_HIGH] = normal()->managed_pages;
	EXPECT(!pgdat_balanced(NODE_DATA(0), 0, ZONE_NORMAL));
	EXPECT_EQ(pgdat_balanced(NODE_DATA(0), 1, ZONE_NORMAL),
		  dma->managed_pages >= (dma->managed_pages + normal()->managed_pages) / 4);
	EXPECT(pgdat_balanced(NODE_DATA(0), 0, ZONE_DMA));
	dma->watermark[WMARK_HIGH] = dma->managed_pages;
	EXPECT(!pgdat_balanced(NODE_DATA(0), 1, ZONE_NORMAL));
}

/* --- Shrinkers --- */

/* A cache of numbers: nothing but counting. */
static int nr_objects, keeps = -2;

static int drop_objects(struct shrinker *shrinker, struct shrink_control *sc)
{
	(void)shrinker;
	if (!sc->nr_to_scan)
		return nr_objects;
	nr_calls++;
	nr_asked += sc->nr_to_scan;
	if (keeps != -2)
		return keeps;
	nr_objects -= min(nr_objects, (int)sc->nr_to_scan);
	return nr_objects;
}

static struct shrinker counter = { .shrink = drop_objects, .seeks = DEFAULT_SEEKS };

static unsigned long shrink(unsigned long nr_scanned, unsigned long lru_pages)
{
	struct shrink_control sc = { .gfp_mask = GFP_KERNEL };

	nr_calls = 0;
	nr_asked = 0;
	return shrink_slab(&sc, nr_scanned, lru_pages);
}

TEST("a shrinker is asked for twice the share that was scanned, in batches, and the rest is remembered")
{
	register_shrinker(&counter);
	nr_objects = 10000;
	EXPECT_EQ(shrink(100, 999), 15 * 128);		/* 2000 are due */
	EXPECT_EQ(nr_calls, 15);
	EXPECT_EQ(atomic_read(&counter.nr_in_batch), 2000 - 15 * 128);
	nr_objects = 10000;
	EXPECT_EQ(shrink(3, 999), 128);			/* 60, and 80 from before */
	EXPECT_EQ(atomic_read(&counter.nr_in_batch), 12);
	counter.batch = 5;
	counter.seeks = 8;
	nr_objects = 10000;
	EXPECT_EQ(shrink(1, 999), 15);			/* 5, and 12 from before */
	EXPECT_EQ(nr_calls, 3);
}

TEST("a shrinker that cannot is not asked twice, and what piles up does not come down at once")
{
	register_shrinker(&counter);
	nr_objects = 1000;
	keeps = -1;
	EXPECT_EQ(shrink(300, 999), 0);
	EXPECT_EQ(nr_calls, 1);
	EXPECT_EQ(atomic_read(&counter.nr_in_batch), 600);
	EXPECT_EQ(shrink(300, 999), 0);
	EXPECT_EQ(atomic_read(&counter.nr_in_batch), 1200);
	/* Light pressure: no more than half of the cache. */
	keeps = -2;
	EXPECT_EQ(shrink(1, 999), 3 * 128);
	/* Never more than twice what there is. */
	nr_objects = 1000;
	keeps = 1000;
	EXPECT_EQ(shrink(100000, 999), 0);
	EXPECT(nr_asked <= 2000);
}

TEST("a cache that is smaller than a batch goes as a whole")
{
	register_shrinker(&counter);
	nr_objects = 100;
	EXPECT_EQ(shrink(10, 999), 0);
	EXPECT_EQ(nr_calls, 0);
	EXPECT_EQ(shrink(999, 999), 100);
	EXPECT_EQ(nr_objects, 0);
	EXPECT_EQ(shrink(999, 999), 0);
	EXPECT_EQ(nr_calls, 0);
}

TEST("shrinkers come and go, and those that cannot be are a BUG")
{
	struct shrinker bad = { .shrink = drop_objects };

	register_shrinker(&counter);
	unregister_shrinker(&counter);
	nr_objects = 1000;
	EXPECT_EQ(shrink(999, 999), 0);
	EXPECT_EQ(nr_calls, 0);
	HOST_EXPECT_BUG(register_shrinker(&bad));
}

/* --- The report --- */

TEST("a request that fails says what was asked for, by whom, and what there is")
{
	boot_full(100, false);
	EXPECT(!alloc_pages(GFP_KERNEL, 2));
	EXPECT(host_log_has("swapper/0: page allocation failure: order:2, mode:0xd0\n"));
	EXPECT(host_log_has("asked for by ") && host_log_has("Call trace:\n"));
	EXPECT(host_log_has("Mem-Info:\nNode 0 Normal per-cpu:\nCPU    0: hi:    0, btch:   1 usd:   0\n"));
	EXPECT(host_log_has("Node 0 Normal free:400kB min:400kB low:500kB high:600kB "));
	EXPECT(host_log_has("lowmem_reserve[]: 0 0 0 0\n"));
	host_log_clear();
	EXPECT(!alloc_pages(GFP_KERNEL | __GFP_NOWARN, 2));
	EXPECT(!host_log_has("failure"));
}

TEST("after ten reports others are counted, until five seconds are over")
{
	unsigned int i;

	boot_full(100, false);
	for (i = 0; i < 10; i++) {
		host_log_clear();
		EXPECT(!alloc_page(GFP_KERNEL));
		EXPECT(host_log_has("failure"));
	}
	for (i = 0; i < 7; i++) {
		host_log_clear();
		EXPECT(!alloc_page(GFP_KERNEL));
		EXPECT(!host_log_has("failure"));
	}
	jiffies += 5 * HZ + 1;
	EXPECT(!alloc_page(GFP_KERNEL));
	EXPECT(host_log_has("7 callbacks suppressed\n") && host_log_has("failure"));
}

TEST("a rate of 0 limits nothing, and a burst of 0 lets nothing through")
{
	DEFINE_RATELIMIT_STATE(free_rate, 0, 1);
	DEFINE_RATELIMIT_STATE(closed, HZ, 0);

	EXPECT(__ratelimit(&free_rate) && __ratelimit(&free_rate));
	EXPECT(!__ratelimit(&closed));
	EXPECT_EQ(closed.missed, 1);
}

/* --- Per-CPU lists --- */

TEST("what other CPUs have put aside is fetched before a request fails, by one that waits")
{
	struct page *page;
	unsigned int cpu;

	machine_boot(&machines[8]);
	setup_per_cpu_pageset();
	init_per_zone_wmark_min();
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		host_set_cpu(cpu);
		page = alloc_page(GFP_KERNEL);
		ASSERT(page);
		__free_page(page);
	}
	EXPECT(nr_pcp_pages() > 3);
	while (alloc_page(GFP_ATOMIC | __GFP_NOWARN))
		;
	EXPECT(nr_pcp_pages() > 0);
	while (alloc_page(GFP_QUIET | __GFP_MEMALLOC))
		;
	EXPECT_EQ(nr_pcp_pages(), 0);
	EXPECT_EQ(nr_free_pages(), 0);
	EXPECT(machine_check());
	host_set_cpu(0);
}

TEST("a page of the reserve comes alone, so that nobody finds others of it on a CPU's lists")
{
	unsigned long nr_free;

	machine_boot(&machines[8]);
	setup_per_cpu_pageset();
	init_per_zone_wmark_min();
	EXPECT(normal()->pageset && zone_batchsize(normal()) > 4);
	while (alloc_page(GFP_QUIET))
		;
	nr_free = nr_free_pages();
	EXPECT_EQ(nr_free, min_wmark_pages(normal()));
	EXPECT(alloc_page(GFP_ATOMIC) && alloc_page(GFP_ATOMIC | __GFP_MEMALLOC));
	EXPECT_EQ(nr_free_pages(), nr_free - 2);
	EXPECT_EQ(nr_pcp_pages(), 0);
	EXPECT(!alloc_page(GFP_QUIET));
}
