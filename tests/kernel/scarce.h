/* SPDX-License-Identifier: MIT */
/*
 * Making memory scarce, for tests: a hog that takes a zone's pages away, and a cache that gives some
 * back when it is asked.
 *
 *    zone   |#### hog ####|## cache ##|.. free ..|
 *                          ^ a shrinker drops these, and notes who made it
 *
 * Both are given back by their release functions; a test calls them whatever happened.
 */
#ifndef SCARCE_H
#define SCARCE_H

#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/list.h>
#include <mm/gfp.h>
#include <mm/shrinker.h>

/* Ticks after which something that must happen is taken to be hanging; the host may be busy. */
#define PATIENCE	(60 * HZ)

/* Wait until @condition is true; evaluates to it. */
#define eventually(condition) ({						\
	unsigned long __end = jiffies + PATIENCE;				\
	while (!(condition) && time_before(jiffies, __end))			\
		schedule_timeout_uninterruptible(1);				\
	(condition); })

/* --- The hog --- */

struct hog {
	struct list_head blocks;	/* through page->lru; the order is in ->private */
	unsigned long nr_pages;
};

#define HOG(name)	struct hog name = { .blocks = LIST_HEAD_INIT((name).blocks) }

/**
 * hog_zone - take pages of a zone, reserves included, until few are free
 * @hog: receives them
 * @zone: the zone; those below it in its node may be emptied, too
 * @leave: how many pages may stay free. If there are fewer already, nothing happens
 *
 * Neither wakes kswapd nor frees memory. Context: thread. Return: is exactly so much free now?
 */
bool hog_zone(struct hog *hog, struct zone *zone, unsigned long leave);

/* Take all pages of all lowmem zones but @zone, so that GFP_KERNEL has nowhere else to go. */
bool hog_other_lowmem(struct hog *hog, struct zone *zone);

/* Free the first block that the hog took. */
void hog_spit(struct hog *hog);

/* Give all back, and empty this CPU's lists. */
void hog_release(struct hog *hog);

/* A request for a zone, of its own node, that does nothing but look: no waiting, no report. */
gfp_t zone_gfp(const struct zone *zone);

/* The zone that tests make scarce: the lowest of a node. */
struct zone *lowest_zone_of(pg_data_t *pgdat);

/*
 * Have all who cache something give it back, and empty all CPUs' lists: then nobody, kswapd neither, has anything to
 * free while a test counts pages. Context: thread.
 */
void empty_all_caches(void);

/* --- The cache --- */

struct test_cache {
	struct shrinker shrinker;
	spinlock_t lock;
	struct list_head pages;
	int nr_pages;
	bool stingy;			/* claims to have pages, and drops none */
	bool closed;			/* who comes to drop something sleeps until it is open */
	unsigned long nr_asked;		/* calls that only count, */
	unsigned long nr_drops;		/* and those that are to drop something */
	unsigned long nr_by_kswapd;	/* pages that were dropped by a kswapd, */
	unsigned long nr_by_others;	/* and by others */
	const struct task_struct *last;	/* who made it drop something */
	gfp_t last_gfp;			/* and for which request */
};

/**
 * cache_fill - make a cache, and register it
 * @cache: any memory
 * @zone: whose pages
 * @nr_pages: how many
 *
 * Return: has it as many? Context: thread.
 */
bool cache_fill(struct test_cache *cache, struct zone *zone, unsigned int nr_pages);

/* Take it off the list of shrinkers, and free what is left in it. */
void cache_release(struct test_cache *cache);

#endif
