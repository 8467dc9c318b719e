// SPDX-License-Identifier: MIT
/*
 * The unwinder: from a function's registers to its caller's, by the tables that the compiler leaves
 * (ARM IHI 0038; section numbers below are that document's).
 *
 *    .ARM.exidx, sorted by address                       .ARM.extab
 *    +--------------------+---------------------------+
 *    | function (prel31)  | 1: cannot be unwound      |
 *    | function (prel31)  | 80 b0 b1 b2: instructions |
 *    | function (prel31)  | prel31 ------------------------> 81 n b0 b1 | b2 b3 b4 b5 | ... n words
 *    +--------------------+---------------------------+
 *
 * The instructions say how to undo the function's prologue: move vsp, pop registers. They are
 * bytes, the most significant of a word first.
 *
 *    push {r4, lr}; sub sp, #8     ->    01: vsp += 8;  a8: pop {r4, r14};  b0: finish
 *
 * An exception handler's entry says that all sixteen registers are to be popped from the struct
 * pt_regs that r4 points to (entry.S), so a backtrace crosses from the handler to the code it
 * interrupted like any call.
 *
 * I1. Only stack between frame->low and frame->high is read, whatever the registers hold.
 * I2. Each step moves up: vsp increases, as a caller has its return address on the stack. Only a
 *     function that was interrupted may have nothing there, and only an exception's frame leads to
 *     another stack.
 * I3. vrs[PC] has THUMB_CODE set if its function is of Thumb instructions: a return address has it by
 *     nature, interrupted code by its CPSR.
 */
#include <asm/ptrace.h>
#include <asm/stack.h>
#include <asm/unwind.h>
#include <kernel/bug.h>
#include <kernel/kallsyms.h>
#include <kernel/sections.h>
#include <lib/bitops.h>
#include <lib/math.h>

#define EXIDX_CANTUNWIND	1
#define EXIDX_INLINE		BIT(31)		/* instructions in the index entry itself */
#define EXTAB_COMPACT		BIT(31)		/* not a routine of some language's */
#define COMPACT_ROUTINE(word)	(((word) >> 24) & 0x7f)
#define COMPACT_WORDS(word)	(((word) >> 16) & 0xff)	/* further words, for routines 1 and 2 */

/* The forms of PUSH that save LR (ARM DDI 0406C A8.8.133): ARM's, of any condition, and Thumb's. */
#define STMDB_SP_LR		0x092d4000	/* STMDB sp!, {..., lr} */
#define STMDB_SP_LR_MASK	0x0fff4000
#define STR_LR_SP		0x052de000	/* STR lr, [sp, #-n]! */
#define STR_LR_SP_MASK		0x0ffff000
#define THUMB_PUSH_LR		0xb500		/* PUSH {..., lr} of r0-r7 */
#define THUMB_PUSH_LR_MASK	0xff00
#define THUMB_STMDB_SP_LR	0xe92d4000	/* PUSH.W; its first halfword is the upper one */
#define THUMB_STMDB_SP_LR_MASK	0xffff4000
#define THUMB_STR_LR_SP		0xf84ded00	/* STR.W lr, [sp, #-n]! */
#define THUMB_STR_LR_SP_MASK	0xffffff00

/* The first halfword of an instruction of two is at least this (A6.3). */
#define THUMB_LONG_INSN		0xe800

extern const struct unwind_idx __start_unwind_idx[], __stop_unwind_idx[];

/* 9.1: a 31-bit offset from the word's own place. */
static unsigned long prel31_to_addr(const u32 *ptr)
{
	s32 offset = (s32)(*ptr << 1) >> 1;

	return (unsigned long)ptr + offset;
}

static unsigned long function_of(const struct unwind_idx *idx)
{
	return prel31_to_addr(&idx->addr_offset) & ~THUMB_CODE;
}

static bool in_kernel_text(unsigned long addr)
{
	return addr >= (unsigned long)_stext && addr < (unsigned long)_etext;
}

/* Return: the entry of the function that @addr is in; NULL if that is none of the kernel's. */
static const struct unwind_idx *search_index(unsigned long addr)
{
	const struct unwind_idx *start = __start_unwind_idx, *stop = __stop_unwind_idx;

	if (!in_kernel_text(addr) || start == stop || addr < function_of(start))
		return NULL;
	/* function_of(start) <= addr < function_of(stop) */
	while (stop - start > 1) {
		const struct unwind_idx *mid = start + (stop - start) / 2;

		if (addr < function_of(mid))
			stop = mid;
		else
			start = mid;
	}
	return start;
}

