// SPDX-License-Identifier: MIT
/*
 * Giving back what arrays have put aside: all of it, before a cache is shrunk or destroyed, and a
 * part of it, when cache_reap() comes by.
 *
 *    drain_cpu_caches()        each CPU, asked by IPI     its array --> slabs
 *                              each node                  alien arrays, shared array --> slabs
 *
 * An array belongs to its CPU (S4), which therefore empties it itself; interrupts are off there.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/smp.h>
#include "slab.h"

/* Context: interrupts off. Return: the entries that the array had; NULL if there was none. */
static void **empty_cpu_array(struct kmem_cache *cachep, struct array_cache *ac)
{
	if (!ac_exists(ac))
		return NULL;
	array_free_oldest(cachep, ac, ac_avail(ac), numa_node_id());
	return ac->entry;
}

static void do_drain(void *cachep)
{
	empty_cpu_array(cachep, this_cpu_ptr(((struct kmem_cache *)cachep)->cpu_cache));
}

static void do_free(void *cachep)
{
	struct array_cache *ac = this_cpu_ptr(((struct kmem_cache *)cachep)->cpu_cache);

	if (empty_cpu_array(cachep, ac))
		free_array_memory(array_forget(ac));
}

unsigned int empty_shared_array(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	struct array_cache *ac;
	unsigned long flags;
	LIST_HEAD(doomed);

	spin_lock_irqsave(&node->list_lock, flags);
	if (node->shared) {
		ac = &node->shared->ac;
		free_block(cachep, node, ac->entry + 1, ac_avail(ac), &doomed);
		ac->top = ac->entry;
	}
	spin_unlock_irqrestore(&node->list_lock, flags);
	return slabs_destroy(cachep, &doomed);
}

static void drain_nodes(struct kmem_cache *cachep)
{
	int nid;

	for_each_online_node(nid)
		drain_alien_caches(cachep, &cachep->node[nid]);
	for_each_online_node(nid)
		empty_shared_array(cachep, &cachep->node[nid]);
}

void drain_cpu_caches(struct kmem_cache *cachep)
{
	on_each_cpu_mask(cpu_online_mask, do_drain, cachep, true);
	drain_nodes(cachep);
}

static void free_node_arrays(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	struct locked_array *shared;
	unsigned long flags;
	int nid;

	spin_lock_irqsave(&node->list_lock, flags);
	shared = node->shared;
	node->shared = NULL;
	spin_unlock_irqrestore(&node->list_lock, flags);
	BUG_ON(shared && ac_avail(&shared->ac), "%s: %u objects are shared", cachep->name,
	       ac_avail(&shared->ac));
	free_array_memory(shared);
	for_each_online_node(nid) {
		free_array_memory(node->alien[nid]);
		node->alien[nid] = NULL;
	}
}

void free_cpu_arrays(struct kmem_cache *cachep)
{
	int nid;

	on_each_cpu_mask(cpu_online_mask, do_free, cachep, true);
	drain_nodes(cachep);
	for_each_online_node(nid)
		free_node_arrays(cachep, &cachep->node[nid]);
}

int kmem_cache_shrink(struct kmem_cache *cachep)
{
	unsigned int nr_slabs = 0;
	int nid;

	kasan_quarantine_drain_cache(cachep);
	drain_cpu_caches(cachep);
	for_each_online_node(nid) {
		drain_freelist(cachep, &cachep->node[nid], ~0u);
		nr_slabs += cachep->node[nid].nr_slabs;
	}
	return nr_slabs != 0;
}

/*
 * How many objects a visit takes: a fifth of the limit, but half of what there is if that is
 * less.
 */
static unsigned int nr_to_drain(const struct array_cache *ac, unsigned int limit)
{
	unsigned int nr = (limit + 4) / 5, avail = ac_avail(ac);

	return nr > avail ? (avail + 1) / 2 : nr;
}

void drain_cpu_array(struct kmem_cache *cachep)
{
	struct array_cache *ac;
	unsigned long flags;

	local_irq_save(flags);
	ac = this_cpu_ptr(cachep->cpu_cache);
	if (ac->touched)
		ac->touched = false;
	else if (ac_avail(ac))
		array_free_oldest(cachep, ac, nr_to_drain(ac, cachep->limit), numa_node_id());
	local_irq_restore(flags);
}

void drain_shared_array(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	struct array_cache *ac;
	unsigned long flags;
	unsigned int nr;
	LIST_HEAD(doomed);

	spin_lock_irqsave(&node->list_lock, flags);
	ac = node->shared ? &node->shared->ac : NULL;
	if (ac && !ac->touched) {
		nr = nr_to_drain(ac, shared_limit(cachep));
		free_block(cachep, node, ac->top + 1 - nr, nr, &doomed);
		ac->top -= nr;
	}
	if (ac)
		ac->touched = false;
	spin_unlock_irqrestore(&node->list_lock, flags);
	slabs_destroy(cachep, &doomed);
}
