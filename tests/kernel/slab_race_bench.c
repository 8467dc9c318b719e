// SPDX-License-Identifier: MIT
/*
 * What objects cost when all CPUs want them at once (race.c): the pairs and the burst of
 * slab_bench.c, by each CPU, of one cache; fewer of them, since slob is slow when CPUs wait for each
 * other.
 */
#include <kernel/smp.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include "bench.h"
#include "race.h"

#define NR_PAIRS	256	/* of each CPU */
#define BURST		500
#define NR_SIZES	64

static struct kmem_cache *cache;

/* The objects of a burst, by CPU; and the sizes that kmalloc() is asked for. */
static void *(*bursts)[BURST];
static size_t sizes[NR_SIZES];

static bool make_cache(unsigned int size)
{
	kmem_cache_destroy(cache);
	cache = kmem_cache_create("bench", size, 0, SLAB_NO_MERGE, NULL);
	return cache;
}

static void race_pairs(unsigned long ops)
{
	struct kmem_cache *cachep = cache;

	do
		kmem_cache_free(cachep, kmem_cache_alloc(cachep, GFP_KERNEL));
	while (--ops);
}

#define PAIR_RACE(size)									\
	static bool pairs_##size(void)							\
	{										\
		if (!make_cache(size))							\
			return false;							\
		prepare_race(race_pairs, NR_PAIRS);					\
		return true;								\
	}										\
	RACE("slabrace", "pairs of " #size, NR_PAIRS, pairs_##size, end_race)

PAIR_RACE(32);
PAIR_RACE(64);
PAIR_RACE(128);
PAIR_RACE(256);
PAIR_RACE(1024);

/* Take @ops objects, then give them back. */
static void run_burst(unsigned long ops)
{
	void **objs = bursts[smp_processor_id()];
	unsigned long i;

	for (i = 0; i < ops; i++)
		objs[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (i = 0; i < ops; i++)
		kmem_cache_free(cache, objs[i]);
}

static bool burst_possible(void)
{
	if (!bursts)
		bursts = alloc_pages_exact(NR_CPUS * sizeof(*bursts), GFP_KERNEL);
	if (!bursts || !make_cache(64))
		return false;
	prepare_race(run_burst, BURST);
	return true;
}
RACE("slabrace", "bursts of 64", BURST, burst_possible, end_race);

static void run_variable(unsigned long ops)
{
	const size_t *size = sizes;

	do
		kfree(kmalloc(*size++, GFP_KERNEL));
	while (--ops);
}

static bool variable_possible(void)
{
	unsigned int i;

	for (i = 0; i < NR_SIZES; i++)
		sizes[i] = 8 + i * (8192 - 8) / (NR_SIZES - 1);
	prepare_race(run_variable, NR_SIZES);
	return true;
}
RACE("slabrace", "kmalloc(variable) pairs", NR_SIZES, variable_possible, end_race);
