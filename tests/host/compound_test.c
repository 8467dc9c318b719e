// SPDX-License-Identifier: MIT
/*
 * Compound pages and the pages' state bits, on the machines of buddy_machine.h.
 */
#include "host.h"
#include "buddy_machine.h"
#include <mm/bad_page.h>
#include <mm/compound.h>
#include <mm/gfp.h>
#include <mm/mm.h>

TEST_SUITE("compound");

#define NR_RANDOM_OPS	3000
#define NR_HELD		16

static struct page *boot_and_alloc(unsigned int order)
{
	struct page *page;

	machine_boot(&machines[0]);
	page = alloc_pages(GFP_KERNEL | __GFP_COMP, order);
	BUG_ON(!page, "no block of order %u", order);
	return page;
}

/* --- State bits --- */

/* Every accessor of one bit changes this bit of an otherwise random word, and says what it was. */
#define EXPECT_ACCESSORS(name, bit)						\
	do {									\
		unsigned long rest = test_random() & ~BIT(bit);			\
		struct page page = { .flags = rest };				\
										\
		EXPECT(!Page##name(&page));					\
		SetPage##name(&page);						\
		EXPECT(Page##name(&page) && page.flags == (rest | BIT(bit)));	\
		EXPECT(TestSetPage##name(&page) && TestClearPage##name(&page));	\
		EXPECT_EQ(page.flags, rest);					\
		EXPECT(!TestClearPage##name(&page) && !TestSetPage##name(&page)); \
		EXPECT_EQ(page.flags, rest | BIT(bit));				\
		ClearPage##name(&page);						\
		EXPECT_EQ(page.flags, rest);					\
		__SetPage##name(&page);						\
		EXPECT_EQ(page.flags, rest | BIT(bit));				\
		__ClearPage##name(&page);					\
		EXPECT_EQ(page.flags, rest);					\
	} while (0)

TEST("each accessor of a state bit changes its own bit and no other")
{
	EXPECT_ACCESSORS(Locked, PG_locked);
	EXPECT_ACCESSORS(Error, PG_error);
	EXPECT_ACCESSORS(Referenced, PG_referenced);
	EXPECT_ACCESSORS(Uptodate, PG_uptodate);
	EXPECT_ACCESSORS(Dirty, PG_dirty);
	EXPECT_ACCESSORS(LRU, PG_lru);
	EXPECT_ACCESSORS(Active, PG_active);
	EXPECT_ACCESSORS(Slab, PG_slab);
	EXPECT_ACCESSORS(Checked, PG_owner_priv_1);
	EXPECT_ACCESSORS(Arch1, PG_arch_1);
	EXPECT_ACCESSORS(Reserved, PG_reserved);
	EXPECT_ACCESSORS(Private, PG_private);
	EXPECT_ACCESSORS(Private2, PG_private_2);
	EXPECT_ACCESSORS(Writeback, PG_writeback);
	EXPECT_ACCESSORS(SwapCache, PG_swapcache);
	EXPECT_ACCESSORS(MappedToDisk, PG_mappedtodisk);
	EXPECT_ACCESSORS(Reclaim, PG_reclaim);
	EXPECT_ACCESSORS(SwapBacked, PG_swapbacked);
	EXPECT_ACCESSORS(Unevictable, PG_unevictable);
	EXPECT_ACCESSORS(Mlocked, PG_mlocked);
}

TEST("zone, node and order of a page do not disturb its state bits or each other")
{
	for (unsigned int i = 0; i < 1000; i++) {
		unsigned long bits = test_random() & (BIT(__NR_PAGEFLAGS) - 1);
		enum zone_type zone = test_random_below(MAX_NR_ZONES);
		unsigned int order = test_random_below(MAX_ORDER);
		int nid = test_random_below(MAX_NUMNODES);
		struct page page = { .flags = test_random() & ~(BIT(__NR_PAGEFLAGS) - 1) };

		page.flags |= bits;
		set_page_links(&page, zone, nid);
		set_page_alloc_order(&page, order);
		EXPECT_EQ(page_zonenum(&page), zone);
		EXPECT_EQ(page_to_nid(&page), nid);
		EXPECT_EQ(page_alloc_order(&page), order);
		ASSERT_EQ(page.flags & (BIT(__NR_PAGEFLAGS) - 1), bits);
	}
}

/* --- Life --- */

TEST("every page of a compound page leads to the head, whatever the order")
{
	machine_boot(&machines[0]);
	for (unsigned int order = 1; order < MAX_ORDER; order++) {
		struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, order);

		ASSERT(page);
		EXPECT(PageHead(page) && !PageTail(page) && compound_check(page));
		EXPECT_EQ(compound_order(page), order);
		for (unsigned int i = 1; i < 1U << order; i++) {
			EXPECT(PageTail(page + i) && !PageHead(page + i) && PageCompound(page + i));
			EXPECT(compound_head(page + i) == page);
			EXPECT_EQ(page_count(page + i), 1);
			EXPECT_EQ(page_mapcount(page + i), 0);
		}
		__free_pages(page, order);
		for (unsigned int i = 0; i < 1U << order; i++)
			ASSERT(!PageCompound(page + i));
		EXPECT(machine_check());
	}
	EXPECT_EQ(nr_bad_pages, 0);
}

TEST("a single page is no compound page, even if it was asked for as one")
{
	struct page *page = boot_and_alloc(0);

	EXPECT(!PageCompound(page) && compound_head(page) == page);
	EXPECT_EQ(compound_order(page), 0);
	put_page(page);
	EXPECT_EQ(nr_bad_pages, 0);
}

TEST("references to tails are the head's, and the last put_page() frees the whole")
{
	struct page *page = boot_and_alloc(4);
	unsigned long nr_free = nr_free_pages();

	get_page(page + 7);
	get_page(page + 15);
	get_page(page);
	EXPECT_EQ(page_count(page), 4);
	EXPECT_EQ(page_count(page + 3), 4);
	EXPECT_EQ(atomic_read(&page[7]._count), 0);
	put_page(page + 1);
	put_page(page + 15);
	put_page(page);
	EXPECT_EQ(nr_free_pages(), nr_free);
	put_page(page + 7);
	EXPECT_EQ(nr_free_pages(), nr_free + 16);
	EXPECT_EQ(nr_bad_pages, 0);
	EXPECT(machine_check());
}

static struct page *destructed;

static void note_and_free(struct page *head)
{
	destructed = head;
	free_compound_page(head);
}

TEST("the last reference calls the destructor with the head")
{
	struct page *page = boot_and_alloc(3);
	unsigned long nr_free = nr_free_pages();

	set_compound_page_dtor(page, note_and_free);
	EXPECT(get_compound_page_dtor(page) == note_and_free);
	get_page(page);
	put_page(page + 2);
	EXPECT(!destructed);
	put_page(page + 5);
	EXPECT(destructed == page);
	EXPECT_EQ(nr_free_pages(), nr_free + 8);
}

TEST("a zeroed compound page is zero and compound")
{
	unsigned long addr;

	machine_boot(&machines[0]);
	addr = __get_free_pages(GFP_KERNEL | __GFP_COMP | __GFP_ZERO, 2);
	ASSERT(addr);
	EXPECT(compound_check(virt_to_page((void *)addr)));
	for (unsigned int i = 0; i < 4 * PAGE_SIZE; i++)
		ASSERT_EQ(((u8 *)addr)[i], 0);
	free_pages(addr, 2);
	EXPECT_EQ(nr_bad_pages, 0);
}

TEST("compound pages and blocks, taken and put at random, leave all memory as it was")
{
	struct page *held[NR_HELD] = { NULL };
	unsigned int orders[NR_HELD] = { 0 };
	unsigned long nr_free;

	machine_boot(&machines[2]);
	nr_free = nr_free_pages();
	for (unsigned int op = 0; op < NR_RANDOM_OPS + NR_HELD; op++) {
		unsigned int i = op < NR_RANDOM_OPS ? test_random_below(NR_HELD) : op - NR_RANDOM_OPS;
		gfp_t gfp_mask = test_random_below(3) ? GFP_KERNEL | __GFP_COMP : GFP_KERNEL;

		if (!held[i] && op < NR_RANDOM_OPS) {
			orders[i] = test_random_below(6);
			held[i] = alloc_pages(gfp_mask, orders[i]);
		} else if (held[i]) {
			if (PageCompound(held[i]))
				put_page(held[i] + test_random_below(1U << orders[i]));
			else
				__free_pages(held[i], orders[i]);
			held[i] = NULL;
		}
	}
	EXPECT_EQ(nr_free_pages(), nr_free);
	EXPECT_EQ(nr_bad_pages, 0);
	EXPECT(machine_check());
}

/* --- Misuse --- */

TEST("a tail that is freed is reported with its head, and the whole lives on")
{
	struct page *page = boot_and_alloc(3);
	unsigned long nr_free = nr_free_pages();

	__free_page(page + 5);
	EXPECT(host_log_has("its head is pfn:"));
	EXPECT(bad_page_reported("page is a tail of a compound page", nr_free));
	EXPECT(compound_check(page));
	put_page(page);
	EXPECT_EQ(nr_free_pages(), nr_free + 8);
}

TEST("a compound page that is freed with another order is reported, and kept whole")
{
	struct page *page = boot_and_alloc(3);
	unsigned long nr_free = nr_free_pages();

	__free_pages(page, 2);
	EXPECT(host_log_has("it was allocated with order 3, and is freed with order 2"));
	EXPECT(bad_page_reported("page is freed with the wrong order", nr_free));
	set_page_refcounted(page);
	__free_pages(page, 4);
	EXPECT(bad_page_reported("page is freed with the wrong order", nr_free));
	EXPECT(compound_check(page));
}

TEST("a compound page is kept out of circulation if a tail was changed or is in use")
{
	struct page *page = boot_and_alloc(2);
	unsigned long nr_free = nr_free_pages();

	set_page_private(page + 2, 5);
	EXPECT(!compound_check(page));
	put_page(page);
	EXPECT(bad_page_reported("tail page does not point to its head", nr_free));
	set_page_refcounted(page);
	page[2].first_page = page;
	atomic_set(&page[3]._mapcount, 0);
	put_page(page);
	EXPECT(bad_page_reported("page is mapped", nr_free));
}

TEST("a compound page that is put once too often is reported as free")
{
	struct page *page = boot_and_alloc(2);

	put_page(page);
	__free_pages(page, 2);
	EXPECT(bad_page_reported("page is free: freed twice", nr_free_pages()));
}

TEST("a compound page cannot be split, and alloc_pages_exact() refuses to make one")
{
	struct page *page = boot_and_alloc(2);
	unsigned long nr_free = nr_free_pages();

	HOST_EXPECT_BUG(split_page(page, 2));
	EXPECT(!alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL | __GFP_COMP));
	EXPECT_EQ(host_take_warnings(), 1);
	EXPECT_EQ(nr_free_pages(), nr_free);
	HOST_EXPECT_BUG(prep_compound_page(page, 0));
	HOST_EXPECT_BUG(prep_compound_page(page, 2));
}

/* Break one thing, and put it back. */
#define EXPECT_SEEN(breakage, repair)			\
	do {						\
		breakage;				\
		EXPECT(!compound_check(page));		\
		repair;					\
		ASSERT(compound_check(page));		\
	} while (0)

TEST("compound_check() sees each invariant broken")
{
	struct page *page = boot_and_alloc(2);

	EXPECT_SEEN(__ClearPageHead(page), __SetPageHead(page));
	EXPECT_SEEN(__SetPageTail(page), __ClearPageTail(page));
	EXPECT_SEEN(__ClearPageTail(page + 3), __SetPageTail(page + 3));
	EXPECT_SEEN(__SetPageHead(page + 1), __ClearPageHead(page + 1));
	EXPECT_SEEN(page[3].first_page = page + 1, page[3].first_page = page);
	EXPECT_SEEN(page[1].compound_order = 3, page[1].compound_order = 2);
	EXPECT_SEEN(page[1].compound_order = MAX_ORDER, page[1].compound_order = 2);
	EXPECT_SEEN(page[1].compound_dtor = NULL, page[1].compound_dtor = free_compound_page);
	EXPECT_SEEN(atomic_set(&page[2]._count, 1), atomic_set(&page[2]._count, 0));
}
