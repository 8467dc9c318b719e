/* SPDX-License-Identifier: MIT */
/* The host's side of the contract, as far as the prompt has it: there are no tables that hardware would walk. */
#ifndef ASM_PTDUMP_H
#define ASM_PTDUMP_H

void show_pte_walk(unsigned long addr);
void ptdump_walk(void);
void show_pgtable_check(void);

#endif
