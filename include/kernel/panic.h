/* SPDX-License-Identifier: MIT */
/*
 * Reporting that something is wrong: what panic(), BUG(), WARN() and the fault path share.
 *
 *    oops_enter()  ->  what, where, registers, backtrace  ->  oops_exit()
 *
 * A report may itself fault: what it reads is, after all, broken. So reports are counted, and the
 * second one is a single line (see oops_enter()).
 */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

#include <kernel/bug.h>
#include <lib/compiler.h>

/* Warnings since boot. A test that warns must have meant to: the test framework compares it. */
extern unsigned int warn_count;

/**
 * oops_enter - begin a fatal report
 * @what: a few words, for the case that this is the second report
 * @pc: where, for the same case
 *
 * Masks interrupts and lets every message through to the console. If a report is going on already,
 * the new fault is named in one line and the kernel stops with a failing status. Context: any.
 */
void oops_enter(const char *what, unsigned long pc);

/**
 * oops_exit - end a fatal report, and the kernel
 * @reason: repeated in the last line
 *
 * Leaves with status 1. Context: after oops_enter().
 */
void oops_exit(const char *reason) __noreturn;

#endif
