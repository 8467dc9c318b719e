// SPDX-License-Identifier: MIT
/*
 * kmap(): 512 addresses for all pages of high memory, lent out. After Linux's mm/highmem.c.
 *
 *    slot              0        1        2        3            511
 *    pkmap_page_table  | page A | page B |        | page C | .. |        |    what is mapped
 *    count             |      2 |      1 |      0 |      3 | .. |      0 |
 *                        in use   unused   empty    in use
 *                        once     since                twice
 *                                           ^ last: the search for an empty slot goes on behind it
 *
 *    kmap      0 -> 2: map a page           n -> n + 1: it is mapped already
 *    kunmap    n -> n - 1                   1: not used, but still mapped, and in the TLBs
 *    flush     1 -> 0: empty, and out of every TLB: of all such slots at once
 *
 * So kunmap() changes no page table, and one TLB maintenance is paid for by up to 512 mappings: when the
 * search has gone once round. A page that is wanted again before that finds its old address.
 *
 * Which slot has a page's address? page_address() asks for it: a hash table of chains through the slots.
 *
 *    head[hash of the pfn] --> slot + 1 --next--> slot + 1 --next--> 0
 *
 * I1. count[slot] is 0 if and only if the slot's entry is empty; no TLB has a translation for it then.
 * I2. A slot with an entry is in the chain of its page, once; others are in none. No page has two slots.
 * I3. kmap_lock protects all of it. It is taken in interrupts: kmap_high_get(), page_address().
 * I4. Who waits for a slot is on pkmap_map_wait before it lets go of the lock, and kunmap() looks at the
 *     queue under the lock: no wake-up is lost.
 *
 * Differs from Linux: the chains are of numbers, not of structures: 3.5 KiB for all, 11 there.
 */
#include <asm/highmem.h>
#include <kernel/console.h>
#include <kernel/hardirq.h>
#include <kernel/printk.h>
#include <kernel/spinlock.h>
#include <kernel/wait.h>
#include <mm/bootmem.h>
#include <mm/highmem.h>
#include "highmem_internal.h"

struct pkmap *pkmap;
DEFINE_SPINLOCK(kmap_lock);
unsigned int nr_bad_kmaps;

static DECLARE_WAIT_QUEUE_HEAD(pkmap_map_wait);

void __init page_address_init(void)
{
	if (pkmap_page_table)
		pkmap = alloc_bootmem(sizeof(*pkmap));
}

/* ---- The hash table ---- */

/* Return: the page's slot; NO_SLOT if it has no address. Context: kmap_lock. */
static unsigned int find_slot(const struct page *page)
{
	unsigned int next = pkmap->head[pkmap_hash(page)];

	for (; next; next = pkmap->next[next - 1])
		if (pkmap_page(next - 1) == page)
			return next - 1;
	return NO_SLOT;
}

static void hash_slot(unsigned int slot, const struct page *page)
{
	u16 *head = &pkmap->head[pkmap_hash(page)];

	pkmap->next[slot] = *head;
	*head = slot + 1;
}

static void unhash_slot(unsigned int slot, const struct page *page)
{
	u16 *link = &pkmap->head[pkmap_hash(page)];

	while (*link != slot + 1) {
		BUG_ON(!*link, "slot %u of pfn %lx is in no chain (I2)", slot, page_to_pfn(page));
		link = &pkmap->next[*link - 1];
	}
	*link = pkmap->next[slot];
}

void *highmem_page_address(const struct page *page)
{
	unsigned int slot = NO_SLOT;
	unsigned long flags;

	if (!pkmap)
		return NULL;
	spin_lock_irqsave(&kmap_lock, flags);
	slot = find_slot(page);
	spin_unlock_irqrestore(&kmap_lock, flags);
	return slot == NO_SLOT ? NULL : (void *)PKMAP_ADDR(slot);
}

struct page *kmap_to_page(const void *vaddr)
{
	unsigned long addr = (unsigned long)vaddr;

	if (addr >= PKMAP_ADDR(0) && addr < PKMAP_ADDR(LAST_PKMAP))
		return pkmap_page(PKMAP_NR(addr));
	return is_kmap_local_addr(vaddr) ? kmap_local_to_page(vaddr) : virt_to_page(vaddr);
}

/* ---- Slots ---- */

/* Empty all slots that are not in use (I1). Context: kmap_lock. */
static void flush_all_zero_pkmaps(void)
{
	bool need_flush = false;

	flush_cache_kmaps();
	for (unsigned int slot = 0; slot < LAST_PKMAP; slot++) {
		if (pkmap->count[slot] != 1)
			continue;
		unhash_slot(slot, pkmap_page(slot));
		pte_clear(NULL, PKMAP_ADDR(slot), &pkmap_page_table[slot]);
		pkmap->count[slot] = 0;
		need_flush = true;
	}
	if (need_flush)
		flush_tlb_kernel_range(PKMAP_ADDR(0), PKMAP_ADDR(LAST_PKMAP));
}

