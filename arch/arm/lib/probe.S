/* SPDX-License-Identifier: MIT */
/*
 * Single accesses that may fault, for kernel/probe.c and kernel/devmem.c, and the call that may. Each
 * has an entry in the exception table, and all the same fixup: return -EFAULT.
 */
#include <asm/extable.h>
#include <lib/errno.h>

	.syntax	unified
	.arm
	.text

	.macro	function, name
	.globl	\name
	.type	\name, %function
\name:
	.fnstart
	.endm

	.macro	function_end, name
	.fnend
	.size	\name, . - \name
	.endm

	/* int NAME(void *dst, const void *src): one load and store of a unit; both may fault. */
	.macro	probe_copy, name, load, store
	function \name
1:	\load	r2, [r1]
2:	\store	r2, [r0]
	mov	r0, #0
	bx	lr
3:	mvn	r0, #EFAULT - 1			@ -EFAULT
	bx	lr
	ex_entry 1b, 3b
	ex_entry 2b, 3b
	function_end \name
	.endm

	probe_copy __probe_copy_word, ldr, str
	probe_copy __probe_copy_byte, ldrb, strb

	/* int NAME(const volatile void *addr, u32 *value): one load; it may fault, the store may not. */
	.macro	probe_read, name, load
	function \name
1:	\load	r2, [r0]
	str	r2, [r1]
	mov	r0, #0
	bx	lr
2:	mvn	r0, #EFAULT - 1
	bx	lr
	ex_entry 1b, 2b
	function_end \name
	.endm

	/* int NAME(volatile void *addr, u32 value): one store. */
	.macro	probe_write, name, store
	function \name
1:	\store	r1, [r0]
	mov	r0, #0
	bx	lr
2:	mvn	r0, #EFAULT - 1
	bx	lr
	ex_entry 1b, 2b
	function_end \name
	.endm

	probe_read __probe_read_8, ldrb
	probe_read __probe_read_16, ldrh
	probe_read __probe_read_32, ldr
	probe_write __probe_write_8, strb
	probe_write __probe_write_16, strh
	probe_write __probe_write_32, str

/* int probe_kernel_exec(const void *func). A fetch that faults has changed no register. */
	function probe_kernel_exec
	.save	{r4, lr}
	push	{r4, lr}
	mov	ip, r0
1:	blx	ip
	mov	r0, #0
	pop	{r4, pc}
2:	mvn	r0, #EFAULT - 1
	pop	{r4, pc}
	ex_entry 1b, 2b
	function_end probe_kernel_exec
