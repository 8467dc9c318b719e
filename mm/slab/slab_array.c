// SPDX-License-Identifier: MIT
/*
 * Arrays of objects that are put aside: where they are, how they come to be, and how objects move
 * between them.
 *
 *    every CPU's table      cpu_caches[slot]      top, end, entry  ---> | NULL | obj | obj | ...
 *    cachep->cpu_cache      &cpu_caches[slot], to be shifted to a CPU's copy
 *
 *    oldest ... newest                        a CPU's array overflows: the oldest batch goes
 *    | a b c | d e f g |   -> shared array or slabs: a b c
 *    | d e f g |
 *
 * An array is made when its CPU first has need of it, which may be never. To make it is to
 * allocate an object of a size class, whose array may not exist either: while that goes on
 * the CPU makes no other, and takes what it needs from slabs one by one.
 *
 * A1. The slot of a CPU without an array has entry == top == no_objects and end NULL.
 * A2. entry[0] of an array is NULL, whatever the array holds.
 *
 * Differs from Linux: which makes the arrays of all online CPUs together with the cache, so that
 * a machine of many CPUs has many that nobody uses.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <lib/bitmap.h>
#include <lib/string.h>
#include "slab.h"

void *no_objects[1];

#define NO_ARRAY	{ .top = no_objects, .end = NULL, .entry = no_objects }

static DEFINE_PER_CPU(struct array_cache, cpu_caches[NR_CPU_SLOTS]) = {
	[0 ... NR_CPU_SLOTS - 1] = NO_ARRAY,
};

/* Slots that caches have, all of those before first_free_slot among them. Under slab_lock. */
static unsigned long slots_taken[BITS_TO_LONGS(NR_CPU_SLOTS)];
static unsigned long first_free_slot;

/* This CPU is making an array. */
static DEFINE_PER_CPU(bool, making_array);

/* Objects that the allocator itself has, and does not give back with what they were made for. */
static atomic_t nr_internal = ATOMIC_INIT(0);

/* --- Slots --- */

bool take_cpu_slot(struct kmem_cache *cachep)
{
	unsigned long slot;

	spin_lock(&slab_lock);
	slot = first_free_slot;
	if (slot < NR_CPU_SLOTS && test_bit(slot, slots_taken))
		slot = find_next_zero_bit(slots_taken, NR_CPU_SLOTS, slot);
	if (slot < NR_CPU_SLOTS) {
		__set_bit(slot, slots_taken);
		first_free_slot = slot + 1;
	}
	spin_unlock(&slab_lock);
	cachep->cpu_cache = slot < NR_CPU_SLOTS ? &cpu_caches[slot] : NULL;
	return cachep->cpu_cache;
}

void put_cpu_slot(struct kmem_cache *cachep)
{
	unsigned int slot = (unsigned int)(cachep->cpu_cache - cpu_caches);

	BUG_ON(slot >= NR_CPU_SLOTS, "%s: slot %u", cachep->name, slot);
	spin_lock(&slab_lock);
	BUG_ON(!__test_and_clear_bit(slot, slots_taken), "%s: slot %u is nobody's", cachep->name, slot);
	first_free_slot = min(first_free_slot, slot + 0ul);
	spin_unlock(&slab_lock);
	cachep->cpu_cache = NULL;
}

/* --- The allocator's own objects --- */

void count_internal_objects(int nr)
{
	atomic_add(nr, &nr_internal);
}

unsigned long kmem_internal_objects(void)
{
	return (unsigned long)atomic_read(&nr_internal);
}

/* --- Making arrays --- */

void array_init(struct array_cache *ac, void **entry, unsigned int limit)
{
	entry[0] = NULL;
	ac->entry = ac->top = entry;
	ac->end = nr_online_nodes == 1 ? entry + limit : NULL;
	ac->touched = false;
}

void **array_forget(struct array_cache *ac)
{
	void **entry = ac->entry;

	VM_BUG_ON(ac_avail(ac), "%u objects are in it", ac_avail(ac));
	*ac = (struct array_cache)NO_ARRAY;
	return entry;
}

