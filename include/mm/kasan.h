/* SPDX-License-Identifier: MIT */
/*
 * KASAN: where memory comes and goes, its shadow is told. Nothing of this is there without SAN=kasan.
 *
 *    page allocator      kasan_poison_pages()     kasan_unpoison_pages()
 *    caches              kasan_slab_free()        kasan_slab_alloc(), and what kmalloc() was asked for
 *    vmalloc area        kasan_poison_vmalloc()   kasan_unpoison_vmalloc()
 *    stacks              the compiler             kasan_unpoison_stack(), for who comes next
 *
 * How a byte says what may be used, and who reads it: mm/kasan/kasan.h. Names are Linux's (include/linux/kasan.h)
 * where the functions are.
 */
#ifndef MM_KASAN_H
#define MM_KASAN_H

#include <lib/compiler.h>
#include <lib/types.h>

struct kmem_cache;
struct page;

#ifdef CONFIG_KASAN
#define KASAN_ON	1

/* For functions that look where nobody should: at all of a stack, say. */
#define __no_kasan	__attribute__((no_sanitize_address))

/*
 * As memcpy(), memmove(), memset(), clear_page() and copy_page(); @byte is what
 * __memset() fills in. Those are checks in front of these: arch/arm/lib/.
 */
void *__memcpy(void *dest, const void *src, size_t bytes);
void *__memmove(void *dest, const void *src, size_t bytes);
void *__memset(void *dest, int byte, size_t bytes);
void __clear_page(void *page);
void __copy_page(void *to, const void *from);

/* Memory has its shadow: report from now on. Context: paging_init(). */
void kasan_begin(void);

/* What there must be before objects are looked after. Context: kmem_cache_init(), pages can be had. */
void kasan_objects_init(void);

/* Limit the quarantine. Context: kmem_cache_init_late(). */
void kasan_quarantine_init(void);

/* A block of @order goes to the free lists; and comes from there. High memory has no shadow. */
void kasan_poison_pages(struct page *page, unsigned int order);
void kasan_unpoison_pages(struct page *page, unsigned int order);

/* Lay out objects with room between them. As slab_debug_geometry(). */
unsigned int kasan_cache_geometry(struct kmem_cache *cachep, unsigned int own_bytes);

/* Are the objects of a cache checked? Not those that slab_debug= looks after, nor any with SLAB=slob. */
bool kasan_knows(const struct kmem_cache *cachep);

/* A new slab, of 2^@order pages from @page on: no object of it is given out. */
void kasan_poison_slab(const struct kmem_cache *cachep, struct page *page, unsigned int order);

/* @objp is one of its objects: nobody has had it yet. */
void kasan_init_object(const struct kmem_cache *cachep, void *objp);

/* An object is given out to @caller: of @size bytes, no more than its cache has. Return: @objp, which may be NULL. */
void *kasan_slab_alloc(const struct kmem_cache *cachep, void *objp, const void *caller);
void *kasan_kmalloc(const struct kmem_cache *cachep, void *objp, size_t size);

/*
 * @objp is given back by @caller. Return: is it KASAN's now? It waits in the quarantine, or was freed twice, and this
 * is reported. Context: any.
 */
bool kasan_slab_free(struct kmem_cache *cachep, void *objp, const void *caller);

/* Pages of a large kmalloc(), of which @size bytes are to be used. Return: @objp. */
void *kasan_kmalloc_large(void *objp, size_t size, size_t bytes);

/* Somebody asks how much of @objp he may use: @bytes, all of it, from now on. Return: @bytes. */
size_t kasan_ksize(const void *objp, size_t bytes);

/* An object, or pages, of kmalloc() are to have @size bytes from now on, no more than there are. Return: @objp. */
void *kasan_krealloc(void *objp, size_t size);

/* What is in the quarantine goes back to its caches: all of it; of one cache. Context: as kfree(). */
void kasan_quarantine_drain(void);
void kasan_quarantine_drain_cache(const struct kmem_cache *cachep);

/* How much is in there: objects, bytes. */
unsigned long kasan_quarantine_objects(void);
unsigned long kasan_quarantine_bytes(void);

/* An area at @addr is somebody's, @size bytes to be used; all its @bytes are nobody's any more. */
void kasan_unpoison_vmalloc(unsigned long addr, unsigned long size);
void kasan_poison_vmalloc(unsigned long addr, unsigned long bytes);

/* A stack, @bytes at @addr, is about to be somebody's. */
void kasan_unpoison_stack(unsigned long addr, unsigned long bytes);

/* May the byte at @addr be used? As Linux's. */
bool kasan_byte_accessible(const void *addr);

/* What the last report said, and how many there were, for tests. */
struct kasan_report_info {
	const char *kind;		/* "slab-out-of-bounds" ... */
	unsigned long addr;		/* of the first byte that may not be used */
	size_t size;			/* of the access */
	bool write;
	unsigned int nr;		/* of reports so far */
};

extern struct kasan_report_info kasan_last_report;

/* For a person: what the shadow of @addr says; and how the quarantine is. */
void kasan_describe(unsigned long addr);
void kasan_show(void);

#else
#define KASAN_ON	0
#define __no_kasan
#define __memset	memset

static inline void kasan_objects_init(void)
{
}

static inline void kasan_quarantine_init(void)
{
}

static inline void kasan_poison_pages(struct page *page, unsigned int order)
{
	(void)page, (void)order;
}

static inline void kasan_unpoison_pages(struct page *page, unsigned int order)
{
	(void)page, (void)order;
}

static inline unsigned int kasan_cache_geometry(struct kmem_cache *cachep, unsigned int own_bytes)
{
	(void)cachep, (void)own_bytes;
	return 0;
}

static inline bool kasan_knows(const struct kmem_cache *cachep)
{
	(void)cachep;
	return false;
}

static inline void kasan_poison_slab(const struct kmem_cache *cachep, struct page *page, unsigned int order)
{
	(void)cachep, (void)page, (void)order;
}

static inline void kasan_init_object(const struct kmem_cache *cachep, void *objp)
{
	(void)cachep, (void)objp;
}

static __always_inline void *kasan_slab_alloc(const struct kmem_cache *cachep, void *objp, const void *caller)
{
	(void)cachep, (void)caller;
	return objp;
}

static __always_inline void *kasan_kmalloc(const struct kmem_cache *cachep, void *objp, size_t size)
{
	(void)cachep, (void)size;
	return objp;
}

static __always_inline bool kasan_slab_free(struct kmem_cache *cachep, void *objp, const void *caller)
{
	(void)cachep, (void)objp, (void)caller;
	return false;
}

static __always_inline void *kasan_kmalloc_large(void *objp, size_t size, size_t bytes)
{
	(void)size, (void)bytes;
	return objp;
}

static __always_inline size_t kasan_ksize(const void *objp, size_t bytes)
{
	(void)objp;
	return bytes;
}

static __always_inline void *kasan_krealloc(void *objp, size_t size)
{
	(void)size;
	return objp;
}

static inline void kasan_quarantine_drain(void)
{
}

static inline void kasan_quarantine_drain_cache(const struct kmem_cache *cachep)
{
	(void)cachep;
}

static inline void kasan_unpoison_vmalloc(unsigned long addr, unsigned long size)
{
	(void)addr, (void)size;
}

static inline void kasan_poison_vmalloc(unsigned long addr, unsigned long bytes)
{
	(void)addr, (void)bytes;
}

static inline void kasan_unpoison_stack(unsigned long addr, unsigned long bytes)
{
	(void)addr, (void)bytes;
}
#endif

#endif
