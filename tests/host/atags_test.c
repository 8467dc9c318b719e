// SPDX-License-Identifier: MIT
/*
 * The boot loader's tag list: boot/atags.c. Lists stand against the end of RAM, behind which
 * nothing can be read; see tag_list.h.
 */
#include "tag_list.h"
#include <boot/atags.h>
#include <boot/initrd.h>
#include <kernel/params.h>
#include <lib/errno.h>

#include <string.h>

TEST_SUITE("atags");

TEST("the list that QEMU makes is taken without a word")
{
	begin_list();
	tag2(ATAG_MEM, RAM, PHYS_OFFSET);
	tag2(ATAG_INITRD2, 0x600c0000, 1234);
	cmdline("mem=1M foo", 3);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT_BANKS("60000000-60100000");
	EXPECT_EQ(phys_initrd_start, 0x600c0000);
	EXPECT_EQ(phys_initrd_size, 1234);
	EXPECT(!strcmp(boot_command_line, "mem=1M foo"));
	EXPECT(host_log()[0] == '\0');
}

TEST("each ATAG_MEM is a bank")
{
	begin_list();
	tag2(ATAG_MEM, 0x10000, PHYS_OFFSET);
	tag2(ATAG_MEM, 0x10000, 0x60080000);
	tag2(ATAG_MEM, 0x10000, 0x60040000);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT_BANKS("60000000-60010000 60080000-60090000 60040000-60050000");
}

TEST("revision and serial number are kept and shown")
{
	begin_list();
	word(3);
	word(ATAG_REVISION);
	word(0x1190);
	tag2(ATAG_SERIAL, 0x89abcdef, 0x01234567);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT_EQ(system_rev, 0x1190);
	EXPECT_EQ(system_serial_low, 0x89abcdef);
	EXPECT_EQ(system_serial_high, 0x01234567);
	EXPECT(host_log_has("Board revision 1190"));
	EXPECT(host_log_has("Board serial number 0123456789abcdef"));
}

TEST("an ATAG_CORE may be bare, and an ATAG_NONE may have a size")
{
	begin_list();
	nr_words = 0;
	word(2);
	word(ATAG_CORE);
	tag2(ATAG_MEM, RAM, PHYS_OFFSET);
	word(2);
	word(ATAG_NONE);
	EXPECT_EQ(pass(), 0);
	EXPECT_BANKS("60000000-60100000");
	EXPECT(host_log()[0] == '\0');
}

TEST("without a list there is nothing to take, and that is said")
{
	begin_list();
	EXPECT_EQ(setup_machine_tags(0, 0), -ENOENT);
	EXPECT(host_log_has("No ATAGs: a bare ELF"));
	EXPECT(!host_log_has("Machine type"));
	EXPECT_BANKS("");
}

TEST("another machine type is named and the list taken all the same")
{
	begin_list();
	tag2(ATAG_MEM, RAM, PHYS_OFFSET);
	none();
	memcpy(__va(PHYS_OFFSET + 0x100), list, nr_words * 4);
	EXPECT_EQ(setup_machine_tags(PHYS_OFFSET + 0x100, 0x183), 0);
	EXPECT(host_log_has("Machine type 0x183: this kernel knows 0x8e0"));
	EXPECT_BANKS("60000000-60100000");
}

/* Boot with a pointer that is no place for a list. */
static void expect_refused(phys_addr_t atags, const char *why)
{
	host_log_clear();
	EXPECT_EQ(setup_machine_tags(atags, MACH_TYPE_VEXPRESS), -EINVAL);
	if (!EXPECT(host_log_has(why)))
		test_note("0x%08x: %s", atags, host_log());
	EXPECT(host_log_has("No ATAGs are taken"));
}

TEST("a pointer outside RAM that is mapped is not followed")
{
	begin_list();
	expect_refused(4, "ATAG pointer 0x00000004: not in RAM that is mapped, 0x60000000-0x600fffff");
	expect_refused(PHYS_OFFSET - 4, "not in RAM that is mapped");
	expect_refused(RAM_END, "not in RAM that is mapped");
	expect_refused(0xfffffffc, "not in RAM that is mapped");
	machine_is(MIB(1024), MIB(760));
	expect_refused(PHYS_OFFSET + MIB(760), "not in RAM that is mapped, 0x60000000-0x8f7fffff");
}

