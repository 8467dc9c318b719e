/* SPDX-License-Identifier: MIT */
/*
 * System control coprocessor: the registers that the kernel uses, by the architecture's names
 * (ARM DDI 0406C B4.1), and SCTLR's bits.
 */
#ifndef ASM_CP15_H
#define ASM_CP15_H

#define CR_M	(1 << 0)	/* MMU */
#define CR_A	(1 << 1)	/* alignment checks */
#define CR_C	(1 << 2)	/* data cache */
#define CR_Z	(1 << 11)	/* branch prediction */
#define CR_I	(1 << 12)	/* instruction cache */
#define CR_V	(1 << 13)	/* vectors at 0xffff0000 */
#define CR_TRE	(1 << 28)	/* TEX remap: memory types by PRRR and NMRR */
#define CR_AFE	(1 << 29)	/* access flag */
#define CR_TE	(1 << 30)	/* exceptions in Thumb state */

#ifndef __ASSEMBLER__
#include <asm/barrier.h>
#include <lib/types.h>

/* CP15_READ(0, c0, c0, 5) reads MPIDR: opc1, CRn, CRm, opc2, the order of an MRC instruction. */
#define CP15_READ(opc1, crn, crm, opc2) ({						\
	u32 __value;									\
	__asm__ volatile("mrc p15, " #opc1 ", %0, " #crn ", " #crm ", " #opc2		\
			 : "=r"(__value) : : "memory");					\
	__value; })

#define CP15_WRITE(opc1, crn, crm, opc2, value)						\
	__asm__ volatile("mcr p15, " #opc1 ", %0, " #crn ", " #crm ", " #opc2		\
			 : : "r"((u32)(value)) : "memory")

#define read_midr()		CP15_READ(0, c0, c0, 0)
#define read_ctr()		CP15_READ(0, c0, c0, 1)
#define read_mpidr()		CP15_READ(0, c0, c0, 5)
#define read_sctlr()		CP15_READ(0, c1, c0, 0)
#define write_sctlr(v)		CP15_WRITE(0, c1, c0, 0, v)
#define read_ttbr0()		CP15_READ(0, c2, c0, 0)
#define read_ttbr1()		CP15_READ(0, c2, c0, 1)
#define read_ttbcr()		CP15_READ(0, c2, c0, 2)
#define read_dacr()		CP15_READ(0, c3, c0, 0)
#define read_dfsr()		CP15_READ(0, c5, c0, 0)
#define read_ifsr()		CP15_READ(0, c5, c0, 1)
#define read_dfar()		CP15_READ(0, c6, c0, 0)
#define read_ifar()		CP15_READ(0, c6, c0, 2)
#define read_prrr()		CP15_READ(0, c10, c2, 0)
#define read_nmrr()		CP15_READ(0, c10, c2, 1)
#define read_contextidr()	CP15_READ(0, c13, c0, 1)
#define write_ttbr0(v)		CP15_WRITE(0, c2, c0, 0, v)
#define write_contextidr(v)	CP15_WRITE(0, c13, c0, 1, v)
#define write_vbar(v)		CP15_WRITE(0, c12, c0, 0, v)

/*
 * The control register SCTLR, by CR_ bits: get_cr() returns it, set_cr() writes @value, and what
 * follows runs with it.
 */
static inline u32 get_cr(void)
{
	return read_sctlr();
}

static inline void set_cr(u32 value)
{
	write_sctlr(value);
	isb();
}
#endif

#endif
