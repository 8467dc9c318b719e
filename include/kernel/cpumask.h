/* SPDX-License-Identifier: MIT */
/*
 * Sets of CPUs, with Linux's interface, and the three that the kernel keeps:
 *
 *    cpu_possible_mask    the machine has them: they have a per-CPU area
 *    cpu_online_mask      they run, take interrupts, and may be called
 *    cpu_present_mask     the same as possible: no CPU is plugged in here
 *
 * I1. Online CPUs are possible, and the boot CPU is both from the first C function on.
 * I2. CPUs have the numbers 0 .. nr_cpu_ids - 1, without a gap.
 */
#ifndef KERNEL_CPUMASK_H
#define KERNEL_CPUMASK_H

#include <kernel/bug.h>
#include <kernel/threads.h>
#include <lib/atomic.h>
#include <lib/bitops.h>
#include <lib/types.h>

typedef struct cpumask {
	unsigned long bits;
} cpumask_t;

_Static_assert(NR_CPUS <= BITS_PER_LONG, "a set of CPUs is one word");

extern struct cpumask __cpu_possible_mask, __cpu_online_mask;
extern unsigned int nr_cpu_ids;

#define cpu_possible_mask	((const struct cpumask *)&__cpu_possible_mask)
#define cpu_present_mask	cpu_possible_mask
#define cpu_online_mask		((const struct cpumask *)&__cpu_online_mask)

/*
 * Put @cpu into a set, or take it out, in one step: cpumask_set_cpu(), cpumask_clear_cpu(). Is it
 * in the set? cpumask_test_cpu(); of no CPU that does not exist.
 */
static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	VM_BUG_ON(cpu >= NR_CPUS, "CPU %u", cpu);
	set_bit(cpu, &mask->bits);
}

static inline void cpumask_clear_cpu(unsigned int cpu, struct cpumask *mask)
{
	VM_BUG_ON(cpu >= NR_CPUS, "CPU %u", cpu);
	clear_bit(cpu, &mask->bits);
}

static inline bool cpumask_test_cpu(unsigned int cpu, const struct cpumask *mask)
{
	return cpu < NR_CPUS && test_bit(cpu, &mask->bits);
}

/*
 * Empty a set, fill it from another, or with what is in both of two: cpumask_clear(),
 * cpumask_copy(), cpumask_and(). Others may change those that are read, one CPU at a time.
 */
static inline void cpumask_clear(struct cpumask *mask)
{
	mask->bits = 0;
}

static inline void cpumask_copy(struct cpumask *to, const struct cpumask *from)
{
	to->bits = READ_ONCE(from->bits);
}

static inline void cpumask_and(struct cpumask *to, const struct cpumask *a, const struct cpumask *b)
{
	to->bits = READ_ONCE(a->bits) & READ_ONCE(b->bits);
}

/* Is nobody in the set; how many are? cpumask_empty(), cpumask_weight(). */
static inline bool cpumask_empty(const struct cpumask *mask)
{
	return READ_ONCE(mask->bits) == 0;
}

static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	return hweight_long(READ_ONCE(mask->bits));
}

/* The set of @cpu alone. */
static inline struct cpumask cpumask_of(unsigned int cpu)
{
	VM_BUG_ON(cpu >= NR_CPUS, "CPU %u", cpu);
	return (struct cpumask){ BIT(cpu) };
}

/* Return: the lowest CPU above @cpu in the set, NR_CPUS or more if there is none; -1 begins. */
static inline unsigned int cpumask_next(int cpu, const struct cpumask *mask)
{
	unsigned long above = READ_ONCE(mask->bits) >> (cpu + 1);

	return above ? cpu + 1 + __ffs(above) : NR_CPUS;
}

#define for_each_cpu(cpu, mask)					\
	for ((cpu) = cpumask_next(-1, mask); (cpu) < NR_CPUS;	\
	     (cpu) = cpumask_next(cpu, mask))

#define for_each_possible_cpu(cpu)	for_each_cpu(cpu, cpu_possible_mask)
#define for_each_present_cpu(cpu)	for_each_cpu(cpu, cpu_present_mask)
#define for_each_online_cpu(cpu)	for_each_cpu(cpu, cpu_online_mask)

/* Has the machine @cpu, does it run? cpu_possible(), cpu_online(). And how many are there? */
static inline bool cpu_possible(unsigned int cpu)
{
	return cpumask_test_cpu(cpu, cpu_possible_mask);
}

static inline bool cpu_online(unsigned int cpu)
{
	return cpumask_test_cpu(cpu, cpu_online_mask);
}

/* CPUs of the machine, and those that run: num_possible_cpus(), num_online_cpus(). */
static inline unsigned int num_possible_cpus(void)
{
	return cpumask_weight(cpu_possible_mask);
}

static inline unsigned int num_online_cpus(void)
{
	return cpumask_weight(cpu_online_mask);
}

/* For those who find, start and stop CPUs: from now on @cpu is @possible, or @online; or not. */
void set_cpu_possible(unsigned int cpu, bool possible);
void set_cpu_online(unsigned int cpu, bool online);

#endif
