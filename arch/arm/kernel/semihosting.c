// SPDX-License-Identifier: MIT
/*
 * The end of a run, told to the host.
 */
#include <asm/semihosting.h>
#include <kernel/gcov.h>
#include <kernel/printk.h>
#include <kernel/reboot.h>

bool semihosting_present(void)
{
	return semihosting_call(SYS_TIME, NULL) != -1;
}

void kernel_exit(int status)
{
	const unsigned long block[2] = { ADP_STOPPED_APPLICATION_EXIT, status };

	gcov_dump();
	if (semihosting_present())
		semihosting_call(SYS_EXIT_EXTENDED, block);
	pr_emerg("Exit status %d, but no host listens for it. Halted.\n", status);
	machine_halt();
}

void machine_halt(void)
{
	for (;;)
		__asm__ volatile("wfi");
}
