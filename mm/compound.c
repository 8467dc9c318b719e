// SPDX-License-Identifier: MIT
/*
 * Compound pages: how a block becomes one thing, and many pages again.
 *
 *    order 2     head          tail          tail          tail
 *              +-------------+-------------+-------------+-------------+
 *     flags    | PG_head     | PG_tail     | PG_tail     | PG_tail     |
 *     _count   | references  | 0           | 0           | 0           |
 *     private  | the owner's | first_page: the head ................. |
 *     lru      | the owner's | dtor, order | the owner's ............. |
 *              +-------------+-------------+-------------+-------------+
 *
 * C1. The first page has PG_head, all others have PG_tail, none has both.
 * C2. Every tail's first_page is the head; the first tail has destructor and order.
 * C3. Only the head has references: get_page() and put_page() of a tail count there.
 *
 * The marks are made by prep_as_asked() (mm/page_alloc.c) and taken off by free_pages_prepare()
 * (mm/page_free.c).
 *
 * Differs from Linux 3.10: a tail that somebody holds is not counted as such in its _mapcount,
 * which is only needed where a compound page may be split under its users; and order and
 * destructor have fields of their own, as in later versions.
 */
#define pr_fmt(fmt) "compound_check: " fmt
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <mm/bad_page.h>
#include <mm/compound.h>
#include <mm/gfp.h>
#include <mm/mm.h>

void prep_compound_page(struct page *page, unsigned int order)
{
	unsigned int i;

	BUG_ON(order == 0 || order >= MAX_ORDER, "order %u", order);
	VM_BUG_ON(PageCompound(page), "pfn %lx belongs to a compound page", page_to_pfn(page));
	__SetPageHead(page);
	for (i = 1; i < 1U << order; i++) {
		VM_BUG_ON(PageCompound(page + i), "pfn %lx belongs to a compound page",
			  page_to_pfn(page + i));
		page[i].first_page = page;
		__SetPageTail(page + i);
	}
	page[1].compound_order = order;
	set_compound_page_dtor(page, free_compound_page);
}

/* The first tail of @page, of @order, that is not as prep_compound_page() left it; or NULL. */
static const struct page *find_bad_tail(const struct page *page, unsigned int order)
{
	unsigned int i;

	for (i = 1; i < 1U << order; i++)
		if (!PageTail(page + i) || PageHead(page + i) || page[i].first_page != page)
			return page + i;
	return NULL;
}

bool destroy_compound_page(struct page *page, unsigned int order, const void *caller)
{
	const struct page *bad;
	unsigned int i;

	VM_BUG_ON(!PageHead(page), "pfn %lx is no head", page_to_pfn(page));
	if (unlikely(compound_order(page) != order)) {
		report_wrong_order(page, compound_order(page), order, caller);
		return false;
	}
	bad = find_bad_tail(page, order);
	if (unlikely(bad)) {
		report_bad_tail(bad, page, caller);
		return false;
	}
	for (i = 1; i < 1U << order; i++) {
		__ClearPageTail(page + i);
		set_page_private(page + i, 0);
	}
	__ClearPageHead(page);
	return true;
}

/* --- Checking --- */

/* Says what is wrong with a page unless @ok holds. Evaluates to @ok. */
#define page_ok(ok, page, fmt, ...) ({							\
	bool __ok = (ok);								\
	if (!__ok)									\
		pr_err("pfn %lx: " fmt "\n", page_to_pfn(page), ##__VA_ARGS__);		\
	__ok; })

bool compound_check(const struct page *head)
{
	const struct page *bad;
	unsigned int i, order;

	if (!page_ok(PageHead(head) && !PageTail(head), head, "is not the head of a compound page"))
		return false;
	order = compound_order(head);
	if (!page_ok(order > 0 && order < MAX_ORDER, head, "a compound page of order %u", order) ||
	    !page_ok(IS_ALIGNED(page_to_pfn(head), 1UL << order), head,
		     "not aligned to its order, %u", order) ||
	    !page_ok(get_compound_page_dtor(head), head, "nobody would free it"))
		return false;
	bad = find_bad_tail(head, order);
	if (!page_ok(!bad, bad ? bad : head, "is no tail of pfn %lx", page_to_pfn(head)))
		return false;
	for (i = 1; i < 1U << order; i++)
		if (!page_ok(atomic_read(&head[i]._count) == 0, head + i,
			     "a tail with references of its own"))
			return false;
	return true;
}
