// SPDX-License-Identifier: MIT
/*
 * memblock against its model: random calls of the whole interface, compared after every one.
 *
 *    physical   0 .. 1 MiB     PHYS_OFFSET .. + 1 MiB      4 GiB - 1 MiB .. 4 GiB
 *               [ window 0 ]   [      window 1      ]      [      window 2      ]
 *
 * Only the windows have memory behind them in the test process, so memory is added in them only;
 * all else (reserve, remove, node, flags, limits) may have any address. Both bytes that matter most
 * lie in a window: address 0, and the last one, which no region can hold.
 *
 * A round is over once the calls took away the reservation of the lists' own arrays, or did what
 * Linux answers with a BUG; both are counted.
 */
#include "host.h"
#include "fuzz.h"
#include "memblock_model.h"

#include <kernel/bug.h>
#include <lib/container_of.h>
#include <lib/math.h>
#include <lib/vsprintf.h>

TEST_SUITE("memblock_fuzz");

#define WINDOW		(1u << 20)
#define NR_WINDOWS	3

enum kind {
	ADD, RESERVE, REMOVE, FREE, ALLOC, ALLOC_VIRT, SET_NODE, CHANGE_FLAG, TRIM, CAP, LIMIT,
	CURRENT_LIMIT, BOTTOM_UP, SETTING, ASK, ITERATE, NR_KINDS,
};

/* What a list is being filled for: to make it double, or nothing in particular. */
enum mood { MIXED, CROWD_MEMORY, CROWD_RESERVED, NR_MOODS };

/* Shared by all rounds. */
struct stats {
	unsigned long doubled[2], longest[2], failed_double, given[2], bugs, lost;
};

static const phys_addr_t window[NR_WINDOWS] = { 0, PHYS_OFFSET, -WINDOW };
static struct stats *stats;
static enum mood mood;
static bool over;		/* operations do nothing any more */

static void reset(void)
{
	host_ram_setup(WINDOW);
	host_ram_also(window[0], WINDOW);
	host_ram_also(window[2], WINDOW);
	mbmodel_reset();
	mood = MIXED;
	over = false;
}

/* ---- Generating ------------------------------------------------------------------------------ */

/* A border of a region of either list, or a byte beside it: for adjacency and overlap. */
static phys_addr_t random_border(void)
{
	const struct mbmodel_regions *all = mbmodel_regions(test_random_below(2));
	const struct memblock_region *r = &all->region[test_random_below(all->cnt)];

	return r->base + (test_random_below(2) ? r->size : 0) + test_random_below(3) - 1;
}

static phys_addr_t random_addr(void)
{
	static const unsigned int grain[] = { 1, 64, 1024, PAGE_SIZE, PAGE_SIZE, SZ_64K };
	unsigned int step = grain[test_random_below(ARRAY_SIZE(grain))];

	if (test_random_below(4) == 0)
		return random_border();
	return window[test_random_below(NR_WINDOWS)] + test_random_below(WINDOW / step + 1) * step;
}

static phys_addr_t random_size(void)
{
	switch (test_random_below(16)) {
	case 0:
		return 0;
	case 1:
		return -test_random_below(WINDOW);	/* beyond the top */
	case 2:
		return test_random_below(WINDOW);
	case 3: case 4: case 5:
		return test_random_below(16) * PAGE_SIZE;
	default:
		return test_random_below(2 * PAGE_SIZE);
	}
}

static u32 random_nid(void)
{
	return test_random_below(4) ? MAX_NUMNODES : test_random_below(MAX_NUMNODES);
}

static u32 random_flags(void)
{
	return test_random_below(4) ? MEMBLOCK_NONE : test_random_below(16);
}

static u32 random_align(void)
{
	return test_random_below(20) ? 1u << test_random_below(test_random_below(4) ? 10 : 18) : 0;
}

