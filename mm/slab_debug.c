// SPDX-License-Identifier: MIT
/*
 * Objects that are looked after: `slab_debug=' finds out who writes where nothing is his.
 *
 *    slab_debug                        all checks but C, all caches
 *    slab_debug=ZP,kmalloc-64,foo      red zones and poison, these caches
 *
 *      F  DEBUG_FREE   nothing of its own: every free is thorough in a cache with any of these
 *      Z  RED_ZONE     bytes before and behind each object
 *      P  POISON       a free object is filled with a pattern, a new one with another
 *      U  STORE_USER   who allocated it, and who freed it last, with their call chains
 *      C  CHECK_CTOR   an object is given back as its constructor leaves it: see slab_pattern.c
 *      A  FAILSLAB     no check: `fail_nth=' counts and fails objects, see fail_page_alloc.h
 *
 *    | left  | object_size bytes            | right | record      | copy, C | left  | next object
 *    | BB/CC | 6b 6b 6b ... a5  while free  | BB/CC | state, users |        | BB/CC |
 *      free/in use
 *
 * All objects of such a cache go the slow way, where they are checked, and nobody puts them aside,
 * so that a second free is always seen. Others pay nothing. An object that was written to while it
 * was free, or whose red zone was, is reported, and isolated: for its cache it is in use for good,
 * and nobody gets it. A constructor runs at each allocation if free objects are poisoned.
 *
 * D1. The state of an object says whether somebody has it, and so do its red zones.
 * D2. An isolated object is neither free nor does anybody have it; nr_isolated of its cache counts
 *     it.
 *
 * The same for all implementations of caches: see slab_debug.h.
 */
#include <kernel/bug.h>
#include <kernel/jump_label.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/string.h>
#include "slab_debug.h"
#include "slab_internal.h"
#include "slab_pattern.h"
#include "slab_track.h"

/* Without letters. What C asks of a constructor, not each does. */
#define DEFAULT_FLAGS	(SLAB_DEBUG_FREE | SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER)

/* Reports show some bytes behind a wrong one. */
#define COPY_SLACK	8u

/* --- What is asked for --- */

DEFINE_STATIC_KEY_FALSE(slab_debug_key);
unsigned long slab_debug_flags;
static const char *debug_names;		/* ",name,name"; NULL: all */

static unsigned long flag_of(char letter)
{
	switch (letter) {
	case 'F':
		return SLAB_DEBUG_FREE;
	case 'Z':
		return SLAB_RED_ZONE;
	case 'P':
		return SLAB_POISON;
	case 'U':
		return SLAB_STORE_USER;
	case 'C':
		return SLAB_CHECK_CTOR;
	case 'A':
		return SLAB_FAILSLAB;
	default:
		return 0;
	}
}

/* Letters, then names behind commas. */
static int __init early_slab_debug(char *value)
{
	const char *p = value ? value : "";
	unsigned long flags = 0;

	for (; *p && *p != ','; p++) {
		if (!flag_of(*p))
			return -EINVAL;
		flags |= flag_of(*p);
	}
	slab_debug_flags = flags ? flags : DEFAULT_FLAGS;
	debug_names = *p ? p : NULL;
	static_branch_enable(&slab_debug_key);
	return 0;
}
early_param("slab_debug", early_slab_debug);

void __init slab_debug_init(void)
{
	if (slab_debug_flags & SLAB_STORE_USER)
		stack_depot_init();
	kasan_objects_init();
}

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

unsigned long slab_debug_flags_for(const char *name)
{
	return slab_debug_flags && is_named(name) ? slab_debug_flags : 0;
}

/* What is asked for a cache, by whoever made it and on the command line, as far as it makes sense. */
static unsigned long flags_for(const struct kmem_cache *cachep)
{
	unsigned long flags = cachep->flags & SLAB_DEBUG_FLAGS;

	if (slab_state != DOWN)
		flags |= slab_debug_flags_for(cachep->name);
	if (!cachep->ctor)
		flags &= ~SLAB_CHECK_CTOR;
	return flags;
}

/* --- Where things are --- */

/* The copy that check_constructed() wants. */
static void *copy_of(const struct kmem_cache *cachep, void *objp)
{
	return (char *)record_of(cachep, objp) + record_size(cachep->flags);
}

static unsigned int copy_size(unsigned int object_size, unsigned long flags)
{
	return flags & SLAB_CHECK_CTOR ? ALIGN(object_size + COPY_SLACK, RED_BYTES) : 0;
}

/* Lay out an object with what @flags want around it. Return: where the implementation's bytes are. */
static unsigned int lay_out(struct kmem_cache *cachep, unsigned long flags, unsigned int own_bytes)
{
	unsigned int size = cachep->object_size, red = flags & SLAB_RED_ZONE ? RED_BYTES : 0;
	unsigned int own_offset = red ? red_zone_end(size) : ALIGN(size, RED_BYTES);

	cachep->track_offset = own_offset + ALIGN(own_bytes, RED_BYTES);
	cachep->red_left_pad = red ? max(cachep->align, red) : 0;
	size = cachep->track_offset + record_size(flags) + copy_size(size, flags) + red;
	cachep->size = ALIGN(size, cachep->align);
	return own_offset;
}

