// SPDX-License-Identifier: MIT
/*
 * Keeps the initial ramdisk from being overwritten, if it is where it is said to be.
 *
 *    start & ~PAGE_MASK
 *    |    initrd      |
 *    +----xxxxxxxxxxxx+---    reserved are whole pages, so that nobody's data shares one with it
 *    |page|page| ...  |
 *
 * I1. phys_initrd_size is 0, or [phys_initrd_start, + phys_initrd_size) does not wrap.
 * I2. initrd_start is 0, or its pages are lowmem and are reserved in memblock for it alone.
 */
#include <asm/page.h>
#include <boot/initrd.h>
#include <boot/meminfo.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/handoff.h>
#include <mm/memblock.h>

phys_addr_t phys_initrd_start;
phys_addr_t phys_initrd_size;
unsigned long initrd_start;
unsigned long initrd_end;

int __init set_phys_initrd(u64 start, u64 size)
{
	if (size == 0) {
		pr_err("initrd at 0x%08llx: size 0: ignored\n", start);
		return -EINVAL;
	}
	if (start > PHYS_ADDR_MAX || size > PHYS_ADDR_MAX - start) {
		pr_err("initrd of %llu bytes at 0x%08llx: reaches beyond 4 GiB: ignored\n", size, start);
		return -EINVAL;
	}
	phys_initrd_start = start;
	phys_initrd_size = size;
	return 0;
}

/* initrd=START,SIZE */
static int __init early_initrd(char *value)
{
	u64 start, size;
	char *end;

	if (!value)
		return -EINVAL;
	start = memparse(value, &end);
	if (end == value || *end != ',')
		return -EINVAL;
	value = end + 1;
	size = memparse(value, &end);
	if (end == value || *end != '\0')
		return -EINVAL;
	return set_phys_initrd(start, size);
}
early_param("initrd", early_initrd);

/* What forbids to use the pages [start, end) for an initrd; NULL if nothing does. */
static const char * __init initrd_objection(u64 start, u64 end)
{
	if (end > PHYS_LIMIT || !memblock_is_region_memory(start, end - start))
		return "not in RAM";
	if (end > arm_lowmem_limit)
		return "not in lowmem";
	if (start < kernel_image_end() && kernel_image_start() < end)
		return "overlaps the kernel";
	if (memblock_is_region_reserved(start, end - start))
		return "overlaps memory that is in use";
	return NULL;
}

void __init arm_memblock_reserve_initrd(void)
{
	u64 start = ALIGN_DOWN(phys_initrd_start, PAGE_SIZE);
	u64 end = ALIGN((u64)phys_initrd_start + phys_initrd_size, PAGE_SIZE);
	const char *objection;

	BUG_ON(mm_stage != MM_MEMBLOCK, "stage %d", mm_stage);
	BUG_ON(initrd_start, "0x%08lx", initrd_start);

	if (!phys_initrd_size)
		return;
	objection = initrd_objection(start, end);
	if (objection || memblock_reserve(start, end - start)) {
		pr_err("initrd 0x%08x-0x%08x: %s: ignored\n", phys_initrd_start,
		       phys_initrd_start + (phys_initrd_size - 1), objection ?: "cannot be reserved");
		phys_initrd_size = 0;
		return;
	}
	BUG_ON(!memblock_is_region_reserved(start, end - start), "0x%08llx-0x%08llx", start, end);
	initrd_start = __phys_to_virt(phys_initrd_start);
	initrd_end = initrd_start + phys_initrd_size;
	pr_info("initrd 0x%08x-0x%08x: %u KiB reserved\n", phys_initrd_start,
		phys_initrd_start + (phys_initrd_size - 1), (u32)(end - start) / SZ_1K);
}
