// SPDX-License-Identifier: MIT
/*
 * Failure on demand of page allocations, on the machines of buddy_machine.h.
 */
#include "host.h"
#include "buddy_machine.h"
#include <lib/errno.h>
#include <mm/fail_page_alloc.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/page_debug.h>

TEST_SUITE("fail_nth");

static void boot_failing(void)
{
	EXPECT_EQ(machine_param("fail_nth", "each"), 0);
	machine_boot(&machines[1]);
}

TEST("the parameter takes a number from 1 on or each, and refuses the rest")
{
	EXPECT_EQ(machine_param("fail_nth", NULL), -EINVAL);
	EXPECT_EQ(machine_param("fail_nth", "0"), -EINVAL);
	EXPECT_EQ(machine_param("fail_nth", "-1"), -EINVAL);
	EXPECT_EQ(machine_param("fail_nth", "0x80000000"), -EINVAL);
	EXPECT_EQ(machine_param("fail_nth", "all"), -EINVAL);
	EXPECT(!fail_nth && !static_key_enabled(&page_debug_key));
	EXPECT_EQ(machine_param("fail_nth", "7"), 0);
	EXPECT_EQ(fail_nth, 7);
	EXPECT_EQ(machine_param("fail_nth", "each"), 0);
	EXPECT_EQ(fail_nth, FAIL_NTH_EACH);
	EXPECT(static_key_enabled(&page_debug_key));
}

TEST("exactly the N-th allocation fails, whatever its form and order")
{
	unsigned long nr_free;

	boot_failing();
	nr_free = nr_free_pages();
	for (unsigned int nth = 1; nth <= 8; nth++) {
		struct page *pages[8];

		fail_nth_arm(nth, false);
		for (unsigned int i = 0; i < 8; i++) {
			void *virt = NULL;

			if (i % 3 == 0)
				pages[i] = alloc_pages(GFP_KERNEL | __GFP_COMP, i % 2);
			else if (i % 3 == 1)
				virt = (void *)__get_free_pages(GFP_KERNEL, i % 2);
			else if ((virt = (void *)get_zeroed_page(GFP_KERNEL)))
				EXPECT_EQ(*(u32 *)virt, 0);
			if (i % 3)
				pages[i] = virt ? virt_to_page(virt) : NULL;
			EXPECT_EQ(!pages[i], i + 1 == nth);
		}
		EXPECT(fail_nth_disarm());
		for (unsigned int i = 0; i < 8; i++)
			if (pages[i])
				__free_pages(pages[i], i % 3 == 2 ? 0 : i % 2);
		EXPECT_EQ(nr_free_pages(), nr_free);
	}
	EXPECT(machine_check());
}

TEST("what is disarmed in time does not fail")
{
	boot_failing();
	fail_nth_arm(3, false);
	EXPECT(alloc_page(GFP_KERNEL) && alloc_page(GFP_KERNEL));
	EXPECT(!fail_nth_disarm());
	EXPECT(alloc_page(GFP_KERNEL) && alloc_page(GFP_KERNEL));
	EXPECT(fail_nth_disarm());
}

TEST("requests that must not fail neither count nor fail, unless they are told to")
{
	boot_failing();
	fail_nth_arm(1, false);
	EXPECT(alloc_page(GFP_KERNEL | __GFP_NOFAIL));
	EXPECT(alloc_pages(GFP_KERNEL | __GFP_NOFAIL, 2));
	EXPECT(!alloc_page(GFP_KERNEL));
	EXPECT(fail_nth_disarm());
	fail_nth_arm(2, true);
	EXPECT(alloc_page(GFP_KERNEL | __GFP_NOFAIL));
	EXPECT(!alloc_page(GFP_KERNEL | __GFP_NOFAIL));
	EXPECT(fail_nth_disarm());
}

static const void *chosen;		/* NULL until somebody has allocated twice */
static unsigned int nr_asked;

static bool choose_second(const void *caller, bool object, bool nth)
{
	EXPECT(caller && !object);
	chosen = ++nr_asked == 2 ? caller : chosen;
	return nth || nr_asked == 2;
}

TEST("who is asked which allocation is to fail may choose another than the N-th, and no more than one fails")
{
	boot_failing();
	nr_asked = 0;
	chosen = NULL;
	fail_nth_choose = choose_second;
	fail_nth_arm(4, false);
	EXPECT(alloc_page(GFP_KERNEL));
	EXPECT(!alloc_page(GFP_KERNEL));
	EXPECT(chosen);
	EXPECT(alloc_page(GFP_KERNEL) && alloc_page(GFP_KERNEL));
	EXPECT(fail_nth_disarm());
	EXPECT_EQ(nr_asked, 2);
	fail_nth_arm(1, false);
	EXPECT(!alloc_page(GFP_KERNEL));
	EXPECT(fail_nth_disarm());
	EXPECT_EQ(nr_asked, 3);
	fail_nth_choose = NULL;
}

TEST("alloc_pages_exact() that fails has taken nothing")
{
	unsigned long nr_free;

	boot_failing();
	nr_free = nr_free_pages();
	fail_nth_arm(1, false);
	EXPECT(!alloc_pages_exact(5 * PAGE_SIZE, GFP_KERNEL));
	EXPECT(fail_nth_disarm());
	EXPECT_EQ(nr_free_pages(), nr_free);
}

TEST("arming twice, for no allocation, or without the parameter is a BUG")
{
	machine_boot(&machines[0]);
	HOST_EXPECT_BUG(fail_nth_arm(1, false));
	static_branch_enable(&page_debug_key);
	HOST_EXPECT_BUG(fail_nth_arm(0, false));
	HOST_EXPECT_BUG(fail_nth_arm(FAIL_NTH_MAX + 1, false));
	fail_nth_arm(2, false);
	HOST_EXPECT_BUG(fail_nth_arm(1, false));
}
