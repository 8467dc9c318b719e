// SPDX-License-Identifier: MIT
/*
 * Call chains, printed or stored, by the unwinder's steps.
 *
 *    Call trace:
 *    [<c0010a2c>] (free_one+0x18/0x60) from [<c0010b10>] (free_all+0x44/0x90)
 *    [<c0010b10>] (free_all+0x44/0x90) from [<c0018000>] (start_kernel+0x80/0xc0)
 *
 * I1. However broken the stack is, a walk ends: after MAX_FRAMES at the latest.
 */
#include <asm/irqflags.h>
#include <asm/ptrace.h>
#include <asm/show_regs.h>
#include <asm/stack.h>
#include <asm/stacktrace.h>
#include <kernel/bug.h>
#include <kernel/kallsyms.h>
#include <kernel/printk.h>
#include <kernel/stacktrace.h>
#include <lib/string.h>

/* A frame that calls has at least two words, by the stack's alignment. */
#define MAX_FRAMES	(THREAD_SIZE / (2 * sizeof(u32)))
#define SYMBOL_MAX	64
#define INNERMOST_SHOWN	16	/* lines of a long chain */
#define OUTERMOST_SHOWN	8
#define CALL_SIZE	4	/* bytes of a BL, in either instruction set */

/* The state of the function that this is inlined into. */
static __always_inline void current_frame(struct stackframe *frame)
{
	__asm__ volatile("stmia %0, {r0 - pc}" : : "r"(frame->vrs) : "memory");
	frame->exact = false;
	stack_bounds(frame->vrs[SP], &frame->low, &frame->high);
}

static void frame_from_regs(struct stackframe *frame, const struct pt_regs *regs)
{
	memcpy(frame->vrs, regs->uregs, sizeof(frame->vrs));
	if (thumb_mode(regs))
		frame->vrs[PC] |= THUMB_CODE;
	frame->exact = true;
	stack_bounds(frame->vrs[SP], &frame->low, &frame->high);
}

static unsigned long code_address(const struct stackframe *frame)
{
	return frame->vrs[PC] & ~THUMB_CODE;
}

void walk_stackframe(struct stackframe *frame, stackframe_fn fn, void *data)
{
	BUG_ON(!fn, "nobody to visit the frames");
	for (unsigned int n = 0; n < MAX_FRAMES; n++) {
		if (fn(frame, data) || unwind_frame(frame) != URC_OK)
			return;
	}
}

/* ---- Printing ---- */

struct printing {
	unsigned long where;		/* the address that the next line starts with */
	bool where_exact;
	unsigned int frame, frames;	/* how many were visited, and how many there are */
};

static void format_address(char *buf, size_t size, unsigned long addr, bool exact)
{
	if (exact)
		sprint_symbol(buf, size, addr, true);
	else
		sprint_backtrace(buf, size, addr);
}

static void dump_backtrace_entry(const struct printing *p, const struct stackframe *caller)
{
	unsigned long from = code_address(caller);
	char callee_name[SYMBOL_MAX], caller_name[SYMBOL_MAX];

	format_address(callee_name, sizeof(callee_name), p->where, p->where_exact);
	format_address(caller_name, sizeof(caller_name), from, caller->exact);
	pr_alert("[<%08lx>] (%s) from [<%08lx>] (%s)\n", p->where, callee_name, from, caller_name);
	if (caller->exact)
		dump_mem("Exception stack", caller->vrs[SP] - PT_REGS_SIZE, caller->vrs[SP]);
}

/* Of a long chain, recursion that is, both ends are shown. */
static bool left_out(const struct printing *p)
{
	return p->frame >= INNERMOST_SHOWN && p->frame + OUTERMOST_SHOWN < p->frames;
}

static bool print_frame(const struct stackframe *frame, void *data)
{
	struct printing *p = data;

	if (p->frame > 0 && !left_out(p))
		dump_backtrace_entry(p, frame);
	else if (p->frame == INNERMOST_SHOWN)
		pr_alert("  ... %u calls left out ...\n",
			 p->frames - INNERMOST_SHOWN - OUTERMOST_SHOWN);
	p->where = code_address(frame);
	p->where_exact = frame->exact;
	p->frame++;
	return false;
}

static bool count_frame(const struct stackframe *frame, void *data)
{
	(void)frame;
	++*(unsigned int *)data;
	return false;
}

static void print_chain(const struct stackframe *innermost)
{
	struct stackframe frame = *innermost;
	struct printing p = { 0 };

	walk_stackframe(&frame, count_frame, &p.frames);
	frame = *innermost;
	pr_alert("Call trace:\n");
	if (p.frames == 1)
		pr_alert("[<%08lx>] (%pS) from nobody\n", code_address(&frame),
			 (void *)code_address(&frame));
	walk_stackframe(&frame, print_frame, &p);
}

void unwind_backtrace(const struct pt_regs *regs)
{
	struct stackframe frame = { 0 };

	frame_from_regs(&frame, regs);
	print_chain(&frame);
}

void dump_stack(void)
{
	struct stackframe frame = { 0 };

	current_frame(&frame);
	if (unwind_frame(&frame) == URC_OK)
		print_chain(&frame);
}

void dump_caller(unsigned int skip)
{
	struct stackframe frame = { 0 };
	struct pt_regs regs = { 0 };

	current_frame(&frame);
	for (unsigned int n = 0; n <= skip; n++)
		if (unwind_frame(&frame) != URC_OK)
			break;
	memcpy(regs.uregs, frame.vrs, sizeof(frame.vrs));
	regs.ARM_pc = code_address(&frame) - CALL_SIZE;	/* the call, not what follows it */
	regs.ARM_cpsr = arch_local_save_flags();
	if (frame.vrs[PC] & THUMB_CODE)
		regs.ARM_cpsr |= PSR_T_BIT;
	__show_regs(&regs);
	print_chain(&frame);
}

/* ---- Storing ---- */

unsigned long stack_trace_address(const void *return_address)
{
	return (unsigned long)return_address & ~THUMB_CODE;
}

struct storing {
	unsigned long *store;
	unsigned int size, nr, skip;
};

static bool store_frame(const struct stackframe *frame, void *data)
{
	struct storing *s = data;

	if (s->skip) {
		s->skip--;
		return false;
	}
	if (s->nr == s->size)
		return true;
	s->store[s->nr++] = code_address(frame);
	return false;
}

unsigned int stack_trace_save(unsigned long *store, unsigned int size, unsigned int skipnr)
{
	struct storing s = { .store = store, .size = size, .skip = skipnr + 1 };
	struct stackframe frame = { 0 };

	BUG_ON(!store && size, "nowhere to store %u entries", size);
	current_frame(&frame);
	walk_stackframe(&frame, store_frame, &s);
	return s.nr;
}
