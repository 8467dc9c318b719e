// SPDX-License-Identifier: MIT
/*
 * From addresses to objects, and from a cache to all its objects: for reports, debugging and
 * checks.
 *
 *    nearest_obj()                    the page's slab, the object's number there, its address
 *    kmem_cache_for_each_object()     mark_arrays(); the slabs of all lists of all nodes; unmark
 *
 * An object that is in an array is not free in its slab. Whoever wants to tell those from objects
 * that somebody has, marks them as free for the time being: which they must not be before, so that
 * this also finds an object that is in two places.
 */
#define pr_fmt(fmt) "kmem_cache_check: " fmt
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include "slab.h"

/* --- Arrays --- */

bool for_each_array(struct kmem_cache *cachep,
		    bool (*func)(struct kmem_cache *cachep, struct array_cache *ac, int nid))
{
	unsigned int cpu;
	bool ok = true;
	int nid, to;

	for_each_possible_cpu(cpu)
		ok &= func(cachep, per_cpu_ptr(cachep->cpu_cache, cpu), cpu_to_node(cpu));
	for_each_online_node(nid) {
		struct kmem_cache_node *node = &cachep->node[nid];

		ok &= !node->shared || func(cachep, &node->shared->ac, nid);
		for_each_online_node(to)
			ok &= !node->alien[to] || func(cachep, &node->alien[to]->ac, to);
	}
	return ok;
}

/* Flip the mark of an object. Return: was it marked as free? */
static bool flip(struct kmem_cache *cachep, struct slab *slab, unsigned int index)
{
	kmem_bufctl_t *word = &slab_bufctl(cachep, slab)[index / BUFCTL_BITS];

	*word ^= 1u << index % BUFCTL_BITS;
	return !(*word >> index % BUFCTL_BITS & 1);
}

static bool mark_array(struct kmem_cache *cachep, struct array_cache *ac, int nid)
{
	bool ok = true;
	void **entry;

	(void)nid;
	for (entry = ac->entry + 1; entry <= ac->top; entry++) {
		struct slab *slab = virt_to_slab(cachep, *entry);

		if (!flip(cachep, slab, obj_to_index(cachep, slab, *entry)))
			continue;
		pr_err("%s: S3: %p is in an array, and free or in another\n", cachep->name, *entry);
		ok = false;
	}
	return ok;
}

/* The same again takes the marks off. */
static bool unmark_array(struct kmem_cache *cachep, struct array_cache *ac, int nid)
{
	void **entry;

	(void)nid;
	for (entry = ac->entry + 1; entry <= ac->top; entry++) {
		struct slab *slab = virt_to_slab(cachep, *entry);

		flip(cachep, slab, obj_to_index(cachep, slab, *entry));
	}
	return true;
}

bool mark_arrays(struct kmem_cache *cachep)
{
	return for_each_array(cachep, mark_array);
}

void unmark_arrays(struct kmem_cache *cachep)
{
	for_each_array(cachep, unmark_array);
}

/* What the places above the top of an array have been given out since they were filled. */
static bool erase_stale(struct kmem_cache *cachep, struct array_cache *ac, int nid)
{
	struct locked_array *locked = container_of(ac, struct locked_array, ac);
	void *block = ac->entry == locked->entry ? (void *)locked : (void *)ac->entry;

	(void)cachep;
	(void)nid;
	if (ac_exists(ac))
		memset(ac->top + 1, 0,
		       (size_t)((char *)block + ksize(block) - (char *)(ac->top + 1)));
	return true;
}

/* --- Objects --- */

void *nearest_obj(const struct kmem_cache *cachep, const void *addr)
{
	const struct slab *slab;
	unsigned int index;

	if (!virt_addr_valid(addr))
		return NULL;
	slab = slab_of_page(cachep->page_origin, addr);
	if (!slab_is_slab(slab) || slab->cache != cachep || addr < slab->s_mem)
		return NULL;
	index = obj_to_index(cachep, slab, addr);
	return index < cachep->num ? index_to_obj(cachep, slab, index) : NULL;
}

/* What is called for each object. */
struct visit {
	void (*func)(struct kmem_cache *cachep, void *objp, bool in_use, void *arg);
	void *arg;
};

static void visit_slabs(struct kmem_cache *cachep, struct list_head *list, const struct visit *visit)
{
	struct slab *slab;
	unsigned int i;
	bool in_use;

	list_for_each_entry(slab, list, list)
		for (i = 0; i < cachep->num; i++) {
			void *objp = index_to_obj(cachep, slab, i);

			in_use = !index_is_free(cachep, slab, i) &&
				 (!is_debugged(cachep) || slab_debug_in_use(cachep, objp));
			visit->func(cachep, objp, in_use, visit->arg);
		}
}

bool kmem_cache_for_each_object(struct kmem_cache *cachep,
				void (*func)(struct kmem_cache *cachep, void *objp, bool in_use, void *arg),
				void *arg)
{
	const struct visit visit = { func, arg };
	int nid;

	mark_arrays(cachep);
	for_each_online_node(nid) {
		visit_slabs(cachep, &cachep->node[nid].slabs_full, &visit);
		visit_slabs(cachep, &cachep->node[nid].slabs_partial, &visit);
		visit_slabs(cachep, &cachep->node[nid].slabs_free, &visit);
	}
	unmark_arrays(cachep);
	for_each_array(cachep, erase_stale);
	return true;
}
