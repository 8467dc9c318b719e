// SPDX-License-Identifier: MIT
/*
 * Pools on the board: threads that find nothing sleep, and are woken when an element comes back, on
 * whatever CPU that is.
 *
 * The elements are counted, and made only while the pool is: so what is put aside is all there is.
 */
#include <lib/atomic.h>
#include <mm/mempool.h>
#include "crew.h"

TEST_SUITE("mempool");

#define NR_ELEMENTS	2
#define NR_THREADS	5
#define NR_ROUNDS	200

static char elements[NR_ELEMENTS];
static unsigned int nr_made;
static atomic_t nr_out, nr_too_many, nr_rounds;

/* Once there are NR_ELEMENTS, there is no memory for more. */
static void *make(gfp_t gfp_mask, void *pool_data)
{
	(void)gfp_mask;
	(void)pool_data;
	return nr_made < NR_ELEMENTS ? &elements[nr_made++] : NULL;
}

static void unmake(void *element, void *pool_data)
{
	(void)element;
	(void)pool_data;
	nr_made--;
}

static mempool_t *make_pool(void)
{
	nr_made = 0;
	atomic_set(&nr_out, 0);
	atomic_set(&nr_too_many, 0);
	atomic_set(&nr_rounds, 0);
	return mempool_create(NR_ELEMENTS, make, unmake, NULL);
}

static void end_pool(mempool_t *pool)
{
	EXPECT(mempool_check(pool));
	EXPECT_EQ(pool->curr_nr, NR_ELEMENTS);
	EXPECT(!waitqueue_active(&pool->wait));
	mempool_destroy(pool);
	kmalloc_shrink();
	EXPECT_EQ(nr_made, 0);
}

/* Takes an element, and gives it to whoever made the thread: it is what the thread returns. */
static int take_one(void *pool)
{
	char *element = mempool_alloc(pool, GFP_KERNEL);

	return (int)(element - elements);
}

TEST("threads that find a pool empty sleep, and each element that comes back ends one's sleep")
{
	mempool_t *pool = make_pool();
	struct task_struct *tasks[NR_ELEMENTS];
	void *held[NR_ELEMENTS];
	unsigned int i, got = 0;

	if (!pool)
		SKIP("no memory");
	for (i = 0; i < NR_ELEMENTS; i++)
		held[i] = mempool_alloc(pool, GFP_ATOMIC);
	EXPECT(!mempool_alloc(pool, GFP_ATOMIC));
	if (make_threads(tasks, NR_ELEMENTS, take_one, pool, 0, ANY_CPU)) {
		start_threads(tasks, NR_ELEMENTS);
		for (i = 0; i < NR_ELEMENTS; i++)
			EXPECT(eventually(thread_sleeps(tasks[i])));
		for (i = 0; i < NR_ELEMENTS; i++)
			mempool_free(held[i], pool);
		for (i = 0; i < NR_ELEMENTS; i++)
			got |= 1u << join_thread(tasks[i]);
		EXPECT_EQ(got, (1u << NR_ELEMENTS) - 1);
	}
	for (i = 0; i < NR_ELEMENTS; i++)
		mempool_free(held[i], pool);
	end_pool(pool);
}

static int take_and_give(void *pool)
{
	for (unsigned int i = 0; i < NR_ROUNDS; i++) {
		void *element = mempool_alloc(pool, GFP_KERNEL);

		if (atomic_inc_return(&nr_out) > NR_ELEMENTS)
			atomic_inc(&nr_too_many);
		if (i % 4 == 0)
			yield();
		atomic_sub(1, &nr_out);
		mempool_free(element, pool);
		atomic_inc(&nr_rounds);
	}
	return 0;
}

TEST("more threads than elements, on all CPUs: everybody gets on, and no element is had twice")
{
	mempool_t *pool = make_pool();
	struct task_struct *tasks[NR_THREADS];

	if (!pool)
		SKIP("no memory");
	if (make_threads(tasks, NR_THREADS, take_and_give, pool, 0, ANY_CPU)) {
		start_threads(tasks, NR_THREADS);
		for (unsigned int i = 0; i < NR_THREADS; i++)
			join_thread(tasks[i]);
		EXPECT_EQ(atomic_read(&nr_rounds), NR_THREADS * NR_ROUNDS);
		EXPECT_EQ(atomic_read(&nr_too_many), 0);
	}
	end_pool(pool);
}

static int give_back_late(void *data)
{
	mempool_t *pool = data;

	EXPECT(eventually(waitqueue_active(&pool->wait)));
	mempool_free(&elements[0], pool);
	return 0;
}

TEST("who sleeps gets the very element that another thread gives back")
{
	mempool_t *pool = make_pool();
	struct task_struct *task;
	void *given = &elements[0], *kept = &elements[1];

	if (!pool)
		SKIP("no memory");
	EXPECT(mempool_alloc(pool, GFP_ATOMIC) && mempool_alloc(pool, GFP_ATOMIC));
	task = make_thread(give_back_late, pool, ANY_CPU);
	if (task) {
		wake_up_process(task);
		given = mempool_alloc(pool, GFP_KERNEL);
		EXPECT(given == &elements[0]);
		join_thread(task);
	}
	mempool_free(given, pool);
	mempool_free(kept, pool);
	end_pool(pool);
}
