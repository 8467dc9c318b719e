/* SPDX-License-Identifier: MIT */
/*
 * Several CPUs: what the architecture does for <kernel/smp.h>. arch/arm/kernel/smp.c has the
 * picture.
 */
#ifndef ASM_SMP_H
#define ASM_SMP_H

#include <kernel/cpumask.h>
#include <lib/compiler.h>
#include <lib/types.h>

/* Interrupts that CPUs send each other: SGIs of these IDs. Linux 3.10's numbers. */
enum ipi_msg_type {
	IPI_WAKEUP = 0,		/* leave the pen; or nothing at all, but an interrupt */
	IPI_RESCHEDULE = 2,	/* look at the run queue on the way back */
	IPI_CALL_FUNC = 3,	/* calls are queued for you */
	IPI_CPU_STOP = 5,	/* stop for good */
	NR_IPI,
};

/* Make this CPU number 0, with an idle thread. Context: the first C function with the MMU on. */
void smp_setup_processor_id(void);

/**
 * __cpu_up - start a CPU
 * @cpu: which; it waits where reset left it
 *
 * Returns when the CPU is online. Return: 0; -ENOMEM; -EIO, after a message, if it does not come.
 * Context: smp_init().
 */
int __cpu_up(unsigned int cpu);

/* No other CPU will be started. Context: smp_init(). */
void smp_cpus_done(void);

/* Where a CPU arrives, on its own stack, with the kernel's page table. */
void secondary_start_kernel(void);

/**
 * handle_IPI - another CPU wants something
 * @ipinr: the SGI's ID
 *
 * Return: false if no IPI has this number. Context: interrupt.
 */
bool handle_IPI(unsigned int ipinr);

/*
 * Interrupt those in @mask, which call what waits for them; or @cpu, which looks whether to schedule. Context: any.
 */
void arch_send_call_function_ipi_mask(const struct cpumask *mask);
void smp_send_reschedule(unsigned int cpu);

/**
 * smp_send_stop - stop all other CPUs, for good
 *
 * Waits until they have, a second at most: one that has interrupts masked for good is left alone,
 * after a message. Context: any, interrupts masked or not.
 */
void smp_send_stop(void);

/* Stop this CPU, for good. It is no longer online. */
void smp_stop_self(void) __noreturn;

/* Print how many IPIs of each kind each CPU got, in the format of Linux's /proc/interrupts. */
void show_ipi_list(void);

/* ---- The board's part: arch/arm/vexpress/platsmp.c ---- */

/* Find the CPUs there are: cpu_possible_mask. Context: setup_arch(), page tables are final. */
void smp_init_cpus(void);

/* Where CPUs that wait for a start are to go. Context: before the first boot_secondary(). */
void smp_prepare_cpus(void);

/* Let CPU @cpu go there. Return: 0, or -EIO if it did not arrive. */
int boot_secondary(unsigned int cpu);

/* The CPU that boot_secondary() let go has arrived. Context: that CPU. */
void platform_secondary_init(void);

/* ---- The identity mapping: arch/arm/mm/idmap.c ---- */

/**
 * idmap_create - a page table that also maps the start-up code at its physical address
 *
 * Return: the table's physical address; 0 if memory is short. Context: after mm_init().
 */
phys_addr_t idmap_create(void);

/* Give @pgd back. Context: no CPU has it in TTBR0. */
void idmap_free(phys_addr_t pgd);

#endif
