/* SPDX-License-Identifier: MIT */
/*
 * Physical memory and device registers, one at a time: what /dev/mem and busybox's devmem give in
 * Linux.
 */
#ifndef KERNEL_DEVMEM_H
#define KERNEL_DEVMEM_H

#include <lib/types.h>

/**
 * devmem_read - read physical memory, or a device register
 * @phys: address, a multiple of the width
 * @bits: width of the access: 8, 16 or 32
 * @value: receives what was read
 *
 * RAM is read through the mapping that all others use, or one like it, a device as device memory, by
 * exactly one access. Context: thread.
 *
 * Return: 0; -EINVAL for another width or alignment; -ENXIO if iomem_resource has nothing there;
 * -ENOMEM if it cannot be mapped; -EFAULT if the bus refused.
 */
int devmem_read(phys_addr_t phys, unsigned int bits, u32 *value);

/* The same for a write of @value's lower bits. -EACCES if the kernel maps it read-only. */
int devmem_write(phys_addr_t phys, unsigned int bits, u32 value);

#endif
