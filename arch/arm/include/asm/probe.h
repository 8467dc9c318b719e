/* SPDX-License-Identifier: MIT */
/*
 * One access that may fault; kernel/probe.h has the interface for everybody else.
 */
#ifndef ASM_PROBE_H
#define ASM_PROBE_H

/* Copy one aligned word, or one byte. Return: 0, -EFAULT if the load or the store faults. */
int __probe_copy_word(void *dst, const void *src);
int __probe_copy_byte(void *dst, const void *src);

#endif
