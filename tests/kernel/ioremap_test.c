// SPDX-License-Identifier: MIT
/*
 * ioremap(): what is mapped is there, with the type and in the pieces that it should be, and nothing
 * else; what is refused is refused by name; and all of it goes again.
 */
#include <asm/io.h>
#include <asm/lowmem.h>
#include <asm/map.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <asm/vexpress.h>
#include <kernel/cpumask.h>
#include <kernel/probe.h>
#include <lib/atomic.h>
#include <lib/string.h>
#include <mm/gfp.h>
#include <mm/memblock.h>
#include <mm/mm_struct.h>
#include <mm/vmalloc.h>
#include <test.h>
#include "together.h"

TEST_SUITE("ioremap");

#define RTC_PHYS	UL(0x10017000)		/* in the window of the motherboard */
#define L2C_PHYS	UL(0x1e00a000)		/* in none */
#define L2C_ID		0x410000c8
#define FLASH_PHYS	UL(0x40000000)
#define FLASH_MAPPED	(2 * SZ_16M + SZ_2M)	/* two supersections and two sections */
#define SRAM_PHYS	UL(0x48000000)
#define VRAM_PHYS	UL(0x4c000000)

static struct pt_walk walk(const volatile void *addr)
{
	struct pt_walk w;

	pt_walk((unsigned long)addr, &w);
	return w;
}

static bool faults(const volatile void *addr)
{
	u32 value;

	return probe_kernel_read(&value, (const void *)addr, sizeof(value)) != 0;
}

TEST("a register that no window has is mapped by a page of its own, as device memory")
{
	u32 __iomem *regs = ioremap(L2C_PHYS, SZ_4K);
	struct pt_walk w = walk(regs);

	ASSERT(regs);
	EXPECT_EQ(readl(regs), L2C_ID);
	EXPECT(w.end == PT_SMALL && w.phys == L2C_PHYS);
	EXPECT(strcmp(pt_mem_type_name(w.prot), "DEV/SHARED") == 0);
	EXPECT_EQ(pt_rights(w.prot), PT_KERNEL_READ | PT_KERNEL_WRITE);
	EXPECT(faults((u8 *)regs + SZ_4K));
	iounmap(regs);
	vm_unmap_aliases();
	EXPECT(faults(regs));
}

TEST("an offset within the page is kept, and a range that touches two pages has both")
{
	u8 __iomem *regs = ioremap(L2C_PHYS + 0xffc, 8);

	ASSERT(regs);
	EXPECT_EQ((unsigned long)regs & ~PAGE_MASK, 0xffc);
	EXPECT_EQ(walk(regs).phys, L2C_PHYS);
	EXPECT_EQ(walk(regs + 4).phys, L2C_PHYS + PAGE_SIZE);
	EXPECT(faults(regs + 4 + PAGE_SIZE));
	iounmap(regs);
}

TEST("what a window of iotable_init() has is not mapped again, and stays when it is unmapped")
{
	u32 __iomem *rtc = ioremap(RTC_PHYS, SZ_4K), *gic = ioremap(MPCORE_PHYS + GICD_OFFSET + 8, 4);

	EXPECT_EQ(rtc, IO_PERIPH_BASE + RTC_PHYS - PERIPH_PHYS);
	EXPECT_EQ(gic, IO_MPCORE_BASE + GICD_OFFSET + 8);
	iounmap(rtc);
	iounmap(gic);
	EXPECT(!faults(rtc) && !faults(gic));
}

TEST("memory that is no RAM is mapped cached or write-combined, page by page")
{
	void __iomem *cached = ioremap_cache(SRAM_PHYS, SZ_4K), *wc = ioremap_wc(VRAM_PHYS, 2 * SZ_4K);

	if (EXPECT(cached && wc)) {
		EXPECT(strcmp(pt_mem_type_name(walk(cached).prot), "MEM/CACHED/WBRA") == 0);
		EXPECT(strcmp(pt_mem_type_name(walk(wc).prot), "MEM/BUFFERABLE/WC") == 0);
		memset(wc, 0x5a, 2 * SZ_4K);
		memcpy(cached, wc, SZ_4K);
		EXPECT(memcmp(cached, wc, SZ_4K) == 0);
	}
	iounmap(cached);
	iounmap(wc);
}

