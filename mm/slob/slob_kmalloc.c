// SPDX-License-Identifier: MIT
/*
 * kmalloc() out of shared pages. A block is as large as the request, and its size is written before
 * the object, since kfree() gets an address only:
 *
 *           8 bytes aligned
 *           v
 *    | head | object ...            |      | head | object ...
 *    | 4 bytes: units, check        |
 *
 *    what is lost    4 bytes, and up to 7 so that the next object is aligned as well
 *
 * The head also says that an address is what kmalloc() returned: its check is made of its address
 * and its size, and it is wiped when the object is freed. An address inside an object has no such
 * bytes before it, unless somebody put them there.
 *
 * What does not fit into a page with its head gets pages: kmalloc_large(). Differs from Linux: whose
 * head has as many bytes as an object is aligned to.
 */
#include <kernel/bug.h>
#include <lib/string.h>
#include "slob.h"

struct slob_header {
	u16 units;		/* of the block, this head included */
	u16 check;
};

#define SLOB_HEADER_UNITS	(sizeof(struct slob_header) / SLOB_UNIT)
#define KMALLOC_ALIGN_UNITS	(ARCH_KMALLOC_MINALIGN / SLOB_UNIT)

_Static_assert(SLOB_HEADER_UNITS == 1, "a head is a unit, and keeps what is behind it aligned");

/* The most that a shared page has room for: its first unit can be no head. */
#define SLOB_KMALLOC_MAX	(PAGE_SIZE - 2 * ARCH_KMALLOC_MINALIGN + SLOB_UNIT)

/* No size, and no small number, is much like it. */
#define SLOB_CHECK		0xb10cu

/* No object of it is of any certain size. */
struct kmem_cache slob_kmalloc_cache = {
	.name = "kmalloc", .align = ARCH_KMALLOC_MINALIGN, .units = SLOB_HEADER_UNITS,
	.align_units = KMALLOC_ALIGN_UNITS,
};

/* --- Heads --- */

static struct slob_header *header_of(const void *objp)
{
	return (struct slob_header *)objp - 1;
}

static u16 check_of(const struct slob_header *header, unsigned int units)
{
	return (u16)(((unsigned long)header / SLOB_UNIT) ^ units ^ SLOB_CHECK);
}

static bool header_ok(const struct slob_header *header)
{
	return header->check == check_of(header, header->units) && header->units > SLOB_HEADER_UNITS &&
	       slob_index(header) + header->units <= SLOB_PAGE_UNITS;
}

/* Does the address follow a head in a shared page? */
static bool has_header(const void *objp)
{
	return IS_ALIGNED((unsigned long)objp, ARCH_KMALLOC_MINALIGN) &&
	       !IS_ALIGNED((unsigned long)objp, PAGE_SIZE) && header_ok(header_of(objp));
}

/* --- Allocating --- */

static void *alloc_with_header(size_t size, gfp_t flags, int nid)
{
	size_t bytes = ALIGN(size + sizeof(struct slob_header), ARCH_KMALLOC_MINALIGN);
	const struct slob_request request = {
		.cachep = &slob_kmalloc_cache, .units = slob_units(bytes),
		.align = KMALLOC_ALIGN_UNITS, .header = SLOB_HEADER_UNITS,
		.flags = flags, .nid = nid,
	};
	struct slob_header *header = slob_alloc(&request);

	if (unlikely(!header))
		return NULL;
	header->units = (u16)request.units;
	header->check = check_of(header, request.units);
	return flags & __GFP_ZERO ? memset(header + 1, 0, size) : header + 1;
}

/* The size class of a request, if it exists and is looked after; or else NULL. */
static struct kmem_cache *debugged_class(size_t size, gfp_t flags)
{
	struct kmem_cache *cachep = size - 1 < KMALLOC_MAX_CACHE_SIZE ? kmalloc_slab(size, flags) : NULL;

	return cachep && is_debugged(cachep) ? cachep : NULL;
}

static void *slob_kmalloc(size_t size, gfp_t flags, int nid, const void *caller)
{
	struct kmem_cache *cachep;

	BUG_ON(nid != NUMA_NO_NODE && !node_online(nid), "node %d of %d", nid, nr_online_nodes);
	if (static_branch_unlikely(&slab_debug_key)) {
		cachep = debugged_class(size, flags);
		if (cachep)
			return kmem_cache_alloc_track(cachep, flags, nid, caller);
	}
	if (unlikely(size - 1 >= SLOB_KMALLOC_MAX))
		return kmalloc_large_node(size, flags, nid);
	return alloc_with_header(size, flags, nid);
}

void *__kmalloc(size_t size, gfp_t flags)
{
	return slob_kmalloc(size, flags, NUMA_NO_NODE, __builtin_return_address(0));
}

void *kmalloc_node(size_t size, gfp_t flags, int nid)
{
	return slob_kmalloc(size, flags, nid, __builtin_return_address(0));
}

void *__kmalloc_track_caller(size_t size, gfp_t flags, const void *caller)
{
	return slob_kmalloc(size, flags, NUMA_NO_NODE, caller);
}

/* --- Freeing --- */

/* What is wrong with an address in a shared page. */
static const char *bad_address(const void *objp)
{
	return slob_is_free(objp) ? "is free already" : "is not what kmalloc() returned";
}

static void kfree_shared(void *objp, const void *caller)
{
	struct slob_header *header = header_of(objp);
	unsigned int units;

	if (unlikely(!has_header(objp))) {
		slab_error(&slob_kmalloc_cache, objp, bad_address(objp), caller);
		return;
	}
	units = header->units;
	*header = (struct slob_header){ 0 };
	if (unlikely(!slob_free(&slob_kmalloc_cache, header, units)))
		slab_error(&slob_kmalloc_cache, objp, "is free already, in part", caller);
}

void kfree(const void *const_objp)
{
	const void *caller = __builtin_return_address(0);
	void *objp = (void *)const_objp;

	if (unlikely(ZERO_OR_NULL_PTR(objp)))
		return;
	if (unlikely(!virt_addr_valid(objp) || !slob_is_slob(virt_to_slob(objp))))
		kfree_large(objp, caller);
	else if (unlikely(virt_to_slob(objp)->cache))
		slob_own_free(virt_to_slob(objp)->cache, objp, caller);
	else
		kfree_shared(objp, caller);
}

size_t ksize(const void *objp)
{
	const struct slob_page *sp;

	if (ZERO_OR_NULL_PTR(objp))
		return 0;
	BUG_ON(!virt_addr_valid(objp), "%p is no address of lowmem", objp);
	sp = virt_to_slob(objp);
	if (!slob_is_slob(sp))
		return kasan_ksize(objp, ksize_large(objp));
	if (sp->cache)
		return sp->cache->object_size;
	BUG_ON(!has_header(objp), "%p is not what kmalloc() returned", objp);
	return (header_of(objp)->units - SLOB_HEADER_UNITS) * SLOB_UNIT;
}
