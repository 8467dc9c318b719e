// SPDX-License-Identifier: MIT
/*
 * Poisoning, page owners and the stack depot, on the machines of buddy_machine.h.
 */
#include "host.h"
#include "buddy_machine.h"
#include <lib/errno.h>
#include <lib/vsprintf.h>
#include <mm/bad_page.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/page_debug.h>
#include <mm/page_owner.h>
#include <mm/page_poison.h>
#include <mm/stack_depot.h>

TEST_SUITE("page_debug");

#define NR_RANDOM_OPS	2000
#define NR_HELD		16

static void boot_with(const char *name, const struct machine *machine)
{
	EXPECT_EQ(machine_param(name, "1"), 0);
	machine_boot(machine);
}

/* One bad page was reported since the last time, in these words. */
static bool reported(const char *words)
{
	static unsigned int before;
	bool ok = EXPECT_EQ(nr_bad_pages, before + 1) && EXPECT(host_log_has(words));

	before = nr_bad_pages;
	return ok;
}

/* Blocks come and go, plain, zeroed and compound, and all memory is as before. */
static void take_and_give_at_random(void)
{
	static const gfp_t gfps[] = {
		GFP_KERNEL, GFP_KERNEL | __GFP_ZERO, GFP_KERNEL | __GFP_COMP, GFP_HIGHUSER_MOVABLE,
		GFP_HIGHUSER | __GFP_ZERO, GFP_DMA,
	};
	struct page *held[NR_HELD] = { NULL };
	unsigned int orders[NR_HELD] = { 0 };
	unsigned long nr_free = nr_free_pages();

	for (unsigned int op = 0; op < NR_RANDOM_OPS + NR_HELD; op++) {
		unsigned int i = op < NR_RANDOM_OPS ? test_random_below(NR_HELD) : op - NR_RANDOM_OPS;

		if (held[i]) {
			__free_pages(held[i], orders[i]);
			held[i] = NULL;
		} else if (op < NR_RANDOM_OPS) {
			orders[i] = test_random_below(5);
			held[i] = alloc_pages(gfps[test_random_below(ARRAY_SIZE(gfps))], orders[i]);
		}
	}
	EXPECT_EQ(nr_free_pages(), nr_free);
	EXPECT_EQ(nr_bad_pages, 0);
	EXPECT(machine_check());
}

/* --- Parameters --- */

TEST("the parameters take 1, on, 0 and off, and refuse the rest")
{
	static const char *const names[] = { "page_poison", "page_owner" };

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_EQ(machine_param(names[i], "0"), 0);
		EXPECT_EQ(machine_param(names[i], "off"), 0);
		EXPECT_EQ(machine_param(names[i], "2"), -EINVAL);
		EXPECT_EQ(machine_param(names[i], ""), -EINVAL);
		EXPECT_EQ(machine_param(names[i], NULL), -EINVAL);
	}
	EXPECT(!static_key_enabled(&page_debug_key) && !page_poison_on && !page_owner_on);
	EXPECT_EQ(machine_param("page_poison", "on"), 0);
	EXPECT(static_key_enabled(&page_debug_key) && page_poison_on && !page_owner_on);
	EXPECT_EQ(machine_param("page_owner", "1"), 0);
	EXPECT(page_owner_on);
}

/* --- Poisoning --- */

static bool is_filled(const void *virt, u8 byte)
{
	for (unsigned int i = 0; i < PAGE_SIZE; i++)
		if (((const u8 *)virt)[i] != byte)
			return false;
	return true;
}

TEST("every free page is poison from the hand-over on, and a zeroed one is zero")
{
	struct page *page;

	boot_with("page_poison", &machines[0]);
	page = alloc_pages(GFP_KERNEL, 3);
	for (unsigned int i = 0; i < 8; i++)
		EXPECT(is_filled(page_address(page + i), PAGE_POISON));
	memset(page_address(page), 0x55, 8 * PAGE_SIZE);
	__free_pages(page, 3);
	EXPECT(is_filled(page_address(page + 7), PAGE_POISON));
	page = virt_to_page((void *)get_zeroed_page(GFP_KERNEL));
	EXPECT(is_filled(page_address(page), 0));
	__free_page(page);
	EXPECT_EQ(nr_bad_pages, 0);
}

