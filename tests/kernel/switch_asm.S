/* SPDX-License-Identifier: MIT */
/*
 * Do registers survive? For suite "sched": they are filled with values that depend on r0, and
 * looked at again behind a switch, or when the tick has had time to come.
 */
	.syntax	unified
	.arm
	.text

	.macro	fill
	add	r4, r0, #4
	add	r5, r0, #5
	add	r6, r0, #6
	add	r7, r0, #7
	add	r8, r0, #8
	add	r9, r0, #9
	add	r10, r0, #10
	add	r11, r0, #11
	.endm

	/* Adds to r1 the sum of r4-r11, each less its number: 8 * what they were filled with. */
	.macro	add_up
	sub	r1, r1, #4 + 5 + 6 + 7 + 8 + 9 + 10 + 11
	add	r1, r1, r4
	add	r1, r1, r5
	add	r1, r1, r6
	add	r1, r1, r7
	add	r1, r1, r8
	add	r1, r1, r9
	add	r1, r1, r10
	add	r1, r1, r11
	.endm

/* u32 registers_across_yield(u32 value): give way once. Return: 8 * @value. */
	.globl	registers_across_yield
	.type	registers_across_yield, %function
registers_across_yield:
	.fnstart
	push	{r4 - r11, ip, lr}
	.save	{r4 - r11, ip, lr}
	fill
	bl	yield
	mov	r1, #0
	add_up
	mov	r0, r1
	pop	{r4 - r11, ip, pc}
	.fnend
	.size	registers_across_yield, . - registers_across_yield

/*
 * bool registers_across_ticks(u32 value, u32 rounds): no call, so that only an interrupt can switch.
 * Return: did r0, r2-r12 and the flags stay as they were, in each round?
 */
	.globl	registers_across_ticks
	.type	registers_across_ticks, %function
registers_across_ticks:
	.fnstart
	push	{r4 - r11, ip, lr}
	.save	{r4 - r11, ip, lr}
	fill
	add	ip, r0, #12
	mov	lr, r1
	mov	r2, r0
1:	mov	r1, #0
	cmp	r0, r2				@ Z and C set, N and V clear
	nop
	bne	2f
	bcc	2f
	bmi	2f
	add_up
	cmp	r1, r0, lsl #3
	subeq	r3, ip, r0
	cmpeq	r3, #12
	bne	2f
	subs	lr, lr, #1
	bne	1b
	mov	r0, #1
	pop	{r4 - r11, ip, pc}
2:	mov	r0, #0
	pop	{r4 - r11, ip, pc}
	.fnend
	.size	registers_across_ticks, . - registers_across_ticks
