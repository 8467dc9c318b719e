/* SPDX-License-Identifier: MIT */
/*
 * The borders of the kernel image, set by linker/kernel.lds.S.
 *
 *    _text      _stext ... _etext        RX   code; ends with the init code
 *               __inittext_begin .. __inittext_end    (given back after boot)
 *    __start_rodata .. __end_rodata      R    constants, unwind tables, symbol table
 *    _sdata                              RW
 *               __initdata_begin .. __initdata_end    (given back after boot)
 *    ... _edata
 *    __bss_start .. __bss_stop           RW   cleared by the boot stub
 *    _end
 *
 * Every border between two permissions is page-aligned.
 */
#ifndef KERNEL_SECTIONS_H
#define KERNEL_SECTIONS_H

#include <lib/types.h>

extern char _text[], _stext[], _etext[];
extern char __exception_text_start[], __exception_text_end[];	/* entry.S, and what it needs first */
extern char __inittext_begin[], __inittext_end[];
extern char __start_rodata[], __end_rodata[];
extern char _sdata[], _edata[];
extern char __initdata_begin[], __initdata_end[];
extern char __bss_start[], __bss_stop[];
extern char _end[];

#endif
