// SPDX-License-Identifier: MIT
/*
 * Rules of caches and their objects, one by one: those that hold for every implementation.
 */
#include "host.h"
#include "slab_machine.h"
#ifndef CONFIG_SLOB
#include "../../mm/object_place.h"
#endif
#include "../../mm/slab_internal.h"
#include <kernel/cpumask.h>
#include <kernel/hardirq.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <slab_traits.h>

TEST_SUITE("slab");

#define NR_OBJECTS	600

static const struct machine plain = { .name = "64 MiB", .banks = { { 0, MIB(64) } } };

static void *objs[NR_OBJECTS];

/* --- Caches --- */

TEST("a cache gives out objects that overlap nowhere and are aligned, whatever their size")
{
	static const unsigned int sizes[] = { 1, 7, 8, 12, 24, 40, 100, 128, 200, 500, 1000, 2000, 4096,
					      5000, 20000, KMEM_CACHE_MAX_SIZE };
	unsigned int i, j;

	slab_machine_boot(&plain);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned int nr = sizes[i] > 4096 ? 30 : 300;
		struct kmem_cache *cachep = kmem_cache_create("test", sizes[i], 0, 0, NULL);

		ASSERT(cachep);
		EXPECT_EQ(kmem_cache_size(cachep), sizes[i]);
		for (j = 0; j < nr; j++) {
			objs[j] = kmem_cache_alloc(cachep, GFP_KERNEL);
			ASSERT(objs[j]);
			EXPECT(IS_ALIGNED((unsigned long)objs[j], ARCH_SLAB_MINALIGN));
			memset(objs[j], (int)j, sizes[i]);
		}
		EXPECT_EQ(kmem_cache_objects_in_use(cachep), nr);
		for (j = 0; j < nr; j++) {
			EXPECT_EQ(*(u8 *)objs[j], (u8)j);
			EXPECT_EQ(((u8 *)objs[j])[sizes[i] - 1], (u8)j);
			kmem_cache_free(cachep, objs[j]);
		}
		EXPECT(slab_machine_check());
		EXPECT_EQ(kmem_cache_objects_in_use(cachep), 0);
		kmem_cache_destroy(cachep);
	}
	EXPECT_EQ(kmem_objects_in_use(), kmem_objects_in_use());
}

TEST("an alignment that is asked for is kept, and a cache line with SLAB_HWCACHE_ALIGN")
{
	unsigned int align, i;

	slab_machine_boot(&plain);
	for (align = 1; align <= PAGE_SIZE; align *= 2) {
		struct kmem_cache *cachep = kmem_cache_create("test", 20, align, 0, NULL);

		ASSERT(cachep);
		for (i = 0; i < 20; i++) {
			objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
			EXPECT(IS_ALIGNED((unsigned long)objs[i], align));
		}
		kmem_cache_free_bulk(cachep, 20, objs);
		kmem_cache_destroy(cachep);
	}
}

TEST("SLAB_HWCACHE_ALIGN keeps an object from lying in two cache lines")
{
	static const unsigned int sizes[] = { 4, 8, 9, 16, 17, 20, 32 };
	unsigned int i, j;

	slab_machine_boot(&plain);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct kmem_cache *cachep = kmem_cache_create("test", sizes[i], 0,
							      SLAB_HWCACHE_ALIGN, NULL);

		ASSERT(cachep);
		for (j = 0; j < 100; j++) {
			unsigned long addr;

			objs[j] = kmem_cache_alloc(cachep, GFP_KERNEL);
			addr = (unsigned long)objs[j];
			EXPECT_EQ(addr / 32, (addr + sizes[i] - 1) / 32);
		}
		kmem_cache_free_bulk(cachep, 100, objs);
		kmem_cache_destroy(cachep);
	}
}

