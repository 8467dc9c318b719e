/* SPDX-License-Identifier: MIT */
/*
 * The short-descriptor translation tables as the hardware reads them (ARM DDI 0406C B3.5), and the
 * registers that say how they are walked (B4.1.154 TTBR0, B4.1.127 PRRR, B4.1.119 NMRR).
 *
 *   level 1    31          20 19 18 17 16 15  14-12 11-10 9  8-5   4   3  2  1 0
 *   section   |  base        | 0| 0|nG| S|APX| TEX | AP  |0|domain|XN| C| B| 1 0|
 *   table     |  base (31-10)                            |0|domain| 0| 0| 0| 0 1|
 *
 *   level 2    31                       12  11 10  9   8-6   5-4   3  2  1  0
 *   small     |  base                     |nG| S|APX| TEX | AP  | C| B| 1|XN|
 */
#ifndef ASM_PGTABLE_HWDEF_H
#define ASM_PGTABLE_HWDEF_H

#include <asm/const.h>

/* Level 1: 4096 entries, 1 MiB each. */
#define SECTION_SHIFT		20
#define SECTION_SIZE		(UL(1) << SECTION_SHIFT)
#define SECTION_MASK		(~(SECTION_SIZE - 1))
#define SUPERSECTION_SIZE	(UL(1) << 24)	/* 16 equal entries: ioremap() makes them */
#define SUPERSECTION_MASK	(~(SUPERSECTION_SIZE - 1))
#define HW_PTRS_PER_PGD		4096

#define PMD_TYPE_MASK		(UL(3) << 0)
#define PMD_TYPE_FAULT		(UL(0) << 0)
#define PMD_TYPE_TABLE		(UL(1) << 0)
#define PMD_TYPE_SECT		(UL(2) << 0)
#define PMD_DOMAIN_SHIFT	5
#define PMD_DOMAIN_MASK		(UL(15) << PMD_DOMAIN_SHIFT)
#define PMD_DOMAIN(x)		((UL(x)) << PMD_DOMAIN_SHIFT)
#define PMD_TABLE_MASK		(~UL(0x3ff))	/* base of a hardware level-2 table: 1 KiB */

#define PMD_SECT_BUFFERABLE	(UL(1) << 2)
#define PMD_SECT_CACHEABLE	(UL(1) << 3)
#define PMD_SECT_XN		(UL(1) << 4)
#define PMD_SECT_AP_WRITE	(UL(1) << 10)	/* AP[0]: privileged read and write */
#define PMD_SECT_AP_READ	(UL(1) << 11)	/* AP[1]: user access */
#define PMD_SECT_TEX(x)		((UL(x)) << 12)
#define PMD_SECT_APX		(UL(1) << 15)	/* AP[2]: read-only */
#define PMD_SECT_S		(UL(1) << 16)
#define PMD_SECT_nG		(UL(1) << 17)
#define PMD_SECT_SUPER		(UL(1) << 18)

/* Memory types by TEX[0], C and B, an index into PRRR and NMRR once SCTLR.TRE is set. */
#define PMD_SECT_UNCACHED	UL(0)
#define PMD_SECT_DEV_SHARED	PMD_SECT_TEX(1)
#define PMD_SECT_WBWA		(PMD_SECT_TEX(1) | PMD_SECT_CACHEABLE | PMD_SECT_BUFFERABLE)

/* Level 2: 256 entries, 4 KiB each. */
#define HW_PTRS_PER_PTE		256

#define PTE_TYPE_MASK		(UL(3) << 0)
#define PTE_TYPE_FAULT		(UL(0) << 0)
#define PTE_TYPE_LARGE		(UL(1) << 0)	/* 64 KiB: 16 equal entries; we make none */
#define PTE_TYPE_SMALL		(UL(2) << 0)	/* bit 0 is XN */
#define PTE_LARGE_SIZE		(UL(1) << 16)
#define PTE_LARGE_MASK		(~(PTE_LARGE_SIZE - 1))
#define PTE_LARGE_XN		(UL(1) << 15)
#define PTE_LARGE_TEX_SHIFT	12

#define PTE_EXT_XN		(UL(1) << 0)
#define PTE_BUFFERABLE		(UL(1) << 2)
#define PTE_CACHEABLE		(UL(1) << 3)
#define PTE_EXT_AP0		(UL(1) << 4)	/* privileged read and write */
#define PTE_EXT_AP1		(UL(1) << 5)	/* user access */
#define PTE_EXT_TEX_SHIFT	6
#define PTE_EXT_TEX(x)		((UL(x)) << PTE_EXT_TEX_SHIFT)
#define PTE_EXT_TEX_MASK	PTE_EXT_TEX(7)
#define PTE_EXT_APX		(UL(1) << 9)	/* read-only */
#define PTE_EXT_SHARED		(UL(1) << 10)
#define PTE_EXT_NG		(UL(1) << 11)	/* of one address space (ASID), not global */

