/* SPDX-License-Identifier: MIT */
/*
 * Pools of elements that are put aside, for those who must get on when memory is gone: who writes
 * pages out to free memory needs some to do so.
 *
 *    mempool_t *pool = mempool_create_slab_pool(4, foo_cache);    four are there at once
 *
 *    foo = mempool_alloc(pool, GFP_NOIO);      from the cache; if it has none, from the four;
 *                                              if they are gone, sleep until one is given back
 *    mempool_free(foo, pool);                  to the four, if some are missing; or to the cache
 *
 * M1. 0 <= curr_nr <= min_nr: elements[0 .. curr_nr - 1] are put aside.
 * M2. As long as elements of the pool are out and come back, mempool_alloc() with __GFP_WAIT succeeds.
 *
 * Names, arguments and meaning are Linux 3.10's (include/linux/mempool.h).
 */
#ifndef MM_MEMPOOL_H
#define MM_MEMPOOL_H

#include <kernel/spinlock.h>
#include <kernel/wait.h>
#include <lib/types.h>
#include <mm/gfp.h>
#include <mm/slab.h>

/* Make an element; NULL if there is no memory. May sleep if @gfp_mask has __GFP_WAIT. */
typedef void *(mempool_alloc_t)(gfp_t gfp_mask, void *pool_data);

/* The opposite. Context: as mempool_free() is called. */
typedef void (mempool_free_t)(void *element, void *pool_data);

typedef struct mempool_s {
	spinlock_t lock;		/* of the numbers and elements; may be taken with interrupts off */
	int min_nr;			/* elements to put aside */
	int curr_nr;			/* elements that are, the last one is taken next */
	void **elements;

	void *pool_data;		/* for the two: a cache, a size, an order */
	mempool_alloc_t *alloc;
	mempool_free_t *free;
	wait_queue_head_t wait;		/* who found nothing */
} mempool_t;

/**
 * mempool_create - make a pool
 * @min_nr: elements to put aside, 1 or more
 * @alloc_fn: makes an element
 * @free_fn: the opposite
 * @pool_data: passed to both
 *
 * Context: thread that may sleep. Return: the pool, full; NULL if there is no memory.
 */
mempool_t *mempool_create(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn,
			  void *pool_data) __must_check;

/**
 * mempool_create_node - make a pool, with its own memory on a certain node
 * @min_nr: elements to put aside, 1 or more
 * @alloc_fn: makes an element
 * @free_fn: the opposite
 * @pool_data: passed to both
 * @gfp_mask: for the pool and its first elements
 * @node_id: as for kmalloc_node()
 *
 * Context: as @gfp_mask allows. Return: as mempool_create().
 */
mempool_t *mempool_create_node(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn,
			       void *pool_data, gfp_t gfp_mask, int node_id) __must_check;

/**
 * mempool_resize - change how many elements are put aside
 * @pool: the pool; only one caller at a time
 * @new_min_nr: 1 or more
 * @gfp_mask: for the elements that are missing
 *
 * If there is no memory for some of the elements, those that are freed later fill their places.
 * Context: as @gfp_mask allows, and not in an interrupt. Return: 0; -ENOMEM, and nothing has changed.
 */
int mempool_resize(mempool_t *pool, int new_min_nr, gfp_t gfp_mask) __must_check;

/**
 * mempool_destroy - give a pool back, and what is put aside
 * @pool: nobody uses it any more, or has an element of it; NULL is ignored
 */
void mempool_destroy(mempool_t *pool);

/**
 * mempool_alloc - an element
 * @pool: the pool
 * @gfp_mask: with __GFP_WAIT the call sleeps until there is an element, and does not fail; without,
 *	it takes one that is put aside, or fails. __GFP_ZERO cannot be: what was put aside is not zero
 *
 * Return: the element; NULL without __GFP_WAIT only. Context: as @gfp_mask allows.
 */
void *mempool_alloc(mempool_t *pool, gfp_t gfp_mask) __must_check;

/**
 * mempool_free - give an element back, and wake who waits for one
 * @element: from mempool_alloc(); NULL is ignored
 * @pool: the pool that it came from
 *
 * Context: any that the pool's free_fn allows.
 */
void mempool_free(void *element, mempool_t *pool);

/* Return: does M1 hold? If not, after a message. Context: nobody uses the pool meanwhile. */
bool mempool_check(mempool_t *pool);

/* --- Elements that are objects of a cache: @pool_data is the struct kmem_cache --- */

/*
 * How an element is made, with @pool_data, and the opposite, for mempool_create_slab_pool(), which makes a pool of
 * @min_nr. Return: the element, the pool; NULL if there is no memory. The other two kinds are alike.
 */
void *mempool_alloc_slab(gfp_t gfp_mask, void *pool_data);
void mempool_free_slab(void *element, void *pool_data);

static inline __must_check mempool_t *mempool_create_slab_pool(int min_nr, struct kmem_cache *kc)
{
	return mempool_create(min_nr, mempool_alloc_slab, mempool_free_slab, kc);
}

/* --- From kmalloc(): @pool_data is their size --- */

/* The same, for mempool_create_kmalloc_pool(): of @size bytes each. */
void *mempool_kmalloc(gfp_t gfp_mask, void *pool_data);
void mempool_kfree(void *element, void *pool_data);

static inline __must_check mempool_t *mempool_create_kmalloc_pool(int min_nr, size_t size)
{
	return mempool_create(min_nr, mempool_kmalloc, mempool_kfree, (void *)size);
}

/* --- Blocks of pages: @pool_data is their order, an element is a struct page --- */

/* The same, for mempool_create_page_pool(): of blocks of @order. */
void *mempool_alloc_pages(gfp_t gfp_mask, void *pool_data);
void mempool_free_pages(void *element, void *pool_data);

static inline __must_check mempool_t *mempool_create_page_pool(int min_nr, int order)
{
	return mempool_create(min_nr, mempool_alloc_pages, mempool_free_pages, (void *)(long)order);
}

#endif
