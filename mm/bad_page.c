// SPDX-License-Identifier: MIT
/*
 * A page's state in words, and the report of a page that was misused:
 *
 *    BUG: Bad page state: page is reserved  pfn:60010
 *    page:c0a00200 count:1 mapcount:0 mapping:00000000 index:0x0
 *    page flags: 0x10000400(reserved)  zone:Normal
 *    freed by driver_exit+0x34/0x60
 *    page_owner tracks the page as never allocated
 *
 * The last lines come with page_owner=1: who allocated the page, and who freed it last.
 *
 * Nothing here takes the system down: the page allocator keeps the page out of circulation and goes
 * on. What is reported are mistakes of those who use pages, and they learn most when the rest still
 * runs.
 *
 * Formats follow bad_page() and dump_page() of Linux 3.10 (mm/page_alloc.c).
 */
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/mm.h>
#include <mm/page_owner.h>
#include <mm/pcp.h>
#include "check.h"

unsigned int nr_bad_pages;

static const char *const pageflag_names[__NR_PAGEFLAGS] = {
	[PG_locked] = "locked",
	[PG_error] = "error",
	[PG_referenced] = "referenced",
	[PG_uptodate] = "uptodate",
	[PG_dirty] = "dirty",
	[PG_lru] = "lru",
	[PG_active] = "active",
	[PG_slab] = "slab",
	[PG_owner_priv_1] = "owner_priv_1",
	[PG_arch_1] = "arch_1",
	[PG_reserved] = "reserved",
	[PG_private] = "private",
	[PG_private_2] = "private_2",
	[PG_writeback] = "writeback",
	[PG_head] = "head",
	[PG_tail] = "tail",
	[PG_swapcache] = "swapcache",
	[PG_mappedtodisk] = "mappedtodisk",
	[PG_reclaim] = "reclaim",
	[PG_swapbacked] = "swapbacked",
	[PG_unevictable] = "unevictable",
	[PG_mlocked] = "mlocked",
};

static void dump_page_flags(const struct page *page)
{
	const char *separator = "";
	unsigned int bit;

	printk(KERN_ALERT "page flags: %#lx(", page->flags);
	for (bit = 0; bit < __NR_PAGEFLAGS; bit++) {
		if (!test_bit(bit, &page->flags))
			continue;
		pr_cont("%s%s", separator, pageflag_names[bit]);
		separator = "|";
	}
	pr_cont(")  zone:%s\n", zone_name(page_zone(page)));
}

/* Its own count, also of a tail, whose pointer to the head may be what is broken. */
void dump_page(const struct page *page)
{
	printk(KERN_ALERT "page:%p count:%d mapcount:%d mapping:%p index:0x%lx\n",
	       (const void *)page, atomic_read(&page->_count), page_mapcount(page),
	       (void *)page->mapping, page->index);
	dump_page_flags(page);
}

void bad_page(const struct page *page, const char *what, const char *did, const void *caller)
{
	nr_bad_pages++;
	printk(KERN_ALERT "BUG: Bad page state: %s  pfn:%05lx\n", what, page_to_pfn(page));
	dump_page(page);
	printk(KERN_ALERT "%s by %pS\n", did, caller);
	dump_page_owner(page);
}

/* The first thing that is wrong with a page, by the tests of page_is_clean() in mm/page_state.h. */
static const char *what_is_wrong(const struct page *page)
{
	if (PageReserved(page))
		return "page is reserved";
	if (PageBuddy(page))
		return "page is the head of a free block";
	if (page_mapcount(page) != 0)
		return "page is mapped";
	if (page->mapping)
		return "page has an owner in ->mapping";
	if (atomic_read(&page->_count) != 0)
		return "page has references left";
	return "page has flags set";
}

void report_bad_free(struct page *page, const void *caller)
{
	const char *what = what_is_wrong(page);

	/* The reference that was dropped was the one every reserved page has. */
	if (PageReserved(page))
		set_page_count(page, 1);
	bad_page(page, what, "freed", caller);
}

void report_bad_alloc(struct page *page, const void *caller)
{
	bad_page(page, what_is_wrong(page), "allocated", caller);
}

void report_wrong_order(const struct page *page, unsigned int allocated, unsigned int freed,
			const void *caller)
{
	bad_page(page, "page is freed with the wrong order", "freed", caller);
	printk(KERN_ALERT "it was allocated with order %u, and is freed with order %u\n", allocated,
	       freed);
}

