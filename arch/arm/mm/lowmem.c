// SPDX-License-Identifier: MIT
/*
 * The border between lowmem and the vmalloc area, and `vmalloc=`, which moves it. See asm/lowmem.h
 * for the picture. After Linux's early_vmalloc() and adjust_lowmem_bounds() (arch/arm/mm/mmu.c
 * there).
 *
 * I1. arm_lowmem_limit is at most lowmem_limit_for(size), and above that come VMALLOC_OFFSET and
 *     `size' bytes up to VMALLOC_END. So the area from VMALLOC_START on has at least the size that
 *     was asked for; in Linux 3.10 it has up to 8 MiB less.
 * I2. high_memory < VMALLOC_START: at least one page between them is never mapped, so that an
 *     overrun of lowmem faults.
 */
#include <asm/lowmem.h>
#include <asm/page.h>
#include <asm/pgtable-2level.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>

#define LOWMEM_LIMIT_FOR(size)	(VMALLOC_END - (size) - VMALLOC_OFFSET - PAGE_OFFSET + PHYS_OFFSET)

phys_addr_t arm_lowmem_limit = LOWMEM_LIMIT_FOR(VMALLOC_SIZE_DEFAULT);
unsigned long vmalloc_reserve = VMALLOC_SIZE_DEFAULT;

_Static_assert(IS_ALIGNED(LOWMEM_LIMIT_FOR(VMALLOC_SIZE_DEFAULT), PMD_SIZE) &&
	       IS_ALIGNED(LOWMEM_LIMIT_FOR(VMALLOC_SIZE_MIN), PMD_SIZE) &&
	       IS_ALIGNED(LOWMEM_LIMIT_FOR(VMALLOC_SIZE_MAX), PMD_SIZE),
	       "lowmem can end between two page tables");

phys_addr_t lowmem_limit_for(unsigned long long vmalloc_bytes)
{
	unsigned long size = (unsigned long)vmalloc_bytes;

	if (vmalloc_bytes < VMALLOC_SIZE_MIN) {
		size = VMALLOC_SIZE_MIN;
		pr_warn("vmalloc area is too small, limiting to %luMiB\n", size >> 20);
	} else if (vmalloc_bytes > VMALLOC_SIZE_MAX) {
		size = VMALLOC_SIZE_MAX;
		pr_warn("vmalloc area is too big, limiting to %luMiB\n", size >> 20);
	}
	return LOWMEM_LIMIT_FOR(ALIGN(size, PMD_SIZE));
}

/* vmalloc=SIZE: bytes that the vmalloc area has at least, rounded up to a page table's 2 MiB. */
static int __init early_vmalloc(char *value)
{
	unsigned long long size;
	char *end;

	if (!value)
		return -EINVAL;
	size = memparse(value, &end);
	if (end == value || *end != '\0')
		return -EINVAL;
	arm_lowmem_limit = lowmem_limit_for(size);
	vmalloc_reserve = LOWMEM_LIMIT_FOR(0) - arm_lowmem_limit;
	return 0;
}
early_param("vmalloc", early_vmalloc);
