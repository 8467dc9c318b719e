// SPDX-License-Identifier: MIT
/*
 * The boot loader's tag list: boot/atags.c. Lists stand against the end of RAM, behind which nothing can be
 * read; then random lists with random damage, compared with a second reading by index instead of pointer.
 */
#include "boot_machine.h"
#include "fuzz.h"
#include <boot/atags.h>
#include <boot/initrd.h>
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>

#include <string.h>

TEST_SUITE("atags");

#define RAM		MIB(1)
#define RAM_END		(PHYS_OFFSET + RAM)
#define MAX_WORDS	(ATAG_LIST_MAX / 4 + 64)

static u32 list[MAX_WORDS];
static unsigned int nr_words;

static void forget_everything(void)
{
	machine_is(RAM, MIB(760));
	nr_words = 0;
	boot_command_line[0] = '\0';
	phys_initrd_start = phys_initrd_size = 0;
	system_rev = system_serial_low = system_serial_high = 0;
	host_log_clear();
}

static void word(u32 value)
{
	list[nr_words++] = value;
}

static void tag2(u32 tag, u32 a, u32 b)
{
	word(4);
	word(tag);
	word(a);
	word(b);
}

static void core(void)
{
	word(5);
	word(ATAG_CORE);
	word(1);
	word(PAGE_SIZE);
	word(0);
}

static void cmdline(const char *text, unsigned int words)
{
	word(2 + words);
	word(ATAG_CMDLINE);
	memset(&list[nr_words], 0, words * 4);
	memcpy(&list[nr_words], text, min_t(size_t, strlen(text), words * 4));
	nr_words += words;
}

static void none(void)
{
	word(0);
	word(ATAG_NONE);
}

static void begin(void)
{
	host_ram_setup(RAM);
	forget_everything();
	core();
}

/* Put the list where its last word is RAM's last, and boot with it. */
static int pass(void)
{
	phys_addr_t at = RAM_END - nr_words * 4;

	memcpy(__va(at), list, nr_words * 4);
	return setup_machine_tags(at, MACH_TYPE_VEXPRESS);
}

TEST("the list that QEMU makes is taken without a word")
{
	begin();
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
	begin();
	tag2(ATAG_MEM, 0x10000, PHYS_OFFSET);
	tag2(ATAG_MEM, 0x10000, 0x60080000);
	tag2(ATAG_MEM, 0x10000, 0x60040000);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT_BANKS("60000000-60010000 60080000-60090000 60040000-60050000");
}

TEST("revision and serial number are kept and shown")
{
	begin();
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
	begin();
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
	begin();
	EXPECT_EQ(setup_machine_tags(0, 0), -ENOENT);
	EXPECT(host_log_has("No ATAGs: a bare ELF"));
	EXPECT(!host_log_has("Machine type"));
	EXPECT_BANKS("");
}

TEST("another machine type is named and the list taken all the same")
{
	begin();
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
	begin();
	expect_refused(4, "ATAG pointer 0x00000004: not in RAM that is mapped, 0x60000000-0x600fffff");
	expect_refused(PHYS_OFFSET - 4, "not in RAM that is mapped");
	expect_refused(RAM_END, "not in RAM that is mapped");
	expect_refused(0xfffffffc, "not in RAM that is mapped");
	machine_is(MIB(1024), MIB(760));
	expect_refused(PHYS_OFFSET + MIB(760), "not in RAM that is mapped, 0x60000000-0x8f7fffff");
}

TEST("a pointer that is not word-aligned is not followed")
{
	begin();
	expect_refused(PHYS_OFFSET + 0x101, "ATAG pointer 0x60000101: not word-aligned");
	expect_refused(PHYS_OFFSET + 0x102, "not word-aligned");
	expect_refused(RAM_END - 1, "not word-aligned");
}

TEST("a pointer into the kernel, or its first-level table, is not followed")
{
	begin();
	expect_refused(0x6000c000, "ATAG pointer 0x6000c000: inside the kernel, 0x6000c000-0x6008ffff");
	expect_refused(0x60010000, "inside the kernel");
	expect_refused(0x6008fffc, "inside the kernel");
}

TEST("a pointer to the last word of RAM has no room for a tag")
{
	begin();
	expect_refused(RAM_END - 4, "ATAG pointer 0x600ffffc: no room for a tag");
}

