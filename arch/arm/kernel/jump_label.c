// SPDX-License-Identifier: MIT
/*
 * Enabling a static key: each NOP of its becomes a branch.
 *
 *    __jump_table    code     target   key
 *                  | c001a2c4 c001a300 page_debug_key |     c001a2c4: nop   ->   b c001a300
 *                  | c001b018 c001b0c4 page_debug_key |     c001b018: nop   ->   b c001b0c4
 *
 * I1. What stands at an entry's code is the NOP that asm/jump_label.h put there, or the branch to
 *     its target: ARM instructions in ARM code, in Thumb code those of two halfwords.
 * I2. Every target is within reach of a branch: the text is smaller than 16 MiB.
 *
 * ARM's NOP and branch may be exchanged while another CPU executes them; of Thumb's this is not true
 * for two halfwords (ARM DDI 0406C A3.5.4). But here nobody else runs yet.
 */
#include <asm/cacheflush.h>
#include <asm/jump_label.h>
#include <asm/ptrace.h>
#include <kernel/bug.h>
#include <kernel/jump_label.h>
#include <kernel/sections.h>
#include <lib/bitops.h>
#include <mm/handoff.h>

/* ARM DDI 0406C A8.8.119 and A8.8.18, encodings A1, executed always. */
#define ARM_INSN_NOP		0xe320f000u
#define ARM_INSN_B		0xea000000u
#define ARM_B_OFFSET_MASK	0x00ffffffu
#define ARM_PC_AHEAD		8	/* what PC reads as is so far ahead of the instruction */
#define ARM_B_REACH		(32L << 20)

/* Encodings T2 and T4 of the same; the first halfword is the upper one. */
#define THUMB_INSN_NOP		0xf3af8000u
#define THUMB_INSN_B		0xf0009000u
#define THUMB_B_S		BIT(26)
#define THUMB_B_J1		BIT(13)
#define THUMB_B_J2		BIT(11)
#define THUMB_B_IMM10		0x3ffu		/* from bit 16 */
#define THUMB_B_IMM11		0x7ffu
#define THUMB_PC_AHEAD		4
#define THUMB_B_REACH		(16L << 20)

#define for_each_jump_entry(entry) \
	for ((entry) = __start___jump_table; (entry) < __stop___jump_table; (entry)++)

static bool is_thumb(const struct jump_entry *entry)
{
	return entry->code & THUMB_CODE;
}

static u32 nop_insn(const struct jump_entry *entry)
{
	return is_thumb(entry) ? THUMB_INSN_NOP : ARM_INSN_NOP;
}

/* Of a distance to @entry's target, in bytes, all that a branch can hold (I2). */
static u32 branch_offset(const struct jump_entry *entry, u32 pc_ahead, s32 reach)
{
	s32 offset = (s32)(entry->target - (entry->code & ~THUMB_CODE) - pc_ahead);

	BUG_ON(offset < -reach || offset >= reach, "%08x is too far from %08x", entry->target,
	       entry->code);
	return offset;
}

/* The bits J1 and J2 are the offset's bits 23 and 22, inverted if it is not negative. */
static u32 thumb_branch_insn(const struct jump_entry *entry)
{
	u32 offset = branch_offset(entry, THUMB_PC_AHEAD, THUMB_B_REACH);
	bool negative = (s32)offset < 0;
	u32 insn = THUMB_INSN_B | (offset >> 12 & THUMB_B_IMM10) << 16 | (offset >> 1 & THUMB_B_IMM11);

	if (negative)
		insn |= THUMB_B_S;
	if (!!(offset & BIT(23)) == negative)
		insn |= THUMB_B_J1;
	if (!!(offset & BIT(22)) == negative)
		insn |= THUMB_B_J2;
	return insn;
}

static u32 arm_branch_insn(const struct jump_entry *entry)
{
	u32 offset = branch_offset(entry, ARM_PC_AHEAD, ARM_B_REACH);

	return ARM_INSN_B | (offset >> 2 & ARM_B_OFFSET_MASK);
}

static u32 branch_insn(const struct jump_entry *entry)
{
	return is_thumb(entry) ? thumb_branch_insn(entry) : arm_branch_insn(entry);
}

/* By halfwords, since that is what Thumb code is aligned to. */
static u16 *insn_halves(const struct jump_entry *entry)
{
	return (u16 *)(entry->code & ~THUMB_CODE);
}

/* As the manual writes it, whichever half is the first in memory (A2.3.1, A6.1). */
static u32 read_insn(const struct jump_entry *entry)
{
	const u16 *half = insn_halves(entry);

	return is_thumb(entry) ? (u32)half[0] << 16 | half[1] : (u32)half[1] << 16 | half[0];
}

static void __init write_insn(const struct jump_entry *entry, u32 insn)
{
	volatile u16 *half = insn_halves(entry);
	unsigned long start = (unsigned long)half;

	half[is_thumb(entry) ? 0 : 1] = insn >> 16;
	half[is_thumb(entry) ? 1 : 0] = insn;
	flush_icache_range(start, start + sizeof(insn));
}

static void __init enable_entry(const struct jump_entry *entry)
{
	u32 insn = read_insn(entry);

	BUG_ON(insn != nop_insn(entry), "%pS is no NOP but %08x", (void *)entry->code, insn);
	write_insn(entry, branch_insn(entry));
}

void __init static_branch_enable(struct static_key *key)
{
	const struct jump_entry *entry;

	BUG_ON(mm_stage != MM_MEMBLOCK, "too late: the text at %p is read-only", (void *)_stext);
	if (key->enabled)
		return;
	for_each_jump_entry(entry)
		if (entry->key == key)
			enable_entry(entry);
	key->enabled = true;
}

void jump_label_check(void)
{
	const struct jump_entry *entry;

	for_each_jump_entry(entry) {
		u32 insn = read_insn(entry);
		u32 expected = entry->key->enabled ? branch_insn(entry) : nop_insn(entry);

		BUG_ON(insn != expected, "%pS is %08x, not %08x", (void *)entry->code, insn,
		       expected);
	}
}
