// SPDX-License-Identifier: MIT
/*
 * kmalloc() beyond its inline part: sizes that are not known when compiling, sizes that no class
 * is large enough for, and the making of the classes. See kmalloc.h.
 *
 *    __kmalloc(100)      class 11, "kmalloc-112"             an object
 *    __kmalloc(20000)    no class                            a block of pages of order 3
 *    kfree(address)      its page: PG_slab? the cache's      kfree() of the implementation
 *                        PG_large_kmalloc?                   kfree_large()
 */
#include <asm/stack.h>
#include <kernel/bug.h>
#include <kernel/sections.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include "slab_debug.h"
#include "slab_internal.h"

struct kmem_cache *kmalloc_caches[NR_KMALLOC_CLASSES];
struct kmem_cache *kmalloc_dma_caches[NR_KMALLOC_CLASSES];

/* --- The classes --- */

static const char *const class_names[NR_KMALLOC_CLASSES] = {
	NULL, "kmalloc-8", "kmalloc-16", "kmalloc-24", "kmalloc-32", "kmalloc-40", "kmalloc-48",
	"kmalloc-56", "kmalloc-64", "kmalloc-80", "kmalloc-96", "kmalloc-112", "kmalloc-128",
	"kmalloc-160", "kmalloc-192", "kmalloc-224", "kmalloc-256", "kmalloc-320", "kmalloc-384",
	"kmalloc-448", "kmalloc-512", "kmalloc-640", "kmalloc-768", "kmalloc-896", "kmalloc-1k",
	"kmalloc-1280", "kmalloc-1536", "kmalloc-1792", "kmalloc-2k", "kmalloc-2560", "kmalloc-3k",
	"kmalloc-3584", "kmalloc-4k", "kmalloc-5k", "kmalloc-6k", "kmalloc-7k", "kmalloc-8k",
};

/* "dma-kmalloc-64" and so on; the other classes exist already. */
#define DMA_NAME_BYTES	20

static const char *__init dma_class_name(unsigned int class)
{
	char *name = kmalloc(DMA_NAME_BYTES, GFP_NOWAIT);

	if (!name)
		panic("kmem_cache_init: no memory for a name");
	snprintf(name, DMA_NAME_BYTES, "dma-%s", class_names[class]);
	return name;
}

static struct kmem_cache *__init create_class(const char *name, unsigned int size,
					      unsigned long flags)
{
	struct kmem_cache *cachep = kmem_cache_zalloc(kmem_cache, GFP_NOWAIT);

	if (!cachep)
		panic("kmem_cache_init: no memory for %s", name);
	create_boot_cache(cachep, name, size, flags);
	return cachep;
}

void __init create_kmalloc_caches(void)
{
	unsigned int class;

	slab_debug_init();
	for (class = 1; class < NR_KMALLOC_CLASSES; class++)
		kmalloc_caches[class] = create_class(class_names[class], kmalloc_size(class), 0);
	if (lowest_zone != ZONE_DMA)
		return;
	for (class = 1; class < NR_KMALLOC_CLASSES; class++)
		kmalloc_dma_caches[class] = create_class(dma_class_name(class), kmalloc_size(class),
							 SLAB_CACHE_DMA);
}

/* --- Allocating --- */

/*
 * The cache of a size, 1 .. KMALLOC_MAX_CACHE_SIZE. A request for ZONE_DMA, where there is none,
 * is one for any memory: devices reach everything.
 */
static struct kmem_cache *kmalloc_slab(size_t size, gfp_t flags)
{
	unsigned int class = kmalloc_index(size);

	if (unlikely(flags & __GFP_DMA) && kmalloc_dma_caches[class])
		return kmalloc_dma_caches[class];
	return kmalloc_caches[class];
}

/* Sizes that no class has: none, and more than the largest. */
static __always_inline bool no_class_fits(size_t size)
{
	return size - 1 >= KMALLOC_MAX_CACHE_SIZE;
}

/*
 * Pages of a large request are marked as such, and their first has the order. Differs from Linux,
 * where they are a compound page: to make one and take it apart costs more than the pages do.
 */
