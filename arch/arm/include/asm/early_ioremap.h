/* SPDX-License-Identifier: MIT */
/*
 * Mappings of booting, from the moment there are slots for them (<asm/fixmap.h>) until ioremap()
 * and lowmem do it: of registers that must be read before paging_init(), of memory that is not
 * mapped yet. Linux's interface.
 */
#ifndef ASM_EARLY_IOREMAP_H
#define ASM_EARLY_IOREMAP_H

#include <lib/types.h>

/**
 * early_ioremap - map registers of a device for a moment
 * @phys: physical address, of any alignment
 * @size: bytes; the pages that they lie in are NR_FIX_BTMAPS at most
 *
 * Return: the address of the byte at @phys; NULL after a message that says why: RAM, nothing or too
 * much asked for, the range wraps, all slots taken. Context: one CPU, which is booting.
 */
void *early_ioremap(phys_addr_t phys, unsigned long size);

/* The same for memory: cached as lowmem is, and to be read only. Undone by early_memunmap(). */
void *early_memremap(phys_addr_t phys, unsigned long size);
void *early_memremap_ro(phys_addr_t phys, unsigned long size);

/**
 * early_iounmap, early_memunmap - undo a mapping
 * @addr: what early_ioremap() returned, or early_memremap()
 * @size: as it was asked for
 *
 * Another address, or another size, is named, and nothing changes.
 */
void early_iounmap(void *addr, unsigned long size);
void early_memunmap(void *addr, unsigned long size);

/*
 * Name the mappings that were never undone. Return: how many there are. Context: booting is over.
 */
int check_early_ioremap_leak(void);

#endif
