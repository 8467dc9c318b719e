/* SPDX-License-Identifier: MIT */
/*
 * What holds for caches of one implementation and not for those of another, by design. Tests that
 * are the same for all of them ask here, and say by the name of what they ask why they expect less.
 */
#ifndef SLAB_TRAITS_H
#define SLAB_TRAITS_H

#include <mm/mm.h>
#include <mm/slab.h>

#ifdef CONFIG_SLOB
#define BLOCKS_ARE_ANYONES	1
#else
#define BLOCKS_ARE_ANYONES	0
#endif

/*
 * Is it known of which cache an object is, and where it begins? slob writes that down nowhere,
 * unless the object has a page to itself or is looked after.
 */
static inline bool owner_is_known(const void *objp)
{
	const struct page *page = virt_to_page(objp);

	return !BLOCKS_ARE_ANYONES || (PageSlab(page) && page->slab_cache);
}

/* Do the free objects of a cache keep what its constructor wrote? slob makes one gap of several. */
static inline bool free_objects_stay_objects(void)
{
	return !BLOCKS_ARE_ANYONES;
}

/* Is what was freed last given out first? slob gives out what fits first. */
static inline bool last_freed_comes_first(void)
{
	return !BLOCKS_ARE_ANYONES;
}

/* Are small objects counted with the pages of their cache's kind? Those of slob share pages. */
static inline bool small_objects_have_own_pages(void)
{
	return !BLOCKS_ARE_ANYONES;
}

/* Does somebody come by for what CPUs have put aside? With slub it is little, and with slob nothing. */
#ifdef CONFIG_SLAB
#define CPUS_ARE_VISITED	1
#else
#define CPUS_ARE_VISITED	0
#endif

static inline bool comes_back_in_time(void)
{
	return CPUS_ARE_VISITED;
}

#endif
