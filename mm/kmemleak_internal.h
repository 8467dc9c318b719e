/* SPDX-License-Identifier: MIT */
/*
 * The table of objects that a leak scan works on: kmemleak_mark.c. Knows nothing of caches, so that
 * the host tests try it with memory of their own.
 */
#ifndef MM_KMEMLEAK_INTERNAL_H
#define MM_KMEMLEAK_INTERNAL_H

#include <lib/types.h>

struct kmem_cache;

struct leak_object {
	unsigned long start;		/* a multiple of 4 */
	u32 size;			/* bytes */
	u32 colour;			/* LEAK_..., or the next grey object */
	struct kmem_cache *cache;	/* the caller's */
};

/* Colours: what is neither of these is grey. */
#define LEAK_WHITE	(~0u)		/* nobody has been seen who points to it */
#define LEAK_BLACK	(~0u - 1)	/* found, and looked into */
#define LEAK_LAST	(~0u - 2)	/* grey, the last one on the list */

struct leak_table {
	struct leak_object *objects;
	u32 nr, max;			/* objects in the table; room */
	u32 grey;			/* the list of grey objects; LEAK_LAST: empty */
	unsigned long nr_bytes;		/* looked at so far */
};

/* An empty table in memory for @max objects. */
void leak_table_init(struct leak_table *table, struct leak_object *objects, u32 max);

/* Add a white object, of @size bytes from @start on, in any order. Return: was there room? */
bool leak_table_add(struct leak_table *table, unsigned long start, u32 size,
		    struct kmem_cache *cache);

/* Order the table by address, after which nothing can be added. BUG if two objects overlap. */
void leak_table_sort(struct leak_table *table);

/* The object that @addr points into, wherever in it; NULL if none. Context: sorted. */
struct leak_object *leak_find(const struct leak_table *table, unsigned long addr);

/* Look at each word from @start to @end, both multiples of 4: what it points to is not white any more. */
void leak_scan_range(struct leak_table *table, const void *start, const void *end);

/* Look into all that is grey, until nothing is. */
void leak_mark(struct leak_table *table);

#endif
