// SPDX-License-Identifier: MIT
/*
 * Making and changing mappings: create_mapping(), set_memory_*(), and the checkers that must notice
 * what goes wrong. Suite pgtable.
 *
 * Works at SCRATCH, in the 2 MiB of the vectors, which have a page table, and at EMPTY_PAIR, 2 MiB
 * below the board's windows in which nothing is mapped.
 */
#include <asm/cacheflush.h>
#include <asm/cp15.h>
#include <asm/lowmem.h>
#include <asm/map.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <asm/set_memory.h>
#include <asm/tlbflush.h>
#include <asm/vexpress.h>
#include <kernel/printk.h>
#include <kernel/probe.h>
#include <kernel/sections.h>
#include <lib/errno.h>
#include <test.h>

TEST_SUITE("pgtable");

#define SCRATCH		(FIXADDR_END + 4 * PAGE_SIZE)
#define EMPTY_PAIR	(IO_MPCORE_BASE - PMD_SIZE)

/* Pages of the image, hence mapped by pages. */
static u8 pages[3][PAGE_SIZE] __aligned(PAGE_SIZE);

static pte_t *scratch_pte(void)
{
	return pte_offset_kernel(pmd_off_k(SCRATCH), SCRATCH);
}

static void unmap_scratch(unsigned long start, unsigned long end)
{
	for (unsigned long addr = start; addr < end; addr += PAGE_SIZE)
		pte_clear(NULL, addr, pte_offset_kernel(pmd_off_k(addr), addr));
	flush_tlb_kernel_range(start, end);
}

/* create_mapping() with its message kept off the console. */
static int try_mapping(unsigned long virtual, phys_addr_t phys, unsigned long length,
		       unsigned int type)
{
	struct map_desc md = { virtual, PHYS_PFN(phys), length, type };
	int loglevel = console_loglevel, error;

	console_loglevel = 0;
	error = create_mapping(&md);
	console_loglevel = loglevel;
	return error;
}

/* All level-1 entries, and those of the tables behind them, in one number. */
static u32 table_sum(void)
{
	u32 sum = 0;

	for (unsigned int i = 0; i < PTRS_PER_PGD; i++) {
		const pmd_t *pmd = (const pmd_t *)&swapper_pg_dir[i];
		const pte_t *entry = pmd_table(*pmd) ? pmd_page_vaddr(*pmd) : NULL;

		sum = sum * 31 + pmd_val(pmd[0]);
		sum = sum * 31 + pmd_val(pmd[1]);
		for (unsigned int j = 0; entry && j < PAGE_SIZE / sizeof(*entry); j++)
			sum = sum * 31 + pte_val(entry[j]);
	}
	return sum;
}

TEST("create_mapping refuses what can never be right, and changes nothing")
{
	u32 before = table_sum();

	EXPECT_EQ(try_mapping(SCRATCH, PERIPH_PHYS, PAGE_SIZE, NR_MEM_TYPES), -EINVAL);
	EXPECT_EQ(try_mapping(SCRATCH + 4, PERIPH_PHYS, PAGE_SIZE, MT_DEVICE), -EINVAL);
	EXPECT_EQ(try_mapping(SCRATCH, PERIPH_PHYS, 100, MT_DEVICE), -EINVAL);
	EXPECT_EQ(try_mapping(SCRATCH, PERIPH_PHYS, 0, MT_DEVICE), -EINVAL);
	EXPECT_EQ(try_mapping(0xffffe000, PERIPH_PHYS, 3 * PAGE_SIZE, MT_DEVICE), -EINVAL);
	EXPECT_EQ(try_mapping(SCRATCH, 0xffffe000, 3 * PAGE_SIZE, MT_DEVICE), -EINVAL);
	EXPECT_EQ(table_sum(), before);
}

