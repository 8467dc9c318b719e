/* SPDX-License-Identifier: MIT */
/*
 * Reporting that something is wrong: what panic(), BUG(), WARN() and the fault path share.
 *
 *    oops_enter()  ->  what, where, registers, backtrace  ->  oops_exit()
 *
 * A report may itself fault: what it reads is, after all, broken. So reports are counted, and the
 * second one is a single line (see oops_enter()). One CPU reports, and has the machine for itself.
 */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

#include <kernel/bug.h>
#include <lib/compiler.h>
#include <lib/types.h>

/* Warnings since boot. A test that warns must have meant to: the test framework compares it. */
extern unsigned int warn_count;

/**
 * oops_enter - begin a fatal report
 * @what: a few words, for the case that this is the second report
 * @pc: where, for the same case
 *
 * Masks interrupts, stops the other CPUs, and lets every message through to the console. If this
 * CPU is reporting already, the new fault is named in one line and the kernel stops with a failing
 * status; if another CPU is, this one says so and stops. Context: any.
 */
void oops_enter(const char *what, unsigned long pc);

/* Is a report going on, on any CPU? */
bool oops_in_progress(void);

/**
 * oops_exit - end a fatal report, and the kernel
 * @reason: repeated in the last line
 *
 * Leaves with status 1. Context: after oops_enter().
 */
void oops_exit(const char *reason) __noreturn;

#endif
