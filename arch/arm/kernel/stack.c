// SPDX-License-Identifier: MIT
/*
 * The stack of the boot CPU, with room below it to say that it ran over.
 *
 *    16 KiB-aligned  +--------------------+ 0x0000
 *                    |  overflow stack    |   where an overflow is reported from; grows down from 0x0fc0
 *                    +--------------------+ 0x0fc0
 *                    |  mode stacks       |   four words each for IRQ, abort, undefined and FIQ mode
 *                    +--------------------+ 0x1000
 *                    |  guard page        |   unmapped by paging_init()
 *                    +--------------------+ 0x2000
 *                    |  stack, 8 KiB      |   grows down from 0x4000
 *                    +--------------------+ 0x4000
 *
 * I1. A stack pointer inside the stack has bit 13 set; one that ran over has it clear. The exception
 *     entry relies on it: it tests the bit before it pushes (entry.S).
 * I2. The overflow stack is used by nothing but a report of a fault, which never returns.
 */
#include <asm/stack.h>
#include <lib/compiler.h>

struct boot_stack boot_stack __section(".bss..page_aligned");

_Static_assert(sizeof(boot_stack) == 2 * THREAD_SIZE, "one bit tells inside from overrun (I1)");
_Static_assert(offsetof(struct boot_stack, stack) == THREAD_SIZE, "one bit tells inside from overrun (I1)");
_Static_assert(offsetof(struct boot_stack, guard) == PAGE_SIZE, "the guard is a page of its own");

static bool within(unsigned long sp, const void *start, const void *end)
{
	return sp >= (unsigned long)start && sp <= (unsigned long)end;
}

bool stack_bounds(unsigned long sp, unsigned long *low, unsigned long *high)
{
	const u8 *stack = boot_stack.stack, *stack_end = stack + sizeof(boot_stack.stack);
	const u8 *overflow = boot_stack.overflow, *overflow_end = overflow + sizeof(boot_stack.overflow);

	if (within(sp, boot_stack.guard, stack_end)) {
		*low = (unsigned long)stack;
		*high = (unsigned long)stack_end;
		return true;
	}
	if (within(sp, overflow, overflow_end)) {
		*low = (unsigned long)overflow;
		*high = (unsigned long)overflow_end;
		return true;
	}
	return false;
}
