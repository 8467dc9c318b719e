// SPDX-License-Identifier: MIT
/*
 * The vmalloc area against a model: a byte for each page of addresses, which says whether it is free,
 * lazy or busy. Where the next area comes to lie is known: at the lowest address of those that will do.
 * The host's TLB (tests/host/pgtable.c) fails the test if an address is used again too early.
 */
#include "slab_machine.h"
#include "host_wait.h"
#include "../../mm/vmalloc_internal.h"
#include <mm/fail_page_alloc.h>
#include <mm/pcp.h>
#include <mm/shrinker.h>

#include <stdlib.h>
#include <string.h>

TEST_SUITE("vmalloc");

#define MAX_PAGES	(240ul << (20 - PAGE_SHIFT))
#define MAX_AREAS	12000u

enum { FREE, LAZY, BUSY };

static u8 pages[MAX_PAGES];		/* the model */
static unsigned long nr_pages;
static void *areas[MAX_AREAS];
static unsigned int nr_areas;

/*
 * V2, looked at where it could be mended too late: what the TLB knows is of no gap. Tables that are taken
 * out of gaps are flushed with the lock held (W2).
 */
static void gaps_are_forgotten(void)
{
	const struct vmap_area *gap;
	struct rb_node *node;

	if (spin_is_locked(&vmap_area_lock))
		return;
	for_each_vmap_area(gap, node, &free_vmap_area_root)
		for (unsigned long addr = gap->va_start; addr < gap->va_end; addr += PAGE_SIZE)
			ASSERT(!host_tlb_is_stale(addr));
}

static void boot(unsigned long bytes)
{
	host_vmalloc_end = host_vmalloc_start + bytes;
	vmap_flush_at_once = false;	/* so that a flush that is missing is found */
	nr_pages = bytes >> PAGE_SHIFT;
	slab_machine_boot(&machines[MACHINE_32M]);
	vmalloc_init();
	ASSERT(vmalloc_check());
}

static struct page *some[VMAP_MAX_ALLOC + 1];

static void take_some_pages(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(some); i++)
		ASSERT(some[i] = alloc_page(GFP_KERNEL));
}

static unsigned long page_of(const void *addr)
{
	return ((unsigned long)addr - host_vmalloc_start) >> PAGE_SHIFT;
}

/* ---- The model ---- */

/*
 * The lowest place for @nr pages between @start and @end in gaps of at least @length, or in the first one
 * above @start, which is looked at whatever its length. nr_pages if there is none.
 */
static unsigned long place_in_gaps(unsigned long nr, unsigned long align, unsigned long start,
				   unsigned long end, unsigned long length)
{
	unsigned long gap, gap_end, at;
	bool first = start > 0;

	for (gap = 0; gap < nr_pages; gap = gap_end + 1) {
		for (gap_end = gap; gap_end < nr_pages && pages[gap_end] == FREE; gap_end++)
			;
		at = ALIGN(max(gap, start), align);
		if (gap_end == gap || gap_end <= start)
			continue;
		if ((first || gap_end - gap >= length) && at + nr <= min(gap_end, end))
			return at;
		first = false;
	}
	return nr_pages;
}

/* First where it fits however the gap lies; if there is no such gap, where it fits by luck. */
static unsigned long model_place(unsigned long nr, unsigned long align, unsigned long start,
				 unsigned long end)
{
	unsigned long at = place_in_gaps(nr, align, start, end, nr + align - 1);

	return at == nr_pages ? place_in_gaps(nr, align, start, end, nr) : at;
}

static void model_purge(void)
{
	for (unsigned long i = 0; i < nr_pages; i++)
		if (pages[i] == LAZY)
			pages[i] = FREE;
}

static unsigned long model_count(u8 state)
{
	unsigned long nr = 0;

	for (unsigned long i = 0; i < nr_pages; i++)
		nr += pages[i] == state;
	return nr;
}

/* ---- Both ---- */

