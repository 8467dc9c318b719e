// SPDX-License-Identifier: MIT
/*
 * The console: UART0, an Arm PL011 (DDI 0183), polled. Usable from the first C function on, since the boot
 * page tables map it where iotable_init() will map it again.
 */
#include <asm/io.h>
#include <asm/vexpress.h>
#include <kernel/console.h>

static void __iomem *uart(unsigned int reg)
{
	return (void __iomem *)(IO_PERIPH_BASE + UART0_OFFSET + reg);
}

void console_init(void)
{
	writel_relaxed(UART_LCRH_8N1_FIFO, uart(UART_LCRH));
	writel_relaxed(UART_CR_ENABLE_RX_TX, uart(UART_CR));
}

void console_putc(char c)
{
	while (readl_relaxed(uart(UART_FR)) & UART_FR_TXFF)
		;
	writel_relaxed(c, uart(UART_DR));
}

int console_getc(void)
{
	if (readl_relaxed(uart(UART_FR)) & UART_FR_RXFE)
		return -1;
	return readl_relaxed(uart(UART_DR)) & 0xff;
}
