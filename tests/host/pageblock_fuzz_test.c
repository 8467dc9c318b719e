// SPDX-License-Identifier: MIT
/*
 * Requests of all migrate types, isolated pageblocks and changing reserves at random, against a
 * model that says of each request which block it gets (pageblock_model.h), under each policy.
 */
#include "host.h"
#include "fuzz.h"
#include "buddy_machine.h"
#include "pageblock_model.h"
#include <lib/vsprintf.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/page_isolation.h>
#include <mm/watermark.h>

TEST_SUITE("pageblock");

#define MAX_LIVE	4096
#define CHECK_EVERY	250	/* operations between two looks at everything */

enum { OP_TAKE, OP_GIVE, OP_ISOLATE, OP_RELEASE, OP_RESERVE, NR_OPS };

static const char *const op_names[NR_OPS] = { "take", "give", "isolate", "release", "reserve" };

/* Nothing but the lists decides: no watermark, no reclaim. */
#define GFP_LISTS	(__GFP_MEMALLOC | __GFP_NOWARN | __GFP_NORETRY | __GFP_NO_KSWAPD)

static const gfp_t gfps[MIGRATE_PCPTYPES] = {
	[MIGRATE_UNMOVABLE] = GFP_LISTS,
	[MIGRATE_RECLAIMABLE] = GFP_LISTS | __GFP_RECLAIMABLE,
	[MIGRATE_MOVABLE] = GFP_LISTS | __GFP_MOVABLE,
};

static struct live {
	unsigned long pfn;
	unsigned int order;
} live[MAX_LIVE];

static unsigned int nr_live;
static unsigned long nr_applied;
static struct zone *zone;

static bool apply_take(enum migratetype type, unsigned int order)
{
	unsigned long expected;
	struct page *page;

	if (nr_live == MAX_LIVE)
		return true;
	expected = pageblock_model_take(order, type);
	page = alloc_pages(gfps[type], order);
	if (!EXPECT_EQ(page ? page_to_pfn(page) : NO_PFN, expected))
		return false;
	if (page)
		live[nr_live++] = (struct live){ expected, order };
	return true;
}

static bool apply_give(u32 which)
{
	struct live *l;

	if (!nr_live)
		return true;
	l = &live[which % nr_live];
	pageblock_model_give(l->pfn, l->order);
	__free_pages(pfn_to_page(l->pfn), l->order);
	*l = live[--nr_live];
	return true;
}

/* A page of one of the zone's pageblocks. */
static unsigned long random_pfn(u32 which)
{
	return zone->zone_start_pfn + which % zone->spanned_pages;
}

static bool apply_isolate(unsigned long pfn)
{
	bool expected = pageblock_model_isolate(pfn);

	return EXPECT_EQ(set_migratetype_isolate(pfn_to_page(pfn)) == 0, expected);
}

static bool apply_release(unsigned long pfn, u32 which)
{
	static const enum migratetype types[] = { MIGRATE_MOVABLE, MIGRATE_MOVABLE, MIGRATE_CMA,
						  MIGRATE_UNMOVABLE, MIGRATE_RECLAIMABLE };
	enum migratetype type = types[which % ARRAY_SIZE(types)];

	pageblock_model_release(pfn, type);
	unset_migratetype_isolate(pfn_to_page(pfn), type);
	return true;
}

static bool apply_reserve(u32 kbytes)
{
	if (!EXPECT_EQ(set_min_free_kbytes(kbytes), 0))
		return false;
	pageblock_model_reserve(min_wmark_pages(zone));
	return true;
}

static bool apply_one(const struct fuzz_op *op)
{
	switch (op->kind) {
	case OP_TAKE:
		return apply_take(op->arg[0] % MIGRATE_PCPTYPES, op->arg[1] % MAX_ORDER);
	case OP_GIVE:
		return apply_give(op->arg[0]);
	case OP_ISOLATE:
		return apply_isolate(random_pfn(op->arg[0]));
	case OP_RELEASE:
		return apply_release(random_pfn(op->arg[0]), op->arg[1]);
	default:
		return apply_reserve(op->arg[0] % (zone->managed_pages * 2));
	}
}

static bool apply(const struct fuzz_op *op)
{
	if (!apply_one(op) || !EXPECT(pageblock_model_counts_agree()))
		return false;
	return ++nr_applied % CHECK_EVERY != 0 ||
	       (EXPECT(pageblock_model_agrees()) && EXPECT(machine_check()));
}

static void reset(void)
{
	machine_restore();
	pageblock_model_start(zone, page_group_by_mobility_disabled ? FALLBACK_NOGROUP :
								     fallback_policy);
	nr_live = 0;
	nr_applied = 0;
}

/* Memory fills up and empties again; types of requests come in waves. */
static void generate(struct fuzz_op *op)
{
	bool growing = nr_applied / 700 % 2 == 0;
	u32 dice = test_random_below(1000), share = growing ? 700 : 400;

	op->arg[0] = test_random();
	op->arg[1] = test_random_below(5) ? test_random_below(4) : test_random_below(MAX_ORDER);
	if (dice < 20) {
		op->kind = dice < 8 ? OP_ISOLATE : dice < 17 ? OP_RELEASE : OP_RESERVE;
		return;
	}
	op->kind = dice < share ? OP_TAKE : OP_GIVE;
	if (op->kind == OP_TAKE && test_random_below(3))
		op->arg[0] = nr_applied / 150;
}

static void print(const struct fuzz_op *op, char *text, size_t size)
{
	snprintf(text, size, "%s 0x%x %u", op_names[op->kind % NR_OPS], op->arg[0], op->arg[1]);
}

static void fuzz_machine(struct machine machine, const char *fallback)
{
	struct fuzz fuzz = {
		.ops = 20000, .round = 2500,
		.reset = reset, .generate = generate, .apply = apply, .check = machine_check,
		.print = print,
	};

	machine.fallback = fallback;
	machine_boot(&machine);
	zone = &NODE_DATA(0)->node_zones[ZONE_NORMAL];
	machine_save();
	fuzz_run(&fuzz);
}

/* A zone with a hole amid a pageblock, a reserved page amid another, and an end amid a third. */
static const struct machine odd = {
	.name = "odd",
	.banks = { { 0, MIB(13) + 77 }, { MIB(13) + 300, MIB(18) + 33 } },
	.reserved = { { MIB(9) + 2, 1 } },
};

TEST("each request gets the block that the model says, by fallback=split")
{
	fuzz_machine(machines[MACHINE_32M], "split");
}

TEST("each request gets the block that the model says, by fallback=steal-exact")
{
	fuzz_machine(machines[MACHINE_32M], "steal-exact");
}

TEST("each request gets the block that the model says, by fallback=nogroup")
{
	fuzz_machine(machines[MACHINE_32M], "nogroup");
}

TEST("each request gets the block that the model says, in memory too small for types, whatever the policy")
{
	fuzz_machine(machines[0], "steal-exact");
}

TEST("each request gets the block that the model says, around holes, by fallback=split")
{
	fuzz_machine(odd, "split");
}

TEST("each request gets the block that the model says, around holes, by fallback=steal-exact")
{
	fuzz_machine(odd, "steal-exact");
}