TEST("poisoning changes nothing else, also with high memory, holes and every zone")
{
	boot_with("page_poison", &machines[5]);
	take_and_give_at_random();
}

TEST("a page that was written to while it was free is reported by its bytes, and kept")
{
	struct page *page;
	u8 *virt;

	boot_with("page_poison", &machines[0]);
	page = alloc_page(GFP_KERNEL);
	virt = page_address(page);
	__free_page(page);
	virt[0x123] = 0x78;
	virt[0x12f] = 0x56;
	EXPECT(alloc_page(GFP_KERNEL) != page);
	EXPECT(reported("page was written to while it was free"));
	EXPECT(host_log_has("memory corruption: 2 bytes differ between "));
	EXPECT(host_log_has("the first is 0x78, not 0xaa"));
	EXPECT(host_log_has(": aa aa aa 78 aa aa aa aa aa aa aa aa aa aa aa 56"));
	host_log_clear();
	for (unsigned int i = 0; i < 100; i++)
		EXPECT(alloc_page(GFP_KERNEL) != page);
	EXPECT(machine_check());
}

TEST("the first and the last byte of a block are seen, and a single bit is told from more")
{
	struct page *page;
	u8 *virt;

	boot_with("page_poison", &machines[0]);
	page = alloc_pages(GFP_KERNEL, 2);
	virt = page_address(page);
	__free_pages(page, 2);
	virt[4 * PAGE_SIZE - 1] ^= 0x10;
	EXPECT(alloc_pages(GFP_KERNEL, 2) != page);
	EXPECT(reported("single bit error: 1 bytes differ"));
	page = alloc_pages(GFP_KERNEL, 1);
	virt = page_address(page);
	__free_pages(page, 1);
	virt[0] = 0;
	EXPECT(alloc_pages(GFP_KERNEL, 1) != page);
	EXPECT(reported("memory corruption: 1 bytes differ"));
}

/* --- Page owners --- */

static noinline struct page *careless_driver(unsigned int order)
{
	return alloc_pages(GFP_KERNEL, order);
}

static noinline struct page *other_driver(unsigned int order)
{
	return alloc_pages(GFP_DMA, order);
}

TEST("a page's record says who allocated it, how, and that it is freed")
{
	const struct page_owner *owner;
	struct page *page, *other;

	boot_with("page_owner", &machines[1]);
	page = careless_driver(2);
	other = other_driver(0);
	owner = lookup_page_owner(page);
	for (unsigned int i = 0; i < 4; i++) {
		EXPECT(owner[i].allocated);
		EXPECT_EQ(owner[i].order, 2);
		EXPECT_EQ(owner[i].gfp_mask, GFP_KERNEL);
		EXPECT_EQ(owner[i].serial, owner->serial);
		EXPECT(owner[i].alloc_stack && !owner[i].free_stack);
	}
	EXPECT_EQ(lookup_page_owner(other)->serial, owner->serial + 1);
	EXPECT(lookup_page_owner(other)->alloc_stack != owner->alloc_stack);
	dump_page_owner(page);
	EXPECT(host_log_has("page_owner tracks the page as allocated"));
	EXPECT(host_log_has("page last allocated via order 2, gfp_mask 0xd0, cpu 0, serial "));
	EXPECT(!host_log_has("page last freed"));
	__free_pages(page, 2);
	__free_page(other);
	EXPECT(!owner[3].allocated && owner[3].free_stack);
	dump_page_owner(page);
	EXPECT(host_log_has("page_owner tracks the page as freed"));
	EXPECT(host_log_has("page last freed, cpu 0"));
	dump_page_owner(pfn_to_page(PHYS_PFN_OFFSET));
	EXPECT(host_log_has("page_owner tracks the page as never allocated"));
	EXPECT(page_owner_check());
}

