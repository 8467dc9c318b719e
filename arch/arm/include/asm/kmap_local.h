/* SPDX-License-Identifier: MIT */
/*
 * Temporary mappings: how deep they nest, and how their addresses are known. Part of the contract
 * with <mm/highmem.h>.
 */
#ifndef ASM_KMAP_LOCAL_H
#define ASM_KMAP_LOCAL_H

#include <asm/memory.h>
#include <kernel/bug.h>
#include <lib/types.h>

/* Those of a thread, and of the interrupts that come on top of it. */
#define KM_MAX_NESTING	16

/*
 * Debug builds leave a slot empty in front of each, and behind the last: who runs over the end of a
 * mapped page, or falls off its beginning, faults. Linux's CONFIG_DEBUG_KMAP_LOCAL.
 */
#if CONFIG_DEBUG_VM
#define KM_INCR		2
#define KM_MAX_IDX	(KM_MAX_NESTING * KM_INCR + 1)
#else
#define KM_INCR		1
#define KM_MAX_IDX	KM_MAX_NESTING
#endif

/* Of an address @vaddr that kmap_local_page() returned: is the page mapped for the moment, or lowmem? */
static inline bool is_kmap_local_addr(const void *vaddr)
{
	return (unsigned long)vaddr >= FIXADDR_START;
}

#endif