/* @nr pages, the guard page included. */
static void take(unsigned long nr, unsigned long align, unsigned long start, unsigned long end)
{
	unsigned long at = model_place(nr, align, start, end), purges = nr_vmap_purges;
	struct vm_struct *vm = __get_vm_area_node((nr - 1) * PAGE_SIZE, align * PAGE_SIZE, VM_MAP,
						  host_vmalloc_start + start * PAGE_SIZE,
						  host_vmalloc_start + end * PAGE_SIZE, NUMA_NO_NODE,
						  GFP_KERNEL, NULL);

	if (at == nr_pages) {
		EXPECT(purges != nr_vmap_purges || !model_count(LAZY));
		model_purge();
		at = model_place(nr, align, start, end);
	}
	ASSERT_EQ(vm ? page_of(vm->addr) : nr_pages, at);
	if (!vm)
		return;
	EXPECT_EQ(vm->size, nr * PAGE_SIZE);
	memset(pages + at, BUSY, nr);
	areas[nr_areas++] = vm->addr;
}

/* Behind all others. */
static void take_quickly(unsigned long nr)
{
	struct vm_struct *vm = get_vm_area((nr - 1) * PAGE_SIZE, VM_MAP);

	ASSERT(vm);
	memset(pages + page_of(vm->addr), BUSY, nr);
	areas[nr_areas++] = vm->addr;
}

static void give(unsigned int which)
{
	struct vm_struct *vm = find_vm_area(areas[which]);
	unsigned long purges = nr_vmap_purges;

	ASSERT(vm && vm->addr == areas[which]);
	memset(pages + page_of(vm->addr), LAZY, vm->size >> PAGE_SHIFT);
	areas[which] = areas[--nr_areas];
	free_vm_area(vm);
	if (purges != nr_vmap_purges)
		model_purge();
}

static void give_all(void)
{
	struct vmalloc_usage usage;

	while (nr_areas)
		give(nr_areas - 1);
	vm_unmap_aliases();
	model_purge();
	vmalloc_usage(&usage);
	EXPECT_EQ(usage.largest_chunk, nr_pages << PAGE_SHIFT);
	EXPECT(vmalloc_check());
}

/* Is each page in the model's state? */
static bool same(void)
{
	for (unsigned long i = 0; i < nr_pages; i++)
		if ((pages[i] == BUSY) != !!find_vm_area((void *)(host_vmalloc_start + i * PAGE_SIZE)))
			return false;
	return nr_lazy_pages() == model_count(LAZY) && vmalloc_check();
}

TEST("areas of random sizes and alignments lie where first fit puts them")
{
	boot(16ul << 20);
	for (unsigned int op = 0; op < 6000; op++) {
		unsigned long nr = 2 + test_random_below(op % 3 ? 12 : 300);
		unsigned long align = op % 4 ? 1 : 1ul << test_random_below(9);
		unsigned long start = op % 5 ? 0 : test_random_below((u32)nr_pages);
		unsigned long end = op % 5 || op % 2 ? nr_pages :
			start + test_random_below((u32)(nr_pages - start)) + 1;

		if (nr_areas && (nr_areas > 200 || test_random_below(20) < 9))
			give(test_random_below(nr_areas));
		else
			take(nr, align, start, end);
		if (op % 100 == 0)
			ASSERT(same());
	}
	give_all();
}

TEST("ten thousand areas and as many gaps: room is found, and all merges in the end")
{
	boot(240ul << 20);
	for (unsigned int i = 0; i < 10000; i++)
		take_quickly(2 + i % 3);
	for (unsigned int i = 0; i < 5000; i++)
		give(i);
	vm_unmap_aliases();
	model_purge();
	ASSERT(vmalloc_check());
	for (unsigned int i = 0; i < 200; i++)
		take(2 + test_random_below(5), 1, 0, nr_pages);
	ASSERT(same());
	give_all();
}

TEST("one flush serves many areas")
{
	unsigned long flushes;

	boot(64ul << 20);
	for (unsigned int i = 0; i < 500; i++)
		take(2, 1, 0, nr_pages);
	for (unsigned int i = 0; i < 500; i++)
		give(i);
	flushes = host_tlb_flushes;
	EXPECT_EQ(nr_vmap_purges, 0);
	vm_unmap_aliases();
	EXPECT_EQ(nr_vmap_purges, 1);
	EXPECT_EQ(host_tlb_flushes, flushes + 1);
	model_purge();
	EXPECT(vmalloc_check());
}

