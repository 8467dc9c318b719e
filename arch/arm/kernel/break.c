// SPDX-License-Identifier: MIT
/*
 * Breakpoints: an undefined instruction stands where the original one was, which runs elsewhere.
 *
 *    function:  UDF #BREAK  --hit-->  handler: count, print    break_slots[nr]:  the original instruction
 *               next        <------------------------------------------------    UDF #STEP --> handler
 *
 * From the hit to the STEP interrupts are masked on that CPU. So no CPU is amid that when all
 * others stand still, and a breakpoint can be set and taken away, and its slot be used again
 * (stop_machine(), patch_text()).
 *
 * B1. breaks[nr].addr is NULL; or BREAK stands there, and the instruction that was there in the
 *     slot, with STEP behind it. It changes only while the machine stands still.
 * B2. The instruction does the same in its slot as at its place: it neither reads nor writes the
 *     PC, does not ask whether interrupts are masked, and is in no IT block. Only the load of a
 *     constant that lies behind the function, with which many begin, may be about the PC: the
 *     handler does it itself.
 * B3. Nothing that the handler needs before it knows what was hit can have a breakpoint: that is in
 *     .exception.text. What it calls to print can: such a hit is counted, and not printed.
 */
#include <asm/break.h>
#include <asm/extable.h>
#include <asm/patch.h>
#include <kernel/kallsyms.h>
#include <kernel/mutex.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/sections.h>
#include <kernel/stop_machine.h>
#include <lib/bitops.h>
#include <lib/errno.h>
#include <lib/math.h>

#define __in_exception	__section(".exception.text")

#define SLOT_SIZE	8

/* UDF (ARM DDI 0406C A8.8.247), with numbers of ours. */
#define ARM_BREAK	0xe7f0b1f0
#define ARM_STEP	0xe7f0b1f1
#define THUMB_BREAK	0xdeb0
#define THUMB_STEP	0xdeb1

struct breakpoint {
	const void *addr;	/* B1; bit 0: Thumb */
	u32 insn;		/* what was there */
	const u32 *literal;	/* if it only loads a constant, where that is; */
	unsigned int literal_rt;	/* and the register for it */
	atomic_t hits;
	unsigned int lines;	/* of which so many are printed */
};

static struct breakpoint breaks[NR_BREAKS];
static DEFINE_MUTEX(break_mutex);

extern u8 break_slots[NR_BREAKS * SLOT_SIZE];

/*
 * Between a hit and its STEP: were interrupts masked? A bit for each hit, the newest lowest: the instruction
 * in the slot may fault, as one does that touches what the page directory does not know yet, and what answers
 * that may be hit as well. And: is a hit being printed?
 */
static DEFINE_PER_CPU(u32, break_masked);
static DEFINE_PER_CPU(bool, break_printing);

static inline bool is_thumb(const void *addr)
{
	return (unsigned long)addr & THUMB_CODE;
}

static inline unsigned int insn_size(const void *addr, u32 insn)
{
	return !is_thumb(addr) || is_wide_thumb(insn) ? 4 : 2;
}

/* ---- Exceptions (B3) ---- */

static noinline void print_hit(const struct breakpoint *bp, const struct pt_regs *regs,
			       unsigned int hit)
{
	pr_info("break %u: %ps hit %u, CPU %u, %s (%d): r0 %08lx r1 %08lx r2 %08lx r3 %08lx, from %pS\n",
		(unsigned int)(bp - breaks), (void *)regs->ARM_pc, hit, raw_smp_processor_id(),
		current->comm, current->pid, regs->uregs[0], regs->uregs[1], regs->uregs[2],
		regs->uregs[3], (void *)regs->ARM_lr);
}

/* Count, print, and on at the original instruction, in its slot. */
static __in_exception void hit_break(struct breakpoint *bp, struct pt_regs *regs)
{
	bool *printing = this_cpu_ptr(&break_printing);
	unsigned int hit = atomic_add_return(1, &bp->hits);

	if (hit <= bp->lines && !*printing) {
		*printing = true;
		print_hit(bp, regs, hit);
		*printing = false;
	}
	if (bp->literal) {
		regs->uregs[bp->literal_rt] = *bp->literal;
		regs->ARM_pc += insn_size(bp->addr, bp->insn);
		return;
	}
	__this_cpu_write(break_masked, __this_cpu_read(break_masked) << 1 |
				       !!(regs->ARM_cpsr & PSR_I_BIT));
	regs->ARM_cpsr |= PSR_I_BIT;
	regs->ARM_pc = (unsigned long)&break_slots[(bp - breaks) * SLOT_SIZE];
}

