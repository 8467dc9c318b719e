/* SPDX-License-Identifier: MIT */
/*
 * Where the shadow of memory lies, with SAN=kasan: one byte says which of 8 bytes may be used.
 *
 *    0xffffffff  +-----------------------+
 *                | lowmem, vmalloc, ...  |
 *    0xbf000000  +-----------------------+  KASAN_SHADOW_END = what has a shadow, from here on
 *                | shadow, 130 MiB       |  (address >> 3) + KASAN_SHADOW_OFFSET
 *    0xb6e00000  +-----------------------+  KASAN_SHADOW_START = TASK_SIZE
 *                | user                  |
 *              0 +-----------------------+
 *
 * It is taken from user space, of which the kernel has more than it needs: lowmem and the vmalloc area stay
 * as they are in any other build, so what is found here is so there. Linux on ARM does the same.
 */
#ifndef ASM_KASAN_H
#define ASM_KASAN_H

#include <asm/const.h>

#define KASAN_SHADOW_SCALE_SHIFT	3
#define KASAN_GRANULE_SIZE		(UL(1) << KASAN_SHADOW_SCALE_SHIFT)

/* The compiler is told the same: -fasan-shadow-offset in the Makefile. */
#define KASAN_SHADOW_OFFSET		UL(0x9f000000)
#define KASAN_SHADOW_END		UL(0xbf000000)
#define KASAN_SHADOW_START		UL(0xb6e00000)

#ifndef __ASSEMBLER__
#include <lib/types.h>

/* The byte about @addr, which is KASAN_SHADOW_END or more. */
static inline s8 *kasan_mem_to_shadow(unsigned long addr)
{
	return (s8 *)((addr >> KASAN_SHADOW_SCALE_SHIFT) + KASAN_SHADOW_OFFSET);
}

/* The first of the 8 bytes that @shadow is about. */
static inline unsigned long kasan_shadow_to_mem(const s8 *shadow)
{
	return ((unsigned long)shadow - KASAN_SHADOW_OFFSET) << KASAN_SHADOW_SCALE_SHIFT;
}

_Static_assert((KASAN_SHADOW_END >> KASAN_SHADOW_SCALE_SHIFT) + KASAN_SHADOW_OFFSET == KASAN_SHADOW_START &&
	       (UL(1) << (32 - KASAN_SHADOW_SCALE_SHIFT)) + KASAN_SHADOW_OFFSET == KASAN_SHADOW_END,
	       "the shadow is that of what lies above it");

#ifdef CONFIG_KASAN
/*
 * All of the shadow becomes one page of zeros: everything may be used. Context: the boot page table, no code that
 * is checked has run.
 */
void kasan_early_init(void);

/* Memory gets a shadow of its own. Context: paging_init(), lowmem is mapped and memblock's. */
void kasan_init(void);

/* Has @addr a shadow of its own, that can be written to? */
bool kasan_has_own_shadow(unsigned long addr);
#else
static inline void kasan_init(void)
{
}
#endif
#endif

#endif
