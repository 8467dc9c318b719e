/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: where "RAM" is. Physical addresses are the board's; the window of the
 * test program through which they are seen begins at PAGE_OFFSET, which is a variable here.
 *
 *    physical 0x60000000  PHYS_OFFSET  <->  virtual PAGE_OFFSET   (see host_ram_setup() in host.h)
 *
 * The way between the two is the board's arithmetic, modulo 2^32, so that other pieces of the
 * physical address space can be given memory as well: see host_ram_also().
 */
#ifndef ASM_MEMORY_H
#define ASM_MEMORY_H

#include <asm/const.h>
#include <lib/types.h>

#define PHYS_OFFSET	UL(0x60000000)
#define PHYS_LIMIT	UL(0xa0000000)
#define TASK_SIZE	UL(0xbf000000)	/* as the board; of addresses in the kernel's page table */

extern unsigned long host_page_offset;
#define PAGE_OFFSET	host_page_offset

/* As on the board: how far the boot stub maps lowmem, and the table it leaves in front of the image. */
#define BOOT_LOWMEM_END		(PAGE_OFFSET + UL(0x2f800000))
#define SWAPPER_PG_DIR_SIZE	UL(0x4000)

static inline phys_addr_t __virt_to_phys(unsigned long virt)
{
	return virt - PAGE_OFFSET + PHYS_OFFSET;
}

static inline unsigned long __phys_to_virt(phys_addr_t phys)
{
	return phys - PHYS_OFFSET + PAGE_OFFSET;
}

#define __pa(virt)	__virt_to_phys((unsigned long)(virt))
#define __va(phys)	((void *)__phys_to_virt((phys_addr_t)(phys)))

static inline phys_addr_t virt_to_phys(const volatile void *virt)
{
	return __virt_to_phys((unsigned long)virt);
}

static inline void *phys_to_virt(phys_addr_t phys)
{
	return (void *)__phys_to_virt(phys);
}

#endif
