// SPDX-License-Identifier: MIT
/*
 * Which objects can be reached from somewhere? Marking in three colours, after Dijkstra; in Linux's
 * kmemleak they have the same names.
 *
 *    root  ... | 0xc3801044 | ...          points into object 2
 *
 *    objects   0 white   1 white   2 grey -> last      3 white
 *                ^                   |
 *                +--- 0xc3800010 ----+   looked into: 2 black, 0 grey
 *
 * A word that has the address of an object's first byte, or of any other byte of it, points to it,
 * whatever the word was meant to be: so a scan may miss a leak, but what it calls one has no pointer
 * anywhere that it has looked.
 *
 * K1. Between leak_table_sort() and the end, objects are in order of their addresses, and none
 *     overlaps another.
 * K2. An object is white, black, or once on the list of grey ones. It never becomes white again.
 *
 * The table is sorted by heapsort, which needs no memory, and searched by halving.
 */
#include <kernel/bug.h>
#include <lib/math.h>
#include "kmemleak_internal.h"

void leak_table_init(struct leak_table *table, struct leak_object *objects, u32 max)
{
	*table = (struct leak_table){ .objects = objects, .max = max, .grey = LEAK_LAST };
}

bool leak_table_add(struct leak_table *table, unsigned long start, u32 size,
		    struct kmem_cache *cache)
{
	VM_BUG_ON(start % sizeof(start) || !size || start + size < start, "%lx, %u bytes", start, size);
	if (table->nr == table->max)
		return false;
	table->objects[table->nr++] = (struct leak_object){
		.start = start, .size = size, .colour = LEAK_WHITE, .cache = cache,
	};
	return true;
}

/* --- Order --- */

/* Let the object at @i sink until no one below it is larger. The heap has @nr objects. */
static void sift_down(struct leak_object *objects, u32 i, u32 nr)
{
	u32 child;

	for (; (child = 2 * i + 1) < nr; i = child) {
		if (child + 1 < nr && objects[child + 1].start > objects[child].start)
			child++;
		if (objects[i].start >= objects[child].start)
			return;
		swap(objects[i], objects[child]);
	}
}

void leak_table_sort(struct leak_table *table)
{
	struct leak_object *objects = table->objects;
	u32 i;

	for (i = table->nr / 2; i-- > 0; )
		sift_down(objects, i, table->nr);
	for (i = table->nr; i-- > 1; ) {
		swap(objects[0], objects[i]);
		sift_down(objects, 0, i);
	}
	for (i = 1; i < table->nr; i++)
		BUG_ON(objects[i].start - objects[i - 1].start < objects[i - 1].size,
		       "K1: %lx, %u bytes, and %lx", objects[i - 1].start, objects[i - 1].size,
		       objects[i].start);
}

struct leak_object *leak_find(const struct leak_table *table, unsigned long addr)
{
	u32 low = 0, high = table->nr, middle;
	struct leak_object *object;

	while (low < high) {
		middle = (low + high) / 2;
		object = &table->objects[middle];
		if (addr < object->start)
			high = middle;
		else if (addr - object->start < object->size)
			return object;
		else
			low = middle + 1;
	}
	return NULL;
}

/* --- Marking --- */

/* K2. */
static void found(struct leak_table *table, struct leak_object *object)
{
	if (object->colour != LEAK_WHITE)
		return;
	object->colour = table->grey;
	table->grey = (u32)(object - table->objects);
}

void leak_scan_range(struct leak_table *table, const void *start, const void *end)
{
	const unsigned long *word = start;
	struct leak_object *object;

	VM_BUG_ON(((unsigned long)start | (unsigned long)end) % sizeof(*word) || start > end,
		  "from %p to %p", start, end);
	table->nr_bytes += (unsigned long)end - (unsigned long)start;
	for (; (const void *)word < end; word++) {
		object = leak_find(table, *word);
		if (object)
			found(table, object);
	}
}

void leak_mark(struct leak_table *table)
{
	struct leak_object *object;

	while (table->grey != LEAK_LAST) {
		object = &table->objects[table->grey];
		table->grey = object->colour;
		object->colour = LEAK_BLACK;
		leak_scan_range(table, (const void *)object->start,
				(const void *)(object->start +
					       ALIGN_DOWN(object->size, sizeof(unsigned long))));
	}
}
