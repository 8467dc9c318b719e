/* SPDX-License-Identifier: MIT */
/*
 * The Cortex-A9's cache lines have 32 bytes (Cortex-A9 TRM, DDI 0388, 7.1).
 */
#ifndef ASM_CACHE_H
#define ASM_CACHE_H

#define L1_CACHE_SHIFT	5
#define L1_CACHE_BYTES	(1 << L1_CACHE_SHIFT)
#define SMP_CACHE_BYTES	L1_CACHE_BYTES

#define ____cacheline_aligned	__attribute__((aligned(L1_CACHE_BYTES)))

#endif
