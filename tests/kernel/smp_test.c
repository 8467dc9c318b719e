// SPDX-License-Identifier: MIT
/*
 * Several CPUs: where they are, calls from one to another. With one CPU most of it holds as well.
 */
#include <asm/irqflags.h>
#include <asm/pgtable.h>
#include <asm/smp.h>
#include <asm/stack.h>
#include <asm/tlbflush.h>
#include <asm/vexpress.h>
#include <kernel/hardirq.h>
#include <kernel/interrupt.h>
#include <kernel/jiffies.h>
#include <kernel/percpu.h>
#include <kernel/probe.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/stop_machine.h>
#include <lib/errno.h>
#include <test.h>
#include "crew.h"
#include "short_turns.h"
#include "together.h"

TEST_SUITE("smp");

#define NR_CALLS	200

/* ---- What a CPU finds when it is called ---- */

struct seen {
	unsigned int cpu;
	unsigned long offset;
	struct task_struct *task;
	unsigned long sp;
	bool irqs_disabled, in_irq;
};

static void look_around(void *info)
{
	*(struct seen *)info = (struct seen){
		.cpu = smp_processor_id(), .offset = __my_cpu_offset(), .task = current,
		.sp = current_stack_pointer, .irqs_disabled = irqs_disabled(), .in_irq = in_irq(),
	};
}

TEST("a CPU that is called has its own number, per-CPU area, thread and stack")
{
	struct seen seen;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		seen = (struct seen){ 0 };
		ASSERT_EQ(smp_call_function_single(cpu, look_around, &seen, true), 0);
		EXPECT_EQ(seen.cpu, cpu);
		EXPECT_EQ(seen.offset, per_cpu_offset(cpu));
		EXPECT(seen.task == (cpu == smp_processor_id() ? current : &idle_tasks[cpu]));
		EXPECT(seen.sp - (unsigned long)seen.task->stack < THREAD_SIZE);
	}
}

TEST("a called function runs with interrupts masked; on another CPU, in an interrupt")
{
	struct seen seen;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		smp_call_function_single(cpu, look_around, &seen, true);
		EXPECT(seen.irqs_disabled);
		EXPECT_EQ(seen.in_irq, cpu != smp_processor_id());
	}
	EXPECT(!irqs_disabled());
}

TEST("a CPU that does not run cannot be called")
{
	struct seen seen = { .cpu = 77 };

	for (unsigned int cpu = 0; cpu <= NR_CPUS; cpu++)
		if (!cpu_online(cpu))
			EXPECT_EQ(smp_call_function_single(cpu, look_around, &seen, true), -ENXIO);
	EXPECT_EQ(seen.cpu, 77);
}

/* ---- Calls ---- */

static DEFINE_PER_CPU(unsigned int, calls);

static void count_call(void *info)
{
	(void)info;
	this_cpu_inc(calls);
}

static void forget_calls(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(calls, cpu) = 0;
}

static void expect_calls(unsigned int here, unsigned int elsewhere)
{
	unsigned int cpu, this = smp_processor_id();

	for_each_online_cpu(cpu)
		EXPECT_EQ(per_cpu(calls, cpu), cpu == this ? here : elsewhere);
	EXPECT_EQ(smp_call_check(), 0);
}

TEST("on_each_cpu calls each CPU once, smp_call_function all but this one")
{
	forget_calls();
	for (unsigned int i = 0; i < NR_CALLS; i++)
		on_each_cpu(count_call, NULL, true);
	expect_calls(NR_CALLS, NR_CALLS);
	for (unsigned int i = 0; i < NR_CALLS; i++)
		smp_call_function(count_call, NULL, true);
	expect_calls(NR_CALLS, 2 * NR_CALLS);
}

TEST("calls that are not waited for happen all the same, and before a later one that is")
{
	forget_calls();
	for (unsigned int i = 0; i < NR_CALLS; i++)
		smp_call_function(count_call, NULL, false);
	on_each_cpu(count_call, NULL, true);
	expect_calls(1, NR_CALLS + 1);
}

TEST("on_each_cpu_mask calls the CPUs of the mask that run, and no others")
{
	struct cpumask mask = { 0 };
	unsigned int cpu;

	forget_calls();
	on_each_cpu_mask(&mask, count_call, NULL, true);
	expect_calls(0, 0);
	mask.bits = 0xa;		/* CPUs 1 and 3 */
	on_each_cpu_mask(&mask, count_call, NULL, true);
	for_each_online_cpu(cpu)
		EXPECT_EQ(per_cpu(calls, cpu), cpumask_test_cpu(cpu, &mask));
}

static void call_in_turn(void *info)
{
	atomic_t *turn = info;
	int cpu = smp_processor_id();

	while (atomic_read(turn) != cpu)
		wfe();
	atomic_inc(turn);
	sev();
}

TEST("CPUs that were called all run at the same time")
{
	atomic_t turn = ATOMIC_INIT(0);

	if (num_online_cpus() != nr_cpu_ids)
		SKIP("not all CPUs run");
	run_together(call_in_turn, &turn);
	EXPECT_EQ(atomic_read(&turn), nr_cpu_ids);
}

/* ---- Stacks ---- */

/* ---- Calls, and a machine that is stopped ---- */

#define NR_STOPS	40

static bool no_more_calls;

static int call_others(void *unused)
{
	(void)unused;
	while (!READ_ONCE(no_more_calls))
		smp_call_function(count_call, NULL, false);
	return 0;
}

static int nothing(void *unused)
{
	(void)unused;
	return 0;
}

