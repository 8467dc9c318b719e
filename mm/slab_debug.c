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
 *    | left  | object_size bytes            | right | state | two tracks  | left  | next object
 *    | BB/CC | 6b 6b 6b ... a5  while free  | BB/CC |       | alloc, free | BB/CC |
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
#include <kernel/jiffies.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <lib/errno.h>
#include <lib/string.h>
#include "slab_debug.h"
#include "slab_internal.h"

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

/* Values that nobody writes by chance. */
enum object_state {
	OBJECT_FREE = 0x66726565,
	OBJECT_IN_USE = 0x75736564,
	OBJECT_ISOLATED = 0x69736f6c,
};

/* Behind the red zone of each object. The tracks exist with SLAB_STORE_USER. */
struct object_record {
	enum object_state state;
	struct track tracks[];
};

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

unsigned long slab_debug_flags(const char *name)
{
	return debug_flags && is_named(name) ? debug_flags : 0;
}

/* --- Where things are --- */

static unsigned int red_offset_end(const struct kmem_cache *cachep)
{
	return ALIGN(cachep->object_size, RED_BYTES) + RED_BYTES;
}

static struct object_record *record_of(const struct kmem_cache *cachep, const void *objp)
{
	return (struct object_record *)((char *)objp + cachep->track_offset);
}

unsigned int slab_debug_geometry(struct kmem_cache *cachep, unsigned int own_bytes)
{
	unsigned long flags = cachep->flags & SLAB_DEBUG_FLAGS;
	unsigned int size = ALIGN(cachep->object_size, RED_BYTES), own_offset;

	if (slab_state != DOWN)
		flags |= slab_debug_flags(cachep->name);
	if (!flags || size + PAGE_SIZE > KMEM_CACHE_MAX_SIZE) {
		cachep->flags &= ~SLAB_DEBUG_FLAGS;
		return 0;
	}
	cachep->flags |= flags;
	if (flags & SLAB_RED_ZONE)
		size = red_offset_end(cachep);
	own_offset = size;
	cachep->track_offset = size + ALIGN(own_bytes, RED_BYTES);
	size = cachep->track_offset + sizeof(struct object_record);
	if (flags & SLAB_STORE_USER)
		size += NR_TRACKS * sizeof(struct track);
	if (flags & SLAB_RED_ZONE)
		size += RED_BYTES;
	cachep->red_left_pad = flags & SLAB_RED_ZONE ? max(cachep->align, RED_BYTES) : 0;
	cachep->size = ALIGN(size, cachep->align);
	return own_offset;
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
		record_of(cachep, objp)->tracks[which] =
			(struct track){ caller, jiffies, raw_smp_processor_id() };
}

void slab_debug_init_object(const struct kmem_cache *cachep, void *objp)
{
	set_red_zones(cachep, objp, SLUB_RED_INACTIVE);
	poison(cachep, objp, POISON_FREE, POISON_END);
	set_track(cachep, objp, TRACK_ALLOC, NULL);
	set_track(cachep, objp, TRACK_FREE, NULL);
	record_of(cachep, objp)->state = OBJECT_FREE;
}

/* --- Reports --- */

static void show_track(const struct kmem_cache *cachep, const void *objp, unsigned int which,
		       const char *did)
{
	const struct track *track = &record_of(cachep, objp)->tracks[which];

	if (track->caller)
		pr_err("  %s by %pS on CPU %u, %lu ticks ago\n", did, track->caller, track->cpu,
		       jiffies - track->when);
}

void slab_debug_describe(const struct kmem_cache *cachep, const void *objp)
{
	if (!(cachep->flags & SLAB_STORE_USER))
		return;
	objp = nearest_obj(cachep, objp);
	if (!objp)
		return;
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

/* D1. Its owner does not write there, and nobody else does, either. */
static bool check_state(const struct kmem_cache *cachep, const void *objp,
			enum object_state expected, const void *caller)
{
	enum object_state state = record_of(cachep, objp)->state;

	if (state == expected)
		return true;
	slab_error(cachep, objp, "has lost the record behind it", caller);
	pr_err("  at offset %u: expected %08x, found %08x\n", cachep->track_offset, expected, state);
	return false;
}

/* D2. */
static void isolate(struct kmem_cache *cachep, void *objp)
{
	record_of(cachep, objp)->state = OBJECT_ISOLATED;
	atomic_inc(&cachep->nr_isolated);
}

bool slab_debug_isolated(const struct kmem_cache *cachep, const void *objp)
{
	return record_of(cachep, objp)->state == OBJECT_ISOLATED;
}

/* --- Allocating and freeing --- */

bool slab_debug_alloc(struct kmem_cache *cachep, void *objp, const void *caller)
{
	if (!check_red_zones(cachep, objp, SLUB_RED_INACTIVE, NULL) ||
	    !check_poison(cachep, objp, NULL) || !check_state(cachep, objp, OBJECT_FREE, NULL)) {
		isolate(cachep, objp);
		return false;
	}
	record_of(cachep, objp)->state = OBJECT_IN_USE;
	set_red_zones(cachep, objp, SLUB_RED_ACTIVE);
	poison(cachep, objp, POISON_INUSE, POISON_INUSE);
	set_track(cachep, objp, TRACK_ALLOC, caller);
	if (cachep->ctor && cachep->flags & SLAB_POISON)
		cachep->ctor(objp);
	return true;
}

bool slab_debug_free(struct kmem_cache *cachep, void *objp, const void *caller)
{
	enum object_state state = record_of(cachep, objp)->state;

	if (state == OBJECT_FREE || state == OBJECT_ISOLATED) {
		slab_error(cachep, objp, state == OBJECT_FREE ? "is free already" : "is isolated", caller);
		return false;
	}
	if (!check_red_zones(cachep, objp, SLUB_RED_ACTIVE, caller) ||
	    !check_state(cachep, objp, OBJECT_IN_USE, caller)) {
		isolate(cachep, objp);
		return false;
	}
	record_of(cachep, objp)->state = OBJECT_FREE;
	set_red_zones(cachep, objp, SLUB_RED_INACTIVE);
	poison(cachep, objp, POISON_FREE, POISON_END);
	set_track(cachep, objp, TRACK_FREE, caller);
	return true;
}