TEST("a purge of few pages flushes all of them, and before they are a gap")
{
	char *mem[3], *stays;

	boot(16ul << 20);
	stays = vmalloc(PAGE_SIZE);	/* and with it the page table, which would be flushed as a whole */
	ASSERT(stays);
	host_before_flush = gaps_are_forgotten;
	for (unsigned int first = 0; first < ARRAY_SIZE(mem); first++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(mem); i++)
			ASSERT(mem[i] = vmalloc((i + 2) * PAGE_SIZE));
		for (unsigned int i = 0; i < ARRAY_SIZE(mem); i++)
			vfree(mem[(first + i) % ARRAY_SIZE(mem)]);
		EXPECT(nr_lazy_pages() < TLB_FLUSH_ALL_PAGES);
		vm_unmap_aliases();
		gaps_are_forgotten();
	}
	host_before_flush = NULL;
	vfree(stays);
	EXPECT(vmalloc_check());
}

TEST("lazy areas are bounded")
{
	boot(16ul << 20);
	for (unsigned int i = 0; i < 200; i++) {
		take(60, 1, 0, nr_pages);
		give(0);
		EXPECT(nr_lazy_pages() <= nr_pages / 4);
	}
	EXPECT(nr_vmap_purges > 5);
	give_all();
}

TEST("too many lazy areas are purged a little later where nobody may sleep")
{
	void *p;

	boot(16ul << 20);
	take_some_pages();
	for (unsigned int i = 0; i < 40; i++) {
		p = vm_map_ram(some, ARRAY_SIZE(some), NUMA_NO_NODE);
		ASSERT(p);
		preempt_disable();
		vm_unmap_ram(p, ARRAY_SIZE(some));
		preempt_enable();
	}
	EXPECT(nr_lazy_pages() > nr_pages / 4 && nr_vmap_purges == 0);
	host_run_work();
	EXPECT(nr_lazy_pages() == 0 && nr_vmap_purges == 1);
	EXPECT(vmalloc_check());
}

TEST("lazy areas are purged when memory is short, and their page tables come back")
{
	struct shrink_control sc = { .gfp_mask = GFP_KERNEL };
	unsigned long before;

	boot(240ul << 20);
	before = slab_machine_pages();
	for (unsigned int i = 0; i < 60; i++) {
		void *p = vmalloc(100 * PAGE_SIZE);

		ASSERT(p);
		vfree(p);
	}
	EXPECT(nr_lazy_pages() == 60 * 101 && slab_machine_pages() < before);
	shrink_slab(&sc, 1, 1);
	EXPECT_EQ(nr_lazy_pages(), 0);
	EXPECT_EQ(slab_machine_pages(), before);
	EXPECT(vmalloc_check());
}

/* ---- With pages ---- */

static bool is_filled(const char *p, unsigned long bytes, int with)
{
	for (unsigned long off = 0; off < bytes; off += PAGE_SIZE) {
		const char *page = mapped_ptr((unsigned long)p + off);

		if (!page || page[0] != with || page[PAGE_SIZE - 1] != with)
			return false;
	}
	return true;
}

static void fill(char *p, unsigned long bytes, int with)
{
	for (unsigned long off = 0; off < bytes; off += PAGE_SIZE)
		memset(mapped_ptr((unsigned long)p + off), with, PAGE_SIZE);
}

TEST("memory keeps what is written through random allocations, and all pages come back")
{
	struct { char *p; unsigned long bytes; } mem[40] = { 0 };
	unsigned long before;

	boot(48ul << 20);
	before = slab_machine_pages();
	for (unsigned int op = 0; op < 1500; op++) {
		unsigned int at = test_random_below(ARRAY_SIZE(mem));

		if (mem[at].p) {
			ASSERT(is_filled(mem[at].p, mem[at].bytes, (int)at));
			vfree(mem[at].p);
		}
		mem[at].bytes = (1 + test_random_below(40)) * PAGE_SIZE;
		mem[at].p = op % 2 ? vmalloc(mem[at].bytes) : vzalloc(mem[at].bytes);
		ASSERT(mem[at].p);
		ASSERT(op % 2 || is_filled(mem[at].p, mem[at].bytes, 0));
		fill(mem[at].p, mem[at].bytes, (int)at);
		if (op % 50 == 0)
			ASSERT(vmalloc_check());
	}
	for (unsigned int at = 0; at < ARRAY_SIZE(mem); at++)
		vfree(mem[at].p);
	vm_unmap_aliases();
	EXPECT_EQ(slab_machine_pages(), before);
	EXPECT(vmalloc_check() && slab_machine_check());
}

