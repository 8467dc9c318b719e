// SPDX-License-Identifier: MIT
/*
 * What objects cost: pairs, and bursts that keep what they take, as in page_bench.c.
 *
 * The pairs of variable size go through all sizes from 8 to 8192 bytes in steps that are no power
 * of two.
 */
#include <kernel/bug.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include "bench.h"

#define NR_PAIRS	100
#define BURST		1000

static struct kmem_cache *cache;
static void **burst;

/* --- Pairs --- */

static void destroy_cache(void)
{
	kmem_cache_destroy(cache);
	cache = NULL;
}

/*
 * A cache of this size, the one that there is if it has it. Return: does it have objects at
 * hand?
 */
static bool make_cache(unsigned int size)
{
	void *objp;

	if (cache && kmem_cache_size(cache) != size)
		destroy_cache();
	if (!cache)
		cache = kmem_cache_create("bench", size, 0, SLAB_NO_MERGE, NULL);
	if (!cache)
		return false;
	objp = kmem_cache_alloc(cache, GFP_KERNEL);
	if (objp)
		kmem_cache_free(cache, objp);
	return objp;
}

static void run_pairs(unsigned long ops)
{
	struct kmem_cache *cachep = cache;

	do
		kmem_cache_free(cachep, kmem_cache_alloc(cachep, GFP_KERNEL));
	while (--ops);
}

#define PAIR_BENCH(size)								\
	static bool pair_##size(void) { return make_cache(size); }			\
	BENCH("slab", "pair of " #size, NR_PAIRS, pair_##size, run_pairs, NULL)

PAIR_BENCH(32);
PAIR_BENCH(64);
PAIR_BENCH(128);
PAIR_BENCH(256);
PAIR_BENCH(1024);

/* --- Bursts --- */

static void run_burst_alloc(unsigned long ops)
{
	struct kmem_cache *cachep = cache;
	void **objp = burst;

	do
		*objp++ = kmem_cache_alloc(cachep, GFP_KERNEL);
	while (--ops);
}

static void run_burst_free(unsigned long ops)
{
	struct kmem_cache *cachep = cache;
	void **objp = burst;

	do
		kmem_cache_free(cachep, *objp++);
	while (--ops);
}

/* A burst needs plenty of memory; nothing here copes with less. */
static bool can_burst(unsigned int size)
{
	if (nr_free_pages() - nr_free_highpages() < 2 * BURST)
		return false;
	if (!burst)
		burst = alloc_pages_exact(BURST * sizeof(*burst), GFP_KERNEL);
	return burst && make_cache(size);
}

static bool can_free_burst(unsigned int size)
{
	if (!can_burst(size))
		return false;
	run_burst_alloc(BURST);
	return true;
}

static void end_burst(void)
{
	run_burst_free(BURST);
}

#define BURST_BENCH(size)								\
	static bool burst_##size(void) { return can_burst(size); }			\
	static bool free_burst_##size(void) { return can_free_burst(size); }		\
	BENCH("slab", "burst of " #size ", alloc", BURST, burst_##size, run_burst_alloc, end_burst); \
	BENCH("slab", "burst of " #size ", free", BURST, free_burst_##size, run_burst_free,	\
	      NULL)

BURST_BENCH(32);
BURST_BENCH(64);
BURST_BENCH(128);
BURST_BENCH(256);
BURST_BENCH(1024);

/* --- kmalloc --- */

static size_t sizes[NR_PAIRS];

static bool fill_sizes(void)
{
	unsigned int i;

	destroy_cache();
	for (i = 0; i < NR_PAIRS; i++) {
		sizes[i] = 8 + i * (8192 - 8) / (NR_PAIRS - 1);
		kfree(kmalloc(sizes[i], GFP_KERNEL));
	}
	return true;
}

static void run_variable(unsigned long ops)
{
	const size_t *size = sizes;

	do
		kfree(kmalloc(*size++, GFP_KERNEL));
	while (--ops);
}

BENCH("slab", "kmalloc(variable) pair", NR_PAIRS, fill_sizes, run_variable, NULL);

#define KMALLOC_BENCH(id, name, function, size)						\
	static bool id##_possible(void)							\
	{										\
		void *objp = function(size, GFP_KERNEL);				\
		kfree(objp);								\
		return objp;								\
	}										\
	static void run_##id(unsigned long ops)						\
	{										\
		do									\
			kfree(function(size, GFP_KERNEL));				\
		while (--ops);								\
	}										\
	BENCH("slab", name, NR_PAIRS, id##_possible, run_##id, NULL)

KMALLOC_BENCH(const_64, "kmalloc(64) pair", kmalloc, 64);
KMALLOC_BENCH(large, "kmalloc(16384) pair", kmalloc, 16384);
KMALLOC_BENCH(zeroed_64, "kzalloc(64) pair", kzalloc, 64);
KMALLOC_BENCH(zeroed_4096, "kzalloc(4096) pair", kzalloc, 4096);
