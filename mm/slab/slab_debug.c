// SPDX-License-Identifier: MIT
/*
 * Objects that are looked after: `slab_debug=' finds out who writes where nothing is his.
 *
 *    slab_debug                        all checks, all caches
 *    slab_debug=ZP,kmalloc-64,foo      red zones and poison, these caches
 *
 *      F  DEBUG_FREE   nothing of its own: every free is thorough in a cache with any of these
 *      Z  RED_ZONE     bytes before and behind each object
 *      P  POISON       a free object is filled with a pattern, a new one with another
 *      U  STORE_USER   who allocated it, and who freed it last
 *
 *    | left  | object_size bytes            | right       | two tracks  | left  | next object
 *    | BB/CC | 6b 6b 6b ... a5  while free  | BB/CC       | alloc, free | BB/CC |
 *      free/in use
 *
 * Such a cache has no arrays: all its objects go the slow way, where they are checked, and
 * straight to their slabs, so that a second free is always seen. Others pay nothing. An object
 * that was written to while it was free, or whose red zone was, is reported, and isolated: it
 * counts as in use for good, and nobody gets it. A constructor runs at each allocation if free
 * objects are poisoned.
 *
 * D1. The red zones of an object say whether it is free.
 * D2. An isolated object is neither free nor in an array; nr_isolated of its cache counts it.
 */
#include <kernel/bug.h>
#include <kernel/jiffies.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <lib/errno.h>
#include <lib/string.h>
#include "slab.h"

/* Linux's bytes (include/linux/poison.h). */
#define POISON_INUSE		0x5a	/* of a new object */
#define POISON_FREE		0x6b
#define POISON_END		0xa5	/* the last byte of a free object */
#define SLUB_RED_INACTIVE	0xbb
#define SLUB_RED_ACTIVE		0xcc

#define RED_BYTES		8u
#define SHOWN_BYTES		8u	/* of what was found */

struct track {
	const void *caller;		/* NULL: nobody yet */
	unsigned long when;		/* jiffies */
	unsigned int cpu;
};

enum { TRACK_ALLOC, TRACK_FREE, NR_TRACKS };

/* --- What is asked for --- */

static unsigned long debug_flags;
static const char *debug_names;		/* ",name,name"; NULL: all */

static unsigned long flag_of(char letter)
{
	static const struct {
		char letter;
		unsigned long flag;
	} flags[] = { { 'F', SLAB_DEBUG_FREE }, { 'Z', SLAB_RED_ZONE }, { 'P', SLAB_POISON },
		      { 'U', SLAB_STORE_USER } };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (flags[i].letter == letter)
			return flags[i].flag;
	return 0;
}

/* Letters, then names behind commas; no letters are all of them. */
static int __init early_slab_debug(char *value)
{
	const char *p = value ? value : "";
	unsigned long flags = 0;

	for (; *p && *p != ','; p++) {
		if (!flag_of(*p))
			return -EINVAL;
		flags |= flag_of(*p);
	}
	debug_flags = flags ? flags : SLAB_DEBUG_FLAGS;
	debug_names = *p ? p : NULL;
	return 0;
}
early_param("slab_debug", early_slab_debug);

static bool is_named(const char *name)
{
	size_t length = strlen(name);
	const char *p = debug_names;

	for (; p; p = strchr(p, ',')) {
		p++;
		if (strncmp(p, name, length) == 0 && (p[length] == ',' || p[length] == '\0'))
			return true;
	}
	return !debug_names;
}

/* --- Where things are --- */

static unsigned int red_offset_end(const struct kmem_cache *cachep)
{
	return ALIGN(cachep->object_size, RED_BYTES) + RED_BYTES;
}

static struct track *track_of(const struct kmem_cache *cachep, const void *objp, unsigned int which)
{
	return (struct track *)((char *)objp + cachep->track_offset) + which;
}

void slab_debug_geometry(struct kmem_cache *cachep)
{
	unsigned long flags = cachep->flags & SLAB_DEBUG_FLAGS;
	unsigned int size = ALIGN(cachep->object_size, RED_BYTES);

	if (debug_flags && is_named(cachep->name) && cachep != kmem_cache)
		flags |= debug_flags;
	if (!flags || size + PAGE_SIZE > KMEM_CACHE_MAX_SIZE) {
		cachep->flags &= ~SLAB_DEBUG_FLAGS;
		return;
	}
	cachep->flags |= flags;
	if (flags & SLAB_RED_ZONE)
		size = red_offset_end(cachep);
	cachep->track_offset = size;
	if (flags & SLAB_STORE_USER)
		size += NR_TRACKS * sizeof(struct track);
	if (flags & SLAB_RED_ZONE)
		size += RED_BYTES;
	cachep->lead = flags & SLAB_RED_ZONE ? max(cachep->align, RED_BYTES) : 0;
	cachep->size = ALIGN(size, cachep->align);
}

/* --- Writing --- */

static void set_red_zones(const struct kmem_cache *cachep, void *objp, u8 value)
{
	if (!(cachep->flags & SLAB_RED_ZONE))
		return;
	memset((char *)objp - RED_BYTES, value, RED_BYTES);
	memset((char *)objp + cachep->object_size, value,
	       red_offset_end(cachep) - cachep->object_size);
}

static void poison(const struct kmem_cache *cachep, void *objp, u8 value, u8 last)
{
	if (!(cachep->flags & SLAB_POISON))
		return;
	memset(objp, value, cachep->object_size);
	((u8 *)objp)[cachep->object_size - 1] = last;
}

