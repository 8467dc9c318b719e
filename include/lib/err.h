/* SPDX-License-Identifier: MIT */
/*
 * A pointer or an error number in one value, with Linux's interface: the last page of addresses,
 * which no object occupies, stands for -1 .. -MAX_ERRNO.
 */
#ifndef LIB_ERR_H
#define LIB_ERR_H

#include <lib/compiler.h>
#include <lib/types.h>

#define MAX_ERRNO	4095

/*
 * A negative error number as a pointer @ptr, which no object has; and back: ERR_PTR(), PTR_ERR(). Is it one?
 * IS_ERR().
 */
static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

static inline bool IS_ERR(const void *ptr)
{
	return unlikely((unsigned long)ptr >= (unsigned long)-MAX_ERRNO);
}

#endif
