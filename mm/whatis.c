// SPDX-License-Identifier: MIT
/*
 * The state of a page of RAM in words: those of the table in <mm/mm_types.h>, and what its owner says
 * of it.
 *
 *    which table or list has it?        with other CPUs stopped: find()
 *      a hole, kept since boot          flags, and who reserved it
 *      free                             in a block of the free lists, or of a CPU's
 *      allocated                        slab object, anything else
 *    the lines                          with everything running again: say()
 *
 * W1. Nothing is printed while the machine is stopped: a CPU may have been stopped amid a message.
 */
#include <asm/page.h>
#include <kernel/printk.h>
#include <kernel/sections.h>
#include <kernel/stop_machine.h>
#include <lib/container_of.h>
#include <lib/string.h>
#include <lib/vsprintf.h>
#include <mm/bad_page.h>
#include <mm/buddy.h>
#include <mm/compound.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <mm/pcp.h>
#include <mm/whatis.h>
#include "slab_internal.h"

/* What was found out about a page. */
struct whatis {
	struct page *page;
	unsigned long pfn;
	const void *addr;		/* of lowmem, or NULL */

	const struct page *free_head;	/* of the free block that it lies in; NULL: none */
	unsigned int order;		/* of that block */
	int cpu;			/* whose list the block is on; -1: a zone's */

	struct kmem_cache *cache;	/* whose slab it is of; NULL: none */
	const void *object;		/* that @addr lies in; NULL: none */
	bool objects_known;		/* can this cache tell which are in use? */
	bool object_in_use;
};

/* --- Finding, with other CPUs stopped --- */

static bool in_block(const struct whatis *w, const struct page *head, unsigned int order)
{
	return w->page >= head && w->page < head + (1UL << order);
}

/* Is the page in a block on one of a CPU's lists? */
static void find_on_lists_of(struct whatis *w, int cpu)
{
	const struct per_cpu_pages *pcp = &per_cpu_ptr(page_zone(w->page)->pageset, cpu)->pcp;
	const struct page *head;

	for (unsigned int i = 0; i < NR_PCP_LISTS && !w->free_head; i++)
		list_for_each_entry(head, &pcp->lists[i], lru)
			if (in_block(w, head, pindex_to_order(i))) {
				w->free_head = head;
				w->order = pindex_to_order(i);
				w->cpu = cpu;
				break;
			}
}

static void find_free(struct whatis *w)
{
	int cpu;

	w->cpu = -1;
	w->free_head = find_free_block(w->page);
	if (w->free_head) {
		w->order = page_order(w->free_head);
		return;
	}
	for_each_possible_cpu(cpu)
		find_on_lists_of(w, cpu);
}

static void look_at_object(struct kmem_cache *cachep, void *objp, bool in_use, void *data)
{
	struct whatis *w = data;

	(void)cachep;
	if (objp == w->object)
		w->object_in_use = in_use;
}

static void find_object(struct whatis *w)
{
	w->cache = w->page->slab_cache;
	if (!w->cache)
		return;
	w->object = nearest_obj(w->cache, w->addr);
	w->objects_known = w->object && kmem_cache_for_each_object(w->cache, look_at_object, w);
}

static int find(void *data)
{
	struct whatis *w = data;

	if (!PageReserved(w->page))
		find_free(w);
	if (!w->free_head && PageSlab(w->page) && w->addr)
		find_object(w);
	return 0;
}

/* --- Who has it since boot --- */

