/* SPDX-License-Identifier: MIT */
/*
 * Which CPU is this?
 *
 *    cpu = get_cpu();			smp_processor_id() is right as long as the thread cannot move:
 *    ... per_cpu(count, cpu)++ ...	with preemption disabled, or in an interrupt
 *    put_cpu();
 */
#ifndef KERNEL_SMP_H
#define KERNEL_SMP_H

#include <asm/thread_info.h>
#include <kernel/cpumask.h>
#include <kernel/preempt.h>
#include <kernel/threads.h>

/* May be another's already when the caller looks at it: for messages, and for checks that allow it. */
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

typedef void (*smp_call_func_t)(void *info);

/**
 * on_each_cpu_mask - have CPUs call a function, this one too if it is among them
 * @mask: which CPUs
 * @func: the function; it runs with interrupts off
 * @info: its argument
 * @wait: return only when all have done it
 *
 * Context: interrupts on.
 */
void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);

#endif
