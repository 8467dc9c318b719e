// SPDX-License-Identifier: MIT
/*
 * Patterns: red zones around objects, poison in free ones, and what constructors write.
 *
 *              before      object_size bytes                behind, up to a multiple of 8 and 8 more
 *    in use    cc ... cc   the owner's; at first 5a ... 5a   cc ... cc
 *    free      bb ... bb   6b 6b ... 6b a5                   bb ... bb
 *
 * The values are Linux's (include/linux/poison.h, mm/slub.c).
 *
 * Differs from Linux: which knows nothing of an object that is given back otherwise than its
 * constructor left it. Which bytes a constructor writes is not known, and what it writes may be the
 * object's own address; so there is nothing to compare with, but the constructor itself: run again,
 * it must change nothing. That asks for a constructor that writes the same each time, so it is
 * checked only where somebody asks for it.
 */
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include "slab_internal.h"
#include "slab_pattern.h"

#define POISON_INUSE		0x5a	/* of a new object */
#define POISON_FREE		0x6b
#define POISON_END		0xa5	/* the last byte of a free object */
#define SLUB_RED_INACTIVE	0xbb
#define SLUB_RED_ACTIVE		0xcc

#define SHOWN_BYTES		8u	/* of what was found */

/* --- Reports --- */

/* The bytes at @bad, which has the place of @objp's byte @offset, are not what they should be. */
static void report_bytes(const struct kmem_cache *cachep, const void *objp, int offset, const u8 *bad,
			 u8 expected, const char *what, const void *caller)
{
	unsigned int i;

	slab_error(cachep, objp, what, caller);
	pr_err("  object of %u bytes, at offset %d: expected %02x, found", cachep->object_size,
	       offset, expected);
	for (i = 0; i < SHOWN_BYTES; i++)
		pr_cont(" %02x", bad[i]);
	pr_cont("\n");
}

/* Are @nr bytes from offset @offset on all @value? */
static bool check_bytes(const struct kmem_cache *cachep, const void *objp, int offset,
			unsigned int nr, u8 value, const char *what, const void *caller)
{
	const u8 *byte = (const u8 *)objp + offset;

	for (; nr; nr--, byte++, offset++)
		if (*byte != value) {
			report_bytes(cachep, objp, offset, byte, value, what, caller);
			return false;
		}
	return true;
}

/* --- Red zones --- */

void set_red_zones(const struct kmem_cache *cachep, void *objp, bool in_use)
{
	u8 value = in_use ? SLUB_RED_ACTIVE : SLUB_RED_INACTIVE;

	if (!(cachep->flags & SLAB_RED_ZONE))
		return;
	memset((char *)objp - RED_BYTES, value, RED_BYTES);
	memset((char *)objp + cachep->object_size, value,
	       red_zone_end(cachep->object_size) - cachep->object_size);
}

bool check_red_zones(const struct kmem_cache *cachep, const void *objp, bool in_use,
		     const void *caller)
{
	u8 value = in_use ? SLUB_RED_ACTIVE : SLUB_RED_INACTIVE;
	unsigned int size = cachep->object_size;

	if (!(cachep->flags & SLAB_RED_ZONE))
		return true;
	return check_bytes(cachep, objp, -(int)RED_BYTES, RED_BYTES, value,
			   "was written to before its beginning", caller) &&
	       check_bytes(cachep, objp, (int)size, red_zone_end(size) - size, value,
			   "was written to behind its end", caller);
}

/* --- Poison --- */

void poison_object(const struct kmem_cache *cachep, void *objp, bool in_use)
{
	if (!(cachep->flags & SLAB_POISON))
		return;
	memset(objp, in_use ? POISON_INUSE : POISON_FREE, cachep->object_size);
	if (!in_use)
		((u8 *)objp)[cachep->object_size - 1] = POISON_END;
}

bool check_object_poison(const struct kmem_cache *cachep, const void *objp, const void *caller)
{
	static const char what[] = "was written to while it was free";
	unsigned int last = cachep->object_size - 1;

	if (!(cachep->flags & SLAB_POISON))
		return true;
	return check_bytes(cachep, objp, 0, last, POISON_FREE, what, caller) &&
	       check_bytes(cachep, objp, (int)last, 1, POISON_END, what, caller);
}

/* --- Constructors --- */

bool check_constructed(const struct kmem_cache *cachep, void *objp, void *copy, const void *caller)
{
	const u8 *given_back = copy, *constructed = objp;
	unsigned int i;

	if (!(cachep->flags & SLAB_CHECK_CTOR))
		return true;
	BUG_ON(!cachep->ctor, "%s has no constructor", cachep->name);
	memcpy(copy, objp, cachep->object_size);
	cachep->ctor(objp);
	for (i = 0; i < cachep->object_size; i++)
		if (given_back[i] != constructed[i]) {
			report_bytes(cachep, objp, (int)i, given_back + i, constructed[i],
				     "was not given back as its constructor leaves it", caller);
			return false;
		}
	return true;
}
