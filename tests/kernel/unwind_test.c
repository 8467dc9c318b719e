// SPDX-License-Identifier: MIT
/*
 * Who called whom, and the names of functions: the unwinder, stored call chains, kallsyms.
 */
#include <asm/ptrace.h>
#include <asm/unwind.h>
#include <kernel/kallsyms.h>
#include <kernel/sections.h>
#include <kernel/stacktrace.h>
#include <lib/bitops.h>
#include <lib/container_of.h>
#include <lib/math.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/kasan.h>
#include <test.h>

TEST_SUITE("unwind");

#define TRACE_MAX	32

/* ---- A call chain that is known ---- */

static noinline unsigned int chain_innermost(unsigned long *store, unsigned int skip)
{
	unsigned int nr = stack_trace_save(store, TRACE_MAX, skip);

	barrier();
	return nr;
}

static noinline unsigned int chain_middle(unsigned long *store, unsigned int skip)
{
	volatile char locals[700] = { 0 };	/* a large frame, which the tables must undo */
	unsigned int nr = chain_innermost(store, skip);

	return nr + locals[0];
}

static noinline unsigned int chain_outermost(unsigned long *store, unsigned int skip)
{
	unsigned int nr = chain_middle(store, skip);

	barrier();
	return nr;
}

/* Is @addr, a return address, in the function of this name? */
static bool in_function(unsigned long addr, const char *name)
{
	unsigned long size, offset;
	char namebuf[KSYM_NAME_LEN];
	const char *found = kallsyms_lookup(addr - 1, &size, &offset, namebuf);

	if (found && strcmp(found, name) == 0)
		return true;
	test_note("expected %s, found %s", name, found ? found : "nothing");
	return false;
}

TEST("a call chain has the functions in the order of the calls, up to the first one")
{
	unsigned long store[TRACE_MAX];
	unsigned int nr = chain_outermost(store, 0);

	ASSERT(nr >= 6);
	EXPECT(in_function(store[0], "chain_innermost"));
	EXPECT(in_function(store[1], "chain_middle"));
	EXPECT(in_function(store[2], "chain_outermost"));
	EXPECT(in_function(store[nr - 1], "ret_from_fork"));
}

TEST("stack_trace_save leaves out as many callers as it is told to, and writes no more than fit")
{
	unsigned long store[TRACE_MAX];

	chain_outermost(store, 2);
	EXPECT(in_function(store[0], "chain_outermost"));
	store[1] = 0;
	EXPECT_EQ(stack_trace_save(store, 1, 0), 1);
	EXPECT_EQ(store[1], 0);
	EXPECT_EQ(stack_trace_save(store, TRACE_MAX, TRACE_MAX), 0);
}

TEST("the index of unwinding tables is in the order of addresses")
{
	unwind_check();
}

/* ---- Interrupted code ---- */

/* Where the call of do_DataAbort() in __dabt_svc returns to. */
static unsigned long handler_return_address(void)
{
	unsigned long start = kallsyms_lookup_name("__dabt_svc");
	unsigned long target = kallsyms_lookup_name("do_DataAbort");

	for (unsigned long at = start; start && at < start + 64 * sizeof(u32); at += sizeof(u32)) {
		u32 insn = *(const u32 *)at;
		s32 offset = (s32)(insn << 8) >> 6;

		if (insn >> 24 == 0xeb && at + 8 + offset == target)
			return at + sizeof(u32);
	}
	return 0;
}

