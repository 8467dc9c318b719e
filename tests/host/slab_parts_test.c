// SPDX-License-Identifier: MIT
/*
 * What is special to SLAB=slab: how slabs are laid out, the arrays of CPUs and nodes, and how
 * memory goes back to the page allocator.
 */
#include "host.h"
#include "slab_machine.h"
#include "../../mm/slab/slab.h"
#include <kernel/cpumask.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/shrinker.h>
#include <mm/slab.h>

TEST_SUITE("slab");

#define NR_OBJECTS	2000

static const struct machine plain = { .name = "64 MiB", .banks = { { 0, MIB(64) } } };

static void *objs[NR_OBJECTS];

/* --- Places --- */

TEST("the reciprocal of a size is what a division says, for every size")
{
	unsigned int size;

	for (size = 2; size <= KMEM_CACHE_MAX_SIZE; size++)
		if (slab_reciprocal(size) != (1ull << 32) / size + 1)
			EXPECT_EQ(slab_reciprocal(size), size);
}

/*
 * Does is_object_start() know exactly the multiples of a size, from a slab below s_mem to one
 * above?
 */
static bool knows_starts(unsigned int size)
{
	struct kmem_cache cachep = { .size = size, .reciprocal_buffer_size = slab_reciprocal(size) };
	struct slab slab = { .s_mem = (void *)0x70008000ul };
	int offset, bytes = (int)SLAB_BYTES_MAX;

	for (offset = -bytes; offset < bytes; offset++) {
		const void *objp = (void *)((unsigned long)slab.s_mem + (unsigned long)offset);
		bool is_start = offset >= 0 && offset % (int)size == 0;

		if (is_object_start(&cachep, &slab, objp) != is_start)
			return EXPECT_EQ(offset, size);
		if (is_start && obj_to_index(&cachep, &slab, objp) != (unsigned int)offset / size)
			return EXPECT_EQ(obj_to_index(&cachep, &slab, objp), offset);
	}
	return true;
}

TEST("one multiplication tells objects from all other addresses of a slab")
{
	unsigned int size;

	for (size = 8; size <= KMEM_CACHE_MAX_SIZE; size += 8 + size / 16)
		ASSERT(knows_starts(size));
	for (size = 8; size <= KMEM_CACHE_MAX_SIZE; size *= 2)
		ASSERT(knows_starts(size));
	ASSERT(knows_starts(641));	/* the reciprocal whose error is least: 641 * 6700417 = 2^32 + 1 */
}

TEST("slabs are laid out as the head of slab_geometry.c says")
{
	static const struct {
		unsigned int size, num, order;
		enum bufctl_place place;
	} want[] = {
		{ 8, 504, 0, BUFCTL_ON }, { 16, 254, 0, BUFCTL_ON }, { 32, 128, 0, BUFCTL_OFF },
		{ 48, 85, 0, BUFCTL_ON }, { 64, 64, 0, BUFCTL_OFF }, { 128, 32, 0, BUFCTL_PAGE },
		{ 512, 16, 1, BUFCTL_PAGE }, { 1024, 16, 2, BUFCTL_PAGE }, { 4096, 4, 2, BUFCTL_PAGE },
	};
	unsigned int i;

	slab_machine_boot(&plain);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		struct kmem_cache *cachep = kmem_cache_create("test", want[i].size, 0, 0, NULL);

		ASSERT(cachep);
		EXPECT_EQ(cachep->num, want[i].num);
		EXPECT_EQ(cachep->gfporder, want[i].order);
		EXPECT_EQ(cachep->bufctl_place, want[i].place);
		kmem_cache_destroy(cachep);
	}
}

TEST("of the slabs of a size class, an eighth is lost at most, and of most a sixteenth")
{
	unsigned int class, nr_more = 0;

	slab_machine_boot(&plain);
	for (class = 1; class < NR_KMALLOC_CLASSES; class++) {
		const struct kmem_cache *cachep = kmalloc_caches[class];
		unsigned long bytes = PAGE_SIZE << cachep->gfporder;
		unsigned long lost = bytes - cachep->num * cachep->size;

		EXPECT(lost * 8 <= bytes);
		nr_more += lost * 16 > bytes;
	}
	EXPECT(nr_more <= 1);
}

