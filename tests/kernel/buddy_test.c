// SPDX-License-Identifier: MIT
/*
 * The page allocator on the board, with the memory that booting left. Every test gives back what it
 * takes: the runner checks that.
 */
#include <test.h>
#include <asm/irqflags.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pcp.h>

TEST_SUITE("buddy");

#define NR_LIVE		256	/* blocks that the random test holds at a time */
#define NR_RANDOM_OPS	20000

TEST("every free block is aligned, marked, merged, counted, and on one list")
{
	EXPECT(page_allocator_ok());
}

TEST("a block is aligned to its size, and only its first page has a reference")
{
	unsigned int order;

	for (order = 0; order < MAX_ORDER; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);

		if (!page)
			continue;
		EXPECT(IS_ALIGNED(page_to_pfn(page), 1UL << order));
		EXPECT_EQ(page_count(page), 1);
		EXPECT(order == 0 || page_count(page + 1) == 0);
		EXPECT(!PageReserved(page) && !PageBuddy(page));
		__free_pages(page, order);
	}
}

TEST("freeing the buddy of a free block merges to order + 1")
{
	struct page *page = alloc_pages(GFP_KERNEL, 1);

	ASSERT(page);
	split_page(page, 1);
	__free_page(page + 1);
	drain_all_pages();
	EXPECT(PageBuddy(page + 1));
	EXPECT_EQ(page_order(page + 1), 0);
	__free_page(page);
	drain_all_pages();
	EXPECT(!PageBuddy(page + 1));
	EXPECT(page_allocator_ok());
}

TEST("allocating and freeing leaves as many free pages as before, order by order")
{
	unsigned long nr_free = test_free_pages();
	unsigned int order;

	for (order = 0; order < MAX_ORDER; order++) {
		struct page *page = alloc_pages(GFP_HIGHUSER, order);

		if (!page)
			continue;
		EXPECT_EQ(test_free_pages(), nr_free - (1UL << order));
		__free_pages(page, order);
		EXPECT_EQ(test_free_pages(), nr_free);
	}
}

/* As one who frees memory may: below the watermarks, to the last page. */
#define GFP_ALL	(__GFP_MEMALLOC | __GFP_NORETRY | __GFP_NOWARN)

/* Take the largest blocks until there are none, then the next smaller ones, and so on. */
static void take_everything(gfp_t gfp_mask, struct list_head *taken)
{
	unsigned int order;
	struct page *page;

	for (order = MAX_ORDER; order-- > 0;)
		while ((page = alloc_pages(gfp_mask, order))) {
			set_page_private(page, order);
			list_add(&page->lru, taken);
		}
}

TEST("each zone can be emptied to the last page, and filled again")
{
	static const gfp_t gfps[] = { GFP_HIGHUSER_MOVABLE | GFP_ALL, GFP_DMA | GFP_ALL };
	unsigned long nr_free = test_free_pages(), nr_left;
	struct page *page, *next;
	LIST_HEAD(taken);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gfps); i++)
		take_everything(gfps[i], &taken);
	nr_left = nr_free_pages() + nr_pcp_pages();
	list_for_each_entry_safe(page, next, &taken, lru) {
		unsigned int order = page_private(page);

		set_page_private(page, 0);
		__free_pages(page, order);
	}
	EXPECT_EQ(nr_left, 0);
	EXPECT_EQ(test_free_pages(), nr_free);
	EXPECT(page_allocator_ok());
}

struct live {
	u32 *virt;
	unsigned int order;
};

/* Fill a block with its own address, and see whether another block has overwritten it. */
static void stamp(const struct live *l)
{
	unsigned long word, words = (PAGE_SIZE << l->order) / sizeof(u32);

	for (word = 0; word < words; word += PAGE_SIZE / sizeof(u32) / 2)
		l->virt[word] = (u32)(unsigned long)&l->virt[word];
}

static bool stamp_is_there(const struct live *l)
{
	unsigned long word, words = (PAGE_SIZE << l->order) / sizeof(u32);

	for (word = 0; word < words; word += PAGE_SIZE / sizeof(u32) / 2)
		if (l->virt[word] != (u32)(unsigned long)&l->virt[word])
			return false;
	return true;
}

static void release(struct live *l)
{
	EXPECT(stamp_is_there(l));
	free_pages((unsigned long)l->virt, l->order);
	l->virt = NULL;
}

