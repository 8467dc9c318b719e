// SPDX-License-Identifier: MIT
/*
 * Walks everything that a cache has, and counts: U1 to U5 of slub.c, N1 of slub_node.c, C1 and C2
 * of slub_cpu.c.
 *
 *    the list of each node       slabs that are not frozen, with free objects
 *    what each CPU has           slabs that are frozen
 *    the memory map              all slabs: are there any others?
 */
#define pr_fmt(fmt) "kmem_cache_check: " fmt
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/printk.h>
#include "slub.h"

#define cache_ok(ok, s, fmt, ...) ({							\
	bool __ok = (ok);								\
	if (!__ok)									\
		pr_err("%s: " fmt "\n", (s)->name, ##__VA_ARGS__);			\
	__ok; })

struct sum {
	unsigned long nr_slabs;
	unsigned long nr_partial;	/* not frozen, with free objects */
	unsigned long nr_frozen;	/* but not isolated */
	unsigned long nr_isolated;
};

/* --- One slab --- */

/* Is this a slab of the cache at all? */
static bool check_slab_page(struct kmem_cache *s, struct slab *slab)
{
	unsigned int i;

	if (!cache_ok(page_in_map(slab_page(slab)), s, "%p is no slab", (void *)slab))
		return false;
	for (i = 0; i < 1U << s->gfporder; i++)
		if (!cache_ok(PageSlab(slab_page(slab) + i) && slab[i].cache == s, s,
			      "U1: page %u of slab %p", i, slab_address(slab)))
			return false;
	return true;
}

/* As the memory map has it. */
static bool check_slab(struct kmem_cache *s, struct slab *slab, void *arg)
{
	union freelist_state state = freelist_state(slab);
	int nr = freelist_length(s, slab_address(slab), state.freelist, NULL);
	struct sum *sum = arg;

	sum->nr_slabs++;
	sum->nr_isolated += state.isolated;
	sum->nr_frozen += state.frozen && !state.isolated;
	sum->nr_partial += !state.frozen && state.freelist;
	return check_slab_page(s, slab) &&
	       cache_ok(nr >= 0 && (unsigned int)nr + state.inuse == s->num, s,
			"U2: slab %p has %u in use and %d free of %u", slab_address(slab),
			state.inuse, nr, s->num) &&
	       cache_ok(visit_objects(s, slab, NULL), s, "U3: an object of slab %p is free twice",
			slab_address(slab));
}

/* --- Those of nodes --- */

static bool check_node(struct kmem_cache *s, int nid, unsigned long *nr_partial)
{
	struct kmem_cache_node *n = get_node(s, nid);
	union freelist_state state;
	unsigned int nr = 0;
	struct slab *slab;

	list_for_each_entry(slab, &n->partial, list) {
		if (!check_slab_page(s, slab))
			return false;
		state = freelist_state(slab);
		if (!cache_ok(!state.frozen && state.freelist && slab_nid(slab) == nid, s,
			      "N1: slab %p of node %d, counters %x, is on node %d's list",
			      slab_address(slab), slab_nid(slab), state.counters, nid))
			return false;
		nr++;
	}
	*nr_partial += nr;
	return cache_ok(nr == n->nr_partial, s, "N1: node %d has %u partial slabs, not %u", nid, nr,
			n->nr_partial);
}

/* --- Those of CPUs --- */

static bool check_cpu_slab(struct kmem_cache *s, unsigned int cpu, struct slab *slab)
{
	return check_slab_page(s, slab) &&
	       cache_ok(freelist_state(slab).frozen, s, "U4: slab %p of CPU %u is not frozen",
			slab_address(slab), cpu) &&
	       cache_ok(slab_nid(slab) == cpu_to_node(cpu), s, "U5: slab %p of CPU %u is of node %d",
			slab_address(slab), cpu, slab_nid(slab));
}

static bool check_freed(struct kmem_cache *s, unsigned int cpu, const struct detached_freelist *freed)
{
	void *tail = NULL;
	int nr = freelist_length(s, freed->list.base, freed->list.freelist, &tail);

	return cache_ok(nr >= 0 && (unsigned int)nr == freed->cnt && (!nr || tail == freed->tail), s,
			"C2: CPU %u freed %u objects, and has %d", cpu, freed->cnt, nr) &&
	       cache_ok(nr || freed->list.base == NO_SLAB, s, "C1: CPU %u freed to %p", cpu, freed->list.base);
}

static bool check_cpu(struct kmem_cache *s, unsigned int cpu, unsigned long *nr_frozen)
{
	const struct kmem_cache_cpu *c = per_cpu_ptr(s->cpu_slab, cpu);
	struct slab *slab;

	if (!cache_ok(c->base == (c->page ? slab_address(c->page) : NO_SLAB), s,
		      "C1: CPU %u has slab %p at %p", cpu, (void *)c->page, c->base) ||
	    !cache_ok(freelist_length(s, c->base, c->freelist, NULL) >= 0, s,
		      "U3: the freelist of CPU %u is damaged", cpu) ||
	    !check_freed(s, cpu, &c->freed) || (c->page && !check_cpu_slab(s, cpu, c->page)))
		return false;
	*nr_frozen += c->page != NULL;
	for (slab = c->partial; slab; slab = slab->next, ++*nr_frozen)
		if (!check_cpu_slab(s, cpu, slab) ||
		    !cache_ok(freelist_state(slab).freelist, s, "slab %p of CPU %u is full",
			      slab_address(slab), cpu))
			return false;
	return true;
}

/* --- All --- */

bool kmem_cache_check(struct kmem_cache *s)
{
	unsigned long nr_slabs = 0, nr_partial = 0, nr_frozen = 0;
	struct sum sum = { 0 };
	unsigned int cpu;
	int nid;

	for_each_online_node(nid) {
		nr_slabs += (unsigned long)atomic_read(&get_node(s, nid)->nr_slabs);
		if (!check_node(s, nid, &nr_partial))
			return false;
	}
	for_each_possible_cpu(cpu)
		if (!check_cpu(s, cpu, &nr_frozen))
			return false;
	if (!for_each_slab(s, check_slab, &sum))
		return false;
	return cache_ok(sum.nr_slabs == nr_slabs, s, "%lu slabs, not %lu", sum.nr_slabs, nr_slabs) &&
	       cache_ok(sum.nr_partial == nr_partial && sum.nr_frozen == nr_frozen, s,
			"U4: %lu slabs are partial and %lu frozen; nodes have %lu, CPUs %lu",
			sum.nr_partial, sum.nr_frozen, nr_partial, nr_frozen) &&
	       cache_ok(sum.nr_isolated == (unsigned long)atomic_read(&s->nr_isolated_slabs), s,
			"%lu slabs are isolated, not %d", sum.nr_isolated,
			atomic_read(&s->nr_isolated_slabs));
}
