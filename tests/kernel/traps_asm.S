/* SPDX-License-Identifier: MIT */
/*
 * What the suite "traps" cannot say in C: code that knows what is in every register.
 *
 *    void NAME(const u32 *in, u32 *out)
 *
 * Loads r0-r12 and the flags from the fourteen words at @in, makes an exception that the exception
 * table resolves, and stores them all to @out. On ARM the stack is not 8-byte-aligned meanwhile.
 */
#include <asm/extable.h>

#define APSR	(13 * 4)	/* offset of the flags in both arrays */

	.syntax	unified
	.text

	.macro	load_all
	push	{r4 - r11, lr}
	sub	sp, sp, #4
	str	r1, [sp]
	ldr	r1, [r0, #APSR]
	msr	apsr_nzcvq, r1
	ldm	r0, {r0 - r12}
	.endm

	.macro	store_all
	ldr	lr, [sp]
	stm	lr, {r0 - r12}
	mrs	r0, apsr
	str	r0, [lr, #APSR]
	add	sp, sp, #4
	pop	{r4 - r11, pc}
	.endm

	.macro	function, name
	.globl	\name
	.type	\name, %function
\name:
	.fnstart
	.pad	#4
	.save	{r4 - r11, lr}
	.endm

	.macro	function_end, name
	.fnend
	.size	\name, . - \name
	.endm

	.arm
	function test_abort_in_arm
	load_all
1:	ldr	r0, [r0]			@ faults, so r0 stays
2:	store_all
	ex_entry 1b, 2b
	function_end test_abort_in_arm

	function test_undef_in_arm
	load_all
1:	udf	#0
2:	store_all
	ex_entry 1b, 2b
	function_end test_undef_in_arm

	function test_svc_in_arm
	load_all
1:	svc	#0
2:	store_all
	ex_entry 1b, 2b
	function_end test_svc_in_arm

	.thumb
	.thumb_func
	function test_abort_in_thumb
	load_all
1:	ldr	r0, [r0]
2:	store_all
	ex_entry 1b, 2b + 1
	function_end test_abort_in_thumb

	.thumb_func
	function test_undef_in_thumb
	load_all
1:	udf	#0
2:	store_all
	ex_entry 1b, 2b + 1
	function_end test_undef_in_thumb

	.thumb_func
	function test_svc_in_thumb
	load_all
1:	svc	#0
2:	store_all
	ex_entry 1b, 2b + 1
	function_end test_svc_in_thumb

	.thumb_func
	.globl	test_thumb_function
	.type	test_thumb_function, %function
test_thumb_function:
	bx	lr
	.size	test_thumb_function, . - test_thumb_function