static const char *image_part(unsigned long virt)
{
	const struct {
		const char *start, *end, *name;
	} parts[] = {
		{ _text, __inittext_begin, "the kernel's text" },
		{ __inittext_begin, __inittext_end, "the kernel's init text" },
		{ __start_rodata, __end_rodata, "the kernel's rodata" },
		{ __initdata_begin, __initdata_end, "the kernel's init data" },
		{ __initdata_end, _end, "the kernel's data and bss" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(parts); i++)
		if (virt >= (unsigned long)parts[i].start && virt < (unsigned long)parts[i].end)
			return parts[i].name;
	return NULL;
}

/* Has @virt, or the end of its page, to do with @bytes from @start on? */
static bool page_touches(unsigned long virt, unsigned long start, unsigned long bytes)
{
	return virt < start + bytes && start < virt + PAGE_SIZE;
}

/* The region of memblock.reserved that a page is in, or begins in; -1: none. */
static long reserved_region(phys_addr_t phys)
{
	const struct memblock_region *region;
	long index = 0;

	for_each_reserved_mem_region(region) {
		if (page_touches(phys, region->base, region->size))
			return index;
		index++;
	}
	return -1;
}

/* Who holds a reserved page. */
static void reserved_by(char *buf, size_t size, phys_addr_t phys)
{
	unsigned long virt = __phys_to_virt(phys);
	const char *part = image_part(virt);
	long region = reserved_region(phys);

	if (part)
		strscpy(buf, part, size);
	else if (page_touches(virt, (unsigned long)_text - SWAPPER_PG_DIR_SIZE, SWAPPER_PG_DIR_SIZE))
		strscpy(buf, "swapper_pg_dir, the first-level page table", size);
	else if (page_touches(virt, (unsigned long)mem_map, max_mapnr * sizeof(struct page)))
		strscpy(buf, "mem_map", size);
	else if (region >= 0)
		scnprintf(buf, size, "reserved[0x%lx] of memblock", region);
	else
		strscpy(buf, "who asked bootmem for it", size);
}

/* --- Saying --- */

static void say_free(char *buf, size_t size, const struct whatis *w)
{
	unsigned long head = page_to_pfn(w->free_head);

	if (w->cpu >= 0)
		scnprintf(buf, size, "free: on a list of CPU %d, in a block of order %u that begins at pfn 0x%05lx",
			  w->cpu, w->order, head);
	else if (w->free_head == w->page)
		scnprintf(buf, size, "free: the head of a block of order %u (%lu pages)", w->order,
			  1UL << w->order);
	else
		scnprintf(buf, size, "free: inside the block of order %u that begins at pfn 0x%05lx",
			  w->order, head);
}

static void say_allocated(char *buf, size_t size, const struct whatis *w)
{
	int count = atomic_read(&w->page->_count);
	int length;

	if (PageTail(w->page)) {
		scnprintf(buf, size, "allocated: a tail of the compound page at pfn 0x%05lx",
			  page_to_pfn(w->page->first_page));
		return;
	}
	if (count <= 0) {
		strscpy(buf, "allocated, as a page behind the first of its block", size);
		return;
	}
	length = scnprintf(buf, size, "allocated: %d reference%s", count, count == 1 ? "" : "s");
	if (PageHead(w->page))
		scnprintf(buf + length, size - length, ", the head of a compound page of order %u",
			  compound_order(w->page));
}

static void say_state(char *buf, size_t size, const struct whatis *w)
{
	char who[64];

	if (!memblock_is_map_memory(PFN_PHYS(w->pfn))) {
		strscpy(buf, "in a hole: there is no RAM", size);
	} else if (PageReserved(w->page)) {
		reserved_by(who, sizeof(who), PFN_PHYS(w->pfn));
		scnprintf(buf, size, "kept since boot: %s", who);
	} else if (w->free_head) {
		say_free(buf, size, w);
	} else {
		say_allocated(buf, size, w);
	}
}

static void say_object(const struct whatis *w)
{
	if (!w->cache)
		printk(KERN_INFO "  in a page that caches of objects share\n");
	else if (!w->object)
		printk(KERN_INFO "  in a slab of cache %s, in no object of it\n", w->cache->name);
	else
		printk(KERN_INFO "  object 0x%08lx of cache %s, offset %lu of %u: %s\n",
		       (unsigned long)w->object, w->cache->name,
		       (unsigned long)(w->addr - w->object), w->cache->object_size,
		       !w->objects_known ? "in use or free" : w->object_in_use ? "in use" : "free");
}

void show_whatis_page(unsigned long pfn, unsigned long addr)
{
	struct whatis w = { .page = pfn_to_page(pfn), .pfn = pfn, .addr = (const void *)addr };
	char state[96];

	stop_machine(find, &w);
	say_state(state, sizeof(state), &w);
	printk(KERN_INFO "  page 0x%05lx, zone %s: %s\n", pfn, zone_name(page_zone(w.page)), state);
	if (PageSlab(w.page) && w.addr)
		say_object(&w);
}
