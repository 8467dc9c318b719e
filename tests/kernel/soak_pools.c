// SPDX-License-Identifier: MIT
/*
 * The soak of mempools: elements of three pools, of a cache's objects, of kmalloc() and of pages, which
 * all workers share; and pools that come and go.
 *
 *    element    | pool, worker, serial | ~ |      its first two words
 */
#include <kernel/printk.h>
#include <mm/mempool.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include "soak.h"

enum { OF_CACHE, OF_KMALLOC, OF_PAGES, NR_POOLS };

#define CACHE_BYTES	96u
#define KMALLOC_BYTES	300u
#define PAGES_ORDER	1
#define ELEMENTS	8
#define RESIZE_MAX	32u

struct soak_pools {
	struct kmem_cache *cachep;
	mempool_t *pool[NR_POOLS];
};

/* ---- Elements, by their addresses ---- */

static u32 *address_of(unsigned int nr, void *element)
{
	return element && nr == OF_PAGES ? page_address(element) : element;
}

static void *element_at(unsigned int nr, u32 *at)
{
	return nr == OF_PAGES ? (void *)virt_to_page(at) : at;
}

static void *take_element(struct soak_worker *w)
{
	u32 dice = soak_random(w), *at;
	unsigned int nr = dice % NR_POOLS;
	gfp_t gfp = w->in_interrupt || dice & 256 ? GFP_ATOMIC : GFP_NOWAIT;

	at = address_of(nr, mempool_alloc(w->soak->pools->pool[nr], gfp));
	if (!at) {
		w->nr_failed++;
		return NULL;
	}
	at[0] = nr << 30 | w->id << 24 | (w->serial++ & 0xffffff);
	at[1] = ~at[0];
	w->digest = w->digest * 31 + (u32)at;
	return at;
}

/* O1 of soak_objects.c holds here, too: no element that is put aside has a stamp. */
static void give_element(struct soak_worker *w, void *thing)
{
	u32 *at = thing;
	unsigned int nr = at[0] >> 30;

	if (at[1] != ~at[0] || nr >= NR_POOLS) {
		soak_fault(w, "overwritten; its first word", (unsigned long)at, at[0]);
		return;
	}
	at[1] = at[0];
	mempool_free(element_at(nr, at), w->soak->pools->pool[nr]);
}

/* ---- Now and then ---- */

/* A pool of one's own, all of it in use: who waits for an element would wait for himself. */
static void use_own_pool(struct soak_worker *w)
{
	mempool_t *pool = mempool_create_kmalloc_pool(ELEMENTS, KMALLOC_BYTES);
	void *element[ELEMENTS];

	if (!pool)
		return;
	soak_did(w, 2 * ELEMENTS);
	for (unsigned int i = 0; i < ELEMENTS; i++)
		element[i] = mempool_alloc(pool, GFP_KERNEL);
	for (unsigned int i = 0; i < ELEMENTS; i++)
		mempool_free(element[i], pool);
	if (!mempool_check(pool))
		soak_fault(w, "is not in order", (unsigned long)pool, 0);
	mempool_destroy(pool);
}

/* The sizes are the first worker's: two may not change them at once. */
static void do_as_thread(struct soak_worker *w, u32 dice)
{
	struct soak_pools *pools = w->soak->pools;

	if (!one_in(dice, w->soak->style->map_every) || !soak_has_memory(w))
		return;
	if (w != w->soak->workers)
		use_own_pool(w);
	else if (mempool_resize(pools->pool[dice >> 16 & 1 ? OF_CACHE : OF_PAGES],
				1 + (int)soak_below(dice, RESIZE_MAX), GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN))
		w->nr_failed++;
}

/* ---- What is held ---- */

/* What is not taken is put aside, and was there when the soak began: what matters is how many there are. */
static void add_element(const struct soak *soak, const void *thing, struct soak_use *use)
{
	unsigned int nr = *(const u32 *)thing >> 30;

	(void)soak;
	if (nr == OF_PAGES)
		use->pages += 1 << PAGES_ORDER;
	else
		use->objects++;
}

static void add_put_aside(const struct soak *soak, struct soak_use *use)
{
	const struct soak_pools *pools = soak->pools;

	use->objects += pools->pool[OF_CACHE]->curr_nr + pools->pool[OF_KMALLOC]->curr_nr - 2 * ELEMENTS;
	use->pages += (pools->pool[OF_PAGES]->curr_nr - ELEMENTS) * (1 << PAGES_ORDER);
}

static bool check_pools(struct soak *soak)
{
	bool ok = true;

	for (unsigned int nr = 0; nr < NR_POOLS; nr++)
		ok &= mempool_check(soak->pools->pool[nr]);
	return ok;
}

/* ---- The kind ---- */

static bool prepare(struct soak *soak)
{
	struct soak_pools *pools = kzalloc(sizeof(*pools), GFP_KERNEL);

	soak->pools = pools;
	if (!pools)
		return false;
	pools->cachep = kmem_cache_create("soak-pool", CACHE_BYTES, 0, 0, NULL);
	if (!pools->cachep)
		return false;
	pools->pool[OF_CACHE] = mempool_create_slab_pool(ELEMENTS, pools->cachep);
	pools->pool[OF_KMALLOC] = mempool_create_kmalloc_pool(ELEMENTS, KMALLOC_BYTES);
	pools->pool[OF_PAGES] = mempool_create_page_pool(ELEMENTS, PAGES_ORDER);
	return pools->pool[OF_CACHE] && pools->pool[OF_KMALLOC] && pools->pool[OF_PAGES];
}

static void finish(struct soak *soak)
{
	struct soak_pools *pools = soak->pools;

	if (!pools)
		return;
	for (unsigned int nr = 0; nr < NR_POOLS; nr++)
		mempool_destroy(pools->pool[nr]);
	if (pools->cachep)
		kmem_cache_destroy(pools->cachep);
	kfree(pools);
}

const struct soak_kind soak_kind_pools = {
	.nr = SOAK_POOLS,
	.name = "pools",
	.unit = "element",
	.prepare = prepare,
	.finish = finish,
	.take = take_element,
	.give = give_element,
	.do_as_thread = do_as_thread,
	.add_use = add_element,
	.add_own_use = add_put_aside,
	.check = check_pools,
};
