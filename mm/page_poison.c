// SPDX-License-Identifier: MIT
/*
 * Poisoning of free pages.
 *
 *    hand-over, free           fill with PAGE_POISON
 *    while it is free          nobody has business there
 *    alloc                     all of it still PAGE_POISON? else:
 *
 *    BUG: Bad page state: page was written to while it was free  pfn:60123
 *    page:c0802460 count:1 ...
 *    allocated by driver_probe+0x20/0x60
 *    pagealloc: memory corruption: 4 bytes differ between c0123010 and c0123013, the first is 0x78, not 0xaa
 *    c0123010: 78 56 34 12 aa aa aa aa aa aa aa aa aa aa aa aa
 *
 * P1. While page_poison_on, every byte of every free page is PAGE_POISON. Pages of high memory are given
 *     an address for the moment; it is the one that a report shows.
 *
 * A page that was written to is kept out of circulation: whoever wrote may do it again.
 *
 * Differs from Linux 3.10: which marks the pages that it has filled; here all of them are.
 */
#include <kernel/bug.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/bad_page.h>
#include <mm/highmem.h>
#include <mm/kasan.h>
#include <mm/mm.h>
#include <mm/page_debug.h>
#include <mm/page_poison.h>

#define POISON_WORD	(~0UL / 0xff * PAGE_POISON)
#define BYTES_A_LINE	16
#define LINES_SHOWN	4
#define HEX_BYTE	3	/* characters of " aa" */

bool page_poison_on;

static int __init early_page_poison(char *value)
{
	return page_debug_param(value, &page_poison_on);
}
early_param("page_poison", early_page_poison);

void poison_pages(struct page *page, unsigned int order)
{
	unsigned int i;

	VM_BUG_ON(order >= MAX_ORDER, "order %u", order);
	kasan_unpoison_pages(page, order);	/* whose red zones are in it is over */
	for (i = 0; i < 1U << order; i++)
		memset_page(page + i, 0, PAGE_POISON, PAGE_SIZE);
}

/* Which bytes of a page are not poison. */
struct damage {
	const u8 *first, *last;
	unsigned int nr_bytes;
	unsigned int nr_bits;
};

static struct damage find_damage(const u8 *virt)
{
	struct damage damage = { .first = NULL };
	unsigned int i;

	for (i = 0; i < PAGE_SIZE; i++) {
		if (virt[i] == PAGE_POISON)
			continue;
		if (!damage.first)
			damage.first = &virt[i];
		damage.last = &virt[i];
		damage.nr_bytes++;
		damage.nr_bits += hweight_long(virt[i] ^ PAGE_POISON);
	}
	return damage;
}

static void dump_line(const u8 *virt)
{
	char text[BYTES_A_LINE * HEX_BYTE + 1];
	unsigned int i;

	for (i = 0; i < BYTES_A_LINE; i++)
		snprintf(text + i * HEX_BYTE, HEX_BYTE + 1, " %02x", virt[i]);
	printk(KERN_ALERT "%p:%s\n", (const void *)virt, text);
}

/* @virt: where the page is seen. */
static void report_damage(const struct page *page, const u8 *virt, const void *caller)
{
	struct damage damage = find_damage(virt);
	const u8 *line = (const u8 *)round_down((unsigned long)damage.first, BYTES_A_LINE);
	unsigned int i;

	BUG_ON(!damage.first, "pfn %lx is poisoned as it should be", page_to_pfn(page));
	bad_page(page, "page was written to while it was free", "allocated", caller);
	printk(KERN_ALERT "pagealloc: %s: %u bytes differ between %p and %p, the first is 0x%02x, not 0x%02x\n",
	       damage.nr_bits == 1 ? "single bit error" : "memory corruption", damage.nr_bytes,
	       (const void *)damage.first, (const void *)damage.last, *damage.first, PAGE_POISON);
	for (i = 0; i < LINES_SHOWN && line <= damage.last; i++, line += BYTES_A_LINE)
		dump_line(line);
}

static bool is_poison(const unsigned long *word)
{
	const unsigned long *end = word + PAGE_SIZE / sizeof(*word);

	while (word < end && *word == POISON_WORD)
		word++;
	return word == end;
}

static bool check_page(struct page *page, const void *caller)
{
	const void *virt = kmap_local_page(page);
	bool ok = is_poison(virt);

	if (unlikely(!ok))
		report_damage(page, virt, caller);
	kunmap_local(virt);
	return ok;
}

bool check_poison(struct page *page, unsigned int order, const void *caller)
{
	unsigned int i;

	VM_BUG_ON(order >= MAX_ORDER, "order %u", order);
	for (i = 0; i < 1U << order; i++)
		if (!check_page(page + i, caller))
			return false;
	return true;
}
