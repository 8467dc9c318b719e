// SPDX-License-Identifier: MIT
/*
 * From a cache to all its slabs and objects, and back from an address: for reports, debugging and
 * checks.
 *
 * A slab that is full is on no list. So whoever wants to see all slabs goes along the memory map,
 * where each page knows which cache it is of; blocks of free pages are stepped over.
 *
 *    mem_map   | free 2^8 pages ... | foo | foo | bar | page table | foo | free 2^10 ...
 *                                     ^     ^                        ^
 *
 * Which objects of a slab are free, its freelist says; and those of CPUs, if the slab is one of
 * theirs. They are noted in a map of bits, of which there is one: object_map.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <lib/bitmap.h>
#include <lib/string.h>
#include <mm/buddy.h>
#include <mm/memmap.h>
#include <mm/mmzone.h>
#include "slub.h"

/* --- Slabs --- */

/*
 * From an entry of the memory map to the next that may begin a slab, if this one does not. No zone is locked: a free
 * block may be taken at any moment, and then its order is no more; so it counts if the block is free afterwards, too.
 */
static unsigned long step_over(const struct page *page)
{
	unsigned long order;

	if (!PageBuddy(page))
		return 1;
	order = READ_ONCE(page->private);
	smp_rmb();
	return PageBuddy(page) && order < MAX_ORDER ? 1UL << order : 1;
}

bool for_each_slab(struct kmem_cache *s,
		   bool (*func)(struct kmem_cache *s, struct slab *slab, void *arg), void *arg)
{
	struct page *page = mem_map, *end = virt_to_page(high_memory);
	bool ok = true;

	while (page < end) {
		struct slab *slab = (struct slab *)page;

		if (!PageSlab(page) || READ_ONCE(slab->cache) != s) {
			page += step_over(page);
			continue;
		}
		page += 1UL << s->gfporder;
		ok &= func(s, slab, arg);
	}
	return ok;
}

/* --- Which objects are free --- */

static unsigned long object_map[BITS_TO_LONGS(SLAB_BYTES_MAX / ARCH_SLAB_MINALIGN)];
static DEFINE_SPINLOCK(object_map_lock);

/* Note the objects of a freelist. Return: false if it is damaged, or one is noted already. */
static bool mark_freelist(struct kmem_cache *s, const struct slab *slab, void *freelist)
{
	void *base = slab_address(slab), *objp;

	for (objp = freelist; objp; objp = get_freepointer(s, objp))
		if (!is_object_of(s, base, objp) ||
		    __test_and_set_bit(obj_to_index(s, objp), object_map))
			return false;
	return true;
}

/* Note all free objects of a slab, wherever they are. Context: object_map_lock held. */
static bool mark_slab(struct kmem_cache *s, struct slab *slab)
{
	bool ok = mark_freelist(s, slab, freelist_state(slab).freelist);
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		const struct kmem_cache_cpu *c = per_cpu_ptr(s->cpu_slab, cpu);

		if (c->page == slab)
			ok &= mark_freelist(s, slab, c->freelist);
		if (c->freed.list.base == slab_address(slab))
			ok &= mark_freelist(s, slab, c->freed.list.freelist);
	}
	return ok;
}

bool visit_objects(struct kmem_cache *s, struct slab *slab, const struct object_visitor *visitor)
{
	bool isolated = freelist_state(slab).isolated, ok;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&object_map_lock, flags);
	bitmap_clear(object_map, 0, s->num);
	ok = mark_slab(s, slab);
	for (i = 0; visitor && i < s->num; i++) {
		void *objp = index_to_obj(s, slab, i);
		bool in_use = !isolated && !test_bit(i, object_map) &&
			      (!is_debugged(s) || slab_debug_in_use(s, objp));

		visitor->func(s, objp, in_use, visitor->arg);
	}
	spin_unlock_irqrestore(&object_map_lock, flags);
	return ok;
}

/* --- Objects --- */

void *nearest_obj(const struct kmem_cache *s, const void *addr)
{
	const struct slab *slab;
	unsigned int index;

	if (!virt_addr_valid(addr))
		return NULL;
	slab = slab_of_page(slab_page_origin, addr);
	if (!slab_is_slab(slab) || slab->cache != s)
		return NULL;
	index = obj_to_index(s, addr);
	return index < s->num ? index_to_obj(s, virt_to_slab(s, addr), index) : NULL;
}

static bool visit_slab(struct kmem_cache *s, struct slab *slab, void *visitor)
{
	return visit_objects(s, slab, visitor);
}

bool kmem_cache_for_each_object(struct kmem_cache *s,
				void (*func)(struct kmem_cache *s, void *objp, bool in_use, void *arg),
				void *arg)
{
	struct object_visitor visitor = { func, arg };

	for_each_slab(s, visit_slab, &visitor);
	return true;
}

/* --- Counting --- */

static bool add_inuse(struct kmem_cache *s, struct slab *slab, void *sum)
{
	union freelist_state state = freelist_state(slab);

	(void)s;
	*(unsigned long *)sum += state.isolated ? 0 : state.inuse;
	return true;
}

/* Objects that a CPU has, and that their slabs count as in use. */
static unsigned long nr_of_cpu(struct kmem_cache *s, unsigned int cpu)
{
	const struct kmem_cache_cpu *c = per_cpu_ptr(s->cpu_slab, cpu);
	int nr = freelist_length(s, c->base, c->freelist, NULL);
	unsigned int freed = c->freed.cnt;

	if (freed && freelist_state(virt_to_slab(s, c->freed.list.base)).isolated)
		freed = 0;
	return (nr > 0 ? (unsigned int)nr : 0) + freed;
}

unsigned long kmem_cache_objects_in_use(struct kmem_cache *s)
{
	unsigned long sum = 0;
	unsigned int cpu;

	kasan_quarantine_drain_cache(s);
	for_each_slab(s, add_inuse, &sum);
	for_each_possible_cpu(cpu)
		sum -= nr_of_cpu(s, cpu);
	return sum - (unsigned long)atomic_read(&s->nr_isolated);
}

/* Everything that the allocator itself has comes and goes with a cache. */
unsigned long kmem_internal_objects(void)
{
	return 0;
}

/* Free objects that a node knows of. */
static unsigned long count_partial(struct kmem_cache *s, struct kmem_cache_node *n)
{
	unsigned long nr = 0, flags;
	struct slab *slab;

	spin_lock_irqsave(&n->list_lock, flags);
	list_for_each_entry(slab, &n->partial, list)
		nr += s->num - freelist_state(slab).inuse;
	spin_unlock_irqrestore(&n->list_lock, flags);
	return nr;
}

/* As in Linux, what CPUs have counts as active, and a cache has no tunables. */
void get_slabinfo(struct kmem_cache *s, struct slabinfo *info)
{
	unsigned long nr_free = 0;
	int nid;

	*info = (struct slabinfo){ .objects_per_slab = s->num, .cache_order = s->gfporder };
	for_each_online_node(nid) {
		info->num_slabs += (unsigned long)atomic_read(&get_node(s, nid)->nr_slabs);
		nr_free += count_partial(s, get_node(s, nid));
	}
	info->num_objs = info->num_slabs * s->num;
	info->active_objs = info->num_objs - nr_free;
	info->active_slabs = info->num_slabs;
}
