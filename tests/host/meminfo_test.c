// SPDX-License-Identifier: MIT
/*
 * Memory banks: boot/meminfo.c, by example, and at random against a map of single pages.
 */
#include "boot_machine.h"
#include "fuzz.h"
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/memblock.h>

TEST_SUITE("meminfo");

TEST("a bank of whole pages in RAM is taken as it is named, without a word")
{
	machine_is(MIB(128), MIB(760));
	EXPECT_EQ(arm_add_memory(0x60000000, MIB(128)), 0);
	EXPECT_BANKS("60000000-68000000");
	EXPECT(host_log()[0] == '\0');
}

TEST("a bank that is not page-aligned is cut inwards")
{
	machine_is(MIB(128), MIB(760));
	EXPECT_EQ(arm_add_memory(0x60000001, 0x2ffe), 0);
	EXPECT_BANKS("60001000-60002000");
	EXPECT(host_log_has("Memory bank 0x60000001-0x60002ffe: not page-aligned: cut to 0x60001000-0x60001fff"));
}

TEST("a bank without a whole page is refused")
{
	machine_is(MIB(128), MIB(760));
	EXPECT_EQ(arm_add_memory(0x60000800, 0x1000), -EINVAL);
	EXPECT(host_log_has("Memory bank of 4 KiB at 0x60000800: has no whole page: ignored"));
	EXPECT_EQ(arm_add_memory(0x60000000, 0xfff), -EINVAL);
	EXPECT_EQ(arm_add_memory(0x60000000, 0), -EINVAL);
	EXPECT(host_log_has("Memory bank of 0 KiB at 0x60000000: empty: ignored"));
	EXPECT_BANKS("");
}

TEST("a bank that wraps around 4 GiB is refused")
{
	machine_is(MIB(128), MIB(760));
	EXPECT_EQ(arm_add_memory(0x60000000, 0xa0001000), -EINVAL);
	EXPECT(host_log_has("reaches beyond 4 GiB"));
	EXPECT_EQ(arm_add_memory(0x160000000ull, MIB(64)), -EINVAL);
	EXPECT_EQ(arm_add_memory(0x60000000, ~0ull), -EINVAL);
	EXPECT_EQ(arm_add_memory(~0ull, ~0ull), -EINVAL);
	EXPECT_EQ(arm_add_memory(~0ull, 1), -EINVAL);
	EXPECT_BANKS("");
}

TEST("a bank outside RAM is refused, one partly outside is clipped")
{
	machine_is(MIB(128), MIB(760));
	EXPECT_EQ(arm_add_memory(0x10000000, MIB(64)), -EINVAL);
	EXPECT(host_log_has("Memory bank of 65536 KiB at 0x10000000: outside RAM: ignored"));
	EXPECT_EQ(arm_add_memory(0x68000000, MIB(64)), -EINVAL);
	EXPECT_BANKS("");
	EXPECT_EQ(arm_add_memory(0x67000000, MIB(64)), 0);
	EXPECT(host_log_has("Memory bank 0x67000000-0x6affffff: RAM is only 0x67000000-0x67ffffff of it"));
	EXPECT_EQ(arm_add_memory(0x50000000, 0x10001000), 0);
	EXPECT_BANKS("67000000-68000000 60000000-60001000");
}

TEST("the whole address space but its last byte is RAM where there is RAM")
{
	machine_is(MIB(1024), MIB(760));
	EXPECT_EQ(arm_add_memory(0, 0xffffffff), 0);
	EXPECT_BANKS("60000000-a0000000");
}

TEST("of banks that overlap each page is counted once")
{
	machine_is(MIB(128), MIB(760));
	arm_add_memory(0x61000000, MIB(1));
	arm_add_memory(0x63000000, MIB(1));
	EXPECT_EQ(arm_add_memory(0x60000000, MIB(128)), 0);
	EXPECT_BANKS("61000000-61100000 63000000-63100000 "
		     "60000000-61000000 61100000-63000000 63100000-68000000");
	EXPECT(host_log_has("Memory bank 0x60000000-0x67ffffff: overlaps 0x61000000-0x610fffff: counted once"));
	EXPECT(host_log_has("overlaps 0x63000000-0x630fffff: counted once"));
	host_log_clear();
	EXPECT_EQ(arm_add_memory(0x60800000, MIB(2)), 0);
	EXPECT_EQ(meminfo.nr_banks, 5);
	EXPECT(host_log_has("counted once"));
}

TEST("banks that only touch do not overlap")
{
	machine_is(MIB(128), MIB(760));
	arm_add_memory(0x61000000, MIB(1));
	arm_add_memory(0x61100000, MIB(1));
	arm_add_memory(0x60f00000, MIB(1));
	EXPECT_BANKS("61000000-61100000 61100000-61200000 60f00000-61000000");
	EXPECT(host_log()[0] == '\0');
}

