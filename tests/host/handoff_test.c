// SPDX-License-Identifier: MIT
/*
 * Who owns memory: mm/handoff.c.
 */
#include "host.h"
#include <mm/handoff.h>

TEST_SUITE("handoff");

TEST("memory belongs to memblock at first, and memblock is not refused")
{
	EXPECT_EQ(mm_stage, MM_MEMBLOCK);
	EXPECT(!mm_refuse(MM_MEMBLOCK, "f", NULL));
	EXPECT(host_log()[0] == '\0');
}

TEST("a caller that is too late is told who owns memory and what to call")
{
	mm_hand_over(MM_BOOTMEM);
	EXPECT(mm_refuse(MM_MEMBLOCK, "memblock_reserve", NULL));
	EXPECT(host_log_has("memblock_reserve() called too late"));
	EXPECT(host_log_has("alloc_bootmem()"));
	mm_hand_over(MM_BUDDY);
	EXPECT(mm_refuse(MM_BOOTMEM, "alloc_bootmem", NULL));
	EXPECT(host_log_has("alloc_pages()"));
}

TEST("a caller that is too early is refused as well")
{
	EXPECT(mm_refuse(MM_BUDDY, "alloc_pages", NULL));
	EXPECT(host_log_has("alloc_pages() called too early"));
}

TEST("memory is handed over to the next allocator only")
{
	HOST_EXPECT_BUG(mm_hand_over(MM_BUDDY));
	HOST_EXPECT_BUG(mm_hand_over(MM_MEMBLOCK));
	mm_hand_over(MM_BOOTMEM);
	HOST_EXPECT_BUG(mm_hand_over(MM_BOOTMEM));
	HOST_EXPECT_BUG(mm_hand_over(MM_MEMBLOCK));
	HOST_EXPECT_BUG(mm_hand_over((enum mm_stage)7));
}
