/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: cache lines. The board's size, so that layouts and
 * default alignments are the same in both builds.
 */
#ifndef ASM_CACHE_H
#define ASM_CACHE_H

#define L1_CACHE_SHIFT	5
#define L1_CACHE_BYTES	(1 << L1_CACHE_SHIFT)
#define SMP_CACHE_BYTES	L1_CACHE_BYTES

#define ____cacheline_aligned	__attribute__((aligned(L1_CACHE_BYTES)))

#endif
