/* SPDX-License-Identifier: MIT */
/*
 * Barriers (ARM DDI 0406C A3.8.3).
 *
 *   isb()	what follows is fetched anew: after a change of CP15 state
 *   dsb()	all accesses and maintenance before it are complete
 *   dmb()	accesses before it are seen before those after it
 *
 * mb() and its kin order against devices as well, smp_mb() and its kin against other CPUs (inner shareable).
 */
#ifndef ASM_BARRIER_H
#define ASM_BARRIER_H

#define isb()		__asm__ volatile("isb" : : : "memory")
#define dsb(option)	__asm__ volatile("dsb " #option : : : "memory")
#define dmb(option)	__asm__ volatile("dmb " #option : : : "memory")

#define mb()		dsb(sy)
#define rmb()		dsb(sy)
#define wmb()		dsb(st)
#define smp_mb()	dmb(ish)
#define smp_rmb()	dmb(ish)
#define smp_wmb()	dmb(ishst)

#endif
