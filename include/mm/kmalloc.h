/* SPDX-License-Identifier: MIT */
/*
 * kmalloc(): memory by the byte. A request gets an object of the smallest size class that it fits
 * in; one that is larger than all of them, pages.
 *
 *    class    1   2   3      8 |  9  10  11  12 | 13  14  15  16 |       33   34   35   36
 *    bytes    8  16  24 ... 64 | 80  96 112 128 |160 192 224 256 | ... 5120 6144 7168 8192
 *             steps of 8       |  a quarter of the power of two below
 *
 * Why so many: what is lost is half a step, on average. With four steps to a doubling that is about
 * 8% of what is given out, where powers of two lose 25% (Linux has 96 and 192 in between, which
 * leaves 25% of sizes up to 4096 at that). Eight steps would lose 4%, with twice as many caches,
 * each of which has a slab that is half empty.
 *
 * Differs from Linux: the alignment of a kmalloc()ed object is ARCH_KMALLOC_MINALIGN and no more,
 * since memory is coherent for everything on the board; and there are more classes.
 */
#ifndef MM_KMALLOC_H
#define MM_KMALLOC_H

#include <asm/page.h>
#include <lib/bitops.h>
#include <lib/compiler.h>
#include <lib/math.h>
#include <lib/string.h>
#include <lib/types.h>
#include <mm/gfp.h>
#include <mm/slab.h>

#define ARCH_KMALLOC_MINALIGN	ARCH_SLAB_MINALIGN

/* The largest class, and the largest request. */
#define KMALLOC_MAX_CACHE_SIZE	8192u
#define KMALLOC_MAX_SIZE	(PAGE_SIZE << (MAX_ORDER - 1))

/* Below: steps of 8. From here on KMALLOC_STEPS to a doubling. */
#define KMALLOC_LINEAR_MAX	64u
#define KMALLOC_LINEAR_CLASSES	(KMALLOC_LINEAR_MAX / ARCH_KMALLOC_MINALIGN)
#define KMALLOC_STEPS_SHIFT	2
#define KMALLOC_STEPS		(1u << KMALLOC_STEPS_SHIFT)
#define KMALLOC_DOUBLINGS	7u		/* 64 to 8192 */
#define NR_KMALLOC_CLASSES	(1 + KMALLOC_LINEAR_CLASSES + KMALLOC_DOUBLINGS * KMALLOC_STEPS)

_Static_assert(KMALLOC_LINEAR_MAX << KMALLOC_DOUBLINGS == KMALLOC_MAX_CACHE_SIZE, "the last class");

/*
 * What kmalloc(0) returns: not NULL, so that it is no failure; and an address that faults when it
 * is used. kfree() ignores it, as it does NULL.
 */
#define ZERO_SIZE_PTR		((void *)16)
#define ZERO_OR_NULL_PTR(x)	((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

/*
 * The caches by class; class 0 has none. Those for __GFP_DMA exist where ZONE_DMA does. Where an
 * implementation has no classes (KMALLOC_HAS_CLASSES is 0) all may be NULL.
 */
extern struct kmem_cache *kmalloc_caches[NR_KMALLOC_CLASSES];
extern struct kmem_cache *kmalloc_dma_caches[NR_KMALLOC_CLASSES];

/*
 * The class of @size bytes, 1 .. KMALLOC_MAX_CACHE_SIZE. What counts is the offset of the last
 * byte: its highest bit says how far apart classes are there, and the bits down to that say which
 * it is.
 *
 *    last byte           0000 - 0011 1111    0100 0000 - 0111 1111    1000 0000 - 1111 1111
 *    step_shift          3: 8 bytes          4: 16 bytes              5: 32 bytes
 *    last >> step_shift  0 .. 7              4 .. 7                   4 .. 7
 *    class               1 .. 8              9 .. 12                  13 .. 16
 */
static __always_inline unsigned int kmalloc_index(size_t size)
{
	unsigned int last = (unsigned int)size - 1;
	unsigned int step_shift = __fls(last | KMALLOC_LINEAR_MAX / 2) - KMALLOC_STEPS_SHIFT;

	return step_shift * KMALLOC_STEPS + (last >> step_shift) + 1 -
	       ilog2(ARCH_KMALLOC_MINALIGN) * KMALLOC_STEPS;
}

/* The size of a class, 1 .. NR_KMALLOC_CLASSES - 1. */
static inline unsigned int kmalloc_size(unsigned int class)
{
	unsigned int n = class - KMALLOC_LINEAR_CLASSES - 1;

	if (class <= KMALLOC_LINEAR_CLASSES)
		return class * ARCH_KMALLOC_MINALIGN;
	return (KMALLOC_STEPS + 1 + n % KMALLOC_STEPS) *
	       (KMALLOC_LINEAR_MAX / KMALLOC_STEPS) << n / KMALLOC_STEPS;
}

/* As kmalloc(), of a @size that is not known when compiling; of more than KMALLOC_MAX_CACHE_SIZE. */
void *__kmalloc(size_t size, gfp_t flags) __must_check;
void *kmalloc_large(size_t size, gfp_t flags) __must_check;

