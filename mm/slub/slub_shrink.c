// SPDX-License-Identifier: MIT
/*
 * Giving pages back: when somebody asks for it, and when memory is scarce.
 *
 *    kmem_cache_shrink()     all CPUs give up what they have; slabs without objects in use go; the
 *                            others are put in order, the fullest first, so that what is allocated
 *                            next fills those, and the last may become empty
 *
 *      inuse     3  9  0  7       of 10        --->   9  7  3
 *
 *    the shrinker            this CPU gives up what it has, and slabs without objects in use go
 *
 * After kmem_cache_shrink() of Linux 3.10, with an order as good as that of 4.0, which needs no
 * memory: slabs with more than SHRINK_PROMOTE_MAX free objects stay as they are, behind the others.
 */
#include <kernel/bug.h>
#include <mm/shrinker.h>
#include "slub.h"

#define SHRINK_PROMOTE_MAX	32u

/* Slabs of a node with few free objects, to the head of the list. Context: list_lock held. */
static void sort_partial(struct kmem_cache *s, struct kmem_cache_node *n)
{
	struct list_head promote[SHRINK_PROMOTE_MAX];
	struct slab *slab, *next;
	unsigned int i, nr_free;

	for (i = 0; i < SHRINK_PROMOTE_MAX; i++)
		INIT_LIST_HEAD(&promote[i]);
	list_for_each_entry_safe(slab, next, &n->partial, list) {
		nr_free = s->num - freelist_state(slab).inuse;
		if (nr_free <= SHRINK_PROMOTE_MAX)
			list_move_tail(&slab->list, &promote[nr_free - 1]);
	}
	for (i = SHRINK_PROMOTE_MAX; i-- > 0; )
		list_splice_init(&promote[i], &n->partial);
}

int kmem_cache_shrink(struct kmem_cache *s)
{
	unsigned long nr_slabs = 0, flags;
	struct kmem_cache_node *n;
	int nid;

	kasan_quarantine_drain_cache(s);
	flush_all(s);
	for_each_online_node(nid) {
		n = get_node(s, nid);
		discard_empty_slabs(s, nid, ~0u);
		spin_lock_irqsave(&n->list_lock, flags);
		sort_partial(s, n);
		spin_unlock_irqrestore(&n->list_lock, flags);
		nr_slabs += (unsigned long)atomic_read(&n->nr_slabs);
	}
	return nr_slabs != 0;
}

/* --- The shrinker --- */

/* Pages of slabs without objects in use, at this moment. */
static unsigned long empty_slab_pages(struct kmem_cache *s)
{
	unsigned long nr = 0, flags;
	struct kmem_cache_node *n;
	struct slab *slab;
	int nid;

	for_each_online_node(nid) {
		n = get_node(s, nid);
		spin_lock_irqsave(&n->list_lock, flags);
		list_for_each_entry(slab, &n->partial, list)
			nr += freelist_state(slab).inuse == 0;
		spin_unlock_irqrestore(&n->list_lock, flags);
	}
	return nr << s->gfporder;
}

static void flush_this_cpu(struct kmem_cache *s)
{
	unsigned long flags;

	local_irq_save(flags);
	flush_slab(s, this_cpu_ptr(s->cpu_slab));
	local_irq_restore(flags);
}

/* Give back up to about @nr_pages pages. Return: how many. */
static unsigned long shrink_cache(struct kmem_cache *s, unsigned long nr_pages)
{
	unsigned int max = DIV_ROUND_UP(nr_pages, 1UL << s->gfporder), nr = 0;
	int nid;

	flush_this_cpu(s);
	for_each_online_node(nid)
		if (nr < max)
			nr += discard_empty_slabs(s, nid, max - nr);
	return (unsigned long)nr << s->gfporder;
}

/* Objects, to the page allocator, are pages. */
static int shrink_empty_slabs(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long left = 0, freed = 0;
	struct kmem_cache *s;

	(void)shrinker;
	if (!spin_trylock(&slab_lock))
		return -1;
	list_for_each_entry(s, &slab_caches, list) {
		if (freed < sc->nr_to_scan)
			freed += shrink_cache(s, sc->nr_to_scan - freed);
		left += empty_slab_pages(s);
	}
	spin_unlock(&slab_lock);
	return (int)left;
}

static struct shrinker slub_shrinker = { .shrink = shrink_empty_slabs, .seeks = 1 };

/* From now on who reclaims memory asks the caches, too. */
void __init slub_shrinker_init(void)
{
	register_shrinker(&slub_shrinker);
}
