/* SPDX-License-Identifier: MIT */
/*
 * What is known of an object that is looked after: its state, who allocated it, who freed it last.
 * It lies behind the object's red zone.
 *
 *    objp + track_offset   | state | track of its allocation | track of its release |
 *                                     with SLAB_STORE_USER
 *
 * A track has who called the allocator, and with `slab_debug=U' the whole call chain, which is in
 * the stack depot (<mm/stack_depot.h>).
 */
#ifndef MM_SLAB_TRACK_H
#define MM_SLAB_TRACK_H

#include <lib/types.h>
#include <mm/slab.h>
#include <mm/stack_depot.h>

struct track {
	const void *caller;		/* NULL: nobody yet */
	unsigned long when;		/* jiffies */
	depot_stack_handle_t stack;	/* the call chain from @caller outwards; 0: not stored */
	u16 cpu;
};

enum { TRACK_ALLOC, TRACK_FREE, NR_TRACKS };

/* Values that nobody writes by chance. */
enum object_state {
	OBJECT_FREE = 0x66726565,
	OBJECT_IN_USE = 0x75736564,
	OBJECT_ISOLATED = 0x69736f6c,
};

struct object_record {
	enum object_state state;
	struct track tracks[];
};

static inline struct object_record *record_of(const struct kmem_cache *cachep, const void *objp)
{
	return (struct object_record *)((char *)objp + cachep->track_offset);
}

/* Bytes of a record of a cache with these flags. */
static inline unsigned int record_size(unsigned long flags)
{
	unsigned int nr_tracks = flags & SLAB_STORE_USER ? NR_TRACKS : 0;

	return sizeof(struct object_record) + nr_tracks * sizeof(struct track);
}

/**
 * set_track - note who does something with an object
 * @cachep: its cache; without SLAB_STORE_USER nothing is noted
 * @objp: the object
 * @which: TRACK_ALLOC or TRACK_FREE
 * @caller: who, a code address in the call chain; NULL: nobody
 */
void set_track(const struct kmem_cache *cachep, void *objp, unsigned int which, const void *caller);

#endif
