/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU variables, with Linux's interface: each CPU has its own copy, so no lock is needed, and
 * no cache line travels.
 *
 *    static DEFINE_PER_CPU(unsigned long, count);
 *
 *    this_cpu_inc(count);				this CPU's; safe against interrupts
 *    sum += per_cpu(count, cpu);			another's: may be changing
 *    p = this_cpu_ptr(&set);				as long as the thread stays on this CPU
 *
 * The section .data..percpu is a template. setup_per_cpu_areas() copies it for each CPU; how far
 * the copy lies from the template is __per_cpu_offset[cpu], and this CPU's offset is in a register:
 *
 *    __per_cpu_start                            area of CPU 0           area of CPU 1
 *    | count |   | set |   |  --- offset 0 --->  | count |   | set |   | count |   | set |
 *    template, init data   |  --------------- offset 1 --------------->
 *
 * I1. Before setup_per_cpu_areas() the boot CPU works on the template, at offset 0; what it left
 *     there, each CPU begins with. Afterwards nobody uses the template, whose memory is given back.
 * I2. The address of a per-CPU variable itself is not to be followed; only the accessors below make
 *     an address of it.
 * I3. Areas share no cache line.
 */
#ifndef KERNEL_PERCPU_H
#define KERNEL_PERCPU_H

#include <asm/cache.h>
#include <asm/irqflags.h>
#include <asm/percpu.h>
#include <kernel/bug.h>
#include <kernel/smp.h>
#include <kernel/threads.h>
#include <lib/compiler.h>

/* Marks pointers that are to be used through the accessors only. */
#define __percpu

#define PER_CPU_SECTION			".data..percpu"
#define PER_CPU_ALIGNED_SECTION		".data..percpu..shared_aligned"

#define DECLARE_PER_CPU(type, name)	extern __section(PER_CPU_SECTION) __typeof__(type) name
#define DEFINE_PER_CPU(type, name)	__section(PER_CPU_SECTION) __typeof__(type) name

/* For what other CPUs write to: it begins a cache line, so that they disturb nothing else. */
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) \
	__section(PER_CPU_ALIGNED_SECTION) ____cacheline_aligned __typeof__(type) name

/* The template's borders. */
extern char __per_cpu_start[], __per_cpu_end[];

/* By CPU; 0 before setup_per_cpu_areas(), and for CPUs that do not exist. */
extern unsigned long __per_cpu_offset[NR_CPUS];

/* What is added to the address of a per-CPU variable for that of @cpu. */
static inline unsigned long per_cpu_offset(unsigned int cpu)
{
	VM_BUG_ON(cpu >= NR_CPUS, "CPU %u", cpu);
	return __per_cpu_offset[cpu];
}

/* Adds to an address so that the compiler, which knows the variable's bounds, does not follow. */
#define __shift_percpu_ptr(ptr, offset) ({				\
	unsigned long __address = (unsigned long)(ptr);			\
	__asm__("" : "+r"(__address));					\
	(__typeof__(*(ptr)) *)(__address + (offset)); })

#define per_cpu_ptr(ptr, cpu)	__shift_percpu_ptr(ptr, per_cpu_offset(cpu))
#define this_cpu_ptr(ptr)	__shift_percpu_ptr(ptr, __my_cpu_offset())
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))

/* The running CPU's copy, with preemption disabled until put_cpu_var(). As Linux's. */
#define get_cpu_var(var)	(*({ preempt_disable(); this_cpu_ptr(&(var)); }))
#define put_cpu_var(var)	do { (void)&(var); preempt_enable(); } while (0)

/* For callers who cannot be moved to another CPU, nor interrupted by somebody who does the same. */
#define __this_cpu_read(var)		(*this_cpu_ptr(&(var)))
#define __this_cpu_write(var, value)	((void)(*this_cpu_ptr(&(var)) = (value)))
#define __this_cpu_add(var, value)	((void)(*this_cpu_ptr(&(var)) += (value)))
#define __this_cpu_inc(var)		__this_cpu_add(var, 1)
#define __this_cpu_dec(var)		__this_cpu_add(var, -1)

/* For all others: nothing comes between finding this CPU's copy and being done with it. */
#define this_cpu_add(var, value) do {				\
	unsigned long __flags = arch_local_irq_save();		\
	__this_cpu_add(var, value);				\
	arch_local_irq_restore(__flags); } while (0)
#define this_cpu_inc(var)	this_cpu_add(var, 1)
#define this_cpu_dec(var)	this_cpu_add(var, -1)

#define this_cpu_write(var, value) do {				\
	unsigned long __flags = arch_local_irq_save();		\
	__this_cpu_write(var, value);				\
	arch_local_irq_restore(__flags); } while (0)

#define this_cpu_read(var) ({					\
	unsigned long __flags = arch_local_irq_save();		\
	__typeof__(var) __value = __this_cpu_read(var);		\
	arch_local_irq_restore(__flags);			\
	__value; })

/**
 * setup_per_cpu_areas - give each possible CPU its copy of the template
 *
 * Memory comes from bootmem. On return the boot CPU works on its area. Context: boot, between
 * setup_arch() and mm_init(), once. Panics if there is no memory.
 */
void setup_per_cpu_areas(void);

#endif
