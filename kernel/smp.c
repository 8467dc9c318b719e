// SPDX-License-Identifier: MIT
/*
 * Calls to other CPUs, and starting them. After Linux's kernel/smp.c.
 *
 *    CPU 0, calling CPU 2                         CPU 2
 *    csd = its call_data.to[2]                    call_single_queue
 *    wait until the last call by it is done        lock, list:  csd of CPU 0 -> csd of CPU 3
 *    func, info, CSD_FLAG_LOCK                     |
 *    append it to the queue of CPU 2  ------------>|
 *    IPI_CALL_FUNC  ------------------------------> takes all of the list, calls one by one,
 *    wait, if asked to, for the flag  <------------ clears the flag of each behind it
 *
 * I1. A call_single_data belongs to the caller while CSD_FLAG_LOCK is clear, and to the called CPU
 *     while it is set. Clearing is a release, seeing it clear an acquire.
 * I2. A queue that gets its first entry gets an IPI after it; whoever finds one there already knows
 *     that the IPI is on its way. Nothing comes between the two: interrupts are masked, or the caller could
 *     be stopped there, by stop_machine(), and whoever stops it wait for a CPU that nobody told.
 * I3. There is one call_single_data for each pair of CPUs, so no memory is asked for; a second call
 *     to the same CPU waits for the first.
 */
#include <asm/barrier.h>
#include <asm/irqflags.h>
#include <asm/smp.h>
#include <kernel/hardirq.h>
#include <kernel/init.h>
#include <kernel/params.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>
#include <lib/vsprintf.h>

#define CSD_FLAG_LOCK	1u

struct call_single_data {
	struct list_head list;
	smp_call_func_t func;
	void *info;
	unsigned int flags;
};

struct call_single_queue {
	spinlock_t lock;
	struct list_head list;
};

struct call_data {
	struct call_single_data to[NR_CPUS];
};

static DEFINE_PER_CPU_SHARED_ALIGNED(struct call_single_queue, call_single_queue);
static DEFINE_PER_CPU(struct call_data, call_data);

/* ---- One call ---- */

static void csd_lock_wait(struct call_single_data *csd)
{
	while (smp_load_acquire(&csd->flags) & CSD_FLAG_LOCK)
		wfe();
}

static void csd_unlock(struct call_single_data *csd)
{
	VM_BUG_ON(!(csd->flags & CSD_FLAG_LOCK), "call of %pS (I1)", csd->func);
	smp_store_release(&csd->flags, 0);
	sev();
}

/* Return: was the queue empty, so that its CPU must be told? */
static bool enqueue(unsigned int cpu, struct call_single_data *csd)
{
	struct call_single_queue *queue = &per_cpu(call_single_queue, cpu);
	unsigned long flags;
	bool was_empty;

	spin_lock_irqsave(&queue->lock, flags);
	was_empty = list_empty(&queue->list);
	list_add_tail(&csd->list, &queue->list);
	spin_unlock_irqrestore(&queue->lock, flags);
	return was_empty;
}

/* Until the last calls of these CPUs are done. They are made by this CPU alone: there are no new ones. */
static void wait_for_calls(const struct cpumask *called)
{
	unsigned int cpu;

	for_each_cpu(cpu, called)
		csd_lock_wait(&this_cpu_ptr(&call_data)->to[cpu]);
}

/* Queue a call from this CPU to @cpu. Context: the last one is done. Return: as enqueue(). */
static bool queue_call(unsigned int cpu, smp_call_func_t func, void *info)
{
	struct call_single_data *csd = &this_cpu_ptr(&call_data)->to[cpu];

	VM_BUG_ON(csd->flags & CSD_FLAG_LOCK, "call of %pS (I1)", csd->func);
	csd->func = func;
	csd->info = info;
	csd->flags = CSD_FLAG_LOCK;
	return enqueue(cpu, csd);
}

void generic_smp_call_function_interrupt(void)
{
	struct call_single_queue *queue = this_cpu_ptr(&call_single_queue);
	struct call_single_data *csd, *next;
	LIST_HEAD(calls);

	VM_BUG_ON(!irqs_disabled());
	spin_lock(&queue->lock);
	list_splice_init(&queue->list, &calls);
	spin_unlock(&queue->lock);
	list_for_each_entry_safe(csd, next, &calls, list) {
		csd->func(csd->info);
		csd_unlock(csd);
	}
}