TEST("a bank too many is refused and named")
{
	machine_is(MIB(128), MIB(760));
	for (unsigned int i = 0; i < NR_BANKS - 2; i++)
		EXPECT_EQ(arm_add_memory(0x60800000 + i * 0x2000, 0x1000), 0);
	EXPECT(host_log()[0] == '\0');
	EXPECT_EQ(arm_add_memory(0x61000000, MIB(1)), -ENOSPC);
	EXPECT(host_log_has("Memory bank 0x61000000-0x610fffff: there are 14 banks already: ignored"));
	EXPECT_EQ(meminfo.nr_banks, NR_BANKS - 2);
}

TEST("there is always room for the kernel's own bank and for a split")
{
	machine_is(MIB(128), MIB(16));
	arm_add_memory(0x60800000, MIB(16));
	for (unsigned int i = 1; i < NR_BANKS - 2; i++)
		arm_add_memory(0x62000000 + i * 0x2000, 0x1000);
	sanity_check_meminfo();
	EXPECT_EQ(meminfo.nr_banks, NR_BANKS);
	EXPECT_EQ(bank_phys_end(&meminfo.bank[0]), 0x60090000);
	EXPECT_EQ(bank_phys_end(&meminfo.bank[1]), 0x61000000);
}

TEST("the first mem= discards what the boot loader named, each further one adds a bank")
{
	machine_is(MIB(128), MIB(760));
	arm_add_memory(0x60000000, MIB(128));
	boot_early("mem=16M mem=0x4000K@0x62000000 mem=1M@1664M");
	EXPECT_BANKS("60000000-61000000 62000000-63000000");
	EXPECT(host_log_has("0x68000000: outside RAM"));
	EXPECT(host_log_has("Malformed early option 'mem=1M@1664M': ignored"));
}

TEST("a mem= that cannot be read, or is not RAM, leaves the banks as they were")
{
	static const char *const bad[] = {
		"mem", "mem=", "mem=0", "mem=abc", "mem=12Q", "mem=-1", "mem=64M@", "mem=64M@abc",
		"mem=64M@0x60000000x", "mem=64M,16M", "mem=@0x60000000", "mem=1", "mem=4095",
		"mem=16M@0", "mem=16M@0xfff00000", "mem=99999999999999999999", "mem=17179869184G",
		"mem=64M@99999999999999999999", "mem=4G@4G",
	};
	char line[64];

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		machine_is(MIB(128), MIB(760));
		arm_add_memory(0x60000000, MIB(128));
		host_log_clear();
		boot_early(bad[i]);
		EXPECT_BANKS("60000000-68000000");
		snprintf(line, sizeof(line), "Malformed early option '%s': ignored", bad[i]);
		if (!EXPECT(host_log_has(line)))
			test_note("with %s: %s", bad[i], host_log());
	}
	boot_early("mem=0 mem=abc mem=32M mem=0");
	EXPECT_BANKS("60000000-62000000");
}

TEST("without any bank all RAM that answers is taken")
{
	machine_is(MIB(64), MIB(760));
	sanity_check_meminfo();
	EXPECT_BANKS("60000000-64000000");
	EXPECT(host_log_has("No usable memory bank was passed: taking all RAM that answers, 0x60000000-0x63ffffff"));
	EXPECT(host_log_has("Memory bank 0: 0x60000000-0x63ffffff  65536 KiB lowmem"));
}

TEST("the kernel's own memory is added back to banks that leave it out")
{
	machine_is(MIB(128), MIB(760));
	arm_add_memory(0x64000000, MIB(16));
	sanity_check_meminfo();
	EXPECT_BANKS("6000c000-60090000 64000000-65000000");
	EXPECT(host_log_has("The kernel at 0x6000c000-0x6008ffff is not in any memory bank: added back"));
}

TEST("banks that have a part of the kernel are united with it")
{
	machine_is(MIB(128), MIB(760));
	arm_add_memory(0x60080000, MIB(16));
	arm_add_memory(0x60020000, 0x1000);
	arm_add_memory(0x60000000, 0xd000);
	arm_add_memory(0x62000000, 0x1000);
	sanity_check_meminfo();
	EXPECT_BANKS("60000000-61080000 62000000-62001000");
}

TEST("banks that together have all of the kernel are left alone")
{
	machine_is(MIB(128), MIB(760));
	arm_add_memory(0x60050000, MIB(16));
	arm_add_memory(0x60000000, 0x50000);
	sanity_check_meminfo();
	EXPECT_BANKS("60000000-60050000 60050000-61050000");
	EXPECT(!host_log_has("added back"));
}

