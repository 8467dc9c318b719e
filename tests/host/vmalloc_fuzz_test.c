// SPDX-License-Identifier: MIT
/*
 * The vmalloc area under random load: memory, mappings of pages, short-lived mappings, other CPUs,
 * purges, requests that are too large, frees of what is none. What is mapped keeps its contents, nothing
 * lies where something else does, and the host's TLB (tests/host/pgtable.c) fails the test if an address
 * is used again before its flush.
 */
#include "fuzz.h"
#include "slab_machine.h"
#include "../../mm/vmalloc_internal.h"
#include <lib/vsprintf.h>

#include <string.h>

TEST_SUITE("vmalloc_fuzz");

#define AREA_BYTES	(12ul << 20)
#define NR_LIVE		64
#define NR_OWN		VMAP_MAX_ALLOC	/* pages that mappings show */

enum { OP_VMALLOC, OP_VZALLOC, OP_ALIGNED, OP_VMAP, OP_MAP_RAM, OP_FREE, OP_CPU, OP_PURGE, OP_TOO_LARGE,
       OP_MISUSE, NR_OPS };

static const char *const op_names[NR_OPS] = {
	"vmalloc", "vzalloc", "aligned", "vmap", "vm_map_ram", "free", "cpu", "vm_unmap_aliases", "too_large",
	"vfree_of_none",
};

static struct live {
	char *p;
	unsigned long nr;	/* pages */
	u32 kind;		/* the operation it comes from */
	unsigned int first;	/* a mapping: of own[] */
	u8 stamp;
} live[NR_LIVE];

static struct page *own[NR_OWN];
static unsigned long pages_at_first;

static char *page_at(const struct live *l, unsigned long i)
{
	return mapped_ptr((unsigned long)l->p + i * PAGE_SIZE);
}

static bool overlaps(const struct live *l)
{
	unsigned long start = (unsigned long)l->p, end = start + l->nr * PAGE_SIZE;

	for (const struct live *o = live; o < live + NR_LIVE; o++) {
		unsigned long other = (unsigned long)o->p;

		if (o != l && other && start < other + o->nr * PAGE_SIZE && other < end)
			return true;
	}
	return false;
}

static bool is_memory(const struct live *l)
{
	return l->kind != OP_VMAP && l->kind != OP_MAP_RAM;
}

/* What a page of the area must be, when it is new and whenever it is looked at. */
static bool page_is_right(const struct live *l, unsigned long i)
{
	const char *page = page_at(l, i);

	if (!EXPECT(page))
		return false;
	if (!is_memory(l))
		return EXPECT(vmalloc_to_page(l->p + i * PAGE_SIZE) == own[l->first + i]);
	return EXPECT_EQ((u8)page[0], l->stamp) && EXPECT_EQ((u8)page[PAGE_SIZE - 1], l->stamp);
}

static bool take(struct live *l, u8 stamp)
{
	if (!l->p)
		return true;
	if (!EXPECT(IS_ALIGNED((unsigned long)l->p, PAGE_SIZE)) || !EXPECT(!overlaps(l)) ||
	    !EXPECT(l->kind == OP_MAP_RAM || !mapped_ptr((unsigned long)l->p + l->nr * PAGE_SIZE)))
		return false;
	if (l->kind == OP_VZALLOC && !EXPECT(page_at(l, l->nr - 1)[17] == 0))
		return false;
	l->stamp = stamp;
	for (unsigned long i = 0; i < l->nr; i++) {
		if (is_memory(l))
			memset(page_at(l, i), stamp, PAGE_SIZE);
		if (!page_is_right(l, i))
			return false;
	}
	return true;
}

static bool give(struct live *l)
{
	char *p = l->p;

	for (unsigned long i = 0; i < l->nr; i++)
		if (!page_is_right(l, i))
			return false;
	if (l->kind == OP_VMAP)
		vunmap(p);
	else if (l->kind == OP_MAP_RAM)
		vm_unmap_ram(p, l->nr);
	else
		vfree(p);
	l->p = NULL;
	return EXPECT(!mapped_ptr((unsigned long)p));
}

static void *allocate(struct live *l, u32 arg)
{
	switch (l->kind) {
	case OP_VZALLOC:
		return vzalloc(l->nr * PAGE_SIZE);
	case OP_ALIGNED:
		return __vmalloc_node_range(l->nr * PAGE_SIZE, PAGE_SIZE << arg % 10, VMALLOC_START,
					    VMALLOC_END, GFP_KERNEL | __GFP_NOWARN, PAGE_KERNEL, 0,
					    NUMA_NO_NODE, NULL);
	case OP_VMAP:
		return vmap(own + l->first, l->nr, VM_MAP, PAGE_KERNEL);
	case OP_MAP_RAM:
		return vm_map_ram(own + l->first, l->nr, NUMA_NO_NODE);
	default:
		return __vmalloc(l->nr * PAGE_SIZE, GFP_KERNEL | __GFP_NOWARN, PAGE_KERNEL);
	}
}