TEST("create_mapping maps nothing into user space")
{
	u32 before = table_sum();

	EXPECT_EQ(try_mapping(0, PERIPH_PHYS, SECTION_SIZE, MT_DEVICE), -EINVAL);
	EXPECT_EQ(try_mapping(TASK_SIZE - PAGE_SIZE, PERIPH_PHYS, PAGE_SIZE, MT_DEVICE), -EINVAL);
	EXPECT_EQ(try_mapping(TASK_SIZE - SECTION_SIZE, PERIPH_PHYS, PMD_SIZE, MT_DEVICE), -EINVAL);
	EXPECT_EQ(table_sum(), before);
}

TEST("create_mapping does not map RAM in another memory type than lowmem's")
{
	phys_addr_t ram = __pa(pages);
	u32 before = table_sum();

	EXPECT_EQ(try_mapping(SCRATCH, ram, PAGE_SIZE, MT_DEVICE), -EINVAL);
	EXPECT_EQ(try_mapping(SCRATCH, ram, PAGE_SIZE, MT_UNCACHED), -EINVAL);
	EXPECT_EQ(try_mapping(SCRATCH, ram, PAGE_SIZE, MT_MEMORY_RW_UNCACHED), -EINVAL);
	EXPECT_EQ(try_mapping(SCRATCH, PHYS_OFFSET - PAGE_SIZE, 2 * PAGE_SIZE, MT_DEVICE), -EINVAL);
	EXPECT_EQ(table_sum(), before);
}

TEST("create_mapping does not map over anything else")
{
	u32 before = table_sum();

	EXPECT_EQ(try_mapping(PAGE_OFFSET, PERIPH_PHYS, PAGE_SIZE, MT_DEVICE), -EEXIST);
	EXPECT_EQ(try_mapping(IO_PERIPH_BASE, MPCORE_PHYS, SECTION_SIZE, MT_DEVICE), -EEXIST);
	EXPECT_EQ(try_mapping(IO_PERIPH_BASE, PERIPH_PHYS, SECTION_SIZE, MT_UNCACHED), -EEXIST);
	EXPECT_EQ(try_mapping(IO_MPCORE_BASE + PAGE_SIZE, PERIPH_PHYS, PMD_SIZE, MT_DEVICE),
		  -EEXIST);
	EXPECT_EQ(try_mapping(CONFIG_VECTORS_BASE, PERIPH_PHYS, PAGE_SIZE, MT_DEVICE), -EEXIST);
	EXPECT_EQ(table_sum(), before);
}

TEST("create_mapping does not put pages beside a section")
{
	u32 before = table_sum();

	EXPECT_EQ(try_mapping(IO_PERIPH_BASE - PAGE_SIZE, PERIPH_PHYS, PAGE_SIZE, MT_DEVICE),
		  -EEXIST);
	EXPECT_EQ(table_sum(), before);
}

TEST("create_mapping takes a mapping that exists for done")
{
	u32 before = table_sum();

	EXPECT_EQ(try_mapping(IO_PERIPH_BASE, PERIPH_PHYS, PERIPH_SIZE, MT_DEVICE), 0);
	EXPECT_EQ(try_mapping(IO_MPCORE_BASE, MPCORE_PHYS, MPCORE_SIZE, MT_DEVICE), 0);
	EXPECT_EQ(table_sum(), before);
}

TEST("create_mapping maps by pages where there is a page table, at once usable")
{
	u32 before = table_sum();
	u32 id;

	ASSERT(pte_none(*scratch_pte()));
	ASSERT_EQ(try_mapping(SCRATCH, PERIPH_PHYS, 3 * PAGE_SIZE, MT_DEVICE), 0);
	EXPECT_EQ(probe_kernel_read(&id, (void *)SCRATCH, sizeof(id)), 0);
	EXPECT_EQ(id, *(volatile u32 *)IO_PERIPH_BASE);
	EXPECT_EQ(pt_translate(SCRATCH + 2 * PAGE_SIZE, true) & (PAGE_MASK | PAR_F),
		  PERIPH_PHYS + 2 * PAGE_SIZE);
	EXPECT_EQ(pt_translate(SCRATCH + 3 * PAGE_SIZE, false) & PAR_F, PAR_F);
	EXPECT_EQ(pgtable_check(), 0);
	unmap_scratch(SCRATCH, SCRATCH + 3 * PAGE_SIZE);
	EXPECT_EQ(table_sum(), before);
}

