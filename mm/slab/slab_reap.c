// SPDX-License-Identifier: MIT
/*
 * Giving memory back in time. Every other second a thread of each CPU goes along the caches, and
 * what has not been used since its last visit loses a part:
 *
 *    this CPU's array      untouched: a fifth of its limit goes to the slabs
 *    the shared array      the same
 *    one alien array       all of it; another node's each time
 *    the free slabs        no new one needed: a fifth of free_limit goes to the page allocator
 *
 * And when memory is scarce, the page allocator calls a shrinker that gives back slabs without
 * objects.
 *
 * R1. Whoever goes along the caches holds slab_lock; if somebody has it, this visit is left out.
 *
 * After Linux 3.10's cache_reap(), which has no shrinker: there free slabs wait for the next visit.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/jiffies.h>
#include <kernel/workqueue.h>
#include <mm/shrinker.h>
#include "slab.h"

/* From one visit to the next; Linux's. */
#define REAPTIMEOUT_CPUC	(2 * HZ)

static struct delayed_work reap_work[NR_CPUS];

/* How many slabs a visit takes: a fifth of what is allowed to be free. */
static unsigned int nr_slabs_to_reap(const struct kmem_cache *cachep,
				     const struct kmem_cache_node *node)
{
	return DIV_ROUND_UP(node->free_limit, 5 * cachep->num);
}

static void reap_cache(struct kmem_cache *cachep)
{
	struct kmem_cache_node *node = &cachep->node[numa_node_id()];

	if (nr_online_nodes > 1)
		reap_alien(cachep, node);
	drain_cpu_array(cachep);
	drain_shared_array(cachep, node);
	if (node->free_touched)
		node->free_touched = false;
	else
		drain_freelist(cachep, node, nr_slabs_to_reap(cachep, node));
}

void reap_caches(void)
{
	struct kmem_cache *cachep;

	if (!spin_trylock(&slab_lock))
		return;
	list_for_each_entry(cachep, &slab_caches, list)
		reap_cache(cachep);
	next_reap_node();
	spin_unlock(&slab_lock);
}

static void cache_reap(struct work_struct *work)
{
	reap_caches();
	schedule_delayed_work_on(work->cpu, to_delayed_work(work), REAPTIMEOUT_CPUC);
}

/* The CPUs take turns rather than all going at once. */
void cpucache_init(void)
{
	unsigned int cpu;

	BUG_ON(slab_state != FULL, "state %d", slab_state);
	for_each_online_cpu(cpu) {
		INIT_DELAYED_WORK(&reap_work[cpu], cache_reap);
		schedule_delayed_work_on(cpu, &reap_work[cpu],
					 REAPTIMEOUT_CPUC + cpu * REAPTIMEOUT_CPUC / NR_CPUS);
	}
}

void cpucache_stop(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		cancel_delayed_work_sync(&reap_work[cpu]);
}

/* --- The shrinker --- */

static unsigned int pages_of_slabs(const struct kmem_cache *cachep, unsigned int nr)
{
	return nr << cachep->gfporder;
}

/* Objects that shrink_cache() would find free, on a node, at about this moment. */
static unsigned long nr_free_objects(const struct kmem_cache_node *node)
{
	const struct locked_array *shared = READ_ONCE(node->shared);

	return node->free_objects + (shared ? ac_avail(&shared->ac) : 0);
}

/* Pages of slabs without objects: so many at most. */
static unsigned long free_slab_pages(struct kmem_cache *cachep)
{
	unsigned long pages = 0;
	int nid;

	for_each_online_node(nid)
		pages += pages_of_slabs(cachep, nr_free_objects(&cachep->node[nid]) / cachep->num);
	return pages;
}

/*
 * Give back up to about @nr_pages pages. Return: how many. What all CPUs share need not be kept
 * either.
 */
static unsigned long shrink_cache(struct kmem_cache *cachep, unsigned long nr_pages)
{
	unsigned int max = DIV_ROUND_UP(nr_pages, 1UL << cachep->gfporder), nr = 0;
	int nid;

	for_each_online_node(nid) {
		nr += empty_shared_array(cachep, &cachep->node[nid]);
		nr += nr < max ? drain_freelist(cachep, &cachep->node[nid], max - nr) : 0;
	}
	return pages_of_slabs(cachep, nr);
}

/* Objects, to the page allocator, are pages. */
static int shrink_free_slabs(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long left = 0, freed = 0;
	struct kmem_cache *cachep;

	(void)shrinker;
	if (!spin_trylock(&slab_lock))
		return -1;
	list_for_each_entry(cachep, &slab_caches, list) {
		if (freed < sc->nr_to_scan)
			freed += shrink_cache(cachep, sc->nr_to_scan - freed);
		left += free_slab_pages(cachep);
	}
	spin_unlock(&slab_lock);
	return (int)left;
}

static struct shrinker slab_shrinker = { .shrink = shrink_free_slabs, .seeks = 1 };

/* From now on who reclaims memory asks the caches, too. */
void __init slab_shrinker_init(void)
{
	register_shrinker(&slab_shrinker);
}
