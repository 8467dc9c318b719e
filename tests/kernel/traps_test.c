// SPDX-License-Identifier: MIT
/*
 * Exceptions that are resolved, probes of memory that faults, faults in words. What happens in a
 * fault that is not resolved, tests/boot/faults.t sees from outside.
 */
#include <asm/cp15.h>
#include <asm/extable.h>
#include <asm/fault.h>
#include <asm/lowmem.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/stack.h>
#include <asm/traps.h>
#include <kernel/kallsyms.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/probe.h>
#include <kernel/sections.h>
#include <lib/errno.h>
#include <lib/list.h>
#include <lib/string.h>
#include <test.h>

TEST_SUITE("traps");

#define NR_SAVED	14	/* r0-r12 and the flags */
#define APSR		13
#define APSR_FLAGS	0xf8000000u	/* N, Z, C, V, Q */
#define UNMAPPED	(VMALLOC_END + PAGE_SIZE)

typedef void (*register_test)(const u32 *in, u32 *out);

void test_abort_in_arm(const u32 *in, u32 *out);
void test_undef_in_arm(const u32 *in, u32 *out);
void test_svc_in_arm(const u32 *in, u32 *out);
void test_abort_in_thumb(const u32 *in, u32 *out);
void test_undef_in_thumb(const u32 *in, u32 *out);
void test_svc_in_thumb(const u32 *in, u32 *out);
void test_thumb_function(void);

static void expect_registers_kept(register_test run)
{
	u32 in[NR_SAVED], out[NR_SAVED] = { 0 };

	for (unsigned int i = 0; i < NR_SAVED; i++)
		in[i] = test_random();
	in[0] = UNMAPPED;
	in[APSR] &= APSR_FLAGS;
	run(in, out);
	for (unsigned int i = 0; i < APSR; i++)
		EXPECT_EQ(out[i], in[i]);
	EXPECT_EQ(out[APSR] & APSR_FLAGS, in[APSR]);
}

TEST("an abort that is resolved leaves r0 to r12 and the flags as they were")
{
	expect_registers_kept(test_abort_in_arm);
}

TEST("an undefined instruction that is resolved leaves r0 to r12 and the flags as they were")
{
	expect_registers_kept(test_undef_in_arm);
}

TEST("a supervisor call returns to its caller with r0 to r12 and the flags as they were")
{
	expect_registers_kept(test_svc_in_arm);
}

TEST("an exception in Thumb code returns to Thumb code with all registers as they were")
{
	expect_registers_kept(test_abort_in_thumb);
	expect_registers_kept(test_undef_in_thumb);
	expect_registers_kept(test_svc_in_thumb);
}

/* ---- Probes ---- */

TEST("probe_kernel_read copies what can be read, at any alignment and length")
{
	u8 from[32], to[32];

	for (unsigned int i = 0; i < sizeof(from); i++)
		from[i] = test_random();
	for (size_t offset = 0; offset < 4; offset++) {
		for (size_t size = 0; size <= 16; size++) {
			memset(to, 0, sizeof(to));
			EXPECT_EQ(probe_kernel_read(to + 4, from + offset, size), 0);
			EXPECT_EQ(memcmp(to + 4, from + offset, size), 0);
			EXPECT_EQ(to[3], 0);
			EXPECT_EQ(to[4 + size], 0);
		}
	}
}

TEST("probe_kernel_read of an address that is not mapped returns -EFAULT")
{
	u32 word = 42;

	EXPECT_EQ(probe_kernel_read(&word, (void *)UNMAPPED, sizeof(word)), -EFAULT);
	EXPECT_EQ(probe_kernel_read(&word, NULL, 1), -EFAULT);
	EXPECT_EQ(probe_kernel_read(&word, (void *)(TASK_SIZE - 1), 1), -EFAULT);
	EXPECT_EQ(word, 42);
}

TEST("probe_kernel_read that runs into the guard page delivers what comes before it")
{
	u32 words[2] = { 1, 2 };
	const u8 *border = boot_stack.guard;

	EXPECT_EQ(probe_kernel_read(words, border - sizeof(u32), sizeof(words)), -EFAULT);
	EXPECT_EQ(words[0], *(const u32 *)(border - sizeof(u32)));
	EXPECT_EQ(words[1], 2);
}

