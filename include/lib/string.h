/* SPDX-License-Identifier: MIT */
/*
 * Memory and string functions, with the C library's names and meaning. GCC calls memcpy, memmove,
 * memset and memcmp of its own accord, so they exist in every build.
 */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include <lib/types.h>

/*
 * The C library's, as ISO C 7.24 has them, and strnlen() of POSIX: of @bytes at @dest and @src, or
 * each of them @byte; of @a and @b. Return: @dest; how @a compares with @b.
 */
void *memcpy(void *dest, const void *src, size_t bytes);
void *memmove(void *dest, const void *src, size_t bytes);
void *memset(void *dest, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);

/*
 * The C library's, too: how long is @s, within @max; how @a compares with @b; where in @s is the
 * character @c, or @part? Return: as there.
 */
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t max);
char *strchr(const char *s, int c);
char *strstr(const char *s, const char *part);

/**
 * strscpy - copy a string into a buffer of known size
 * @dest: buffer; always terminated unless @size is 0
 * @src: string
 * @size: bytes at @dest
 *
 * Return: the number of characters copied, or -E2BIG if @src was cut short. As Linux's strscpy().
 */
long strscpy(char *dest, const char *src, size_t size);

#endif
