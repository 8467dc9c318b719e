// SPDX-License-Identifier: MIT
/*
 * The vmalloc area on the board: each rule of <mm/vmalloc.h>, where addresses are real and memory is
 * read and written through them.
 */
#include <asm/cacheflush.h>
#include <asm/irqflags.h>
#include <asm/pgtable.h>
#include <asm/ptdump.h>
#include <asm/set_memory.h>
#include <kernel/preempt.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <test.h>

TEST_SUITE("vmalloc");

#define NR_PAGES	5u

/* Fill words with something that depends on where they are, and see whether it is still there. */
static void fill(u32 *words, unsigned long bytes, u32 seed)
{
	for (unsigned long i = 0; i < bytes / sizeof(*words); i++)
		words[i] = seed + i;
}

static bool is_filled(const u32 *words, unsigned long bytes, u32 seed)
{
	for (unsigned long i = 0; i < bytes / sizeof(*words); i++)
		if (words[i] != seed + i)
			return false;
	return true;
}

static bool is_zero(const u32 *words, unsigned long bytes)
{
	for (unsigned long i = 0; i < bytes / sizeof(*words); i++)
		if (words[i])
			return false;
	return true;
}

/* ---- Memory ---- */

TEST("vmalloc gives memory that keeps what is written, whatever its size")
{
	static const unsigned long sizes[] = { 1, 4096, 4097, 65536, 300000, 3 * SZ_1M };

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		u32 *p = vmalloc(sizes[i]);

		ASSERT(p);
		EXPECT(is_vmalloc_addr(p) && IS_ALIGNED((unsigned long)p, PAGE_SIZE));
		fill(p, sizes[i], i);
		EXPECT(is_filled(p, sizes[i], i));
		EXPECT(vmalloc_check());
		vfree(p);
	}
	EXPECT(vmalloc_check());
}

TEST("what is contiguous by address is in pages of its own, of high memory first")
{
	bool high = populated_zone(&NODE_DATA(numa_node_id())->node_zones[ZONE_HIGHMEM]);
	char *p = vmalloc(NR_PAGES * PAGE_SIZE);

	ASSERT(p);
	for (unsigned int i = 0; i < NR_PAGES; i++) {
		struct page *page = vmalloc_to_page(p + i * PAGE_SIZE);

		ASSERT(page);
		EXPECT_EQ(page_count(page), 1);
		EXPECT_EQ(vmalloc_to_pfn(p + i * PAGE_SIZE), page_to_pfn(page));
		EXPECT_EQ(PageHighMem(page), high);
	}
	EXPECT(!vmalloc_to_page(p + NR_PAGES * PAGE_SIZE));
	vfree(p);
	EXPECT(!vmalloc_to_page(p));
}

TEST("vzalloc and vmalloc_user give zeros, and vmalloc_dma what devices reach")
{
	u32 *p = vmalloc(4 * PAGE_SIZE);

	ASSERT(p);
	fill(p, 4 * PAGE_SIZE, 1);
	vfree(p);
	p = vzalloc(4 * PAGE_SIZE);
	ASSERT(p);
	EXPECT(is_zero(p, 4 * PAGE_SIZE));
	vfree(p);
	p = vmalloc_user(4 * PAGE_SIZE);
	ASSERT(p);
	EXPECT(is_zero(p, 4 * PAGE_SIZE) && find_vm_area(p)->flags & VM_USERMAP);
	vfree(p);
	p = vmalloc_dma(PAGE_SIZE);
	ASSERT(p);
	EXPECT(!PageHighMem(vmalloc_to_page(p)));
	vfree(p);
	p = vmalloc_32(PAGE_SIZE);
	ASSERT(p);
	vfree(p);
	p = vzalloc_node(PAGE_SIZE, 0);
	ASSERT(p);
	EXPECT(page_to_nid(vmalloc_to_page(p)) == 0 && is_zero(p, PAGE_SIZE));
	vfree(p);
}

