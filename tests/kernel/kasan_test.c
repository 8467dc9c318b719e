// SPDX-License-Identifier: MIT
/*
 * What SAN=kasan finds: an access of each kind that must not be, with the report that must come of it; and what must
 * not be reported though it lies next to that. tests/san/kasan.t looks at how the reports read.
 */
#include <asm/page.h>
#include <asm/stack.h>
#include <kernel/cpumask.h>
#include <kernel/panic.h>
#include <kernel/smp.h>
#include <lib/atomic.h>
#include <lib/container_of.h>
#include <lib/string.h>
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <mm/kasan.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <test.h>
#include "scarce.h"
#include "together.h"

TEST_SUITE("kasan");

/* Of those that slab_debug= looks after KASAN knows nothing, nor of any with SLAB=slob. */
static bool objects_are_known(void)
{
	return KMALLOC_HAS_CLASSES && kasan_knows(kmalloc_caches[1]);
}

#define NEEDS_OBJECTS()	do { if (!objects_are_known()) SKIP("of objects KASAN knows nothing"); } while (0)

static unsigned int reports_before;

static void begin(void)
{
	reports_before = kasan_last_report.nr;
}

/* Reports were meant. */
static void expect_reports(unsigned int nr)
{
	EXPECT_EQ(kasan_last_report.nr, reports_before + nr);
	warn_count -= kasan_last_report.nr - reports_before;
	begin();
}

/* One was, and this is what it says. @bad: the first byte that may not be used. */
static void expect_report(const char *kind, const volatile void *bad, size_t size, bool write)
{
	const struct kasan_report_info *info = &kasan_last_report;

	expect_reports(1);
	if (!EXPECT(info->kind && strcmp(info->kind, kind) == 0))
		test_note("\"%s\", not \"%s\"", info->kind ?: "nothing", kind);
	EXPECT_EQ(info->addr, (unsigned long)bad);
	EXPECT_EQ(info->size, size);
	EXPECT_EQ(info->write, write);
}

/* So that the compiler does not know better, and does what is said. */
static volatile u8 *hide(const volatile void *p)
{
	volatile u8 *hidden = (volatile u8 *)p;

	__asm__("" : "+r"(hidden));
	return hidden;
}

#define ALLOCATED(p)	do { if (!(p)) SKIP("no memory"); } while (0)

/* --- Objects --- */

TEST("the byte behind an object of kmalloc() is not part of it, though it is of its class")
{
	static const unsigned int sizes[] = { 1, 7, 8, 13, 100, 123, 1000, 8191, 20000 };

	NEEDS_OBJECTS();
	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		volatile u8 *p = kmalloc(sizes[i], GFP_KERNEL);

		ALLOCATED(p);
		begin();
		hide(p)[0] = 1;
		hide(p)[sizes[i] - 1] = 2;
		expect_reports(0);
		hide(p)[sizes[i]] = 3;
		expect_report("slab-out-of-bounds", (u8 *)p + sizes[i], 1, true);
		kfree((void *)p);
	}
}

TEST("an access that begins inside and ends outside is one to the first byte outside")
{
	struct two { u64 a, b; } __packed __aligned(1);
	struct two *last;
	u8 *p;

	NEEDS_OBJECTS();
	p = kmalloc(20, GFP_KERNEL);
	ALLOCATED(p);
	last = (struct two *)(hide(p) + 7);
	begin();
	*(volatile u64 *)hide(p + 16) = 1;
	expect_report("slab-out-of-bounds", p + 20, 8, true);
	memset(last, 0, sizeof(*last));
	expect_report("slab-out-of-bounds", p + 20, sizeof(*last), true);
	kfree(p);
}

TEST("the byte in front of an object is not part of it")
{
	volatile u8 *p, byte;

	NEEDS_OBJECTS();
	p = kmalloc(64, GFP_KERNEL);
	ALLOCATED(p);
	begin();
	byte = hide(p)[-1];
	(void)byte;
	expect_report("slab-out-of-bounds", (u8 *)p - 1, 1, false);
	kfree((void *)p);
}