void report_bad_tail(const struct page *tail, const struct page *head, const void *caller)
{
	bad_page(tail, "tail page does not point to its head", "freed", caller);
	printk(KERN_ALERT "it belongs to the compound page pfn:%05lx, order %u\n",
	       page_to_pfn(head), compound_order(head));
}

/* A tail has no reference of its own: it can only be freed through its head. */
static void report_tail_freed(const struct page *page, const void *caller)
{
	const struct page *head = compound_head(page);

	bad_page(page, "page is a tail of a compound page", "freed", caller);
	printk(KERN_ALERT "its head is pfn:%05lx, order %u\n", page_to_pfn(head),
	       compound_order(head));
}

struct page *find_free_block(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	struct zone *zone = page_zone(page);
	unsigned int order;

	for (order = 0; order < MAX_ORDER; order++) {
		unsigned long head_pfn = round_down(pfn, 1UL << order);
		struct page *head = pfn_to_page(head_pfn);

		if (!zone_spans_pfn(zone, head_pfn))
			break;
		if (PageBuddy(head) && page_order(head) >= order)
			return head;
	}
	return NULL;
}

/*
 * The first page of the allocated block that @page lies in, but does not begin; NULL if it lies in
 * none. What is allocated as a block is known in debug builds only.
 */
static struct page *find_allocated_block(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	struct zone *zone = page_zone(page);
	unsigned int order;

	for (order = 1; CONFIG_DEBUG_VM && order < MAX_ORDER; order++) {
		unsigned long head_pfn = round_down(pfn, 1UL << order);
		struct page *head = pfn_to_page(head_pfn);

		if (!zone_spans_pfn(zone, head_pfn))
			break;
		if (page_count(head) > 0 && page_alloc_order(head) >= order)
			return head;
	}
	return NULL;
}

/* Can @link be followed: is it a page's lru, or the head of one of @zone's per-CPU lists? */
static bool is_link(const struct zone *zone, const struct list_head *link)
{
	return page_in_map(page_of_link(link)) || is_pcp_list_head(zone, link);
}

/* Is the page linked with its neighbours? One without references, outside a free block: a pcp list. */
static bool is_on_pcplist(const struct zone *zone, const struct page *page)
{
	const struct list_head *next = page->lru.next, *prev = page->lru.prev;

	return is_link(zone, next) && is_link(zone, prev) && next->prev == &page->lru &&
	       prev->next == &page->lru;
}

/* Where a page that has no reference to give up is, as far as that can be told. */
struct whereabouts {
	const struct page *free_head;	/* of the free block that it lies in, or NULL */
	unsigned int free_order;
	const struct page *allocated_head; /* of the allocated block, or NULL */
	bool on_pcplist;
};

static struct whereabouts find_page(struct page *page)
{
	struct whereabouts where = { .allocated_head = find_allocated_block(page) };
	struct zone *zone = page_zone(page);
	unsigned long flags;

	if (where.allocated_head)
		return where;
	spin_lock_irqsave(&zone->lock, flags);
	where.free_head = find_free_block(page);
	if (where.free_head)
		where.free_order = page_order(where.free_head);
	else
		where.on_pcplist = is_on_pcplist(zone, page);
	spin_unlock_irqrestore(&zone->lock, flags);
	return where;
}

void report_not_allocated(struct page *page, const void *caller)
{
	struct whereabouts where;

	set_page_count(page, 0);
	if (PageTail(page)) {
		report_tail_freed(page, caller);
		return;
	}
	where = find_page(page);
	bad_page(page, where.free_head || where.on_pcplist ? "page is free: freed twice" :
		 "page is not the first of an allocated block", "freed", caller);
	if (where.free_head)
		printk(KERN_ALERT "it lies in the free block pfn:%05lx, order %u\n",
		       page_to_pfn(where.free_head), where.free_order);
	else if (where.allocated_head)
		printk(KERN_ALERT "it lies in the allocated block pfn:%05lx, order %u\n",
		       page_to_pfn(where.allocated_head), page_alloc_order(where.allocated_head));
	else if (where.on_pcplist)
		printk(KERN_ALERT "it is on a per-CPU list\n");
}
