/* SPDX-License-Identifier: MIT */
/*
 * The initial ramdisk: a block of bytes that the boot loader put into RAM, kept for a later user.
 *
 *    ATAG_INITRD2 --------+
 *                         +--> phys_initrd_start, _size --> reserved --> initrd_start, initrd_end
 *    initrd=START,SIZE  --+         (believed)              (checked)
 */
#ifndef BOOT_INITRD_H
#define BOOT_INITRD_H

#include <lib/types.h>

/* Where the boot loader says that it is, in bytes; size 0 for none. */
extern phys_addr_t phys_initrd_start;
extern phys_addr_t phys_initrd_size;

/* Where it is: lowmem addresses, of its first byte and behind its last; both 0 for none. */
extern unsigned long initrd_start;
extern unsigned long initrd_end;

/**
 * set_phys_initrd - note where an initrd is said to be
 * @start: physical address
 * @size: in bytes; both are wider than an address, so that no sum of them wraps unnoticed
 *
 * A later call replaces an earlier one. Context: setup_arch(), before arm_memblock_init().
 * Return: 0; -EINVAL, after a message, if no such block can exist.
 */
int set_phys_initrd(u64 start, u64 size);

/**
 * arm_memblock_reserve_initrd - check the initrd against memory, and reserve its pages
 *
 * An initrd that is not wholly in lowmem, or that overlaps the kernel or anything else reserved, is
 * named and dropped: then initrd_start and initrd_end stay 0 and nothing is reserved.
 *
 * Context: arm_memblock_init(), after the banks are added and the kernel is reserved.
 * Linux: arm_initrd_init(), arch/arm/mm/init.c of 6.1.
 */
void arm_memblock_reserve_initrd(void);

#endif
