// SPDX-License-Identifier: MIT
/*
 * apply_to_page_range() over the host's page table: whom it calls, in which order, and what it makes.
 */
#include "buddy_machine.h"
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include <lib/errno.h>
#include <mm/apply_range.h>
#include <mm/mm.h>
#include <mm/mm_struct.h>

#include <string.h>

TEST_SUITE("apply_range");

#define BASE		0xf1000000ul
#define NR_PAGES	(4 * PTRS_PER_PTE)

/* What a function was called for: the addresses from @start on, without a gap, unless @mapped says so. */
struct calls {
	unsigned long next, nr;
	unsigned long stop_at;		/* call that returns STOPPED; 0: none */
	const bool *mapped;		/* by page of BASE: only these are called for; NULL: all */
};

#define STOPPED		77

static bool mapped[NR_PAGES];

static unsigned long addr_of(unsigned long page)
{
	return BASE + page * PAGE_SIZE;
}

static int note_call(pte_t *pte, unsigned long addr, void *data)
{
	struct calls *calls = data;

	while (calls->mapped && calls->next < addr_of(NR_PAGES) && !calls->mapped[(calls->next - BASE) / PAGE_SIZE])
		calls->next += PAGE_SIZE;
	EXPECT_EQ(addr, calls->next);
	EXPECT(pte == pte_offset_kernel(pmd_off_k(addr), addr));
	calls->next = addr + PAGE_SIZE;
	return ++calls->nr == calls->stop_at ? STOPPED : 0;
}

static int fill(pte_t *pte, unsigned long addr, void *data)
{
	set_pte_at(&init_mm, addr, pte, mk_pte((struct page *)data, PAGE_KERNEL));
	return 0;
}

static int empty(pte_t *pte, unsigned long addr, void *data)
{
	(void)data;
	pte_clear(&init_mm, addr, pte);
	return 0;
}

static unsigned long nr_tables(void)
{
	unsigned long nr = 0;

	for (unsigned long addr = BASE; addr < addr_of(NR_PAGES); addr += PMD_SIZE)
		nr += !pmd_none(*pmd_off_k(addr));
	return nr;
}

static void boot(void)
{
	machine_boot(&machines[MACHINE_32M]);
	memset(mapped, 0, sizeof(mapped));
}

TEST("every page of a range is called for once, in order, and tables are made for all of it")
{
	boot();
	for (unsigned int i = 0; i < 300; i++) {
		unsigned long first = test_random_below(NR_PAGES);
		unsigned long nr = 1 + test_random_below(NR_PAGES - first);
		struct calls calls = { .next = addr_of(first) };

		ASSERT_EQ(apply_to_page_range(&init_mm, addr_of(first), nr * PAGE_SIZE, note_call, &calls), 0);
		EXPECT_EQ(calls.nr, nr);
		EXPECT(!pmd_none(*pmd_off_k(addr_of(first))) && !pmd_none(*pmd_off_k(addr_of(first + nr - 1))));
	}
	EXPECT_EQ(nr_tables(), NR_PAGES / PTRS_PER_PTE);
}

TEST("it ends at the top of the address space")
{
	struct calls calls = { .next = 0xfffff000ul - 9 * PAGE_SIZE };

	boot();
	EXPECT_EQ(apply_to_page_range(&init_mm, calls.next, 10 * PAGE_SIZE, note_call, &calls), 0);
	EXPECT_EQ(calls.nr, 10);
}

TEST("what the function returns ends the walk and is returned")
{
	boot();
	for (unsigned int i = 0; i < 100; i++) {
		unsigned long stop_at = 1 + test_random_below(NR_PAGES);
		struct calls calls = { .next = BASE, .stop_at = stop_at };

		ASSERT_EQ(apply_to_page_range(&init_mm, BASE, NR_PAGES * PAGE_SIZE, note_call, &calls), STOPPED);
		EXPECT_EQ(calls.nr, stop_at);
	}
}

TEST("the variant for what exists makes no table, and leaves out what is empty")
{
	struct page *page;

	boot();
	page = alloc_page(GFP_KERNEL);
	for (unsigned int i = 0; i < 300; i++) {
		unsigned long first = test_random_below(NR_PAGES);
		unsigned long nr = 1 + test_random_below(min(NR_PAGES - first, 100ul));
		unsigned long want = 0, tables = nr_tables();
		struct calls calls = { .next = addr_of(first), .mapped = mapped };
		bool map = i % 2;

		for (unsigned long p = first; p < first + nr; p++)
			want += mapped[p];
		ASSERT_EQ(apply_to_existing_page_range(&init_mm, addr_of(first), nr * PAGE_SIZE, note_call, &calls), 0);
		EXPECT_EQ(calls.nr, want);
		EXPECT_EQ(nr_tables(), tables);
		if (map)
			ASSERT_EQ(apply_to_page_range(&init_mm, addr_of(first), nr * PAGE_SIZE, fill, page), 0);
		else
			ASSERT_EQ(apply_to_existing_page_range(&init_mm, addr_of(first), nr * PAGE_SIZE, empty,
							       NULL), 0);
		flush_tlb_kernel_range(addr_of(first), addr_of(first + nr));
		memset(&mapped[first], map, nr * sizeof(mapped[0]));
	}
}

TEST("without memory for a table it says so, having called for what is before")
{
	struct calls calls = { .next = BASE };
	struct page *hog = NULL, *page;

	boot();
	ASSERT_EQ(apply_to_page_range(&init_mm, BASE, PAGE_SIZE, note_call, &calls), 0);
	calls = (struct calls){ .next = BASE };
	while ((page = alloc_page(GFP_ATOMIC | __GFP_HIGH | __GFP_NOWARN)) != NULL) {
		*(struct page **)page_address(page) = hog;
		hog = page;
	}
	EXPECT_EQ(apply_to_page_range(&init_mm, BASE, NR_PAGES * PAGE_SIZE, note_call, &calls), -ENOMEM);
	EXPECT_EQ(calls.nr, PTRS_PER_PTE);
	while (hog) {
		page = hog;
		hog = *(struct page **)page_address(page);
		__free_page(page);
	}
}
