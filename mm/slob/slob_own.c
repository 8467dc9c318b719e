// SPDX-License-Identifier: MIT
/*
 * Caches that have pages to themselves: of objects as large as a page or larger, and of objects
 * that are looked after (mm/slab_debug.c), which must stay in their places while they are free. A
 * slab is 2^gfporder pages that begin at a multiple of their size:
 *
 *    large          | object            |                       num = 1
 *    looked after   | pad | object 0, its records | object 1, ...  | unused |
 *                     bits: 1 for each that is free               num <= SLOB_OWN_MAX
 *
 * W1. Every page of a slab has PG_slab and the cache; its first page is on the list of its cache.
 * W2. inuse counts the objects that are not free, those that are isolated among them; the bits say
 *     which are free.
 * W3. A slab without an object in use is given back, but for one if the cache is looked after: what
 *     somebody writes to a free object is only seen as long as that is there.
 *
 * Under slob_lock. Here, unlike in shared pages, it is known what is an object and who has it.
 */
#define pr_fmt(fmt) "kmem_cache_check: " fmt
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <lib/bitops.h>
#include <lib/vsprintf.h>
#include <mm/fail_page_alloc.h>
#include <mm/memmap.h>
#include "slob.h"

/* As many as a word has bits. */
#define SLOB_OWN_MAX	32u

/* --- Where things are --- */

static unsigned long slab_bytes(const struct kmem_cache *cachep)
{
	return PAGE_SIZE << cachep->gfporder;
}

static void *index_to_obj(const struct kmem_cache *cachep, const struct slob_page *sp,
			  unsigned int index)
{
	return (char *)page_address((const struct page *)sp) + cachep->red_left_pad +
	       index * cachep->size;
}

/* The first page of the slab that a page belongs to. */
static struct slob_page *slab_of(const struct kmem_cache *cachep, const void *virt)
{
	return virt_to_slob((void *)ALIGN_DOWN((unsigned long)virt, slab_bytes(cachep)));
}

/* The number of the object that an address points into; num or more if it is none. */
static unsigned int obj_to_index(const struct kmem_cache *cachep, const void *virt)
{
	unsigned int offset = (unsigned long)virt % slab_bytes(cachep);

	return offset < cachep->red_left_pad ? cachep->num :
	       (offset - cachep->red_left_pad) / cachep->size;
}

void slob_own_geometry(struct kmem_cache *cachep)
{
	INIT_LIST_HEAD(&cachep->slabs);
	cachep->gfporder = get_order(cachep->red_left_pad + cachep->size);
	cachep->num = 1;
	if (is_debugged(cachep))
		cachep->num = min((unsigned int)(slab_bytes(cachep) - cachep->red_left_pad) / cachep->size,
				  SLOB_OWN_MAX);
}

/* --- Slabs --- */

static void init_objects(struct kmem_cache *cachep, struct slob_page *sp)
{
	unsigned int i;

	for (i = 0; cachep->ctor && i < cachep->num; i++)
		cachep->ctor(index_to_obj(cachep, sp, i));
	for (i = 0; is_debugged(cachep) && i < cachep->num; i++)
		slab_debug_init_object(cachep, index_to_obj(cachep, sp, i));
}

/* A slab that nobody else knows, with all objects free; NULL if there is no memory. */
static struct slob_page *new_slab(struct kmem_cache *cachep, gfp_t flags, int nid)
{
	struct slob_page *sp = slob_new_pages(cachep, flags | cachep->allocflags, nid,
					      cachep->gfporder);

	if (!sp)
		return NULL;
	sp->inuse = 0;
	sp->bits = ~0u >> (SLOB_OWN_MAX - cachep->num);
	init_objects(cachep, sp);
	return sp;
}

/* Context: slob_lock held; so for the next three. */
static void *take(struct kmem_cache *cachep, struct slob_page *sp)
{
	unsigned int index = __ffs(sp->bits);

	VM_BUG_ON(sp->inuse >= cachep->num, "%s: %u of %u in use", cachep->name, sp->inuse, cachep->num);
	sp->bits &= ~(1u << index);
	cachep->nr_empty -= sp->inuse++ == 0;
	cachep->nr_objects++;
	return index_to_obj(cachep, sp, index);
}

