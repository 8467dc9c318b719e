// SPDX-License-Identifier: MIT
/*
 * Power-off and reboot through the motherboard's configuration controller (Arm DUI 0447, 4.3.15). The
 * request is carried out a moment later, so wait for it asleep.
 */
#include <asm/io.h>
#include <asm/vexpress.h>
#include <kernel/gcov.h>
#include <kernel/reboot.h>

static void __noreturn sys_cfg(u32 function)
{
	gcov_dump();
	writel(SYS_CFG_START | SYS_CFG_WRITE | function,
	       (void __iomem *)(IO_PERIPH_BASE + SYSREGS_OFFSET + SYS_CFGCTRL));
	for (;;)
		__asm__ volatile("wfi");
}

void machine_power_off(void)
{
	sys_cfg(SYS_CFG_SHUTDOWN);
}

void machine_restart(void)
{
	sys_cfg(SYS_CFG_REBOOT);
}
