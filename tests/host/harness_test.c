// SPDX-License-Identifier: MIT
/*
 * The harness itself: RAM, BUG and WARN, the log, and that planted bugs are found and shrunk.
 *
 * The toy is a stack of at most TOY_MAX numbers; its model is a counter and a sum. TOY_BUG chooses
 * what is wrong with it: a wrong sum, a write past the end that only AddressSanitizer sees, or a
 * shift that only UBSan sees.
 */
#include "host.h"
#include "fuzz.h"
#include <asm/irqflags.h>
#include <asm/page.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <lib/vsprintf.h>

#include <stdlib.h>

TEST_SUITE("harness");

enum toy_bug { TOY_NONE, TOY_WRONG_SUM, TOY_OVERFLOW, TOY_SHIFT };
enum toy_kind { TOY_PUSH, TOY_POP, TOY_CLEAR, TOY_KINDS };

#define TOY_MAX		6

static enum toy_bug toy_bug;
static u32 *toy;
static unsigned int toy_depth;
static u32 model_depth, model_sum;

static void toy_reset(void)
{
	free(toy);
	toy = malloc(TOY_MAX * sizeof(*toy));
	toy_depth = model_depth = model_sum = 0;
}

static void toy_generate(struct fuzz_op *op)
{
	op->kind = test_random_below(TOY_KINDS);
	op->arg[0] = test_random_below(100);
}

/* The planted bugs need a full stack; the first one also a number above 40 on top. */
static void toy_push_to_full(u32 value)
{
	if (toy_bug == TOY_OVERFLOW)
		toy[toy_depth] = value;
	if (toy_bug == TOY_SHIFT)
		toy[0] = 1 << (31 + toy_depth);
	if (toy_bug == TOY_WRONG_SUM && value > 40)
		toy[TOY_MAX - 1]++;
}

static void toy_push(u32 value)
{
	if (toy_depth == TOY_MAX)
		toy_push_to_full(value);
	else
		toy[toy_depth++] = value;
	if (model_depth < TOY_MAX) {
		model_depth++;
		model_sum += value;
	}
}

static void toy_pop(void)
{
	if (toy_depth == 0)
		return;
	model_depth--;
	model_sum -= toy[--toy_depth];
}

static bool toy_apply(const struct fuzz_op *op)
{
	u32 sum = 0, i;

	if (op->kind == TOY_PUSH)
		toy_push(op->arg[0]);
	else if (op->kind == TOY_POP)
		toy_pop();
	else
		toy_depth = model_depth = model_sum = 0;
	for (i = 0; i < toy_depth; i++)
		sum += toy[i];
	return EXPECT_EQ(toy_depth, model_depth) && EXPECT_EQ(sum, model_sum);
}

static void toy_print(const struct fuzz_op *op, char *text, size_t size)
{
	static const char *const names[] = { "push", "pop", "clear" };

	snprintf(text, size, "%s %u", names[op->kind], op->arg[0]);
}

static const struct fuzz toy_fuzz = {
	.ops = 20000, .round = 500,
	.reset = toy_reset, .generate = toy_generate, .apply = toy_apply, .print = toy_print,
};

/* The smallest sequence that fails: TOY_MAX + 1 pushes, all of 0 but perhaps the last. */
static void expect_smallest(const struct fuzz_result *r, u32 last)
{
	unsigned int i;

	ASSERT(r->failed);
	ASSERT_EQ(r->nr_ops, TOY_MAX + 1);
	for (i = 0; i < r->nr_ops; i++) {
		EXPECT_EQ(r->ops[i].kind, TOY_PUSH);
		EXPECT_EQ(r->ops[i].arg[0], i == TOY_MAX ? last : 0);
	}
}

/* Halving a number above 40 as long as it stays above 40 ends in 41..81. */
TEST("a wrong result is found and shrunk to the smallest sequence")
{
	struct fuzz_result r;

	toy_bug = TOY_WRONG_SUM;
	fuzz_search(&toy_fuzz, 20000, &r);
	ASSERT(r.failed && r.nr_ops == TOY_MAX + 1);
	EXPECT(r.found >= r.nr_ops);
	EXPECT(r.ops[TOY_MAX].arg[0] > 40 && r.ops[TOY_MAX].arg[0] <= 81);
	r.ops[TOY_MAX].arg[0] = 0;
	expect_smallest(&r, 0);
}

TEST("a write past the end is found by AddressSanitizer and shrunk")
{
	struct fuzz_result r;

	toy_bug = TOY_OVERFLOW;
	fuzz_search(&toy_fuzz, 20000, &r);
	expect_smallest(&r, 0);
}

TEST("undefined behaviour is found by UBSan and shrunk")
{
	struct fuzz_result r;

	toy_bug = TOY_SHIFT;
	fuzz_search(&toy_fuzz, 20000, &r);
	expect_smallest(&r, 0);
}

