// SPDX-License-Identifier: MIT
/*
 * What fail_nth=each must cope with (tests/kernel/fail_nth.c): a place that one run in many reaches.
 */
#include <mm/gfp.h>
#include <mm/mm.h>
#include <test.h>

TEST_SUITE("failnth");

#define RARE_RUN	2	/* the third one, in which the third allocation is to fail... */

static unsigned int nr_runs;

/* ...and this is the first. Not inline, so that its name is in the list. */
static noinline struct page *seldom(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	barrier();	/* no jump, which would leave the place to the caller */
	return page;
}

TEST("what is reached in one run only fails there and then")
{
	struct page *pages[4] = { nr_runs++ == RARE_RUN ? seldom() : NULL };

	for (unsigned int i = 1; i < ARRAY_SIZE(pages); i++)
		EXPECT((pages[i] = alloc_page(GFP_KERNEL)));
	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++)
		if (pages[i])
			__free_page(pages[i]);
}
