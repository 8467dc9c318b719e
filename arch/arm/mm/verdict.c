// SPDX-License-Identifier: MIT
/*
 * What was wrong with an access: a sentence that a reader can start from. It goes by the address
 * map (asm/memory.h), and by what is known to go wrong at some places in it.
 *
 *    mistakes that the address gives away     NULL, a deleted list entry, the guard page, ...
 *    what the CPU objected to, and the region  "write to read-only kernel text"
 */
#include <asm/fault.h>
#include <asm/fixmap.h>
#include <asm/lowmem.h>
#include <asm/page.h>
#include <asm/stack.h>
#include <kernel/kallsyms.h>
#include <kernel/sched.h>
#include <kernel/sections.h>
#include <lib/list.h>
#include <lib/vsprintf.h>
#include <mm/vmalloc.h>

static bool within(unsigned long addr, const void *start, const void *end)
{
	return addr >= (unsigned long)start && addr < (unsigned long)end;
}

/* Is this the push or pop of a stack pointer that points to no stack? */
static bool through_lost_sp(const struct fault *f)
{
	unsigned long low, high, sp = f->regs->ARM_sp;

	return f->addr - (sp - PT_REGS_SIZE) < 2 * PT_REGS_SIZE && !stack_bounds(sp, &low, &high);
}

/* Return: 1 or 2, which LIST_POISON @addr is, or a member at it; else 0. */
static unsigned int list_poison(unsigned long addr)
{
	if (within(addr, LIST_POISON1, LIST_POISON1 + 1))
		return 1;
	return within(addr, LIST_POISON2, LIST_POISON2 + 1) ? 2 : 0;
}

/* ---- Regions ---- */

static const char *image_region(unsigned long addr)
{
	if (within(addr, _stext, _etext))
		return "kernel text";
	if (within(addr, __start_rodata, __end_rodata))
		return "kernel constants (rodata)";
	return "kernel data";
}

static const char *region_below_lowmem(unsigned long addr)
{
	if (addr < TASK_SIZE)
		return "user space";
	if (addr < MODULES_VADDR)
		return "gap above user space";
	return addr < PKMAP_BASE ? "modules area" : "pkmap area";
}

static const char *region_above_lowmem(unsigned long addr)
{
	if (addr < VMALLOC_START)
		return "gap between lowmem and the vmalloc area";
	if (addr < VMALLOC_END)
		return "vmalloc area";
	if (addr >= THREAD_STACKS_START && addr < THREAD_STACKS_END)
		return "area of stacks";
	if (addr < FIXADDR_START)
		return "gap that is never mapped";
	if (addr < FIXADDR_END)
		return "fixmap area";
	return addr < CONFIG_VECTORS_BASE ? "gap that is never mapped" : "vectors page";
}

static const char *region_of(unsigned long addr)
{
	if (addr < PAGE_OFFSET)
		return region_below_lowmem(addr);
	if (within(addr, _text, _end))
		return image_region(addr);
	return is_lowmem_addr(addr) ? "lowmem" : region_above_lowmem(addr);
}

/* ---- Sentences ---- */

static void say_null(char *buf, size_t size, const struct fault *f)
{
	if (f->access == ACCESS_EXECUTE)
		scnprintf(buf, size, "call through a NULL pointer");
	else
		scnprintf(buf, size, "NULL pointer: a member at offset %lu, or an index from it",
			  f->addr);
}

static void say_freed_init(char *buf, size_t size, const struct fault *f)
{
	unsigned long fn_size, fn_offset;
	char namebuf[KSYM_NAME_LEN];
	const char *name = kallsyms_lookup(f->addr, &fn_size, &fn_offset, namebuf);

	scnprintf(buf, size, "access to freed init code: %s was __init", name ? name : "it");
}

/* Return: false if the address alone gives nothing away. */
static bool verdict_by_address(char *buf, size_t size, const struct fault *f)
{
	if (through_lost_sp(f))
		scnprintf(buf, size, "the stack pointer is lost: sp %08lx is in no stack",
			  f->regs->ARM_sp);
	else if (f->kind == FAULT_ALIGNMENT)
		scnprintf(buf, size, "the address is not aligned, as LDM, STM, LDRD and LDREX want it");
	else if (in_guard_page(f->addr))
		scnprintf(buf, size,
			  "stack overflow: sp %08lx ran into the guard page of its stack",
			  f->regs->ARM_sp);
	else if (list_poison(f->addr))
		scnprintf(buf, size,
			  "use of a deleted list entry (LIST_POISON%u), or of a NULL pointer",
			  list_poison(f->addr));
	else if (f->addr < PAGE_SIZE)
		say_null(buf, size, f);
	else if (f->access == ACCESS_EXECUTE && within(f->addr, __inittext_begin, __inittext_end))
		say_freed_init(buf, size, f);
	else
		return false;
	return true;
}

static void verdict_by_permission(char *buf, size_t size, const struct fault *f)
{
	static const char *const attempts[] = {
		[ACCESS_READ] = "read of unreadable",
		[ACCESS_WRITE] = "write to read-only",
		[ACCESS_EXECUTE] = "execute of never-execute",
	};

	scnprintf(buf, size, "%s %s", attempts[f->access], region_of(f->addr));
}

static void verdict_unmapped(char *buf, size_t size, const struct fault *f)
{
	if (f->addr < TASK_SIZE && !current->mm)
		scnprintf(buf, size, "user address from kernel mode, in a thread that uses no address space");
	else if (f->addr < TASK_SIZE)
		scnprintf(buf, size, "user address from kernel mode: nothing is mapped there in mm %p",
			  current->mm);
	else if (is_lowmem_addr(f->addr))
		scnprintf(buf, size, "a hole in lowmem: no bank of RAM is there");
	else if (f->addr >= PKMAP_BASE && f->addr < PAGE_OFFSET)
		scnprintf(buf, size, "nothing is mapped there: slot %lu of the pkmap area: its page was unmapped by "
			  "kunmap(), or none was mapped", (f->addr - PKMAP_BASE) >> PAGE_SHIFT);
	else if (!fixmap_verdict(buf, size, f->addr) && !vmalloc_verdict(buf, size, f->addr))
		scnprintf(buf, size, "nothing is mapped there: %s", region_of(f->addr));
}

void fault_verdict(char *buf, size_t size, const struct fault *f)
{
	if (verdict_by_address(buf, size, f))
		return;
	switch (f->kind) {
	case FAULT_TRANSLATION:
		verdict_unmapped(buf, size, f);
		break;
	case FAULT_PERMISSION:
		verdict_by_permission(buf, size, f);
		break;
	case FAULT_DOMAIN:
		scnprintf(buf, size, "the domain allows no access: %s", region_of(f->addr));
		break;
	case FAULT_ACCESS_FLAG:
		scnprintf(buf, size, "access flag clear, and the kernel does not use it");
		break;
	case FAULT_EXTERNAL:
		scnprintf(buf, size, "the memory system refused: neither memory nor device there");
		break;
	case FAULT_ALIGNMENT:
	case FAULT_OTHER:
		scnprintf(buf, size, "not about the address; the fault status says what it is");
		break;
	}
}