TEST("the summary counts blocks and pages of each caller, the largest first")
{
	const char *big, *small;

	boot_with("page_owner", &machines[1]);
	for (unsigned int i = 0; i < 3; i++)
		EXPECT(careless_driver(2));
	EXPECT(other_driver(0));
	host_log_clear();
	show_page_owner();
	big = strstr(host_log(), "3 times, 12 pages");
	small = strstr(host_log(), "1 times, 1 pages");
	EXPECT(big && small && big < small);
	EXPECT(host_log_has("13 pages are allocated; 2 different call chains so far"));
}

TEST("pages that are not given back since a mark are found, and no others")
{
	struct page *before, *after;
	u32 mark;

	boot_with("page_owner", &machines[1]);
	before = careless_driver(3);
	mark = page_owner_mark();
	EXPECT_EQ(page_owner_leaks(mark), 0);
	after = careless_driver(1);
	__free_page(other_driver(0));
	host_log_clear();
	EXPECT_EQ(page_owner_leaks(mark), 2);
	EXPECT(host_log_has("1 times, 2 pages") && !host_log_has("8 pages"));
	__free_pages(after, 1);
	__free_pages(before, 3);
	EXPECT_EQ(page_owner_leaks(mark), 0);
}

TEST("single pages of a split block have records of their own")
{
	unsigned long bytes = 5 * PAGE_SIZE;
	struct page *page;
	void *virt;
	u32 mark;

	boot_with("page_owner", &machines[0]);
	mark = page_owner_mark();
	virt = alloc_pages_exact(bytes, GFP_KERNEL);
	ASSERT(virt);
	page = virt_to_page(virt);
	EXPECT_EQ(page_owner_leaks(mark), 5);
	EXPECT_EQ(lookup_page_owner(page)->order, 0);
	EXPECT(!lookup_page_owner(page + 5)->allocated);
	EXPECT(machine_check());
	free_pages_exact(virt, bytes);
	EXPECT_EQ(page_owner_leaks(mark), 0);
	EXPECT_EQ(nr_bad_pages, 0);
}

TEST("page owners change nothing else, also with high memory, holes and every zone")
{
	boot_with("page_owner", &machines[5]);
	take_and_give_at_random();
	EXPECT_EQ(page_owner_leaks(0), 0);
}

TEST("a page freed twice is reported with who allocated it and who freed it first")
{
	struct page *page;

	boot_with("page_owner", &machines[0]);
	page = careless_driver(0);
	__free_page(page);
	host_log_clear();
	__free_page(page);
	EXPECT(reported("page is free: freed twice"));
	EXPECT(host_log_has("page last allocated via order 0") && host_log_has("page last freed"));
}

TEST("a page that was written to while it was free is reported with who freed it")
{
	struct page *page;

	EXPECT_EQ(machine_param("page_owner", "1"), 0);
	boot_with("page_poison", &machines[0]);
	page = careless_driver(0);
	__free_page(page);
	((u8 *)page_address(page))[8] = 1;
	EXPECT(careless_driver(0) != page);
	EXPECT(reported("page was written to while it was free"));
	EXPECT(host_log_has("page_owner tracks the page as freed"));
	EXPECT(page_owner_check());
}

TEST("page owners find a wrong order where the page itself does not know its order")
{
	struct page *page;
	unsigned long nr_free;

	boot_with("page_owner", &machines[0]);
	page = careless_driver(2);
	nr_free = nr_free_pages();
	set_page_alloc_order(page, 1);
	__free_pages(page, 1);
	EXPECT(reported("page is freed with the wrong order"));
	EXPECT(host_log_has("it was allocated with order 2, and is freed with order 1"));
	EXPECT_EQ(nr_free_pages(), nr_free);
}

