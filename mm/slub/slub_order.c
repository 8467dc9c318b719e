// SPDX-License-Identifier: MIT
/*
 * How the slabs of a cache are laid out: how far apart its objects are, where a free one has its
 * pointer, how many pages a slab is, and how many free objects CPUs and nodes keep.
 *
 *    | object | next object                    plain: the pointer is in the object
 *    | object | pointer | next object          it has a constructor
 *    red, object, red, pointer, tracks, red    it is looked after: slab_debug.c
 *
 * The order, step by step. A slab is a unit that a CPU takes from a node, with a lock; so it should
 * have so many objects, the more the more CPUs there may be to compete for that lock:
 *
 *    min_objects = 4 * (fls(NR_CPUS) + 1)      4 CPUs: 16
 *
 * but no more than fit into the largest order. Of the orders from the lowest at which they fit to the
 * largest, the first is taken at which no more than a 16th of the slab is lost at its end; if there
 * is none, an 8th, then a 4th; and if that is too much, too, one object less will do, and so on.
 *
 *    4 CPUs   size 192:  16 objects are 3072 bytes: order 0 holds 21, and loses 64    -> 0
 *             size 704:  16 are 11264: order 2 holds 23, and loses 192, an 85th       -> 2
 *             size 5120: no more than 6 fit into order 3: it loses 2048, a 16th       -> 3
 *             size 6144: 5 fit, and 2048 are lost                                     -> 3
 *
 * `slub_min_objects=', `slub_min_order=' and `slub_max_order=' change that, for experiments.
 *
 * G1. red_left_pad + num * size <= bytes of a slab = slab_mask + 1 = slab_words * 8.
 * G2. offset + 4 <= size; where there is a constructor, or the cache is looked after, offset is
 *     behind the object.
 *
 * After calculate_sizes(), calculate_order() and slab_order() of Linux 3.10. Differs from it: with
 * little memory the largest order is 1, as slab has it there; and CPUs that could be count, not those
 * that are, since one CPU alone takes slabs from the page allocator as often.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/math.h>
#include "slub.h"

/* Empty slabs that a node keeps. Linux's numbers. */
#define MIN_PARTIAL	5u
#define MAX_PARTIAL	10u

/* With less memory than this, larger blocks of pages are hard to find. */
#define LITTLE_MEMORY_PAGES	((32ul << 20) >> PAGE_SHIFT)

#define LARGEST_SHARE_LOST	4u	/* a 4th ... */
#define SMALLEST_SHARE_LOST	16u	/* ... to a 16th of a slab */

/* What is asked for; 0: as is best. */
static struct {
	unsigned int min_objects, min_order, max_order;
} wish;

/* --- Parameters --- */

/* One digit, or two. */
static int __init read_number(const char *value, unsigned int max, unsigned int *number)
{
	unsigned int n = 0;
	const char *p = value;

	for (; p && *p >= '0' && *p <= '9' && n <= max; p++)
		n = n * 10 + (unsigned int)(*p - '0');
	if (!p || p == value || *p || n > max)
		return -EINVAL;
	*number = n;
	return 0;
}

static int __init early_min_objects(char *value)
{
	return read_number(value, 512, &wish.min_objects);
}
early_param("slub_min_objects", early_min_objects);

static int __init early_min_order(char *value)
{
	return read_number(value, SLAB_ORDER_MAX, &wish.min_order);
}
early_param("slub_min_order", early_min_order);

static int __init early_max_order(char *value)
{
	return read_number(value, SLAB_ORDER_MAX, &wish.max_order);
}
early_param("slub_max_order", early_max_order);

/* --- The order --- */

/* Without a division: see object_place.h. */
static unsigned int order_objects(const struct kmem_cache *s, unsigned int order)
{
	unsigned int bytes = (PAGE_SIZE << order) - s->red_left_pad;

	return (unsigned int)((u64)bytes * s->reciprocal_size >> 32);
}

