// SPDX-License-Identifier: MIT
/*
 * Caches of objects on the board: the size classes that booting made, the rules that need the real
 * machine, and all CPUs at once.
 *
 *    round    each CPU, called by IPI: allocates, frees, and swaps objects with others through
 *    slots that
 *             all share, so that many are freed by another CPU than the one that allocated them
 *    then     all caches are walked, and the objects must be as many as the CPUs have
 */
#include <kernel/cpumask.h>
#include <kernel/panic.h>
#include <kernel/percpu.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <lib/string.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <slab_traits.h>
#include <test.h>

TEST_SUITE("slab");

#define NR_ROUNDS	4	/* the soak (slab_soak_test.c) does more */
#define NR_OPS		3000
#define NR_OWN		100
#define NR_SHARED	32
#define NR_CACHES	4

/* --- What booting made --- */

TEST("every size class exists, if any does, and its objects have its size")
{
	unsigned int class;
	void *objp;

	for (class = 1; class < NR_KMALLOC_CLASSES; class++) {
		objp = kmalloc(kmalloc_size(class), GFP_KERNEL);
		EXPECT(objp);
		EXPECT(ksize(objp) >= kmalloc_size(class));
		EXPECT(!KMALLOC_HAS_CLASSES || ksize(objp) == kmalloc_size(class));
		EXPECT(!KMALLOC_HAS_CLASSES ||
		       kmem_cache_size(kmalloc_caches[class]) == kmalloc_size(class));
		kfree(objp);
	}
	kmalloc_shrink();
	EXPECT(kmem_caches_check());
}

TEST("a copy of a string ends where it was cut, and what gets more room keeps its bytes")
{
	char *copy = kstrndup("slabinfo", 5, GFP_KERNEL);
	char *more = copy ? krealloc(copy, 200, GFP_KERNEL) : NULL;

	EXPECT(!more || strcmp(more, "slabi") == 0);
	kfree(more ?: copy);
}

TEST("pages of caches are counted, by whether they can be reclaimed")
{
	unsigned long before = nr_slab_pages(true);
	struct kmem_cache *cachep = kmem_cache_create("test", 5000, 0, SLAB_RECLAIM_ACCOUNT, NULL);
	void *objp;

	ASSERT(cachep);
	objp = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT(nr_slab_pages(true) > before);
	kfree(objp);
	kmem_cache_destroy(cachep);
	EXPECT_EQ(nr_slab_pages(true), before);
}

/* --- Mistakes --- */

static void make_mistakes(struct kmem_cache *cachep, char *objp)
{
	bool kasans = owner_is_known(objp) && kasan_knows(virt_to_page(objp)->slab_cache);
	unsigned int errors = nr_slab_errors;

	if (owner_is_known(objp)) {
		kmem_cache_free(cachep, objp);
		EXPECT_EQ(nr_slab_errors, ++errors);
	}
	kfree(objp + 8);
	EXPECT_EQ(nr_slab_errors, ++errors);
	kfree(objp);
	kfree(objp);
	warn_count -= kasans;			/* whose report it is then */
	EXPECT_EQ(nr_slab_errors, ++errors);
	kfree(&errors);
	EXPECT_EQ(nr_slab_errors, ++errors);
}

TEST("an object that is freed twice, or to a cache that is not its own, is reported and left alone")
{
	struct kmem_cache *cachep = kmem_cache_create("test", 40, 0, SLAB_NO_MERGE, NULL);
	char *objp = kmalloc(40, GFP_KERNEL);

	if (EXPECT(cachep && objp))
		make_mistakes(cachep, objp);
	else
		kfree(objp);
	kmem_cache_destroy(cachep);
	EXPECT(kmem_caches_check());
}

/* --- All CPUs --- */

struct worker {
	u32 random;
	void *own[NR_OWN];
	unsigned long nr_done, nr_wrong, nr_failed;
};

static DEFINE_PER_CPU(struct worker, workers);
static struct kmem_cache *caches[NR_CACHES];
static const unsigned int sizes[NR_CACHES] = { 16, 64, 200, 1500 };

/* Objects on their way from one CPU to another. */
static void *shared[NR_SHARED];