TEST("sizes that cannot be are refused")
{
	EXPECT(!__vmalloc(0, GFP_KERNEL | __GFP_NOWARN, PAGE_KERNEL));
	EXPECT(!__vmalloc(~0UL, GFP_KERNEL | __GFP_NOWARN, PAGE_KERNEL));
	EXPECT(!__vmalloc(VMALLOC_END - VMALLOC_START, GFP_KERNEL | __GFP_NOWARN, PAGE_KERNEL));
	EXPECT(!__vmalloc((totalram_pages + 1) << PAGE_SHIFT, GFP_KERNEL | __GFP_NOWARN, PAGE_KERNEL));
	vfree(NULL);
	vunmap(NULL);
}

TEST("memory that is mapped read-only can be zeros, too")
{
	const u32 *p = __vmalloc(PAGE_SIZE, GFP_KERNEL | __GFP_ZERO, PAGE_KERNEL_RO);

	ASSERT(p);
	EXPECT(is_zero(p, PAGE_SIZE));
	EXPECT(!pte_write(*pte_offset_kernel(pmd_off_k((unsigned long)p), (unsigned long)p)));
	vfree(p);
}

TEST("memory for code is not executable until it is not writable")
{
	u32 *p = vmalloc_exec(PAGE_SIZE);
	unsigned long addr = (unsigned long)p;
	pte_t pte;

	ASSERT(p);
	p[0] = 0xe2800001;	/* add r0, r0, #1 */
	p[1] = 0xe12fff1e;	/* bx lr */
	pte = *pte_offset_kernel(pmd_off_k(addr), addr);
	EXPECT(pte_write(pte) && !pte_exec(pte));
	flush_icache_range(addr, addr + PAGE_SIZE);
	if (EXPECT_EQ(set_memory_ro(addr, 1), 0) && EXPECT_EQ(set_memory_x(addr, 1), 0)) {
		EXPECT_EQ(((int (*)(int))p)(41), 42);
		EXPECT_EQ(pgtable_check(), 0);
	}
	vfree(p);
	EXPECT_EQ(pgtable_check(), 0);
}

/* ---- Addresses ---- */

TEST("areas are aligned, lie where they may, and have a guard page behind them")
{
	struct vm_struct *area;
	char *p = __vmalloc_node_range(PAGE_SIZE, SZ_1M, VMALLOC_START + SZ_1M, VMALLOC_END, GFP_KERNEL,
				       PAGE_KERNEL, 0, NUMA_NO_NODE, NULL);

	ASSERT(p);
	EXPECT(IS_ALIGNED((unsigned long)p, SZ_1M) && (unsigned long)p >= VMALLOC_START + SZ_1M);
	area = find_vm_area(p + PAGE_SIZE);
	ASSERT(area);
	EXPECT(area->addr == p && area->size == 2 * PAGE_SIZE && area->nr_pages == 1);
	EXPECT(!find_vm_area(p + 2 * PAGE_SIZE));
	vfree(p);

	area = get_vm_area(3 * SZ_1M, VM_IOREMAP);
	ASSERT(area);
	EXPECT(IS_ALIGNED((unsigned long)area->addr, 4 * SZ_1M));
	free_vm_area(area);
	EXPECT(vmalloc_check());
}

TEST("the board's device windows are areas that are taken")
{
	unsigned int nr = 0;

	for (unsigned long addr = VMALLOC_START; addr < VMALLOC_END; addr += PAGE_SIZE) {
		struct vm_struct *area = find_vm_area((void *)addr);

		if (!area || !(area->flags & VM_IOREMAP))
			continue;
		nr++;
		addr = (unsigned long)area->addr + area->size - PAGE_SIZE;
	}
	EXPECT(nr >= 2);
}

TEST("an area's addresses are no gap again before all TLBs forgot it")
{
	char *p, *q;

	vm_unmap_aliases();
	p = vmalloc(PAGE_SIZE);
	ASSERT(p);
	vfree(p);
	q = vmalloc(PAGE_SIZE);
	EXPECT(q && q != p);
	vfree(q);
	vm_unmap_aliases();
	q = vmalloc(PAGE_SIZE);
	EXPECT(q == p);
	vfree(q);
}

