// SPDX-License-Identifier: MIT
/*
 * One slab: how it is made of pages and given back, and how objects are taken out of it and put
 * back.
 *
 *    cache_grow()                            slabs_destroy()
 *      kmem_getpages()   alloc_pages            kmem_freepages()   __free_pages
 *      alloc_slabmgmt()  bits: all free         free_slabmgmt()
 *      cache_init_objs() constructors
 *      onto slabs_free                        off the list already
 *
 *    take 2:  bits 1111 1011  ->  1111 1000     index 0 and 1
 *    put 0:   bits 1111 1000  ->  1111 1001
 *
 * The lowest free object is taken first, so that a slab which is not full has its free objects at
 * its end, mostly, and fills up rather than being spread over.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include "slab.h"

/* --- Pages --- */

/* Every page leads to the slab's objects and to its cache: S1. */
static void mark_pages(struct kmem_cache *cachep, struct slab *slab, void *s_mem)
{
	unsigned int i;

	for (i = 0; i < 1U << cachep->gfporder; i++) {
		__SetPageSlab(slab_page(slab) + i);
		slab[i].cache = cachep;
		slab[i].s_mem = s_mem;
	}
}

/* As the page allocator wants them back. */
static void unmark_pages(struct kmem_cache *cachep, struct slab *slab)
{
	unsigned int i;

	atomic_set(&slab_page(slab)->_mapcount, -1);
	for (i = 0; i < 1U << cachep->gfporder; i++) {
		__ClearPageSlab(slab_page(slab) + i);
		slab[i].cache = NULL;
		slab[i].s_mem = NULL;
	}
}

static struct page *kmem_getpages(struct kmem_cache *cachep, gfp_t flags, int nid)
{
	flags = (flags & ~GFP_SLAB_STRIP_MASK) | cachep->allocflags;
	if (likely(nr_online_nodes == 1) || nid == NUMA_NO_NODE)
		return alloc_pages(flags, cachep->gfporder);
	return alloc_pages_exact_node(nid, flags | GFP_THISNODE, cachep->gfporder);
}

static void kmem_freepages(struct kmem_cache *cachep, struct slab *slab)
{
	unmark_pages(cachep, slab);
	count_slab_pages(cachep, -(1 << cachep->gfporder));
	__free_pages(slab_page(slab), cachep->gfporder);
}

/* --- Bits and objects --- */

/* All objects are free: ones in the lowest @num places. */
static void set_all_free(kmem_bufctl_t *bufctl, unsigned int num)
{
	for (; num > BUFCTL_BITS; num -= BUFCTL_BITS)
		*bufctl++ = ~(kmem_bufctl_t)0;
	*bufctl = ~(kmem_bufctl_t)0 >> (BUFCTL_BITS - num);
}

/* The end of a slab whose bits are on it. */
static kmem_bufctl_t *bufctl_on_slab(const struct kmem_cache *cachep, const struct slab *slab)
{
	char *end = (char *)slab_address(slab) + (PAGE_SIZE << cachep->gfporder);

	return (kmem_bufctl_t *)(end - bufctl_bytes(cachep->num));
}

/* Find a place for the bits. Return: success. */
static bool alloc_slabmgmt(struct kmem_cache *cachep, struct slab *slab, gfp_t flags)
{
	if (cachep->bufctl_place == BUFCTL_ON)
		slab->bufctl = bufctl_on_slab(cachep, slab);
	if (cachep->bufctl_place == BUFCTL_OFF) {
		slab->bufctl = kmem_cache_alloc_any(cachep->bufctl_cache, flags & ~__GFP_ZERO);
		if (!slab->bufctl)
			return false;
		count_internal_objects(1);
	}
	set_all_free(slab_bufctl(cachep, slab), cachep->num);
	return true;
}

static void free_slabmgmt(struct kmem_cache *cachep, struct slab *slab)
{
	if (cachep->bufctl_place == BUFCTL_OFF) {
		kmem_cache_free(cachep->bufctl_cache, slab->bufctl);
		count_internal_objects(-1);
	}
	slab->bufctl = NULL;
}

static void cache_init_objs(struct kmem_cache *cachep, struct slab *slab)
{
	unsigned int i;

	for (i = 0; cachep->ctor && !bug(CONSTRUCTOR) && i < cachep->num; i++)
		cachep->ctor(index_to_obj(cachep, slab, i));
	for (i = 0; is_debugged(cachep) && i < cachep->num; i++)
		slab_debug_init_object(cachep, index_to_obj(cachep, slab, i));
	for (i = 0; KASAN_ON && i < cachep->num; i++)
		kasan_init_object(cachep, index_to_obj(cachep, slab, i));
}

static void check_objs(const struct kmem_cache *cachep, const struct slab *slab)
{
	unsigned int i;

	for (i = 0; i < cachep->num; i++)
		slab_debug_destroy_object(cachep, index_to_obj(cachep, slab, i));
}

/* --- Slabs --- */

/* The colour of the node's next slab, in bytes. */
static unsigned int next_colour(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	unsigned int colour = node->colour_next;

	node->colour_next = colour + 1 < cachep->colour ? colour + 1 : 0;
	return colour * cachep->colour_off;
}

