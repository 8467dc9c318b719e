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
 * So kunmap() changes no page table, and one TLB maintenance is paid for by up to 512 mappings:
 * when the search has gone once round. A page that is wanted again before that finds its old
 * address.
 *
 * Which slot has a page's address? A hash table of chains through the slots: a node is a word with
 * a mark that tells the page, and the number of the next node.
 *
 *    node[hash of the mark] --> node[128 + slot]: mark, next --> node[128 + slot]: mark, 0
 *
 * I1. count[slot] is 0 if and only if the slot is empty: its page table entry, and its node; no TLB
 *     has a translation for it then.
 * I2. A slot that is not empty is in the chain of its page, once; others are in none. No page has
 *     two slots.
 * I3. Slots become empty and are filled under kmap_lock, and no otherwise. A count changes without
 *     it, atomically, but never from 0: who has raised one from 1 or more has a slot that stays,
 *     and then looks whether it is still that of its page.
 * I4. Who finds the page in a chain without the lock has found it. Who does not, may have been led
 *     astray by a slot that was moved meanwhile, and looks again with the lock.
 * I5. Who waits for a slot joins pkmap_map_wait before it looks for the last time; a kunmap() looks
 *     at the queue after the count has fallen, both with a full barrier in between: no wake-up is
 *     lost.
 *
 * Differs from Linux, which takes the lock for each kmap() and kunmap(), and whose chains are of
 * structures: 11 KiB, here 4.5.
 */
#include <asm/highmem.h>
#include <kernel/bugs.h>
#include <kernel/hardirq.h>
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
	BUG_ON(!IS_ALIGNED((unsigned long)mem_map, sizeof(struct page)),
	       "marks of pages are not whole");
}

/* ---- The hash table ---- */

/* Return: the number of the page's node; 0 if it has none, or for want of the lock (I4). */
static __always_inline u32 find_node(const struct pkmap *map, u32 mark)
{
	u32 node = READ_ONCE(map->node[mark_head(mark)]), number;

	while ((number = node_next(node))) {
		node = READ_ONCE(map->node[number]);
		if (likely(node_has_mark(node, mark)))
			break;
	}
	return number;
}

static noinline u32 find_node_locked(u32 mark)
{
	unsigned long flags;
	u32 number;

	spin_lock_irqsave(&kmap_lock, flags);
	number = find_node(pkmap, mark);
	spin_unlock_irqrestore(&kmap_lock, flags);
	return number;
}

/* The node is whole before it can be found. Context: kmap_lock. */
static inline void hash_node(struct pkmap *map, u32 number, u32 mark)
{
	u32 *head = &map->node[mark_head(mark)];

	WRITE_ONCE(map->node[number], mark | *head);
	WRITE_ONCE(*head, number);
}

/* Context: kmap_lock. */
static inline void unhash_node(struct pkmap *map, u32 number)
{
	u32 *node = &map->node[number], *before = &map->node[mark_head(*node)];

	while (node_next(*before) != number) {
		BUG_ON(!node_next(*before), "slot %u is in no chain (I2)", node_slot(number));
		before = &map->node[node_next(*before)];
	}
	WRITE_ONCE(*before, node_mark(*before) | node_next(*node));
	WRITE_ONCE(*node, 0);
}

void *highmem_page_address(const struct page *page)
{
	u32 number;

	if (!pkmap)
		return NULL;
	number = find_node(pkmap, page_mark(page)) ?: find_node_locked(page_mark(page));
	return number ? node_address(number) : NULL;
}

struct page *kmap_to_page(const void *vaddr)
{
	unsigned long addr = (unsigned long)vaddr;

	if (addr >= PKMAP_ADDR(0) && addr < PKMAP_ADDR(LAST_PKMAP))
		return pkmap_page(PKMAP_NR(addr));
	return is_kmap_local_addr(vaddr) ? kmap_local_to_page(vaddr) : virt_to_page(vaddr);
}

/* ---- Slots in use ---- */

static noinline void wake_waiters(void)
{
	wake_up(&pkmap_map_wait);
}

/* A user less of a slot that has one. Return: had it? */
static __always_inline bool unuse_slot(struct pkmap *map, u32 number)
{
	int count;

	smp_mb(); /* the user is done before another page can have the slot */
	count = __atomic_add_above(-1, &map->count[node_slot(number)], 1);
	smp_mb();				/* I5 */
	if (count == 2 && unlikely(waitqueue_active(&pkmap_map_wait)))
		wake_waiters();
	return likely(count > 1);
}

static noinline void unuse_moved_slot(u32 number)
{
	unuse_slot(pkmap, number);
}

/* A user more of the slot, if it still has the page (I3). Return: has it? */
static __always_inline bool use_slot(struct pkmap *map, u32 number, u32 mark, const void *caller)
{
	int count = __atomic_add_above(!bug(KMAP_COUNT), &map->count[node_slot(number)], 0);

	smp_mb();
	if (unlikely(count == 0))
		return false;
	if (unlikely(!node_has_mark(READ_ONCE(map->node[number]), mark))) {
		unuse_moved_slot(number);
		return false;
	}
	note_kmap(node_slot(number), caller);
	return true;
}

