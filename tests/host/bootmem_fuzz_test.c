// SPDX-License-Identifier: MIT
/*
 * bootmem, a million random operations: mm/bootmem.c and bootmem_model.c do the same, and after
 * each operation their answers, every bit, hint and last_end_off agree. Beside the model there is a
 * witness: a list of the regions that are in use, none of which may overlap a new one.
 */
#include "bootmem_machine.h"
#include "bootmem_model.h"
#include "fuzz.h"
#include <lib/vsprintf.h>

TEST_SUITE("bootmem");

enum kind {
	ALLOC,		/* size, align's order, goal */
	ALLOC_LOW,	/* size, align's order, goal, limit */
	ALLOC_NODE,	/* size, align's order, goal, limit, node */
	RESERVE,	/* addr, size, flags */
	FREE,		/* addr, size */
	HAND_OVER,
	NR_KINDS
};

static const char *const kind_names[NR_KINDS] = {
	[ALLOC] = "alloc", [ALLOC_LOW] = "alloc_low", [ALLOC_NODE] = "alloc_node",
	[RESERVE] = "reserve", [FREE] = "free", [HAND_OVER] = "hand_over",
};

#define RAM_END		PFN_PHYS(FIRST_PFN + NR_PFNS)

/* --- The witness --- */

#define MAX_REGIONS	512

static struct {
	phys_addr_t start, end;
} regions[MAX_REGIONS];
static unsigned int nr_regions;

/*
 * Forget the regions that reach into [@start, @end): the memory is given back, all or part of it.
 */
static void forget_regions(phys_addr_t start, phys_addr_t end)
{
	for (unsigned int i = nr_regions; i-- > 0; )
		if (regions[i].start < end && start < regions[i].end)
			regions[i] = regions[--nr_regions];
}

static bool overlaps_region(phys_addr_t start, phys_addr_t end)
{
	for (unsigned int i = 0; i < nr_regions; i++)
		if (regions[i].start < end && start < regions[i].end)
			return true;
	return false;
}

/*
 * A new region is zeroed and nobody else's. It is filled with junk, so that the next one is zeroed
 * in earnest.
 */
static bool check_region(u8 *region, unsigned long size)
{
	phys_addr_t start = __pa(region);

	if (overlaps_region(start, start + size))
		return EXPECT(!"memory that is in use is given out again");
	for (unsigned long i = 0; i < size; i++)
		if (region[i])
			return EXPECT(!"memory is not zeroed");
	memset(region, 0xa5, size);
	if (nr_regions < MAX_REGIONS) {
		regions[nr_regions].start = start;
		regions[nr_regions++].end = start + size;
	}
	return true;
}

/* --- The operations --- */

static void fuzz_reset(void)
{
	nr_regions = 0;
	machine_boot();
	bm_reset();
	for (int nid = 0; nid < NR_NODES; nid++) {
		unsigned long bitmap = borders[nid].min + BITMAP_IDX;

		bm_add(borders[nid].min, borders[nid].low);
		bm_mark(borders[nid].min, borders[nid].low, false);
		bm_mark(bitmap, bitmap + 1, true);
	}
}

/* Mostly small, sometimes pages, now and then too much. */
static u32 random_size(void)
{
	switch (test_random_below(8)) {
	case 0:
		return 1 + test_random_below(8 * PAGE_SIZE);
	case 1:
		return PAGE_SIZE * (1 + test_random_below(4));
	case 2:
		return test_random_below(16) ? 1 + test_random_below(PAGE_SIZE) : test_random();
	default:
		return 1 + test_random_below(600);
	}
}

static u32 random_addr(void)
{
	u32 addr = PFN_PHYS(FIRST_PFN) + test_random_below(NR_PFNS * PAGE_SIZE);

	return test_random_below(2) ? addr : ALIGN_DOWN(addr, PAGE_SIZE);
}

static void fuzz_generate(struct fuzz_op *op)
{
	u32 dice = test_random_below(1000);

	if (dice < 1)
		op->kind = HAND_OVER;
	else if (dice < 400)
		op->kind = FREE;
	else if (dice < 460)
		op->kind = RESERVE;
	else
		op->kind = ALLOC + test_random_below(3);

	if (op->kind == FREE || op->kind == RESERVE) {
		op->arg[0] = random_addr();
		op->arg[1] = test_random_below(12 * PAGE_SIZE);
		op->arg[2] = test_random_below(2);
		return;
	}
	op->arg[0] = random_size();
	op->arg[1] = test_random_below(8) ? test_random_below(10) : test_random_below(32);
	op->arg[2] = test_random_below(3) ? 0 : random_addr();
	op->arg[3] = test_random_below(3) ? 0 : random_addr();
	op->arg[4] = test_random_below(NR_NODES);
}

static bool compare_alloc(u8 *region, u64 expected, unsigned long size)
{
	if (!expected || !region)
		return EXPECT_EQ(region ? __pa(region) : 0, (unsigned long)expected);
	return EXPECT_EQ(__pa(region), (unsigned long)expected) && check_region(region, size);
}

