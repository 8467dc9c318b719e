// SPDX-License-Identifier: MIT
/*
 * Who has which objects: what kmem_cache_destroy() says when it finds some in use.
 */
#include "host.h"
#include "slab_machine.h"
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <mm/stack_depot.h>

TEST_SUITE("slab");

#define NR_OBJECTS	30

static const struct machine plain = { .name = "64 MiB", .banks = { { 0, MIB(64) } } };

static struct kmem_cache *cache;
static void *objs[NR_OBJECTS];

static bool boot_with(const char *value, unsigned long flags)
{
	if (value)
		EXPECT_EQ(machine_param("slab_debug", value), 0);
	slab_machine_boot(&plain);
	cache = kmem_cache_create("test", 100, 0, flags, NULL);
	host_log_clear();
	return EXPECT(cache);
}

static noinline void *many(void)
{
	void *objp = kmem_cache_alloc(cache, GFP_KERNEL);

	barrier();
	return objp;
}

static noinline void *few(void)
{
	void *objp = kmem_cache_alloc(cache, GFP_KERNEL);

	barrier();
	return objp;
}

/* The line for @nr objects of which the first that a walk finds is one of @from .. @to. */
static bool names_group(unsigned int nr, unsigned int from, unsigned int to)
{
	char text[80];

	for (; from <= to; from++) {
		snprintf(text, sizeof(text), "  %u objects, the first is %p, allocated by ", nr,
			 objs[from]);
		if (host_log_has(text))
			return true;
	}
	return false;
}

static void destroy_with_objects(void)
{
	unsigned int i;

	for (i = 0; i < 20; i++)
		objs[i] = i < 7 ? few() : many();
	kmem_cache_destroy(cache);
	EXPECT(host_log_has("kmem_cache_destroy: test still has 20 objects in use:\n  13 objects"));
	EXPECT(names_group(13, 7, 19));
	EXPECT(names_group(7, 0, 6));
	kmem_cache_free_bulk(cache, 20, objs);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	kmem_cache_destroy(cache);
	EXPECT(slab_machine_check());
	EXPECT_EQ(nr_slab_errors, 0);
}

TEST("a cache with objects in use says who allocated how many, by call chain, the most first")
{
	ASSERT(boot_with("U", 0));
	destroy_with_objects();
	EXPECT(stack_depot_count() >= 2);
}

TEST("a cache that notes its users itself knows who called, without the chains")
{
	ASSERT(boot_with(NULL, SLAB_STORE_USER));
	destroy_with_objects();
	EXPECT_EQ(stack_depot_count(), 0);
}

/* Two places that call the same function. */
static noinline void *through_one(void)
{
	void *objp = many();

	barrier();
	return objp;
}

static noinline void *through_another(void)
{
	void *objp = many();

	barrier();
	return objp;
}

TEST("objects of one caller that came there by different ways are told apart")
{
	unsigned int i;

	ASSERT(boot_with("U", 0));
	for (i = 0; i < 10; i++)
		objs[i] = i < 4 ? through_one() : through_another();
	kmem_cache_destroy(cache);
	EXPECT(names_group(6, 4, 9));
	EXPECT(names_group(4, 0, 3));
	kmem_cache_free_bulk(cache, 10, objs);
	kmem_cache_destroy(cache);
}

TEST("an object that is isolated is nobody's: it is not named, and keeps no cache from being destroyed")
{
	u8 *objp;

	ASSERT(boot_with("ZU", 0));
	objp = many();
	objs[0] = few();
	objp[100] = 0;
	kmem_cache_free(cache, objp);
	EXPECT_EQ(nr_slab_errors, 1);
	host_log_clear();
	kmem_cache_destroy(cache);
	EXPECT(host_log_has("test still has 1 objects in use:"));
	EXPECT(names_group(1, 0, 0));
	EXPECT(!host_log_has("and "));
	kmem_cache_free(cache, objs[0]);
	kmem_cache_destroy(cache);
	EXPECT(slab_machine_check());
}
