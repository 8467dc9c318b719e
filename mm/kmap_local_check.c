// SPDX-License-Identifier: MIT
/*
 * Looking at what is mapped by kmap_local_page(): for reports, for `mm kmap`, and for the walk that
 * checks I1 of mm/kmap_local.c.
 */
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <mm/highmem.h>
#include "kmap_local_internal.h"

void kmap_local_report(void)
{
	const struct kmap_ctrl *kmaps = current_kmaps();

	for (unsigned int level = 0; level < min(kmaps->idx, (unsigned int)KM_MAX_NESTING);
	     level++) {
		pte_t pte = __pte(kmaps->pteval[level]);

		if (!pte_present(pte))
			continue;
		pr_alert("%s (%d) has pfn:%05lx mapped at %08lx", current->comm, current->pid,
			 pte_pfn(pte), kmap_local_addr(level));
		if (caller_of(kmaps, level))
			pr_cont(", by %pS", caller_of(kmaps, level));
		pr_cont("\n");
	}
}

/* What stands in a thread's stack of temporary mappings, the oldest first. */
static void show_task_kmaps(struct task_struct *task, void *unused)
{
	const struct kmap_ctrl *kmaps = &task_thread_info(task)->kmap;

	(void)unused;
	for (unsigned int level = 0;
	     level < min(READ_ONCE(kmaps->idx), (unsigned int)KM_MAX_NESTING); level++)
		printk(KERN_INFO "%5d %-15s %3u %5u %05x\n", task->pid, task->comm, task_cpu(task),
		       level, READ_ONCE(kmaps->pteval[level]) >> PAGE_SHIFT);
}

struct page *kmap_local_to_page(const void *vaddr)
{
	return pte_page(*fixmap_pte(virt_to_fix((unsigned long)vaddr)));
}

void show_kmap_local(void)
{
	printk(KERN_INFO "  PID COMM            CPU LEVEL PFN\n");
	for_each_task(show_task_kmaps, NULL);
}

/* Report a violation; evaluates to the number of them, for adding up. */
#define violation(fmt, ...)	(pr_err("kmap_check: " fmt "\n", ##__VA_ARGS__), 1)

int kmap_local_check(void)
{
	const struct kmap_ctrl *kmaps = &current_thread_info()->kmap;
	unsigned long flags;
	int bad = 0;

	local_irq_save(flags);
	for (unsigned int i = 0; i < KM_MAX_IDX; i++) {
		unsigned int level = i / KM_INCR;
		bool used = i % KM_INCR == KM_INCR - 1 && level < kmaps->idx;
		pte_t want = __pte(used ? kmaps->pteval[level] : 0);
		pte_t pte = *fixmap_pte(FIX_KMAP_BEGIN + KM_MAX_IDX * raw_smp_processor_id() + i);

		if (pte_val(pte) != (pte_present(want) ? pte_val(want) : 0))
			bad += violation("CPU %u, level %u of %u: pte %08x (I1)",
					 raw_smp_processor_id(), level, kmaps->idx, pte_val(pte));
	}
	local_irq_restore(flags);
	return bad;
}
