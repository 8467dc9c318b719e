/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: where lowmem ends, and the vmalloc area is. A test decides.
 */
#ifndef ASM_LOWMEM_H
#define ASM_LOWMEM_H

#include <lib/types.h>

extern phys_addr_t arm_lowmem_limit;
extern void *high_memory;

/* Addresses of page tables only (asm/pgtable.h): the board's, to begin with. */
extern unsigned long host_vmalloc_start, host_vmalloc_end;
#define VMALLOC_START	host_vmalloc_start
#define VMALLOC_END	host_vmalloc_end
#define VMALLOC_OFFSET	0x00800000ul
#define VMALLOC_RESERVE	(VMALLOC_END - VMALLOC_START)

#endif