TEST("without the parameter nothing is recorded, filled or printed")
{
	struct page *page;

	machine_boot(&machines[0]);
	page = careless_driver(0);
	host_log_clear();
	dump_page_owner(page);
	EXPECT_EQ(strlen(host_log()), 0);
	EXPECT(!lookup_page_owner(page));
	EXPECT_EQ(page_owner_leaks(page_owner_mark()), 0);
	show_page_owner();
	EXPECT(host_log_has("page_owner: off: boot with page_owner=1"));
	memset(page_address(page), 0x11, PAGE_SIZE);
	__free_page(page);
	EXPECT(is_filled(page_address(page), 0x11));
}

TEST("page_owner_check() sees a record that does not fit its page")
{
	struct page_owner *owner;
	struct page *page;

	boot_with("page_owner", &machines[0]);
	page = careless_driver(1);
	owner = (struct page_owner *)lookup_page_owner(page);
	EXPECT(page_owner_check());
	owner[1].serial++;
	EXPECT(!page_owner_check());
	owner[1].serial--;
	owner[1].order = 0;
	EXPECT(page_owner_check());
	owner[0].order = 0;
	owner[0].allocated = false;
	EXPECT(page_owner_check());
	__free_pages(page, 1);
	owner[0].allocated = true;
	EXPECT(!page_owner_check());
}

/* --- The stack depot --- */

TEST("a call chain is stored once, cut to its innermost part, and found again")
{
	unsigned long chain[STACK_DEPTH + 4];
	const unsigned long *stored;
	depot_stack_handle_t first, second;

	boot_with("page_owner", &machines[0]);
	for (unsigned int i = 0; i < ARRAY_SIZE(chain); i++)
		chain[i] = 0xc0010000 + 4 * i;
	first = stack_depot_save(chain, ARRAY_SIZE(chain));
	EXPECT(first);
	EXPECT_EQ(stack_depot_fetch(first, &stored), STACK_DEPTH);
	EXPECT(!memcmp(stored, chain, sizeof(*chain) * STACK_DEPTH));
	EXPECT_EQ(stack_depot_save(chain, STACK_DEPTH), first);
	second = stack_depot_save(chain, STACK_DEPTH - 1);
	EXPECT(second != first);
	EXPECT_EQ(stack_depot_fetch(second, &stored), STACK_DEPTH - 1);
	EXPECT_EQ(stack_depot_save(chain, 0), 0);
	EXPECT_EQ(stack_depot_fetch(0, &stored), 0);
	HOST_EXPECT_BUG(stack_depot_fetch(second + 1, &stored));
	stack_depot_check();
}

TEST("a chain from a caller that is not in it is stored whole")
{
	const unsigned long *stored;
	depot_stack_handle_t handle;
	unsigned int nr;

	boot_with("page_owner", &machines[0]);
	handle = stack_depot_save_from((void *)4, STACK_DEPTH);
	ASSERT(handle);
	nr = stack_depot_fetch(handle, &stored);
	EXPECT(nr > 0 && nr <= STACK_DEPTH);
	while (nr--)
		EXPECT(stored[nr] != 4);
}

TEST("a full depot answers 0, and still knows what it has")
{
	unsigned long chain[2] = { 0xc0010000, 0 };
	depot_stack_handle_t handle;

	boot_with("page_owner", &machines[0]);
	for (unsigned int i = 1; i <= NR_STACKS_MAX; i++) {
		chain[1] = i;
		ASSERT_EQ(stack_depot_save(chain, 2), i);
	}
	chain[1] = 0;
	EXPECT_EQ(stack_depot_save(chain, 2), 0);
	chain[1] = 7;
	handle = stack_depot_save(chain, 2);
	EXPECT_EQ(handle, 7);
	stack_depot_check();
	dump_page_owner(careless_driver(0));
	EXPECT(host_log_has("unknown: more than 1024 call chains"));
}