void kmap_flush_unused(void)
{
	unsigned long flags;

	if (!pkmap)
		return;
	spin_lock_irqsave(&kmap_lock, flags);
	flush_all_zero_pkmaps();
	spin_unlock_irqrestore(&kmap_lock, flags);
}

/*
 * Return: an empty slot, the next behind the last that was found; NO_SLOT if all are in use. Each time the
 * search comes to the end, what is not in use is emptied. Context: kmap_lock.
 */
static unsigned int find_empty_slot(void)
{
	unsigned int left = LAST_PKMAP;

	do {
		pkmap->last = (pkmap->last + 1) & LAST_PKMAP_MASK;
		if (pkmap->last == 0) {
			flush_all_zero_pkmaps();
			left = LAST_PKMAP;
		}
		if (!pkmap->count[pkmap->last]) {
			tlb_check_unmapped(PKMAP_ADDR(pkmap->last), PKMAP_ADDR(pkmap->last + 1));
			return pkmap->last;
		}
	} while (--left);
	return NO_SLOT;
}

/* Sleep until somebody calls kunmap(), perhaps. Context: kmap_lock, released meanwhile. */
static void wait_for_slot(unsigned long *flags)
{
	DEFINE_WAIT(wait);

	prepare_to_wait(&pkmap_map_wait, &wait, TASK_UNINTERRUPTIBLE);
	spin_unlock_irqrestore(&kmap_lock, *flags);
	schedule();
	finish_wait(&pkmap_map_wait, &wait);
	spin_lock_irqsave(&kmap_lock, *flags);
}

/*
 * Give the page a slot; somebody else may have done so while this thread slept. Return: its slot, with a
 * count of 1 at least. Context: kmap_lock, which may be released meanwhile.
 */
static unsigned int map_new_virtual(struct page *page, unsigned long *flags)
{
	unsigned int slot;

	while ((slot = find_empty_slot()) == NO_SLOT) {
		wait_for_slot(flags);
		slot = find_slot(page);
		if (slot != NO_SLOT)
			return slot;
	}
	set_pte_ext(&pkmap_page_table[slot], mk_pte(page, PAGE_KERNEL), 0);
	arch_kmap_post_map();
	pkmap->count[slot] = 1;
	hash_slot(slot, page);
	return slot;
}

/* Somebody more uses the slot. Return: its address. */
static void *use_slot(unsigned int slot, const void *caller)
{
	pkmap->count[slot]++;
	note_kmap(slot, caller);
	return (void *)PKMAP_ADDR(slot);
}

void *kmap_high(struct page *page)
{
	unsigned long flags;
	unsigned int slot;
	void *vaddr;

	BUG_ON(in_interrupt(), "kmap of pfn %lx in an interrupt: it may sleep, use kmap_atomic()",
	       page_to_pfn(page));
	spin_lock_irqsave(&kmap_lock, flags);
	slot = find_slot(page);
	if (slot == NO_SLOT)
		slot = map_new_virtual(page, &flags);
	vaddr = use_slot(slot, _RET_IP_);
	spin_unlock_irqrestore(&kmap_lock, flags);
	return vaddr;
}

void *kmap_high_get(struct page *page)
{
	unsigned long flags;
	void *vaddr = NULL;
	unsigned int slot;

	if (!pkmap)
		return NULL;
	spin_lock_irqsave(&kmap_lock, flags);
	slot = find_slot(page);
	if (slot != NO_SLOT)
		vaddr = use_slot(slot, _RET_IP_);
	spin_unlock_irqrestore(&kmap_lock, flags);
	return vaddr;
}

/* One user less. Return: was there one? Context: kmap_lock. */
static bool unuse_slot(unsigned int slot)
{
	if (slot == NO_SLOT || pkmap->count[slot] == 1)
		return false;
	pkmap->count[slot]--;
	return true;
}

void kunmap_high(struct page *page)
{
	bool wake, mapped = false;
	unsigned int slot = NO_SLOT;
	unsigned long flags;

	spin_lock_irqsave(&kmap_lock, flags);
	slot = find_slot(page);
	mapped = unuse_slot(slot);
	wake = mapped && pkmap->count[slot] == 1 && waitqueue_active(&pkmap_map_wait);
	spin_unlock_irqrestore(&kmap_lock, flags);
	if (unlikely(wake))
		wake_up(&pkmap_map_wait);
	if (unlikely(!mapped))
		bad_kunmap(page, slot, _RET_IP_);
}