/* ---- Empty slots ---- */

/* Empty all slots that are not in use (I1). Context: kmap_lock. */
static void flush_all_zero_pkmaps(struct pkmap *map)
{
	pte_t *pte = pkmap_page_table;
	bool need_flush = false;

	flush_cache_kmaps();
	for (unsigned int slot = 0; slot < LAST_PKMAP; slot++, pte++) {
		if (atomic_read(&map->count[slot]) != 1 || atomic_cmpxchg(&map->count[slot], 1, 0) != 1)
			continue;
		unhash_node(map, PKMAP_HEADS + slot);
		kmap_clear_pte(pte);
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
	flush_all_zero_pkmaps(pkmap);
	spin_unlock_irqrestore(&kmap_lock, flags);
}

/*
 * Return: the node of an empty slot, the next behind the last that was found; 0 if all are in use.
 * Each time the search comes to the end, what is not in use is emptied. Context: kmap_lock.
 */
static inline u32 find_empty_slot(struct pkmap *map)
{
	unsigned int left = LAST_PKMAP, slot = map->last;

	do {
		slot = (slot + 1) & LAST_PKMAP_MASK;
		if (unlikely(slot == 0)) {
			flush_all_zero_pkmaps(map);
			left = LAST_PKMAP;
		}
		if (!atomic_read(&map->count[slot])) {
			map->last = slot;
			tlb_check_unmapped(PKMAP_ADDR(slot), PKMAP_ADDR(slot + 1));
			return PKMAP_HEADS + slot;
		}
	} while (--left);
	map->last = slot;
	return 0;
}

/*
 * Use the page's slot, or an empty one. The count rises last, when all else can be found (I3).
 * Context: kmap_lock. Return: the number of its node; 0 if all are in use.
 */
static inline u32 map_new_virtual(struct page *page, const void *caller)
{
	struct pkmap *map = pkmap;
	u32 mark = page_mark(page), number = find_node(map, mark);

	if (unlikely(number) && use_slot(map, number, mark, caller))
		return number;
	number = find_empty_slot(map);
	if (unlikely(!number))
		return 0;
	kmap_set_pte(&pkmap_page_table[node_slot(number)], page_to_phys(page));
	hash_node(map, number, mark);
	note_kmap(node_slot(number), caller);
	arch_kmap_post_map();
	atomic_set(&map->count[node_slot(number)], 2);
	return number;
}

/*
 * Sleep until there is a slot (I5). Context: kmap_lock, taken with @flags, released meanwhile.
 * Return: its node.
 */
static noinline u32 wait_for_slot(struct page *page, const void *caller, unsigned long flags)
{
	DEFINE_WAIT(wait);
	u32 number;

	BUG_ON(in_interrupt(), "kmap of pfn %lx must sleep in an interrupt", page_to_pfn(page));
	for (;;) {
		prepare_to_wait(&pkmap_map_wait, &wait, TASK_UNINTERRUPTIBLE);
		number = map_new_virtual(page, caller);
		if (number)
			break;
		spin_unlock_irqrestore(&kmap_lock, flags);
		schedule();
		spin_lock_irqsave(&kmap_lock, flags);
	}
	finish_wait(&pkmap_map_wait, &wait);
	return number;
}

/* ---- Mapping and unmapping ---- */

static noinline void *kmap_slowly(struct page *page, const void *caller)
{
	unsigned long flags;
	u32 number;

	spin_lock_irqsave(&kmap_lock, flags);
	number = map_new_virtual(page, caller);
	if (unlikely(!number))
		number = wait_for_slot(page, caller, flags);
	spin_unlock_irqrestore(&kmap_lock, flags);
	return node_address(number);
}

void *kmap_high(struct page *page)
{
	struct pkmap *map = pkmap;
	u32 mark = page_mark(page), number = find_node(map, mark);

	VM_BUG_ON(in_interrupt(),
		  "kmap of pfn %lx in an interrupt: it may sleep, use kmap_atomic()",
		  page_to_pfn(page));
	if (likely(number) && likely(use_slot(map, number, mark, _RET_IP_)))
		return node_address(number);
	return kmap_slowly(page, _RET_IP_);
}

void *kmap_high_get(struct page *page)
{
	u32 mark = page_mark(page), number;

	if (!pkmap)
		return NULL;
	number = find_node(pkmap, mark) ?: find_node_locked(mark);
	return number && use_slot(pkmap, number, mark, _RET_IP_) ? node_address(number) : NULL;
}

void kunmap_high(struct page *page)
{
	struct pkmap *map = pkmap;
	u32 number = find_node(map, page_mark(page));

	if (unlikely(!number))
		number = find_node_locked(page_mark(page));
	if (unlikely(!number) || unlikely(!unuse_slot(map, number)))
		bad_kunmap(page, number, _RET_IP_);
}