/* On behind the breakpoint. */
static __in_exception void end_step(const struct breakpoint *bp, struct pt_regs *regs)
{
	u32 masked = __this_cpu_read(break_masked);

	__this_cpu_write(break_masked, masked >> 1);
	regs->ARM_pc = ((unsigned long)bp->addr & ~THUMB_CODE) + insn_size(bp->addr, bp->insn);
	regs->ARM_cpsr = (regs->ARM_cpsr & ~PSR_I_BIT) | (masked & 1 ? PSR_I_BIT : 0);
}

__in_exception bool break_exception(struct pt_regs *regs)
{
	unsigned long offset = regs->ARM_pc - (unsigned long)break_slots;
	unsigned long pc = regs->ARM_pc | (thumb_mode(regs) ? THUMB_CODE : 0);

	if (offset < sizeof(break_slots)) {
		end_step(&breaks[offset / SLOT_SIZE], regs);
		return true;
	}
	for (unsigned int nr = 0; nr < NR_BREAKS; nr++)
		if ((unsigned long)breaks[nr].addr == pc) {
			hit_break(&breaks[nr], regs);
			return true;
		}
	return false;
}

/* ---- May the instruction run elsewhere (B2)? ---- */

#define IS_PC(insn, shift)	(((insn) >> (shift) & 0xf) == 0xf)

/*
 * ARM DDI 0406C A5.1 and what follows. Some are refused that could: what counts is that none slips
 * through.
 */
static bool arm_can_step(u32 insn)
{
	u32 op = insn >> 25 & 7;
	bool immediate = op == 1 || op == 2;

	if (insn >> 28 == 0xf)
		return false;			/* unconditional: BLX, CPS, SETEND, ... */
	if ((insn & 0x0fb00000) == 0x03000000)
		return !IS_PC(insn, 12);	/* MOVW, MOVT */
	if ((insn & 0x0f900000) == 0x01000000)
		return false;			/* BX, MRS, BKPT, ...: miscellaneous, A5.2.12 */
	if (op == 4)				/* load, store multiple */
		return !IS_PC(insn, 16) && !(insn & 1 << 15);
	if (op >= 5)				/* branch; coprocessor: registers only, MRC, MCR */
		return (insn & 0x0f000010) == 0x0e000010 && !IS_PC(insn, 12);
	return !IS_PC(insn, 16) && !IS_PC(insn, 12) && (immediate || (!IS_PC(insn, 0) && !IS_PC(insn, 8)));
}

/* A6.2: sixteen bits. */
static bool narrow_can_step(u32 insn)
{
	if (insn < 0x4400)
		return true;			/* shift, add, move, compare; data processing */
	if (insn < 0x5000)
		return false;			/* about high registers, BX, LDR from the PC */
	if (insn < 0xa000)
		return true;			/* load, store */
	if (insn >= 0xa800 && insn < 0xb000)
		return true;			/* ADD from SP */
	return (insn & 0xff00) == 0xb000 ||	/* ADD, SUB of SP */
	       (insn & 0xfe00) == 0xb400 ||	/* PUSH */
	       (insn & 0xff00) == 0xb200;	/* SXTH, ... */
}

/* A6.3: thirty-two bits. */
static bool wide_can_step(u32 insn)
{
	if ((insn & 0xfe400000) == 0xe8000000)	/* load, store multiple */
		return !IS_PC(insn, 16) && !(insn & 1 << 15);
	if ((insn & 0xfbf08000) == 0xf2400000 || (insn & 0xfbf08000) == 0xf2c00000)
		return true;			/* MOVW, MOVT */
	if ((insn & 0xf8008000) == 0xf0008000)
		return false;			/* branches and miscellaneous control */
	if ((insn & 0xef000000) == 0xee000000)	/* MRC, MCR */
		return insn & 1 << 4 && !IS_PC(insn, 12);
	return (insn & 0xfe400000) != 0xe8400000 && !IS_PC(insn, 16) && !IS_PC(insn, 12) &&
	       !IS_PC(insn, 0);
}

/* Note the register and the place of the constant, if the instruction is LDR (literal), A8.8.64. */
static bool is_literal_load(struct breakpoint *bp)
{
	unsigned long code = (unsigned long)bp->addr & ~THUMB_CODE;
	u32 insn = bp->insn, offset = insn & 0xfff;
	bool up = insn & 1 << 23;

	bp->literal_rt = insn >> 12 & 0xf;
	if (is_thumb(bp->addr) && insn >> 11 == 9) {
		bp->literal_rt = insn >> 8 & 7;
		offset = (insn & 0xff) * sizeof(u32);
		up = true;
	} else if (is_thumb(bp->addr) ? (insn & 0xff7f0000) != 0xf85f0000 :
					(insn & 0xff7f0000) != 0xe51f0000) {
		return false;
	}
	code = ALIGN_DOWN(code + (is_thumb(bp->addr) ? 4 : 8), sizeof(u32));
	bp->literal = (const u32 *)(up ? code + offset : code - offset);
	return bp->literal_rt != 15 && is_patchable(bp->literal);
}

