/* SPDX-License-Identifier: MIT */
/*
 * The stations of boot that the architecture implements: arch/arm/mm/init.c and mmu.c.
 */
#ifndef MM_INIT_H
#define MM_INIT_H

/**
 * arm_memblock_init - make memblock the owner of memory
 *
 * Adds the banks of meminfo and reserves the image, the first page table and the initrd.
 * Context: setup_arch(), after sanity_check_meminfo().
 */
void arm_memblock_init(void);

/**
 * paging_init - the final page tables, then bootmem, zones and mem_map
 *
 * Context: setup_arch(), after arm_memblock_init(). Afterwards bootmem is the owner of memory.
 */
void paging_init(void);

/**
 * bootmem_init - hand memory from memblock to bootmem, and make zones and mem_map
 *
 * Context: the end of paging_init(): lowmem is mapped for good.
 */
void bootmem_init(void);

/**
 * mem_init - hand memory from bootmem to the buddy system
 *
 * Prints who has which memory, and BUGs if the sum of it is not what is present. Context: start_kernel().
 */
void mem_init(void);

/**
 * free_initmem - give the init sections to the buddy system
 *
 * Afterwards a call of an __init function faults. Context: after the last __init function.
 */
void free_initmem(void);

#endif