static void set_large_order(struct page *page, unsigned int order)
{
	__SetPageLargeKmalloc(page);
	set_page_private(page, order);
}

static void *kmalloc_large_node(size_t size, gfp_t flags, int nid)
{
	struct page *page;
	unsigned int order;

	if (size == 0)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	order = get_order(size);
	flags &= ~__GFP_COMP;
	page = nid == NUMA_NO_NODE ? alloc_pages(flags, order) : alloc_pages_node(nid, flags, order);
	if (!page)
		return NULL;
	set_large_order(page, order);
	return page_address(page);
}

void *kmalloc_large(size_t size, gfp_t flags)
{
	return kmalloc_large_node(size, flags, NUMA_NO_NODE);
}

/* The rare flags. */
static noinline void *kmalloc_special(size_t size, gfp_t flags)
{
	return kmem_cache_alloc_any(kmalloc_slab(size, flags), flags);
}

void *__kmalloc(size_t size, gfp_t flags)
{
	if (unlikely(no_class_fits(size)))
		return kmalloc_large(size, flags);
	if (unlikely(flags & (__GFP_ZERO | __GFP_DMA)))
		return kmalloc_special(size, flags);
	return __kmem_cache_alloc(kmalloc_caches[kmalloc_index(size)], flags);
}

void *kmalloc_node(size_t size, gfp_t flags, int nid)
{
	if (unlikely(no_class_fits(size)))
		return kmalloc_large_node(size, flags, nid);
	return kmem_cache_alloc_track(kmalloc_slab(size, flags), flags, nid,
				      __builtin_return_address(0));
}

void *__kmalloc_track_caller(size_t size, gfp_t flags, const void *caller)
{
	if (unlikely(no_class_fits(size)))
		return kmalloc_large(size, flags);
	return kmem_cache_alloc_track(kmalloc_slab(size, flags), flags, NUMA_NO_NODE, caller);
}

/* --- What lies in no slab --- */

/* The page of what kmalloc_large() returned; NULL for any other address. */
static struct page *large_page(const void *objp)
{
	struct page *page;

	if ((unsigned long)objp < PAGE_OFFSET || objp >= high_memory ||
	    !IS_ALIGNED((unsigned long)objp, PAGE_SIZE))
		return NULL;
	page = virt_to_page(objp);
	return PageLargeKmalloc(page) && page_count(page) ? page : NULL;
}

/* What is known of an address that kmalloc() did not return. */
static const char *foreign_address(const void *objp, char *text, size_t size)
{
	unsigned long addr = (unsigned long)objp, low, high;
	const char *where = "";

	if (stack_bounds(addr, &low, &high))
		where = ": it is on a stack";
	else if (addr >= (unsigned long)_text && addr < (unsigned long)_end)
		where = ": it is in the kernel's image";
	else if (!virt_addr_valid(objp))
		where = ": it is no address of lowmem";
	else if (PageLargeKmalloc(virt_to_page(objp)))
		where = ": it is inside of what kmalloc() returned";
	else if (!page_count(virt_to_page(objp)))
		where = ": its page is free";
	snprintf(text, size, "is not what kmalloc() returned%s", where);
	return text;
}

void kfree_large(const void *objp, const void *caller)
{
	struct page *page = large_page(objp);
	unsigned int order;
	char text[80];

	if (unlikely(!page)) {
		slab_error(NULL, objp, foreign_address(objp, text, sizeof(text)), caller);
		return;
	}
	order = page_private(page);
	__ClearPageLargeKmalloc(page);
	set_page_private(page, 0);
	__free_pages(page, order);
}

size_t ksize_large(const void *objp)
{
	struct page *page = large_page(objp);

	BUG_ON(!page, "%p is not what kmalloc() returned", objp);
	return PAGE_SIZE << page_private(page);
}

void kmalloc_shrink(void)
{
	unsigned int class;

	for (class = 1; class < NR_KMALLOC_CLASSES; class++) {
		kmem_cache_shrink(kmalloc_caches[class]);
		if (kmalloc_dma_caches[class])
			kmem_cache_shrink(kmalloc_dma_caches[class]);
	}
}
