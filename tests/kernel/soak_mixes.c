// SPDX-License-Identifier: MIT
/*
 * What is soaked, in which styles. The slower the operations of a style are, the smaller its share.
 */
#include <lib/string.h>
#include <mm/mmzone.h>
#include "soak.h"

const struct soak_kind *soak_kind(unsigned int nr)
{
	static const struct soak_kind *const kinds[NR_SOAK_KINDS] = {
		[SOAK_BLOCKS] = &soak_kind_blocks,
		[SOAK_OBJECTS] = &soak_kind_objects,
		[SOAK_AREAS] = &soak_kind_areas,
		[SOAK_KMAPS] = &soak_kind_kmaps,
		[SOAK_SPACES] = &soak_kind_spaces,
		[SOAK_POOLS] = &soak_kind_pools,
		[SOAK_CACHE] = &soak_kind_cache,
		[SOAK_ISOLATION] = &soak_kind_isolation,
	};

	return kinds[nr];
}

static const struct soak_style of_blocks[] = {
	{ .name = "blocks of all orders, small ones more often", .share = 8,
	  .nr_slots = SOAK_SLOTS / 2, .order_bits = 1u << (MAX_ORDER - 1), .drain_every = 2048 },
	{ .name = "single pages", .share = 16,
	  .nr_slots = SOAK_SLOTS, .order_bits = 1, .drain_every = 2048 },
	{ .name = "large blocks", .share = 1,
	  .nr_slots = SOAK_SLOTS / 16, .large = true, .drain_every = 1024 },
	{ .name = "many drains", .share = 2,
	  .nr_slots = SOAK_SLOTS / 4, .order_bits = 1u << 4, .drain_every = 16 },
	{ .name = "all memory", .share = 5,
	  .nr_slots = SOAK_SLOTS, .order_bits = 1u << (MAX_ORDER - 1), .drain_every = 4096 },
};

const struct soak_mix soak_mix_blocks = {
	.name = "blocks",
	.styles = of_blocks,
	.nr_styles = ARRAY_SIZE(of_blocks),
	.kinds = 1u << SOAK_BLOCKS,
	.first = SOAK_BLOCKS,
};

static const struct soak_style of_objects[] = {
	{ .name = "small objects", .share = 13, .nr_slots = SOAK_SLOTS, .doublings = 5,
	  .bulk_every = 64, .shrink_every = 4096, .cache_every = 8192 },
	{ .name = "all sizes", .share = 6, .nr_slots = SOAK_SLOTS / 2, .doublings = 11,
	  .bulk_every = 64, .shrink_every = 1024, .cache_every = 4096 },
	{ .name = "many at once", .share = 8, .nr_slots = SOAK_SLOTS / 4, .doublings = 8,
	  .bulk_every = 2, .shrink_every = 4096, .cache_every = 4096 },
	{ .name = "caches come and go", .share = 2, .nr_slots = SOAK_SLOTS / 4, .doublings = 8,
	  .bulk_every = 64, .shrink_every = 128, .cache_every = 128 },
	{ .name = "all memory", .share = 3, .nr_slots = SOAK_SLOTS, .doublings = 14,
	  .bulk_every = 64, .shrink_every = 4096 },
};

const struct soak_mix soak_mix_objects = {
	.name = "objects",
	.styles = of_objects,
	.nr_styles = ARRAY_SIZE(of_objects),
	.kinds = 1u << SOAK_OBJECTS,
	.first = SOAK_OBJECTS,
};

/* How much of each: in SOAK_WEIGHTS; the rest is blocks. */
#define A_BIT_OF_ALL \
	{ [SOAK_OBJECTS] = 26, [SOAK_AREAS] = 5, [SOAK_KMAPS] = 5, [SOAK_SPACES] = 2, [SOAK_POOLS] = 8 }
#define ADDRESSES \
	{ [SOAK_OBJECTS] = 8, [SOAK_AREAS] = 24, [SOAK_KMAPS] = 12, [SOAK_SPACES] = 8, [SOAK_POOLS] = 4 }

static const struct soak_style of_all[] = {
	{ .name = "everything", .share = 12, .weight = A_BIT_OF_ALL, .nr_slots = SOAK_SLOTS / 2,
	  .order_bits = 1u << 6, .drain_every = 2048, .doublings = 9, .bulk_every = 128, .shrink_every = 4096,
	  .cache_every = 8192, .look_every = 64, .map_every = 2048, .fill_every = 256, .isolate_every = 1024 },
	{ .name = "addresses", .share = 6, .weight = ADDRESSES, .nr_slots = SOAK_SLOTS / 4,
	  .order_bits = 1u << 4, .drain_every = 2048, .doublings = 8, .bulk_every = 256, .shrink_every = 4096,
	  .look_every = 16, .map_every = 512, .fill_every = 512 },
	{ .name = "comings and goings", .share = 4, .weight = A_BIT_OF_ALL, .nr_slots = SOAK_SLOTS / 8,
	  .pause_every = 2048, .order_bits = 1u << (MAX_ORDER - 1), .drain_every = 64, .doublings = 11,
	  .bulk_every = 32, .shrink_every = 512, .cache_every = 512, .look_every = 32, .map_every = 512,
	  .fill_every = 64, .isolate_every = 256 },
	{ .name = "all memory", .share = 10, .weight = A_BIT_OF_ALL, .nr_slots = SOAK_SLOTS,
	  .order_bits = 1u << (MAX_ORDER - 1), .drain_every = 4096, .doublings = 13, .bulk_every = 64,
	  .shrink_every = 4096, .look_every = 64, .map_every = 4096, .fill_every = 16, .isolate_every = 1024 },
};

const struct soak_mix soak_mix_all = {
	.name = "things",
	.styles = of_all,
	.nr_styles = ARRAY_SIZE(of_all),
	.kinds = (1u << NR_SOAK_KINDS) - 1,
	.first = SOAK_BLOCKS,
};

const struct soak_mix *soak_find_mix(const char *name)
{
	if (strcmp(name, "pages") == 0)
		return &soak_mix_blocks;
	if (strcmp(name, "objects") == 0)
		return &soak_mix_objects;
	return strcmp(name, "all") == 0 ? &soak_mix_all : NULL;
}
