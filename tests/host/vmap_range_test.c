// SPDX-License-Identifier: MIT
/*
 * Ranges of addresses: mm/vmap_range.c over the host's page table, against an array that says which
 * page is where.
 */
#include "buddy_machine.h"
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/vmalloc.h>

#include <string.h>

TEST_SUITE("vmap_range");

#define BASE		0xf1000000ul
#define NR_PAGES	(3 * PTRS_PER_PTE)
#define NR_FRAMES	64

static struct page *frames[NR_FRAMES], *model[NR_PAGES], *wanted[NR_PAGES];

static unsigned long addr_of(unsigned long page)
{
	return BASE + page * PAGE_SIZE;
}

static void boot(void)
{
	machine_boot(&machines[MACHINE_32M]);
	for (int i = 0; i < NR_FRAMES; i++)
		frames[i] = alloc_page(GFP_KERNEL);
}

static bool as_model(void)
{
	for (unsigned long i = 0; i < NR_PAGES; i++) {
		void *addr = (void *)addr_of(i);

		if (!EXPECT(vmalloc_to_page(addr) == model[i]) ||
		    !EXPECT(mapped_ptr(addr_of(i)) == (model[i] ? page_address(model[i]) : NULL)))
			return false;
	}
	return true;
}

static bool is_empty(unsigned long first, unsigned long nr)
{
	for (; nr--; first++)
		if (model[first])
			return false;
	return true;
}

static void map_random(unsigned long first, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++)
		model[first + i] = wanted[i] = frames[test_random_below(NR_FRAMES)];
	ASSERT_EQ(vmap_pages_range_noflush(addr_of(first), addr_of(first + nr), PAGE_KERNEL, wanted), 0);
}

TEST("what is mapped is found, and nothing else, through random mapping and unmapping")
{
	boot();
	for (unsigned int op = 0; op < 2000; op++) {
		unsigned long first = test_random_below(NR_PAGES);
		unsigned long nr = 1 + test_random_below(min(NR_PAGES - first, 700ul));

		if (op % 2 && is_empty(first, nr))
			map_random(first, nr);
		else {
			vunmap_range(addr_of(first), addr_of(first + nr));
			memset(model + first, 0, nr * sizeof(*model));
		}
		ASSERT(as_model());
	}
}

TEST("a physical range is mapped page by page, across page tables")
{
	phys_addr_t phys = PHYS_OFFSET + 0x100000;

	boot();
	ASSERT_EQ(ioremap_page_range(addr_of(500), addr_of(1100), phys, PAGE_KERNEL), 0);
	for (unsigned long i = 0; i < 600; i++)
		ASSERT(mapped_ptr(addr_of(500 + i)) == __va(phys + i * PAGE_SIZE));
	EXPECT(!mapped_ptr(addr_of(499)) && !mapped_ptr(addr_of(1100)));
	EXPECT_EQ(global_node_page_state_snapshot(NR_PAGETABLE), 3);
}

TEST("without memory for a page table a part is mapped, and can be unmapped")
{
	LIST_HEAD(taken);
	struct page *page;

	boot();
	ASSERT(pte_alloc_kernel(pmd_off_k(BASE), BASE));
	machine_take_all(GFP_ATOMIC, &taken);
	for (unsigned long i = 0; i < NR_PAGES; i++)
		wanted[i] = frames[0];
	EXPECT(vmap_pages_range_noflush(BASE, addr_of(NR_PAGES), PAGE_KERNEL, wanted) != 0);
	EXPECT(mapped_ptr(BASE) && mapped_ptr(addr_of(511)) && !mapped_ptr(addr_of(512)));
	vunmap_range(BASE, addr_of(NR_PAGES));
	EXPECT_EQ(vmap_range_noflush(BASE, addr_of(NR_PAGES), page_to_phys(frames[0]), PAGE_KERNEL),
		  (unsigned long)-ENOMEM);
	EXPECT(mapped_ptr(addr_of(511)) && !mapped_ptr(addr_of(512)));
	vunmap_range(BASE, addr_of(NR_PAGES));
	EXPECT(as_model());
	while (!list_empty(&taken)) {
		page = list_first_entry(&taken, struct page, lru);
		list_del(&page->lru);
		__free_page(page);
	}
}

TEST("an empty table that is taken out and flushed is given back")
{
	unsigned long before;

	boot();
	before = nr_free_pages() + nr_pcp_pages();
	ASSERT(pte_alloc_kernel(pmd_off_k(BASE), BASE));
	EXPECT_EQ(nr_free_pages() + nr_pcp_pages(), before - 1);
	pte_t *table = pmd_clear_kernel_all(BASE);
	ASSERT(table);
	EXPECT(!pmd_clear_kernel_all(BASE));
	flush_tlb_kernel_range(BASE, BASE + PMD_SIZE);
	pte_free_kernel(NULL, table);
	EXPECT_EQ(nr_free_pages() + nr_pcp_pages(), before);
	EXPECT_EQ(global_node_page_state_snapshot(NR_PAGETABLE), 0);
}
