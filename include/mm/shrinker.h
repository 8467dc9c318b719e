/* SPDX-License-Identifier: MIT */
/*
 * Shrinkers: caches that can give memory back. Whoever keeps objects that it can do without registers
 * a function, which the page allocator calls when memory is scarce:
 *
 *    static int forget(struct shrinker *s, struct shrink_control *sc)
 *    {
 *            drop up to sc->nr_to_scan objects; 0 only asks
 *            return how many are left;
 *    }
 *    static struct shrinker my_shrinker = { .shrink = forget, .seeks = DEFAULT_SEEKS };
 *
 *    register_shrinker(&my_shrinker);
 *
 * Interface and arithmetic are those of Linux 3.10 (include/linux/shrinker.h, mm/vmscan.c).
 */
#ifndef MM_SHRINKER_H
#define MM_SHRINKER_H

#include <lib/atomic.h>
#include <lib/list.h>
#include <mm/gfp.h>

/**
 * struct shrink_control - what is wanted of a shrinker
 * @gfp_mask: of the request that lacks memory: without __GFP_FS no file system may be called, say
 * @nr_to_scan: how many objects to look at and drop if possible; 0: only count
 */
struct shrink_control {
	gfp_t gfp_mask;
	unsigned long nr_to_scan;
};

/**
 * struct shrinker - one cache
 * @shrink: returns how many objects could still be dropped; -1 if none can for this gfp_mask. It may
 *	sleep, and allocate, from the reserves, and is not called again while it runs. Pages that it
 *	frees it reports with mm_account_reclaimed_pages() (vmscan.h)
 * @seeks: what it costs to make an object again, in disk accesses: the dearer, the fewer are dropped
 * @batch: objects to drop in one call; 0: SHRINK_BATCH
 * @list: internal
 * @nr_in_batch: internal: objects that were due, but not enough for a batch
 */
struct shrinker {
	int (*shrink)(struct shrinker *shrinker, struct shrink_control *sc);
	int seeks;
	long batch;

	struct list_head list;
	atomic_t nr_in_batch;
};

#define DEFAULT_SEEKS	2
#define SHRINK_BATCH	128

/* Context: any but interrupts. */
void register_shrinker(struct shrinker *shrinker);

/* Returns when nobody is in @shrinker any more. Context: thread that may sleep, not in a shrinker. */
void unregister_shrinker(struct shrinker *shrinker);

/**
 * shrink_slab - have every shrinker drop its share
 * @shrink: what for; @shrink->nr_to_scan is written to
 * @nr_pages_scanned: how hard: this part ...
 * @lru_pages: ... of so many pages is what others have had to bear
 *
 * Of a cache with n objects that cost DEFAULT_SEEKS to make, 2 * n * @nr_pages_scanned / @lru_pages
 * are due; whole batches of them are dropped, the rest is remembered.
 *
 * Context: thread that may sleep. Return: the number of objects that are gone; 1 if somebody else is
 * at it already. kswapd waits for them instead.
 */
unsigned long shrink_slab(struct shrink_control *shrink, unsigned long nr_pages_scanned,
			  unsigned long lru_pages);

#endif
