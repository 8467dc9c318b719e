// SPDX-License-Identifier: MIT
/*
 * The way of a freed area back to a gap. Its entries are empty at once, but TLBs may still have what
 * was there; one flush serves all that were freed until it comes:
 *
 *    free_vmap_area_lazy --> vmap_purge_list, a chain without a lock; vmap_lazy_nr pages
 *                               more than lazy_max, or no room, or memory is short
 *    purge_vmap_area_lazy --> take the chain
 *                             flush the TLBs, once
 *                             MERGE_AT_ONCE areas at a time, vmap_area_lock held:
 *                               merge each into the gaps, or those that follow one another together
 *                               2 MiB that are all gap now: their page table is empty. Take it out
 *                               flush again, if there was one
 *                             free these tables, and nodes that are not needed
 *
 * W1. vmap_purge_lock is held while areas go from the chain to the gaps: so when the one who waits for
 *     it gets it, no lazy area from before is left.
 * W2. A page table leaves the page directory while all of its addresses are one gap and
 *     vmap_area_lock is held, and the lock is kept until TLBs have forgotten it: nobody can map there
 *     before (ARM DDI 0406C B3.10.1, the table is invalid, then flushed, then replaced). Its page is
 *     freed after that.
 *
 * How many pages are too many: as in Linux, 32 MiB for each doubling of the number of CPUs, but here
 * no more than a quarter of the area.
 */
#include <asm/pgalloc.h>
#include <kernel/bugs.h>
#include <kernel/cpumask.h>
#include <kernel/hardirq.h>
#include <kernel/mutex.h>
#include <kernel/workqueue.h>
#include <mm/kasan.h>
#include <mm/mm.h>
#include <mm/shrinker.h>
#include <mm/slab.h>
#include <mm/vmscan.h>
#include "vmalloc_internal.h"

#define MERGE_AT_ONCE	32

struct vmap_area *vmap_purge_list;
unsigned long nr_vmap_purges;
bool vmap_flush_at_once = true;

static atomic_t vmap_lazy_nr = ATOMIC_INIT(0);
static int lazy_max;
static DEFINE_MUTEX(vmap_purge_lock);

/* What a stretch of merging leaves to be done without the lock. */
struct merged {
	struct vmap_area *nodes;
	struct list_head tables;	/* pages, by ->lru */
	unsigned long start, end;	/* that these tables mapped; end 0: none */
};

/* ---- Merging ---- */

/* Of the 2 MiB pieces that @start..@end touches, those that are all gap give up their tables. */
static void take_empty_tables(const struct vmap_area *gap, unsigned long start, unsigned long end,
			      struct merged *merged)
{
	unsigned long addr = max(ALIGN(gap->va_start, PMD_SIZE), ALIGN_DOWN(start, PMD_SIZE));
	unsigned long last = min(ALIGN_DOWN(gap->va_end, PMD_SIZE), ALIGN(end, PMD_SIZE));

	for (; addr < last; addr += PMD_SIZE) {
		pte_t *table = pmd_clear_kernel_all(addr);

		if (!table)
			continue;
		list_add(&virt_to_page(table)->lru, &merged->tables);
		merged->start = merged->end ? min(merged->start, addr) : addr;
		merged->end = max(merged->end, addr + PMD_SIZE);
	}
}

static unsigned int free_merged(struct merged *merged)
{
	unsigned int nr_tables = 0;

	while (merged->nodes) {
		struct vmap_area *va = merged->nodes;

		merged->nodes = va->next;
		kmem_cache_free(vmap_area_cachep, va);
	}
	while (!list_empty(&merged->tables)) {
		struct page *page = list_first_entry(&merged->tables, struct page, lru);

		list_del(&page->lru);
		pte_free_kernel(NULL, page_address(page));
		if (bug(FREE_POINTER))
			list_del(&page->lru);
		nr_tables++;
	}
	return nr_tables;
}

/*
 * Areas that were freed in the order of their addresses, or against it, lie side by side in the chain as
 * well: make one of them. Return: the rest of the chain.
 */
static struct vmap_area *join_neighbours(struct vmap_area *va, struct merged *merged,
					 unsigned int *nr_left)
{
	struct vmap_area *other;

	for (other = va->next; other && *nr_left; other = va->next, --*nr_left) {
		if (other->va_end == va->va_start)
			va->va_start = other->va_start;
		else if (other->va_start == va->va_end)
			va->va_end = other->va_end;
		else
			break;
		va->next = other->next;
		other->next = merged->nodes;
		merged->nodes = other;
	}
	return other;
}

/* Make the first areas of a chain gaps. Return: the rest of it. */
static struct vmap_area *merge_some(struct vmap_area *va)
{
	struct merged merged = { .tables = LIST_HEAD_INIT(merged.tables) };
	unsigned int nr_left = MERGE_AT_ONCE;
	unsigned long start, end, flags, bytes = 0;
	struct vmap_area *rest;

