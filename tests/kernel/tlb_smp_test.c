// SPDX-License-Identifier: MIT
/*
 * TLBs of several CPUs: how they are told (`tlb='), and how one that was not is found (`tlb_check=').
 * What a flush must reach is in tlb_test.c and smp_test.c, which run with each `tlb='.
 *
 * QEMU may forget a translation that nobody flushed, so what is to be found is left behind several times,
 * and once is enough.
 */
#include <asm/cacheflush.h>
#include <asm/irqflags.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <kernel/panic.h>
#include <kernel/smp.h>
#include <mm/gfp.h>
#include "spaces.h"

TEST_SUITE("tlb");

/* In the table of the vectors, where nobody maps anything. */
#define SCRATCH		(FIXADDR_END + 8 * PAGE_SIZE)
#define NR_PAGES	3U
#define SCRATCH_END	(SCRATCH + NR_PAGES * PAGE_SIZE)
#define NR_TRIES	20

static u32 page[PAGE_SIZE / sizeof(u32)] __aligned(PAGE_SIZE);

static pte_t *scratch_pte(unsigned int i)
{
	return pte_offset_kernel(pmd_off_k(SCRATCH), SCRATCH) + i;
}

static void map_scratch(void)
{
	for (unsigned int i = 0; i < NR_PAGES; i++)
		set_pte_ext(scratch_pte(i), pfn_pte(PHYS_PFN(__pa(page)), PAGE_KERNEL), 0);
	flush_cache_vmap(SCRATCH, SCRATCH_END);
}

static void unmap_scratch(void)
{
	for (unsigned int i = 0; i < NR_PAGES; i++)
		pte_clear(NULL, SCRATCH + i * PAGE_SIZE, scratch_pte(i));
}

/* Learn @info pages of it. */
static void read_scratch(void *info)
{
	for (unsigned long i = 0; i < (unsigned long)info; i++)
		(void)*(volatile u32 *)(SCRATCH + i * PAGE_SIZE);
}

/* Have @cpu know @nr pages that the table no longer has. */
static void leave_behind(unsigned int cpu, unsigned long nr)
{
	map_scratch();
	smp_call_function_single(cpu, read_scratch, (void *)nr, true);
	unmap_scratch();
}

/* The check, with its messages: tests/boot/tlb.t reads them. Once found is enough. */
static unsigned int find_left_behind(unsigned int cpu, unsigned long nr)
{
	for (unsigned int i = 0; i < NR_TRIES; i++) {
		unsigned int found;

		leave_behind(cpu, nr);
		found = __tlb_check_unmapped(SCRATCH, SCRATCH_END);
		if (found)
			return found;
	}
	return 0;
}

TEST("a translation that was not flushed is found, on this CPU and on each other one, and is gone then")
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		EXPECT_EQ(find_left_behind(cpu, 1), 1);
		EXPECT_EQ(__tlb_check_unmapped(SCRATCH, SCRATCH_END), 0);
	}
}

TEST("several pages are found, each")
{
	EXPECT_EQ(find_left_behind(smp_processor_id(), NR_PAGES), NR_PAGES);
}

TEST("what was flushed is not found, nor what nobody knew")
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		leave_behind(cpu, NR_PAGES);
		flush_tlb_kernel_range(SCRATCH, SCRATCH_END);
		EXPECT_EQ(__tlb_check_unmapped(SCRATCH, SCRATCH_END), 0);
	}
	leave_behind(smp_processor_id(), 0);
	EXPECT_EQ(__tlb_check_unmapped(SCRATCH, SCRATCH_END), 0);
}

TEST("with interrupts masked this CPU looks, without asking others")
{
	unsigned int found = 0;
	unsigned long flags;

	for (unsigned int i = 0; i < NR_TRIES && !found; i++) {
		leave_behind(smp_processor_id(), 1);
		local_irq_save(flags);
		found = __tlb_check_unmapped(SCRATCH, SCRATCH_END);
		local_irq_restore(flags);
	}
	EXPECT_EQ(found, 1);
}

TEST("with tlb_check=1 whoever forgot a flush is named by a warning")
{
	unsigned int before = warn_count;

	if (!static_key_enabled(&tlb_check_key))
		SKIP("without tlb_check=1");
	for (unsigned int i = 0; i < NR_TRIES && warn_count == before; i++) {
		leave_behind(smp_processor_id(), 1);
		tlb_check_unmapped(SCRATCH, SCRATCH_END);
	}
	EXPECT_EQ(warn_count, before + 1);
	warn_count = before;
}

/* ---- How CPUs are told ---- */

/* How many interrupts for flushing did @flush send to each CPU? Expects @nr on those of @mask. */
static void expect_ipis(void (*flush)(struct mm_struct *mm), struct mm_struct *mm, const struct cpumask *mask)
{
	unsigned long before[NR_CPUS];
	unsigned int cpu;

	preempt_disable();
	for_each_online_cpu(cpu)
		before[cpu] = nr_tlb_ipis(cpu);
	flush(mm);
	for_each_online_cpu(cpu)
		EXPECT_EQ(nr_tlb_ipis(cpu) - before[cpu], tlb_uses_ipi() && cpumask_test_cpu(cpu, mask));
	preempt_enable();
}

static void all(struct mm_struct *mm)
{
	(void)mm;
	flush_tlb_all();
}

static void one_page(struct mm_struct *mm)
{
	(void)mm;
	flush_tlb_kernel_page(SCRATCH);
}

static void range(struct mm_struct *mm)
{
	(void)mm;
	flush_tlb_kernel_range(SCRATCH, SCRATCH_END);
}

static void user_page(struct mm_struct *mm)
{
	flush_tlb_page(mm, SPACE_ADDR);
}

static void user_range(struct mm_struct *mm)
{
	flush_tlb_range(mm, 0, TASK_SIZE);
}

TEST("CPUs are told by interrupts with tlb=ipi, each once for a flush, and by none otherwise")
{
	expect_ipis(all, NULL, cpu_online_mask);
	expect_ipis(one_page, NULL, cpu_online_mask);
	expect_ipis(range, NULL, cpu_online_mask);
}

TEST("for a page of user space, only CPUs that ran the mm are asked")
{
	struct cpumask none = { 0 };
	struct space s;

	ASSERT(make_space(&s, 1));
	expect_ipis(user_page, s.mm, &none);
	use_mm(s.mm);
	EXPECT(cpumask_test_cpu(raw_smp_processor_id(), mm_cpumask(s.mm)));
	expect_ipis(user_page, s.mm, mm_cpumask(s.mm));
	unuse_mm(s.mm);
	expect_ipis(user_range, s.mm, mm_cpumask(s.mm));
	expect_ipis(flush_tlb_mm, s.mm, mm_cpumask(s.mm));
	drop_space(&s);
}

TEST("a flush with interrupts masked reaches every CPU, too, and interrupts none")
{
	unsigned long before, flags;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		leave_behind(cpu, NR_PAGES);
		before = nr_tlb_ipis(cpu);
		local_irq_save(flags);
		flush_tlb_kernel_range(SCRATCH, SCRATCH_END);
		local_irq_restore(flags);
		EXPECT_EQ(nr_tlb_ipis(cpu), before);
		EXPECT_EQ(__tlb_check_unmapped(SCRATCH, SCRATCH_END), 0);
	}
}
