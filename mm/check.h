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
		pr_err("zone %s, pfn %lx: " fmt "\n", page_zone(page)->name,		\
		       page_to_pfn(page), ##__VA_ARGS__);				\
	__ok; })

#define zone_ok(ok, zone, fmt, ...) ({							\
	bool __ok = (ok);								\
	if (!__ok)									\
		pr_err("zone %s: " fmt "\n", (zone)->name, ##__VA_ARGS__);		\
	__ok; })

/* Is @link the lru of a page in the map? Only then can it be looked at. */
static inline bool link_in_mem_map(const struct list_head *link)
{
	unsigned long offset = (unsigned long)link - (unsigned long)&mem_map->lru;

	return offset < max_mapnr * sizeof(struct page) && offset % sizeof(struct page) == 0;
}

#endif
