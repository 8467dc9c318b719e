// SPDX-License-Identifier: MIT
/*
 * How broken up does memory get? `bench=frag' puts a zone under loads of random requests, each a
 * few times with different numbers, and counts what became of the free memory; `fallback=' chooses
 * what the allocator does (mm/pageblock.c). scripts/frag.pl compares the policies.
 *
 *    fill      until so much of the zone is in use: blocks of order 0 to 3, of three kinds
 *    churn     whenever that much is in use, a random block goes; else one comes. The shares of the
 *              kinds stay the same ("steady"), or swing ("waves"), which presses the kinds into
 *              each other's pageblocks. Some blocks stay to the end, up to a quarter of memory.
 *      load    ... is counted here,
 *    quiet     when all but those that stay were freed,
 *    rest      and when of these the movable and reclaimable ones were freed as well: what
 *              reclaiming and moving pages could reach. Only unmovable blocks are left.
 *
 * At each of these points everybody who asks gets blocks of order 9 until there are none. With P
 * free pages there would be P / 512 in the best case.
 *
 * I1. The same seed gives the same requests; and as nothing else allocates meanwhile, the same
 *     figures, on any host.
 * I2. Each run begins with the types of pageblocks that the first one found, and with as much free
 *     memory; only the order of the free lists is what the run before has left.
 */
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/preempt.h>
#include <lib/math.h>
#include <lib/string.h>
#include <mm/buddy.h>
#include <mm/fragmentation.h>
#include <mm/gfp.h>
#include <mm/mm.h>
#include <mm/pageblock.h>
#include <mm/pcp.h>
#include "bench.h"

#define NR_SEEDS	3
#define NR_WAVES	10
#define LARGE_ORDER	9
#define ONE		FRAGMENTATION_INDEX_SCALE

/* Who does not wait does not disturb: nothing is freed for these, and nobody is woken. */
#define GFP_FRAG	(__GFP_NOWARN | __GFP_NORETRY | __GFP_NO_KSWAPD | __GFP_NOMEMALLOC)

static const gfp_t gfp_of_kind[MIGRATE_PCPTYPES] = {
	[MIGRATE_UNMOVABLE] = GFP_FRAG,
	[MIGRATE_RECLAIMABLE] = GFP_FRAG | __GFP_RECLAIMABLE,
	[MIGRATE_MOVABLE] = GFP_FRAG | __GFP_MOVABLE,
};

/* How much of the zone is filled; of 100 requests, by kind: in even waves, and in odd ones. */
static const struct load {
	const char *name;
	unsigned int fill_percent;
	unsigned int kind_shares[2][MIGRATE_PCPTYPES];
} loads[] = {
	{ "steady", 75, { { 10, 15, 75 }, { 10, 15, 75 } } },
	{ "waves", 75, { { 5, 10, 85 }, { 30, 20, 50 } } },
	{ "steady", 90, { { 10, 15, 75 }, { 10, 15, 75 } } },
	{ "waves", 90, { { 5, 10, 85 }, { 30, 20, 50 } } },
};

_Static_assert(MIGRATE_UNMOVABLE == 0 && MIGRATE_RECLAIMABLE == 1 && MIGRATE_MOVABLE == 2,
	       "the order of kind_shares");

/* Of 100 requests, by order. */
static const unsigned int order_shares[] = { 70, 15, 9, 6 };

/* Of 100 blocks, by kind: how many stay to the end. */
static const unsigned int stay_shares[MIGRATE_PCPTYPES] = {
	[MIGRATE_UNMOVABLE] = 25, [MIGRATE_RECLAIMABLE] = 12, [MIGRATE_MOVABLE] = 6,
};

/* A block in use: the number of its first page in the map, and what it is. */
struct block {
	u32 index : 20, order : 2, kind : 2;
};

_Static_assert(ARRAY_SIZE(order_shares) <= 4 && MIGRATE_PCPTYPES <= 4, "struct block has 2 bits");

/* The zone under test, and the types that its pageblocks had. */
static struct zone *zone;
static unsigned long pages_at_start;
static u8 *types_at_start;

/* In memory of its own: blocks that go from the front, and from the back those that stay. */
static struct block *blocks;
static unsigned long nr_blocks_max, nr_going, nr_staying;

/* How many pages that are, and are to be. */
static unsigned long pages_used, pages_staying, pages_target;

