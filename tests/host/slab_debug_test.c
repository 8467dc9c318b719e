// SPDX-License-Identifier: MIT
/*
 * Mistakes with objects, each planted and found by `slab_debug=': what is reported, and that the
 * system goes on without the object.
 */
#include "host.h"
#include "slab_machine.h"
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/slab.h>

TEST_SUITE("slab");

static const struct machine plain = { .name = "64 MiB", .banks = { { 0, MIB(64) } } };

static struct kmem_cache *cache;

/* A machine with `slab_debug=@value', and a cache of objects of @size bytes. */
static bool boot_with(const char *value, unsigned int size)
{
	EXPECT_EQ(machine_param("slab_debug", value), 0);
	slab_machine_boot(&plain);
	cache = kmem_cache_create("test", size, 0, 0, NULL);
	host_log_clear();
	return EXPECT(cache);
}

/* So many reports there were; the last has these words, and everything else is in order. */
static void expect_report(unsigned int nr, const char *words)
{
	EXPECT_EQ(nr_slab_errors, nr);
	EXPECT(host_log_has(words));
	EXPECT(slab_machine_check());
}

/* --- The parameter --- */

TEST("slab_debug= takes letters and names, and nothing else")
{
	EXPECT_EQ(machine_param("slab_debug", "X"), (unsigned long)-EINVAL);
	EXPECT_EQ(machine_param("slab_debug", "ZPX,foo"), (unsigned long)-EINVAL);
	ASSERT(boot_with("ZP,kmalloc-64,tes,test", 100));
	EXPECT_EQ(cache->flags & SLAB_DEBUG_FLAGS, SLAB_RED_ZONE | SLAB_POISON);
	EXPECT_EQ(kmalloc_caches[kmalloc_index(64)]->flags & SLAB_DEBUG_FLAGS,
		  SLAB_RED_ZONE | SLAB_POISON);
	EXPECT_EQ(kmalloc_caches[kmalloc_index(80)]->flags & SLAB_DEBUG_FLAGS, 0);
	kmem_cache_destroy(cache);
}

TEST("without slab_debug= no cache is looked after, unless it asks for it")
{
	slab_machine_boot(&plain);
	EXPECT_EQ(kmalloc_caches[1]->flags & SLAB_DEBUG_FLAGS, 0);
	cache = kmem_cache_create("test", 100, 0, SLAB_RED_ZONE, NULL);
	ASSERT(cache);
	EXPECT_EQ(cache->flags & SLAB_DEBUG_FLAGS, SLAB_RED_ZONE);
	kmem_cache_destroy(cache);
}

/* --- Mistakes --- */

TEST("a write behind an object is reported when it is freed, with offset and bytes, and by whom it was allocated")
{
	static const unsigned int sizes[] = { 1, 7, 8, 100, 1000, 4096, 8192 };
	unsigned int i;

	slab_machine_boot(&plain);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		char text[80];
		u8 *objp, *other;

		cache = kmem_cache_create("test", sizes[i], 0, SLAB_DEBUG_FLAGS, NULL);
		ASSERT(cache);
		objp = kmem_cache_alloc(cache, GFP_KERNEL);
		ASSERT(objp);
		objp[sizes[i]] = 0x41;
		host_log_clear();
		kmem_cache_free(cache, objp);
		expect_report(i + 1, "was written to behind its end");
		snprintf(text, sizeof(text), "object of %u bytes, at offset %u: expected cc, found 41",
			 sizes[i], sizes[i]);
		EXPECT(host_log_has(text));
		EXPECT(host_log_has("allocated by"));
		other = kmem_cache_alloc(cache, GFP_KERNEL);
		EXPECT(other && other != objp);
		EXPECT_EQ(kmem_cache_objects_in_use(cache), 1);
		kmem_cache_free(cache, other);
		kmem_cache_destroy(cache);
	}
}