/* The code has the CPSR @cpsr, and PC is to become its address with @thumb in it. */
static void expect_crossing(unsigned long cpsr, unsigned long thumb)
{
	struct pt_regs regs;
	struct stackframe frame = { 0 };

	for (unsigned int i = 0; i < ARRAY_SIZE(regs.uregs); i++)
		regs.uregs[i] = test_random();
	regs.ARM_pc = (unsigned long)memcpy + 4;
	regs.ARM_sp = (unsigned long)(&regs + 1);
	regs.ARM_cpsr = cpsr;
	frame.vrs[PC] = handler_return_address();
	frame.vrs[4] = (unsigned long)&regs;
	frame.vrs[SP] = (unsigned long)&regs;
	frame.low = (unsigned long)&regs;
	frame.high = (unsigned long)(&regs + 1);

	ASSERT(frame.vrs[PC] != 0);
	ASSERT_EQ(unwind_frame(&frame), URC_OK);
	EXPECT(frame.exact);
	for (unsigned int i = 0; i < NR_VRS; i++)
		EXPECT_EQ(frame.vrs[i], i == PC ? regs.ARM_pc | thumb : regs.uregs[i]);
}

TEST("a call chain crosses an exception to the code that was interrupted, with all its state")
{
	expect_crossing(SVC_MODE | PSR_I_BIT, 0);
	expect_crossing(SVC_MODE | PSR_I_BIT | PSR_T_BIT, THUMB_CODE);
}

TEST("code interrupted at the first instruction of a function was called by LR")
{
	struct stackframe frame = { .exact = true };

	frame.vrs[PC] = (unsigned long)chain_middle;
	frame.vrs[LR] = (unsigned long)chain_outermost + 8;
	ASSERT_EQ(unwind_frame(&frame), URC_OK);
	EXPECT_EQ(frame.vrs[PC], (unsigned long)chain_outermost + 8);
	EXPECT(!frame.exact);
}

TEST("code interrupted before its function pushes LR was called by LR")
{
	struct stackframe frame = { .exact = true };

	frame.vrs[PC] = (unsigned long)__memset + sizeof(u32);
	frame.vrs[LR] = (unsigned long)chain_outermost + 8;
	frame.vrs[4] = 44;
	ASSERT_EQ(unwind_frame(&frame), URC_OK);
	EXPECT_EQ(frame.vrs[PC], (unsigned long)chain_outermost + 8);
	EXPECT_EQ(frame.vrs[4], 44);
}

TEST("code interrupted by a jump to nowhere was called by LR")
{
	struct stackframe frame = { .exact = true };

	frame.vrs[PC] = 4;
	frame.vrs[LR] = (unsigned long)chain_outermost + 8;
	ASSERT_EQ(unwind_frame(&frame), URC_OK);
	EXPECT_EQ(frame.vrs[PC], (unsigned long)chain_outermost + 8);
}

/* ---- The instructions ---- */

#define STACK_WORDS	64
#define MARK_INSIDE	0x51000000u	/* in words that may be read */
#define MARK_OUTSIDE	0x0bad0000u	/* in those around them */
#define MARK_MASK	0xffff0000u

struct sandbox {
	u32 before[STACK_WORDS], stack[STACK_WORDS], after[STACK_WORDS];
};

static void fill_sandbox(struct sandbox *box, struct stackframe *frame)
{
	for (unsigned int i = 0; i < STACK_WORDS; i++) {
		box->before[i] = box->after[i] = MARK_OUTSIDE | i;
		box->stack[i] = MARK_INSIDE | i;
	}
	*frame = (struct stackframe){
		.low = (unsigned long)box->stack,
		.high = (unsigned long)box->after,
	};
	frame->vrs[SP] = frame->low + 8 * sizeof(u32);
}

/* Run the bytes in @words, most significant first. */
static int exec(struct stackframe *frame, const u32 *words, int nr_words)
{
	struct unwind_ctrl_block ctrl = {
		.frame = frame, .insn = words, .entries = nr_words, .byte = 3,
	};

	return unwind_exec_insns(&ctrl);
}

struct insn_example {
	u32 word;		/* the instruction, then "finish" */
	int moved;		/* bytes that vsp moves */
	u32 popped;		/* mask of the registers that come from the stack */
};