TEST("a page of a run that somebody else holds stays his")
{
	struct page *page;
	char *p;

	boot(16ul << 20);
	p = vmalloc(16 * PAGE_SIZE);
	ASSERT(p);
	page = vmalloc_to_page(p + 3 * PAGE_SIZE);
	EXPECT(vmalloc_to_page(p + 4 * PAGE_SIZE) == page + 1);
	get_page(page);
	vfree(p);
	EXPECT_EQ(page_count(page), 1);
	EXPECT_EQ(page_count(page + 1), 0);
	put_page(page);
	EXPECT(slab_machine_check());
}

TEST("pages that lie side by side are freed one by one where no run begins")
{
	struct page *apart[PAGES_AT_ONCE];
	unsigned int beside = 0;
	unsigned long before;

	boot(16ul << 20);
	vfree(vmalloc(PAGE_SIZE));
	vm_unmap_aliases();
	before = slab_machine_pages();
	for (unsigned int i = 0; i < ARRAY_SIZE(apart); i++) {
		char *p = vmalloc_node(PAGES_AT_ONCE * PAGE_SIZE, 0);

		ASSERT(p);
		beside += vmalloc_to_pfn(p) % PAGES_AT_ONCE &&
			  vmalloc_to_pfn(p + (PAGES_AT_ONCE - 1) * PAGE_SIZE) ==
				  vmalloc_to_pfn(p) + PAGES_AT_ONCE - 1;
		vfree(p);
		apart[i] = alloc_page(GFP_KERNEL);
	}
	EXPECT(beside);
	for (unsigned int i = 0; i < ARRAY_SIZE(apart); i++)
		__free_page(apart[i]);
	vm_unmap_aliases();
	EXPECT_EQ(slab_machine_pages(), before);
	EXPECT(slab_machine_check());
}

TEST("without memory nothing is kept: pages, page tables, areas")
{
	unsigned long before;

	boot(64ul << 20);
	before = slab_machine_pages();
	for (unsigned long nr = 1000; nr < 9000; nr += 500) {
		void *p = __vmalloc(nr * PAGE_SIZE, GFP_KERNEL | __GFP_NOWARN, PAGE_KERNEL);

		vfree(p);
		vm_unmap_aliases();
		EXPECT_EQ(slab_machine_pages(), before);
		EXPECT_EQ(global_node_page_state_snapshot(NR_PAGETABLE), 0);
	}
	EXPECT(vmalloc_check() && slab_machine_check());
}

TEST("when there is no memory for a page table amid some pages, none of them stays mapped")
{
	struct page *page, *held = NULL;
	void *p, *before;

	boot(64ul << 20);
	before = vmalloc(7 * PAGE_SIZE);	/* so that PAGES_AT_ONCE lie on both sides of 2 MiB */
	ASSERT(before);
	while ((page = alloc_page(GFP_KERNEL | __GFP_NOWARN))) {
		page->private = (unsigned long)held;
		held = page;
	}
	for (unsigned int freed = 0; held; freed++) {
		page = held;
		held = (struct page *)page->private;
		__free_page(page);
		if (freed < PTRS_PER_PTE - PAGES_AT_ONCE || freed >= PTRS_PER_PTE + 2 * PAGES_AT_ONCE)
			continue;
		p = __vmalloc((PTRS_PER_PTE + 2 * PAGES_AT_ONCE) * PAGE_SIZE, GFP_KERNEL | __GFP_NOWARN,
			      PAGE_KERNEL);
		vfree(p);
		vm_unmap_aliases();
		ASSERT(vmalloc_check());
		EXPECT_EQ(global_node_page_state_snapshot(NR_PAGETABLE), 1);
	}
	vfree(before);
	EXPECT(slab_machine_check());
}

