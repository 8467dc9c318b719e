/* SPDX-License-Identifier: MIT */
/*
 * Between the files of the slab allocator. The invariants are in slab.c.
 */
#ifndef MM_SLAB_SLAB_H
#define MM_SLAB_SLAB_H

#include <asm/page.h>
#include <lib/types.h>
#include <mm/mm.h>
#include "../object_place.h"
#include "../slab_debug.h"
#include "../slab_internal.h"

/*
 * With less memory than this, larger blocks of pages are hard to find, and arrays are short. As
 * in Linux.
 */
#define SLAB_BREAK_GFP_PAGES	((32ul << 20) >> PAGE_SHIFT)

/* --- From addresses to slabs and objects --- */

/* The slab that an object of @cachep lies in. */
static inline struct slab *virt_to_slab(const struct kmem_cache *cachep, const void *objp)
{
	unsigned long start = ALIGN_DOWN((unsigned long)objp, PAGE_SIZE << cachep->gfporder);

	return slab_of_page(cachep->page_origin, (void *)start);
}

/* Is this the place of an object? @slab may be any of its pages. See object_place.h. */
static __always_inline bool is_object_start(const struct kmem_cache *cachep,
					    const struct slab *slab, const void *objp)
{
	u32 offset = (u32)((unsigned long)objp - (unsigned long)slab->s_mem);

	return offset * cachep->reciprocal_buffer_size < SLAB_BYTES_MAX;
}

/* The number of an object. @objp may point into it. */
static inline unsigned int obj_to_index(const struct kmem_cache *cachep, const struct slab *slab,
					const void *objp)
{
	u32 offset = (u32)((unsigned long)objp - (unsigned long)slab->s_mem);

	return (unsigned int)((u64)offset * cachep->reciprocal_buffer_size >> 32);
}

static inline void *index_to_obj(const struct kmem_cache *cachep, const struct slab *slab,
				 unsigned int index)
{
	return (char *)slab->s_mem + index * cachep->size;
}

/* --- Slabs: slab_grow.c --- */

static inline kmem_bufctl_t *slab_bufctl(const struct kmem_cache *cachep, struct slab *slab)
{
	return likely(cachep->bufctl_place == BUFCTL_PAGE) ? &slab->bits : slab->bufctl;
}

/* Is the object free, that is, neither given out nor in an array? */
static inline bool index_is_free(const struct kmem_cache *cachep, struct slab *slab,
				 unsigned int index)
{
	return slab_bufctl(cachep, slab)[index / BUFCTL_BITS] >> index % BUFCTL_BITS & 1;
}

/* Bytes that the bits of @num objects take, where they do not fit into the struct page. */
static inline unsigned int bufctl_bytes(unsigned int num)
{
	return DIV_ROUND_UP(num, BUFCTL_BITS) * sizeof(kmem_bufctl_t);
}

/**
 * cache_grow - make a slab and put it on its node's list of free slabs
 * @cachep: the cache
 * @flags: of the request that needs it
 * @nid: where; NUMA_NO_NODE: the pages may come from anywhere
 *
 * Context: any that @flags allow; no lock held. Return: the node that the slab is on; -1 if there
 * is no memory.
 */
int cache_grow(struct kmem_cache *cachep, gfp_t flags, int nid);

/*
 * Take @nr objects, into @objs, out of a slab that has so many free ones. Context: list_lock held. Return: how many;
 * if its bits are damaged, these are fewer, or the last ones lie behind the slab's objects.
 */
unsigned int slab_take(struct kmem_cache *cachep, struct slab *slab, void **objs, unsigned int nr);

/*
 * Put the @nr @objs back, as long as each is of this slab, and not free already. Context: list_lock held. Return: how
 * many.
 */
unsigned int slab_put(struct kmem_cache *cachep, struct slab *slab, void **objs, unsigned int nr);

/*
 * The slab's bits are wrong: @nr objects, @objs, were taken, of which the valid ones are kept. The slab has no free
 * ones from now on, until somebody frees one. Context: list_lock held. Return: how many there are.
 */
unsigned int slab_give_up(struct kmem_cache *cachep, struct slab *slab, void **objs,
			  unsigned int nr) __cold;

/* Give the pages of the slabs on a list back. Context: no lock held. Return: how many slabs. */
unsigned int slabs_destroy(struct kmem_cache *cachep, struct list_head *doomed);

/* --- How slabs are laid out: slab_geometry.c --- */

void calculate_slab_geometry(struct kmem_cache *cachep);

/* --- The lists of a node: slab_node.c --- */

/* CPUs that are nearest to each node. */
extern unsigned int slab_cpus_per_node;

void kmem_cache_node_init(struct kmem_cache *cachep, struct kmem_cache_node *node);

/* Take up to @nr objects, into @objs, out of slabs, partial ones first. Context: list_lock held. Return: how many. */
unsigned int take_objects(struct kmem_cache *cachep, struct kmem_cache_node *node, void **objs,
			  unsigned int nr);

/*
 * Put the @nr @objs back into their slabs, all of this node. Slabs that are too many then go to @doomed. Context:
 * list_lock held.
 */
void free_block(struct kmem_cache *cachep, struct kmem_cache_node *node, void **objs,
		unsigned int nr, struct list_head *doomed);

