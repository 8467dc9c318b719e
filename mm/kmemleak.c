// SPDX-License-Identifier: MIT
/*
 * The leak scan: <mm/kmemleak.h> says what it does, kmemleak_mark.c how objects are marked.
 *
 *    room for a table                                  may sleep
 *    slab_lock: no cache comes or goes
 *      stop_machine()                                  interrupts off, all CPUs
 *        collect   objects in use of all caches, and of large kmalloc()s
 *        scan      the roots, the map of pages
 *        mark      what is reached from there
 *      report      what is white
 *
 * L1. Nothing that is looked at has an address of an object on account of the scan itself: the
 *     table is in pages, which are cleared before somebody else has them, and the stack on which this
 *     runs is cleared before: functions leave parts of their frames as they find them, with what was
 *     there before.
 * L2. What vmalloc() gave is an object like others. Those in which the vmalloc area keeps its books, which
 *     have the addresses of all, are neither counted nor looked into; other caches have none of them.
 * L3. A cache that exists is reached, whether the allocator knows that it is an object or not: SLAB=slob does
 *     not, and yet with slab_debug it knows the object that is the cache's name.
 *
 * Names and the form of reports are those of Linux's mm/kmemleak.c.
 */
#define pr_fmt(fmt) "kmemleak: " fmt
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/stop_machine.h>
#include <lib/errno.h>
#include <lib/string.h>
#include <mm/kasan.h>
#include <mm/kmemleak.h>
#include <mm/memmap.h>
#include <mm/mm.h>
#include "kmemleak_internal.h"
#include "slab_internal.h"
#include "vmalloc_internal.h"

#define HEX_BYTES	32u	/* of an object that are shown */
#define HEX_PER_LINE	16u
#define SPARE		256u	/* objects that may come between counting and collecting */
#define CLEARED_WORDS	256u	/* of the stack */

struct scan {
	struct leak_table table;
	bool overflowed;
	bool all_known;
	struct kmemleak_result result;
};

/* --- Collecting --- */

static void collect(struct scan *scan, unsigned long start, unsigned long size,
		    struct kmem_cache *cachep)
{
	scan->overflowed |= !leak_table_add(&scan->table, start, (u32)size, cachep);
}

static void collect_object(struct kmem_cache *cachep, void *objp, bool in_use, void *scan)
{
	if (in_use)
		collect(scan, (unsigned long)objp, cachep->object_size, cachep);
}

static bool is_large_kmalloc(const struct page *page)
{
	return PageLargeKmalloc(page) && page_count(page);
}

static void collect_large(struct scan *scan)
{
	unsigned long i;

	for (i = 0; i < max_mapnr; i++)
		if (is_large_kmalloc(mem_map + i))
			collect(scan, (unsigned long)page_address(mem_map + i),
				PAGE_SIZE << page_private(mem_map + i), NULL);
}

static void collect_area(void *scan, unsigned long start, unsigned long size)
{
	collect(scan, start, size, NULL);
}

/* What the vmalloc area knows of its areas is no reason to call them reached: see L2. */
static bool knows_areas(const struct kmem_cache *cachep)
{
	return cachep == vmap_area_cachep || cachep == vm_struct_cachep;
}

static void collect_all(struct scan *scan)
{
	struct kmem_cache *cachep;

	list_for_each_entry(cachep, &slab_caches, list)
		if (!knows_areas(cachep))
			scan->all_known &= kmem_cache_for_each_object(cachep, collect_object, scan);
	collect_large(scan);
	for_each_vmalloc(collect_area, scan);
	leak_table_sort(&scan->table);
}

/* --- Scanning --- */

static void scan_root(const void *start, const void *end, void *table)
{
	leak_scan_range(table, start, end);
}

/* L3. */
static void scan_caches(struct leak_table *table)
{
	const struct kmem_cache *cachep;

	list_for_each_entry(cachep, &slab_caches, list)
		leak_scan_range(table, cachep, cachep + 1);
}

/*
 * Of a page of a slab only the pointer counts that may be to an object in use of the allocator's own:
 * others lead to objects of the slab itself.
 */
static void scan_map(struct leak_table *table)
{
	const struct page *page;

	for (page = mem_map; page < mem_map + max_mapnr; page++)
		if (PageSlab(page))
			leak_scan_range(table, &page->freelist, &page->freelist + 1);
		else if (page_count(page) && !PageReserved(page))
			leak_scan_range(table, page, page + 1);
}