TEST("blocks of vm_map_ram give out each page once, and go when all is unmapped")
{
	struct { char *p; unsigned int count; } maps[300] = { 0 };
	struct page *some[VMAP_MAX_ALLOC];
	unsigned long before;

	boot(240ul << 20);
	for (unsigned int i = 0; i < ARRAY_SIZE(some); i++)
		some[i] = alloc_page(GFP_KERNEL);
	before = slab_machine_pages();
	for (unsigned int op = 0; op < 6000; op++) {
		unsigned int at = test_random_below(ARRAY_SIZE(maps));

		if (op % 7 == 0)
			host_set_cpu(test_random_below(NR_CPUS));
		if (maps[at].p) {
			for (unsigned int i = 0; i < maps[at].count; i++)
				ASSERT(vmalloc_to_page(maps[at].p + i * PAGE_SIZE) == some[i]);
			vm_unmap_ram(maps[at].p, maps[at].count);
			EXPECT(!vmalloc_to_page(maps[at].p));
		}
		maps[at].count = 1 + test_random_below(op % 50 ? 8 : VMAP_MAX_ALLOC);
		maps[at].p = vm_map_ram(some, maps[at].count, NUMA_NO_NODE);
		ASSERT(maps[at].p);
		if (op % 200 == 0) {
			ASSERT(vmalloc_check());
			vm_unmap_aliases();
		}
	}
	for (unsigned int at = 0; at < ARRAY_SIZE(maps); at++)
		if (maps[at].p)
			vm_unmap_ram(maps[at].p, maps[at].count);
	vm_unmap_aliases();
	EXPECT_EQ(slab_machine_pages(), before);
	EXPECT(vmalloc_check());
	host_set_cpu(0);
}

TEST("a block that is still in use is flushed, too, where it was unmapped")
{
	struct page *page;
	char *p, *q;

	boot(16ul << 20);
	page = alloc_page(GFP_KERNEL);
	p = vm_map_ram(&page, 1, NUMA_NO_NODE);
	q = vm_map_ram(&page, 1, NUMA_NO_NODE);
	ASSERT(p && q);
	vm_unmap_ram(p, 1);
	EXPECT(host_tlb_is_stale((unsigned long)p));
	vm_unmap_aliases();
	EXPECT(!host_tlb_is_stale((unsigned long)p));
	EXPECT(vmalloc_to_page(q) == page);
	vm_unmap_ram(q, 1);
	__free_page(page);
	EXPECT(vmalloc_check());
}

TEST("early areas are taken from the beginning, and gaps are made between them")
{
	static struct vm_struct first = { .size = 2 * PAGE_SIZE }, second = { .size = PAGE_SIZE };
	static struct vm_struct third = { .size = 3 * PAGE_SIZE }, last = { .size = PAGE_SIZE };
	struct vm_struct *vm;

	host_vmalloc_end = host_vmalloc_start + (8ul << 20);
	first.addr = (void *)(host_vmalloc_start + 8 * PAGE_SIZE);
	vm_area_add_early(&first);
	vm_area_register_early(&second, PAGE_SIZE);
	EXPECT((unsigned long)second.addr == host_vmalloc_start);
	last.addr = (void *)(host_vmalloc_start + 12 * PAGE_SIZE);
	vm_area_add_early(&last);
	vm_area_register_early(&third, 8 * PAGE_SIZE);	/* behind all of them */
	EXPECT((unsigned long)third.addr == host_vmalloc_start + 16 * PAGE_SIZE);
	slab_machine_boot(&machines[MACHINE_32M]);
	vmalloc_init();
	EXPECT(vmalloc_check());
	EXPECT(find_vm_area(first.addr + PAGE_SIZE) == &first && !find_vm_area(first.addr + 2 * PAGE_SIZE));
	vm = get_vm_area(6 * PAGE_SIZE, VM_MAP);
	ASSERT(vm);
	EXPECT((unsigned long)vm->addr == host_vmalloc_start + PAGE_SIZE);
	free_vm_area(vm);
}

/* ---- What is said of addresses ---- */