TEST("who uses an object that was freed is told so; and who frees it again")
{
	u8 *p;

	NEEDS_OBJECTS();
	p = kmalloc(40, GFP_KERNEL);
	ALLOCATED(p);
	kfree((void *)hide(p));
	begin();
	(void)hide(p)[5];
	expect_report("use-after-free", p + 5, 1, false);
	hide(p)[39] = 1;
	expect_report("use-after-free", p + 39, 1, true);
	kfree((void *)hide(p));
	expect_report("double-free", p, 0, false);
}

static void construct(void *object)
{
	*(u32 *)object = 0x1234;
}

TEST("an object with a constructor is poisoned while it is free, and as constructed afterwards")
{
	struct kmem_cache *cache;
	u32 *object;

	NEEDS_OBJECTS();
	cache = kmem_cache_create("kasan", 24, 0, SLAB_NO_MERGE, construct);
	ALLOCATED(cache);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	if (object) {
		begin();
		EXPECT_EQ(*object, 0x1234);
		kmem_cache_free(cache, (void *)hide(object));
		expect_reports(0);
		(void)*(volatile u32 *)hide(object);
		expect_report("use-after-free", object, 4, false);
		kasan_quarantine_drain();
		object = kmem_cache_alloc(cache, GFP_KERNEL);
		EXPECT(!object || *object == 0x1234);
		if (object)
			kmem_cache_free(cache, object);
		expect_reports(0);
	}
	kmem_cache_destroy(cache);
}

TEST("ksize() makes all of an object usable; krealloc() what was asked for")
{
	size_t size;
	u8 *p;

	NEEDS_OBJECTS();
	p = kmalloc(100, GFP_KERNEL);
	ALLOCATED(p);
	size = ksize(p);
	EXPECT(size > 100);
	begin();
	hide(p)[size - 1] = 1;
	expect_reports(0);
	EXPECT(krealloc(p, 50, GFP_KERNEL) == p);
	hide(p)[49] = 1;
	expect_reports(0);
	hide(p)[50] = 1;
	expect_report("slab-out-of-bounds", p + 50, 1, true);
	EXPECT(krealloc(p, 90, GFP_KERNEL) == p);
	hide(p)[89] = 1;
	expect_reports(0);
	hide(p)[90] = 1;
	expect_report("slab-out-of-bounds", p + 90, 1, true);
	kfree(p);
}

/* --- The quarantine --- */

