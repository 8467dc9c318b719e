// SPDX-License-Identifier: MIT
/*
 * What is left of the boot loader's word once the kernel runs: boot/params.c, boot/meminfo.c and
 * boot/initrd.c. Their parsers are gone by now, so these tests look at what they left;
 * tests/boot/inputs.t passes the command lines and the initrd that some of them wait for, and tests
 * the parsers themselves.
 */
#include <boot/initrd.h>
#include <boot/meminfo.h>
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <test.h>

TEST_SUITE("bootparam");

static char *early_value, *late_value;
static unsigned int early_calls;
static unsigned long initrd_sum;
static bool initrd_sum_given;

static int __init bootparam_early(char *value)
{
	early_value = value;
	early_calls++;
	return 0;
}
early_param("bootparam_early", bootparam_early);

static int __init bootparam(char *value)
{
	late_value = value;
	return 0;
}
__setup("bootparam=", bootparam);

static int __init bootparam_initrd_sum(char *value)
{
	initrd_sum_given = kstrtoul(value, 0, &initrd_sum) == 0;
	return initrd_sum_given ? 0 : -EINVAL;
}
__setup("bootparam_initrd_sum=", bootparam_initrd_sum);

TEST("the command line is terminated text")
{
	size_t length = strnlen(boot_command_line, COMMAND_LINE_SIZE);

	ASSERT(length < COMMAND_LINE_SIZE);
	for (size_t i = 0; i < length; i++)
		EXPECT((unsigned char)boot_command_line[i] >= ' ');
}

TEST("a value stays where its handler got it, after the init sections are gone")
{
	if (!late_value)
		SKIP("needs bootparam=\"kept for good\" bootparam_early=\"kept for good\"");
	EXPECT_EQ(strcmp(late_value, "kept for good"), 0);
	ASSERT(early_value);
	EXPECT_EQ(strcmp(early_value, "kept for good"), 0);
}

TEST("an early handler runs once for each time that its parameter is given")
{
	const char *p = boot_command_line;
	unsigned int given = 0;

	while ((p = strstr(p, "bootparam_early"))) {
		given++;
		p++;
	}
	EXPECT_EQ(early_calls, given);
}

/* With several nodes a bank may be several regions of memblock's. */
static bool bank_is_memory(const struct membank *bank)
{
	unsigned long pfn;

	for (pfn = bank_pfn_start(bank); pfn < bank_pfn_end(bank); pfn++)
		if (!pfn_valid(pfn))
			return false;
	return true;
}

TEST("the memory banks are sound, and memblock knows the same memory")
{
	phys_addr_t bytes = 0;
	unsigned int i;

	meminfo_check();
	for_each_bank(i, &meminfo) {
		bytes += meminfo.bank[i].size;
		EXPECT(bank_is_memory(&meminfo.bank[i]));
	}
	EXPECT_EQ(bytes, memblock_phys_mem_size());
}

TEST("high memory begins where lowmem ends, in the banks as in the zones")
{
	unsigned int i;

	EXPECT_EQ(high_memory, phys_to_virt(arm_lowmem_limit - 1) + 1);
	for_each_bank(i, &meminfo) {
		const struct membank *bank = &meminfo.bank[i];

		EXPECT_EQ(PageHighMem(pfn_to_page(bank_pfn_start(bank))), bank->highmem);
		EXPECT_EQ(PageHighMem(pfn_to_page(bank_pfn_end(bank) - 1)), bank->highmem);
	}
}

TEST("the pages of an initrd are reserved, and not given to anybody")
{
	if (!initrd_start)
		SKIP("there is no initrd");
	EXPECT_EQ(virt_to_phys((void *)initrd_start), phys_initrd_start);
	EXPECT_EQ(initrd_end - initrd_start, phys_initrd_size);
	for (unsigned long addr = initrd_start & PAGE_MASK; addr < initrd_end; addr += PAGE_SIZE)
		EXPECT(PageReserved(virt_to_page((void *)addr)));
}

TEST("an initrd is what the boot loader put there")
{
	unsigned long sum = 0;

	if (!initrd_start || !initrd_sum_given)
		SKIP("needs an initrd and bootparam_initrd_sum=");
	for (unsigned long addr = initrd_start; addr < initrd_end; addr++)
		sum = sum * 31 + *(const u8 *)addr;
	EXPECT_EQ(sum, initrd_sum);
}
