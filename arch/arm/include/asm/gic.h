/* SPDX-License-Identifier: MIT */
/*
 * The interrupt controller of the Cortex-A9 MPCore (Arm IHI 0048B, "GIC", of which it has version
 * 1). arch/arm/vexpress/gic.c has the picture.
 */
#ifndef ASM_GIC_H
#define ASM_GIC_H

#include <asm/const.h>

/* CPU interface: each CPU sees its own at the same address (IHI 0048B 4.4). */
#define GICC_CTLR		UL(0x00)
#define GICC_CTLR_ENABLE_GRP0	(1 << 0)
#define GICC_CTLR_FIQEN		(1 << 3)	/* group 0 interrupts as FIQ */
#define GICC_PMR		UL(0x04)
#define GICC_PMR_ALL		0xff		/* let every priority through */
#define GICC_IAR		UL(0x0c)
#define GICC_EOIR		UL(0x10)

#define GIC_ID(iar)		((iar) & 0x3ff)
#define GIC_SOURCE_CPU(iar)	(((iar) >> 10) & 7)	/* of an SGI: who sent it */

/* Distributor (IHI 0048B 4.3). Registers of IDs 0-31 are each CPU's own. */
#define GICD_CTLR		UL(0x000)
#define GICD_CTLR_ENABLE_GRP0	(1 << 0)
#define GICD_TYPER		UL(0x004)
#define GICD_TYPER_IRQS(typer)	((((typer) & 0x1f) + 1) * 32)
#define GICD_ISENABLER		UL(0x100)	/* a bit for each ID; writing 1 enables */
#define GICD_ICENABLER		UL(0x180)	/* writing 1 disables */
#define GICD_ICPENDR		UL(0x280)	/* writing 1 forgets that it is pending */
#define GICD_IPRIORITYR		UL(0x400)	/* a byte for each ID; lower is more urgent */
#define GICD_ITARGETSR		UL(0x800)	/* a byte for each ID: the CPUs it goes to */
#define GICD_ICFGR		UL(0xc00)	/* two bits for each ID; 0 is level-sensitive */
#define GICD_SGIR		UL(0xf00)
#define GICD_SGIR_TARGETS(mask)	((mask) << 16)
#define GICD_SGIR_SELF		(UL(2) << 24)

/* IDs: software-generated, private to a CPU, shared. */
#define GIC_FIRST_PPI		16
#define GIC_FIRST_SPI		32
#define GIC_ID_SPURIOUS		1023		/* nothing is pending, after all */

#ifndef __ASSEMBLER__
#include <kernel/cpumask.h>

struct pt_regs;

/* This CPU's interface. Context: another CPU on its way up, interrupts masked. */
void gic_secondary_init(void);

/**
 * gic_raise_softirq - interrupt other CPUs
 * @mask: which
 * @sgi: 0 .. 15
 *
 * What this CPU wrote to memory before, they see. Context: any.
 */
void gic_raise_softirq(const struct cpumask *mask, unsigned int sgi);

/* entry.S: handle what is pending. Context: interrupts masked, on the interrupted code's stack. */
void gic_handle_irq(struct pt_regs *regs);
#endif

#endif
