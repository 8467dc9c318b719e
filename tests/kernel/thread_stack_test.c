// SPDX-License-Identifier: MIT
/*
 * The area of stacks: what alloc_thread_stack() gives, and what comes back. The CPUs' own stacks
 * are suite "smp"'s.
 */
#include <asm/stack.h>
#include <asm/thread_stack.h>
#include <kernel/cpumask.h>
#include <kernel/probe.h>
#include <kernel/sched.h>
#include <lib/errno.h>
#include <lib/math.h>
#include <lib/string.h>
#include <mm/mm.h>
#include <test.h>

TEST_SUITE("stacks");

#define NR_STACKS_MAX	((THREAD_STACKS_END - THREAD_STACKS_START) / STACK_SLOT_SIZE)

TEST("a stack can be written from end to end, and faults when it is run over")
{
	u8 *stack = alloc_thread_stack();
	u32 word = 0;

	ASSERT(stack != NULL);
	EXPECT(IS_ALIGNED((unsigned long)stack, THREAD_SIZE));
	EXPECT((unsigned long)stack & STACK_BIT);
	memset(stack, 0x5a, THREAD_SIZE);
	EXPECT_EQ(probe_kernel_write(stack - 4, &word, 4), -EFAULT);
	EXPECT_EQ(probe_kernel_write(stack - PAGE_SIZE, &word, 4), -EFAULT);
	EXPECT_EQ(probe_kernel_write(stack - THREAD_SIZE, &word, 4), -EFAULT);
	EXPECT_EQ(probe_kernel_write(stack + THREAD_SIZE, &word, 4), -EFAULT);
	EXPECT_EQ(thread_stacks_check(), 0);
	free_thread_stack(stack);
	EXPECT_EQ(probe_kernel_write(stack, &word, 4), -EFAULT);
	EXPECT_EQ(thread_stacks_check(), 0);
}

TEST("an address tells the stack that it belongs to, the guard page included")
{
	unsigned long stack = (unsigned long)alloc_thread_stack(), low, high;

	ASSERT(stack != 0);
	for (unsigned long sp = stack - THREAD_SIZE + 8; sp <= stack + THREAD_SIZE; sp += 8) {
		ASSERT(stack_bounds(sp, &low, &high));
		ASSERT_EQ(low, stack);
		ASSERT_EQ(high, stack + THREAD_SIZE);
		ASSERT_EQ(in_guard_page(sp - 8), sp - 8 >= stack - PAGE_SIZE && sp - 8 < stack);
	}
	free_thread_stack((void *)stack);
	EXPECT(!stack_bounds(stack + 8, &low, &high));
	EXPECT(!in_guard_page(stack - 8));
	EXPECT(!stack_bounds(THREAD_STACKS_END + 8, &low, &high));
	EXPECT(!stack_bounds(THREAD_STACKS_START - 8, &low, &high));
	EXPECT(!stack_bounds(0, &low, &high));
}

/* The stacks taken, chained through their first words. */
static void **take_all(unsigned int *nr)
{
	void **last = NULL, **stack;

	for (*nr = 0; (stack = alloc_thread_stack()) != NULL; ++*nr) {
		*stack = last;
		last = stack;
	}
	return last;
}

TEST("when the area is full NULL comes back, and after all are freed they can be had again")
{
	unsigned int first, second;
	void **stack;

	for (unsigned int round = 0; round < 2; round++) {
		stack = take_all(round ? &second : &first);
		EXPECT_EQ(thread_stacks_check(), 0);
		while (stack) {
			void **next = *stack;

			free_thread_stack(stack);
			stack = next;
		}
	}
	EXPECT_EQ(first, NR_STACKS_MAX - nr_threads() - (num_online_cpus() - 1));
	EXPECT_EQ(second, first);
	EXPECT_EQ(thread_stacks_check(), 0);
}
