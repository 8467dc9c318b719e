// SPDX-License-Identifier: MIT
/*
 * The kernel's text changed on purpose: patch_text(), and breakpoints that go on. Also while all
 * CPUs execute what is changed.
 */
#include <asm/break.h>
#include <asm/fixmap.h>
#include <asm/patch.h>
#include <asm/pgalloc.h>
#include <asm/ptdump.h>
#include <kernel/cpumask.h>
#include <kernel/kallsyms.h>
#include <kernel/probe.h>
#include <kernel/sections.h>
#include <kernel/smp.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/mm_struct.h>
#include <mm/vmalloc.h>
#include <test.h>
#include "crew.h"

TEST_SUITE("patch");

u32 patch_arm(void), patch_thumb(void), patch_thumb_wide(void), patch_literal(void),
	patch_thumb_literal(void), patch_thumb_leave(void), patch_conditional(u32 number),
	patch_load(const u32 *p);
extern char patch_exclusive[], patch_exclusive_thumb[];

/* MOV r0, #number, as each function has it. */
static const struct target {
	u32 (*func)(void);
	u32 mov;
} targets[] = {
	{ patch_arm, 0xe3a00000 },
	{ patch_thumb, 0x2000 },
	{ patch_thumb_wide, 0xf2400000 },
};

static atomic_t nr_wrong;

static void call_and_compare(void *info)
{
	const u32 *expected = info;

	for (unsigned int i = 0; i < ARRAY_SIZE(targets); i++)
		if (targets[i].func() != *expected)
			atomic_inc(&nr_wrong);
}

static void expect_everywhere(u32 number)
{
	atomic_set(&nr_wrong, 0);
	on_each_cpu(call_and_compare, &number, true);
	EXPECT_EQ(atomic_read(&nr_wrong), 0);
}

static void patch_all(u32 number)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(targets); i++)
		EXPECT_EQ(patch_text(targets[i].func, targets[i].mov + number), 0);
}

TEST("an instruction of the text is replaced for every CPU: ARM, Thumb, and across two pages")
{
	expect_everywhere(1);
	patch_all(77);
	expect_everywhere(77);
	EXPECT_EQ(read_insn_at(patch_arm), 0xe3a00000 + 77);
	EXPECT_EQ(read_insn_at(patch_thumb_wide), 0xf2400000 + 77);
	patch_all(1);
	expect_everywhere(1);
}

TEST("the text is read-only before, after and at its own address, and no slot stays set")
{
	u32 insn = read_insn_at(patch_arm);

	EXPECT_EQ(patch_text(patch_arm, insn), 0);
	EXPECT(probe_kernel_write((void *)patch_arm, &insn, sizeof(insn)) != 0);
	EXPECT(pte_none(*fixmap_pte(FIX_TEXT_POKE0)) && pte_none(*fixmap_pte(FIX_TEXT_POKE1)));
	EXPECT(probe_kernel_read(&insn, (void *)fix_to_virt(FIX_TEXT_POKE0), sizeof(insn)) != 0);
	EXPECT_EQ(pgtable_check() + ptdump_check_wx(), 0);
}

TEST("what is no instruction of the kernel's is refused")
{
	static u32 data;

	EXPECT_EQ(patch_text(&data, 0), -EINVAL);
	EXPECT_EQ(patch_text((char *)patch_arm + 2, 0), -EINVAL);
	EXPECT_EQ(patch_text(NULL, 0), -EINVAL);
	EXPECT_EQ(patch_text(__inittext_begin, 0), -EINVAL);
	EXPECT_EQ(patch_text(__start_rodata, 0), -EINVAL);
}

/* ---- While it is executed ---- */

#define NR_PATCHES	9

static bool over;

/* They do anyway, if there is a CPU for them. */
static void let_others_run(void)
{
	if (num_online_cpus() == 1)
		yield();
}

/* Calls, all the time; what it gets is old or new, nothing else. */
static int call_until_over(void *data)
{
	const struct target *target = data;
	unsigned int wrong = 0;

	while (!READ_ONCE(over)) {
		u32 got = target->func();

		wrong += got < 1 || got > 9;
	}
	return wrong;
}

