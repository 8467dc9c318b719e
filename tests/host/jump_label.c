// SPDX-License-Identifier: MIT
/*
 * Enabling a static key on the host: see asm/jump_label.h of the host.
 */
#include <kernel/jump_label.h>

void static_branch_enable(struct static_key *key)
{
	key->enabled = true;
}
