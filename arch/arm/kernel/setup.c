// SPDX-License-Identifier: MIT
/*
 * setup_arch(): what the kernel learns of the machine before it has memory to manage, in the order of
 * Linux's arch/arm/kernel/setup.c.
 */
#include <asm/cp15.h>
#include <asm/fixmap.h>
#include <asm/memory.h>
#include <asm/percpu.h>
#include <asm/smp.h>
#include <asm/stack.h>
#include <boot/atags.h>
#include <boot/meminfo.h>
#include <boot/probe.h>
#include <kernel/bootmark.h>
#include <kernel/init.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <kernel/setup.h>
#include <mm/init.h>

u32 __machine_arch_type;
phys_addr_t __atags_pointer;
phys_addr_t probed_ram_end;

/*
 * This is CPU 0, and its idle thread boots the kernel. TPIDRPRW holds anything at reset: until
 * setup_per_cpu_areas() per-CPU variables are the template's.
 */
void __init smp_setup_processor_id(void)
{
	set_my_cpu_offset(0);
	cpu_stack_init(&boot_stack, 0);
}

static void __init setup_processor(void)
{
	u32 midr = read_midr();

	pr_info("CPU: ARMv7 Processor [%08x] revision %u, cr=%08x\n", midr, midr & 0xf, read_sctlr());
}

void __init setup_arch(void)
{
	setup_processor();
	early_fixmap_init();
	pr_info("RAM answers from 0x%08lx to %pa\n", PHYS_OFFSET, &probed_ram_end);
	setup_machine_tags(__atags_pointer, __machine_arch_type);
	parse_early_param();
	sanity_check_meminfo();
	boot_mark(BOOT_ARGUMENTS);
	arm_memblock_init();
	paging_init();
	smp_init_cpus();
}
