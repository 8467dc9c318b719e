/* SPDX-License-Identifier: MIT */
/*
 * From one thread to another.
 *
 *    __switch_to(prev, prev's thread_info, next's thread_info)
 *
 *    r4-r11, sp, lr of prev  -->  prev's cpu_context     (at the bottom of its stack)
 *    r4-r11, sp, pc of next  <--  next's cpu_context
 *
 * A function call keeps no more than that (AAPCS 5.1.1), and this is a function call for both: it
 * is entered by one thread, and returns in the other.
 *
 * I1. Interrupts are masked from before until after.
 * I2. TPIDRPRW, the distance to the per-CPU area, belongs to the CPU: it stays.
 */
#include <asm/thread_info.h>

	.syntax	unified
	.arm
	.text

/*
 * struct task_struct *__switch_to(struct task_struct *prev, struct thread_info *prev_ti,
 *				   struct thread_info *next_ti)
 *
 * Return: @prev, in @next's context: the thread that ran last on this CPU. CLREX, because a LDREX
 * of @prev must not let a STREX of @next succeed (ARM DDI 0406C A3.4.4).
 */
	.globl	__switch_to
	.type	__switch_to, %function
__switch_to:
	.fnstart
	.cantunwind
	add	ip, r1, #TI_CPU_SAVE
	mov	r3, sp
	stmia	ip!, {r4 - r11}
	stmia	ip, {r3, lr}
	clrex
	add	ip, r2, #TI_CPU_SAVE
	ldmia	ip!, {r4 - r11}
	ldmia	ip, {r3, lr}
	mov	sp, r3
	bx	lr
	.fnend
	.size	__switch_to, . - __switch_to

/*
 * Where a new thread begins: as if it had come back from __switch_to(), which left in r0 who ran
 * before. The outermost frame of its backtraces.
 */
	.globl	ret_from_fork
	.type	ret_from_fork, %function
ret_from_fork:
	.fnstart
	.cantunwind
	bl	schedule_tail
	bl	kthread_entry
	udf	#0				@ it does not return; its return address is still in here
	.fnend
	.size	ret_from_fork, . - ret_from_fork
