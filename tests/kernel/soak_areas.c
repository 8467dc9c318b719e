// SPDX-License-Identifier: MIT
/*
 * The soak of the vmalloc area: memory, pages that are mapped a second time, and device memory, with
 * vm_map_ram() and set_memory_ro() now and then.
 *
 *    page 0    | stamp | pages |  ...   | ~stamp      |     vmalloc(), vmap()
 *    page i    | stamp ^ i     |  ...   | ~(stamp ^ i)|
 *
 *    window    | physical address of each page, in its first word: who maps it, finds it
 *
 * A thing is the address of an area. What kind of area, how large, and what pages it has, the allocator
 * is asked.
 */
#include <asm/io.h>
#include <asm/lowmem.h>
#include <asm/set_memory.h>
#include <kernel/printk.h>
#include <kernel/probe.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include "../../mm/vmalloc_internal.h"
#include "soak.h"

/* The board's video memory, which nobody else uses. */
#define WINDOW_PHYS		UL(0x4c000000)
#define WINDOW_PAGES		1024u
#define FEW_PAGES		4u

#define MAX_PAGES		16u
#define MANY_PAGES		300u	/* one in MANY_EVERY: more than a page table has */
#define MANY_EVERY		64
#define MAP_RAM_PAGES		4u
#define LAST_WORD		(PAGE_SIZE / sizeof(u32) - 1)

/* What there was before. */
struct soak_areas {
	unsigned int nr_areas;
	unsigned long nr_nodes;
};

/* Nodes for areas, their owners, and for gaps, of which nobody outside knows how many there are. */
static unsigned long nr_nodes(void)
{
	return kmem_cache_objects_in_use(vmap_area_cachep) + kmem_cache_objects_in_use(vm_struct_cachep);
}

/* ---- Stamps ---- */

static u32 *page_of(void *area, unsigned int i)
{
	return area + i * PAGE_SIZE;
}

static void stamp_page(u32 *page, u32 stamp)
{
	page[0] = stamp;
	page[LAST_WORD] = ~stamp;
}

static bool page_has_stamp(const u32 *page, u32 stamp)
{
	return page[0] == stamp && page[LAST_WORD] == ~stamp;
}

static void put_stamps(struct soak_worker *w, void *area, unsigned int nr_pages)
{
	u32 stamp = w->serial++ << 8 | w->id << 4;

	for (unsigned int i = 0; i < nr_pages; i++)
		stamp_page(page_of(area, i), stamp ^ i);
	w->digest = w->digest * 31 + ((u32)area ^ nr_pages);
}

static void check_stamps(struct soak_worker *w, void *area, unsigned int nr_pages)
{
	u32 stamp = *page_of(area, 0);

	for (unsigned int i = 0; i < nr_pages; i++)
		if (!page_has_stamp(page_of(area, i), stamp ^ i)) {
			soak_fault(w, "overwritten; its first word", (unsigned long)page_of(area, i),
				   *page_of(area, i));
			return;
		}
}

/* ---- Taking ---- */

static void *failed(struct soak_worker *w)
{
	w->nr_failed++;
	return NULL;
}

static void *take_memory(struct soak_worker *w, u32 dice)
{
	unsigned int nr_pages = 1 + soak_below(dice, one_in(dice >> 4, MANY_EVERY) ? MANY_PAGES : MAX_PAGES);
	void *area = __vmalloc(nr_pages * PAGE_SIZE,
			       GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN | (dice & 4 ? __GFP_HIGHMEM : 0),
			       PAGE_KERNEL);

	if (!area)
		return failed(w);
	put_stamps(w, area, nr_pages);
	return area;
}

static void free_pages_of(struct page **pages, unsigned int nr)
{
	while (nr--)
		__free_page(pages[nr]);
}

/* Return: how many of @nr there were. */
static unsigned int alloc_pages_for(struct page **pages, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		pages[i] = alloc_page(GFP_HIGHUSER | __GFP_NORETRY | __GFP_NOWARN);
		if (!pages[i])
			return i;
	}
	return nr;
}

static void *take_mapping(struct soak_worker *w, u32 dice)
{
	unsigned int wanted = 1 + soak_below(dice, MAX_PAGES), nr;
	struct page *pages[MAX_PAGES];
	void *area = NULL;

	nr = alloc_pages_for(pages, wanted);
	if (nr == wanted)
		area = vmap(pages, nr, 0, PAGE_KERNEL);
	if (!area) {
		free_pages_of(pages, nr);
		return failed(w);
	}
	put_stamps(w, area, nr);
	return area;
}

static void check_window(struct soak_worker *w, void *area, phys_addr_t phys, unsigned int nr_pages)
{
	for (unsigned int i = 0; i < nr_pages; i++)
		if (readl((void __iomem *)page_of(area, i)) != phys + i * PAGE_SIZE)
			soak_fault(w, "shows another page of the device", (unsigned long)page_of(area, i),
				   readl((void __iomem *)page_of(area, i)));
}

/* A few pages; or 2 MiB, which are sections. */
static void *take_window(struct soak_worker *w, u32 dice)
{
	unsigned int first = soak_below(dice, WINDOW_PAGES - FEW_PAGES), nr_pages = 1 + dice / 64 % FEW_PAGES;
	phys_addr_t phys;
	void *area;

	if (dice % 64 < 8) {
		first = 0;
		nr_pages = SZ_2M / PAGE_SIZE;
	}
	phys = WINDOW_PHYS + first * PAGE_SIZE;
	area = (void *)ioremap(phys, nr_pages * PAGE_SIZE);
	if (!area)
		return failed(w);
	check_window(w, area, phys, nr_pages);
	w->digest = w->digest * 31 + ((u32)area ^ phys);
	return area;
}

