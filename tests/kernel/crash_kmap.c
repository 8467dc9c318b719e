// SPDX-License-Identifier: MIT
/*
 * Ways to die by misusing temporary mappings and the fixmap: crash.c has the table. They map a page
 * of lowmem, by its number, so that they work on every machine.
 */
#include <asm/fixmap.h>
#include <kernel/schedule.h>
#include <mm/highmem.h>
#include "crash.h"

#define SOME_PFN	PHYS_PFN(PHYS_OFFSET)

/* The compiler must not know what is wrong. */
static unsigned int hide(unsigned int value)
{
	__asm__("" : "+r"(value));
	return value;
}

void kmap_used_after(void)
{
	const volatile u32 *word = kmap_local_pfn(SOME_PFN);

	kunmap_local((const void *)word);
	(void)*word;
}

void kmap_overrun(void)
{
	volatile u8 *bytes = kmap_local_pfn(SOME_PFN);

	bytes[PAGE_SIZE] = 1;
	kunmap_local((const void *)bytes);
}

void kmap_overflow_stack(void)
{
	for (unsigned int i = 0; i <= KM_MAX_NESTING; i++)
		kmap_local_pfn(SOME_PFN + i);
}

void kmap_asleep(void)
{
	void *vaddr = kmap_atomic_pfn(SOME_PFN);

	schedule();
	kunmap_atomic(vaddr);
}

void fixmap_no_slot(void)
{
	__set_fixmap(hide(__end_of_fixed_addresses + 7), PHYS_OFFSET, FIXMAP_PAGE_RO);
}

void fixmap_set_twice(void)
{
	set_fixmap(FIX_BTMAP_END, PHYS_OFFSET);
	set_fixmap(FIX_BTMAP_END, PHYS_OFFSET + PAGE_SIZE);
}
