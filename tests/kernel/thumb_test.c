// SPDX-License-Identifier: MIT
/*
 * ARM code and Thumb code in one kernel: call chains, names and static keys are right in both. All
 * that knows page owners or an enabled key needs page_owner=1: tests/boot/page_debug.t gives it.
 */
#include <asm/jump_label.h>
#include <asm/ptrace.h>
#include <asm/unwind.h>
#include <kernel/kallsyms.h>
#include <kernel/kthread.h>
#include <kernel/sched.h>
#include <kernel/stacktrace.h>
#include <lib/container_of.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/gfp.h>
#include <mm/page_debug.h>
#include <mm/page_owner.h>
#include <test.h>
#include "thumb_code.h"

TEST_SUITE("thumb");

#define TRACE_MAX	32

TEST("what is off the hot paths is Thumb code, the rest is ARM code")
{
	if (!((unsigned long)thumb_outermost & THUMB_CODE))
		SKIP("the compiler has no Thumb instructions");
	EXPECT((unsigned long)alloc_pages_exact & THUMB_CODE);
	EXPECT((unsigned long)kthread_create & THUMB_CODE);
	EXPECT(!((unsigned long)__free_pages & THUMB_CODE));
	EXPECT(!((unsigned long)schedule & THUMB_CODE));
}

TEST("the table of names knows which functions are Thumb code")
{
	const void *const functions[] = { thumb_outermost, kthread_create, snprintf, __free_pages,
					  schedule };

	for (unsigned int i = 0; i < ARRAY_SIZE(functions); i++)
		EXPECT_EQ((unsigned long)kallsyms_code((unsigned long)functions[i] & ~THUMB_CODE),
			  (unsigned long)functions[i]);
}

/* ---- Names ---- */

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

struct trace {
	unsigned long pc[TRACE_MAX];
	unsigned int nr;
};

static unsigned int save_trace(void *data)
{
	struct trace *trace = data;

	trace->nr = stack_trace_save(trace->pc, TRACE_MAX, 0);
	barrier();
	return trace->nr;
}

TEST("a call chain through Thumb code has its functions, at even addresses, and goes on behind it")
{
	struct trace trace = { .nr = 0 };

	ASSERT(thumb_outermost(save_trace, &trace) >= 6);
	EXPECT(in_function(trace.pc[0], "save_trace"));
	EXPECT(in_function(trace.pc[1], "thumb_middle"));
	EXPECT(in_function(trace.pc[2], "thumb_outermost"));
	EXPECT(in_function(trace.pc[trace.nr - 1], "ret_from_fork"));
	for (unsigned int i = 0; i < trace.nr; i++)
		EXPECT(!(trace.pc[i] & THUMB_CODE));
}

static unsigned int return_address(void *data)
{
	*(const void **)data = _RET_IP_;
	return 0;
}

TEST("a pointer to a Thumb function, and a return address in one, are printed by its name")
{
	char text[64], expected[64];
	unsigned long size, offset;
	const void *returns_to;

	ASSERT(kallsyms_lookup_size_offset((unsigned long)thumb_outermost, &size, &offset));
	EXPECT_EQ(offset, 0);
	snprintf(text, sizeof(text), "%ps", (void *)thumb_outermost);
	EXPECT_EQ(strcmp(text, "thumb_outermost"), 0);
	snprintf(text, sizeof(text), "%pS", (void *)thumb_outermost);
	snprintf(expected, sizeof(expected), "thumb_outermost+0x0/0x%lx", size);
	EXPECT_EQ(strcmp(text, expected), 0);
	EXPECT_EQ(kallsyms_lookup_name("thumb_outermost"),
		  (unsigned long)thumb_outermost & ~THUMB_CODE);
	thumb_outermost(return_address, &returns_to);
	snprintf(text, sizeof(text), "%ps", returns_to);
	EXPECT_EQ(strcmp(text, "thumb_middle"), 0);
}

TEST("a page that Thumb code allocated has a record with its name")
{
	const unsigned long *chain = NULL;
	struct page *page;

	if (!page_owner_on)
		SKIP("page_owner is off");
	page = thumb_driver();
	ASSERT(page);
	stack_depot_fetch(lookup_page_owner(page)->alloc_stack, &chain);
	__free_page(page);
	if (!chain)
		SKIP("the stack depot is full");
	EXPECT(in_function(chain[0], "thumb_driver"));
}

/* ---- Interrupted Thumb code ---- */

struct late_push {
	void (*function)(void);
	unsigned int bytes;		/* of the push */
	unsigned int words;		/* that it pushes, LR the last */
};

static const struct late_push late_pushes[] = {
	{ late_push_16, 2, 2 }, { late_push_32, 4, 3 }, { late_push_str, 4, 1 },
};

/* Interrupted @offset bytes behind the beginning. Return: the address that it was called from. */
static unsigned long caller_of(const struct late_push *push, unsigned int offset, unsigned long lr,
			       unsigned long *stack)
{
	struct stackframe frame = {
		.exact = true, .low = (unsigned long)stack,
		.high = (unsigned long)(stack + push->words),
	};

	frame.vrs[PC] = (unsigned long)push->function + offset;
	frame.vrs[LR] = lr;
	frame.vrs[SP] = frame.low;
	return unwind_frame(&frame) == URC_OK ? frame.vrs[PC] : 0;
}

TEST("Thumb code interrupted before it pushes LR was called by LR, behind that from the stack")
{
	unsigned long by_lr = (unsigned long)thumb_outermost + 4;
	unsigned long by_stack = (unsigned long)thumb_driver + 4, stack[4];

	for (unsigned int i = 0; i < ARRAY_SIZE(late_pushes); i++) {
		const struct late_push *push = &late_pushes[i];

		stack[push->words - 1] = by_stack;
		EXPECT_EQ(caller_of(push, 0, by_lr, stack), by_lr);
		EXPECT_EQ(caller_of(push, 2, by_lr, stack), by_lr);
		EXPECT_EQ(caller_of(push, LATE_PUSH, by_lr, stack), by_lr);
		EXPECT_EQ(caller_of(push, LATE_PUSH + push->bytes, by_lr, stack), by_stack);
	}
}

/* ---- Static keys ---- */

static noinline bool arm_asks_key(void)
{
	return page_debugging();
}

TEST("a static key is the same for ARM and for Thumb code, and is tested in both")
{
	const struct jump_entry *entry;
	unsigned int nr_arm = 0, nr_thumb = 0;

	EXPECT_EQ(arm_asks_key(), page_debug_key.enabled);
	EXPECT_EQ(thumb_asks_key(), page_debug_key.enabled);
	jump_label_check();
	for (entry = __start___jump_table; entry < __stop___jump_table; entry++)
		++*(entry->code & THUMB_CODE ? &nr_thumb : &nr_arm);
	EXPECT(nr_arm > 0);
	EXPECT(nr_thumb > 0 || !((unsigned long)thumb_asks_key & THUMB_CODE));
	test_note("keys are tested at %u places in ARM code, %u in Thumb code", nr_arm, nr_thumb);
}
