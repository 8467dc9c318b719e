// SPDX-License-Identifier: MIT
/*
 * When memory is scarce, on the board: how deep each kind of request goes, who frees memory for it,
 * and who waits for whom. tests/host/slowpath_test.c has the single steps.
 *
 *    zone   |######## hog ########|## cache ##|.. free: as each test wants ..|
 *    other lowmem zones: all hog
 */
#include <kernel/jiffies.h>
#include <kernel/kthread.h>
#include <kernel/timer.h>
#include <lib/string.h>
#include <mm/compound.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/vmscan.h>
#include <mm/watermark.h>
#include <test.h>
#include "scarce.h"

TEST_SUITE("slowpath");

#define CACHE_PAGES	256

/* Without kswapd, so that what happens is what the request does. */
#define GFP_ALONE	(GFP_KERNEL | __GFP_NOWARN | __GFP_NO_KSWAPD)
#define GFP_ALONE_ATOMIC (GFP_ATOMIC | __GFP_NOWARN | __GFP_NO_KSWAPD)

static struct test_cache cache;

/* GFP_KERNEL begins here: the highest lowmem zone of this CPU's node, or of the next that has some. */
static struct zone *kernel_zone(void)
{
	const struct zoneref *z;
	struct zone *zone;

	for_each_zone_zonelist(zone, z, node_zonelist(numa_node_id(), GFP_KERNEL),
			       gfp_high_zoneidx(GFP_KERNEL))
		if (zone->managed_pages > high_wmark_pages(zone) + 2 * CACHE_PAGES)
			return zone;
	return NULL;
}

static unsigned long nr_free_in(const struct zone *zone)
{
	return zone_page_state(zone, NR_FREE_PAGES);
}

/* Run @body while GFP_KERNEL has @zone only, with @leave pages free and CACHE_PAGES in the cache. */
static void while_scarce(unsigned long leave, void (*body)(struct zone *zone))
{
	struct zone *zone = kernel_zone();
	HOG(hog);

	if (!zone)
		SKIP("no zone has pages enough");
	if (EXPECT(cache_fill(&cache, zone, CACHE_PAGES)) && EXPECT(hog_zone(&hog, zone, leave)) &&
	    EXPECT(hog_other_lowmem(&hog, zone)) && EXPECT_EQ(nr_free_in(zone), leave))
		body(zone);
	cache.closed = false;
	cache_release(&cache);
	hog_release(&hog);
}

static unsigned long kernel_min(void)
{
	return kernel_zone() ? min_wmark_pages(kernel_zone()) : 0;
}

static void free_if_any(struct page *page)
{
	if (page)
		__free_page(page);
}

/* --- How deep --- */

/* Take page by page what @gfp_mask gets, and give it back. Return: how many were left in @zone. */
static unsigned long left_by(gfp_t gfp_mask, struct zone *zone)
{
	struct page *page, *next;
	unsigned long left;
	LIST_HEAD(taken);

	while ((page = alloc_page(gfp_mask)))
		list_add(&page->lru, &taken);
	left = nr_free_in(zone);
	list_for_each_entry_safe(page, next, &taken, lru)
		__free_page(page);
	drain_local_pages(NULL);
	return left;
}

static void check_depths(struct zone *zone)
{
	unsigned long min = min_wmark_pages(zone);

	cache.stingy = true;
	EXPECT_EQ(left_by(GFP_ALONE, zone), min);
	EXPECT_EQ(left_by(GFP_ALONE | __GFP_HIGH, zone), min - min / 2);
	EXPECT_EQ(left_by(GFP_ALONE & ~__GFP_WAIT, zone), min - min / 4);
	EXPECT_EQ(left_by(GFP_ALONE_ATOMIC, zone), min - min / 2 - (min - min / 2) / 4);
	EXPECT_EQ(left_by(GFP_ALONE_ATOMIC | __GFP_NOMEMALLOC, zone), min - min / 2);
	EXPECT_EQ(left_by(GFP_ALONE | __GFP_MEMALLOC | __GFP_NOMEMALLOC, zone), min);
	EXPECT_EQ(left_by(GFP_ALONE | __GFP_MEMALLOC, zone), 0);
	current->flags |= PF_MEMALLOC;
	EXPECT_EQ(left_by(GFP_ALONE | __GFP_NOMEMALLOC, zone), min);
	EXPECT_EQ(left_by(GFP_ALONE, zone), 0);
	current->flags &= ~PF_MEMALLOC;
}