TEST("a cache that cannot be is refused, with its name and the reason")
{
	struct kmem_cache *cachep;

	EXPECT(!kmem_cache_create("early", 8, 0, 0, NULL));
	EXPECT(host_log_has("no cache early: it is too early"));
	slab_machine_boot(&plain);
	irq_enter();
	EXPECT(!kmem_cache_create("irq", 8, 0, 0, NULL));
	irq_exit();
	EXPECT(host_log_has("no cache irq: an interrupt cannot make one"));
	EXPECT(!kmem_cache_create(NULL, 8, 0, 0, NULL));
	EXPECT(host_log_has("it has no name"));
	EXPECT(!kmem_cache_create("none", 0, 0, 0, NULL));
	EXPECT(!kmem_cache_create("huge", KMEM_CACHE_MAX_SIZE + 1, 0, 0, NULL));
	EXPECT(host_log_has("no cache huge: its objects are of an impossible size"));
	EXPECT(!kmem_cache_create("odd", 8, 24, 0, NULL));
	EXPECT(!kmem_cache_create("far", 8, 2 * PAGE_SIZE, 0, NULL));
	EXPECT(host_log_has("no cache far: its objects have an impossible alignment"));
	EXPECT(!kmem_cache_create("flag", 8, 0, 1, NULL));
	EXPECT(host_log_has("no cache flag: it has unknown flags"));
	cachep = kmem_cache_create("twin", 8, 0, 0, NULL);
	EXPECT(cachep);
	EXPECT(!kmem_cache_create("twin", 8, 0, 0, NULL));
	EXPECT(host_log_has("no cache twin: there is one of that name"));
	kmem_cache_destroy(cachep);
	HOST_EXPECT_BUG(cachep = kmem_cache_create("panic", 0, 0, SLAB_PANIC, NULL));
	EXPECT(slab_machine_check());
}

TEST("caches that come and go in any order have places of their own")
{
	static const char *const names[] = { "1", "2", "3", "4", "5" };
	struct kmem_cache *cachep[ARRAY_SIZE(names)];
	unsigned int i;

	slab_machine_boot(&plain);
	for (i = 0; i < 3; i++)
		ASSERT(cachep[i] = kmem_cache_create(names[i], 40 + 8 * i, 0, SLAB_NO_MERGE, NULL));
	kmem_cache_destroy(cachep[0]);
	cachep[0] = NULL;
	for (i = 3; i < ARRAY_SIZE(names); i++)	/* where that was, and behind the others */
		ASSERT(cachep[i] = kmem_cache_create(names[i], 40 + 8 * i, 0, SLAB_NO_MERGE, NULL));
	for (i = 1; i < ARRAY_SIZE(names); i++) {
		ASSERT(objs[i] = kmem_cache_alloc(cachep[i], GFP_KERNEL));
		EXPECT_EQ(kmem_cache_objects_in_use(cachep[i]), 1);
	}
	EXPECT(slab_machine_check());
	for (i = 1; i < ARRAY_SIZE(names); i++) {
		kmem_cache_free(cachep[i], objs[i]);
		kmem_cache_destroy(cachep[i]);
	}
}

TEST("the name is copied")
{
	char name[] = "before";
	struct kmem_cache *cachep;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create(name, 8, 0, 0, NULL);
	ASSERT(cachep);
	name[0] = 'x';
	EXPECT(strcmp(kmem_cache_name(cachep), "before") == 0);
	kmem_cache_destroy(cachep);
}

TEST("a cache with objects in use is not destroyed but names them, and works on")
{
	struct kmem_cache *cachep;
	unsigned int i;
	char text[40];

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("busy", 100, 0, 0, NULL);
	ASSERT(cachep);
	for (i = 0; i < 10; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	kmem_cache_destroy(cachep);
	EXPECT(host_log_has("busy still has 10 objects in use"));
	snprintf(text, sizeof(text), "%p", objs[3]);
	EXPECT(!owner_is_known(objs[3]) || (host_log_has(text) && host_log_has("and 2 more")));
	objs[10] = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT(objs[10]);
	kmem_cache_free_bulk(cachep, 11, objs);
	EXPECT(slab_machine_check());
	kmem_cache_destroy(cachep);
	EXPECT(slab_machine_check());
}

TEST("a destroyed cache gives back all its pages and objects, also those that other CPUs put aside")
{
	unsigned long pages, objects;
	struct kmem_cache *cachep;
	unsigned int cpu, i;

	slab_machine_boot(&plain);
	kmem_cache_destroy(kmem_cache_create("before", 8, 0, 0, NULL));
	pages = slab_machine_pages();
	objects = kmem_objects_in_use();
	cachep = kmem_cache_create("test", 64, 0, 0, NULL);
	ASSERT(cachep);
	for_each_possible_cpu(cpu) {
		host_set_cpu(cpu);
		for (i = 0; i < NR_OBJECTS; i++)
			objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
		for (i = 0; i < NR_OBJECTS; i++)
			kmem_cache_free(cachep, objs[i]);
	}
	host_set_cpu(0);
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 0);
	kmem_cache_destroy(cachep);
	EXPECT_EQ(slab_machine_pages(), pages);
	EXPECT_EQ(kmem_objects_in_use(), objects);
	EXPECT(slab_machine_check());
}

