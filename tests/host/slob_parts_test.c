// SPDX-License-Identifier: MIT
/*
 * What is special to SLAB=slob: how a page is cut into blocks and made whole again, the three lists
 * of pages, the head that kmalloc() writes, and what becomes of a block that somebody wrote to.
 */
#include "host.h"
#include "slab_machine.h"
#include "../../mm/slob/slob.h"
#include <lib/bitmap.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/slab.h>

TEST_SUITE("slab");

#define NR_OBJECTS	3000
#define NR_STEPS	20000

static const struct machine plain = { .name = "64 MiB", .banks = { { 0, MIB(64) } } };

static void *objs[NR_OBJECTS];

/* --- The blocks of a page, against a model: a bit for each unit that is free --- */

static struct slob_page *sp;
static unsigned long model[BITS_TO_LONGS(SLOB_PAGE_UNITS)];

/* A page that only the test knows. */
static void make_page(void)
{
	slab_machine_boot(&plain);
	sp = (struct slob_page *)alloc_page(GFP_KERNEL);
	BUG_ON(!sp, "no page");
	slob_page_init(sp);
	bitmap_set(model, 0, SLOB_PAGE_UNITS);
}

static unsigned int model_run(unsigned int start)
{
	unsigned int end = start;

	while (end < SLOB_PAGE_UNITS && test_bit(end, model))
		end++;
	return end - start;
}

/* The first place that a block fits in. */
static unsigned int model_fit(unsigned int units, unsigned int align, unsigned int header)
{
	unsigned int start;

	for (start = 0; start + units <= SLOB_PAGE_UNITS; start++)
		if ((start + header) % align == 0 && model_run(start) >= units)
			return start;
	return SLOB_NONE;
}

static void model_set(unsigned int start, unsigned int units, bool is_free)
{
	for (; units; units--, start++)
		is_free ? __set_bit(start, model) : __clear_bit(start, model);
}

static const struct slob_block *block_at(unsigned int index)
{
	return (const struct slob_block *)page_address(slob_to_page(sp)) + index;
}

/* Are the blocks exactly the runs of free units? */
static bool blocks_agree(void)
{
	unsigned int unit = 0, at = sp->first, sum = 0;

	while (unit < SLOB_PAGE_UNITS) {
		unsigned int run = model_run(unit);

		if (run) {
			if (!EXPECT_EQ(at, unit) || !EXPECT_EQ(block_at(at)->units, run))
				return false;
			at = block_at(at)->next;
		}
		sum += run;
		unit += run ? run : 1;
	}
	return EXPECT_EQ(at, SLOB_NONE) && EXPECT_EQ(sp->units, sum) && EXPECT(slob_page_check(sp));
}

static bool take_some(void)
{
	unsigned int units = test_random_below(4) ? 1 + test_random_below(40) : 1 + test_random_below(400);
	unsigned int align = 2u << test_random_below(4), header = test_random_below(2);
	unsigned int start = slob_page_alloc(sp, units, align, header);

	if (!EXPECT_EQ(start, model_fit(units, align, header)))
		return false;
	if (start != SLOB_NONE)
		model_set(start, units, false);
	return true;
}

/* Any units: those that are free already, or do not lie in the page, are not taken. */
static bool give_some(void)
{
	unsigned int start = test_random_below(SLOB_PAGE_UNITS), units = 1 + test_random_below(60), i;
	bool all_used = start + units <= SLOB_PAGE_UNITS;

	for (i = start; all_used && i < start + units; i++)
		all_used = !test_bit(i, model);
	if (!EXPECT_EQ(slob_page_free(sp, start, units), all_used))
		return false;
	if (all_used)
		model_set(start, units, true);
	return true;
}

