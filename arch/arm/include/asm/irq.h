/* SPDX-License-Identifier: MIT */
/*
 * The interrupt controller, as kernel/irq.c sees it. An interrupt's number is its ID in the GIC.
 */
#ifndef ASM_IRQ_H
#define ASM_IRQ_H

#include <lib/types.h>

#define NR_IRQS		96	/* the board's; init_IRQ() checks */

/* Is @irq private to each CPU, the same number on all of them? */
bool irq_is_percpu(unsigned int irq);

/* Let interrupt @irq come, or not. One that is private to a CPU: on this CPU only. Context: any. */
void unmask_irq(unsigned int irq);
void mask_irq(unsigned int irq);

#endif