TEST("a pointer that is not word-aligned is not followed")
{
	begin_list();
	expect_refused(PHYS_OFFSET + 0x101, "ATAG pointer 0x60000101: not word-aligned");
	expect_refused(PHYS_OFFSET + 0x102, "not word-aligned");
	expect_refused(RAM_END - 1, "not word-aligned");
}

TEST("a pointer into the kernel, or its first-level table, is not followed")
{
	begin_list();
	expect_refused(0x6000c000, "ATAG pointer 0x6000c000: inside the kernel, 0x6000c000-0x6008ffff");
	expect_refused(0x60010000, "inside the kernel");
	expect_refused(0x6008fffc, "inside the kernel");
}

TEST("a pointer to the last word of RAM has no room for a tag")
{
	begin_list();
	expect_refused(RAM_END - 4, "ATAG pointer 0x600ffffc: no room for a tag");
}

TEST("a device tree is recognised and named")
{
	begin_list();
	list[0] = 0xedfe0dd0;
	EXPECT_EQ(pass(), -EINVAL);
	EXPECT(host_log_has("a device tree: not understood"));
}

TEST("a list that does not begin with an ATAG_CORE is none")
{
	static const u32 bad_sizes[] = { 0, 1, 3, 4, 6, 0xffffffff };

	for (unsigned int i = 0; i < sizeof(bad_sizes) / sizeof(bad_sizes[0]); i++) {
		begin_list();
		list[0] = bad_sizes[i];
		none();
		EXPECT_EQ(pass(), -EINVAL);
		EXPECT(host_log_has("is not the ATAG_CORE of 2 or 5 that begins a list"));
	}
	begin_list();
	nr_words = 0;
	tag2(ATAG_MEM, RAM, PHYS_OFFSET);
	none();
	EXPECT_EQ(pass(), -EINVAL);
	EXPECT(host_log_has("ATAG at 0x600fffe8: tag 0x54410002 of 4 words is not the ATAG_CORE"));
	EXPECT_BANKS("");
}

TEST("an ATAG_CORE that reaches over the end of RAM is not read")
{
	begin_list();
	nr_words = 3;
	EXPECT_EQ(pass(), 0);
	EXPECT(host_log_has("ATAG at 0x600ffff4: tag 0x54410001 with size 5 words, but only 3 may follow: list ends here"));
}

TEST("a tag too short for its kind ends the list, and what came before stays taken")
{
	begin_list();
	tag2(ATAG_MEM, 0x10000, PHYS_OFFSET);
	word(3);
	word(ATAG_MEM);
	word(RAM);
	tag2(ATAG_MEM, 0x10000, 0x60080000);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT_BANKS("60000000-60010000");
	EXPECT(host_log_has("ATAG at 0x600fffdc: ATAG_MEM with size 3 words, needs 4: ignored, list ends here"));
}

TEST("each kind has its least size")
{
	static const struct { u32 tag, size; const char *message; } bad[] = {
		{ ATAG_MEM, 2, "ATAG_MEM with size 2 words, needs 4" },
		{ ATAG_INITRD2, 3, "ATAG_INITRD2 with size 3 words, needs 4" },
		{ ATAG_SERIAL, 3, "ATAG_SERIAL with size 3 words, needs 4" },
		{ ATAG_REVISION, 2, "ATAG_REVISION with size 2 words, needs 3" },
		{ ATAG_CMDLINE, 2, "ATAG_CMDLINE with size 2 words, needs 3" },
	};

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin_list();
		word(bad[i].size);
		word(bad[i].tag);
		none();
		none();
		EXPECT_EQ(pass(), 0);
		EXPECT(host_log_has(bad[i].message));
	}
}

TEST("a size that cannot be true ends the list")
{
	static const u32 sizes[] = { 0, 1, 5, 0x3fffffff, 0x40000000, 0x80000001, 0xffffffff };

	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		begin_list();
		word(sizes[i]);
		word(ATAG_MEM);
		word(RAM);
		word(PHYS_OFFSET);
		EXPECT_EQ(pass(), 0);
		EXPECT_BANKS("");
		EXPECT(host_log_has("ATAG at 0x600ffff0: tag 0x54410002 with size"));
		EXPECT(host_log_has("list ends here"));
	}
}