static bool apply_take(struct live *l, const struct fuzz_op *op)
{
	bool mapping = op->kind == OP_VMAP || op->kind == OP_MAP_RAM;

	if (l->p)
		return true;
	l->kind = op->kind;
	l->nr = 1 + op->arg[1] % (mapping ? NR_OWN : 200);
	l->first = mapping ? op->arg[2] % (NR_OWN - l->nr + 1) : 0;
	l->p = allocate(l, op->arg[2]);
	return take(l, (u8)op->arg[3]);
}

/* More than there is, in all the ways that arithmetic knows. */
static bool apply_too_large(u32 arg)
{
	static const unsigned long sizes[] = {
		0, AREA_BYTES, AREA_BYTES + 1, 1ul << 31, -PAGE_SIZE, -PAGE_SIZE + 1, -1ul, -2 * PAGE_SIZE,
	};
	void *p = __vmalloc(sizes[arg % ARRAY_SIZE(sizes)], GFP_KERNEL | __GFP_NOWARN, PAGE_KERNEL);

	host_take_warnings();
	return EXPECT(!p);
}

/* The middle of what is there, and what is not: it is reported, and nothing changes. */
static bool apply_misuse(const struct live *l, u32 arg)
{
	if (!l->p || l->kind == OP_MAP_RAM || (l->nr == 1 && arg % 2 == 0))
		return true;
	host_log_clear();
	vfree(arg % 2 ? l->p + 1 : l->p + PAGE_SIZE);
	return EXPECT(host_log_has("BUG: vfree("));
}

static bool apply(const struct fuzz_op *op)
{
	struct live *l = &live[op->arg[0] % NR_LIVE];

	switch (op->kind) {
	case OP_FREE:
		return !l->p || give(l);
	case OP_CPU:
		host_set_cpu(op->arg[0] % NR_CPUS);
		return true;
	case OP_PURGE:
		vm_unmap_aliases();
		return true;
	case OP_TOO_LARGE:
		return apply_too_large(op->arg[1]);
	case OP_MISUSE:
		return apply_misuse(l, op->arg[1]);
	default:
		return apply_take(l, op);
	}
}

static bool check(void)
{
	for (struct live *l = live; l < live + NR_LIVE; l++)
		if (l->p && !give(l))
			return false;
	vm_unmap_aliases();
	return EXPECT(vmalloc_check()) && EXPECT(slab_machine_check()) &&
	       EXPECT(slab_machine_pages() + 2 * PFN_UP(AREA_BYTES) / PTRS_PER_PTE >= pages_at_first);
}

static void reset(void)
{
	host_vmalloc_end = host_vmalloc_start + AREA_BYTES;
	vmap_flush_at_once = false;	/* so that a flush that is missing is found */
	slab_machine_boot(&machines[MACHINE_32M]);
	vmalloc_init();
	for (unsigned int i = 0; i < NR_OWN; i++)
		own[i] = alloc_page(GFP_KERNEL);
	pages_at_first = slab_machine_pages();
}

static void generate(struct fuzz_op *op)
{
	static const u8 mix[16] = {
		OP_VMALLOC, OP_VZALLOC, OP_ALIGNED, OP_VMAP, OP_VMAP, OP_MAP_RAM, OP_MAP_RAM, OP_MAP_RAM,
		OP_FREE, OP_FREE, OP_FREE, OP_FREE, OP_CPU, OP_PURGE, OP_TOO_LARGE, OP_MISUSE,
	};

	op->kind = mix[test_random_below(ARRAY_SIZE(mix))];
	op->arg[0] = test_random_below(NR_LIVE);
	op->arg[1] = test_random_below(256) >> test_random_below(8);
	op->arg[2] = test_random_below(256);
	op->arg[3] = op->arg[0] * 37 + 1;
}

static void print(const struct fuzz_op *op, char *text, size_t size)
{
	snprintf(text, size, "%s %u %u %u", op_names[op->kind % NR_OPS], op->arg[0], op->arg[1], op->arg[2]);
}

TEST("what is mapped stays as it is, and alone, through random operations of all CPUs")
{
	static const struct fuzz fuzz = {
		.ops = 60000, .round = 2000, .reset = reset, .generate = generate, .apply = apply,
		.check = check, .print = print,
	};

	fuzz_run(&fuzz);
}
