/* SPDX-License-Identifier: MIT */
/*
 * From reset to start_kernel().
 *
 * QEMU enters here as a boot loader enters a Linux kernel: MMU and caches off, r1 the machine type,
 * r2 the physical address of the ATAG list. Started as a bare ELF there are no ATAGs, r1 and r2 are 0,
 * and all CPUs arrive at once. Nothing is assumed of RAM's contents.
 *
 *    _start              SVC mode, interrupts off
 *    __check_cpu         ARMv7 with VMSA, or say so and stop; then park all CPUs but the first
 *    __clear_bss
 *    probe_ram_end()     how far RAM goes, by trying (boot/probe.c)
 *    __create_page_tables
 *    __scu_enable        the CPUs' caches will be coherent
 *    __cpu_setup         caches clean, TLBs empty, memory types, table base
 *    __enable_mmu        from here on virtual addresses
 *    __mmap_switched     stack, identity mapping dropped, start_kernel()
 *
 * I1. Until __mmap_switched the PC holds physical addresses: code is position-independent, and the
 *     address of a symbol is made physical by phys_addr before it is used.
 * I2. r4-r11 live across the steps: r4 end of RAM, r5 first byte after the image (both physical),
 *     r8 page table (physical), r9 ATAGs, r10 machine type.
 * I3. Everything here runs on CPU 0. The others see _start and secondary_pen; later they come by
 *     head-smp.S, and run __cpu_setup and __enable_mmu.
 */
#include <asm/cp15.h>
#include <asm/gic.h>
#include <asm/page.h>
#include <asm/pgtable-hwdef.h>
#include <asm/ptrace.h>
#include <asm/smp_scu.h>
#include <asm/stack.h>
#include <asm/vexpress.h>

#define PHYS(sym)	((sym) - PAGE_OFFSET + PHYS_OFFSET)

/* CPUID scheme in MIDR[19:16] (ARM DDI 0406C B4.1.105), VMSAv7 in ID_MMFR0[3:0] (B4.1.89). */
#define MIDR_ARCH_SHIFT		16
#define MIDR_ARCH_MASK		0xf
#define MIDR_ARCH_CPUID		0xf
#define MMFR0_VMSA_MASK		0xf
#define MMFR0_VMSA_V7		3

#define MPIDR_CPU_MASK		3
#define ACTLR_FW		(1 << 0)	/* broadcast cache and TLB maintenance (A9 TRM 4.3.10) */
#define ACTLR_SMP		(1 << 6)	/* take part in coherency */

/* A section of normal memory, and of device registers that is never executed. */
#define BOOT_MEM_SECT	(PMD_TYPE_SECT | PMD_SECT_WBWA | PMD_SECT_S | PMD_SECT_AP_WRITE)
#define BOOT_DEV_SECT	(PMD_TYPE_SECT | PMD_SECT_DEV_SHARED | PMD_SECT_S | \
			 PMD_SECT_AP_WRITE | PMD_SECT_XN)

	.syntax	unified
	.arch_extension mp
	.arm

	/* The physical address of @sym, by its distance from here. Clobbers nothing but @reg. */
	.macro	phys_addr, reg, sym
	ldr	\reg, =\sym - PAGE_OFFSET + PHYS_OFFSET
	.endm

	.section .head.text, "ax"

	.globl	_start
	.type	_start, %function
_start:
	msr	cpsr_c, #PSR_I_BIT | PSR_F_BIT | SVC_MODE
	mov	r10, r1
	mov	r9, r2
	bl	__check_cpu			@ nothing before this needs more than ARMv4
	mrc	p15, 0, r0, c0, c0, 5		@ MPIDR
	ands	r0, r0, #MPIDR_CPU_MASK
	bne	secondary_pen
	ldr	r0, =PERIPH_PHYS + SYSREGS_OFFSET + SYS_24MHZ
	ldr	r0, [r0]
	phys_addr r1, boot_marks		@ [BOOT_ENTRY]
	str	r0, [r1]
	bl	__clear_bss
	phys_addr sp, boot_stack + 2 * THREAD_SIZE
	phys_addr r5, _end
	mov	r0, r5
	ldr	r1, =PHYS_LIMIT
	bl	probe_ram_end
	mov	r4, r0
	bl	__create_page_tables
	bl	__scu_enable
	bl	__cpu_setup
	ldr	lr, =__mmap_switched		@ a virtual address
	b	__enable_mmu
	.size	_start, . - _start

