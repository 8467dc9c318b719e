/* SPDX-License-Identifier: MIT */
/*
 * Page directories, several of them: arch/arm/mm/pgd.c. Part of the contract with mm/ are pgd_alloc()
 * and pgd_free().
 */
#ifndef ASM_PGD_H
#define ASM_PGD_H

#include <asm/pgtable.h>

struct mm_struct;

/* 4 pages, since TTBR0 wants a table of 16 KiB aligned to its size. */
#define PGD_ORDER	2
_Static_assert(PAGE_SIZE << PGD_ORDER == SWAPPER_PG_DIR_SIZE, "a page directory is a block");

/**
 * pgd_alloc - make a page directory
 * @mm: whose; gets it as ->pgd, and a place on the list of mms
 *
 * The user half is empty, the kernel's a copy of init_mm's. Return: it, or NULL if memory is short; as
 * Linux's. Context: thread that may sleep.
 */
pgd_t *pgd_alloc(struct mm_struct *mm);

/* Free @mm->pgd and take @mm off the list. Context: no CPU walks it; any. */
void pgd_free(struct mm_struct *mm);

/**
 * free_user_tables - empty the user half of a page directory and free its page tables
 * @mm: not init_mm
 *
 * What they mapped stays allocated. Context: no CPU walks it; thread.
 */
void free_user_tables(struct mm_struct *mm);

/**
 * set_kernel_pmds - change level-1 entries of the kernel's half that are not empty
 * @addr: what they map begins here; a multiple of 2 MiB
 * @pmds: their new values; all 0 empties them
 * @nr: how many, even
 *
 * In init_mm's page directory, and in all others as far as these have learnt of them. TLB maintenance,
 * and break-before-make where that is needed, are the caller's business. Context:
 * init_mm.page_table_lock is held, or all other CPUs stand still.
 */
void set_kernel_pmds(unsigned long addr, const pmd_t *pmds, unsigned int nr);

/* The same for the page directory of one mm: if it knows of any of the pair, it gets the new pair. */
void set_pmds_if_known(struct mm_struct *mm, unsigned long addr, const pmd_t *pmds, unsigned int nr);

/**
 * copy_kernel_pmd - what does init_mm say of an address that is not mapped here?
 * @addr: where this CPU had a translation fault at level 1
 *
 * Copies init_mm's entry into the page directory in use, if there is one (Linux: the end of
 * do_translation_fault()). Return: false if init_mm has none either. Context: any, with the exception of
 * code that holds init_mm.page_table_lock and touches what may not be there.
 */
bool copy_kernel_pmd(unsigned long addr);

/* How often that was so on @cpu. */
unsigned long nr_vmalloc_faults(unsigned int cpu);

#endif
