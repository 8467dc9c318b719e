// SPDX-License-Identifier: MIT
/*
 * Whose stack is it? And the boot CPU's. asm/stack.h has the picture and the invariants.
 */
#include <asm/stack.h>
#include <asm/thread_stack.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <lib/compiler.h>
#include <lib/math.h>

struct cpu_stack boot_stack __section(".data..boot_stack");

/* Behind the last byte of each CPU's overflow stack; entry.S reads it. */
DEFINE_PER_CPU(const void *, overflow_stack_ptr);

void cpu_stack_init(struct cpu_stack *stack, unsigned int cpu)
{
	BUG_ON(!IS_ALIGNED((unsigned long)stack, STACK_SLOT_SIZE), "stack %p (I1)", stack);
	init_idle(cpu, stack->stack);
	init_thread_info(&stack->overflow_info, &idle_tasks[cpu], cpu);
	per_cpu(overflow_stack_ptr, cpu) = stack->mode;
}

/* The 16 KiB of a stack that has @sp in it, or at its very end; NULL if that is no stack. */
static const struct cpu_stack *slot_of(unsigned long sp)
{
	const struct cpu_stack *slot = (const void *)ALIGN_DOWN(sp - 1, STACK_SLOT_SIZE);

	return slot == &boot_stack || thread_stack_exists(slot) ? slot : NULL;
}

/* Is @sp in the overflow stack at the beginning of @slot, which only a CPU's slot has? */
static bool in_overflow_stack(const struct cpu_stack *slot, unsigned long sp)
{
	return sp <= (unsigned long)slot->mode && (slot == &boot_stack || is_cpu_stack(slot));
}

bool stack_bounds(unsigned long sp, unsigned long *low, unsigned long *high)
{
	const struct cpu_stack *slot = slot_of(sp);

	if (!slot)
		return false;
	if (in_overflow_stack(slot, sp)) {
		*low = (unsigned long)slot->overflow;
		*high = (unsigned long)slot->mode;
	} else {
		*low = (unsigned long)slot->stack;
		*high = (unsigned long)(slot + 1);
	}
	return true;
}

bool in_guard_page(unsigned long addr)
{
	const struct cpu_stack *slot = slot_of(addr + 1);

	return slot && addr >= (unsigned long)slot->guard && addr < (unsigned long)slot->stack;
}