TEST("a write before an object is reported, that of the first of a slab too")
{
	u8 *objp;

	ASSERT(boot_with("Z", 40));
	objp = kmem_cache_alloc(cache, GFP_KERNEL);
	ASSERT(objp);
	objp[-1] = 0;
	kmem_cache_free(cache, objp);
	expect_report(1, "was written to before its beginning");
	EXPECT(host_log_has("at offset -1: expected cc, found 00"));
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	kmem_cache_destroy(cache);
}

TEST("a write to a free object is reported before anybody gets it, and nobody does")
{
	u8 *objp, *other;

	ASSERT(boot_with("PU", 40));
	objp = kmem_cache_alloc(cache, GFP_KERNEL);
	ASSERT(objp);
	EXPECT_EQ(objp[10], 0x5a);
	kmem_cache_free(cache, objp);
	EXPECT_EQ(objp[10], 0x6b);
	objp[10] = 7;
	other = kmem_cache_alloc(cache, GFP_KERNEL);
	EXPECT(other && other != objp);
	expect_report(1, "was written to while it was free");
	EXPECT(host_log_has("at offset 10: expected 6b, found 07 6b"));
	EXPECT(host_log_has("freed by"));
	kmem_cache_free(cache, other);
	kmem_cache_destroy(cache);
}

TEST("an object that is freed twice is reported, whatever was freed in between")
{
	void *a, *b;

	ASSERT(boot_with(NULL, 40));
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	b = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	kmem_cache_free(cache, a);
	expect_report(1, "is free already");
	EXPECT(host_log_has("freed by"));
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	kmem_cache_destroy(cache);
}

TEST("an object of another cache and an address inside of one are reported with their owner")
{
	char *objp;

	ASSERT(boot_with(NULL, 40));
	objp = kmalloc(40, GFP_KERNEL);
	kmem_cache_free(cache, objp);
	expect_report(1, "is of cache kmalloc-40");
	kfree(objp + 5);
	expect_report(2, "lies 5 bytes inside of object");
	EXPECT(host_log_has("allocated by"));
	kfree(objp);
	EXPECT_EQ(nr_slab_errors, 2);
	kmem_cache_destroy(cache);
}

static void construct(void *object)
{
	memset(object, 0xc7, 30);
}

TEST("a poisoned cache runs the constructor at each allocation")
{
	u8 *objp;

	EXPECT_EQ(machine_param("slab_debug", "ZPU"), 0);
	slab_machine_boot(&plain);
	cache = kmem_cache_create("test", 30, 0, 0, construct);
	ASSERT(cache);
	objp = kmem_cache_alloc(cache, GFP_KERNEL);
	EXPECT(objp[0] == 0xc7 && objp[29] == 0xc7);
	objp[0] = 0;
	kmem_cache_free(cache, objp);
	objp = kmem_cache_alloc(cache, GFP_KERNEL);
	EXPECT(objp[0] == 0xc7);
	kmem_cache_free(cache, objp);
	EXPECT_EQ(nr_slab_errors, 0);
	kmem_cache_destroy(cache);
}

TEST("zeroed memory is zero, and aligned memory aligned, also where it is looked after")
{
	unsigned int size, align, i;

	ASSERT(boot_with(NULL, 40));
	for (size = 1; size < 9000; size += 1 + size / 5) {
		u8 *objp = kzalloc(size, GFP_KERNEL);

		ASSERT(objp);
		for (i = 0; i < size && !objp[i]; i++)
			;
		EXPECT_EQ(i, size);
		kfree(objp);
	}
	for (align = 8; align <= PAGE_SIZE; align *= 2) {
		struct kmem_cache *cachep = kmem_cache_create("aligned", 50, align, 0, NULL);
		void *objs[5];

		ASSERT(cachep);
		for (i = 0; i < 5; i++) {
			objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
			EXPECT(IS_ALIGNED((unsigned long)objs[i], align));
		}
		kmem_cache_free_bulk(cachep, 5, objs);
		kmem_cache_destroy(cachep);
	}
	EXPECT_EQ(nr_slab_errors, 0);
	kmem_cache_destroy(cache);
	EXPECT(slab_machine_check());
}
