// SPDX-License-Identifier: MIT
/*
 * Walks everything that a cache has, and counts: S1 to S4 of slab.c, A1 and A2 of slab_array.c.
 */
#define pr_fmt(fmt) "kmem_cache_check: " fmt
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/printk.h>
#include "slab.h"

#define cache_ok(ok, cachep, fmt, ...) ({						\
	bool __ok = (ok);								\
	if (!__ok)									\
		pr_err("%s: " fmt "\n", (cachep)->name, ##__VA_ARGS__);			\
	__ok; })

/* --- Slabs --- */

static bool check_pages(struct kmem_cache *cachep, struct slab *slab)
{
	unsigned int i;

	for (i = 0; i < 1U << cachep->gfporder; i++)
		if (!cache_ok(PageSlab(slab_page(slab) + i) && slab[i].cache == cachep &&
			      slab[i].s_mem == slab->s_mem, cachep, "S1: page %u of slab %p", i,
			      slab_address(slab)))
			return false;
	return true;
}

/* Do the objects lie in the slab, at a colour, and clear of the bits? */
static bool check_place(struct kmem_cache *cachep, struct slab *slab)
{
	unsigned long start = (unsigned long)slab_address(slab);
	unsigned long offset = (unsigned long)slab->s_mem - start;
	unsigned long end = offset + cachep->num * cachep->size;

	if (cachep->bufctl_place == BUFCTL_ON)
		end += bufctl_bytes(cachep->num);
	return cache_ok((offset - cachep->red_left_pad) % cachep->colour_off == 0 &&
			end <= PAGE_SIZE << cachep->gfporder, cachep,
			"G1: slab %p has its first object at %p", (void *)start, slab->s_mem);
}

static bool check_slab(struct kmem_cache *cachep, int nid, struct slab *slab, const char *which,
		       unsigned int min_inuse, unsigned int max_inuse)
{
	unsigned int nr_free, i;

	if (!cache_ok(page_in_map(slab_page(slab)), cachep, "%p on list %s is no slab",
		      (void *)slab, which) ||
	    !check_pages(cachep, slab) || !check_place(cachep, slab) ||
	    !cache_ok(slab_nid(slab) == nid, cachep, "slab %p of node %d is on node %d's list",
		      slab_address(slab), slab_nid(slab), nid))
		return false;
	for (i = nr_free = 0; i < cachep->num; i++)
		nr_free += index_is_free(cachep, slab, i);
	return cache_ok(slab->inuse + nr_free == cachep->num, cachep,
			"S3: slab %p has %u in use and %u free of %u", slab_address(slab),
			slab->inuse, nr_free, cachep->num) &&
	       cache_ok(slab->inuse >= min_inuse && slab->inuse <= max_inuse, cachep,
			"S2: slab %p with %u in use is on list %s", slab_address(slab),
			slab->inuse, which);
}

struct node_sum {
	unsigned long nr_slabs, nr_free;
};

static bool check_list(struct kmem_cache *cachep, int nid, struct list_head *list,
		       const char *which, unsigned int min_inuse, unsigned int max_inuse,
		       struct node_sum *sum)
{
	struct slab *slab;

	list_for_each_entry(slab, list, list) {
		if (!cache_ok(slab->list.next->prev == &slab->list, cachep, "list %s is torn at %p",
			      which, (void *)slab) ||
		    !check_slab(cachep, nid, slab, which, min_inuse, max_inuse))
			return false;
		sum->nr_slabs++;
		sum->nr_free += cachep->num - slab->inuse;
	}
	return true;
}

static bool check_node(struct kmem_cache *cachep, int nid)
{
	struct kmem_cache_node *node = &cachep->node[nid];
	struct node_sum sum = { 0 };
	unsigned long flags;
	bool ok;

	spin_lock_irqsave(&node->list_lock, flags);
	ok = check_list(cachep, nid, &node->slabs_full, "full", cachep->num, cachep->num, &sum) &&
	     check_list(cachep, nid, &node->slabs_partial, "partial", 1, cachep->num - 1, &sum) &&
	     check_list(cachep, nid, &node->slabs_free, "free", 0, 0, &sum) &&
	     cache_ok(sum.nr_slabs == node->nr_slabs && sum.nr_free == node->free_objects, cachep,
		      "S3: node %d has %lu slabs, %lu free objects, and counts %u and %lu", nid,
		      sum.nr_slabs, sum.nr_free, node->nr_slabs, node->free_objects);
	spin_unlock_irqrestore(&node->list_lock, flags);
	return ok;
}

