// SPDX-License-Identifier: MIT
/*
 * Caches of objects, as far as all implementations have them in common: the list of caches, what a
 * cache may be called and look like, and how one is made and destroyed. Behind it is mm/slab/,
 * mm/slub/ or mm/slob/.
 *
 *    kmem_cache_create()        sanity check; one that is like it? __kmem_cache_alias()
 *                               a descriptor of cache "kmem_cache", the name
 *      __kmem_cache_create()      the implementation's part
 *      onto slab_caches
 *    kmem_cache_destroy()       off slab_caches
 *      __kmem_cache_shutdown()    objects in use? then it goes back onto the list
 *
 * L1. slab_caches has every cache that works, in the order of making. It changes under slab_lock.
 * L2. No two caches on it have the same name.
 *
 * Names as in Linux 3.10's mm/slab_common.c. Differs from it: slab_lock is a spinlock (slab_mutex
 * there), since nobody who goes along the list sleeps: what may, is done before or after.
 */
#include <asm/cache.h>
#include <kernel/bug.h>
#include <kernel/hardirq.h>
#include <kernel/printk.h>
#include <lib/atomic.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/vmscan.h>
#include "slab_debug.h"
#include "slab_internal.h"

enum slab_state slab_state;
LIST_HEAD(slab_caches);
DEFINE_SPINLOCK(slab_lock);
struct kmem_cache *kmem_cache;

/* Pages, by whether their cache has SLAB_RECLAIM_ACCOUNT. */
static atomic_t nr_pages[2];

/* --- Making --- */

unsigned int calculate_alignment(unsigned long flags, unsigned int align, unsigned int size)
{
	unsigned int line = L1_CACHE_BYTES;

	if (flags & SLAB_HWCACHE_ALIGN) {
		/* So that no object lies in two lines; small ones share one. */
		while (size <= line / 2)
			line /= 2;
		align = max(align, line);
	}
	return max(align, ARCH_SLAB_MINALIGN + 0u);
}

/* What is wrong with a request for a cache; NULL if nothing is. */
static const char *kmem_cache_sanity_check(const char *name, size_t size, size_t align,
					   unsigned long flags)
{
	if (!name || !*name)
		return "it has no name";
	if (in_interrupt())
		return "an interrupt cannot make one";
	if (slab_state < UP)
		return "it is too early";
	if (size == 0 || size > KMEM_CACHE_MAX_SIZE)
		return "its objects are of an impossible size";
	if (align > PAGE_SIZE || (align && !is_power_of_2(align)))
		return "its objects have an impossible alignment";
	if (flags & ~SLAB_CREATE_MASK)
		return "it has unknown flags";
	return NULL;
}

static void fill_in(struct kmem_cache *cachep, const char *name, size_t size, size_t align,
		    unsigned long flags, void (*ctor)(void *object))
{
	cachep->name = name;
	cachep->object_size = size;
	cachep->align = calculate_alignment(flags, align, size);
	cachep->flags = flags & ~SLAB_PANIC;
	cachep->ctor = ctor;
}

/* Return: a cache that works and is on no list; NULL if there is no memory. */
static struct kmem_cache *new_cache(const char *name, size_t size, size_t align,
				    unsigned long flags, void (*ctor)(void *object))
{
	struct kmem_cache *cachep = kmem_cache_zalloc(kmem_cache, GFP_KERNEL);
	const char *own_name = cachep ? kstrdup_const(name, GFP_KERNEL) : NULL;

	if (own_name) {
		fill_in(cachep, own_name, size, align, flags, ctor);
		if (!__kmem_cache_create(cachep))
			return cachep;
	}
	kfree_const(own_name);
	if (cachep)
		kmem_cache_free(kmem_cache, cachep);
	return NULL;
}

static void free_cache(struct kmem_cache *cachep)
{
	kfree_const(cachep->name);
	kmem_cache_free(kmem_cache, cachep);
}

/* L2. Return: was the name new, and is the cache on the list? */
static bool add_cache(struct kmem_cache *cachep)
{
	struct kmem_cache *other;
	bool found = false;

	spin_lock(&slab_lock);
	list_for_each_entry(other, &slab_caches, list)
		found |= strcmp(other->name, cachep->name) == 0;
	if (!found)
		list_add_tail(&cachep->list, &slab_caches);
	spin_unlock(&slab_lock);
	return !found;
}