/* Does every MiB from @addr on map its part of @phys, by pieces of kind @end? */
static bool mapped_by(const u8 *addr, phys_addr_t phys, unsigned long size, enum pt_end end)
{
	for (unsigned long off = 0; off < size; off += SECTION_SIZE) {
		struct pt_walk w = walk(addr + off);

		if (w.end != end || w.phys + ((unsigned long)(addr + off) - w.start) != phys + off)
			return false;
	}
	return true;
}

TEST("2 MiB are mapped by sections, and what is left by pages")
{
	u8 __iomem *sram = ioremap(SRAM_PHYS + SZ_1M, 3 * SZ_1M + SZ_4K);

	ASSERT(sram);
	EXPECT(IS_ALIGNED((unsigned long)sram, 2 * SZ_2M));
	EXPECT(mapped_by(sram, SRAM_PHYS + SZ_1M, 2 * SZ_1M, PT_SECTION));
	EXPECT(mapped_by(sram + 2 * SZ_1M, SRAM_PHYS + 3 * SZ_1M, SZ_1M, PT_SMALL));
	EXPECT(walk(sram + 3 * SZ_1M).phys == SRAM_PHYS + 4 * SZ_1M);
	EXPECT(faults(sram + 3 * SZ_1M + SZ_4K));
	writel(0x12345678, sram + SZ_1M + 4);
	EXPECT_EQ(readl(sram + SZ_1M + 4), 0x12345678);
	EXPECT_EQ(pgtable_check(), 0);
	iounmap(sram);
	vm_unmap_aliases();
	EXPECT(faults(sram) && faults(sram + SZ_1M) && faults(sram + 3 * SZ_1M));
}

/* Are @size bytes mapped by pieces of kind @end? */
static void maps_by(phys_addr_t phys, unsigned long size, enum pt_end end)
{
	u8 __iomem *addr = ioremap(phys, size);

	if (!addr)
		return;		/* no room for so many MiB */
	EXPECT(mapped_by(addr, phys, size, end));
	iounmap(addr);
	vm_unmap_aliases();
	EXPECT(faults(addr) && faults(addr + size - 4));
}

TEST("what is not aligned as the addresses are is mapped by the next smaller pieces")
{
	maps_by(SRAM_PHYS + SZ_4K, SZ_2M, PT_SMALL);
	maps_by(FLASH_PHYS + SZ_1M, SZ_16M, PT_SECTION);
}

TEST("16 MiB are mapped by a supersection, which the CPU translates")
{
	u8 __iomem *flash = ioremap(FLASH_PHYS, FLASH_MAPPED);

	if (!flash)
		SKIP("no room for 34 MiB in the vmalloc area");
	EXPECT(IS_ALIGNED((unsigned long)flash, SZ_16M));
	EXPECT(mapped_by(flash, FLASH_PHYS, 2 * SZ_16M, PT_SUPERSECTION));
	EXPECT(mapped_by(flash + 2 * SZ_16M, FLASH_PHYS + 2 * SZ_16M, 2 * SZ_1M, PT_SECTION));
	for (unsigned long off = 0; off < 2 * SZ_16M; off += SZ_1M)
		EXPECT_EQ(pt_translate((unsigned long)(flash + off + SZ_4K), true) & PAR_F, 0);
	EXPECT_EQ(pgtable_check(), 0);
	iounmap(flash);
	vm_unmap_aliases();
	EXPECT(faults(flash) && faults(flash + 2 * SZ_16M - 4) && faults(flash + 2 * SZ_16M));
	EXPECT_EQ(pgtable_check(), 0);
}

