/* SPDX-License-Identifier: MIT */
/*
 * Thumb functions that push LR late, in each of the three ways there are (thumb_code.h). They are not
 * called; the unwinder is told that it is in them.
 */
	.syntax	unified
	.thumb
	.text

	.macro	late_push, name, saved, push
	.globl	\name
	.type	\name, %function
	.thumb_func
\name:
	.fnstart
	.save	\saved
	movs	r3, #0			@ two bytes
	ldr.w	fp, [r3, #0x500]	@ four, of which the last two, b500, alone would push LR
	\push
	movs	r2, #0
	pop.w	\saved
	bx	lr
	.fnend
	.size	\name, . - \name
	.endm

	late_push late_push_16, "{r4, lr}", "push {r4, lr}"
	late_push late_push_32, "{r4, r8, lr}", "push.w {r4, r8, lr}"
	late_push late_push_str, "{lr}", "str lr, [sp, #-4]!"
