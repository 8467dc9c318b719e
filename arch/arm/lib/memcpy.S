/* SPDX-License-Identifier: MIT */
/*
 * void *memcpy(void *dest, const void *src, size_t bytes)
 * void *memmove(void *dest, const void *src, size_t bytes)
 *
 * If both ends can be word-aligned together, 32 bytes an LDM/STM pair; otherwise byte by byte. memmove
 * copies upwards unless that would overwrite what it has yet to read, then downwards.
 */
	.syntax	unified
	.arm
	.text

	.globl	memmove
	.type	memmove, %function
	.align	5
memmove:
	.fnstart
	sub	r3, r0, r1
	cmp	r3, r2				@ unsigned: dest below src, or beyond its end
	bhs	memcpy
	add	r1, r1, r2
	add	r3, r0, r2
	orr	r12, r1, r3
	tst	r12, #3
	bne	2f
1:	subs	r2, r2, #4
	ldrhs	r12, [r1, #-4]!
	strhs	r12, [r3, #-4]!
	bhs	1b
	add	r2, r2, #4
2:	subs	r2, r2, #1
	ldrbhs	r12, [r1, #-1]!
	strbhs	r12, [r3, #-1]!
	bhs	2b
	bx	lr
	.fnend
	.size	memmove, . - memmove

	.globl	memcpy
	.type	memcpy, %function
	.align	5
memcpy:
	.fnstart
	push	{r0, r4-r10, lr}
	.save	{r0, r4-r10, lr}
	eor	r3, r0, r1
	tst	r3, #3
	bne	.Lcopy_bytes
	cmp	r2, #8
	blo	.Lcopy_bytes
1:	tst	r0, #3				@ to a word border
	ldrbne	r3, [r1], #1
	strbne	r3, [r0], #1
	subne	r2, r2, #1
	bne	1b

	subs	r2, r2, #64
	blo	3f
2:	ldmia	r1!, {r3-r10}
	stmia	r0!, {r3-r10}
	ldmia	r1!, {r3-r10}
	stmia	r0!, {r3-r10}
	subs	r2, r2, #64
	bhs	2b
3:	adds	r2, r2, #64 - 32
	ldmiapl	r1!, {r3-r10}
	stmiapl	r0!, {r3-r10}
	subpl	r2, r2, #32
	add	r2, r2, #32
4:	subs	r2, r2, #4
	ldrhs	r3, [r1], #4
	strhs	r3, [r0], #4
	bhs	4b
	add	r2, r2, #4

.Lcopy_bytes:
	subs	r2, r2, #1
	ldrbhs	r3, [r1], #1
	strbhs	r3, [r0], #1
	bhs	.Lcopy_bytes
	pop	{r0, r4-r10, pc}
	.fnend
	.size	memcpy, . - memcpy
