/* SPDX-License-Identifier: MIT */
/*
 * How many CPUs the kernel has room for. How many there are, <kernel/cpumask.h> knows.
 */
#ifndef KERNEL_THREADS_H
#define KERNEL_THREADS_H

#define NR_CPUS		4	/* a Cortex-A9 MPCore has at most so many */

#endif
