// SPDX-License-Identifier: MIT
/*
 * The page allocator under random load, against the model of which pages are free. After every
 * operation each zone's free pages and blocks by order are compared; the walkers go over everything
 * now and then.
 *
 * live[] is what the "kernel" has: blocks as alloc_pages() gave them, single pages of blocks that
 * were split, and areas of alloc_pages_exact(). Lowmem that is ours has a stamp in its first and
 * last page.
 */
#include "host.h"
#include "fuzz.h"
#include "buddy_machine.h"
#include "buddy_model.h"
#include <kernel/sched.h>
#include <lib/vsprintf.h>
#include <mm/bad_page.h>
#include <mm/gfp.h>
#include <mm/highmem.h>
#include <mm/mm.h>
#include <mm/watermark.h>

TEST_SUITE("buddy");

#define MAX_LIVE	8192
#define CHECK_EVERY	1000	/* operations between two walks over everything */
#define MAX_REFS	5
#define OPS_A_MACHINE	80000	/* more than a million in all */

enum { OP_ALLOC, OP_FREE, OP_EXACT, OP_SPLIT, OP_GET, OP_MISUSE, OP_FREE_ALL, NR_OPS };

static const char *const op_names[NR_OPS] = {
	"alloc", "free", "alloc_exact", "split", "get", "misuse", "free_all",
};

/* What people ask for; apply_one() adds zone modifiers and __GFP_THISNODE at random. */
static const gfp_t gfps[] = {
	GFP_KERNEL, GFP_HIGHUSER, GFP_HIGHUSER_MOVABLE, GFP_TEMPORARY, GFP_ATOMIC, GFP_DMA,
	GFP_KERNEL | __GFP_ZERO, GFP_HIGHUSER | __GFP_ZERO, GFP_KERNEL | __GFP_MOVABLE,
	GFP_DMA | __GFP_RECLAIMABLE, __GFP_MOVABLE | __GFP_HIGHMEM | __GFP_ZERO,
};

struct live {
	unsigned long pfn, nr_pages;
	unsigned int order;
	unsigned int refs;
	bool exact;
};

static struct live live[MAX_LIVE];
static unsigned int nr_live;
static unsigned long nr_applied;

/* --- Contents --- */

/* Write to the first word of a page of an area, whether it has an address or not; read it. */
static void write_word(unsigned long pfn, u32 word)
{
	memcpy_to_page(pfn_to_page(pfn), 0, (char *)&word, sizeof(word));
}

static u32 read_word(unsigned long pfn)
{
	u32 word;

	memcpy_from_page((char *)&word, pfn_to_page(pfn), 0, sizeof(word));
	return word;
}

static void stamp(const struct live *l)
{
	write_word(l->pfn, (u32)l->pfn);
	write_word(l->pfn + l->nr_pages - 1, (u32)l->pfn);
}

static bool stamp_is_there(const struct live *l)
{
	return EXPECT_EQ(read_word(l->pfn), l->pfn) &&
	       EXPECT_EQ(read_word(l->pfn + l->nr_pages - 1), l->pfn);
}

static bool is_zero(unsigned long pfn)
{
	const u32 *word = kmap_local_page(pfn_to_page(pfn));
	unsigned int i = 0;

	while (i < PAGE_SIZE / sizeof(*word) && !word[i])
		i++;
	kunmap_local(word);
	return i == PAGE_SIZE / sizeof(*word);
}

/* --- Operations --- */

static void add_live(unsigned long pfn, unsigned long nr_pages, unsigned int order, bool exact)
{
	live[nr_live] = (struct live){ pfn, nr_pages, order, 1, exact };
	stamp(&live[nr_live++]);
}

static bool apply_alloc(int nid, gfp_t gfp_mask, unsigned int order)
{
	struct zone *zone = model_zone_for(nid, gfp_mask, order);
	struct page *page = nid == numa_node_id() ? alloc_pages(gfp_mask, order) :
						    alloc_pages_node(nid, gfp_mask, order);
	unsigned long pfn;

	if (order >= MAX_ORDER)
		return EXPECT_EQ(host_take_warnings(), !(gfp_mask & __GFP_NOWARN)) && EXPECT(!page);
	if (!page)
		return EXPECT(!zone);
	pfn = page_to_pfn(page);
	if (!EXPECT(page_zone(page) == zone) || !EXPECT(IS_ALIGNED(pfn, 1UL << order)) ||
	    !EXPECT_EQ(page_count(page), 1) || !EXPECT_EQ(page_private(page), 0) ||
	    !EXPECT(model_take(pfn, 1UL << order)))
		return false;
	if (gfp_mask & __GFP_ZERO &&
	    (!EXPECT(is_zero(pfn)) || !EXPECT(is_zero(pfn + (1UL << order) - 1))))
		return false;
	add_live(pfn, 1UL << order, order, false);
	return true;
}

