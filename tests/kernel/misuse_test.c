// SPDX-License-Identifier: MIT
/*
 * Every mistake that one can make with pages, by a driver that does not know better:
 *
 *    careless_probe()     allocates
 *    careless_remove()    frees, rightly or not
 *
 * Each is named where it is made, the page is kept out of circulation, and the rest goes on. The
 * chapter docs/misuse.md shows what they print, and tests/boot/misuse.t reads it. With page_owner=1
 * each report says whose the page is, and who freed it; page_poison=1 finds what is written to
 * pages that are free.
 *
 * A page that was kept is repaired and freed in the end, which nobody but a test can do.
 */
#include <test.h>
#include <kernel/bug.h>
#include <kernel/sections.h>
#include <lib/string.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/compound.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/page_owner.h>
#include <mm/page_poison.h>
#include <mm/pcp.h>

TEST_SUITE("misuse");

#define NR_PROBES	64	/* pages that are asked for, to see whether a kept one is among them */

/* ---- The driver. Each function stays in call chains: no inlining, no tail calls. ---- */

static noinline struct page *careless_probe(gfp_t gfp_mask, unsigned int order)
{
	struct page *page = alloc_pages(gfp_mask, order);

	barrier();
	return page;
}

static noinline void careless_remove(struct page *page, unsigned int order)
{
	__free_pages(page, order);
	barrier();
}

static noinline void careless_interrupt(struct page *page, unsigned int offset)
{
	((volatile u8 *)page_address(page))[offset] = 0x78;
}

/* ---- What must hold after a mistake ---- */

/* Is the page, freed last and so the hottest there would be, given out for such a request? */
static bool is_given_out(const struct page *page, gfp_t gfp_mask)
{
	struct page *pages[NR_PROBES];
	unsigned int nr, i;
	bool found = false;

	for (nr = 0; nr < NR_PROBES; nr++) {
		pages[nr] = alloc_page(gfp_mask | __GFP_NOWARN);
		if (!pages[nr])
			break;
		found |= pages[nr] == page;
	}
	for (i = 0; i < nr; i++)
		__free_page(pages[i]);
	return found;
}

/* One report since @bad, and @nr_kept pages less than @nr_free to be had, @page among them. */
static void expect_kept_of(gfp_t gfp_mask, const struct page *page, unsigned int bad,
			   unsigned long nr_free, unsigned long nr_kept)
{
	EXPECT_EQ(nr_bad_pages, bad + 1);
	EXPECT_EQ(test_free_pages(), nr_free - nr_kept);
	EXPECT(!is_given_out(page, gfp_mask));
	EXPECT(page_allocator_ok());
}

static void expect_kept(const struct page *page, unsigned int bad, unsigned long nr_free,
			unsigned long nr_kept)
{
	expect_kept_of(GFP_KERNEL, page, bad, nr_free, nr_kept);
}

/* Free a block that was kept when its last reference was dropped. */
static void free_repaired(struct page *page, unsigned int order)
{
	set_page_refcounted(page);
	__free_pages(page, order);
}

/* Is the order of an allocated block known, to be compared when it is freed? */
static bool order_is_known(void)
{
	return CONFIG_DEBUG_VM || page_owner_on;
}

/* ---- Freed, but free already ---- */

TEST("freed twice: the page is on a per-CPU list")
{
	struct page *page = careless_probe(GFP_KERNEL, 0), *first, *second;
	unsigned int bad = nr_bad_pages;
	unsigned long nr_free;

	ASSERT(page);
	careless_remove(page, 0);
	nr_free = test_free_pages();
	careless_remove(page, 0);
	EXPECT_EQ(nr_bad_pages, bad + 1);
	EXPECT_EQ(test_free_pages(), nr_free);
	EXPECT(page_allocator_ok());
	first = alloc_page(GFP_KERNEL);
	second = alloc_page(GFP_KERNEL);
	EXPECT(first && first != second);
	if (first)
		__free_page(first);
	if (second)
		__free_page(second);
}

TEST("freed twice: the page lies in a free block")
{
	struct page *page = careless_probe(GFP_KERNEL, 0);
	unsigned int bad = nr_bad_pages;
	unsigned long nr_free;

	ASSERT(page);
	careless_remove(page, 0);
	drain_local_pages(NULL);
	nr_free = test_free_pages();
	careless_remove(page, 0);
	EXPECT_EQ(nr_bad_pages, bad + 1);
	EXPECT_EQ(test_free_pages(), nr_free);
	EXPECT(page_allocator_ok());
}

/* ---- Freed, but not what was allocated ---- */

TEST("freed with too small an order: the block is kept whole")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = careless_probe(GFP_KERNEL, 2);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	if (!order_is_known()) {
		__free_pages(page, 2);
		SKIP("neither DEBUG=1 nor page_owner=1");
	}
	careless_remove(page, 1);
	expect_kept(page, bad, nr_free, 4);
	free_repaired(page, 2);
}