static void *take_area(struct soak_worker *w)
{
	u32 dice = soak_random(w);

	if (!soak_has_memory(w))
		return failed(w);
	if (dice % 4 == 0)
		return take_window(w, dice);
	return dice % 2 ? take_memory(w, dice) : take_mapping(w, dice);
}

/* ---- Giving back: also in interrupts ---- */

static unsigned int pages_of(const struct vm_struct *vm)
{
	return get_vm_area_size(vm) >> PAGE_SHIFT;
}

static void give_mapping(struct soak_worker *w, void *area, unsigned int nr_pages)
{
	struct page *pages[MAX_PAGES];

	check_stamps(w, area, nr_pages);
	for (unsigned int i = 0; i < nr_pages; i++)
		pages[i] = vmalloc_to_page(page_of(area, i));
	vunmap(area);
	free_pages_of(pages, nr_pages);
}

static void give_area(struct soak_worker *w, void *area)
{
	const struct vm_struct *vm = find_vm_area(area);

	if (!vm || vm->addr != area) {
		soak_fault(w, "held, but no area", (unsigned long)area, 0);
	} else if (vm->flags & VM_MAP) {
		give_mapping(w, area, pages_of(vm));
	} else if (vm->flags & VM_IOREMAP) {
		check_window(w, area, vm->phys_addr, pages_of(vm));
		iounmap(area);
	} else {
		check_stamps(w, area, pages_of(vm));
		vfree(area);
	}
}

/* ---- Now and then ---- */

/* Pages of two addresses each, for a moment. */
static void map_ram(struct soak_worker *w)
{
	struct page *pages[MAP_RAM_PAGES];
	unsigned int nr = alloc_pages_for(pages, MAP_RAM_PAGES);
	void *area = nr ? vm_map_ram(pages, nr, NUMA_NO_NODE) : NULL;

	if (area) {
		soak_did(w, 2);
		put_stamps(w, area, nr);
		schedule_timeout_uninterruptible(1);
		check_stamps(w, area, nr);
		vm_unmap_ram(area, nr);
	}
	free_pages_of(pages, nr);
}

/* A page of lowmem that cannot be written to: its section becomes pages, and a section again. */
static void protect(struct soak_worker *w)
{
	u32 *page = (u32 *)__get_free_page(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN), word = 0;
	unsigned long addr = (unsigned long)page;

	if (!page)
		return;
	stamp_page(page, (u32)addr);
	if (set_memory_ro(addr, 1) == 0) {
		soak_did(w, 2);
		schedule_timeout_uninterruptible(1);
		if (!probe_kernel_write(page, &word, sizeof(word)))
			soak_fault(w, "written to, though read-only", addr, word);
		if (set_memory_rw(addr, 1))
			soak_fault(w, "stays read-only", addr, 0);
	}
	if (!page_has_stamp(page, (u32)addr))
		soak_fault(w, "overwritten; its first word", addr, *page);
	free_page(addr);
}

static void do_as_thread(struct soak_worker *w, u32 dice)
{
	if (!one_in(dice, w->soak->style->map_every) || !soak_has_memory(w))
		return;
	if (dice >> 16 & 1)
		map_ram(w);
	else
		protect(w);
}

/* ---- What is held ---- */

/* Of their pages; areas themselves are nodes. */
static void add_area(const struct soak *soak, const void *area, struct soak_use *use)
{
	const struct vm_struct *vm = find_vm_area(area);

	(void)soak;
	if (vm && !(vm->flags & VM_IOREMAP))
		use->pages += pages_of(vm);
}

static void add_nodes(const struct soak *soak, struct soak_use *use)
{
	use->objects += (long)(nr_nodes() - soak->areas->nr_nodes);
}

/* No area is there but those that are held. */
static bool check_areas(struct soak *soak)
{
	long nr = (long)(nr_vmalloc_areas() - soak->areas->nr_areas);
	long held = soak_held(soak, &soak_kind_areas).things;

	if (nr == held)
		return true;
	pr_err("soak: %ld areas are held, there are %ld\n", held, nr);
	return false;
}

/* ---- The kind ---- */

static bool sign_window(void)
{
	void __iomem *window = ioremap(WINDOW_PHYS, WINDOW_PAGES * PAGE_SIZE);

	if (!window)
		return false;
	for (unsigned int i = 0; i < WINDOW_PAGES; i++)
		writel(WINDOW_PHYS + i * PAGE_SIZE, window + i * PAGE_SIZE);
	iounmap(window);
	return true;
}

static bool prepare(struct soak *soak)
{
	soak->areas = kzalloc(sizeof(*soak->areas), GFP_KERNEL);
	if (!soak->areas || !sign_window())
		return false;
	vm_unmap_aliases();
	*soak->areas = (struct soak_areas){ .nr_areas = nr_vmalloc_areas(), .nr_nodes = nr_nodes() };
	return true;
}

static void finish(struct soak *soak)
{
	kfree(soak->areas);
}

const struct soak_kind soak_kind_areas = {
	.nr = SOAK_AREAS,
	.name = "areas",
	.unit = "address",
	.for_threads = true,
	.prepare = prepare,
	.finish = finish,
	.take = take_area,
	.give = give_area,
	.do_as_thread = do_as_thread,
	.add_use = add_area,
	.add_own_use = add_nodes,
	.check = check_areas,
};
