// SPDX-License-Identifier: MIT
/*
 * Reading gfp masks as people type them.
 */
#include "host.h"
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/gfp_names.h>

TEST_SUITE("gfp_names");

static gfp_t parsed(const char *text)
{
	gfp_t gfp_mask = 0;

	EXPECT(!gfp_parse(text, &gfp_mask));
	return gfp_mask;
}

TEST("each name is its mask, and each bit has a name")
{
	const struct gfp_name *known;
	gfp_t all = 0;

	for (known = gfp_names; known->name; known++) {
		EXPECT_EQ(parsed(known->name), known->mask);
		all |= known->mask;
	}
	EXPECT_EQ(all, __GFP_BITS_MASK);
	EXPECT_EQ(parsed("GFP_KERNEL"), GFP_KERNEL);
	EXPECT_EQ(parsed("__GFP_NO_KSWAPD"), __GFP_NO_KSWAPD);
}

TEST("parts are put together, names and numbers")
{
	EXPECT_EQ(parsed("GFP_HIGHUSER|__GFP_THISNODE"), GFP_HIGHUSER | __GFP_THISNODE);
	EXPECT_EQ(parsed("0xd0|__GFP_DMA|512"), GFP_KERNEL | __GFP_DMA | __GFP_NOWARN);
	EXPECT_EQ(parsed("0"), 0);
	EXPECT_EQ(parsed("0x1ffffff"), __GFP_BITS_MASK);
}

TEST("what means nothing is pointed at")
{
	static const struct { const char *text; size_t at; } bad[] = {
		{ "", 0 }, { "GFP_", 0 }, { "gfp_kernel", 0 }, { "GFP_KERNELS", 0 }, { "-1", 0 },
		{ "0x2000000", 0 }, { "GFP_KERNEL|", 11 }, { "|GFP_KERNEL", 0 },
		{ "GFP_KERNEL||1", 11 }, { "GFP_KERNEL|nonsense|1", 11 }, { "1|2|0x", 4 },
		{ "1|GFP_HIGHUSER_MOVABLE_AND_MORE_THAN_THAT", 2 }, { "99999999999999999999", 0 },
	};
	gfp_t gfp_mask;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (!EXPECT(gfp_parse(bad[i].text, &gfp_mask) == bad[i].text + bad[i].at))
			host_print("\"%s\"", bad[i].text);
}
