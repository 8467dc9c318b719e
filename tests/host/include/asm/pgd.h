/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: page directories of mms. No test has made one yet.
 */
#ifndef ASM_PGD_H
#define ASM_PGD_H

#include <asm/pgtable.h>

pgd_t *pgd_alloc(struct mm_struct *mm);
void pgd_free(struct mm_struct *mm);
void free_user_tables(struct mm_struct *mm);

#endif
