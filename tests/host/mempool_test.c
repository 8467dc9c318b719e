// SPDX-License-Identifier: MIT
/*
 * Pools of elements, against a model: a store of NR_MADE elements, of which those are gone that
 * the pool made and did not give back.
 */
#include "host.h"
#include "host_wait.h"
#include "slab_machine.h"
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/fail_page_alloc.h>
#include <mm/mempool.h>
#include <mm/mm.h>
#include <mm/pcp.h>

TEST_SUITE("mempool");

#define NR_MADE		40
#define NR_RANDOM_OPS	20000

static const struct machine plain = { .name = "64 MiB", .banks = { { 0, MIB(64) } } };

/* --- The store --- */

static struct element {
	bool made;		/* the pool has it, put aside or given out */
	bool out;		/* given out, by the model */
} store[NR_MADE];

static unsigned int nr_made, max_made;
static gfp_t last_gfp;

static void *make(gfp_t gfp_mask, void *pool_data)
{
	unsigned int i;

	EXPECT(pool_data == store);
	last_gfp = gfp_mask;
	for (i = 0; i < NR_MADE && nr_made < max_made; i++)
		if (!store[i].made) {
			store[i].made = true;
			nr_made++;
			return &store[i];
		}
	return NULL;
}

static void unmake(void *element, void *pool_data)
{
	struct element *e = element;

	EXPECT(pool_data == store);
	EXPECT(e->made && !e->out);
	e->made = false;
	nr_made--;
}

/* A pool of @min_nr elements, where @max can be made in all. */
static mempool_t *pool_of(int min_nr, unsigned int max)
{
	slab_machine_boot(&plain);
	max_made = max;
	return mempool_create(min_nr, make, unmake, store);
}

static struct element *take(mempool_t *pool, gfp_t gfp_mask)
{
	struct element *e = mempool_alloc(pool, gfp_mask);

	if (e) {
		EXPECT(e->made && !e->out);
		e->out = true;
	}
	return e;
}

static void give(mempool_t *pool, struct element *e)
{
	e->out = false;
	mempool_free(e, pool);
}

/* --- Pools --- */

TEST("a pool is full when it is made, and gives everything back when it is destroyed")
{
	unsigned long objects;
	mempool_t *pool;

	slab_machine_boot(&plain);
	objects = kmem_objects_in_use();
	max_made = NR_MADE;
	pool = mempool_create(10, make, unmake, store);
	ASSERT(pool);
	EXPECT_EQ(nr_made, 10);
	EXPECT_EQ(pool->curr_nr, 10);
	EXPECT(mempool_check(pool));
	mempool_destroy(pool);
	EXPECT_EQ(nr_made, 0);
	mempool_destroy(NULL);
	EXPECT_EQ(kmem_objects_in_use(), objects);
	EXPECT(slab_machine_check());
}

TEST("a pool that cannot be filled is not made, and nothing of it is left")
{
	unsigned long objects;

	slab_machine_boot(&plain);
	objects = kmem_objects_in_use();
	max_made = 9;
	EXPECT(!mempool_create(10, make, unmake, store));
	EXPECT_EQ(nr_made, 0);
	EXPECT_EQ(kmem_objects_in_use(), objects);
}

TEST("whichever allocation of the pool itself fails, it is not made, and nothing is left")
{
	unsigned int nth, refusals = 0;
	bool failed = true;

	EXPECT_EQ(machine_param("fail_nth", "each"), 0);
	EXPECT_EQ(machine_param("slab_debug", "A"), 0);
	slab_machine_boot(&plain);
	max_made = NR_MADE;
	for (nth = 1; failed; nth++) {
		unsigned long objects = kmem_objects_in_use();
		mempool_t *pool;

		fail_nth_arm(nth, false);
		pool = mempool_create(10, make, unmake, store);
		failed = fail_nth_disarm();
		EXPECT(pool || failed);
		refusals += !pool;
		mempool_destroy(pool);
		EXPECT_EQ(nr_made, 0);
		EXPECT_EQ(kmem_objects_in_use(), objects);
	}
	EXPECT(refusals >= 2);		/* the pool, its array of elements */
	EXPECT(slab_machine_check());
}

