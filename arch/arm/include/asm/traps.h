/* SPDX-License-Identifier: MIT */
#ifndef ASM_TRAPS_H
#define ASM_TRAPS_H

/* Placeholder until the exception code lands: no vectors yet. */
static inline void early_trap_init(void *vectors_page)
{
	(void)vectors_page;
}

#endif
