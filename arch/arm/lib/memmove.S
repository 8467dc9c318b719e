/* SPDX-License-Identifier: MIT */
/*
 * void *memmove(void *dest, const void *src, size_t bytes)
 *
 * Upwards is memcpy()'s way, and right unless dest lies inside src: then it would overwrite what is
 * yet to be read. Downwards is the same mirrored, with the same rules C1 and C2 (memcpy.S); there is
 * no preload, since who moves what overlaps has it in the cache.
 */
	.syntax	unified
	.arm
	.text

	/* Words and 32 bytes a turn, from a source whose end is @pull bits into its word. */
	.macro	copy_down_shifted, pull
1:	subs	r2, r2, #32
	blo	3f
2:	ldmdb	r1!, {r3-r10}
	mov	lr, lr, lsl #(32 - \pull)
	orr	lr, lr, r10, lsr #\pull
	mov	r10, r10, lsl #(32 - \pull)
	orr	r10, r10, r9, lsr #\pull
	mov	r9, r9, lsl #(32 - \pull)
	orr	r9, r9, r8, lsr #\pull
	mov	r8, r8, lsl #(32 - \pull)
	orr	r8, r8, r7, lsr #\pull
	mov	r7, r7, lsl #(32 - \pull)
	orr	r7, r7, r6, lsr #\pull
	mov	r6, r6, lsl #(32 - \pull)
	orr	r6, r6, r5, lsr #\pull
	mov	r5, r5, lsl #(32 - \pull)
	orr	r5, r5, r4, lsr #\pull
	mov	r4, r4, lsl #(32 - \pull)
	orr	r4, r4, r3, lsr #\pull
	stmdb	r0!, {r4-r10, lr}
	mov	lr, r3
	subs	r2, r2, #32
	bhs	2b
3:	adds	r2, r2, #32 - 4
	bmi	5f
4:	mov	r3, lr, lsl #(32 - \pull)
	ldr	lr, [r1, #-4]!
	orr	r3, r3, lr, lsr #\pull
	str	r3, [r0, #-4]!
	subs	r2, r2, #4
	bhs	4b
5:	add	r2, r2, #4
	add	r1, r1, #\pull / 8
	b	.Lfirst_bytes
	.endm

	.globl	memmove
	.type	memmove, %function
	.align	5
memmove:
	.fnstart
	sub	r3, r0, r1
	cmp	r3, r2				@ unsigned: dest below src, or beyond its end
	bhs	memcpy
	push	{r0, r4-r10, lr}
	.save	{r0, r4-r10, lr}
	add	r0, r0, r2
	add	r1, r1, r2
	cmp	r2, #8
	blo	.Lfirst_bytes
	ands	r3, r0, #3
	bne	.Lto_word
.Ldest_aligned:
	ands	r3, r1, #3
	bne	.Lshifted

	subs	r2, r2, #32
	blo	2f
1:	ldmdb	r1!, {r3-r10}
	stmdb	r0!, {r3-r10}
	subs	r2, r2, #32
	bhs	1b
2:	adds	r2, r2, #32 - 4
	bmi	4f
3:	ldr	r3, [r1, #-4]!
	str	r3, [r0, #-4]!
	subs	r2, r2, #4
	bhs	3b
4:	add	r2, r2, #4
	b	.Lfirst_bytes

.Lto_word:					@ r3: 1 to 3 bytes behind a border
	sub	r2, r2, r3
	cmp	r3, #2
	ldrb	r3, [r1, #-1]!
	strb	r3, [r0, #-1]!
	ldrbge	r3, [r1, #-1]!
	strbge	r3, [r0, #-1]!
	ldrbgt	r3, [r1, #-1]!
	strbgt	r3, [r0, #-1]!
	b	.Ldest_aligned

.Lshifted:					@ r3: 1 to 3; r2: 5 bytes or more
	bic	r1, r1, #3
	ldr	lr, [r1]
	cmp	r3, #2
	beq	.Lhalf
	bgt	.Lthree_quarters
	copy_down_shifted 8
.Lhalf:
	copy_down_shifted 16
.Lthree_quarters:
	copy_down_shifted 24

.Lfirst_bytes:
	subs	r2, r2, #1
	ldrbhs	r3, [r1, #-1]!
	strbhs	r3, [r0, #-1]!
	bhs	.Lfirst_bytes
	pop	{r0, r4-r10, pc}
	.fnend
	.size	memmove, . - memmove