/* Return: the cache, or NULL, and then *@why says why. */
static struct kmem_cache *try_create(const char *name, size_t size, size_t align,
				     unsigned long flags, void (*ctor)(void *object),
				     const char **why)
{
	struct kmem_cache *cachep;

	*why = kmem_cache_sanity_check(name, size, align, flags);
	if (*why)
		return NULL;
	cachep = __kmem_cache_alias(name, size, align, flags, ctor);
	if (cachep)
		return cachep;
	*why = "no memory";
	cachep = new_cache(name, size, align, flags, ctor);
	if (!cachep || add_cache(cachep))
		return cachep;
	*why = "there is one of that name";
	BUG_ON(__kmem_cache_shutdown(cachep), "%s is new, and has objects", name);
	free_cache(cachep);
	return NULL;
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned long flags, void (*ctor)(void *object))
{
	const char *why;
	struct kmem_cache *cachep = try_create(name, size, align, flags, ctor, &why);

	if (cachep)
		return cachep;
	if (flags & SLAB_PANIC)
		panic("kmem_cache_create: no cache %s: %s", name, why);
	pr_err("kmem_cache_create: no cache %s: %s (%zu bytes, aligned to %zu, flags 0x%lx)\n",
	       name ? name : "(null)", why, size, align, flags);
	return NULL;
}

void __init create_boot_cache(struct kmem_cache *cachep, const char *name, size_t size,
			      unsigned long flags)
{
	fill_in(cachep, name, size, 0, flags, NULL);
	if (__kmem_cache_create(cachep))
		panic("kmem_cache_init: no memory for %s", name);
	list_add_tail(&cachep->list, &slab_caches);
}

/* --- Destroying --- */

void kmem_cache_destroy(struct kmem_cache *cachep)
{
	if (!cachep)
		return;
	BUG_ON(in_interrupt(), "%s", cachep->name);
	if (__kmem_cache_unalias(cachep))
		return;
	spin_lock(&slab_lock);
	list_del(&cachep->list);
	spin_unlock(&slab_lock);
	kasan_quarantine_drain_cache(cachep);
	if (__kmem_cache_shutdown(cachep)) {
		spin_lock(&slab_lock);
		list_add_tail(&cachep->list, &slab_caches);
		spin_unlock(&slab_lock);
		return;
	}
	free_cache(cachep);
}

unsigned int kmem_cache_size(const struct kmem_cache *cachep)
{
	return cachep->object_size;
}

const char *kmem_cache_name(const struct kmem_cache *cachep)
{
	return cachep->name;
}

/* --- Objects --- */

void *kmem_cache_alloc_node(struct kmem_cache *cachep, gfp_t flags, int nid)
{
	return kmem_cache_alloc_track(cachep, flags, nid, __builtin_return_address(0));
}

int kmem_cache_alloc_bulk(struct kmem_cache *cachep, gfp_t flags, size_t nr, void **objs)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		objs[i] = kmem_cache_alloc_any(cachep, flags);
		if (!objs[i]) {
			kmem_cache_free_bulk(cachep, i, objs);
			return 0;
		}
	}
	return (int)nr;
}

void kmem_cache_free_bulk(struct kmem_cache *cachep, size_t nr, void **objs)
{
	while (nr--)
		kmem_cache_free(cachep, objs[nr]);
}

/* --- All caches --- */

void count_slab_pages(const struct kmem_cache *cachep, int nr)
{
	atomic_add(nr, &nr_pages[!!(cachep->flags & SLAB_RECLAIM_ACCOUNT)]);
	if (nr < 0 && current->reclaim_state && !in_interrupt())
		mm_account_reclaimed_pages((unsigned long)-nr);
}

unsigned long nr_slab_pages(bool reclaimable)
{
	return (unsigned long)atomic_read(&nr_pages[reclaimable]);
}

unsigned long kmem_objects_in_use(void)
{
	unsigned long sum = 0;
	struct kmem_cache *cachep;

	kasan_quarantine_drain();
	spin_lock(&slab_lock);
	list_for_each_entry(cachep, &slab_caches, list)
		sum += kmem_cache_objects_in_use(cachep);
	spin_unlock(&slab_lock);
	return sum - kmem_internal_objects();
}

bool kmem_caches_check(void)
{
	struct kmem_cache *cachep;
	bool ok = true;

	spin_lock(&slab_lock);
	list_for_each_entry(cachep, &slab_caches, list)
		ok &= kmem_cache_check(cachep) && slab_debug_check(cachep);
	spin_unlock(&slab_lock);
	return ok;
}