TEST("create_mapping maps a whole MiB by a section, or by 256 pages in 2 MiB that have a table")
{
	unsigned long beside = IO_MPCORE_BASE + SECTION_SIZE;
	u32 before = table_sum();
	struct pt_walk w;

	ASSERT(pmd_none(*pmd_off_k(EMPTY_PAIR)));
	ASSERT_EQ(try_mapping(EMPTY_PAIR + SECTION_SIZE, PERIPH_PHYS, SECTION_SIZE, MT_DEVICE), 0);
	pt_walk(EMPTY_PAIR + SECTION_SIZE, &w);
	EXPECT(w.end == PT_SECTION && w.phys == PERIPH_PHYS);
	EXPECT_EQ(pgtable_check(), 0);
	pmd_clear(pmd_off_k(EMPTY_PAIR));
	flush_tlb_all();

	ASSERT_EQ(try_mapping(beside, PERIPH_PHYS, SECTION_SIZE, MT_DEVICE), 0);
	pt_walk(beside + SECTION_SIZE - PAGE_SIZE, &w);
	EXPECT(w.end == PT_SMALL && w.phys == PERIPH_PHYS + SECTION_SIZE - PAGE_SIZE);
	EXPECT_EQ(pgtable_check(), 0);
	unmap_scratch(beside, beside + SECTION_SIZE);
	EXPECT_EQ(table_sum(), before);
}

TEST("create_mapping asks for no page table once memblock has handed over")
{
	u32 before = table_sum();

	ASSERT(pmd_none(*pmd_off_k(EMPTY_PAIR)));
	EXPECT_EQ(try_mapping(EMPTY_PAIR, PERIPH_PHYS, PAGE_SIZE, MT_DEVICE), -ENOMEM);
	EXPECT_EQ(table_sum(), before);
}

TEST("the windows of the board are found by virtual and by physical address")
{
	struct static_vm *svm = find_static_vm_vaddr((void *)(IO_PERIPH_BASE + UART0_OFFSET));

	ASSERT(svm != NULL);
	EXPECT(svm->addr == IO_PERIPH_BASE && svm->size == PERIPH_SIZE);
	EXPECT_EQ(svm->phys_addr, PERIPH_PHYS);
	EXPECT(find_static_vm_paddr(PERIPH_PHYS + UART0_OFFSET, PAGE_SIZE, MT_DEVICE) == svm);
	EXPECT(find_static_vm_paddr(PERIPH_PHYS, PERIPH_SIZE + 1, MT_DEVICE) == NULL);
	EXPECT(find_static_vm_paddr(PERIPH_PHYS, PAGE_SIZE, MT_UNCACHED) == NULL);
	EXPECT(find_static_vm_vaddr((void *)(IO_MPCORE_BASE + MPCORE_SIZE)) == NULL);
	EXPECT(find_static_vm_vaddr((void *)(IO_PERIPH_BASE - 1)) == NULL);
	list_for_each_entry(svm, &static_vmlist, list)
		if (svm->list.next != &static_vmlist)
			EXPECT(svm->addr + svm->size <= list_next_entry(svm, list)->addr);
}

TEST("set_memory_ro stops writes at once, and set_memory_rw allows them again")
{
	u8 *page = pages[1];
	u8 byte = 1;

	EXPECT_EQ(probe_kernel_write(page, &byte, 1), 0);
	EXPECT_EQ(set_memory_ro((unsigned long)page, 1), 0);
	EXPECT_EQ(probe_kernel_write(page, &byte, 1), -EFAULT);
	EXPECT_EQ(probe_kernel_write(page - 1, &byte, 1), 0);
	EXPECT_EQ(probe_kernel_write(page + PAGE_SIZE, &byte, 1), 0);
	EXPECT_EQ(set_memory_rw((unsigned long)page, 1), 0);
	EXPECT_EQ(probe_kernel_write(page, &byte, 1), 0);
}