TEST("a device tree is recognised and named")
{
	begin();
	list[0] = 0xedfe0dd0;
	EXPECT_EQ(pass(), -EINVAL);
	EXPECT(host_log_has("a device tree: not understood"));
}

TEST("a list that does not begin with an ATAG_CORE is none")
{
	static const u32 bad_sizes[] = { 0, 1, 3, 4, 6, 0xffffffff };

	for (unsigned int i = 0; i < sizeof(bad_sizes) / sizeof(bad_sizes[0]); i++) {
		begin();
		list[0] = bad_sizes[i];
		none();
		EXPECT_EQ(pass(), -EINVAL);
		EXPECT(host_log_has("is not the ATAG_CORE of 2 or 5 that begins a list"));
	}
	begin();
	nr_words = 0;
	tag2(ATAG_MEM, RAM, PHYS_OFFSET);
	none();
	EXPECT_EQ(pass(), -EINVAL);
	EXPECT(host_log_has("ATAG at 0x600fffe8: tag 0x54410002 of 4 words is not the ATAG_CORE"));
	EXPECT_BANKS("");
}

TEST("an ATAG_CORE that reaches over the end of RAM is not read")
{
	begin();
	nr_words = 3;
	EXPECT_EQ(pass(), 0);
	EXPECT(host_log_has("ATAG at 0x600ffff4: tag 0x54410001 with size 5 words, but only 3 may follow: list ends here"));
}

TEST("a tag too short for its kind ends the list, and what came before stays taken")
{
	begin();
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
		begin();
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
		begin();
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
	begin();
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
	begin();
	tag2(ATAG_MEM, RAM, PHYS_OFFSET);
	EXPECT_EQ(pass(), 0);
	EXPECT_BANKS("60000000-60100000");
	EXPECT(host_log_has("ATAG list at 0x600fffdc: no ATAG_NONE within 36 bytes: list ends there"));
}

/* An ATAG_CORE, and then ATAG_REVISIONs that count up to the end of the kernel's RAM. */
static void endless_list(phys_addr_t at)
{
	u32 *words = __va(at);

	begin();
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
	begin();
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
	begin();
	cmdline(text, 300);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT(!strcmp(boot_command_line, "alpha=1"));
	EXPECT(host_log_has("Command line of 1100 characters, room for 1023: cut behind 7"));
}

TEST("a second command line replaces the first and is named")
{
	begin();
	cmdline("alpha", 2);
	cmdline("beta", 2);
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT(!strcmp(boot_command_line, "beta"));
	EXPECT(host_log_has("a second command line: replaces the first"));
}

TEST("a bank or an initrd that is refused is named with its tag's address")
{
	begin();
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
	begin();
	list[3] = 0x10000;
	none();
	EXPECT_EQ(pass(), 0);
	EXPECT(host_log_has("ATAG_CORE: page size 65536; this kernel has 4096"));
}

/* The second reading: by index, with everything that a list may change as the result. */
static void model_tag(const u32 *t)
{
	switch (t[1]) {
	case ATAG_MEM:
		arm_add_memory(t[3], t[2]);
		break;
	case ATAG_INITRD2:
		if (t[3] && (u64)t[2] + t[3] <= 0xffffffff) {
			phys_initrd_start = t[2];
			phys_initrd_size = t[3];
		}
		break;
	case ATAG_SERIAL:
		system_serial_low = t[2];
		system_serial_high = t[3];
		break;
	case ATAG_REVISION:
		system_rev = t[2];
		break;
	case ATAG_CMDLINE:
		set_boot_command_line((const char *)&t[2], (t[0] - 2) * 4);
		break;
	}
}

static u32 model_least(u32 tag)
{
	switch (tag) {
	case ATAG_MEM:
	case ATAG_INITRD2:
	case ATAG_SERIAL:
		return 4;
	case ATAG_REVISION:
	case ATAG_CMDLINE:
		return 3;
	default:
		return 2;
	}
}

static int model_list(const u32 *w, u64 n)
{
	if (n < 2 || w[1] != ATAG_CORE || (w[0] != 2 && w[0] != 5))
		return -EINVAL;
	for (u64 i = 0; i + 2 <= n && w[i + 1] != ATAG_NONE; i += w[i]) {
		if (w[i] < model_least(w[i + 1]) || i + w[i] > n)
			break;
		model_tag(&w[i]);
	}
	return 0;
}

