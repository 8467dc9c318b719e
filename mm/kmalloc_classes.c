// SPDX-License-Identifier: MIT
/*
 * The size classes of kmalloc(): a cache each, made while booting, and the way from a size to it.
 * How they are spaced, and why, says kmalloc.h.
 *
 *    kmalloc_caches[]       kmalloc-8  kmalloc-16  ...  kmalloc-8k
 *    kmalloc_dma_caches[]   dma-kmalloc-8  ...                      where there is ZONE_DMA
 *
 * An implementation that has none (KMALLOC_HAS_CLASSES) makes them only for objects that are to be
 * looked after.
 */
#include <kernel/bug.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include "slab_debug.h"
#include "slab_internal.h"

struct kmem_cache *kmalloc_caches[NR_KMALLOC_CLASSES];
struct kmem_cache *kmalloc_dma_caches[NR_KMALLOC_CLASSES];

/* --- The classes --- */

static const char *const class_names[NR_KMALLOC_CLASSES] = {
	NULL, "kmalloc-8", "kmalloc-16", "kmalloc-24", "kmalloc-32", "kmalloc-40", "kmalloc-48",
	"kmalloc-56", "kmalloc-64", "kmalloc-80", "kmalloc-96", "kmalloc-112", "kmalloc-128",
	"kmalloc-160", "kmalloc-192", "kmalloc-224", "kmalloc-256", "kmalloc-320", "kmalloc-384",
	"kmalloc-448", "kmalloc-512", "kmalloc-640", "kmalloc-768", "kmalloc-896", "kmalloc-1k",
	"kmalloc-1280", "kmalloc-1536", "kmalloc-1792", "kmalloc-2k", "kmalloc-2560", "kmalloc-3k",
	"kmalloc-3584", "kmalloc-4k", "kmalloc-5k", "kmalloc-6k", "kmalloc-7k", "kmalloc-8k",
};

/* "dma-kmalloc-64" and so on; the other classes exist already. */
#define DMA_NAME_BYTES	20

static const char *__init dma_class_name(unsigned int class)
{
	char *name = kmalloc(DMA_NAME_BYTES, GFP_NOWAIT);

	if (!name)
		panic("kmem_cache_init: no memory for a name");
	snprintf(name, DMA_NAME_BYTES, "dma-%s", class_names[class]);
	return name;
}

static struct kmem_cache *__init create_class(const char *name, unsigned int size,
					      unsigned long flags)
{
	struct kmem_cache *cachep = kmem_cache_zalloc(kmem_cache, GFP_NOWAIT);

	if (!cachep)
		panic("kmem_cache_init: no memory for %s", name);
	create_boot_cache(cachep, name, size, flags);
	return cachep;
}

void __init create_kmalloc_caches(void)
{
	unsigned int class;

	slab_debug_init();
	for (class = 1; class < NR_KMALLOC_CLASSES; class++)
		kmalloc_caches[class] = create_class(class_names[class], kmalloc_size(class), 0);
	if (lowest_zone != ZONE_DMA)
		return;
	for (class = 1; class < NR_KMALLOC_CLASSES; class++)
		kmalloc_dma_caches[class] = create_class(dma_class_name(class), kmalloc_size(class),
							 SLAB_CACHE_DMA);
}

struct kmem_cache *kmalloc_slab(size_t size, gfp_t flags)
{
	unsigned int class = kmalloc_index(size);

	if (unlikely(flags & __GFP_DMA) && kmalloc_dma_caches[class])
		return kmalloc_dma_caches[class];
	return kmalloc_caches[class];
}

void kmalloc_shrink(void)
{
	unsigned int class;

	for (class = 1; class < NR_KMALLOC_CLASSES; class++) {
		if (kmalloc_caches[class])
			kmem_cache_shrink(kmalloc_caches[class]);
		if (kmalloc_dma_caches[class])
			kmem_cache_shrink(kmalloc_dma_caches[class]);
	}
}
