// SPDX-License-Identifier: MIT
/*
 * The board's device windows, as asm/vexpress.h draws them.
 */
#include <asm/map.h>
#include <asm/mmu.h>
#include <asm/vexpress.h>
#include <kernel/init.h>
#include <lib/container_of.h>

static const struct map_desc vexpress_io_desc[] __initconst = {
	{
		.virtual = IO_PERIPH_BASE,
		.pfn = PHYS_PFN(PERIPH_PHYS),
		.length = PERIPH_SIZE,
		.type = MT_DEVICE,
	}, {
		.virtual = IO_MPCORE_BASE,
		.pfn = PHYS_PFN(MPCORE_PHYS),
		.length = MPCORE_SIZE,
		.type = MT_DEVICE,
	},
};

/* A pgd entry holds sections or a page table, not both (I1 of asm/pgtable-2level.h). */
_Static_assert(IO_PERIPH_BASE >> PGDIR_SHIFT != IO_MPCORE_BASE >> PGDIR_SHIFT,
	       "the windows have a pgd entry each");

void __init vexpress_map_io(void)
{
	iotable_init(vexpress_io_desc, ARRAY_SIZE(vexpress_io_desc));
}
