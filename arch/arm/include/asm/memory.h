/* SPDX-License-Identifier: MIT */
/*
 * The address map: where RAM lies, where the kernel sees it, and the way between the two.
 *
 *    0xffff0000             exception vectors (read-only, one page)
 *    0xfff00000-0xfffe0000  fixmap
 *    0xff800000-0xffc00000  stacks of threads, each with a guard page
 *    0xff000000             VMALLOC_END; the board's static device mappings lie just below
 *    high_memory + 8 MiB    VMALLOC_START
 *    0xc0000000             PAGE_OFFSET: lowmem, linear. phys = virt - PAGE_OFFSET + PHYS_OFFSET
 *    0xbfe00000             pkmap
 *    0xbf800000             modules (reserved)
 *    0xb6e00000             shadow of all that is above it, if SAN=kasan: asm/kasan.h
 *    0                      user
 */
#ifndef ASM_MEMORY_H
#define ASM_MEMORY_H

#include <asm/const.h>
#ifdef CONFIG_KASAN
#include <asm/kasan.h>
#endif

#define PHYS_OFFSET		UL(0x60000000)	/* first byte of RAM */
#define PHYS_LIMIT		UL(0xa0000000)	/* end of the window the board keeps for RAM: 1 GiB */
#define PAGE_OFFSET		UL(0xc0000000)
#ifdef CONFIG_KASAN
#define TASK_SIZE		KASAN_SHADOW_START
#else
#define TASK_SIZE		UL(0xbf000000)
#endif
#define MODULES_VADDR		UL(0xbf800000)
#define PKMAP_BASE		UL(0xbfe00000)
#define VMALLOC_END		UL(0xff000000)
#define VMALLOC_OFFSET		UL(0x00800000)	/* gap above lowmem: an overrun faults */
#define VMALLOC_SIZE_DEFAULT	UL(0x0f000000)	/* 240 MiB; `vmalloc=` sets another */
/* What the boot stub's tables map of lowmem, at most: up to where a default vmalloc area begins. */
#define BOOT_LOWMEM_END		(VMALLOC_END - VMALLOC_SIZE_DEFAULT - VMALLOC_OFFSET)
#define THREAD_STACKS_START	UL(0xff800000)	/* 256 of 16 KiB: asm/stack.h */
#define THREAD_STACKS_END	UL(0xffc00000)
#define FIXADDR_START		UL(0xfff00000)
#define FIXADDR_END		UL(0xfffe0000)
#define CONFIG_VECTORS_BASE	UL(0xffff0000)

/* The image lies 64 KiB into RAM, where QEMU puts a flat binary. */
#define TEXT_OFFSET		UL(0x00010000)
#define KERNEL_RAM_VADDR	(PAGE_OFFSET + TEXT_OFFSET)

/* The initial level-1 table: 4096 entries of 4 bytes, right below the image. */
#define SWAPPER_PG_DIR_SIZE	UL(0x4000)
#define SWAPPER_PG_DIR		(KERNEL_RAM_VADDR - SWAPPER_PG_DIR_SIZE)

#ifndef __ASSEMBLER__
#include <lib/types.h>

/* The physical address of the byte of lowmem at @virt, and back. No check: see virt_addr_valid(). */
static inline phys_addr_t __virt_to_phys(unsigned long virt)
{
	return virt - PAGE_OFFSET + PHYS_OFFSET;
}

/* The opposite, of @phys in lowmem. */
static inline unsigned long __phys_to_virt(phys_addr_t phys)
{
	return phys - PHYS_OFFSET + PAGE_OFFSET;
}

#define __pa(virt)		__virt_to_phys((unsigned long)(virt))
#define __va(phys)		((void *)__phys_to_virt((phys_addr_t)(phys)))

/* The physical address of @virt in lowmem, and the opposite, of @phys: virt_to_phys(), phys_to_virt(). */
static inline phys_addr_t virt_to_phys(const volatile void *virt)
{
	return __virt_to_phys((unsigned long)virt);
}

static inline void *phys_to_virt(phys_addr_t phys)
{
	return (void *)__phys_to_virt(phys);
}
#endif /* __ASSEMBLER__ */

#endif