TEST("slabs take turns with their colours, as many as there is room for")
{
	struct kmem_cache *cachep;
	unsigned long seen = 0;
	unsigned int i;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 600, 0, 0, NULL);
	ASSERT(cachep && cachep->colour > 2);
	for (i = 0; i < cachep->num * cachep->colour; i++) {
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
		ASSERT(objs[i]);
		seen |= BIT(((unsigned long)virt_to_slab(cachep, objs[i])->s_mem & ~PAGE_MASK) /
			    cachep->colour_off);
	}
	EXPECT_EQ(hweight_long(seen), cachep->colour);
	kmem_cache_free_bulk(cachep, i, objs);
	kmem_cache_destroy(cachep);
}

TEST("a slab is filled from its lowest object, and full ones are left before another is begun")
{
	struct kmem_cache *cachep;
	struct kmem_cache_node *node;
	unsigned int i;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 256, 0, 0, NULL);
	ASSERT(cachep);
	node = &cachep->node[0];
	for (i = 0; i < 5 * cachep->num; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT_EQ(node->nr_slabs, 5);
	EXPECT(list_empty(&node->slabs_partial));
	kmem_cache_free_bulk(cachep, i, objs);
	kmem_cache_destroy(cachep);
}

/* --- Arrays --- */

TEST("a CPU has no array before it uses a cache, and then one of the cache's limit")
{
	struct kmem_cache *cachep;
	void *objp;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 300, 0, 0, NULL);
	ASSERT(cachep);
	EXPECT(!ac_exists(per_cpu_ptr(cachep->cpu_cache, 2)));
	host_set_cpu(2);
	objp = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT(ac_exists(per_cpu_ptr(cachep->cpu_cache, 2)));
	EXPECT(!ac_exists(per_cpu_ptr(cachep->cpu_cache, 1)));
	EXPECT_EQ(per_cpu_ptr(cachep->cpu_cache, 2)->end - per_cpu_ptr(cachep->cpu_cache, 2)->entry,
		  cachep->limit);
	kmem_cache_free(cachep, objp);
	host_set_cpu(0);
	kmem_cache_destroy(cachep);
}

TEST("an array that overflows moves its oldest batch to the shared array, and from there to any CPU")
{
	struct kmem_cache *cachep;
	unsigned int i, nr;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 300, 0, 0, NULL);
	ASSERT(cachep);
	nr = cachep->limit + 1;
	for (i = 0; i < nr; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	kmem_cache_shrink(cachep);
	for (i = 0; i < nr; i++)
		kmem_cache_free(cachep, objs[i]);
	EXPECT_EQ(ac_avail(per_cpu_ptr(cachep->cpu_cache, 0)), nr - cachep->batchcount);
	ASSERT(cachep->node[0].shared);
	EXPECT_EQ(ac_avail(&cachep->node[0].shared->ac), cachep->batchcount);
	EXPECT_EQ(cachep->node[0].shared->ac.entry[1], objs[0]);
	host_set_cpu(1);
	objs[0] = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT(ac_avail(&cachep->node[0].shared->ac) < cachep->batchcount);
	kmem_cache_free(cachep, objs[0]);
	EXPECT(kmem_cache_check(cachep));
	host_set_cpu(0);
	kmem_cache_destroy(cachep);
}

