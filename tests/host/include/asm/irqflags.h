/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: this CPU's interrupt mask. Nothing interrupts a test program;
 * the mask is kept so that code which asserts on it, or forgets to restore it, is found out.
 * The runner fails a test that ends with interrupts masked.
 */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include <lib/types.h>

/* 1 while masked. Written by the functions below only. */
extern unsigned long host_irqs_masked;

static inline void local_irq_enable(void)
{
	host_irqs_masked = 0;
}

static inline void local_irq_disable(void)
{
	host_irqs_masked = 1;
}

static inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = host_irqs_masked;

	local_irq_disable();
	return flags;
}

static inline void arch_local_irq_restore(unsigned long flags)
{
	host_irqs_masked = flags;
}

#define local_irq_save(flags)		((flags) = arch_local_irq_save())
#define local_irq_restore(flags)	arch_local_irq_restore(flags)
#define irqs_disabled()			(host_irqs_masked != 0)

#endif
