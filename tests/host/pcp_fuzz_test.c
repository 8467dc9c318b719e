// SPDX-License-Identifier: MIT
/*
 * The per-CPU page lists under random load from four CPUs that take turns, against the model of
 * which pages are in use (buddy_model.h). To the model a page on a list is free. After every
 * operation all pages must be accounted for; when all lists are drained, the free blocks must be
 * exactly the model's.
 *
 * Which zone serves a request cannot be told, since pages of the best one may be on another CPU's
 * lists; but it is one that the request allows, and a request that may wait fails only if the model
 * has no such block.
 */
#include "host.h"
#include "fuzz.h"
#include "buddy_machine.h"
#include "buddy_model.h"
#include <kernel/cpumask.h>
#include <lib/vsprintf.h>
#include <mm/bad_page.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/numa.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>

TEST_SUITE("pcp");

#define MAX_LIVE	8192
#define CHECK_EVERY	500	/* operations between two walks over everything */

enum { OP_ALLOC, OP_FREE, OP_BURST, OP_FREE_BURST, OP_CPU, OP_DRAIN, OP_DRAIN_ALL, OP_FRACTION,
       OP_TYPE, OP_MISUSE, OP_FREE_ALL, NR_OPS };

static const char *const op_names[NR_OPS] = {
	"alloc", "free", "burst", "free_burst", "cpu", "drain", "drain_all", "fraction", "type",
	"misuse", "free_all",
};

static const gfp_t gfps[] = {
	GFP_KERNEL, GFP_HIGHUSER, GFP_HIGHUSER_MOVABLE, GFP_TEMPORARY, GFP_ATOMIC, GFP_DMA,
	GFP_KERNEL | __GFP_COLD, GFP_HIGHUSER_MOVABLE | __GFP_COLD, GFP_KERNEL | __GFP_MOVABLE,
	__GFP_HIGHMEM, GFP_KERNEL | __GFP_DMA,
};

struct live {
	unsigned long pfn;
	unsigned int order;
};

static struct live live[MAX_LIVE];
static unsigned int nr_live;
static unsigned long nr_live_pages;
static unsigned long nr_applied;

/* --- Operations --- */

/* May a request with @gfp_mask be served from the zone of @page? */
static bool zone_allowed(gfp_t gfp_mask, const struct page *page)
{
	return page_zonenum(page) <= gfp_high_zoneidx(gfp_mask);
}

static bool apply_alloc(gfp_t gfp_mask, unsigned int order)
{
	struct page *page;
	unsigned long pfn;

	if (nr_live == MAX_LIVE)
		return true;
	page = alloc_pages(gfp_mask, order);
	if (!page)
		return !(gfp_mask & __GFP_WAIT) || EXPECT(!model_zone_for(numa_node_id(), gfp_mask, order));
	pfn = page_to_pfn(page);
	live[nr_live++] = (struct live){ pfn, order };
	nr_live_pages += 1UL << order;
	return EXPECT(zone_allowed(gfp_mask, page)) && EXPECT(IS_ALIGNED(pfn, 1UL << order)) &&
	       EXPECT_EQ(page_count(page), 1) && EXPECT_EQ(page_private(page), 0) &&
	       EXPECT(model_take(pfn, 1UL << order));
}

static bool apply_free(u32 which)
{
	struct live l;

	if (!nr_live)
		return true;
	which %= nr_live;
	l = live[which];
	live[which] = live[--nr_live];
	nr_live_pages -= 1UL << l.order;
	__free_pages(pfn_to_page(l.pfn), l.order);
	return EXPECT(model_give(l.pfn, 1UL << l.order));
}

static bool apply_burst(gfp_t gfp_mask, unsigned int nr)
{
	while (nr--)
		if (!apply_alloc(gfp_mask, 0))
			return false;
	return true;
}

/* The newest first or the oldest first, which are merged by different ways. */
static bool apply_free_burst(unsigned int nr, bool newest)
{
	while (nr-- && nr_live)
		if (!apply_free(newest ? nr_live - 1 : nr_live > nr ? nr_live - 1 - nr : 0))
			return false;
	return true;
}

/* A pageblock changes its type, and its free pages with it; pages on lists do not. */
static bool apply_type(u32 offset, u32 type)
{
	struct page *page = pfn_to_page(PHYS_PFN_OFFSET + offset % max_mapnr);
	struct zone *zone = page_zone(page);
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	set_pageblock_migratetype(page, type % MIGRATE_PCPTYPES);
	move_freepages_block(zone, page, type % MIGRATE_PCPTYPES);
	spin_unlock_irqrestore(&zone->lock, flags);
	return true;
}