TEST("an object that is freed twice with others in between is found when the array is given back")
{
	struct kmem_cache *cachep;
	void *a, *b;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 300, 0, 0, NULL);
	ASSERT(cachep);
	a = kmem_cache_alloc(cachep, GFP_KERNEL);
	b = kmem_cache_alloc(cachep, GFP_KERNEL);
	kmem_cache_free(cachep, a);
	kmem_cache_free(cachep, b);
	kmem_cache_free(cachep, a);
	EXPECT_EQ(nr_slab_errors, 0);
	EXPECT(!kmem_cache_check(cachep));
	EXPECT(host_log_has("in an array, and free or in another"));
	kmem_cache_shrink(cachep);
	EXPECT_EQ(nr_slab_errors, 1);
	EXPECT(host_log_has("is no object, or was freed twice"));
	EXPECT(kmem_cache_check(cachep));
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 0);
	kmem_cache_destroy(cachep);
}

TEST("the walker finds a wrong count, a wrong list, a torn list and a page that is no slab's")
{
	struct kmem_cache *cachep;
	struct slab *slab;
	void *objp;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 300, 0, 0, NULL);
	ASSERT(cachep);
	objp = kmem_cache_alloc(cachep, GFP_KERNEL);
	slab = virt_to_slab(cachep, objp);
	EXPECT(kmem_cache_check(cachep));
	slab->inuse++;
	EXPECT(!kmem_cache_check(cachep));
	slab->inuse--;
	cachep->node[0].free_objects++;
	EXPECT(!kmem_cache_check(cachep));
	cachep->node[0].free_objects--;
	list_move(&slab->list, &cachep->node[0].slabs_full);
	EXPECT(!kmem_cache_check(cachep));
	list_move(&slab->list, &cachep->node[0].slabs_partial);
	__ClearPageSlab(slab_page(slab));
	EXPECT(!kmem_cache_check(cachep));
	__SetPageSlab(slab_page(slab));
	slab->bits ^= 1;
	EXPECT(!kmem_cache_check(cachep));
	slab->bits ^= 1;
	EXPECT(kmem_cache_check(cachep));
	kmem_cache_free(cachep, objp);
	kmem_cache_destroy(cachep);
}

/* --- Giving memory back --- */

TEST("what is not used goes back in time: arrays to slabs, and slabs to the page allocator")
{
	struct kmem_cache *cachep;
	unsigned int i, visit;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 300, 0, 0, NULL);
	ASSERT(cachep);
	for (i = 0; i < NR_OBJECTS; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	for (i = 0; i < NR_OBJECTS; i++)
		kmem_cache_free(cachep, objs[i]);
	reap_caches();
	EXPECT(ac_avail(per_cpu_ptr(cachep->cpu_cache, 0)) > 0);
	for (visit = 0; visit < 100; visit++)
		reap_caches();
	EXPECT_EQ(ac_avail(per_cpu_ptr(cachep->cpu_cache, 0)), 0);
	EXPECT_EQ(ac_avail(&cachep->node[0].shared->ac), 0);
	EXPECT_EQ(cachep->node[0].nr_slabs, 0);
	EXPECT(slab_machine_check());
	kmem_cache_destroy(cachep);
}

TEST("what is used between two visits is left alone")
{
	struct kmem_cache *cachep;
	unsigned int i, avail;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 300, 0, 0, NULL);
	ASSERT(cachep);
	kmem_cache_free(cachep, kmem_cache_alloc(cachep, GFP_KERNEL));
	avail = ac_avail(per_cpu_ptr(cachep->cpu_cache, 0));
	reap_caches();
	EXPECT_EQ(ac_avail(per_cpu_ptr(cachep->cpu_cache, 0)), avail);
	for (i = 0; i <= avail; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	kmem_cache_free_bulk(cachep, avail + 1, objs);
	avail = ac_avail(per_cpu_ptr(cachep->cpu_cache, 0));
	reap_caches();
	EXPECT_EQ(ac_avail(per_cpu_ptr(cachep->cpu_cache, 0)), avail);
	kmem_cache_destroy(cachep);
}