/* Who calls is stopped anywhere, also when some are called and none is told yet. */
TEST("the machine can be stopped while all CPUs call all others")
{
	struct task_struct *tasks[NR_CPUS];
	unsigned int cpu, nr = 0;

	if (num_online_cpus() < 3)
		SKIP("takes a CPU that stops, one that calls, and one that is called");
	no_more_calls = false;
	for (cpu = 1; cpu < num_online_cpus(); cpu++) {
		tasks[nr] = make_thread(call_others, NULL, cpu);
		if (!tasks[nr])
			break;
		start_threads(&tasks[nr++], 1);
	}
	short_turns(turns_wanted);
	for (unsigned int i = 0; i < NR_STOPS; i++)
		EXPECT_EQ(stop_machine(nothing, NULL), 0);
	short_turns(0);
	WRITE_ONCE(no_more_calls, true);
	while (nr)
		join_thread(tasks[--nr]);
}

static struct cpu_stack *stack_of(unsigned int cpu)
{
	return container_of(task_thread_info(&idle_tasks[cpu]), struct cpu_stack, info);
}

TEST("each CPU's stack has a guard page below, which is not mapped, and an overflow stack")
{
	unsigned int cpu;
	u32 word = 0;

	for_each_online_cpu(cpu) {
		struct cpu_stack *stack = stack_of(cpu);

		EXPECT(stack_end_intact(&stack->info));
		EXPECT_EQ(probe_kernel_write(stack->stack - 4, &word, 4), -EFAULT);
		EXPECT_EQ(probe_kernel_write(stack->guard, &word, 4), -EFAULT);
		EXPECT_EQ(probe_kernel_read(&word, stack->mode, 4), 0);
		EXPECT_EQ(probe_kernel_read(&word, stack->overflow, 4), 0);
		EXPECT_EQ(stack->overflow_info.cpu, cpu);
		EXPECT(in_guard_page((unsigned long)stack->guard));
	}
}

/* ---- TLBs ---- */

/* In the table of the vectors, where nobody maps anything. */
#define SCRATCH		(FIXADDR_END + 8 * PAGE_SIZE)

static u32 page[2][PAGE_SIZE / sizeof(u32)] __aligned(PAGE_SIZE);

static void read_scratch(void *info)
{
	*(u32 *)info = *(volatile u32 *)SCRATCH;
}

static void map_scratch(unsigned int which)
{
	set_pte_ext(pte_offset_kernel(pmd_off_k(SCRATCH), SCRATCH),
		    pfn_pte(PHYS_PFN(__pa(page[which])), PAGE_KERNEL), 0);
}

static void flush_page(void)
{
	flush_tlb_kernel_page(SCRATCH);
}

static void flush_range(void)
{
	flush_tlb_kernel_range(SCRATCH, SCRATCH + PAGE_SIZE);
}

/* Long enough to take everything with it. */
static void flush_long_range(void)
{
	flush_tlb_kernel_range(SCRATCH - TLB_FLUSH_ALL_PAGES * PAGE_SIZE, SCRATCH + PAGE_SIZE);
}

static void expect_on_all_cpus(u32 value)
{
	unsigned int cpu;
	u32 seen;

	for_each_online_cpu(cpu) {
		smp_call_function_single(cpu, read_scratch, &seen, true);
		EXPECT_EQ(seen, value);
	}
}

/* The hardware tells the other CPUs: they are interrupted only to read. */
static void expect_all_forget(void (*flush)(void))
{
	page[0][0] = 0x11111111;
	page[1][0] = 0x22222222;
	map_scratch(0);
	flush();
	expect_on_all_cpus(0x11111111);
	map_scratch(1);
	flush();
	expect_on_all_cpus(0x22222222);
	pte_clear(NULL, SCRATCH, pte_offset_kernel(pmd_off_k(SCRATCH), SCRATCH));
	flush_tlb_kernel_page(SCRATCH);
}

TEST("a flush of a page, a range or everything has every CPU forget, without an interrupt")
{
	expect_all_forget(flush_page);
	expect_all_forget(flush_range);
	expect_all_forget(flush_long_range);
	expect_all_forget(flush_tlb_all);
}

/* ---- Time ---- */

static void read_clock(void *info)
{
	*(u64 *)info = sched_clock();
}

TEST("sched_clock is the same on all CPUs, and never goes back")
{
	u64 last = sched_clock(), now;
	unsigned int cpu;

	for (unsigned int i = 0; i < 20; i++) {
		for_each_online_cpu(cpu) {
			smp_call_function_single(cpu, read_clock, &now, true);
			EXPECT(now >= last);
			last = now;
		}
	}
	EXPECT(sched_clock() >= last);
}

static unsigned int ticks_of(unsigned int cpu)
{
	return kstat_irqs_cpu(IRQ_TWD, cpu);
}

TEST("each CPU gets its tick")
{
	unsigned int before[NR_CPUS], cpu;

	for_each_online_cpu(cpu)
		before[cpu] = ticks_of(cpu);
	for_each_online_cpu(cpu)
		while (ticks_of(cpu) - before[cpu] < 2)
			cpu_relax();
	EXPECT(!irqs_disabled());
}

/*
 * A host that is busy makes the machine miss ticks, so only the upper bound holds; and the first tick
 * may make up for many, so counting begins behind it, the clock's before.
 */
TEST("jiffies goes on, and no faster than one tick in 10 ms")
{
	u64 clock = sched_clock();
	unsigned long start = jiffies, ticks, now;

	while (jiffies == start)
		cpu_relax();
	start = jiffies;
	while (jiffies - start < 2)
		cpu_relax();
	ticks = jiffies - start;
	EXPECT(ticks <= (sched_clock() - clock) / TICK_NSEC + 1);
	EXPECT(time_after(jiffies, start));
	start = jiffies;
	now = get_jiffies_64();
	EXPECT(now - start <= jiffies - start);
}
