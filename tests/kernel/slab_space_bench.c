// SPDX-License-Identifier: MIT
/*
 * What objects cost in memory: how many pages so many objects of a size take, everything included
 * that the allocator keeps for them.
 *
 *    # space 200: 2621 objects in 132 pages
 *    # space kmalloc: 1048576 bytes in 265 pages
 *    # space classes: 8390656 bytes in 9100000
 */
#include <kernel/console.h>
#include <lib/math.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/slab.h>
#include "bench.h"

/* So many bytes' worth of objects, but no fewer than so many: what is left over of one page is little. */
#define BYTES		(512u << 10)
#define MIN_OBJECTS	1000u

/* What kmalloc() is asked for: each multiple of the step, once. */
#define KMALLOC_STEP	2
#define KMALLOC_LAST	4096

static const unsigned int sizes[] = { 8, 16, 32, 48, 64, 88, 128, 200, 256, 376, 512, 640, 768, 1000, 1024,
				      1536, 2048, 3072, 4096, 5000, 8192 };

/* Objects that are out, as a list through their first words. */
static void **chain;

static void keep(void **objp)
{
	if (!objp)
		return;
	*objp = chain;
	chain = objp;
}

static unsigned long free_pages_now(void)
{
	return nr_free_pages() + nr_pcp_pages();
}

static void measure_cache(unsigned int size)
{
	struct kmem_cache *cachep = kmem_cache_create("bench", size, 0, SLAB_NO_MERGE, NULL);
	unsigned int nr = max(BYTES / size, MIN_OBJECTS), i;
	unsigned long before = free_pages_now();
	void **objp;

	if (!cachep)
		return;
	for (i = 0; i < nr; i++)
		keep(kmem_cache_alloc(cachep, GFP_KERNEL));
	console_printf("# space %u: %u objects in %lu pages\n", size, nr, before - free_pages_now());
	while ((objp = chain)) {
		chain = *objp;
		kmem_cache_free(cachep, objp);
	}
	kmem_cache_destroy(cachep);
}

/* Sizes come in an order that is not theirs: as they do. */
static void measure_kmalloc(void)
{
	unsigned long before = free_pages_now(), asked = 0;
	unsigned int nr = KMALLOC_LAST / KMALLOC_STEP, i;
	void **objp;

	for (i = 0; i < nr; i++) {
		size_t size = (1 + i * 1009 % nr) * KMALLOC_STEP;

		size = size < sizeof(void *) ? sizeof(void *) : size;
		asked += size;
		keep(kmalloc(size, GFP_KERNEL));
	}
	console_printf("# space kmalloc: %lu bytes in %lu pages\n", asked, before - free_pages_now());
	while ((objp = chain)) {
		chain = *objp;
		kfree(objp);
	}
}

/* What kmalloc() gives for each size up to a page, slabs not counted. */
static void measure_classes(void)
{
	unsigned long asked = 0, given = 0;
	size_t size;

	for (size = 1; size <= KMALLOC_LAST; size++) {
		void *objp = kmalloc(size, GFP_KERNEL);

		asked += size;
		given += ksize(objp);
		kfree(objp);
	}
	console_printf("# space classes: %lu bytes in %lu\n", asked, given);
}

static void report_space(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		measure_cache(sizes[i]);
	kmalloc_shrink();
	measure_kmalloc();
	kmalloc_shrink();
	measure_classes();
}
BENCH_REPORT("slabspace", report_space);