/* A small range in a page of its own: many of them fill a list. */
static void generate_crowd(struct fuzz_op *op)
{
	op->kind = mood == CROWD_MEMORY ? ADD : RESERVE;
	op->arg[0] = (random_addr() & PAGE_MASK) + 512 * test_random_below(8);
	op->arg[1] = 1 + test_random_below(500);
	op->arg[2] = random_nid();
}

static void generate_range(struct fuzz_op *op)
{
	op->arg[0] = random_addr();
	op->arg[1] = random_size();
	op->arg[2] = op->kind == CHANGE_FLAG ? test_random_below(5) : random_nid();
	op->arg[3] = op->kind == ADD ? random_flags() : test_random_below(2);
}

static struct mbmodel_range want[2 * MODEL_LIST_MAX];

/* Exactly as much as is free somewhere. */
static phys_addr_t random_fit(void)
{
	unsigned int nr = mbmodel_ranges(MODEL_MEMORY, true, NUMA_NO_NODE, 0, want);
	const struct mbmodel_range *r = &want[nr ? test_random_below(nr) : 0];

	return nr ? r->end - r->start : 0;
}

static void generate_alloc(struct fuzz_op *op)
{
	bool anywhere = test_random_below(2);

	op->arg[0] = test_random_below(8) ? random_size() & (SZ_8K - 1) : random_size();
	op->arg[1] = random_align();
	if (test_random_below(8) == 0) {
		op->arg[0] = random_fit();
		op->arg[1] = 1;
	}
	op->arg[2] = anywhere ? 0 : random_addr();
	op->arg[3] = anywhere ? MEMBLOCK_ALLOC_ACCESSIBLE : random_addr();
	if (op->arg[2] > op->arg[3] && !anywhere && test_random_below(8))
		swap(op->arg[2], op->arg[3]);
	op->arg[4] = test_random_below(2) ? (u32)NUMA_NO_NODE :
					    test_random_below(MAX_NUMNODES) |
					    test_random_below(2) << 8;
}

static enum kind random_kind(void)
{
	static const u8 weight[NR_KINDS] = {
		[ADD] = 40, [RESERVE] = 40, [REMOVE] = 16, [FREE] = 30, [ALLOC] = 40,
		[ALLOC_VIRT] = 20, [SET_NODE] = 10, [CHANGE_FLAG] = 16, [TRIM] = 2, [CAP] = 1,
		[LIMIT] = 1, [CURRENT_LIMIT] = 4, [BOTTOM_UP] = 4, [SETTING] = 2, [ASK] = 20,
		[ITERATE] = 8,
	};
	u32 kind, total = 0, at;

	for (kind = 0; kind < NR_KINDS; kind++)
		total += weight[kind];
	at = test_random_below(total);
	for (kind = 0; at >= weight[kind]; kind++)
		at -= weight[kind];
	return kind;
}

static void generate(struct fuzz_op *op)
{
	if (test_random_below(300) == 0)
		mood = test_random_below(NR_MOODS);
	if (mood != MIXED && test_random_below(8)) {
		generate_crowd(op);
		return;
	}
	op->kind = random_kind();
	if (op->kind == ALLOC || op->kind == ALLOC_VIRT)
		generate_alloc(op);
	else
		generate_range(op);
	/* Keep the big erasers for the end of a round, mostly. */
	if ((op->kind == FREE || op->kind == REMOVE) && test_random_below(16))
		op->arg[1] &= SZ_16K - 1;
	if (op->kind == FREE && mbmodel_hits_array(op->arg[0], op->arg[1]) && test_random_below(16))
		op->kind = RESERVE;
	if (op->kind == CAP && test_random_below(4))
		op->arg[0] &= WINDOW - 1;
	if (op->kind == TRIM)
		op->arg[0] = 1u << test_random_below(14);
	if (op->kind == CURRENT_LIMIT && test_random_below(4))
		op->arg[0] = MEMBLOCK_ALLOC_ANYWHERE;
}

/* ---- Comparing ------------------------------------------------------------------------------- */

