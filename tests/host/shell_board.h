/* SPDX-License-Identifier: MIT */
/*
 * The board as the prompt sees it: somebody types, and there are devices, functions and addresses.
 */
#ifndef SHELL_BOARD_H
#define SHELL_BOARD_H

#include "host.h"

/**
 * shell_type - let the prompt read what somebody types
 * @keys: what is typed, @nr characters
 *
 * Returns when all of it is read, in the middle of a line perhaps, and with it what it stands for done.
 */
void shell_type(const char *keys, size_t nr);

/* How often the prompt has shown itself. */
extern unsigned int shell_prompts;

#endif
