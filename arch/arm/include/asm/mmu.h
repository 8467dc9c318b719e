/* SPDX-License-Identifier: MIT */
/*
 * What the MMU needs of an address space, and the stations of paging_init() (<mm/init.h>) that other
 * files hold.
 */
#ifndef ASM_MMU_H
#define ASM_MMU_H

#include <asm/pgtable-2level.h>
#include <lib/atomic.h>
#include <lib/types.h>

/* Of struct mm_struct: its ASID, and the generation that it was given in; 0: none yet (context.c). */
typedef struct {
	atomic64_t id;
} mm_context_t;

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

/* ---- Sections that become pages, and again sections: arch/arm/mm/split_section.c ---- */

/* The Linux entry of a section's first page, with all that the section allows. */
pte_t sect_to_pte(pmd_t sect);

/* The section @sect with what @pte, made of sect_to_pte()'s, allows. */
pmd_t change_sect(pmd_t sect, pte_t pte);

/**
 * split_sections - give 2 MiB of the kernel's a page table instead of sections
 * @addr: in them; what is there keeps being mapped as it was
 *
 * Other CPUs may be using it. Context: thread that may sleep, and calls other CPUs; nobody else changes
 * what is mapped there. Return: 0, also if there is a page table already; -ENOMEM; -EINVAL for a section
 * that pages cannot stand for. Then nothing is changed, but that a supersection may have become sections.
 */
int split_sections(unsigned long addr);

/*
 * The way back, if each MiB is uniform and split_sections() made the table. Return: was it merged?
 * Context: as split_sections().
 */
bool merge_sections(unsigned long addr);

/* For tests, in debug builds: how long to leave the mapping broken, so that who should stand still is seen. */
extern unsigned int broken_spins;

#endif