TEST("what is put aside is touched only when nothing else is left, and filled up first")
{
	mempool_t *pool = pool_of(3, 5);
	struct element *e[5];
	unsigned int i;

	ASSERT(pool);
	for (i = 0; i < 5; i++) {
		e[i] = take(pool, GFP_ATOMIC);
		ASSERT(e[i]);
		EXPECT_EQ(pool->curr_nr, i < 2 ? 3 : 4 - i);
	}
	EXPECT(!take(pool, GFP_ATOMIC));
	for (i = 0; i < 5; i++) {
		give(pool, e[i]);
		EXPECT_EQ(pool->curr_nr, min(i + 1, 3u));
	}
	EXPECT_EQ(nr_made, 3);
	mempool_free(NULL, pool);
	mempool_destroy(pool);
}

TEST("elements are asked for without the reserves, and at first without sleeping")
{
	mempool_t *pool = pool_of(1, 2);
	struct element *e, *other;

	ASSERT(pool);
	e = take(pool, GFP_KERNEL);
	EXPECT_EQ(last_gfp & (__GFP_WAIT | __GFP_IO), 0);
	EXPECT_EQ(last_gfp & (__GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN),
		  __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN);
	other = take(pool, GFP_KERNEL);
	EXPECT_EQ(last_gfp & __GFP_WAIT, 0);
	EXPECT_EQ(pool->curr_nr, 0);
	ASSERT(e && other);
	give(pool, e);
	give(pool, other);
	mempool_destroy(pool);
}

static mempool_t *awaited;
static struct element *comes_back;

static void give_while_asleep(void)
{
	EXPECT_EQ(last_gfp & __GFP_WAIT, __GFP_WAIT);
	if (host_nr_sleeps > 1)
		give(awaited, comes_back);
}

TEST("who finds nothing and may sleep, sleeps until an element comes back, whatever wakes him before")
{
	struct element *e;

	awaited = pool_of(1, 1);
	ASSERT(awaited);
	comes_back = take(awaited, GFP_KERNEL);
	ASSERT(comes_back);
	EXPECT(!take(awaited, GFP_ATOMIC));
	EXPECT_EQ(host_nr_sleeps, 0);
	host_sleeps = give_while_asleep;
	e = take(awaited, GFP_KERNEL);
	EXPECT(e && e == comes_back);
	EXPECT_EQ(host_nr_sleeps, 2);
	EXPECT_EQ(host_nr_wakeups, 1);
	EXPECT(!waitqueue_active(&awaited->wait));
	give(awaited, e);
	mempool_destroy(awaited);
}

static void make_more(void)
{
	max_made++;
}

TEST("memory that comes back elsewhere ends the wait, too")
{
	struct element *e, *other;

	awaited = pool_of(1, 1);
	ASSERT(awaited);
	e = take(awaited, GFP_KERNEL);
	host_sleeps = make_more;
	other = take(awaited, GFP_KERNEL);
	ASSERT(e && other && e != other);
	EXPECT_EQ(host_nr_sleeps, 1);
	EXPECT_EQ(host_nr_wakeups, 0);
	give(awaited, e);
	give(awaited, other);
	mempool_destroy(awaited);
}

/* --- Another size --- */

TEST("a pool grows as far as there is memory, and what comes back fills the rest")
{
	mempool_t *pool = pool_of(2, 5);
	struct element *e;

	ASSERT(pool);
	e = take(pool, GFP_ATOMIC);
	ASSERT(e);
	EXPECT_EQ(mempool_resize(pool, 8, GFP_KERNEL), 0);
	EXPECT_EQ(pool->min_nr, 8);
	EXPECT_EQ(pool->curr_nr, 4);
	EXPECT(mempool_check(pool));
	give(pool, e);
	EXPECT_EQ(pool->curr_nr, 5);
	EXPECT_EQ(mempool_resize(pool, 3, GFP_KERNEL), 0);
	EXPECT_EQ(pool->curr_nr, 3);
	EXPECT_EQ(nr_made, 3);
	mempool_destroy(pool);
	EXPECT_EQ(nr_made, 0);
}