TEST("freed with too large an order: the neighbour is not freed along")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = careless_probe(GFP_KERNEL, 1);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	if (!order_is_known()) {
		__free_pages(page, 1);
		SKIP("neither DEBUG=1 nor page_owner=1");
	}
	careless_remove(page, 3);
	expect_kept(page, bad, nr_free, 2);
	free_repaired(page, 1);
}

TEST("freed, a page of the kernel's image: it stays reserved")
{
	struct page *page = virt_to_page(_stext);
	unsigned long nr_free = test_free_pages();
	unsigned int bad = nr_bad_pages;

	ASSERT(PageReserved(page));
	careless_remove(page, 0);
	expect_kept(page, bad, nr_free, 0);
	EXPECT_EQ(page_count(page), 1);
}

TEST("freed, the tail of a compound page: the whole lives on")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = careless_probe(GFP_KERNEL | __GFP_COMP, 2);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	careless_remove(page + 3, 0);
	expect_kept(page + 3, bad, nr_free, 4);
	EXPECT(compound_check(page));
	put_page(page);
}

TEST("freed, a page amid a block: the block lives on")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = careless_probe(GFP_KERNEL, 2);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	careless_remove(page + 2, 0);
	expect_kept(page + 2, bad, nr_free, 4);
	__free_pages(page, 2);
}

/* ---- Freed, but still in use ---- */

TEST("freed with a reference left on a page of the block")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = careless_probe(GFP_KERNEL, 1);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	if (!CONFIG_DEBUG_VM) {
		__free_pages(page, 1);
		SKIP("DEBUG=0: only the first page of a block is looked at");
	}
	set_page_count(page + 1, 1);
	careless_remove(page, 1);
	expect_kept(page + 1, bad, nr_free, 2);
	set_page_count(page + 1, 0);
	free_repaired(page, 1);
}

TEST("a reference that is left on a page itself keeps it from being freed at all")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = careless_probe(GFP_KERNEL, 0);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	get_page(page);
	careless_remove(page, 0);
	EXPECT_EQ(nr_bad_pages, bad);
	EXPECT_EQ(page_count(page), 1);
	EXPECT_EQ(test_free_pages(), nr_free - 1);
	EXPECT(!is_given_out(page, GFP_KERNEL));
	put_page(page);
}

TEST("freed while it is mapped")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = careless_probe(GFP_HIGHUSER, 0);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	atomic_inc(&page->_mapcount);
	careless_remove(page, 0);
	expect_kept_of(GFP_HIGHUSER, page, bad, nr_free, 1);
	atomic_dec(&page->_mapcount);
	free_repaired(page, 0);
}

TEST("freed while a mapping owns it")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = careless_probe(GFP_HIGHUSER_MOVABLE, 0);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	page->mapping = (struct address_space *)page;
	careless_remove(page, 0);
	expect_kept_of(GFP_HIGHUSER_MOVABLE, page, bad, nr_free, 1);
	page->mapping = NULL;
	free_repaired(page, 0);
}

TEST("freed while it is locked")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = careless_probe(GFP_KERNEL, 0);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	SetPageLocked(page);
	careless_remove(page, 0);
	expect_kept(page, bad, nr_free, 1);
	ClearPageLocked(page);
	free_repaired(page, 0);
}

/* ---- Used after it was freed ---- */

/*
 * A page that goes to whoever soon asks for the same: to the next, but where memory is so small that a free
 * page does not stay on its list.
 */
TEST("its state is changed while it is free: it is not given out")
{
	unsigned long nr_free = test_free_pages();
	struct page *page = careless_probe(GFP_KERNEL, 0);
	unsigned int bad = nr_bad_pages;

	ASSERT(page);
	careless_remove(page, 0);
	SetPageDirty(page);
	EXPECT(!is_given_out(page, GFP_KERNEL));
	if (nr_bad_pages == bad)
		ClearPageDirty(page);
	ASSERT(nr_bad_pages > bad);
	expect_kept(page, bad, nr_free, 1);
	ClearPageDirty(page);
	free_repaired(page, 0);
}

TEST("written to while it is free: it is not given out")
{
	unsigned long nr_free = test_free_pages();
	struct page *page;
	unsigned int bad = nr_bad_pages;

	if (!page_poison_on)
		SKIP("page_poison is off");
	page = careless_probe(GFP_KERNEL, 0);
	ASSERT(page);
	careless_remove(page, 0);
	careless_interrupt(page, 100);
	EXPECT(!is_given_out(page, GFP_KERNEL));
	if (nr_bad_pages == bad)
		((u8 *)page_address(page))[100] = PAGE_POISON;
	ASSERT(nr_bad_pages > bad);
	expect_kept(page, bad, nr_free, 1);
	__free_page(page);
}

/* ---- Never freed ---- */

TEST("never given back: who has it is found by the call chain")
{
	u32 mark = page_owner_mark();
	struct page *pages[3];
	unsigned int i;

	if (!page_owner_on)
		SKIP("page_owner is off");
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = careless_probe(GFP_KERNEL, i);
	EXPECT_EQ(page_owner_leaks(mark), 1 + 2 + 4);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		if (pages[i])
			careless_remove(pages[i], i);
	EXPECT_EQ(page_owner_leaks(mark), 0);
}