/* All objects in use are isolated: with the cache they go, too. */
void drain_isolated(struct kmem_cache *cachep, struct kmem_cache_node *node);

/* Give up to @max empty slabs back. Context: no lock held. Return: how many. */
unsigned int drain_freelist(struct kmem_cache *cachep, struct kmem_cache_node *node,
			    unsigned int max);

/* --- The arrays: slab_array.c --- */

/* Caches that can be: each has a place in every CPU's table of arrays. */
#define NR_CPU_SLOTS	160

/* The entries of an array that does not exist: there is nothing in it, and no room. */
extern void *no_objects[1];

static inline bool ac_exists(const struct array_cache *ac)
{
	return ac->entry != no_objects;
}

/* Find a place for the arrays of a cache, or give it back. Return: was there one? */
bool take_cpu_slot(struct kmem_cache *cachep);
void put_cpu_slot(struct kmem_cache *cachep);

/*
 * Make an empty array of @entry, which has room for @limit + 1. Context: nobody uses it
 * meanwhile.
 */
void array_init(struct array_cache *ac, void **entry, unsigned int limit);

/* The opposite. The array is empty. Return: the entries that it had. */
void **array_forget(struct array_cache *ac);

/*
 * An array of @limit entries with a lock; NULL if there is no memory, or another array is being made. Context:
 * interrupts off.
 */
struct locked_array *alloc_locked_array(unsigned int limit);

/* Free @memory of arrays, entries or whole. NULL is ignored. */
void free_array_memory(void *memory);

/* @nr objects more, or less, that kmem_objects_in_use() does not count. */
void count_internal_objects(int nr);

static inline unsigned int shared_limit(const struct kmem_cache *cachep)
{
	return cachep->shared * cachep->batchcount;
}

/* Have this CPU's array, if there is none yet, and memory for it. Context: interrupts off. */
void setup_cpu_array(struct kmem_cache *cachep, struct array_cache *ac);

/* Move up to @max objects, and no more than @room, from the top of one array to that of another. Return: how many. */
unsigned int transfer_objects(struct array_cache *to, unsigned int room, struct array_cache *from,
			      unsigned int max);

/* Put the @nr oldest objects of an array back into the slabs of @nid. Context: interrupts off. */
void array_free_oldest(struct kmem_cache *cachep, struct array_cache *ac, unsigned int nr, int nid);

/* The array is full: make room for a batch at least. Context: interrupts off. */
void cache_flusharray(struct kmem_cache *cachep, struct array_cache *ac);

/* --- Giving back what was put aside: slab_drain.c --- */

/* Empty the arrays of all CPUs, and the shared and alien ones. Context: interrupts enabled. */
void drain_cpu_caches(struct kmem_cache *cachep);

/* The same, and give the arrays back. */
void free_cpu_arrays(struct kmem_cache *cachep);

/*
 * Put a node's shared array back. Context: any. Return: how many slabs went to the page
 * allocator by that.
 */
unsigned int empty_shared_array(struct kmem_cache *cachep, struct kmem_cache_node *node);

/*
 * Put a part of this CPU's array, or of a node's shared one, back, unless it was used lately.
 * Context: any.
 */
void drain_cpu_array(struct kmem_cache *cachep);
void drain_shared_array(struct kmem_cache *cachep, struct kmem_cache_node *node);

/* --- The ways through them: slab.c --- */

/* As kmem_cache_alloc_track() and kmem_cache_free(), where the hot path does not do it; for @caller. */
void *cache_alloc_slow(struct kmem_cache *cachep, gfp_t flags, int nid, const void *caller);
void cache_free_slow(struct kmem_cache *cachep, void *objp, const void *caller);

/* @objp goes straight to its slab, on whatever node that is. Context: interrupts off. */
void free_one(struct kmem_cache *cachep, void *objp);

/* --- Several nodes: slab_numa.c --- */

/*
 * An object of node @nid's slabs; of another's, if it has none and @flags allow. Context: as
 * the request.
 */
void *____cache_alloc_node(struct kmem_cache *cachep, gfp_t flags, int nid);
void *fallback_alloc(struct kmem_cache *cachep, gfp_t flags);

/* Send @objp back to the node that it came from. Context: interrupts off. Return: is it another's? */
bool cache_free_alien(struct kmem_cache *cachep, void *objp);

/* Empty the alien arrays of a node: all of them, or a part of one each time. */
void drain_alien_caches(struct kmem_cache *cachep, struct kmem_cache_node *node);
void reap_alien(struct kmem_cache *cachep, struct kmem_cache_node *node);
void next_reap_node(void);

/* --- All arrays and objects: slab_walk.c --- */

/*
 * Calls @func for every array of a cache, with the node whose objects it has. Return: did all
 * say true?
 */
bool for_each_array(struct kmem_cache *cachep,
		    bool (*func)(struct kmem_cache *cachep, struct array_cache *ac, int nid));

/*
 * Mark every object that is in an array as free, and take the marks off again. Context: nobody
 * uses the cache in between. Return: false, after a report, if an object was so already.
 */
bool mark_arrays(struct kmem_cache *cachep);
void unmark_arrays(struct kmem_cache *cachep);

/* --- Giving memory back in time: slab_reap.c --- */

/* One visit to all caches by this CPU. Context: a thread that stays on it. */
void reap_caches(void);

void __init slab_shrinker_init(void);

#endif