TEST("the guard page is neither read nor written")
{
	u32 word = 0;

	EXPECT_EQ(probe_kernel_read(&word, boot_stack.guard, sizeof(word)), -EFAULT);
	EXPECT_EQ(probe_kernel_write(boot_stack.guard, &word, sizeof(word)), -EFAULT);
	EXPECT_EQ(probe_kernel_write(boot_stack.stack - 4, &word, 4), -EFAULT);
}

TEST("probe_kernel_write writes what can be written")
{
	u8 buf[8] = { 0 };

	EXPECT_EQ(probe_kernel_write(buf + 1, "abcdef", 6), 0);
	EXPECT_EQ(memcmp(buf, "\0abcdef", 8), 0);
}

TEST("probe_kernel_exec calls ARM and Thumb functions")
{
	EXPECT_EQ(probe_kernel_exec(kallsyms_check), 0);
	EXPECT_EQ(probe_kernel_exec(test_thumb_function), 0);
}

TEST("probe_kernel_exec of an address that is not mapped returns -EFAULT")
{
	EXPECT_EQ(probe_kernel_exec(NULL), -EFAULT);
	EXPECT_EQ(probe_kernel_exec((void *)UNMAPPED), -EFAULT);
	EXPECT_EQ(probe_kernel_exec((void *)(UNMAPPED + 1)), -EFAULT);
}

TEST("the exception table is about kernel text, and no instruction is in it twice")
{
	extable_check();
}

TEST("the vectors are at 0xffff0000, and what follows them is undefined")
{
	const char *vectors = (const char *)CONFIG_VECTORS_BASE;
	size_t bytes = __vectors_end - __vectors_start;
	u32 udf = *(const u32 *)vectors;

	EXPECT(read_sctlr() & CR_V);
	EXPECT_EQ(memcmp(vectors, __vectors_start, bytes), 0);
	for (size_t at = bytes; at < PAGE_SIZE; at += sizeof(udf))
		EXPECT_EQ(*(const u32 *)(vectors + at), udf);
}

/* ---- Faults in words ---- */

struct fsr_example {
	unsigned int fsr;
	enum fault_kind kind;
	const char *name;
};

