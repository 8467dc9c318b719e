/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: where lowmem ends. A test decides.
 */
#ifndef ASM_LOWMEM_H
#define ASM_LOWMEM_H

#include <lib/types.h>

extern phys_addr_t arm_lowmem_limit;
extern void *high_memory;

#endif
