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
		.ops = 250000, .round = 4000,
		.reset = list_reset, .generate = list_generate,
		.apply = list_apply, .print = list_print,
	};

	EXPECT(fuzz_run(&lists));
}