TEST("kmem_cache_shrink() gives back every slab without an object in use")
{
	bool kind = small_objects_have_own_pages();
	struct kmem_cache *cachep;
	unsigned long before;
	unsigned int i;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 300, 0, SLAB_RECLAIM_ACCOUNT, NULL);
	ASSERT(cachep);
	before = nr_slab_pages(kind);
	for (i = 0; i < NR_OBJECTS; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT(nr_slab_pages(kind) >= before + NR_OBJECTS * 300 / PAGE_SIZE);
	for (i = 1; i < NR_OBJECTS; i++)
		kmem_cache_free(cachep, objs[i]);
	EXPECT_EQ(kmem_cache_shrink(cachep), 1);
	EXPECT(nr_slab_pages(kind) <= before + 8);
	kmem_cache_free(cachep, objs[0]);
	EXPECT_EQ(kmem_cache_shrink(cachep), 0);
	EXPECT_EQ(nr_slab_pages(kind), before);
	kmem_cache_destroy(cachep);
}

/* --- Constructors --- */

static unsigned long nr_constructed;

static void construct(void *object)
{
	nr_constructed++;
	memset(object, 0x5c, 50);
}

TEST("the constructor runs once for each object, and what it wrote is there at each allocation")
{
	struct kmem_cache *cachep;
	unsigned int i, round;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 50, 0, 0, construct);
	ASSERT(cachep);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 100; i++) {
			objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
			EXPECT_EQ(*(u8 *)objs[i], 0x5c);
			EXPECT_EQ(((u8 *)objs[i])[49], 0x5c);
		}
		for (i = 0; i < 100; i++)
			kmem_cache_free(cachep, objs[i]);
	}
	EXPECT(nr_constructed >= 100 && (nr_constructed < 300) == free_objects_stay_objects());
	kmem_cache_destroy(cachep);
}

/* --- Objects --- */

TEST("the object that was freed last is given out next")
{
	struct kmem_cache *cachep;
	void *a, *b;

	if (!last_freed_comes_first())
		SKIP("first fit");
	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 32, 0, 0, NULL);
	ASSERT(cachep);
	a = kmem_cache_alloc(cachep, GFP_KERNEL);
	b = kmem_cache_alloc(cachep, GFP_KERNEL);
	kmem_cache_free(cachep, a);
	kmem_cache_free(cachep, b);
	EXPECT_EQ(kmem_cache_alloc(cachep, GFP_KERNEL), b);
	EXPECT_EQ(kmem_cache_alloc(cachep, GFP_KERNEL), a);
	kmem_cache_free(cachep, a);
	kmem_cache_free(cachep, b);
	kmem_cache_destroy(cachep);
}

static bool all_zero(const u8 *bytes, size_t nr)
{
	while (nr && !*bytes++)
		nr--;
	return nr == 0;
}

TEST("kmem_cache_zalloc() and __GFP_ZERO fill the whole object with zeros")
{
	struct kmem_cache *cachep;
	unsigned int i;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 77, 0, 0, NULL);
	ASSERT(cachep);
	for (i = 0; i < 200; i++) {
		objs[i] = i % 2 ? kmem_cache_zalloc(cachep, GFP_KERNEL) :
			  kmem_cache_alloc(cachep, GFP_KERNEL | __GFP_ZERO);
		EXPECT(all_zero(objs[i], 77));
		memset(objs[i], 0xff, 77);
		if (i >= 100)
			kmem_cache_free(cachep, objs[i]);
	}
	kmem_cache_free_bulk(cachep, 100, objs);
	kmem_cache_destroy(cachep);
}

