// SPDX-License-Identifier: MIT
/*
 * The tick: each CPU's private timer counts down from PERIPHCLK / HZ - 1, interrupts at 0, and
 * begins anew by itself. After Linux's arch/arm/kernel/smp_twd.c.
 */
#include <asm/global_timer.h>
#include <asm/io.h>
#include <asm/smp_twd.h>
#include <asm/vexpress.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/interrupt.h>
#include <kernel/jiffies.h>
#include <kernel/time.h>

static void __iomem *twd(unsigned int reg)
{
	return (void __iomem *)(IO_MPCORE_BASE + TWD_OFFSET + reg);
}

static irqreturn_t twd_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	if (!readl_relaxed(twd(TWD_TIMER_INTSTAT)))
		return IRQ_NONE;
	writel_relaxed(1, twd(TWD_TIMER_INTSTAT));
	tick_periodic();
	return IRQ_HANDLED;
}

void __init twd_init(void)
{
	int error = request_percpu_irq(IRQ_TWD, twd_handler, "twd");

	BUG_ON(error, "the private timer's interrupt: %d", error);
}

void twd_start(void)
{
	BUG_ON(!periphclk_rate, "the clock has not been measured");
	writel_relaxed(periphclk_rate / HZ - 1, twd(TWD_TIMER_LOAD));
	writel_relaxed(1, twd(TWD_TIMER_INTSTAT));
	writel_relaxed(TWD_TIMER_CONTROL_ENABLE | TWD_TIMER_CONTROL_PERIODIC |
		       TWD_TIMER_CONTROL_IT_ENABLE, twd(TWD_TIMER_CONTROL));
	enable_percpu_irq(IRQ_TWD);
}

void twd_stop(void)
{
	writel_relaxed(0, twd(TWD_TIMER_CONTROL));
	disable_percpu_irq(IRQ_TWD);
}
