/* SPDX-License-Identifier: MIT */
/*
 * Ways to end.
 */
#ifndef KERNEL_REBOOT_H
#define KERNEL_REBOOT_H

#include <lib/compiler.h>

/* Switch the machine off; QEMU ends with status 0. */
void machine_power_off(void) __noreturn;

/* Reset the machine; the kernel starts anew. */
void machine_restart(void) __noreturn;

/* Sleep for good, interrupts masked or not. */
void machine_halt(void) __noreturn;

/**
 * kernel_exit - end the run with a status
 * @status: 0 for success
 *
 * Tells the host by semihosting, and QEMU ends with @status. If no host listens, says so and halts for
 * good: switching off would read as success. Context: any.
 */
void kernel_exit(int status) __noreturn;

#endif
