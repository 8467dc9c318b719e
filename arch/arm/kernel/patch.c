// SPDX-License-Identifier: MIT
/*
 * patch_text(): an instruction of the kernel's is replaced. After Linux's arch/arm/kernel/patch.c.
 *
 *    CPU 0  stop_machine() --> map --> store --> unmap --> clean, invalidate --> go
 *    others      interrupted, stopped ................................... exception return
 *
 *    text   0xc0012340   R X   the address that is executed          never writable
 *    slot   FIX_TEXT_POKE0     RW NX, the same page, for the store   never executable
 *
 * I4 and I5 of asm/pgtable-2level.h say that what is executable by one mapping is not writable by
 * another. This is the one exception, and these are its bounds:
 *
 * P1. The slot is set only here, while no other CPU executes anything but the loop of
 *     stop_machine(), and this one nothing but this file's code, interrupts masked. Nobody can look
 *     at the page tables meanwhile, or store through a stray pointer.
 * P2. When the others go on, the slot is clear, and out of every TLB.
 *
 * Most instructions cannot be replaced while somebody may execute them: B, BL, NOP, BKPT, SVC alone
 * are allowed for (ARM DDI 0406C A3.5.4), and only for one another. Any other is undefined to be
 * old or new, so here all stand still, always. Then the new one is made to be seen (B2.2.9):
 * cleaned to the point of unification, and the line invalidated in the instruction caches, both by
 * address and so on all CPUs; each of the others has a context synchronization when it returns from
 * its interrupt (A3.8.3).
 */
#include <asm/cacheflush.h>
#include <asm/fixmap.h>
#include <asm/irqflags.h>
#include <asm/patch.h>
#include <asm/ptrace.h>
#include <kernel/sections.h>
#include <kernel/stop_machine.h>
#include <lib/errno.h>
#include <mm/handoff.h>

static unsigned long code_addr(const void *addr)
{
	return (unsigned long)addr & ~THUMB_CODE;
}

static bool is_thumb_code(const void *addr)
{
	return (unsigned long)addr & THUMB_CODE;
}

bool is_patchable(const void *addr)
{
	unsigned long code = code_addr(addr);

	return code >= (unsigned long)_stext && code < (unsigned long)__inittext_begin &&
	       IS_ALIGNED(code, is_thumb_code(addr) ? sizeof(u16) : sizeof(u32));
}

u32 read_insn_at(const void *addr)
{
	const u16 *half = (const u16 *)code_addr(addr);

	if (!is_thumb_code(addr))
		return *(const u32 *)half;
	return is_wide_thumb((u32)half[0] << 16) ? (u32)half[0] << 16 | half[1] : half[0];
}

/*
 * Through the slot: a word of ARM code, at once, for it may be of those functions that are called here; of
 * Thumb code a halfword, as an instruction of four bytes may lie in two pages.
 */
static void poke(unsigned long addr, u32 value, size_t size)
{
	unsigned long alias = set_fixmap_offset(FIX_TEXT_POKE0, __pa(addr));

	if (size == sizeof(u32))
		WRITE_ONCE(*(u32 *)alias, value);
	else
		WRITE_ONCE(*(u16 *)alias, value);
	clear_fixmap(FIX_TEXT_POKE0);
}

void __patch_text(void *addr, u32 insn)
{
	unsigned long code = code_addr(addr);
	bool wide = !is_thumb_code(addr) || is_wide_thumb(insn);

	BUG_ON(!is_patchable(addr), "%p is no instruction of the kernel's", addr);
	BUG_ON(!irqs_disabled(), "who stopped the machine?");
	if (!is_thumb_code(addr)) {
		poke(code, insn, sizeof(u32));
	} else if (wide) {
		poke(code, insn >> 16, sizeof(u16));
		poke(code + sizeof(u16), insn, sizeof(u16));
	} else {
		poke(code, insn, sizeof(u16));
	}
	flush_icache_range(code, code + (wide ? sizeof(u32) : sizeof(u16)));
}

struct patch {
	void *addr;
	u32 insn;
};

static int patch_stopped(void *data)
{
	const struct patch *patch = data;

	__patch_text(patch->addr, patch->insn);
	return 0;
}

int patch_text(void *addr, u32 insn)
{
	struct patch patch = { addr, insn };

	if (!is_patchable(addr))
		return -EINVAL;
	return stop_machine(patch_stopped, &patch);
}
