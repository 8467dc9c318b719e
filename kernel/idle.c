// SPDX-License-Identifier: MIT
/*
 * The idle threads: what a CPU runs when nobody wants it. The first one's stack is the one on which
 * the kernel booted. After Linux's kernel/sched/idle.c and init/init_task.c.
 */
#include <asm/barrier.h>
#include <asm/irqflags.h>
#include <kernel/bug.h>
#include <kernel/sched.h>
#include <lib/math.h>
#include <lib/vsprintf.h>

struct task_struct idle_tasks[NR_CPUS];

void init_idle(unsigned int cpu, void *stack)
{
	struct task_struct *idle;

	BUG_ON(cpu >= NR_CPUS, "CPU %u", cpu);
	BUG_ON(!IS_ALIGNED((unsigned long)stack, THREAD_SIZE), "stack %p", stack);
	idle = &idle_tasks[cpu];
	idle->stack = stack;
	idle->flags = PF_IDLE;
	idle->cpu = cpu;
	idle->on_rq = true;
	idle->cpus_allowed = cpumask_of(cpu);
	atomic_set(&idle->usage, 1);
	snprintf(idle->comm, sizeof(idle->comm), "swapper/%u", cpu);
	init_thread_info(task_thread_info(idle), idle, cpu);
}

/*
 * WFI returns for an interrupt that is masked, too: so none that comes between the last look around
 * and the sleep is slept through. A wake-up from another CPU sends one.
 */
void cpu_idle(void)
{
	for (;;) {
		local_irq_disable();
		if (!need_resched())
			wfi();
		local_irq_enable();
		if (need_resched())
			schedule();
	}
}
