/* SPDX-License-Identifier: MIT */
/* The host's side of the contract, as far as the prompt has it: nothing is anything. */
#ifndef ASM_WHATIS_H
#define ASM_WHATIS_H

void show_whatis(unsigned long addr);

#endif