TEST("every fault status that the CPU or the board makes is known by name")
{
	static const struct fsr_example examples[] = {
		{ 0x001, FAULT_ALIGNMENT, "alignment fault" },
		{ 0x801, FAULT_ALIGNMENT, "alignment fault" },
		{ 0x005, FAULT_TRANSLATION, "section translation fault" },
		{ 0x817, FAULT_TRANSLATION, "page translation fault" },
		{ 0x003, FAULT_ACCESS_FLAG, "section access flag fault" },
		{ 0x006, FAULT_ACCESS_FLAG, "page access flag fault" },
		{ 0x029, FAULT_DOMAIN, "section domain fault" },
		{ 0x01b, FAULT_DOMAIN, "page domain fault" },
		{ 0x80d, FAULT_PERMISSION, "section permission fault" },
		{ 0x00f, FAULT_PERMISSION, "page permission fault" },
		{ 0x00e, FAULT_EXTERNAL, "external abort on the walk of the level-2 table" },
		{ 0x406, FAULT_EXTERNAL, "asynchronous external abort" },
		{ 0x1008, FAULT_EXTERNAL, "external abort" },
		{ 0x000, FAULT_OTHER, "reserved fault status" },
		{ 0x40f, FAULT_OTHER, "reserved fault status" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(examples); i++) {
		const struct fsr_info *info = fsr_lookup(examples[i].fsr);

		EXPECT_EQ(info->kind, examples[i].kind);
		EXPECT_EQ(strcmp(info->name, examples[i].name), 0);
	}
}

struct verdict_example {
	struct fault fault;
	const char *words;	/* the verdict contains them */
};

static void expect_verdicts(const struct verdict_example *examples, unsigned int nr)
{
	struct pt_regs regs = { .ARM_sp = (unsigned long)boot_stack.stack };
	char verdict[160];

	for (unsigned int i = 0; i < nr; i++) {
		struct fault fault = examples[i].fault;

		fault.regs = &regs;
		fault_verdict(verdict, sizeof(verdict), &fault);
		if (!EXPECT(strstr(verdict, examples[i].words) != NULL))
			test_note("expected \"%s\" in \"%s\"", examples[i].words, verdict);
	}
}

#define ADDR(x)	((unsigned long)(x))

TEST("a verdict names the mistake that an address gives away")
{
	const struct verdict_example examples[] = {
		{ { 12, ACCESS_READ, FAULT_TRANSLATION, NULL }, "member at offset 12" },
		{ { 0, ACCESS_EXECUTE, FAULT_TRANSLATION, NULL }, "call through a NULL pointer" },
		{ { ADDR(LIST_POISON1), ACCESS_WRITE, FAULT_TRANSLATION, NULL },
		  "deleted list entry (LIST_POISON1)" },
		{ { ADDR(&LIST_POISON2->prev), ACCESS_READ, FAULT_TRANSLATION, NULL },
		  "deleted list entry (LIST_POISON2)" },
		{ { ADDR(boot_stack.guard), ACCESS_WRITE, FAULT_TRANSLATION, NULL },
		  "stack overflow" },
		{ { ADDR(early_trap_init), ACCESS_EXECUTE, FAULT_PERMISSION, NULL },
		  "freed init code: early_trap_init was __init" },
		{ { 1, ACCESS_READ, FAULT_ALIGNMENT, NULL }, "not aligned" },
		{ { ADDR(boot_stack.guard) + 1, ACCESS_WRITE, FAULT_ALIGNMENT, NULL },
		  "not aligned" },
	};

	expect_verdicts(examples, ARRAY_SIZE(examples));
}

TEST("a verdict names what the region of an address forbids")
{
	static u32 data;
	const struct verdict_example examples[] = {
		{ { ADDR(printk), ACCESS_WRITE, FAULT_PERMISSION, NULL },
		  "write to read-only kernel text" },
		{ { ADDR(__start_rodata), ACCESS_WRITE, FAULT_PERMISSION, NULL },
		  "write to read-only kernel constants" },
		{ { ADDR(__start_rodata), ACCESS_EXECUTE, FAULT_PERMISSION, NULL },
		  "execute of never-execute kernel constants" },
		{ { ADDR(&data), ACCESS_EXECUTE, FAULT_PERMISSION, NULL },
		  "execute of never-execute kernel data" },
		{ { ADDR(_end), ACCESS_EXECUTE, FAULT_PERMISSION, NULL },
		  "execute of never-execute lowmem" },
		{ { CONFIG_VECTORS_BASE, ACCESS_WRITE, FAULT_PERMISSION, NULL },
		  "write to read-only vectors page" },
	};

	expect_verdicts(examples, ARRAY_SIZE(examples));
}

TEST("a verdict names the region of an address where nothing is mapped")
{
	const struct { unsigned long addr; const char *words; } regions[] = {
		{ PAGE_SIZE, "user address from kernel mode" },
		{ TASK_SIZE - 1, "user address from kernel mode" },
		{ TASK_SIZE, "gap above user space" },
		{ MODULES_VADDR, "modules area" },
		{ PKMAP_BASE, "pkmap area" },
		{ ADDR(high_memory) - 1, "a hole in lowmem" },
		{ ADDR(high_memory), "gap between lowmem and the vmalloc area" },
		{ VMALLOC_START, "area" },	/* whose last, suite vmalloc looks at */
		{ VMALLOC_END - 1, "ioremap area" },
		{ VMALLOC_END, "never mapped" },
		{ FIXADDR_START, "fixmap area" },
		{ FIXADDR_END - 1, "slot 0 of the fixmap" },
		{ FIXADDR_END, "never mapped" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(regions); i++) {
		struct verdict_example example = {
			{ regions[i].addr, ACCESS_READ, FAULT_TRANSLATION, NULL }, regions[i].words,
		};

		expect_verdicts(&example, 1);
	}
}

TEST("a verdict on a push or pop by a stack pointer that is in no stack says that it is lost")
{
	struct pt_regs regs = { .ARM_sp = UNMAPPED };
	struct fault fault = { UNMAPPED - 4, ACCESS_WRITE, FAULT_TRANSLATION, &regs };
	char verdict[160];

	fault_verdict(verdict, sizeof(verdict), &fault);
	EXPECT(strstr(verdict, "stack pointer is lost") != NULL);
	fault.addr = UNMAPPED + PAGE_SIZE;
	fault_verdict(verdict, sizeof(verdict), &fault);
	EXPECT(strstr(verdict, "stack pointer is lost") == NULL);
}

/* ---- Warnings ---- */

TEST("a warning is counted, gives its condition back, and goes on")
{
	unsigned int count = warn_count;
	int loglevel = console_loglevel;

	console_loglevel = 0;
	EXPECT(WARN_ON(count == warn_count, "on purpose"));
	EXPECT(!WARN_ON(count == warn_count, "not true any more"));
	console_loglevel = loglevel;
	EXPECT_EQ(warn_count, count + 1);
	warn_count = count;
}
