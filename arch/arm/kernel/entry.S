/* SPDX-License-Identifier: MIT */
/*
 * Exceptions: the vector table, and the way from there to a C function and back.
 *
 *   exception    vector table       stub, in the exception's mode   SVC mode, on the kernel stack
 *
 *   data abort   b vector_dabt -->  keep r0, PC, PSR; go to SVC --> __dabt_svc: struct pt_regs
 *   SVC          ldr pc, ...   -----------------------------------> vector_swi: struct pt_regs
 *                                                                   do_...(regs)
 *   interrupted code  <-------------------------------------------- svc_exit
 *
 * The table and the stubs, __vectors_start to __vectors_end, run at two addresses. From the first C
 * function on VBAR points to them here, in kernel text; devicemaps_init() has early_trap_init()
 * copy them into a page that is mapped at 0xffff0000, and trap_init() turns to that page. So they
 * know no address of their own, and leave by a literal that holds an absolute one.
 *
 * I1. A struct pt_regs is only written where the stack has room: sp is lowered, then its STACK_BIT
 *     tested (asm/stack.h), then stored to. If the bit is clear the stack ran over, and the CPU's
 *     overflow stack takes the frame. A second exception while on the overflow stack goes on below
 *     the first.
 * I2. r4 holds the address of the struct pt_regs from the end of the entry to svc_exit; C functions
 *     keep it. The unwinder gets from a handler back to the interrupted code by that register.
 * I3. The stubs run with interrupts masked and touch nothing but their mode's stack, so no
 *     exception can come between them and SVC mode; an FIQ could, and an FIQ is fatal.
 *
 * Registers and return addresses at entry: ARM DDI 0406C B1.8.3, B1.9.
 */
#include <asm/cache.h>
#include <asm/ptrace.h>
#include <asm/stack.h>

	.syntax	unified
	.arm

/* ---- The vector table and the stubs ---- */

	.section .vectors, "ax"

	/* @correction: how far the exception's LR is behind the address to return to. */
	.macro	vector_stub, name, handler, correction=0
	.balign	L1_CACHE_BYTES
	.type	vector_\name, %function