TEST("code that was written, made read-only and executable runs; and no more when that is undone")
{
	static const u32 return_insn = 0xe12fff1e;	/* bx lr */
	unsigned long page = (unsigned long)pages[2];

	memcpy(pages[2], &return_insn, sizeof(return_insn));
	flush_icache_range(page, page + sizeof(return_insn));
	EXPECT_EQ(probe_kernel_exec(pages[2]), -EFAULT);
	EXPECT_EQ(set_memory_ro(page, 1), 0);
	EXPECT_EQ(set_memory_x(page, 1), 0);
	EXPECT_EQ(probe_kernel_exec(pages[2]), 0);
	EXPECT_EQ(set_memory_nx(page, 1), 0);
	EXPECT_EQ(probe_kernel_exec(pages[2]), -EFAULT);
	EXPECT_EQ(set_memory_rw(page, 1), 0);
}

TEST("set_memory_* refuses to make a page writable and executable, and changes no page then")
{
	int loglevel = console_loglevel;
	u32 before = table_sum();

	console_loglevel = 0;
	EXPECT_EQ(set_memory_x((unsigned long)pages, 3), -EPERM);
	EXPECT_EQ(set_memory_rw((unsigned long)_stext, 1), -EPERM);
	EXPECT_EQ(set_memory_rw((unsigned long)_stext - PAGE_SIZE, 2), -EPERM);
	console_loglevel = loglevel;
	EXPECT_EQ(table_sum(), before);
}

TEST("set_memory_* refuses holes, and ranges that are none")
{
	int loglevel = console_loglevel;
	u32 before = table_sum();

	console_loglevel = 0;
	EXPECT_EQ(set_memory_ro(SCRATCH, 1), -EINVAL);
	EXPECT_EQ(set_memory_ro((unsigned long)pages + 4, 1), -EINVAL);
	EXPECT_EQ(set_memory_ro((unsigned long)pages, -1), -EINVAL);
	EXPECT_EQ(set_memory_ro(0, 1), -EINVAL);
	EXPECT_EQ(set_memory_ro(CONFIG_VECTORS_BASE, 17), -EINVAL);
	EXPECT_EQ(set_memory_ro((unsigned long)pages, 0), 0);
	console_loglevel = loglevel;
	EXPECT_EQ(table_sum(), before);
}

/* pgtable_check() with its messages kept off the console. */
static int count_violations(void)
{
	int loglevel = console_loglevel, bad;

	console_loglevel = 0;
	bad = pgtable_check();
	console_loglevel = loglevel;
	return bad;
}

static int count_wx(void)
{
	int loglevel = console_loglevel, pages_wx;

	console_loglevel = 0;
	pages_wx = ptdump_check_wx();
	console_loglevel = loglevel;
	return pages_wx;
}

TEST("pgtable_check notices a hardware entry that differs from its Linux entry")
{
	pteval_t *hw = (pteval_t *)(scratch_pte() + PTE_HWTABLE_PTRS);

	*hw = PTE_EXT_APX;	/* maps nothing, so only the comparison can notice it */
	EXPECT_EQ(count_violations(), 1);
	*hw = 0;
	EXPECT_EQ(count_violations(), 0);
}

TEST("ptdump_check_wx and pgtable_check notice a page that is writable and executable")
{
	pteval_t *hw = (pteval_t *)(scratch_pte() + PTE_HWTABLE_PTRS);

	*hw = PERIPH_PHYS | (pte_to_hw(__pte(get_mem_type(MT_DEVICE)->prot_pte), 0) & ~PTE_EXT_XN);
	EXPECT_EQ(count_wx(), 1);
	EXPECT_EQ(count_violations(), 2);	/* I2 and I4 */
	*hw = 0;
	flush_tlb_kernel_page(SCRATCH);
	EXPECT_EQ(count_wx(), 0);
}

