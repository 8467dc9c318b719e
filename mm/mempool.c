// SPDX-License-Identifier: MIT
/*
 * Pools of elements that are put aside. <mm/mempool.h> has the picture and the invariants.
 *
 *    mempool_alloc()                             mempool_free()
 *      alloc, without sleeping                     curr_nr == min_nr? to where it came from
 *      what is put aside                           else put aside, and wake who waits
 *      may the caller sleep?
 *        alloc, sleeping if need be
 *        what is put aside
 *        sleep until an element is freed, or WAIT_TICKS have passed; again
 *
 * M3. Who sleeps has seen, under the lock, that nothing is put aside, and joined the queue before it
 *     left the lock; who puts something aside takes the lock before it wakes. So no wake-up is lost.
 * M4. Who frees an element, and finds without the lock that none is missing, sees a count that is at
 *     least as new as the one at which that element was taken: an element that was put aside
 *     cannot be given away instead of coming back. Two barriers make it so.
 *
 * Nobody is promised to be woken by memory that others free elsewhere; hence the time limit. After
 * Linux 3.10's mm/mempool.c.
 */
#include <asm/barrier.h>
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/jiffies.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/mempool.h>
#include <mm/mm.h>

/* How long to sleep before others' memory is tried again. Linux's. */
#define WAIT_TICKS	(5 * HZ)

/* --- What is put aside --- */

/* Context: pool locked, or nobody else's. */
static void add_element(mempool_t *pool, void *element)
{
	BUG_ON(pool->curr_nr >= pool->min_nr, "%d of %d elements", pool->curr_nr, pool->min_nr);
	pool->elements[pool->curr_nr++] = element;
}

static void *remove_element(mempool_t *pool)
{
	BUG_ON(pool->curr_nr <= 0, "%d of %d elements", pool->curr_nr, pool->min_nr);
	return pool->elements[--pool->curr_nr];
}

/* Return: an element; NULL if none is put aside. */
static void *take_aside(mempool_t *pool)
{
	void *element = NULL;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool->curr_nr)
		element = remove_element(pool);
	spin_unlock_irqrestore(&pool->lock, flags);
	smp_wmb();	/* M4: the count, before whatever leads the element to who frees it */
	return element;
}

/* Return: was there room? */
static bool put_aside(mempool_t *pool, void *element)
{
	unsigned long flags;
	bool room;

	spin_lock_irqsave(&pool->lock, flags);
	room = pool->curr_nr < pool->min_nr;
	if (room)
		add_element(pool, element);
	spin_unlock_irqrestore(&pool->lock, flags);
	return room;
}

/* Make elements until none is missing. Return: false if there is memory for some only. */
static bool fill(mempool_t *pool, gfp_t gfp_mask)
{
	void *element;

	while (READ_ONCE(pool->curr_nr) < pool->min_nr) {
		element = pool->alloc(gfp_mask, pool->pool_data);
		if (!element)
			return false;
		mempool_free(element, pool);
	}
	return true;
}

/* --- Pools --- */

mempool_t *mempool_create_node(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn,
			       void *pool_data, gfp_t gfp_mask, int node_id)
{
	mempool_t *pool;

	BUG_ON(min_nr < 1 || !alloc_fn || !free_fn, "%d elements", min_nr);
	pool = kzalloc_node(sizeof(*pool), gfp_mask, node_id);
	if (!pool)
		return NULL;
	pool->elements = kmalloc_node((size_t)min_nr * sizeof(void *), gfp_mask, node_id);
	if (!pool->elements) {
		if (!bug(ERROR_LEAK))
			kfree(pool);
		return NULL;
	}
	spin_lock_init(&pool->lock);
	init_waitqueue_head(&pool->wait);
	pool->min_nr = min_nr;
	pool->pool_data = pool_data;
	pool->alloc = alloc_fn;
	pool->free = free_fn;
	if (fill(pool, gfp_mask))
		return pool;
	mempool_destroy(pool);
	return NULL;
}

mempool_t *mempool_create(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn,
			  void *pool_data)
{
	return mempool_create_node(min_nr, alloc_fn, free_fn, pool_data, GFP_KERNEL, NUMA_NO_NODE);
}

void mempool_destroy(mempool_t *pool)
{
	if (!pool)
		return;
	BUG_ON(waitqueue_active(&pool->wait), "somebody waits for an element");
	while (pool->curr_nr)
		pool->free(remove_element(pool), pool->pool_data);
	kfree(pool->elements);
	kfree(pool);
}

/* --- Another size --- */

