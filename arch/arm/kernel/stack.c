// SPDX-License-Identifier: MIT
/*
 * The stack of the boot CPU, with room below it to say that it ran over.
 *
 *    16 KiB-aligned  +--------------------+ 0x0000
 *                    |  overflow stack    |   where an overflow is reported from
 *                    +--------------------+ 0x0fc0
 *                    |  mode stacks       |   of IRQ, abort, undefined and FIQ mode
 *                    +--------------------+ 0x1000
 *                    |  guard page        |   unmapped by paging_init()
 *                    +--------------------+ 0x2000
 *                    |  stack, 8 KiB      |   grows down from 0x4000
 *                    +--------------------+ 0x4000
 *
 * I1. A stack pointer inside the stack has bit 13 set; one that ran over has it clear. The
 *     exception entry relies on it: it tests the bit before it pushes (entry.S).
 * I2. The overflow stack is used by nothing but a report of a fault, which never returns.
 */
#include <asm/stack.h>
#include <lib/compiler.h>

struct boot_stack boot_stack __section(".bss..page_aligned");

_Static_assert(sizeof(boot_stack) == 2 * THREAD_SIZE, "one bit tells (I1)");
_Static_assert(offsetof(struct boot_stack, stack) == THREAD_SIZE, "one bit tells (I1)");
_Static_assert(offsetof(struct boot_stack, guard) == PAGE_SIZE, "the guard is a page of its own");

static bool within(unsigned long sp, const void *start, const void *end)
{
	return sp >= (unsigned long)start && sp <= (unsigned long)end;
}

bool stack_bounds(unsigned long sp, unsigned long *low, unsigned long *high)
{
	const struct boot_stack *s = &boot_stack;

	if (within(sp, s->guard, s + 1)) {
		*low = (unsigned long)s->stack;
		*high = (unsigned long)(s + 1);
		return true;
	}
	if (within(sp, s->overflow, s->mode)) {
		*low = (unsigned long)s->overflow;
		*high = (unsigned long)s->mode;
		return true;
	}
	return false;
}
