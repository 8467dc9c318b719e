// SPDX-License-Identifier: MIT
/*
 * show_whatis(): which region of the address map an address is in, and whose it is there; where it
 * leads, by the page tables; and what is known of that.
 *
 *    0xfef09018: device window 0xfef00000-0xfeffffff, mapped for good       say_region()
 *      physical 0x10009018: uart0+0x18                                      say_translation()
 *      page ...                                                             mm/whatis.c: only of RAM
 */
#include <asm/fixmap.h>
#include <asm/highmem.h>
#include <asm/lowmem.h>
#include <asm/map.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <asm/thread_stack.h>
#include <asm/whatis.h>
#include <kernel/kallsyms.h>
#include <kernel/printk.h>
#include <kernel/resource.h>
#include <kernel/sched.h>
#include <kernel/sections.h>
#include <mm/highmem.h>
#include <mm/memmap.h>
#include <mm/vmalloc.h>
#include <mm/whatis.h>

static bool within(unsigned long addr, const void *start, const void *end)
{
	return addr >= (unsigned long)start && addr < (unsigned long)end;
}

/* Begin the answer. */
#define say(addr, fmt, ...)	printk(KERN_INFO "0x%08lx: " fmt "\n", addr, ##__VA_ARGS__)

/* --- Stacks --- */

/* The 16 KiB that have a stack, if @addr is in such. */
static const struct cpu_stack *stack_slot(unsigned long addr)
{
	const struct cpu_stack *slot = (const void *)ALIGN_DOWN(addr, STACK_SLOT_SIZE);

	return slot == &boot_stack || thread_stack_exists(slot) ? slot : NULL;
}

static void say_stack(unsigned long addr, const struct cpu_stack *slot)
{
	const struct task_struct *task = task_of_stack((unsigned long)(slot + 1));
	const char *comm = task ? task->comm : "nobody";
	int pid = task ? task->pid : 0;

	if (addr >= (unsigned long)slot->stack)
		say(addr, "stack of %s, pid %d, offset 0x%lx of 0x%x", comm, pid,
		    addr - (unsigned long)slot->stack, (unsigned int)THREAD_SIZE);
	else if (addr >= (unsigned long)slot->guard)
		say(addr, "guard page of the stack of %s, pid %d", comm, pid);
	else if (slot == &boot_stack || is_cpu_stack(slot))
		say(addr, "overflow stack of %s, pid %d", comm, pid);
	else
		say(addr, "page below the guard page of %s, pid %d, never mapped", comm, pid);
}

/* --- The image and lowmem --- */

static void say_text(unsigned long addr)
{
	bool init = within(addr, __inittext_begin, __inittext_end);
	unsigned long size, offset;
	char namebuf[KSYM_NAME_LEN];
	const char *name = kallsyms_lookup(addr, &size, &offset, namebuf);

	if (name)
		say(addr, "%s: %s+0x%lx/0x%lx", init ? "init text, given back, once" : "kernel text",
		    name, offset, size);
	else
		say(addr, "%s", init ? "init text, given back" : "kernel text");
}

static void say_image(unsigned long addr)
{
	if (within(addr, _stext, _etext))
		say_text(addr);
	else if (within(addr, __start_rodata, __end_rodata))
		say(addr, "kernel constants (rodata)");
	else if (within(addr, __initdata_begin, __initdata_end))
		say(addr, "init data, given back");
	else if (within(addr, __bss_start, __bss_stop))
		say(addr, "kernel data (bss)");
	else
		say(addr, "kernel data");
}

/* An entry of the level-1 table. */
static void say_pgd_entry(unsigned long addr)
{
	unsigned long base = (addr - (unsigned long)swapper_pg_dir) / sizeof(pmdval_t) << SECTION_SHIFT;

	say(addr, "swapper_pg_dir, the entry for 0x%08lx-0x%08lx", base, base + SECTION_SIZE - 1);
}

static void say_lowmem(unsigned long addr)
{
	const struct cpu_stack *slot = stack_slot(addr);

	if (slot)
		say_stack(addr, slot);
	else if (within(addr, swapper_pg_dir, swapper_pg_dir + PTRS_PER_PGD))
		say_pgd_entry(addr);
	else if (within(addr, _text, _end))
		say_image(addr);
	else
		say(addr, "lowmem");
}

/* --- Elsewhere --- */

