/* SPDX-License-Identifier: MIT */
/*
 * Between the files of the unqueued slab allocator. The invariants are in slub.c.
 *
 * What is known of a slab changes as one: its freelist, how many objects are not on it, and whether
 * a CPU has it. Linux does that with cmpxchg_double() where the machine has it; and on others, 3.10
 * on ARM among them, under a bit lock in the struct page. But ARMv7-A has LDREXD and STREXD, which
 * are two words wide, and so there is no lock here: whoever frees to a slab of another CPU, or gives
 * it another owner, looks at both words, thinks, and stores both if nobody stored meanwhile.
 *
 *    CPU 0: slab is full                       CPU 1: frees object b, then a
 *    freelist NULL, inuse n                    {NULL, n}    --> {b, n - 1}
 *    {a, n - 2} --> {NULL, n}: takes all       {b, n - 1}   --> {a, n - 2}     a -> b -> NULL
 *
 * An exchange that succeeds though the freelist was another one meanwhile does no harm: who puts
 * objects on it links them to what is there now; who takes objects off, takes all of them. Only
 * alloc_single_from_partial() takes one, while list_lock keeps others from taking any.
 */
#ifndef MM_SLUB_SLUB_H
#define MM_SLUB_SLUB_H

#include <lib/atomic.h>
#include <lib/types.h>
#include <mm/mm.h>
#include "../object_place.h"
#include "../slab_debug.h"
#include "../slab_internal.h"

/* The cache of struct kmem_cache_node. */
extern struct kmem_cache *kmem_cache_node;

static inline struct kmem_cache_node *get_node(const struct kmem_cache *s, int nid)
{
	return s->node[nid];
}

/* --- From addresses to slabs and objects --- */

/* Where the slab begins that an object of the cache lies in. */
static __always_inline void *slab_base(const struct kmem_cache *s, const void *objp)
{
	return (void *)((unsigned long)objp & ~s->slab_mask);
}

static inline struct slab *virt_to_slab(const struct kmem_cache *s, const void *objp)
{
	return slab_of_page(slab_page_origin, slab_base(s, objp));
}

/* How far an address lies behind the first object of its slab. */
static inline u32 obj_offset(const struct kmem_cache *s, const void *objp)
{
	return (u32)((unsigned long)objp & s->slab_mask) - s->red_left_pad;
}

/* Is this the place of an object? @objp: in a slab of the cache. See object_place.h. */
static inline bool is_object_start(const struct kmem_cache *s, const void *objp)
{
	return obj_offset(s, objp) * s->reciprocal_size < s->start_limit;
}

/* The number of an object. @objp may point into it. */
static inline unsigned int obj_to_index(const struct kmem_cache *s, const void *objp)
{
	return (unsigned int)((u64)obj_offset(s, objp) * s->reciprocal_size >> 32);
}

static inline void *index_to_obj(const struct kmem_cache *s, const struct slab *slab,
				 unsigned int index)
{
	return (char *)slab_address(slab) + s->red_left_pad + index * s->size;
}

/* --- Freelists --- */

static __always_inline void *get_freepointer(const struct kmem_cache *s, void *objp)
{
	return *freepointer_of(s, objp);
}

static __always_inline void set_freepointer(const struct kmem_cache *s, void *objp, void *next)
{
	*freepointer_of(s, objp) = next;
}

/* Is @objp an object of the slab at @base? */
static inline bool is_object_of(const struct kmem_cache *s, const void *base, const void *objp)
{
	return slab_base(s, objp) == base && is_object_start(s, objp);
}

/**
 * freelist_length - follow a freelist
 * @s: the cache
 * @base: the address of the slab
 * @freelist: its first object, or NULL
 * @tail: receives its last; or NULL
 *
 * Return: how many objects are on it; -1 if it leads to something that is no object of the slab, or
 * in a circle.
 */
int freelist_length(const struct kmem_cache *s, const void *base, void *freelist, void **tail);

/* --- The state of a slab --- */

static inline union freelist_state freelist_state(const struct slab *slab)
{
	return (union freelist_state){ .both = READ_ONCE(slab->state.both) };
}

/* Return: did it, that is, was the state @from? */
static inline bool cmpxchg_double_slab(struct slab *slab, union freelist_state from,
				       union freelist_state to)
{
	return cmpxchg64(&slab->state.both, from.both, to.both) == from.both;
}

/* --- One slab: slub_page.c --- */

/**
 * new_slab - make a slab
 * @s: the cache
 * @flags: of the request that needs it
 * @nid: where; NUMA_NO_NODE: the pages may come from anywhere
 *
 * Context: any that @flags allow; no lock held. Return: a slab that nobody has and that is on no
 * list, with all objects free; NULL if there is no memory.
 */
struct slab *new_slab(struct kmem_cache *s, gfp_t flags, int nid);

/* Give its pages back. It is on no list, and none of its objects is in use. Context: any. */
void discard_slab(struct kmem_cache *s, struct slab *slab);

/*
 * Its freelist leads to @bad, which is no object: say so, and take its free objects out of use; if
 * it is this CPU's, all of it, and what is freed to it from now on is dropped. Context: the slab is
 * this CPU's; or the cache is looked after, list_lock held and the slab off the list.
 */