	spin_lock_irqsave(&vmap_area_lock, flags);
	for (; va && nr_left; va = rest) {
		nr_left--;
		rest = join_neighbours(va, &merged, &nr_left);
		start = va->va_start;
		end = va->va_end;
		bytes += end - start;
		take_empty_tables(merge_vmap_area(va, &merged.nodes), start, end, &merged);
	}
	if (merged.end)
		flush_tlb_kernel_range(merged.start, merged.end);	/* W2 */
	spin_unlock_irqrestore(&vmap_area_lock, flags);
	atomic_sub((int)(bytes >> PAGE_SHIFT), &vmap_lazy_nr);
	mm_account_reclaimed_pages(free_merged(&merged));
	return va;
}

/* ---- Purging ---- */

static void update_lazy_max(void)
{
	unsigned long by_cpus = (unsigned long)(ilog2(num_online_cpus()) + 1) * (2 * SZ_16M);

	lazy_max = (int)(min(by_cpus, (VMALLOC_END - VMALLOC_START) / 4) >> PAGE_SHIFT);
}

/* Where many pages are lazy, as nearly always, nobody needs to look for the first and the last of them. */
static void flush_chain(const struct vmap_area *va)
{
	unsigned long start = VMALLOC_END, end = 0;

	if (nr_lazy_pages() >= TLB_FLUSH_ALL_PAGES) {
		flush_tlb_all();
		return;
	}
	for (; va; va = va->next) {
		start = min(start, va->va_start);
		end = max(end, va->va_end);
	}
	flush_tlb_kernel_range(start, end);
}

/* Context: vmap_purge_lock held. Return: was there anything? */
static bool purge_chain(void)
{
	struct vmap_area *chain = xchg(&vmap_purge_list, NULL);

	update_lazy_max();
	if (bug(INIT_LATE))
		vmap_purge_init();
	if (!chain)
		return false;
	if (!bug(REUSE_UNFLUSHED))
		flush_chain(chain);
	nr_vmap_purges++;
	while (chain)
		chain = merge_some(chain);
	return true;
}

bool purge_vmap_area_lazy(void)
{
	bool purged;

	mutex_lock(&vmap_purge_lock);
	purged = purge_chain();
	mutex_unlock(&vmap_purge_lock);
	return purged;
}

/* Who finds somebody else at it leaves it to him. */
static void try_purge_vmap_area_lazy(void)
{
	if (!mutex_trylock(&vmap_purge_lock))
		return;
	purge_chain();
	mutex_unlock(&vmap_purge_lock);
}

static void purge_work_fn(struct work_struct *work)
{
	(void)work;
	try_purge_vmap_area_lazy();
}

static DECLARE_WORK(purge_work, purge_work_fn);

static __cold void too_many_lazy(void)
{
	if (in_atomic() || irqs_disabled())
		schedule_work(&purge_work);
	else
		try_purge_vmap_area_lazy();
}

unsigned long nr_lazy_pages(void)
{
	return (unsigned long)max(atomic_read(&vmap_lazy_nr), 0);
}

/* ---- Freeing ---- */

void free_vmap_area_lazy(struct vmap_area *va)
{
	unsigned long start = va->va_start, end = va->va_end;
	struct vmap_area *first;

	flush_unmapped(start, end);
	kasan_poison_vmalloc(start, end - start);
	atomic_add((int)((end - start) >> PAGE_SHIFT), &vmap_lazy_nr);
	do {
		first = READ_ONCE(vmap_purge_list);
		va->next = first;
	} while (cmpxchg(&vmap_purge_list, first, va) != first);
	if (unlikely(atomic_read(&vmap_lazy_nr) > lazy_max))
		too_many_lazy();
}

void free_unmap_vmap_area(struct vmap_area *va)
{
	unsigned int nr = va_size(va) >> PAGE_SHIFT;
	pmd_t *pmd = pmd_off_k(va->va_start);

	if (likely(pmd_table(*pmd) && nr <= PTRS_PER_PTE - (unsigned int)pte_index(va->va_start)))
		clear_ptes(pte_offset_kernel(pmd, va->va_start), nr);
	else
		vunmap_range_noflush(va->va_start, va->va_end);
	free_vmap_area_lazy(va);
}

void vm_unmap_aliases(void)
{
	vfree_deferred();
	vmap_blocks_purge();
	purge_vmap_area_lazy();
}

/* ---- Memory is short ---- */

/* Areas cost little: their nodes, and page tables that may be empty. All of them or none. */
static int shrink_lazy_areas(struct shrinker *shrinker, struct shrink_control *sc)
{
	(void)shrinker;
	if (sc->nr_to_scan)
		try_purge_vmap_area_lazy();
	return (int)nr_lazy_pages();
}

static struct shrinker lazy_shrinker = { .shrink = shrink_lazy_areas, .seeks = DEFAULT_SEEKS };

/*
 * From now on who reclaims memory asks for what waits for its flush, too. Context: boot, when the size of memory
 * is known.
 */
void __init vmap_purge_init(void)
{
	update_lazy_max();
	register_shrinker(&lazy_shrinker);
}
