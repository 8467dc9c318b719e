/* SPDX-License-Identifier: MIT */
/*
 * Changing an instruction of the kernel's text, which is read-only. Names from Linux.
 */
#ifndef ASM_PATCH_H
#define ASM_PATCH_H

#include <lib/types.h>

/**
 * patch_text - replace an instruction while all other CPUs stand still
 * @addr: its address, in the kernel's text and not of an __init function; with bit 0 set a Thumb
 * 	instruction
 * @insn: the new one: four bytes; of Thumb two, or four if @insn is 0xe8000000 or more, then the
 * 	first
 *	  halfword is the upper one
 *
 * On return every CPU executes it. Context: thread that may wait, interrupts enabled:
 * stop_machine().
 * Return: 0; -EINVAL if @addr is none such. Differs from Linux, whose function returns nothing.
 */
int patch_text(void *addr, u32 insn);

/*
 * The same for who has stopped the machine already. Context: in stop_machine(). BUG if @addr is
 * wrong.
 */
void __patch_text(void *addr, u32 insn);

/* Is @addr, with bit 0 set or not, that of an instruction that can be patched? */
bool is_patchable(const void *addr);

/* The instruction at @addr, as patch_text() wants it. */
u32 read_insn_at(const void *addr);

/* Is a Thumb instruction, as patch_text() wants it, of four bytes (ARM DDI 0406C A6.1)? */
static inline bool is_wide_thumb(u32 insn)
{
	return insn >= 0xe8000000u;
}

#endif