TEST("the shrinker gives empty slabs back, and what CPUs share")
{
	struct shrink_control sc = { .gfp_mask = GFP_KERNEL };
	struct kmem_cache *cachep;
	unsigned long before;
	unsigned int i;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 1000, 0, 0, NULL);
	ASSERT(cachep);
	for (i = 0; i < NR_OBJECTS; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	for (i = 0; i < NR_OBJECTS; i++)
		kmem_cache_free(cachep, objs[i]);
	before = nr_slab_pages(false);
	spin_lock(&slab_lock);		/* somebody makes a cache */
	shrink_slab(&sc, 1000, 1000);
	reap_caches();
	spin_unlock(&slab_lock);
	EXPECT_EQ(nr_slab_pages(false), before);
	shrink_slab(&sc, 1000, 1000);
	EXPECT(nr_slab_pages(false) < before / 2);
	EXPECT(slab_machine_check());
	kmem_cache_destroy(cachep);
}

TEST("an object of another node waits in an alien array, and goes home when that is full or in time")
{
	struct kmem_cache *cachep;
	unsigned int i;

	slab_machine_boot(&machines[9]);
	cachep = kmem_cache_create("test", 300, 0, 0, NULL);
	ASSERT(cachep);
	for (i = 0; i < 13; i++)
		objs[i] = kmem_cache_alloc_node(cachep, GFP_KERNEL, 1);
	for (i = 0; i < 12; i++)
		kmem_cache_free(cachep, objs[i]);
	ASSERT(cachep->node[0].alien[1]);
	EXPECT_EQ(ac_avail(&cachep->node[0].alien[1]->ac), 12);
	EXPECT(kmem_cache_check(cachep));
	kmem_cache_free(cachep, objs[12]);
	EXPECT_EQ(ac_avail(&cachep->node[0].alien[1]->ac), 1);
	reap_caches();
	reap_caches();
	EXPECT_EQ(ac_avail(&cachep->node[0].alien[1]->ac), 0);
	EXPECT(slab_machine_check());
	kmem_cache_destroy(cachep);
}

/* --- Damage --- */

/* A cache of 20 objects in a slab, so that bits are in the struct page, with @nr of one slab in use. */
static struct slab *slab_with(struct kmem_cache **cachep, unsigned long flags, unsigned int nr)
{
	unsigned int i;

	slab_machine_boot(&plain);
	*cachep = kmem_cache_create("test", 200, 0, flags, NULL);
	if (!EXPECT(*cachep))
		return NULL;
	(*cachep)->limit = 0;			/* no arrays, so that slabs are as they look */
	for (i = 0; i < nr; i++)
		objs[i] = kmem_cache_alloc(*cachep, GFP_KERNEL);
	host_log_clear();
	return virt_to_slab(*cachep, objs[0]);
}

TEST("a slab whose free objects were struck off gives out no more, and takes back what it gave")
{
	struct kmem_cache *cachep;
	struct slab *slab = slab_with(&cachep, 0, 3);

	ASSERT(slab && cachep->bufctl_place == BUFCTL_PAGE);
	slab->bits &= 1u << 5;
	objs[3] = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT_EQ(nr_slab_errors, 0);
	EXPECT(objs[3] == index_to_obj(cachep, slab, 5));
	objs[4] = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT_EQ(nr_slab_errors, 1);
	EXPECT(host_log_has("is a slab whose bits of free objects were changed"));
	EXPECT(objs[4] && virt_to_slab(cachep, objs[4]) != slab);
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 5);
	EXPECT(slab_machine_check());
	kmem_cache_free_bulk(cachep, 5, objs);
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 0);
	EXPECT(slab_machine_check());
	kmem_cache_destroy(cachep);
	EXPECT(slab_machine_check());
}

TEST("bits for more objects than a slab has lead nobody behind its end")
{
	struct kmem_cache *cachep;
	struct slab *slab = slab_with(&cachep, 0, 3);
	unsigned int nr = 3;

	ASSERT(slab && cachep->num < BUFCTL_BITS);
	slab->bits |= ~0u << cachep->num;
	slab->bits &= ~(1u << 10);
	while (!nr_slab_errors && nr < 100) {
		objs[nr] = kmem_cache_alloc(cachep, GFP_KERNEL);
		ASSERT(objs[nr] && nearest_obj(cachep, objs[nr]) == objs[nr]);
		nr++;
	}
	EXPECT_EQ(nr_slab_errors, 1);
	EXPECT(slab_machine_check());
	kmem_cache_free_bulk(cachep, nr, objs);
	kmem_cache_destroy(cachep);
	EXPECT(slab_machine_check());
}