TEST("each area is listed with what it has, and each address leads to its area")
{
	char text[160];
	unsigned long ram;
	char *mem;

	boot(16ul << 20);
	take_some_pages();
	mem = vmalloc(3 * PAGE_SIZE);
	ram = (unsigned long)vm_map_ram(some, ARRAY_SIZE(some), NUMA_NO_NODE);
	ASSERT(mem && ram);
	vfree(vmalloc(5 * PAGE_SIZE));
	host_log_clear();
	show_vmallocinfo();
	EXPECT(host_log_has(" pages=3") && host_log_has(" vm_map_ram\n"));
	EXPECT(host_log_has("6 pages in unpurged vm_areas"));
	EXPECT(vmalloc_whatis(text, sizeof(text), (unsigned long)mem + 0x1010));
	EXPECT(strstr(text, "vmalloc area 0x") && strstr(text, "offset 0x1010, of "));
	EXPECT(vmalloc_whatis(text, sizeof(text), (unsigned long)mem + 3 * PAGE_SIZE));
	EXPECT(strstr(text, "guard page of vmalloc area 0x"));
	EXPECT(vmalloc_whatis(text, sizeof(text), ram + 0x20));
	EXPECT(strstr(text, "vm_map_ram() area 0x") && strstr(text, "offset 0x20"));
	EXPECT(!vmalloc_whatis(text, sizeof(text), host_vmalloc_end - PAGE_SIZE));
	EXPECT(vmalloc_verdict(text, sizeof(text), ram));
	EXPECT(!strcmp(text, "vm_map_ram() has mapped nothing there"));
	vm_unmap_ram((void *)ram, ARRAY_SIZE(some));
	vfree(mem);
}

TEST("an address is not judged while somebody has the tree of areas, who may be the one who faulted")
{
	char text[160], *mem;

	boot(16ul << 20);
	mem = vmalloc(PAGE_SIZE);
	ASSERT(mem);
	spin_lock(&vmap_area_lock);
	EXPECT(!vmalloc_verdict(text, sizeof(text), (unsigned long)mem + PAGE_SIZE));
	spin_unlock(&vmap_area_lock);
	EXPECT(vmalloc_verdict(text, sizeof(text), (unsigned long)mem + PAGE_SIZE));
	vfree(mem);
}

/* ---- Refused, and without memory ---- */

TEST("sizes that cannot be are refused, and nothing is taken")
{
	struct vmalloc_usage usage;

	boot(16ul << 20);
	take_some_pages();
	EXPECT(!vmap(some, 0, 0, PAGE_KERNEL));
	EXPECT(!vmap(some, (unsigned int)totalram_pages + 1, 0, PAGE_KERNEL));
	EXPECT(!vm_map_ram(some, 0, NUMA_NO_NODE));
	EXPECT(!vm_map_ram(some, (unsigned int)nr_pages + 1, NUMA_NO_NODE));
	EXPECT(!get_vm_area(0, VM_MAP));
	EXPECT(!get_vm_area((nr_pages + 1) << PAGE_SHIFT, VM_MAP));
	vmalloc_usage(&usage);
	EXPECT(usage.used == 0 && usage.largest_chunk == nr_pages << PAGE_SHIFT);
	EXPECT(vmalloc_check());
}

TEST("when no address is left everybody gets NULL, and all is as before when there are some again")
{
	unsigned long before;
	char *p;

	boot(4ul << 20);
	take_some_pages();
	vfree(vmalloc(PAGE_SIZE));
	vm_unmap_aliases();
	before = slab_machine_pages();
	for (unsigned int i = 0; i < 4; i++)
		take(nr_pages / 4, 1, 0, nr_pages);
	EXPECT(!vmap(some, 1, 0, PAGE_KERNEL));
	EXPECT(!vm_map_ram(some, 1, NUMA_NO_NODE));
	EXPECT(!vm_map_ram(some, ARRAY_SIZE(some), NUMA_NO_NODE));
	EXPECT(!__vmalloc(PAGE_SIZE, GFP_KERNEL | __GFP_NOWARN, PAGE_KERNEL));
	EXPECT(!host_log_has("vmalloc: 4096 bytes for "));
	EXPECT(!vmalloc(PAGE_SIZE));
	EXPECT(host_log_has("vmalloc: 4096 bytes for "));
	give_all();
	EXPECT_EQ(slab_machine_pages(), before);
	p = vm_map_ram(some, ARRAY_SIZE(some), NUMA_NO_NODE);
	ASSERT(p);
	EXPECT(vmalloc_to_page(p + VMAP_MAX_ALLOC * PAGE_SIZE) == some[VMAP_MAX_ALLOC]);
	vm_unmap_ram(p, ARRAY_SIZE(some));
	EXPECT(vmalloc_check());
}