/*
 * Make room for red zones and records, if the cache is debugged. Return: where in an object
 * @own_bytes of the allocator's are; 0 if it is not debugged.
 */
unsigned int __slab_debug_geometry(struct kmem_cache *cachep, unsigned int own_bytes)
{
	unsigned long flags = flags_for(cachep);
	unsigned int size = cachep->object_size;

	cachep->flags &= ~SLAB_DEBUG_FLAGS;
	if (!flags || size + copy_size(size, flags) + PAGE_SIZE > KMEM_CACHE_MAX_SIZE)
		return kasan_cache_geometry(cachep, own_bytes);
	cachep->flags |= flags;
	return lay_out(cachep, flags, own_bytes);
}

/* --- States --- */

void slab_debug_init_object(const struct kmem_cache *cachep, void *objp)
{
	set_red_zones(cachep, objp, false);
	poison_object(cachep, objp, false);
	set_track(cachep, objp, TRACK_ALLOC, NULL);
	set_track(cachep, objp, TRACK_FREE, NULL);
	record_of(cachep, objp)->state = OBJECT_FREE;
}

/* D1. Its owner does not write there, and nobody else does, either. */
static bool check_state(const struct kmem_cache *cachep, const void *objp,
			enum object_state expected, const void *caller)
{
	enum object_state state = record_of(cachep, objp)->state;

	if (state == expected)
		return true;
	slab_error(cachep, objp, "has lost the record behind it", caller);
	pr_err("  state of the object, at offset %u: expected %08x, found %08x\n",
	       cachep->track_offset, expected, state);
	return false;
}

/* Is all about an object right that nobody has? */
static bool check_free_object(const struct kmem_cache *cachep, const void *objp)
{
	return check_red_zones(cachep, objp, false, NULL) && check_object_poison(cachep, objp, NULL) &&
	       check_state(cachep, objp, OBJECT_FREE, NULL);
}

static bool check_object_in_use(const struct kmem_cache *cachep, const void *objp,
				const void *caller)
{
	return check_red_zones(cachep, objp, true, caller) &&
	       check_state(cachep, objp, OBJECT_IN_USE, caller);
}

/* D2. */
static void isolate(struct kmem_cache *cachep, void *objp)
{
	record_of(cachep, objp)->state = OBJECT_ISOLATED;
	atomic_inc(&cachep->nr_isolated);
}

bool slab_debug_in_use(const struct kmem_cache *cachep, const void *objp)
{
	return record_of(cachep, objp)->state == OBJECT_IN_USE;
}

/* --- Allocating and freeing --- */

/*
 * The implementation counts an object twice that somebody has already: the second time it is as good
 * as isolated.
 */
bool slab_debug_alloc(struct kmem_cache *cachep, void *objp, const void *caller)
{
	if (slab_debug_in_use(cachep, objp)) {
		slab_error(cachep, objp, "is in use, and was about to be given out again", NULL);
		atomic_inc(&cachep->nr_isolated);
		return false;
	}
	if (!check_free_object(cachep, objp)) {
		isolate(cachep, objp);
		return false;
	}
	record_of(cachep, objp)->state = OBJECT_IN_USE;
	set_red_zones(cachep, objp, true);
	poison_object(cachep, objp, true);
	set_track(cachep, objp, TRACK_ALLOC, caller);
	if (cachep->ctor && cachep->flags & SLAB_POISON)
		cachep->ctor(objp);
	return true;
}

/* An object that is not as its constructor leaves it now is, so it need not be isolated. */
bool slab_debug_free(struct kmem_cache *cachep, void *objp, const void *caller)
{
	enum object_state state = record_of(cachep, objp)->state;

	if (state == OBJECT_FREE || state == OBJECT_ISOLATED) {
		slab_error(cachep, objp, state == OBJECT_FREE ? "is free already" : "is isolated",
			   caller);
		return false;
	}
	if (!check_object_in_use(cachep, objp, caller)) {
		isolate(cachep, objp);
		return false;
	}
	check_constructed(cachep, objp, copy_of(cachep, objp), caller);
	record_of(cachep, objp)->state = OBJECT_FREE;
	set_red_zones(cachep, objp, false);
	poison_object(cachep, objp, false);
	set_track(cachep, objp, TRACK_FREE, caller);
	return true;
}

/* --- All objects --- */

void slab_debug_destroy_object(const struct kmem_cache *cachep, const void *objp)
{
	if (record_of(cachep, objp)->state != OBJECT_ISOLATED)
		check_free_object(cachep, objp);
}

static void check_object(struct kmem_cache *cachep, void *objp, bool in_use, void *ok)
{
	if (in_use)
		*(bool *)ok &= check_object_in_use(cachep, objp, NULL);
	else if (record_of(cachep, objp)->state != OBJECT_ISOLATED)
		*(bool *)ok &= check_free_object(cachep, objp);
}

bool slab_debug_check(struct kmem_cache *cachep)
{
	bool ok = true;

	if (is_debugged(cachep))
		kmem_cache_for_each_object(cachep, check_object, &ok);
	return ok;
}
