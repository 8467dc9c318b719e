/* SPDX-License-Identifier: MIT */
/*
 * void *memcpy(void *dest, const void *src, size_t bytes)
 *
 *    dest  |..1|2222|2222|  ...  |2222|3..|     1. bytes, up to a word border of dest
 *    src    |..1|2222|2222|  ...  |2222|3..|    2. words   3. what is left
 *
 * If src is at a word border by then, 64 bytes a turn; else 32, and each word that is stored is
 * put together from two that were read, as LDM wants an aligned address:
 *
 *    read   | a b c D | E F G h |        stored  | D E F G |
 *
 * C1. Every access is aligned. So it works with the MMU off, and with device memory, where an
 *     unaligned one faults or is undefined (ARM DDI 0406C A3.2.1).
 * C2. No word is read that has no byte of src in it: it never touches another page.
 *
 * A preload for each 64 bytes: a Cortex-A9 line has 32, and the L2C-310 behind it fetches a pair of
 * them when it fetches one, if told to (double linefill), so the second comes from there.
 */
	.syntax	unified
	.arm
	.text

	/* Words and 32 bytes a turn, from a source whose offset in its word is @pull bits. */
	.macro	copy_up_shifted, pull
1:	subs	r2, r2, #32
	blo	3f
2:	pld	[r1, #96]
	mov	r3, lr, lsr #\pull
	ldmia	r1!, {r4-r10, lr}
	orr	r3, r3, r4, lsl #(32 - \pull)
	mov	r4, r4, lsr #\pull
	orr	r4, r4, r5, lsl #(32 - \pull)
	mov	r5, r5, lsr #\pull
	orr	r5, r5, r6, lsl #(32 - \pull)
	mov	r6, r6, lsr #\pull
	orr	r6, r6, r7, lsl #(32 - \pull)
	mov	r7, r7, lsr #\pull
	orr	r7, r7, r8, lsl #(32 - \pull)
	mov	r8, r8, lsr #\pull
	orr	r8, r8, r9, lsl #(32 - \pull)
	mov	r9, r9, lsr #\pull
	orr	r9, r9, r10, lsl #(32 - \pull)
	mov	r10, r10, lsr #\pull
	orr	r10, r10, lr, lsl #(32 - \pull)
	stmia	r0!, {r3-r10}
	subs	r2, r2, #32
	bhs	2b
3:	adds	r2, r2, #32 - 4
	bmi	5f
4:	mov	r3, lr, lsr #\pull
	ldr	lr, [r1], #4
	orr	r3, r3, lr, lsl #(32 - \pull)
	str	r3, [r0], #4
	subs	r2, r2, #4
	bhs	4b
5:	add	r2, r2, #4
	sub	r1, r1, #(32 - \pull) / 8
	b	.Llast_bytes
	.endm

	.globl	memcpy
	.type	memcpy, %function
	.align	5
memcpy:
	.fnstart
	push	{r0, r4-r10, lr}
	.save	{r0, r4-r10, lr}
	cmp	r2, #8
	blo	.Llast_bytes
	ands	r3, r0, #3
	bne	.Lto_word
.Ldest_aligned:
	ands	r3, r1, #3
	bne	.Lshifted

	subs	r2, r2, #64
	blo	2f
1:	pld	[r1, #128]
	ldmia	r1!, {r3-r10}
	stmia	r0!, {r3-r10}
	ldmia	r1!, {r3-r10}
	stmia	r0!, {r3-r10}
	subs	r2, r2, #64
	bhs	1b
2:	tst	r2, #32				@ the low bits are those of what is left
	ldmiane	r1!, {r3-r10}
	stmiane	r0!, {r3-r10}
	lsls	r3, r2, #28			@ C: 16 bytes, N: 8
	ldmiacs	r1!, {r3-r6}
	stmiacs	r0!, {r3-r6}
	ldmiami	r1!, {r3-r4}
	stmiami	r0!, {r3-r4}
	lsls	r3, r2, #30			@ C: 4 bytes, N: 2
	ldrcs	r3, [r1], #4
	strcs	r3, [r0], #4
	ldrhmi	r3, [r1], #2
	strhmi	r3, [r0], #2
	tst	r2, #1
	ldrbne	r3, [r1]
	strbne	r3, [r0]
	pop	{r0, r4-r10, pc}

.Lto_word:					@ r3: 1 to 3 bytes behind a border
	rsb	r3, r3, #4
	sub	r2, r2, r3
	cmp	r3, #2
	ldrb	r3, [r1], #1
	strb	r3, [r0], #1
	ldrbge	r3, [r1], #1
	strbge	r3, [r0], #1
	ldrbgt	r3, [r1], #1
	strbgt	r3, [r0], #1
	b	.Ldest_aligned

.Lshifted:					@ r3: 1 to 3; r2: 5 bytes or more
	bic	r1, r1, #3
	ldr	lr, [r1], #4
	cmp	r3, #2
	beq	.Lhalf
	bgt	.Lthree_quarters
	copy_up_shifted 8
.Lhalf:
	copy_up_shifted 16
.Lthree_quarters:
	copy_up_shifted 24

.Llast_bytes:
	subs	r2, r2, #1
	ldrbhs	r3, [r1], #1
	strbhs	r3, [r0], #1
	bhs	.Llast_bytes
	pop	{r0, r4-r10, pc}
	.fnend
	.size	memcpy, . - memcpy