static void add_slab(struct kmem_cache *cachep, struct slob_page *sp)
{
	list_add(&sp->list, &cachep->slabs);
	cachep->nr_slabs++;
	cachep->nr_empty++;
}

static void remove_slab(struct kmem_cache *cachep, struct slob_page *sp)
{
	list_del(&sp->list);
	cachep->nr_slabs--;
	cachep->nr_empty--;
}

/* From a slab that there is; NULL if none has a free object on the node. */
static void *take_from_slabs(struct kmem_cache *cachep, int nid)
{
	struct slob_page *sp;
	unsigned long flags;
	void *objp = NULL;

	flags = lock_slob();
	list_for_each_entry(sp, &cachep->slabs, list)
		if (sp->bits && (nid == NUMA_NO_NODE || page_to_nid(slob_to_page(sp)) == nid)) {
			objp = take(cachep, sp);
			break;
		}
	unlock_slob(flags);
	return objp;
}

static void *take_from_new_slab(struct kmem_cache *cachep, gfp_t flags, int nid)
{
	struct slob_page *sp = new_slab(cachep, flags, nid);
	unsigned long irq_flags;
	void *objp;

	if (!sp)
		return NULL;
	irq_flags = lock_slob();
	add_slab(cachep, sp);
	objp = take(cachep, sp);
	unlock_slob(irq_flags);
	return objp;
}

/* Large objects have no slab with room in it: it is not searched. */
static void *take_object(struct kmem_cache *cachep, gfp_t flags, int nid)
{
	void *objp = is_debugged(cachep) ? take_from_slabs(cachep, nid) : NULL;

	if (!objp)
		objp = take_from_new_slab(cachep, flags, nid);
	if (!objp && is_debugged(cachep) && !(flags & __GFP_THISNODE))
		objp = take_from_slabs(cachep, NUMA_NO_NODE);
	return objp;
}

void *slob_own_alloc(struct kmem_cache *cachep, gfp_t flags, int nid, const void *caller)
{
	void *objp;

	if (is_debugged(cachep) && should_failslab(cachep, flags, caller))
		return NULL;
	do
		objp = take_object(cachep, flags, nid);
	while (objp && is_debugged(cachep) && !slab_debug_alloc(cachep, objp, caller));
	return objp;
}

/* --- Freeing --- */

/* Context: the slab is on no list any more, and its objects are free, or isolated. */
static void destroy_slab(struct kmem_cache *cachep, struct slob_page *sp)
{
	unsigned int i;

	for (i = 0; is_debugged(cachep) && i < cachep->num; i++)
		if (sp->bits >> i & 1)
			slab_debug_destroy_object(cachep, index_to_obj(cachep, sp, i));
	slob_free_pages(sp, cachep->gfporder);
}

/* What is wrong with an address in one of the cache's pages; NULL if nothing is. */
static const char *bad_object(const struct kmem_cache *cachep, const void *objp, char *text,
			      size_t size)
{
	const void *nearest = nearest_obj(cachep, objp);

	if (!nearest)
		return "lies in a slab, but not in an object";
	if (nearest != objp) {
		snprintf(text, size, "lies %u bytes inside of object %p",
			 (unsigned int)((const char *)objp - (const char *)nearest), nearest);
		return text;
	}
	if (slab_of(cachep, objp)->bits >> obj_to_index(cachep, objp) & 1)
		return "is free already";
	return NULL;
}

/* W3. Return: the slab is nobody's any more. Context: slob_lock held. */
static bool put(struct kmem_cache *cachep, struct slob_page *sp, unsigned int index)
{
	sp->bits |= 1u << index;
	cachep->nr_objects--;
	if (--sp->inuse)
		return false;
	if (++cachep->nr_empty == 1 && is_debugged(cachep))
		return false;
	remove_slab(cachep, sp);
	return true;
}

