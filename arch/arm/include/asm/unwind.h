/* SPDX-License-Identifier: MIT */
/*
 * Unwinding by the tables that the compiler leaves (Exception Handling ABI for the Arm
 * Architecture, ARM IHI 0038). The names are Linux's (arch/arm/kernel/unwind.c there).
 */
#ifndef ASM_UNWIND_H
#define ASM_UNWIND_H

#include <lib/types.h>

/* Values of the ABI (ARM IHI 0038, 8.2). */
enum unwind_reason_code {
	URC_OK = 0,
	URC_CONTINUE_UNWIND = 8,
	URC_FAILURE = 9,
};

/* Index of a register in vrs[]. */
enum regs {
	FP = 11,
	SP = 13,
	LR = 14,
	PC = 15,
	NR_VRS = 16,
};

/*
 * One function's state on the way up the stack: the registers as they are for it ("virtual register
 * set"), and the limits of its stack. vrs[PC] has THUMB_CODE set in Thumb code, exact or not.
 */
struct stackframe {
	unsigned long vrs[NR_VRS];
	unsigned long low, high;	/* what may be read as stack: low <= address < high */
	bool exact;			/* interrupted there: vrs[PC] is not a return address */
};

/* An entry of the index: the function at @addr (prel31), and its instructions or where they are. */
struct unwind_idx {
	u32 addr_offset;
	u32 insn;
};

/* Where an unwinding instruction stream stands. */
struct unwind_ctrl_block {
	struct stackframe *frame;
	const u32 *insn;		/* the current word */
	int entries;			/* words left, the current one included */
	int byte;			/* next in it: from 3, the most significant, to 0 */
	bool lr_popped;			/* LR was on the stack */
	bool pc_popped;			/* the return address is not in LR */
	bool sp_popped;			/* the frame holds all of interrupted code's registers */
};

/**
 * unwind_frame - go up to the caller
 * @frame: a function's state; becomes its caller's
 *
 * Reads nothing but the stack between @frame->low and @frame->high, and the tables. When the frame
 * is an exception's, the limits become those of the interrupted code's stack.
 *
 * The tables describe a function behind its prologue. Interrupted before LR was pushed, a function
 * is unwound by LR; interrupted between there and the end of its prologue, or in its epilogue, it
 * may be unwound wrongly, as in Linux.
 *
 * Return: URC_OK, or -URC_FAILURE at the end of the call chain or when anything is wrong. Context:
 * any.
 */
int unwind_frame(struct stackframe *frame);

/**
 * unwind_exec_insns - run one function's unwinding instructions
 * @ctrl: the stream and the state it changes
 *
 * Return: URC_OK, or -URC_FAILURE for a refusal, an instruction that the ABI reserves, a stack
 * access outside the limits, or a stream that ends in the middle of an instruction.
 */
int unwind_exec_insns(struct unwind_ctrl_block *ctrl);

/* Walk the index; BUG if it is not in the order of addresses. */
void unwind_check(void);

#endif
