// SPDX-License-Identifier: MIT
/*
 * The boot loader's tag list: boot/atags.c with random lists and random damage, compared with a
 * second reading by index instead of by pointer. Lists stand against the end of RAM, behind which
 * nothing can be read.
 */
#include "fuzz.h"
#include "tag_list.h"
#include <boot/initrd.h>
#include <kernel/params.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>

#include <string.h>

TEST_SUITE("atags_fuzz");

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

/* A list is made tag by tag, damaged or not, and then passed. */
enum { OP_TAG, OP_DAMAGE, OP_PASS, NR_OPS };

#define MOST_WORDS	(MAX_WORDS - 64)	/* there is room for one more tag */

static const u32 tags[] = {
	ATAG_MEM, ATAG_INITRD2, ATAG_SERIAL, ATAG_REVISION, ATAG_CMDLINE, 0x54410004, ATAG_CORE, ATAG_NONE,
};

/* Numbers that a list means something by, or that its arithmetic could stumble over. */
static u32 random_word(void)
{
	static const u32 telling[] = {
		0, 1, 2, 3, 4, 5, 6, 0x3fffffff, 0x40000000, 0x80000000, 0xffffffff, ATAG_CORE, ATAG_MEM,
		ATAG_INITRD2, ATAG_SERIAL, ATAG_REVISION, ATAG_CMDLINE, ATAG_NONE, PHYS_OFFSET, RAM_END,
	};

	return test_random_below(4) ? telling[test_random_below(ARRAY_SIZE(telling))] : test_random();
}

/* Pages of RAM for a bank; letters of a parameter for a command line. */
static u32 random_content(u32 tag)
{
	switch (tag) {
	case ATAG_MEM:
		return test_random_below(RAM) & ~(test_random_below(4) ? 0xfff : 0);
	case ATAG_CMDLINE:
		return 0x61203d62 + test_random_below(4);
	default:
		return random_word();
	}
}

static void list_begin(void)
{
	nr_words = 0;
	core();
}

/* arg[0]: which tag, arg[1]: words behind the two of its header, arg[2] and on: the first of them. */
static void spell_tag(const struct fuzz_op *op)
{
	u32 tag = tags[op->arg[0] % ARRAY_SIZE(tags)], words = op->arg[1] % 16;

	word(2 + words);
	word(tag);
	for (u32 i = 0; i < words; i++)
		word(op->arg[2 + i % 3]);
	if (tag == ATAG_MEM && words)
		list[nr_words - 1] += PHYS_OFFSET;
}

/* Twice, since reading a list changes its text: in front of RAM's end, and by index. */
static bool same_outcome(void)
{
	static struct outcome real, model;
	static u32 copy[MAX_WORDS];
	unsigned int nr = nr_words;

	memcpy(copy, list, sizeof(copy));
	forget_everything();
	nr_words = nr;
	take_outcome(&real, pass());

	memcpy(list, copy, sizeof(copy));
	forget_everything();
	take_outcome(&model, model_list(list, nr));
	return !memcmp(&real, &model, sizeof(real));
}

static bool list_apply(const struct fuzz_op *op)
{
	bool same;

	switch (op->kind) {
	case OP_TAG:
		if (nr_words < MOST_WORDS)
			spell_tag(op);
		return true;
	case OP_DAMAGE:
		list[op->arg[0] % nr_words] = op->arg[1];
		return true;
	default:
		if (op->arg[1])
			none();
		nr_words -= min(op->arg[0], nr_words - 1);
		same = same_outcome();
		list_begin();
		return same;
	}
}

static void list_reset(void)
{
	host_ram_setup(RAM);
	list_begin();
}

static void list_generate(struct fuzz_op *op)
{
	u32 dice = test_random_below(16), tag;

	if (dice < 9) {
		op->kind = OP_TAG;
		op->arg[0] = test_random_below(ARRAY_SIZE(tags) - (dice ? 2 : 0));
		tag = tags[op->arg[0]];
		op->arg[1] = model_least(tag) - 2 + (test_random_below(4) ? 0 : test_random_below(4));
		for (u32 i = 0; i < min(op->arg[1], 3u); i++)
			op->arg[2 + i] = random_content(tag);
	} else if (dice < 13) {
		op->kind = OP_DAMAGE;
		op->arg[0] = test_random_below(64);
		op->arg[1] = random_word();
	} else {
		op->kind = OP_PASS;
		op->arg[0] = test_random_below(4) ? 0 : test_random_below(12);
		op->arg[1] = test_random_below(4);
	}
}

static void list_print(const struct fuzz_op *op, char *text, size_t size)
{
	static const char *const names[NR_OPS] = { "tag", "damage", "pass" };

	snprintf(text, size, "%s %x %x %x %x %x", names[op->kind % NR_OPS], op->arg[0], op->arg[1],
		 op->arg[2], op->arg[3], op->arg[4]);
}

TEST("random lists with random damage are read as far as they make sense, and never beyond")
{
	static const struct fuzz lists = {
		.ops = 1500000, .round = 8000,
		.reset = list_reset, .generate = list_generate,
		.apply = list_apply, .print = list_print,
	};

	EXPECT(fuzz_run(&lists));
}
