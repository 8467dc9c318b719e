/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: barriers. A test program has one thread and no devices, so
 * only the compiler must be kept in order.
 */
#ifndef ASM_BARRIER_H
#define ASM_BARRIER_H

#include <lib/compiler.h>

#define mb()		barrier()
#define rmb()		barrier()
#define wmb()		barrier()
#define smp_mb()	barrier()
#define smp_rmb()	barrier()
#define smp_wmb()	barrier()

#endif