static bool same_list(const struct memblock_type *type, enum mbmodel_list list)
{
	const struct mbmodel_regions *want = mbmodel_regions(list);
	unsigned long i;

	if (!EXPECT_EQ(type->cnt, want->cnt) || !EXPECT_EQ(type->max, mbmodel.max[list]) ||
	    !EXPECT_EQ(type->total_size, want->total_size))
		return false;
	for (i = 0; i < want->cnt; i++)
		if (type->regions[i].base != want->region[i].base ||
		    type->regions[i].size != want->region[i].size ||
		    type->regions[i].flags != want->region[i].flags ||
		    type->regions[i].nid != want->region[i].nid)
			break;
	if (i == want->cnt)
		return true;
	test_note("%s[%lu] is 0x%08x+0x%x flags %x node %d, not 0x%08x+0x%x flags %x node %d",
		  type->name, i, type->regions[i].base, type->regions[i].size,
		  type->regions[i].flags, type->regions[i].nid, want->region[i].base,
		  want->region[i].size, want->region[i].flags, want->region[i].nid);
	return false;
}

static bool same_array(const struct memblock_type *type, enum mbmodel_list list)
{
	return !mbmodel.array[list] || EXPECT_EQ(__pa(type->regions), mbmodel.array[list]);
}

static bool same_state(void)
{
	memblock_check();
	return same_list(&memblock.memory, MODEL_MEMORY) &&
	       same_list(&memblock.reserved, MODEL_RESERVED) &&
	       same_array(&memblock.memory, MODEL_MEMORY) &&
	       same_array(&memblock.reserved, MODEL_RESERVED) &&
	       EXPECT_EQ(memblock.current_limit, mbmodel.current_limit) &&
	       EXPECT_EQ(memblock.bottom_up, mbmodel.bottom_up);
}

static bool ask(phys_addr_t addr, phys_addr_t size)
{
	const struct mbmodel_regions *mem = mbmodel_regions(MODEL_MEMORY);
	const struct mbmodel_regions *res = mbmodel_regions(MODEL_RESERVED);
	phys_addr_t end = size > 0xffffffffu - addr ? 0xffffffffu : addr + size;
	bool in_one = false, touches = false, is_memory;
	unsigned long i, from = 0, to = 0;
	unsigned int flags;

	for (i = 0; i < mem->cnt; i++)
		in_one |= addr >= mem->region[i].base && addr - mem->region[i].base < mem->region[i].size &&
			  end <= mem->region[i].base + mem->region[i].size;
	for (i = 0; i < res->cnt; i++)
		touches |= addr < res->region[i].base + res->region[i].size && res->region[i].base < end;
	is_memory = mbmodel_is_memory(addr, &flags);
	return EXPECT_EQ(memblock_is_memory(addr), is_memory) &&
	       EXPECT_EQ(memblock_is_map_memory(addr), is_memory && !(flags & MEMBLOCK_NOMAP)) &&
	       EXPECT_EQ(memblock_is_reserved(addr), mbmodel_is_reserved(addr)) &&
	       EXPECT_EQ(memblock_is_region_memory(addr, size), in_one) &&
	       EXPECT_EQ(memblock_is_region_reserved(addr, size), touches) &&
	       EXPECT_EQ(memblock_overlaps_region(&memblock.reserved, addr, size), touches) &&
	       EXPECT_EQ(memblock_search_pfn_nid(PFN_DOWN(addr), &from, &to) != -1,
			 mbmodel_is_memory(addr & PAGE_MASK, &flags)) &&
	       EXPECT_EQ(memblock_start_of_DRAM(), mem->region[0].base) &&
	       EXPECT_EQ(memblock_end_of_DRAM(), mem->region[mem->cnt - 1].base +
						 mem->region[mem->cnt - 1].size) &&
	       EXPECT_EQ(memblock_phys_mem_size(), mem->total_size) &&
	       EXPECT_EQ(memblock_reserved_size(), res->total_size);
}

