/* SPDX-License-Identifier: MIT */
/*
 * The canary that functions with arrays keep between these and their return address, in debug builds:
 * kernel/stackprotector.c.
 */
#ifndef KERNEL_STACKPROTECTOR_H
#define KERNEL_STACKPROTECTOR_H

/**
 * boot_init_stack_canary - choose this boot's canary
 *
 * Context: start_kernel(), which never returns, before any function runs that does, on one CPU: a function
 * that is running meanwhile would find another canary than it put down. As Linux's.
 */
#ifdef __SSP_STRONG__
void boot_init_stack_canary(void);
#else
static inline void boot_init_stack_canary(void)
{
}
#endif

#endif
