/* SPDX-License-Identifier: MIT */
/*
 * Who has which physical addresses: a tree of ranges, each inside its parent, with Linux's names
 * (include/linux/ioport.h, kernel/resource.c there). What it knows is what /proc/iomem shows:
 *
 *    10009000-10009fff : uart@9000
 *      10009000-10009fff : uart0
 *    60000000-9fffffff : System RAM
 *      60010000-6006afff : Kernel code
 *
 * The board tells which devices and which RAM there are; a driver claims what it uses.
 *
 * R1. A child lies inside its parent.
 * R2. Siblings ascend, and do not overlap.
 */
#ifndef KERNEL_RESOURCE_H
#define KERNEL_RESOURCE_H

#include <lib/types.h>

/* With Linux's values. */
#define IORESOURCE_MEM		0x00000200UL
#define IORESOURCE_SYSRAM	0x01000000UL	/* RAM that the page allocator manages, or a part of it */
#define IORESOURCE_BUSY		0x80000000UL	/* claimed by a driver, or by the kernel */
#define IORESOURCE_SYSTEM_RAM	(IORESOURCE_MEM | IORESOURCE_SYSRAM | IORESOURCE_BUSY)

struct resource {
	phys_addr_t start;
	phys_addr_t end;		/* the last byte */
	const char *name;
	unsigned long flags;
	struct resource *parent, *sibling, *child;	/* NULL until it is in a tree */
};

/* The bytes of it; 0 only for one of 4 GiB. */
static inline phys_addr_t resource_size(const struct resource *res)
{
	return res->end - res->start + 1;
}

/* All physical addresses. */
extern struct resource iomem_resource;

/**
 * request_resource - put a range into the tree
 * @root: the parent
 * @new: start, end, name and flags are set; it stays the caller's memory, for as long as it is in
 *
 * Context: any. Return: 0; -EINVAL if @new ends before it starts or does not lie in @root, -EBUSY if
 * it overlaps a child of @root.
 */
int request_resource(struct resource *root, struct resource *new);

/**
 * insert_resource - put a range where it belongs below @parent
 * @parent: where to begin
 * @new: as for request_resource()
 *
 * What contains it becomes its parent, what it contains its children; of two that are equal the new
 * one is outside. Return: 0; -EINVAL as above; -EBUSY if it overlaps a range, and neither contains
 * the other.
 */
int insert_resource(struct resource *parent, struct resource *new);

/**
 * release_resource - take a range out of the tree, with its children
 * @old: which
 *
 * Return: 0; -EINVAL if it is in no tree, after a message that names it.
 */
int release_resource(struct resource *old);

/**
 * resource_at - what is at an address?
 * @addr: physical
 *
 * Return: the innermost range of iomem_resource's tree that contains @addr; NULL if none does. It is
 * the caller's business that it is not released meanwhile. Context: any.
 */
const struct resource *resource_at(phys_addr_t addr);

/**
 * region_conflict - the first range that a range of addresses touches
 * @start, @end: first and last address
 * @flags: only ranges that have all of these
 *
 * Return: the outermost such range, NULL if there is none. After Linux's region_intersects().
 */
const struct resource *region_conflict(phys_addr_t start, phys_addr_t end, unsigned long flags);

/* The ranges, as /proc/iomem shows them. */
void show_iomem(void);

/* Walk a tree. Return: how often R1 or R2 does not hold, each after a message. */
int resource_check(const struct resource *root);

#endif