static bool is_range(const struct mbmodel_range *r, phys_addr_t start, phys_addr_t end, int nid)
{
	return EXPECT_EQ(start, r->start) && EXPECT_EQ(end, r->end) && EXPECT_EQ(nid, r->nid);
}

static bool iterate_free(int nid, unsigned int flags)
{
	unsigned int nr = mbmodel_ranges(MODEL_MEMORY, true, nid, flags, want), at = 0;
	phys_addr_t start, end;
	int range_nid;
	u64 i;

	for_each_free_mem_range(i, nid, flags, &start, &end, &range_nid)
		if (!EXPECT(at < nr) || !is_range(&want[at++], start, end, range_nid))
			return false;
	if (!EXPECT_EQ(at, nr))
		return false;
	for_each_free_mem_range_reverse(i, nid, flags, &start, &end, &range_nid)
		if (!EXPECT(at > 0) || !is_range(&want[--at], start, end, range_nid))
			return false;
	return EXPECT_EQ(at, 0);
}

static bool iterate_lists(void)
{
	unsigned int flags = MEMBLOCK_HOTPLUG | MEMBLOCK_DRIVER_MANAGED, at = 0;
	unsigned int nr = mbmodel_ranges(MODEL_MEMORY, false, NUMA_NO_NODE, flags, want);
	phys_addr_t start, end;
	u64 i;

	for_each_mem_range(i, &start, &end)
		if (!EXPECT(at < nr) || !is_range(&want[at], start, end, want[at].nid) || !++at)
			return false;
	if (!EXPECT_EQ(at, nr))
		return false;
	for_each_mem_range_rev(i, &start, &end)
		if (!EXPECT(at > 0) || !is_range(&want[at - 1], start, end, want[at - 1].nid) || at-- == 0)
			return false;
	nr = mbmodel_ranges(MODEL_RESERVED, false, NUMA_NO_NODE, 0, want);
	at = 0;
	for_each_reserved_mem_range(i, &start, &end)
		if (!EXPECT(at < nr) || !is_range(&want[at], start, end, want[at].nid) || !++at)
			return false;
	return EXPECT_EQ(at, nr);
}

static bool iterate_pfns(int nid)
{
	const struct mbmodel_regions *mem = mbmodel_regions(MODEL_MEMORY);
	unsigned long start, end, at = 0;
	int i, region_nid;

	for_each_mem_pfn_range(i, nid, &start, &end, &region_nid) {
		for (; at < (unsigned long)i; at++)
			if (!EXPECT(PFN_UP(mem->region[at].base) >=
				    PFN_DOWN(mem->region[at].base + mem->region[at].size) ||
				    (nid != MAX_NUMNODES && nid != mem->region[at].nid)))
				return false;
		if (!EXPECT_EQ(start, PFN_UP(mem->region[at].base)) ||
		    !EXPECT_EQ(end, PFN_DOWN(mem->region[at].base + mem->region[at].size)) ||
		    !EXPECT_EQ(region_nid, mem->region[at].nid))
			return false;
		at++;
	}
	return true;
}

/* ---- Applying -------------------------------------------------------------------------------- */

static bool inside_a_window(phys_addr_t base, phys_addr_t size)
{
	unsigned int i;

	for (i = 0; i < NR_WINDOWS; i++)
		if (base - window[i] < WINDOW && (i == 2 || size <= window[i] + WINDOW - base))
			return true;
	return false;
}

/* The model's and memblock's answer to one operation; equal if all is well. */
struct answers {
	u32 want, got;
};

/* The model goes first: it says whether the real one can be asked at all. */
#define ANSWER(a, model_call, real_call)			\
	do {							\
		(a)->want = (u32)(model_call);			\
		if (mbmodel.bug)					\
			HOST_EXPECT_BUG(real_call);		\
		else if (!mbmodel.unpredictable)			\
			(a)->got = (u32)(real_call);		\
		else						\
			(a)->got = (a)->want;			\
	} while (0)