TEST("every unwinding instruction moves vsp and pops registers as the ABI says")
{
	static const struct insn_example examples[] = {
		{ 0x00b0b0b0, 4, 0 },				/* vsp += 4 */
		{ 0x1fb0b0b0, 128, 0 },				/* vsp += 128 */
		{ 0x40b0b0b0, -4, 0 },				/* vsp -= 4 */
		{ 0x8001b0b0, 4, BIT(4) },			/* pop {r4} */
		{ 0x8480b0b0, 8, BIT(11) | BIT(14) },		/* pop {r11, r14} */
		{ 0x8fffb0b0, 48, GENMASK(15, 4) },		/* pop {r4-r15} */
		{ 0xa0b0b0b0, 4, BIT(4) },			/* pop {r4} */
		{ 0xa7b0b0b0, 32, GENMASK(11, 4) },		/* pop {r4-r11} */
		{ 0xa9b0b0b0, 12, BIT(4) | BIT(5) | BIT(14) },	/* pop {r4, r5, r14} */
		{ 0xb105b0b0, 8, BIT(0) | BIT(2) },		/* pop {r0, r2} */
		{ 0xb20ab0b0, 0x204 + 40, 0 },			/* vsp += 0x204 + (10 << 2) */
		{ 0xb28101b0, 0x204 + (129 << 2), 0 },		/* the same, two bytes of uleb128 */
		{ 0xb381b0b0, 2 * 8 + 4, 0 },			/* D8-D9 by FSTMFDX */
		{ 0xbab0b0b0, 3 * 8 + 4, 0 },			/* D8-D10 by FSTMFDX */
		{ 0xc803b0b0, 4 * 8, 0 },			/* D16-D19 by VPUSH */
		{ 0xc980b0b0, 1 * 8, 0 },			/* D8 by VPUSH */
		{ 0xd1b0b0b0, 2 * 8, 0 },			/* D8-D9 by VPUSH */
	};
	struct stackframe frame;
	struct sandbox box;

	for (unsigned int i = 0; i < ARRAY_SIZE(examples); i++) {
		unsigned long vsp;
		unsigned int at = 8;

		fill_sandbox(&box, &frame);
		vsp = frame.vrs[SP];
		EXPECT_EQ(exec(&frame, &examples[i].word, 1), URC_OK);
		for (unsigned int reg = 0; reg < NR_VRS; reg++) {
			bool popped = examples[i].popped & BIT(reg);

			if (popped || reg != SP)
				EXPECT_EQ(frame.vrs[reg], popped ? MARK_INSIDE | at++ : 0);
		}
		if (!(examples[i].popped & BIT(SP)))
			EXPECT_EQ(frame.vrs[SP] - vsp, examples[i].moved);
	}
}

TEST("vsp is set from any register but r13 and r15")
{
	for (unsigned int reg = 0; reg < NR_VRS; reg++) {
		u32 word = 0x90b0b0b0 | reg << 24;
		bool allowed = reg != SP && reg != PC;
		struct stackframe frame = { 0 };

		frame.vrs[reg] = 0x1000;
		EXPECT_EQ(exec(&frame, &word, 1), allowed ? URC_OK : -URC_FAILURE);
		if (allowed)
			EXPECT_EQ(frame.vrs[SP], 0x1000);
	}
}

TEST("reserved instructions, refusals and streams that are cut short are not followed")
{
	static const u32 words[] = {
		0x8000b0b0,		/* refuse to unwind */
		0xb100b0b0, 0xb110b0b0,	/* no register, or more than r0-r3 */
		0xb4b0b0b0, 0xb7b0b0b0, 0xc0b0b0b0, 0xc600b0b0, 0xcab0b0b0,
		0xd8b0b0b0, 0xe0b0b0b0, 0xffb0b0b0,
		0x00000080,		/* ends in the middle */
		0x000000b2, 0x0000b2ff,
		0xb2ffffff,
	};
	struct stackframe frame;
	struct sandbox box;

	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++) {
		fill_sandbox(&box, &frame);
		frame.vrs[SP] = frame.low;
		EXPECT_EQ(exec(&frame, &words[i], 1), -URC_FAILURE);
	}
}

