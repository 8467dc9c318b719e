// SPDX-License-Identifier: MIT
/*
 * Page owners: a record for each page of the map, beside it.
 *
 *    mem_map        page    page    page  ...     32 bytes each, always
 *    page_owners    record  record  record ...    16 bytes each, only with page_owner=1
 *                     |
 *                     +-- alloc_stack, free_stack: call chains in the stack depot
 *
 * O1. A record says `allocated' from the time that its page leaves the page allocator until it
 *     comes back. Pages that booting kept are in no record.
 * O2. The records of an allocated block are equal, and their order is the block's.
 * O3. Serial numbers rise: of two allocations the later one has the higher number, until 2^32 of
 *     them have been made.
 *
 * A record is written by whoever owns its page at that moment, so it needs no lock. Readers that do
 * not own the page, the reports, may read one that is just being written.
 *
 * Format and names as in Linux's mm/page_owner.c; the summary is what its tool page_owner_sort
 * makes of it.
 */
#define pr_fmt(fmt) "page_owner: " fmt
#include <kernel/bug.h>
#include <kernel/params.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <lib/string.h>
#include <mm/bad_page.h>
#include <mm/bootmem.h>
#include <mm/mm.h>
#include <mm/page_debug.h>
#include <mm/page_owner.h>

#define NR_TALLIES	(NR_STACKS_MAX + 1)	/* 0: those whose chain found no room */

bool page_owner_on;

/* What one call chain has allocated. */
struct tally {
	unsigned long nr_pages, nr_blocks;
	const struct page *example;
};

static struct page_owner *page_owners;	/* by page number in the map */
static struct tally *tallies;		/* by call chain; one report at a time fills them */
static atomic_t last_serial;

static int __init early_page_owner(char *value)
{
	return page_debug_param(value, &page_owner_on);
}
early_param("page_owner", early_page_owner);

void __init page_owner_init(void)
{
	unsigned long bytes = max_mapnr * sizeof(*page_owners);

	if (!page_owner_on)
		return;
	BUG_ON(!mem_map || page_owners, "there are %lu pages, and records at %p", max_mapnr,
	       (void *)page_owners);
	page_owners = alloc_bootmem_pages(bytes);
	tallies = alloc_bootmem(NR_TALLIES * sizeof(*tallies));
	stack_depot_init();
	pr_info("%lu KiB at %p, %zu bytes for each of %lu pages\n", bytes >> 10,
		(void *)page_owners, sizeof(*page_owners), max_mapnr);
}

static struct page_owner *owner_of(const struct page *page)
{
	BUG_ON(!page_in_map(page), "%p is no struct page", (const void *)page);
	return &page_owners[page - mem_map];
}

const struct page_owner *lookup_page_owner(const struct page *page)
{
	return page_owners ? owner_of(page) : NULL;
}

/* --- Keeping records --- */

void set_page_owner(struct page *page, unsigned int order, gfp_t gfp_mask, const void *caller)
{
	struct page_owner *owner = owner_of(page);
	struct page_owner record = {
		.serial = atomic_inc_return(&last_serial), .gfp_mask = gfp_mask, .order = order,
		.alloc_stack = stack_depot_save_from(caller, STACK_DEPTH), .alloc_cpu = raw_smp_processor_id(),
		.allocated = true,
	};
	unsigned int i;

	VM_BUG_ON(order >= MAX_ORDER, "order %u", order);
	for (i = 0; i < 1U << order; i++) {
		VM_BUG_ON(owner[i].allocated, "pfn %lx is allocated, by serial %u",
			  page_to_pfn(page + i), owner[i].serial);
		record.free_stack = owner[i].free_stack;
		record.free_cpu = owner[i].free_cpu;
		owner[i] = record;
	}
}

bool reset_page_owner(struct page *page, unsigned int order, const void *caller)
{
	struct page_owner *owner = owner_of(page);
	depot_stack_handle_t free_stack;
	unsigned int i;

	VM_BUG_ON(order >= MAX_ORDER, "order %u", order);
	if (owner->allocated && owner->order != order) {
		report_wrong_order(page, owner->order, order, caller);
		return false;
	}
	free_stack = stack_depot_save_from(caller, STACK_DEPTH);
	for (i = 0; i < 1U << order; i++) {
		owner[i].free_stack = free_stack;
		owner[i].free_cpu = raw_smp_processor_id();
		owner[i].allocated = false;
	}
	return true;
}

void split_page_owner(struct page *page, unsigned int order)
{
	struct page_owner *owner = owner_of(page);
	unsigned int i;

	VM_BUG_ON(owner->order != order, "pfn %lx has order %u, not %u", page_to_pfn(page),
		  owner->order, order);
	for (i = 0; i < 1U << order; i++)
		owner[i].order = 0;
}