TEST("a bulk is all or nothing")
{
	static const struct machine small = { .name = "16 MiB", .banks = { { 0, MIB(16) } } };
	struct kmem_cache *cachep;
	unsigned long in_use;

	slab_machine_boot(&small);
	cachep = kmem_cache_create("test", 32768, 0, 0, NULL);
	ASSERT(cachep);
	EXPECT_EQ(kmem_cache_alloc_bulk(cachep, GFP_KERNEL | __GFP_NOWARN, NR_OBJECTS, objs), 0);
	in_use = kmem_cache_objects_in_use(cachep);
	EXPECT_EQ(in_use, 0);
	EXPECT_EQ(kmem_cache_alloc_bulk(cachep, GFP_KERNEL, 20, objs), 20);
	kmem_cache_free_bulk(cachep, 20, objs);
	kmem_cache_destroy(cachep);
	EXPECT(slab_machine_check());
}

/* --- kmalloc --- */

TEST("each size has the smallest class that it fits in, and classes grow by a quarter at most")
{
	unsigned int class, size;

	EXPECT_EQ(kmalloc_size(NR_KMALLOC_CLASSES - 1), KMALLOC_MAX_CACHE_SIZE);
	for (class = 2; class < NR_KMALLOC_CLASSES; class++) {
		EXPECT(kmalloc_size(class) > kmalloc_size(class - 1));
		EXPECT(kmalloc_size(class) <= 64 ||
		       kmalloc_size(class) * 4 <= kmalloc_size(class - 1) * 5);
	}
	for (size = 1; size <= KMALLOC_MAX_CACHE_SIZE; size++) {
		class = kmalloc_index(size);
		if (kmalloc_size(class) < size || (class > 1 && kmalloc_size(class - 1) >= size))
			EXPECT_EQ(size, class);
	}
}

TEST("of what kmalloc() gives for the sizes 1 to 4096, an eighth at most was not asked for")
{
	unsigned long asked = 0, given = 0, size;

	slab_machine_boot(&plain);
	for (size = 1; size <= 4096; size++) {
		void *objp = kmalloc(size, GFP_KERNEL);

		asked += size;
		given += ksize(objp);
		kfree(objp);
	}
	host_print("lost: %lu of 1000", (given - asked) * 1000 / given);
	EXPECT((given - asked) * 100 <= given * 12);
}

TEST("kmalloc() of every kind of size gives memory that kfree() takes back")
{
	static const unsigned long sizes[] = { 1, 8, 9, 64, 65, 1000, 4096, 4097, 8192, 8193, 20000,
					       100000, 4ul << 20 };
	unsigned long pages, objects;
	unsigned int i;

	slab_machine_boot(&plain);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		kfree(kmalloc(sizes[i], GFP_KERNEL));
	pages = slab_machine_pages();
	objects = kmem_objects_in_use();
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		void *objp = kmalloc(sizes[i], GFP_KERNEL);

		ASSERT(objp);
		EXPECT(ksize(objp) >= sizes[i]);
		EXPECT(IS_ALIGNED((unsigned long)objp, ARCH_KMALLOC_MINALIGN));
		memset(objp, 0xa5, ksize(objp));
		kfree(objp);
	}
	EXPECT_EQ(slab_machine_pages(), pages);
	EXPECT_EQ(kmem_objects_in_use(), objects);
	EXPECT(slab_machine_check());
}