/* Free a page that nobody has: it is reported, and nothing changes. */
static bool apply_misuse(u32 offset)
{
	struct page *page = pfn_to_page(PHYS_PFN_OFFSET + offset % max_mapnr);
	unsigned int before = nr_bad_pages;

	if (page_count(page) != 0)
		return true;
	__free_page(page);
	host_log_clear();
	return EXPECT_EQ(nr_bad_pages, before + 1) && EXPECT_EQ(page_count(page), 0);
}

static bool apply_drain_all(void)
{
	drain_all_pages();
	return EXPECT_EQ(nr_pcp_pages(), 0) && EXPECT(model_agrees());
}

static bool apply_free_all(void)
{
	while (nr_live)
		if (!apply_free(nr_live - 1))
			return false;
	return apply_drain_all() && EXPECT_EQ(nr_free_pages(), totalram_pages);
}

static bool apply_one(const struct fuzz_op *op)
{
	gfp_t gfp_mask = gfps[op->arg[0] % ARRAY_SIZE(gfps)];

	switch (op->kind) {
	case OP_ALLOC:
		return apply_alloc(gfp_mask, op->arg[1] % MAX_ORDER);
	case OP_FREE:
		return apply_free(op->arg[0]);
	case OP_BURST:
		return apply_burst(gfp_mask, op->arg[1] % 256);
	case OP_FREE_BURST:
		return apply_free_burst(op->arg[1] % 256, op->arg[0] % 2);
	case OP_CPU:
		host_set_cpu(op->arg[0] % NR_CPUS);
		return true;
	case OP_DRAIN:
		drain_pages(op->arg[0] % NR_CPUS);
		return true;
	case OP_DRAIN_ALL:
		return apply_drain_all();
	case OP_FRACTION:
		return EXPECT_EQ(set_percpu_pagelist_fraction(op->arg[0] % 2 ?
							      op->arg[1] % 1000 + 8 : 0), 0);
	case OP_TYPE:
		return apply_type(op->arg[0], op->arg[1]);
	case OP_MISUSE:
		return apply_misuse(op->arg[0]);
	default:
		return apply_free_all();
	}
}

static bool apply(const struct fuzz_op *op)
{
	if (!apply_one(op) ||
	    !EXPECT_EQ(nr_free_pages() + nr_pcp_pages(), totalram_pages - nr_live_pages))
		return false;
	return ++nr_applied % CHECK_EVERY != 0 || EXPECT(machine_check());
}

/* --- The engine's side --- */

static void reset(void)
{
	machine_restore();
	setup_per_cpu_pageset();
	model_start();
	host_set_cpu(0);
	nr_live = 0;
	nr_live_pages = 0;
	nr_applied = 0;
}

/* Kinds in a thousand; those that change much are rare. */
static const struct {
	u32 kind, share;
} mix[] = {
	{ OP_CPU, 200 }, { OP_FREE, 300 }, { OP_BURST, 30 }, { OP_FREE_BURST, 40 }, { OP_DRAIN, 20 },
	{ OP_DRAIN_ALL, 10 }, { OP_FRACTION, 5 }, { OP_TYPE, 20 }, { OP_MISUSE, 20 },
	{ OP_FREE_ALL, 2 },
};

static u32 random_kind(void)
{
	u32 dice = test_random_below(1000);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mix); i++) {
		if (dice < mix[i].share)
			return mix[i].kind;
		dice -= mix[i].share;
	}
	return OP_ALLOC;
}

static void generate(struct fuzz_op *op)
{
	op->kind = random_kind();
	op->arg[0] = test_random();
	op->arg[1] = op->kind == OP_ALLOC ? __ffs(test_random() | BIT(MAX_ORDER - 1)) :
		     test_random();
}

static void print(const struct fuzz_op *op, char *text, size_t size)
{
	snprintf(text, size, "%s 0x%x %u", op_names[op->kind % NR_OPS], op->arg[0], op->arg[1]);
}

static void fuzz_machine(const struct machine *machine, unsigned long ops)
{
	struct fuzz fuzz = {
		.ops = ops, .round = 2500,
		.reset = reset, .generate = generate, .apply = apply, .check = machine_check,
		.print = print,
	};

	machine_boot(machine);
	machine_save();
	fuzz_run(&fuzz);
}

TEST("four CPUs on 16 MiB lose no page and give none out twice")
{
	fuzz_machine(&machines[0], 60000);
}

TEST("four CPUs on 64 MiB with a DMA zone lose no page and give none out twice")
{
	fuzz_machine(&machines[1], 60000);
}

TEST("four CPUs with high memory and odd borders lose no page and give none out twice")
{
	fuzz_machine(&machines[3], 60000);
}

TEST("four CPUs and four zones lose no page and give none out twice")
{
	fuzz_machine(&machines[5], 60000);
}

TEST("four CPUs on four nodes lose no page and give none out twice")
{
	fuzz_machine(&machines[10], 60000);
}