vector_\name:
	.if	\correction
	sub	lr, lr, #\correction
	.endif
	stmia	sp, {r0, lr}
	mrs	lr, spsr
	str	lr, [sp, #8]
	mov	r0, sp
	cps	#SVC_MODE
	ldr	pc, .Lhandler_\name
.Lhandler_\name:
	.long	\handler
	.size	vector_\name, . - vector_\name
	.endm

	.balign	32				/* VBAR's alignment */
	.globl	__vectors_start
__vectors_start:
	udf	#0				@ reset: only a wild jump comes here
	b	vector_und
	ldr	pc, .Lvector_swi
	b	vector_pabt
	b	vector_dabt
	udf	#0				@ not used by VMSA
	b	vector_irq
	b	vector_fiq
.Lvector_swi:
	.long	vector_swi

	vector_stub und, __und_svc
	vector_stub pabt, __pabt_svc, 4
	vector_stub dabt, __dabt_svc, 8
	vector_stub irq, __irq_svc, 4
	vector_stub fiq, __fiq_svc, 4
	.globl	__vectors_end
__vectors_end:

/* ---- struct pt_regs ---- */

	.section .exception.text, "ax"

#define S_SP	(13 * 4)	/* offsets in struct pt_regs */
#define S_PSR	(16 * 4)

	/*
	 * Make room for a struct pt_regs at sp and store r1-r12 in it (I1). Leaves the interrupted
	 * sp in r6; r0 and lr are as before. Where the stack ran over, TPIDRURW and TPIDRURO hold r0
	 * and r1 while there is no other place: nobody will go on to miss what they held.
	 */
	.macro	make_frame
	sub	sp, sp, #PT_REGS_SIZE
	tst	sp, #STACK_BIT
	beq	.Lran_over\@
.Lroom\@:
	stmib	sp, {r1 - r12}
	add	r6, sp, #PT_REGS_SIZE
.Lmade\@:
	.subsection 1
.Lran_over\@:
	mcr	p15, 0, r0, c13, c0, 2		@ TPIDRURW
	mcr	p15, 0, r1, c13, c0, 3		@ TPIDRURO
	ldr	r0, =overflow_stack_ptr
	mrc	p15, 0, r1, c13, c0, 4		@ TPIDRPRW: this CPU's offset
	ldr	r0, [r0, r1]			@ the end of its overflow stack
	sub	r1, r0, sp
	cmp	r1, #OVERFLOW_STACK_SIZE
	mrc	p15, 0, r1, c13, c0, 3
	mrclo	p15, 0, r0, c13, c0, 2
	blo	.Lroom\@			@ sp is in there already
	sub	r0, r0, #PT_REGS_SIZE
	stmib	r0, {r1 - r12}
	add	r6, sp, #PT_REGS_SIZE
	mov	sp, r0
	mrc	p15, 0, r0, c13, c0, 2
	b	.Lmade\@
	.previous
	.endm

	/*
	 * Store the rest: r1 is the interrupted r0, r6 sp, r7 lr, r8 pc, r9 the PSR. Ends as a C
	 * function wants it: r4 the struct pt_regs (I2), sp 8-byte-aligned.
	 */
	.macro	finish_frame
	mvn	r10, #0				@ not a system call
	str	r1, [sp]
	add	r0, sp, #S_SP
	stmia	r0, {r6 - r10}
	mov	r4, sp
	bic	sp, sp, #7
	.endm

	/* From a stub: r0 points to what it kept. */
	.macro	svc_entry
	make_frame
	mov	r7, lr
	ldr	r1, [r0]
	ldr	r8, [r0, #4]
	ldr	r9, [r0, #8]
	finish_frame
	.endm

	/*
	 * For the unwinder: vsp = r4, pop {r0-r3}, pop {r4-r15} (ARM IHI 0038, 10.3), which is the
	 * whole of the interrupted code's registers.
	 */
	.macro	unwind_from_pt_regs
	.unwind_raw 0, 0x94, 0xb1, 0x0f, 0x8f, 0xff
	.endm

	.macro	handler, name
	.type	\name, %function
\name:
	.fnstart
	unwind_from_pt_regs
	.endm

	.macro	handler_end, name
	.fnend
	.ltorg
	.size	\name, . - \name
	.endm

/* ---- The exceptions ---- */

	handler	__und_svc
	svc_entry
	mov	r0, r4
	bl	do_undefinstr
	b	svc_exit
	handler_end __und_svc

	handler	__pabt_svc
	svc_entry
	mrc	p15, 0, r0, c6, c0, 2		@ IFAR
	mrc	p15, 0, r1, c5, c0, 1		@ IFSR
	mov	r2, r4
	bl	do_PrefetchAbort
	b	svc_exit
	handler_end __pabt_svc

	handler	__dabt_svc
	svc_entry
	mrc	p15, 0, r0, c6, c0, 0		@ DFAR
	mrc	p15, 0, r1, c5, c0, 0		@ DFSR
	mov	r2, r4
	bl	do_DataAbort
	b	svc_exit
	handler_end __dabt_svc

	handler	__irq_svc
	svc_entry
	mov	r0, r4
	bl	gic_handle_irq
	lsr	r5, sp, #THREAD_SHIFT
	lsl	r5, r5, #THREAD_SHIFT		@ the thread_info
	ldr	r0, [r5, #TI_PREEMPT]
	ldr	r1, [r5, #TI_FLAGS]
	teq	r0, #0
	bne	svc_exit
	tst	r1, #_TIF_NEED_RESCHED
	blne	preempt_schedule_irq		@ others may run now; r4 stays this thread's
	b	svc_exit
	handler_end __irq_svc

	handler	__fiq_svc
	svc_entry
	mov	r0, r4
	bl	do_unexpected_fiq
	b	svc_exit
	handler_end __fiq_svc

	/* In SVC mode from the start: the architecture loses the interrupted code's lr. */
	handler	vector_swi
	make_frame
	mov	r1, r0
	mov	r7, lr
	mov	r8, lr
	mrs	r9, spsr
	finish_frame
	mov	r0, r4
	bl	do_svc
	b	svc_exit
	handler_end vector_swi

	/*
	 * Back to the code that r4's struct pt_regs describes, ARM or Thumb. CLREX, because an
	 * exclusive access that the exception cut in two must fail (ARM DDI 0406C A3.4.4).
	 */
	handler	svc_exit
	mov	sp, r4
	cpsid	if				@ SPSR is live from here on
	ldr	r0, [sp, #S_PSR]
	msr	spsr_cxsf, r0
	clrex
	ldmia	sp, {r0 - pc}^			@ and CPSR from SPSR
	handler_end svc_exit

/* ---- Setting it up ---- */

	.text

/*
 * void cpu_init(struct cpu_stack *stack): give the exception modes their stacks, in @stack, and
 * VBAR the table in kernel text. Context: once on each CPU, in SVC mode, IRQ and FIQ masked, MMU
 * on; before any exception.
 */
	.globl	cpu_init
	.type	cpu_init, %function
cpu_init:
	.fnstart
	.cantunwind
	add	r0, r0, #OVERFLOW_STACK_SIZE
	cps	#IRQ_MODE
	mov	sp, r0
	cps	#ABT_MODE
	add	sp, r0, #MODE_STACK_SIZE
	cps	#UND_MODE
	add	sp, r0, #2 * MODE_STACK_SIZE
	cps	#FIQ_MODE
	add	sp, r0, #3 * MODE_STACK_SIZE
	cps	#SVC_MODE
	ldr	r0, =__vectors_start
	mcr	p15, 0, r0, c12, c0, 0		@ VBAR
	isb
	bx	lr
	.ltorg
	.fnend
	.size	cpu_init, . - cpu_init
