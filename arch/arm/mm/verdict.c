// SPDX-License-Identifier: MIT
/*
 * What was wrong with an access: a sentence that a reader can start from. It goes by the address map
 * (asm/memory.h), and by what is known to go wrong at some places in it.
 *
 *    first the mistakes that an address gives away      NULL, a deleted list entry, the guard page, freed init code
 *    then what the CPU objected to, and the region      "write to read-only kernel text"
 */
#include <asm/fault.h>
#include <asm/lowmem.h>
#include <asm/page.h>
#include <asm/stack.h>
#include <kernel/kallsyms.h>
#include <kernel/sections.h>
#include <lib/list.h>
#include <lib/vsprintf.h>

static bool within(unsigned long addr, const void *start, const void *end)
{
	return addr >= (unsigned long)start && addr < (unsigned long)end;
}

static bool in_init_code(unsigned long addr)
{
	return within(addr, __inittext_begin, __inittext_end);
}

static bool in_guard_page(unsigned long addr)
{
	return within(addr, boot_stack.guard, boot_stack.guard + sizeof(boot_stack.guard));
}

/* Is this the push or pop of a stack pointer that points to no stack? */
static bool through_lost_sp(unsigned long addr, const struct pt_regs *regs)
{
	unsigned long low, high;

	return addr - (regs->ARM_sp - PT_REGS_SIZE) < 2 * PT_REGS_SIZE &&
	       !stack_bounds(regs->ARM_sp, &low, &high);
}

static bool is_list_poison(unsigned long addr)
{
	return within(addr, LIST_POISON1, LIST_POISON1 + 1) || within(addr, LIST_POISON2, LIST_POISON2 + 1);
}

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
	if (addr < FIXADDR_START || within(addr, (void *)FIXADDR_END, (void *)CONFIG_VECTORS_BASE))
		return "gap that is never mapped";
	return addr < FIXADDR_END ? "fixmap area" : "vectors page";
}

static const char *region_of(unsigned long addr)
{
	if (addr < PAGE_OFFSET)
		return region_below_lowmem(addr);
	if (within(addr, _text, _end))
		return image_region(addr);
	if (within(addr, (void *)PAGE_OFFSET, high_memory))
		return "lowmem";
	return region_above_lowmem(addr);
}

/* Return: false if the address alone gives nothing away. */
static bool verdict_by_address(char *buf, size_t size, unsigned long addr, enum fault_access access,
			       const struct pt_regs *regs)
{
	unsigned long fn_size, fn_offset;
	const char *name;

	if (in_guard_page(addr)) {
		scnprintf(buf, size, "stack overflow: sp %08lx ran into the guard page of the init stack",
			  regs->ARM_sp);
	} else if (is_list_poison(addr)) {
		scnprintf(buf, size, "use of a deleted list entry (LIST_POISON%u), or of a NULL pointer's member at offset %lu",
			  within(addr, LIST_POISON1, LIST_POISON1 + 1) ? 1 : 2, addr);
	} else if (addr < PAGE_SIZE && access == ACCESS_EXECUTE) {
		scnprintf(buf, size, "call through a NULL pointer");
	} else if (addr < PAGE_SIZE) {
		scnprintf(buf, size, "NULL pointer: a member at offset %lu, or an index from it", addr);
	} else if (in_init_code(addr) && access == ACCESS_EXECUTE) {
		name = kallsyms_lookup(addr, &fn_size, &fn_offset);
		scnprintf(buf, size, "access to freed init code: %s was __init", name ? name : "it");
	} else {
		return false;
	}
	return true;
}

static void verdict_by_permission(char *buf, size_t size, unsigned long addr, enum fault_access access)
{
	const char *region = region_of(addr);

	switch (access) {
	case ACCESS_READ:
		scnprintf(buf, size, "read of unreadable %s", region);
		break;
	case ACCESS_WRITE:
		scnprintf(buf, size, "write to read-only %s", region);
		break;
	case ACCESS_EXECUTE:
		scnprintf(buf, size, "execute of never-execute %s", region);
		break;
	}
}

static void verdict_unmapped(char *buf, size_t size, unsigned long addr)
{
	if (addr < TASK_SIZE)
		scnprintf(buf, size, "user address from kernel mode, and no user memory exists");
	else if (within(addr, (void *)PAGE_OFFSET, high_memory))
		scnprintf(buf, size, "a hole in lowmem: no bank of RAM is there");
	else
		scnprintf(buf, size, "nothing is mapped there: %s", region_of(addr));
}

void fault_verdict(char *buf, size_t size, unsigned long addr, enum fault_access access,
		   enum fault_kind kind, const struct pt_regs *regs)
{
	if (through_lost_sp(addr, regs)) {
		scnprintf(buf, size, "the stack pointer is lost: sp %08lx is in no stack", regs->ARM_sp);
		return;
	}
	if (kind == FAULT_ALIGNMENT) {
		scnprintf(buf, size, "the address is not aligned, and this instruction wants it so (LDM, STM, LDRD, LDREX)");
		return;
	}
	if (verdict_by_address(buf, size, addr, access, regs))
		return;
	switch (kind) {
	case FAULT_TRANSLATION:
		verdict_unmapped(buf, size, addr);
		break;
	case FAULT_PERMISSION:
		verdict_by_permission(buf, size, addr, access);
		break;
	case FAULT_DOMAIN:
		scnprintf(buf, size, "the domain allows no access: %s", region_of(addr));
		break;
	case FAULT_ACCESS_FLAG:
		scnprintf(buf, size, "access flag clear, though the kernel does not use it (SCTLR.AFE)");
		break;
	case FAULT_EXTERNAL:
		scnprintf(buf, size, "the memory system refused it, at a physical address without memory or device");
		break;
	case FAULT_ALIGNMENT:
	case FAULT_OTHER:
		scnprintf(buf, size, "not a fault of the address; the fault status says what it is");
		break;
	}
}
