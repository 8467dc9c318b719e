// SPDX-License-Identifier: MIT
/*
 * Indices of fragmentation: see fragmentation.h for what they mean.
 *
 * Both come from the same three sums over a zone's free areas:
 *
 *    order           0    1    2    3    4        for a request of order 3
 *    nr_free         3    1    0    2    1
 *    pages           3    2    0   16   16        free_pages            37
 *    suitable                       2    2        free_blocks_suitable   4   (32 pages)
 *                                                 free_blocks_total      7
 *    unusable index = (37 - 4 * 8) / 37 = 0.135
 *
 * nr_free leaves isolated blocks out: nobody can have them.
 */
#include <kernel/bug.h>
#include <kernel/printk.h>
#include <kernel/spinlock.h>
#include <lib/math.h>
#include <mm/fragmentation.h>
#include <mm/mm.h>

void fill_contig_page_info(struct zone *zone, unsigned int suitable_order,
			   struct contig_page_info *info)
{
	unsigned long flags;
	unsigned int order;

	BUG_ON(suitable_order >= MAX_ORDER, "order %u", suitable_order);
	*info = (struct contig_page_info){ 0 };
	spin_lock_irqsave(&zone->lock, flags);
	for (order = 0; order < MAX_ORDER; order++) {
		unsigned long nr_blocks = zone->free_area[order].nr_free;

		info->free_blocks_total += nr_blocks;
		info->free_pages += nr_blocks << order;
		if (order >= suitable_order)
			info->free_blocks_suitable += nr_blocks << (order - suitable_order);
	}
	spin_unlock_irqrestore(&zone->lock, flags);
}

int unusable_free_index(unsigned int order, const struct contig_page_info *info)
{
	unsigned long usable = info->free_blocks_suitable << order;

	VM_BUG_ON(usable > info->free_pages, "%lu of %lu pages", usable, info->free_pages);
	if (!info->free_pages)
		return FRAGMENTATION_INDEX_SCALE;
	return (int)((info->free_pages - usable) * (u64)FRAGMENTATION_INDEX_SCALE /
		     info->free_pages);
}

/*
 * Of the blocks that there are, how many more than the request would need if all were of its order?
 * Each sum is rounded down by itself, as Linux does it.
 */
static int __fragmentation_index(unsigned int order, const struct contig_page_info *info)
{
	u64 requests;

	if (!info->free_blocks_total)
		return 0;
	if (info->free_blocks_suitable)
		return FRAGMENTATION_INDEX_FITS;
	requests = info->free_pages * (u64)FRAGMENTATION_INDEX_SCALE >> order;
	return max(0, FRAGMENTATION_INDEX_SCALE -
		   (int)((FRAGMENTATION_INDEX_SCALE + requests) / info->free_blocks_total));
}

int fragmentation_index(struct zone *zone, unsigned int order)
{
	struct contig_page_info info;

	fill_contig_page_info(zone, order, &info);
	return __fragmentation_index(order, &info);
}

/* --- Reports --- */

static int zone_unusable_index(struct zone *zone, unsigned int order)
{
	struct contig_page_info info;

	fill_contig_page_info(zone, order, &info);
	return unusable_free_index(order, &info);
}

static void show_index(int (*index_of)(struct zone *zone, unsigned int order))
{
	struct zone *zone;
	unsigned int order;

	for_each_populated_zone(zone) {
		printk(KERN_INFO "Node %d, zone %8s ", zone_to_nid(zone), zone_name(zone));
		for (order = 0; order < MAX_ORDER; order++) {
			int index = index_of(zone, order);

			pr_cont("%d.%03d ", index / FRAGMENTATION_INDEX_SCALE,
				index % FRAGMENTATION_INDEX_SCALE);
		}
		pr_cont("\n");
	}
}

void show_unusable_index(void)
{
	show_index(zone_unusable_index);
}

void show_extfrag_index(void)
{
	show_index(fragmentation_index);
}

void show_fragmentation(void)
{
	printk(KERN_INFO "Free memory that is of no use for a block of order 0 to %d:\n",
	       MAX_ORDER - 1);
	show_unusable_index();
	printk(KERN_INFO "Such a block is missing because there is too little memory (0), or it is broken up (1); or is there (-1):\n");
	show_extfrag_index();
}