TEST("a pool that cannot grow stays as it is")
{
	mempool_t *pool = pool_of(2, 5);

	ASSERT(pool);
	EXPECT_EQ(mempool_resize(pool, 1 << 28, GFP_KERNEL | __GFP_NOWARN), (unsigned long)-ENOMEM);
	EXPECT_EQ(pool->min_nr, 2);
	EXPECT_EQ(pool->curr_nr, 2);
	EXPECT(mempool_check(pool));
	mempool_destroy(pool);
}

TEST("a pool of nothing, or without functions, is a mistake")
{
	slab_machine_boot(&plain);
	HOST_EXPECT_BUG(awaited = mempool_create(0, make, unmake, store));
	HOST_EXPECT_BUG(awaited = mempool_create(1, NULL, unmake, store));
}

TEST("the walker finds a count that cannot be")
{
	mempool_t *pool = pool_of(2, 5);

	ASSERT(pool);
	pool->curr_nr = 3;
	EXPECT(!mempool_check(pool));
	pool->curr_nr = 2;
	swap(pool->elements[0], *(void **)&awaited);
	EXPECT(!mempool_check(pool));
	swap(pool->elements[0], *(void **)&awaited);
	EXPECT(mempool_check(pool));
	mempool_destroy(pool);
}

/* --- At random --- */

static struct element *held[NR_MADE];
static unsigned int nr_held;

static void random_alloc(mempool_t *pool)
{
	struct element *e = take(pool, GFP_ATOMIC);
	bool there = nr_made < max_made || pool->curr_nr;

	if (e)
		held[nr_held++] = e;
	else
		EXPECT(!there);
}

static void random_free(mempool_t *pool)
{
	unsigned int i;

	if (!nr_held)
		return;
	i = test_random_below(nr_held);
	give(pool, held[i]);
	held[i] = held[--nr_held];
}

static void random_op(mempool_t *pool)
{
	u32 dice = test_random_below(100);

	if (dice < 48)
		random_alloc(pool);
	else if (dice < 96)
		random_free(pool);
	else if (dice < 98)
		max_made = test_random_below(NR_MADE + 1);
	else
		EXPECT_EQ(mempool_resize(pool, 1 + (int)test_random_below(20), GFP_ATOMIC), 0);
}

TEST("at random: what is made is put aside or given out, and no element is given out while there is one")
{
	mempool_t *pool = pool_of(5, NR_MADE);
	unsigned int op;

	ASSERT(pool);
	for (op = 0; op < NR_RANDOM_OPS; op++) {
		random_op(pool);
		ASSERT(mempool_check(pool));
		ASSERT_EQ(nr_made, nr_held + (unsigned int)pool->curr_nr);
	}
	while (nr_held)
		random_free(pool);
	mempool_destroy(pool);
	EXPECT_EQ(nr_made, 0);
	EXPECT(slab_machine_check());
}

/* --- The usual kinds --- */

TEST("pools of objects, of kmalloc()ed memory and of pages take their elements from there")
{
	struct kmem_cache *cachep;
	mempool_t *slab_pool, *kmalloc_pool, *page_pool;
	unsigned long pages;
	void *element;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 100, 0, 0, NULL);
	ASSERT(cachep);
	slab_pool = mempool_create_slab_pool(4, cachep);
	kmalloc_pool = mempool_create_kmalloc_pool(4, 200);
	pages = nr_free_pages() + nr_pcp_pages();
	page_pool = mempool_create_page_pool(4, 1);
	ASSERT(slab_pool && kmalloc_pool && page_pool);
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 4);
	EXPECT_EQ(ksize(kmalloc_pool->elements[0]), 224);
	EXPECT(nr_free_pages() + nr_pcp_pages() <= pages - 8);
	element = mempool_alloc(page_pool, GFP_KERNEL);
	EXPECT(element && page_in_map(element));
	mempool_free(element, page_pool);
	element = mempool_alloc(slab_pool, GFP_KERNEL);
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 5);
	mempool_free(element, slab_pool);
	mempool_destroy(slab_pool);
	mempool_destroy(kmalloc_pool);
	mempool_destroy(page_pool);
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 0);
	kmem_cache_destroy(cachep);
	EXPECT(slab_machine_check());
}
