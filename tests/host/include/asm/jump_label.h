/* SPDX-License-Identifier: MIT */
/*
 * Static keys of the host tests: variables. The code is never changed, so they can be enabled at any
 * time, and disabled.
 */
#ifndef ASM_JUMP_LABEL_H
#define ASM_JUMP_LABEL_H

#include <lib/types.h>

static inline bool arch_static_branch(const struct static_key *key)
{
	return key->enabled;
}

#endif
