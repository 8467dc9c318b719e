/* SPDX-License-Identifier: MIT */
/*
 * The first stations of start_kernel().
 */
#ifndef KERNEL_SETUP_H
#define KERNEL_SETUP_H

#include <lib/compiler.h>

/* That memset() and its like do what they should; else that is all that is said. Context: boot, with a console. */
void check_string_functions(void);

/* From the boot loader's word to page tables, zones and mem_map. */
void setup_arch(void);

/* The table of contents of the kernel; boot/head.S jumps here and it does not return. */
void start_kernel(void);

/* The last station: self-tests, then the prompt or the end. Init memory is gone by then. */
void rest_init(void) __noreturn;

#endif
