// SPDX-License-Identifier: MIT
/*
 * What object_place.h needs to be found out once: where the memory map is, for whom adds to an
 * address rather than subtracting and shifting; and the reciprocal of a size. And what is wrong with
 * an address that is no object.
 */
#include <kernel/bug.h>
#include <lib/bitops.h>
#include <lib/vsprintf.h>
#include <mm/memmap.h>
#include "object_place.h"
#include "slab_internal.h"

unsigned long slab_page_origin;

/*
 * By Newton's iteration, which costs a quarter of a division here: if r is too small by the
 * factor 1 - e, then r * (1 + e) is by 1 - e^2. It begins with e <= 1/2, and after five turns e <
 * 2^-32; what is rounded off is made up for in the end. 2^32 - r * size needs no more than 32 bits.
 */
u32 slab_reciprocal(unsigned int size)
{
	u32 r = 1u << (31 - ilog2(size));
	unsigned int turn;

	VM_BUG_ON(size < 2 || size > 2 * SLAB_BYTES_MAX, "%u bytes", size);
	for (turn = 0; turn < 5; turn++)
		r += (u32)((u64)r * (0u - r * size) >> 32);
	while (0u - r * size >= size)
		r++;
	return r + 1;
}

void __init slab_page_origin_init(void)
{
	const void *start = __va(PFN_PHYS(ARCH_PFN_OFFSET));
	unsigned long pfn = (unsigned long)start >> PAGE_SHIFT & LOWMEM_PFN_MASK;

	slab_page_origin = (unsigned long)mem_map - pfn * sizeof(struct page);
}

const char *bad_free(const struct kmem_cache *cachep, const void *objp, char *text, size_t size)
{
	const struct page *page;
	const char *start;

	if (!virt_addr_valid(objp))
		return "is no address of lowmem";
	page = virt_to_page(objp);
	if (!PageSlab(page))
		return "lies in no slab";
	if (page->slab_cache != cachep) {
		snprintf(text, size, "is of cache %s", page->slab_cache->name);
		return text;
	}
	start = nearest_obj(cachep, objp);
	if (!start)
		return "lies in a slab, but not in an object";
	if (start == objp)
		return NULL;
	snprintf(text, size, "lies %u bytes inside of object %p",
		 (unsigned int)((const char *)objp - start), start);
	return text;
}
