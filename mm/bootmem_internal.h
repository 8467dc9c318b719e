/* SPDX-License-Identifier: MIT */
/*
 * What the two halves of bootmem share: mm/bootmem.c keeps the map, mm/bootmem_alloc.c searches it.
 */
#ifndef BOOTMEM_INTERNAL_H
#define BOOTMEM_INTERNAL_H

#include <kernel/printk.h>
#include <mm/bootmem.h>

/* Set by the boot parameter of this name. */
extern bool bootmem_debug;

/* A macro for the sake of __func__, by which Linux's messages begin. */
#define bdebug(fmt, ...)								\
	do {										\
		if (unlikely(bootmem_debug))						\
			printk(KERN_INFO "bootmem::%s " fmt, __func__, ##__VA_ARGS__);	\
	} while (0)

/* Number of a node, for messages; -1 for a node that a test brought along. */
int bdata_nid(const bootmem_data_t *bdata);

/**
 * __reserve - set the bits of a range
 * @bdata: node
 * @sidx: first bit
 * @eidx: end of the range, in the node
 * @flags: with BOOTMEM_EXCLUSIVE nothing changes if one of them is set already
 *
 * Return: 0, or -EBUSY.
 */
int __reserve(bootmem_data_t *bdata, unsigned long sidx, unsigned long eidx, int flags);

#endif
