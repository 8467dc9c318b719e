/* SPDX-License-Identifier: MIT */
/*
 * Barriers (ARM DDI 0406C A3.8.3), with Linux's names.
 *
 *   isb()	what follows is fetched anew: after a change of CP15 state
 *   dsb()	all accesses and maintenance before it are complete
 *   dmb()	accesses before it are seen before those after it
 *
 * mb() and its kin order against devices as well, smp_mb() and its kin against other CPUs (inner
 * shareable). Memory is weakly ordered: without a barrier another CPU may see two stores, or make
 * two loads, in either order. What one CPU publishes, and another picks up, takes a pair:
 *
 *    data = 42;                            while (!smp_load_acquire(&flag))
 *    smp_store_release(&flag, 1);                  wfe();
 *    sev();                                use(data);
 *
 *   wfe()	sleep until an event, an interrupt, or for no reason: always in a loop that looks again
 *   sev()	the event, for all CPUs; behind the store that they wait for
 *   wfi()	sleep until an interrupt is pending, masked or not (B1.8.13)
 *
 * A loop that spins on another CPU has wfe() in it, and cpu_relax() where nobody sends an event.
 */
#ifndef ASM_BARRIER_H
#define ASM_BARRIER_H

#include <lib/compiler.h>

#define isb()		__asm__ volatile("isb" : : : "memory")
#define dsb(option)	__asm__ volatile("dsb " #option : : : "memory")
#define dmb(option)	__asm__ volatile("dmb " #option : : : "memory")

#define mb()		dsb(sy)
#define rmb()		dsb(sy)
#define wmb()		dsb(st)
#define smp_mb()	dmb(ish)
#define smp_rmb()	dmb(ish)
#define smp_wmb()	dmb(ishst)

/* Store @value to *@ptr; whoever sees it sees all accesses before it done. */
#define smp_store_release(ptr, value) \
	do { smp_mb(); WRITE_ONCE(*(ptr), value); } while (0)

/* Load *@ptr; accesses behind it happen after it. */
#define smp_load_acquire(ptr) ({			\
	__typeof__(*(ptr)) __loaded = READ_ONCE(*(ptr));	\
	smp_mb();					\
	__loaded; })

/* Between an atomic operation that orders nothing and what it is to be ordered with. */
#define smp_mb__before_atomic()	smp_mb()
#define smp_mb__after_atomic()	smp_mb()

#define wfe()		__asm__ volatile("wfe" : : : "memory")
#define wfi()		__asm__ volatile("wfi" : : : "memory")

/* The store that the others wait for must be seen before they wake and look (A3.8.3, SEV). */
#define sev()		__asm__ volatile("dsb ishst\n\tsev" : : : "memory")

/* In a loop that polls a device or another CPU. The hint lets an emulator run somebody else. */
#define cpu_relax()	__asm__ volatile("yield" : : : "memory")

#endif
