// SPDX-License-Identifier: MIT
/*
 * Rules of the buddy system and the page allocator, one by one, on machines of buddy_machine.h.
 */
#include "host.h"
#include "buddy_machine.h"
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pageblock.h>

TEST_SUITE("buddy");

static struct zone *zone_at(enum zone_type idx)
{
	return &NODE_DATA(0)->node_zones[idx];
}

/* Boot 16 MiB: one zone, Normal. */
static struct zone *boot_small(void)
{
	machine_boot(&machines[0]);
	return zone_at(ZONE_NORMAL);
}

/* Boot 32 MiB, where pages are grouped by mobility: one zone, Normal. */
static struct zone *boot_grouped(void)
{
	machine_boot(&machines[MACHINE_32M]);
	return zone_at(ZONE_NORMAL);
}

static void give_all(struct list_head *taken)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, taken, lru)
		__free_page(page);
}

/* --- Splitting and merging --- */

TEST("freeing the buddy of a free block merges to order + 1")
{
	struct zone *zone = boot_small();
	struct page *page = alloc_pages(GFP_KERNEL, 3);
	unsigned long pfn = page_to_pfn(page), nr_free = zone->free_area[2].nr_free;

	split_page(page, 3);
	for (unsigned int i = 0; i < 4; i++)
		__free_page(page + i);
	EXPECT(PageBuddy(page));
	EXPECT_EQ(page_order(page), 2);
	EXPECT_EQ(zone->free_area[2].nr_free, nr_free + 1);
	EXPECT(!PageBuddy(page + 1) && !PageBuddy(page + 2));
	for (unsigned int i = 4; i < 8; i++)
		__free_page(page + i);
	EXPECT(!PageBuddy(page + 4));
	EXPECT(pfn_valid(pfn) && machine_check());
}

TEST("a block is aligned to its size, whatever the order")
{
	boot_small();
	for (unsigned int order = 0; order < MAX_ORDER; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);

		ASSERT(page);
		EXPECT(IS_ALIGNED(page_to_pfn(page), 1UL << order));
		EXPECT_EQ(page_count(page), 1);
		if (order)
			EXPECT_EQ(page_count(page + 1), 0);
		__free_pages(page, order);
	}
	EXPECT(machine_check());
}

TEST("all memory can be taken page by page, and comes back as the same blocks")
{
	struct zone *zone = boot_small();
	unsigned long nr_free[MAX_ORDER], nr_pages = nr_free_pages();
	LIST_HEAD(taken);

	for (unsigned int order = 0; order < MAX_ORDER; order++)
		nr_free[order] = zone->free_area[order].nr_free;
	EXPECT_EQ(machine_take_all(GFP_KERNEL, &taken), nr_pages);
	EXPECT_EQ(nr_free_pages(), 0);
	EXPECT(machine_check());
	give_all(&taken);
	EXPECT_EQ(nr_free_pages(), nr_pages);
	for (unsigned int order = 0; order < MAX_ORDER; order++)
		EXPECT_EQ(zone->free_area[order].nr_free, nr_free[order]);
	EXPECT(machine_check());
}

TEST("a block whose buddy's pair is free goes to the end of its list")
{
	struct zone *zone = boot_small();
	struct list_head *list = &zone->free_area[0].free_list[MIGRATE_UNMOVABLE];
	struct page *a = alloc_pages(GFP_KERNEL, 2), *b = alloc_pages(GFP_KERNEL, 2);

	ASSERT(a && b);
	split_page(a, 2);
	split_page(b, 2);
	while (!list_empty(list))
		ASSERT(alloc_page(GFP_KERNEL));
	__free_page(a + 2);
	__free_page(a + 3);
	/* a[2..3] is a free pair now: a[1] will merge with it as soon as a[0] is freed. */
	__free_page(b + 1);
	__free_page(a + 1);
	EXPECT(list_first_entry(list, struct page, lru) == b + 1);
	EXPECT(list_last_entry(list, struct page, lru) == a + 1);
}

/* --- Sizes --- */

