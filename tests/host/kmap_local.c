// SPDX-License-Identifier: MIT
/*
 * Temporary mappings on the host, in place of mm/kmap_local.c; and the area of kmap(). A page of
 * high memory gets memory when it is mapped for the first time, and keeps it; nothing is unmapped,
 * but the order is watched.
 */
#include "host.h"
#include "../../mm/highmem_internal.h"
#include <asm/kmap_local.h>
#include <asm/pgalloc.h>
#include <kernel/bug.h>
#include <mm/highmem.h>

#define KM_MAX_NESTING	16
#define PAGES_AT_ONCE	64

/* By page frame; and what is mapped, the newest last. */
static void *high_page[(PHYS_LIMIT - PHYS_OFFSET) >> PAGE_SHIFT];
static const void *nested[KM_MAX_NESTING];
static unsigned int idx;

static void *take_memory(void)
{
	static char *next;
	static unsigned int left;

	if (!left) {
		next = host_shared(PAGES_AT_ONCE * PAGE_SIZE);
		left = PAGES_AT_ONCE;
		host_junk(next, PAGES_AT_ONCE * PAGE_SIZE);
	}
	left--;
	next += PAGE_SIZE;
	return next - PAGE_SIZE;
}

void *__kmap_local_pfn(unsigned long pfn)
{
	void **page = &high_page[pfn - PHYS_PFN_OFFSET];

	BUG_ON(idx == KM_MAX_NESTING, "more than %u mappings nest", KM_MAX_NESTING);
	if (!*page)
		*page = take_memory();
	nested[idx++] = *page;
	return *page;
}

void __kunmap_local(const void *vaddr)
{
	BUG_ON(idx == 0 || (unsigned long)nested[idx - 1] != ((unsigned long)vaddr & PAGE_MASK),
	       "%p is not the newest of %u mappings", vaddr, idx);
	idx--;
}

struct page *kmap_local_to_page(const void *vaddr)
{
	for (unsigned long i = 0; i < sizeof(high_page) / sizeof(high_page[0]); i++)
		if (high_page[i] == (void *)((unsigned long)vaddr & PAGE_MASK))
			return pfn_to_page(PHYS_PFN_OFFSET + i);
	return NULL;
}

void kmap_local_report(void)
{
}

void show_kmap_local(void)
{
}

int kmap_local_check(void)
{
	return idx;
}

/* ---- kmap(), which is the board's, and has no bootmem here to take its books from ---- */

pte_t *pkmap_page_table;

void kmap_init(void)
{
	if (__pte_alloc_kernel(pmd_off_k(PKMAP_BASE)))
		panic("no memory for a table");
	pkmap_page_table = pte_offset_kernel(pmd_off_k(PKMAP_BASE), PKMAP_BASE);
	pkmap = host_shared(sizeof(*pkmap));
}
