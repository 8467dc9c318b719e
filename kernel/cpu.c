// SPDX-License-Identifier: MIT
/*
 * Which CPUs there are, and which of them run. After Linux's kernel/cpu.c.
 */
#include <kernel/bug.h>
#include <kernel/cpumask.h>

struct cpumask __cpu_possible_mask = { BIT(0) };
struct cpumask __cpu_online_mask = { BIT(0) };
unsigned int nr_cpu_ids = 1;

void set_cpu_possible(unsigned int cpu, bool possible)
{
	BUG_ON(cpu >= NR_CPUS, "CPU %u", cpu);
	BUG_ON(!possible && cpu_online(cpu), "CPU %u runs", cpu);
	if (possible)
		cpumask_set_cpu(cpu, &__cpu_possible_mask);
	else
		cpumask_clear_cpu(cpu, &__cpu_possible_mask);
	nr_cpu_ids = fls(__cpu_possible_mask.bits);
}

void set_cpu_online(unsigned int cpu, bool online)
{
	BUG_ON(online && !cpu_possible(cpu), "there is no CPU %u", cpu);
	if (online)
		cpumask_set_cpu(cpu, &__cpu_online_mask);
	else
		cpumask_clear_cpu(cpu, &__cpu_online_mask);
}
