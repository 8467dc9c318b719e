/* SPDX-License-Identifier: MIT */
/*
 * The first stations of start_kernel().
 */
#ifndef KERNEL_SETUP_H
#define KERNEL_SETUP_H

/* From the boot loader's word to page tables, zones and mem_map. */
void setup_arch(void);

/* The table of contents of the kernel; boot/head.S jumps here and it does not return. */
void start_kernel(void);

#endif
