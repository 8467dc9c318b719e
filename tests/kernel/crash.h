/* SPDX-License-Identifier: MIT */
/*
 * Ways to die on purpose: each kind of fault that the kernel explains, for tests/boot/faults.t and
 * for whoever wants to see one.
 */
#ifndef CRASH_H
#define CRASH_H

/**
 * crash - make the kernel fault in a given way
 * @name: one of the names that crash("list") prints; with @N behind it, on CPU N
 *
 * Context: after boot; the init sections are freed. Return: 0 after the list; -ENOENT for an
 * unknown name, after the list; -ENXIO, after a message, for a CPU that does not run; -EFAULT,
 * after a message, if nothing faulted.
 */
int crash(const char *name);

/* Real deadlocks, of two CPUs: deadlock.c. */
void deadlock_order(void);
void deadlock_irq(void);
void deadlock_self(void);
void deadlock_cross(void);

/* Temporary mappings and the fixmap misused: crash_kmap.c. */
void kmap_used_after(void);
void kmap_overrun(void);
void kmap_overflow_stack(void);
void kmap_asleep(void);
void fixmap_no_slot(void);
void fixmap_set_twice(void);

/* If the command line has crash=KIND, do that and exit, with 1 if nothing faulted. */
void crash_if_asked(void);

#endif
