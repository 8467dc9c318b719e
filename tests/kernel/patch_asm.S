/* SPDX-License-Identifier: MIT */
/*
 * Functions whose first instruction the suite "patch" replaces, and breakpoints stand on: patch_test.c. Each
 * returns a number; what it is tells which instruction was executed.
 */
#include <asm/page.h>

	.syntax	unified
	.text

	.arm
	.balign	4
	.globl	patch_arm
	.type	patch_arm, %function
patch_arm:
	mov	r0, #1
	bx	lr
	.size	patch_arm, . - patch_arm

	/* Its first constant lies behind it: what many functions begin with. */
	.globl	patch_literal
	.type	patch_literal, %function
patch_literal:
	ldr	r0, .Lnumber
	bx	lr
	.size	patch_literal, . - patch_literal
	.balign	8
.Lnumber:
	.long	0x12345678

	.globl	patch_exclusive
	.type	patch_exclusive, %function
patch_exclusive:
	ldrex	r1, [r0]
	add	r1, r1, #1
	strex	r2, r1, [r0]
	mov	r1, #0
	bx	lr
	.size	patch_exclusive, . - patch_exclusive

	/* May fault: what it reads need not be known yet. */
	.globl	patch_load
	.type	patch_load, %function
patch_load:
	ldr	r0, [r0]
	bx	lr
	.size	patch_load, . - patch_load

	.thumb
	.globl	patch_conditional
	.type	patch_conditional, %function
	.thumb_func
patch_conditional:
	cmp	r0, #0
	ite	eq
	moveq	r0, #1
	movne	r0, #2
	bx	lr
	.size	patch_conditional, . - patch_conditional

	/* One more: between its load and its store nothing may come. */
	.globl	patch_exclusive_thumb
	.type	patch_exclusive_thumb, %function
	.thumb_func
patch_exclusive_thumb:
	ldrex	r1, [r0]
	add.w	r1, r1, #1
	strex	r2, r1, [r0]
	movs	r1, #0
	bx	lr
	.size	patch_exclusive_thumb, . - patch_exclusive_thumb

	.globl	patch_thumb
	.type	patch_thumb, %function
	.thumb_func
patch_thumb:
	movs	r0, #1
	bx	lr
	.size	patch_thumb, . - patch_thumb

	/* Four bytes that load the PC among others. Nobody comes here. */
	.globl	patch_thumb_leave
	.type	patch_thumb_leave, %function
	.thumb_func
patch_thumb_leave:
	pop.w	{r4, r8, pc}
	.size	patch_thumb_leave, . - patch_thumb_leave

	.globl	patch_thumb_literal
	.type	patch_thumb_literal, %function
	.thumb_func
	.balign	4
	.space	2			@ the PC counts rounded down to a word
patch_thumb_literal:
	ldr	r0, .Lnumber2
	bx	lr
	.size	patch_thumb_literal, . - patch_thumb_literal
	.balign	4
.Lnumber2:
	.long	0x87654321

	/* Four bytes, of which two are on the next page. */
	.balign	PAGE_SIZE
	.space	PAGE_SIZE - 2
	.globl	patch_thumb_wide
	.type	patch_thumb_wide, %function
	.thumb_func
patch_thumb_wide:
	movw	r0, #1
	bx	lr
	.size	patch_thumb_wide, . - patch_thumb_wide