TEST("order MAX_ORDER is refused with a warning that names the caller")
{
	boot_small();
	EXPECT(!alloc_pages(GFP_KERNEL, MAX_ORDER));
	EXPECT_EQ(host_take_warnings(), 1);
	EXPECT(host_log_has("asks for order 11, the largest is 10"));
	EXPECT(!alloc_pages(GFP_KERNEL | __GFP_NOWARN, MAX_ORDER));
	EXPECT_EQ(host_take_warnings(), 0);
	EXPECT(!__get_free_pages(GFP_KERNEL | __GFP_NOWARN, ~0u));
}

TEST("get_order() is the order of the smallest block that holds so many bytes")
{
	EXPECT_EQ(get_order(1), 0);
	EXPECT_EQ(get_order(PAGE_SIZE), 0);
	EXPECT_EQ(get_order(PAGE_SIZE + 1), 1);
	EXPECT_EQ(get_order(2 * PAGE_SIZE), 1);
	EXPECT_EQ(get_order(2 * PAGE_SIZE + 1), 2);
	EXPECT_EQ(get_order(PAGE_SIZE << 10), 10);
	EXPECT_EQ(get_order((PAGE_SIZE << 10) + 1), 11);
	EXPECT_EQ(get_order(~0UL), 20);
}

TEST("alloc_pages_exact() keeps the pages it needs and no more")
{
	unsigned long nr_free, bytes = 5 * PAGE_SIZE + 1;
	void *virt;

	boot_small();
	nr_free = nr_free_pages();
	virt = alloc_pages_exact(bytes, GFP_KERNEL);
	ASSERT(virt);
	EXPECT_EQ(nr_free_pages(), nr_free - 6);
	EXPECT_EQ(page_count(virt_to_page(virt) + 5), 1);
	EXPECT(machine_check());
	free_pages_exact(virt, bytes);
	EXPECT_EQ(nr_free_pages(), nr_free);
	EXPECT(!alloc_pages_exact((PAGE_SIZE << 10) + 1, GFP_KERNEL | __GFP_NOWARN));
}

TEST("alloc_page_run() has no lowmem for who asks for high memory, of which there is some, and gives what it got back")
{
	unsigned long nr_free;
	struct page *page;

	machine_boot(&machines[3]);
	page = alloc_page_run(GFP_KERNEL | __GFP_HIGHMEM, 1);
	ASSERT(page);
	EXPECT(PageHighMem(page) && page_count(page) == 1 && page_count(page + 1) == 1);
	while (PageHighMem(alloc_page(GFP_KERNEL | __GFP_HIGHMEM)))
		;
	nr_free = nr_free_pages();
	EXPECT(!alloc_page_run(GFP_KERNEL | __GFP_HIGHMEM, 0));
	EXPECT_EQ(nr_free_pages(), nr_free);
	page = alloc_page_run(GFP_KERNEL, 0);
	EXPECT(page && !PageHighMem(page));
	EXPECT(machine_check());
}

TEST("a page with two references is freed by the second put_page()")
{
	struct page *page;
	unsigned long nr_free;

	boot_small();
	page = alloc_page(GFP_KERNEL);
	nr_free = nr_free_pages();
	get_page(page);
	put_page(page);
	EXPECT_EQ(nr_free_pages(), nr_free);
	put_page(page);
	EXPECT_EQ(nr_free_pages(), nr_free + 1);
	EXPECT_EQ(nr_bad_pages, 0);
}

TEST("a zeroed page is zero after it was used")
{
	unsigned long addr;

	boot_small();
	addr = __get_free_page(GFP_KERNEL);
	memset((void *)addr, 0xa5, PAGE_SIZE);
	free_page(addr);
	EXPECT_EQ(get_zeroed_page(GFP_KERNEL), addr);
	for (unsigned int i = 0; i < PAGE_SIZE; i++)
		ASSERT_EQ(((u8 *)addr)[i], 0);
	free_page(0);
	EXPECT_EQ(nr_bad_pages, 0);
}

/* --- Misuse --- */