TEST("an object that was freed is not had again soon, though its cache gives out what came last")
{
	struct kmem_cache *cache;
	void *freed, *p[8];

	NEEDS_OBJECTS();
	cache = kmem_cache_create("kasan", 72, 0, SLAB_NO_MERGE, NULL);
	ALLOCATED(cache);
	freed = kmem_cache_alloc(cache, GFP_KERNEL);
	if (freed)
		kmem_cache_free(cache, freed);
	EXPECT(!freed || kasan_quarantine_objects() > 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(p); i++) {
		p[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		EXPECT(!p[i] || p[i] != freed);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(p); i++)
		if (p[i])
			kmem_cache_free(cache, p[i]);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	EXPECT_EQ(kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

TEST("the quarantine has a limit, gives a cache what is its own, and everything when memory is scarce")
{
	unsigned long limit = totalram_pages / 32 << PAGE_SHIFT, most = 0;
	struct kmem_cache *cache;

	NEEDS_OBJECTS();
	cache = kmem_cache_create("kasan", 4096, 0, SLAB_NO_MERGE, NULL);
	ALLOCATED(cache);
	for (unsigned long bytes = 0; bytes < 2 * limit; bytes += 4096) {
		void *p = kmem_cache_alloc(cache, GFP_KERNEL);

		if (!p)
			break;
		kmem_cache_free(cache, p);
		most = max(most, kasan_quarantine_bytes());
	}
	EXPECT(most > limit / 2 && most <= limit);
	kfree(kmalloc(8, GFP_KERNEL));
	EXPECT_EQ(kmem_cache_shrink(cache), 0);
	EXPECT(kasan_quarantine_objects() > 0);
	empty_all_caches();
	EXPECT_EQ(kasan_quarantine_bytes(), 0);
	kmem_cache_destroy(cache);
}

/* --- Pages --- */

TEST("a page that was freed is nobody's, its neighbours are whose they were")
{
	u8 *pages = (u8 *)__get_free_pages(GFP_KERNEL, 2);

	ALLOCATED(pages);
	split_page(virt_to_page(pages), 2);
	free_pages((unsigned long)hide(pages + PAGE_SIZE), 0);
	begin();
	hide(pages)[PAGE_SIZE - 1] = 1;
	hide(pages)[2 * PAGE_SIZE] = 1;
	expect_reports(0);
	(void)hide(pages)[PAGE_SIZE];
	expect_report("use-after-free", pages + PAGE_SIZE, 1, false);
	(void)hide(pages)[2 * PAGE_SIZE - 1];
	expect_report("use-after-free", pages + 2 * PAGE_SIZE - 1, 1, false);
	for (unsigned int i = 0; i < 4; i++)
		if (i != 1)
			free_pages((unsigned long)(pages + i * PAGE_SIZE), 0);
}

TEST("a block of pages is poisoned whole, whatever list it goes to, and usable when it comes back")
{
	for (unsigned int order = 0; order < MAX_ORDER - 1; order++) {
		u8 *block = (u8 *)__get_free_pages(GFP_KERNEL | __GFP_NOWARN, order);

		if (!block)
			break;
		EXPECT(kasan_byte_accessible(block));
		EXPECT(kasan_byte_accessible(block + (PAGE_SIZE << order) - 1));
		free_pages((unsigned long)block, order);
		EXPECT(!kasan_byte_accessible(block));
		EXPECT(!kasan_byte_accessible(block + (PAGE_SIZE << order) - 1));
	}
}

/* --- The vmalloc area --- */

TEST("vmalloc() gives as many bytes as were asked for; what is freed is nobody's")
{
	u8 *p = vmalloc(PAGE_SIZE + 100);

	ALLOCATED(p);
	begin();
	hide(p)[PAGE_SIZE + 99] = 1;
	expect_reports(0);
	hide(p)[PAGE_SIZE + 100] = 1;
	expect_report("vmalloc-out-of-bounds", p + PAGE_SIZE + 100, 1, true);
	EXPECT(kasan_byte_accessible(p));
	vfree(p);
	EXPECT(!kasan_byte_accessible(p));
}

TEST("what vmap() shows may be used to its end")
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	u8 *p = page ? vmap(&page, 1, VM_MAP, PAGE_KERNEL) : NULL;

	begin();
	if (p) {
		hide(p)[PAGE_SIZE - 1] = 1;
		expect_reports(0);
		vunmap(p);
		EXPECT(!kasan_byte_accessible(p));
	}
	if (page)
		__free_page(page);
}

TEST("high memory has no shadow, and its addresses can be used")
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	volatile u8 *p;

	ALLOCATED(page);
	begin();
	p = kmap(page);
	hide(p)[PAGE_SIZE - 1] = 1;
	kunmap(page);
	p = kmap_local_page(page);
	hide(p)[0] = 1;
	kunmap_local((void *)p);
	expect_reports(0);
	__free_page(page);
}

/* --- Stacks and variables --- */

TEST("an array on the stack ends where it ends, and begins where it begins")
{
	u8 array[13];

	memset(array, 0, sizeof(array));
	begin();
	hide(array)[12] = 1;
	expect_reports(0);
	(void)hide(array)[13];
	expect_report("stack-out-of-bounds", hide(array) + 13, 1, false);
	hide(array)[-1] = 1;
	expect_report("stack-out-of-bounds", hide(array) - 1, 1, true);
}

static noinline void overrun_alloca(volatile size_t size)
{
	u8 *array = __builtin_alloca(size);

	hide(array)[size - 1] = 1;
	expect_reports(0);
	hide(array)[size] = 1;
	expect_report("alloca-out-of-bounds", array + size, 1, true);
	hide(array)[-1] = 1;
	expect_report("alloca-out-of-bounds", hide(array) - 1, 1, true);
}

TEST("so does one of alloca()")
{
	begin();
	overrun_alloca(37);
	overrun_alloca(64);
}

static u8 global[11];
static const char constant[5] = "four";

TEST("a variable ends where it ends, a constant as well")
{
	begin();
	hide(global)[10] = 1;
	expect_reports(0);
	hide(global)[11] = 1;
	expect_report("global-out-of-bounds", global + 11, 1, true);
	(void)hide(constant)[5];
	expect_report("global-out-of-bounds", constant + 5, 1, false);
}

static unsigned int nr_inaccessible(const u8 *stack)
{
	unsigned int nr = 0;

	for (unsigned int off = 0; off < THREAD_SIZE; off++)
		nr += !kasan_byte_accessible(stack + off);
	return nr;
}

TEST("a stack may be used whole, though the thread that had it died amid functions with arrays")
{
	u8 *stack = alloc_thread_stack(), *next;

	ALLOCATED(stack);
	kasan_poison_vmalloc((unsigned long)stack, THREAD_SIZE);
	EXPECT_EQ(nr_inaccessible(stack), THREAD_SIZE);
	free_thread_stack(stack);
	next = alloc_thread_stack();
	ALLOCATED(next);
	EXPECT(next == stack);
	EXPECT_EQ(nr_inaccessible(next), 0);
	free_thread_stack(next);
}

/* What the compiler calls in front of a function that does not return. */
void __asan_handle_no_return(void);

TEST("a call that does not return clears the shadow of all frames above it")
{
	u8 array[32];

	memset((void *)hide(array), 0, sizeof(array));
	EXPECT(!kasan_byte_accessible((const void *)(hide(array) + sizeof(array))));
	__asan_handle_no_return();
	EXPECT(kasan_byte_accessible((const void *)(hide(array) + sizeof(array))));
}

/* --- Functions on memory --- */

TEST("memcpy(), memmove(), memset() and the functions on strings look at all that they touch")
{
	volatile size_t many = 21;
	u8 *p, *q;

	NEEDS_OBJECTS();
	p = kmalloc(20, GFP_KERNEL);
	q = kmalloc(40, GFP_KERNEL);
	if (p && q) {
		begin();
		memset(p, 'x', many - 1);
		expect_reports(0);
		memset(p, 'x', many);
		expect_report("slab-out-of-bounds", p + 20, 21, true);
		memcpy(q, p, many);
		expect_report("slab-out-of-bounds", p + 20, 21, false);
		memcpy(p, q, many);
		expect_report("slab-out-of-bounds", p + 20, 21, true);
		memmove(p + 1, p, many - 1);
		expect_report("slab-out-of-bounds", p + 20, 20, true);
		memset(p, 'x', 20);
		(void)strnlen((const char *)hide(p), many);
		expect_report("slab-out-of-bounds", p + 20, 1, false);
		(void)memcmp((const void *)hide(p), (const void *)hide(memset(q, 'x', 40)), many);
		expect_report("slab-out-of-bounds", p + 20, 1, false);
	}
	kfree(p);
	kfree(q);
}

TEST("so do clear_page() and copy_page(), of which a page that was freed is no page")
{
	u8 *pages = (u8 *)__get_free_pages(GFP_KERNEL, 1), *freed = pages + PAGE_SIZE;

	ALLOCATED(pages);
	split_page(virt_to_page(pages), 1);
	begin();
	clear_page(pages);
	copy_page(freed, pages);
	expect_reports(0);
	local_irq_disable();		/* nobody gets the page meanwhile */
	free_pages((unsigned long)hide(freed), 0);
	copy_page(pages, freed);
	expect_report("use-after-free", freed, PAGE_SIZE, false);
	clear_page(freed);
	expect_report("use-after-free", freed, PAGE_SIZE, true);
	copy_page(freed, pages);	/* what was there, be it poison */
	expect_report("use-after-free", freed, PAGE_SIZE, true);
	local_irq_enable();
	free_pages((unsigned long)pages, 0);
}

/* --- Reports --- */

static u8 *shared_object;

static void overrun_here(void *unused)
{
	(void)unused;
	hide(shared_object)[10] = 1;
}

TEST("all CPUs report at once, with interrupts masked, and each is counted")
{
	NEEDS_OBJECTS();
	shared_object = kmalloc(10, GFP_KERNEL);
	ALLOCATED(shared_object);
	begin();
	run_together(overrun_here, NULL);
	expect_reports(num_online_cpus());
	kfree(shared_object);
}
