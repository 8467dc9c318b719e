// SPDX-License-Identifier: MIT
/*
 * ptdump_walk(): all mappings, as Linux's /sys/kernel/debug/kernel_page_tables shows them.
 *
 *    ---[ Kernel Mapping ]---
 *    0xc0000000-0xc0010000          64K     RW NX SHD MEM/CACHED/WBWA
 *    0xc0010000-0xc0018000          32K     ro x  SHD MEM/CACHED/WBWA
 *
 * The whole address space is walked with pt_walk(), one step for each stretch that one entry
 * decides about. Neighbours that differ only in their addresses make one line.
 */
#include <asm/lowmem.h>
#include <asm/ptdump.h>
#include <kernel/printk.h>
#include <lib/container_of.h>
#include <mm/mm_struct.h>

/* A border of the address map; @name is printed before the first mapping at or above it. */
struct addr_marker {
	unsigned long start;
	const char *name;
};

/* A line that is being put together; @size 0 if none. */
struct ptdump_run {
	unsigned long start;
	unsigned long size;
	enum pt_end end;
	pteval_t prot;
	unsigned int next_marker;
};

/* The address behind a stretch; 0 after the last of all. */
static inline unsigned long behind(const struct pt_walk *w)
{
	return w->start + w->size;
}

static void print_markers(struct ptdump_run *run)
{
	const struct addr_marker markers[] = {
		{ MODULES_VADDR, "Modules" },	   { PKMAP_BASE, "Kmap" },
		{ PAGE_OFFSET, "Kernel Mapping" }, { VMALLOC_START, "vmalloc() Area" },
		{ VMALLOC_END, "vmalloc() End" },  { FIXADDR_START, "Fixmap Area" },
		{ CONFIG_VECTORS_BASE, "Vectors" },
	};

	for (; run->next_marker < ARRAY_SIZE(markers); run->next_marker++) {
		if (markers[run->next_marker].start > run->start)
			break;
		pr_info("---[ %s ]---\n", markers[run->next_marker].name);
	}
}

/* Print the line, if there is one. */
static void print_run(struct ptdump_run *run)
{
	const char *unit = "KMG";
	unsigned long size = run->size >> 10;
	unsigned int rights = pt_rights(run->prot);

	if (run->size == 0)
		return;
	for (; size % 1024 == 0 && unit[1]; unit++)
		size /= 1024;
	print_markers(run);
	pr_info("0x%08lx-0x%08lx   %9lu%c %s %s %s %s %s\n", run->start, run->start + run->size,
		size, *unit, rights & (PT_USER_READ | PT_USER_WRITE) ? "USR" : "   ",
		rights & PT_KERNEL_WRITE ? "RW" : "ro", rights & PT_EXEC ? "x " : "NX",
		run->prot & PTE_EXT_SHARED ? "SHD" : "   ", pt_mem_type_name(run->prot));
	run->size = 0;
}

static void add_to_run(struct ptdump_run *run, const struct pt_walk *w)
{
	if (run->size == 0 || run->start + run->size != w->start || run->end != w->end ||
	    run->prot != w->prot) {
		print_run(run);
		run->start = w->start;
		run->end = w->end;
		run->prot = w->prot;
	}
	run->size += w->size;
}

void ptdump_walk(void)
{
	struct ptdump_run run = { .size = 0 };
	unsigned long addr = 0;
	struct pt_walk w;

	do {
		pt_walk(addr, &w);
		if (pt_is_mapped(&w))
			add_to_run(&run, &w);
		addr = behind(&w);
	} while (addr != 0);
	print_run(&run);
}

/* From @addr up to @end, of which 0 is the top of the space. */
static int count_wx(const struct mm_struct *mm, unsigned long addr, unsigned long end)
{
	int wx_pages = 0;
	struct pt_walk w;

	for (; addr - 1 < end - 1; addr = behind(&w)) {
		pt_walk_in(mm->pgd, addr, &w);
		if (!pt_is_mapped(&w) || (pt_rights(w.prot) & PT_KERNEL_WX) != PT_KERNEL_WX)
			continue;
		pr_warn("0x%08lx, %lu KiB: writable and executable\n", w.start, w.size >> 10);
		wx_pages += w.size >> PAGE_SHIFT;
	}
	return wx_pages;
}

int ptdump_check_wx(void)
{
	int wx_pages = count_wx(&init_mm, TASK_SIZE, 0);
	const struct mm_struct *mm;

	for_each_mm(mm)
		wx_pages += count_wx(mm, PAGE_SIZE, TASK_SIZE);
	return wx_pages;
}
