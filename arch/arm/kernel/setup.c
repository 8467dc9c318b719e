// SPDX-License-Identifier: MIT
/*
 * setup_arch(): what the kernel learns of the machine before it has memory to manage, in the order of
 * Linux's arch/arm/kernel/setup.c.
 */
#include <asm/cp15.h>
#include <asm/fixmap.h>
#include <asm/memory.h>
#include <asm/mmu.h>
#include <asm/percpu.h>
#include <asm/smp.h>
#include <asm/stack.h>
#include <boot/atags.h>
#include <boot/meminfo.h>
#include <boot/probe.h>
#include <kernel/bootmark.h>
#include <kernel/bug.h>
#include <kernel/init.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <kernel/resource.h>
#include <kernel/sections.h>
#include <kernel/setup.h>
#include <lib/container_of.h>
#include <mm/bootmem.h>
#include <mm/init.h>
#include <mm/memblock.h>

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

/* The image in a bank of RAM. Code and data are given back in part (free_initmem()), and stay here. */
static void __init request_image(struct resource *ram)
{
	static struct resource image[] = {
		{ .name = "Kernel code", .flags = IORESOURCE_SYSTEM_RAM },
		{ .name = "Kernel rodata", .flags = IORESOURCE_SYSTEM_RAM },
		{ .name = "Kernel data", .flags = IORESOURCE_SYSTEM_RAM },
		{ .name = "Kernel bss", .flags = IORESOURCE_SYSTEM_RAM },
	};
	const char *const borders[][2] = {
		{ _text, _etext }, { __start_rodata, __end_rodata }, { _sdata, _edata },
		{ __bss_start, __bss_stop },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(image); i++) {
		image[i].start = __pa(borders[i][0]);
		image[i].end = __pa(borders[i][1]) - 1;
		BUG_ON(request_resource(ram, &image[i]), "%s", image[i].name);
	}
}

/* All of RAM that memblock has, and the devices, for /proc/iomem. As Linux's. */
static void __init request_standard_resources(void)
{
	phys_addr_t start, end;
	u64 i;

	for_each_mem_range(i, &start, &end) {
		struct resource *ram = alloc_bootmem(sizeof(*ram));

		ram->name = "System RAM";
		ram->start = start;
		ram->end = end - 1;
		ram->flags = IORESOURCE_SYSTEM_RAM;
		BUG_ON(request_resource(&iomem_resource, ram), "RAM at %pa", &start);
		if (start <= __pa(_text) && __pa(_end) <= end)
			request_image(ram);
	}
	vexpress_request_resources();
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
	request_standard_resources();
	smp_init_cpus();
}