/* --- Reports --- */

void dump_page_owner(const struct page *page)
{
	const struct page_owner *owner = lookup_page_owner(page);

	if (!owner)
		return;
	if (!owner->serial) {
		printk(KERN_INFO "page_owner tracks the page as never allocated\n");
		return;
	}
	printk(KERN_INFO "page_owner tracks the page as %s\n", owner->allocated ? "allocated" : "freed");
	printk(KERN_INFO "page last allocated via order %u, gfp_mask 0x%x, cpu %u, serial %u\n",
	       owner->order, owner->gfp_mask, owner->alloc_cpu, owner->serial);
	stack_depot_print(owner->alloc_stack);
	if (!owner->free_stack)
		return;
	printk(KERN_INFO "page last freed, cpu %u\n", owner->free_cpu);
	stack_depot_print(owner->free_stack);
}

/* Blocks are aligned to their size. */
static bool is_first_of_block(const struct page *page, unsigned int order)
{
	return IS_ALIGNED(page_to_pfn(page), 1UL << order);
}

/* The pages that are allocated, of all time or since @mark, by call chain. */
static void fill_tallies(bool of_all_time, u32 mark)
{
	unsigned long i;

	memset(tallies, 0, NR_TALLIES * sizeof(*tallies));
	for (i = 0; i < max_mapnr; i++) {
		const struct page_owner *owner = &page_owners[i];
		struct tally *tally = &tallies[owner->alloc_stack];

		/* Serial numbers wrap, so it is their difference that counts. */
		if (!owner->allocated || (!of_all_time && (s32)(owner->serial - mark) <= 0))
			continue;
		tally->nr_pages++;
		tally->nr_blocks += is_first_of_block(mem_map + i, owner->order);
		if (!tally->example)
			tally->example = mem_map + i;
	}
}

static struct tally *largest_tally(void)
{
	struct tally *tally, *largest = tallies;

	for (tally = tallies; tally < tallies + NR_TALLIES; tally++)
		if (tally->nr_pages > largest->nr_pages)
			largest = tally;
	return largest;
}

static void show_tally(const struct tally *tally)
{
	const struct page_owner *owner = owner_of(tally->example);

	printk(KERN_INFO "%lu times, %lu pages, the first is pfn:%05lx, order %u, gfp_mask 0x%x, cpu %u:\n",
	       tally->nr_blocks, tally->nr_pages, page_to_pfn(tally->example), owner->order,
	       owner->gfp_mask, owner->alloc_cpu);
	stack_depot_print(tally - tallies);
}

/* The largest first. Return: the sum of all pages. */
static unsigned long show_tallies(void)
{
	unsigned long sum = 0;
	struct tally *tally;

	for (tally = largest_tally(); tally->nr_pages; tally = largest_tally()) {
		show_tally(tally);
		sum += tally->nr_pages;
		tally->nr_pages = 0;
	}
	return sum;
}

void show_page_owner(void)
{
	unsigned long nr_pages;

	if (!page_owners) {
		pr_info("off: boot with page_owner=1\n");
		return;
	}
	fill_tallies(true, 0);
	nr_pages = show_tallies();
	pr_info("%lu pages are allocated; %u different call chains so far\n", nr_pages,
		stack_depot_count());
}

u32 page_owner_mark(void)
{
	return atomic_read(&last_serial);
}

unsigned long page_owner_leaks(u32 mark)
{
	if (!page_owners)
		return 0;
	fill_tallies(false, mark);
	return show_tallies();
}

/* --- Checking --- */

static bool check_record(unsigned long i)
{
	const struct page_owner *owner = &page_owners[i];
	unsigned long head = round_down(page_to_pfn(mem_map + i), 1UL << owner->order);
	const struct page_owner *first = owner_of(pfn_to_page(head));

	if (!owner->allocated)
		return true;
	if (PageBuddy(mem_map + i) || PageReserved(mem_map + i)) {
		pr_err("pfn %lx is free or reserved, and said to be allocated\n",
		       page_to_pfn(mem_map + i));
		return false;
	}
	if (!first->allocated || first->serial != owner->serial || first->order != owner->order) {
		pr_err("pfn %lx and %lx are of one block, with different records\n", head,
		       page_to_pfn(mem_map + i));
		return false;
	}
	return true;
}

bool page_owner_check(void)
{
	unsigned long i;

	if (!page_owners)
		return true;
	stack_depot_check();
	for (i = 0; i < max_mapnr; i++)
		if (!check_record(i))
			return false;
	return true;
}