TEST("with slab_debug an object that was struck free while somebody has it is not given out again")
{
	struct kmem_cache *cachep;
	struct slab *slab = slab_with(&cachep, SLAB_DEBUG_FREE, 3);
	void *objp;

	ASSERT(slab);
	slab->bits |= 1u << 1;
	objp = kmem_cache_alloc(cachep, GFP_KERNEL);
	EXPECT(objp && objp != objs[1]);
	EXPECT_EQ(nr_slab_errors, 1);
	EXPECT(host_log_has("is in use, and was about to be given out again"));
	kmem_cache_free(cachep, objp);
	kmem_cache_free_bulk(cachep, 3, objs);
	EXPECT_EQ(nr_slab_errors, 1);
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 0);
	kmem_cache_destroy(cachep);
	EXPECT(slab_machine_check());
}

TEST("an array that was written to loses that place, and what is in the others goes back to its slab")
{
	struct kmem_cache *cachep;
	struct array_cache *ac;
	unsigned int i;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test", 200, 0, 0, NULL);
	ASSERT(cachep);
	ac = per_cpu_ptr(cachep->cpu_cache, 0);
	for (i = 0; i < 10; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	kmem_cache_free_bulk(cachep, 10, objs);
	ac->top[-2] = (void *)0x41414141ul;
	ac->top[-3] = kmalloc_caches;
	host_log_clear();
	kmem_cache_shrink(cachep);
	EXPECT_EQ(nr_slab_errors, 2);
	EXPECT(host_log_has("41414141 was put aside, and is no object of the cache: an array was written to"));
	EXPECT_EQ(kmem_cache_objects_in_use(cachep), 0);
	EXPECT(slab_machine_check());
	kmem_cache_destroy(cachep);
	EXPECT(slab_machine_check());
}

/* --- Reports --- */

TEST("slabinfo is Linux's version 2.1, a line for each cache")
{
	struct kmem_cache *cachep;
	unsigned int i;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("test_cache", 1000, 0, 0, NULL);
	ASSERT(cachep);
	for (i = 0; i < 20; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	kmem_cache_shrink(cachep);
	host_log_clear();
	show_slabinfo();
	EXPECT(host_log_has("slabinfo - version: 2.1\n"
			    "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
			    " : tunables <limit> <batchcount> <sharedfactor>"
			    " : slabdata <active_slabs> <num_slabs> <sharedavail>\n"));
	EXPECT(host_log_has("test_cache            20     32   1000   16    4 : tunables  120   60    8"
			    " : slabdata      2      2      0\n"));
	EXPECT(host_log_has("\nkmem_cache "));
	EXPECT(host_log_has("\nkmalloc-1k "));
	kmem_cache_free_bulk(cachep, 20, objs);
	kmem_cache_destroy(cachep);
}

TEST("slabtop begins with the largest cache, and names each once")
{
	struct kmem_cache *cachep;
	const char *line;
	unsigned int i;

	slab_machine_boot(&plain);
	cachep = kmem_cache_create("largest", 1000, 0, 0, NULL);
	ASSERT(cachep);
	for (i = 0; i < 1000; i++)
		objs[i] = kmem_cache_alloc(cachep, GFP_KERNEL);
	host_log_clear();
	show_slabtop();
	line = strchr(host_log(), '\n') + 1;
	EXPECT(strstr(line, "largest") && strstr(line, "largest") < strchr(line, '\n'));
	EXPECT(!strstr(strstr(line, "largest") + 1, "largest"));
	EXPECT(host_log_has(" kB in all"));
	kmem_cache_free_bulk(cachep, 1000, objs);
	kmem_cache_destroy(cachep);
}