TEST("a toy without a bug survives all operations")
{
	struct fuzz_result r;

	toy_bug = TOY_NONE;
	fuzz_search(&toy_fuzz, 20000, &r);
	EXPECT(!r.failed);
	EXPECT_EQ(r.done, 20000);
}

TEST("the same seed gives the same failing sequence")
{
	struct fuzz_result a, b;

	toy_bug = TOY_WRONG_SUM;
	host_random_seed(7);
	fuzz_search(&toy_fuzz, 20000, &a);
	host_random_seed(7);
	fuzz_search(&toy_fuzz, 20000, &b);
	ASSERT(a.failed && b.failed);
	EXPECT_EQ(a.done, b.done);
	EXPECT_EQ(a.found, b.found);
	EXPECT(!memcmp(a.ops, b.ops, a.nr_ops * sizeof(*a.ops)));
}

TEST("RAM is writable from end to end and linear between physical and virtual")
{
	unsigned long size = 3ul << 20;
	u8 *first, *last;

	host_ram_setup(size);
	first = __va(PHYS_OFFSET);
	last = __va(PHYS_OFFSET + size - 1);
	*first = 1;
	*last = 2;
	EXPECT_EQ(last - first, size - 1);
	EXPECT_EQ(__pa(last), PHYS_OFFSET + size - 1);
}

TEST("RAM begins as junk and setting it up again changes its size")
{
	unsigned long *word;

	host_ram_setup(HOST_RAM_MAX);
	word = __va(PHYS_OFFSET + HOST_RAM_MAX - PAGE_SIZE);
	EXPECT(word[0] != 0 && word[0] != word[1]);
	host_ram_setup(PAGE_SIZE);
	word = __va(PHYS_OFFSET);
	EXPECT(word[0] != 0 && word[0] != word[1]);
}

TEST("the first and the last bytes of the physical address space can be given memory")
{
	host_ram_setup(1ul << 20);
	host_ram_also(0, PAGE_SIZE);
	host_ram_also(-(1ul << 20), 1ul << 20);
	*(u8 *)__va(0) = 1;
	*(u8 *)__va(~0ul) = 2;
	EXPECT_EQ(*(u8 *)__va(0), 1);
	EXPECT_EQ(*(u8 *)__va(~0ul), 2);
}

static void break_order(unsigned int order)
{
	BUG_ON(order > 10, "order %u", order);
}

TEST("a BUG that is expected is caught and its text is in the log")
{
	HOST_EXPECT_BUG(break_order(11));
	EXPECT(host_log_has("order > 10"));
	EXPECT(host_log_has("order 11"));
	HOST_EXPECT_BUG(panic("no %s", "memory"));
	EXPECT(host_log_has("no memory"));
}

TEST("a WARN is counted and evaluates to its condition")
{
	EXPECT(WARN_ON(1, "value %d", 5));
	EXPECT(!WARN_ON(0));
	EXPECT_EQ(host_take_warnings(), 1);
	EXPECT_EQ(host_take_warnings(), 0);
	EXPECT(host_log_has("value 5"));
}

TEST("the log keeps the newest messages when it is full")
{
	unsigned int i;

	for (i = 0; i < 5000; i++)
		pr_info("message number %u of many, to fill the log\n", i);
	EXPECT(host_log_has("number 4999 of"));
	EXPECT(!host_log_has("number 0 of"));
	host_log_clear();
	EXPECT(!host_log_has("number"));
}

TEST("the interrupt mask nests")
{
	unsigned long outer, inner;

	local_irq_save(outer);
	local_irq_save(inner);
	local_irq_restore(inner);
	EXPECT(irqs_disabled());
	local_irq_restore(outer);
	EXPECT(!irqs_disabled());
}

/* ---- CPUs ---- */

static DEFINE_PER_CPU(unsigned int, first) = 7;
static DEFINE_PER_CPU_SHARED_ALIGNED(unsigned int, second);

TEST("each CPU has its own copy of a per-CPU variable, which begins as the template")
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		host_set_cpu(cpu);
		EXPECT_EQ(smp_processor_id(), cpu);
		EXPECT_EQ(__this_cpu_read(first), 7);
		this_cpu_add(first, cpu);
		this_cpu_inc(second);
	}
	host_set_cpu(1);
	this_cpu_dec(first);
	for_each_online_cpu(cpu) {
		EXPECT_EQ(per_cpu(first, cpu), 7 + cpu - (cpu == 1));
		EXPECT_EQ(per_cpu(second, cpu), 1);
		EXPECT(IS_ALIGNED((unsigned long)per_cpu_ptr(&second, cpu), L1_CACHE_BYTES));
	}
}
