// SPDX-License-Identifier: MIT
/*
 * What a CPU has of a cache, and how it gives that up.
 *
 *    every CPU's table      cpu_slabs[slot]     freelist, page, partial, freed
 *    s->cpu_slab            &cpu_slabs[slot], to be shifted to a CPU's copy
 *
 *    free, free, free       of objects of one slab, which is not c->page:
 *        freed:  base = the slab    freelist --> c --> b --> a <-- tail    cnt = 3
 *    free                   of an object of another slab: a, b and c go to theirs at once
 *
 * C1. A slot that is not in use, and that of a CPU which has nothing of the cache: freelist, page,
 *     partial NULL; base, freed.list.base NO_SLAB.
 * C2. What is on freed is in use, as far as its slab knows.
 *
 * Differs from Linux 3.10, where each object that is not of c->page goes to its slab by itself; there
 * kmem_cache_free_bulk() of 4.4 has such a list (its name is from there), for as long as the call
 * takes. Here it lasts, since a burst of frees is most often of objects that are neighbours.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/smp.h>
#include <lib/bitmap.h>
#include "slub.h"

#define EMPTY_LIST	{ { .base = NO_SLAB } }
#define NOTHING_FREED	{ .list = EMPTY_LIST }
#define NOTHING		{ .list = EMPTY_LIST, .freed = NOTHING_FREED }

static DEFINE_PER_CPU(struct kmem_cache_cpu, cpu_slabs[NR_CPU_SLOTS]) = {
	[0 ... NR_CPU_SLOTS - 1] = NOTHING,
};

/* Slots that caches have. Each bit changes by itself, and so there is no lock. */
static unsigned long slots_taken[BITS_TO_LONGS(NR_CPU_SLOTS)];

/* --- Slots --- */

bool take_cpu_slot(struct kmem_cache *s)
{
	unsigned long slot;

	do
		slot = find_next_zero_bit(slots_taken, NR_CPU_SLOTS, 0);
	while (slot < NR_CPU_SLOTS && test_and_set_bit(slot, slots_taken));
	s->cpu_slab = slot < NR_CPU_SLOTS ? &cpu_slabs[slot] : NULL;
	return s->cpu_slab;
}

void put_cpu_slot(struct kmem_cache *s)
{
	unsigned int slot = (unsigned int)(s->cpu_slab - cpu_slabs);

	BUG_ON(slot >= NR_CPU_SLOTS, "%s: slot %u", s->name, slot);
	BUG_ON(!test_and_clear_bit(slot, slots_taken), "%s: slot %u is nobody's", s->name, slot);
	s->cpu_slab = NULL;
}

/* --- Objects that were freed --- */

void flush_detached(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	const struct detached_freelist freed = c->freed;

	if (!freed.cnt)
		return;
	c->freed = (struct detached_freelist)NOTHING_FREED;
	free_detached(s, &freed);
}

/* --- Slabs for later --- */

static void unfreeze_partials(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	struct slab *slab;

	while ((slab = c->partial)) {
		c->partial = slab->next;
		unfreeze_slab(s, slab);
	}
}

void put_cpu_partial(struct kmem_cache *s, struct slab *slab, unsigned int nr_free)
{
	struct kmem_cache_cpu *c = this_cpu_ptr(s->cpu_slab);

	VM_BUG_ON(!irqs_disabled(), "%s", s->name);
	if (c->partial && c->partial->pobjects > s->cpu_partial)
		unfreeze_partials(s, c);
	push_cpu_partial(c, slab, nr_free);
}

/* --- Giving all up --- */

/* Put the objects of c->freelist back, and leave the slab to its node. */
static void deactivate_slab(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	struct slab *slab = c->page;
	void *freelist = c->freelist, *tail = NULL;
	int nr = freelist_length(s, c->base, freelist, &tail);

	c->freelist = NULL;
	set_cpu_slab(c, NULL);
	if (unlikely(nr < 0)) {
		isolate_slab(s, slab, freelist);
		return;
	}
	if (nr)
		__slab_free(s, slab, freelist, tail, (unsigned int)nr);
	unfreeze_slab(s, slab);
}

void flush_slab(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	flush_detached(s, c);
	if (c->page)
		deactivate_slab(s, c);
	unfreeze_partials(s, c);
}

static void flush_cpu_slab(void *cachep)
{
	struct kmem_cache *s = cachep;

	flush_slab(s, this_cpu_ptr(s->cpu_slab));
}

void flush_all(struct kmem_cache *s)
{
	on_each_cpu_mask(cpu_online_mask, flush_cpu_slab, s, true);
}
