/* SPDX-License-Identifier: MIT */
/*
 * The instructions of replace_pmd() that must not need what they replace.
 */
	.syntax	unified
	.arm

	.section .init.text, "ax"

/*
 * void __replace_pmd(phys_addr_t pmdp, pmdval_t first, pmdval_t second)
 *
 * Break, invalidate, make (ARM DDI 0406C B3.10.1). Called at its physical address, with interrupts
 * off; uses no stack and no literal; position-independent. LR is a virtual address: it is valid
 * again when it is needed. Lies within 64 bytes, so in one section.
 *
 * In: r0 physical address of the pair of entries, r1 and r2 their new values. Clobbers r3.
 */
	.globl	__replace_pmd
	.type	__replace_pmd, %function
	.align	6
__replace_pmd:
	.fnstart
	.cantunwind
	mov	r3, #0
	str	r3, [r0]
	str	r3, [r0, #4]
	dsb	ishst				@ the fault entries, seen by every walker
	mcr	p15, 0, r3, c8, c3, 0		@ TLBIALLIS
	mcr	p15, 0, r3, c7, c1, 6		@ BPIALLIS
	dsb	ish				@ the old translations are gone
	str	r1, [r0]
	str	r2, [r0, #4]
	dsb	ish				@ the new entries are there
	isb					@ and what is fetched next uses them
	bx	lr
	.fnend
	.size	__replace_pmd, . - __replace_pmd
