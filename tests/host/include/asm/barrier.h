/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the contract: barriers. A test program has one thread and no devices, so
 * only the compiler must be kept in order, and nobody else's progress is waited for.
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

#define smp_store_release(ptr, value) \
	do { barrier(); WRITE_ONCE(*(ptr), value); } while (0)

#define smp_load_acquire(ptr) ({			\
	__typeof__(*(ptr)) __loaded = READ_ONCE(*(ptr));	\
	barrier();					\
	__loaded; })

#define smp_mb__before_atomic()	barrier()
#define smp_mb__after_atomic()	barrier()

#define wfe()		barrier()
#define sev()		barrier()
#define cpu_relax()	barrier()

#endif
