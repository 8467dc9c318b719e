/* SPDX-License-Identifier: MIT */
/*
 * From the address of an object to the page that it lies in, and to its number there: for
 * allocators that keep objects of one size in a slab, a block of pages.
 *
 * Which object of its slab an address belongs to, is asked at every free, and Cortex-A9 has no
 * instruction to divide. So a cache has R = floor(2^32 / size) + 1, which is a little more than
 * 2^32 / size:
 *
 *    R * size = 2^32 + e,  0 < e <= size
 *
 * For an address x = i * size + r behind the first object, 0 <= r < size, the product has two
 * halves:
 *
 *    R * x = i * 2^32 + i * e + R * r        |  high word  |  low word      |
 *                                            |     i       |  i * e + R * r |
 *
 * With sizes and slabs of at most 2^15 bytes the low word does not overflow into the high one:
 * i * e <= i * size < 2^15, and R * r <= R * size - R <= 2^32 + 2^15 - 2^17. So the high word is
 * the number of the object, and the low word says whether x is the beginning of it:
 *
 *    r == 0:  low word = i * e < 2^15          r > 0:  low word >= R > 2^17
 *
 * And for an address before the first object, x = -(i * size - r), the low word is R * r - i * e,
 * modulo 2^32: at least 2^17 - 2^16, or 2^32 less something small. So one multiplication and one
 * comparison find every address that is not a place for an object; only the unused end of a slab
 * may look like one. Where the end matters, the comparison is with n * e, for n objects: place i
 * has the low word i * e, so that exactly the first n are below.
 *
 * All this holds for one object of up to 2^16 bytes in a slab of as many, too: there i is 0, and
 * R > 2^16 > e.
 */
#ifndef MM_OBJECT_PLACE_H
#define MM_OBJECT_PLACE_H

#include <asm/page.h>
#include <kernel/init.h>
#include <lib/compiler.h>
#include <lib/types.h>
#include <mm/mm.h>
#include <mm/slab.h>

/* No slab of several objects has more bytes; see above. */
#define SLAB_ORDER_MAX		3u
#define SLAB_BYTES_MAX		(PAGE_SIZE << SLAB_ORDER_MAX)

_Static_assert(KMEM_CACHE_MAX_SIZE == 4096u << SLAB_ORDER_MAX, "the largest object is a slab");

/* Return: floor(2^32 / @size) + 1, see above. @size: 2 .. 2^16. */
u32 slab_reciprocal(unsigned int size);

/* --- Pages --- */

/* Lowmem has at most 1 GiB, so these bits of an address tell its pages apart. */
#define LOWMEM_PFN_MASK		0x3ffffUL

/* Where the struct page would be of an address whose LOWMEM_PFN_MASK bits are zero. */
extern unsigned long slab_page_origin;

/* Find that out. Context: kmem_cache_init(), before anything else here. */
void __init slab_page_origin_init(void);

/*
 * The struct page of a lowmem address, as one of a slab. Other addresses have the page of
 * another one.
 */
static __always_inline struct slab *slab_of_page(unsigned long page_origin, const void *virt)
{
	unsigned long pfn = (unsigned long)virt >> PAGE_SHIFT & LOWMEM_PFN_MASK;

	return (struct slab *)(page_origin + pfn * sizeof(struct page));
}

/* Is it an address whose struct page can be looked at? Debug builds know before they look. */
static __always_inline bool has_page(const void *objp)
{
	return !CONFIG_DEBUG_VM || ((unsigned long)objp >= PAGE_OFFSET && objp < high_memory);
}

static inline struct page *slab_page(const struct slab *slab)
{
	return (struct page *)slab;
}

static inline bool slab_is_slab(const struct slab *slab)
{
	return PageSlab(slab_page(slab));
}

/* Slabs are of lowmem. */
static inline void *slab_address(const struct slab *slab)
{
	return lowmem_page_address(slab_page(slab));
}

static inline int slab_nid(const struct slab *slab)
{
	return page_to_nid(slab_page(slab));
}

/* --- Objects --- */

/**
 * bad_free - what is wrong with an address that is to be freed
 * @cachep: the cache that it should be an object of
 * @objp: the address
 * @text: room for a sentence
 * @size: bytes there
 *
 * Return: what is wrong, perhaps in @text, for slab_error(); NULL if it is an object of the cache.
 */
const char *bad_free(const struct kmem_cache *cachep, const void *objp, char *text, size_t size) __cold;

#endif
