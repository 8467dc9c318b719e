// SPDX-License-Identifier: MIT
/*
 * The area of stacks: THREAD_STACKS_START to THREAD_STACKS_END, in slots of 16 KiB.
 *
 *    slot 0                        slot 1                        slot 2
 *    | over- | guard |   stack   | |       | guard |   stack   | |       |       |       |
 *    | flow  |       |           | |       |       |           | |
 *      ####             #### ####                     #### ####             #### mapped to a page
 *    a CPU's                       a thread's                    free
 *
 * Linux has the same in the vmalloc area (CONFIG_VMAP_STACK). Pages come one by one, of high memory
 * if there is any: what is mapped by pages needs no block, and no lowmem.
 *
 * I1. A slot that is not in use has no page mapped, and no TLB holds one: free_thread_stack()
 *     invalidates before it gives the pages back, so that filling a slot needs none of it.
 * I2. stacks_lock protects the two bitmaps. The page table entries of a slot belong to who has the
 *     slot.
 *
 * thread_stacks_check() walks it. After an overrun of more than a page, which jumps over the guard
 * page, the first page of a thread's slot catches it just as well.
 */
#include <asm/cacheflush.h>
#include <asm/map.h>
#include <asm/pgtable.h>
#include <asm/thread_stack.h>
#include <asm/tlbflush.h>
#include <kernel/bug.h>
#include <kernel/bugs.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <kernel/spinlock.h>
#include <lib/bitmap.h>
#include <mm/gfp.h>
#include <mm/kasan.h>
#include <mm/mm.h>

#define NR_SLOTS	((THREAD_STACKS_END - THREAD_STACKS_START) / STACK_SLOT_SIZE)
#define PAGES_PER_SLOT	(STACK_SLOT_SIZE / PAGE_SIZE)

/* Which pages of a slot are mapped, as bits. */
#define PAGES_OF_THREAD	(((1UL << PAGES_PER_SLOT / 2) - 1) << PAGES_PER_SLOT / 2)
#define PAGES_OF_CPU	(PAGES_OF_THREAD | BIT(0))

static unsigned long slots_in_use[BITS_TO_LONGS(NR_SLOTS)];
static unsigned long slots_of_cpus[BITS_TO_LONGS(NR_SLOTS)];
static DEFINE_SPINLOCK(stacks_lock);

_Static_assert(IS_ALIGNED(THREAD_STACKS_START | THREAD_STACKS_END, PMD_SIZE), "tables of its own");
_Static_assert(VMALLOC_END <= THREAD_STACKS_START && THREAD_STACKS_END <= FIXADDR_START,
	       "the area overlaps nothing");

static unsigned long slot_addr(unsigned int slot)
{
	return THREAD_STACKS_START + slot * STACK_SLOT_SIZE;
}

static bool slot_bit(const unsigned long *map, const struct cpu_stack *slot)
{
	unsigned long addr = (unsigned long)slot;

	return addr >= THREAD_STACKS_START && addr < THREAD_STACKS_END &&
	       test_bit((addr - THREAD_STACKS_START) / STACK_SLOT_SIZE, map);
}

bool thread_stack_exists(const struct cpu_stack *slot)
{
	return slot_bit(slots_in_use, slot);
}

bool is_cpu_stack(const struct cpu_stack *slot)
{
	return slot_bit(slots_of_cpus, slot);
}

static pte_t *slot_pte(unsigned long addr)
{
	return pte_offset_kernel(pmd_off_k(addr), addr);
}

void __init thread_stacks_init(void)
{
	unsigned long addr;

	for (addr = THREAD_STACKS_START; addr < THREAD_STACKS_END; addr += PMD_SIZE)
		__pmd_populate(pmd_off_k(addr), __pa(early_alloc(PAGE_SIZE)),
			       get_mem_type(MT_MEMORY_RW)->prot_l1);
}

/* ---- Slots ---- */

/* Return: a slot nobody has, now the caller's; NR_SLOTS if there is none. */
static unsigned int take_slot(bool for_cpu)
{
	unsigned long flags;
	unsigned int slot;

	spin_lock_irqsave(&stacks_lock, flags);
	slot = find_next_zero_bit(slots_in_use, NR_SLOTS, 0);
	if (slot < NR_SLOTS) {
		__set_bit(slot, slots_in_use);
		if (for_cpu)
			__set_bit(slot, slots_of_cpus);
	}
	spin_unlock_irqrestore(&stacks_lock, flags);
	return slot;
}

static void return_slot(unsigned int slot)
{
	unsigned long flags;

	spin_lock_irqsave(&stacks_lock, flags);
	__clear_bit(slot, slots_in_use);
	__clear_bit(slot, slots_of_cpus);
	spin_unlock_irqrestore(&stacks_lock, flags);
}

