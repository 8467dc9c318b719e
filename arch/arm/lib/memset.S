/* SPDX-License-Identifier: MIT */
/*
 * void *memset(void *dest, int byte, size_t bytes)
 *
 * Word-aligns the destination, then stores 32 bytes an instruction, 128 a turn. Clearing a page takes
 * about 160 instructions. Stays correct with the MMU off: every store is aligned.
 */
	.syntax	unified
	.arm
	.text

	.globl	memset
	.type	memset, %function
	.align	5
memset:
	.fnstart
	mov	r12, r0				@ r0 is the result
	cmp	r2, #8
	blo	.Lbytes
	and	r1, r1, #0xff
	orr	r1, r1, r1, lsl #8
	orr	r1, r1, r1, lsl #16
1:	tst	r12, #3				@ to a word border
	strbne	r1, [r12], #1
	subne	r2, r2, #1
	bne	1b

	cmp	r2, #32
	blo	.Lwords
	push	{r4-r9, lr}
	.save	{r4-r9, lr}
	mov	r3, r1
	mov	r4, r1
	mov	r5, r1
	mov	r6, r1
	mov	r7, r1
	mov	r8, r1
	mov	r9, r1
	subs	r2, r2, #128
	blo	3f
2:	stmia	r12!, {r1, r3-r9}
	stmia	r12!, {r1, r3-r9}
	stmia	r12!, {r1, r3-r9}
	stmia	r12!, {r1, r3-r9}
	subs	r2, r2, #128
	bhs	2b
3:	adds	r2, r2, #128 - 32		@ r2 was short by 128
	stmiapl	r12!, {r1, r3-r9}
	subspl	r2, r2, #32
	stmiapl	r12!, {r1, r3-r9}
	subspl	r2, r2, #32
	stmiapl	r12!, {r1, r3-r9}
	subspl	r2, r2, #32
	add	r2, r2, #32
	pop	{r4-r9, lr}

.Lwords:
	subs	r2, r2, #4
	strhs	r1, [r12], #4
	bhs	.Lwords
	add	r2, r2, #4
.Lbytes:
	subs	r2, r2, #1
	strbhs	r1, [r12], #1
	bhs	.Lbytes
	bx	lr
	.fnend
	.size	memset, . - memset
