/* SPDX-License-Identifier: MIT */
/*
 * Where the instructions run that breakpoints stand in for: break.c. Eight bytes for each.
 */
	.syntax	unified
	.arm
	.text
	.balign	8
	.globl	break_slots
	.type	break_slots, %function
break_slots:
	.rept	2 * 8				/* NR_BREAKS */
	udf	#0
	.endr
	.size	break_slots, . - break_slots