static void set_track(const struct kmem_cache *cachep, void *objp, unsigned int which,
		      const void *caller)
{
	if (cachep->flags & SLAB_STORE_USER)
		*track_of(cachep, objp, which) =
			(struct track){ caller, jiffies, raw_smp_processor_id() };
}

void slab_debug_init_object(const struct kmem_cache *cachep, void *objp)
{
	set_red_zones(cachep, objp, SLUB_RED_INACTIVE);
	poison(cachep, objp, POISON_FREE, POISON_END);
	set_track(cachep, objp, TRACK_ALLOC, NULL);
	set_track(cachep, objp, TRACK_FREE, NULL);
}

/* --- Reports --- */

static void show_track(const struct kmem_cache *cachep, const void *objp, unsigned int which,
		       const char *did)
{
	const struct track *track = track_of(cachep, objp, which);

	if (track->caller)
		pr_err("  %s by %pS on CPU %u, %lu ticks ago\n", did, track->caller, track->cpu,
		       jiffies - track->when);
}

void slab_debug_describe(const struct kmem_cache *cachep, const void *objp)
{
	struct slab *slab;
	unsigned int index;

	if (!(cachep->flags & SLAB_STORE_USER) || !virt_addr_valid(objp))
		return;
	slab = slab_of_page(cachep->page_origin, objp);
	index = obj_to_index(cachep, slab, objp);
	if (!slab_is_slab(slab) || slab->cache != cachep || index >= cachep->num)
		return;
	objp = index_to_obj(cachep, slab, index);
	show_track(cachep, objp, TRACK_ALLOC, "allocated");
	show_track(cachep, objp, TRACK_FREE, "freed");
}

/* Some bytes are not what they should be. */
static void report_bytes(const struct kmem_cache *cachep, const void *objp, const u8 *bad,
			 u8 expected, const char *what, const void *caller)
{
	unsigned int i;

	slab_error(cachep, objp, what, caller);
	pr_err("  object of %u bytes, at offset %d: expected %02x, found", cachep->object_size,
	       (int)(bad - (const u8 *)objp), expected);
	for (i = 0; i < SHOWN_BYTES; i++)
		pr_cont(" %02x", bad[i]);
	pr_cont("\n");
}

/* The first of @nr bytes that is not @value; NULL if all are. */
static const u8 *first_other(const void *start, u8 value, unsigned int nr)
{
	const u8 *byte = start;

	for (; nr; nr--, byte++)
		if (*byte != value)
			return byte;
	return NULL;
}

/* D1. Return: are both as they should be? */
static bool check_red_zones(const struct kmem_cache *cachep, const void *objp, u8 value,
			    const void *caller)
{
	const u8 *end = (const u8 *)objp + cachep->object_size, *bad;

	if (!(cachep->flags & SLAB_RED_ZONE))
		return true;
	bad = first_other((const u8 *)objp - RED_BYTES, value, RED_BYTES);
	if (bad) {
		report_bytes(cachep, objp, bad, value, "was written to before its beginning", caller);
		return false;
	}
	bad = first_other(end, value, red_offset_end(cachep) - cachep->object_size);
	if (bad)
		report_bytes(cachep, objp, bad, value, "was written to behind its end", caller);
	return !bad;
}

static bool check_poison(const struct kmem_cache *cachep, const void *objp, const void *caller)
{
	unsigned int last = cachep->object_size - 1;
	u8 expected = POISON_FREE;
	const u8 *bad;

	if (!(cachep->flags & SLAB_POISON))
		return true;
	bad = first_other(objp, expected, last);
	if (!bad) {
		expected = POISON_END;
		bad = first_other((const u8 *)objp + last, expected, 1);
	}
	if (bad)
		report_bytes(cachep, objp, bad, expected, "was written to while it was free", caller);
	return !bad;
}

/* D2. */
static void isolate(struct kmem_cache *cachep)
{
	unsigned long flags;

	spin_lock_irqsave(&cachep->node[0].list_lock, flags);
	cachep->nr_isolated++;
	spin_unlock_irqrestore(&cachep->node[0].list_lock, flags);
}

/* --- Allocating and freeing --- */

bool slab_debug_alloc(struct kmem_cache *cachep, void *objp, const void *caller)
{
	if (!check_red_zones(cachep, objp, SLUB_RED_INACTIVE, NULL) ||
	    !check_poison(cachep, objp, NULL)) {
		isolate(cachep);
		return false;
	}
	set_red_zones(cachep, objp, SLUB_RED_ACTIVE);
	poison(cachep, objp, POISON_INUSE, POISON_INUSE);
	set_track(cachep, objp, TRACK_ALLOC, caller);
	if (cachep->ctor && cachep->flags & SLAB_POISON)
		cachep->ctor(objp);
	return true;
}

bool slab_debug_free(struct kmem_cache *cachep, void *objp, const void *caller)
{
	struct slab *slab = virt_to_slab(cachep, objp);
	unsigned int index = obj_to_index(cachep, slab, objp);

	if (index >= cachep->num || object_is_free(cachep, slab, index)) {
		slab_error(cachep, objp, "is free already", caller);
		return false;
	}
	if (!check_red_zones(cachep, objp, SLUB_RED_ACTIVE, caller)) {
		isolate(cachep);
		return false;
	}
	set_red_zones(cachep, objp, SLUB_RED_INACTIVE);
	poison(cachep, objp, POISON_FREE, POISON_END);
	set_track(cachep, objp, TRACK_FREE, caller);
	return true;
}
