// SPDX-License-Identifier: MIT
/*
 * Objects of caches, and their shadow. For SLAB=slab and SLAB=slub, of which each object's place is known;
 * with SLAB=slob only pages are checked.
 *
 *    | pad | object_size bytes     | meta, red zone | object ...
 *    |  fc | 00 00 00 05 (if in use)|  fc fc fc fc  |
 *
 * What kmalloc() was asked for is often less than its class has: the rest is red zone as well.
 *
 * A cache that slab_debug.c looks after is left to it, and so are those of descriptors and of objects too large
 * to have anything around them.
 */
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/sched.h>
#include <lib/math.h>
#include <mm/mm.h>
#include "../slab_debug.h"
#include "../slab_internal.h"
#include "kasan.h"

/* In front of the first object of a slab; between objects at least, and at most for large ones. */
#define LEFT_RED_ZONE	16u
#define RED_ZONE_MIN	32u
#define RED_ZONE_MAX	256u

#define TRACK_DEPTH	8u	/* entries that are kept of a call chain */

unsigned int kasan_cache_geometry(struct kmem_cache *cachep, unsigned int own_bytes)
{
	unsigned int used = ALIGN(cachep->object_size, KASAN_GRANULE_SIZE), red_zone;

	if (!KMALLOC_HAS_CLASSES || slab_state == DOWN || used + PAGE_SIZE > KMEM_CACHE_MAX_SIZE)
		return 0;
	red_zone = clamp(used / 4, RED_ZONE_MIN, RED_ZONE_MAX);
	cachep->track_offset = used + ALIGN(own_bytes, KASAN_GRANULE_SIZE);
	/* Where a free object has a pointer behind it, the way that is fast knows no pad. */
	cachep->red_left_pad = own_bytes ? 0 : max(cachep->align, LEFT_RED_ZONE);
	cachep->size = ALIGN(cachep->track_offset + max(red_zone, (unsigned int)sizeof(struct kasan_meta)),
			     cachep->align);
	return used;
}

static bool has_meta(const struct kmem_cache *cachep)
{
	return KMALLOC_HAS_CLASSES && cachep->track_offset && !is_debugged(cachep);
}

bool kasan_knows(const struct kmem_cache *cachep)
{
	return has_meta(cachep);
}

struct kasan_meta *kasan_meta_of(const struct kmem_cache *cachep, const void *objp)
{
	return has_meta(cachep) ? (void *)((char *)objp + cachep->track_offset) : NULL;
}

void *kasan_object_of(const struct kasan_meta *meta)
{
	return (char *)meta - meta->cachep->track_offset;
}

static struct kasan_track track_from(const void *caller)
{
	return (struct kasan_track){ current->pid, stack_depot_save_from(caller, TRACK_DEPTH) };
}

/* --- Coming and going --- */

void __init kasan_objects_init(void)
{
	stack_depot_init();
}

void kasan_poison_slab(const struct kmem_cache *cachep, struct page *page, unsigned int order)
{
	if (has_meta(cachep))
		kasan_poison((unsigned long)page_address(page), PAGE_SIZE << order, KASAN_SLAB_REDZONE);
}

static void forget_track(struct kasan_track *track)
{
	track->pid = 0;
	track->stack = 0;
}

void kasan_init_object(const struct kmem_cache *cachep, void *objp)
{
	struct kasan_meta *meta = kasan_meta_of(cachep, objp);

	if (!meta)
		return;
	forget_track(&meta->alloc);
	forget_track(&meta->free);
}

/* All of an object. */
static unsigned int poisoned_size(const struct kmem_cache *cachep)
{
	return ALIGN(cachep->object_size, KASAN_GRANULE_SIZE);
}

void *kasan_kmalloc(const struct kmem_cache *cachep, void *objp, size_t size)
{
	if (!objp || !has_meta(cachep))
		return objp;
	BUG_ON(size > cachep->object_size, "%zu bytes of %u", size, cachep->object_size);
	kasan_poison((unsigned long)objp, poisoned_size(cachep), KASAN_SLAB_REDZONE);
	kasan_unpoison((unsigned long)objp, size);
	return objp;
}

void *kasan_slab_alloc(const struct kmem_cache *cachep, void *objp, const void *caller)
{
	struct kasan_meta *meta;

	if (!objp || !has_meta(cachep))
		return objp;
	meta = kasan_meta_of(cachep, objp);
	meta->alloc = track_from(caller);
	forget_track(&meta->free);
	return kasan_kmalloc(cachep, objp, cachep->object_size);
}

/* Is it the place of an object of the cache? If not, the cache says what is wrong. */
static bool is_object(const struct kmem_cache *cachep, const void *objp)
{
	const struct page *page;

	if (!virt_addr_valid(objp))
		return false;
	page = virt_to_page(objp);
	return PageSlab(page) && page->slab_cache == cachep && nearest_obj(cachep, objp) == objp;
}

/* Poison an object that somebody has. Return: false if nobody has it. */
static bool poison_once(const struct kmem_cache *cachep, const void *objp)
{
	unsigned long flags;
	bool in_use;

	local_irq_save(flags);
	in_use = *kasan_mem_to_shadow((unsigned long)objp) >= 0;
	if (in_use)
		kasan_poison((unsigned long)objp, poisoned_size(cachep), KASAN_SLAB_FREE);
	local_irq_restore(flags);
	return in_use;
}

bool kasan_slab_free(struct kmem_cache *cachep, void *objp, const void *caller)
{
	struct kasan_meta *meta;

	if (!has_meta(cachep) || !is_object(cachep, objp))
		return false;
	if (!poison_once(cachep, objp)) {
		kasan_report_double_free(cachep, objp, caller);
		return true;
	}
	meta = kasan_meta_of(cachep, objp);
	meta->free = track_from(caller);
	meta->cachep = cachep;
	kasan_quarantine_put(meta);
	return true;
}

/* --- Of pages --- */

void *kasan_kmalloc_large(void *objp, size_t size, size_t bytes)
{
	if (objp && !ZERO_OR_NULL_PTR(objp)) {
		kasan_poison((unsigned long)objp, bytes, KASAN_PAGE_REDZONE);
		kasan_unpoison((unsigned long)objp, size);
	}
	return objp;
}

size_t kasan_ksize(const void *objp, size_t bytes)
{
	const struct page *page = virt_to_page(objp);

	if (kasan_first_bad((unsigned long)objp, 1) == 0 && (!PageSlab(page) || has_meta(page->slab_cache)))
		kasan_unpoison((unsigned long)objp, bytes);
	return bytes;
}

void *kasan_krealloc(void *objp, size_t size)
{
	const struct page *page = virt_to_page(objp);

	if (PageSlab(page))
		return kasan_kmalloc(page->slab_cache, objp, size);
	return kasan_kmalloc_large(objp, size, ksize_large(objp));
}
