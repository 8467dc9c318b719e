// SPDX-License-Identifier: MIT
/*
 * The interrupt controller (Arm IHI 0048B).
 *
 *    devices     32..95 SPI  ----+
 *    timers      16..31 PPI  ----+--> distributor ---+--> CPU interface 0 --> IRQ of CPU 0
 *    other CPUs   0..15 SGI  ----+    enabled?       +--> CPU interface 1 --> IRQ of CPU 1
 *                                     whom to?       :    urgent enough?
 *
 *    an interrupt     inactive --> pending --> active --> inactive
 *                                          IAR read   EOIR written
 *
 * I1. What is read from IAR is written to EOIR exactly once: for a shared or private interrupt when
 *     its handler is done, for one sent by a CPU before, since the handler may not come back.
 * I2. All interrupts have the same priority, and are handled with interrupts masked: they do not
 *     nest. Of several that are pending the lowest ID comes first.
 * I3. Shared interrupts go to CPU 0. On a machine with one CPU the registers that say so read 0 and
 *     ignore writes.
 *
 * We run in Secure state, with everything in group 0, as the board comes out of reset; the
 * interrupts arrive as IRQ, since FIQEn is left clear. Names as in Linux's
 * drivers/irqchip/irq-gic.c.
 */
#include <asm/gic.h>
#include <asm/io.h>
#include <asm/irq.h>
#include <asm/ptrace.h>
#include <asm/smp.h>
#include <asm/traps.h>
#include <asm/vexpress.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/interrupt.h>
#include <kernel/printk.h>

#define PRIORITY_ALL	0xa0a0a0a0	/* four IDs: half-way */
#define TARGET_CPU0	0x01010101	/* four IDs */
#define ALL_IDS		0xffffffff	/* thirty-two IDs */
#define ALL_SGIS	0x0000ffff

static void __iomem *gicd(unsigned long reg)
{
	return (void __iomem *)(IO_MPCORE_BASE + GICD_OFFSET + reg);
}

static void __iomem *gicc(unsigned long reg)
{
	return (void __iomem *)(IO_MPCORE_BASE + GICC_OFFSET + reg);
}

/* ---- One interrupt ---- */

bool irq_is_percpu(unsigned int irq)
{
	return irq < GIC_FIRST_SPI;
}

void unmask_irq(unsigned int irq)
{
	BUG_ON(irq >= NR_IRQS, "irq %u", irq);
	writel(BIT_MASK(irq), gicd(GICD_ISENABLER + BIT_WORD(irq) * sizeof(u32)));
}

void mask_irq(unsigned int irq)
{
	BUG_ON(irq >= NR_IRQS, "irq %u", irq);
	writel(BIT_MASK(irq), gicd(GICD_ICENABLER + BIT_WORD(irq) * sizeof(u32)));
}

/* The DSB of writel() has the other CPUs see what they are called for (GICD_SGIR is a device). */
void gic_raise_softirq(const struct cpumask *mask, unsigned int sgi)
{
	VM_BUG_ON(sgi >= GIC_FIRST_PPI, "SGI %u", sgi);
	writel(GICD_SGIR_TARGETS(mask->bits) | sgi, gicd(GICD_SGIR));
}

/* ---- Setting up ---- */

static void __init gic_dist_init(void)
{
	u32 typer = readl(gicd(GICD_TYPER));
	unsigned int irq;

	BUG_ON(GICD_TYPER_IRQS(typer) != NR_IRQS, "the GIC has %u interrupts",
	       GICD_TYPER_IRQS(typer));
	writel_relaxed(0, gicd(GICD_CTLR));
	for (irq = GIC_FIRST_SPI; irq < NR_IRQS; irq += 16)
		writel_relaxed(0, gicd(GICD_ICFGR + irq / 4));
	for (irq = GIC_FIRST_SPI; irq < NR_IRQS; irq += 4) {
		writel_relaxed(PRIORITY_ALL, gicd(GICD_IPRIORITYR + irq));
		writel_relaxed(TARGET_CPU0, gicd(GICD_ITARGETSR + irq));
	}
	for (irq = GIC_FIRST_SPI; irq < NR_IRQS; irq += 32)
		writel_relaxed(ALL_IDS, gicd(GICD_ICENABLER + irq / 8));
	writel_relaxed(GICD_CTLR_ENABLE_GRP0, gicd(GICD_CTLR));
}

/* What each CPU has of its own: SGIs and PPIs in the distributor, and the interface. */
static void __init gic_cpu_init(void)
{
	writel_relaxed(~ALL_SGIS, gicd(GICD_ICENABLER));
	writel_relaxed(ALL_SGIS, gicd(GICD_ISENABLER));
	for (unsigned int irq = 0; irq < GIC_FIRST_SPI; irq += 4)
		writel_relaxed(PRIORITY_ALL, gicd(GICD_IPRIORITYR + irq));
	writel_relaxed(GICC_PMR_ALL, gicc(GICC_PMR));
	writel_relaxed(GICC_CTLR_ENABLE_GRP0, gicc(GICC_CTLR));
}

/* The board's only controller. */
void __init init_IRQ(void)
{
	gic_dist_init();
	gic_cpu_init();
}

void __init gic_secondary_init(void)
{
	gic_cpu_init();
}

/* ---- Handling ---- */

static void handle_sgi(u32 iar, struct pt_regs *regs)
{
	writel_relaxed(iar, gicc(GICC_EOIR));		/* I1 */
	if (!handle_IPI(GIC_ID(iar)))
		do_unexpected_irq(iar, regs);
}

static void handle_device(u32 iar, struct pt_regs *regs)
{
	if (!generic_handle_irq(GIC_ID(iar)))
		do_unexpected_irq(iar, regs);
	writel(iar, gicc(GICC_EOIR));
}

void gic_handle_irq(struct pt_regs *regs)
{
	u32 iar;

	while (GIC_ID(iar = readl_relaxed(gicc(GICC_IAR))) != GIC_ID_SPURIOUS) {
		if (GIC_ID(iar) < GIC_FIRST_PPI)
			handle_sgi(iar, regs);
		else
			handle_device(iar, regs);
	}
}
