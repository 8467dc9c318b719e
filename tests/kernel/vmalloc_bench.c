// SPDX-License-Identifier: MIT
/*
 * What the vmalloc area costs: memory and mappings, made and given up again, with the flush and the
 * merging that come later counted in; and room, looked for among few areas and among many.
 *
 * Among many: each second area was given up, so there are as many gaps, all too small for what is
 * looked for.
 */
#include <asm/irqflags.h>
#include <mm/mm.h>
#include <mm/vmalloc.h>
#include "bench.h"

#define NR_PAIRS	80
#define NR_MAPPED	16
#define MANY_AREAS	10000
#define FEW_AREAS	10

static struct page *pages[NR_MAPPED];
static struct vm_struct **areas;

/*
 * What is measured may sleep, so interrupts are on for its time; few operations, so that in most samples
 * no tick comes. In the end what was put off is done, which counts.
 */
static void begin(void)
{
	local_irq_enable();
}

static void end(void)
{
	vm_unmap_aliases();
	local_irq_disable();
}

/* --- Memory --- */

static __always_inline bool can_vmalloc(unsigned long nr_pages)
{
	void *p = vmalloc(nr_pages * PAGE_SIZE);

	vfree(p);
	vm_unmap_aliases();
	return p;
}

static __always_inline void run_vmalloc(unsigned long nr_pages, unsigned long ops)
{
	begin();
	do
		vfree(vmalloc(nr_pages * PAGE_SIZE));
	while (--ops);
	end();
}

#define VMALLOC_BENCH(nr_pages, name)							\
	static bool can_vmalloc_##nr_pages(void) { return can_vmalloc(nr_pages); }	\
	static void run_vmalloc_##nr_pages(unsigned long ops) { run_vmalloc(nr_pages, ops); } \
	BENCH("vmalloc", name, NR_PAIRS, can_vmalloc_##nr_pages, run_vmalloc_##nr_pages, NULL)

VMALLOC_BENCH(1, "vmalloc pair, 1 page");
VMALLOC_BENCH(4, "vmalloc pair, 4 pages");
VMALLOC_BENCH(16, "vmalloc pair, 16 pages");
VMALLOC_BENCH(64, "vmalloc pair, 64 pages");
VMALLOC_BENCH(256, "vmalloc pair, 256 pages");

/* --- Mappings --- */

static bool make_pages(void)
{
	for (unsigned int i = 0; i < NR_MAPPED; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			return false;
	}
	return true;
}

static void free_pages_made(void)
{
	for (unsigned int i = 0; i < NR_MAPPED; i++)
		__free_page(pages[i]);
}

static void run_vmap(unsigned long ops)
{
	begin();
	do
		vunmap(vmap(pages, NR_MAPPED, VM_MAP, PAGE_KERNEL));
	while (--ops);
	end();
}

static void run_vm_map_ram(unsigned long ops)
{
	begin();
	do
		vm_unmap_ram(vm_map_ram(pages, NR_MAPPED, NUMA_NO_NODE), NR_MAPPED);
	while (--ops);
	end();
}

BENCH("vmalloc", "vmap pair, 16 pages", NR_PAIRS, make_pages, run_vmap, free_pages_made);
BENCH("vmalloc", "vm_map_ram pair, 16 pages", NR_PAIRS, make_pages, run_vm_map_ram, free_pages_made);

/* --- Room --- */

static void free_areas(unsigned int first, unsigned int nr, unsigned int step)
{
	for (unsigned int i = first; i < nr; i += step)
		if (areas[i])
			free_vm_area(areas[i]);
}

static bool make_areas(unsigned int nr)
{
	areas = vzalloc(2 * nr * sizeof(*areas));
	if (!areas)
		return false;
	for (unsigned int i = 0; i < 2 * nr; i++)
		areas[i] = get_vm_area(PAGE_SIZE, VM_MAP);
	free_areas(0, 2 * nr, 2);
	vm_unmap_aliases();
	return areas[2 * nr - 1];
}

static void end_areas(unsigned int nr)
{
	free_areas(1, 2 * nr, 2);
	vfree(areas);
	vm_unmap_aliases();
}

static void run_areas(unsigned long ops)
{
	begin();
	do
		free_vm_area(get_vm_area(4 * PAGE_SIZE, VM_MAP));
	while (--ops);
	end();
}

#define AREA_BENCH(nr, name)								\
	static bool make_##nr(void) { return make_areas(nr); }				\
	static void end_##nr(void) { end_areas(nr); }					\
	BENCH("vmalloc", name, NR_PAIRS, make_##nr, run_areas, end_##nr)

AREA_BENCH(FEW_AREAS, "area pair among 10");
AREA_BENCH(MANY_AREAS, "area pair among 10,000");
