// SPDX-License-Identifier: MIT
/*
 * Failure on demand of single objects (`fail_nth=' with `slab_debug=A'): whatever fails, the functions of
 * <mm/slab.h> return what they say, and have taken nothing.
 *
 *    N = 1, 2, 3, ...    a function, with its N-th allocation failing: of pages or of an object
 *                        NULL or 0? then as many pages are free, and objects in use, as before
 */
#include "host.h"
#include "slab_machine.h"
#include <lib/string.h>
#include <mm/fail_page_alloc.h>
#include <mm/mempool.h>
#include <mm/mm.h>
#include <mm/slab.h>

TEST_SUITE("slab");

#define NTH_MAX		200	/* no function allocates as often */
#define NR_BULK		20

static const struct machine plain = { .name = "64 MiB", .banks = { { 0, MIB(64) } } };

static void boot_failing(void)
{
	EXPECT_EQ(machine_param("fail_nth", "each"), 0);
	EXPECT_EQ(machine_param("slab_debug", "A"), 0);
	slab_machine_boot(&plain);
}

/*
 * Run @func with each of its allocations failing, until none does. It says whether it had all that it wants,
 * after having given that back; what the allocator wants for itself, it can do without. Return: how often it
 * went without something.
 */
static unsigned int fail_each(bool (*func)(void))
{
	unsigned long objects = kmem_objects_in_use(), pages = slab_machine_pages();
	unsigned int nth, nr_failed = 0;
	bool failed, succeeded;

	for (nth = 1; nth < NTH_MAX; nth++) {
		fail_nth_arm(nth, false);
		succeeded = func();
		failed = fail_nth_disarm();
		EXPECT_EQ(kmem_objects_in_use(), objects);
		EXPECT_EQ(slab_machine_pages(), pages);
		EXPECT(succeeded || failed);
		nr_failed += !succeeded;
		if (!failed)
			break;
	}
	EXPECT(nth < NTH_MAX);
	EXPECT(slab_machine_check());
	return nr_failed;
}

/* --- Counting --- */

TEST("exactly the N-th object fails, whatever function asks for it")
{
	unsigned long in_use;

	boot_failing();
	in_use = kmem_objects_in_use();
	for (unsigned int nth = 1; nth <= 6; nth++) {
		void *objs[6];

		kfree(kmalloc(40, GFP_KERNEL));
		fail_nth_arm(nth, false);
		objs[0] = kmalloc(40, GFP_KERNEL);
		objs[1] = __kmalloc(40, GFP_ATOMIC);
		objs[2] = kmalloc_node(40, GFP_KERNEL, 0);
		objs[3] = kzalloc(40, GFP_KERNEL);
		objs[4] = kmalloc_track_caller(40, GFP_KERNEL);
		objs[5] = kmalloc_node(40, GFP_KERNEL | __GFP_ZERO, NUMA_NO_NODE);
		EXPECT(fail_nth_disarm());
		for (unsigned int i = 0; i < 6; i++) {
			EXPECT_EQ(!objs[i], i + 1 == nth);
			kfree(objs[i]);
		}
	}
	EXPECT_EQ(kmem_objects_in_use(), in_use);
}

TEST("objects are not counted without slab_debug=A, nor those that must not fail")
{
	void *objs[4];
	unsigned int i;

	EXPECT_EQ(machine_param("fail_nth", "each"), 0);
	EXPECT_EQ(machine_param("slab_debug", "A,kmalloc-64"), 0);
	slab_machine_boot(&plain);
	kfree(kmalloc(40, GFP_KERNEL));
	kfree(kmalloc(64, GFP_KERNEL));
	fail_nth_arm(1, false);
	objs[0] = kmalloc(40, GFP_KERNEL);
	objs[1] = kmalloc(64, GFP_KERNEL | __GFP_NOFAIL);
	objs[2] = kmalloc(64, GFP_KERNEL);
	objs[3] = kmalloc(64, GFP_KERNEL);
	EXPECT(fail_nth_disarm());
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(!objs[i], i == 2);
		kfree(objs[i]);
	}
}

/* --- Functions --- */

static struct kmem_cache *cachep;

/* All or none. */
static bool take_bulk(void)
{
	void *objs[NR_BULK];

	if (!kmem_cache_alloc_bulk(cachep, GFP_KERNEL, NR_BULK, objs))
		return false;
	kmem_cache_free_bulk(cachep, NR_BULK, objs);
	return true;
}

TEST("kmem_cache_alloc_bulk() gives all or none")
{
	boot_failing();
	cachep = kmem_cache_create("bulk", 500, 0, SLAB_NO_MERGE, NULL);
	ASSERT(cachep);
	EXPECT(fail_each(take_bulk) >= NR_BULK);
	kmem_cache_destroy(cachep);
}

static bool make_cache(void)
{
	void *objp;

	cachep = kmem_cache_create("fail", 3000, 0, SLAB_NO_MERGE, NULL);
	objp = cachep ? kmem_cache_alloc(cachep, GFP_KERNEL) : NULL;

	if (objp)
		kmem_cache_free(cachep, objp);
	kmem_cache_destroy(cachep);
	return objp;
}

TEST("kmem_cache_create() makes a cache, or leaves nothing of it")
{
	boot_failing();
	EXPECT(fail_each(make_cache) >= 2);
}

/* When there is no memory for more, what there is stays. */
static bool grow(void)
{
	char *objp = kmalloc(20, GFP_KERNEL), *more = NULL;
	size_t size;

	if (!objp)
		return false;
	memcpy(objp, "what is in it, stays", 20);
	for (size = 40; size <= 4 * KMALLOC_MAX_CACHE_SIZE; size *= 2) {
		more = krealloc(objp, size, GFP_KERNEL);
		objp = more ? more : objp;
		EXPECT_EQ(memcmp(objp, "what is in it, stays", 20), 0);
		if (!more)
			break;
	}
	kfree(objp);
	return more;
}

TEST("krealloc() that fails leaves the object as it was")
{
	boot_failing();
	EXPECT(fail_each(grow) >= 10);
}

static bool copy(void)
{
	char *all = kstrdup("abc", GFP_KERNEL), *part = kstrndup("abcdef", 3, GFP_KERNEL);
	char *bytes = kmemdup("abc", 4, GFP_KERNEL);
	bool ok = all && part && bytes;

	if (ok)
		EXPECT(!strcmp(all, "abc") && !strcmp(part, "abc") && !strcmp(bytes, "abc"));
	kfree(all);
	kfree(part);
	kfree(bytes);
	return ok;
}

TEST("kstrdup(), kstrndup() and kmemdup() return a copy, or NULL")
{
	boot_failing();
	EXPECT(fail_each(copy) >= 3);
}

static bool make_pool(void)
{
	mempool_t *pool = mempool_create_kmalloc_pool(4, 100);

	mempool_destroy(pool);
	return pool;
}

TEST("mempool_create() makes a pool with all its elements, or leaves nothing of it")
{
	boot_failing();
	EXPECT(fail_each(make_pool) >= 6);
}