/* ---- Pages ---- */

/* One page of stack more, or less. */
static void account_stack_page(struct page *page, int nr_pages)
{
	mod_node_page_state(page_zone(page)->zone_pgdat, NR_KERNEL_STACK_KB,
			    nr_pages * (int)(PAGE_SIZE / SZ_1K));
}

/* Empty a slot, whatever of it is mapped, and free the pages (I1). */
static void unmap_slot(unsigned long addr)
{
	struct page *pages[PAGES_PER_SLOT] = { NULL };

	for (unsigned int i = 0; i < PAGES_PER_SLOT; i++) {
		pte_t *pte = slot_pte(addr + i * PAGE_SIZE);

		if (!pte_present(*pte))
			continue;
		pages[i] = pte_page(*pte);
		pte_clear(NULL, addr + i * PAGE_SIZE, pte);
	}
	flush_tlb_kernel_range(addr, addr + STACK_SLOT_SIZE);
	tlb_check_unmapped(addr, addr + STACK_SLOT_SIZE);
	for (unsigned int i = 0; i < PAGES_PER_SLOT; i++)
		if (pages[i]) {
			account_stack_page(pages[i], -1);
			__free_page(pages[i]);
		}
}

/* Map fresh pages into a slot. Return: false if memory was short; then nothing is mapped. */
static bool map_slot(unsigned long addr, unsigned int which)
{
	tlb_check_unmapped(addr, addr + STACK_SLOT_SIZE);	/* I1 */
	for (unsigned int i = 0; i < PAGES_PER_SLOT; i++) {
		struct page *page;

		if (!(which & BIT(i)) && !bug(STACK_GUARD))
			continue;
		page = alloc_page(GFP_KERNEL | __GFP_HIGHMEM);
		if (!page) {
			unmap_slot(addr);
			return false;
		}
		VM_BUG_ON(!pte_none(*slot_pte(addr + i * PAGE_SIZE)), "%08lx, page %u", addr, i);
		set_pte_ext(slot_pte(addr + i * PAGE_SIZE), mk_pte(page, PAGE_KERNEL), 0);
		account_stack_page(page, 1);
	}
	flush_cache_vmap(addr, addr + STACK_SLOT_SIZE);
	kasan_unpoison_stack(addr, STACK_SLOT_SIZE);
	return true;
}

/* ---- Stacks ---- */

static struct cpu_stack *alloc_slot(bool for_cpu)
{
	unsigned int slot = take_slot(for_cpu);

	if (slot == NR_SLOTS)
		return NULL;
	if (!map_slot(slot_addr(slot), for_cpu ? PAGES_OF_CPU : PAGES_OF_THREAD)) {
		return_slot(slot);
		return NULL;
	}
	return (struct cpu_stack *)slot_addr(slot);
}

struct cpu_stack *alloc_cpu_stack(void)
{
	return alloc_slot(true);
}

void *alloc_thread_stack(void)
{
	struct cpu_stack *slot = alloc_slot(false);

	return slot ? slot->stack : NULL;
}

void free_thread_stack(void *stack)
{
	unsigned long addr = (unsigned long)stack - THREAD_SIZE;
	struct cpu_stack *slot = (struct cpu_stack *)addr;

	BUG_ON(!IS_ALIGNED(addr, STACK_SLOT_SIZE) || !thread_stack_exists(slot), "%p is no stack",
	       stack);
	BUG_ON(is_cpu_stack(slot), "%p is a CPU's", stack);
	BUG_ON(current_stack_pointer - addr < STACK_SLOT_SIZE, "%p is in use, sp %08lx", stack,
	       current_stack_pointer);
	unmap_slot(addr);
	return_slot((addr - THREAD_STACKS_START) / STACK_SLOT_SIZE);
}

int thread_stacks_check(void)
{
	int bad = 0;

	for (unsigned int slot = 0; slot < NR_SLOTS; slot++) {
		bool used = test_bit(slot, slots_in_use), cpu = test_bit(slot, slots_of_cpus);
		unsigned long want = cpu ? PAGES_OF_CPU : used ? PAGES_OF_THREAD : 0;

		for (unsigned int i = 0; i < PAGES_PER_SLOT; i++) {
			unsigned long addr = slot_addr(slot) + i * PAGE_SIZE;
			bool mapped = pte_present(*slot_pte(addr));

			if (mapped == !!(want & BIT(i)))
				continue;
			pr_err("thread_stacks_check: %08lx is %smapped, slot %u%s%s (I1)\n", addr,
			       mapped ? "" : "not ", slot, used ? ", in use" : "",
			       cpu ? ", of a CPU" : "");
			bad++;
		}
	}
	return bad;
}
