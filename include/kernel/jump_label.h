/* SPDX-License-Identifier: MIT */
/*
 * Static keys: conditions that are decided while booting and cost one instruction, a NOP, where
 * they are tested and false. Linux's names, as far as they go.
 *
 *    DEFINE_STATIC_KEY_FALSE(page_debug_key);
 *
 *    if (static_branch_unlikely(&page_debug_key))	// a NOP, until ...
 *            examine(page);
 *
 *    static_branch_enable(&page_debug_key);		// ... it becomes a branch to examine()
 *
 * Differs from Linux: keys begin false and are only ever enabled, by an early_param() handler. The
 * kernel's text is writable then, and one CPU runs.
 */
#ifndef KERNEL_JUMP_LABEL_H
#define KERNEL_JUMP_LABEL_H

#include <kernel/init.h>
#include <lib/compiler.h>
#include <lib/types.h>

struct static_key {
	bool enabled;
};

#define DEFINE_STATIC_KEY_FALSE(name)	struct static_key name = { .enabled = false }
#define DECLARE_STATIC_KEY_FALSE(name)	extern struct static_key name

#include <asm/jump_label.h>

/* Is the key enabled? For hot paths; @key is the address of a variable, known when linking. */
#define static_branch_unlikely(key)	unlikely(arch_static_branch(key))

/* The same from memory, for everybody else. */
static inline bool static_key_enabled(const struct static_key *key)
{
	return key->enabled;
}

/**
 * static_branch_enable - make a key true, wherever it is tested
 * @key: may be enabled already
 *
 * Context: early_param() handlers. BUG once the kernel's text is read-only.
 */
void __init static_branch_enable(struct static_key *key);

#endif
