// SPDX-License-Identifier: MIT
/*
 * What is said of a page: each state it can be in, by an address in it. tests/gdb/whatis.t asks gdb's command the same.
 */
#include "host.h"
#include "slab_machine.h"
#include "../../mm/slab_internal.h"
#include <kernel/sections.h>
#include <kernel/stop_machine.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/slab.h>
#include <mm/whatis.h>

TEST_SUITE("whatis");

static const struct machine machine = {
	.name = "two banks, and a hole between them", .banks = { { 0, MIB(16) }, { MIB(20), MIB(16) } },
	.reserved = { { MIB(8), 3 } },
};

/* The C library has none. */
long strscpy(char *dest, const char *src, size_t size)
{
	return (long)scnprintf(dest, size, "%s", src);
}

/* Only this CPU runs. */
int stop_machine(int (*func)(void *data), void *data)
{
	return func(data);
}

/* Does the answer for an address, or for a page without one, have these words? */
static bool is_said(unsigned long pfn, const void *addr, const char *words)
{
	host_log_clear();
	show_whatis_page(pfn, (unsigned long)addr);
	if (EXPECT(host_log_has(words)))
		return true;
	host_print("wanted: %s", words);
	host_print("got: %s", host_log());
	return false;
}

static bool page_is(const struct page *page, const char *words)
{
	return is_said(page_to_pfn(page), NULL, words);
}

TEST("a page of RAM is free, with the block that it lies in, or allocated, with what it is")
{
	struct page *page, *block;
	struct per_cpu_pages *pcp;
	char text[80];

	slab_machine_boot(&machine);
	setup_per_cpu_pageset();
	pcp = &this_cpu_ptr(NODE_DATA(0)->node_zones[ZONE_NORMAL].pageset)->pcp;
	pcp->batch = 8;
	pcp->high = 48;
	page = alloc_page(GFP_KERNEL);
	block = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);
	ASSERT(page && block);
	page_is(page, "allocated: 1 reference\n");
	get_page(page);
	page_is(page, "allocated: 2 references\n");
	put_page(page);
	page_is(block, "allocated: 1 reference, the head of a compound page of order 3\n");
	snprintf(text, sizeof(text), "allocated: a tail of the compound page at pfn 0x%05lx\n", page_to_pfn(block));
	page_is(block + 7, text);
	__free_page(page);
	snprintf(text, sizeof(text), "free: on a list of CPU 0, in a block of order 0 that begins at pfn 0x%05lx\n",
		 page_to_pfn(page));
	page_is(page, text);
	__free_pages(block, 3);
	block = alloc_pages(GFP_KERNEL, MAX_ORDER - 1);
	ASSERT(block);
	page_is(block + 1, "allocated, as a page behind the first of its block\n");
	__free_pages(block, MAX_ORDER - 1);
	page_is(block, "free: the head of a block of order 10 (1024 pages)\n");
	snprintf(text, sizeof(text), "free: inside the block of order 10 that begins at pfn 0x%05lx\n", page_to_pfn(block));
	page_is(block + 5, text);
}

TEST("a hole is one, and what is kept since boot has an owner")
{
	slab_machine_boot(&machine);
	is_said(PHYS_PFN_OFFSET + MIB(18), NULL, "in a hole: there is no RAM\n");
	is_said(PHYS_PFN_OFFSET + MIB(8) + 2, NULL, "kept since boot: reserved[0x");
	page_is(virt_to_page(mem_map), "kept since boot: mem_map\n");
}

TEST("an address in a slab is in an object, in use or free, or in none")
{
	struct kmem_cache *cachep;
	char *objp, *other, *page;
	unsigned int i;
	char text[120];

	slab_machine_boot(&machine);
	cachep = kmem_cache_create("told", 200, 0, SLAB_NO_MERGE | SLAB_POISON, NULL);
	objp = kmem_cache_alloc(cachep, GFP_KERNEL);
	other = kmem_cache_alloc(cachep, GFP_KERNEL);
	ASSERT(cachep && objp && other);
	snprintf(text, sizeof(text), "  object 0x%08lx of cache told, offset 8 of 200: in use\n", (unsigned long)objp);
	is_said(page_to_pfn(virt_to_page(objp)), objp + 8, text);
	kmem_cache_free(cachep, objp);
	snprintf(text, sizeof(text), "  object 0x%08lx of cache told, offset 8 of 200: free\n", (unsigned long)objp);
	is_said(page_to_pfn(virt_to_page(objp)), objp + 8, text);
	page = (char *)ALIGN_DOWN((unsigned long)objp, PAGE_SIZE);
	for (i = 0; i < PAGE_SIZE && nearest_obj(cachep, page + i); i++)
		;
	ASSERT(i < PAGE_SIZE);
	is_said(page_to_pfn(virt_to_page(page)), page + i, "  in a slab of cache told, in no object of it\n");
}
