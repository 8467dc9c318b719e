/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: temporary mappings. High memory lies outside of the window that
 * shows RAM, in memory of its own (tests/host/kmap_local.c).
 */
#ifndef ASM_KMAP_LOCAL_H
#define ASM_KMAP_LOCAL_H

#include <asm/lowmem.h>
#include <asm/memory.h>
#include <lib/types.h>

static inline bool is_kmap_local_addr(const void *vaddr)
{
	return (unsigned long)vaddr < PAGE_OFFSET || vaddr >= high_memory;
}

#endif