/*
 * Fill @objp with zeros, in the way that is best for its size, which is known when compiling: a
 * small one in line. Volatile, because the compiler would make a call of memset() of that.
 */
static __always_inline void zero_object(void *objp, size_t size)
{
	volatile u64 *word = objp;

	if (size % PAGE_SIZE == 0 && IS_ALIGNED((unsigned long)objp, PAGE_SIZE)) {
		for (; size; size -= PAGE_SIZE, objp = (char *)objp + PAGE_SIZE)
			clear_page(objp);
		return;
	}
	if (size > KMALLOC_LINEAR_MAX) {
		memset(objp, 0, size);
		return;
	}
#pragma GCC unroll 8
	for (; size; size -= sizeof(*word))
		*word++ = 0;
}

/* A zeroed object of a class that is known when compiling. */
static __always_inline __must_check void *__kzalloc_class(unsigned int class, gfp_t flags)
{
	void *objp = __kmem_cache_alloc(kmalloc_caches[class], flags);

	if (likely(objp))
		zero_object(objp, kmalloc_size(class));
	return objp;
}

/**
 * kmalloc - memory by the byte
 * @size: bytes
 * @flags: as for kmem_cache_alloc(); __GFP_HIGHMEM cannot be
 *
 * A size that is known when compiling costs no more than kmem_cache_alloc(). Context: any that
 * @flags allow. Return: memory with junk in it, aligned to ARCH_KMALLOC_MINALIGN; ZERO_SIZE_PTR for
 * no bytes; NULL if there is none, or if @size is more than KMALLOC_MAX_SIZE.
 */
static __always_inline __must_check void *kmalloc(size_t size, gfp_t flags)
{
	if (KASAN_ON || !KMALLOC_HAS_CLASSES || !__builtin_constant_p(size) || size > KMALLOC_MAX_CACHE_SIZE ||
	    !__builtin_constant_p(flags) || flags & __GFP_DMA)
		return __kmalloc(size, flags);
	if (size == 0)
		return ZERO_SIZE_PTR;
	if (flags & __GFP_ZERO)
		return __kzalloc_class(kmalloc_index(size), flags & ~__GFP_ZERO);
	return __kmem_cache_alloc(kmalloc_caches[kmalloc_index(size)], flags);
}

/* The same, filled with zeros. */
static __always_inline __must_check void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

/* Return: @n elements of @size bytes each; NULL if there is no memory, or that is more than a size_t counts. */
static inline __must_check void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return __kmalloc(bytes, flags);
}

/* The same, filled with zeros. */
static inline __must_check void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, flags | __GFP_ZERO);
}

/* As kmem_cache_alloc_node(), @size bytes. */
void *kmalloc_node(size_t size, gfp_t flags, int nid) __must_check;

/* As kmalloc_node(), filled with zeros. */
static inline __must_check void *kzalloc_node(size_t size, gfp_t flags, int nid)
{
	return kmalloc_node(size, flags | __GFP_ZERO, nid);
}

/*
 * As kmalloc_node() of any node, on behalf of @caller: for functions that allocate what they return, so that reports
 * of objects name their caller.
 */
void *__kmalloc_track_caller(size_t size, gfp_t flags, const void *caller) __must_check;

#define kmalloc_track_caller(size, flags) \
	__kmalloc_track_caller(size, flags, __builtin_return_address(0))

/**
 * kfree - give back what kmalloc() returned
 * @objp: that; NULL and ZERO_SIZE_PTR are ignored
 *
 * Context: any. Another address is reported and left alone. Where there are size classes, objects
 * of any cache may be given back by kfree(), too; SLAB=slob does not know how large these are.
 */
void kfree(const void *objp);

/*
 * How many bytes may be used at @objp, at least as many as were asked for; 0 for NULL and ZERO_SIZE_PTR. BUG if that is
 * nothing of kmalloc()'s. Context: any.
 */
size_t ksize(const void *objp);

/**
 * krealloc - change the size of a piece of memory
 * @p: from kmalloc(), or NULL: then this is kmalloc()
 * @new_size: bytes; 0 frees it
 * @flags: as for kmalloc()
 *
 * What was there up to the smaller of both sizes still is. Context: as kmalloc(). Return: where it is now, perhaps the
 * same place; NULL if there is no memory, and then @p is as before; ZERO_SIZE_PTR if @new_size is
 * 0.
 */
void *krealloc(const void *p, size_t new_size, gfp_t flags) __must_check;

/* Return: a copy of @s, for kfree(); NULL if @s is NULL, or if there is no memory. */
char *kstrdup(const char *s, gfp_t flags) __must_check;

/* Return: @s itself, if it is one of the kernel's constants; else a copy. kfree_const() of @p frees only the copy. */
const char *kstrdup_const(const char *s, gfp_t flags) __must_check;
void kfree_const(const void *p);

/*
 * A copy of no more than @max characters of @s, with a 0 behind; and of @bytes at @src. NULL if @s or @src is NULL,
 * or if there is no memory. For kfree().
 */
char *kstrndup(const char *s, size_t max, gfp_t flags) __must_check;
void *kmemdup(const void *src, size_t bytes, gfp_t flags) __must_check;

#endif
