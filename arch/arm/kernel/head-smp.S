/* SPDX-License-Identifier: MIT */
/*
 * The way of the other CPUs, from reset to secondary_start_kernel(). They come here from the pen of
 * the boot loader or of boot/head.S, whichever of them was woken, with the MMU off.
 *
 *    secondary_startup     the pen: wait until pen_release holds this CPU's number
 *    __cpu_setup           caches, TLBs, memory types (boot/head.S); page table with identity
 *    __enable_mmu          (boot/head.S)
 *    __secondary_switched  the kernel's own page table; the stack
 *
 * I1. As in boot/head.S, code runs at its physical address until the jump to __secondary_switched,
 *     and lies in the MiB that idmap_create() maps there.
 * I2. With the MMU off nothing is written, and only what was cleaned to memory is read:
 *     pen_release, secondary_data.
 */
#include <asm/memory.h>
#include <asm/pgtable-hwdef.h>
#include <asm/ptrace.h>
#include <asm/smp_data.h>

#define MPIDR_CPU_MASK	3

	.syntax	unified
	.arm

	.section .head.text.secondary, "ax"

	.globl	secondary_startup
	.type	secondary_startup, %function
secondary_startup:
	msr	cpsr_c, #PSR_I_BIT | PSR_F_BIT | SVC_MODE
	mrc	p15, 0, r0, c0, c0, 5		@ MPIDR
	and	r0, r0, #MPIDR_CPU_MASK
	ldr	r1, =pen_release - PAGE_OFFSET + PHYS_OFFSET
1:	ldr	r2, [r1]
	cmp	r2, r0
	wfene
	bne	1b

	ldr	r4, =secondary_data - PAGE_OFFSET + PHYS_OFFSET
	ldr	r8, [r4, #SECONDARY_PGDIR]
	bl	__cpu_setup
	ldr	lr, =__secondary_switched	@ a virtual address
	b	__enable_mmu
	.ltorg
	.size	secondary_startup, . - secondary_startup

/*
 * At virtual addresses. Both tables map the kernel alike, so the switch moves nothing under our
 * feet; what the TLB holds of the identity mapping is forgotten before C code runs.
 */
	.text
	.type	__secondary_switched, %function
__secondary_switched:
	.fnstart
	.cantunwind
	ldr	r0, =(SWAPPER_PG_DIR - PAGE_OFFSET + PHYS_OFFSET) | TTB_FLAGS
	mcr	p15, 0, r0, c2, c0, 0		@ TTBR0
	mcr	p15, 0, r0, c2, c0, 1		@ TTBR1
	isb
	mov	r0, #0
	mcr	p15, 0, r0, c8, c7, 0		@ TLBIALL
	mcr	p15, 0, r0, c7, c5, 6		@ BPIALL
	dsb
	isb
	ldr	r4, =secondary_data
	ldr	sp, [r4, #SECONDARY_STACK]
	mov	r11, #0				@ the outermost frame
	ldr	lr, =0
	b	secondary_start_kernel
	.ltorg
	.fnend
	.size	__secondary_switched, . - __secondary_switched