/* Onto the list. Context: the slab is nobody else's. */
static void add_free_slab(struct kmem_cache *cachep, struct kmem_cache_node *node, struct slab *slab)
{
	unsigned long flags;

	spin_lock_irqsave(&node->list_lock, flags);
	list_add_tail(&slab->list, &node->slabs_free);
	node->free_objects += cachep->num;
	node->nr_slabs++;
	spin_unlock_irqrestore(&node->list_lock, flags);
}

static unsigned int take_colour(struct kmem_cache *cachep, struct kmem_cache_node *node)
{
	unsigned long flags;
	unsigned int offset;

	if (cachep->colour == 1)
		return 0;
	spin_lock_irqsave(&node->list_lock, flags);
	offset = next_colour(cachep, node);
	spin_unlock_irqrestore(&node->list_lock, flags);
	return offset;
}

int cache_grow(struct kmem_cache *cachep, gfp_t flags, int nid)
{
	struct kmem_cache_node *node;
	struct slab *slab;

	BUG_ON(flags & GFP_SLAB_BUG_MASK, "%s: gfp 0x%x", cachep->name, flags);
	slab = (struct slab *)kmem_getpages(cachep, flags, nid);
	if (!slab)
		return -1;
	nid = slab_nid(slab);
	node = &cachep->node[nid];
	if (!alloc_slabmgmt(cachep, slab, flags)) {
		__free_pages(slab_page(slab), cachep->gfporder);
		return -1;
	}
	slab->inuse = 0;
	mark_pages(cachep, slab, (char *)slab_address(slab) + cachep->red_left_pad +
		   take_colour(cachep, node));
	count_slab_pages(cachep, 1 << cachep->gfporder);
	cache_init_objs(cachep, slab);
	kasan_poison_slab(cachep, slab_page(slab), cachep->gfporder);
	add_free_slab(cachep, node, slab);
	return nid;
}

unsigned int slabs_destroy(struct kmem_cache *cachep, struct list_head *doomed)
{
	struct slab *slab, *next;
	unsigned int nr = 0;

	list_for_each_entry_safe(slab, next, doomed, list) {
		VM_BUG_ON(slab->inuse, "%s: %u objects in use", cachep->name, slab->inuse);
		if (is_debugged(cachep))
			check_objs(cachep, slab);
		free_slabmgmt(cachep, slab);
		kmem_freepages(cachep, slab);
		nr++;
	}
	return nr;
}

/* --- Objects --- */

unsigned int slab_take(struct kmem_cache *cachep, struct slab *slab, void **objs, unsigned int nr)
{
	kmem_bufctl_t *word = slab_bufctl(cachep, slab);
	kmem_bufctl_t *end = word + DIV_ROUND_UP(cachep->num, BUFCTL_BITS);
	unsigned int size = cachep->size, taken = 0;
	char *base = slab->s_mem;

	VM_BUG_ON(nr > cachep->num - slab->inuse, "%s: %u of %u in use, %u wanted", cachep->name,
		  slab->inuse, cachep->num, nr);
	for (; taken < nr && word < end; word++, base += BUFCTL_BITS * size) {
		kmem_bufctl_t free = *word;

		while (free && taken < nr) {
			objs[taken++] = base + __ffs(free) * size;
			free &= free - 1;
		}
		*word = free;
	}
	slab->inuse += taken;
	return taken;
}

unsigned int slab_give_up(struct kmem_cache *cachep, struct slab *slab, void **objs,
			  unsigned int nr)
{
	unsigned int inuse = slab->inuse - nr, lost;

	slab_error(cachep, slab_address(slab), "is a slab whose bits of free objects were changed", NULL);
	while (nr && obj_to_index(cachep, slab, objs[nr - 1]) >= cachep->num)
		objs[--nr] = NULL;
	lost = cachep->num - inuse - nr;
	pr_err("  %u objects are in use, %u should be free and %u were found; the slab gives out no more\n",
	       inuse, cachep->num - inuse, nr);
	memset(slab_bufctl(cachep, slab), 0, bufctl_bytes(cachep->num));
	slab->inuse = cachep->num;
	cachep->node[slab_nid(slab)].free_objects -= lost;
	atomic_add((int)lost, &cachep->nr_isolated);
	return nr;
}

unsigned int slab_put(struct kmem_cache *cachep, struct slab *slab, void **objs, unsigned int nr)
{
	kmem_bufctl_t *word = slab_bufctl(cachep, slab), free = *word, bit;
	const unsigned long s_mem = (unsigned long)slab->s_mem;
	const u32 reciprocal = cachep->reciprocal_buffer_size;
	unsigned int num = cachep->num, which = 0, index;
	void **objp = objs, **end = objs + nr;

	for (; objp < end; objp++) {
		index = (u32)((u64)(u32)((unsigned long)*objp - s_mem) * reciprocal >> 32);
		if (index >= num)
			break;
		if (index / BUFCTL_BITS != which) {
			word[which] = free;
			which = index / BUFCTL_BITS;
			free = word[which];
		}
		bit = 1u << index % BUFCTL_BITS;
		if (unlikely(free & bit))
			break;
		free |= bit;
	}
	word[which] = free;
	slab->inuse -= (unsigned int)(objp - objs);
	return (unsigned int)(objp - objs);
}