TEST("page tables of addresses that nobody has are given back")
{
	unsigned long before;
	struct vm_struct *area;

	vm_unmap_aliases();
	before = global_node_page_state_snapshot(NR_PAGETABLE);
	area = get_vm_area(7 * SZ_1M, VM_MAP);
	ASSERT(area);
	EXPECT_EQ(ioremap_page_range((unsigned long)area->addr, (unsigned long)area->addr + 7 * SZ_1M,
				     PHYS_OFFSET, PAGE_KERNEL_RO), 0);
	EXPECT(global_node_page_state_snapshot(NR_PAGETABLE) >= before + 3);
	free_vm_area(area);
	vm_unmap_aliases();
	EXPECT_EQ(global_node_page_state_snapshot(NR_PAGETABLE), before);
	EXPECT(vmalloc_check());
}

/* ---- Mappings ---- */

static bool make_pages(struct page **pages, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i]) {
			while (i--)
				__free_page(pages[i]);
			return false;
		}
	}
	return true;
}

static void free_all(struct page **pages, unsigned int nr)
{
	while (nr--)
		__free_page(*pages++);
}

TEST("vmap shows pages in the order that is wanted, and vunmap leaves them to their owner")
{
	struct page *pages[NR_PAGES];
	u32 *p;

	ASSERT(make_pages(pages, NR_PAGES));
	for (unsigned int i = 0; i < NR_PAGES; i++)
		*(u32 *)page_address(pages[i]) = i;
	p = vmap(pages, NR_PAGES, VM_MAP, PAGE_KERNEL);
	if (EXPECT(p)) {
		for (unsigned int i = 0; i < NR_PAGES; i++)
			EXPECT_EQ(p[i * PAGE_SIZE / sizeof(*p)], i);
		p[0] = 77;
		EXPECT_EQ(*(u32 *)page_address(pages[0]), 77);
		vunmap(p);
	}
	EXPECT_EQ(page_count(pages[0]), 1);
	free_all(pages, NR_PAGES);
	EXPECT(vmalloc_check());
}

TEST("vm_map_ram maps few pages in a block, many in an area, and all of it can go")
{
	struct page *pages[VMAP_MAX_ALLOC + 1];
	unsigned int nr = ARRAY_SIZE(pages);
	void *mem[40];

	ASSERT(make_pages(pages, nr));
	for (unsigned int i = 0; i < ARRAY_SIZE(mem); i++) {
		mem[i] = vm_map_ram(pages, i % nr + 1, NUMA_NO_NODE);
		if (!EXPECT(mem[i]))
			break;
		memset(mem[i], i, PAGE_SIZE * (i % nr + 1));
		EXPECT_EQ(*(u8 *)page_address(pages[i % nr]), i);
	}
	EXPECT(vmalloc_check());
	for (unsigned int i = 0; i < ARRAY_SIZE(mem) && mem[i]; i++)
		vm_unmap_ram(mem[i], i % nr + 1);
	EXPECT(vmalloc_check());
	vm_unmap_aliases();
	free_all(pages, nr);
	EXPECT(vmalloc_check());
}

/* ---- Freeing where nobody may sleep ---- */

TEST("vfree with interrupts off, or preemption, frees a little later")
{
	void *p = vmalloc(PAGE_SIZE), *q = vmalloc(PAGE_SIZE), *r = vmalloc(PAGE_SIZE);

	EXPECT(p && q && r);
	local_irq_disable();
	vfree(p);
	preempt_disable();	/* so that this CPU's worker does not come to it yet */
	local_irq_enable();
	EXPECT(!p || (!find_vm_area(p) && vmalloc_to_page(p)));
	vfree(q);
	EXPECT(!q || (!find_vm_area(q) && vmalloc_to_page(q)));
	preempt_enable();
	vfree_atomic(r);
	vm_unmap_aliases();
	EXPECT(vmalloc_check());
	if (p && q && r)
		EXPECT(!vmalloc_to_page(p) && !vmalloc_to_page(q) && !vmalloc_to_page(r));
}

/* ---- From outside ---- */

