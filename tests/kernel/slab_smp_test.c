// SPDX-License-Identifier: MIT
/*
 * What several CPUs do with the same objects, mostly while all of them are busy with others:
 *
 *    soak (soak.h)   |~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~| halt: all in order?
 *    test              a cache: make it, use it on each CPU, destroy it
 */
#include <kernel/cpumask.h>
#include <kernel/jiffies.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <test.h>
#include "scarce.h"
#include "short_turns.h"
#include "slab_traits.h"
#include "soak.h"
#include "soak_caches.h"

TEST_SUITE("slabsmp");

#define NR_OBJECTS	64
#define NR_CACHES	12
#define BUSY_US		2	/* turns, while all are busy */
#define IDLE_US		50	/* and while they sleep most of the time */
#define IDLE_OPS	30000

/* Run @body while the soak works. */
static void while_others_work(void (*body)(void))
{
	struct soak *soak = soak_create(&soak_mix_objects, test_random());

	ASSERT(soak);
	short_turns(turns_wanted ? BUSY_US : 0);
	soak_begin_round(soak, soak->mix->styles, SOAK_FOREVER);
	body();
	soak_halt(soak);
	short_turns(0);
	EXPECT(soak_check(soak));
	soak_destroy(soak);
}

/* --- Objects that go from CPU to CPU --- */

struct load {
	struct kmem_cache *cachep;
	void *objs[NR_OBJECTS];
	unsigned int nr;
	bool is_local;
};

static void fill(struct load *load, gfp_t flags, int nid)
{
	for (load->nr = 0; load->nr < NR_OBJECTS; load->nr++) {
		load->objs[load->nr] = kmem_cache_alloc_node(load->cachep, flags, nid);
		if (!load->objs[load->nr])
			break;
	}
}

/* Every one of so many as there are CPUs is this CPU's to free. */
static void free_share(void *info)
{
	struct load *load = info;
	unsigned int i;

	for (i = smp_processor_id(); i < load->nr; i += num_online_cpus())
		kmem_cache_free(load->cachep, load->objs[i]);
}

static void free_everywhere(struct load *load)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		smp_call_function_single(cpu, free_share, load, true);
}

/* On a node without memory of its own there is nothing of its own: what is freed goes back where it came from. */
static void free_and_take_again(void *info)
{
	struct load *load = info;

	load->objs[0] = kmem_cache_alloc(load->cachep, GFP_ATOMIC);
	load->is_local = load->objs[0] && page_to_nid(virt_to_page(load->objs[0])) == numa_node_id();
	kmem_cache_free(load->cachep, load->objs[0]);
	load->objs[1] = kmem_cache_alloc(load->cachep, GFP_ATOMIC);
	if (load->objs[1])
		kmem_cache_free(load->cachep, load->objs[1]);
}

TEST("what a CPU has freed is its own: it is the next that this CPU gets, and no other's")
{
	struct load load = { 0 };
	unsigned int cpu;

	if (!last_freed_comes_first())
		SKIP("first fit");
	if (KASAN_ON)
		SKIP("SAN=kasan: it waits in the quarantine");
	load.cachep = kmem_cache_create("own", 64, 0, SLAB_NO_MERGE, NULL);
	ASSERT(load.cachep);
	for_each_online_cpu(cpu) {
		smp_call_function_single(cpu, free_and_take_again, &load, true);
		EXPECT(load.objs[0]);
		if (load.is_local)
			EXPECT_EQ(load.objs[1], load.objs[0]);
	}
	EXPECT(kmem_cache_check(load.cachep));
	kmem_cache_destroy(load.cachep);
}

/* --- Caches that come and go --- */

/* Return: the cache; never another one by another name. */
static struct kmem_cache *make_cache(unsigned int size)
{
	return kmem_cache_create("smp", size, 0, SLAB_NO_MERGE, soak_construct);
}

static void make_use_destroy(void)
{
	unsigned int nr = test_repeats(NR_CACHES), i;
	struct load load;

	for (i = 0; i < nr; i++) {
		load.cachep = make_cache(8 + test_random_below(2000));
		if (!EXPECT(load.cachep))
			continue;
		fill(&load, GFP_KERNEL, NUMA_NO_NODE);
		EXPECT_EQ(kmem_cache_objects_in_use(load.cachep), load.nr);
		free_everywhere(&load);
		EXPECT_EQ(kmem_cache_objects_in_use(load.cachep), 0);
		EXPECT(kmem_cache_check(load.cachep));
		kmem_cache_destroy(load.cachep);
	}
}

TEST("a cache is made, used by all CPUs, and destroyed, while they work, and its name is free again")
{
	while_others_work(make_use_destroy);
}

static void refuse_to_destroy(void)
{
	struct load load = { .cachep = make_cache(100) };

	ASSERT(load.cachep);
	fill(&load, GFP_KERNEL, NUMA_NO_NODE);
	kmem_cache_destroy(load.cachep);
	if (load.nr) {
		EXPECT_EQ(kmem_cache_objects_in_use(load.cachep), load.nr);
		EXPECT(!make_cache(100));
		EXPECT(kmem_cache_check(load.cachep));
		free_everywhere(&load);
		kmem_cache_destroy(load.cachep);
	}
	load.cachep = make_cache(100);
	EXPECT(load.cachep);
	kmem_cache_destroy(load.cachep);
}

TEST("a cache with objects is not destroyed, while others work, and is when they are back")
{
	while_others_work(refuse_to_destroy);
}

TEST("objects of each node, freed by each CPU, all go home, and leave no page behind")
{
	struct load load = { .cachep = make_cache(200) };
	unsigned long in_use = 0;
	unsigned int round;
	int nid;

	ASSERT(load.cachep);
	for (round = 0; round < test_repeats(NR_CACHES); round++)
		for_each_online_node(nid) {
			fill(&load, GFP_KERNEL | __GFP_NOWARN, nid);
			free_everywhere(&load);
			in_use += kmem_cache_objects_in_use(load.cachep);
			EXPECT(kmem_cache_check(load.cachep));
		}
	EXPECT_EQ(in_use, 0);
	EXPECT_EQ(kmem_cache_shrink(load.cachep), 0);
	kmem_cache_destroy(load.cachep);
}

/* --- In time --- */

static unsigned long slab_pages(void)
{
	return nr_slab_pages(true) + nr_slab_pages(false);
}

/* Mostly asleep, so that seconds go by. */
static const struct soak_style idle_style = {
	.name = "mostly asleep", .nr_slots = SOAK_SLOTS / 2, .doublings = 10, .pause_every = 32,
	.bulk_every = 64, .shrink_every = 4096, .cache_every = 4096,
};

/* All pages of caches that hold nothing, as far as they are expected to come back. */
static bool most_are_back(unsigned long was)
{
	return slab_pages() <= (comes_back_in_time() ? was / 4 : was);
}

TEST("what CPUs have put aside is given back in time, while all work, and when they have ended")
{
	unsigned long was;
	struct soak *soak;

	if (!turns_wanted)
		SKIP("takes a minute, unless time is emulated: turns=");
	soak = soak_create(&soak_mix_objects, test_random());
	ASSERT(soak);
	short_turns(IDLE_US);
	cpucache_init();
	soak_begin_round(soak, &idle_style, test_repeats(IDLE_OPS));
	soak_end_round(soak);
	cpucache_stop();
	short_turns(0);
	EXPECT(soak_check(soak));
	soak_give_all(soak);
	was = slab_pages();
	cpucache_init();
	EXPECT(eventually(most_are_back(was)));
	cpucache_stop();
	EXPECT(soak_check(soak));
	soak_destroy(soak);
}
