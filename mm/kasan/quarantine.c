// SPDX-License-Identifier: MIT
/*
 * The quarantine: objects that were freed wait, so that who uses them still meets their poison and not their next
 * owner.
 *
 *    kfree() --> newest ... oldest --> the cache, when more than quarantine_max bytes wait
 *
 * It takes a 32nd of memory (`kasan_quarantine=SIZE' sets another limit; 0: nothing waits), and gives all of
 * that back when memory is scarce: it is a shrinker. A cache that is shrunk or destroyed, or whose objects are
 * counted, gets its own back first.
 *
 * Q1. An object is in the quarantine once, from kasan_slab_free() on; for its cache it is in use.
 * Q2. quarantine_lock protects the chain. Nobody frees while he has it.
 */
#include <kernel/hardirq.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/shrinker.h>
#include "../slab_internal.h"
#include "kasan.h"

#define QUARANTINE_SHARE	32u	/* of memory: one part in so many */
#define UNLIMITED		(~0UL)

static struct kasan_meta *oldest, **newest = &oldest;
static unsigned long nr_objects, nr_bytes;
static unsigned long quarantine_max = UNLIMITED;	/* until kasan_quarantine_init(): boot frees little */
static DEFINE_SPINLOCK(quarantine_lock);

static int __init early_kasan_quarantine(char *value)
{
	unsigned long long size;
	char *end;

	if (!value)
		return -EINVAL;
	size = memparse(value, &end);
	if (end == value || *end != '\0' || size >= UNLIMITED)
		return -EINVAL;
	quarantine_max = (unsigned long)size;
	return 0;
}
early_param("kasan_quarantine", early_kasan_quarantine);

/* Take the link at @link out of the chain. Context: lock held. */
static struct kasan_meta *take(struct kasan_meta **link)
{
	struct kasan_meta *meta = *link;

	*link = meta->next;
	if (!meta->next)
		newest = link;
	nr_objects--;
	nr_bytes -= meta->cachep->size;
	return meta;
}

/* What was taken goes back. */
static void give_back(struct kasan_meta *chain)
{
	while (KMALLOC_HAS_CLASSES && chain) {		/* SLAB=slob: it is empty */
		struct kasan_meta *next = chain->next;

		kmem_cache_free_quarantined(chain->cachep, kasan_object_of(chain));
		chain = next;
	}
}

/* The oldest go until @max bytes are left, or @nr objects are gone. Return: how many went. */
static unsigned long reduce(unsigned long max, unsigned long nr)
{
	struct kasan_meta *chain = NULL, **last = &chain;
	unsigned long flags, gone = 0;

	spin_lock_irqsave(&quarantine_lock, flags);
	while (oldest && nr_bytes > max && gone < nr) {
		*last = take(&oldest);
		last = &(*last)->next;
		gone++;
	}
	*last = NULL;
	spin_unlock_irqrestore(&quarantine_lock, flags);
	give_back(chain);
	return gone;
}

/* Bytes that may wait. Who frees objects because memory is scarce wants it now. */
static unsigned long limit_now(void)
{
	return !in_interrupt() && current->flags & PF_MEMALLOC ? 0 : quarantine_max;
}

void kasan_quarantine_put(struct kasan_meta *meta)
{
	unsigned long flags, max = limit_now();
	bool full;

	meta->next = NULL;
	spin_lock_irqsave(&quarantine_lock, flags);
	*newest = meta;
	newest = &meta->next;
	nr_objects++;
	nr_bytes += meta->cachep->size;
	full = nr_bytes > max;
	spin_unlock_irqrestore(&quarantine_lock, flags);
	if (full)
		reduce(max / 4 * 3, ~0UL);
}

void kasan_quarantine_drain(void)
{
	while (reduce(0, ~0UL))		/* what slabs had for themselves follows them */
		;
}

void kasan_quarantine_drain_cache(const struct kmem_cache *cachep)
{
	struct kasan_meta *chain = NULL, **last = &chain, **link;
	unsigned long flags;

	spin_lock_irqsave(&quarantine_lock, flags);
	for (link = &oldest; *link; ) {
		if ((*link)->cachep != cachep) {
			link = &(*link)->next;
			continue;
		}
		*last = take(link);
		last = &(*last)->next;
	}
	*last = NULL;
	spin_unlock_irqrestore(&quarantine_lock, flags);
	give_back(chain);
}

unsigned long kasan_quarantine_objects(void)
{
	return READ_ONCE(nr_objects);
}

unsigned long kasan_quarantine_bytes(void)
{
	return READ_ONCE(nr_bytes);
}

void kasan_show(void)
{
	pr_info("quarantine: %lu objects, %lu KiB of at most %lu; %u reports\n", READ_ONCE(nr_objects),
		READ_ONCE(nr_bytes) >> 10, quarantine_max >> 10, kasan_last_report.nr);
}

/* --- When memory is scarce --- */

static int shrink_quarantine(struct shrinker *shrinker, struct shrink_control *sc)
{
	(void)shrinker;
	if (sc->nr_to_scan)
		reduce(0, sc->nr_to_scan);
	return (int)READ_ONCE(nr_objects);
}

static struct shrinker quarantine_shrinker = { .shrink = shrink_quarantine, .seeks = 1 };

void __init kasan_quarantine_init(void)
{
	if (quarantine_max == UNLIMITED)
		quarantine_max = totalram_pages / QUARANTINE_SHARE << PAGE_SHIFT;
	register_shrinker(&quarantine_shrinker);
}