static void say_vmalloc(unsigned long addr)
{
	const struct static_vm *svm = find_static_vm_vaddr((const void *)addr);
	char what[128];

	if (svm)
		say(addr, "device window 0x%08lx-0x%08lx, mapped for good", svm->addr,
		    svm->addr + svm->size - 1);
	else if (vmalloc_whatis(what, sizeof(what), addr))
		say(addr, "%s", what);
	else
		say(addr, "vmalloc area, nobody's");
}

static void say_fixmap(unsigned long addr)
{
	unsigned long slot = __virt_to_fix(addr);
	char name[32];

	if (slot >= __end_of_fixed_addresses) {
		say(addr, "fixmap area, no slot");
		return;
	}
	fixmap_slot_name(slot, name, sizeof(name));
	say(addr, "fixmap slot %lu, %s", slot, name);
}

static void say_pkmap(unsigned long addr)
{
	unsigned int slot = PKMAP_NR(addr);
	int users = nr_kmaps_of_slot(slot);

	if (users < 0)
		say(addr, "kmap slot %u, nobody's", slot);
	else
		say(addr, "kmap slot %u, %d users", slot, users);
}

static void say_above_vmalloc(unsigned long addr)
{
	const struct cpu_stack *slot = stack_slot(addr);

	if (slot)
		say_stack(addr, slot);
	else if (addr >= THREAD_STACKS_START && addr < THREAD_STACKS_END)
		say(addr, "area of stacks, nobody's");
	else if (addr >= FIXADDR_START && addr < FIXADDR_END)
		say_fixmap(addr);
	else if (addr >= CONFIG_VECTORS_BASE && addr - CONFIG_VECTORS_BASE < PAGE_SIZE)
		say(addr, "exception vectors, offset 0x%lx", addr - CONFIG_VECTORS_BASE);
	else
		say(addr, "gap that is never mapped");
}

static void say_below_lowmem(unsigned long addr)
{
	if (addr < PAGE_SIZE)
		say(addr, "NULL page, never mapped");
	else if (addr < TASK_SIZE)
		say(addr, "user space");
	else if (addr < MODULES_VADDR)
		say(addr, "gap above user space");
	else if (addr < PKMAP_BASE)
		say(addr, "modules area");
	else
		say_pkmap(addr);
}

static void say_region(unsigned long addr)
{
	if (addr < PAGE_OFFSET)
		say_below_lowmem(addr);
	else if (is_lowmem_addr(addr))
		say_lowmem(addr);
	else if (addr < VMALLOC_START)
		say(addr, "gap between lowmem and the vmalloc area");
	else if (addr < VMALLOC_END)
		say_vmalloc(addr);
	else
		say_above_vmalloc(addr);
}

static void say_physical(const char *how, phys_addr_t phys)
{
	const struct resource *res = resource_at(phys);

	if (res)
		printk(KERN_INFO "  %s 0x%08x: %s+0x%x\n", how, phys, res->name, phys - res->start);
	else
		printk(KERN_INFO "  %s 0x%08x: nobody's\n", how, phys);
}

/* What 2 MiB a page is the page table of, of the kernel's. */
static void say_page_table(unsigned long pfn)
{
	pmdval_t table = PFN_PHYS(pfn) + PTE_HWTABLE_OFF;

	for (unsigned int i = 0; i < PTRS_PER_PGD; i++) {
		unsigned long base = (unsigned long)i << PGDIR_SHIFT;
		pmd_t pmd = *pmd_off_k(base);

		if (pmd_table(pmd) && (pmd_val(pmd) & PMD_TABLE_MASK) == table)
			printk(KERN_INFO "  page table of 0x%08lx-0x%08lx\n", base,
			       base + PGDIR_SIZE - 1);
	}
}

void show_whatis(unsigned long addr)
{
	struct pt_walk w;
	phys_addr_t phys;

	say_region(addr);
	pt_walk(addr, &w);
	if (!pt_is_mapped(&w)) {
		printk(KERN_INFO "  not mapped\n");
		if (resource_at(addr))
			say_physical("as a physical address,", addr);
		return;
	}
	phys = w.phys + (addr - w.start);
	say_physical("physical", phys);
	if (!pfn_valid(PHYS_PFN(phys)))
		return;
	show_whatis_page(PHYS_PFN(phys), is_lowmem_phys(phys) ? __phys_to_virt(phys) : 0);
	say_page_table(PHYS_PFN(phys));
}
