// SPDX-License-Identifier: MIT
/*
 * One slab: how it is made of pages and given back, and what becomes of one whose freelist was
 * written to.
 *
 *    new_slab()                               discard_slab()
 *      allocate_slab()    alloc_pages           free_slab()    __free_pages
 *      setup_objects()    links, constructors
 *
 *    | 0 --> 1 --> 2 --> 3 --> NULL |         in the order of addresses, to begin with
 *
 * An object that is free begins with a pointer to the next. Where it may not be written to (a
 * constructor has been there, or a pattern), the pointer is behind it: s->offset.
 *
 * After new_slab(), allocate_slab() and free_slab() of Linux 3.10's mm/slub.c. Differs from it: a
 * slab always has the order of its cache, so that the address of an object leads to the beginning
 * of its slab, and to its number, without a look at the struct page.
 */
#include <kernel/bug.h>
#include <lib/vsprintf.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include "slub.h"

/* --- Pages --- */

/* Every page leads to the cache. */
static void mark_pages(struct kmem_cache *s, struct slab *slab)
{
	unsigned int i;

	for (i = 0; i < 1U << s->gfporder; i++) {
		__SetPageSlab(slab_page(slab) + i);
		slab[i].cache = s;
	}
}

/* As the page allocator wants them back. */
static void unmark_pages(struct slab *slab, unsigned int order)
{
	unsigned int i;

	for (i = 0; i < 1U << order; i++) {
		__ClearPageSlab(slab_page(slab) + i);
		slab[i].cache = NULL;
	}
	slab->state.freelist = NULL;
	atomic_set(&slab_page(slab)->_mapcount, -1);
}

static struct slab *allocate_slab(struct kmem_cache *s, gfp_t flags, int nid)
{
	flags = (flags & ~GFP_SLAB_STRIP_MASK) | s->allocflags;
	if (likely(nr_online_nodes == 1) || nid == NUMA_NO_NODE)
		return (struct slab *)alloc_pages(flags, s->gfporder);
	return (struct slab *)alloc_pages_exact_node(nid, flags | GFP_THISNODE, s->gfporder);
}

/* --- Objects --- */

/* Link them. Return: the first. */
static void *setup_freelist(const struct kmem_cache *s, const struct slab *slab)
{
	char *first = index_to_obj(s, slab, 0), *last = first + (s->num - 1) * s->size, *objp;
	const unsigned int size = s->size, offset = s->offset;

	for (objp = first; objp < last; objp += size)
		*(void **)(objp + offset) = objp + size;
	set_freepointer(s, last, NULL);
	return first;
}

static void setup_objects(struct kmem_cache *s, struct slab *slab)
{
	unsigned int i;

	for (i = 0; s->ctor && i < s->num; i++)
		s->ctor(index_to_obj(s, slab, i));
	for (i = 0; is_debugged(s) && i < s->num; i++)
		slab_debug_init_object(s, index_to_obj(s, slab, i));
	for (i = 0; KASAN_ON && i < s->num; i++)
		kasan_init_object(s, index_to_obj(s, slab, i));
}

static void check_objects(const struct kmem_cache *s, const struct slab *slab)
{
	unsigned int i;

	for (i = 0; i < s->num; i++)
		slab_debug_destroy_object(s, index_to_obj(s, slab, i));
}

struct slab *new_slab(struct kmem_cache *s, gfp_t flags, int nid)
{
	struct slab *slab;

	BUG_ON(flags & GFP_SLAB_BUG_MASK, "%s: gfp 0x%x", s->name, flags);
	slab = allocate_slab(s, flags, nid);
	if (!slab)
		return NULL;
	mark_pages(s, slab);
	count_slab_pages(s, 1 << s->gfporder);
	atomic_inc(&get_node(s, slab_nid(slab))->nr_slabs);
	slab->state = (union freelist_state){ { .freelist = setup_freelist(s, slab) } };
	setup_objects(s, slab);
	kasan_poison_slab(s, slab_page(slab), s->gfporder);
	return slab;
}

void discard_slab(struct kmem_cache *s, struct slab *slab)
{
	const unsigned int order = s->gfporder;

	VM_BUG_ON(slab->cache != s, "%s: a slab of %s", s->name, slab->cache->name);
	if (is_debugged(s))
		check_objects(s, slab);
	atomic_dec(&get_node(s, slab_nid(slab))->nr_slabs);
	unmark_pages(slab, order);
	count_slab_pages(s, -(1 << order));
	__free_pages(slab_page(slab), order);
}

/* --- Freelists --- */

int freelist_length(const struct kmem_cache *s, const void *base, void *freelist, void **tail)
{
	unsigned int nr = 0;
	void *objp;

	for (objp = freelist; objp; objp = get_freepointer(s, objp)) {
		if (!is_object_of(s, base, objp) || ++nr > s->num)
			return -1;
		if (tail)
			*tail = objp;
	}
	return (int)nr;
}

/*
 * How many objects are lost, is known only if none is on its way: in a cache that is looked after.
 * They are isolated one by one then, and the slab is as good as any that is full.
 */
static void isolate_free_objects(struct kmem_cache *s, struct slab *slab)
{
	union freelist_state old, new;

	do {
		old = new = freelist_state(slab);
		new.freelist = NULL;
		new.inuse = s->num;
	} while (!cmpxchg_double_slab(slab, old, new));
	atomic_add((int)(s->num - old.inuse), &s->nr_isolated);
}

static void isolate_whole_slab(struct kmem_cache *s, struct slab *slab)
{
	union freelist_state old, new;

	do {
		old = new = freelist_state(slab);
		new.freelist = NULL;
		new.inuse = s->num;
		new.isolated = new.frozen = 1;
	} while (!cmpxchg_double_slab(slab, old, new));
	atomic_inc(&s->nr_isolated_slabs);
}

void isolate_slab(struct kmem_cache *s, struct slab *slab, const void *bad)
{
	char text[80];

	if (is_debugged(s))
		isolate_free_objects(s, slab);
	else
		isolate_whole_slab(s, slab);
	snprintf(text, sizeof(text), "is where the free list of slab %p leads: it was written to",
		 slab_address(slab));
	slab_error(s, bad, text, NULL);
}