TEST("random blocks of a page are cut and merged as a map of its units says")
{
	unsigned int step, unit;

	make_page();
	for (step = 0; step < NR_STEPS; step++) {
		ASSERT(test_random_below(2) ? take_some() : give_some());
		ASSERT(blocks_agree());
		unit = test_random_below(SLOB_PAGE_UNITS);
		ASSERT(EXPECT_EQ(slob_unit_is_free(sp, unit), test_bit(unit, model)));
	}
	for (unit = 0; unit < SLOB_PAGE_UNITS; unit++)
		slob_page_free(sp, unit, 1);
	EXPECT_EQ(sp->units, SLOB_PAGE_UNITS);
	EXPECT(sp->first == 0 && block_at(0)->units == SLOB_PAGE_UNITS);
	__free_page(slob_to_page(sp));
}

TEST("a block that is freed between two free ones becomes one with both")
{
	make_page();
	EXPECT_EQ(slob_page_alloc(sp, 10, 1, 0), 0);
	EXPECT_EQ(slob_page_alloc(sp, 10, 1, 0), 10);
	EXPECT_EQ(slob_page_alloc(sp, 10, 1, 0), 20);
	EXPECT_EQ(slob_page_alloc(sp, 10, 1, 0), 30);
	EXPECT(slob_page_free(sp, 0, 10) && slob_page_free(sp, 20, 10));
	EXPECT(sp->first == 0 && block_at(0)->next == 20 && block_at(20)->next == 40);
	EXPECT(slob_page_free(sp, 10, 10));
	EXPECT(block_at(0)->units == 30 && block_at(0)->next == 40);
	EXPECT(!slob_page_free(sp, 29, 2));
	EXPECT(!slob_page_free(sp, 1020, 5));
	EXPECT(slob_page_free(sp, 30, 10));
	EXPECT(sp->first == 0 && block_at(0)->units == SLOB_PAGE_UNITS);
	__free_page(slob_to_page(sp));
}

TEST("an aligned block leaves what is before it and behind it free")
{
	make_page();
	EXPECT_EQ(slob_page_alloc(sp, 1, 1, 0), 0);
	EXPECT_EQ(slob_page_alloc(sp, 4, 16, 0), 16);
	EXPECT(sp->first == 1 && block_at(1)->units == 15 && block_at(1)->next == 20);
	EXPECT_EQ(slob_page_alloc(sp, 3, 8, 1), 7);
	EXPECT_EQ(slob_page_alloc(sp, SLOB_PAGE_UNITS, 1, 0), SLOB_NONE);
	EXPECT(slob_page_check(sp));
	__free_page(slob_to_page(sp));
}

/* --- Lists and pages --- */

static unsigned int nr_shared_pages(void)
{
	return free_slob_small.nr_pages + free_slob_medium.nr_pages + free_slob_large.nr_pages;
}

TEST("each size has its list, and its pages no objects of other lists")
{
	static const struct {
		unsigned int size;
		struct slob_list *home;
	} want[] = {
		{ 1, &free_slob_small }, { 252, &free_slob_small }, { 256, &free_slob_medium },
		{ 1020, &free_slob_medium }, { 1024, &free_slob_large }, { 4092, &free_slob_large },
	};
	struct kmem_cache *cachep[ARRAY_SIZE(want)];
	unsigned int i;
	char name[20];

	slab_machine_boot(&plain);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		snprintf(name, sizeof(name), "test-%u", want[i].size);
		cachep[i] = kmem_cache_create(name, want[i].size, 0, 0, NULL);
		ASSERT(cachep[i]);
		objs[i] = kmem_cache_alloc(cachep[i], GFP_KERNEL);
		ASSERT(objs[i]);
		EXPECT_EQ(virt_to_slob(objs[i])->home, want[i].home);
	}
	EXPECT(slab_machine_check());
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		kmem_cache_free(cachep[i], objs[i]);
		kmem_cache_destroy(cachep[i]);
	}
	EXPECT_EQ(free_slob_medium.nr_pages + free_slob_large.nr_pages, 0);
}

