/* SPDX-License-Identifier: MIT */
/*
 * The names of the kernel's functions, for backtraces and for %ps and %pS. Linux's interface,
 * without modules. The table is made from the linked kernel by scripts/kallsyms.sh and linked in by
 * a second pass.
 */
#ifndef KERNEL_KALLSYMS_H
#define KERNEL_KALLSYMS_H

#include <lib/types.h>

#define KSYM_NAME_LEN	64	/* with the terminating 0; scripts/kallsyms.sh cuts what is longer */

/**
 * kallsyms_lookup - which function is an address in?
 * @addr: a code address; bit 0, the mark of Thumb code, does not matter
 * @size: receives the function's size in bytes, padding included
 * @offset: receives the distance of @addr from its start
 * @namebuf: receives its name
 *
 * Differs from Linux: no module name. Context: any.
 *
 * Return: @namebuf, or NULL if @addr is not in the kernel's text; then nothing is written.
 */
const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
			    char namebuf[KSYM_NAME_LEN]);

/* The same without the name, which takes longest. Return: false if there is none. Context: any. */
bool kallsyms_lookup_size_offset(unsigned long addr, unsigned long *size, unsigned long *offset);

/**
 * kallsyms_lookup_name - where is a function?
 * @name: its name
 *
 * Return: the address, of the first in memory if several have the name (static ones may); 0 if none
 * has.
 */
unsigned long kallsyms_lookup_name(const char *name);

/* A code address, @addr, with bit 0 as a branch there wants it: set if it lies in a function of Thumb code. */
const void *kallsyms_code(unsigned long addr);

/**
 * sprint_symbol - an address as name+0xoffset/0xsize
 * @buf: receives the text, terminated
 * @size: bytes at @buf
 * @addr: a code address
 * @offset: false for the name alone
 *
 * An address without a name is written as 0x%lx. Fits vsprintf.h's sprint_symbol_hook.
 */
void sprint_symbol(char *buf, size_t size, unsigned long addr, bool offset);

/* As sprint_symbol() with offset, for a return address: names the function that the call is in. */
void sprint_backtrace(char *buf, size_t size, unsigned long addr);

/* Let %ps and %pS know the names. Context: boot, before the first message that has them. */
void kallsyms_init(void);

/* Walk the whole table; BUG if it is out of order or not that of this kernel. */
void kallsyms_check(void);

#endif