TEST("a pop outside the stack is refused, on both sides and where it is not aligned")
{
	u32 pop_r4_lr = 0xa8b0b0b0;
	struct stackframe frame;
	struct sandbox box;
	const int offsets[] = { -4, -1, 1, 2, STACK_WORDS * 4 - 4, STACK_WORDS * 4, 0x40000000 };

	for (unsigned int i = 0; i < ARRAY_SIZE(offsets); i++) {
		fill_sandbox(&box, &frame);
		frame.vrs[SP] = frame.low + offsets[i];
		EXPECT_EQ(exec(&frame, &pop_r4_lr, 1), -URC_FAILURE);
	}
	fill_sandbox(&box, &frame);
	frame.vrs[SP] = frame.high - 8;
	EXPECT_EQ(exec(&frame, &pop_r4_lr, 1), URC_OK);
}

TEST("random instructions never read outside the stack")
{
	struct stackframe frame;
	struct sandbox box;
	u32 words[8];

	for (unsigned int round = 0; round < 2000; round++) {
		fill_sandbox(&box, &frame);
		for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
			words[i] = test_random();
		exec(&frame, words, ARRAY_SIZE(words));
		for (unsigned int reg = 0; reg < NR_VRS; reg++)
			if (reg != SP)
				ASSERT((frame.vrs[reg] & MARK_MASK) != MARK_OUTSIDE);
	}
}

/* An address in the stack, or in the text: something that the unwinder would go on with. */
static u32 random_word(const void *stack, u32 stack_bytes)
{
	if (test_random_below(2))
		return (unsigned long)stack + test_random_below(stack_bytes);
	return (unsigned long)_stext + test_random_below(_etext - _stext);
}

TEST("a walk over a stack of garbage ends")
{
	u32 garbage[STACK_WORDS];
	struct stackframe frame;

	for (unsigned int round = 0; round < 2000; round++) {
		unsigned int steps = 0;

		for (unsigned int i = 0; i < STACK_WORDS; i++)
			garbage[i] = random_word(garbage, sizeof(garbage));
		memcpy(frame.vrs, garbage, sizeof(frame.vrs));
		frame.vrs[SP] = (unsigned long)garbage;
		frame.vrs[PC] = (unsigned long)_stext + test_random_below(_etext - _stext);
		frame.low = (unsigned long)garbage;
		frame.high = (unsigned long)(garbage + STACK_WORDS);
		frame.exact = test_random_below(2);
		while (steps < 1000 && unwind_frame(&frame) == URC_OK)
			steps++;
		ASSERT(steps < 1000);
	}
}

/* Such a PC comes from a broken stack. SAN=ubsan would report the search for ARM instructions amid two words. */
TEST("a PC of Thumb code without the mark of it is no reason to look for ARM instructions")
{
	unsigned long size, offset, addr = (unsigned long)_stext;
	u32 stack[STACK_WORDS] = { 0 };
	unsigned int tried = 0;

	while (!kallsyms_lookup_size_offset(addr, &size, &offset))
		addr += sizeof(u32);
	for (; kallsyms_lookup_size_offset(addr, &size, &offset); addr += size) {
		struct stackframe frame = {
			.exact = true, .low = (unsigned long)stack, .high = (unsigned long)(stack + STACK_WORDS),
		};

		if (IS_ALIGNED(addr, sizeof(u32)))
			continue;
		frame.vrs[SP] = frame.low;
		frame.vrs[PC] = addr + size / 2;
		unwind_frame(&frame);
		tried++;
	}
	EXPECT(tried > 0);
}

/* ---- Names ---- */

static noinline void a_function_with_a_name_that_is_so_long_that_the_table_has_no_room_for_its_end(void)
{
	barrier();
}

TEST("the table of names is in the order of addresses and whole")
{
	kallsyms_check();
}

