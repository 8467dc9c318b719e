// SPDX-License-Identifier: MIT
/*
 * Mistakes with objects, each planted and found by `slab_debug=': what is reported, and that the
 * system goes on without the object.
 */
#include "host.h"
#include "slab_machine.h"
#include <lib/errno.h>
#include <lib/list.h>
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

TEST("slab_debug=F has each free checked, and nothing else")
{
	ASSERT(boot_with("F,test", 100));
	EXPECT_EQ(cache->flags & SLAB_DEBUG_FLAGS, SLAB_DEBUG_FREE);
	kmem_cache_destroy(cache);
}

TEST("without slab_debug= no cache is looked after, unless it asks for it")
{
	slab_machine_boot(&plain);
	EXPECT(!kmalloc_caches[1] || !(kmalloc_caches[1]->flags & SLAB_DEBUG_FLAGS));
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

TEST("an object that lost its record is isolated, though its red zones are whole")
{
	u8 *objp, *other;
	char text[100];

	ASSERT(boot_with("Z", 40));
	objp = kmem_cache_alloc(cache, GFP_KERNEL);
	ASSERT(objp);
	objp[cache->track_offset] ^= 1;
	kmem_cache_free(cache, objp);
	expect_report(1, "has lost the record behind it");
	snprintf(text, sizeof(text), "state of the object, at offset %u: expected 75736564, found 75736565",
		 cache->track_offset);
	EXPECT(host_log_has(text));
	kmem_cache_free(cache, objp);
	expect_report(2, "is isolated");
	other = kmem_cache_alloc(cache, GFP_KERNEL);
	EXPECT(other && other != objp);
	kmem_cache_free(cache, other);
	kmem_cache_destroy(cache);
	EXPECT_EQ(nr_slab_errors, 2);
}

TEST("a write to a free object is reported when its page is given back, if nobody wanted it before")
{
	u8 *objp;

	ASSERT(boot_with("P", 40));
	objp = kmem_cache_alloc(cache, GFP_KERNEL);
	ASSERT(objp);
	kmem_cache_free(cache, objp);
	objp[39] = 0x6b;
	kmem_cache_shrink(cache);
	expect_report(1, "was written to while it was free");
	EXPECT(host_log_has("at offset 39: expected a5, found 6b"));
	kmem_cache_destroy(cache);
}

TEST("a walk over a cache finds what was written to, free or not")
{
	u8 *objp, *other;

	ASSERT(boot_with("ZP", 40));
	objp = kmem_cache_alloc(cache, GFP_KERNEL);
	other = kmem_cache_alloc(cache, GFP_KERNEL);
	ASSERT(objp && other);
	kmem_cache_free(cache, other);
	EXPECT(slab_machine_check());
	objp[-1] = 0;
	EXPECT(!slab_machine_check());
	objp[-1] = 0xcc;
	other[0] = 0;
	EXPECT(!slab_machine_check());
	other[0] = 0x6b;
	EXPECT(slab_machine_check());
	EXPECT_EQ(nr_slab_errors, 2);
	kmem_cache_free(cache, objp);
	kmem_cache_destroy(cache);
}

TEST("what was never allocated is reported with where it is")
{
	char *large;

	ASSERT(boot_with("U", 40));
	large = kmalloc(20000, GFP_KERNEL);
	ASSERT(large);
	kfree(large + 8);
	expect_report(1, "is not what kmalloc() returned: it is inside of what kmalloc() returned");
	kfree(large);
	kfree(large);
	expect_report(2, "is not what kmalloc() returned: its page is free");
	kfree(__va(PHYS_OFFSET + UL(0x00020000)));
	expect_report(3, "is not what kmalloc() returned: it is in the kernel's image");
	kfree((void *)0x1000);
	expect_report(4, "is not what kmalloc() returned: it is no address of lowmem");
	kmem_cache_destroy(cache);
}

/* --- Constructors --- */

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

struct constructed {
	struct list_head list;
	u32 anybody;			/* not the constructor's */
	u32 magic;
};

static void construct_list(void *object)
{
	struct constructed *c = object;

	INIT_LIST_HEAD(&c->list);
	c->magic = 0x12345678;
}

/* Objects go through a cache with C and @more letters. */
static void give_back_unconstructed(const char *letters)
{
	struct constructed *c;

	EXPECT_EQ(machine_param("slab_debug", letters), 0);
	slab_machine_boot(&plain);
	cache = kmem_cache_create("test", sizeof(*c), 0, 0, construct_list);
	ASSERT(cache);
	c = kmem_cache_alloc(cache, GFP_KERNEL);
	ASSERT(c && c->magic == 0x12345678);
	c->anybody = 7;
	kmem_cache_free(cache, c);
	EXPECT_EQ(nr_slab_errors, 0);

	c = kmem_cache_alloc(cache, GFP_KERNEL);
	ASSERT(c);
	host_log_clear();
	c->magic = 0x12345600;
	kmem_cache_free(cache, c);
	expect_report(1, "was not given back as its constructor leaves it");
	EXPECT(host_log_has("object of 16 bytes, at offset 12: expected 78, found 00 56 34 12"));
	c = kmem_cache_alloc(cache, GFP_KERNEL);
	ASSERT(c);
	EXPECT(c->magic == 0x12345678 && list_empty(&c->list));
	kmem_cache_free(cache, c);
	kmem_cache_destroy(cache);
	EXPECT_EQ(nr_slab_errors, 1);
}

TEST("an object that is not as its constructor left it is reported when it is freed, and constructed again")
{
	give_back_unconstructed("C");
}

TEST("so it is if free objects are poisoned, and by whom is known")
{
	give_back_unconstructed("CZPU");
	EXPECT(host_log_has("allocated by"));
}

TEST("without C nobody looks at what a constructor wrote, and a cache can ask for it itself")
{
	struct constructed *c;

	ASSERT(boot_with(NULL, 40));
	EXPECT(!(cache->flags & SLAB_CHECK_CTOR));
	kmem_cache_destroy(cache);
	cache = kmem_cache_create("test", sizeof(*c), 0, SLAB_CHECK_CTOR, construct_list);
	ASSERT(cache);
	c = kmem_cache_alloc(cache, GFP_KERNEL);
	list_add(&c->list, &c->list);
	c->list.next = NULL;
	kmem_cache_free(cache, c);
	expect_report(1, "was not given back as its constructor leaves it");
	kmem_cache_destroy(cache);
}

TEST("a copy fits into its object, whatever its length")
{
	char text[200];
	unsigned int length;

	ASSERT(boot_with(NULL, 40));
	memset(text, 'x', sizeof(text));
	for (length = 1; length < sizeof(text) - 1; length++) {
		text[length] = '\0';
		kfree(kstrdup(text, GFP_KERNEL));
		kfree(kmemdup(text, length, GFP_KERNEL));
		text[length] = 'x';
		kfree(kstrndup(text, length, GFP_KERNEL));
	}
	EXPECT_EQ(nr_slab_errors, 0);
	kmem_cache_destroy(cache);
	EXPECT(slab_machine_check());
}

/* --- What must not change --- */

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