/* ---- The instructions (10.3) ---- */

/* Return: the next byte, or -1 behind the last. */
static int unwind_get_byte(struct unwind_ctrl_block *ctrl)
{
	int byte;

	if (ctrl->entries <= 0)
		return -1;
	byte = (*ctrl->insn >> (ctrl->byte * BITS_PER_BYTE)) & 0xff;
	if (ctrl->byte == 0) {
		ctrl->insn++;
		ctrl->entries--;
		ctrl->byte = 3;
	} else {
		ctrl->byte--;
	}
	return byte;
}

static bool is_on_stack(const struct stackframe *frame, unsigned long vsp)
{
	return vsp >= frame->low && vsp < frame->high && vsp % sizeof(u32) == 0;
}

/* @vsp is behind all sixteen registers of interrupted code, where struct pt_regs has the CPSR (I3). */
static int pop_thumb_state(struct stackframe *frame, unsigned long vsp)
{
	if (!is_on_stack(frame, vsp))
		return -URC_FAILURE;
	if (*(const unsigned long *)vsp & PSR_T_BIT)
		frame->vrs[PC] |= THUMB_CODE;
	return URC_OK;
}

/* Pop the registers whose bits are set in @mask, the lowest from the lowest address. */
static int pop_registers(struct unwind_ctrl_block *ctrl, unsigned long mask)
{
	struct stackframe *frame = ctrl->frame;
	unsigned long vsp = frame->vrs[SP];

	ctrl->lr_popped |= !!(mask & BIT(LR));
	ctrl->pc_popped |= !!(mask & BIT(PC));
	ctrl->sp_popped |= !!(mask & BIT(SP));
	for (unsigned int reg = 0; reg < NR_VRS; reg++) {
		if (!(mask & BIT(reg)))
			continue;
		if (!is_on_stack(frame, vsp))
			return -URC_FAILURE;
		frame->vrs[reg] = *(const unsigned long *)vsp;
		vsp += sizeof(u32);
	}
	if (mask & BIT(SP))
		return pop_thumb_state(frame, vsp);
	frame->vrs[SP] = vsp;
	return URC_OK;
}

/* Registers that a C function never needs back, floating point, are stepped over. */
static int skip_stack(struct unwind_ctrl_block *ctrl, unsigned long bytes)
{
	ctrl->frame->vrs[SP] += bytes;
	return URC_OK;
}

/* 1000iiii iiiiiiii: pop under a mask of r4-r15; no bit at all means "refuse to unwind". */
static int exec_pop_mask(struct unwind_ctrl_block *ctrl, unsigned int insn)
{
	int low = unwind_get_byte(ctrl);
	unsigned long mask = ((insn & 0x0f) << 8) | (unsigned int)low;

	if (low < 0 || mask == 0)
		return -URC_FAILURE;
	return pop_registers(ctrl, mask << 4);
}

/* 1001nnnn: vsp = r[nnnn]; r13 and r15 are reserved. */
static int exec_set_vsp(struct unwind_ctrl_block *ctrl, unsigned int insn)
{
	unsigned int reg = insn & 0x0f;

	if (reg == SP || reg == PC)
		return -URC_FAILURE;
	ctrl->frame->vrs[SP] = ctrl->frame->vrs[reg];
	return URC_OK;
}

/* 1010Lnnn: pop r4 to r[4+nnn], with L r14 as well. */
static int exec_pop_range(struct unwind_ctrl_block *ctrl, unsigned int insn)
{
	unsigned long mask = GENMASK(4 + (insn & 7), 4);

	return pop_registers(ctrl, insn & 8 ? mask | BIT(LR) : mask);
}

/* 10110001 0000iiii: pop under a mask of r0-r3. */
static int exec_pop_low(struct unwind_ctrl_block *ctrl)
{
	int mask = unwind_get_byte(ctrl);

	if (mask <= 0 || mask > 0x0f)
		return -URC_FAILURE;
	return pop_registers(ctrl, mask);
}

