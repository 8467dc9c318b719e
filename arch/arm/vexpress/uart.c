// SPDX-License-Identifier: MIT
/*
 * The console: UART0, an Arm PL011 (DDI 0183), polled. Usable from the first C function on, since the boot
 * page tables map it where iotable_init() will map it again.
 */
#include <asm/barrier.h>
#include <asm/io.h>
#include <asm/irqflags.h>
#include <asm/vexpress.h>
#include <kernel/bug.h>
#include <kernel/console.h>

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

static void __iomem *gicc(unsigned int reg)
{
	return (void __iomem *)(IO_MPCORE_BASE + GICC_OFFSET + reg);
}

static void __iomem *gicd(unsigned int reg)
{
	return (void __iomem *)(IO_MPCORE_BASE + GICD_OFFSET + reg);
}

/* Lets the UART's interrupt through to CPU 0. With one CPU the target is fixed and the write ignored. */
static void route_interrupt(void)
{
	void __iomem *targets = gicd(GICD_ITARGETSR + (UART0_IRQ & ~3));
	unsigned int shift = 8 * (UART0_IRQ & 3);

	writel_relaxed((readl_relaxed(targets) & ~(0xffu << shift)) | 1u << shift, targets);
	writel_relaxed(1u << (UART0_IRQ & 31), gicd(GICD_ISENABLER + UART0_IRQ / 32 * 4));
	writel_relaxed(GICD_CTLR_ENABLE_GRP0, gicd(GICD_CTLR));
	writel_relaxed(GICC_PMR_ALL, gicc(GICC_PMR));
	writel_relaxed(GICC_CTLR_ENABLE_GRP0, gicc(GICC_CTLR));
}

/*
 * WFI wakes on an interrupt that is pending, also if it is masked (ARM DDI 0406C B1.8.13): none is ever
 * taken, and one that comes before the WFI is not lost.
 */
void console_wait(void)
{
	BUG_ON(!irqs_disabled(), "nobody handles the interrupt");
	route_interrupt();
	writel_relaxed(UART_IMSC_RX, uart(UART_IMSC));
	dsb();
	while (readl_relaxed(uart(UART_FR)) & UART_FR_RXFE)
		__asm__ volatile("wfi");
	writel_relaxed(0, uart(UART_IMSC));
}

int console_getc(void)
{
	if (readl_relaxed(uart(UART_FR)) & UART_FR_RXFE)
		return -1;
	return readl_relaxed(uart(UART_DR)) & 0xff;
}