static bool apply_alloc(const struct fuzz_op *op)
{
	unsigned long size = op->arg[0] ? op->arg[0] : 1, align = 1ul << op->arg[1] % 32;
	unsigned long goal = op->arg[2], limit = op->arg[3];
	int nid = op->arg[4] % NR_NODES;

	if (op->kind == ALLOC)
		return compare_alloc(__alloc_bootmem_nopanic(size, align, goal),
				     bm_alloc(size, align, goal, 0), size);
	if (op->kind == ALLOC_NODE)
		return compare_alloc(___alloc_bootmem_node_nopanic(&nodes[nid], size, align, goal,
								   limit),
				     bm_alloc_node(nid, size, align, goal, limit), size);
	if (limit && (u64)goal + size > limit)
		return true;
	bootmem_low_limit = limit;
	return compare_alloc(__alloc_bootmem_low_nopanic(size, align, goal),
			     bm_alloc(size, align, goal, limit), size);
}

/* The arguments as a range that lies in RAM, whatever they are. */
static void range_of(const struct fuzz_op *op, phys_addr_t *addr, unsigned long *size)
{
	*addr = clamp(op->arg[0], PFN_PHYS(FIRST_PFN), RAM_END - 1);
	*size = min_t(unsigned long, op->arg[1], RAM_END - *addr);
}

static bool apply_reserve(const struct fuzz_op *op)
{
	int flags = op->arg[2] % 2 ? BOOTMEM_EXCLUSIVE : BOOTMEM_DEFAULT, expected = 0;
	unsigned long size, start, end;
	phys_addr_t addr;

	range_of(op, &addr, &size);
	start = addr / PAGE_SIZE;
	end = (addr + size + PAGE_SIZE - 1) / PAGE_SIZE;
	if (!bm_covered(start, end))
		return true;
	if (flags == BOOTMEM_EXCLUSIVE && !bm_all(start, end, false))
		expected = -EBUSY;
	else
		bm_mark(start, end, true);
	return EXPECT_EQ(reserve_bootmem(addr, size, flags), expected);
}

/* Never the bitmaps: without them the nodes are lost. */
static bool has_bitmap(unsigned long start, unsigned long end)
{
	for (int nid = 0; nid < NR_NODES; nid++) {
		unsigned long bitmap = borders[nid].min + BITMAP_IDX;

		if (bitmap >= start && bitmap < end)
			return true;
	}
	return false;
}

static bool apply_free(const struct fuzz_op *op)
{
	unsigned long size, start, end;
	phys_addr_t addr;

	range_of(op, &addr, &size);
	start = (addr + PAGE_SIZE - 1) / PAGE_SIZE;
	end = (addr + size) / PAGE_SIZE;
	if (!bm_covered(start, end) || !bm_all(start, end, true) || has_bitmap(start, end))
		return true;
	bm_mark(start, end, false);
	if (start < end)
		forget_regions(PFN_PHYS(start), PFN_PHYS(end));
	free_bootmem(addr, size);
	return true;
}

/* Everything to the buddy system, and a new beginning. */
static bool apply_hand_over(void)
{
	unsigned long freed = free_all_bootmem();
	bool ok = true;

	for (unsigned long pfn = FIRST_PFN; pfn < FIRST_PFN + NR_PFNS; pfn++) {
		enum note expected = HOLE;

		if (bm_covered(pfn, pfn + 1))
			expected = bm_all(pfn, pfn + 1, false) || has_bitmap(pfn, pfn + 1) ?
				   FREED : KEPT;
		ok &= EXPECT_EQ(notes[pfn - FIRST_PFN], expected);
		freed -= expected == FREED;
	}
	ok &= EXPECT_EQ(freed, 0) && EXPECT(list_empty(&bdata_list));
	fuzz_reset();
	return ok;
}

static bool same_state(void)
{
	for (int nid = 0; nid < NR_NODES; nid++) {
		const struct bm_node *node = &bm_nodes[nid];
		const unsigned long *map = bdata[nid].node_bootmem_map;
		u64 start = node->min * (u64)PAGE_SIZE;
		u64 last_end = node->last_end ? node->last_end - start : 0;

		if (!EXPECT_EQ(bdata[nid].hint_idx, node->hint - node->min) ||
		    !EXPECT_EQ(bdata[nid].last_end_off, (unsigned long)last_end))
			return false;
		for (unsigned long idx = 0; idx < node->low - node->min; idx++)
			if (test_bit(idx, map) != node->taken[idx])
				return EXPECT_EQ(idx, test_bit(idx, map));
	}
	bootmem_check_all();
	return true;
}

static bool fuzz_apply(const struct fuzz_op *op)
{
	bool ok = true;

	switch (op->kind % NR_KINDS) {
	case ALLOC:
	case ALLOC_LOW:
	case ALLOC_NODE:
		ok = apply_alloc(op);
		break;
	case RESERVE:
		ok = apply_reserve(op);
		break;
	case FREE:
		ok = apply_free(op);
		break;
	case HAND_OVER:
		ok = apply_hand_over();
		break;
	}
	return ok && same_state();
}

static void fuzz_print(const struct fuzz_op *op, char *text, size_t size)
{
	snprintf(text, size, "%s(%#x, %#x, %#x, %#x, %u)", kind_names[op->kind % NR_KINDS],
		 op->arg[0], op->arg[1], op->arg[2], op->arg[3], op->arg[4]);
}

static const struct fuzz bootmem_fuzz = {
	.ops = 1000000,
	.round = 1000,
	.reset = fuzz_reset,
	.generate = fuzz_generate,
	.apply = fuzz_apply,
	.print = fuzz_print,
};

TEST("a million random operations give what the model says")
{
	fuzz_run(&bootmem_fuzz);
}
