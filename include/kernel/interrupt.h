/* SPDX-License-Identifier: MIT */
/*
 * Interrupts, with Linux's interface: who handles which, and how often they came.
 *
 *    err = request_irq(irq, handler, 0, "uart", &uart);	shared: handled by CPU 0
 *
 *    err = request_percpu_irq(irq, handler, "twd");		private: once for all CPUs,
 *    enable_percpu_irq(irq);					then on each of them
 */
#ifndef KERNEL_INTERRUPT_H
#define KERNEL_INTERRUPT_H

#include <asm/irq.h>
#include <lib/compiler.h>
#include <lib/types.h>

typedef enum irqreturn {
	IRQ_NONE,		/* it was not our device */
	IRQ_HANDLED,
} irqreturn_t;

/* Context: interrupts masked, in_irq(); must not sleep. Quiets the device before it returns. */
typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

/**
 * request_irq - handle a shared interrupt, and let it come
 * @irq: its number
 * @handler: is called for each, with @irq and @dev_id; at once if it is pending
 * @flags: 0
 * @name: for reports; is kept
 * @dev_id: for the handler, and to release it by
 *
 * Differs from Linux: one handler for each interrupt. Context: any. Return: 0; -EINVAL for a number
 * that is no shared interrupt's, -EBUSY if it has a handler.
 */
int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name,
		void *dev_id) __must_check;

/* Mask interrupt @irq and forget its handler, which has @dev_id. Context: the device is quiet. */
void free_irq(unsigned int irq, void *dev_id);

/* The same for a private interrupt, which enable_percpu_irq() lets come to the calling CPU. As request_irq(). */
int request_percpu_irq(unsigned int irq, irq_handler_t handler, const char *name) __must_check;
void enable_percpu_irq(unsigned int irq);
void disable_percpu_irq(unsigned int irq);

/* How many interrupts @irq CPU @cpu has handled. As Linux's. */
unsigned int kstat_irqs_cpu(unsigned int irq, unsigned int cpu);

/* Print the counts, in the format of Linux's /proc/interrupts. */
void show_interrupts(void);

/**
 * generic_handle_irq - an interrupt came
 * @irq: which
 *
 * Return: false if nobody handles it. Context: entry of an interrupt, interrupts masked.
 */
bool generic_handle_irq(unsigned int irq);

/* The interrupt controller is set up. Context: start_kernel(). */
void init_IRQ(void);

#endif
