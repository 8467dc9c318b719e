/* SPDX-License-Identifier: MIT */
/*
 * Where lowmem ends and the vmalloc area begins.
 *
 *    PAGE_OFFSET                    high_memory         VMALLOC_START            VMALLOC_END
 *    |  lowmem: RAM, linear         |  at most 8 MiB    |  vmalloc, ioremap      |
 *    +------------------------------+-------------------+------------------------+
 *                     arm_lowmem_limit                    `vmalloc=` bytes, or more if RAM is small
 *                        (physical)
 *
 * The order at boot: early_vmalloc() reads `vmalloc=` and sets arm_lowmem_limit to the highest end
 * that lowmem may have; sanity_check_meminfo() divides the banks there, lowers it to the end that
 * lowmem does have, and sets high_memory. From then on VMALLOC_START is known.
 */
#ifndef ASM_LOWMEM_H
#define ASM_LOWMEM_H

#include <asm/memory.h>
#include <lib/math.h>
#include <lib/types.h>

/* Bounds of `vmalloc=`: Linux's. At most so much that 32 MiB are left for lowmem. */
#define VMALLOC_SIZE_MIN	((unsigned long)SZ_16M)
#define LOWMEM_SIZE_MIN		(2 * (unsigned long)SZ_16M)
#define VMALLOC_SIZE_MAX	(VMALLOC_END - PAGE_OFFSET - VMALLOC_OFFSET - LOWMEM_SIZE_MIN)

/*
 * The end of lowmem, physical; the address behind its last byte, virtual, NULL until it is known
 * (<mm/mm.h>).
 */
extern phys_addr_t arm_lowmem_limit;
extern void *high_memory;

/* What `vmalloc=' asked for, or the default: bytes that the vmalloc area has at least. */
extern unsigned long vmalloc_reserve;
#define VMALLOC_RESERVE	vmalloc_reserve

#define VMALLOC_START \
	(((unsigned long)high_memory + VMALLOC_OFFSET) & ~(VMALLOC_OFFSET - 1))

/**
 * lowmem_limit_for - the highest end of lowmem that leaves room for a vmalloc area
 * @vmalloc_bytes: size of the area; one that cannot be had is replaced by the nearest that can,
 *                 after a message
 *
 * Return: a physical address, a multiple of 2 MiB.
 */
phys_addr_t lowmem_limit_for(unsigned long long vmalloc_bytes);

/* Is @addr an address of the linear mapping? Not: is there RAM. */
static inline bool is_lowmem_addr(unsigned long addr)
{
	return addr >= PAGE_OFFSET && addr < (unsigned long)high_memory;
}

/* Is @phys below the end of lowmem? Not: is there RAM. */
static inline bool is_lowmem_phys(phys_addr_t phys)
{
	return phys >= PHYS_OFFSET && phys < arm_lowmem_limit;
}

#endif
