// SPDX-License-Identifier: MIT
/*
 * Bringing up the other CPUs, what they say to each other, and stopping them. After Linux's
 * arch/arm/kernel/smp.c.
 *
 *    CPU 0                                        CPU n
 *    smp_init()                                   asleep in a pen, MMU off
 *      __cpu_up(n)
 *        stack, page table -> secondary_data
 *        boot_secondary(n)      -- interrupt -->  secondary_startup (head-smp.S)
 *          pen_release = n      ------------->      leaves the pen; MMU on
 *                               <-------------    secondary_start_kernel()
 *          pen_release = -1                         platform_secondary_init()
 *        online?                <-------------      set_cpu_online(n)
 *    ...                                          cpu_idle()
 *
 * I1. One CPU at a time is on its way up; secondary_data is its.
 * I2. A CPU is online from the moment on at which it answers IPIs, until it stops.
 *
 * TLB and instruction-cache maintenance needs no IPI: the Cortex-A9 broadcasts the inner-shareable
 * operations in hardware (asm/tlbflush.h), because ACTLR.FW is set on every CPU (boot/head.S).
 */
#include <asm/barrier.h>
#include <asm/cacheflush.h>
#include <asm/cp15.h>
#include <asm/gic.h>
#include <asm/irqflags.h>
#include <asm/percpu.h>
#include <asm/smp.h>
#include <asm/smp_data.h>
#include <asm/smp_twd.h>
#include <asm/stack.h>
#include <asm/traps.h>
#include <kernel/bug.h>
#include <kernel/hardirq.h>
#include <kernel/init.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/smp.h>
#include <kernel/time.h>
#include <lib/errno.h>
#include <lib/string.h>

#define MPIDR_CPU(mpidr)	((mpidr) & 3)
#define ONLINE_TIMEOUT		(10ull * NSEC_PER_SEC)	/* the host may be busy */
#define STOP_TIMEOUT		(1ull * NSEC_PER_SEC)

struct secondary_data secondary_data;

/* ---- Up ---- */

static phys_addr_t idmap_pgd __initdata;
static bool some_cpu_lost __initdata;	/* it may still come, and use idmap_pgd */

static void __init write_secondary_data(struct cpu_stack *stack)
{
	secondary_data.pgdir = idmap_pgd;
	secondary_data.stack = stack + 1;
	smp_wmb();
	dmac_clean_range(&secondary_data, &secondary_data + 1);
}

static bool __init wait_until_online(unsigned int cpu)
{
	u64 start = sched_clock();

	while (!cpu_online(cpu) && sched_clock() - start < ONLINE_TIMEOUT)
		cpu_relax();
	smp_rmb();
	return cpu_online(cpu);
}

int __init __cpu_up(unsigned int cpu)
{
	struct cpu_stack *stack = alloc_cpu_stack();

	BUG_ON(!cpu_possible(cpu) || cpu_online(cpu), "CPU %u", cpu);
	if (!idmap_pgd)
		idmap_pgd = idmap_create();
	if (!stack || !idmap_pgd) {
		pr_err("CPU%u: no memory to start it\n", cpu);
		return -ENOMEM;		/* too little for anything else, too: the stack is lost */
	}
	memset(stack->stack, 0, THREAD_SIZE);	/* for stack_not_used() */
	cpu_stack_init(stack, cpu);
	write_secondary_data(stack);
	if (boot_secondary(cpu) || !wait_until_online(cpu)) {
		pr_err("CPU%u: did not come online\n", cpu);
		some_cpu_lost = true;
		return -EIO;
	}
	return 0;
}

void __init smp_cpus_done(void)
{
	if (idmap_pgd && !some_cpu_lost)
		idmap_free(idmap_pgd);
}

/* The stack that this code runs on is the CPU's own, from its first byte on. */
static struct cpu_stack *this_cpu_stack(void)
{
	return container_of(current_thread_info(), struct cpu_stack, info);
}

void secondary_start_kernel(void)
{
	unsigned int cpu = smp_processor_id();

	set_my_cpu_offset(per_cpu_offset(cpu));
	cpu_init(this_cpu_stack());
	trap_init();
	BUG_ON(cpu != MPIDR_CPU(read_mpidr()), "CPU %u has MPIDR %08x (I1)", cpu, read_mpidr());
	platform_secondary_init();
	twd_start();
	smp_mb();
	set_cpu_online(cpu, true);
	cpu_idle();
}

/* ---- Interrupts from CPU to CPU ---- */

struct ipi_stat {
	unsigned int count[NR_IPI];
};

static DEFINE_PER_CPU(struct ipi_stat, ipi_stat);

static const char *const ipi_types[NR_IPI] = {
	[IPI_WAKEUP] = "CPU wakeup interrupts",
	[IPI_RESCHEDULE] = "Rescheduling interrupts",
	[IPI_CALL_FUNC] = "Function call interrupts",
	[IPI_CPU_STOP] = "CPU stop interrupts",
};

void arch_send_call_function_ipi_mask(const struct cpumask *mask)
{
	gic_raise_softirq(mask, IPI_CALL_FUNC);
}

void smp_send_reschedule(unsigned int cpu)
{
	struct cpumask mask = cpumask_of(cpu);

	gic_raise_softirq(&mask, IPI_RESCHEDULE);
}

bool handle_IPI(unsigned int ipinr)
{
	if (ipinr >= NR_IPI || !ipi_types[ipinr])
		return false;
	irq_enter();
	__this_cpu_inc(ipi_stat.count[ipinr]);
	if (ipinr == IPI_CALL_FUNC)
		generic_smp_call_function_interrupt();
	else if (ipinr == IPI_CPU_STOP)
		smp_stop_self();
	irq_exit();
	return true;
}

void show_ipi_list(void)
{
	unsigned int ipi, cpu;

	for (ipi = 0; ipi < NR_IPI; ipi++) {
		if (!ipi_types[ipi])
			continue;
		pr_info("IPI%u: ", ipi);
		for_each_online_cpu(cpu)
			pr_cont("%10u ", per_cpu(ipi_stat, cpu).count[ipi]);
		pr_cont(" %s\n", ipi_types[ipi]);
	}
}

/* ---- Down ---- */

void smp_stop_self(void)
{
	local_irq_disable();
	set_cpu_online(smp_processor_id(), false);
	twd_stop();			/* pending, it would end every WFI at once */
	for (;;)
		wfi();
}

void smp_send_stop(void)
{
	struct cpumask others;
	u64 start = sched_clock();

	cpumask_copy(&others, cpu_online_mask);
	cpumask_clear_cpu(smp_processor_id(), &others);
	if (cpumask_empty(&others))
		return;
	gic_raise_softirq(&others, IPI_CPU_STOP);
	while (num_online_cpus() > 1 && sched_clock() - start < STOP_TIMEOUT)
		cpu_relax();
	if (num_online_cpus() > 1)
		pr_warn("SMP: %u CPUs did not stop\n", num_online_cpus() - 1);
}