TEST("an address is found by the function it is in, from its first byte to its last")
{
	unsigned long size, offset, start = (unsigned long)chain_middle;
	char name[KSYM_NAME_LEN];

	ASSERT(kallsyms_lookup(start, &size, &offset, name) == name);
	EXPECT_EQ(offset, 0);
	EXPECT_EQ(strcmp(kallsyms_lookup(start + size - 2, &size, &offset, name), "chain_middle"), 0);
	EXPECT_EQ(offset, size - 2);
	EXPECT(strcmp(kallsyms_lookup(start + size, &size, &offset, name), "chain_middle") != 0);
	EXPECT_EQ(offset, 0);
	EXPECT(strcmp(kallsyms_lookup(start - 2, &size, &offset, name), "chain_middle") != 0);
}

TEST("an address outside of the text has no name")
{
	unsigned long size = 1, offset = 2;
	char name[KSYM_NAME_LEN] = "none";

	EXPECT(!kallsyms_lookup(0, &size, &offset, name));
	EXPECT(!kallsyms_lookup((unsigned long)_text - 2, &size, &offset, name));
	EXPECT(!kallsyms_lookup((unsigned long)_etext, &size, &offset, name));
	EXPECT(!kallsyms_lookup(~0UL, &size, &offset, name));
	EXPECT_EQ(size, 1);
	EXPECT_EQ(offset, 2);
	EXPECT_EQ(strcmp(name, "none"), 0);
}

TEST("a name is found by its address and an address by its name")
{
	EXPECT_EQ(kallsyms_lookup_name("chain_innermost"), (unsigned long)chain_innermost);
	EXPECT_EQ(kallsyms_lookup_name("snprintf"), (unsigned long)snprintf & ~THUMB_CODE);
	EXPECT_EQ(kallsyms_lookup_name("no such function"), 0);
	EXPECT_EQ(kallsyms_lookup_name(""), 0);
}

TEST("a function whose name would be too long is known by the beginning of it")
{
	char name[2 * KSYM_NAME_LEN];

	snprintf(name, sizeof(name), "%ps",
		 (void *)a_function_with_a_name_that_is_so_long_that_the_table_has_no_room_for_its_end);
	EXPECT_EQ(strcmp(name, "a_function_with_a_name_that_is_so_long_that_the_table_has_no_ro"), 0);
	EXPECT_EQ(strlen(name), KSYM_NAME_LEN - 1);
	EXPECT_EQ(kallsyms_lookup_name(name),
		  (unsigned long)a_function_with_a_name_that_is_so_long_that_the_table_has_no_room_for_its_end);
}

TEST("%ps prints a name, %pS a name with offset and size, and an address that has no name itself")
{
	char text[64], expected[64];
	unsigned long size, offset, addr = (unsigned long)chain_outermost + 4;

	ASSERT(kallsyms_lookup_size_offset(addr, &size, &offset));
	snprintf(text, sizeof(text), "%ps", (void *)addr);
	EXPECT_EQ(strcmp(text, "chain_outermost"), 0);
	snprintf(text, sizeof(text), "%pS", (void *)addr);
	snprintf(expected, sizeof(expected), "chain_outermost+0x4/0x%lx", size);
	EXPECT_EQ(strcmp(text, expected), 0);
	snprintf(text, sizeof(text), "%pS", (void *)0x1234);
	EXPECT_EQ(strcmp(text, "0x1234"), 0);
}

TEST("a return address behind the last instruction of a function belongs to that function")
{
	unsigned long size, offset, start = (unsigned long)chain_middle;
	char text[64], expected[64];

	ASSERT(kallsyms_lookup_size_offset(start, &size, &offset));
	snprintf(expected, sizeof(expected), "chain_middle+0x%lx/0x%lx", size, size);
	sprint_backtrace(text, sizeof(text), start + size);
	EXPECT_EQ(strcmp(text, expected), 0);
}
