// SPDX-License-Identifier: MIT
/*
 * Milestones of booting. The array is in .data because the first mark is older than a clear bss.
 */
#include <asm/io.h>
#include <asm/vexpress.h>
#include <kernel/bootmark.h>
#include <kernel/bug.h>

u32 boot_marks[NR_BOOT_MARKS] __section(".data");

void boot_mark(enum boot_mark mark)
{
	BUG_ON(mark >= NR_BOOT_MARKS, "mark %u", mark);
	boot_marks[mark] = readl_relaxed((void __iomem *)(IO_PERIPH_BASE + SYSREGS_OFFSET + SYS_24MHZ));
}