TEST("unknown tags are named and skipped, many of them counted")
{
	begin_list();
	for (unsigned int i = 0; i < 12; i++)
		tag2(0x54410100 + i, 1, 2);
	tag2(ATAG_MEM, RAM, PHYS_OFFSET);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT_BANKS("60000000-60100000");
	EXPECT(host_log_has("unknown tag 0x54410100 of 4 words: skipped"));
	EXPECT(host_log_has("unknown tag 0x54410107"));
	EXPECT(!host_log_has("0x54410108"));
	EXPECT(host_log_has("4 more unknown tags skipped"));
}

TEST("a list without end stops at the end of RAM")
{
	begin_list();
	tag2(ATAG_MEM, RAM, PHYS_OFFSET);
	EXPECT_EQ(pass(), 0);
	EXPECT_BANKS("60000000-60100000");
	EXPECT(host_log_has("ATAG list at 0x600fffdc: no ATAG_NONE within 36 bytes: list ends there"));
}

/* An ATAG_CORE, and then ATAG_REVISIONs that count up to the end of the kernel's RAM. */
static void endless_list(phys_addr_t at)
{
	u32 *words = __va(at);

	begin_list();
	nr_words = 0;
	word(2);
	word(ATAG_CORE);
	memcpy(words, list, 8);
	for (unsigned int n = 2; n + 4 < MAX_WORDS; n += 4)
		memcpy(&words[n], (u32[]){ 4, ATAG_REVISION, n, 0 }, 16);
}

TEST("a list without end stops after 16 KiB")
{
	endless_list(0x600a0000);
	EXPECT_EQ(setup_machine_tags(0x600a0000, MACH_TYPE_VEXPRESS), 0);
	EXPECT_EQ(system_rev, 4090);
	EXPECT(host_log_has("ATAG at 0x600a3ff8: tag 0x54410007 with size 4 words, but only 2 may follow: list ends here"));
}

TEST("a list without end stops in front of the kernel")
{
	phys_addr_t at = kernel_image_start() - 10 * 4;

	endless_list(at);
	EXPECT_EQ(setup_machine_tags(at, MACH_TYPE_VEXPRESS), 0);
	EXPECT_EQ(system_rev, 6);
	EXPECT(host_log_has("ATAG list at 0x6000bfd8: no ATAG_NONE within 40 bytes: list ends there"));
}

TEST("a command line that is not terminated ends with its tag")
{
	begin_list();
	cmdline("alpha=12", 2);
	EXPECT_EQ(pass(), 0);
	EXPECT(!strcmp(boot_command_line, "alpha=12"));
	EXPECT(host_log_has("ATAG_CMDLINE: not terminated within its 8 bytes"));
}

TEST("a command line that is too long is cut")
{
	static char text[1200];

	memset(text, 'x', sizeof(text));
	memcpy(text, "alpha=1 ", 8);
	text[1100] = '\0';
	begin_list();
	cmdline(text, 300);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT(!strcmp(boot_command_line, "alpha=1"));
	EXPECT(host_log_has("Command line of 1100 characters, room for 1023: cut behind 7"));
}

TEST("a second command line replaces the first and is named")
{
	begin_list();
	cmdline("alpha", 2);
	cmdline("beta", 2);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT(!strcmp(boot_command_line, "beta"));
	EXPECT(host_log_has("a second command line: replaces the first"));
}

TEST("a bank or an initrd that is refused is named with its tag's address")
{
	begin_list();
	tag2(ATAG_MEM, MIB(64), 0x10000000);
	tag2(ATAG_INITRD2, 0x60080000, 0);
	tag2(ATAG_INITRD2, 0xffff0000, 0x20000);
	tag2(ATAG_MEM, RAM, PHYS_OFFSET);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT_BANKS("60000000-60100000");
	EXPECT_EQ(phys_initrd_size, 0);
	EXPECT(host_log_has("ATAG at 0x600fffb8: ATAG_MEM: ignored"));
	EXPECT(host_log_has("initrd at 0x60080000: size 0: ignored"));
	EXPECT(host_log_has("ATAG at 0x600fffc8: ATAG_INITRD2: ignored"));
	EXPECT(host_log_has("initrd of 131072 bytes at 0xffff0000: reaches beyond 4 GiB: ignored"));
}

TEST("another page size than the kernel's is named")
{
	begin_list();
	list[3] = 0x10000;
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT(host_log_has("ATAG_CORE: page size 65536; this kernel has 4096"));
}
