/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: an address space is nothing to the host's MMU.
 */
#ifndef ASM_MMU_H
#define ASM_MMU_H

#include <lib/types.h>

typedef struct {
	u64 id;
} mm_context_t;

#endif