/* Everything that a list can change, for comparison. */
struct outcome {
	int ret;
	struct meminfo meminfo;
	char line[COMMAND_LINE_SIZE];
	u32 initrd_start, initrd_size, rev, serial_low, serial_high;
};

static void take_outcome(struct outcome *o, int ret)
{
	memset(o, 0, sizeof(*o));
	o->ret = ret;
	o->meminfo.nr_banks = meminfo.nr_banks;
	memcpy(o->meminfo.bank, meminfo.bank, meminfo.nr_banks * sizeof(meminfo.bank[0]));
	strcpy(o->line, boot_command_line);
	o->initrd_start = phys_initrd_start;
	o->initrd_size = phys_initrd_size;
	o->rev = system_rev;
	o->serial_low = system_serial_low;
	o->serial_high = system_serial_high;
}

/* A generator of its own for the list that seed arg[0] stands for. */
static u32 state;

static u32 draw(u32 below)
{
	state = state * 1664525u + 1013904223u;
	return (u32)(((u64)state * below) >> 32);
}

static u32 draw_word(void)
{
	static const u32 telling[] = {
		0, 1, 2, 3, 4, 5, 6, 0x3fffffff, 0x40000000, 0x80000000, 0xffffffff, ATAG_CORE, ATAG_MEM,
		ATAG_INITRD2, ATAG_SERIAL, ATAG_REVISION, ATAG_CMDLINE, ATAG_NONE, PHYS_OFFSET, RAM_END,
	};

	return draw(4) ? telling[draw(sizeof(telling) / sizeof(telling[0]))] : draw(0xffffffff);
}

static void spell_tag(void)
{
	static const u32 tags[] = { ATAG_MEM, ATAG_INITRD2, ATAG_SERIAL, ATAG_REVISION, ATAG_CMDLINE, 0x54410004 };
	u32 tag = tags[draw(6)], words = model_least(tag) - 2 + (draw(4) ? 0 : draw(4));

	word(2 + words);
	word(tag);
	while (words--)
		word(tag == ATAG_MEM ? draw(RAM) & ~(draw(4) ? 0xfff : 0) :
		     tag == ATAG_CMDLINE ? 0x61203d62 + draw(4) : draw_word());
	if (tag == ATAG_MEM)
		list[nr_words - 1] += PHYS_OFFSET;
}

/* arg[0]: seed of the list, arg[1]: words damaged, arg[2]: words cut off at its end. */
static void spell_list(const struct fuzz_op *op)
{
	u32 cut = op->arg[2];

	state = op->arg[0];
	core();
	for (u32 tags = draw(12); tags; tags--)
		spell_tag();
	none();
	for (u32 i = 0; i < op->arg[1] % 16; i++)
		list[draw(nr_words)] = draw_word();
	nr_words -= min(cut, nr_words - 1);
}

static void list_reset(void)
{
	host_ram_setup(RAM);
}

static void list_generate(struct fuzz_op *op)
{
	op->arg[0] = test_random();
	op->arg[1] = test_random_below(6);
	op->arg[2] = test_random_below(4) ? 0 : test_random_below(12);
}

static bool list_apply(const struct fuzz_op *op)
{
	static struct outcome real, model;

	forget_everything();
	spell_list(op);
	take_outcome(&real, pass());

	forget_everything();
	spell_list(op);
	take_outcome(&model, model_list(list, nr_words));
	return !memcmp(&real, &model, sizeof(real));
}

static void list_print(const struct fuzz_op *op, char *text, size_t size)
{
	size_t used;

	nr_words = 0;
	spell_list(op);
	used = scnprintf(text, size, "list of %u words:", nr_words);
	for (unsigned int i = 0; i < nr_words; i++)
		used += scnprintf(text + used, size - used, " %x", list[i]);
}

TEST("random lists with random damage are read as far as they make sense, and never beyond")
{
	static const struct fuzz lists = {
		.ops = 200000, .round = 200,
		.reset = list_reset, .generate = list_generate,
		.apply = list_apply, .print = list_print,
	};

	EXPECT(fuzz_run(&lists));
}