TEST("a page freed twice is reported, whether it is alone or was merged")
{
	struct page *page;
	unsigned long nr_free;

	boot_small();
	page = alloc_pages(GFP_KERNEL, 1);
	split_page(page, 1);
	__free_page(page + 1);
	nr_free = nr_free_pages();
	__free_page(page + 1);
	EXPECT(bad_page_reported("freed twice", nr_free));
	__free_page(page);
	nr_free = nr_free_pages();
	__free_page(page + 1);
	EXPECT(bad_page_reported("it lies in the free block pfn:", nr_free));
	__free_pages(page, 1);
	EXPECT(bad_page_reported("freed twice", nr_free));
	EXPECT(machine_check());
}

TEST("a page inside an allocated block cannot be freed by itself")
{
	struct page *page;
	unsigned long nr_free;

	boot_small();
	page = alloc_pages(GFP_KERNEL, 3);
	nr_free = nr_free_pages();
	__free_page(page + 3);
	EXPECT(bad_page_reported("not the first of an allocated block", nr_free));
	__free_pages(page, 3);
	EXPECT_EQ(nr_bad_pages, 1);
	EXPECT(machine_check());
}

TEST("a reserved page cannot be freed, again and again")
{
	struct page *page;

	boot_small();
	page = pfn_to_page(PHYS_PFN_OFFSET);
	for (unsigned int i = 0; i < 3; i++) {
		__free_page(page);
		EXPECT(bad_page_reported("page is reserved", nr_free_pages()));
		EXPECT(host_log_has("") && PageReserved(page) && page_count(page) == 1);
	}
	EXPECT(machine_check());
}

TEST("a page that is freed while mapped, owned, flagged or referenced is kept out of circulation")
{
	struct page *pages;
	unsigned long nr_free;

	boot_small();
	pages = alloc_pages(GFP_KERNEL, 2);
	split_page(pages, 2);
	nr_free = nr_free_pages();

	atomic_set(&pages[0]._mapcount, 0);
	__free_page(&pages[0]);
	EXPECT(bad_page_reported("page is mapped", nr_free));
	pages[1].mapping = (struct address_space *)0x1000;
	__free_page(&pages[1]);
	EXPECT(bad_page_reported("page has an owner", nr_free));
	pages[2].flags |= BIT(PG_slab) | BIT(PG_locked);
	__free_page(&pages[2]);
	EXPECT(host_log_has("locked|slab"));
	EXPECT(bad_page_reported("page has flags set", nr_free));
	/* A block of order 1 of which the second page is still somebody's. */
	pages = alloc_pages(GFP_KERNEL, 1);
	nr_free = nr_free_pages();
	set_page_count(&pages[1], 1);
	__free_pages(pages, 1);
	EXPECT(bad_page_reported("page has references left", nr_free));
}

TEST("the head of a free block, to which somebody gave a reference, is not freed with it")
{
	struct page *page;
	unsigned long nr_free;

	boot_small();
	page = alloc_pages(GFP_KERNEL, MAX_ORDER - 1);
	ASSERT(page);
	__free_pages(page, MAX_ORDER - 1);
	ASSERT(PageBuddy(page));
	nr_free = nr_free_pages();
	set_page_count(page, 1);
	__free_page(page);
	EXPECT(bad_page_reported("page is the head of a free block", nr_free));
	EXPECT(machine_check());
}

TEST("a block that is freed with another order is reported, and kept whole")
{
	struct page *page;
	unsigned long nr_free;

	boot_small();
	for (unsigned int order = 0; order < 4; order++) {
		page = alloc_pages(GFP_KERNEL, 2);
		nr_free = nr_free_pages();
		__free_pages(page, order);
		if (order == 2)
			continue;
		EXPECT(host_log_has("it was allocated with order 2, and is freed with order "));
		EXPECT(bad_page_reported("page is freed with the wrong order", nr_free));
		set_page_refcounted(page);
		__free_pages(page, 2);
		EXPECT_EQ(nr_free_pages(), nr_free + 4);
	}
	page = alloc_pages(GFP_KERNEL, 1);
	nr_free = nr_free_pages();
	put_page(page);
	EXPECT(bad_page_reported("page is freed with the wrong order", nr_free));
	EXPECT(machine_check());
}

