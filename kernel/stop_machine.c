// SPDX-License-Identifier: MIT
/*
 * stop_machine(), with which one CPU has the machine for itself.
 *
 *    CPU 0   IPI to the others, wait --+        +-- fn() -- go --+-- wait --+-- return
 *    CPU 1        interrupted, stopped +--------+    spin       -+-- gone --+
 *    CPU 2        interrupted, stopped +--------+    spin       -+-- gone --+
 *
 * I1. Who is gone does not look at struct stop again: it lies on the caller's stack.
 * I2. A CPU that is stopped has its thread's registers on the thread's stack, above stopped_sp: those
 *     of what was interrupted in the exception frame, and there is nothing else. The caller's own
 *     are there by save_callers_registers().
 * I3. While fn() runs all CPUs walk init_mm's page directory, whatever mm their threads have. So fn()
 *     may change the others as it likes.
 *
 * I4. One stops the machine at a time: two would each wait for the other to stop. Who waits for its turn does so
 *     with interrupts enabled, and is stopped meanwhile.
 *
 * Differs from Linux, whose threads of highest priority stop each CPU: there, nothing is stopped
 * amid a section without preemption. Here it is; so a lock may be held that only turns preemption off.
 */
#include <asm/barrier.h>
#include <asm/irqflags.h>
#include <asm/mmu_context.h>
#include <asm/stack.h>
#include <kernel/percpu.h>
#include <kernel/sched.h>
#include <kernel/sections.h>
#include <kernel/spinlock.h>
#include <kernel/stop_machine.h>
#include <lib/atomic.h>

struct stop {
	atomic_t nr_stopped, nr_gone;
	atomic_t go;
};

static DEFINE_SPINLOCK(stop_lock);	/* I4 */

/* 0: the CPU is not stopped. */
static DEFINE_PER_CPU(unsigned long, stopped_sp);
static DEFINE_PER_CPU(struct task_struct *, stopped_task);

static void note_stack(void)
{
	__this_cpu_write(stopped_task, current);
	__this_cpu_write(stopped_sp, current_stack_pointer);
}

/* I3. Context: interrupts masked. */
static void leave_mm(void)
{
	if (current->mm)
		switch_mm(current->mm, &init_mm);
}

static void return_to_mm(void)
{
	if (current->mm)
		switch_mm(&init_mm, current->mm);
}

static void wait_for(atomic_t *counter, int nr)
{
	while (atomic_read(counter) < nr)
		cpu_relax();
	smp_mb();
}

static void stop_here(void *info)
{
	struct stop *stop = info;

	note_stack();
	leave_mm();
	atomic_inc_return(&stop->nr_stopped);
	wait_for(&stop->go, 1);
	return_to_mm();
	__this_cpu_write(stopped_sp, 0);
	atomic_inc_return(&stop->nr_gone);
}

int stop_machine(int (*fn)(void *data), void *data)
{
	struct stop stop = { .nr_stopped = ATOMIC_INIT(0) };
	unsigned long flags;
	int nr_others, result;

	BUG_ON(irqs_disabled(), "two that stop each other would wait for ever");
	while (!spin_trylock(&stop_lock))	/* the other one stops this CPU, too */
		cpu_relax();
	nr_others = (int)num_online_cpus() - 1;
	smp_call_function(stop_here, &stop, false);
	wait_for(&stop.nr_stopped, nr_others);
	local_irq_save(flags);
	save_callers_registers();
	note_stack();
	leave_mm();
	result = fn(data);
	return_to_mm();
	__this_cpu_write(stopped_sp, 0);
	local_irq_restore(flags);
	atomic_inc_return(&stop.go);
	wait_for(&stop.nr_gone, nr_others);
	spin_unlock(&stop_lock);
	return result;
}

unsigned long stopped_stack_pointer(const struct task_struct *task)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (per_cpu(stopped_sp, cpu) && per_cpu(stopped_task, cpu) == task)
			return per_cpu(stopped_sp, cpu);
	return 0;
}

/* --- Roots --- */

/* What is called for each. */
struct visit {
	void (*func)(const void *start, const void *end, void *data);
	void *data;
};

/* The thread_info, with the registers of a thread that does not run; and what is on its stack. */
static void visit_stack(struct task_struct *task, void *data)
{
	const struct visit *visit = data;
	struct thread_info *ti = task_thread_info(task);
	unsigned long sp = stopped_stack_pointer(task);

	if (!sp)
		sp = ti->cpu_context.sp;
	BUG_ON(sp < (unsigned long)ti || sp > (unsigned long)ti + THREAD_SIZE, "%s: sp %lx, stack %p",
	       task->comm, sp, (void *)ti);
	visit->func(ti, ti + 1, visit->data);
	visit->func((void *)ALIGN_DOWN(sp, sizeof(sp)), (char *)ti + THREAD_SIZE, visit->data);
}

/* The area of a CPU's per-CPU variables. */
static void visit_per_cpu_area(const struct visit *visit, unsigned int cpu)
{
	visit->func(per_cpu_ptr(__per_cpu_start, cpu), per_cpu_ptr(__per_cpu_end, cpu), visit->data);
}

void for_each_root(void (*func)(const void *start, const void *end, void *data), void *data)
{
	struct visit visit = { func, data };
	unsigned int cpu;

	func(&boot_stack + 1, _edata, data);
	func(__bss_start, __bss_stop, data);
	for_each_possible_cpu(cpu)
		visit_per_cpu_area(&visit, cpu);
	for_each_task(visit_stack, &visit);
}
