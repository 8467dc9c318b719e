/* SPDX-License-Identifier: MIT */
/*
 * What is this address? A few lines about any address, from all who know something of it: the text
 * of gdb's `mm whatis`.
 *
 *    0xc38a2b40: lowmem
 *      physical 0x638a2b40: System RAM+0x38a2b40
 *      page 0x638a2, zone Normal: allocated: 1 reference
 *      object 0xc38a2b40 of cache kmalloc-64, offset 0 of 64: in use
 */
#ifndef ASM_WHATIS_H
#define ASM_WHATIS_H

#include <lib/types.h>

/**
 * show_whatis - say what an address is
 * @addr: virtual; any
 *
 * Context: thread, interrupts on: other CPUs are stopped for a moment, so that what is said was all
 * true at once.
 */
void show_whatis(unsigned long addr);

#endif
