// SPDX-License-Identifier: MIT
/*
 * Enabling a static key: each NOP of its becomes a branch.
 *
 *    __jump_table    code     target   key
 *                  | c001a2c4 c001a300 page_debug_key |     c001a2c4: nop   ->   b c001a300
 *                  | c001b018 c001b0c4 page_debug_key |     c001b018: nop   ->   b c001b0c4
 *
 * I1. What stands at an entry's code is the NOP that asm/jump_label.h put there, or the branch to
 *     its target.
 * I2. Every target is within reach of a branch: the text is smaller than 32 MiB.
 *
 * A NOP and a branch may be exchanged while another CPU executes them (ARM DDI 0406C A3.5.4), but
 * here nobody else runs yet.
 */
#include <asm/cacheflush.h>
#include <asm/jump_label.h>
#include <kernel/bug.h>
#include <kernel/jump_label.h>
#include <kernel/sections.h>
#include <mm/handoff.h>

/* ARM DDI 0406C A8.8.119 and A8.8.18, encodings A1, executed always. */
#define ARM_INSN_NOP		0xe320f000u
#define ARM_INSN_B		0xea000000u
#define ARM_B_OFFSET_MASK	0x00ffffffu
#define ARM_PC_AHEAD		8	/* what PC reads as is so far ahead of the instruction */
#define ARM_B_REACH		(32L << 20)

#define for_each_jump_entry(entry) \
	for ((entry) = __start___jump_table; (entry) < __stop___jump_table; (entry)++)

static u32 branch_insn(u32 from, u32 to)
{
	long offset = (long)(to - from - ARM_PC_AHEAD);

	BUG_ON(offset < -ARM_B_REACH || offset >= ARM_B_REACH, "%08x is too far from %08x", to, from);
	return ARM_INSN_B | (((u32)offset >> 2) & ARM_B_OFFSET_MASK);
}

static void __init enable_entry(const struct jump_entry *entry)
{
	volatile u32 *insn = (volatile u32 *)entry->code;

	BUG_ON(*insn != ARM_INSN_NOP, "%pS is no NOP but %08x", (void *)entry->code, *insn);
	*insn = branch_insn(entry->code, entry->target);
	flush_icache_range(entry->code, entry->code + sizeof(*insn));
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
		u32 insn = *(const u32 *)entry->code;
		u32 expected = entry->key->enabled ? branch_insn(entry->code, entry->target)
						   : ARM_INSN_NOP;

		BUG_ON(insn != expected, "%pS is %08x, not %08x", (void *)entry->code, insn,
		       expected);
	}
}