TEST("a bank is split where lowmem ends, and what is above is high memory")
{
	machine_is(MIB(1024), MIB(760));
	arm_add_memory(0x98000000, MIB(64));
	arm_add_memory(0x60000000, MIB(800));
	sanity_check_meminfo();
	EXPECT_BANKS("60000000-8f800000 8f800000-92000000 H 98000000-9c000000 H");
	EXPECT_EQ(arm_lowmem_limit, 0x8f800000);
	EXPECT_EQ(high_memory, __va(0x8f800000));
	EXPECT_EQ(memblock_get_current_limit(), 0x8f800000);
}

TEST("lowmem ends with the highest bank in it")
{
	machine_is(MIB(1024), MIB(760));
	arm_add_memory(0x90000000, MIB(64));
	arm_add_memory(0x60000000, MIB(64));
	sanity_check_meminfo();
	EXPECT_BANKS("60000000-64000000 90000000-94000000 H");
	EXPECT_EQ(arm_lowmem_limit, 0x64000000);
	EXPECT_EQ(memblock_get_current_limit(), 0x64000000);
}

TEST("a machine with too little lowmem is refused with the numbers")
{
	machine_is(MIB(128), MIB(760));
	arm_add_memory(0x60000000, MIB(1));
	HOST_EXPECT_BUG(sanity_check_meminfo());
	EXPECT(host_log_has("Too little memory: 1024 KiB of lowmem in all, the kernel takes 528 KiB and needs 1024 KiB more"));
}

TEST("the check finds each way in which banks can be broken")
{
	static const struct meminfo good = {
		.nr_banks = 2,
		.bank = { { 0x60000000, MIB(16), 0 }, { 0x62000000, MIB(16), 1 } },
	};
	machine_is(MIB(64), MIB(32));
	meminfo = good;
	meminfo_check();
#define BREAK(what) do { meminfo = good; what; HOST_EXPECT_BUG(meminfo_check()); } while (0)
	BREAK(meminfo.nr_banks = 0);
	BREAK(meminfo.nr_banks = NR_BANKS + 1);
	BREAK(meminfo.bank[0].start += 1);
	BREAK(meminfo.bank[0].size += 0x800);
	BREAK(meminfo.bank[1].size = 0);
	BREAK(meminfo.bank[1].size = MIB(33));
	BREAK(meminfo.bank[1].start = 0x60f00000);
	BREAK(meminfo.bank[0].start = 0x5ffff000);
	BREAK(meminfo.bank[0].highmem = 1);
	BREAK(meminfo.bank[1].highmem = 0);
	BREAK(meminfo.bank[0].start = 0x60080000);
	BREAK(meminfo.bank[0].size = 0x20000);
	BREAK(swap(meminfo.bank[0], meminfo.bank[1]));
}

/*
 * The model: one mark for each page of a small machine, and a count of banks, because there is room
 * for a few only.
 */
#define MODEL_PAGES	1024

static bool model[MODEL_PAGES];
static unsigned int model_banks;
static bool model_done;		/* sanity_check_meminfo() has run: the next operation begins anew */

/* No bank has been named. */
static void forget_banks(void)
{
	meminfo.nr_banks = 0;
	memset(model, 0, sizeof(model));
	model_banks = 0;
	model_done = false;
}

static void banks_reset(void)
{
	machine_is(MODEL_PAGES * PAGE_SIZE, MIB(760));
	boot_early("mem=4K");		/* so that no later mem= is the first */
	forget_banks();
}

/* Add pages [first, end) as banks: each run of unmarked pages is one, while there is room. */
static int model_add_pages(long first, long end)
{
	int err = 0;

	for (long i = first; i < end; ) {
		long run = i;

		while (run < end && !model[run])
			run++;
		if (run > i && model_banks >= NR_BANKS - 2)
			err = -ENOSPC;
		else if (run > i)
			model_banks++;
		for (; i < run; i++)
			model[i] = err == 0;
		while (i < end && model[i])
			i++;
		if (err)
			break;
	}
	return err;
}

/* In pages relative to PHYS_OFFSET, in arithmetic so wide that nothing wraps. */
static int model_add(u64 start, u64 size)
{
	long double last = (long double)start + size;
	u64 end = start + size;
	long first_page, end_page;

	if (size == 0 || last > 4294967296.0L)
		return -EINVAL;
	first_page = (long)((start + PAGE_SIZE - 1) / PAGE_SIZE) - (long)PHYS_PFN_OFFSET;
	end_page = (long)(end / PAGE_SIZE) - (long)PHYS_PFN_OFFSET;
	first_page = max(first_page, 0l);
	end_page = min(end_page, (long)MODEL_PAGES);
	if (first_page >= end_page)
		return -EINVAL;
	return model_add_pages(first_page, end_page);
}