TEST("all CPUs execute an instruction while it is replaced, and each time it is the old one or the new one")
{
	struct task_struct *tasks[2 * ARRAY_SIZE(targets)];

	WRITE_ONCE(over, false);
	if (!make_threads(tasks, ARRAY_SIZE(targets), call_until_over, (void *)targets,
			  sizeof(targets[0]), ANY_CPU))
		return;
	if (make_threads(tasks + ARRAY_SIZE(targets), ARRAY_SIZE(targets), call_until_over,
			 (void *)targets, sizeof(targets[0]), ANY_CPU)) {
		start_threads(tasks, 2 * ARRAY_SIZE(targets));
		for (u32 i = 0; i < test_repeats(NR_PATCHES); i++) {
			patch_all(i % 9 + 1);
			expect_everywhere(i % 9 + 1);
			let_others_run();
		}
		WRITE_ONCE(over, true);
		for (unsigned int i = 0; i < 2 * ARRAY_SIZE(targets); i++)
			EXPECT_EQ(join_thread(tasks[i]), 0);
	} else {
		for (unsigned int i = 0; i < ARRAY_SIZE(targets); i++)
			stop_thread(tasks[i]);
	}
	patch_all(1);
	expect_everywhere(1);
}

/* ---- Breakpoints ---- */

static const struct {
	u32 (*func)(void);
	u32 result;
} broken[] = {
	{ patch_arm, 1 }, { patch_thumb, 1 }, { patch_thumb_wide, 1 },
	{ patch_literal, 0x12345678 }, { patch_thumb_literal, 0x87654321 },
};

TEST("a breakpoint counts each time that its function is called, and the function does what it did")
{
	for (unsigned int i = 0; i < ARRAY_SIZE(broken); i++) {
		int nr = set_break(broken[i].func, 1);

		ASSERT(nr >= 0);
		for (unsigned int n = 0; n < 5; n++)
			EXPECT_EQ(broken[i].func(), broken[i].result);
		EXPECT_EQ(break_hits(nr), 5);
		EXPECT_EQ(set_break(broken[i].func, 1), -EEXIST);
		EXPECT_EQ(clear_break(nr), 0);
		EXPECT_EQ(broken[i].func(), broken[i].result);
		EXPECT_EQ(break_hits(nr), 5);
		EXPECT_EQ(clear_break(nr), -ENOENT);
	}
	EXPECT_EQ(pgtable_check(), 0);
}

TEST("registers, stack and interrupt mask are after a hit as without it")
{
	int nr = set_break(kallsyms_code(kallsyms_lookup_name("snprintf")), 1);
	char text[32];
	unsigned long flags;

	ASSERT(nr >= 0);
	snprintf(text, sizeof(text), "%d %s %x %d", 1, "two", 3, 4);
	EXPECT(strcmp(text, "1 two 3 4") == 0);
	local_irq_save(flags);
	snprintf(text, sizeof(text), "%d", 5);
	EXPECT(irqs_disabled());
	local_irq_restore(flags);
	snprintf(text, sizeof(text), "%d", 6);
	EXPECT(!irqs_disabled());
	EXPECT_EQ(break_hits(nr), 3);
	clear_break(nr);
}

TEST("a breakpoint in what prints its hits is hit, and the print comes to an end")
{
	int nr = set_break(kallsyms_code(kallsyms_lookup_name("vsnprintf")), 1000);
	unsigned int hits;

	ASSERT(nr >= 0);
	test_note("a line");
	hits = break_hits(nr);
	clear_break(nr);
	EXPECT(hits >= 2);
}

TEST("a breakpoint in what sets breakpoints is hit, and they are set and cleared")
{
	static const char *const names[] = { "__set_fixmap_slot", "flush_tlb_kernel_page" };

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		int nr = set_break(kallsyms_code(kallsyms_lookup_name(names[i])), 0);

		ASSERT(nr >= 0);
		patch_all(2);
		expect_everywhere(2);
		patch_all(1);
		expect_everywhere(1);
		EXPECT_EQ(clear_break(nr), 0);
		EXPECT(break_hits(nr) > 2 * ARRAY_SIZE(targets));
	}
}

/* A page of the vmalloc area that @mm does not know yet; NULL, and a failed check, if there is no memory. */
static u32 *unknown_page(const struct mm_struct *mm)
{
	u32 *p = __vmalloc_node_range(PAGE_SIZE, PMD_SIZE, VMALLOC_START, VMALLOC_END,
				      GFP_KERNEL | __GFP_ZERO, PAGE_KERNEL, 0, NUMA_NO_NODE, _RET_IP_);

	return EXPECT(p) && EXPECT(pmd_none(*pmd_off(mm, (unsigned long)p))) ? p : NULL;
}

