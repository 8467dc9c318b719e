/* SPDX-License-Identifier: MIT */
/* The host's side of the contract, as far as the prompt has it: there are no slots. */
#ifndef ASM_FIXMAP_H
#define ASM_FIXMAP_H

void show_fixmap(void);

#endif
