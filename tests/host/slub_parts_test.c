// SPDX-License-Identifier: MIT
/*
 * The parts of SLAB=slub: how slabs are laid out, who has them, merging, and freelists that were
 * written to.
 */
#include "host.h"
#include "slab_machine.h"
#include "steps.h"
#include "../../mm/slub/slub.h"
#include <kernel/cpumask.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/buddy.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/shrinker.h>
#include <mm/slab.h>

TEST_SUITE("slab");

#define NR_OBJECTS	2000

static const struct machine plain = { .name = "64 MiB", .banks = { { 0, MIB(64) } } };

static struct kmem_cache *cache;
static void *objs[NR_OBJECTS];

static bool boot_cache(unsigned int size, void (*ctor)(void *object))
{
	slab_machine_boot(&plain);
	cache = kmem_cache_create("test", size, 0, 0, ctor);
	host_log_clear();
	return EXPECT(cache);
}

static struct kmem_cache_cpu *cpu_slab_of(unsigned int cpu)
{
	return per_cpu_ptr(cache->cpu_slab, cpu);
}

/* Take @nr objects. */
static void take(unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		objs[i] = kmem_cache_alloc(cache, GFP_KERNEL);
}

static void give(unsigned int from, unsigned int to)
{
	for (; from < to; from++)
		kmem_cache_free(cache, objs[from]);
}

static struct slab *slab_of(const void *objp)
{
	return virt_to_slab(cache, objp);
}

/* --- How slabs are laid out --- */

TEST("the order is the lowest with enough objects and little lost")
{
	static const struct {
		unsigned int size, order, num;
	} wanted[] = { { 8, 0, 512 }, { 192, 0, 21 }, { 256, 0, 16 }, { 704, 2, 23 }, { 1024, 2, 16 },
		       { 4096, 3, 8 }, { 5120, 3, 6 }, { 6144, 3, 5 }, { 32768, 3, 1 } };
	unsigned int i;

	slab_machine_boot(&plain);
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		cache = kmem_cache_create("test", wanted[i].size, 0, 0, NULL);
		ASSERT(cache);
		EXPECT_EQ(cache->gfporder, wanted[i].order);
		EXPECT_EQ(cache->num, wanted[i].num);
		kmem_cache_destroy(cache);
	}
}

TEST("slub_min_objects=, slub_min_order= and slub_max_order= say otherwise, and nothing impossible")
{
	EXPECT_EQ(machine_param("slub_min_objects", "513"), (unsigned long)-EINVAL);
	EXPECT_EQ(machine_param("slub_min_objects", ""), (unsigned long)-EINVAL);
	EXPECT_EQ(machine_param("slub_min_objects", NULL), (unsigned long)-EINVAL);
	EXPECT_EQ(machine_param("slub_min_order", "4"), (unsigned long)-EINVAL);
	EXPECT_EQ(machine_param("slub_max_order", "2x"), (unsigned long)-EINVAL);
	EXPECT_EQ(machine_param("slub_min_objects", "64"), 0);
	EXPECT_EQ(machine_param("slub_min_order", "1"), 0);
	EXPECT_EQ(machine_param("slub_max_order", "2"), 0);
	ASSERT(boot_cache(64, NULL));
	EXPECT_EQ(cache->gfporder, 1);
	kmem_cache_destroy(cache);
	cache = kmem_cache_create("test", 256, 0, 0, NULL);
	EXPECT_EQ(cache->gfporder, 2);
	kmem_cache_destroy(cache);
	cache = kmem_cache_create("test", 20000, 0, 0, NULL);
	EXPECT_EQ(cache->gfporder, 3);
	kmem_cache_destroy(cache);
}

/* With all addresses of a slab: as many places as there are objects, and where they should be. */
static void check_places(void)
{
	char *objp = kmem_cache_alloc(cache, GFP_KERNEL), *base = slab_base(cache, objp);
	unsigned long offset, nr = 0;

	ASSERT(objp);
	for (offset = 0; offset <= cache->slab_mask; offset++) {
		if (!is_object_start(cache, base + offset))
			continue;
		EXPECT_EQ(base + offset, index_to_obj(cache, slab_of(objp), nr));
		EXPECT_EQ(obj_to_index(cache, base + offset), nr);
		nr++;
	}
	EXPECT_EQ(nr, cache->num);
	kmem_cache_free(cache, objp);
}