void slob_own_free(struct kmem_cache *cachep, void *objp, const void *caller)
{
	struct slob_page *sp = slab_of(cachep, objp);
	unsigned long flags;
	const char *what;
	char text[80];
	bool is_empty;

	what = bad_object(cachep, objp, text, sizeof(text));
	if (unlikely(what)) {
		slab_error(cachep, objp, what, caller);
		return;
	}
	if (is_debugged(cachep) && !slab_debug_free(cachep, objp, caller))
		return;
	flags = lock_slob();
	is_empty = put(cachep, sp, obj_to_index(cachep, objp));
	unlock_slob(flags);
	if (is_empty)
		destroy_slab(cachep, sp);
}

/* Take a slab off the list whose objects are all free, or isolated; NULL if there is none. */
static struct slob_page *take_idle_slab(struct kmem_cache *cachep, bool isolated_too)
{
	struct slob_page *sp, *found = NULL;
	unsigned long flags;

	flags = lock_slob();
	list_for_each_entry(sp, &cachep->slabs, list)
		if (!sp->inuse || isolated_too) {
			found = sp;
			break;
		}
	if (found) {
		cachep->nr_empty += found->inuse != 0;
		cachep->nr_objects -= found->inuse;
		atomic_sub((int)found->inuse, &cachep->nr_isolated);
		remove_slab(cachep, found);
	}
	unlock_slob(flags);
	return found;
}

void slob_own_drain(struct kmem_cache *cachep, bool isolated_too)
{
	struct slob_page *sp;

	while ((sp = take_idle_slab(cachep, isolated_too)))
		destroy_slab(cachep, sp);
}

/* --- Looking at them --- */

void *nearest_obj(const struct kmem_cache *cachep, const void *addr)
{
	const struct slob_page *sp;
	unsigned int index;

	if (!virt_addr_valid(addr))
		return NULL;
	sp = virt_to_slob(addr);
	if (!slob_is_slob(sp) || sp->cache != cachep)
		return NULL;
	index = obj_to_index(cachep, addr);
	return index < cachep->num ? index_to_obj(cachep, slab_of(cachep, addr), index) : NULL;
}

bool kmem_cache_for_each_object(struct kmem_cache *cachep,
				void (*func)(struct kmem_cache *cachep, void *objp, bool in_use, void *arg),
				void *arg)
{
	struct slob_page *sp;
	unsigned int i;
	void *objp;

	if (cachep->units)
		return false;
	list_for_each_entry(sp, &cachep->slabs, list)
		for (i = 0; i < cachep->num; i++) {
			objp = index_to_obj(cachep, sp, i);
			func(cachep, objp, !(sp->bits >> i & 1) &&
			     (!is_debugged(cachep) || slab_debug_in_use(cachep, objp)), arg);
		}
	return true;
}

static bool check_slab(const struct kmem_cache *cachep, const struct slob_page *sp)
{
	unsigned int i;

	for (i = 0; i < 1U << cachep->gfporder; i++)
		if (!page_in_map((const struct page *)sp) || !slob_is_slob(sp + i) ||
		    sp[i].cache != cachep) {
			pr_err("%s: W1: page %u of slab %p\n", cachep->name, i, (const void *)sp);
			return false;
		}
	if (sp->inuse + hweight_long(sp->bits) == cachep->num)
		return true;
	pr_err("%s: W2: %u objects in use, free %08x, of %u\n", cachep->name, sp->inuse, sp->bits,
	       cachep->num);
	return false;
}

bool slob_own_check(const struct kmem_cache *cachep)
{
	unsigned long nr_slabs = 0, nr_objects = 0, nr_empty = 0;
	const struct slob_page *sp;

	list_for_each_entry(sp, &cachep->slabs, list) {
		if (!check_slab(cachep, sp))
			return false;
		nr_slabs++;
		nr_objects += sp->inuse;
		nr_empty += !sp->inuse;
	}
	if (nr_slabs == cachep->nr_slabs && nr_objects == cachep->nr_objects &&
	    nr_empty == cachep->nr_empty && nr_empty <= is_debugged(cachep))
		return true;
	pr_err("%s: W2, W3: %lu slabs, %lu of them empty, and %lu objects; counted %lu, %u, %lu\n",
	       cachep->name, nr_slabs, nr_empty, nr_objects, cachep->nr_slabs, cachep->nr_empty,
	       cachep->nr_objects);
	return false;
}