TEST("objects of several caches share a page, one behind the other")
{
	struct kmem_cache *a, *b;
	char *first, *second;

	slab_machine_boot(&plain);
	a = kmem_cache_create("a", 300, 0, 0, NULL);
	b = kmem_cache_create("b", 400, 0, 0, NULL);
	ASSERT(a && b);
	first = kmem_cache_alloc(a, GFP_KERNEL);
	second = kmem_cache_alloc(b, GFP_KERNEL);
	EXPECT_EQ(second, first + ALIGN(300, ARCH_SLAB_MINALIGN));
	EXPECT_EQ(free_slob_medium.nr_pages, 1);
	kmem_cache_free(a, first);
	EXPECT_EQ(free_slob_medium.nr_pages, 1);
	kmem_cache_free(b, second);
	EXPECT_EQ(free_slob_medium.nr_pages, 0);
	kmem_cache_destroy(a);
	kmem_cache_destroy(b);
}

TEST("a page that is full leaves the search, comes back when there is room, and goes when it is empty")
{
	struct kmem_cache *cachep;
	unsigned long pages;
	unsigned int i;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 512, 0, 0, NULL);
	ASSERT(cachep);
	pages = slab_machine_pages();
	for (i = 0; i < 8; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT(list_empty(&free_slob_medium.partial) && !list_empty(&free_slob_medium.full));
	EXPECT_EQ(free_slob_medium.nr_pages, 1);
	kmem_cache_free(cachep, objs[3]);
	EXPECT(!list_empty(&free_slob_medium.partial) && list_empty(&free_slob_medium.full));
	EXPECT_EQ(kmem_cache_alloc(cachep, GFP_KERNEL), objs[3]);
	for (i = 0; i < 8; i++)
		kmem_cache_free(cachep, objs[i]);
	EXPECT_EQ(free_slob_medium.nr_pages, 0);
	EXPECT_EQ(slab_machine_pages(), pages);
	kmem_cache_destroy(cachep);
}

TEST("a search begins at the page that the last one ended at")
{
	struct kmem_cache *a, *b;
	unsigned int i;

	slab_machine_boot(&plain);
	a = kmem_cache_create("a", 700, 0, 0, NULL);
	b = kmem_cache_create("b", 260, 0, 0, NULL);
	ASSERT(a && b);
	for (i = 0; i < 5; i++)
		objs[i] = kmem_cache_alloc(a, GFP_KERNEL);
	objs[5] = kmem_cache_alloc(b, GFP_KERNEL);
	objs[6] = kmem_cache_alloc(b, GFP_KERNEL);	/* the first page is full */
	objs[7] = kmem_cache_alloc(a, GFP_KERNEL);	/* a second page */
	kmem_cache_free(b, objs[6]);			/* the first comes before it, with a small gap */
	objs[6] = kmem_cache_alloc(a, GFP_KERNEL);	/* does not fit there */
	EXPECT_EQ(virt_to_slob(objs[6]), virt_to_slob(objs[7]));
	objs[8] = kmem_cache_alloc(b, GFP_KERNEL);	/* does, but is not looked for there */
	EXPECT_EQ(virt_to_slob(objs[8]), virt_to_slob(objs[7]));
	kmem_cache_free_bulk(a, 5, objs);
	kmem_cache_free_bulk(a, 2, objs + 6);
	kmem_cache_free(b, objs[5]);
	kmem_cache_free(b, objs[8]);
	EXPECT_EQ(free_slob_medium.nr_pages, 0);
	kmem_cache_destroy(a);
	kmem_cache_destroy(b);
}

