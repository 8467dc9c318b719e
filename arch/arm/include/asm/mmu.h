/* SPDX-License-Identifier: MIT */
/*
 * The stations of paging_init() (<mm/init.h>) that other files hold.
 */
#ifndef ASM_MMU_H
#define ASM_MMU_H

#include <asm/pgtable-2level.h>
#include <lib/types.h>

/*
 * Map lowmem anew: sections where it can be, pages for the image and ragged ends
 * (arch/arm/mm/map_lowmem.c).
 */
void map_lowmem(void);

/* The board's device windows (arch/arm/vexpress/map_io.c). */
void vexpress_map_io(void);

/* The board's devices into iomem_resource (arch/arm/vexpress/resources.c). */
void vexpress_request_resources(void);

/**
 * replace_pmd - give 2 MiB of lowmem a page table while they are in use
 * @pmdp: first of the pair of entries, in swapper_pg_dir
 * @first: the new first entry, to a table that is filled; the second follows from it
 *
 * Safe for the very memory that the kernel runs in. Context: interrupts off, one CPU running.
 * How, and why it is not a plain store: arch/arm/mm/replace_pmd.c.
 */
void replace_pmd(pmd_t *pmdp, pmd_t first);

#endif
