// SPDX-License-Identifier: MIT
/*
 * The console: UART0, an Arm PL011 (DDI 0183), polled; its interrupt only ends a sleep. Usable from the
 * first C function on, since the boot page tables map it where iotable_init() will map it again.
 */
#include <asm/io.h>
#include <asm/vexpress.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/init.h>
#include <kernel/interrupt.h>
#include <kernel/wait.h>

static void __iomem *uart(unsigned int reg)
{
	return (void __iomem *)(IO_PERIPH_BASE + UART0_OFFSET + reg);
}

/*
 * The FIFOs stay as reset leaves them, off: turning them on empties them (DDI 0183 3.3.7), and what was typed
 * or piped in while the kernel booted would lose its first character. One character waits in the
 * holding register; who sends faster than we read must wait, as QEMU does.
 */
void console_init(void)
{
	writel_relaxed(UART_LCRH_8N1, uart(UART_LCRH));
	writel_relaxed(UART_CR_ENABLE_RX_TX, uart(UART_CR));
}

void console_putc(char c)
{
	while (readl_relaxed(uart(UART_FR)) & UART_FR_TXFF)
		;
	writel_relaxed(c, uart(UART_DR));
}

/* Who waits for a character. */
static DECLARE_WAIT_QUEUE_HEAD(console_queue);

/* A character is there. Reading it is console_getc()'s. */
static irqreturn_t uart_handler(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	writel(0, uart(UART_IMSC));
	wake_up(&console_queue);
	return IRQ_HANDLED;
}

void __init console_irq_init(void)
{
	int error = request_irq(UART0_IRQ, uart_handler, 0, "uart0", NULL);

	BUG_ON(error, "the console's interrupt: %d", error);
}

/* Is a character there? If not, the interrupt is on, and comes when there is one. */
static bool character_came(void)
{
	writel(UART_IMSC_RX, uart(UART_IMSC));
	return !(readl_relaxed(uart(UART_FR)) & UART_FR_RXFE);
}

void console_wait(void)
{
	wait_event(console_queue, character_came());
}

int console_getc(void)
{
	if (readl_relaxed(uart(UART_FR)) & UART_FR_RXFE)
		return -1;
	return readl_relaxed(uart(UART_DR)) & 0xff;
}