TEST("no bytes are ZERO_SIZE_PTR, which is no failure and may be freed, as may NULL")
{
	slab_machine_boot(&plain);
	EXPECT_EQ(kmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	EXPECT_EQ(__kmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	EXPECT_EQ(kzalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	EXPECT_EQ(kmalloc_node(0, GFP_KERNEL, 0), ZERO_SIZE_PTR);
	EXPECT_EQ(ksize(ZERO_SIZE_PTR), 0);
	kfree(ZERO_SIZE_PTR);
	kfree(NULL);
	EXPECT_EQ(nr_slab_errors, 0);
}

TEST("sizes that are too large, or overflow, are NULL")
{
	slab_machine_boot(&plain);
	EXPECT(!__kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	EXPECT(!__kmalloc(~0ul, GFP_KERNEL));
	EXPECT(!kcalloc(0x10001, 0x10000, GFP_KERNEL));
	EXPECT(!kmalloc_array(~0ul, 2, GFP_KERNEL));
	EXPECT_EQ(kcalloc(0, 8, GFP_KERNEL), ZERO_SIZE_PTR);
	EXPECT_EQ(nr_slab_errors, 0);
}

TEST("kcalloc() and kzalloc() are zero everywhere")
{
	unsigned int i;
	u8 *objp;

	slab_machine_boot(&plain);
	for (i = 1; i < 12000; i += 97) {
		objp = kmalloc(i, GFP_KERNEL);
		memset(objp, 0xff, ksize(objp));
		kfree(objp);
		objp = kzalloc(i, GFP_KERNEL);
		EXPECT(all_zero(objp, i));
		memset(objp, 0xff, ksize(objp));
		kfree(objp);
		objp = kcalloc(i, 1, GFP_KERNEL);
		EXPECT(all_zero(objp, i));
		kfree(objp);
	}
	objp = kmalloc(64, GFP_KERNEL);
	memset(objp, 0xff, 64);
	kfree(objp);
	objp = kzalloc(64, GFP_KERNEL);
	EXPECT(all_zero(objp, 64));
	kfree(objp);
}

TEST("krealloc() keeps what was there, whether it moves or not")
{
	char *objp, *other;

	slab_machine_boot(&plain);
	objp = krealloc(NULL, 20, GFP_KERNEL);
	ASSERT(objp);
	memcpy(objp, "nineteen characters", 20);
	EXPECT_EQ(krealloc(objp, ksize(objp), GFP_KERNEL), objp);
	EXPECT_EQ(krealloc(objp, 3, GFP_KERNEL), objp);
	other = krealloc(objp, 5000, GFP_KERNEL);
	ASSERT(other);
	EXPECT(other != objp && strcmp(other, "nineteen characters") == 0);
	other = krealloc(other, 100000, GFP_KERNEL);
	ASSERT(other);
	EXPECT(strcmp(other, "nineteen characters") == 0);
	EXPECT(!krealloc(other, KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	EXPECT(strcmp(other, "nineteen characters") == 0);
	EXPECT_EQ(krealloc(other, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	EXPECT_EQ(nr_slab_errors, 0);
}

TEST("copies are copies")
{
	char *copy, *part;
	void *nothing;

	slab_machine_boot(&plain);
	copy = kstrdup("slab", GFP_KERNEL);
	part = kstrndup("slabinfo", 5, GFP_KERNEL);
	EXPECT(copy && strcmp(copy, "slab") == 0);
	EXPECT(part && strcmp(part, "slabi") == 0);
	kfree(part);
	part = kmemdup(copy, 3, GFP_KERNEL);
	EXPECT(part && memcmp(part, "sla", 3) == 0);
	nothing = kstrdup(NULL, GFP_KERNEL);
	EXPECT(!nothing);
	kfree(part);
	kfree(copy);
}

TEST("GFP_DMA gives memory of ZONE_DMA, where there is one")
{
	void *objp, *normal;

	slab_machine_boot(&machines[1]);
	normal = kmalloc(100, GFP_KERNEL);	/* a page with room, but of another zone */
	ASSERT(normal);
	objp = kmalloc(100, GFP_KERNEL | GFP_DMA);
	ASSERT(objp);
	EXPECT_EQ(page_zonenum(virt_to_page(objp)), ZONE_DMA);
	kfree(objp);
	objp = kmalloc(100, GFP_KERNEL);
	EXPECT_EQ(page_zonenum(virt_to_page(objp)), ZONE_NORMAL);
	kfree(objp);
	kfree(normal);
}

/* --- Mistakes --- */

/*
 * Frees something that must not be freed. Return: was that reported, with these words, and
 * harmless?
 */
static bool is_reported(void (*func)(void *), void *objp, const char *words)
{
	unsigned int before = nr_slab_errors;
	bool ok;

	host_log_clear();
	func(objp);
	ok = EXPECT_EQ(nr_slab_errors, before + 1) & EXPECT(host_log_has(words)) &
	     EXPECT(slab_machine_check());
	return ok;
}

static void kfree_it(void *objp)
{
	kfree(objp);
}

static struct kmem_cache *mine;

static void free_to_mine(void *objp)
{
	kmem_cache_free(mine, objp);
}

TEST("an object that was just freed is not taken a second time")
{
	const char *words = "is not what kmalloc() returned";
	void *objp;

	slab_machine_boot(&plain);
	objp = kmalloc(100, GFP_KERNEL);
	if (owner_is_known(objp))
		words = "freed just before";
	kfree(objp);
	is_reported(kfree_it, objp, words);
	is_reported(kfree_it, objp, KMALLOC_HAS_CLASSES ? "kmalloc-112" : "");
}

TEST("an address inside an object, in a slab's unused end, or before its first object, is not taken")
{
	unsigned int size, offset;

	slab_machine_boot(&plain);
	for (size = 8; size <= 8192; size += size / 3) {
		char *objp = kmalloc(size, GFP_KERNEL);
		const char *words = owner_is_known(objp) ? "inside of object" :
				    "is not what kmalloc() returned";

		for (offset = 1; offset < size; offset += 1 + size / 50)
			is_reported(kfree_it, objp + offset, words);
		kfree(objp);
	}
}

TEST("an object of another cache is not taken, nor one that lies in no cache")
{
	static u8 no_object[64];
	void *objp, *large;

	slab_machine_boot(&plain);
	mine = kmem_cache_create("mine", 112, 0, 0, NULL);
	ASSERT(mine);
	objp = kmalloc(112, GFP_KERNEL);
	if (owner_is_known(objp))
		is_reported(free_to_mine, objp, "is of cache kmalloc-112");
	kfree(objp);
	is_reported(free_to_mine, no_object, "is no address of lowmem");
	is_reported(kfree_it, no_object, "is not what kmalloc() returned");
	large = kmalloc(20000, GFP_KERNEL);
	is_reported(free_to_mine, large, "lies in no slab");
	is_reported(kfree_it, (char *)large + 8, "is not what kmalloc() returned");
	is_reported(kfree_it, (char *)large + PAGE_SIZE, "is not what kmalloc() returned");
	kfree(large);
	is_reported(kfree_it, large, "is not what kmalloc() returned");
	kmem_cache_destroy(mine);
}

/* --- No memory --- */

TEST("when memory is used up allocations fail, and when it is given back they do not")
{
	static const struct machine small = { .name = "16 MiB", .banks = { { 0, MIB(16) } } };
	void **chain = NULL, **objp;
	unsigned long nr = 0, pages;

	slab_machine_boot(&small);
	pages = slab_machine_pages();
	while ((objp = kmalloc(1000, GFP_KERNEL | __GFP_NOWARN))) {
		*objp = chain;
		chain = objp;
		nr++;
	}
	EXPECT(nr > 8000);
	EXPECT(slab_machine_check());
	while ((objp = chain)) {
		chain = *objp;
		kfree(objp);
	}
	EXPECT_EQ(slab_machine_pages(), pages);
	EXPECT(slab_machine_check());
	objp = kmalloc(1000, GFP_KERNEL);
	EXPECT(objp);
	kfree(objp);
}

/* --- Several nodes --- */

TEST("an object of a certain node lies there, and finds its way back from any CPU")
{
	struct kmem_cache *cachep;
	unsigned int i;
	int nid;

	slab_machine_boot(&machines[9]);
	cachep = kmem_cache_create("test", 60, 0, 0, NULL);
	ASSERT(cachep);
	for_each_online_node(nid) {
		for (i = 0; i < 100; i++) {
			objs[i] = kmem_cache_alloc_node(cachep, GFP_KERNEL, nid);
			ASSERT(objs[i]);
			EXPECT_EQ(page_to_nid(virt_to_page(objs[i])), nid);
		}
		for (i = 0; i < 100; i++) {
			host_set_cpu(i % NR_CPUS);
			kmem_cache_free(cachep, objs[i]);
		}
		EXPECT(slab_machine_check());
	}
	host_set_cpu(0);
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 0);
	kmem_cache_destroy(cachep);
	EXPECT(slab_machine_check());
}

TEST("__GFP_THISNODE has an object of its node or none, and others have what another node has")
{
	struct kmem_cache *cachep;
	void *objp;

	slab_machine_boot(&machines[9]);
	cachep = kmem_cache_create("test", 2000, 0, SLAB_NO_MERGE, NULL);
	ASSERT(cachep);
	while (alloc_pages_node(1, GFP_ATOMIC | __GFP_THISNODE | __GFP_NOWARN, 0))
		;
	while ((objp = kmem_cache_alloc_node(cachep, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN, 1)))
		ASSERT(page_to_nid(virt_to_page(objp)) == 1);
	EXPECT(!kmem_cache_alloc_node(cachep, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN, 1));
	objp = kmem_cache_alloc_node(cachep, GFP_KERNEL, 1);
	ASSERT(objp);
	EXPECT_EQ(page_to_nid(virt_to_page(objp)), 0);
	EXPECT(slab_machine_check());
}

TEST("where no page is left anywhere, an object of another node is better than none, but not with __GFP_THISNODE")
{
	const gfp_t flags = GFP_ATOMIC | __GFP_NOWARN;
	struct kmem_cache *cachep;
	LIST_HEAD(taken);
	unsigned int i;
	void *objp;

	slab_machine_boot(&machines[9]);
	cachep = kmem_cache_create("test", 24, 0, SLAB_NO_MERGE, NULL);
	ASSERT(cachep);
	for (i = 0; i < NR_OBJECTS; i++)
		ASSERT(objs[i] = kmem_cache_alloc_node(cachep, GFP_KERNEL, 0));
	for (i = 0; i < NR_OBJECTS; i += 2)	/* more than CPU 0 keeps for itself */
		kmem_cache_free(cachep, objs[i]);
	machine_take_all(GFP_ATOMIC, &taken);
	EXPECT(!kmem_cache_alloc_node(cachep, flags | __GFP_THISNODE, 1));
	objp = kmem_cache_alloc_node(cachep, flags, 1);
	ASSERT(objp);
	EXPECT_EQ(page_to_nid(virt_to_page(objp)), 0);
	while ((objp = kmem_cache_alloc_node(cachep, flags | __GFP_THISNODE, 0)))
		EXPECT_EQ(page_to_nid(virt_to_page(objp)), 0);
	EXPECT(!kmem_cache_alloc(cachep, flags) && !kmem_cache_alloc_node(cachep, flags, 1));
	EXPECT(slab_machine_check());
}

/* --- Whose is an address? --- */

TEST("an address leads to the object that it lies in, and any other to none")
{
	struct kmem_cache *cachep, *other;
	char *objp, *page;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("told", 200, 0, SLAB_NO_MERGE, NULL);
	other = kmem_cache_create("other", 200, 0, SLAB_NO_MERGE, NULL);
	objp = kmem_cache_alloc(cachep, GFP_KERNEL);
	page = (char *)__get_free_page(GFP_KERNEL);
	ASSERT(cachep && other && objp && page);
#ifndef CONFIG_SLOB		/* which mixes the objects of caches */
	EXPECT(nearest_obj(cachep, objp) == objp && nearest_obj(cachep, objp + 199) == objp);
#endif
	EXPECT(!nearest_obj(other, objp));
	EXPECT(!nearest_obj(cachep, page));
	EXPECT(!nearest_obj(cachep, NULL) && !nearest_obj(cachep, (void *)~0ul));
	kmem_cache_free(cachep, objp);
	kmem_cache_destroy(cachep);
	kmem_cache_destroy(other);
}

#ifndef CONFIG_SLOB

TEST("what is wrong with an address that is freed is said, and nothing of one that is right")
{
	struct kmem_cache *cachep, *other;
	char *objp, *page, text[80], wrong[80];
	unsigned int i;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("right", 200, 0, SLAB_NO_MERGE, NULL);
	other = kmem_cache_create("other", 200, 0, SLAB_NO_MERGE, NULL);
	ASSERT(cachep && other);
	objp = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT(!bad_free(cachep, objp, text, sizeof(text)));
	snprintf(wrong, sizeof(wrong), "lies 8 bytes inside of object %p", (void *)objp);
	EXPECT(!strcmp(bad_free(cachep, objp + 8, text, sizeof(text)), wrong));
	EXPECT(!strcmp(bad_free(cachep, NULL, text, sizeof(text)), "is no address of lowmem"));
	EXPECT(!strcmp(bad_free(cachep, (void *)__get_free_page(GFP_KERNEL), text, sizeof(text)),
		       "lies in no slab"));
	EXPECT(!strcmp(bad_free(other, objp, text, sizeof(text)), "is of cache right"));
	page = (char *)ALIGN_DOWN((unsigned long)objp, PAGE_SIZE);
	for (i = 0; i < PAGE_SIZE && nearest_obj(cachep, page + i); i++)
		;
	ASSERT(i < PAGE_SIZE);
	EXPECT(!strcmp(bad_free(cachep, page + i, text, sizeof(text)), "lies in a slab, but not in an object"));
	kmem_cache_free(cachep, objp);
}

#endif
