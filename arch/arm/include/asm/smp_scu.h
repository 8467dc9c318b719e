/* SPDX-License-Identifier: MIT */
/*
 * The snoop control unit, which keeps the data caches of the CPUs coherent (Cortex-A9 MPCore TRM,
 * DDI 0407, chapter 2). The boot stub enables it before the first cache is on.
 */
#ifndef ASM_SMP_SCU_H
#define ASM_SMP_SCU_H

#define SCU_CTRL		0x00
#define SCU_CTRL_ENABLE		(1 << 0)
#define SCU_CONFIG		0x04
#define SCU_CONFIG_NCORES(config)	(((config) & 3) + 1)
#define SCU_INVALIDATE		0x0c	/* its copies of the caches' tags: 4 bits for each CPU */
#define SCU_INVALIDATE_ALL	0xffff

#endif
