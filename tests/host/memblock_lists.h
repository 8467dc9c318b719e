/* SPDX-License-Identifier: MIT */
/*
 * What the tests of memblock share: addresses, and comparing a list whole.
 */
#ifndef MEMBLOCK_LISTS_H
#define MEMBLOCK_LISTS_H

#include "host.h"

#include <lib/container_of.h>
#include <mm/memblock.h>

#define M		(1u << 20)
#define K		(1u << 10)
#define TOP		0xffffffffu	/* the byte that no region can hold */
#define ANY		MAX_NUMNODES	/* the node of a region that was given none */
#define RAM		PHYS_OFFSET

/* Is @type, walked whole, these @nr regions? Fails the test of the file and line given if not. */
void check_list(const struct memblock_type *type, const struct memblock_region *want,
		unsigned long nr, const char *file, int line);

/* EXPECT_MEMORY({ base, size, flags, node }, ...) */
#define EXPECT_LIST(type, ...)							\
	do {									\
		const struct memblock_region want[] = { __VA_ARGS__ };		\
		check_list(type, want, ARRAY_SIZE(want), __FILE__, __LINE__);		\
	} while (0)
#define EXPECT_MEMORY(...)	EXPECT_LIST(&memblock.memory, __VA_ARGS__)
#define EXPECT_RESERVED(...)	EXPECT_LIST(&memblock.reserved, __VA_ARGS__)
#define EMPTY			{ 0, 0, 0, ANY }
#define NEVER_USED		{ 0, 0, 0, 0 }


/* @nr regions of one page each, with a page between them. */
void add_pages(int (*add)(phys_addr_t, phys_addr_t), phys_addr_t base, unsigned int nr);

#endif