static unsigned int bytes_lost(const struct kmem_cache *s, unsigned int order)
{
	return (PAGE_SIZE << order) - order_objects(s, order) * s->size;
}

/* The largest order that is to be tried. At least one object must fit into it. */
static unsigned int largest_order(const struct kmem_cache *s)
{
	unsigned int order = totalram_pages > LITTLE_MEMORY_PAGES ? SLAB_ORDER_MAX : 1;

	if (wish.max_order)
		order = wish.max_order;
	order = max(order, wish.min_order);
	return max(order, (unsigned int)get_order(s->size + s->red_left_pad));
}

/* The lowest order for so many objects with so little lost; more than @last: there is none. */
static unsigned int slab_order(const struct kmem_cache *s, unsigned int min_objects,
			       unsigned int last, unsigned int share)
{
	unsigned int order = (unsigned int)get_order(min_objects * s->size + s->red_left_pad);

	order = max(order, wish.min_order);
	while (order <= last && bytes_lost(s, order) * share > PAGE_SIZE << order)
		order++;
	return order;
}

static unsigned int calculate_order(const struct kmem_cache *s)
{
	unsigned int wanted = wish.min_objects ? wish.min_objects : 4 * (fls(NR_CPUS) + 1);
	unsigned int last = largest_order(s), order, share;
	unsigned int min_objects = clamp(order_objects(s, last), 1u, wanted);

	for (;; min_objects--)
		for (share = SMALLEST_SHARE_LOST; share >= LARGEST_SHARE_LOST; share /= 2) {
			order = slab_order(s, min_objects, last, min_objects > 1 ? share : 1);
			if (order <= last || min_objects == 1)
				return order;
		}
}

/* --- The rest --- */

/* How far apart objects are, and where they have their pointers: G2. */
static void calculate_object(struct kmem_cache *s)
{
	unsigned int size = s->object_size, offset;

	if (s->ctor) {
		s->offset = ALIGN(size, sizeof(void *));
		size = s->offset + sizeof(void *);
	}
	s->size = ALIGN(size, s->align);
	offset = slab_debug_geometry(s, sizeof(void *));
	if (offset)
		s->offset = offset;
}

/* How many free objects a CPU keeps in slabs for later. Linux's numbers. */
static unsigned int cpu_partial_of(const struct kmem_cache *s)
{
	if (is_debugged(s))
		return 0;
	if (s->size >= PAGE_SIZE)
		return 2;
	if (s->size >= PAGE_SIZE / 4)
		return 6;
	return s->size >= PAGE_SIZE / 16 ? 13 : 30;
}

void calculate_sizes(struct kmem_cache *s)
{
	BUG_ON(s->object_size == 0 || s->object_size > KMEM_CACHE_MAX_SIZE, "%s: %u bytes", s->name,
	       s->object_size);
	BUG_ON(!is_power_of_2(s->align) || s->align < ARCH_SLAB_MINALIGN || s->align > PAGE_SIZE,
	       "%s: aligned to %u", s->name, s->align);

	calculate_object(s);
	s->reciprocal_size = slab_reciprocal(s->size);
	s->gfporder = calculate_order(s);
	s->num = order_objects(s, s->gfporder);
	s->start_limit = s->num * (u32)(s->reciprocal_size * s->size);
	s->slab_mask = (PAGE_SIZE << s->gfporder) - 1;
	s->slab_words = (PAGE_SIZE << s->gfporder) / sizeof(u64);
	s->min_partial = clamp((unsigned int)ilog2(s->size) / 2, MIN_PARTIAL, MAX_PARTIAL);
	s->cpu_partial = cpu_partial_of(s);
	BUG_ON(s->num == 0 || s->offset + sizeof(void *) > s->size, "%s: G1, G2: %u objects of %u bytes, %u",
	       s->name, s->num, s->size, s->offset);
}