/* For functions that return nothing. */
#define ANSWER_VOID(a, model_call, real_call)			\
	ANSWER(a, ((model_call), 0), ((real_call), 0))

static void apply_flag(const struct fuzz_op *op, struct answers *a)
{
	phys_addr_t base = op->arg[0], size = op->arg[1];
	bool clear = op->arg[3] & 1;

	if (op->arg[2] == 0)
		ANSWER(a, mbmodel_mark_mirror(base, size), memblock_mark_mirror(base, size));
	else if (op->arg[2] % 2 && clear)
		ANSWER(a, mbmodel_change_flags(base, size, 0, MEMBLOCK_HOTPLUG),
		       memblock_clear_hotplug(base, size));
	else if (op->arg[2] % 2)
		ANSWER(a, mbmodel_change_flags(base, size, MEMBLOCK_HOTPLUG, 0),
		       memblock_mark_hotplug(base, size));
	else if (clear)
		ANSWER(a, mbmodel_change_flags(base, size, 0, MEMBLOCK_NOMAP),
		       memblock_clear_nomap(base, size));
	else
		ANSWER(a, mbmodel_change_flags(base, size, MEMBLOCK_NOMAP, 0),
		       memblock_mark_nomap(base, size));
}

static void apply_alloc(const struct fuzz_op *op, struct answers *a)
{
	int nid = op->arg[4] == (u32)NUMA_NO_NODE ? NUMA_NO_NODE : (int)(op->arg[4] % MAX_NUMNODES);
	bool exact = op->arg[4] != (u32)NUMA_NO_NODE && op->arg[4] >> 8;
	phys_addr_t size = op->arg[0], align = op->arg[1] & -op->arg[1];
	phys_addr_t start = op->arg[2], end = op->arg[3];

	ANSWER(a, mbmodel_alloc(size, align, start, end, nid, exact),
	       memblock_alloc_range_nid(size, align, start, end, nid, exact));
	stats->given[a->want != 0]++;
}

static bool is_zero(const u8 *p, size_t bytes)
{
	return bytes == 0 || (p[0] == 0 && p[bytes / 2] == 0 && p[bytes - 1] == 0);
}

/* The three that return a pointer; only one of them zeroes. */
static void *alloc_virt(u32 which, phys_addr_t size, phys_addr_t align, phys_addr_t min,
			phys_addr_t max, int nid)
{
	void *ptr;

	if (which == 2)
		return memblock_alloc_exact_nid_raw(size, align, min, max, nid);
	if (which == 1)
		return memblock_alloc_try_nid_raw(size, align, min, max, nid);
	ptr = memblock_alloc_try_nid(size, align, min, max, nid);
	if (ptr)
		EXPECT(is_zero(ptr, size));
	return ptr;
}

static void apply_alloc_virt(const struct fuzz_op *op, struct answers *a)
{
	int nid = op->arg[4] == (u32)NUMA_NO_NODE ? NUMA_NO_NODE : (int)(op->arg[4] % MAX_NUMNODES);
	phys_addr_t size = op->arg[0], align = op->arg[1] & -op->arg[1];
	phys_addr_t min = op->arg[2], max = op->arg[3];
	u32 which = op->arg[1] % 3;
	void *ptr = NULL;

	ANSWER(a, mbmodel_alloc_virt(size, align, min, max, nid, which == 2),
	       (ptr = alloc_virt(which, size, align, min, max, nid)) ? __pa(ptr) : 0);
}

static void apply_setting(u32 which)
{
	switch (which % 3) {
	case 0:
		mbmodel.can_resize = true;
		memblock_allow_resize();
		break;
	case 1:
		mbmodel.mirrored_kernelcore = mirrored_kernelcore = true;
		break;
	default:
		mbmodel.movable_node = movable_node_enabled = true;
	}
}

