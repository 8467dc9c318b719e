/* SPDX-License-Identifier: MIT */
/*
 * The NOP of a static key, and the table of them (see <kernel/jump_label.h>).
 */
#ifndef ASM_JUMP_LABEL_H
#define ASM_JUMP_LABEL_H

#include <lib/compiler.h>
#include <lib/types.h>

struct static_key;

/* One place where a key is tested: a NOP at @code that can become a branch to @target. */
struct jump_entry {
	u32 code;			/* + THUMB_CODE if both are Thumb instructions, of four bytes */
	u32 target;
	struct static_key *key;
};

/* Collected by the linker script. */
extern const struct jump_entry __start___jump_table[], __stop___jump_table[];

/* Walk the table; BUG if an instruction is not what its key says. Context: any. */
void jump_label_check(void);

#ifdef __thumb__
#define __STATIC_NOP		"nop.w"
#define __STATIC_NOP_STATE	"1"
#else
#define __STATIC_NOP		"nop"
#define __STATIC_NOP_STATE	"0"
#endif

/* Is the key enabled? Costs one instruction, and no access to memory, while it is not. */
static __always_inline bool arch_static_branch(struct static_key *const key)
{
	__asm__ goto(
	"1:	" __STATIC_NOP "			\n"
	"	.pushsection __jump_table, \"a\"	\n"
	"	.align	2				\n"
	"	.word	1b + " __STATIC_NOP_STATE "	\n"
	"	.word	%l[enabled], %c0		\n"
	"	.popsection				\n"
	: : "i"(key) : : enabled);
	return false;
enabled:
	return true;
}

#endif