TEST("requests stop at min, 1/2, 3/4, 3/8 of it, or at the last page")
{
	while_scarce(kernel_min() + 10, check_depths);
}

static unsigned long left_by_timer;
static bool timer_is_done;

static void take_all_from_timer(unsigned long data)
{
	left_by_timer = left_by(GFP_ALONE_ATOMIC, (struct zone *)data);
	WRITE_ONCE(timer_is_done, true);
}

/* The timer's interrupt comes to this CPU, in the middle of a thread that frees memory. */
static void interrupt_memalloc(struct zone *zone)
{
	unsigned long half = min_wmark_pages(zone) - min_wmark_pages(zone) / 2;
	struct timer_list timer;

	timer_is_done = false;
	setup_timer(&timer, take_all_from_timer, (unsigned long)zone);
	current->flags |= PF_MEMALLOC;
	mod_timer(&timer, jiffies + 1);
	while (!READ_ONCE(timer_is_done))
		barrier();
	current->flags &= ~PF_MEMALLOC;
	del_timer_sync(&timer);
	EXPECT_EQ(left_by_timer, half - half / 4);
	EXPECT_EQ(cache.nr_drops, 0);
}

TEST("GFP_ATOMIC in an interrupt takes 5/8 of min, not what the interrupted thread might take")
{
	while_scarce(kernel_min(), interrupt_memalloc);
}

/* --- Who frees --- */

static void reclaim_directly(struct zone *zone)
{
	struct page *page = alloc_page(GFP_ALONE);

	ASSERT(page);
	EXPECT(page_zone(page) == zone);
	EXPECT(cache.last == current);
	EXPECT_EQ(cache.last_gfp, GFP_ALONE);
	EXPECT(cache.nr_by_others >= SWAP_CLUSTER_MAX);
	EXPECT_EQ(cache.nr_by_kswapd, 0);
	EXPECT_EQ(current->flags & PF_MEMALLOC, 0);
	EXPECT(!current->reclaim_state);
	__free_page(page);
}

TEST("at min a request that waits frees a cluster of pages itself, in its own thread")
{
	while_scarce(kernel_min(), reclaim_directly);
}

static void free_nothing(struct zone *zone)
{
	struct page *page = alloc_page(GFP_ALONE & ~__GFP_WAIT);

	(void)zone;
	EXPECT(!page);
	EXPECT(!alloc_page(GFP_ALONE_ATOMIC | __GFP_NOMEMALLOC));
	current->flags |= PF_MEMALLOC;
	EXPECT(!alloc_page(GFP_ALONE | __GFP_NOMEMALLOC));
	current->flags &= ~PF_MEMALLOC;
	EXPECT(!alloc_page(GFP_ALONE | GFP_THISNODE));
	EXPECT_EQ(cache.nr_asked, 0);
	free_if_any(page);
}

TEST("who cannot wait, frees memory already, or wants its own node at once, frees nothing")
{
	while_scarce(kernel_min() / 4, free_nothing);
}

/* --- Who waits for whom --- */

struct asker {
	gfp_t gfp_mask;
	struct page *page;
	bool done;
};

