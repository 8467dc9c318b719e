// SPDX-License-Identifier: MIT
/*
 * The slabs of a cache on one node: which list each is on, and how many free objects are enough.
 *
 *    take        partial, or else free           partial ----> full
 *    put         partial <---- full;    free <---- partial
 *    too many    the last of free ----> doomed, whose pages are given back when the lock is
 *    released
 *
 * Under list_lock. Slabs are given back outside of it, because what their bits lie in may be an
 * object of another cache.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include "slab.h"

unsigned int slab_cpus_per_node;

/*
 * Free objects that a node may keep: a batch for each of its CPUs, one more, and a slab.
 * Linux's.
 */
void kmem_cache_node_init(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	spin_lock_init(&node->list_lock);
	INIT_LIST_HEAD(&node->slabs_partial);
	INIT_LIST_HEAD(&node->slabs_full);
	INIT_LIST_HEAD(&node->slabs_free);
	node->free_limit = (1 + slab_cpus_per_node) * cachep->batchcount + cachep->num;
}

/* The list that a slab belongs on of which somebody has objects. */
static struct list_head *slab_list(struct kmem_cache *cachep, struct kmem_cache_node *node,
				   const struct slab *slab)
{
	VM_BUG_ON(!slab->inuse, "%s: nobody has objects of the slab", cachep->name);
	return slab->inuse == cachep->num ? &node->slabs_full : &node->slabs_partial;
}

/* A slab with free objects; NULL if there is none. */
static struct slab *first_slab(struct kmem_cache_node *node)
{
	if (!list_empty(&node->slabs_partial))
		return list_first_entry(&node->slabs_partial, struct slab, list);
	node->free_touched = true;
	if (!list_empty(&node->slabs_free))
		return list_first_entry(&node->slabs_free, struct slab, list);
	return NULL;
}

static const void *last_object(const struct kmem_cache *cachep, const struct slab *slab)
{
	return index_to_obj(cachep, slab, cachep->num - 1);
}

unsigned int take_objects(struct kmem_cache *cachep, struct kmem_cache_node *node, void **objs,
			  unsigned int nr)
{
	unsigned int taken = 0, wanted, got;
	struct slab *slab;

	assert_spin_locked(&node->list_lock);
	while (taken < nr && (slab = first_slab(node))) {
		VM_BUG_ON(slab->cache != cachep, "%s: a slab of %s", cachep->name,
			  slab->cache->name);
		wanted = min(nr - taken, cachep->num - slab->inuse);
		got = slab_take(cachep, slab, objs + taken, wanted);
		if (unlikely(got != wanted || objs[taken + got - 1] > last_object(cachep, slab)))
			got = slab_give_up(cachep, slab, objs + taken, got);
		taken += got;
		list_move(&slab->list, slab_list(cachep, node, slab));
	}
	node->free_objects -= taken;
	return taken;
}

/* Somebody wrote over an array, or into it: its place is lost, and with it the object that was there. */
static void __cold report_bad_entry(struct kmem_cache *cachep, const void *objp)
{
	slab_error(cachep, objp, "was put aside, and is no object of the cache: an array was written to",
		   NULL);
	atomic_inc(&cachep->nr_isolated);
}

/* An object that was freed twice, which only its bit remembers: it is left out. */
static void __cold report_bad_put(struct kmem_cache *cachep, const void *objp)
{
	slab_error(cachep, objp, "is no object, or was freed twice", NULL);
}

static bool is_in_slab_of(const struct kmem_cache *cachep, const void *objp)
{
	return virt_addr_valid(objp) && slab_of_page(cachep->page_origin, objp)->cache == cachep;
}

/*
 * As many objects as there are of the slab of the first one. Return: how many of them are done
 * with.
 */
static unsigned int free_run(struct kmem_cache *cachep, struct kmem_cache_node *node, void **objs,
			     unsigned int nr)
{
	struct slab *slab;
	unsigned int run;
	bool was_full;

	if (unlikely(!is_in_slab_of(cachep, objs[0]))) {
		report_bad_entry(cachep, objs[0]);
		return 1;
	}
	slab = virt_to_slab(cachep, objs[0]);
	was_full = slab->inuse == cachep->num;
	run = slab_put(cachep, slab, objs, nr);
	VM_BUG_ON(slab->cache != cachep || &cachep->node[slab_nid(slab)] != node,
		  "%s: %p is not of this node or cache", cachep->name, objs[0]);
	if (unlikely(run == 0)) {
		report_bad_put(cachep, objs[0]);
		return 1;
	}
	node->free_objects += run;
	if (slab->inuse == 0)
		list_move(&slab->list, &node->slabs_free);
	else if (was_full)
		list_move_tail(&slab->list, &node->slabs_partial);
	return run;
}

/* Take empty slabs off the list. */
static void doom_slab(struct kmem_cache *cachep, struct kmem_cache_node *node,
		      struct list_head *doomed)
{
	struct slab *slab = list_last_entry(&node->slabs_free, struct slab, list);

	list_move(&slab->list, doomed);
	node->free_objects -= cachep->num;
	node->nr_slabs--;
}

void free_block(struct kmem_cache *cachep, struct kmem_cache_node *node, void **objs,
		unsigned int nr, struct list_head *doomed)
{
	unsigned int done;

	assert_spin_locked(&node->list_lock);
	for (done = 0; done < nr; )
		done += free_run(cachep, node, objs + done, nr - done);
	while (node->free_objects > node->free_limit && !list_empty(&node->slabs_free))
		doom_slab(cachep, node, doomed);
}

unsigned int drain_freelist(struct kmem_cache *cachep, struct kmem_cache_node *node,
			    unsigned int max)
{
	unsigned long flags;
	LIST_HEAD(doomed);

	spin_lock_irqsave(&node->list_lock, flags);
	for (; max && !list_empty(&node->slabs_free); max--)
		doom_slab(cachep, node, &doomed);
	spin_unlock_irqrestore(&node->list_lock, flags);
	return slabs_destroy(cachep, &doomed);
}

static void empty_slabs(struct kmem_cache *cachep, struct kmem_cache_node *node,
			struct list_head *list)
{
	struct slab *slab;

	list_for_each_entry(slab, list, list) {
		node->free_objects += slab->inuse;
		atomic_sub((int)slab->inuse, &cachep->nr_isolated);
		slab->inuse = 0;
	}
	list_splice_init(list, &node->slabs_free);
}

void drain_isolated(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	unsigned long flags;

	spin_lock_irqsave(&node->list_lock, flags);
	empty_slabs(cachep, node, &node->slabs_partial);
	empty_slabs(cachep, node, &node->slabs_full);
	spin_unlock_irqrestore(&node->list_lock, flags);
}
