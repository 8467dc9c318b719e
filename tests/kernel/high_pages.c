// SPDX-License-Identifier: MIT
/*
 * Pages of high memory for tests.
 */
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <mm/numa.h>
#include "high_pages.h"

#define LAST_WORD	(PAGE_SIZE / sizeof(u32) - 1)

/* Nodes may have other memory that such a request gets as well. */
struct page *alloc_high_page(void)
{
	int nid;

	for_each_online_node(nid) {
		struct page *page = alloc_pages_node(nid, GFP_HIGHUSER | __GFP_THISNODE | __GFP_NOWARN, 0);

		if (page && PageHighMem(page))
			return page;
		if (page)
			__free_page(page);
	}
	return NULL;
}

bool alloc_high_pages(struct page **pages, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		pages[i] = alloc_high_page();
		if (!pages[i]) {
			free_high_pages(pages, i);
			return false;
		}
	}
	return true;
}

void free_high_pages(struct page **pages, unsigned int nr)
{
	while (nr--)
		__free_page(pages[nr]);
}

u32 page_sign(const struct page *page)
{
	return (u32)page_to_pfn(page) * 2246822519u;
}

void sign_at(void *vaddr, const struct page *page)
{
	u32 *words = vaddr;

	words[0] = words[LAST_WORD / 2] = words[LAST_WORD] = page_sign(page);
}

bool signed_at(const void *vaddr, const struct page *page)
{
	const u32 *words = vaddr;
	u32 sign = page_sign(page);

	return words[0] == sign && words[LAST_WORD / 2] == sign && words[LAST_WORD] == sign;
}