TEST("one multiplication tells the places of objects from all other addresses of a slab, its end too")
{
	unsigned int size;

	slab_machine_boot(&plain);
	for (size = 1; size <= KMEM_CACHE_MAX_SIZE; size += 1 + size / 3) {
		cache = kmem_cache_create("plain", size, 0, 0, NULL);
		ASSERT(cache);
		check_places();
		kmem_cache_destroy(cache);
		cache = kmem_cache_create("debugged", size, 0, SLAB_DEBUG_FLAGS, NULL);
		ASSERT(cache);
		check_places();
		kmem_cache_destroy(cache);
	}
}

static void construct(void *object)
{
	memset(object, 0xc7, kmem_cache_size(cache));
}

static void construct_largest(void *object)
{
	memset(object, 0xc7, KMEM_CACHE_MAX_SIZE);
}

TEST("a free object that was constructed has its pointer behind it, and the largest has room for it")
{
	u8 *objp;

	slab_machine_boot(&plain);
	cache = kmem_cache_create("test", KMEM_CACHE_MAX_SIZE, 0, 0, construct_largest);
	ASSERT(cache);
	EXPECT_EQ(cache->offset, KMEM_CACHE_MAX_SIZE);
	EXPECT_EQ(cache->num, 1);
	objp = kmem_cache_alloc(cache, GFP_KERNEL);
	ASSERT(objp);
	EXPECT(objp[0] == 0xc7 && objp[KMEM_CACHE_MAX_SIZE - 1] == 0xc7);
	kmem_cache_free(cache, objp);
	EXPECT(objp[0] == 0xc7 && objp[KMEM_CACHE_MAX_SIZE - 1] == 0xc7);
	EXPECT(slab_machine_check());
	kmem_cache_destroy(cache);
}

/* --- Who has a slab --- */

TEST("a slab is frozen while a CPU gives out its objects, and nobody's when it is full")
{
	struct slab *slab;

	ASSERT(boot_cache(256, NULL));
	take(cache->num);
	slab = slab_of(objs[0]);
	EXPECT_EQ(slab, cpu_slab_of(0)->page);
	EXPECT(freelist_state(slab).frozen);
	objs[cache->num] = kmem_cache_alloc(cache, GFP_KERNEL);
	EXPECT(slab_of(objs[cache->num]) != slab);
	EXPECT(!freelist_state(slab).frozen);
	EXPECT_EQ(freelist_state(slab).inuse, cache->num);
	give(0, cache->num + 1);
	kmem_cache_destroy(cache);
}

TEST("what another CPU frees waits at the slab until this CPU has given out all it has")
{
	unsigned long flags;
	struct slab *slab;
	unsigned int num;

	ASSERT(boot_cache(256, NULL));
	num = cache->num;
	take(num - 1);
	slab = slab_of(objs[0]);
	host_set_cpu(1);
	give(0, 3);
	EXPECT_EQ(freelist_state(slab).inuse, num);
	EXPECT_EQ(cpu_slab_of(1)->freed.cnt, 3);
	local_irq_save(flags);
	flush_slab(cache, cpu_slab_of(1));
	local_irq_restore(flags);
	EXPECT_EQ(freelist_state(slab).inuse, num - 3);
	EXPECT_EQ(freelist_state(slab).freelist, objs[2]);
	host_set_cpu(0);
	objs[0] = kmem_cache_alloc(cache, GFP_KERNEL);
	EXPECT(objs[0] != objs[2]);
	objs[1] = kmem_cache_alloc(cache, GFP_KERNEL);
	EXPECT_EQ(objs[1], objs[2]);
	EXPECT_EQ(slab_of(objs[1]), slab);
	EXPECT_EQ(cpu_slab_of(0)->page, slab);
	EXPECT(slab_machine_check());
	kmem_cache_free(cache, objs[0]);
	kmem_cache_free(cache, objs[1]);
	give(3, num - 1);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	kmem_cache_destroy(cache);
}

