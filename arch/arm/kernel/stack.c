// SPDX-License-Identifier: MIT
/*
 * The stack of the boot CPU, with room below it to say that it ran over.
 *
 *    16 KiB-aligned  +--------------------+ 0x0000
 *                    |  mode stacks       |   a few words each for abort, undefined, IRQ and FIQ mode
 *                    |  overflow stack    |   where an overflow is reported from
 *                    +--------------------+ 0x1000
 *                    |  guard page        |   unmapped by paging_init()
 *                    +--------------------+ 0x2000
 *                    |  stack, 8 KiB      |   grows down from 0x4000
 *                    +--------------------+ 0x4000
 *
 * I1. A stack pointer inside the stack has bit 13 set; one that ran over has it clear.
 */
#include <asm/stack.h>
#include <lib/compiler.h>

struct boot_stack boot_stack __section(".bss..page_aligned");

_Static_assert(sizeof(boot_stack) == 2 * THREAD_SIZE, "one bit tells inside from overrun (I1)");
_Static_assert(offsetof(struct boot_stack, stack) == THREAD_SIZE, "one bit tells inside from overrun (I1)");
