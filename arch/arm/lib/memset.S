/* SPDX-License-Identifier: MIT */
/*
 * void *memset(void *dest, int byte, size_t bytes)
 *
 * Bytes up to a word border, then 32 bytes an instruction, 128 a turn; what is left, by the bits of
 * its length. Every store is aligned, so it works with the MMU off. No preload: a line that is
 * stored whole, Cortex-A9 does not read first.
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
	ands	r3, r0, #3
	bne	.Lto_word
.Laligned:
	mov	r3, r1
	cmp	r2, #32
	blo	.Lrest
	push	{r4-r9, lr}
	.save	{r4-r9, lr}
	mov	r4, r1
	mov	r5, r1
	mov	r6, r1
	mov	r7, r1
	mov	r8, r1
	mov	r9, r1
	subs	r2, r2, #128
	blo	2f
1:	stmia	r12!, {r1, r3-r9}
	stmia	r12!, {r1, r3-r9}
	stmia	r12!, {r1, r3-r9}
	stmia	r12!, {r1, r3-r9}
	subs	r2, r2, #128
	bhs	1b
2:	tst	r2, #64				@ the low bits are those of what is left
	stmiane	r12!, {r1, r3-r9}
	stmiane	r12!, {r1, r3-r9}
	tst	r2, #32
	stmiane	r12!, {r1, r3-r9}
	pop	{r4-r9, lr}

.Lrest:						@ by bits 4 to 0 of r2
	lsls	r2, r2, #28			@ C: 16 bytes, N: 8
	stmiacs	r12!, {r1, r3}
	stmiacs	r12!, {r1, r3}
	stmiami	r12!, {r1, r3}
	lsls	r2, r2, #2			@ C: 4 bytes, N: 2
	strcs	r1, [r12], #4
	strhmi	r1, [r12], #2
	lsls	r2, r2, #1			@ N: 1 byte
	strbmi	r1, [r12]
	bx	lr

.Lto_word:					@ r3: 1 to 3 bytes behind a border
	rsb	r3, r3, #4
	sub	r2, r2, r3
	cmp	r3, #2
	strb	r1, [r12], #1
	strbge	r1, [r12], #1
	strbgt	r1, [r12], #1
	b	.Laligned

.Lbytes:
	subs	r2, r2, #1
	strbhs	r1, [r12], #1
	bhs	.Lbytes
	bx	lr
	.fnend
	.size	memset, . - memset