static bool apply_exact(gfp_t gfp_mask, unsigned long bytes)
{
	void *virt;
	unsigned long pfn;
	struct zone *zone;

	gfp_mask &= ~__GFP_HIGHMEM;
	zone = model_zone_for(numa_node_id(), gfp_mask, get_order(bytes));
	virt = alloc_pages_exact(bytes, gfp_mask);
	if (!virt)
		return EXPECT(!zone);
	pfn = page_to_pfn(virt_to_page(virt));
	if (!EXPECT(page_zone(virt_to_page(virt)) == zone) ||
	    !EXPECT(model_take(pfn, PFN_UP(bytes))))
		return false;
	add_live(pfn, PFN_UP(bytes), 0, true);
	return true;
}

static void free_live(const struct live *l)
{
	void *virt = page_address(pfn_to_page(l->pfn));

	if (l->exact)
		free_pages_exact(virt, l->nr_pages * PAGE_SIZE);
	else if (virt && l->pfn % 2)
		free_pages((unsigned long)virt, l->order);
	else
		__free_pages(pfn_to_page(l->pfn), l->order);
}

static bool apply_free(u32 which)
{
	struct live *l = &live[which];

	if (!stamp_is_there(l))
		return false;
	free_live(l);
	if (--l->refs)
		return true;
	if (!EXPECT(model_give(l->pfn, l->nr_pages)))
		return false;
	*l = live[--nr_live];
	return true;
}

/* The pages of a block become blocks of one page. */
static bool apply_split(u32 which)
{
	struct live l = live[which];
	unsigned long pfn;

	if (l.exact || l.refs > 1 || l.order == 0 || nr_live + l.nr_pages > MAX_LIVE)
		return true;
	split_page(pfn_to_page(l.pfn), l.order);
	live[which] = live[--nr_live];
	for (pfn = l.pfn; pfn < l.pfn + l.nr_pages; pfn++)
		add_live(pfn, 1, 0, false);
	return true;
}

static bool apply_get(u32 which)
{
	struct live *l = &live[which];

	if (l->exact || l->refs == MAX_REFS)
		return true;
	get_page(pfn_to_page(l->pfn));
	l->refs++;
	return true;
}

/* Free any page that has no reference, or is reserved: it is reported, and nothing changes. */
static bool apply_misuse(u32 offset)
{
	struct page *page = pfn_to_page(PHYS_PFN_OFFSET + offset % max_mapnr);
	unsigned int before = nr_bad_pages;
	int count = page_count(page);

	if (count != 0 && !PageReserved(page))
		return true;
	__free_page(page);
	host_log_clear();
	return EXPECT_EQ(nr_bad_pages, before + 1) && EXPECT_EQ(page_count(page), count);
}

static bool apply_free_all(void)
{
	while (nr_live)
		if (!apply_free(nr_live - 1))
			return false;
	return EXPECT_EQ(nr_free_pages(), totalram_pages);
}

/* What else a request may say of how it is to be served. */
static const gfp_t waits[] = {
	__GFP_WAIT, __GFP_HIGH, __GFP_WAIT | __GFP_HIGH, __GFP_MEMALLOC, __GFP_NOMEMALLOC,
	__GFP_MEMALLOC | __GFP_NOMEMALLOC, __GFP_NORETRY, __GFP_REPEAT, __GFP_NO_KSWAPD,
	__GFP_WAIT | __GFP_NOMEMALLOC, __GFP_MEMALLOC | __GFP_HIGH,
};

/* One of gfps[]; now and then with other modifiers, or for one node only. */
static gfp_t gfp_of(u32 which, u32 dice)
{
	gfp_t gfp_mask = gfps[which % ARRAY_SIZE(gfps)];

	if (dice % 8 == 1)
		gfp_mask = (gfp_mask & ~GFP_ZONEMASK) | (dice >> 8 & GFP_ZONEMASK);
	if ((gfp_mask & GFP_MOVABLE_MASK) == GFP_MOVABLE_MASK)
		gfp_mask &= ~__GFP_RECLAIMABLE;
	if (dice >> 16 & 1)
		gfp_mask ^= waits[(dice >> 17) % ARRAY_SIZE(waits)];
	if (dice >> 20 & 7)
		gfp_mask |= __GFP_NOWARN;
	return dice % 7 == 1 ? gfp_mask | __GFP_THISNODE : gfp_mask;
}

