// SPDX-License-Identifier: MIT
/*
 * Who has which object, and who had it: the tracks of slab_track.h in reports.
 *
 *    of one object     slab_debug_describe()     whenever something is wrong with it
 *    of a whole cache  report_live_objects()     when kmem_cache_destroy() finds objects in use,
 *                                                by who allocated them:
 *
 *        12 objects, the first is c03f2040, allocated by foo_open+0x1c/0x60 on CPU 0, 7 ticks ago
 *         foo_init+0x30/0x40
 *         ...
 *
 * Objects of one track's caller and call chain are a group. There is room for NR_GROUPS of them,
 * first come, first served; what belongs to none of these is counted.
 */
#include <kernel/jiffies.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include "slab_internal.h"
#include "slab_track.h"

#define TRACK_DEPTH	8u	/* entries that are kept of a call chain */
#define NR_GROUPS	16u
#define NR_NAMED	8u	/* objects that are named one by one, where nobody knows whose they are */

void set_track(const struct kmem_cache *cachep, void *objp, unsigned int which, const void *caller)
{
	if (cachep->flags & SLAB_STORE_USER)
		record_of(cachep, objp)->tracks[which] = (struct track){
			.caller = caller, .when = jiffies, .cpu = (u16)raw_smp_processor_id(),
			.stack = caller ? stack_depot_save_from(caller, TRACK_DEPTH) : 0,
		};
}

/* The rest of a line that ends in what was done, and the chain without its first entry. */
static void show_track(const struct track *track, const char *did)
{
	const unsigned long *entries = NULL;
	unsigned int i, nr = stack_depot_fetch(track->stack, &entries);

	pr_cont("%s by %pS on CPU %u, %lu ticks ago\n", did, track->caller, track->cpu,
		jiffies - track->when);
	for (i = 1; i < nr; i++)
		pr_err("   %pS\n", (void *)(entries[i] - 1));
}

static void describe_track(const struct track *track, const char *did)
{
	if (!track->caller)
		return;
	pr_err("  ");
	show_track(track, did);
}

void slab_debug_describe(const struct kmem_cache *cachep, const void *objp)
{
	const struct object_record *record;

	if (!(cachep->flags & SLAB_STORE_USER))
		return;
	objp = nearest_obj(cachep, objp);
	if (!objp)
		return;
	record = record_of(cachep, objp);
	describe_track(&record->tracks[TRACK_ALLOC], "allocated");
	describe_track(&record->tracks[TRACK_FREE], "freed");
}

/* --- Objects that keep a cache from being destroyed --- */

struct live_group {
	const struct track *track;	/* of the first object */
	const void *objp;		/* that */
	unsigned long nr;
};

struct live_groups {
	struct live_group group[NR_GROUPS];
	unsigned int nr_groups;
	unsigned long nr_others;
};

static struct live_group *find_group(struct live_groups *live, const struct track *track)
{
	unsigned int i;

	for (i = 0; i < live->nr_groups; i++)
		if (live->group[i].track->caller == track->caller &&
		    live->group[i].track->stack == track->stack)
			return &live->group[i];
	return NULL;
}

/* Count an object in its group. */
static void tally_object(struct kmem_cache *cachep, void *objp, bool in_use, void *arg)
{
	const struct track *track = &record_of(cachep, objp)->tracks[TRACK_ALLOC];
	struct live_groups *live = arg;
	struct live_group *group;

	if (!in_use)
		return;
	group = find_group(live, track);
	if (group)
		group->nr++;
	else if (live->nr_groups < NR_GROUPS)
		live->group[live->nr_groups++] = (struct live_group){ track, objp, 1 };
	else
		live->nr_others++;
}

static struct live_group *largest_group(struct live_groups *live)
{
	struct live_group *largest = live->group;
	unsigned int i;

	for (i = 1; i < live->nr_groups; i++)
		if (live->group[i].nr > largest->nr)
			largest = &live->group[i];
	return largest;
}

/* The largest first. */
static void show_groups(struct live_groups *live)
{
	struct live_group *group;
	unsigned int i;

	for (i = 0; i < live->nr_groups; i++) {
		group = largest_group(live);
		pr_err("  %lu objects, the first is %p, ", group->nr, group->objp);
		show_track(group->track, "allocated");
		group->nr = 0;
	}
	if (live->nr_others)
		pr_err("  and %lu objects of others\n", live->nr_others);
}

static void name_object(struct kmem_cache *cachep, void *objp, bool in_use, void *arg)
{
	unsigned int *nr_named = arg;

	if (in_use && (*nr_named)++ < NR_NAMED)
		pr_err("  %p, object of %u bytes\n", objp, cachep->object_size);
}

void report_live_objects(struct kmem_cache *cachep, unsigned long nr)
{
	struct live_groups live = { .nr_groups = 0 };
	unsigned int nr_named = 0;

	pr_err("kmem_cache_destroy: %s still has %lu objects in use:\n", cachep->name, nr);
	if (cachep->flags & SLAB_STORE_USER) {
		kmem_cache_for_each_object(cachep, tally_object, &live);
		show_groups(&live);
		return;
	}
	kmem_cache_for_each_object(cachep, name_object, &nr_named);
	if (nr_named > NR_NAMED)
		pr_err("  and %u more\n", nr_named - NR_NAMED);
}
