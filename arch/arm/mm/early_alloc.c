// SPDX-License-Identifier: MIT
/*
 * early_alloc(): memory for page tables, while page tables are being made.
 *
 * It must be mapped at the moment it is handed out. While lowmem is mapped anew only its whole MiBs
 * are sure to be, from map_lowmem()'s first step on; the ragged ends of RAM get their page tables
 * later, out of memory from here:
 *
 *    RAM    |..####|######|######|######|##....|       # RAM   | MiB
 *               ^      \____________/       ^
 *          ragged       allocate here       ragged
 */
#include <asm/lowmem.h>
#include <asm/map.h>
#include <asm/page.h>
#include <kernel/bug.h>
#include <mm/memblock.h>

/* Uppermost first, like memblock itself. 0 if nothing is free. */
static phys_addr_t alloc_from_whole_sections(unsigned long bytes, unsigned long align)
{
	phys_addr_t start, end, phys;
	u64 i;

	for_each_mem_range_rev(i, &start, &end) {
		start = ALIGN(start, SECTION_SIZE);
		end = ALIGN_DOWN(min(end, arm_lowmem_limit), SECTION_SIZE);
		phys = start < end ? memblock_phys_alloc_range(bytes, align, start, end) : 0;
		if (phys)
			return phys;
	}
	return 0;
}

void *early_alloc_aligned(unsigned long bytes, unsigned long align)
{
	phys_addr_t phys;

	BUG_ON(bytes == 0 || !is_power_of_2(align), "%lu bytes, align %lu", bytes, align);
	phys = alloc_from_whole_sections(bytes, align);
	if (!phys)
		panic("early_alloc: no %lu bytes of mapped lowmem are free", bytes);
	return memset(phys_to_virt(phys), 0, bytes);
}

void *early_alloc(unsigned long bytes)
{
	return early_alloc_aligned(bytes, bytes);
}
