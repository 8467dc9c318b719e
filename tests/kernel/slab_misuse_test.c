// SPDX-License-Identifier: MIT
/*
 * Every mistake that one can make with objects, by a driver that does not know better:
 *
 *    careless_open()      allocates
 *    careless_close()     frees, rightly or not
 *
 * Each is named, the object is kept out of use, and the rest goes on. tests/boot/slab_misuse.t reads
 * what they print. The caches here ask for what finds the mistake themselves; with `slab_debug' on
 * the command line, the reports have call chains, too.
 */
#include <test.h>
#include <kernel/panic.h>
#include <lib/list.h>
#include <lib/string.h>
#include <mm/mm.h>
#include <mm/slab.h>

TEST_SUITE("slab_misuse");

#define SIZE		40
#define NR_PROBES	20	/* objects that are asked for, to see whether an isolated one is among them */

static struct kmem_cache *cache;
static unsigned int errors;

/* ---- The driver. Each function stays in call chains: no inlining, no tail calls. ---- */

static noinline void *careless_open(void)
{
	void *objp = kmem_cache_alloc(cache, GFP_KERNEL);

	barrier();
	return objp;
}

static noinline void careless_close(void *objp)
{
	kmem_cache_free(cache, objp);
	barrier();
}

static noinline void careless_kfree(const void *objp)
{
	kfree(objp);
	barrier();
}

/* The name of the cache was an object, too: what is left of its slab goes. */
static void close_cache(struct kmem_cache *cachep)
{
	kmem_cache_destroy(cachep);
	kmalloc_shrink();
}

/* A cache with @flags, and an object of it; NULL if there is no memory. */
static u8 *open_with(unsigned long flags, void (*ctor)(void *object))
{
	u8 *objp;

	errors = nr_slab_errors;
	cache = kmem_cache_create("careless", SIZE, 0, flags | SLAB_NO_MERGE, ctor);
	objp = cache ? careless_open() : NULL;
	if (cache && !objp)
		close_cache(cache);
	return objp;
}

/* ---- What must hold after a mistake ---- */

/* Would somebody get the object who asks now? */
static bool is_given_out(const void *objp)
{
	void *objs[NR_PROBES];
	unsigned int nr, i;
	bool found = false;

	for (nr = 0; nr < NR_PROBES; nr++) {
		objs[nr] = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN);
		if (!objs[nr])
			break;
		found |= objs[nr] == objp;
	}
	for (i = 0; i < nr; i++)
		kmem_cache_free(cache, objs[i]);
	return found;
}

/* One report, and everything is as if the object had never been. */
static void expect_isolated(const void *objp)
{
	EXPECT(!is_given_out(objp));
	EXPECT_EQ(nr_slab_errors, errors + 1);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	EXPECT(kmem_caches_check());
	close_cache(cache);
	EXPECT_EQ(nr_slab_errors, errors + 1);
}

/* One report; the object is in use as before, and can be freed as it should be. */
static void expect_in_use(void *objp)
{
	EXPECT_EQ(nr_slab_errors, errors + 1);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 1);
	EXPECT(kmem_caches_check());
	careless_close(objp);
	EXPECT_EQ(nr_slab_errors, errors + 1);
	close_cache(cache);
}

/* ---- Written to, where nothing is its owner's ---- */

TEST("written to behind its end: found when it is freed")
{
	u8 *objp = open_with(SLAB_RED_ZONE | SLAB_STORE_USER, NULL);

	if (!objp)
		SKIP("no memory");
	objp[SIZE + 1] = 0x41;
	careless_close(objp);
	expect_isolated(objp);
}

TEST("written to before its beginning: found when it is freed")
{
	u8 *objp = open_with(SLAB_RED_ZONE | SLAB_STORE_USER, NULL);

	if (!objp)
		SKIP("no memory");
	objp[-3] = 0x42;
	careless_close(objp);
	expect_isolated(objp);
}

TEST("written to while it is free: found before anybody gets it")
{
	u8 *objp = open_with(SLAB_POISON | SLAB_STORE_USER, NULL);

	if (!objp)
		SKIP("no memory");
	careless_close(objp);
	objp[8] = 0x43;
	expect_isolated(objp);
}

/* ---- Freed, but free already, or not what was allocated ---- */

TEST("freed twice, with another in between")
{
	u8 *objp = open_with(SLAB_DEBUG_FREE | SLAB_STORE_USER, NULL), *other;

	if (!objp)
		SKIP("no memory");
	other = careless_open();
	careless_close(objp);
	if (other)
		careless_close(other);
	careless_close(objp);
	EXPECT_EQ(nr_slab_errors, errors + 1);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	EXPECT(kmem_caches_check());
	close_cache(cache);
}

