/* SPDX-License-Identifier: MIT */
/*
 * The short-descriptor translation tables as the hardware reads them (ARM DDI 0406C B3.5), and the
 * registers that say how they are walked (B4.1.154 TTBR0, B4.1.127 PRRR, B4.1.119 NMRR).
 */
#ifndef ASM_PGTABLE_HWDEF_H
#define ASM_PGTABLE_HWDEF_H

#include <asm/const.h>

/* Level 1: 4096 entries, 1 MiB each. */
#define SECTION_SHIFT		20
#define SECTION_SIZE		(UL(1) << SECTION_SHIFT)
#define SECTION_MASK		(~(SECTION_SIZE - 1))

#define PMD_TYPE_MASK		(UL(3) << 0)
#define PMD_TYPE_FAULT		(UL(0) << 0)
#define PMD_TYPE_TABLE		(UL(1) << 0)
#define PMD_TYPE_SECT		(UL(2) << 0)
#define PMD_DOMAIN(x)		((UL(x)) << 5)

#define PMD_SECT_BUFFERABLE	(UL(1) << 2)
#define PMD_SECT_CACHEABLE	(UL(1) << 3)
#define PMD_SECT_XN		(UL(1) << 4)
#define PMD_SECT_AP_WRITE	(UL(1) << 10)	/* AP[0]: privileged read and write */
#define PMD_SECT_AP_READ	(UL(1) << 11)	/* AP[1]: user access */
#define PMD_SECT_TEX(x)		((UL(x)) << 12)
#define PMD_SECT_APX		(UL(1) << 15)	/* AP[2]: read-only */
#define PMD_SECT_S		(UL(1) << 16)
#define PMD_SECT_nG		(UL(1) << 17)

/* Memory types by TEX[0], C and B, an index into PRRR and NMRR once SCTLR.TRE is set. */
#define PMD_SECT_UNCACHED	UL(0)
#define PMD_SECT_DEV_SHARED	PMD_SECT_TEX(1)
#define PMD_SECT_WBWA		(PMD_SECT_TEX(1) | PMD_SECT_CACHEABLE | PMD_SECT_BUFFERABLE)

/*
 * PRRR gives each index a type: 0 strongly ordered, 1 device, 2 normal; NMRR gives normal memory its
 * inner and outer policy: 0 uncached, 1 write-back write-allocate, 2 write-through, 3 write-back.
 *
 *   index TEX[0] C B   type              policy
 *     0     0    0 0   strongly ordered
 *     1     0    0 1   normal            uncached
 *     2     0    1 0   normal            write-through
 *     3     0    1 1   normal            write-back, no write-allocate
 *     4     1    0 0   device
 *     7     1    1 1   normal            write-back, write-allocate
 */
#define PRRR_TR(index, type)	(UL(type) << (2 * (index)))
#define PRRR_DS1		(UL(1) << 17)	/* device memory: shareable if its S bit is set */
#define PRRR_NS1		(UL(1) << 19)	/* normal memory: shareable if its S bit is set */
#define PRRR_NOS_ALL		(UL(0xff) << 24)	/* shareable means inner shareable */
#define PRRR_VALUE		(PRRR_TR(1, 2) | PRRR_TR(2, 2) | PRRR_TR(3, 2) | PRRR_TR(4, 1) | \
				 PRRR_TR(7, 2) | PRRR_DS1 | PRRR_NS1 | PRRR_NOS_ALL)
#define NMRR_INOUT(index, policy) \
	((UL(policy) << (2 * (index))) | (UL(policy) << (16 + 2 * (index))))
#define NMRR_VALUE		(NMRR_INOUT(2, 2) | NMRR_INOUT(3, 3) | NMRR_INOUT(7, 1))

/* How the table walk itself reads memory: inner and outer write-back write-allocate, shareable. */
#define TTB_S			(UL(1) << 1)
#define TTB_RGN_WBWA		(UL(1) << 3)
#define TTB_NOS			(UL(1) << 5)
#define TTB_IRGN_WBWA		(UL(1) << 6)
#define TTB_FLAGS		(TTB_IRGN_WBWA | TTB_S | TTB_NOS | TTB_RGN_WBWA)

/* Domain 0 is the kernel's, and the only one: client, so that permissions are checked. */
#define DOMAIN_KERNEL		0
#define DOMAIN_CLIENT		1
#define DACR_INIT		(UL(DOMAIN_CLIENT) << (2 * DOMAIN_KERNEL))

#endif
