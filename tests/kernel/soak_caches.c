// SPDX-License-Identifier: MIT
/*
 * Caches at random, for the soak of objects. See soak_caches.h.
 *
 *    bytes   8 .. 16   16 .. 32   ...   4096 .. 8192        each as likely as any other
 *    align   0         8          ...   512
 */
#include <lib/vsprintf.h>
#include "soak_caches.h"

#define SIZE_DOUBLINGS	10	/* 8 bytes, doubled so often at most */
#define ALIGN_DOUBLINGS	7
#define LOOKED_AFTER_MAX 64	/* bytes, which are looked at one by one */
#define NAME_BYTES	16

void soak_construct(void *objp)
{
	u32 *word = objp;
	unsigned int i;

	for (i = 0; i < SOAK_CTOR_WORDS; i++)
		word[i] = soak_ctor_word(objp, i);
}

/* One in four is aligned to cache lines, and so on; one in four of small objects is looked after. */
static unsigned long random_flags(u32 dice, unsigned int bytes)
{
	unsigned long flags = dice % 4 ? 0 : SLAB_HWCACHE_ALIGN;

	if ((dice >> 2) % 4 == 0)
		flags |= SLAB_RECLAIM_ACCOUNT;
	if ((dice >> 6) % 2)
		flags |= SLAB_NO_MERGE;
	if (bytes > LOOKED_AFTER_MAX)
		return flags;
	if ((dice >> 4) % 4 == 0)
		flags |= SLAB_RED_ZONE | SLAB_POISON;
	if ((dice >> 4) % 8 == 0)
		flags |= SLAB_STORE_USER | SLAB_DEBUG_FREE;
	return flags;
}

bool soak_cache_create(struct soak_cache *cache, const char *name, u32 *random)
{
	u32 dice = soak_xorshift(random), size = 8u << (dice >> 8) % SIZE_DOUBLINGS;

	cache->bytes = size + (soak_xorshift(random) & (size - 1));
	cache->align = (dice >> 16) % 2 ? 8u << (dice >> 20) % ALIGN_DOUBLINGS : 0;
	cache->ctor = (dice >> 24) % 4 == 0;
	cache->cachep = kmem_cache_create(name, cache->bytes, cache->align, random_flags(dice, cache->bytes),
					  cache->ctor ? soak_construct : NULL);
	return cache->cachep;
}

void soak_cache_destroy(struct soak_cache *cache)
{
	kmem_cache_destroy(cache->cachep);
	cache->cachep = NULL;
}

void soak_caches_destroy(struct soak *soak)
{
	unsigned int i;

	for (i = 0; i < SOAK_CACHES; i++)
		soak_cache_destroy(&soak->caches->cache[i]);
}

void soak_caches_renew(struct soak *soak)
{
	char name[NAME_BYTES];
	unsigned int i;

	soak_caches_destroy(soak);
	for (i = 0; i < SOAK_CACHES; i++) {
		snprintf(name, sizeof(name), "soak-%u", i);
		soak_cache_create(&soak->caches->cache[i], name, &soak->workers[0].random);
	}
}