int smp_call_check(void)
{
	unsigned int cpu;
	int found = 0;

	for_each_possible_cpu(cpu) {
		const struct call_single_queue *queue = &per_cpu(call_single_queue, cpu);

		if (list_empty(&queue->list) && !spin_is_locked(&queue->lock))
			continue;
		pr_err("smp_call_check: calls are queued for CPU %u\n", cpu);
		found++;
	}
	return found;
}

/* ---- The forms of calling ---- */

static void call_here(smp_call_func_t func, void *info)
{
	unsigned long flags;

	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
}

/* To wait for others with interrupts masked is to have them wait for this CPU. */
static void assert_may_call(void)
{
	VM_BUG_ON(num_online_cpus() > 1 && (irqs_disabled() || in_interrupt()),
		  "calling other CPUs, preempt_count %x", preempt_count());
}

int smp_call_function_single(unsigned int cpu, smp_call_func_t func, void *info, bool wait)
{
	struct cpumask mask;
	int error = 0;

	assert_may_call();
	if (get_cpu() == cpu) {
		call_here(func, info);
	} else if (cpu_online(cpu)) {
		mask = cpumask_of(cpu);
		smp_call_function_many(&mask, func, info, wait);
	} else {
		error = -ENXIO;
	}
	put_cpu();
	return error;
}

void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	struct cpumask called, told;
	unsigned long flags;
	unsigned int cpu;

	assert_may_call();
	VM_BUG_ON(!in_atomic(), "this CPU may become another one");
	cpumask_and(&called, mask, cpu_online_mask);
	cpumask_clear_cpu(smp_processor_id(), &called);
	cpumask_clear(&told);
	wait_for_calls(&called);
	local_irq_save(flags);			/* I2 */
	for_each_cpu(cpu, &called)
		if (queue_call(cpu, func, info))
			cpumask_set_cpu(cpu, &told);
	if (!cpumask_empty(&told))
		arch_send_call_function_ipi_mask(&told);
	local_irq_restore(flags);
	if (wait)
		wait_for_calls(&called);
}

void smp_call_function(smp_call_func_t func, void *info, bool wait)
{
	preempt_disable();
	smp_call_function_many(cpu_online_mask, func, info, wait);
	preempt_enable();
}

void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	unsigned int cpu = get_cpu();

	smp_call_function_many(mask, func, info, wait);
	if (cpumask_test_cpu(cpu, mask))
		call_here(func, info);
	put_cpu();
}

void on_each_cpu(smp_call_func_t func, void *info, bool wait)
{
	on_each_cpu_mask(cpu_online_mask, func, info, wait);
}

/* ---- Starting ---- */

static unsigned int setup_max_cpus __initdata = NR_CPUS;

/* maxcpus=N: start so many at most; 0 and 1 leave the boot CPU alone. */
static int __init maxcpus_setup(char *value)
{
	unsigned long number;
	int error = value ? kstrtoul(value, 0, &number) : -EINVAL;

	if (error)
		return error;
	setup_max_cpus = number;
	return 0;
}
early_param("maxcpus", maxcpus_setup);

static int __init nosmp_setup(char *value)
{
	if (value)
		return -EINVAL;
	setup_max_cpus = 0;
	return 0;
}
early_param("nosmp", nosmp_setup);

/* Linux's call_function_init(). */
static void __init call_function_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		spin_lock_init(&per_cpu(call_single_queue, cpu).lock);
		INIT_LIST_HEAD(&per_cpu(call_single_queue, cpu).list);
	}
}

void __init smp_init(void)
{
	unsigned int cpu;

	call_function_init();
	smp_prepare_cpus();
	for_each_present_cpu(cpu) {
		if (num_online_cpus() >= setup_max_cpus)
			break;
		if (!cpu_online(cpu))
			__cpu_up(cpu);
	}
	smp_cpus_done();
	pr_info("SMP: %u of %u CPUs run\n", num_online_cpus(), num_possible_cpus());
}
