/* SPDX-License-Identifier: MIT */
/*
 * Which CPU is this, and how to have others do something.
 *
 *    cpu = get_cpu();			smp_processor_id() is right as long as the thread cannot move:
 *    ... per_cpu(count, cpu)++ ...	with preemption disabled, or in an interrupt
 *    put_cpu();
 *
 *    on_each_cpu(drain, NULL, 1);		every CPU that runs, this one too; wait for the end
 *    smp_call_function_single(2, f, p, 0);	one; do not wait
 */
#ifndef KERNEL_SMP_H
#define KERNEL_SMP_H

#include <asm/thread_info.h>
#include <kernel/cpumask.h>
#include <kernel/preempt.h>
#include <kernel/threads.h>
#include <lib/list.h>

/*
 * The CPU that the caller runs on. It may be another already when he looks at it: raw_smp_processor_id() is for who
 * allows that, as messages do; smp_processor_id() for who stays there anyhow; get_cpu() stays there, until put_cpu().
 */
static inline unsigned int raw_smp_processor_id(void)
{
	return current_thread_info()->cpu;
}

static inline unsigned int smp_processor_id(void)
{
	return raw_smp_processor_id();
}

static inline unsigned int get_cpu(void)
{
	preempt_disable();
	return smp_processor_id();
}

static inline void put_cpu(void)
{
	preempt_enable();
}

/* ---- Calling other CPUs ---- */

/* Context: interrupts masked on the CPU that was called; on the calling one, too. */
typedef void (*smp_call_func_t)(void *info);

/**
 * smp_call_function_single - have one CPU call a function
 * @cpu: which; may be this one
 * @func: what; short, and not sleeping
 * @info: its argument
 * @wait: return only when @func has
 *
 * What the caller wrote before, @func sees; with @wait, what @func wrote the caller sees. Context:
 * interrupts enabled, since two CPUs that call each other answer each other while they wait, and not
 * in an interrupt; but any, as long as no other CPU runs. Return: 0; -ENXIO if the CPU does not run.
 */
int smp_call_function_single(unsigned int cpu, smp_call_func_t func, void *info, bool wait);

/* The same for all CPUs in @mask that run, but not this one. Preemption is disabled. */
void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info,
			    bool wait);

/* As smp_call_function_many(), for all that run, but not this one. */
void smp_call_function(smp_call_func_t func, void *info, bool wait);

/* The same for all that run, and this one; for those in @mask. */
void on_each_cpu(smp_call_func_t func, void *info, bool wait);
void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);

/* The IPI's handler. Context: interrupt. */
void generic_smp_call_function_interrupt(void);

/* Walk the queues: nothing is left in them. For when nobody calls. Return: entries found. */
int smp_call_check(void);

/* ---- Starting and stopping ---- */

/* Start the other CPUs, as many as `maxcpus=' allows. Context: rest_init(). */
void smp_init(void);

#endif