/* Return: an element that is too many, taken out; NULL: there are none, and the size is the new one. */
static void *shrink_by_one(mempool_t *pool, int new_min_nr)
{
	void *element = NULL;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool->curr_nr > new_min_nr)
		element = remove_element(pool);
	else
		pool->min_nr = new_min_nr;
	spin_unlock_irqrestore(&pool->lock, flags);
	return element;
}

static void shrink(mempool_t *pool, int new_min_nr)
{
	void *element;

	while ((element = shrink_by_one(pool, new_min_nr)))
		pool->free(element, pool->pool_data);
}

/* Use a larger array. Return: the one that was used so far. */
static void **use_array(mempool_t *pool, void **elements, int new_min_nr)
{
	void **old = pool->elements;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	memcpy(elements, old, (size_t)pool->curr_nr * sizeof(*elements));
	pool->elements = elements;
	pool->min_nr = new_min_nr;
	spin_unlock_irqrestore(&pool->lock, flags);
	return old;
}

int mempool_resize(mempool_t *pool, int new_min_nr, gfp_t gfp_mask)
{
	void **elements;

	BUG_ON(new_min_nr < 1, "%d elements", new_min_nr);
	if (new_min_nr <= pool->min_nr) {
		shrink(pool, new_min_nr);
		return 0;
	}
	elements = kmalloc_array((size_t)new_min_nr, sizeof(*elements), gfp_mask);
	if (!elements)
		return -ENOMEM;
	kfree(use_array(pool, elements, new_min_nr));
	fill(pool, gfp_mask);
	return 0;
}

/* --- Elements --- */

static void *alloc_or_take(mempool_t *pool, gfp_t gfp_mask)
{
	void *element = pool->alloc(gfp_mask, pool->pool_data);

	return element ? element : take_aside(pool);
}

/* M3. */
static void wait_for_element(mempool_t *pool)
{
	DEFINE_WAIT(wait);
	unsigned long flags;
	bool empty;

	spin_lock_irqsave(&pool->lock, flags);
	empty = pool->curr_nr == 0;
	if (empty)
		prepare_to_wait(&pool->wait, &wait, TASK_UNINTERRUPTIBLE);
	spin_unlock_irqrestore(&pool->lock, flags);
	if (!empty)
		return;
	schedule_timeout(WAIT_TICKS);
	finish_wait(&pool->wait, &wait);
}

void *mempool_alloc(mempool_t *pool, gfp_t gfp_mask)
{
	void *element;

	VM_BUG_ON(gfp_mask & __GFP_ZERO, "what is put aside is not zero");
	if (gfp_mask & __GFP_WAIT)
		might_sleep();
	gfp_mask |= __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN;
	element = alloc_or_take(pool, gfp_mask & ~(__GFP_WAIT | __GFP_IO));
	while (!element && gfp_mask & __GFP_WAIT) {
		element = alloc_or_take(pool, gfp_mask);
		if (!element)
			wait_for_element(pool);
	}
	return element;
}

void mempool_free(void *element, mempool_t *pool)
{
	if (unlikely(!element))
		return;
	smp_rmb();	/* M4 */
	if (READ_ONCE(pool->curr_nr) < READ_ONCE(pool->min_nr) && put_aside(pool, element))
		wake_up(&pool->wait);
	else
		pool->free(element, pool->pool_data);
}

bool mempool_check(mempool_t *pool)
{
	int i;

	if (pool->curr_nr < 0 || pool->curr_nr > pool->min_nr) {
		pr_err("mempool %p: M1: %d of %d elements\n", (void *)pool, pool->curr_nr, pool->min_nr);
		return false;
	}
	for (i = 0; i < pool->curr_nr; i++)
		if (!pool->elements[i]) {
			pr_err("mempool %p: M1: element %d is NULL\n", (void *)pool, i);
			return false;
		}
	return true;
}

/* --- The usual kinds of elements --- */

void *mempool_alloc_slab(gfp_t gfp_mask, void *pool_data)
{
	return kmem_cache_alloc_any(pool_data, gfp_mask);
}

void mempool_free_slab(void *element, void *pool_data)
{
	kmem_cache_free(pool_data, element);
}

void *mempool_kmalloc(gfp_t gfp_mask, void *pool_data)
{
	return kmalloc((size_t)pool_data, gfp_mask);
}

void mempool_kfree(void *element, void *pool_data)
{
	(void)pool_data;
	kfree(element);
}

void *mempool_alloc_pages(gfp_t gfp_mask, void *pool_data)
{
	return alloc_pages(gfp_mask, (unsigned int)(unsigned long)pool_data);
}

void mempool_free_pages(void *element, void *pool_data)
{
	__free_pages(element, (unsigned int)(unsigned long)pool_data);
}
