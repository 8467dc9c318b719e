// SPDX-License-Identifier: MIT
/*
 * How this board holds its other CPUs, and lets them go. After Linux's arch/arm/mach-vexpress/
 * platsmp.c and arch/arm/plat-versatile/platsmp.c.
 *
 *    asleep, until an interrupt     SYS_FLAGS empty: asleep again
 *                                   SYS_FLAGS = secondary_startup: there ...
 *    ... the pen (head-smp.S)       pen_release is another's number: stay
 *                                   pen_release is theirs: go on
 *
 * The first wait is the boot loader's, or of boot/head.S where there is none; all CPUs that are
 * woken leave it, if only by accident. So the second tells them apart.
 */
#include <asm/barrier.h>
#include <asm/cacheflush.h>
#include <asm/gic.h>
#include <asm/io.h>
#include <asm/memory.h>
#include <asm/smp.h>
#include <asm/smp_data.h>
#include <asm/smp_scu.h>
#include <asm/vexpress.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/time.h>
#include <lib/errno.h>

#define ARRIVAL_TIMEOUT		(10ull * NSEC_PER_SEC)	/* the host may be busy */
#define ALL_FLAGS		0xffffffff

volatile int pen_release = PEN_CLOSED;

/* The other side may have its caches off: what it reads must be in memory. */
static void write_pen_release(int value)
{
	pen_release = value;
	smp_wmb();
	dmac_clean_range((const void *)&pen_release, (const void *)(&pen_release + 1));
	sev();
}

void __init smp_init_cpus(void)
{
	u32 config = readl((void __iomem *)(IO_MPCORE_BASE + SCU_OFFSET + SCU_CONFIG));

	for (unsigned int cpu = 1; cpu < SCU_CONFIG_NCORES(config); cpu++)
		set_cpu_possible(cpu, true);
}

void __init smp_prepare_cpus(void)
{
	void __iomem *sysregs = (void __iomem *)(IO_PERIPH_BASE + SYSREGS_OFFSET);

	writel(ALL_FLAGS, sysregs + SYS_FLAGSCLR);
	writel(__pa(secondary_startup), sysregs + SYS_FLAGSSET);
}

int __init boot_secondary(unsigned int cpu)
{
	struct cpumask mask = cpumask_of(cpu);
	u64 start = sched_clock();

	BUG_ON(pen_release != PEN_CLOSED, "CPU %d is in the pen", pen_release);
	write_pen_release(cpu);
	gic_raise_softirq(&mask, IPI_WAKEUP);
	while (pen_release != PEN_CLOSED && sched_clock() - start < ARRIVAL_TIMEOUT)
		cpu_relax();
	return pen_release == PEN_CLOSED ? 0 : -EIO;
}

void platform_secondary_init(void)
{
	gic_secondary_init();
	write_pen_release(PEN_CLOSED);
}
