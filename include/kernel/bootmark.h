/* SPDX-License-Identifier: MIT */
/*
 * Milestones of booting, with the time at which each was passed: the board's 24 MHz counter, which starts
 * at reset. Under QEMU's -icount this is a count of instructions; `make bench` prints them.
 */
#ifndef KERNEL_BOOTMARK_H
#define KERNEL_BOOTMARK_H

#include <lib/types.h>

enum boot_mark {
	BOOT_ENTRY,		/* first instruction of the image */
	BOOT_MMU_ON,		/* first instruction at a virtual address */
	BOOT_START_KERNEL,
	BOOT_ARGUMENTS,		/* what the boot loader passed is understood */
	BOOT_MEMBLOCK,		/* memblock knows RAM and what is taken */
	BOOT_PAGING,		/* the final page tables are in use */
	BOOT_BOOTMEM,		/* bootmem is the owner of memory */
	BOOT_ZONES,		/* zones and mem_map stand */
	BOOT_MM_INIT,		/* mem_init() begins */
	BOOT_BUDDY,		/* the buddy system is the owner of memory */
	BOOT_SLAB_INIT,		/* kmem_cache_init() begins */
	BOOT_SLAB,		/* kmalloc() works */
	NR_BOOT_MARKS
};

extern u32 boot_marks[NR_BOOT_MARKS];

/* Note the time at which @mark was passed. Context: boot, once for each. */
void boot_mark(enum boot_mark mark);

#endif