/* --- Arrays --- */

static bool is_object(struct kmem_cache *cachep, const void *objp)
{
	const struct slab *slab = slab_of_page(cachep->page_origin, objp);

	return virt_addr_valid(objp) && slab_is_slab(slab) && slab->cache == cachep &&
	       is_object_start(cachep, slab, objp) &&
	       obj_to_index(cachep, slab, objp) < cachep->num;
}

static bool check_array(struct kmem_cache *cachep, struct array_cache *ac, int nid)
{
	void **entry;

	if (!cache_ok(ac->entry[0] == NULL && ac->top >= ac->entry &&
		      (ac_exists(ac) || !ac_avail(ac)), cachep, "A1, A2: array %p, %u objects",
		      (void *)ac->entry, ac_avail(ac)))
		return false;
	for (entry = ac->entry + 1; entry <= ac->top; entry++)
		if (!cache_ok(is_object(cachep, *entry), cachep, "%p in an array is no object",
			      *entry) ||
		    !cache_ok(slab_nid(virt_to_slab(cachep, *entry)) == nid, cachep,
			      "S4, N1: %p is not of node %d", *entry, nid))
			return false;
	return true;
}

bool kmem_cache_check(struct kmem_cache *cachep)
{
	bool ok;
	int nid;

	for_each_online_node(nid)
		if (!check_node(cachep, nid))
			return false;
	if (!for_each_array(cachep, check_array))
		return false;
	ok = mark_arrays(cachep);
	unmark_arrays(cachep);
	return ok;
}

/* --- Counting --- */

static unsigned long nr_in_arrays(struct kmem_cache *cachep)
{
	unsigned long sum = 0;
	unsigned int cpu;
	int nid, to;

	for_each_possible_cpu(cpu)
		sum += ac_avail(per_cpu_ptr(cachep->cpu_cache, cpu));
	for_each_online_node(nid) {
		const struct kmem_cache_node *node = &cachep->node[nid];

		sum += node->shared ? ac_avail(&node->shared->ac) : 0;
		for_each_online_node(to)
			sum += node->alien[to] ? ac_avail(&node->alien[to]->ac) : 0;
	}
	return sum;
}

unsigned long kmem_cache_objects_in_use(struct kmem_cache *cachep)
{
	unsigned long sum = 0;
	int nid;

	kasan_quarantine_drain_cache(cachep);
	for_each_online_node(nid) {
		const struct kmem_cache_node *node = &cachep->node[nid];

		sum += (unsigned long)node->nr_slabs * cachep->num - node->free_objects;
	}
	sum -= (unsigned long)atomic_read(&cachep->nr_isolated);
	return sum - nr_in_arrays(cachep);
}

void get_slabinfo(struct kmem_cache *cachep, struct slabinfo *info)
{
	unsigned long flags, nr_free = 0, nr_free_slabs = 0;
	struct slab *slab;
	int nid;

	*info = (struct slabinfo){
		.limit = cachep->limit, .batchcount = cachep->batchcount, .shared = cachep->shared,
		.objects_per_slab = cachep->num, .cache_order = cachep->gfporder,
	};
	for_each_online_node(nid) {
		struct kmem_cache_node *node = &cachep->node[nid];

		spin_lock_irqsave(&node->list_lock, flags);
		info->num_slabs += node->nr_slabs;
		nr_free += node->free_objects;
		list_for_each_entry(slab, &node->slabs_free, list)
			nr_free_slabs++;
		info->shared_avail += node->shared ? ac_avail(&node->shared->ac) : 0;
		spin_unlock_irqrestore(&node->list_lock, flags);
	}
	info->num_objs = info->num_slabs * cachep->num;
	info->active_objs = info->num_objs - nr_free;
	info->active_slabs = info->num_slabs - nr_free_slabs;
}
