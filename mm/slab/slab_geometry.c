// SPDX-License-Identifier: MIT
/*
 * How the slabs of a cache are laid out: how many pages, how many objects in them, where the bits
 * are that say which are free, and how many colours there are.
 *
 * What is lost, step by step. A slab of B bytes has objects of size s, with a bit for each, in
 * words of 32:
 *
 *    BUFCTL_PAGE   n = B / s <= 32                         one word, which the struct page has
 *                  lost = B - n * s
 *    BUFCTL_ON     the largest n with n * s + 4 * ceil(n / 32) <= B
 *                  lost = B - n * s                        bits and what is left over behind them
 *    BUFCTL_OFF    n = B / s
 *                  lost = B - n * s + the size class for 4 * ceil(n / 32) bytes
 *
 *    B = 4096   s = 8     on:  504 objects, 64 bytes lost        off: 512, 64    -> on
 *               s = 48    on:   85 objects, 16 bytes lost        off:  85, 32    -> on
 *               s = 64    on:   63 objects, 64 bytes lost        off:  64,  8    -> off
 *               s = 512   page:  8 objects, nothing lost
 *
 * The fewest bytes lost decide; if it is all the same, the bits stay on the slab, where they cost
 * no second allocation. The order is the smallest at which no more than a sixteenth is lost and a
 * slab has enough objects to be worth the trouble of making it; or else the one at which least is
 * lost of a byte.
 *
 * What is left over shifts the objects: each slab begins a cache line later than the one before, as
 * long as there is room, so that objects with the same number in their slabs do not all compete for
 * the same lines of the cache. That is a slab's colour.
 *
 * G1. red_left_pad + num * size + (BUFCTL_ON) bufctl_bytes(num) + (colour - 1) * colour_off <= bytes of
 *     the slab.
 * G2. A BUFCTL_OFF cache has its bits from a class of smaller objects than its own: so making a
 *     slab needs others only down to the smallest class.
 *
 * Differs from Linux: which allows an eighth, tries orders up to 1, keeps 4 bytes an object, and
 * puts them off the slab for objects from an eighth of a page on.
 */
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <lib/math.h>
#include "slab.h"

/* An acceptable loss is one in this many bytes. Linux: 8. */
#define LOST_SHARE		16

/* Enough objects in a slab: these bytes' worth, but no more than that many. */
#define ENOUGH_BYTES		16384u
#define ENOUGH_OBJECTS		16u

struct slab_layout {
	enum bufctl_place place;
	unsigned int num;
	unsigned int left;		/* bytes for colours */
	unsigned int lost;		/* bytes, those of an object off the slab included */
};

static unsigned int quotient(const struct kmem_cache *cachep, unsigned int bytes)
{
	return (unsigned int)((u64)bytes * cachep->reciprocal_buffer_size >> 32);
}

static struct slab_layout layout_in_page(const struct kmem_cache *cachep, unsigned int bytes)
{
	unsigned int num = quotient(cachep, bytes), left = bytes - num * cachep->size;

	return (struct slab_layout){ BUFCTL_PAGE, num, left, left };
}

static struct slab_layout layout_on(const struct kmem_cache *cachep, unsigned int bytes)
{
	unsigned int num = quotient(cachep, bytes), used;

	while (num * cachep->size + bufctl_bytes(num) > bytes)
		num--;
	used = num * cachep->size;
	return (struct slab_layout){ BUFCTL_ON, num, bytes - used - bufctl_bytes(num), bytes - used };
}

/* The class that the bits of @num objects come from. */
static unsigned int bufctl_class(unsigned int num)
{
	return kmalloc_index(bufctl_bytes(num));
}

static struct slab_layout layout_off(const struct kmem_cache *cachep, unsigned int bytes)
{
	unsigned int num = quotient(cachep, bytes), left = bytes - num * cachep->size;

	return (struct slab_layout){ BUFCTL_OFF, num, left,
				     left + kmalloc_size(bufctl_class(num)) };
}

/* G2, and while booting the class may not exist yet. */
static bool may_be_off(const struct kmem_cache *cachep, const struct slab_layout *off)
{
	unsigned int class = bufctl_class(off->num);

	return kmalloc_size(class) < cachep->size && kmalloc_caches[class];
}

static struct slab_layout best_layout(const struct kmem_cache *cachep, unsigned int order)
{
	unsigned int bytes = (PAGE_SIZE << order) - cachep->red_left_pad;
	struct slab_layout in_page = layout_in_page(cachep, bytes), on, off;

	if (in_page.num <= BUFCTL_BITS)
		return in_page;
	on = layout_on(cachep, bytes);
	off = layout_off(cachep, bytes);
	return off.lost < on.lost && may_be_off(cachep, &off) ? off : on;
}

/* The lowest order to try: one at which there are enough objects. */
static unsigned int min_order(const struct kmem_cache *cachep)
{
	unsigned int enough = clamp(quotient(cachep, ENOUGH_BYTES), 1u, ENOUGH_OBJECTS);

	return get_order(enough * cachep->size + cachep->red_left_pad);
}

/* The highest: at least one object must fit in. */
static unsigned int max_order(const struct kmem_cache *cachep)
{
	return totalram_pages > SLAB_BREAK_GFP_PAGES ? SLAB_ORDER_MAX :
	       max(get_order(cachep->size + cachep->red_left_pad), 1u);
}

/*
 * Chooses the order: the lowest at which little is lost, or else the one at which least is, of
 * a page.
 */
static struct slab_layout calculate_slab_order(struct kmem_cache *cachep)
{
	unsigned int last = max_order(cachep), order = min(min_order(cachep), last);
	struct slab_layout best = best_layout(cachep, order), layout = best;

	cachep->gfporder = order;
	while (layout.lost * LOST_SHARE > PAGE_SIZE << order && order < last) {
		layout = best_layout(cachep, ++order);
		if (layout.lost << cachep->gfporder < best.lost << order) {
			best = layout;
			cachep->gfporder = order;
		}
	}
	return best;
}

/*
 * Decide how objects lie in slabs, and how many at once: fills in what struct kmem_cache says of
 * it. Context: nobody uses it yet.
 */
void calculate_slab_geometry(struct kmem_cache *cachep)
{
	struct slab_layout layout;

	BUG_ON(cachep->object_size == 0 || cachep->object_size > KMEM_CACHE_MAX_SIZE,
	       "%s: %u bytes", cachep->name, cachep->object_size);
	BUG_ON(!is_power_of_2(cachep->align) || cachep->align < ARCH_SLAB_MINALIGN ||
	       cachep->align > PAGE_SIZE, "%s: aligned to %u", cachep->name, cachep->align);

	cachep->size = ALIGN(cachep->object_size, cachep->align);
	slab_debug_geometry(cachep, 0);
	cachep->reciprocal_buffer_size = slab_reciprocal(cachep->size);
	layout = calculate_slab_order(cachep);
	cachep->num = layout.num;
	cachep->bufctl_place = layout.place;
	if (layout.place == BUFCTL_OFF)
		cachep->bufctl_cache = kmalloc_caches[bufctl_class(layout.num)];
	cachep->colour_off = max(cachep->align, L1_CACHE_BYTES + 0u);
	cachep->colour = (layout.left >> ilog2(cachep->colour_off)) + 1 + bug(COLOUR_END);
	BUG_ON(cachep->num == 0, "%s: %u bytes do not fit into order %u", cachep->name, cachep->size,
	       cachep->gfporder);
}