TEST("vread gives zeros where nothing is, and vwrite drops what falls there")
{
	char buf[64], *p = vmalloc(PAGE_SIZE);

	ASSERT(p);
	memset(p, 'x', PAGE_SIZE);
	EXPECT_EQ(vread(buf, p + PAGE_SIZE - 32, 64), 64);
	EXPECT(buf[0] == 'x' && buf[31] == 'x' && buf[32] == 0 && buf[63] == 0);
	memset(buf, 'y', sizeof(buf));
	EXPECT_EQ(vwrite(buf, p + PAGE_SIZE - 32, 64), 64);
	EXPECT(p[PAGE_SIZE - 33] == 'x' && p[PAGE_SIZE - 1] == 'y');
	vfree(p);
	vm_unmap_aliases();
	EXPECT_EQ(vread(buf, p, 64), 0);
	EXPECT_EQ(buf[0], 'y');
	EXPECT_EQ(vwrite(buf, p, 64), 0);
}

TEST("vread and vwrite leave a device's area alone, whatever it maps")
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	struct vm_struct *area = get_vm_area(PAGE_SIZE, VM_IOREMAP);
	unsigned long addr;
	char buf[4] = "yes";

	if (!EXPECT(page && area))
		goto out;
	addr = (unsigned long)area->addr;
	EXPECT_EQ(ioremap_page_range(addr, addr + PAGE_SIZE, page_to_phys(page), PAGE_KERNEL), 0);
	EXPECT_EQ(vwrite(buf, area->addr, sizeof(buf)), sizeof(buf));
	EXPECT_EQ(*(char *)page_address(page), 0);
	*(char *)page_address(page) = 'x';
	EXPECT(vread(buf, area->addr, sizeof(buf)) == sizeof(buf) && buf[0] == 0);
out:
	if (area)
		free_vm_area(area);
	if (page)
		__free_page(page);
}

struct shown {
	struct page *page[4];
	unsigned int nr;
};

static int note_shown(void *arg, unsigned long uaddr, struct page *page)
{
	struct shown *shown = arg;

	if (uaddr != 0x10000 + shown->nr * PAGE_SIZE || shown->nr == ARRAY_SIZE(shown->page))
		return -ERANGE;
	shown->page[shown->nr++] = page;
	return 0;
}

TEST("only what vmalloc_user gave is shown to user space, and only within its bounds")
{
	struct shown shown = { .nr = 0 };
	char *p = vmalloc_user(3 * PAGE_SIZE), *q = vmalloc(PAGE_SIZE);

	if (!EXPECT(p && q))
		goto out;
	EXPECT_EQ(remap_vmalloc_range_partial(0x10000, p, 1, 2 * PAGE_SIZE, note_shown, &shown), 0);
	EXPECT(shown.nr == 2 && shown.page[0] == vmalloc_to_page(p + PAGE_SIZE) &&
	       shown.page[1] == vmalloc_to_page(p + 2 * PAGE_SIZE));
	EXPECT_EQ(remap_vmalloc_range_partial(0x10000, p, 1, 3 * PAGE_SIZE, note_shown, &shown), -EINVAL);
	EXPECT_EQ(remap_vmalloc_range_partial(0x10000, p, ~0UL, PAGE_SIZE, note_shown, &shown), -EINVAL);
	EXPECT_EQ(remap_vmalloc_range_partial(0x10000, p, 0, ~0UL, note_shown, &shown), -EINVAL);
	EXPECT_EQ(remap_vmalloc_range_partial(0x10000, p, 0xfffff, PAGE_SIZE, note_shown, &shown), -EINVAL);
	EXPECT_EQ(remap_vmalloc_range_partial(0x10000, q, 0, PAGE_SIZE, note_shown, &shown), -EINVAL);
	EXPECT_EQ(remap_vmalloc_range_partial(0x10001, p, 0, PAGE_SIZE, note_shown, &shown), -EINVAL);
	EXPECT_EQ(remap_vmalloc_range_partial(0x10000, p + 1, 0, PAGE_SIZE, note_shown, &shown), -EINVAL);
	EXPECT_EQ(remap_vmalloc_range_partial(0x10000, p, 0, PAGE_SIZE, note_shown, &shown), -ERANGE);
	EXPECT_EQ(shown.nr, 2);
out:
	vfree(p);
	vfree(q);
}

