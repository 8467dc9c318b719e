// SPDX-License-Identifier: MIT
/*
 * Physical memory, an access at a time: RAM is what its owner sees, a device is its registers; what is
 * not there, and what the bus refuses, is an error and no crash.
 */
#include <asm/cp15.h>
#include <asm/fault.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/probe.h>
#include <asm/tlbflush.h>
#include <asm/vexpress.h>
#include <kernel/devmem.h>
#include <kernel/printk.h>
#include <kernel/resource.h>
#include <kernel/sections.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <test.h>

TEST_SUITE("devmem");

#define GICD_IIDR_OF_V1	0x43b		/* implementer: Arm */
#define SYS_ID		0x1190f500
#define NO_MEMORY	UL(0x5ff00000)	/* nothing on the board answers there */
#define NO_TABLE_ADDR	UL(0xa0000000)	/* of user space, which nobody has */

TEST("lowmem is read and written in each width, as its owner sees it")
{
	u32 word[2] = { 0x11223344, 0x55667788 }, *page = (u32 *)__get_free_page(GFP_KERNEL), value;
	phys_addr_t phys;

	ASSERT(page);
	phys = __pa(page);
	memcpy(page, word, sizeof(word));
	EXPECT(devmem_read(phys, 32, &value) == 0 && value == 0x11223344);
	EXPECT(devmem_read(phys + 2, 16, &value) == 0 && value == 0x1122);
	EXPECT(devmem_read(phys + 7, 8, &value) == 0 && value == 0x55);
	EXPECT_EQ(devmem_write(phys + 1, 8, 0xaa), 0);
	EXPECT_EQ(devmem_write(phys + 4, 16, 0xbbcc), 0);
	EXPECT_EQ(page[0], 0x1122aa44);
	EXPECT_EQ(page[1], 0x5566bbcc);
	EXPECT_EQ(devmem_write(phys, 32, ~0u), 0);
	EXPECT_EQ(page[0], ~0u);
	free_page((unsigned long)page);
}

TEST("a page of high memory is reached, too")
{
	struct page *page = alloc_page(GFP_HIGHUSER);
	u32 value = 0, *addr;

	ASSERT(page);
	EXPECT_EQ(devmem_write(page_to_phys(page) + 0xffc, 32, 0x12345678), 0);
	addr = kmap_local_page(page);
	EXPECT_EQ(addr[0x3ff], 0x12345678);
	addr[0] = 0xcafe;
	kunmap_local(addr);
	EXPECT(devmem_read(page_to_phys(page), 16, &value) == 0 && value == 0xcafe);
	__free_page(page);
}

TEST("device registers are read as what they are")
{
	u32 value, later;

	EXPECT(devmem_read(PERIPH_PHYS, 32, &value) == 0 && value == SYS_ID);
	EXPECT(devmem_read(MPCORE_PHYS + GICD_OFFSET + 8, 32, &value) == 0 &&
	       value == GICD_IIDR_OF_V1);
	EXPECT_EQ(devmem_read(PERIPH_PHYS + SYS_24MHZ, 32, &value), 0);
	EXPECT_EQ(devmem_read(PERIPH_PHYS + SYS_24MHZ, 32, &later), 0);
	EXPECT(later != value);
}

TEST("what is not there, or not aligned, or no width, is refused before anything is mapped")
{
	u32 value = 42;

	EXPECT_EQ(devmem_read(NO_MEMORY, 32, &value), -ENXIO);
	EXPECT_EQ(devmem_read(PHYS_OFFSET - 4, 32, &value), -ENXIO);
	EXPECT_EQ(devmem_write(0, 8, 0), -ENXIO);
	EXPECT_EQ(devmem_read(PERIPH_PHYS + 2, 32, &value), -EINVAL);
	EXPECT_EQ(devmem_read(PERIPH_PHYS + 1, 16, &value), -EINVAL);
	EXPECT_EQ(devmem_read(PERIPH_PHYS, 64, &value), -EINVAL);
	EXPECT_EQ(devmem_read(PERIPH_PHYS, 0, &value), -EINVAL);
	EXPECT_EQ(value, 42);
}

TEST("... and so is an access of which only the beginning is somebody's")
{
	struct resource half = { .name = "half a word", .start = NO_MEMORY, .end = NO_MEMORY + 1,
				 .flags = IORESOURCE_MEM };
	u32 value = 42;

	ASSERT(request_resource(&iomem_resource, &half) == 0);
	EXPECT_EQ(devmem_read(NO_MEMORY, 32, &value), -ENXIO);
	EXPECT_EQ(value, 42);
	EXPECT_EQ(release_resource(&half), 0);
}

TEST("a write to the kernel's text or constants is refused by the MMU, and said so")
{
	phys_addr_t text = __pa(printk) & ~3u, rodata = __pa(__start_rodata);
	u32 before, after;

	EXPECT_EQ(devmem_read(text, 32, &before), 0);
	EXPECT_EQ(devmem_write(text, 32, ~before), -EACCES);
	EXPECT_EQ(devmem_write(text, 8, ~before & 0xff), -EACCES);
	EXPECT_EQ(devmem_read(text, 32, &after), 0);
	EXPECT_EQ(after, before);
	EXPECT_EQ(devmem_write(rodata, 16, 0), -EACCES);
}

/* A page table where there is no memory: the walk itself ends in an external abort. */
static void lead_nowhere(bool really)
{
	pmd_t *pmd = pmd_off_k(NO_TABLE_ADDR);
	pmd_t first = pmd_of_table(NO_MEMORY, PMD_TYPE_TABLE | PMD_DOMAIN(DOMAIN_KERNEL));

	pmd[0] = really ? first : __pmd(0);
	pmd[1] = really ? pmd_second_half(first) : __pmd(0);
	flush_tlb_kernel_range(NO_TABLE_ADDR, NO_TABLE_ADDR + PMD_SIZE);
}

TEST("an access that the bus refuses is caught, in each width, as the external abort it is")
{
	void *addr = (void *)NO_TABLE_ADDR;
	u32 value = 42;

	ASSERT(pmd_none(*pmd_off_k(NO_TABLE_ADDR)));
	lead_nowhere(true);
	EXPECT_EQ(__probe_read_8(addr, &value), -EFAULT);
	EXPECT_EQ(fsr_lookup(read_dfsr())->kind, FAULT_EXTERNAL);
	EXPECT_EQ(__probe_read_16(addr, &value), -EFAULT);
	EXPECT_EQ(__probe_read_32(addr, &value), -EFAULT);
	EXPECT_EQ(__probe_write_8(addr, 0), -EFAULT);
	EXPECT_EQ(__probe_write_16(addr, 0), -EFAULT);
	EXPECT_EQ(__probe_write_32(addr, 0), -EFAULT);
	EXPECT_EQ(fsr_lookup(read_dfsr())->kind, FAULT_EXTERNAL);
	EXPECT_EQ(read_dfar(), NO_TABLE_ADDR);
	EXPECT_EQ(value, 42);
	lead_nowhere(false);
}