TEST("freed twice in a row, where nobody debugs")
{
	u8 *objp = open_with(0, NULL);

	if (!objp)
		SKIP("no memory");
	careless_close(objp);
	careless_close(objp);
	warn_count -= kasan_knows(cache);	/* whose report it is then */
	EXPECT_EQ(nr_slab_errors, errors + 1);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	EXPECT(kmem_caches_check());
	close_cache(cache);
}

TEST("freed into another cache, where nobody debugs: it stays in use")
{
	struct kmem_cache *wrong = kmem_cache_create("wrong", SIZE, 0, SLAB_NO_MERGE, NULL);
	u8 *objp = open_with(0, NULL);

	if (!objp) {
		close_cache(wrong);
		SKIP("no memory");
	}
	if (EXPECT(wrong))
		kmem_cache_free(wrong, objp);
	expect_in_use(objp);
	close_cache(wrong);
}

TEST("freed by an address inside of it, where nobody debugs: it stays in use")
{
	u8 *objp = open_with(0, NULL);

	if (!objp)
		SKIP("no memory");
	careless_kfree(objp + 8);
	expect_in_use(objp);
}

TEST("freed, a variable: its address is reported, and nothing else happens")
{
	static u32 variable;

	errors = nr_slab_errors;
	careless_kfree(&variable);
	EXPECT_EQ(nr_slab_errors, errors + 1);
	EXPECT(kmem_caches_check());
}

TEST("freed, something on the stack: its address is reported, and nothing else happens")
{
	u32 variable = 0;

	if (!CONFIG_DEBUG_VM)
		SKIP("DEBUG=0: kfree() takes every address for one of lowmem");
	errors = nr_slab_errors;
	careless_kfree(&variable);
	EXPECT_EQ(nr_slab_errors, errors + 1);
	EXPECT(kmem_caches_check());
}

/* ---- Not as its constructor left it ---- */

static void construct(void *object)
{
	INIT_LIST_HEAD((struct list_head *)object);
}

TEST("given back otherwise than its constructor left it: the next one gets it constructed")
{
	u8 *objp = open_with(SLAB_CHECK_CTOR | SLAB_STORE_USER, construct);
	struct list_head other;

	if (!objp)
		SKIP("no memory");
	INIT_LIST_HEAD(&other);
	list_add(&other, (struct list_head *)objp);
	careless_close(objp);
	EXPECT_EQ(nr_slab_errors, errors + 1);
	objp = careless_open();
	EXPECT(objp && list_empty((struct list_head *)objp));
	if (objp)
		careless_close(objp);
	EXPECT_EQ(nr_slab_errors, errors + 1);
	close_cache(cache);
}

/* ---- The allocator's own data are written to ---- */

#ifdef CONFIG_SLAB
TEST("a slab's bits of free objects are cleared: it gives out no more, and others do")
{
	u8 *objp = open_with(SLAB_DEBUG_FREE, NULL), *other;
	struct slab *slab;

	if (!objp)
		SKIP("no memory");
	slab = (struct slab *)virt_to_page(objp);
	if (cache->bufctl_place == BUFCTL_PAGE)
		slab->bits = 0;
	else
		memset(slab->bufctl, 0, DIV_ROUND_UP(cache->num, BUFCTL_BITS) * sizeof(*slab->bufctl));
	other = careless_open();
	EXPECT_EQ(nr_slab_errors, errors + 1);
	EXPECT(!other || (struct slab *)virt_to_page(other) != slab);
	if (other)
		careless_close(other);
	expect_in_use(objp);
}
#endif

/* ---- Never freed ---- */

/* Volatile, so that there is one call, and one call chain. */
static noinline void open_two(u8 **objs)
{
	volatile unsigned int nr = 2;
	unsigned int i;

	for (i = 0; i < nr; i++)
		objs[i] = careless_open();
}

TEST("never given back: the cache is not destroyed, and says who has its objects")
{
	u8 *objs[3];
	unsigned int i;

	objs[0] = open_with(SLAB_STORE_USER, NULL);
	if (!objs[0])
		SKIP("no memory");
	open_two(objs + 1);
	kmem_cache_destroy(cache);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 1ul + !!objs[1] + !!objs[2]);
	for (i = 0; i < ARRAY_SIZE(objs); i++)
		if (objs[i])
			careless_close(objs[i]);
	close_cache(cache);
	EXPECT_EQ(nr_slab_errors, errors);
}
