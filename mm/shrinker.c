// SPDX-License-Identifier: MIT
/*
 * The list of shrinkers, and how much is asked of each. See shrinker.h for the interface.
 *
 *    n objects, seeks 2, an eighth of memory "scanned":   due = 4 * n/8 / 2 = n/4
 *
 *    nr_in_batch 100 + due 300 = 400   ->  128, 128, 128 dropped, 16 remembered in nr_in_batch
 *
 * K1. A shrinker is on shrinker_list from register_shrinker() to unregister_shrinker().
 * K2. Only one thread at a time asks shrinkers: the owner of shrinking. A request that frees memory
 *     only tries to become that, since it can wait elsewhere; kswapd waits for its turn.
 * K3. Who takes a shrinker off the list owns shrinking. So the one that is being asked stays where it
 *     is, and its list entry leads on. shrinker_lock protects the links themselves.
 * K4. Never are more than twice as many objects asked for as there are.
 *
 * Follows shrink_slab() of Linux 3.10 (mm/vmscan.c), with three differences: there several
 * threads may ask at once; the share is rounded after the division by seeks, too; and a cache that is
 * smaller than a batch is never asked, which later versions mend as it is done here, by asking for
 * all of it when all of it is due.
 */
#include <kernel/bug.h>
#include <kernel/hardirq.h>
#include <kernel/mutex.h>
#include <kernel/spinlock.h>
#include <mm/shrinker.h>
#include <mm/vmscan.h>
#include <mm/vmstat.h>

static LIST_HEAD(shrinker_list);
static DEFINE_SPINLOCK(shrinker_lock);
static DEFINE_MUTEX(shrinking);

void register_shrinker(struct shrinker *shrinker)
{
	BUG_ON(!shrinker->shrink || shrinker->seeks < 1 || shrinker->batch < 0,
	       "shrinker %pS, seeks %d, batch %ld", (void *)shrinker->shrink, shrinker->seeks,
	       shrinker->batch);
	BUG_ON(in_interrupt(), "shrinker %pS", (void *)shrinker->shrink);

	atomic_set(&shrinker->nr_in_batch, 0);
	spin_lock(&shrinker_lock);
	list_add_tail(&shrinker->list, &shrinker_list);
	spin_unlock(&shrinker_lock);
}

void unregister_shrinker(struct shrinker *shrinker)
{
	BUG_ON(in_interrupt(), "shrinker %pS", (void *)shrinker->shrink);

	mutex_lock(&shrinking);
	spin_lock(&shrinker_lock);
	list_del(&shrinker->list);
	spin_unlock(&shrinker_lock);
	mutex_unlock(&shrinking);
}

static int do_shrinker_shrink(struct shrinker *shrinker, struct shrink_control *sc,
			      unsigned long nr_to_scan)
{
	sc->nr_to_scan = nr_to_scan;
	return shrinker->shrink(shrinker, sc);
}

/*
 * How many of @nr_objects are due, of those left over from before and for this time (K4). Rounded
 * once, at the end: else a dear cache would have nothing to give while few pages are scanned.
 */
static long objects_due(struct shrinker *shrinker, long nr_objects, unsigned long nr_pages_scanned,
			unsigned long lru_pages)
{
	u64 delta = 4 * (u64)nr_pages_scanned * (unsigned long)nr_objects /
		    ((u64)(unsigned int)shrinker->seeks * (lru_pages + 1));
	u64 due = (u64)atomic_xchg(&shrinker->nr_in_batch, 0) + delta;

	/* What could never be dropped piles up, and must not come down on an innocent moment. */
	if (delta < (u64)nr_objects / 4)
		due = min(due, (u64)nr_objects / 2);
	return (long)min(due, 2 * (u64)nr_objects);
}

/* One batch. Return: is there any sense in another? Adds what is gone to *@nr_gone. */
static bool drop_batch(struct shrinker *shrinker, struct shrink_control *sc, long batch,
		       unsigned long *nr_gone)
{
	int before = do_shrinker_shrink(shrinker, sc, 0);
	int after = do_shrinker_shrink(shrinker, sc, (unsigned long)batch);

	count_vm_events(SLABS_SCANNED, (unsigned long)batch);
	if (after == -1)
		return false;
	if (after < before)
		*nr_gone += (unsigned long)(before - after);
	return true;
}

static unsigned long shrink_one(struct shrinker *shrinker, struct shrink_control *sc,
				unsigned long nr_pages_scanned, unsigned long lru_pages)
{
	long batch = shrinker->batch ? shrinker->batch : SHRINK_BATCH;
	int nr_objects = do_shrinker_shrink(shrinker, sc, 0);
	unsigned long nr_gone = 0;
	long due;

	if (nr_objects <= 0)
		return 0;
	due = objects_due(shrinker, nr_objects, nr_pages_scanned, lru_pages);
	while (due >= min(batch, (long)nr_objects) &&
	       drop_batch(shrinker, sc, min(batch, due), &nr_gone))
		due -= min(batch, due);
	atomic_add((int)due, &shrinker->nr_in_batch);
	return nr_gone;
}

/* The shrinker behind @shrinker; the first for NULL; NULL at the end. Context: shrinking owned. */
static struct shrinker *next_shrinker(struct shrinker *shrinker)
{
	struct list_head *next;

	spin_lock(&shrinker_lock);
	next = shrinker ? shrinker->list.next : shrinker_list.next;
	spin_unlock(&shrinker_lock);
	return next == &shrinker_list ? NULL : list_entry(next, struct shrinker, list);
}

/* K2. */
static bool own_shrinking(void)
{
	if (!current_is_kswapd())
		return mutex_trylock(&shrinking);
	mutex_lock(&shrinking);
	return true;
}

unsigned long shrink_slab(struct shrink_control *shrink, unsigned long nr_pages_scanned,
			  unsigned long lru_pages)
{
	struct shrinker *shrinker = NULL;
	unsigned long nr_gone = 0;

	BUG_ON(in_interrupt(), "shrinkers asked in an interrupt");
	if (!nr_pages_scanned)
		nr_pages_scanned = SWAP_CLUSTER_MAX;
	if (!own_shrinking())
		return 1;
	while ((shrinker = next_shrinker(shrinker)))
		nr_gone += shrink_one(shrinker, shrink, nr_pages_scanned, lru_pages);
	mutex_unlock(&shrinking);
	return nr_gone;
}