TEST("objects freed one after the other go to their slab together, when one of another slab follows")
{
	struct kmem_cache_cpu *c;
	unsigned int num;

	ASSERT(boot_cache(256, NULL));
	num = cache->num;
	take(3 * num);
	c = cpu_slab_of(0);
	give(0, 5);
	EXPECT_EQ(c->freed.cnt, 5);
	EXPECT_EQ(c->freed.list.base, slab_base(cache, objs[0]));
	EXPECT_EQ(freelist_state(slab_of(objs[0])).inuse, num);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 3 * num - 5);
	EXPECT(slab_machine_check());
	kmem_cache_free(cache, objs[num]);
	EXPECT_EQ(c->freed.cnt, 1);
	EXPECT_EQ(freelist_state(slab_of(objs[0])).inuse, num - 5);
	EXPECT_EQ(c->partial, slab_of(objs[0]));
	EXPECT(slab_machine_check());
	give(5, num);
	give(num + 1, 3 * num);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	kmem_cache_destroy(cache);
}

TEST("a CPU keeps slabs for later up to cpu_partial free objects, and its node gets the others")
{
	struct kmem_cache_node *n;
	unsigned int num, i, nr = 0;
	struct slab *slab;

	ASSERT(boot_cache(256, NULL));
	num = cache->num;
	n = get_node(cache, 0);
	take(40 * num);
	for (i = 0; i < 40; i++)
		kmem_cache_free(cache, objs[i * num]);
	for (slab = cpu_slab_of(0)->partial; slab; slab = slab->next)
		nr++;
	EXPECT(nr >= 1 && nr <= cache->cpu_partial + 2);
	EXPECT(n->nr_partial + nr >= 38);
	EXPECT(slab_machine_check());
	for (i = 0; i < 40; i++)
		give(i * num + 1, (i + 1) * num);
	kmem_cache_destroy(cache);
}

TEST("a node keeps min_partial empty slabs, and the page allocator gets the others")
{
	ASSERT(boot_cache(256, NULL));
	take(40 * cache->num);
	EXPECT_EQ(atomic_read(&get_node(cache, 0)->nr_slabs), 40);
	give(0, 40 * cache->num);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	EXPECT(atomic_read(&get_node(cache, 0)->nr_slabs) <= (int)cache->min_partial + 4);
	EXPECT(slab_machine_check());
	kmem_cache_destroy(cache);
}

TEST("a slab that comes back whole goes without its node's lock, unless a CPU has it")
{
	struct kmem_cache_node *n;
	unsigned int num;
	int nr_slabs;

	ASSERT(boot_cache(256, NULL));
	num = cache->num;
	n = get_node(cache, 0);
	take(20 * num);
	give(0, 10 * num);
	EXPECT(n->nr_partial >= cache->min_partial);
	nr_slabs = atomic_read(&n->nr_slabs);
	n->list_lock.raw_lock.slock = 1;
	give(10 * num, 12 * num);
	kmem_cache_free(cache, objs[12 * num]);
	EXPECT_EQ(atomic_read(&n->nr_slabs), nr_slabs - 3);
	n->list_lock.raw_lock.slock = 0;
	EXPECT(slab_machine_check());

	nr_slabs = atomic_read(&n->nr_slabs);
	EXPECT_EQ(cpu_slab_of(0)->page, slab_of(objs[20 * num - 1]));
	host_set_cpu(1);
	give(19 * num, 20 * num);
	kmem_cache_free(cache, objs[12 * num + 1]);
	EXPECT_EQ(atomic_read(&n->nr_slabs), nr_slabs);
	EXPECT(freelist_state(slab_of(objs[20 * num - 1])).frozen);
	host_set_cpu(0);
	EXPECT(slab_machine_check());
	give(12 * num + 2, 19 * num);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	kmem_cache_destroy(cache);
}

