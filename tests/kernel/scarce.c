// SPDX-License-Identifier: MIT
/*
 * Making memory scarce: scarce.h.
 */
#include <kernel/jiffies.h>
#include <lib/string.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/vmscan.h>
#include <mm/watermark.h>
#include <test.h>
#include "scarce.h"

gfp_t zone_gfp(const struct zone *zone)
{
	static const gfp_t modifiers[MAX_NR_ZONES] = {
		[ZONE_DMA] = __GFP_DMA,
		[ZONE_NORMAL] = 0,
		[ZONE_HIGHMEM] = __GFP_HIGHMEM,
		[ZONE_MOVABLE] = __GFP_HIGHMEM | __GFP_MOVABLE,
	};

	return modifiers[zone_idx(zone)] | __GFP_THISNODE | __GFP_NOWARN;
}

struct zone *lowest_zone_of(pg_data_t *pgdat)
{
	struct zone *zone = pgdat->node_zones;

	while (!zone->managed_pages)
		zone++;
	return zone;
}

/* --- The hog --- */

static unsigned long nr_free_in(const struct zone *zone)
{
	return zone_page_state(zone, NR_FREE_PAGES);
}

/* Is there a free block of @order, or a larger one to cut it from? */
static bool has_block(const struct zone *zone, unsigned int order)
{
	while (order < MAX_ORDER && !READ_ONCE(zone->free_area[order].nr_free))
		order++;
	return order < MAX_ORDER;
}

/*
 * The largest block of the zone that does not leave less than @leave; NULL if there is none. Of a larger
 * one, which the zone does not have, another zone's reserve would be taken.
 */
static struct page *take_largest(struct zone *zone, unsigned long leave, unsigned int *order)
{
	gfp_t gfp_mask = zone_gfp(zone) | __GFP_MEMALLOC | __GFP_NO_KSWAPD;

	*order = min((unsigned int)__fls(nr_free_in(zone) - leave), MAX_ORDER - 1u);
	for (;; --*order) {
		struct page *page = NULL;

		if (has_block(zone, *order))
			page = alloc_pages_node(zone_to_nid(zone), gfp_mask, *order);
		if (page || !*order)
			return page;
	}
}

bool hog_zone(struct hog *hog, struct zone *zone, unsigned long leave)
{
	drain_all_pages();
	while (nr_free_in(zone) > leave) {
		unsigned int order;
		struct page *page = take_largest(zone, leave, &order);

		if (!page)
			return false;
		drain_local_pages(NULL);	/* a list may have been filled by the way */
		set_page_private(page, order);
		list_add(&page->lru, &hog->blocks);
		hog->nr_pages += 1UL << order;
	}
	return nr_free_in(zone) == leave;
}

bool hog_other_lowmem(struct hog *hog, struct zone *zone)
{
	unsigned long watermark[NR_WMARK];
	struct zone *other;
	bool ok = true;

	/* Who wants a higher zone's reserve is offered @zone first, as long as that is above its own. */
	memcpy(watermark, zone->watermark, sizeof(watermark));
	zone->watermark[WMARK_MIN] = zone->watermark[WMARK_LOW] = 2 * zone->managed_pages;
	for_each_populated_zone(other)
		if (other != zone && !is_highmem(other))
			ok &= hog_zone(hog, other, 0);
	memcpy(zone->watermark, watermark, sizeof(watermark));
	return ok;
}

void hog_spit(struct hog *hog)
{
	struct page *page = list_last_entry(&hog->blocks, struct page, lru);
	unsigned int order = page_private(page);

	list_del(&page->lru);
	hog->nr_pages -= 1UL << order;
	set_page_private(page, 0);
	__free_pages(page, order);
}

void hog_release(struct hog *hog)
{
	while (!list_empty(&hog->blocks))
		hog_spit(hog);
	drain_all_pages();
}

void empty_all_caches(void)
{
	struct shrink_control all = { .gfp_mask = GFP_KERNEL };

	while (shrink_slab(&all, 1, 1))
		;
	drain_all_pages();
}

/* --- The cache --- */

/* One page, if there is one that may go. */
static struct page *cache_take(struct test_cache *cache)
{
	struct page *page = NULL;

	spin_lock(&cache->lock);
	if (!cache->stingy && cache->nr_pages) {
		page = list_first_entry(&cache->pages, struct page, lru);
		list_del(&page->lru);
		cache->nr_pages--;
	}
	spin_unlock(&cache->lock);
	return page;
}

static int cache_shrink(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct test_cache *cache = container_of(shrinker, struct test_cache, shrinker);
	unsigned long nr = sc->nr_to_scan;
	struct page *page;

	if (!nr) {
		WRITE_ONCE(cache->nr_asked, cache->nr_asked + 1);
		return READ_ONCE(cache->nr_pages);
	}
	cache->last = current;
	cache->last_gfp = sc->gfp_mask;
	WRITE_ONCE(cache->nr_drops, cache->nr_drops + 1);
	while (READ_ONCE(cache->closed))
		schedule_timeout_uninterruptible(1);
	for (; nr && (page = cache_take(cache)); nr--) {
		__free_page(page);
		mm_account_reclaimed_pages(1);
		if (current_is_kswapd())
			cache->nr_by_kswapd++;
		else
			cache->nr_by_others++;
	}
	return READ_ONCE(cache->nr_pages);
}

bool cache_fill(struct test_cache *cache, struct zone *zone, unsigned int nr_pages)
{
	struct page *page;

	*cache = (struct test_cache){
		.shrinker = { .shrink = cache_shrink, .seeks = DEFAULT_SEEKS, .batch = SWAP_CLUSTER_MAX },
	};
	spin_lock_init(&cache->lock);
	INIT_LIST_HEAD(&cache->pages);
	while (cache->nr_pages < (int)nr_pages &&
	       (page = alloc_pages_node(zone_to_nid(zone), zone_gfp(zone) | __GFP_NO_KSWAPD, 0))) {
		list_add_tail(&page->lru, &cache->pages);
		cache->nr_pages++;
	}
	register_shrinker(&cache->shrinker);
	return cache->nr_pages == (int)nr_pages;
}

void cache_release(struct test_cache *cache)
{
	struct page *page;

	unregister_shrinker(&cache->shrinker);
	cache->stingy = false;
	while ((page = cache_take(cache)))
		__free_page(page);
}
