// SPDX-License-Identifier: MIT
/*
 * What iomem_resource knows of this machine, against what others know: memblock of RAM, the linker of
 * the image, the drivers of their devices. The tree itself is tested on the host.
 */
#include <asm/page.h>
#include <asm/vexpress.h>
#include <kernel/resource.h>
#include <kernel/sections.h>
#include <lib/string.h>
#include <mm/memblock.h>
#include <test.h>

TEST_SUITE("iomem");

TEST("the tree of resources is whole")
{
	EXPECT_EQ(resource_check(&iomem_resource), 0);
}

TEST("each page of RAM is System RAM, and what lies beside it is not")
{
	phys_addr_t start, end;
	u64 i;

	for_each_mem_range(i, &start, &end) {
		const struct resource *ram = region_conflict(start, start, IORESOURCE_SYSRAM);

		ASSERT(ram && strcmp(ram->name, "System RAM") == 0);
		EXPECT_EQ(ram->start, start);
		EXPECT_EQ(ram->end, end - 1);
		EXPECT(!resource_at(start - 1) || memblock_is_memory(start - 1));
		EXPECT(!resource_at(end) || memblock_is_memory(end));
	}
}

static bool is_called(phys_addr_t phys, const char *name)
{
	const struct resource *res = resource_at(phys);

	return res && strcmp(res->name, name) == 0;
}

TEST("the image's parts are found by their addresses")
{
	EXPECT(is_called(__pa(_text), "Kernel code") && is_called(__pa(_etext) - 1, "Kernel code"));
	EXPECT(is_called(__pa(__start_rodata), "Kernel rodata"));
	EXPECT(is_called(__pa(_sdata), "Kernel data") && is_called(__pa(_edata) - 1, "Kernel data"));
	EXPECT(is_called(__pa(__bss_start), "Kernel bss") && is_called(__pa(__bss_stop) - 1, "Kernel bss"));
	EXPECT(is_called(__pa(_text) - 1, "System RAM") && is_called(__pa(__bss_stop), "System RAM"));
}

TEST("a device that is driven is claimed by its driver, and no other is")
{
	const struct resource *uart = resource_at(PERIPH_PHYS + UART0_OFFSET + UART_DR);
	const struct resource *idle = resource_at(PERIPH_PHYS + UART0_OFFSET + PAGE_SIZE);

	ASSERT(uart && idle);
	EXPECT(uart->flags & IORESOURCE_BUSY && strcmp(uart->name, "uart0") == 0);
	EXPECT(strcmp(uart->parent->name, "uart@9000") == 0);
	EXPECT(!(idle->flags & IORESOURCE_BUSY) && strcmp(idle->name, "uart@a000") == 0);
	EXPECT(!resource_at(PERIPH_PHYS + 0x1000));
}
