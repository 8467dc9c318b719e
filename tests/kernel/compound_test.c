// SPDX-License-Identifier: MIT
/*
 * Compound pages on the board. Every test gives back what it takes: the runner checks that.
 */
#include <test.h>
#include <mm/bad_page.h>
#include <mm/compound.h>
#include <mm/gfp.h>
#include <mm/mm.h>

TEST_SUITE("compound");

TEST("a compound page of any order is whole, and gone when it is freed")
{
	unsigned int order, i;

	for (order = 1; order < MAX_ORDER; order++) {
		struct page *page = alloc_pages(GFP_HIGHUSER | __GFP_COMP, order);

		if (!page)
			continue;
		EXPECT(compound_check(page));
		EXPECT_EQ(compound_order(compound_head(page + 1)), order);
		put_page(page + (1U << order) - 1);
		for (i = 0; i < 1U << order; i++)
			EXPECT(!PageCompound(page + i));
	}
}

TEST("references to tails are the head's, and the last one frees the whole")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);

	ASSERT(page);
	get_page(page + 5);
	EXPECT_EQ(page_count(page), 2);
	put_page(page + 7);
	EXPECT_EQ(test_free_pages(), nr_free - 8);
	put_page(page);
	EXPECT_EQ(test_free_pages(), nr_free);
}

TEST("a tail that is freed is reported, and the whole lives on")
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	__free_page(page + 1);
	EXPECT_EQ(nr_bad_pages, bad + 1);
	EXPECT(compound_check(page));
	put_page(page);
	EXPECT_EQ(nr_bad_pages, bad + 1);
}

TEST("a compound page that is freed with another order is kept")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	__free_pages(page, 1);
	EXPECT_EQ(nr_bad_pages, bad + 1);
	EXPECT_EQ(test_free_pages(), nr_free - 4);
	EXPECT(compound_check(page));
	set_page_refcounted(page);
	put_page(page);
}