static u32 next_random(struct worker *w)
{
	/* Marsaglia's xorshift; the seed is not 0. */
	w->random ^= w->random << 13;
	w->random ^= w->random >> 17;
	w->random ^= w->random << 5;
	return w->random;
}

/* The first word of an object says which cache it is of, the second its address, upside down. */
static void take(struct worker *w, void **slot)
{
	u32 which = next_random(w) % NR_CACHES, *objp;

	objp = kmem_cache_alloc(caches[which], GFP_ATOMIC | __GFP_NOWARN);
	w->nr_failed += !objp;
	if (objp) {
		objp[0] = which;
		objp[1] = ~(u32)objp;
	}
	*slot = objp;
}

static void give(struct worker *w, void *memory)
{
	u32 *objp = memory, which = objp[0];

	if (objp[1] != ~(u32)objp || which >= NR_CACHES) {
		w->nr_wrong++;
		return;
	}
	objp[1] = 0;
	kmem_cache_free(caches[which], objp);
}

static void work(void *unused)
{
	struct worker *w = this_cpu_ptr(&workers);
	unsigned int i;

	(void)unused;
	for (i = 0; i < NR_OPS; i++) {
		void **slot = &w->own[next_random(w) % NR_OWN], *other;

		if (!*slot) {
			take(w, slot);
		} else if (next_random(w) % 2) {
			give(w, *slot);
			*slot = NULL;
		} else {
			other = xchg(&shared[next_random(w) % NR_SHARED], *slot);
			*slot = NULL;
			if (other)
				give(w, other);
		}
		w->nr_done++;
	}
}

static unsigned long nr_in_hands(void)
{
	unsigned long sum = 0;
	unsigned int cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < NR_OWN; i++)
			sum += per_cpu(workers, cpu).own[i] != NULL;
	for (i = 0; i < NR_SHARED; i++)
		sum += shared[i] != NULL;
	return sum;
}

static unsigned long nr_in_use(void)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < NR_CACHES; i++)
		sum += kmem_cache_objects_in_use(caches[i]);
	return sum;
}

static void give_all(void)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu) {
		struct worker *w = per_cpu_ptr(&workers, cpu);

		for (i = 0; i < NR_OWN; i++)
			if (w->own[i])
				give(w, w->own[i]);
		memset(w->own, 0, sizeof(w->own));
	}
	for (i = 0; i < NR_SHARED; i++)
		if (shared[i])
			give(this_cpu_ptr(&workers), shared[i]);
	memset(shared, 0, sizeof(shared));
}

static bool make_caches(void)
{
	static const char *const names[NR_CACHES] = { "test-0", "test-1", "test-2", "test-3" };
	bool ok = true;
	unsigned int i;

	for (i = 0; i < NR_CACHES; i++) {
		caches[i] = kmem_cache_create(names[i], sizes[i], 0, SLAB_NO_MERGE, NULL);
		ok &= caches[i] != NULL;
	}
	return ok;
}

static void destroy_caches(void)
{
	unsigned int i;

	for (i = 0; i < NR_CACHES; i++)
		kmem_cache_destroy(caches[i]);
}

TEST("CPUs that allocate and free at once, also each other's objects, lose none and get none twice")
{
	unsigned int errors = nr_slab_errors, round, cpu;
	unsigned long nr_done = 0;

	if (!make_caches()) {
		destroy_caches();
		SKIP("no memory for the caches");
	}
	for_each_possible_cpu(cpu)
		*per_cpu_ptr(&workers, cpu) = (struct worker){ .random = test_random() | 1 };
	for (round = 0; round < test_repeats(NR_ROUNDS); round++) {
		on_each_cpu(work, NULL, true);
		if (!EXPECT(kmem_caches_check()) || !EXPECT_EQ(nr_in_use(), nr_in_hands()))
			break;
	}
	give_all();
	for_each_online_cpu(cpu) {
		nr_done += per_cpu(workers, cpu).nr_done;
		EXPECT_EQ(per_cpu(workers, cpu).nr_wrong, 0);
	}
	test_note("%lu operations on %u CPUs", nr_done, num_online_cpus());
	EXPECT_EQ(nr_in_use(), 0);
	EXPECT_EQ(nr_slab_errors, errors);
	destroy_caches();
	kmalloc_shrink();
}
