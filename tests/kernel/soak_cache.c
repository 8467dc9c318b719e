// SPDX-License-Identifier: MIT
/*
 * The soak of reclaim: a cache of pages that a shrinker gives back when memory is short, to kswapd and to
 * whoever frees memory for itself. It grows while there is memory to be had, so that there is little.
 *
 *    now and then     a page, signed ---> list ---> shrinker: still signed? free it
 */
#include <kernel/spinlock.h>
#include <mm/highmem.h>
#include <mm/mm.h>
#include <mm/shrinker.h>
#include <mm/slab.h>
#include <mm/vmscan.h>
#include "soak.h"

#define PAGES_AT_ONCE	8

struct soak_cached {
	struct shrinker shrinker;
	spinlock_t lock;
	struct list_head pages;		/* by ->lru */
	int nr_pages;
	struct soak *soak;
};

static u32 sign_of(const struct page *page)
{
	return page_to_pfn(page) * 0x9e3779b9u;
}

static void add_page(struct soak_cached *cached, struct page *page)
{
	u32 sign = sign_of(page);

	memcpy_to_page(page, 0, (char *)&sign, sizeof(sign));
	spin_lock(&cached->lock);
	list_add_tail(&page->lru, &cached->pages);
	cached->nr_pages++;
	spin_unlock(&cached->lock);
}

/* Give back the oldest. Return: was there one? */
static bool drop_page(struct soak_cached *cached)
{
	struct page *page = NULL;
	u32 sign;

	spin_lock(&cached->lock);
	if (cached->nr_pages) {
		page = list_first_entry(&cached->pages, struct page, lru);
		list_del(&page->lru);
		cached->nr_pages--;
	}
	spin_unlock(&cached->lock);
	if (!page)
		return false;
	memcpy_from_page((char *)&sign, page, 0, sizeof(sign));
	if (sign != sign_of(page))
		atomic_inc(&cached->soak->nr_faults);
	__free_page(page);
	return true;
}

static int shrink(struct shrinker *shrinker, struct shrink_control *sc)
{
	struct soak_cached *cached = container_of(shrinker, struct soak_cached, shrinker);
	unsigned long nr;

	for (nr = sc->nr_to_scan; nr && drop_page(cached); nr--)
		mm_account_reclaimed_pages(1);
	return READ_ONCE(cached->nr_pages);
}

/* Some pages more; and one in four times they wake kswapd, if they must. */
static void do_as_thread(struct soak_worker *w, u32 dice)
{
	gfp_t gfp = GFP_HIGHUSER_MOVABLE | __GFP_NORETRY | __GFP_NOWARN;

	if (!one_in(dice, w->soak->style->fill_every))
		return;
	if ((dice >> 16) % 4)
		gfp = (gfp & ~__GFP_WAIT) | __GFP_NO_KSWAPD;
	for (unsigned int i = 0; i < PAGES_AT_ONCE; i++) {
		struct page *page = alloc_page(gfp);

		if (!page)
			return;
		soak_did(w, 1);
		add_page(w->soak->cached, page);
	}
}

static void add_cached(const struct soak *soak, struct soak_use *use)
{
	use->pages += soak->cached->nr_pages;
}

static bool prepare(struct soak *soak)
{
	struct soak_cached *cached = kzalloc(sizeof(*cached), GFP_KERNEL);

	soak->cached = cached;
	if (!cached)
		return false;
	cached->shrinker = (struct shrinker){ .shrink = shrink, .seeks = DEFAULT_SEEKS };
	cached->soak = soak;
	spin_lock_init(&cached->lock);
	INIT_LIST_HEAD(&cached->pages);
	register_shrinker(&cached->shrinker);
	return true;
}

static void finish(struct soak *soak)
{
	if (!soak->cached)
		return;
	unregister_shrinker(&soak->cached->shrinker);
	while (drop_page(soak->cached))
		;
	kfree(soak->cached);
}

const struct soak_kind soak_kind_cache = {
	.nr = SOAK_CACHE,
	.name = "cache",
	.unit = "page",
	.prepare = prepare,
	.finish = finish,
	.do_as_thread = do_as_thread,
	.add_own_use = add_cached,
};
