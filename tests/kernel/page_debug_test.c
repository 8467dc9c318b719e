// SPDX-License-Identifier: MIT
/*
 * Static keys, poisoning and page owners on the board. Most of it needs the parameters page_poison=1
 * and page_owner=1: tests/boot/page_debug.t gives them.
 */
#include <test.h>
#include <asm/jump_label.h>
#include <kernel/kallsyms.h>
#include <kernel/sections.h>
#include <lib/string.h>
#include <mm/bad_page.h>
#include <mm/fail_page_alloc.h>
#include <mm/gfp.h>
#include <mm/kasan.h>
#include <mm/mm.h>
#include <mm/page_debug.h>
#include <mm/page_owner.h>
#include <mm/page_poison.h>

TEST_SUITE("page_debug");

TEST("every place where a static key is tested is what the key says")
{
	const struct jump_entry *entry;
	unsigned int nr_sites = 0;

	jump_label_check();
	for (entry = __start___jump_table; entry < __stop___jump_table; entry++) {
		EXPECT(entry->code >= (unsigned long)_stext && entry->code < (unsigned long)_etext);
		nr_sites += entry->key == &page_debug_key;
	}
	EXPECT(nr_sites >= 2);
	EXPECT_EQ(page_debugging(), page_poison_on || page_owner_on || fail_nth);
	test_note("%u places test page_debug_key, which is %s", nr_sites,
		  page_debugging() ? "on" : "off");
}

/* Free pages may not be used, but are looked at here, and written to. */
static __no_kasan bool is_filled(const void *virt, u8 byte)
{
	unsigned int i;

	for (i = 0; i < PAGE_SIZE && ((const u8 *)virt)[i] == byte; i++)
		;
	return i == PAGE_SIZE;
}

TEST("a freed page is poison")
{
	struct page *page;

	if (!page_poison_on)
		SKIP("page_poison is off");
	page = alloc_page(GFP_KERNEL);
	ASSERT(page);
	EXPECT(is_filled(page_address(page), PAGE_POISON));
	memset(page_address(page), 0x55, PAGE_SIZE);
	__free_page(page);
	EXPECT(is_filled(page_address(page), PAGE_POISON));
}

#define NR_PROBES	16

/*
 * Ask for pages until one was found bad. The page that was freed last comes next, but not where memory is so
 * small that it does not stay on its list. Return: was there a bad one, and not given out?
 */
static __always_inline bool bad_page_is_met(const struct page *page, unsigned int bad)
{
	struct page *pages[NR_PROBES];
	unsigned int nr = 0;
	bool given_out = false;

	while (nr_bad_pages == bad && nr < NR_PROBES && (pages[nr] = alloc_page(GFP_KERNEL)) != NULL)
		given_out |= pages[nr++] == page;
	while (nr)
		__free_page(pages[--nr]);
	return nr_bad_pages > bad && !given_out;
}

static __no_kasan void write_byte(u8 *byte, u8 value)
{
	*byte = value;
}

/* The page is kept out of circulation, so it is given back in the end, clean. */
TEST("a page that was written to while it was free is reported and not given out")
{
	unsigned int bad = nr_bad_pages;
	struct page *page;

	if (!page_poison_on)
		SKIP("page_poison is off");
	page = alloc_page(GFP_KERNEL);
	ASSERT(page);
	__free_page(page);
	write_byte((u8 *)page_address(page) + 100, 0x78);
	if (!EXPECT(bad_page_is_met(page, bad))) {
		write_byte((u8 *)page_address(page) + 100, PAGE_POISON);
		return;
	}
	EXPECT_EQ(nr_bad_pages, bad + 1);
	EXPECT_EQ(page_count(page), 1);
	__free_page(page);
}

static noinline struct page *careless_driver(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	barrier();	/* no tail call: this function stays in the chain */
	return page;
}

TEST("a page's record names who allocated it")
{
	const unsigned long *chain = NULL;
	unsigned long size, offset;
	unsigned int nr_entries;
	char namebuf[KSYM_NAME_LEN];
	const char *name;
	struct page *page;

	if (!page_owner_on)
		SKIP("page_owner is off");
	page = careless_driver();
	ASSERT(page);
	nr_entries = stack_depot_fetch(lookup_page_owner(page)->alloc_stack, &chain);
	__free_page(page);
	EXPECT(!lookup_page_owner(page)->allocated);
	if (!nr_entries)
		SKIP("the stack depot is full");
	EXPECT(nr_entries > 2);
	name = kallsyms_lookup(chain[0], &size, &offset, namebuf);
	EXPECT(name && strcmp(name, "careless_driver") == 0);
}

TEST("pages that are not given back since a mark are found")
{
	struct page *page;
	u32 mark;

	if (!page_owner_on)
		SKIP("page_owner is off");
	mark = page_owner_mark();
	page = careless_driver();
	ASSERT(page);
	EXPECT_EQ(page_owner_leaks(mark), 1);
	__free_page(page);
	EXPECT_EQ(page_owner_leaks(mark), 0);
	EXPECT(page_owner_check());
}

TEST("a page freed twice is reported with its owner")
{
	unsigned int bad = nr_bad_pages;
	struct page *page = careless_driver();

	ASSERT(page);
	__free_page(page);
	__free_page(page);
	EXPECT_EQ(nr_bad_pages, bad + 1);
}
