// SPDX-License-Identifier: MIT
/*
 * pgtable_check() with several mms, high memory and supersections: what it must notice beyond what
 * pgtable_map_test.c has. Suite pgtable.
 */
#include <asm/cacheflush.h>
#include <asm/map.h>
#include <asm/mmu.h>
#include <asm/pgalloc.h>
#include <asm/ptdump.h>
#include <asm/tlbflush.h>
#include <asm/vexpress.h>
#include <kernel/printk.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include "spaces.h"

TEST_SUITE("pgtable");

#define SCRATCH		(FIXADDR_END + 4 * PAGE_SIZE)
#define EMPTY_16M	(ALIGN_DOWN(IO_PERIPH_BASE, SUPERSECTION_SIZE) - SUPERSECTION_SIZE)

/* A checker with its messages kept off the console. */
static int quietly(int (*check)(void))
{
	int loglevel = console_loglevel, bad;

	console_loglevel = 0;
	bad = check();
	console_loglevel = loglevel;
	return bad;
}

/* The hardware entry of the page of a space; changed behind the back of everybody. */
static pteval_t *hw_entry_of(struct mm_struct *mm, unsigned long addr)
{
	return (pteval_t *)(pte_offset_kernel(pmd_off(mm, addr), addr) + PTE_HWTABLE_PTRS);
}

TEST("pgtable_check and ptdump_check_wx look into every mm: writable and executable")
{
	struct space s;

	ASSERT(make_space(&s, 0));
	EXPECT_EQ(pgtable_check(), 0);
	*hw_entry_of(s.mm, SPACE_ADDR) &= ~PTE_EXT_XN;
	EXPECT_EQ(quietly(ptdump_check_wx), 1);
	EXPECT_EQ(quietly(pgtable_check), 2);	/* I2 and I4 */
	drop_space(&s);
	EXPECT_EQ(pgtable_check(), 0);
}

TEST("... memory of another type than in lowmem, registers of another than the kernel's")
{
	pteval_t uncached = get_mem_type(MT_MEMORY_RW_UNCACHED)->prot_pte;
	struct space s;
	pte_t *pte;

	ASSERT(make_space(&s, 0));
	pte = pte_offset_kernel(pmd_off(s.mm, SPACE_ADDR), SPACE_ADDR);
	set_pte_at(s.mm, SPACE_ADDR, pte, pfn_pte(PHYS_PFN(__pa(s.page)), __pgprot(uncached)));
	EXPECT_EQ(quietly(pgtable_check), 1);
	set_pte_at(s.mm, SPACE_ADDR, pte, pfn_pte(PHYS_PFN(MPCORE_PHYS), __pgprot(uncached)));
	EXPECT_EQ(quietly(pgtable_check), 1);
	drop_space(&s);
}

TEST("... page 0, mapped")
{
	struct space s;

	ASSERT(make_space(&s, 0));
	if (EXPECT_EQ(map_user_page(s.mm, 0, s.page), 0))
		EXPECT_EQ(quietly(pgtable_check), 1);
	drop_space(&s);
}

TEST("... an entry of the kernel's half that is not init_mm's")
{
	struct space s;
	pmd_t *pmd;

	ASSERT(make_space(&s, 0));
	pmd = pmd_off(s.mm, EMPTY_16M);
	ASSERT(pmd_none(*pmd));
	pmd[0] = __pmd(get_mem_type(MT_DEVICE)->prot_sect | PERIPH_PHYS);
	EXPECT_EQ(quietly(pgtable_check), 1);
	pmd[0] = __pmd(0);
	EXPECT_EQ(pgtable_check(), 0);
	drop_space(&s);
}

TEST("pgtable_check compares mappings of high memory, too, which has none in lowmem")
{
	pgprot_t uncached = __pgprot(get_mem_type(MT_MEMORY_RW_UNCACHED)->prot_pte);
	struct page *page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM);
	pte_t *pte = pte_offset_kernel(pmd_off_k(SCRATCH), SCRATCH);

	if (!page || !PageHighMem(page)) {
		if (page)
			__free_page(page);
		SKIP("no high memory");
	}
	set_pte_ext(&pte[0], mk_pte(page, PAGE_KERNEL), 0);
	set_pte_ext(&pte[1], mk_pte(page, PAGE_KERNEL), 0);
	EXPECT_EQ(pgtable_check(), 0);
	set_pte_ext(&pte[1], mk_pte(page, uncached), 0);
	EXPECT_EQ(quietly(pgtable_check), 1);
	set_pte_ext(&pte[1], mk_pte(page, PAGE_KERNEL_RX), 0);
	EXPECT_EQ(quietly(pgtable_check), 1);
	pte_clear(NULL, SCRATCH, &pte[0]);
	pte_clear(NULL, SCRATCH, &pte[1]);
	flush_tlb_kernel_range(SCRATCH, SCRATCH + 2 * PAGE_SIZE);
	__free_page(page);
}

TEST("a supersection is walked, dumped and checked as one; one that is not whole is noticed")
{
	pmdval_t super = get_mem_type(MT_DEVICE)->prot_sect | PMD_SECT_SUPER | 0x20000000;
	pmd_t *pmd = pmd_off_k(EMPTY_16M);
	struct pt_walk w;

	for (unsigned int i = 0; i < 16; i++)
		pmd[i] = __pmd(super);
	dsb(ishst);
	pt_walk(EMPTY_16M + SUPERSECTION_SIZE - 1, &w);
	EXPECT(w.end == PT_SUPERSECTION && w.start == EMPTY_16M && w.phys == 0x20000000);
	EXPECT_EQ(pt_translate(EMPTY_16M + 0x654321, false) & (PAR_F | PAR_SS), PAR_SS);
	EXPECT_EQ(pgtable_check(), 0);
	pmd[7] = __pmd(0);
	EXPECT(quietly(pgtable_check) > 0);
	for (unsigned int i = 0; i < 16; i++)
		pmd[i] = __pmd(0);
	flush_tlb_all();
	EXPECT_EQ(pgtable_check(), 0);
}