/* The bits of a small page that give its memory type. */
#define PTE_EXT_MEM_MASK	(PTE_EXT_TEX_MASK | PTE_CACHEABLE | PTE_BUFFERABLE | PTE_EXT_SHARED)

/*
 * PRRR gives each index a type: 0 strongly ordered, 1 device, 2 normal; NMRR gives normal memory
 * its inner and outer policy: 0 uncached, 1 write-back write-allocate, 2 write-through, 3
 * write-back.
 *
 *   index TEX[0] C B   type              policy
 *     0     0    0 0   strongly ordered
 *     1     0    0 1   normal            uncached
 *     2     0    1 0   normal            write-through
 *     3     0    1 1   normal            write-back, no write-allocate
 *     4     1    0 0   device
 *     7     1    1 1   normal            write-back, write-allocate
 */
#define PRRR_TR_SO		0
#define PRRR_TR_DEVICE		1
#define PRRR_TR_NORMAL		2
#define PRRR_TR_MASK		UL(3)
#define NMRR_UNCACHED		0
#define NMRR_WBWA		1
#define NMRR_WT			2
#define NMRR_WB			3

#define PRRR_TR(index, type)	(UL(type) << (2 * (index)))
#define PRRR_DS1		(UL(1) << 17)	/* device memory: shareable if its S bit is set */
#define PRRR_NS1		(UL(1) << 19)	/* normal memory: shareable if its S bit is set */
#define PRRR_NOS_ALL		(UL(0xff) << 24)	/* shareable means inner shareable */
#define PRRR_VALUE		(PRRR_TR(1, PRRR_TR_NORMAL) | PRRR_TR(2, PRRR_TR_NORMAL) | \
				 PRRR_TR(3, PRRR_TR_NORMAL) | PRRR_TR(4, PRRR_TR_DEVICE) | \
				 PRRR_TR(7, PRRR_TR_NORMAL) | PRRR_DS1 | PRRR_NS1 | PRRR_NOS_ALL)
#define NMRR_INOUT(index, policy) \
	((UL(policy) << (2 * (index))) | (UL(policy) << (16 + 2 * (index))))
#define NMRR_VALUE		(NMRR_INOUT(2, NMRR_WT) | NMRR_INOUT(3, NMRR_WB) | \
				 NMRR_INOUT(7, NMRR_WBWA))

/* How the table walk itself reads memory: inner and outer write-back write-allocate, shareable. */
#define TTB_S			(UL(1) << 1)
#define TTB_RGN_WBWA		(UL(1) << 3)
#define TTB_NOS			(UL(1) << 5)
#define TTB_IRGN_WBWA		(UL(1) << 6)
#define TTB_FLAGS		(TTB_IRGN_WBWA | TTB_S | TTB_NOS | TTB_RGN_WBWA)

/* TTBCR (B4.1.153): addresses whose top N bits are not all 0 are walked from TTBR1. */
#define TTBCR_N_MASK		UL(7)
#define TTBCR_PD0		(UL(1) << 4)	/* a TLB miss below the split faults */
#define TTBCR_PD1		(UL(1) << 5)	/* a TLB miss above it faults */

/* PAR, the result of an address translation operation (B4.1.112). */
#define PAR_F			(UL(1) << 0)	/* it would fault */
#define PAR_SS			(UL(1) << 1)	/* a supersection */

/* Domain 0 is the kernel's, and the only one: client, so that permissions are checked. */
#define DOMAIN_KERNEL		0
#define DOMAIN_MASK		UL(3)
#define DOMAIN_CLIENT		1
#define DOMAIN_MANAGER		3
#define DACR_INIT		(UL(DOMAIN_CLIENT) << (2 * DOMAIN_KERNEL))

#ifndef __ASSEMBLER__
/* The values Linux gives these registers on every ARMv7 (arch/arm/mm/proc-v7-2level.S). */
_Static_assert(PRRR_VALUE == 0xff0a81a8, "TEX remap as in Linux");
_Static_assert(NMRR_VALUE == 0x40e040e0, "TEX remap as in Linux");
_Static_assert(TTB_FLAGS == 0x6a, "walk attributes as in Linux on SMP");
#endif

#endif