TEST("the addresses of sections are good for pages afterwards, and for sections again")
{
	for (unsigned int round = 0; round < 3; round++) {
		u8 __iomem *sram = ioremap(SRAM_PHYS, 2 * SZ_1M);
		void *memory;

		ASSERT(sram);
		EXPECT(mapped_by(sram, SRAM_PHYS, 2 * SZ_1M, PT_SECTION));
		iounmap(sram);
		vm_unmap_aliases();
		memory = __vmalloc_node_range(SZ_4K, SZ_4K, (unsigned long)sram,
					      (unsigned long)sram + 2 * SZ_4K, GFP_KERNEL,
					      PAGE_KERNEL, 0, NUMA_NO_NODE, NULL);
		EXPECT_EQ(memory, sram);
		vfree(memory);
		vm_unmap_aliases();
	}
}

TEST("sections go with their area, whoever takes it away")
{
	u8 __iomem *flash = ioremap(FLASH_PHYS, FLASH_MAPPED);
	struct vm_struct *area = find_vm_area(flash);

	ASSERT(flash && area);
	free_vm_area(area);
	vm_unmap_aliases();
	EXPECT(faults(flash) && faults(flash + FLASH_MAPPED - 4));
	EXPECT(pmd_none(*pmd_off_k((unsigned long)flash)));
	EXPECT_EQ(pgtable_check(), 0);
}

/* How many CPUs cannot read @addr; all try. */
struct reading {
	const volatile void *addr;
	atomic_t nr_faults;
};

static void try_to_read(void *info)
{
	struct reading *reading = info;

	if (faults(reading->addr))
		atomic_inc(&reading->nr_faults);
}

static int nr_cpus_that_fault(const volatile void *addr)
{
	struct reading reading = { addr, ATOMIC_INIT(0) };

	run_together(try_to_read, &reading);
	return atomic_read(&reading.nr_faults);
}

TEST("every CPU sees what is mapped by sections, and none what is unmapped")
{
	u8 __iomem *sram = ioremap(SRAM_PHYS, SZ_2M + SZ_4K);

	ASSERT(sram);
	EXPECT_EQ(nr_cpus_that_fault(sram + SZ_1M), 0);
	EXPECT_EQ(nr_cpus_that_fault(sram + SZ_2M), 0);
	iounmap(sram);
	vm_unmap_aliases();
	EXPECT_EQ(nr_cpus_that_fault(sram + SZ_1M), num_online_cpus());
	EXPECT_EQ(nr_cpus_that_fault(sram + SZ_2M), num_online_cpus());
}

/* The level-1 entry of @mm for an address. */
static u32 entry_of(const struct mm_struct *mm, const volatile void *addr)
{
	return ((const u32 *)mm->pgd)[(unsigned long)addr >> SECTION_SHIFT];
}

TEST("other page directories learn of sections when they are touched, and lose them with the kernel's")
{
	struct mm_struct *mm = mm_alloc();
	u8 __iomem *flash = ioremap(FLASH_PHYS, SZ_16M + SZ_2M);

	if (!mm || !flash) {
		iounmap(flash);
		if (mm)
			mmput(mm);
		SKIP("no room for 18 MiB in the vmalloc area");
	}
	EXPECT(!entry_of(mm, flash) && !entry_of(mm, flash + SZ_16M));
	use_mm(mm);
	EXPECT(!faults(flash + 5 * SZ_1M) && !faults(flash + SZ_16M + SZ_1M));
	for (unsigned long off = 0; off < SZ_16M; off += SZ_1M)
		EXPECT_EQ(entry_of(mm, flash + off), entry_of(&init_mm, flash));
	EXPECT_EQ(entry_of(mm, flash + SZ_16M), entry_of(&init_mm, flash + SZ_16M));
	EXPECT_EQ(mm_check(), 0);
	iounmap(flash);
	vm_unmap_aliases();
	EXPECT(faults(flash + 5 * SZ_1M) && faults(flash + SZ_16M + SZ_1M));
	unuse_mm(mm);
	for (unsigned long off = 0; off < SZ_16M + SZ_2M; off += SZ_1M)
		EXPECT_EQ(entry_of(mm, flash + off), 0);
	EXPECT_EQ(mm_check(), 0);
	mmput(mm);
}

/* A driver that does not know what it does. */
static noinline void __iomem *careless_probe(phys_addr_t phys, size_t size)
{
	void __iomem *addr = ioremap(phys, size);

	barrier();
	return addr;
}