/* Context: stop_machine(). */
static int scan_stopped(void *data)
{
	struct scan *scan = data;

	collect_all(scan);
	for_each_root(scan_root, &scan->table);
	scan_caches(&scan->table);
	scan_map(&scan->table);
	leak_mark(&scan->table);
	return 0;
}

/* --- Reports --- */

static void show_bytes(unsigned long start, unsigned long size)
{
	const u8 *byte = (const u8 *)start;
	unsigned long i;

	printk(KERN_INFO "  hex dump (first %lu bytes):", min(size, (unsigned long)HEX_BYTES));
	for (i = 0; i < size && i < HEX_BYTES; i++) {
		if (i % HEX_PER_LINE == 0) {
			pr_cont("\n");
			printk(KERN_INFO "   ");
		}
		pr_cont(" %02x", byte[i]);
	}
	pr_cont("\n");
}

static void show_leak(const struct leak_object *object)
{
	const struct vm_struct *vm = find_vm_area((void *)object->start);

	printk(KERN_INFO "unreferenced object 0x%08lx (size %u), %s\n", object->start, object->size,
	       object->cache ? kmem_cache_name(object->cache) : vm ? "vmalloc" : "pages");
	show_bytes(object->start, object->size);
	if (object->cache)
		slab_debug_describe(object->cache, (const void *)object->start);
	else if (vm)
		printk(KERN_INFO "  allocated by %pS\n", vm->caller);
}

/* Context: slab_lock held. */
static void report(struct scan *scan)
{
	const struct leak_object *object = scan->table.objects;
	struct kmemleak_result *result = &scan->result;
	u32 i;

	*result = (struct kmemleak_result){
		.nr_objects = scan->table.nr, .nr_scanned_bytes = scan->table.nr_bytes,
		.all_known = scan->all_known,
	};
	for (i = 0; i < scan->table.nr; i++, object++) {
		if (object->colour != LEAK_WHITE)
			continue;
		result->nr_leaked_bytes += object->size;
		if (result->nr_leaks++ < KMEMLEAK_NR_SHOWN)
			show_leak(object);
	}
	if (!result->all_known)
		pr_info("this allocator does not know which objects are in use: their leaks are not seen\n");
	pr_info("%lu of %lu objects are suspected to be leaks, %lu bytes; %lu KiB looked at\n",
		result->nr_leaks, result->nr_objects, result->nr_leaked_bytes,
		result->nr_scanned_bytes >> 10);
}

/* --- The scan --- */

/* As many objects as there can be, unless there are new slabs. */
static noinline unsigned long max_objects(void)
{
	struct kmem_cache *cachep;
	struct slabinfo info;
	unsigned long i, nr = SPARE;

	spin_lock(&slab_lock);
	list_for_each_entry(cachep, &slab_caches, list) {
		get_slabinfo(cachep, &info);
		nr += info.num_objs;
	}
	spin_unlock(&slab_lock);
	for (i = 0; i < max_mapnr; i++)
		nr += is_large_kmalloc(mem_map + i);
	return nr + nr_vmalloc_areas();
}

/* L1: of functions that are called next. */
static noinline void clear_stack_below(void)
{
	volatile unsigned long words[CLEARED_WORDS];
	unsigned int i;

	for (i = 0; i < CLEARED_WORDS; i++)
		words[i] = 0;
	(void)words[0];
}

static noinline int scan_and_report(struct kmemleak_result *result)
{
	static struct scan scan;	/* under slab_lock */
	unsigned long max = max_objects(), bytes = max * sizeof(struct leak_object);
	struct leak_object *objects = alloc_pages_exact(bytes, GFP_KERNEL | __GFP_NOWARN);
	bool overflowed;

	if (!objects) {
		pr_err("no memory for a table of %lu objects\n", max);
		return -ENOMEM;
	}
	kasan_quarantine_drain();	/* for their caches objects that wait there are in use */
	clear_stack_below();
	spin_lock(&slab_lock);
	scan = (struct scan){ .all_known = true };
	leak_table_init(&scan.table, objects, (u32)max);
	stop_machine(scan_stopped, &scan);
	overflowed = scan.overflowed;
	if (!overflowed)
		report(&scan);
	if (!overflowed && result)
		*result = scan.result;
	spin_unlock(&slab_lock);
	memset(objects, 0, bytes);	/* L1 */
	free_pages_exact(objects, bytes);
	if (!overflowed)
		return 0;
	pr_err("more than %lu objects came to be meanwhile\n", max);
	return -EAGAIN;
}

int kmemleak_scan(struct kmemleak_result *result)
{
	clear_stack_below();
	return scan_and_report(result);
}
