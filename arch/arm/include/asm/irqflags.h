/* SPDX-License-Identifier: MIT */
/*
 * This CPU's interrupt mask: CPSR.I (ARM DDI 0406C B1.3.3). Part of the contract with mm/.
 */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include <asm/ptrace.h>
#include <lib/types.h>

/*
 * This CPU's interrupt mask: arch_local_save_flags() returns it, as the CPSR; local_irq_enable() and
 * local_irq_disable() set it; arch_local_irq_save() returns what it was and masks, and arch_local_irq_restore() puts
 * these @flags back. Nothing that reads or writes memory is moved across them by the compiler.
 */
static inline unsigned long arch_local_save_flags(void)
{
	unsigned long flags;

	__asm__ volatile("mrs %0, cpsr" : "=r"(flags) : : "memory", "cc");
	return flags;
}

static inline void local_irq_enable(void)
{
	__asm__ volatile("cpsie i" : : : "memory", "cc");
}

static inline void local_irq_disable(void)
{
	__asm__ volatile("cpsid i" : : : "memory", "cc");
}

static inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = arch_local_save_flags();

	local_irq_disable();
	return flags;
}

static inline void arch_local_irq_restore(unsigned long flags)
{
	__asm__ volatile("msr cpsr_c, %0" : : "r"(flags) : "memory", "cc");
}

#define local_irq_save(flags)		((flags) = arch_local_irq_save())
#define local_irq_restore(flags)	arch_local_irq_restore(flags)
#define irqs_disabled()			((arch_local_save_flags() & PSR_I_BIT) != 0)

#endif
