// SPDX-License-Identifier: MIT
/*
 * The address map in use, from the top down, as Linux 3.10 prints it in mem_init():
 *
 *    lowmem  : 0xc0000000 - 0xc8000000   (   128 MiB)
 *
 * The borders are those of <asm/memory.h>, <asm/lowmem.h> and <kernel/sections.h>.
 */
#include <asm/lowmem.h>
#include <asm/memory.h>
#include <asm/page.h>
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/sections.h>
#include <lib/math.h>
#include <mm/layout.h>

static void show_area(const char *name, unsigned long start, unsigned long end)
{
	unsigned long bytes = end - start;
	bool in_mib = bytes >= SZ_1M && bytes % SZ_1M == 0;

	BUG_ON(end < start, "%s from 0x%08lx to 0x%08lx", name, start, end);
	pr_info("    %-8s: 0x%08lx - 0x%08lx   (%6lu %s)\n", name, start, end,
		bytes / (in_mib ? SZ_1M : SZ_1K), in_mib ? "MiB" : "KiB");
}

void show_layout(void)
{
	pr_info("Virtual kernel memory layout:\n");
	show_area("vector", CONFIG_VECTORS_BASE, CONFIG_VECTORS_BASE + PAGE_SIZE);
	show_area("fixmap", FIXADDR_START, FIXADDR_END);
	show_area("stacks", THREAD_STACKS_START, THREAD_STACKS_END);
	show_area("vmalloc", VMALLOC_START, VMALLOC_END);
	show_area("lowmem", PAGE_OFFSET, (unsigned long)high_memory);
	show_area("pkmap", PKMAP_BASE, PAGE_OFFSET);
	show_area("modules", MODULES_VADDR, PKMAP_BASE);
#ifdef CONFIG_KASAN
	show_area("kasan", KASAN_SHADOW_START, KASAN_SHADOW_END);
#endif
	show_area(".text", (unsigned long)_text, (unsigned long)__inittext_begin);
	show_area(".init", (unsigned long)__inittext_begin, (unsigned long)__inittext_end);
	show_area(".rodata", (unsigned long)__start_rodata, (unsigned long)__end_rodata);
	show_area(".init", (unsigned long)__initdata_begin, (unsigned long)__initdata_end);
	show_area(".data", (unsigned long)__initdata_end, (unsigned long)_edata);
	show_area(".bss", (unsigned long)__bss_start, (unsigned long)__bss_stop);
}