/* Memory for an array. Context: interrupts off. NULL if the CPU is making one already. */
static void *alloc_for_array(size_t bytes)
{
	void *memory;

	if (slab_state < UP || __this_cpu_read(making_array))
		return NULL;
	__this_cpu_write(making_array, true);
	memory = kmalloc(bytes, GFP_NOWAIT | __GFP_NOWARN);
	__this_cpu_write(making_array, false);
	count_internal_objects(memory != NULL);
	return memory;
}

void free_array_memory(void *memory)
{
	if (!memory)
		return;
	count_internal_objects(-1);
	kfree(memory);
}

void setup_cpu_array(struct kmem_cache *cachep, struct array_cache *ac)
{
	void **entry;

	VM_BUG_ON(!irqs_disabled() || ac_exists(ac), "%s has an array", cachep->name);
	if (!cachep->limit)
		return;
	entry = alloc_for_array((cachep->limit + 1) * sizeof(void *));
	if (entry)
		array_init(ac, entry, cachep->limit);
}

struct locked_array *alloc_locked_array(unsigned int limit)
{
	struct locked_array *array = alloc_for_array(sizeof(*array) + (limit + 1) * sizeof(void *));

	if (!array)
		return NULL;
	spin_lock_init(&array->lock);
	array_init(&array->ac, array->entry, limit);
	return array;
}

/* Two CPUs may want it at once: the second one's is given back. */
static void setup_shared_array(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	struct locked_array *array = alloc_locked_array(shared_limit(cachep));

	spin_lock(&node->list_lock);
	if (!node->shared)
		swap(node->shared, array);
	spin_unlock(&node->list_lock);
	free_array_memory(array);
}

/* --- Moving objects --- */

unsigned int transfer_objects(struct array_cache *to, unsigned int room, struct array_cache *from,
			      unsigned int max)
{
	unsigned int nr = min(min(ac_avail(from), max), room);

	if (!nr)
		return 0;
	from->top -= nr;
	memcpy(to->top + 1, from->top + 1, nr * sizeof(void *));
	to->top += nr;
	from->touched = to->touched = true;
	return nr;
}

/* The @nr oldest objects have left an array; the others move up. */
static void forget_oldest(struct array_cache *ac, unsigned int nr)
{
	memmove(ac->entry + 1, ac->entry + 1 + nr, (ac_avail(ac) - nr) * sizeof(void *));
	ac->top -= nr;
}

void array_free_oldest(struct kmem_cache *cachep, struct array_cache *ac, unsigned int nr, int nid)
{
	struct kmem_cache_node *node = &cachep->node[nid];
	LIST_HEAD(doomed);

	VM_BUG_ON(nr > ac_avail(ac), "%s: %u of %u objects", cachep->name, nr, ac_avail(ac));
	spin_lock(&node->list_lock);
	free_block(cachep, node, ac->entry + 1, nr, &doomed);
	spin_unlock(&node->list_lock);
	forget_oldest(ac, nr);
	slabs_destroy(cachep, &doomed);
}

/* Move the oldest objects to the shared array, as far as it has room. Return: how many. */
static unsigned int flush_to_shared(struct kmem_cache *cachep, struct array_cache *ac,
				    struct kmem_cache_node *node, unsigned int batch)
{
	struct array_cache *shared = &node->shared->ac;
	unsigned int nr;

	spin_lock(&node->list_lock);
	nr = min(batch, shared_limit(cachep) - ac_avail(shared));
	if (nr) {
		memcpy(shared->top + 1, ac->entry + 1, nr * sizeof(void *));
		shared->top += nr;
		forget_oldest(ac, nr);
	}
	spin_unlock(&node->list_lock);
	return nr;
}

void cache_flusharray(struct kmem_cache *cachep, struct array_cache *ac)
{
	int nid = numa_node_id();
	struct kmem_cache_node *node = &cachep->node[nid];
	unsigned int batch;

	VM_BUG_ON(!irqs_disabled() || !ac_exists(ac), "%s", cachep->name);
	ac->touched = true;
	if (unlikely(!node->shared) && cachep->shared)
		setup_shared_array(cachep, node);
	batch = min(cachep->batchcount, ac_avail(ac));
	if (!node->shared || !flush_to_shared(cachep, ac, node, batch))
		array_free_oldest(cachep, ac, batch, nid);
}
