// SPDX-License-Identifier: MIT
/*
 * Short turns, for CPUs that the emulator runs one after the other.
 *
 * With -icount, QEMU runs one CPU until the next event of a clock, then the next CPU. The kernel
 * asks for few events, so that a turn is a tick long: millions of instructions, in which a CPU
 * enters and leaves every critical section thousands of times without being seen by another. A
 * timer of the board that counts down a few microseconds again and again, though nobody listens to
 * it, makes turns as short as a function. They end in the middle of whatever the CPU does; and in
 * the same place in every run.
 *
 *    CPU 0   ####        ####        ####            1 us = 1000 instructions with shift=0
 *    CPU 1       ####        ####        ####
 *    timer   0   0   0   0   0   0   0   0
 *
 * The timer is the second SP804's first (Arm DDI 0271, chapter 3); the board clocks it at 1 MHz.
 */
#include <asm/io.h>
#include <asm/vexpress.h>
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include "short_turns.h"

#define SP804_OFFSET		UL(0x12000)
#define SP804_LOAD		0x00
#define SP804_CONTROL		0x08
#define SP804_CONTROL_ENABLE	(1u << 7)
#define SP804_CONTROL_PERIODIC	(1u << 6)
#define SP804_CONTROL_32BIT	(1u << 1)

unsigned long turns_wanted;

static int __init turns_setup(char *value)
{
	return kstrtoul(value, 0, &turns_wanted) ? -EINVAL : 0;
}
__setup("turns=", turns_setup);

static void __iomem *sp804(unsigned int reg)
{
	return (void __iomem *)(IO_PERIPH_BASE + SP804_OFFSET + reg);
}

void short_turns(unsigned int microseconds)
{
	writel_relaxed(0, sp804(SP804_CONTROL));
	if (!microseconds)
		return;
	writel_relaxed(microseconds, sp804(SP804_LOAD));
	writel_relaxed(SP804_CONTROL_ENABLE | SP804_CONTROL_PERIODIC | SP804_CONTROL_32BIT,
		       sp804(SP804_CONTROL));
}
