// SPDX-License-Identifier: MIT
/*
 * What it costs to give a page of device registers an address, and to take it away again; with what is
 * done once for many, in equal parts.
 */
#include <asm/io.h>
#include <asm/irqflags.h>
#include <mm/vmalloc.h>
#include "bench.h"

#define NR_PAIRS	64
#define L2C_PHYS	0x1e00a000	/* in no window that is mapped for good */

/* It may sleep, so interrupts are on for its time; in most samples no tick comes. */
static void run_ioremap(unsigned long ops)
{
	local_irq_enable();
	do
		iounmap(ioremap(L2C_PHYS, 4096));
	while (--ops);
	vm_unmap_aliases();
	local_irq_disable();
}
BENCH("ioremap", "ioremap + iounmap of a page", NR_PAIRS, NULL, run_ioremap, NULL);