static noinline void __iomem *careless_probe_wc(phys_addr_t phys, size_t size)
{
	void __iomem *addr = ioremap_wc(phys, size);

	barrier();
	return addr;
}

static noinline void careless_remove(void __iomem *addr)
{
	iounmap(addr);
	barrier();
}

/* Refused, with nothing left of it. */
static bool is_refused(phys_addr_t phys, size_t size)
{
	struct vmalloc_usage before, after;
	void __iomem *addr;

	vmalloc_usage(&before);
	addr = careless_probe(phys, size);
	vmalloc_usage(&after);
	return !addr && before.largest_chunk == after.largest_chunk;
}

TEST("refused: RAM, no byte, and what goes beyond the end of physical memory")
{
	EXPECT(is_refused(PHYS_OFFSET, SZ_4K));
	EXPECT(is_refused(__pa(is_refused), 4));
	EXPECT(is_refused(PHYS_OFFSET - SZ_4K, 2 * SZ_4K));
	EXPECT(is_refused(memblock_end_of_DRAM() - SZ_4K, SZ_4K));
	EXPECT(is_refused(memblock_end_of_DRAM() - SZ_4K, 2 * SZ_4K));
	EXPECT(is_refused(SRAM_PHYS, 0));
	EXPECT(is_refused(UL(0xfffff000), 2 * SZ_4K));
	EXPECT(is_refused(4, ~0u));
	EXPECT(is_refused(0, 0));
	EXPECT(is_refused(0, 0xf0000000u));
}

TEST("refused: normal memory that is not made of pages, and a second memory type")
{
	EXPECT(!ioremap_cache(SRAM_PHYS + 4, SZ_4K));
	EXPECT(!careless_probe_wc(SRAM_PHYS, 100));
	EXPECT(!ioremap_cache(MPCORE_PHYS, SZ_4K));
	EXPECT(!careless_probe_wc(PERIPH_PHYS - SZ_4K, 2 * SZ_4K));
}

TEST("refused: what another area maps as another memory type, for as long as it does")
{
	void __iomem *device = ioremap(SRAM_PHYS + 0x10, 4), *cached;

	ASSERT(device);
	EXPECT(!careless_probe_wc(SRAM_PHYS, SZ_4K));
	iounmap(device);
	cached = ioremap_cache(SRAM_PHYS, 2 * SZ_4K);
	ASSERT(cached);
	EXPECT(!careless_probe(SRAM_PHYS + SZ_4K + 8, 4));
	EXPECT(!careless_probe_wc(SRAM_PHYS + SZ_4K, SZ_4K));
	device = ioremap(SRAM_PHYS + 2 * SZ_4K, SZ_4K);
	EXPECT(device);
	EXPECT_EQ(pgtable_check(), 0);
	iounmap(cached);
	iounmap(device);
	device = ioremap(SRAM_PHYS + SZ_4K + 8, 4);
	EXPECT(device);
	iounmap(device);
}

TEST("misuse: iounmap of what ioremap() did not return is reported, and leaves it alone")
{
	u32 *memory = vmalloc(SZ_4K);
	u8 __iomem *regs = careless_probe(L2C_PHYS, 2 * SZ_4K);
	unsigned int errors = nr_vmalloc_errors;

	if (!EXPECT(memory && regs)) {
		vfree(memory);
		iounmap(regs);
		return;
	}
	*memory = 42;
	careless_remove(memory);
	EXPECT_EQ(nr_vmalloc_errors, errors + 1);
	careless_remove(regs + SZ_4K);
	EXPECT_EQ(nr_vmalloc_errors, errors + 2);
	careless_remove((void *)PAGE_OFFSET);
	EXPECT_EQ(nr_vmalloc_errors, errors + 3);
	vfree(regs);
	EXPECT_EQ(nr_vmalloc_errors, errors + 4);
	EXPECT(*memory == 42 && readl(regs) == L2C_ID);
	careless_remove(regs);
	careless_remove(regs);
	EXPECT_EQ(nr_vmalloc_errors, errors + 5);
	vfree(memory);
	nr_vmalloc_errors = errors;
}
