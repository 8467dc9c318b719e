// SPDX-License-Identifier: MIT
/*
 * Looking at what is mapped by kmap(): reports of misuse, what `mm kmap` shows, and the walk that
 * checks I1 and I2 of mm/highmem.c.
 */
#include <kernel/printk.h>
#include <mm/highmem.h>
#include "highmem_internal.h"

void bad_kunmap(const struct page *page, u32 number, const void *caller)
{
	nr_bad_kmaps++;
	pr_alert("BUG: Bad kmap: kunmap of a page that is not mapped  pfn:%05lx\n",
		 page_to_pfn(page));
	pr_alert("unmapped by %pS\n", caller);
	if (number)
		pr_alert("it was mapped at %p by %ps, and is not used there any more\n",
			 node_address(number), kmap_caller(node_slot(number)));
}

unsigned long nr_kmaps(void)
{
	unsigned long nr = 0;

	for (unsigned int slot = 0; pkmap && slot < LAST_PKMAP; slot++)
		if (atomic_read(&pkmap->count[slot]) > 1)
			nr += atomic_read(&pkmap->count[slot]) - 1;
	return nr;
}

int nr_kmaps_of_slot(unsigned int slot)
{
	return pkmap && slot < LAST_PKMAP ? atomic_read(&pkmap->count[slot]) - 1 : -1;
}

void report_kmaps(void)
{
	for (unsigned int slot = 0; pkmap && slot < LAST_PKMAP; slot++)
		if (atomic_read(&pkmap->count[slot]) > 1)
			pr_alert(
				"kmap: pfn:%05lx is mapped at %08lx, %d times, the last time by %ps\n",
				page_to_pfn(pkmap_page(slot)), PKMAP_ADDR(slot),
				atomic_read(&pkmap->count[slot]) - 1, kmap_caller(slot));
	kmap_local_report();
}

/* ---- Showing ---- */

static void show_pkmap(void)
{
	unsigned int nr_mapped = 0, nr_used = 0;

	printk(KERN_INFO "SLOT ADDRESS       PFN USERS MAPPED BY\n");
	for (unsigned int slot = 0; pkmap && slot < LAST_PKMAP; slot++) {
		int count = atomic_read(&pkmap->count[slot]);

		if (count == 0)
			continue;
		printk(KERN_INFO "%4u 0x%08lx %05lx %5d %ps\n", slot, PKMAP_ADDR(slot),
		       page_to_pfn(pkmap_page(slot)), count - 1, kmap_caller(slot));
		nr_mapped++;
		nr_used += count > 1;
	}
	printk(KERN_INFO "%u of %u slots are mapped, %u of them in use.\n", nr_mapped,
	       pkmap ? LAST_PKMAP : 0, nr_used);
}

void show_kmap(void)
{
	show_pkmap();
	show_kmap_local();
}

/* ---- Checking ---- */

/* Report a violation; evaluates to the number of them, for adding up. */
#define violation(fmt, ...)	(pr_err("kmap_check: " fmt "\n", ##__VA_ARGS__), 1)

/* How often the slot is in the chain of the page that it maps. */
static unsigned int times_hashed(unsigned int slot)
{
	u32 number = pkmap->node[mark_head(page_mark(pkmap_page(slot)))];
	unsigned int times = 0, steps = 0;

	for (; (number = node_next(number)) && steps < LAST_PKMAP;
	     steps++, number = pkmap->node[number])
		times += node_slot(number) == slot;
	return times;
}

static int check_slot(unsigned int slot)
{
	pte_t pte = pkmap_page_table[slot];
	u32 node = pkmap->node[PKMAP_HEADS + slot];
	int count = atomic_read(&pkmap->count[slot]);

	if (count < 0 || (count == 0) != pte_none(pte) || (count == 0 && node))
		return violation("slot %u: count %d, pte %08x, node %08x (I1)", slot, count,
				 pte_val(pte), node);
	if (count == 0)
		return 0;
	if (!pfn_valid(pte_pfn(pte)) || !PageHighMem(pte_page(pte)) || !pte_write(pte) || pte_exec(pte))
		return violation("slot %u: pte %08x maps no page of high memory", slot,
				 pte_val(pte));
	if (!node_has_mark(node, page_mark(pte_page(pte))) || times_hashed(slot) != 1)
		return violation("slot %u of pfn %05lx: node %08x, in its chain %u times (I2)",
				 slot, pte_pfn(pte), node, times_hashed(slot));
	return 0;
}

/* All chains together are as long as there are slots that are not empty (I2). */
static int check_chains(void)
{
	unsigned int mapped = 0, hashed = 0;

	for (unsigned int slot = 0; slot < LAST_PKMAP; slot++)
		mapped += atomic_read(&pkmap->count[slot]) != 0;
	for (unsigned int i = 0; i < PKMAP_HEADS; i++)
		for (u32 number = node_next(pkmap->node[i]); number && hashed <= mapped; hashed++)
			number = node_next(pkmap->node[number]);
	return mapped == hashed ? 0 :
				  violation("%u slots mapped, %u in chains (I2)", mapped, hashed);
}

static int check_pkmap(void)
{
	unsigned long flags;
	int bad = 0;

	if (!pkmap)
		return 0;
	spin_lock_irqsave(&kmap_lock, flags);
	for (unsigned int slot = 0; slot < LAST_PKMAP; slot++)
		bad += check_slot(slot);
	bad += check_chains();
	spin_unlock_irqrestore(&kmap_lock, flags);
	return bad;
}

int kmap_check(void)
{
	return check_pkmap() + kmap_local_check();
}
