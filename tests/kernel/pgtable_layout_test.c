// SPDX-License-Identifier: MIT
/*
 * What is mapped after boot, and with which permissions: asked of the page tables, of the MMU by
 * address translation operations, and, for one address of each kind, by trying. Suite pgtable.
 */
#include <asm/lowmem.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <asm/stack.h>
#include <asm/vexpress.h>
#include <kernel/printk.h>
#include <kernel/probe.h>
#include <kernel/sections.h>
#include <lib/errno.h>
#include <mm/memblock.h>
#include <test.h>

TEST_SUITE("pgtable");

#define PAIR_IN_USE	((unsigned long)CONFIG_VECTORS_BASE & PMD_MASK)

/* Rights of the page at @addr; 0 if it is not mapped. */
static unsigned int rights_at(unsigned long addr)
{
	struct pt_walk w;

	pt_walk(addr, &w);
	return pt_is_mapped(&w) ? pt_rights(w.prot) : 0;
}

/* Does every page from @start to @end have exactly @rights? */
static bool all_have(const void *start, const void *end, unsigned int rights)
{
	for (const char *page = start; page < (const char *)end; page += PAGE_SIZE)
		if (!EXPECT_EQ(rights_at((unsigned long)page), rights)) {
			test_note("at 0x%08lx", (unsigned long)page);
			return false;
		}
	return true;
}

static bool writes(void *addr)
{
	u32 word = 0;

	return probe_kernel_read(&word, addr, sizeof(word)) == 0 &&
	       probe_kernel_write(addr, &word, sizeof(word)) == 0;
}

TEST("kernel text can be read and executed, and a write to it faults")
{
	EXPECT(all_have(_stext, __inittext_begin, PT_KERNEL_READ | PT_EXEC));
	EXPECT(all_have(__inittext_end, _etext, PT_KERNEL_READ | PT_EXEC));
	EXPECT(!writes(_stext));
}

TEST("the memory of the init code, given back, is writable and no longer executable")
{
	ASSERT(all_have(__inittext_begin, __inittext_end, PT_KERNEL_READ | PT_KERNEL_WRITE));
	EXPECT_EQ(probe_kernel_exec(__inittext_begin), -EFAULT);
}

TEST("rodata can only be read: writing and executing it fault")
{
	EXPECT(all_have(__start_rodata, __end_rodata, PT_KERNEL_READ));
	EXPECT(!writes(__start_rodata));
	EXPECT_EQ(probe_kernel_exec(__start_rodata), -EFAULT);
}

TEST("data, bss and the first page table can be written, and never executed")
{
	EXPECT(all_have((void *)PAGE_OFFSET, _stext, PT_KERNEL_READ | PT_KERNEL_WRITE));
	EXPECT(all_have(boot_stack.stack, __bss_start, PT_KERNEL_READ | PT_KERNEL_WRITE));
	EXPECT(writes(&console_loglevel));
	EXPECT_EQ(probe_kernel_exec(&console_loglevel), -EFAULT);
}

TEST("the guard page of the boot stack is not mapped, and its neighbours are")
{
	EXPECT_EQ(rights_at((unsigned long)boot_stack.guard), 0);
	EXPECT(!writes(boot_stack.guard));
	EXPECT(writes(boot_stack.guard - 4));
	EXPECT(writes(boot_stack.stack));
}

TEST("the vectors can be read and executed, and no address of theirs can be written")
{
	struct pt_walk w;

	EXPECT_EQ(rights_at(CONFIG_VECTORS_BASE), PT_KERNEL_READ | PT_EXEC);
	EXPECT(!writes((void *)CONFIG_VECTORS_BASE));
	pt_walk(CONFIG_VECTORS_BASE, &w);
	EXPECT_EQ(rights_at(__phys_to_virt(w.phys)), PT_KERNEL_READ);
	EXPECT(!writes(phys_to_virt(w.phys)));
	EXPECT(top_pmd == pmd_off_k(CONFIG_VECTORS_BASE));
}

TEST("the zero page is zero, and stays so")
{
	for (unsigned int i = 0; i < PAGE_SIZE / sizeof(unsigned long); i++)
		if (!EXPECT_EQ(empty_zero_page[i], 0))
			break;
	EXPECT_EQ(rights_at((unsigned long)empty_zero_page), PT_KERNEL_READ);
}

/* Does a border of RAM lie amid a MiB of the 2 MiB from @pair to @end? */
static bool is_ragged(phys_addr_t pair, phys_addr_t end)
{
	phys_addr_t start, stop;
	u64 i;

	for_each_mem_range(i, &start, &stop) {
		stop = min(stop, arm_lowmem_limit);
		if (start >= pair && start < end && !IS_ALIGNED(start, SECTION_SIZE))
			return true;
		if (stop > pair && stop <= end && !IS_ALIGNED(stop, SECTION_SIZE))
			return true;
	}
	return false;
}

/* How the MiB at @phys of lowmem ought to be mapped. PT_SMALL: by pages, as far as it is RAM. */
static enum pt_end expected_end(phys_addr_t phys)
{
	phys_addr_t pair = ALIGN_DOWN(phys, PMD_SIZE);

	if (pair < ALIGN(__pa(_end), PMD_SIZE) || is_ragged(pair, pair + PMD_SIZE))
		return PT_SMALL;
	return memblock_is_memory(phys) ? PT_SECTION : PT_FAULT_L1;
}

