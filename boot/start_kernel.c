// SPDX-License-Identifier: MIT
/*
 * start_kernel(): the table of contents. Memory changes hands from one line to the next.
 */
#include <asm/irqflags.h>
#include <asm/traps.h>
#include <kernel/bootmark.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/init.h>
#include <kernel/interrupt.h>
#include <kernel/params.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/setup.h>
#include <kernel/stackprotector.h>
#include <kernel/time.h>
#include <mm/highmem.h>
#include <mm/init.h>
#include <mm/mmzone.h>
#include <mm/pagemap.h>
#include <mm/pcp.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <mm/watermark.h>

/* The allocators that work once zones stand, lowest first. */
static void __init mm_init(void)
{
	boot_pageset_init();
	mem_init();
	init_per_zone_wmark_min();
	boot_mark(BOOT_SLAB_INIT);
	kmem_cache_init();
	boot_mark(BOOT_SLAB);
	vmalloc_init();
}

void __init start_kernel(void)
{
	boot_mark(BOOT_START_KERNEL);
	boot_init_stack_canary();
	console_init();
	pr_notice("Pagewalk: a kernel about memory management (gcc " __VERSION__ "%s)\n",
		  CONFIG_DEBUG_VM ? ", debug checks on" : "");
	check_string_functions();
	setup_arch();
	setup_per_cpu_areas();
	page_address_init();
	build_all_zonelists();
	trap_init();
	pr_notice("Kernel command line: %s\n", boot_command_line);
	parse_params();
	mm_init();
	setup_per_cpu_pageset();
	sched_init();
	page_waitqueue_init();
	init_IRQ();
	time_init();
	console_irq_init();
	local_irq_enable();
	kmem_cache_init_late();
	rest_init();
}