TEST("kmem_cache_shrink() puts the fullest slab first, so that it is filled up next")
{
	unsigned int num, i, nr = 0, last;
	struct slab *slab;

	ASSERT(boot_cache(256, NULL));
	num = cache->num;
	take(6 * num);
	for (i = 0; i < 6; i++)
		give(i * num, i * num + 1 + (i * 7) % 6);
	EXPECT_EQ(kmem_cache_shrink(cache), 1);
	last = num;
	list_for_each_entry(slab, &get_node(cache, 0)->partial, list) {
		EXPECT(freelist_state(slab).inuse <= last);
		last = freelist_state(slab).inuse;
		nr++;
	}
	EXPECT_EQ(nr, 6);
	EXPECT_EQ(get_node(cache, 0)->nr_partial, 6);
	objs[0] = kmem_cache_alloc(cache, GFP_KERNEL);
	EXPECT_EQ(freelist_state(slab_of(objs[0])).inuse, num);
	kmem_cache_free(cache, objs[0]);
	for (i = 0; i < 6; i++)
		give(i * num + 1 + (i * 7) % 6, (i + 1) * num);
	EXPECT_EQ(kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
}

TEST("an object that is freed twice is seen at the front of each list that it may be on")
{
	unsigned int num;

	ASSERT(boot_cache(256, NULL));
	num = cache->num;
	take(3 * num);
	kmem_cache_free(cache, objs[3 * num - 1]);
	kmem_cache_free(cache, objs[3 * num - 1]);
	EXPECT(host_log_has("was freed just before"));
	kmem_cache_free(cache, objs[0]);
	kmem_cache_free(cache, objs[0]);
	EXPECT_EQ(nr_slab_errors, 2);
	kmem_cache_free(cache, objs[num]);
	kmem_cache_free(cache, objs[0]);
	EXPECT_EQ(nr_slab_errors, 3);
	EXPECT(host_log_has("is free already"));
	EXPECT(slab_machine_check());
	give(1, num);
	give(num + 1, 3 * num - 1);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	kmem_cache_destroy(cache);
}

TEST("the first objects of all describe the nodes of their own cache")
{
	int nid;

	slab_machine_boot(&machines[10]);
	for_each_online_node(nid) {
		struct kmem_cache_node *n = get_node(kmem_cache_node, nid);

		EXPECT_EQ(((struct slab *)virt_to_page(n))->cache, kmem_cache_node);
		EXPECT_EQ(((struct slab *)virt_to_page(get_node(kmem_cache, nid)))->cache,
			  kmem_cache_node);
	}
	EXPECT_EQ(nr_online_nodes, 4);
}

TEST("when no CPU has room for one more cache there is none, and later there is")
{
	static struct kmem_cache *many[NR_CPU_SLOTS];
	unsigned int nr = 0, i;
	char name[20];

	slab_machine_boot(&plain);
	do {
		snprintf(name, sizeof(name), "test-%u", nr);
		many[nr] = kmem_cache_create(name, 64, 0, 0, NULL);
	} while (many[nr] && ++nr < NR_CPU_SLOTS);
	EXPECT(nr < NR_CPU_SLOTS && nr > 64);
	EXPECT(host_log_has("no memory"));
	kmem_cache_destroy(many[0]);
	many[0] = kmem_cache_create("other", 64, 0, 0, NULL);
	EXPECT(many[0]);
	for (i = 0; i < nr; i++)
		kmem_cache_destroy(many[i]);
	EXPECT(slab_machine_check());
}

/* --- Merging --- */

static struct kmem_cache *make(unsigned int size, unsigned int align, unsigned long flags)
{
	static unsigned int nr;
	char name[20];

	snprintf(name, sizeof(name), "like-%u", nr++);
	return kmem_cache_create(name, size, align, flags, NULL);
}

TEST("a cache like one that exists is that one, with a name more, until both are destroyed")
{
	struct kmem_cache *class, *a, *b;
	void *objp;

	slab_machine_merges = true;
	slab_machine_boot(&plain);
	class = kmalloc_caches[kmalloc_index(56)];
	a = make(56, 0, 0);
	b = make(53, 0, 0);
	EXPECT(a == class && b == class);
	EXPECT_EQ(class->refcount, 3);
	objp = kmem_cache_alloc(a, GFP_KERNEL);
	kmem_cache_destroy(a);
	kfree(objp);
	kmem_cache_destroy(b);
	EXPECT_EQ(class->refcount, 1);

	a = make(1090, 0, 0);
	b = make(1090, 8, 0);
	EXPECT(a && a == b && a->object_size == 1090);
	kmem_cache_destroy(b);
	b = make(1094, 0, 0);
	EXPECT(a == b && a->object_size == 1094 && kmem_cache_size(b) == 1094);
	kmem_cache_destroy(a);
	EXPECT(!host_log_has("still has"));
	EXPECT(slab_machine_check());
	kmem_cache_destroy(b);
	EXPECT_EQ(nr_slab_errors, 0);
}

/* Is it a cache of its own? */
static bool is_own(struct kmem_cache *s)
{
	bool own = EXPECT(s) && s->refcount == 1 && strncmp(s->name, "like", 4) == 0;

	kmem_cache_destroy(s);
	return own;
}

TEST("caches of other sizes, once aligned, or of other pages are not alike, nor those that must not be")
{
	slab_machine_merges = true;
	EXPECT_EQ(machine_param("slab_debug", "Z,watched"), 0);
	slab_machine_boot(&plain);
	EXPECT(is_own(make(68, 0, 0)));
	EXPECT(is_own(make(64, 0, SLAB_RECLAIM_ACCOUNT)));
	EXPECT(is_own(make(64, 0, SLAB_NO_MERGE)));
	EXPECT(is_own(make(64, 0, SLAB_POISON)));
	cache = kmem_cache_create("like", 64, 0, 0, construct);
	EXPECT(is_own(cache));
	cache = kmem_cache_create("watched", 64, 0, 0, NULL);
	EXPECT(cache && cache->flags & SLAB_RED_ZONE);
	kmem_cache_destroy(cache);
	EXPECT(!is_own(make(64, 0, 0)));
}

TEST("with slab_nomerge every cache is one of its own")
{
	slab_machine_boot(&plain);
	EXPECT(is_own(make(64, 0, 0)));
}

/* --- Freelists that were written to --- */

/* The pointer behind which the rest of the freelist of a free object is. */
static void damage(void *objp, void *to)
{
	set_freepointer(cache, objp, to);
}

/* Reported once; nothing of the slab is given out any more; all else goes on. */
static void expect_isolated(void *slab_start, unsigned int nr_held)
{
	unsigned int i;

	EXPECT_EQ(nr_slab_errors, 1);
	EXPECT(host_log_has("is where the free list of slab"));
	EXPECT(slab_machine_check());
	for (i = nr_held; i < nr_held + 100; i++) {
		objs[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		ASSERT(objs[i]);
		EXPECT(slab_base(cache, objs[i]) != slab_start);
	}
	give(0, nr_held + 100);
	EXPECT_EQ(nr_slab_errors, 1);
	EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
	EXPECT(slab_machine_check());
	kmem_cache_destroy(cache);
	EXPECT(!host_log_has("still has"));
}

TEST("a freelist that leads anywhere but to an object is not followed, and its slab is left alone")
{
	static const long to[] = { 0x5a5a5a5a, 4, 0x41414140, -8, 1 << 20 };
	unsigned long pages;
	unsigned int i;

	slab_machine_boot(&plain);
	pages = slab_machine_pages();
	for (i = 0; i < ARRAY_SIZE(to); i++) {
		char *base;

		cache = kmem_cache_create("test", 256, 0, 0, NULL);
		ASSERT(cache);
		nr_slab_errors = 0;
		host_log_clear();
		take(3);
		base = slab_base(cache, objs[0]);
		kmem_cache_free(cache, objs[2]);
		damage(objs[2], base + to[i]);
		objs[2] = kmem_cache_alloc(cache, GFP_KERNEL);
		EXPECT_EQ(nr_slab_errors, 0);
		objs[3] = kmem_cache_alloc(cache, GFP_KERNEL);
		EXPECT(objs[3] && slab_base(cache, objs[3]) != base);
		expect_isolated(base, 4);
	}
	EXPECT_EQ(slab_machine_pages(), pages);
}

TEST("so it is when the CPU gives the slab up, and when the slab was full")
{
	void *base;

	ASSERT(boot_cache(256, NULL));
	take(3);
	base = slab_base(cache, objs[0]);
	kmem_cache_free(cache, objs[2]);
	damage(objs[2], objs[0] - 4);
	kmem_cache_shrink(cache);
	expect_isolated(base, 2);
}

TEST("a freelist of objects that are looked after is checked as well, and that it does not end too early")
{
	unsigned int i;

	slab_machine_boot(&plain);
	for (i = 0; i < 2; i++) {
		cache = kmem_cache_create("test", 256, 0, SLAB_DEBUG_FLAGS, NULL);
		ASSERT(cache);
		nr_slab_errors = 0;
		host_log_clear();
		take(2);
		kmem_cache_free(cache, objs[1]);
		damage(objs[1], i ? NULL : (char *)objs[0] + 8);
		objs[1] = kmem_cache_alloc(cache, GFP_KERNEL);
		EXPECT(objs[1]);
		objs[2] = kmem_cache_alloc(cache, GFP_KERNEL);
		EXPECT(objs[2]);
		EXPECT_EQ(nr_slab_errors, 1);
		EXPECT(host_log_has("is where the free list of slab"));
		EXPECT(slab_machine_check());
		give(0, 3);
		EXPECT_EQ(kmem_cache_objects_in_use(cache), 0);
		EXPECT_EQ(nr_slab_errors, 1);
		kmem_cache_destroy(cache);
		EXPECT(!host_log_has("still has"));
	}
}

/* --- The walker --- */

TEST("kmem_cache_check() finds slabs that are lost, counted wrong, or whose freelist is damaged")
{
	struct kmem_cache_node *n;
	struct slab *slab;
	void *freelist;

	ASSERT(boot_cache(256, NULL));
	take(3);
	kmem_cache_shrink(cache);
	n = get_node(cache, 0);
	slab = slab_of(objs[0]);
	EXPECT(kmem_cache_check(cache));

	n->nr_partial++;
	EXPECT(!kmem_cache_check(cache));
	EXPECT(host_log_has("N1: node 0 has 1 partial slabs, not 2"));
	n->nr_partial--;
	slab->state.frozen = 1;
	EXPECT(!kmem_cache_check(cache));
	slab->state.frozen = 0;
	slab->state.inuse++;
	EXPECT(!kmem_cache_check(cache));
	EXPECT(host_log_has("U2: slab"));
	slab->state.inuse--;
	atomic_inc(&n->nr_slabs);
	EXPECT(!kmem_cache_check(cache));
	atomic_dec(&n->nr_slabs);
	freelist = slab->state.freelist;
	slab->state.freelist = (char *)freelist + 1;
	EXPECT(!kmem_cache_check(cache));
	slab->state.freelist = freelist;
	EXPECT(kmem_cache_check(cache));
	give(0, 3);
	kmem_cache_destroy(cache);
}

TEST("kmem_cache_check() finds pages that are no slab of the cache, on a node and on a CPU")
{
	struct kmem_cache_cpu *c;
	struct slab *slab, *partial;

	ASSERT(boot_cache(1024, NULL));
	take(3 * cache->num);
	kmem_cache_shrink(cache);
	give(0, 1);
	give(cache->num, cache->num + 1);
	kmem_cache_shrink(cache);
	slab = slab_of(objs[0]);
	ASSERT(cache->gfporder > 0 && kmem_cache_check(cache));
	slab[1].cache = NULL;
	EXPECT(!kmem_cache_check(cache) && host_log_has("U1: page 1 of slab"));
	slab[1].cache = cache;
	c = cpu_slab_of(0);
	ASSERT_EQ(kmem_cache_alloc(cache, GFP_KERNEL) != NULL, 1);
	ASSERT(c->page && kmem_cache_check(cache));
	c->page->state.frozen = 0;
	EXPECT(!kmem_cache_check(cache) && host_log_has("of CPU 0 is not frozen"));
	c->page->state.frozen = 1;
	partial = c->partial;
	c->partial = (struct slab *)8;
	EXPECT(!kmem_cache_check(cache) && host_log_has("00000008 is no slab"));
	c->partial = partial;
	EXPECT(kmem_cache_check(cache));
}

TEST("a cache that gets no memory for what its nodes have is not made, and keeps no place")
{
	LIST_HEAD(taken);
	void *node;

	ASSERT(boot_cache(64, NULL));
	machine_take_all(GFP_ATOMIC, &taken);
	while ((node = kmem_cache_alloc(kmem_cache_node, GFP_ATOMIC | __GFP_NOWARN)))
		objs[0] = node;
	host_log_clear();
	EXPECT(!kmem_cache_create("more", 64, 0, SLAB_NO_MERGE, NULL));
	EXPECT(host_log_has("no cache more: no memory"));
	kmem_cache_free(kmem_cache_node, objs[0]);
	EXPECT(kmem_cache_create("more", 64, 0, SLAB_NO_MERGE, NULL));
}

TEST("who wants to shrink while somebody makes a cache leaves it")
{
	struct shrink_control sc = { .gfp_mask = GFP_KERNEL };
	unsigned long pages;

	ASSERT(boot_cache(1024, NULL));
	take(200);
	give(0, 200);
	pages = nr_slab_pages(false);
	spin_lock(&slab_lock);
	shrink_slab(&sc, 1000, 1000);
	spin_unlock(&slab_lock);
	EXPECT_EQ(nr_slab_pages(false), pages);
	shrink_slab(&sc, 1000, 1000);
	EXPECT(nr_slab_pages(false) < pages);
}

TEST("kmem_cache_check() finds an object that is on two lists, and a CPU that counts wrong")
{
	struct kmem_cache_cpu *c;

	ASSERT(boot_cache(256, NULL));
	take(2 * cache->num);
	c = cpu_slab_of(0);
	kmem_cache_free(cache, objs[0]);
	EXPECT(kmem_cache_check(cache));
	c->freed.cnt++;
	EXPECT(!kmem_cache_check(cache));
	EXPECT(host_log_has("C2: CPU 0 freed 2 objects, and has 1"));
	c->freed.cnt--;
	c->base = NO_SLAB;
	EXPECT(!kmem_cache_check(cache));
	set_cpu_slab(c, c->page);
	kmem_cache_free(cache, objs[2 * cache->num - 1]);
	damage(objs[2 * cache->num - 1], objs[2 * cache->num - 1]);
	EXPECT(!kmem_cache_check(cache));
	damage(objs[2 * cache->num - 1], NULL);
	EXPECT(kmem_cache_check(cache));
	give(1, 2 * cache->num - 1);
	kmem_cache_destroy(cache);
}

/* --- A walk while pages come and go --- */

/* A free page between two slabs, the moment at which another CPU takes it, and slabs seen so far. */
static struct page *gap;
static unsigned long moment, nr_seen;
static bool was_taken;

/* As the page allocator takes a block, and somebody a page: whose number may be anything. */
static void take_free_page(void)
{
	__ClearPageBuddy(gap);
	set_page_private(gap, MAX_ORDER - 1);
}

static void free_it_again(void)
{
	set_page_private(gap, 0);
	__SetPageBuddy(gap);
}

/* From the slab before the free page to the one behind it, instruction by instruction. */
static bool see_slab(struct kmem_cache *s, struct slab *slab, void *unused)
{
	(void)s;
	(void)unused;
	nr_seen++;
	if (slab_page(slab) == gap + 1)
		was_taken = steps_end();
	if (slab_page(slab) == gap - 1)
		steps_begin(moment, take_free_page);
	return true;
}

/* The page of slab @i, of those that were filled one after another. */
static struct page *page_of(unsigned int i)
{
	return slab_page(slab_of(objs[i * cache->num]));
}

/* Of three slabs side by side, a page each, the one in the middle is given back. Return: were there such? */
static bool make_gap(unsigned int nr_slabs)
{
	unsigned int i = 1;

	while (i + 1 < nr_slabs && !(page_of(i) == page_of(i - 1) + 1 && page_of(i + 1) == page_of(i) + 1) &&
	       !(page_of(i) == page_of(i - 1) - 1 && page_of(i + 1) == page_of(i) - 1))
		i++;
	if (i + 1 == nr_slabs)
		return false;
	gap = page_of(i);
	give(i * cache->num, (i + 1) * cache->num);
	kmem_cache_shrink(cache);
	drain_all_pages();
	return PageBuddy(gap) && page_order(gap) == 0;
}

TEST("a walk along the slabs sees all of them at whichever moment a free page on its way is taken")
{
	unsigned long nr_slabs;

	ASSERT(boot_cache(256, NULL));
	take(20 * cache->num);
	ASSERT(make_gap(20));
	nr_slabs = (unsigned long)atomic_read(&get_node(cache, 0)->nr_slabs);
	do {
		moment++;
		nr_seen = 0;
		EXPECT(for_each_slab(cache, see_slab, NULL));
		EXPECT_EQ(nr_seen, nr_slabs);
		free_it_again();
	} while (was_taken && nr_seen == nr_slabs);
	EXPECT(moment > 20);
}
