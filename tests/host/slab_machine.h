/* SPDX-License-Identifier: MIT */
/*
 * A machine for the tests of caches: booted as in buddy_machine.h, and then up to
 * kmem_cache_init_late().
 */
#ifndef SLAB_MACHINE_H
#define SLAB_MACHINE_H

#include "buddy_machine.h"
#include <mm/slab.h>

/*
 * May caches that are like each other be one, with SLAB=slub? No, unless a test says so before it
 * boots: what most count is the objects of one cache.
 */
extern bool slab_machine_merges;

/* Boot @machine; afterwards everything of <mm/slab.h> works. Once in a process. */
void slab_machine_boot(const struct machine *machine);

/* The invariants of all caches, and of what is below. */
bool slab_machine_check(void);

/* Free pages, those on per-CPU lists included, and those of caches. */
unsigned long slab_machine_pages(void);

#endif
