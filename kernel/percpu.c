// SPDX-License-Identifier: MIT
/*
 * setup_per_cpu_areas(): a copy of the per-CPU variables for each CPU that the machine has.
 * <kernel/percpu.h> has the picture. After Linux's setup_per_cpu_areas() (mm/percpu.c), without
 * room for variables that are made later.
 */
#include <asm/cache.h>
#include <kernel/bug.h>
#include <kernel/cpumask.h>
#include <kernel/init.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <lib/math.h>
#include <lib/string.h>
#include <mm/bootmem.h>

unsigned long __per_cpu_offset[NR_CPUS];

void __init setup_per_cpu_areas(void)
{
	size_t bytes = __per_cpu_end - __per_cpu_start;
	unsigned int cpu;

	BUG_ON(raw_smp_processor_id() != 0, "CPU %u boots", raw_smp_processor_id());
	BUG_ON(per_cpu_offset(0) != 0, "the areas exist already");
	BUG_ON(!IS_ALIGNED((unsigned long)__per_cpu_start | bytes, L1_CACHE_BYTES), "%p, %zu bytes",
	       __per_cpu_start, bytes);

	for_each_possible_cpu(cpu) {
		char *area = alloc_bootmem_align(bytes, L1_CACHE_BYTES);

		memcpy(area, __per_cpu_start, bytes);
		__per_cpu_offset[cpu] = area - __per_cpu_start;
	}
	set_my_cpu_offset(per_cpu_offset(0));
	pr_info("percpu: %zu bytes for each of %u CPUs\n", bytes, num_possible_cpus());
}
