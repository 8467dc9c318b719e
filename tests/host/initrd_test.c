// SPDX-License-Identifier: MIT
/*
 * The initial ramdisk: boot/initrd.c, on a real memblock.
 */
#include "boot_machine.h"
#include <boot/initrd.h>
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/handoff.h>
#include <mm/memblock.h>

TEST_SUITE("initrd");

/* As arm_memblock_init() does: banks, the kernel, then the initrd that was noted before. */
static void boot_with_banks(phys_addr_t hole_start, phys_addr_t hole_end)
{
	machine_is(MIB(128), MIB(96));
	memblock_add(PHYS_OFFSET, hole_start - PHYS_OFFSET);
	memblock_add(hole_end, probed_ram_end - hole_end);
	memblock_reserve(kernel_image_start(), kernel_image_end() - kernel_image_start());
	arm_memblock_reserve_initrd();
}

static void boot_with_initrd(phys_addr_t start, phys_addr_t size)
{
	EXPECT_EQ(set_phys_initrd(start, size), 0);
	boot_with_banks(0x63000000, 0x63100000);
}

#define EXPECT_DROPPED(message)							\
	do {									\
		EXPECT(host_log_has(message));					\
		EXPECT_EQ(initrd_start, 0);					\
		EXPECT_EQ(phys_initrd_size, 0);					\
		EXPECT_EQ(memblock.reserved.cnt, 1);				\
	} while (0)

TEST("no initrd, no message")
{
	boot_with_banks(0x63000000, 0x63100000);
	EXPECT_EQ(initrd_start, 0);
	EXPECT(host_log()[0] == '\0');
}

TEST("the pages of an initrd are reserved, and its virtual address is known to the byte")
{
	boot_with_initrd(0x62000123, 0x2000);
	EXPECT_EQ(initrd_start, __phys_to_virt(0x62000123));
	EXPECT_EQ(initrd_end, __phys_to_virt(0x62002123));
	EXPECT(memblock_is_reserved(0x62000000));
	EXPECT(memblock_is_reserved(0x62002fff));
	EXPECT(!memblock_is_reserved(0x62003000));
	EXPECT(host_log_has("initrd 0x62000123-0x62002122: 12 KiB reserved"));
}

TEST("an initrd may end where a bank ends")
{
	boot_with_initrd(0x62fff000, 0x1000);
	EXPECT(initrd_start != 0);
}

TEST("an initrd outside RAM is dropped")
{
	boot_with_initrd(0x70000000, 0x1000);
	EXPECT_DROPPED("initrd 0x70000000-0x70000fff: not in RAM: ignored");
}

TEST("an initrd below RAM, or at either end of the address space, is dropped")
{
	static const phys_addr_t starts[] = { 0, 0x1000, 0x5fffffff, 0xfffff000 };

	boot_with_banks(0x63000000, 0x63100000);
	for (unsigned int i = 0; i < 4; i++) {
		host_log_clear();
		EXPECT_EQ(set_phys_initrd(starts[i], i ? 0xfff : 0xffffffff), 0);
		arm_memblock_reserve_initrd();
		EXPECT_DROPPED("not in RAM");
	}
}

TEST("an initrd that reaches into a hole is dropped")
{
	boot_with_initrd(0x62fff000, 0x1001);
	EXPECT_DROPPED("initrd 0x62fff000-0x63000000: not in RAM: ignored");
}

TEST("an initrd in high memory, or half in it, is dropped")
{
	boot_with_initrd(0x65fff000, 0x2000);
	EXPECT_DROPPED("not in lowmem: ignored");
}

TEST("an initrd that shares a page with the kernel is dropped")
{
	boot_with_initrd(0x6000b000, 0x1001);
	EXPECT_DROPPED("overlaps the kernel: ignored");
}

TEST("an initrd over other reserved memory is dropped")
{
	memblock_reserve(0x62001000, 0x1000);
	EXPECT_EQ(set_phys_initrd(0x62000000, 0x1001), 0);
	boot_with_banks(0x63000000, 0x63100000);
	EXPECT(host_log_has("overlaps memory that is in use: ignored"));
	EXPECT_EQ(initrd_start, 0);
}

TEST("an initrd that is empty or wraps is refused when it is named")
{
	EXPECT_EQ(set_phys_initrd(0x62000000, 0), -EINVAL);
	EXPECT(host_log_has("initrd at 0x62000000: size 0: ignored"));
	EXPECT_EQ(set_phys_initrd(0xfffff000, 0x1000), -EINVAL);
	EXPECT_EQ(set_phys_initrd(0x100000000ull, 0x1000), -EINVAL);
	EXPECT_EQ(set_phys_initrd(~0ull, ~0ull), -EINVAL);
	EXPECT(host_log_has("reaches beyond 4 GiB: ignored"));
	EXPECT_EQ(phys_initrd_size, 0);
}

TEST("initrd=START,SIZE replaces what the boot loader named")
{
	set_phys_initrd(0x64000000, 0x1000);
	boot_early("initrd=0x62000000,4K");
	EXPECT_EQ(phys_initrd_start, 0x62000000);
	EXPECT_EQ(phys_initrd_size, 0x1000);
}

TEST("an initrd= that cannot be read leaves what the boot loader named")
{
	static const char *const bad[] = {
		"initrd", "initrd=", "initrd=abc", "initrd=0x62000000", "initrd=0x62000000,",
		"initrd=0x62000000,x", "initrd=0x62000000,4Kx", "initrd=0x62000000@4K", "initrd=,4K",
		"initrd=0x62000000,0", "initrd=0xfffff000,64K", "initrd=1,99999999999999999999",
	};
	char line[80];

	set_phys_initrd(0x64000000, 0x1000);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		host_log_clear();
		boot_early(bad[i]);
		snprintf(line, sizeof(line), "Malformed early option '%s': ignored", bad[i]);
		EXPECT(host_log_has(line));
		EXPECT_EQ(phys_initrd_start, 0x64000000);
	}
}

TEST("after memblock's time an initrd can no longer be reserved")
{
	mm_hand_over(MM_BOOTMEM);
	HOST_EXPECT_BUG(arm_memblock_reserve_initrd());
}
