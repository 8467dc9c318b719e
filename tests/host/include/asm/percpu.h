/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: where the running CPU's area of per-CPU variables is. The
 * runner makes the areas (host_setup_cpus()), before a test begins.
 */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

#include <kernel/threads.h>

extern unsigned int host_cpu;
extern unsigned long __per_cpu_offset[NR_CPUS];

static inline unsigned long __my_cpu_offset(void)
{
	return __per_cpu_offset[host_cpu];
}

#endif
