// SPDX-License-Identifier: MIT
/*
 * What answers on the board's bus, besides RAM: the devices that QEMU's vexpress-a9 has, by the names
 * of Linux's device tree (arch/arm/boot/dts/vexpress-v2p-ca9.dts and vexpress-v2m.dtsi). Those that
 * the kernel drives are claimed, by the name of the driver.
 *
 * The board's manual has more (watchdogs, USB, a memory controller), which QEMU leaves out: nobody
 * answers there, though reading gives no error but 0.
 */
#include <asm/const.h>
#include <asm/mmu.h>
#include <asm/page.h>
#include <asm/vexpress.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/resource.h>
#include <lib/container_of.h>

struct board_device {
	struct resource res;
	struct resource driver;		/* its name is NULL if nobody drives the device */
};

#define DEVICE(base, size, name_, driver_)						\
	{										\
		.res = { .start = base, .end = (base) + (size) - 1, .name = name_,	\
			 .flags = IORESOURCE_MEM },					\
		.driver = { .start = base, .end = (base) + (size) - 1, .name = driver_,	\
			    .flags = IORESOURCE_MEM | IORESOURCE_BUSY },		\
	}

#define PERIPH(offset, name, driver)	DEVICE(PERIPH_PHYS + (offset), PAGE_SIZE, name, driver)
#define MPCORE(offset, size, name, driver) \
	DEVICE(MPCORE_PHYS + (offset), size, name, driver)

static struct board_device devices[] = {
	PERIPH(SYSREGS_OFFSET, "sysreg@0", "vexpress-sysreg"),
	PERIPH(0x4000, "aaci@4000", NULL),
	PERIPH(0x5000, "mmci@5000", NULL),
	PERIPH(0x6000, "kmi@6000", NULL),
	PERIPH(0x7000, "kmi@7000", NULL),
	PERIPH(UART0_OFFSET, "uart@9000", "uart0"),
	PERIPH(0xa000, "uart@a000", NULL),
	PERIPH(0xb000, "uart@b000", NULL),
	PERIPH(0xc000, "uart@c000", NULL),
	PERIPH(0x11000, "timer@11000", NULL),
	PERIPH(0x12000, "timer@12000", NULL),
	DEVICE(PERIPH_PHYS + 0x13000, UL(0x200), "virtio_mmio@13000", NULL),
	DEVICE(PERIPH_PHYS + 0x13200, UL(0x200), "virtio_mmio@13200", NULL),
	DEVICE(PERIPH_PHYS + 0x13400, UL(0x200), "virtio_mmio@13400", NULL),
	DEVICE(PERIPH_PHYS + 0x13600, UL(0x200), "virtio_mmio@13600", NULL),
	PERIPH(0x16000, "i2c@16000", NULL),
	PERIPH(0x17000, "rtc@17000", NULL),
	PERIPH(0x1f000, "clcd@1f000", NULL),
	PERIPH(0x20000, "clcd@10020000", NULL),
	PERIPH(0xe4000, "timer@100e4000", NULL),
	MPCORE(SCU_OFFSET, UL(0x58), "scu@1e000000", "scu"),
	MPCORE(GICC_OFFSET, UL(0x100), "interrupt-controller@1e000100", "gic cpu interface"),
	MPCORE(GLOBAL_TIMER_OFFSET, UL(0x20), "timer@1e000200", "global timer"),
	MPCORE(TWD_OFFSET, UL(0x20), "timer@1e000600", "twd"),
	MPCORE(0x620, UL(0x20), "watchdog@1e000620", NULL),
	MPCORE(GICD_OFFSET, PAGE_SIZE, "interrupt-controller@1e001000", "gic distributor"),
	MPCORE(0xa000, PAGE_SIZE, "cache-controller@1e00a000", NULL),
	DEVICE(UL(0x40000000), UL(0x04000000), "flash@40000000", NULL),
	DEVICE(UL(0x44000000), UL(0x04000000), "flash@44000000", NULL),
	DEVICE(UL(0x48000000), UL(0x02000000), "psram@48000000", NULL),
	DEVICE(UL(0x4c000000), UL(0x00800000), "vram@4c000000", NULL),
};

static void __init request(struct resource *root, struct resource *res)
{
	int err = request_resource(root, res);

	BUG_ON(err, "%08x-%08x %s: %d", res->start, res->end, res->name, err);
}

void __init vexpress_request_resources(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(devices); i++) {
		request(&iomem_resource, &devices[i].res);
		if (devices[i].driver.name)
			request(&devices[i].res, &devices[i].driver);
	}
}