static int ask(void *data)
{
	struct asker *asker = data;

	asker->page = alloc_page(asker->gfp_mask);
	WRITE_ONCE(asker->done, true);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/* On this CPU, so that it gets its turn while the test sleeps. It begins when it is woken. */
static struct task_struct *make_asker(struct asker *asker, gfp_t gfp_mask)
{
	*asker = (struct asker){ .gfp_mask = gfp_mask };
	return kthread_create_on_cpu(ask, asker, 0, "asker/%u");
}

static void end_asker(struct task_struct *task, struct asker *asker)
{
	kthread_stop(task);
	free_if_any(asker->page);
}

static struct task_struct *task;
static struct asker asker;

static void wait_for_a_page(struct zone *zone)
{
	HOG(crumbs);

	EXPECT(hog_zone(&crumbs, zone, 0));
	cache.stingy = true;
	wake_up_process(task);
	schedule_timeout_uninterruptible(10);
	EXPECT(!READ_ONCE(asker.done));
	hog_release(&crumbs);
	EXPECT(eventually(READ_ONCE(asker.done)));
	EXPECT(asker.page);
}

TEST("__GFP_NOFAIL waits until another thread frees memory")
{
	task = make_asker(&asker, GFP_ALONE | __GFP_NOFAIL);
	ASSERT(!IS_ERR(task));
	while_scarce(kernel_min() + 10, wait_for_a_page);
	end_asker(task, &asker);
}

static struct timer_list opener;

static void open_cache(unsigned long unused)
{
	(void)unused;
	WRITE_ONCE(cache.closed, false);
}

/*
 * Have the asker come into the shrinker, and sleep there. If it does not, nobody else must, since nobody would
 * open the cache. Return: is it there?
 */
static bool asker_sleeps_in_shrinker(void)
{
	cache.closed = true;
	wake_up_process(task);
	if (EXPECT(eventually(READ_ONCE(cache.nr_drops) || READ_ONCE(asker.done))) &&
	    EXPECT(!READ_ONCE(asker.done)))
		return true;
	open_cache(0);
	return false;
}

/* The test's own requests find it occupied. */
static void ask_while_another_frees(struct zone *zone)
{
	struct page *page;

	(void)zone;
	if (!asker_sleeps_in_shrinker())
		return;
	EXPECT(reclaim_is_running());
	EXPECT(!alloc_page(GFP_ALONE | __GFP_NORETRY));
	EXPECT(!alloc_pages(GFP_ALONE, 4));	/* too costly to wait for */
	EXPECT(!READ_ONCE(asker.done));
	setup_timer(&opener, open_cache, 0);
	mod_timer(&opener, jiffies + 3);
	page = alloc_page(GFP_ALONE);
	del_timer_sync(&opener);
	open_cache(0);
	EXPECT(page);
	EXPECT(eventually(READ_ONCE(asker.done)));
	EXPECT(asker.page);
	EXPECT(cache.last == task);
	free_if_any(page);
}

TEST("a request waits for what another thread frees, unless it has __GFP_NORETRY or is large")
{
	task = make_asker(&asker, GFP_ALONE);
	ASSERT(!IS_ERR(task));
	while_scarce(kernel_min(), ask_while_another_frees);
	end_asker(task, &asker);
}

/* The other one never comes to an end: after 16 rounds of 20 ms the request does. */
static void wait_in_vain(struct zone *zone)
{
	unsigned long start;
	struct page *page;

	(void)zone;
	if (!asker_sleeps_in_shrinker())
		return;
	start = jiffies;
	page = alloc_page(GFP_ALONE);
	EXPECT(!page);
	EXPECT(jiffies - start >= 32);
	EXPECT(!READ_ONCE(asker.done));
	free_if_any(page);
	open_cache(0);
	EXPECT(eventually(READ_ONCE(asker.done)));
}

TEST("it does not wait for ever")
{
	task = make_asker(&asker, GFP_ALONE);
	ASSERT(!IS_ERR(task));
	while_scarce(kernel_min(), wait_in_vain);
	end_asker(task, &asker);
}

/* --- The end, and what else a request may ask for --- */

static void fail_aloud(struct zone *zone)
{
	(void)zone;
	cache.stingy = true;
	EXPECT(!alloc_page(GFP_KERNEL | __GFP_NO_KSWAPD));	/* tests/boot/slowpath.t reads the report */
	EXPECT(!alloc_page(GFP_ALONE));				/* and that there is one only */
}

TEST("a request that gets nothing ends with NULL, after a report unless __GFP_NOWARN")
{
	while_scarce(kernel_min(), fail_aloud);
}

static bool all_zero(const u32 *words, size_t bytes)
{
	for (size_t i = 0; i < bytes / sizeof(*words); i++)
		if (words[i])
			return false;
	return true;
}

static void ask_for_zeros(struct zone *zone)
{
	unsigned long addr = __get_free_pages(GFP_ALONE, 1), again;

	(void)zone;
	ASSERT(addr);
	memset((void *)addr, 0xa5, 2 * PAGE_SIZE);
	free_pages(addr, 1);
	again = __get_free_pages(GFP_ALONE | __GFP_ZERO | __GFP_COMP, 1);
	ASSERT(again);
	EXPECT(all_zero((void *)again, 2 * PAGE_SIZE));
	EXPECT(PageHead(virt_to_page((void *)again)) && PageTail(virt_to_page((void *)again) + 1));
	free_pages(again, 1);
}

TEST("__GFP_ZERO and __GFP_COMP hold when the pages had to be freed first")
{
	while_scarce(kernel_min(), ask_for_zeros);
}
