/* SPDX-License-Identifier: MIT */
/*
 * Cache maintenance for ARMv7: by address, in loops over lines; and of everything, by set and way.
 *
 *    operation     CP15 (ARM DDI 0406C B4.2.1)
 *    DCIMVAC       c7, c6,  1    invalidate data, by address, to the point of coherency
 *    DCCMVAC       c7, c10, 1    clean
 *    DCCIMVAC      c7, c14, 1    clean and invalidate
 *    DCCMVAU       c7, c11, 1    clean to the point of unification: where instruction fetch sees it
 *    DCCISW        c7, c14, 2    clean and invalidate, by set and way
 *    ICIMVAU       c7, c5,  1    invalidate instructions, by address
 *    ICIALLUIS     c7, c1,  0    invalidate all instructions, on all CPUs
 *    BPIALLIS      c7, c1,  6    forget branch predictions, on all CPUs
 *
 * Ranges are virtual addresses from r0 up to, not including, r1; the length of a line is asked from
 * CTR, so that this is right on any ARMv7. All but the functions for everything clobber r0-r3 only.
 */
	.syntax	unified
	.arm

	.text

/*
 * Bytes in the shortest data line (CTR.DminLine), or instruction line (CTR.IminLine), of any level.
 */
	.macro	dcache_line_size, reg, tmp
	mrc	p15, 0, \tmp, c0, c0, 1		@ CTR
	ubfx	\tmp, \tmp, #16, #4		@ log2 of its words
	mov	\reg, #4
	lsl	\reg, \reg, \tmp
	.endm

	.macro	icache_line_size, reg, tmp
	mrc	p15, 0, \tmp, c0, c0, 1		@ CTR
	and	\tmp, \tmp, #0xf
	mov	\reg, #4
	lsl	\reg, \reg, \tmp
	.endm

/* One operation on each line of r0..r1, where lines have r2 bytes. Leaves r0 behind the range. */
	.macro	for_each_line, crm, opc2
	sub	r3, r2, #1
	bic	r0, r0, r3
1:	cmp	r0, r1
	mcrlo	p15, 0, r0, c7, \crm, \opc2
	addlo	r0, r0, r2
	blo	1b
	.endm

	.macro	function, name
	.globl	\name
	.type	\name, %function
	.align	2
\name:
	.fnstart
	.endm

	.macro	function_end, name
	.fnend
	.size	\name, . - \name
	.endm

/* void v7_flush_icache_all(void): forget all instructions, on all CPUs. */
function v7_flush_icache_all
	mov	r0, #0
	mcr	p15, 0, r0, c7, c1, 0		@ ICIALLUIS
	mcr	p15, 0, r0, c7, c1, 6		@ BPIALLIS
	dsb	ish
	isb
	bx	lr
function_end v7_flush_icache_all

/*
 * void v7_flush_dcache_all(void): write back and drop everything in this CPU's data caches, level
 * by level down to the point of coherency. Other CPUs must not be writing the same memory: lines
 * may come back.
 *
 *   DCCISW operand:  | way, in the top bits |      set, above the line's offset | level << 1 |
 */
function v7_flush_dcache_all
	push	{r4-r9, lr}
	.save	{r4-r9, lr}
	dmb	sy				@ what was written before is cleaned, too
	mrc	p15, 1, r4, c0, c0, 1		@ CLIDR
	ubfx	r5, r4, #24, #3			@ level of coherency
	mov	r6, #0				@ level
1:	cmp	r6, r5
	bhs	5f
	add	r0, r6, r6, lsl #1
	lsr	r0, r4, r0
	and	r0, r0, #7			@ cache type of the level
	cmp	r0, #2				@ less: no data cache
	blo	4f
	lsl	r7, r6, #1
	mrs	r9, cpsr
	cpsid	i				@ nobody else may select in between
	mcr	p15, 2, r7, c0, c0, 0		@ CSSELR
	isb
	mrc	p15, 1, r0, c0, c0, 0		@ CCSIDR
	msr	cpsr_c, r9
	and	r1, r0, #7
	add	r1, r1, #4			@ log2 of the line's bytes: position of the set
	ubfx	r2, r0, #3, #10			@ highest way
	ubfx	r3, r0, #13, #15		@ highest set
	clz	r8, r2				@ position of the way
2:	mov	r9, r2
3:	orr	r0, r7, r9, lsl r8
	orr	r0, r0, r3, lsl r1
	mcr	p15, 0, r0, c7, c14, 2		@ DCCISW
	subs	r9, r9, #1
	bhs	3b
	subs	r3, r3, #1
	bhs	2b
4:	add	r6, r6, #1
	b	1b
5:	mov	r0, #0
	mcr	p15, 2, r0, c0, c0, 0		@ CSSELR: as it was at reset
	dsb	sy
	isb
	pop	{r4-r9, pc}
function_end v7_flush_dcache_all

/* void v7_flush_kern_cache_all(void): data, then instructions. */
function v7_flush_kern_cache_all
	push	{r4, lr}
	.save	{r4, lr}
	bl	v7_flush_dcache_all
	bl	v7_flush_icache_all
	pop	{r4, pc}
function_end v7_flush_kern_cache_all

/*
 * void v7_coherent_kern_range(start, end): instruction fetch sees what was written. The data first
 * reach the point of unification, then the instruction side forgets what it had of the range
 * (B2.2.6).
 */
function v7_coherent_kern_range
	mov	r12, r0
	dcache_line_size r2, r3
	for_each_line c11, 1			@ DCCMVAU
	dsb	ish
	mov	r0, r12
	icache_line_size r2, r3
	for_each_line c5, 1			@ ICIMVAU
	mov	r0, #0
	mcr	p15, 0, r0, c7, c1, 6		@ BPIALLIS
	dsb	ish
	isb
	bx	lr
function_end v7_coherent_kern_range

/* void v7_flush_kern_dcache_area(addr, bytes) */
function v7_flush_kern_dcache_area
	add	r1, r0, r1
	b	v7_dma_flush_range
function_end v7_flush_kern_dcache_area

/*
 * void v7_dma_inv_range(start, end): drop the lines of the range. A line that is only partly in it
 * also has somebody else's data: it is written back first.
 */
function v7_dma_inv_range
	dcache_line_size r2, r3
	sub	r3, r2, #1
	tst	r0, r3
	bic	r0, r0, r3
	mcrne	p15, 0, r0, c7, c14, 1		@ DCCIMVAC
	tst	r1, r3
	bic	r1, r1, r3
	mcrne	p15, 0, r1, c7, c14, 1		@ DCCIMVAC
	for_each_line c6, 1			@ DCIMVAC
	dsb	sy
	bx	lr
function_end v7_dma_inv_range

/* void v7_dma_clean_range(start, end): write back. */
function v7_dma_clean_range
	dcache_line_size r2, r3
	for_each_line c10, 1			@ DCCMVAC
	dsb	sy
	bx	lr
function_end v7_dma_clean_range

/* void v7_dma_flush_range(start, end): write back and drop. */
function v7_dma_flush_range
	dcache_line_size r2, r3
	for_each_line c14, 1			@ DCCIMVAC
	dsb	sy
	bx	lr
function_end v7_dma_flush_range