/* 10110010 uleb128: vsp += 0x204 + (uleb128 << 2), for large frames. */
static int exec_add_large(struct unwind_ctrl_block *ctrl)
{
	unsigned long value = 0;
	unsigned int shift = 0;
	int byte;

	do {
		byte = unwind_get_byte(ctrl);
		if (byte < 0 || shift >= BITS_PER_LONG)
			return -URC_FAILURE;
		value |= (unsigned long)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	return skip_stack(ctrl, 0x204 + (value << 2));
}

/* Second byte sssscccc: cccc + 1 doubles, and @extra bytes (FSTMFDX stores a word more). */
static int exec_pop_vfp(struct unwind_ctrl_block *ctrl, unsigned long extra)
{
	int byte = unwind_get_byte(ctrl);

	if (byte < 0)
		return -URC_FAILURE;
	return skip_stack(ctrl, ((byte & 0x0f) + 1) * sizeof(u64) + extra);
}

/* 1011xxxx but for those above. */
static int exec_1011(struct unwind_ctrl_block *ctrl, unsigned int insn)
{
	switch (insn) {
	case 0xb0:					/* finish */
		ctrl->entries = 0;
		return URC_OK;
	case 0xb1:
		return exec_pop_low(ctrl);
	case 0xb2:
		return exec_add_large(ctrl);
	case 0xb3:
		return exec_pop_vfp(ctrl, sizeof(u32));
	case 0xb8 ... 0xbf:				/* D8 to D[8+nnn] by FSTMFDX */
		return skip_stack(ctrl, ((insn & 7) + 1) * sizeof(u64) + sizeof(u32));
	default:
		return -URC_FAILURE;
	}
}

static int unwind_exec_insn(struct unwind_ctrl_block *ctrl)
{
	unsigned int insn = unwind_get_byte(ctrl);

	switch (insn) {
	case 0x00 ... 0x3f:				/* vsp += (xxxxxx << 2) + 4 */
		return skip_stack(ctrl, ((insn & 0x3f) << 2) + 4);
	case 0x40 ... 0x7f:				/* vsp -= (xxxxxx << 2) + 4 */
		return skip_stack(ctrl, -(((insn & 0x3f) << 2) + 4));
	case 0x80 ... 0x8f:
		return exec_pop_mask(ctrl, insn);
	case 0x90 ... 0x9f:
		return exec_set_vsp(ctrl, insn);
	case 0xa0 ... 0xaf:
		return exec_pop_range(ctrl, insn);
	case 0xb0 ... 0xbf:
		return exec_1011(ctrl, insn);
	case 0xc8:					/* D[16+ssss] and up by VPUSH */
	case 0xc9:					/* D[ssss] and up by VPUSH */
		return exec_pop_vfp(ctrl, 0);
	case 0xd0 ... 0xd7:				/* D8 to D[8+nnn] by VPUSH */
		return skip_stack(ctrl, ((insn & 7) + 1) * sizeof(u64));
	default:					/* reserved, or Wireless MMX */
		return -URC_FAILURE;
	}
}

int unwind_exec_insns(struct unwind_ctrl_block *ctrl)
{
	while (ctrl->entries > 0) {
		int urc = unwind_exec_insn(ctrl);

		if (urc != URC_OK)
			return urc;
	}
	return URC_OK;
}

/* ---- One step up ---- */

/* Point @ctrl at the instructions of @idx (6, 10.2). Return: false if there are none to run. */
static bool find_insns(struct unwind_ctrl_block *ctrl, const struct unwind_idx *idx)
{
	unsigned long words_end;

	if (idx->insn == EXIDX_CANTUNWIND)
		return false;
	if (idx->insn & EXIDX_INLINE)
		ctrl->insn = &idx->insn;
	else
		ctrl->insn = (const u32 *)prel31_to_addr(&idx->insn);
	if ((char *)ctrl->insn < __start_rodata || (char *)ctrl->insn >= __end_rodata ||
	    !(*ctrl->insn & EXTAB_COMPACT))
		return false;

	switch (COMPACT_ROUTINE(*ctrl->insn)) {
	case 0:						/* three bytes in this word */
		ctrl->byte = 2;
		ctrl->entries = 1;
		break;
	case 1:						/* two bytes, and further words */
	case 2:
		ctrl->byte = 1;
		ctrl->entries = 1 + COMPACT_WORDS(*ctrl->insn);
		break;
	default:
		return false;
	}
	words_end = (unsigned long)(ctrl->insn + ctrl->entries);
	return words_end <= (unsigned long)__end_rodata;
}

/* A return address may lie behind the end of its function; the call before it does not. */
static unsigned long lookup_address(const struct stackframe *frame)
{
	unsigned long pc = frame->vrs[PC] & ~THUMB_CODE;

	return frame->exact ? pc : pc - 1;
}

static bool is_push_of_lr(u32 insn)
{
	return (insn & STMDB_SP_LR_MASK) == STMDB_SP_LR || (insn & STR_LR_SP_MASK) == STR_LR_SP;
}

static bool pushes_lr(const u32 *insn, const u32 *end)
{
	for (; insn < end; insn++)
		if (is_push_of_lr(*insn))
			return true;
	return false;
}

/* A push in one halfword, or in two of which @second is the other. */
static bool is_thumb_push_of_lr(u32 first, u32 second)
{
	u32 insn = first << 16 | second;

	return (first & THUMB_PUSH_LR_MASK) == THUMB_PUSH_LR ||
	       (insn & THUMB_STMDB_SP_LR_MASK) == THUMB_STMDB_SP_LR ||
	       (insn & THUMB_STR_LR_SP_MASK) == THUMB_STR_LR_SP;
}

static bool thumb_pushes_lr(const u16 *insn, const u16 *end)
{
	for (; insn < end; insn += insn[0] >= THUMB_LONG_INSN ? 2 : 1)
		if (is_thumb_push_of_lr(insn[0], insn[1]))
			return true;
	return false;
}

/* Is there a push of LR before @pc in its function? Branches are not followed. */
static bool lr_was_pushed(unsigned long pc)
{
	unsigned long size, offset, start, end = pc & ~THUMB_CODE;

	if (!kallsyms_lookup_size_offset(pc, &size, &offset))
		return true;
	start = end - offset;
	if (pc & THUMB_CODE)
		return thumb_pushes_lr((const u16 *)start, (const u16 *)end);
	if (!IS_ALIGNED(start | end, sizeof(u32)))
		return true;			/* Thumb code that is not run as such: anything may be there */
	return pushes_lr((const u32 *)start, (const u32 *)end);
}

/* Go up by LR: for a function that has made no frame. */
static void unwind_by_lr(struct stackframe *frame)
{
	frame->vrs[PC] = frame->vrs[LR];
	frame->exact = false;
}

/* Undo the prologue of the function that @frame is in. */
static int unwind_by_table(struct stackframe *frame)
{
	const struct unwind_idx *idx = search_index(lookup_address(frame));
	struct unwind_ctrl_block ctrl = { .frame = frame };
	struct stackframe as_it_was = *frame;
	int urc;

	if (!idx || !find_insns(&ctrl, idx))
		return -URC_FAILURE;
	urc = unwind_exec_insns(&ctrl);
	if (frame->exact && (ctrl.lr_popped || urc != URC_OK) &&
	    !lr_was_pushed(as_it_was.vrs[PC])) {
		*frame = as_it_was;
		unwind_by_lr(frame);
		return URC_OK;
	}
	if (urc != URC_OK)
		return urc;
	if (!ctrl.pc_popped)
		frame->vrs[PC] = frame->vrs[LR];
	frame->exact = ctrl.sp_popped;
	return URC_OK;
}

/* I2 */
static bool moves_up(const struct stackframe *frame, const struct stackframe *next)
{
	unsigned long from = frame->vrs[SP], to = next->vrs[SP];

	if (next->low != frame->low)
		return next->exact;
	return (frame->exact ? to >= from : to > from) && to <= next->high;
}

/*
 * @next is interrupted code: give it the limits of its own stack, if that is another one than the
 * handler @frame ran on. Return: false if it was on no stack at all.
 */
static bool to_interrupted_stack(struct stackframe *next, const struct stackframe *frame)
{
	unsigned long handler_low = 0, handler_high, low, high;

	stack_bounds(frame->vrs[SP], &handler_low, &handler_high);
	if (next->vrs[SP] >= next->low && next->vrs[SP] <= next->high)
		return true;
	if (!stack_bounds(next->vrs[SP], &low, &high) || low == handler_low)
		return false;
	next->low = low;
	next->high = high;
	return true;
}

int unwind_frame(struct stackframe *frame)
{
	struct stackframe next = *frame;

	if (frame->exact && !in_kernel_text(frame->vrs[PC]))
		unwind_by_lr(&next);
	else if (unwind_by_table(&next) != URC_OK)
		return -URC_FAILURE;

	if (next.exact ? !to_interrupted_stack(&next, frame) : !in_kernel_text(next.vrs[PC]))
		return -URC_FAILURE;
	if (!moves_up(frame, &next))
		return -URC_FAILURE;
	*frame = next;
	return URC_OK;
}

void unwind_check(void)
{
	for (const struct unwind_idx *idx = __start_unwind_idx + 1; idx < __stop_unwind_idx; idx++)
		BUG_ON(function_of(idx - 1) > function_of(idx), "%p before %p",
		       (void *)function_of(idx - 1), (void *)function_of(idx));
}
