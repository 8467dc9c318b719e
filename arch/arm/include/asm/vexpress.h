/* SPDX-License-Identifier: MIT */
/*
 * The board: Arm Versatile Express with the Cortex-A9x4 core tile, as QEMU's vexpress-a9 models it.
 * Two windows of device registers are mapped for good, in the top 16 MiB of the vmalloc area so that
 * no `vmalloc=` can make lowmem reach them:
 *
 *    0xfef00000  <-  0x10000000  1 MiB  motherboard: system registers, UARTs, timers, ...
 *    0xfec00000  <-  0x1e000000  8 KiB  Cortex-A9 MPCore: SCU, interrupt controller, private timers
 */
#ifndef ASM_VEXPRESS_H
#define ASM_VEXPRESS_H

#include <asm/const.h>

#define VEXPRESS_MACHINE_TYPE	0x8e0

#define PERIPH_PHYS		UL(0x10000000)
#define PERIPH_SIZE		UL(0x00100000)
#define IO_PERIPH_BASE		UL(0xfef00000)

#define MPCORE_PHYS		UL(0x1e000000)
#define MPCORE_SIZE		UL(0x00002000)
#define IO_MPCORE_BASE		UL(0xfec00000)

/* Motherboard devices, as offsets into its window. */
#define SYSREGS_OFFSET		UL(0x0000)
#define UART0_OFFSET		UL(0x9000)

/* System registers (Arm DUI 0447, chapter 4). */
#define SYS_FLAGS		UL(0x30)	/* where secondary CPUs are told to go */
#define SYS_FLAGSSET		UL(0x30)
#define SYS_FLAGSCLR		UL(0x34)
#define SYS_24MHZ		UL(0x5c)	/* counts at 24 MHz from reset; wraps after 179 s */
#define SYS_CFGCTRL		UL(0xa4)

#define SYS_CFG_START		(UL(1) << 31)
#define SYS_CFG_WRITE		(UL(1) << 30)
#define SYS_CFG_SHUTDOWN	(UL(8) << 20)
#define SYS_CFG_REBOOT		(UL(9) << 20)

/* PL011 UART (Arm DDI 0183, chapter 3). */
#define UART_DR			0x00
#define UART_FR			0x18
#define UART_FR_TXFF		(1 << 5)
#define UART_FR_RXFE		(1 << 4)
#define UART_LCRH		0x2c
#define UART_LCRH_8N1		0x60	/* FIFOs stay off */
#define UART_CR			0x30
#define UART_CR_ENABLE_RX_TX	0x301
#define UART_IMSC		0x38
#define UART_IMSC_RX		((1 << 4) | (1 << 6))	/* data, at once or after a pause */
#define UART0_IRQ		37		/* interrupt ID */

/*
 * What the MPCore has for its CPUs, as offsets into its window: asm/smp_scu.h, asm/gic.h,
 * asm/global_timer.h, asm/smp_twd.h.
 */
#define SCU_OFFSET		UL(0x0000)
#define GICC_OFFSET		UL(0x0100)
#define GLOBAL_TIMER_OFFSET	UL(0x0200)
#define TWD_OFFSET		UL(0x0600)
#define GICD_OFFSET		UL(0x1000)

/* Interrupts of those. */
#define IRQ_TWD			29

#endif
