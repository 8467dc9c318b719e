/* SPDX-License-Identifier: MIT */
/*
 * The integer types of the kernel. ARMv7 without LPAE: a physical address has 32 bits, and so
 * has `unsigned long`, on the board as in the host build.
 */
#ifndef LIB_TYPES_H
#define LIB_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <lib/compiler.h>

typedef unsigned char u8;
typedef signed char s8;
typedef unsigned short u16;
typedef signed short s16;
typedef unsigned int u32;
typedef signed int s32;
typedef unsigned long long u64;
typedef signed long long s64;

typedef u32 phys_addr_t;

/* The highest physical address; the address space has one byte more than this says. */
#define PHYS_ADDR_MAX	((phys_addr_t)~0)

_Static_assert(sizeof(unsigned long) == 4, "the kernel and its host build are 32-bit programs");
_Static_assert(sizeof(void *) == 4, "the kernel and its host build are 32-bit programs");

#endif
