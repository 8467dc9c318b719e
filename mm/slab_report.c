// SPDX-License-Identifier: MIT
/*
 * Reports on caches: /proc/slabinfo in Linux's format, version 2.1; a table for a person; and
 * misuse.
 */
#include <kernel/printk.h>
#include "slab_internal.h"

#define K(pages)	((pages) << (PAGE_SHIFT - 10))

unsigned int nr_slab_errors;

static void show_slabinfo_line(struct kmem_cache *cachep)
{
	struct slabinfo info;

	get_slabinfo(cachep, &info);
	printk(KERN_INFO "%-17s %6lu %6lu %6u %4u %4d", cachep->name, info.active_objs,
	       info.num_objs, cachep->size, info.objects_per_slab, 1 << info.cache_order);
	pr_cont(" : tunables %4u %4u %4u", info.limit, info.batchcount, info.shared);
	pr_cont(" : slabdata %6lu %6lu %6lu\n", info.active_slabs, info.num_slabs,
		info.shared_avail);
}

/* Latest first, as Linux has them. */
void show_slabinfo(void)
{
	struct kmem_cache *cachep;

	printk(KERN_INFO "slabinfo - version: 2.1\n");
	printk(KERN_INFO "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>");
	pr_cont(" : tunables <limit> <batchcount> <sharedfactor>");
	pr_cont(" : slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	spin_lock(&slab_lock);
	for (cachep = list_last_entry(&slab_caches, struct kmem_cache, list);
	     &cachep->list != &slab_caches;
	     cachep = list_entry(cachep->list.prev, struct kmem_cache, list))
		show_slabinfo_line(cachep);
	spin_unlock(&slab_lock);
}

/* Kilobytes that a cache takes. */
static unsigned long cache_kb(struct kmem_cache *cachep)
{
	struct slabinfo info;

	get_slabinfo(cachep, &info);
	return K(info.num_slabs << info.cache_order);
}

/*
 * The largest cache that is smaller than @max, or as large and not shown yet: on the list
 * before @last.
 */
static struct kmem_cache *next_largest(unsigned long max, const struct kmem_cache *last)
{
	struct kmem_cache *cachep, *best = NULL;
	unsigned long best_kb = 0, kb;
	bool behind_last = !last;

	list_for_each_entry(cachep, &slab_caches, list) {
		kb = cache_kb(cachep);
		if ((kb < max || (kb == max && behind_last)) && kb > best_kb) {
			best = cachep;
			best_kb = kb;
		}
		behind_last |= cachep == last;
	}
	return best;
}

static void show_slabtop_line(struct kmem_cache *cachep)
{
	struct slabinfo info;

	get_slabinfo(cachep, &info);
	printk(KERN_INFO "%7lu %7lu %3lu%% %7u %6lu %8u %9luK %s\n", info.num_objs,
	       info.active_objs, info.num_objs ? info.active_objs * 100 / info.num_objs : 0,
	       cachep->size, info.num_slabs, info.objects_per_slab,
	       K(info.num_slabs << info.cache_order), cachep->name);
}

void show_slabtop(void)
{
	struct kmem_cache *cachep = NULL;
	unsigned long max = ~0ul;

	printk(KERN_INFO "   OBJS  ACTIVE  USE OBJSIZE  SLABS OBJ/SLAB CACHE SIZE NAME\n");
	spin_lock(&slab_lock);
	while ((cachep = next_largest(max, cachep))) {
		max = cache_kb(cachep);
		show_slabtop_line(cachep);
	}
	spin_unlock(&slab_lock);
	printk(KERN_INFO "%lu kB in all, %lu kB of it reclaimable\n",
	       K(nr_slab_pages(true) + nr_slab_pages(false)), K(nr_slab_pages(true)));
}

void slab_error(const struct kmem_cache *cachep, const void *objp, const char *what,
		const void *caller)
{
	nr_slab_errors++;
	pr_err("slab error in cache %s: %p %s", cachep ? cachep->name : "(none)", objp, what);
	if (caller)
		pr_cont(", when %pS gave it back", caller);
	pr_cont("\n");
	if (cachep)
		slab_debug_describe(cachep, objp);
}
