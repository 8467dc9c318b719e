/* SPDX-License-Identifier: MIT */
/*
 * The caches of the soak of objects: of random sizes, alignments and flags, some with a constructor.
 * They stay for a round through all styles, and then make room for others.
 */
#ifndef SOAK_CACHES_H
#define SOAK_CACHES_H

#include <lib/types.h>
#include <mm/slab.h>
#include "soak.h"

#define SOAK_CACHES	8

struct soak_cache {
	struct kmem_cache *cachep;	/* NULL: there was no memory for it */
	unsigned int bytes, align;
	bool ctor;
};

struct soak_caches {
	struct soak_cache cache[SOAK_CACHES];
};

/* What an object has, at least, and what its constructor writes. */
#define SOAK_CTOR_WORDS	2

/* What the constructor wrote into word @i of @objp. */
static inline u32 soak_ctor_word(const void *objp, unsigned int i)
{
	return (u32)objp ^ (i ? 0xc0de0001u : 0x0c0de000u);
}

/* Write it again, as whoever frees an object must. */
void soak_construct(void *objp);

/**
 * soak_cache_create - make a cache for objects of some size
 * @cache: receives it
 * @name: of the cache
 * @random: of a generator, never 0
 *
 * Return: is there one? Context: thread.
 */
bool soak_cache_create(struct soak_cache *cache, const char *name, u32 *random);

/* Destroy it, if there is one. No object is in use. */
void soak_cache_destroy(struct soak_cache *cache);

/* Other caches for those that there are. Context: nobody works, nothing is held. */
void soak_caches_renew(struct soak *soak);

/* Destroy all. Context: the same. */
void soak_caches_destroy(struct soak *soak);

#endif