static u32 random_state;

struct result {
	unsigned long nr_requests, nr_failed;
};

/* --- Chance --- */

static u32 random_below(u32 limit)
{
	/* Marsaglia's xorshift; the seed is not 0. */
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return (u32)((u64)random_state * limit >> 32);
}

/* One of the entries of @shares, which are percentages. */
static unsigned int random_share(const unsigned int *shares)
{
	u32 dice = random_below(100);
	unsigned int i;

	for (i = 0; dice >= shares[i]; i++)
		dice -= shares[i];
	return i;
}

/* --- Blocks --- */

static void take_block(struct result *result, const unsigned int *shares)
{
	unsigned int kind = random_share(shares), order = random_share(order_shares);
	bool stays = random_below(100) < stay_shares[kind] && pages_staying < pages_target / 4;
	struct page *page = alloc_pages(gfp_of_kind[kind], order);
	struct block block = { .order = order, .kind = kind };

	result->nr_requests++;
	if (!page) {
		result->nr_failed++;
		return;
	}
	block.index = (u32)(page - mem_map);
	if (stays)
		blocks[nr_blocks_max - ++nr_staying] = block;
	else
		blocks[nr_going++] = block;
	pages_used += 1UL << order;
	pages_staying += stays ? 1UL << order : 0;
	BUG_ON(nr_going + nr_staying > nr_blocks_max, "%lu and %lu blocks", nr_going, nr_staying);
}

static void give_block(const struct block *block)
{
	__free_pages(mem_map + block->index, block->order);
	pages_used -= 1UL << block->order;
}

static void give_random_block(void)
{
	struct block *block = &blocks[random_below(nr_going)];

	give_block(block);
	*block = blocks[--nr_going];
}

/* Take a block, or give one back first if there are too many, or none fits. */
static void step(struct result *result, const unsigned int *shares)
{
	unsigned long nr_failed = result->nr_failed;

	if (pages_used < pages_target)
		take_block(result, shares);
	if (nr_going && (pages_used >= pages_target || result->nr_failed > nr_failed))
		give_random_block();
}

/* --- What is counted --- */

/* Large blocks that everybody gets who asks now, all of which are given back. */
static unsigned long count_large_blocks(void)
{
	struct page *page, *next;
	unsigned long nr = 0;
	LIST_HEAD(taken);

	while ((page = alloc_pages(GFP_FRAG | __GFP_MOVABLE, LARGE_ORDER))) {
		list_add(&page->lru, &taken);
		nr++;
	}
	list_for_each_entry_safe(page, next, &taken, lru)
		__free_pages(page, LARGE_ORDER);
	return nr;
}

/* Large blocks, of how many in the best case, and the index of what is unusable for them. */
static void report_point(const char *point)
{
	struct contig_page_info info;
	int unusable;

	drain_local_pages(NULL);
	fill_contig_page_info(zone, LARGE_ORDER, &info);
	unusable = unusable_free_index(LARGE_ORDER, &info);
	console_printf(" %s %lu/%lu %d.%03d", point, count_large_blocks(),
		       info.free_pages >> LARGE_ORDER, unusable / ONE, unusable % ONE);
	drain_local_pages(NULL);
}

/* The kinds of blocks that a pageblock has, as bits. */
static u8 kinds_in[PHYS_PFN(SZ_1G) >> pageblock_order];

static void note_kinds(const struct block *first, unsigned long nr)
{
	const struct block *block;

	for (block = first; block < first + nr; block++)
		kinds_in[block->index >> pageblock_order] |= BIT(block->kind);
}

/* Pageblocks with unmovable blocks, and those with more than one kind, of all that are in use. */
static void report_pageblocks(void)
{
	unsigned long nr_unmovable = 0, nr_mixed = 0, nr_used = 0;
	unsigned int i;

	memset(kinds_in, 0, sizeof(kinds_in));
	note_kinds(blocks, nr_going);
	note_kinds(blocks + nr_blocks_max - nr_staying, nr_staying);
	for (i = 0; i < ARRAY_SIZE(kinds_in); i++) {
		nr_used += kinds_in[i] != 0;
		nr_unmovable += (kinds_in[i] & BIT(MIGRATE_UNMOVABLE)) != 0;
		nr_mixed += (kinds_in[i] & (kinds_in[i] - 1)) != 0;
	}
	console_printf(" pageblocks %lu unmovable %lu mixed %lu", nr_used, nr_unmovable, nr_mixed);
}