TEST("blocks of random sizes and types do not overlap")
{
	static const gfp_t gfps[] = { GFP_KERNEL, GFP_TEMPORARY, GFP_KERNEL | __GFP_MOVABLE };
	static struct live live[NR_LIVE];
	gfp_t gfp_mask;
	unsigned int i;

	for (i = 0; i < test_repeats(NR_RANDOM_OPS); i++) {
		struct live *l = &live[test_random_below(NR_LIVE)];

		if (l->virt) {
			release(l);
			continue;
		}
		l->order = test_random_below(4) ? test_random_below(3) : test_random_below(6);
		gfp_mask = gfps[test_random_below(ARRAY_SIZE(gfps))];
		l->virt = (u32 *)__get_free_pages(gfp_mask, l->order);
		if (l->virt)
			stamp(l);
	}
	EXPECT(page_allocator_ok());
	for (i = 0; i < NR_LIVE; i++)
		if (live[i].virt)
			release(&live[i]);
	EXPECT(page_allocator_ok());
}

TEST("a zeroed page is zero after it was used")
{
	unsigned long addr = __get_free_page(GFP_KERNEL);
	const u32 *words;
	unsigned int i;

	ASSERT(addr);
	memset((void *)addr, 0xa5, PAGE_SIZE);
	free_page(addr);
	words = (const u32 *)get_zeroed_page(GFP_KERNEL);
	ASSERT(words);
	for (i = 0; i < PAGE_SIZE / sizeof(u32) && words[i] == 0; i++)
		;
	EXPECT_EQ(i, PAGE_SIZE / sizeof(u32));
	free_page((unsigned long)words);
}

TEST("of a zeroed block each page is zero, whatever the order")
{
	unsigned int order;

	for (order = 1; order < MAX_ORDER; order++) {
		unsigned long addr = __get_free_pages(GFP_KERNEL | __GFP_NOWARN, order), at;

		if (!addr)
			break;
		memset((void *)addr, 0xa5, PAGE_SIZE << order);
		free_pages(addr, order);
		addr = __get_free_pages(GFP_KERNEL | __GFP_ZERO, order);
		ASSERT(addr);
		for (at = addr; at < addr + (PAGE_SIZE << order) && *(u32 *)at == 0; at += PAGE_SIZE)
			;
		EXPECT_EQ(at, addr + (PAGE_SIZE << order));
		free_pages(addr, order);
	}
	EXPECT(order > 1);
}

TEST("alloc_pages_exact() keeps the pages it needs and no more")
{
	unsigned long nr_free = test_free_pages();
	void *virt = alloc_pages_exact(3 * PAGE_SIZE - 1, GFP_KERNEL);

	ASSERT(virt);
	EXPECT_EQ(test_free_pages(), nr_free - 3);
	free_pages_exact(virt, 3 * PAGE_SIZE - 1);
	EXPECT_EQ(test_free_pages(), nr_free);
}

TEST("a page with two references is freed by the second put_page()")
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long nr_free = test_free_pages();

	ASSERT(page);
	get_page(page);
	put_page(page);
	EXPECT_EQ(test_free_pages(), nr_free);
	put_page(page);
	EXPECT_EQ(test_free_pages(), nr_free + 1);
}

TEST("order MAX_ORDER is refused")
{
	EXPECT(!alloc_pages(GFP_KERNEL | __GFP_NOWARN, MAX_ORDER));
}

TEST("a page freed twice is reported, and nothing else happens")
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int bad = nr_bad_pages;
	unsigned long nr_free;

	ASSERT(page);
	__free_page(page);
	nr_free = test_free_pages();
	__free_page(page);
	EXPECT_EQ(nr_bad_pages, bad + 1);
	EXPECT_EQ(test_free_pages(), nr_free);
	EXPECT(page_allocator_ok());
}

TEST("a reserved page cannot be freed")
{
	unsigned int bad = nr_bad_pages;
	unsigned long nr_free = test_free_pages();
	struct page *page = virt_to_page(mem_map);

	ASSERT(PageReserved(page));
	__free_page(page);
	EXPECT_EQ(nr_bad_pages, bad + 1);
	EXPECT_EQ(test_free_pages(), nr_free);
	EXPECT_EQ(page_count(page), 1);
}

static void take_and_give_a_page(void)
{
	struct page *page = alloc_page(GFP_ATOMIC);

	ASSERT(page);
	__free_page(page);
}

TEST("allocating and freeing leaves the interrupt mask as it was")
{
	bool masked = irqs_disabled();
	unsigned long flags;

	take_and_give_a_page();
	EXPECT_EQ(irqs_disabled(), masked);
	local_irq_save(flags);
	take_and_give_a_page();
	EXPECT(irqs_disabled());
	local_irq_restore(flags);
	EXPECT_EQ(irqs_disabled(), masked);
}