static bool can_step(const void *addr, u32 insn)
{
	if (!is_thumb(addr))
		return arm_can_step(insn);
	return is_wide_thumb(insn) ? wide_can_step(insn) : narrow_can_step(insn);
}

/*
 * Does an IT in front reach the instruction, if it is one (A8.8.54)? The condition goes with an instruction,
 * and would be asked for STEP as well.
 */
static bool may_be_in_it_block(const void *addr)
{
	const u16 *half = (const u16 *)((unsigned long)addr & ~THUMB_CODE);
	unsigned long size, offset;

	if (!is_thumb(addr) || !kallsyms_lookup_size_offset((unsigned long)half, &size, &offset))
		return false;
	for (unsigned int back = 1; back <= 7 && back <= offset / sizeof(*half); back++) {
		u32 mask = half[-(int)back] & 0xf;

		/* Up to 4 instructions, as many as the lowest bit that is set is from the left. */
		if (half[-(int)back] >> 8 == 0xbf && mask && back < 2 * (4 - __ffs(mask)))
			return true;
	}
	return false;
}

static bool handles_exceptions(unsigned long code)
{
	return code >= (unsigned long)__exception_text_start &&
	       code < (unsigned long)__exception_text_end;
}

/* Why there can be no breakpoint; NULL if there can: then @bp has all that is to be known. */
static const char *check_place(struct breakpoint *bp)
{
	const void *addr = bp->addr;
	unsigned long code = (unsigned long)addr & ~THUMB_CODE;

	if (!is_patchable(addr))
		return "no instruction of the kernel's";
	if (handles_exceptions(code) || code - (unsigned long)break_slots < sizeof(break_slots))
		return "it is part of what handles breakpoints";
	if (search_exception_tables(code))
		return "a fault of it is expected at its place";
	if (may_be_in_it_block(addr))
		return "it may depend on a condition";
	bp->insn = read_insn_at(addr);
	if (is_literal_load(bp))
		return NULL;
	bp->literal = NULL;
	return can_step(addr, bp->insn) ? NULL : "the instruction is about the PC, or the state";
}

/* ---- Setting and clearing; B1 ---- */

/* Context: the machine stands still. */
static int arm_break(void *data)
{
	struct breakpoint *bp = data;
	void *slot = &break_slots[(bp - breaks) * SLOT_SIZE];
	unsigned long thumb = is_thumb(bp->addr) ? THUMB_CODE : 0;

	__patch_text((u8 *)slot + thumb, bp->insn);
	__patch_text((u8 *)slot + insn_size(bp->addr, bp->insn) + thumb,
		     thumb ? THUMB_STEP : ARM_STEP);
	__patch_text((void *)bp->addr, thumb ? THUMB_BREAK : ARM_BREAK);
	return 0;
}

/*
 * The first halfword is what BREAK has overwritten; of a wide instruction the second is written
 * again.
 */
static int disarm_break(void *data)
{
	struct breakpoint *bp = data;

	__patch_text((void *)bp->addr, bp->insn);
	bp->addr = NULL;
	return 0;
}

static struct breakpoint *find_break(const void *addr)
{
	for (unsigned int nr = 0; nr < NR_BREAKS; nr++)
		if (breaks[nr].addr == addr)
			return &breaks[nr];
	return NULL;
}

static int refuse(const void *addr, const char *why, int error)
{
	pr_err("break: %pS: %s\n", addr, why);
	return error;
}

static int set_break_locked(const void *addr, unsigned int lines)
{
	struct breakpoint new = { .addr = addr, .lines = lines }, *bp = find_break(NULL);
	const char *why;

	if (addr && find_break(addr))
		return refuse(addr, "there is one", -EEXIST);
	if (!bp)
		return refuse(addr, "all breakpoints are set", -ENOSPC);
	why = check_place(&new);
	if (why)
		return refuse(addr, why, -EINVAL);
	*bp = new;
	stop_machine(arm_break, bp);
	return bp - breaks;
}

int set_break(const void *addr, unsigned int lines)
{
	int nr;

	mutex_lock(&break_mutex);
	nr = set_break_locked(addr, lines);
	mutex_unlock(&break_mutex);
	return nr;
}

int clear_break(unsigned int nr)
{
	int err = -ENOENT;

	mutex_lock(&break_mutex);
	if (nr < NR_BREAKS && breaks[nr].addr)
		err = stop_machine(disarm_break, &breaks[nr]);
	mutex_unlock(&break_mutex);
	return err;
}

unsigned int break_hits(unsigned int nr)
{
	return atomic_read(&breaks[nr].hits);
}

void show_breaks(void)
{
	for (unsigned int nr = 0; nr < NR_BREAKS; nr++)
		if (breaks[nr].addr)
			pr_info("break %u: %pS, hit %u times\n", nr, breaks[nr].addr,
				break_hits(nr));
}