TEST("an area that is not there cannot be removed, and who tries is named")
{
	struct vm_struct *vm;

	boot(16ul << 20);
	EXPECT(!remove_vm_area((void *)host_vmalloc_start));
	EXPECT(host_log_has("no area is there"));
	vm = get_vm_area(2 * PAGE_SIZE, VM_MAP);
	ASSERT(vm);
	EXPECT(!remove_vm_area(vm->addr + PAGE_SIZE));
	EXPECT(find_vm_area(vm->addr) == vm && vmalloc_check());
	free_vm_area(vm);
	EXPECT_EQ(nr_vmalloc_errors, 2);
}

static void *map_some(void) { return vmap(some, ARRAY_SIZE(some), 0, PAGE_KERNEL); }
static void *map_few_ram(void) { return vm_map_ram(some, VMAP_MAX_ALLOC, NUMA_NO_NODE); }
static void *map_much_ram(void) { return vm_map_ram(some, ARRAY_SIZE(some), NUMA_NO_NODE); }
static void unmap_few_ram(const void *p) { vm_unmap_ram((void *)p, VMAP_MAX_ALLOC); }
static void unmap_much_ram(const void *p) { vm_unmap_ram((void *)p, ARRAY_SIZE(some)); }
static void *some_area(void) { return get_vm_area(PAGE_SIZE, VM_MAP); }
static void no_area(const void *vm) { free_vm_area((struct vm_struct *)vm); }

/* Have one allocation after another fail, until none does. Return: how often @make returned NULL; only then it may. */
static unsigned int refusals_of(void *(*make)(void), void (*unmake)(const void *))
{
	unsigned int nth, refusals = 0;
	bool failed = true;

	for (nth = 0; failed; nth++) {
		unsigned long before = slab_machine_pages();
		void *p;

		fail_nth_arm(nth + 1, false);
		p = make();
		failed = fail_nth_disarm();
		EXPECT(p || failed);
		refusals += !p;
		if (p)
			unmake(p);
		vm_unmap_aliases();
		EXPECT_EQ(slab_machine_pages(), before);
		EXPECT(vmalloc_check() && slab_machine_check());
	}
	return refusals;
}

/*
 * Who comes first makes the caches, or cannot: so each gets a machine of its own, where what a first cache needs has
 * been there. Then each allocation of @make itself is one that can fail: @nr of them must.
 */
static void fail_each(void *(*make)(void), void (*unmake)(const void *), unsigned int nr)
{
	EXPECT_EQ(machine_param("fail_nth", "each"), 0);
	EXPECT_EQ(machine_param("slab_debug", "A"), 0);
	boot(16ul << 20);
	kmem_cache_destroy(kmem_cache_create("first", 40, 0, SLAB_NO_MERGE, NULL));
	take_some_pages();
	EXPECT(!vmap_area_cachep);
	EXPECT(refusals_of(make, unmake) > 0);
	EXPECT(vmap_area_cachep);
	EXPECT(refusals_of(make, unmake) >= nr);
}

TEST("whichever allocation of vmap() fails, it returns NULL, and nothing is lost")
{
	fail_each(map_some, vunmap, 2);
}

TEST("whichever allocation of vm_map_ram() fails, with a new block, it returns NULL, and nothing is lost")
{
	fail_each(map_few_ram, unmap_few_ram, 2);
}

TEST("whichever allocation of vm_map_ram() fails, without a block, it returns NULL, and nothing is lost")
{
	fail_each(map_much_ram, unmap_much_ram, 1);
}

TEST("whichever allocation for an area alone fails, there is none, and nothing is lost")
{
	fail_each(some_area, no_area, 2);
}