TEST("of the pages that small objects take, a hundredth at most is not theirs")
{
	unsigned int size, i, nr, pages;

	slab_machine_boot(&plain);
	for (size = 4; size <= 32; size += 4) {
		struct kmem_cache *cachep = kmem_cache_create("test", size, 0, 0, NULL);

		ASSERT(cachep);
		nr = min(20 * (unsigned int)PAGE_SIZE / ALIGN(size, 8), NR_OBJECTS + 0u);
		pages = nr_shared_pages();
		for (i = 0; i < nr; i++)
			objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
		pages = nr_shared_pages() - pages;
		EXPECT(pages * PAGE_SIZE <= nr * ALIGN(size, 8) * 101 / 100 + PAGE_SIZE);
		kmem_cache_free_bulk(cachep, nr, objs);
		kmem_cache_destroy(cachep);
	}
}

/* --- kmalloc() --- */

TEST("a kmalloc()ed object costs its head and its alignment, no more")
{
	unsigned int size;
	char *objp;

	slab_machine_boot(&plain);
	for (size = 1; size <= 4084; size++) {
		objp = kmalloc(size, GFP_KERNEL);
		if (!objp || ksize(objp) < size || ksize(objp) > size + 7 ||
		    !IS_ALIGNED((unsigned long)objp, 8) || !PageSlab(virt_to_page(objp)))
			EXPECT_EQ(ksize(objp), size);
		kfree(objp);
	}
	objp = kmalloc(4085, GFP_KERNEL);
	EXPECT(PageLargeKmalloc(virt_to_page(objp)) && ksize(objp) == PAGE_SIZE);
	kfree(objp);
	EXPECT_EQ(slob_kmalloc_cache.nr_objects, kmem_cache_objects_in_use(&slob_kmalloc_cache));
	EXPECT(slab_machine_check());
}

TEST("a write before an object damages its head, and kfree() says that this is none")
{
	unsigned int before = nr_slab_errors;
	unsigned char *objp, *next;

	slab_machine_boot(&plain);
	objp = kmalloc(20, GFP_KERNEL);
	next = kmalloc(20, GFP_KERNEL);
	ASSERT(objp && next);
	objp[20] ^= 1;		/* where the next one's head is */
	kfree(next);
	EXPECT_EQ(nr_slab_errors, before + 1);
	EXPECT(host_log_has("is not what kmalloc() returned"));
	objp[20] ^= 1;
	kfree(next);
	kfree(objp);
	EXPECT_EQ(nr_slab_errors, before + 1);
	EXPECT(slab_machine_check());
}

TEST("what is freed twice is found free, as long as nobody got it since, also when it has become part of more")
{
	unsigned int before = nr_slab_errors, i;
	struct kmem_cache *cachep;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 100, 0, 0, NULL);
	ASSERT(cachep);
	for (i = 0; i < 10; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	for (i = 2; i < 8; i++)
		kmem_cache_free(cachep, objs[i]);
	host_log_clear();
	kmem_cache_free(cachep, objs[5]);
	EXPECT(host_log_has("is free already"));
	kmem_cache_free(cachep, (char *)objs[1] + 8);
	EXPECT(host_log_has("lies in no block of its size"));
	EXPECT_EQ(nr_slab_errors, before + 2);
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 4);
	EXPECT(slab_machine_check());
	for (i = 0; i < 10; i += i == 1 ? 7 : 1)
		kmem_cache_free(cachep, objs[i]);
	kmem_cache_destroy(cachep);
}

/* --- Damage --- */

TEST("a free block that somebody wrote to is reported, and lost with what is behind it; all else goes on")
{
	unsigned int before = nr_slab_errors, i;
	struct kmem_cache *cachep;
	unsigned long lost;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 256, 0, 0, NULL);
	ASSERT(cachep);
	for (i = 0; i < 16; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	kmem_cache_free(cachep, objs[3]);
	kmem_cache_free(cachep, objs[5]);
	kmem_cache_free(cachep, objs[7]);
	memset(objs[5], 0xff, 4);
	EXPECT(!slab_machine_check());
	objs[3] = kmem_cache_alloc(cachep, GFP_KERNEL);
	objs[5] = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT_EQ(nr_slab_errors, before + 1);
	EXPECT(host_log_has("heads a free block, and was written to"));
	EXPECT(host_log_has("found 65535 units, next at 65535; 512 free bytes of this page are lost"));
	lost = slob_lost_units;
	EXPECT_EQ(lost, 128);
	EXPECT(slab_machine_check());
	for (i = 0; i < 16; i++)
		if (i != 7)
			kmem_cache_free(cachep, objs[i]);
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 0);
	EXPECT_EQ(nr_slab_errors, before + 1);
	EXPECT(slab_machine_check());
	kmem_cache_destroy(cachep);
}

