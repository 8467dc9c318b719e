/* SPDX-License-Identifier: MIT */
/*
 * Where this CPU's area of per-CPU variables is: TPIDRPRW, a register that the architecture leaves
 * to the kernel (ARM DDI 0406C B4.1.150), holds the distance from the template to the area. Part
 * of the contract with <kernel/percpu.h>.
 */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

#include <asm/cp15.h>
#include <asm/thread_info.h>
#include <lib/compiler.h>

/* @offset is what is added to the address of a per-CPU variable for this CPU's: kept in TPIDRPRW. For boot. */
static inline void set_my_cpu_offset(unsigned long offset)
{
	CP15_WRITE(0, c13, c0, 4, offset);
}

/*
 * Return: what set_my_cpu_offset() has set. Not volatile, so that the compiler may keep the value; but it pretends to
 * read the stack, so that it does not keep it across a barrier(), behind which the thread may run on another CPU.
 */
static inline unsigned long __my_cpu_offset(void)
{
	unsigned long offset;

	__asm__("mrc p15, 0, %0, c13, c0, 4"
		: "=r"(offset) : "Q"(*(const unsigned long *)current_stack_pointer));
	return offset;
}

#endif
