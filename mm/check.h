/* SPDX-License-Identifier: MIT */
/*
 * For walkers of the page allocator's structures, which report what is wrong and go on: mm/
 * buddy_check.c, mm/pcp_check.c. The file that includes this defines pr_fmt first.
 */
#ifndef MM_CHECK_H
#define MM_CHECK_H

#include <kernel/printk.h>
#include <lib/list.h>
#include <mm/mm.h>

/*
 * Say what is wrong with a page unless @ok holds, and evaluate to @ok. A macro for the format's
 * sake.
 */
#define page_ok(ok, page, fmt, ...) ({							\
	bool __ok = (ok);								\
	if (!__ok)									\
		pr_err("zone %s, pfn %lx: " fmt "\n", zone_name(page_zone(page)),	\
		       page_to_pfn(page), ##__VA_ARGS__);				\
	__ok; })

#define zone_ok(ok, zone, fmt, ...) ({							\
	bool __ok = (ok);								\
	if (!__ok)									\
		pr_err("zone %s: " fmt "\n", zone_name(zone), ##__VA_ARGS__);		\
	__ok; })

/* The page whose lru @link is, if any page's: see page_in_map(). By numbers, since it may be anything. */
static inline const struct page *page_of_link(const struct list_head *link)
{
	return (const struct page *)((unsigned long)link - offsetof(struct page, lru));
}

#endif