TEST("a block that was written to costs what is behind it only, not those before it")
{
	unsigned int i, lost;
	struct slob_page *page;

	slab_machine_boot(&plain);
	for (i = 0; i < 20; i++)
		ASSERT(objs[i] = kmalloc(100, GFP_KERNEL));
	page = virt_to_slob(objs[0]);
	ASSERT_EQ(virt_to_slob(objs[9]), page);
	kfree(objs[1]);
	kfree(objs[5]);
	lost = slob_lost_units;
	((struct slob_block *)objs[5] - 1)->next = 1;
	EXPECT(kmalloc(200, GFP_KERNEL));	/* does not fit into the first: the next is looked at */
	EXPECT(nr_slab_errors == 1 && host_log_has("heads a free block, and was written to"));
	EXPECT(slob_lost_units > lost);
	EXPECT(slob_is_free(objs[1]) && !slob_is_free(objs[5]));
	EXPECT(slab_machine_check());
}

TEST("a head that says too much leads into what is free already")
{
	u16 *head;

	slab_machine_boot(&plain);
	for (unsigned int i = 0; i < 3; i++)
		ASSERT(objs[i] = kmalloc(100, GFP_KERNEL));
	ASSERT_EQ((char *)objs[1] - (char *)objs[0], (char *)objs[2] - (char *)objs[1]);
	kfree(objs[1]);
	head = (u16 *)objs[0] - 2;	/* units, and a check that tells them from other numbers */
	head[1] ^= head[0] ^ (head[0] + 4u);
	head[0] += 4;
	kfree(objs[0]);
	EXPECT(nr_slab_errors == 1 && host_log_has("is free already, in part"));
}

TEST("what is freed to the wrong kind of cache, or lies where no object of it can, is not taken")
{
	struct kmem_cache *large, *small, *poisoned;
	char *objp, *page;
	unsigned int i;

	slab_machine_boot(&plain);
	large = kmem_cache_create("large", 5000, 0, 0, NULL);
	small = kmem_cache_create("small", 64, 64, 0, NULL);
	poisoned = kmem_cache_create("poisoned", 300, 0, SLAB_POISON, NULL);
	objp = kmem_cache_alloc(small, GFP_KERNEL);
	ASSERT(large && small && poisoned && objp);
	kmem_cache_free(large, objp);
	EXPECT(nr_slab_errors == 1 && host_log_has("lies in a page that caches share"));
	kmem_cache_free(small, objp + SLOB_UNIT);
	EXPECT(nr_slab_errors == 2 && host_log_has("is not aligned as its cache's objects are"));
	kmem_cache_free(small, objp);
	objp = kmem_cache_alloc(poisoned, GFP_KERNEL);
	page = (char *)ALIGN_DOWN((unsigned long)objp, PAGE_SIZE);
	for (i = 0; i < PAGE_SIZE && nearest_obj(poisoned, page + i); i++)
		;
	ASSERT(i < PAGE_SIZE);
	kmem_cache_free(poisoned, page + i);
	EXPECT(nr_slab_errors == 3 && host_log_has("lies in a slab, but not in an object"));
	kmem_cache_free(poisoned, objp);
	EXPECT_EQ(nr_slab_errors, 3);
	EXPECT(slab_machine_check());
}