TEST("kvmalloc gives objects if small, areas if there is no block, and kvfree takes both")
{
	u32 *p = kvmalloc(100, GFP_KERNEL), *q = kvzalloc(2 * KMALLOC_MAX_SIZE, GFP_KERNEL);

	EXPECT(p && !is_vmalloc_addr(p));
	EXPECT(q && is_vmalloc_addr(q) && is_zero(q, PAGE_SIZE));
	EXPECT(!kvmalloc_array(~0UL, 2, GFP_KERNEL) && !kvmalloc_array(0x80000001, 2, GFP_KERNEL));
	EXPECT(!kvmalloc(2 * KMALLOC_MAX_SIZE, GFP_NOFS));
	kvfree(p);
	kvfree(q);
	kvfree(NULL);
	p = kvcalloc(10, 10, GFP_KERNEL);
	ASSERT(p);
	EXPECT(is_zero(p, 100));
	kvfree(p);
}

/* ---- Misuse ---- */

/* A driver that is careless: functions of their own, so that reports have their names. */
static noinline char *careless_probe(unsigned int nr_pages)
{
	char *p = vmalloc(nr_pages * PAGE_SIZE);

	barrier();
	return p;
}

static noinline void careless_remove(const void *addr)
{
	vfree(addr);
	barrier();
}

static noinline void careless_unmap(const void *addr)
{
	vunmap(addr);
	barrier();
}

/* Is one mistake more reported, and all as it was? */
static bool one_error(unsigned int *before)
{
	return EXPECT_EQ(nr_vmalloc_errors, ++*before) && EXPECT(vmalloc_check());
}

TEST("vfree of an address amid an area, of lowmem, or twice, is named and does no harm")
{
	unsigned int errors = nr_vmalloc_errors;
	char *p = careless_probe(2);

	ASSERT(p);
	careless_remove(p + PAGE_SIZE);
	one_error(&errors);
	careless_remove((void *)PAGE_OFFSET);
	one_error(&errors);
	EXPECT(find_vm_area(p) && vmalloc_to_page(p));
	careless_remove(p);
	careless_remove(p);
	one_error(&errors);
}

TEST("vunmap is for vmap's areas and vfree for vmalloc's, and each says so")
{
	unsigned int errors = nr_vmalloc_errors;
	struct page *page = alloc_page(GFP_KERNEL);
	char *p = careless_probe(1), *q = page ? vmap(&page, 1, VM_MAP, PAGE_KERNEL) : NULL;

	if (EXPECT(p && q)) {
		careless_unmap(p);
		one_error(&errors);
		careless_remove(q);
		one_error(&errors);
		EXPECT(vmalloc_to_page(p) && vmalloc_to_page(q) == page);
	}
	vunmap(q);
	vfree(p);
	if (page)
		__free_page(page);
}

TEST("vm_unmap_ram of what vm_map_ram did not map is named")
{
	unsigned int errors = nr_vmalloc_errors;
	char *p = careless_probe(1);

	ASSERT(p);
	vm_unmap_ram(p, 1);
	one_error(&errors);
	EXPECT(vmalloc_to_page(p));
	vfree(p);
}

TEST("vm_unmap_ram of more pages than there are addresses is named, and unmaps none")
{
	unsigned int errors = nr_vmalloc_errors;
	struct page *page = alloc_page(GFP_KERNEL);
	void *p = page ? vm_map_ram(&page, 1, NUMA_NO_NODE) : NULL;

	if (EXPECT(p)) {
		vm_unmap_ram(p, (1u << (32 - PAGE_SHIFT)) + 1);
		one_error(&errors);
		EXPECT(vmalloc_to_page(p) == page);
		vm_unmap_ram(p, 1);
	}
	if (page)
		__free_page(page);
}

TEST("vread ends at the end of the address space, and vwrite leaves alone what is read-only")
{
	char buf[16] = "before", *p = vmalloc(PAGE_SIZE);

	ASSERT(p);
	EXPECT_EQ(vread(buf, (char *)-8ul, (unsigned long)p + PAGE_SIZE), 0);
	EXPECT_EQ(buf[0], 'b');
	memset(p, 'x', PAGE_SIZE);
	EXPECT_EQ(set_memory_ro((unsigned long)p, 1), 0);
	EXPECT_EQ(vwrite(buf, p, sizeof(buf)), sizeof(buf));
	EXPECT_EQ(p[0], 'x');
	EXPECT_EQ(vread(buf, p, sizeof(buf)), sizeof(buf));
	EXPECT_EQ(buf[0], 'x');
	vfree(p);
}
