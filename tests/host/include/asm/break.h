/* SPDX-License-Identifier: MIT */
/* The host's side of the contract, as far as the prompt has it: tests/host/shell_board.c says yes or no. */
#ifndef ASM_BREAK_H
#define ASM_BREAK_H

#include <lib/types.h>

int set_break(const void *addr, unsigned int lines);
int clear_break(unsigned int nr);
void show_breaks(void);

#endif
