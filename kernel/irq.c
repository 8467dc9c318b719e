// SPDX-License-Identifier: MIT
/*
 * Who handles which interrupt.
 *
 *    gic_handle_irq() -> generic_handle_irq(29) -> irq_desc[29] = { handler, name, dev_id }
 *                                                  kstat.irqs[29]++, of this CPU
 *
 * I1. An interrupt that has no handler is masked.
 * I2. An entry is written under irq_lock while its interrupt is masked, so that a handler is called
 *     with the dev_id that belongs to it.
 */
#include <asm/smp.h>
#include <kernel/cpumask.h>
#include <kernel/hardirq.h>
#include <kernel/interrupt.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/spinlock.h>
#include <lib/errno.h>

struct irq_desc {
	irq_handler_t handler;	/* NULL: nobody's */
	const char *name;
	void *dev_id;
};

struct kernel_stat {
	unsigned int irqs[NR_IRQS];
};

static struct irq_desc irq_desc[NR_IRQS];
static DEFINE_SPINLOCK(irq_lock);
static DEFINE_PER_CPU(struct kernel_stat, kstat);

static int set_handler(unsigned int irq, irq_handler_t handler, const char *name, void *dev_id)
{
	unsigned long flags;
	int error = -EBUSY;

	BUG_ON(!handler || !name, "irq %u", irq);
	spin_lock_irqsave(&irq_lock, flags);
	if (!irq_desc[irq].handler) {
		irq_desc[irq] = (struct irq_desc){ handler, name, dev_id };
		error = 0;
	}
	spin_unlock_irqrestore(&irq_lock, flags);
	return error;
}

int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name,
		void *dev_id)
{
	int error;

	BUG_ON(flags != 0, "flags %lx", flags);
	if (irq >= NR_IRQS || irq_is_percpu(irq))
		return -EINVAL;
	error = set_handler(irq, handler, name, dev_id);
	if (!error)
		unmask_irq(irq);
	return error;
}

void free_irq(unsigned int irq, void *dev_id)
{
	unsigned long flags;

	BUG_ON(irq >= NR_IRQS || irq_is_percpu(irq), "irq %u", irq);
	spin_lock_irqsave(&irq_lock, flags);
	BUG_ON(!irq_desc[irq].handler || irq_desc[irq].dev_id != dev_id, "irq %u is not that of %p",
	       irq, dev_id);
	mask_irq(irq);
	irq_desc[irq] = (struct irq_desc){ .handler = NULL };
	spin_unlock_irqrestore(&irq_lock, flags);
}

int request_percpu_irq(unsigned int irq, irq_handler_t handler, const char *name)
{
	return irq_is_percpu(irq) ? set_handler(irq, handler, name, NULL) : -EINVAL;
}

void enable_percpu_irq(unsigned int irq)
{
	BUG_ON(!irq_is_percpu(irq) || !irq_desc[irq].handler, "irq %u (I1)", irq);
	unmask_irq(irq);
}

void disable_percpu_irq(unsigned int irq)
{
	BUG_ON(!irq_is_percpu(irq), "irq %u", irq);
	mask_irq(irq);
}

/* A device that nobody quiets would interrupt for ever. */
static void nobody_cared(unsigned int irq)
{
	mask_irq(irq);
	pr_err("irq %u (%s): nobody cared; it is masked from now on\n", irq, irq_desc[irq].name);
}

bool generic_handle_irq(unsigned int irq)
{
	const struct irq_desc *desc = &irq_desc[irq];

	if (irq >= NR_IRQS || !desc->handler)
		return false;
	irq_enter();
	__this_cpu_inc(kstat.irqs[irq]);
	if (desc->handler(irq, desc->dev_id) != IRQ_HANDLED)
		nobody_cared(irq);
	irq_exit();
	return true;
}

unsigned int kstat_irqs_cpu(unsigned int irq, unsigned int cpu)
{
	BUG_ON(irq >= NR_IRQS, "irq %u", irq);
	return per_cpu(kstat, cpu).irqs[irq];
}

void show_interrupts(void)
{
	unsigned int irq, cpu;

	pr_info("%6s", "");
	for_each_online_cpu(cpu)
		pr_cont("     CPU%u  ", cpu);
	pr_cont("\n");
	for (irq = 0; irq < NR_IRQS; irq++) {
		if (!irq_desc[irq].handler)
			continue;
		pr_info("%4u: ", irq);
		for_each_online_cpu(cpu)
			pr_cont("%10u ", kstat_irqs_cpu(irq, cpu));
		pr_cont("     GIC  %s\n", irq_desc[irq].name);
	}
	show_ipi_list();
}
