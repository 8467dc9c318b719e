// SPDX-License-Identifier: MIT
/*
 * kmap_local_page() and kmap_atomic(): an address for a moment. After Linux's mm/highmem.c of 6.1.
 *
 *    thread A's stack            fixmap slots of CPU 1         thread B's stack, not running
 *    idx 2                       level 0 | page X |            idx 1
 *    pteval  X, Y       <----->  level 1 | page Y |            pteval  Z
 *                                level 2 | empty  |
 *                                ...
 *
 * The slots belong to the CPU, and what is in them to the thread that runs there: at a context
 * switch its entries are taken out, and the next thread's put in (sched_out, sched_in). So a
 * mapping lasts while its thread is preempted or sleeps; only its CPU must stay the same, since it
 * is in the address. An interrupt maps on top of the thread that it came to, and leaves the stack
 * as it found it.
 *
 * I1. While a thread runs, its CPU's slot of each level below idx is set if pteval says so, the
 *     others are empty, and this CPU's TLB holds nothing of them.
 * I2. The order of steps makes it so for a thread that is preempted amid any of them, without
 *     preemption being off. To map: idx rises, and the thread stays on its CPU; pteval; entry. To
 *     unmap: pteval; entry; idx falls. A switch in between empties all levels below idx, and later
 *     sets those that have a pteval.
 * I3. Between two levels in use there may be a hole: one that was unmapped in the wrong order. It
 *     goes when those above it have gone.
 *
 * Entries are written to by one CPU and read by the same, so barriers and TLB maintenance are local
 * (ARM DDI 0406C B3.10.1): nothing is broadcast.
 */
#include <asm/highmem.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <mm/highmem.h>
#include "kmap_local_internal.h"

static void __cold noinline kmap_overflow(void)
{
	kmap_local_report();
	BUG_ON(true, "kmap_local: more than %u mappings nest", KM_MAX_NESTING);
}

void *__kmap_local_pfn(unsigned long pfn)
{
	struct kmap_ctrl *kmaps = current_kmaps();
	unsigned int level = kmaps->idx;

	if (unlikely(level >= KM_MAX_NESTING))
		kmap_overflow();
	WRITE_ONCE(kmaps->idx, level + 1);
	barrier();			/* the CPU is asked for once it stays the same (I2) */
	VM_BUG_ON(!pte_none(*fixmap_pte(kmap_local_slot(level))),
		  "kmap_local: level %u is set (I1)", level);
	note_caller(kmaps, level, _RET_IP_);
	WRITE_ONCE(kmaps->pteval[level], pte_val(pfn_pte(pfn, PAGE_KERNEL)));
	kmap_set_pte(fixmap_pte(kmap_local_slot(level)), PFN_PHYS(pfn));
	arch_kmap_local_post_map();
	return (void *)kmap_local_addr(level);
}

static void empty_slot(unsigned int level)
{
	kmap_clear_pte(fixmap_pte(kmap_local_slot(level)));
	arch_kmap_local_post_unmap(kmap_local_addr(level));
}

/* Return: the level that has the address; idx if none has. */
static unsigned int find_level(const struct kmap_ctrl *kmaps, unsigned long addr)
{
	unsigned int level = 0;

	while (level < kmaps->idx && (kmap_local_addr(level) != addr || kmaps->pteval[level] == KMAP_HOLE))
		level++;
	return level;
}

/* @addr is not the newest mapping. Name the mistake; what can be undone of it, is (I3). */
static void __cold noinline kunmap_local_wrong(unsigned long addr, const void *caller)
{
	struct kmap_ctrl *kmaps = current_kmaps();
	unsigned int level = find_level(kmaps, addr);

	nr_bad_kmaps++;
	if (level == kmaps->idx) {
		pr_alert(
			"BUG: Bad kmap: kunmap_local of %08lx, where nothing of this thread is mapped\n",
			addr);
	} else {
		pr_alert(
			"BUG: Bad kmap: kunmap_local in the wrong order: %08lx, with %u newer mappings\n",
			addr, kmaps->idx - 1 - level);
		WRITE_ONCE(kmaps->pteval[level], KMAP_HOLE);
		empty_slot(level);
	}
	pr_alert("unmapped by %pS\n", caller);
	kmap_local_report();
}

void __kunmap_local(const void *vaddr)
{
	struct kmap_ctrl *kmaps = current_kmaps();
	unsigned long addr = (unsigned long)vaddr & PAGE_MASK;
	unsigned int level = kmaps->idx - 1;

	if (unlikely(level >= KM_MAX_NESTING || addr != kmap_local_addr(level))) {
		kunmap_local_wrong(addr, _RET_IP_);
		return;
	}
	WRITE_ONCE(kmaps->pteval[level], 0);
	empty_slot(level);
	for (; unlikely(level && kmaps->pteval[level - 1] == KMAP_HOLE); level--)
		kmaps->pteval[level - 1] = 0;
	WRITE_ONCE(kmaps->idx, level);
}

/* ---- For the scheduler ---- */

void __kmap_local_sched_out(void)
{
	for (unsigned int level = 0; level < current_kmaps()->idx; level++)
		empty_slot(level);
}

void __kmap_local_sched_in(void)
{
	const struct kmap_ctrl *kmaps = current_kmaps();

	for (unsigned int level = 0; level < kmaps->idx; level++) {
		pte_t pte = __pte(kmaps->pteval[level]);

		if (pte_present(pte))
			set_pte_ext(fixmap_pte(kmap_local_slot(level)), pte, 0);
	}
	arch_kmap_local_post_map();
}

/* Its stack goes, and the slots will be others': what it left mapped is named, and undone. */
void kmap_local_exit(void)
{
	struct kmap_ctrl *kmaps = current_kmaps();

	if (likely(!kmaps->idx))
		return;
	nr_bad_kmaps++;
	pr_alert("BUG: Bad kmap: %s (%d) ends with %u mappings\n", current->comm, current->pid,
		 kmaps->idx);
	kmap_local_report();
	while (kmaps->idx)
		__kunmap_local((void *)kmap_local_addr(kmaps->idx - 1));
}