static bool apply_one(const struct fuzz_op *op)
{
	gfp_t gfp_mask = gfp_of(op->arg[0], op->arg[2]);
	u32 which = nr_live ? op->arg[0] % nr_live : 0;

	current->flags = op->arg[3] >> 8 & 7 ? 0 : PF_MEMALLOC;
	switch (op->kind) {
	case OP_ALLOC:
		return nr_live == MAX_LIVE ||
		       apply_alloc((int)(op->arg[3] % (u32)nr_online_nodes), gfp_mask,
				   op->arg[1] % (MAX_ORDER + 1));
	case OP_EXACT:
		return nr_live == MAX_LIVE ||
		       apply_exact(gfp_mask, op->arg[1] % (PAGE_SIZE << (MAX_ORDER - 1)) + 1);
	case OP_FREE:
		return !nr_live || apply_free(which);
	case OP_SPLIT:
		return !nr_live || apply_split(which);
	case OP_GET:
		return !nr_live || apply_get(which);
	case OP_MISUSE:
		return apply_misuse(op->arg[0]);
	default:
		return apply_free_all();
	}
}

static bool apply(const struct fuzz_op *op)
{
	if (!apply_one(op) || !EXPECT(model_agrees()))
		return false;
	return ++nr_applied % CHECK_EVERY != 0 || EXPECT(machine_check());
}

/* --- The engine's side --- */

static void reset(void)
{
	machine_restore();
	model_start();
	nr_live = 0;
	nr_applied = 0;
}

/*
 * Small orders are common, as in life; a third of the operations of a round go one way more than
 * the other.
 */
static u32 random_order(void)
{
	return test_random_below(8) ? __ffs(test_random() | BIT(MAX_ORDER - 1)) :
	       test_random_below(MAX_ORDER + 1);
}

static u32 random_kind(void)
{
	bool growing = (nr_applied / 300) % 2 == 0;
	u32 dice = test_random_below(1000);

	if (dice < 30)
		return OP_MISUSE;
	if (dice < 80)
		return OP_GET;
	if (dice < 130)
		return OP_SPLIT;
	if (dice < 200)
		return OP_EXACT;
	if (dice < 202)
		return OP_FREE_ALL;
	return dice < (growing ? 700u : 500u) ? OP_ALLOC : OP_FREE;
}

static void generate(struct fuzz_op *op)
{
	op->kind = random_kind();
	op->arg[0] = test_random();
	op->arg[1] = random_order();
	op->arg[2] = test_random();
	op->arg[3] = test_random();
	if (op->kind == OP_EXACT)
		op->arg[1] = test_random() >> test_random_below(16);
}

static void print(const struct fuzz_op *op, char *text, size_t size)
{
	snprintf(text, size, "%s 0x%x %u 0x%x %u", op_names[op->kind % NR_OPS], op->arg[0],
		 op->arg[1], op->arg[2], op->arg[3]);
}

static void fuzz_machine(const struct machine *machine, unsigned long ops, bool watermarks)
{
	struct fuzz fuzz = {
		.ops = ops, .round = 2500,
		.reset = reset, .generate = generate, .apply = apply, .check = machine_check,
		.print = print,
	};

	machine_boot(machine);
	model_by_zone = machine->numa_zonelist_order && machine->numa_zonelist_order[0] == 'z';
	model_watermarks = watermarks;
	if (watermarks)
		init_per_zone_wmark_min();
	machine_save();
	fuzz_run(&fuzz);
}

TEST("random requests on 16 MiB give each page to one owner and all back")
{
	fuzz_machine(&machines[0], OPS_A_MACHINE, false);
}

TEST("random requests on 64 MiB with a DMA zone give each page to one owner and all back")
{
	fuzz_machine(&machines[1], OPS_A_MACHINE, false);
}

TEST("random requests around odd borders and holes give each page to one owner and all back")
{
	fuzz_machine(&machines[2], OPS_A_MACHINE, false);
}

TEST("random requests with high memory give each page to one owner and all back")
{
	fuzz_machine(&machines[3], OPS_A_MACHINE, false);
}

TEST("random requests with a movable zone in lowmem give each page to one owner and all back")
{
	fuzz_machine(&machines[4], OPS_A_MACHINE, false);
}

TEST("random requests with four zones give each page to one owner and all back")
{
	fuzz_machine(&machines[5], OPS_A_MACHINE, false);
}

TEST("random requests on two nodes give each page to one owner and all back")
{
	fuzz_machine(&machines[9], OPS_A_MACHINE, false);
}

TEST("random requests on four nodes and three zones give each page to one owner and all back")
{
	fuzz_machine(&machines[10], OPS_A_MACHINE, false);
}

TEST("random requests on three nodes with zonelists by zone give each page to one owner and all back")
{
	fuzz_machine(&machines[11], OPS_A_MACHINE, false);
}

TEST("random requests with watermarks leave what they must, on 16 MiB")
{
	fuzz_machine(&machines[0], OPS_A_MACHINE, true);
}

TEST("random requests with watermarks leave what they must, with four zones")
{
	fuzz_machine(&machines[5], OPS_A_MACHINE, true);
}

TEST("random requests with watermarks leave what they must, on four nodes")
{
	fuzz_machine(&machines[10], OPS_A_MACHINE, true);
}

TEST("random requests with watermarks leave what they must, with zonelists by zone")
{
	fuzz_machine(&machines[11], OPS_A_MACHINE, true);
}
