/* SPDX-License-Identifier: MIT */
/*
 * Bytes in and around objects that are looked after, and what they should be: slab_pattern.c.
 * Everything here is for caches that have the flag that it is about, and does nothing, or finds
 * nothing wrong, for others.
 */
#ifndef MM_SLAB_PATTERN_H
#define MM_SLAB_PATTERN_H

#include <lib/math.h>
#include <lib/types.h>
#include <mm/slab.h>

/* The red zone before an object has so many bytes; that behind it fills up to a multiple, too. */
#define RED_BYTES	8u

/* Where the red zone behind an object of @object_size bytes ends: an offset from the object. */
static inline unsigned int red_zone_end(unsigned int object_size)
{
	return ALIGN(object_size, RED_BYTES) + RED_BYTES;
}

/* Write what @objp has when it is free; or if it is @in_use, which somebody just got. */
void set_red_zones(const struct kmem_cache *cachep, void *objp, bool in_use);
void poison_object(const struct kmem_cache *cachep, void *objp, bool in_use);

/*
 * Compare @objp, which is @in_use or not, with that. Return: true; false after a report that names the first byte
 * that is not as it should be, and @caller, unless that is NULL.
 */
bool check_red_zones(const struct kmem_cache *cachep, const void *objp, bool in_use,
		     const void *caller);
bool check_object_poison(const struct kmem_cache *cachep, const void *objp, const void *caller);

/*
 * Run the constructor for @objp, which @caller gives back: it changes nothing, if the object is in the state that it
 * would be given out in (O2). @copy: where the object is copied to before. Return: as above.
 */
bool check_constructed(const struct kmem_cache *cachep, void *objp, void *copy, const void *caller);

#endif