static void apply_limit(const struct fuzz_op *op, struct answers *a)
{
	phys_addr_t limit = op->arg[0] & (4 * WINDOW - 1);

	if (op->arg[3] & 1)
		ANSWER_VOID(a, mbmodel_limit(limit, true), memblock_mem_limit_remove_map(limit));
	else
		ANSWER_VOID(a, mbmodel_limit(limit, false), memblock_enforce_memory_limit(limit));
}

static void apply_change(const struct fuzz_op *op, struct answers *a)
{
	phys_addr_t base = op->arg[0], size = op->arg[1];
	int nid = op->arg[2] % (MAX_NUMNODES + 1);
	unsigned int flags = op->arg[3] % 16;

	if (op->kind == RESERVE)
		ANSWER(a, mbmodel_add(MODEL_RESERVED, base, size, MAX_NUMNODES, 0),
		       memblock_reserve(base, size));
	else if (op->kind == REMOVE)
		ANSWER(a, mbmodel_remove(MODEL_MEMORY, base, size), memblock_remove(base, size));
	else if (op->kind == FREE)
		ANSWER(a, mbmodel_remove(MODEL_RESERVED, base, size), memblock_phys_free(base, size));
	else if (op->kind == SET_NODE && flags % 2)
		ANSWER(a, mbmodel_set_node(MODEL_RESERVED, base, size, nid),
		       memblock_set_node(base, size, &memblock.reserved, nid));
	else if (op->kind == SET_NODE)
		ANSWER(a, mbmodel_set_node(MODEL_MEMORY, base, size, nid),
		       memblock_set_node(base, size, &memblock.memory, nid));
	else if (inside_a_window(base, size) && nid == MAX_NUMNODES && flags == 0)
		ANSWER(a, mbmodel_add(MODEL_MEMORY, base, size, nid, 0), memblock_add(base, size));
	else if (inside_a_window(base, size))
		ANSWER(a, mbmodel_add(MODEL_MEMORY, base, size, nid, flags),
		       memblock_add_node(base, size, nid, flags));
}

/* Return: false if a question was answered wrongly. */
static bool apply_kind(const struct fuzz_op *op, struct answers *a)
{
	phys_addr_t base = op->arg[0], size = op->arg[1];

	switch ((enum kind)(op->kind % NR_KINDS)) {
	case ADD: case RESERVE: case REMOVE: case FREE: case SET_NODE:
		apply_change(op, a);
		return true;
	case ALLOC:
		apply_alloc(op, a);
		return true;
	case ALLOC_VIRT:
		apply_alloc_virt(op, a);
		return true;
	case CHANGE_FLAG:
		apply_flag(op, a);
		return true;
	case TRIM:
		if (is_power_of_2(base))
			ANSWER_VOID(a, mbmodel_trim(base), memblock_trim_memory(base));
		return true;
	case CAP:
		ANSWER_VOID(a, mbmodel_cap(base, size), memblock_cap_memory_range(base, size));
		return true;
	case LIMIT:
		apply_limit(op, a);
		return true;
	case CURRENT_LIMIT:
		mbmodel.current_limit = base;
		memblock_set_current_limit(base);
		return EXPECT_EQ(memblock_get_current_limit(), base);
	case BOTTOM_UP:
		mbmodel.bottom_up = base % 2;
		memblock_set_bottom_up(base % 2);
		return EXPECT_EQ(memblock_bottom_up(), base % 2);
	case SETTING:
		apply_setting(base);
		return true;
	case ASK:
		return ask(base, size);
	case ITERATE:
	case NR_KINDS:
		break;
	}
	return iterate_free(base % 5 ? (int)(base % 5) - 1 : NUMA_NO_NODE, size % 16) &&
	       iterate_lists() && iterate_pfns(op->arg[2] % (MAX_NUMNODES + 1));
}

