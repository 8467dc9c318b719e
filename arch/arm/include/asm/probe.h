/* SPDX-License-Identifier: MIT */
/*
 * One access that may fault; kernel/probe.h has the interface for everybody else.
 */
#ifndef ASM_PROBE_H
#define ASM_PROBE_H

#include <lib/types.h>

/* Copy one aligned word, or one byte, from @src to @dst. Return: 0, -EFAULT if the load or the store faults. */
int __probe_copy_word(void *dst, const void *src);
int __probe_copy_byte(void *dst, const void *src);

/*
 * One access of 8, 16 or 32 bits, which is the width that a device sees; @addr is a multiple of it. Of @value these
 * bits count, others are read as 0. Return: 0, -EFAULT if the access faults.
 */
int __probe_read_8(const volatile void *addr, u32 *value);
int __probe_read_16(const volatile void *addr, u32 *value);
int __probe_read_32(const volatile void *addr, u32 *value);
int __probe_write_8(volatile void *addr, u32 value);
int __probe_write_16(volatile void *addr, u32 value);
int __probe_write_32(volatile void *addr, u32 value);

#endif