TEST("the walker finds what is wrong with a cache that has pages to itself")
{
	struct kmem_cache *cachep;
	struct slob_page *page;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 5000, 0, 0, NULL);
	objs[0] = kmem_cache_alloc(cachep, GFP_KERNEL);
	ASSERT(cachep && objs[0] && slob_own_check(cachep));
	page = virt_to_slob(objs[0]);
	page[1].cache = NULL;
	EXPECT(!slob_own_check(cachep) && host_log_has("test: W1: page 1 of slab"));
	page[1].cache = cachep;
	page->inuse++;
	EXPECT(!slob_own_check(cachep) && host_log_has("test: W2: 2 objects in use, free 00000000, of 1"));
	page->inuse--;
	cachep->nr_objects++;
	EXPECT(!slob_own_check(cachep));
	EXPECT(host_log_has("test: W2, W3: 1 slabs, 0 of them empty, and 1 objects; counted 1, 0, 2"));
	cachep->nr_objects--;
	EXPECT(slob_own_check(cachep));
	kmem_cache_free(cachep, objs[0]);
	kmem_cache_destroy(cachep);
}

TEST("the walker finds wrong counts, and pages on lists where they do not belong")
{
	struct slob_page *page;
	void *objp;

	slab_machine_boot(&plain);
	objp = kmalloc(100, GFP_KERNEL);
	ASSERT(objp && slab_machine_check());
	page = virt_to_slob(objp);
	page->units--;
	EXPECT(!slab_machine_check() && host_log_has("B2"));
	page->units++;
	slob_kmalloc_cache.nr_units++;
	EXPECT(!slab_machine_check() && host_log_has("C2"));
	slob_kmalloc_cache.nr_units--;
	page->home = &free_slob_large;
	EXPECT(!slab_machine_check() && host_log_has("P1"));
	page->home = &free_slob_small;
	list_move(&page->list, &free_slob_small.full);
	EXPECT(!slab_machine_check());
	list_move(&page->list, &free_slob_small.partial);
	EXPECT(slab_machine_check());
	kfree(objp);
}

/* --- Pages of a cache's own --- */

TEST("a large object has pages to itself, which go with it, and a cache of such names its objects")
{
	struct kmem_cache *cachep;
	unsigned long pages;
	char text[20];

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 5000, 0, 0, NULL);
	ASSERT(cachep);
	pages = nr_slab_pages(false);
	objs[0] = kmem_cache_alloc(cachep, GFP_KERNEL);
	objs[1] = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT(IS_ALIGNED((unsigned long)objs[0], PAGE_SIZE));
	EXPECT_EQ(nr_slab_pages(false), pages + 4);
	EXPECT_EQ(nearest_obj(cachep, (char *)objs[0] + 4999), objs[0]);
	kmem_cache_destroy(cachep);
	snprintf(text, sizeof(text), "%p", objs[1]);
	EXPECT(host_log_has(text));
	kmem_cache_free_bulk(cachep, 2, objs);
	EXPECT_EQ(nr_slab_pages(false), pages);
	kmem_cache_destroy(cachep);
	EXPECT(slab_machine_check());
}

TEST("an object that is looked after stays in its place while it is free, in a page of its cache's own")
{
	struct kmem_cache *cachep;
	void *objp;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 50, 0, SLAB_POISON, NULL);
	ASSERT(cachep);
	objp = kmem_cache_alloc(cachep, GFP_KERNEL);
	ASSERT(objp);
	EXPECT_EQ(virt_to_slob(objp)->cache, cachep);
	kmem_cache_free(cachep, objp);
	EXPECT_EQ(((u8 *)objp)[0], 0x6b);
	EXPECT_EQ(nearest_obj(cachep, (char *)objp + 10), objp);
	EXPECT_EQ(kmem_cache_shrink(cachep), 0);
	EXPECT(!nearest_obj(cachep, objp));
	kmem_cache_destroy(cachep);
	EXPECT(slab_machine_check());
}