/* Everything that sanity_check_meminfo() promises. Return: is there enough lowmem? */
static bool model_sanity(void)
{
	unsigned int image_first = PHYS_PFN(kernel_image_start()) - PHYS_PFN_OFFSET;
	unsigned int image_end = PHYS_PFN(kernel_image_end()) - PHYS_PFN_OFFSET;
	unsigned int limit = PHYS_PFN(arm_lowmem_limit) - PHYS_PFN_OFFSET;
	unsigned int i, lowmem = 0;

	if (!model_banks)
		memset(model, true, sizeof(model));
	for (i = image_first; i < image_end; i++)
		model[i] = true;
	for (i = 0; i < MODEL_PAGES && i < limit; i++)
		lowmem += model[i];
	return lowmem >= image_end - image_first + MIB(1) / PAGE_SIZE;
}

static bool banks_match_model(void)
{
	static unsigned char marks[MODEL_PAGES];
	unsigned int i;

	memset(marks, 0, sizeof(marks));
	for_each_bank(i, &meminfo)
		for (unsigned long pfn = bank_pfn_start(&meminfo.bank[i]);
		     pfn < bank_pfn_end(&meminfo.bank[i]); pfn++)
			marks[pfn - PHYS_PFN_OFFSET]++;
	return !memcmp(marks, model, sizeof(marks));
}

enum { ADD, MEM_PARAM, SANITY, NR_KINDS };

/* An address near the machine's RAM, or anywhere. */
static u32 random_address(void)
{
	u32 near = PHYS_OFFSET + test_random_below((MODEL_PAGES + 8) * PAGE_SIZE) - 4 * PAGE_SIZE;

	switch (test_random_below(8)) {
	case 0:
		return test_random();
	case 1:
		return near;
	default:
		return near & PAGE_MASK;
	}
}

static void banks_generate(struct fuzz_op *op)
{
	u32 dice = test_random_below(32);

	op->kind = dice == 0 ? SANITY : dice < 8 ? MEM_PARAM : ADD;
	op->arg[0] = random_address();
	op->arg[1] = test_random_below(16) ? test_random_below(dice * 16 * PAGE_SIZE + 1) : test_random();
	if (test_random_below(4))
		op->arg[1] &= PAGE_MASK;
	op->arg[2] = test_random_below(64) == 0;	/* beyond 4 GiB */
	op->arg[3] = test_random_below(MODEL_PAGES);
}

static bool apply_sanity(u32 limit_page)
{
	phys_addr_t limit = PHYS_OFFSET + limit_page * PAGE_SIZE;

	arm_lowmem_limit = max(limit, kernel_image_end());
	limit = arm_lowmem_limit;
	if (model_sanity()) {
		sanity_check_meminfo();
		meminfo_check();
		if (arm_lowmem_limit > limit || high_memory != __va(arm_lowmem_limit))
			return false;
	} else {
		HOST_EXPECT_BUG(sanity_check_meminfo());
	}
	model_done = true;
	return banks_match_model();
}

static bool banks_apply(const struct fuzz_op *op)
{
	u64 start = op->arg[0], size = op->arg[1];
	char line[64];
	int err;

	if (model_done)
		forget_banks();
	start += op->arg[2] ? 1ull << 32 : 0;
	host_log_clear();
	switch (op->kind) {
	case SANITY:
		return apply_sanity(op->arg[3] % MODEL_PAGES);
	case MEM_PARAM:
		snprintf(line, sizeof(line), "mem=%llu@0x%llx", size, start);
		boot_early(line);
		err = model_add(start, size);
		return host_log_has("Malformed") == (err != 0) && banks_match_model();
	default:
		err = model_add(start, size);
		return arm_add_memory(start, size) == err && banks_match_model() &&
		       (!err || host_log_has("ignored"));
	}
}

static void banks_print(const struct fuzz_op *op, char *text, size_t size)
{
	if (op->kind == SANITY)
		snprintf(text, size, "sanity_check_meminfo() with lowmem of %u pages",
			 op->arg[3] % MODEL_PAGES);
	else
		snprintf(text, size, "%s 0x%s%08x, 0x%x", op->kind == ADD ? "arm_add_memory" : "mem=",
			 op->arg[2] ? "1" : "", op->arg[0], op->arg[1]);
}

TEST("random banks agree with a map of single pages")
{
	static const struct fuzz banks = {
		.ops = 1000000, .round = 4000,
		.reset = banks_reset, .generate = banks_generate,
		.apply = banks_apply, .print = banks_print,
	};

	EXPECT(fuzz_run(&banks));
}