TEST("pgtable_check notices memory that is mapped a second time with another type")
{
	pteval_t uncached = get_mem_type(MT_MEMORY_RW_UNCACHED)->prot_pte;
	pteval_t strongly_ordered = get_mem_type(MT_UNCACHED)->prot_pte;

	set_pte_ext(scratch_pte(), pfn_pte(PHYS_PFN(__pa(pages)), __pgprot(uncached)), 0);
	EXPECT_EQ(count_violations(), 1);
	set_pte_ext(scratch_pte(), pfn_pte(PHYS_PFN(MPCORE_PHYS), __pgprot(strongly_ordered)), 0);
	EXPECT_EQ(count_violations(), 1);
	unmap_scratch(SCRATCH, SCRATCH + PAGE_SIZE);
	EXPECT_EQ(count_violations(), 0);
}

TEST("pgtable_check notices a page that can be executed here and written there")
{
	set_pte_ext(scratch_pte(), pfn_pte(PHYS_PFN(__pa(pages)), PAGE_KERNEL_RX), 0);
	EXPECT_EQ(count_violations(), 1);
	set_pte_ext(scratch_pte(), pfn_pte(PHYS_PFN(__pa(_stext)), PAGE_KERNEL), 0);
	EXPECT_EQ(count_violations(), 1);
	unmap_scratch(SCRATCH, SCRATCH + PAGE_SIZE);
}

TEST("pt_walk survives a page table that is not in RAM")
{
	pmd_t *pmd = pmd_off_k(EMPTY_PAIR);
	struct pt_walk w;

	ASSERT(pmd_none(*pmd));
	*pmd = __pmd(0x40000000 | PMD_TYPE_TABLE);
	pt_walk(EMPTY_PAIR, &w);
	EXPECT_EQ(w.end, PT_UNREADABLE);
	*pmd = __pmd(__pa(high_memory) | PMD_TYPE_TABLE);
	pt_walk(EMPTY_PAIR, &w);
	EXPECT_EQ(w.end, PT_UNREADABLE);
	*pmd = __pmd(0);
	flush_tlb_all();
}

TEST("pt_walk goes by TTBCR: from which register to walk, and whether at all")
{
	u32 ttbcr = read_ttbcr();
	struct pt_walk w, split;

	pt_walk((unsigned long)pages, &w);
	/* Both registers hold the same table, so the kernel can be walked from either. */
	CP15_WRITE(0, c2, c0, 2, 1 | TTBCR_PD0);
	isb();
	pt_walk((unsigned long)pages, &split);
	EXPECT(split.ttbr == read_ttbr1() && split.end == w.end && split.l2_addr == w.l2_addr);
	pt_walk(0, &split);
	EXPECT(split.ttbr == read_ttbr0() && split.end == PT_FORBIDDEN && !pt_is_mapped(&split));
	CP15_WRITE(0, c2, c0, 2, ttbcr);
	isb();
	flush_tlb_all();
}

TEST("cache maintenance of every kind keeps the data, whatever the borders of the range")
{
	u8 *a = pages[0];

	for (unsigned int i = 0; i < 256; i++)
		a[i] = i;
	dmac_clean_range(a + 3, a + 70);
	dmac_flush_range(a + 32, a + 32);
	__cpuc_flush_dcache_area(a + 31, 2);
	dmac_inv_range(a + 33, a + 35);		/* within a line: written back first */
	flush_icache_range((unsigned long)a, (unsigned long)a + 256);
	flush_cache_all();
	for (unsigned int i = 0; i < 256; i++)
		if (!EXPECT_EQ(a[i], i))
			break;
}
