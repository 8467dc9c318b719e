/* SPDX-License-Identifier: MIT */
/*
 * Formatted text, and numbers from text.
 */
#ifndef LIB_VSPRINTF_H
#define LIB_VSPRINTF_H

#include <stdarg.h>
#include <lib/types.h>

/**
 * vsnprintf, snprintf - format into a buffer
 * @buf: buffer; always terminated unless @size is 0
 * @size: bytes at @buf
 * @fmt: C's format: flags "-+ #0", width and precision (also "*"), lengths hh h l ll z t,
 *       conversions d i u x X o c s p %
 * @args: arguments
 *
 * After %p, as in Linux: %pa formats a phys_addr_t given by pointer as 0x%08x, %ps a code address as its function's
 * name, %pS as name+0xoffset/0xsize.
 *
 * Return: the length that the whole text has, or would have had in a larger buffer.
 */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
/* As snprintf(), but returns what is in @buf, without the terminator. */
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

/**
 * kstrtoul - an unsigned number from the whole of a string
 * @s: text; one newline at the end is allowed
 * @base: 2..16, or 0 to go by the prefix 0x or 0
 * @res: receives the value; not written on failure
 *
 * Return: 0, -EINVAL if @s is not a number, -ERANGE if it does not fit. As Linux's kstrtoul().
 */
int kstrtoul(const char *s, unsigned int base, unsigned long *res) __must_check;

/**
 * memparse - a size with an optional K, M or G behind it
 * @s: text
 * @end: receives the first character that is not part of the number; @s itself if there is no number
 *
 * Return: the size in bytes, as 64 bits so that no size written in 32 bits wraps; ~0 on overflow.
 * As Linux's memparse().
 */
unsigned long long memparse(const char *s, char **end);

/*
 * How %ps and %pS learn a name: kernel/kallsyms.c sets the hook, since lib/ does not call up. Writes at
 * most @size bytes, terminated: the name, and "+0xoffset/0xsize" behind it if @offset.
 */
typedef void (*sprint_symbol_fn)(char *buf, size_t size, unsigned long addr, bool offset);
extern sprint_symbol_fn sprint_symbol_hook;

#endif
