// SPDX-License-Identifier: MIT
/*
 * TLB maintenance: after it no access goes by the old entry. Suite pgtable.
 *
 * QEMU keeps translations like a real TLB, so that a flush that does nothing is caught: the value
 * read is that of the page mapped before. But asked to forget one page it forgets everything as
 * long as lowmem is mapped by sections, so a range that is flushed one page short is not caught
 * there.
 */
#include <asm/cacheflush.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <kernel/probe.h>
#include <lib/errno.h>
#include <test.h>

TEST_SUITE("pgtable");

/* In the table of the vectors, where nobody maps anything. */
#define SCRATCH		(FIXADDR_END + 8 * PAGE_SIZE)
#define NR_SCRATCH	4U

/* Two pages with different contents, to be mapped in turn. */
static u32 page[2][PAGE_SIZE / sizeof(u32)] __aligned(PAGE_SIZE);

static pte_t *pte_of(unsigned int i)
{
	return pte_offset_kernel(pmd_off_k(SCRATCH), SCRATCH) + i;
}

static u32 read_scratch(unsigned int i)
{
	return *(volatile u32 *)(SCRATCH + i * PAGE_SIZE);
}

/* Map page @which at all scratch addresses, without TLB maintenance. */
static void map_all(unsigned int which)
{
	for (unsigned int i = 0; i < NR_SCRATCH; i++)
		set_pte_ext(pte_of(i), pfn_pte(PHYS_PFN(__pa(page[which])), PAGE_KERNEL), 0);
}

static bool all_read(u32 value)
{
	for (unsigned int i = 0; i < NR_SCRATCH; i++)
		if (!EXPECT_EQ(read_scratch(i), value))
			return false;
	return true;
}

static void unmap_all(void)
{
	for (unsigned int i = 0; i < NR_SCRATCH; i++)
		pte_clear(NULL, SCRATCH + i * PAGE_SIZE, pte_of(i));
	flush_tlb_all();
}

/* Have page 0 in the TLB at all scratch addresses, and page 1 in the tables. */
static void make_stale(void)
{
	page[0][0] = 0x11111111;
	page[1][0] = 0x22222222;
	map_all(0);
	flush_tlb_all();
	all_read(0x11111111);
	map_all(1);
}

TEST("flush_tlb_kernel_page makes one page's new mapping count")
{
	make_stale();
	flush_tlb_kernel_page(SCRATCH + 2 * PAGE_SIZE + 123);
	EXPECT_EQ(read_scratch(2), 0x22222222);
	unmap_all();
}

TEST("local_flush_tlb_kernel_page does, on this CPU")
{
	make_stale();
	local_flush_tlb_kernel_page(SCRATCH + PAGE_SIZE);
	EXPECT_EQ(read_scratch(1), 0x22222222);
	unmap_all();
}

TEST("flush_tlb_kernel_range takes the first page of the range, the last, and those between")
{
	make_stale();
	flush_tlb_kernel_range(SCRATCH, SCRATCH + NR_SCRATCH * PAGE_SIZE);
	all_read(0x22222222);
	make_stale();
	flush_tlb_kernel_range(SCRATCH + 1, SCRATCH + (NR_SCRATCH - 1) * PAGE_SIZE + 1);
	all_read(0x22222222);
	unmap_all();
}

TEST("flush_tlb_kernel_range takes all of a long range, and of one up to the top of the space")
{
	make_stale();
	flush_tlb_kernel_range(SCRATCH - TLB_FLUSH_ALL_PAGES * PAGE_SIZE,
			       SCRATCH + NR_SCRATCH * PAGE_SIZE);
	all_read(0x22222222);
	make_stale();
	flush_tlb_kernel_range(SCRATCH, 0);
	all_read(0x22222222);
	unmap_all();
}

TEST("flush_tlb_all and local_flush_tlb_all take everything")
{
	make_stale();
	flush_tlb_all();
	all_read(0x22222222);
	make_stale();
	local_flush_tlb_all();
	all_read(0x22222222);
	unmap_all();
}

TEST("a page that was unmapped and flushed faults")
{
	u32 word;

	make_stale();
	pte_clear(NULL, SCRATCH, pte_of(0));
	flush_tlb_kernel_page(SCRATCH);
	EXPECT_EQ(probe_kernel_read(&word, (void *)SCRATCH, sizeof(word)), -EFAULT);
	unmap_all();
}

TEST("a page that was made read-only and flushed faults when it is written")
{
	u32 word = 0;

	make_stale();
	EXPECT_EQ(probe_kernel_write((void *)SCRATCH, &word, sizeof(word)), 0);
	set_pte_ext(pte_of(0), pte_wrprotect(*pte_of(0)), 0);
	flush_tlb_kernel_page(SCRATCH);
	EXPECT_EQ(probe_kernel_write((void *)SCRATCH, &word, sizeof(word)), -EFAULT);
	EXPECT_EQ(probe_kernel_read(&word, (void *)SCRATCH, sizeof(word)), 0);
	unmap_all();
}

TEST("an entry that was empty needs only flush_cache_vmap")
{
	u32 word;

	unmap_all();
	page[0][0] = 0x11111111;
	EXPECT_EQ(probe_kernel_read(&word, (void *)SCRATCH, sizeof(word)), -EFAULT);
	map_all(0);
	flush_cache_vmap(SCRATCH, SCRATCH + NR_SCRATCH * PAGE_SIZE);
	all_read(0x11111111);
	unmap_all();
}