static bool apply(const struct fuzz_op *op)
{
	unsigned long max[2] = { mbmodel.max[0], mbmodel.max[1] };
	struct answers a = { 0, 0 };

	if (over)
		return true;
	host_log_clear();
	if (!apply_kind(op, &a))
		return false;
	host_take_warnings();	/* of overlaps with another node or other flags, as in Linux */
	stats->doubled[0] += mbmodel.max[0] != max[0];
	stats->doubled[1] += mbmodel.max[1] != max[1];
	stats->longest[0] = max(stats->longest[0], mbmodel_regions(MODEL_MEMORY)->cnt);
	stats->longest[1] = max(stats->longest[1], mbmodel_regions(MODEL_RESERVED)->cnt);
	stats->failed_double += host_log_has("Failed to double");
	stats->bugs += mbmodel.bug;
	if (mbmodel.bug || mbmodel.unpredictable) {
		over = true;
		return true;
	}
	over = mbmodel_array_lost();
	stats->lost += over;
	return EXPECT_EQ(a.got, a.want) && same_state();
}

static bool round_over(void)
{
	return over;
}

/* ---- Reporting ------------------------------------------------------------------------------- */

static void print(const struct fuzz_op *op, char *text, size_t size)
{
	static const char *const name[NR_KINDS] = {
		"add", "reserve", "remove", "phys_free", "alloc_range_nid", "alloc_virt",
		"set_node", "change_flag", "trim_memory", "cap_memory_range", "limit",
		"set_current_limit", "set_bottom_up", "setting", "ask", "iterate",
	};
	static const char *const arguments[NR_KINDS] = {
		[ADD] = "base, size, node, flags", [ALLOC] = "size, align, start, end, node | exact << 8",
		[ALLOC_VIRT] = "size, align, min, max, node", [SET_NODE] = "base, size, node, list",
		[CHANGE_FLAG] = "base, size, which, clear", [LIMIT] = "limit, -, -, keep nomap",
	};

	snprintf(text, size, "%s(0x%08x, 0x%x, 0x%x, 0x%x, 0x%x)   %s", name[op->kind % NR_KINDS],
		 op->arg[0], op->arg[1], op->arg[2], op->arg[3], op->arg[4],
		 arguments[op->kind % NR_KINDS] ? arguments[op->kind % NR_KINDS] : "base, size");
}

/* Arguments become 0, or rounded to ever smaller units, or half. */
static bool simplify(const struct fuzz_op *op, unsigned int nth, struct fuzz_op *simpler)
{
	static const u32 mask[] = { 0, 0xfff00000, 0xffff0000, PAGE_MASK, 0xffffff00 };
	unsigned int arg = nth / (ARRAY_SIZE(mask) + 1), how = nth % (ARRAY_SIZE(mask) + 1);

	if (arg >= FUZZ_ARGS)
		return false;
	*simpler = *op;
	if (how < ARRAY_SIZE(mask))
		simpler->arg[arg] &= mask[how];
	else
		simpler->arg[arg] /= 2;
	return true;
}

static const struct fuzz memblock_fuzz = {
	.ops = 1000000, .round = 2000, .reset = reset, .generate = generate, .apply = apply,
	.over = round_over, .print = print, .simplify = simplify,
};

TEST("random calls give the regions, results and addresses of the model")
{
	stats = host_shared(sizeof(*stats));
	if (!fuzz_run(&memblock_fuzz))
		return;
	test_note("memory list: doubled %lu times, at most %lu regions; reserved list: %lu, %lu",
		  stats->doubled[MODEL_MEMORY], stats->longest[MODEL_MEMORY],
		  stats->doubled[MODEL_RESERVED], stats->longest[MODEL_RESERVED]);
	test_note("no room to double %lu times; allocated %lu times, no room %lu times",
		  stats->failed_double, stats->given[1], stats->given[0]);
	test_note("rounds that ended early: %lu lost an array, %lu in a BUG", stats->lost,
		  stats->bugs);
	if (host_ops && host_ops < memblock_fuzz.ops)
		return;
	EXPECT(stats->doubled[MODEL_MEMORY] > 0);
	EXPECT(stats->doubled[MODEL_RESERVED] > 0);
	EXPECT(stats->failed_double > 0);
}