TEST("an instruction that stands in for another faults, and what answers that has a breakpoint")
{
	int load = set_break(patch_load, 0), fault;
	struct mm_struct *mm = mm_alloc();
	u32 *p = mm ? unknown_page(mm) : NULL;

	fault = set_break(kallsyms_code(kallsyms_lookup_name("copy_kernel_pmd")), 0);
	EXPECT(load >= 0 && fault >= 0);
	if (p) {
		*p = 5;
		use_mm(mm);
		EXPECT_EQ(patch_load(p), 5);
		EXPECT(!irqs_disabled());
		local_irq_enable();
		unuse_mm(mm);
		EXPECT_EQ(break_hits(load), 1);
		EXPECT_EQ(break_hits(fault), 1);
	}
	clear_break(fault);
	clear_break(load);
	vfree(p);
	if (mm)
		mmput(mm);
}

static void call_often(void *info)
{
	for (unsigned int i = 0; i < test_repeats(100); i++)
		if (patch_arm() != 1 || patch_thumb() != 1)
			atomic_inc(info);
}

TEST("all CPUs hit a breakpoint at once, and none is missed")
{
	int arm = set_break(patch_arm, 0), thumb = set_break(patch_thumb, 0);
	atomic_t wrong = ATOMIC_INIT(0);

	on_each_cpu(call_often, &wrong, true);
	EXPECT_EQ(break_hits(arm), num_online_cpus() * test_repeats(100));
	EXPECT_EQ(break_hits(thumb), num_online_cpus() * test_repeats(100));
	clear_break(arm);
	clear_break(thumb);
	EXPECT_EQ(atomic_read(&wrong), 0);
}

TEST("breakpoints come and go while all CPUs run into them")
{
	struct task_struct *tasks[ARRAY_SIZE(targets)];
	unsigned int hits = 0;

	WRITE_ONCE(over, false);
	if (!make_threads(tasks, ARRAY_SIZE(targets), call_until_over, (void *)targets,
			  sizeof(targets[0]), ANY_CPU))
		return;
	start_threads(tasks, ARRAY_SIZE(targets));
	for (unsigned int i = 0; i < test_repeats(NR_PATCHES); i++) {
		int nr = set_break(targets[i % ARRAY_SIZE(targets)].func, 0);

		let_others_run();
		targets[i % ARRAY_SIZE(targets)].func();
		clear_break(nr);
		hits += break_hits(nr);
	}
	WRITE_ONCE(over, true);
	for (unsigned int i = 0; i < ARRAY_SIZE(targets); i++)
		EXPECT_EQ(join_thread(tasks[i]), 0);
	EXPECT(hits >= test_repeats(NR_PATCHES));
	expect_everywhere(1);
}

TEST("behind LDREX and STREX there can be a breakpoint")
{
	const void *const places[] = { patch_exclusive + 12, patch_exclusive_thumb + 12 };

	for (unsigned int i = 0; i < ARRAY_SIZE(places); i++) {
		int nr = set_break(places[i], 0);

		EXPECT(nr >= 0);
		clear_break(nr);
	}
}

TEST("where no breakpoint can be, none is set: in data, where exceptions are handled, on a branch")
{
	EXPECT_EQ(set_break(__start_rodata, 1), -EINVAL);
	EXPECT_EQ(set_break(kallsyms_code(kallsyms_lookup_name("do_undefinstr")), 1), -EINVAL);
	EXPECT_EQ(set_break(kallsyms_code(kallsyms_lookup_name("break_exception")), 1), -EINVAL);
	EXPECT_EQ(set_break(kallsyms_code(kallsyms_lookup_name("__probe_copy_word")), 1), -EINVAL);
	EXPECT_EQ(set_break((char *)patch_arm + 4, 1), -EINVAL);
	EXPECT_EQ(set_break(patch_exclusive + 4, 1), -EINVAL);
	EXPECT_EQ(set_break(patch_exclusive_thumb + 4, 1), -EINVAL);
	EXPECT_EQ(set_break(patch_thumb_leave, 1), -EINVAL);
	EXPECT_EQ(set_break((char *)patch_conditional + 4, 1), -EINVAL);
	EXPECT_EQ(set_break((char *)patch_conditional + 6, 1), -EINVAL);
	EXPECT_EQ(set_break(NULL, 1), -EINVAL);
}
