/* SPDX-License-Identifier: MIT */
/*
 * The counters of a kernel built with COVERAGE=1: arch/arm/kernel/gcov.c.
 */
#ifndef KERNEL_GCOV_H
#define KERNEL_GCOV_H

/**
 * gcov_dump - tell the host what was executed since reset
 *
 * Once, right before the end: what is told twice counts twice. Nothing happens without a host that listens, and
 * in other kernels. Context: any, after a panic too.
 */
#ifdef CONFIG_COVERAGE
void gcov_dump(void);
#else
static inline void gcov_dump(void)
{
}
#endif

#endif