TEST("a free page that somebody wrote to is not given out")
{
	struct page *page;

	boot_small();
	page = alloc_page(GFP_KERNEL);
	__free_page(page);
	page->mapping = (struct address_space *)0x1000;
	EXPECT(alloc_page(GFP_KERNEL) != page);
	EXPECT_EQ(nr_bad_pages, 1);
	EXPECT(host_log_has("allocated by"));
}

TEST("what is no struct page, no order or no page's address is a BUG")
{
	struct page *page;

	boot_small();
	page = alloc_page(GFP_KERNEL);
	HOST_EXPECT_BUG(__free_page((struct page *)0x1000));
	HOST_EXPECT_BUG(__free_page((struct page *)((char *)page + 4)));
	HOST_EXPECT_BUG(__free_page(mem_map + max_mapnr));
	HOST_EXPECT_BUG(__free_pages(page, MAX_ORDER));
	HOST_EXPECT_BUG(free_pages((unsigned long)high_memory, 0));
	HOST_EXPECT_BUG(free_pages_exact((char *)page_address(page) + 8, 8));
	HOST_EXPECT_BUG(split_page(page + 1, 0));
	HOST_EXPECT_BUG(mark_pages_reserved(PHYS_PFN_OFFSET + max_mapnr - 1, 2));
	__free_page(page);
	EXPECT(machine_check());
}

TEST("pages cannot be had before the hand-off")
{
	unsigned long zones_size[MAX_NR_ZONES], zholes_size[MAX_NR_ZONES];

	EXPECT(!alloc_page(GFP_KERNEL));
	EXPECT(host_log_has("alloc_pages() called too early"));
	machine_boot_to_bootmem(&machines[0], zones_size, zholes_size);
	free_area_init_node(0, zones_size, PHYS_PFN_OFFSET, zholes_size);
	EXPECT(!alloc_page(GFP_KERNEL));
	EXPECT_EQ(nr_free_pages(), 0);
}

/* --- The walker sees what is wrong --- */

/* Break one thing, and put it back. */
#define EXPECT_SEEN(breakage, repair)			\
	do {						\
		breakage;				\
		EXPECT(!buddy_check(zone));		\
		repair;					\
		ASSERT(buddy_check(zone));		\
	} while (0)

TEST("buddy_check() sees each invariant broken")
{
	struct zone *zone = boot_grouped();
	struct free_area *area = &zone->free_area[10];
	struct page *pair = alloc_pages(GFP_KERNEL, 1), *head;
	struct list_head *next;

	split_page(pair, 1);
	__free_page(pair);
	head = list_first_entry(&area->free_list[MIGRATE_MOVABLE], struct page, lru);
	EXPECT_SEEN(set_page_private(head, 9), set_page_private(head, 10));
	EXPECT_SEEN(__ClearPageBuddy(head), __SetPageBuddy(head));
	EXPECT_SEEN(__SetPageBuddy(head + 5), __ClearPageBuddy(head + 5));
	EXPECT_SEEN(set_page_count(head + 1023, 1), set_page_count(head + 1023, 0));
	EXPECT_SEEN(__SetPageReserved(head + 1), __ClearPageReserved(head + 1));
	EXPECT_SEEN(area->nr_free++, area->nr_free--);
	EXPECT_SEEN(atomic_dec(&zone->vm_stat[NR_FREE_PAGES]),
		    atomic_inc(&zone->vm_stat[NR_FREE_PAGES]));
	EXPECT_SEEN(set_page_links(head, ZONE_HIGHMEM, 0), set_page_links(head, ZONE_NORMAL, 0));
	next = head->lru.next;
	EXPECT_SEEN(head->lru.next = NULL, head->lru.next = next);
	EXPECT_SEEN(head->lru.next = &head->lru, head->lru.next = next);
	/* A block that is on no list, and two free buddies that did not merge. */
	EXPECT_SEEN(list_del(&head->lru), list_add(&head->lru, &area->free_list[MIGRATE_MOVABLE]));
	EXPECT_SEEN((__SetPageBuddy(pair + 1), set_page_private(pair + 1, 0)),
		    __ClearPageBuddy(pair + 1));
}