TEST("lowmem is mapped by sections, but for the image and where RAM ends amid a MiB")
{
	unsigned long lowmem_end = (unsigned long)high_memory;
	struct pt_walk w;

	for (unsigned long addr = PAGE_OFFSET; addr < lowmem_end; addr += SECTION_SIZE) {
		enum pt_end end = expected_end(__virt_to_phys(addr));

		pt_walk(addr, &w);
		if (end == PT_SMALL)
			EXPECT(w.end == PT_SMALL || w.end == PT_FAULT_L2);
		else if (!EXPECT_EQ(w.end, end))
			test_note("at 0x%08lx", addr);
	}
}

TEST("all RAM in lowmem is mapped at its address and never executable, and nothing but RAM is")
{
	struct pt_walk w;

	for (unsigned long addr = PAGE_OFFSET; addr < (unsigned long)high_memory; addr += w.size) {
		phys_addr_t phys = __virt_to_phys(addr);
		bool guard = addr == (unsigned long)boot_stack.guard;

		pt_walk(addr, &w);
		if (!EXPECT_EQ(pt_is_mapped(&w), memblock_is_memory(phys) && !guard) ||
		    (pt_is_mapped(&w) && !EXPECT_EQ(w.phys, phys)))
			break;
		if (pt_is_mapped(&w) &&
		    (addr < (unsigned long)_stext || addr >= (unsigned long)_etext))
			EXPECT(!(pt_rights(w.prot) & PT_EXEC));
	}
}

TEST("nothing is mapped in user space, nor between lowmem and the vmalloc area")
{
	unsigned long addr;
	struct pt_walk w;

	for (addr = 0; addr < TASK_SIZE; addr += SECTION_SIZE)
		if (!EXPECT_EQ(*((u32 *)swapper_pg_dir + (addr >> SECTION_SHIFT)), 0))
			break;
	for (addr = (unsigned long)high_memory; addr < VMALLOC_START; addr += w.size) {
		pt_walk(addr, &w);
		if (!EXPECT(!pt_is_mapped(&w)))
			break;
	}
	EXPECT((unsigned long)high_memory < VMALLOC_START);
	EXPECT(!writes(high_memory));
	EXPECT(!writes(NULL));
}

TEST("the windows of the board are device memory that nobody executes")
{
	struct pt_walk w;

	pt_walk(IO_PERIPH_BASE + UART0_OFFSET, &w);
	EXPECT_EQ(w.end, PT_SECTION);
	EXPECT_EQ(w.phys, PERIPH_PHYS);
	EXPECT(strcmp(pt_mem_type_name(w.prot), "DEV/SHARED") == 0);
	EXPECT_EQ(pt_rights(w.prot), PT_KERNEL_READ | PT_KERNEL_WRITE);
	pt_walk(IO_MPCORE_BASE + GICD_OFFSET, &w);
	EXPECT_EQ(w.end, PT_SMALL);
	EXPECT_EQ(w.phys, MPCORE_PHYS + GICD_OFFSET);
	EXPECT(strcmp(pt_mem_type_name(w.prot), "DEV/SHARED") == 0);
	EXPECT_EQ(rights_at(IO_MPCORE_BASE + MPCORE_SIZE), 0);
}

/* Do the walker and the MMU say the same of @addr? */
static bool agree(unsigned long addr)
{
	u32 read = pt_translate(addr, false), write = pt_translate(addr, true);
	unsigned int rights = rights_at(addr);
	struct pt_walk w;

	pt_walk(addr, &w);
	if (!(rights & PT_KERNEL_READ) || !(rights & PT_KERNEL_WRITE))
		EXPECT_EQ(write & PAR_F, PAR_F);
	if (!(rights & PT_KERNEL_READ))
		return EXPECT_EQ(read & PAR_F, PAR_F);
	if (rights & PT_KERNEL_WRITE)
		EXPECT_EQ(write & PAGE_MASK, (w.phys + (addr - w.start)) & PAGE_MASK);
	return EXPECT_EQ(read & (PAGE_MASK | PAR_F), (w.phys + (addr - w.start)) & PAGE_MASK);
}

TEST("the walker and the MMU's own translation agree on many addresses")
{
	for (unsigned int i = 0; i < 2000; i++)
		if (!agree(test_random()))
			break;
	for (unsigned int i = 0; i < 1000; i++)
		if (!agree(PAGE_OFFSET + test_random_below(_end - (char *)PAGE_OFFSET + PMD_SIZE)))
			break;
	for (unsigned int i = 0; i < 1000; i++)
		if (!agree(VMALLOC_START + test_random_below(-VMALLOC_START)))
			break;
	for (unsigned long addr = PAIR_IN_USE; addr != 0; addr += PAGE_SIZE)
		if (!agree(addr))
			break;
}

TEST("no mapping is writable and executable, and all invariants of the page tables hold")
{
	EXPECT_EQ(ptdump_check_wx(), 0);
	EXPECT_EQ(pgtable_check(), 0);
}

TEST("vmalloc= gives the area at least its size, from 16 MiB to all but 32 MiB of lowmem")
{
	int loglevel = console_loglevel;

	console_loglevel = 0;	/* the refusals below speak up */
	EXPECT_EQ(lowmem_limit_for(240 << 20), PHYS_OFFSET + (760 << 20));
	EXPECT_EQ(lowmem_limit_for(512 << 20), PHYS_OFFSET + (488 << 20));
	EXPECT_EQ(lowmem_limit_for((512 << 20) - 1), PHYS_OFFSET + (488 << 20));
	EXPECT_EQ(lowmem_limit_for(0), PHYS_OFFSET + (984 << 20));
	EXPECT_EQ(lowmem_limit_for(SZ_16M), PHYS_OFFSET + (984 << 20));
	EXPECT_EQ(lowmem_limit_for(~0ull), PHYS_OFFSET + (32 << 20));
	console_loglevel = loglevel;
}
