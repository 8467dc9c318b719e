/* SPDX-License-Identifier: MIT */
/*
 * void clear_page(void *page)
 * void copy_page(void *to, const void *from)
 *
 * A page is whole cache lines at a known alignment, so there is nothing to find out: a line of 32
 * bytes with each instruction. 128 of them store a page, and as many load one: below 128 and 256
 * instructions it cannot be done.
 *
 *    clear_page     128 stores  + 16 for 8 turns   + 11 around them  = 155
 *    copy_page      256         + 64 preloads + 4 for 2 turns + 2    = 326
 *
 * A preload for each pair of lines, four pairs ahead, as memcpy() has it. Its turns are long because
 * the target for copying has no room for more of them. The last four preloads are of what lies
 * behind the page: that harms nothing, as they are hints, and never fault (ARM DDI 0406C A8.8.126).
 * Storing has none: a line that is stored whole, Cortex-A9 does not read first.
 */
#include <asm/page.h>

#define CLEAR_TURNS	8
#define COPY_TURNS	2
#define LINE_BYTES	32

	.syntax	unified
	.arm
	.text

	.globl	clear_page
	.type	clear_page, %function
	.align	5
clear_page:
	.fnstart
	push	{r4-r8, lr}
	.save	{r4-r8, lr}
	mov	r1, #CLEAR_TURNS
	mov	r2, #0
	mov	r3, #0
	mov	r4, #0
	mov	r5, #0
	mov	r6, #0
	mov	r7, #0
	mov	r8, #0
	mov	lr, #0
1:	.rept	PAGE_SIZE / LINE_BYTES / CLEAR_TURNS
	stmia	r0!, {r2-r8, lr}
	.endr
	subs	r1, r1, #1
	bne	1b
	pop	{r4-r8, pc}
	.fnend
	.size	clear_page, . - clear_page

	.globl	copy_page
	.type	copy_page, %function
	.align	5
copy_page:
	.fnstart
	push	{r4-r9, lr}
	.save	{r4-r9, lr}
1:	.rept	PAGE_SIZE / (2 * LINE_BYTES) / COPY_TURNS
	pld	[r1, #8 * LINE_BYTES]
	ldmia	r1!, {r3-r9, lr}
	stmia	r0!, {r3-r9, lr}
	ldmia	r1!, {r3-r9, lr}
	stmia	r0!, {r3-r9, lr}
	.endr
	tst	r1, #PAGE_SIZE / COPY_TURNS	@ half-way?
	bne	1b
	pop	{r4-r9, pc}
	.fnend
	.size	copy_page, . - copy_page