void isolate_slab(struct kmem_cache *s, struct slab *slab, const void *bad) __cold;

/* --- The slabs of a node, and who has them: slub_node.c --- */

void init_kmem_cache_node(struct kmem_cache_node *n);

/* Onto the list of its node. Context: nobody has the slab; any. */
void add_new_slab(struct kmem_cache *s, struct slab *slab);

/* Off the list. Context: list_lock held. */
void remove_partial(struct kmem_cache_node *n, struct slab *slab);

/**
 * __slab_free - put objects back into their slab
 * @s: the cache
 * @slab: the slab
 * @head: the first of these objects, linked to
 * @tail: the last
 * @cnt: how many
 *
 * Context: interrupts off, no lock held.
 */
void __slab_free(struct kmem_cache *s, struct slab *slab, void *head, void *tail, unsigned int cnt);

/* This CPU has the slab no more. Context: interrupts off. */
void unfreeze_slab(struct kmem_cache *s, struct slab *slab);

/* Return: all that others have freed to this CPU's slab; NULL: nothing, and it is this CPU's no more. */
void *get_freelist(struct kmem_cache *s, struct slab *slab);

/*
 * Have a slab of this CPU's node as c->page, and perhaps more of them in c->partial, which is empty.
 * Context: interrupts off. Return: its free objects; NULL if the node has none.
 */
void *get_partial(struct kmem_cache *s, struct kmem_cache_cpu *c);

/* Return: one free object of node @nid; NULL if it has none. The slab stays where it is. Context: any. */
void *alloc_single_from_partial(struct kmem_cache *s, int nid);

/* Give back up to @max slabs of node @nid without objects in use. Return: how many. Context: any. */
unsigned int discard_empty_slabs(struct kmem_cache *s, int nid, unsigned int max);

/* --- What a CPU has: slub_cpu.c --- */

/* Caches that can be: each has a place in every CPU's table. */
#define NR_CPU_SLOTS	160

/* Find a place for what CPUs have of a cache, or give it back. Return: was there one? */
bool take_cpu_slot(struct kmem_cache *s);
void put_cpu_slot(struct kmem_cache *s);

/* @slab, frozen, is what this CPU gives objects of from now on. */
static inline void set_cpu_slab(struct kmem_cache_cpu *c, struct slab *slab)
{
	c->page = slab;
	c->base = slab ? slab_address(slab) : NO_SLAB;
}

/* A frozen slab of @nr_free objects is this CPU's, for later. */
static inline void push_cpu_partial(struct kmem_cache_cpu *c, struct slab *slab,
				    unsigned int nr_free)
{
	slab->pobjects = nr_free + (c->partial ? c->partial->pobjects : 0);
	slab->next = c->partial;
	c->partial = slab;
}

/* The same; if these are too many, the others go to their nodes. Context: interrupts off. */
void put_cpu_partial(struct kmem_cache *s, struct slab *slab, unsigned int nr_free);

/* Put objects that were freed into their slab. Context: interrupts off. */
static inline void free_detached(struct kmem_cache *s, const struct detached_freelist *freed)
{
	__slab_free(s, virt_to_slab(s, freed->list.base), freed->list.freelist, freed->tail, freed->cnt);
}

/* Do so with those that this CPU freed last. Context: interrupts off. */
void flush_detached(struct kmem_cache *s, struct kmem_cache_cpu *c);

/* The same, and begin anew with @objp. Context: interrupts off. */
static inline void start_detached(struct kmem_cache *s, struct kmem_cache_cpu *c, void *objp)
{
	const struct detached_freelist freed = c->freed;

	set_freepointer(s, objp, NULL);
	c->freed = (struct detached_freelist){
		.list = { { .freelist = objp, .base = slab_base(s, objp) } }, .tail = objp, .cnt = 1,
	};
	if (freed.cnt)
		free_detached(s, &freed);
}

/* This CPU has nothing of the cache any more. Context: interrupts off. */
void flush_slab(struct kmem_cache *s, struct kmem_cache_cpu *c);

/* The same for all CPUs. Context: interrupts enabled. */
void flush_all(struct kmem_cache *s);

/* --- How slabs are laid out: slub_order.c --- */

/* Set all that follows from object_size, align and the debug flags. Context: nobody uses the cache yet. */
void calculate_sizes(struct kmem_cache *s);

/* --- All slabs: slub_walk.c --- */

/*
 * Calls @func, with @arg, for every slab of a cache, along the memory map. Context: any; slabs that come or go
 * meanwhile are seen or not. Return: did all say true?
 */
bool for_each_slab(struct kmem_cache *s,
		   bool (*func)(struct kmem_cache *s, struct slab *slab, void *arg), void *arg);

/* What is called for each object; in_use: as kmem_cache_for_each_object() says. */
struct object_visitor {
	void (*func)(struct kmem_cache *s, void *objp, bool in_use, void *arg);
	void *arg;
};

/*
 * Calls @visitor, which may be NULL, for every object of a slab. Context: nobody uses the cache.
 * Return: false if a freelist of the slab is damaged, or an object is on two of them.
 */
bool visit_objects(struct kmem_cache *s, struct slab *slab, const struct object_visitor *visitor);

/* --- When memory is scarce: slub_shrink.c --- */

void __init slub_shrinker_init(void);

#endif
