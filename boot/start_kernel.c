// SPDX-License-Identifier: MIT
/*
 * start_kernel(): the table of contents. Memory changes hands from one line to the next.
 */
#include <kernel/bootmark.h>
#include <kernel/console.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <kernel/setup.h>

void __init start_kernel(void)
{
	boot_mark(BOOT_START_KERNEL);
	console_init();
	pr_notice("Pagewalk: a kernel about memory management\n");
	setup_arch();
	rest_init();
}
