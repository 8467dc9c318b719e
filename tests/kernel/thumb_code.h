/* SPDX-License-Identifier: MIT */
/*
 * Thumb code of which the tests know what it does: thumb_code.c is built as most of mm/ is, for size;
 * thumb_asm.S is so in any case.
 */
#ifndef THUMB_CODE_H
#define THUMB_CODE_H

#include <lib/types.h>

struct page;

/* Calls thumb_middle(), which has a large frame, and that calls @innermost. Return: what it returned. */
unsigned int thumb_outermost(unsigned int (*innermost)(void *data), void *data);

/* Return: page_debugging(), as Thumb code asks for it. */
bool thumb_asks_key(void);

/* A page that is its caller's. Return: NULL if there is none. */
struct page *thumb_driver(void);

/* Two ways to die, for crash.c. */
void thumb_null(void);
void thumb_bug(void);

/*
 * Each pushes LR, and perhaps something else, in its own way, and that late: six bytes behind its
 * beginning (LATE_PUSH).
 */
#define LATE_PUSH	6
void late_push_16(void);		/* PUSH of two bytes, {r4, lr} */
void late_push_32(void);		/* PUSH of four, {r4, r8, lr} */
void late_push_str(void);		/* STR lr, [sp, #-4]! */

#endif