/*
 * Where the other CPUs wait: asleep, with the MMU off, in code that is never freed. They follow the
 * protocol of the board's own boot monitor: an interrupt wakes them, and if SYS_FLAGS then holds an
 * address they go there. QEMU parks them in the same way when it boots a flat image.
 */
	.type	secondary_pen, %function
secondary_pen:
	ldr	r0, =MPCORE_PHYS + GICC_OFFSET
	mov	r1, #GICC_CTLR_ENABLE_GRP0
	str	r1, [r0, #GICC_CTLR]
	mov	r1, #GICC_PMR_ALL		@ any priority wakes
	str	r1, [r0, #GICC_PMR]
	ldr	r0, =PERIPH_PHYS + SYSREGS_OFFSET + SYS_FLAGS
1:	dsb
	wfi
	ldr	r1, [r0]
	cmp	r1, #0
	beq	1b
	bx	r1
	.ltorg
	.size	secondary_pen, . - secondary_pen

/*
 * Stops unless the CPU is an ARMv7-A with a VMSAv7 MMU. A CPU without the CPUID scheme has no
 * ID_MMFR0, so MIDR is asked first. Clobbers r0.
 */
	.globl	__check_cpu
	.type	__check_cpu, %function
__check_cpu:
	mrc	p15, 0, r0, c0, c0, 0		@ MIDR
	lsr	r0, r0, #MIDR_ARCH_SHIFT
	and	r0, r0, #MIDR_ARCH_MASK
	cmp	r0, #MIDR_ARCH_CPUID
	bne	__wrong_cpu
	mrc	p15, 0, r0, c0, c1, 4		@ ID_MMFR0
	.globl	__check_vmsa			@ a test forges r0 here
__check_vmsa:
	and	r0, r0, #MMFR0_VMSA_MASK
	cmp	r0, #MMFR0_VMSA_V7
	bxhs	lr
__wrong_cpu:
	ldr	r1, =PERIPH_PHYS + UART0_OFFSET
	mov	r0, #UART_LCRH_8N1
	str	r0, [r1, #UART_LCRH]
	ldr	r0, =UART_CR_ENABLE_RX_TX
	str	r0, [r1, #UART_CR]
	adr	r2, wrong_cpu_message
1:	ldrb	r0, [r2], #1
	cmp	r0, #0
	beq	2f
	str	r0, [r1, #UART_DR]
	b	1b
2:	wfi
	b	2b
	.ltorg
wrong_cpu_message:
	.asciz	"Pagewalk: this CPU is not an ARMv7-A with an MMU (VMSAv7). Stopped.\r\n"
	.align	2
	.size	__check_cpu, . - __check_cpu

/* .bss, 32 bytes at a time; the linker script aligns both ends. Clobbers r0-r3, r5-r8, r12. */
	.type	__clear_bss, %function
__clear_bss:
	phys_addr r0, __bss_start
	phys_addr r1, __bss_stop
	mov	r2, #0
	mov	r3, #0
	mov	r5, #0
	mov	r6, #0
	mov	r7, #0
	mov	r8, #0
	mov	r12, #0
	mov	r11, #0
1:	cmp	r0, r1
	stmialo	r0!, {r2, r3, r5-r8, r11, r12}
	blo	1b
	bx	lr
	.size	__clear_bss, . - __clear_bss

/*
 * The boot page tables, in swapper_pg_dir, all of sections:
 *
 *    identity      the MiB that holds this code, for the moment of the switch
 *    PAGE_OFFSET   all of lowmem, as far as RAM goes
 *    devices       the motherboard's MiB, for the console
 *
 * In: r4 end of RAM. Out: r8 the table. Clobbers r0-r3, r6, r7, r11, r12.
 */
	.type	__create_page_tables, %function
__create_page_tables:
	phys_addr r8, SWAPPER_PG_DIR

	mov	r0, r8
	add	r1, r8, #SWAPPER_PG_DIR_SIZE
	mov	r2, #0
	mov	r3, #0
	mov	r6, #0
	mov	r7, #0
1:	stmia	r0!, {r2, r3, r6, r7}
	stmia	r0!, {r2, r3, r6, r7}
	cmp	r0, r1
	blo	1b

	ldr	r3, =BOOT_MEM_SECT
	adr	r0, __enable_mmu
	lsr	r0, r0, #SECTION_SHIFT
	orr	r1, r3, r0, lsl #SECTION_SHIFT
	str	r1, [r8, r0, lsl #2]

	add	r0, r8, #(PAGE_OFFSET >> SECTION_SHIFT) * 4
	ldr	r2, =(BOOT_LOWMEM_END >> SECTION_SHIFT) * 4
	add	r2, r8, r2
	orr	r1, r3, #PHYS_OFFSET
	add	r6, r4, r3			@ the entry after RAM's last
2:	str	r1, [r0], #4
	add	r1, r1, #SECTION_SIZE
	cmp	r1, r6
	cmplo	r0, r2
	blo	2b

	ldr	r1, =PERIPH_PHYS | BOOT_DEV_SECT
	ldr	r0, =(IO_PERIPH_BASE >> SECTION_SHIFT) * 4
	str	r1, [r8, r0]
	bx	lr
	.ltorg
	.size	__create_page_tables, . - __create_page_tables

/*
 * The snoop control unit, before any cache is on, so that it knows of every line from the first
 * (Cortex-A9 MPCore TRM, DDI 0407, chapter 2): its own copies of the caches' tags hold garbage at
 * reset as well. Clobbers r0, r1.
 */
	.type	__scu_enable, %function
__scu_enable:
	ldr	r0, =MPCORE_PHYS + SCU_OFFSET
	ldr	r1, =SCU_INVALIDATE_ALL
	str	r1, [r0, #SCU_INVALIDATE]
	ldr	r1, [r0, #SCU_CTRL]
	orr	r1, r1, #SCU_CTRL_ENABLE
	str	r1, [r0, #SCU_CTRL]
	bx	lr
	.ltorg
	.size	__scu_enable, . - __scu_enable

/*
 * Caches, TLBs and branch predictor hold garbage at reset (ARM DDI 0406C B2.2.5): throw it away,
 * then say how memory is to be seen. In: r8 the table. Clobbers r0-r3, r6, r7, r11, r12.
 */
	.globl	__cpu_setup
	.type	__cpu_setup, %function
__cpu_setup:
	mov	r12, lr
	bl	__invalidate_l1_dcache
	mov	r0, #0
	mcr	p15, 0, r0, c7, c5, 0		@ ICIALLU: instruction cache
	mcr	p15, 0, r0, c7, c5, 6		@ BPIALL: branch predictor
	mcr	p15, 0, r0, c8, c7, 0		@ TLBIALL
	dsb

	mrc	p15, 0, r0, c1, c0, 1		@ ACTLR
	tst	r0, #ACTLR_SMP
	orreq	r0, r0, #ACTLR_SMP | ACTLR_FW
	mcreq	p15, 0, r0, c1, c0, 1

	ldr	r0, =PRRR_VALUE
	mcr	p15, 0, r0, c10, c2, 0
	ldr	r0, =NMRR_VALUE
	mcr	p15, 0, r0, c10, c2, 1
	mov	r0, #0
	mcr	p15, 0, r0, c2, c0, 2		@ TTBCR: TTBR0 walks all addresses
	mcr	p15, 0, r0, c13, c0, 1		@ CONTEXTIDR: ASID 0, as long as there is no mm
	orr	r0, r8, #TTB_FLAGS
	mcr	p15, 0, r0, c2, c0, 0		@ TTBR0
	mcr	p15, 0, r0, c2, c0, 1		@ TTBR1
	ldr	r0, =DACR_INIT
	mcr	p15, 0, r0, c3, c0, 0
	isb
	bx	r12
	.ltorg
	.size	__cpu_setup, . - __cpu_setup

/*
 * Invalidates the level-1 data cache line by line, by set and way (ARM DDI 0406C B4.2.1, DCISW).
 * Invalidate, not clean: whatever the lines hold at reset must not reach memory. Clobbers r0-r3, r6, r7, r11.
 */
	.type	__invalidate_l1_dcache, %function
__invalidate_l1_dcache:
	mov	r0, #0
	mcr	p15, 2, r0, c0, c0, 0		@ CSSELR: level 1, data
	isb
	mrc	p15, 1, r0, c0, c0, 0		@ CCSIDR
	and	r1, r0, #7
	add	r1, r1, #4			@ log2 of the line's bytes: position of the set
	ubfx	r2, r0, #3, #10			@ highest way
	ubfx	r3, r0, #13, #15		@ highest set
	clz	r6, r2				@ position of the way
1:	mov	r7, r2
2:	lsl	r11, r7, r6
	orr	r11, r11, r3, lsl r1
	mcr	p15, 0, r11, c7, c6, 2		@ DCISW
	subs	r7, r7, #1
	bhs	2b
	subs	r3, r3, #1
	bhs	1b
	dsb
	bx	lr
	.size	__invalidate_l1_dcache, . - __invalidate_l1_dcache

/*
 * MMU, caches and branch prediction on. This page is mapped at its physical address too, so the
 * instructions after the switch are the same whichever way they are fetched; the ISB makes what follows
 * them use the new state (ARM DDI 0406C B3.10.3). In: lr a virtual address to go on at.
 */
	.align	5
	.globl	__enable_mmu
	.type	__enable_mmu, %function
__enable_mmu:
	ldr	r0, =CR_M | CR_C | CR_Z | CR_I | CR_TRE
	mrc	p15, 0, r1, c1, c0, 0		@ SCTLR
	orr	r0, r0, r1
	bic	r0, r0, #CR_A
	bic	r0, r0, #CR_AFE | CR_TE
	dsb					@ the tables are in memory
	isb
	mcr	p15, 0, r0, c1, c0, 0
	isb
	bx	lr
	.ltorg
	.size	__enable_mmu, . - __enable_mmu

/*
 * In the high half. The identity mapping has done its work: its entry is cleared, and the TLB may
 * still hold it until told otherwise (ARM DDI 0406C B3.10.1).
 */
	.text
	.type	__mmap_switched, %function
__mmap_switched:
	.fnstart
	.cantunwind
	ldr	sp, =boot_stack + 2 * THREAD_SIZE
	ldr	r0, =PHYS(__enable_mmu)
	lsr	r0, r0, #SECTION_SHIFT
	ldr	r1, =SWAPPER_PG_DIR
	mov	r2, #0
	str	r2, [r1, r0, lsl #2]
	dsb					@ the walk must see the cleared entry
	mcr	p15, 0, r2, c8, c7, 0		@ TLBIALL
	mcr	p15, 0, r2, c7, c5, 6		@ BPIALL: predictions to the old addresses
	dsb
	isb

	ldr	r0, =IO_PERIPH_BASE + SYSREGS_OFFSET + SYS_24MHZ
	ldr	r0, [r0]
	ldr	r1, =boot_marks			@ [BOOT_MMU_ON]
	str	r0, [r1, #4]

	ldr	r0, =__machine_arch_type
	str	r10, [r0]
	ldr	r0, =__atags_pointer
	str	r9, [r0]
	ldr	r0, =probed_ram_end
	str	r4, [r0]
#ifdef CONFIG_KASAN
	bl	kasan_early_init		@ C code that is checked can run
#endif
	bl	smp_setup_processor_id		@ C code can ask who runs
	bl	early_vectors_init		@ faults explain themselves from here on
	mov	r11, #0				@ the outermost frame
	ldr	lr, =0
	b	start_kernel
	.ltorg
	.fnend
	.size	__mmap_switched, . - __mmap_switched