/* --- A run --- */

static void fill_and_churn(struct result *result, const struct load *load)
{
	unsigned long i, steps = pages_target / 2;
	unsigned int wave;

	while (pages_used < pages_target && result->nr_failed == 0)
		take_block(result, load->kind_shares[0]);
	for (wave = 0; wave < NR_WAVES; wave++)
		for (i = 0; i < steps; i++)
			step(result, load->kind_shares[wave % 2]);
}

/* Give those back that do not stay. */
static void calm_down(void)
{
	while (nr_going)
		give_block(&blocks[--nr_going]);
}

/* Of those that stay, give the ones back that are (or are not) unmovable. */
static void give_staying(bool unmovable)
{
	struct block *block = blocks + nr_blocks_max - nr_staying;

	for (; block < blocks + nr_blocks_max; block++)
		if ((block->kind == MIGRATE_UNMOVABLE) == unmovable)
			give_block(block);
}

static void save_types(void)
{
	unsigned long pfn;

	for_each_pageblock(pfn, zone)
		types_at_start[pfn_to_pageblock(pfn)] = get_pfnblock_migratetype(zone, pfn);
}

static void restore_types(void)
{
	unsigned long pfn, flags;

	drain_local_pages(NULL);
	spin_lock_irqsave(&zone->lock, flags);
	for_each_pageblock(pfn, zone) {
		enum migratetype type = types_at_start[pfn_to_pageblock(pfn)];

		move_freepages_block(zone, pfn_to_page(pfn), type);
		set_pageblock_migratetype(pfn_to_page(pfn), type);
	}
	spin_unlock_irqrestore(&zone->lock, flags);
}

static void run_seed(const struct load *load, u32 seed)
{
	unsigned long before[NR_VM_EVENT_ITEMS], after[NR_VM_EVENT_ITEMS];
	struct result result = { 0 };

	random_state = seed * 0x9e3779b9u;
	pages_used = pages_staying = nr_staying = 0;
	pages_target = pages_at_start * load->fill_percent / 100;
	all_vm_events(before);
	preempt_disable();
	fill_and_churn(&result, load);
	all_vm_events(after);
	console_printf("# frag %s %u%% seed %u requests %lu failed %lu fallbacks %lu claims %lu",
		       load->name, load->fill_percent, seed, result.nr_requests, result.nr_failed,
		       after[FALLBACK] - before[FALLBACK],
		       after[FALLBACK_CLAIM] - before[FALLBACK_CLAIM]);
	report_pageblocks();
	report_point("load");
	calm_down();
	report_point("quiet");
	give_staying(false);
	report_point("rest");
	give_staying(true);
	restore_types();
	preempt_enable();
	console_printf("\n");
	BUG_ON(pages_used, "%lu pages are missing", pages_used);
}

/* Return: is there memory for the tables? */
static bool prepare(void)
{
	first_zones_zonelist(node_zonelist(numa_node_id(), GFP_FRAG), gfp_zone(GFP_FRAG), &zone);
	nr_blocks_max = zone->managed_pages;
	blocks = alloc_pages_exact(nr_blocks_max * sizeof(*blocks), GFP_KERNEL);
	types_at_start = alloc_pages_exact(pfn_to_pageblock(zone_end_pfn(zone)) + 1, GFP_KERNEL);
	if (!blocks || !types_at_start)
		return false;
	drain_local_pages(NULL);
	pages_at_start = zone_page_state(zone, NR_FREE_PAGES);
	save_types();
	return true;
}

static void run_frag(void)
{
	const struct load *load;
	u32 seed;

	if (!prepare()) {
		console_printf("# frag: not on this machine\n");
		return;
	}
	console_printf("# frag policy %s zone %s pages %lu\n",
		       fallback_policy_names[fallback_policy], zone_name(zone), pages_at_start);
	for (load = loads; load < loads + ARRAY_SIZE(loads); load++)
		for (seed = 1; seed <= NR_SEEDS; seed++)
			run_seed(load, seed);
	free_pages_exact(types_at_start, pfn_to_pageblock(zone_end_pfn(zone)) + 1);
	free_pages_exact(blocks, nr_blocks_max * sizeof(*blocks));
}
BENCH_REPORT("frag", run_frag);
