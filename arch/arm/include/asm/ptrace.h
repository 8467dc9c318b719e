/* SPDX-License-Identifier: MIT */
/*
 * The program status register, and the registers as an exception saves them.
 */
#ifndef ASM_PTRACE_H
#define ASM_PTRACE_H

#include <asm/const.h>

#define USR_MODE	0x10
#define FIQ_MODE	0x11
#define IRQ_MODE	0x12
#define SVC_MODE	0x13
#define MON_MODE	0x16
#define ABT_MODE	0x17
#define HYP_MODE	0x1a
#define UND_MODE	0x1b
#define SYS_MODE	0x1f
#define MODE_MASK	0x1f
#define PSR_T_BIT	0x20	/* Thumb state */
#define PSR_F_BIT	0x40	/* FIQ masked */
#define PSR_I_BIT	0x80	/* IRQ masked */
#define PSR_A_BIT	0x100	/* asynchronous aborts masked */

#define THUMB_CODE	1UL	/* bit 0 of a code address: Thumb instructions (ARM DDI 0406C A2.3.1) */

#define PT_REGS_SIZE	72	/* sizeof(struct pt_regs), for assembly */

#ifndef __ASSEMBLER__
/* Linux's layout: r0-r15, CPSR, and r0 as it was on entry of a system call. */
struct pt_regs {
	unsigned long uregs[18];
};

#define ARM_r0		uregs[0]
#define ARM_fp		uregs[11]
#define ARM_ip		uregs[12]
#define ARM_sp		uregs[13]
#define ARM_lr		uregs[14]
#define ARM_pc		uregs[15]
#define ARM_cpsr	uregs[16]
#define ARM_ORIG_r0	uregs[17]

_Static_assert(sizeof(struct pt_regs) == PT_REGS_SIZE, "entry.S saves this many bytes");

#define user_mode(regs)		(((regs)->ARM_cpsr & 0xf) == 0)
#define thumb_mode(regs)	(((regs)->ARM_cpsr & PSR_T_BIT) != 0)
#define processor_mode(regs)	((regs)->ARM_cpsr & MODE_MASK)
#endif

#endif
